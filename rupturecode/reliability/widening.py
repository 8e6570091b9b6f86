"""Give the sums of one laboratory the coders and categories of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rupturecode.reliability.tally import coder_pairs, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]


def widened(
    part: str, sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]
) -> Floats:
    """Return a part of the sums with axes for all coders and categories.

    Parameters
    ----------
    part
        Its name; see `rupturecode.reliability.tally`.
    sums
        Axes of the part, then groups.
    coders, categories
        Where each coder and category of these sums stands among all, and how many there are.
    """
    return _WIDEN[part](sums, coders, categories)


def _of_pairs(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    del coders
    where, n = categories
    i, j = pairs(len(where))
    out = np.zeros((n * (n + 1) // 2, *sums.shape[1:]))
    out[_pair_place(where[i], where[j], n)] = sums
    return out


def _pair_place(a: Ints, b: Ints, n: int) -> Ints:
    """Return where an unordered pair stands among all of them."""
    places = np.empty((n, n), dtype=np.intp)
    i, j = pairs(n)
    places[i, j] = places[j, i] = np.arange(len(i))
    return np.asarray(places[a, b])


def _rated(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    del coders
    out = np.zeros((categories[1], *sums.shape[1:]))
    out[categories[0]] = sums
    return out


def _coder_margins(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    out = np.zeros((coders[1], categories[1], *sums.shape[2:]))
    out[np.ix_(coders[0], categories[0])] = sums
    return out


def _pair_tables(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    n_all = coders[1]
    place = {pair: i for i, pair in enumerate(coder_pairs(n_all))}
    out = np.zeros((len(place), categories[1], categories[1], *sums.shape[3:]))
    for p, (a, b) in enumerate(coder_pairs(len(coders[0]))):
        first, second = int(coders[0][a]), int(coders[0][b])
        table = sums[p] if first < second else np.swapaxes(sums[p], 0, 1)
        at = place[min(first, second), max(first, second)]
        out[at][np.ix_(categories[0], categories[0])] = table
    return out


def _moments(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    """Units rated by every coder: none where a laboratory lacks some of them."""
    del categories
    where, n = coders
    out = np.zeros((1 + n + n * (n + 1) // 2, *sums.shape[1:]))
    if len(where) == n:
        i, j = np.triu_indices(n)
        out[0] = sums[0]
        out[1 + where] = sums[1 : n + 1]
        out[1 + n + _pair_place(where[i], where[j], n)] = sums[n + 1 :]
    return out


def _spread(sums: Floats, coders: tuple[Ints, int], categories: tuple[Ints, int]) -> Floats:
    del coders, categories
    return sums


_WIDEN: dict[str, Callable[[Floats, tuple[Ints, int], tuple[Ints, int]], Floats]] = {
    "coincidences": _of_pairs,
    "unit_pairs": _of_pairs,
    "rated": _rated,
    "coder_margins": _coder_margins,
    "pair_tables": _pair_tables,
    "moments": _moments,
    "spread": _spread,
}


def union(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return all names once, in the order they first appear."""
    return tuple(dict.fromkeys(name for names in lists for name in names))
