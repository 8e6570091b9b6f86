"""The result of a transition analysis, and how its table is put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.errors import UnknownNameError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences import twobytwo
from rupturecode.sequences.adjust import adjust_p, max_t
from rupturecode.sequences.encode import label_column
from rupturecode.sequences.exact import NO_SHUFFLES, UNKNOWN
from rupturecode.sequences.independence import fit_independence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.sequences.exact import OrderTest

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


FIXED = "no p_exact: the count cannot vary"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Transitions(Result):
    """What follows what, one row per given and target code."""

    main: ClassVar[str] = "cells"

    cells: pd.DataFrame
    by_session: pd.DataFrame
    """The 2 × 2 counts of every cell in every session: they add up over sessions."""
    overall: pd.DataFrame
    cautions: pd.DataFrame

    def matrix(self, column: str = "count") -> pd.DataFrame:
        """Return one column of the cells as a table, given codes in rows.

        Raises
        ------
        UnknownNameError
            When there is no such column.

        Examples
        --------
        >>> from rupturecode.sequences import transition_table
        >>> transition_table([list("abab")]).matrix().to_numpy().tolist()
        [[0, 2], [1, 0]]
        """
        if column not in self.cells.columns:
            raise UnknownNameError("column", column, self.cells.columns)
        rows = pd.unique(self.cells["given"])
        columns = pd.unique(self.cells["target"])
        wide = self.cells.pivot(index="given", columns="target", values=column)  # noqa: PD010
        return wide.loc[list(rows), list(columns)]

    def headline(self) -> str:
        """Name the size of the table and the cell that stands out most."""
        n, sessions = int(self.cells["count"].sum()), int(self.overall["n_sessions"].iloc[0])
        start = (
            f"{n} transition{'s' if n != 1 else ''} at lag {self.settings.get('lag', 1)}, "
            f"{sessions} session{'s' if sessions != 1 else ''}"
        )
        p = self.cells["p_adjusted"]
        if p.notna().sum() == 0:
            return f"{start}; no cell could be tested."
        best = self.cells.loc[p.idxmin()]
        tested, times = int(p.notna().sum()), int(best["count"])
        within = best["expected_within"]  # unknown where only the sum over sessions is given
        expected = best["expected"] if pd.isna(within) else within
        return (
            f"{start}; of {tested} cell{'s' if tested != 1 else ''} tested the clearest is "
            f"{best['given']} → {best['target']} ({times} time{'s' if times != 1 else ''}, "
            f"{expected:.1f} expected, adjusted p = {best['p_adjusted']:.3g})."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Counts per session (sessions × given × target) with their names."""

    counts: Floats
    rows: tuple[object, ...]
    columns: tuple[object, ...]
    sessions: tuple[str, ...]
    allowed: NDArray[np.bool_] | None = None
    """False at structural zeros."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What the pooled table looks like under independence."""

    expected: Floats
    residual: Floats
    overall: pd.DataFrame


def from_counts(
    counted: Counted,
    test: OrderTest,
    settings: dict[str, object],
    *more_cautions: str,
    draws: Ints | None = None,
) -> Transitions:
    """Make the result of a count table per session in which each pair counts once."""
    fit = fit_independence(counted.counts.sum(0), counted.allowed)
    overall = pd.DataFrame(
        {
            "n": [int(counted.counts.sum())], "n_sessions": [len(counted.sessions)],
            "x2": [fit.x2], "g2": [fit.g2], "df": [fit.df],
            "p_x2": [_chi2_p(fit.x2, fit.df)], "p_g2": [_chi2_p(fit.g2, fit.df)],
        }
    )  # fmt: skip
    fitted = Fitted(fit.expected, fit.adjusted_residual, overall)
    stack = twobytwo.collapse(counted.counts)
    return assemble(counted, stack, fitted, test, settings, *more_cautions, draws=draws)


def _chi2_p(statistic: float, df: int) -> float:
    from scipy.stats import chi2

    return float(chi2.sf(statistic, df)) if df > 0 else float("nan")


def assemble(
    counted: Counted,
    stack: tuple[Floats, Floats, Floats, Floats],
    fitted: Fitted,
    test: OrderTest,
    settings: dict[str, object],
    *more_cautions: str,
    draws: Ints | None = None,
) -> Transitions:
    """Lay out cells, sessions and cautions from arrays (given × target)."""
    shape = counted.counts.shape[1:]
    columns = {
        "given": label_column(x for x in counted.rows for _ in range(shape[1])),
        "target": label_column([*counted.columns] * shape[0]),
        **{name: x.ravel() for name, x in _estimates(stack, fitted, test, settings).items()},
    }
    if counted.allowed is not None:  # nothing can be associated that cannot occur
        impossible = ~counted.allowed.ravel()
        for name in ("yules_q", "log_odds", "log_odds_low", "log_odds_high"):
            columns[name] = np.where(impossible, np.nan, columns[name])
    cells = pd.DataFrame(columns).astype(dict.fromkeys(("count", "n_given", "n_target"), "int64"))
    cells["note"] = _notes(counted, stack, fitted, test)
    cells = _chosen(cells, settings)
    cells["p_adjusted"] = _max_t(test, draws, cells.index.to_numpy())
    cells = cells.reset_index(drop=True)
    if settings["adjust"] != "max-t":
        basis = "p_exact" if cells["p_exact"].notna().any() else "p_residual"
        cells["p_adjusted"] = adjust_p(cells[basis], str(settings["adjust"]))
    n_tests = int(cells["p_adjusted"].notna().sum())
    small = cells["expected"].lt(words.SMALL_EXPECTED) & cells["adjusted_residual"].notna()
    lines = (
        words.sparse(int(small.sum()), len(cells)),
        words.many_tests(n_tests),
        words.pooled_residual(len(counted.sessions)),
        words.few_clusters(len(counted.sessions)) if len(counted.sessions) > 1 else "",
        words.NOT_CAUSAL,
        *more_cautions,
    )
    return Transitions(
        cells=cells[_ORDER],
        by_session=_chosen(_by_session(counted, stack), settings).reset_index(drop=True),
        overall=fitted.overall,
        cautions=words.cautions(*lines),
        settings=settings,
    )


