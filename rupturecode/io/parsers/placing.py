"""Where a place in the lines of a file is once the lines have become turns."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.transcript.draft import Draft


class At(NamedTuple):
    """A place: the line, counted from 0, and the column in it."""

    line: int
    column: int


@dataclass(slots=True)
class Placing:
    """Tells where in a turn's raw text a place in a line is; looks at each turn but once."""

    draft: Draft
    lines: list[str]
    position: int = -1
    first: int = 0
    last: int = 0
    """The turn's lines, from the first to before the last."""
    starts: list[int] = field(default_factory=list)
    """Where each line of the turn begins in all of them joined."""
    begins: int = -1
    """Where the raw text begins in the same; -1 where lines were dropped."""
    firsts: array[int] = field(init=False)
    """The first line of each turn, counted from 1."""

    def __post_init__(self) -> None:
        self.firsts = array("q", self.draft.lines)

    def turn_to(self, line: int) -> None:
        """Look at the turn that a line is part of."""
        firsts = self.firsts
        position = max(0, bisect_right(firsts, line + 1) - 1)
        if position == self.position:
            return
        self.position = position
        self.first = firsts[position] - 1
        self.last = firsts[position + 1] - 1 if position + 1 < len(firsts) else len(self.lines)
        mine = self.lines[self.first : self.last]
        self.begins = "\n".join(mine).rfind(self.draft.raws[position])
        self.starts = [0, *accumulate([len(line) + 1 for line in mine])]

    def offset(self, at: At) -> int | None:
        """Return the offset of a place; None where it cannot be told."""
        if self.begins < 0 or at.line < self.first:
            return None
        before = self.starts[min(at.line - self.first, len(self.starts) - 1)] + at.column
        return min(max(before - self.begins, 0), len(self.draft.raws[self.position]))

    def stretches(self, start: At, end: At) -> Iterator[tuple[int, int, int]]:
        """Yield position, first and past-the-end offset in each turn that a stretch is in."""
        line = start.line
        while line <= end.line:
            self.turn_to(line)
            stop = min(end, At(self.last - 1, len(self.lines[self.last - 1])))
            first, last = self.offset(max(start, At(self.first, 0))), self.offset(stop)
            if first is not None and last is not None:
                yield self.position, first, max(first, last)
            line = max(line + 1, self.last)
