"""Do coders see the same events in the same order? Kappa of aligned event sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NOTHING = "(nothing)"
_DIAGONAL, _UP, _LEFT = 0, 1, 2


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alignment(Result):
    """Which events of one coder go with which of another, and the kappa of it."""

    main: ClassVar[str] = "pairs"
    pairs: pd.DataFrame
    """code_first, code_second (code, or "(nothing)"), place_first, place_second, what: agreement,
    disagreement, missed by first, missed by second."""
    table: pd.DataFrame
    """code_first, code_second, count, expected."""
    kappa: float
    note: str = ""

    def headline(self) -> str:
        """Say kappa and how many events agree."""
        agree = int((self.pairs["what"] == "agreement").sum())
        if np.isnan(self.kappa):
            return f"Alignment kappa is undefined: {self.note}."
        return f"Alignment kappa {self.kappa:.3f}: {agree} of {len(self.pairs)} places agree."


@check_kinds
def alignment_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    places: tuple[Sequence[float], Sequence[float]] | None = None,
    tolerance: float | None = None,
    substitution: float = 1.0,
    gap: float = 1.0,
) -> float:
    """Return the kappa of two event sequences after the best alignment.

    Parameters
    ----------
    first, second
        Codes in order, one sequence per coder; lengths may differ.
    places
        Of the events, in turns or milliseconds.
    tolerance
        Events further apart than this are never aligned, in the unit of ``places``.
    substitution, gap
        What a disagreement and an event that only one coder saw cost. At equal cost a
        disagreement is preferred, as the authors advise.

    Returns
    -------
    Kappa; NaN when a sequence is empty or chance agreement is complete.

    Raises
    ------
    UsageError
        When a tolerance has no places, places do not fit the events, or a cost is negative.

    References
    ----------
    Quera, V., Bakeman, R. & Gnisci, A. (2007). Observer agreement for event sequences:
    Methods and software for sequence alignment and reliability estimates. Behavior Research
    Methods 39, 39-49. Needleman, S. B. & Wunsch, C. D. (1970). J. Mol. Biol. 48, 443-453.
    An event that neither coder saw cannot be tallied; expected counts leave that cell empty
    (iterative proportional fitting, Bakeman & Robinson 1994, ch. 3).

    Examples
    --------
    >>> round(alignment_kappa("WCRWC", "WCWC"), 3)
    0.706
    """
    return align_events(
        first, second, places=places, tolerance=tolerance, substitution=substitution, gap=gap
    ).kappa


@check_kinds
def align_events(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    places: tuple[Sequence[float], Sequence[float]] | None = None,
    tolerance: float | None = None,
    substitution: float = 1.0,
    gap: float = 1.0,
) -> Alignment:
    """Return the best alignment of two event sequences; see ``alignment_kappa``.

    Time and memory grow with the product of the lengths.

    Raises
    ------
    UsageError
        When a tolerance has no places, places do not fit the events, or a cost is negative.

    Examples
    --------
    >>> align_events("WCR", "WR").pairs[["code_first", "code_second", "what"]].values.tolist()
    [['W', 'W', 'agreement'], ['C', '(nothing)', 'missed by second'], ['R', 'R', 'agreement']]
    """
    a, b = [str(x) for x in first], [str(x) for x in second]
    at = _places(a, b, places, tolerance)
    if min(substitution, gap) < 0:
        raise UsageError("costs of an alignment are 0 or more")
    steps = _best_steps(_costs(a, b, at, tolerance, substitution), gap)
    pairs = _pairs(a, b, at, steps)
    settings = {"tolerance": tolerance, "substitution": substitution, "gap": gap}
    return summed([pairs], settings)


def summed(pairs: Sequence[pd.DataFrame], settings: Mapping[str, object]) -> Alignment:
    """Return the kappa of several alignments together, such as those of all sessions."""
    together = pd.concat(pairs, ignore_index=True)
    sides = [[c for c in together[s] if c != NOTHING] for s in ("code_first", "code_second")]
    names = sorted({*sides[0], *sides[1]})
    counts = _crossed(together, names)
    expected = _without_nothing(counts)
    kappa = _kappa(counts, expected)
    return Alignment(
        pairs=together,
        table=_long(counts, expected, [*names, NOTHING]),
        kappa=kappa,
        note=_why(sides[0], sides[1], kappa),
        settings=settings,
    )


def _places(
    a: list[str],
    b: list[str],
    places: tuple[Sequence[float], Sequence[float]] | None,
    tolerance: float | None,
) -> tuple[Floats, Floats]:
    if places is None:
        if tolerance is not None:
            raise UsageError("a tolerance needs places=(of the first's events, of the second's)")
        return np.arange(1.0, len(a) + 1), np.arange(1.0, len(b) + 1)
    at = np.asarray(places[0], dtype=np.float64), np.asarray(places[1], dtype=np.float64)
    if (len(at[0]), len(at[1])) != (len(a), len(b)):
        raise UsageError(
            f"{len(at[0])} and {len(at[1])} places are given for {len(a)} and {len(b)} events"
        )
    return at


def _costs(
    a: list[str],
    b: list[str],
    at: tuple[Floats, Floats],
    tolerance: float | None,
    substitution: float,
) -> Floats:
    same = np.array(a, dtype=object)[:, None] == np.array(b, dtype=object)[None, :]
    cost = np.where(same.reshape(len(a), len(b)), 0.0, substitution)
    if tolerance is not None:
        cost[np.abs(np.subtract.outer(*at)) > tolerance] = np.inf
    return cost


def _best_steps(cost: Floats, gap: float) -> list[int]:
    """Walk back through the cheapest way; ties prefer an aligned pair."""
    n, m = cost.shape
    total = np.add.outer(np.arange(n + 1.0), np.arange(m + 1.0)) * gap
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            total[i, j] = min(
                total[i - 1, j - 1] + cost[i - 1, j - 1],
                total[i - 1, j] + gap,
                total[i, j - 1] + gap,
            )
    steps, i, j = [], n, m
    while i or j:
        if i and j and total[i, j] == total[i - 1, j - 1] + cost[i - 1, j - 1]:
            steps.append(_DIAGONAL)
            i, j = i - 1, j - 1
        elif i and total[i, j] == total[i - 1, j] + gap:
            steps.append(_UP)
            i -= 1
        else:
            steps.append(_LEFT)
            j -= 1
    return steps[::-1]


def _pairs(a: list[str], b: list[str], at: tuple[Floats, Floats], steps: list[int]) -> pd.DataFrame:
    rows, i, j = [], 0, 0
    for step in steps:
        left = a[i] if step != _LEFT else NOTHING
        right = b[j] if step != _UP else NOTHING
        place_a = at[0][i] if step != _LEFT else np.nan
        place_b = at[1][j] if step != _UP else np.nan
        rows.append((left, right, place_a, place_b, _what(left, right)))
        i, j = i + (step != _LEFT), j + (step != _UP)
    return pd.DataFrame(
        rows, columns=["code_first", "code_second", "place_first", "place_second", "what"]
    )


def _what(left: str, right: str) -> str:
    if left == right:
        return "agreement"
    if NOTHING in (left, right):
        return "missed by first" if left == NOTHING else "missed by second"
    return "disagreement"


def _crossed(pairs: pd.DataFrame, names: list[str]) -> Floats:
    place = {name: i for i, name in enumerate([*names, NOTHING])}
    counts = np.zeros((len(place), len(place)))
    for left, right in zip(pairs["code_first"], pairs["code_second"], strict=True):
        counts[place[left], place[right]] += 1
    return counts


def _without_nothing(counts: Floats, rounds: int = 1000) -> Floats:
    """Return expected counts with the same margins and an empty last cell."""
    fitted = np.ones_like(counts)
    fitted[-1, -1] = 0.0
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    for _ in range(rounds):
        before = fitted
        fitted = fitted * _scale(rows, fitted.sum(axis=1))[:, None]
        fitted = fitted * _scale(columns, fitted.sum(axis=0))[None, :]
        if np.abs(fitted - before).max() < 1e-12:
            break
    return fitted


def _scale(wanted: Floats, found: Floats) -> Floats:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def _kappa(counts: Floats, expected: Floats) -> float:
    n = counts.sum()
    if not n or n - np.trace(expected) <= 1e-9 * n:
        return float("nan")
    return float((np.trace(counts) - np.trace(expected)) / (n - np.trace(expected)))


def _why(a: list[str], b: list[str], kappa: float) -> str:
    if not np.isnan(kappa):
        return ""
    if not a or not b:
        return "a coder saw no event"
    return "both used one code only: agreement cannot be told from chance"


def _long(counts: Floats, expected: Floats, names: list[str]) -> pd.DataFrame:
    rows = [
        (one, other, int(counts[i, j]), float(expected[i, j]))
        for i, one in enumerate(names)
        for j, other in enumerate(names)
        if counts[i, j] or expected[i, j] > 0
    ]
    return pd.DataFrame(rows, columns=["code_first", "code_second", "count", "expected"])