_ORDER = [
    "given",
    "target",
    "count",
    "probability",
    "expected",
    "adjusted_residual",
    "yules_q",
    "log_odds",
    "log_odds_low",
    "log_odds_high",
    "expected_within",
    "z",
    "kappa",
    "p_exact",
    "p_adjusted",
    "p_residual",
    "n_given",
    "n_target",
    "note",
]


def _estimates(
    stack: tuple[Floats, Floats, Floats, Floats],
    fitted: Fitted,
    test: OrderTest,
    settings: dict[str, object],
) -> dict[str, Floats]:
    from scipy.special import ndtr

    a, b, c, d = (x.sum(0) for x in stack)
    value, _ = twobytwo.log_odds(a, b, c, d)
    confidence = float(str(settings["confidence"]))
    half = twobytwo.interval_factor(confidence, len(stack[0])) * twobytwo.log_odds_error(stack)
    nothing = np.full(a.shape, np.nan)
    with np.errstate(invalid="ignore"):
        p_residual = 2 * np.asarray(ndtr(-np.abs(fitted.residual)))
    return {
        "count": a,
        "probability": np.divide(a, a + b, out=nothing.copy(), where=(a + b) > 0),
        "expected": fitted.expected,
        "adjusted_residual": fitted.residual,
        "yules_q": twobytwo.yules_q(a, b, c, d),
        "log_odds": value,
        "log_odds_low": value - half,
        "log_odds_high": value + half,
        "expected_within": test.expected,
        "z": test.z,
        "kappa": _kappa(a, a + b, a + c, test.expected),
        "p_exact": test.p,
        "p_residual": p_residual,
        "n_given": a + b,
        "n_target": a + c,
    }


def _kappa(count: Floats, n_given: Floats, n_target: Floats, expected: Floats) -> Floats:
    """Excess over chance as a share of the largest possible; shortfall likewise."""
    room = np.where(count >= expected, np.minimum(n_given, n_target) - expected, expected)
    out = np.full(count.shape, np.nan)
    known = ~np.isnan(expected) & (np.abs(room) > 1e-12)
    kappa: Floats = np.divide(count - expected, room, out=out, where=known)
    return kappa


def _max_t(test: OrderTest, draws: Ints | None, chosen: Ints) -> Floats:
    """Adjust over the cells that were asked for."""
    if draws is None:
        return np.full(len(chosen), np.nan)
    spread = np.sqrt(np.where(test.variance > 1e-12, test.variance, np.nan))
    drawn = ((draws - test.expected) / spread).reshape(len(draws), -1)
    return max_t(test.z.ravel()[chosen], drawn[:, chosen])


def _notes(
    counted: Counted, stack: tuple[Floats, Floats, Floats, Floats], fitted: Fitted, test: OrderTest
) -> list[str]:
    a, b, c, d = (x.sum(0).ravel() for x in stack)
    _, added = twobytwo.log_odds(a, b, c, d)
    zero = np.zeros(a.shape, bool) if counted.allowed is None else ~counted.allowed.ravel()
    small = fitted.expected.ravel() < words.SMALL_EXPECTED
    tested, how = ~np.isnan(test.p.ravel()), test.how.ravel()
    notes = []
    for i in range(len(a)):
        if zero[i]:
            notes.append("structural zero: cannot occur")
        elif a[i] + b[i] == 0:
            notes.append("nothing that could be the target follows the given code")
        elif a[i] + c[i] == 0:
            notes.append("the target code follows nothing")
        else:
            said = ["pooled expected count below 5" * bool(small[i])]
            said += ["every other code follows nothing" * bool(b[i] + d[i] == 0)]
            said += ["no other code is followed" * bool(c[i] + d[i] == 0)]
            said += ["one half added for log odds" * bool(added[i])]
            said += [str(how[i]) if tested[i] or how[i] in (UNKNOWN, NO_SHUFFLES) else FIXED]
            notes.append("; ".join(x for x in said if x))
    return notes


def _by_session(counted: Counted, stack: tuple[Floats, Floats, Floats, Floats]) -> pd.DataFrame:
    s, r, c = counted.counts.shape
    frame = pd.DataFrame(
        {
            "session": np.repeat(np.array(counted.sessions, dtype=object), r * c),
            "given": _codes(counted.rows, s, c),
            "target": _codes(counted.columns, s * r, 1),
        }
    ).astype({"session": "str"})
    for name, x in zip(("count", "given_only", "target_only", "neither"), stack, strict=True):
        frame[name] = x.ravel().astype(np.int64)
    return frame


def _codes(labels: tuple[object, ...], times: int, each: int) -> pd.Series:
    place = np.tile(np.repeat(np.arange(len(labels)), each), times)
    return label_column(labels).take(place).reset_index(drop=True)


def _chosen(frame: pd.DataFrame, settings: dict[str, object]) -> pd.DataFrame:
    """Keep the given and target codes asked for."""
    for column in ("given", "target"):
        wanted = settings.get(column)
        if isinstance(wanted, tuple):
            known = set(frame[column])
            for name in wanted:
                if name not in known:
                    raise UnknownNameError("code", str(name), map(str, known))
            frame = frame[frame[column].isin(wanted)]
    return frame
