"""Pooling a transition over sessions, named by the null that is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences import twobytwo
from rupturecode.sequences.adjust import adjust_p
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.mantel import common_odds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from rupturecode.sequences.transition_result import Transitions

    Floats = NDArray[np.float64]

NULLS = {
    "within": "no association in any session (exact or stratified, within sessions)",
    "mantel_haenszel": "no association in any session; a common odds ratio is estimated",
    "session_mean": "the mean log odds ratio over sessions is zero; sessions may differ",
    "pooled": "no association in the table of all sessions taken as one",
}
_POOLED_WARNING = (
    "pooled: this null is also broken by sessions that merely differ in base rates; in "
    "our simulations 16 to 59 % false findings at .05. Use another method to test sequence."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PooledTransitions(Result):
    """One estimate per given and target code, over all sessions."""

    main: ClassVar[str] = "cells"

    cells: pd.DataFrame
    cautions: pd.DataFrame

    def headline(self) -> str:
        """Name method and null."""
        s = self.settings
        return f"{len(self.cells)} cells pooled by {s['method']}; null: {s['null']}."


@check_kinds
def pool_transitions(
    table: Transitions,
    method: str = "session_mean",
    *,
    adjust: str = "bh",
    confidence: float = 0.95,
) -> PooledTransitions:
    """Pool each cell over sessions.

    Parameters
    ----------
    table
        What :func:`transition_table` or :func:`transitions` returned.
    method
        ``"within"``: z and exact p within sessions. ``"mantel_haenszel"``: common log odds
        ratio, Cochran-Mantel-Haenszel test, Breslow-Day test of sameness.
        ``"session_mean"``: t-test over each session's own log odds ratio (one half added),
        for a statement about sessions at large. ``"pooled"``: the residual of the summed
        table, with a warning.
    adjust, confidence
        For ``p_adjusted`` and the interval.

    Returns
    -------
    ``given``, ``target``, ``estimate`` (log odds ratio), ``low``, ``high``, ``statistic``,
    ``p``, ``p_adjusted``, ``heterogeneity_p``, ``n_units`` (sessions that say something),
    ``note``.

    Raises
    ------
    UnknownNameError
        For another method.

    References
    ----------
    Wickens, T. D. (1993), Psychological Bulletin 113, 191-204 (pooling within-subject
    tables); Mantel & Haenszel (1959), see :func:`mantel_haenszel`.

    Examples
    --------
    >>> from rupturecode.sequences import transition_table
    >>> table = transition_table([list("abababb"), list("babaab"), list("ababbab")])
    >>> pool_transitions(table).cells.loc[1, ["given", "target", "n_units"]].tolist()
    ['a', 'b', np.int64(3)]
    """
    if method not in NULLS:
        raise UnknownNameError("pooling method", method, NULLS)
    stacks = _stacks(table.by_session)
    key = ["given", "target"]
    cells = table.cells[[*key]].copy()
    make: dict[str, Callable[[Floats], dict[str, object]]] = {
        "mantel_haenszel": lambda t: _mantel(t, confidence),
        "session_mean": lambda t: session_mean(t, confidence),
    }
    if method in make:
        rows = [make[method](stacks[g, t]) for g, t in cells.itertuples(index=False)]
    else:
        columns = ["z", "p_exact"] if method == "within" else ["adjusted_residual", "p_residual"]
        rows = _from_cells(table.cells, *columns)
    cells = pd.concat([cells, pd.DataFrame(rows, index=cells.index)], axis=1)
    cells.insert(cells.columns.get_loc("p") + 1, "p_adjusted", adjust_p(cells["p"], adjust))
    n = int(table.overall["n_sessions"].iloc[0])
    lines = (
        _POOLED_WARNING if method == "pooled" else "",
        words.few_clusters(n) if method == "session_mean" else "",
        words.many_tests(int(cells["p"].notna().sum())),
    )
    settings = {
        "method": method, "null": NULLS[method], "adjust": adjust, "confidence": confidence,
        "of": dict(table.settings),
    }  # fmt: skip
    return PooledTransitions(cells=cells, cautions=words.cautions(*lines), settings=settings)


def _stacks(by_session: pd.DataFrame) -> dict[tuple[object, object], Floats]:
    """Cell to sessions × 2 × 2."""
    four = ["count", "given_only", "target_only", "neither"]
    groups = by_session.groupby(["given", "target"], sort=False)
    return {(g, t): part[four].to_numpy(np.float64).reshape(-1, 2, 2) for (g, t), part in groups}


def _from_cells(cells: pd.DataFrame, statistic: str, p: str) -> list[dict[str, object]]:
    return [
        {
            "estimate": r["log_odds"], "low": r["log_odds_low"], "high": r["log_odds_high"],
            "statistic": r[statistic], "p": r[p], "heterogeneity_p": float("nan"),
            "n_units": int(r["count"]), "note": r["note"],
        }
        for r in cells.to_dict("records")
    ]  # fmt: skip


def _mantel(tables: Floats, confidence: float) -> dict[str, object]:
    row = common_odds(tables[twobytwo.informative(tables)], confidence)
    with np.errstate(divide="ignore"):
        logs = {x: float(np.log(float(str(row[x])))) for x in ("estimate", "low", "high")}
    return logs | {
        "statistic": row["chi2"], "p": row["p"], "heterogeneity_p": row["breslow_day_p"],
        "n_units": row["n_strata"], "note": row["note"],
    }  # fmt: skip


def session_mean(tables: Floats, confidence: float = 0.95) -> dict[str, object]:
    """T-test of the sessions' own log odds ratios, one half added to every count.

    Sessions with an empty row or column say nothing and are left out. ``heterogeneity_p``
    is Cochran's Q.

    References
    ----------
    Bakeman, R. & Gottman, J. M. (1997). Observing Interaction, 2nd ed., ch. 7. Cochran,
    W. G. (1954). Biometrics 10, 101-129.

    Examples
    --------
    >>> t = np.array([[[8.0, 2.0], [2.0, 8.0]], [[6.0, 4.0], [3.0, 7.0]], [[5, 5], [4, 6]]])
    >>> round(session_mean(t)["estimate"], 3)
    1.315
    """
    from scipy.stats import chi2, t

    used = tables[twobytwo.informative(tables)] + 0.5
    n = len(used)
    row: dict[str, object] = dict.fromkeys(
        ("estimate", "low", "high", "statistic", "p", "heterogeneity_p"), float("nan")
    )
    row |= {"n_units": n, "note": "" if n > 1 else "fewer than two sessions say anything"}
    if n < 2:
        return row
    value = np.log(used[:, 0, 0] * used[:, 1, 1] / (used[:, 0, 1] * used[:, 1, 0]))
    weight = 1 / (1 / used).sum((1, 2))
    mean, error = float(value.mean()), float(value.std(ddof=1) / np.sqrt(n))
    half = quantile(confidence, n - 1) * error
    q = float((weight * (value - (weight * value).sum() / weight.sum()) ** 2).sum())
    row |= {"estimate": mean, "low": mean - half, "high": mean + half}
    row["heterogeneity_p"] = float(chi2.sf(q, n - 1))
    if error > 0:
        row |= {"statistic": mean / error, "p": float(2 * t.sf(abs(mean / error), n - 1))}
    else:
        row["note"] = "all sessions have the same log odds ratio"
    return row
