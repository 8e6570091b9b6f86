"""Where does one stretch end and the next begin? Boundaries of several coders compared.

Boundaries at the same place are matches. One that was put a little off (fewer than ``reach``
places) is a near miss and costs its distance over ``reach``; one that only one coder put
costs 1.

References
----------
Fournier, C. & Inkpen, D. (2012). Segmentation similarity and agreement. NAACL-HLT, 152-161.
Fournier, C. (2013). Evaluating text segmentation using boundary edit distance. ACL,
1702-1712, section 3.
"""

from __future__ import annotations

from itertools import accumulate, combinations
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Edits(NamedTuple):
    """What turns the boundaries of one coder into those of another."""

    n_matches: int
    n_missing: int
    """Put by one coder only."""
    near: tuple[int, ...]
    """How far apart the two boundaries of each near miss are."""


@check_kinds
def boundary_similarity(segmentations: Sequence[Sequence[int]], *, reach: int = 2) -> float:
    """Return Fournier's boundary similarity B, the mean over pairs of coders.

    Parameters
    ----------
    segmentations
        Per coder the lengths of the segments, which add up to the same for all.
    reach
        Boundaries fewer than this many places apart can be near misses.

    Returns
    -------
    From 0 to 1, cost of the edits per boundary that somebody put; NaN with one coder or
    when nobody put a boundary.

    Raises
    ------
    UsageError
        When lengths are not positive whole numbers or add up differently.

    References
    ----------
    Fournier (2013), eq. for B, section 3.2.

    Examples
    --------
    >>> boundary_similarity([[2, 3, 6], [2, 2, 7]])
    0.75
    """

    def similarity(edits: Edits) -> float:
        n = edits.n_matches + edits.n_missing + len(edits.near)
        return 1 - _cost(edits, reach) / n if n else float("nan")

    found = [similarity(e) for e, _ in _edits_of_pairs(segmentations, reach)]
    known = [f for f in found if not np.isnan(f)]
    return fmean(known) if known else float("nan")


@check_kinds
def segmentation_similarity(segmentations: Sequence[Sequence[int]], *, reach: int = 2) -> float:
    """Return Fournier and Inkpen's segmentation similarity S, the mean over pairs of coders.

    Parameters are those of ``boundary_similarity``. S counts edits per place where a boundary
    could be, so it is high wherever boundaries are rare; prefer B.

    Raises
    ------
    UsageError
        When lengths are not positive whole numbers or add up differently.

    References
    ----------
    Fournier & Inkpen (2012), section 3.

    Examples
    --------
    >>> segmentation_similarity([[2, 3, 6], [2, 2, 7]])
    0.95
    """
    found = [
        1 - _cost(e, reach) / n if n else float("nan")
        for e, n in _edits_of_pairs(segmentations, reach)
    ]
    return fmean(found) if found else float("nan")


@check_kinds
def boundary_edits(first: Sequence[int], second: Sequence[int], *, reach: int = 2) -> Edits:
    """Return the cheapest edits between two segmentations; see ``boundary_similarity``.

    Raises
    ------
    UsageError
        When lengths are not positive whole numbers or add up differently.

    Examples
    --------
    >>> boundary_edits([3, 3, 2, 4], [3, 4, 5])
    Edits(n_matches=1, n_missing=1, near=(1,))
    """
    _check([first, second], reach)
    a, b = _boundaries(first), _boundaries(second)
    return Edits(len(a & b), *_unmatched(sorted(a - b), sorted(b - a), reach))


def _edits_of_pairs(segmentations: Sequence[Sequence[int]], reach: int) -> list[tuple[Edits, int]]:
    """Return the edits of each pair of coders, and how many places a boundary could be."""
    _check(segmentations, reach)
    return [
        (boundary_edits(a, b, reach=reach), int(sum(a)) - 1)
        for a, b in combinations(segmentations, 2)
    ]


def _cost(edits: Edits, reach: int) -> float:
    return edits.n_missing + sum(edits.near) / reach


def _boundaries(lengths: Sequence[int]) -> set[int]:
    return set(accumulate(int(n) for n in lengths[:-1]))


def _check(segmentations: Sequence[Sequence[int]], reach: int) -> None:
    if reach < 1:
        raise UsageError(f"reach={reach}: give 1 (exact matches only) or more")
    for lengths in segmentations:
        whole = as_numbers(lengths, "lengths of segments")
        if whole.ndim != 1 or not ((whole >= 1) & (whole % 1 == 0)).all():
            raise UsageError(f"lengths of segments are whole numbers of 1 and above: {lengths}")
    totals = {int(sum(lengths)) for lengths in segmentations}
    if len(totals) > 1:
        raise UsageError(f"segmentations differ in length: {sorted(totals)}")


def _unmatched(a: list[int], b: list[int], reach: int) -> tuple[int, tuple[int, ...]]:
    """Pair up near misses so that the edits are cheapest; ties go to more pairs.

    Two pairs of boundaries never cross in the cheapest way, so a walk along both lists finds
    it (dynamic programming); time grows with the product of their lengths.
    """
    best: list[list[tuple[float, int, tuple[int, ...]]]] = [
        [(float(i + j), 0, ()) for j in range(len(b) + 1)] for i in range(len(a) + 1)
    ]
    for i, place in enumerate(a, start=1):
        for j, other in enumerate(b, start=1):
            ways = [_more(best[i - 1][j]), _more(best[i][j - 1])]
            apart = abs(place - other)
            if apart < reach:
                cost, pairs, near = best[i - 1][j - 1]
                ways.append((cost + apart / reach, pairs - 1, (*near, apart)))
            best[i][j] = min(ways)
    _, _, near = best[len(a)][len(b)]
    return len(a) + len(b) - 2 * len(near), near


def _more(way: tuple[float, int, tuple[int, ...]]) -> tuple[float, int, tuple[int, ...]]:
    return way[0] + 1, way[1], way[2]
