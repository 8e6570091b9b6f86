"""Additive counts from which every coefficient is computed.

A coefficient never looks at single ratings. It looks at a few sums over units: how often
two categories met in a unit, how often each was used, how often each pair of coders chose
each pair of categories. Sums of two sessions add up to the sum of both, so a resample of
sessions is a weighted sum, a replicate of a thousand is one matrix product, and sums of
several laboratories can be put together without any text.

Parts (category axes first, then codes, then groups of units, so that each row of a part is
contiguous; ``p`` runs over the unordered pairs of categories given by :func:`pairs`):

=================  ====================  ====================================================
part               axes                  sum over units of
=================  ====================  ====================================================
``coincidences``   p, code, group        pairs of ratings within a unit, each rating once
``unit_pairs``     p, code, group        the same, each unit once
``rated``          category, code, group share of the unit's ratings, units rated at all
``coder_margins``  coder, category, ...  ratings that a coder gave to a category
``pair_tables``    coder pair, category, category, code, group: the cross-table of two coders
``moments``        of numbers: see `rupturecode.reliability.icc`
``spread``         of numbers: see `rupturecode.reliability.alpha`
=================  ====================  ====================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Codes: TypeAlias = NDArray[np.signedinteger[Any]]

_BLOCK = 1 << 16  # units at a time: keeps the working set in cache and memory flat
_MANY = 5  # categories from which a product of matrices beats a pass per pair
_PRODUCT = 40  # categories up to which their pairs are added up by a product of matrices
_FEW = 2  # times more units than possible rows of ratings make it pay to count rows first


def pairs(n_categories: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the unordered pairs of category positions, a category with itself included."""
    i, j = np.triu_indices(n_categories)
    return i, j


