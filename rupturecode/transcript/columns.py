"""A column of texts that grows by appending and lies packed in memory, as finished tables hold it.

A Python string takes some fifty bytes besides its content; a long transcript has a million.
Here values are packed, a block at a time, as they come in, and unpacked, a block at a time, as
they are looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, overload

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
_ARROW = pa.large_string()
_STR = pd.StringDtype("pyarrow", na_value=np.nan)


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

    def mapped(self, change: Callable[[int, list[str]], list[str]]) -> Texts:
        """Return a column of what becomes of the texts, given with the position of the first.

        Blocks in which nothing changes are shared by both columns.
        """
        made = Texts()
        self._pack()
        for block, texts in zip(self._blocks, self.blocks(), strict=True):
            new = change(len(made), texts)
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
