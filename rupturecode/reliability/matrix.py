"""Read any units × coders table into whole numbers, once, for every coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.errors import UsageError, nearest
from rupturecode.reliability.cells import Ratings, is_number, table_of, value_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_FEW = 30  # values up to which looking for each is quicker than counting all
_SPAN = 4096  # whole numbers within this range are told apart by counting, not sorting


@dataclass(frozen=True, slots=True)
class Matrix:
    """Ratings as positions in a list of categories."""

    codes: NDArray[np.signedinteger[Any]]
    """Coders × units; -1 where not rated."""
    categories: tuple[Any, ...]
    coders: tuple[str, ...]

    @property
    def n_coders(self) -> int:
        """Number of columns that were given, rated or not."""
        return len(self.coders)

    @property
    def numeric(self) -> bool:
        """Whether every category is a number."""
        return all(is_number(c) for c in self.categories)

    def scores(self, instead: str = "") -> NDArray[np.float64]:
        """Return the categories as numbers.

        Raises
        ------
        UsageError
            When some category is not a number; ``instead`` says what would do.
        """
        if not self.numeric:
            words = ", ".join(repr(c) for c in self.categories if not is_number(c))
            words += f": {instead}" if instead else ""
            raise UsageError(f"this level needs numbers, and some ratings are words: {words}")
        return np.array([float(c) for c in self.categories], dtype=np.float64)

    def values(self) -> NDArray[np.float64]:
        """Return the ratings as numbers, coders × units, NaN where not rated."""
        lookup = np.append(self.scores(), np.nan)
        values: NDArray[np.float64] = lookup[self.codes]
        return values

    def used(self) -> NDArray[np.intp]:
        """Return the positions of the categories that somebody used."""
        counts = np.bincount(self.codes.ravel().astype(np.intp) + 1)
        return np.flatnonzero(counts[1:])

    def select(self, coders: Sequence[int]) -> Matrix:
        """Return the ratings of some coders only, with the same categories."""
        return Matrix(
            self.codes[list(coders)], self.categories, tuple(self.coders[i] for i in coders)
        )

    def against_rest(self, position: int) -> Matrix:
        """Return the same ratings as one category (1) against all others (0)."""
        codes = np.where(self.codes < 0, -1, self.codes == position).astype(np.int8)
        return Matrix(codes, (0, 1), self.coders)


def encode(ratings: Ratings | Matrix, categories: Iterable[Any] | None = None) -> Matrix:
    """Turn a units × coders table into positions in a list of categories.

    Parameters
    ----------
    ratings
        One row per unit, one column per coder: numbers, strings or sets of codes (as set,
        frozenset, list or tuple); None or NaN where a coder did not rate a unit.
    categories
        All categories in their order, used or not. Without it, those seen, sorted.

    Raises
    ------
    UsageError
        When the table has not two dimensions, a rating is not among the categories, or a
        category is named twice.

    Examples
    --------
    >>> encode([["a", "b"], ["b", None]]).codes.tolist()
    [[0, 1], [1, -1]]
    """
    if isinstance(ratings, Matrix):
        return ratings
    values, coders = table_of(ratings)
    listed = None if categories is None else _listed(categories)
    if values.dtype.kind == "f":
        return _encode_numbers(values, coders, listed)
    return _encode_objects(values, coders, listed)


def numbers(ratings: Ratings | Matrix) -> NDArray[np.float64]:
    """Return ratings as numbers, coders × units, NaN where not rated.

    Raises
    ------
    UsageError
        When some rating is a word.
    """
    if not isinstance(ratings, Matrix):
        values, _ = table_of(ratings)
        if values.dtype.kind == "f":
            _refuse_infinite(np.isinf(values).any())
            return values
    return encode(ratings).values()


def centered(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers less their mean, which keeps digits in sums."""
    mean = np.nanmean(values) if np.isfinite(values).any() else 0.0
    return np.asarray(values - mean)


def _encode_objects(
    values: NDArray[Any], coders: tuple[str, ...], categories: tuple[Any, ...] | None
) -> Matrix:
    cells = values_of(values)
    seen = set(cells) - {None}
    if all(is_number(v) for v in seen):
        numbers = np.array([np.nan if v is None else float(v) for v in cells], dtype=np.float64)
        return _encode_numbers(numbers.reshape(values.shape), coders, categories)
    order = categories if categories is not None else tuple(sorted(seen, key=_sort_key))
    position: dict[Any, int] = {value_of(c): i for i, c in enumerate(order)}
    _refuse_strangers(seen - position.keys(), order)
    position[None] = -1
    codes = np.array([position[v] for v in cells], dtype=_code_type(len(order)))
    return Matrix(codes.reshape(values.shape), order, coders)


