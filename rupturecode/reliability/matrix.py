"""Read any units × coders table into whole numbers, once, for every coefficient."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rupturecode.errors import UsageError, nearest

#: Units × coders: a frame, an array or a list of rows; None or NaN where not rated.
Ratings: TypeAlias = pd.DataFrame | NDArray[Any] | Sequence[Sequence[Any]]

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
        return all(_is_number(c) for c in self.categories)

    def scores(self) -> NDArray[np.float64]:
        """Return the categories as numbers.

        Raises
        ------
        UsageError
            When some category is not a number.
        """
        if not self.numeric:
            words = ", ".join(repr(c) for c in self.categories if not _is_number(c))
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
        When the table has not two dimensions, or a rating is not among the categories.

    Examples
    --------
    >>> encode([["a", "b"], ["b", None]]).codes.tolist()
    [[0, 1], [1, -1]]
    """
    if isinstance(ratings, Matrix):
        return ratings
    values, coders = _table(ratings)
    listed = None if categories is None else tuple(categories)
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
        values, _ = _table(ratings)
        if values.dtype.kind == "f":
            return values
    return encode(ratings).values()


def centered(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers less their mean, which keeps digits in sums."""
    mean = np.nanmean(values) if np.isfinite(values).any() else 0.0
    return np.asarray(values - mean)


def _table(ratings: Ratings) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return coders × units as floats where all are numbers, else as objects."""
    if isinstance(ratings, pd.DataFrame):
        coders = tuple(str(c) for c in ratings.columns)
        return _from_frame(ratings).T, coders
    array = ratings if isinstance(ratings, np.ndarray) else _from_rows(ratings)
    if array.ndim != 2:
        raise UsageError(
            f"ratings must be a table of units × coders, not an array of {array.ndim} dimension(s)"
        )
    if array.dtype.kind in "biuf":
        array = array.astype(np.float64, copy=False)
    elif array.dtype != object:
        array = array.astype(object)
    return array.T, tuple(str(i + 1) for i in range(array.shape[1]))


def _from_frame(frame: pd.DataFrame) -> NDArray[Any]:
    if all(pd.api.types.is_numeric_dtype(t) for t in frame.dtypes):
        return np.asarray(frame.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(frame.to_numpy(dtype=object))


def _from_rows(rows: Sequence[Sequence[Any]]) -> NDArray[Any]:
    """Lay rows out as an array of objects, keeping a cell that is itself a set or list."""
    try:
        listed = [list(row) for row in rows]
    except TypeError as err:
        raise UsageError("ratings must be a table of units × coders: a list of rows") from err
    widths = {len(row) for row in listed}
    if len(widths) > 1:
        raise UsageError(
            f"rows of ratings have different lengths ({min(widths)} to {max(widths)}): write "
            "None where a coder did not rate a unit"
        )
    array = np.empty((len(listed), widths.pop() if widths else 0), dtype=object)
    for i, row in enumerate(listed):
        for j, cell in enumerate(row):
            array[i, j] = cell
    return array


def _encode_objects(
    values: NDArray[Any], coders: tuple[str, ...], categories: tuple[Any, ...] | None
) -> Matrix:
    cells: list[Any] = [_cell(v) for v in values.ravel()]
    seen = set(cells) - {None}
    if all(_is_number(v) for v in seen):
        numbers = np.array([np.nan if v is None else float(v) for v in cells], dtype=np.float64)
        return _encode_numbers(numbers.reshape(values.shape), coders, categories)
    order = categories if categories is not None else tuple(sorted(seen, key=_sort_key))
    position: dict[Any, int] = {_cell(c): i for i, c in enumerate(order)}
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
    place = {float(c): i for i, c in enumerate(order) if _is_number(c)}
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


def _cell(value: Any) -> Hashable:  # noqa: ANN401 - a cell is anything
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset(value)
    return None if pd.isna(value) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number | np.bool_)


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def _sort_key(value: object) -> tuple[str, Any]:
    if isinstance(value, frozenset):
        return ("set", (len(value), sorted(map(str, value))))
    return ("number", value) if _is_number(value) else (type(value).__name__, str(value))


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
