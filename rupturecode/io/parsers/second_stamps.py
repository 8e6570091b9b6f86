"""Stamps in seconds, ``[0.5s - 4.2s]``, as recognisers and diarisers print them before a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rupturecode.io.parsers.clock import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NUMBER = r"(\d{1,6}(?:\.\d{1,6}(?: ?s)?| ?s))"
_STAMP = re.compile(
    rf"[ \t]*[\[(][ \t]*{_NUMBER}[ \t]*(?:-{{1,2}}>|-|–|—|to)[ \t]*{_NUMBER}[ \t]*[\])]:?"
    r"[ \t]*(?=\S)"
)
#: Lines by which it is settled whether there are such stamps, and the share that has one.
_SAMPLE, _MOST = 300, 0.8
#: Lines at the top among which the first stands.
_TOP = 20


def with_clock_times(lines: Iterable[str]) -> Iterable[str]:
    """Write stamps in seconds as clock times; where there are none, return the lines as they are.

    The lines must be such that they can be walked over again.

    Examples
    --------
    >>> list(with_clock_times(["[0.5s - 4.2s] A: Hi.", "[4.2s - 61s] B: Yes."]))
    ['[00:00:00.500 --> 00:00:04.200] A: Hi.', '[00:00:04.200 --> 00:01:01.000] B: Yes.']
    >>> list(with_clock_times(["[0.5 - 4.2] A: Hi.", "B: Yes."]))
    ['[0.5 - 4.2] A: Hi.', 'B: Yes.']
    """
    if not any(map(_STAMP.match, islice(lines, _TOP))):
        return lines
    sample = [line for line in islice(lines, _SAMPLE) if line and not line.isspace()]
    if sum(map(bool, map(_STAMP.match, sample))) < _MOST * len(sample):
        return lines
    return _Clocked(lines)


@dataclass(frozen=True, slots=True)
class _Clocked:
    """Lines with their stamps as clock times, to be walked over as often as the lines."""

    lines: Iterable[str]

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            found = _STAMP.match(line)
            if found:
                start, end = (clock(round(float(n.rstrip(" s")) * 1000)) for n in found.groups())
                yield f"[{start} --> {end}] {line[found.end() :]}"
            else:
                yield line
