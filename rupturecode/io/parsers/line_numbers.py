"""Numbers that count the lines of a text at its margin, as conversation analysts print them."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def without_line_numbers(lines: Sequence[str]) -> Sequence[str]:
    """Take off numbers that count the lines; where there are none, return the lines as they are.

    Numbers count the lines when they grow from one numbered line to the next by as many lines
    as lie between, blank ones counted or not, or begin again at 1 as on a new page. Every line
    may have one, or every fifth. Numbers of turns, which stand still while a turn goes on, and
    numbers that somebody says stay.

    Examples
    --------
    >>> talk = ["1 T: So.", "2 C: Hm, I", "3   waited", "4   5 hours", "5 T: Oh.", "6 C: Yes."]
    >>> list(without_line_numbers(talk))
    ['T: So.', 'C: Hm, I', 'waited', '5 hours', 'T: Oh.', 'C: Yes.']
    >>> list(without_line_numbers(["1 T: So.", "C: Hm, I", "2 hours"]))
    ['1 T: So.', 'C: Hm, I', '2 hours']
    """
    sample = _numbered(lines, _SAMPLE)
    sound = sum(later.value == 1 or _counts(one, later) for one, later in pairwise(sample))
    n_lines = min(_SAMPLE, len(lines))
    if len(sample) < max(_FEWEST, 0.1 * n_lines) or sound < 0.8 * (len(sample) - 1):
        return lines
    found = _numbered(lines)
    fits = [_counts(a, b) for a, b in pairwise(found)]
    bare = list(lines)
    for number, before, after in zip(found, [False, *fits], [*fits, False], strict=True):
        if before or after:
            bare[number.line] = lines[number.line][number.end :]
    return bare


def _numbered(lines: Sequence[str], most: int | None = None) -> list[_Number]:
    """Lines that begin with a number, among the first so many that are not blank."""
    spoken = ((i, line) for i, line in enumerate(lines) if line and not line.isspace())
    return [
        _Number(line, row, int(found["number"]), found.end())
        for row, (line, text) in enumerate(islice(spoken, most))
        if (found := _NUMBER.match(text))
    ]


def _counts(one: _Number, later: _Number) -> bool:
    """Whether two numbers differ by as many lines as lie between them."""
    step = later.value - one.value
    return step in (later.row - one.row, later.line - one.line)
