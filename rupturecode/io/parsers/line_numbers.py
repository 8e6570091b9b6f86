"""Numbers that count the lines of a text at its margin, as conversation analysts print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NUMBER = re.compile(r"[ \t]*(?P<number>\d{1,6})[.)]?(?:[ \t]+|$)")
#: Lines by which it is settled whether there are such numbers.
_SAMPLE = 300
_FEWEST = 5


class _Number(NamedTuple):
    """A number at the beginning of a line."""

    line: int
    row: int
    """The line's place among those that are not blank."""
    value: int
    end: int


def without_line_numbers(lines: Iterable[str]) -> Iterable[str]:
    """Take off numbers that count the lines; where there are none, return the lines as they are.

    Numbers count the lines when they grow from one numbered line to the next by as many lines
    as lie between, blank ones counted or not, or begin again at 1 as on a new page. Every line
    may have one, or every fifth. Numbers of turns, which stand still while a turn goes on, and
    numbers that somebody says stay. The lines must be such that they can be walked over again.

    Examples
    --------
    >>> talk = ["1 T: So.", "2 C: Hm, I", "3   waited", "4   5 hours", "5 T: Oh.", "6 C: Yes."]
    >>> list(without_line_numbers(talk))
    ['T: So.', 'C: Hm, I', 'waited', '5 hours', 'T: Oh.', 'C: Yes.']
    >>> list(without_line_numbers(["1 T: So.", "C: Hm, I", "2 hours"]))
    ['1 T: So.', 'C: Hm, I', '2 hours']
    """
    sample = [number for _, number in _numbered(lines, _SAMPLE) if number]
    if len(sample) < _FEWEST:
        return lines
    sound = sum(later.value == 1 or _counts(one, later) for one, later in pairwise(sample))
    n_lines = sum(1 for _ in islice(lines, _SAMPLE))
    if len(sample) < 0.1 * n_lines or sound < 0.8 * (len(sample) - 1):
        return lines
    return _Bare(lines)


@dataclass(frozen=True, slots=True)
class _Bare:
    """Lines without the numbers that count them; those that fit no other number stay."""

    lines: Iterable[str]

    def __iter__(self) -> Iterator[str]:
        held: list[str] = []
        one: _Number | None = None
        fits = False
        for line, later in _numbered(self.lines):
            if later:
                fitted, fits = fits, one is not None and _counts(one, later)
                yield from _cut(held, one if fitted or fits else None)
                held, one = [], later
            held.append(line)
        yield from _cut(held, one if fits else None)


def _cut(lines: list[str], number: _Number | None) -> list[str]:
    """Take the number off the first of some lines."""
    return [lines[0][number.end :], *lines[1:]] if number else lines


def _numbered(
    lines: Iterable[str], most: int | None = None
) -> Iterator[tuple[str, _Number | None]]:
    """Yield lines with the number that each begins with, as far as so many that are not blank."""
    row = 0
    for i, line in enumerate(lines):
        found = None
        if line and not line.isspace():
            if row == most:
                return
            found = _NUMBER.match(line)
            row += 1
        yield line, _Number(i, row, int(found["number"]), found.end()) if found else None


def _counts(one: _Number, later: _Number) -> bool:
    """Whether two numbers differ by as many lines as lie between them."""
    step = later.value - one.value
    return step in (later.row - one.row, later.line - one.line)
