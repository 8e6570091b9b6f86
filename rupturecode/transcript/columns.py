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

#: A block is packed when it has about so many bytes, with what Python adds to each string; the
#: first blocks of a column are smaller, so that a short one takes little more than its words.
BLOCK_BYTES = 1 << 17
_FIRST_BYTES = 1 << 14
_GROWTH = 16
_ADDED = 60
_AT_ONCE = 1 << 10
#: So many numbers are held together: a longer array is copied as it grows, and leaves holes.
_STRETCH = 1 << 12
_MISSING = -(1 << 63)
_NONE = np.array([], "int64")
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

    __slots__ = ("_blocks", "_ends", "_longest", "_n_bytes", "_open", "_room")

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._blocks: list[pa.LargeStringArray] = []
        self._ends: list[int] = []
        self._open: list[str] = []
        self._n_bytes = self._longest = 0
        self._room = self._given_room()
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

    def ending_with(self, *endings: str) -> list[int]:
        """Return the positions of texts that end with any of some signs.

        Examples
        --------
        >>> Texts(["I was-", "Oh?", "No –"]).ending_with("-", "–")
        [0, 2]
        """
        import pyarrow.compute as pc

        self._pack()
        column = pa.chunked_array(self._blocks, _ARROW)
        found = [pc.indices_nonzero(pc.ends_with(column, pattern=sign)) for sign in endings]
        return sorted({place for some in found for place in some.to_pylist()})

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
            self._add(block, longest)
            self._open, self._room = [], self._given_room()

    def _given_room(self) -> int:
        """Bytes of the next block, which grows with what is packed."""
        return min(BLOCK_BYTES, max(_FIRST_BYTES, self._n_bytes // _GROWTH))

    def _add(self, block: pa.LargeStringArray, longest: int) -> None:
        self._blocks.append(block)
        self._n_bytes += block.nbytes
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

    def n_up_to(self, number: int) -> int:
        """Return how many numbers of a column that grows are at most so large.

        Examples
        --------
        >>> Numbers([2, 4, 4, 7]).n_up_to(4)
        3
        """
        return int(np.searchsorted(self._numpy(), number, "right"))

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