def _encode_numbers(
    values: NDArray[np.float64], coders: tuple[str, ...], categories: tuple[Any, ...] | None
) -> Matrix:
    flat = values.T if values.flags.f_contiguous else values  # walk memory in its own order
    positions, seen = _places(flat)
    order = categories if categories is not None else tuple(_plain(v) for v in seen)
    place = {float(c): i for i, c in enumerate(order) if is_number(c)}
    _refuse_strangers({_plain(v) for v in seen if float(v) not in place}, order)
    kind = _code_type(len(order))
    wanted = np.array([*(place[float(v)] for v in seen), -1])
    same = np.array_equal(wanted[:-1], np.arange(len(seen))) and positions.dtype == kind
    codes = positions if same else wanted.astype(kind)[positions]
    codes = codes if flat is values else codes.T
    return Matrix(np.ascontiguousarray(codes), order, coders)


def _places(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.signedinteger[Any]], NDArray[np.float64]]:
    """Return where each number stands among the different ones (-1 for NaN), and those."""
    low = np.fmin.reduce(values, axis=None, initial=np.inf)
    high = np.fmax.reduce(values, axis=None, initial=-np.inf)
    _refuse_infinite(low == -np.inf or high == np.inf)
    if np.isfinite(high - low) and high - low < _SPAN and not low % 1:
        width = int(high - low) + 1
        shifted = np.fmax(values - low, -1.0)  # turns NaN into -1
        whole = shifted.astype(_code_type(width))
        if np.array_equal(whole, shifted):
            return _without_gaps(whole, width, float(low))
    rated = ~np.isnan(values)
    seen, inverse = np.unique(values[rated], return_inverse=True)
    positions = np.full(values.shape, -1, dtype=np.intp)
    positions[rated] = inverse
    return positions, seen


def _without_gaps(
    whole: NDArray[np.signedinteger[Any]], width: int, low: float
) -> tuple[NDArray[np.signedinteger[Any]], NDArray[np.float64]]:
    """Do the same for numbers 0 to width - 1 (-1 for NaN), some of which nobody may use."""
    if width <= _FEW:
        used = np.array([(whole == v).any() for v in range(width)])
    else:
        used = np.bincount(whole.ravel() + np.intp(1), minlength=width + 1)[1:] > 0
    present = np.flatnonzero(used)
    if len(present) < width:
        lookup = np.full(width + 1, -1, dtype=whole.dtype)
        lookup[present] = np.arange(len(present))
        whole = np.take(lookup, whole)
    return whole, np.asarray(present + low, dtype=np.float64)


def _code_type(n_categories: int) -> type[np.signedinteger[Any]]:
    if n_categories < np.iinfo(np.int8).max:
        return np.int8
    return np.int16 if n_categories < np.iinfo(np.int16).max else np.int32


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def _sort_key(value: object) -> tuple[str, Any]:
    if isinstance(value, frozenset):
        return ("set", (len(value), sorted(map(str, value))))
    return ("number", value) if is_number(value) else (type(value).__name__, str(value))


def _listed(categories: Iterable[Any]) -> tuple[Any, ...]:
    """Return the categories as named, each once: how many there are is part of the formulas."""
    listed = tuple(categories) if not isinstance(categories, str) else (categories,)
    names = [value_of(c) for c in listed]
    if isinstance(categories, str) or None in names or len(set(names)) < len(names):
        raise UsageError(
            f"categories={listed!r}: name every category once, in a list, and none that is missing"
        )
    return listed


def _refuse_infinite(found: bool | np.bool_) -> None:
    if found:
        raise UsageError("some rating is infinite: write None where a coder did not rate a unit")


def _refuse_strangers(strangers: set[Any], order: Sequence[Any]) -> None:
    if strangers:
        first = sorted(map(str, strangers))
        raise UsageError(
            f"{', '.join(first[:5])} {'is' if len(first) == 1 else 'are'} not among the categories "
            f"{', '.join(map(str, order))}.{nearest(first[0], map(str, order))}"
        )


def need_coders(matrix: Matrix, n: int, name: str, instead: str) -> None:
    """Refuse a table whose number of coders a coefficient is not made for."""
    if matrix.n_coders != n:
        raise UsageError(
            f"{name} compares {n} coders and the ratings have {matrix.n_coders}: {instead}"
        )
