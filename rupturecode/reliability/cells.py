"""Any units × coders table as cells: what a rating may be, and what is no rating."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rupturecode.errors import UsageError

#: Units × coders: a frame, an array or a list of rows; None or NaN where not rated.
Ratings: TypeAlias = pd.DataFrame | NDArray[Any] | Sequence[Sequence[Any]]


def table_of(ratings: Ratings) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return coders × units as floats where all are numbers, else as objects; and the coders.

    Raises
    ------
    UsageError
        When it is no table of units × coders.

    Examples
    --------
    >>> values, coders = table_of([[1, "a"], [None, "b"]])
    >>> values.tolist(), coders
    ([[1, None], ['a', 'b']], ('1', '2'))
    """
    if isinstance(ratings, pd.DataFrame):
        coders = tuple(str(c) for c in ratings.columns)
        return _from_frame(ratings).T, coders
    array = _from_array(ratings) if isinstance(ratings, np.ndarray) else _from_rows(ratings)
    if array.ndim != 2:
        raise UsageError(
            f"ratings must be a table of units × coders, not an array of {array.ndim} dimension(s)"
        )
    return array.T, tuple(str(i + 1) for i in range(array.shape[1]))


def _from_frame(frame: pd.DataFrame) -> NDArray[Any]:
    if all(pd.api.types.is_numeric_dtype(t) for t in frame.dtypes):
        return np.asarray(frame.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(frame.to_numpy(dtype=object))


def _from_array(array: NDArray[Any]) -> NDArray[Any]:
    """Take numbers as floats; masked cells, and NaN that numpy wrote as a word, as missing."""
    if array.dtype.kind in "biuf":
        numbers = array.astype(np.float64, copy=False)
        return np.asarray(np.ma.filled(numbers, np.nan))
    words = np.asarray(np.ma.filled(array.astype(object), None))
    if array.dtype.kind == "U":  # np.array(["a", np.nan]) holds the word "nan"
        words[words == "nan"] = None
    return words


def _from_rows(rows: Sequence[Sequence[Any]]) -> NDArray[Any]:
    """Lay rows out as an array of objects, keeping a cell that is itself a set or list."""
    if isinstance(rows, Mapping) or hasattr(rows, "to_pandas"):
        raise UsageError(
            "ratings must be a table of units × coders: make it a pandas frame with a column for "
            "each coder"
        )
    try:
        listed = [_cells_of(row) for row in rows]
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


def _cells_of(row: Iterable[Any]) -> list[Any]:
    if isinstance(row, str | bytes | Mapping | AbstractSet):
        raise UsageError(
            f"{row!r} is no row of ratings: give a list with one rating for each coder"
        )
    return list(row)


def values_of(table: NDArray[Any]) -> list[Any]:
    """Return the cells of a table of objects one after another, None where not rated.

    Raises
    ------
    UsageError
        When a cell cannot be a category.
    """
    try:
        return [value_of(v) for v in table.ravel()]
    except (TypeError, ValueError) as err:
        raise UsageError("a rating must be a number, a word or a set of codes") from err


def value_of(value: Any) -> Hashable:  # noqa: ANN401 - a cell is anything
    """Return a cell as something to compare: sets frozen, missing values as None.

    Examples
    --------
    >>> value_of(float("nan")), value_of("a"), value_of(["b", "b"])
    (None, 'a', frozenset({'b'}))
    """
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset(value)
    missing = None if pd.isna(value) else value
    hash(missing)
    return missing


def is_number(value: object) -> bool:
    """Whether a category is a number; truth values count as 0 and 1."""
    return isinstance(value, int | float | Real | np.number | np.bool_ | Decimal)