def n_categories_of(n_pairs: int) -> int:
    """Return how many categories have this many unordered pairs."""
    return int((np.sqrt(8 * n_pairs + 1) - 1) // 2)


def margin_of_pairs(n_categories: int) -> NDArray[np.float64]:
    """Return the matrix that turns pairs of categories into how often each was used."""
    i, j = pairs(n_categories)
    margin = np.zeros((n_categories, len(i)))
    margin[i, np.arange(len(i))] += 1.0
    margin[j, np.arange(len(j))] += np.where(i == j, 0.0, 1.0)
    return margin


def times_used(met: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how often each category was used, from pairs of categories (first axis).

    Few categories go through one product of matrices, many of them (numbers that hardly ever
    repeat) one by one: the matrix would have categories × pairs of categories.

    Examples
    --------
    >>> times_used(np.array([4.0, 1.0, 2.0])).tolist()
    [5.0, 3.0]
    """
    q = n_categories_of(len(met))
    if q <= _PRODUCT:
        used: NDArray[np.float64] = np.tensordot(margin_of_pairs(q), met, axes=1)
        return used
    i, j = pairs(q)
    flat = met.reshape(len(met), -1)
    apart = np.where((i == j)[:, None], 0.0, flat)
    columns = [
        np.bincount(i, flat[:, c], minlength=q) + np.bincount(j, apart[:, c], minlength=q)
        for c in range(flat.shape[1])
    ]
    return np.stack(columns, axis=1).reshape(q, *met.shape[1:])


def coder_pairs(n_coders: int) -> list[tuple[int, int]]:
    """Return the pairs of coders in the order of ``pair_tables``."""
    return list(combinations(range(n_coders), 2))


def tally(
    codes: Codes,
    n_categories: int,
    parts: Sequence[str],
    groups: NDArray[np.intp] | None = None,
    n_groups: int = 1,
) -> dict[str, NDArray[np.float64]]:
    """Sum what the named parts need over groups of units.

    Time grows with codes × coders × units × categories (pairs of categories for the two
    pair parts); memory with codes × groups × the size of the parts, not with units.

    Parameters
    ----------
    codes
        Codes × coders × units, positions of categories, -1 where not rated.
    n_categories
        Number of categories.
    parts
        Names from the table above, ``moments`` excepted.
    groups
        Group (session, case, unit) of each unit, in ascending order; None for one group.
    n_groups
        Number of groups.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[[0, 0, 1], [0, 1, 1]]])
    >>> tally(codes, 2, ["coincidences"])["coincidences"].ravel().tolist()
    [2.0, 1.0, 2.0]
    """
    n_codes, n_coders, n_units = codes.shape
    repeats = None
    if n_groups == 1 and n_codes == 1 and n_units > _FEW * (n_categories + 1) ** n_coders:
        codes, repeats = _distinct_rows(codes, n_categories)
    sizes = _sizes(n_categories, n_coders)
    out = {part: np.zeros((*sizes[part], n_codes, n_groups)) for part in parts}
    for start in range(0, codes.shape[2], _BLOCK):
        stretch = slice(start, start + _BLOCK)
        inside = None if groups is None or repeats is not None else groups[stretch]
        times = None if repeats is None else repeats[stretch]
        for part in parts:
            _FILL[part](out[part], codes[:, :, stretch], _adder(inside, n_groups, times))
    return out


def _distinct_rows(
    codes: Codes, n_categories: int
) -> tuple[NDArray[np.signedinteger[Any]], NDArray[np.float64]]:
    """Return the different rows of ratings and how often each occurs, for one code."""
    n_coders, base = codes.shape[1], n_categories + 1
    number = codes[0, 0].astype(np.int32)
    for k in range(1, n_coders):
        number *= base
        number += codes[0, k]
    number += sum(base**k for k in range(n_coders))  # -1, not rated, becomes the digit 0
    times = np.bincount(number)
    rows = np.flatnonzero(times)
    digits = [rows // base ** (n_coders - 1 - k) % base - 1 for k in range(n_coders)]
    return np.stack(digits)[None], times[rows].astype(np.float64)


def _sizes(n_categories: int, n_coders: int) -> dict[str, tuple[int, ...]]:
    n_pairs = n_categories * (n_categories + 1) // 2
    return {
        "coincidences": (n_pairs,),
        "unit_pairs": (n_pairs,),
        "rated": (n_categories,),
        "coder_margins": (n_coders, n_categories),
        "pair_tables": (n_coders * (n_coders - 1) // 2, n_categories, n_categories),
    }


@dataclass(frozen=True, slots=True)
class _Add:
    """What adds features of units (last axis) to sums of groups (last axis)."""

    groups: NDArray[np.intp] | None = None
    """Group of each unit; None for one group."""
    where: NDArray[np.intp] | None = None
    """The different ones among them."""
    starts: NDArray[np.intp] | None = None
    """Where each of them starts; None when every unit is a group of its own."""
    repeats: NDArray[np.float64] | None = None
    """How often each row of ratings occurs; None for once."""

    def __call__(self, out: NDArray[np.float64], features: NDArray[Any]) -> None:
        if self.where is None:
            total = features.sum(axis=-1) if self.repeats is None else features @ self.repeats
            out[..., 0] += total
        elif self.starts is None:
            out[..., self.where] += features
        else:
            out[..., self.where] += np.add.reduceat(features, self.starts, axis=-1)


def _adder(
    groups: NDArray[np.intp] | None, n_groups: int, repeats: NDArray[np.float64] | None
) -> _Add:
    if groups is None or n_groups == 1:
        return _Add(repeats=repeats)
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    return _Add(groups, groups[starts], None if len(starts) == len(groups) else starts)


def _counts(codes: Codes, n_categories: int) -> NDArray[np.float64]:
    """Return how many coders gave each category: categories × codes × units."""
    n_codes, n_coders, n_units = codes.shape
    counts = np.zeros((n_categories, n_codes, n_units))
    kind = np.uint8 if n_coders <= np.iinfo(np.uint8).max else np.uint16
    for v in range(n_categories):
        given = np.zeros((n_codes, n_units), dtype=kind)
        for k in range(n_coders):
            given += codes[:, k] == v
        counts[v] = given
    return counts


def _fill_pairs(out: NDArray[np.float64], codes: Codes, add: _Add, *, each_unit_once: bool) -> None:
    n_categories = n_categories_of(len(out))
    counts = _counts(codes, n_categories)
    m = counts.sum(axis=0)
    weight = np.where(m > 1, 1.0 / np.maximum((m - 1) * (m if each_unit_once else 1), 1), 0.0)
    if out.shape[-1] == 1 and n_categories > _MANY:
        _fill_pairs_at_once(out, counts, weight if add.repeats is None else weight * add.repeats)
        return
    for p, (i, j) in enumerate(zip(*pairs(n_categories), strict=True)):
        met = counts[i] * (counts[i] - 1 if i == j else counts[j])
        add(out[p], met * weight)


def _fill_pairs_at_once(
    out: NDArray[np.float64], counts: NDArray[np.float64], weight: NDArray[np.float64]
) -> None:
    """Do the same for one group as a product of matrices, which many categories want."""
    i, j = pairs(len(counts))
    for c in range(counts.shape[1]):
        scaled = counts[:, c] * weight[c]
        met = scaled @ counts[:, c].T
        met[np.diag_indices_from(met)] -= scaled.sum(axis=1)
        out[:, c, 0] += met[i, j]


def _fill_coincidences(out: NDArray[np.float64], codes: Codes, add: _Add) -> None:
    _fill_pairs(out, codes, add, each_unit_once=False)


def _fill_unit_pairs(out: NDArray[np.float64], codes: Codes, add: _Add) -> None:
    _fill_pairs(out, codes, add, each_unit_once=True)


def _fill_rated(out: NDArray[np.float64], codes: Codes, add: _Add) -> None:
    counts = _counts(codes, len(out))
    share = counts / np.maximum(counts.sum(axis=0), 1)
    for v in range(len(out)):
        add(out[v], share[v])


def _fill_coder_margins(out: NDArray[np.float64], codes: Codes, add: _Add) -> None:
    for k, v in _cells(out, 2):
        add(out[k, v], (codes[:, k] == v).astype(np.float64))


def _fill_pair_tables(out: NDArray[np.float64], codes: Codes, add: _Add) -> None:
    n_coders = codes.shape[1]
    q, n_codes, n_groups = out.shape[2:]
    group = 0 if add.groups is None else add.groups
    for pair, (a, b) in enumerate(coder_pairs(n_coders)):
        for c in range(n_codes):
            first, second = codes[c, a].astype(np.intp), codes[c, b]
            both = (first >= 0) & (second >= 0)
            cell = ((first * q + second) * n_groups + group)[both]
            times = None if add.repeats is None else add.repeats[both]
            counts = np.bincount(cell, weights=times, minlength=q * q * n_groups)
            out[pair, :, :, c] += counts.reshape(q, q, n_groups)


def _cells(array: NDArray[Any], n_axes: int) -> Iterator[tuple[int, ...]]:
    return np.ndindex(*array.shape[:n_axes])


_FILL: dict[str, Callable[[NDArray[np.float64], Codes, _Add], None]] = {
    "coincidences": _fill_coincidences,
    "unit_pairs": _fill_unit_pairs,
    "rated": _fill_rated,
    "coder_margins": _fill_coder_margins,
    "pair_tables": _fill_pair_tables,
}
