"""Columns that grow by appending and lie packed in memory, as the finished tables hold them.

A Python string or number takes some fifty bytes besides its content; a long transcript has a
million of each. Here values are packed, a block at a time, as they come in, and unpacked, a
block at a time, as they are looked at.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar, overload

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: A block is packed when it has about so many bytes, with what Python adds to each string.
BLOCK_BYTES = 1 << 19
_ADDED = 60
_AT_ONCE = 1 << 10
_MISSING = -(1 << 63)
_ARROW = pa.large_string()
_STR = pd.StringDtype("pyarrow", na_value=np.nan)

N = TypeVar("N", int, int | None)


class Texts(Sequence[str]):
    r"""A column of texts.

    Halves of characters, which no file can hold, become U+FFFD when they are packed.

    Examples
    --------
    >>> column = Texts(["so", "\ud800"])
    >>> column.append("well")
    >>> list(column), column[0], len(column)
    (['so', '\ufffd', 'well'], 'so', 3)
    """

    __slots__ = ("_blocks", "_ends", "_longest", "_open", "_room")

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._blocks: list[pa.LargeStringArray] = []
        self._ends: list[int] = []
        self._open: list[str] = []
        self._room = BLOCK_BYTES
        self._longest = 0
        self.extend(values)

    @classmethod
    def repeated(cls, value: str, n: int) -> Texts:
        """Return a column of one value, which is held once for many rows.

        Examples
        --------
        >>> Texts.repeated("s1", 3)
        ['s1', 's1', 's1']
        """
        column = cls()
        block = _packed([value] * min(n, _AT_ONCE))
        while len(column) < n:
            column._add(block.slice(0, n - len(column)), len(value))
        return column

    def append(self, text: str) -> None:
        """Add a text."""
        self._open.append(text)
        self._room -= len(text) + _ADDED
        if self._room < 0:
            self._pack()

    def extend(self, texts: Iterable[str]) -> None:
        """Add many texts."""
        coming = iter(texts)
        while some := list(islice(coming, _AT_ONCE)):
            self._open += some
            self._room -= sum(map(len, some)) + _ADDED * len(some)
            if self._room < 0:
                self._pack()

    def blocks(self) -> Iterator[list[str]]:
        """Yield the texts, a list per block."""
        self._pack()
        for block in self._blocks:
            yield block.to_pylist()

    def drained(self) -> Iterator[str]:
        """Yield all texts and let go of them: the column is empty in the end."""
        self._pack()
        blocks, self._blocks, self._ends = self._blocks[::-1], [], []
        while blocks:
            yield from blocks.pop().to_pylist()

    def mapped(self, change: Callable[[int, str], str]) -> Texts:
        """Return a column of what becomes of each position and text.

        Blocks in which nothing changes are shared by both columns.
        """
        made = Texts()
        self._pack()
        for block, texts in zip(self._blocks, self.blocks(), strict=True):
            new = [change(i, text) for i, text in enumerate(texts, start=len(made))]
            made._add(block if new == texts else _packed(new), max(map(len, new)))
        return made

    def array(self) -> pd.arrays.ArrowStringArray:
        """Return the column as pandas has it, nothing copied."""
        self._pack()
        return pd.arrays.ArrowStringArray(pa.chunked_array(self._blocks, _ARROW), dtype=_STR)

    @property
    def longest(self) -> int:
        """Characters of the longest text; 0 where there is none."""
        return max([self._longest, *map(len, self._open)])

    def _pack(self) -> None:
        if self._open:
            longest = max(map(len, self._open))
            block = _packed(self._open)
            self._open, self._room = [], BLOCK_BYTES
            self._add(block, longest)

    def _add(self, block: pa.LargeStringArray, longest: int) -> None:
        self._blocks.append(block)
        self._ends.append(len(block) + (self._ends[-1] if self._ends else 0))
        self._longest = max(self._longest, longest)

    def __len__(self) -> int:
        return len(self._open) + (self._ends[-1] if self._ends else 0)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.blocks())

    @overload
    def __getitem__(self, i: int) -> str: ...

    @overload
    def __getitem__(self, i: slice) -> list[str]: ...

    def __getitem__(self, i: int | slice) -> str | list[str]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        place = range(len(self))[i]
        which = bisect_right(self._ends, place)
        first = self._ends[which - 1] if which else 0
        if which == len(self._blocks):
            return self._open[place - first]
        found: str = self._blocks[which][place - first].as_py()
        return found

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Texts, list)):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))


class Numbers(Sequence[N]):
    """A column of whole numbers, some of which may be missing.

    Examples
    --------
    >>> column = Numbers([4, None])
    >>> column.append(6)
    >>> column, column[-1], column.array().tolist()
    ([4, None, 6], 6, [4, <NA>, 6])
    """

    __slots__ = ("_values",)

    def __init__(self, values: Iterable[N] = ()) -> None:
        self._values = array("q")
        self.extend(values)

    def append(self, number: N) -> None:
        """Add a number."""
        self._values.append(_MISSING if number is None else number)

    def extend(self, numbers: Iterable[N]) -> None:
        """Add many numbers."""
        self._values.extend([_MISSING if n is None else n for n in numbers])

    def at(self, positions: np.ndarray) -> Numbers[N]:
        """Return the numbers at some positions."""
        found: Numbers[N] = Numbers()
        found._values.frombytes(self._numpy()[positions].tobytes())
        return found

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
        made: Numbers[N] = Numbers()
        if not len(firsts):
            return made
        found = np.maximum.reduceat(values, firsts)
        lasts = np.append(firsts[1:], len(values)) - 1
        found[values[lasts] == _MISSING] = _MISSING
        made._values.frombytes(found.tobytes())
        return made

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

    def _numpy(self) -> np.ndarray:
        return np.frombuffer(self._values, "int64")

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[N]:
        gaps = len(self) and self._numpy().min() == _MISSING
        return map(self._given, self._values) if gaps else iter(self._values)

    @overload
    def __getitem__(self, i: int) -> N: ...

    @overload
    def __getitem__(self, i: slice) -> list[N]: ...

    def __getitem__(self, i: int | slice) -> N | list[N]:
        if isinstance(i, slice):
            return [self._given(v) for v in self._values[i]]
        return self._given(self._values[i])

    @staticmethod
    def _given(value: int) -> N:
        return None if value == _MISSING else value  # type: ignore[return-value]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Numbers, list)):
            return list(self) == list(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))


def _packed(texts: list[str]) -> pa.LargeStringArray:
    """Put texts into one buffer after another, of just the size they need."""
    whole = "".join(texts)
    if whole.isascii():
        sizes, data = map(len, texts), whole.encode()
    else:
        encoded = [_utf8(text) for text in texts]
        sizes, data = map(len, encoded), b"".join(encoded)
    offsets = np.zeros(len(texts) + 1, dtype="int64")
    np.cumsum(np.fromiter(sizes, "int64", len(texts)), out=offsets[1:])
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(data))


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
