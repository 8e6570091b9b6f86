"""A column of whole numbers that grows by appending and lies packed, as texts do in ``columns``."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, overload

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: So many numbers are held together: a longer array is copied as it grows, and leaves holes.
_STRETCH = 1 << 12
_MISSING = -(1 << 63)
_NONE = np.array([], "int64")

N = TypeVar("N", int, int | None)


class Numbers(Sequence[N]):
    """A column of whole numbers, some of which may be missing.

    Examples
    --------
    >>> column = Numbers([4, None])
    >>> column.append(6)
    >>> column, column[-1], column.array().tolist()
    ([4, None, 6], 6, [4, <NA>, 6])
    """

    __slots__ = ("_open", "_packed")

    def __init__(self, values: Iterable[N] = ()) -> None:
        self._packed: list[np.ndarray] = []
        self._open = array("q")
        self.extend(values)

    @classmethod
    def of(cls, values: np.ndarray) -> Numbers[N]:
        """Return a column of such numbers, which it takes over."""
        made = cls()
        made._packed.append(values)
        return made

    def append(self, number: N) -> None:
        """Add a number."""
        self._open.append(_MISSING if number is None else number)
        if len(self._open) == _STRETCH:
            self._pack()

    def extend(self, numbers: Iterable[N]) -> None:
        """Add many numbers."""
        coming = iter(numbers)
        while some := [_MISSING if n is None else n for n in islice(coming, _STRETCH)]:
            self._open.extend(some)
            if len(self._open) >= _STRETCH:
                self._pack()

    def at(self, positions: np.ndarray) -> Numbers[N]:
        """Return the numbers at some positions."""
        return self.of(self._numpy()[positions])

    def latest(self, firsts: np.ndarray) -> Numbers[N]:
        """Return the largest number of each group; none where the group's last is missing.

        Parameters
        ----------
        firsts
            The position of each group's first number.

        Examples
        --------
        >>> Numbers([5, 3, None, 4, 8, None]).latest(np.array([0, 2, 4]))
        [5, 4, None]
        """
        values = self._numpy()
        if not len(firsts):
            return Numbers()
        found = np.maximum.reduceat(values, firsts)
        lasts = np.append(firsts[1:], len(values)) - 1
        found[values[lasts] == _MISSING] = _MISSING
        return self.of(found)

    def above(self, other: Numbers[N]) -> list[int]:
        """Return the positions at which this column's number is larger than another's.

        Examples
        --------
        >>> Numbers([4, None, 6]).above(Numbers([2, 2, None]))
        [0]
        """
        mine, its = self._numpy(), other._numpy()
        found: list[int] = np.flatnonzero((mine > its) & (its != _MISSING)).tolist()
        return found

    def n_up_to(self, numbers: Sequence[int]) -> list[int]:
        """Return how many numbers of a column that grows are at most as large as each of some.

        Examples
        --------
        >>> Numbers([2, 4, 4, 7]).n_up_to([4, 1])
        [3, 0]
        """
        found: list[int] = np.searchsorted(self._numpy(), numbers, "right").tolist()
        return found

    def falls(self) -> list[int]:
        """Return the positions whose number is smaller than the one before.

        Examples
        --------
        >>> Numbers([4, 6, 5, None, 3]).falls()
        [2]
        """
        mine = self._numpy()
        found: list[int] = np.flatnonzero((mine[1:] < mine[:-1]) & (mine[1:] != _MISSING)).tolist()
        return [i + 1 for i in found]

    @property
    def n_known(self) -> int:
        """How many are not missing."""
        return int((self._numpy() != _MISSING).sum())

    def array(self) -> pd.arrays.IntegerArray:
        """Return the column as pandas has it."""
        values = self._numpy().copy()
        missing = values == _MISSING
        values[missing] = 0
        return pd.arrays.IntegerArray(values, missing)

    def _pack(self) -> None:
        if self._open:
            self._packed.append(np.frombuffer(self._open, "int64"))
            self._open = array("q")

    def _numpy(self) -> np.ndarray:
        """Return all numbers in one piece."""
        self._pack()
        return self._joined()

    def _joined(self) -> np.ndarray:
        """Return what is packed in one piece."""
        if len(self._packed) != 1:
            self._packed = [np.concatenate([_NONE, *self._packed])]
        return self._packed[0]

    def __len__(self) -> int:
        return sum(map(len, self._packed)) + len(self._open)

    def __iter__(self) -> Iterator[N]:
        self._pack()
        for numbers in self._packed:
            yield from self._given(numbers)

    @overload
    def __getitem__(self, i: int) -> N: ...

    @overload
    def __getitem__(self, i: slice) -> list[N]: ...

    def __getitem__(self, i: int | slice) -> N | list[N]:
        if isinstance(i, slice):
            return self._given(self._numpy()[i])
        place = range(len(self))[i] - (len(self) - len(self._open))
        value = self._open[place] if place >= 0 else int(self._joined()[place])
        return None if value == _MISSING else value  # type: ignore[return-value]

    @staticmethod
    def _given(values: np.ndarray) -> list[N]:
        found: list[N] = values.tolist()
        if len(values) and values.min() == _MISSING:
            return [None if n == _MISSING else n for n in found]  # type: ignore[misc]
        return found

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Numbers, list)):
            return list(self) == list(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))
