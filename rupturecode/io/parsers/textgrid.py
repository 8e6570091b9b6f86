r"""Praat TextGrid: the long and the short text form, read by Praat's own rule and written.

Praat takes only what stands free: quoted strings, numbers and flags such as ``<exists>``;
all other words (``xmin =``, ``intervals [2]:``) are comments. That one rule reads both
forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.clock import LONGEST_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r'"(?P<string>(?:[^"]++|"")*+)"'
    r"|<(?P<flag>[a-z]+)>"
    r"|(?<!\S)(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)%?(?!\S)"
    r'|(?P<open>")'
    r"|!(?P<comment>[^\n]*)"
)
_KINDS: dict[str, Literal["interval", "point"]] = {"IntervalTier": "interval", "TextTier": "point"}
_CLASSES = {kind: name for name, kind in _KINDS.items()}


class Entry(NamedTuple):
    """One labelled interval, in seconds; a point has equal ends."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier; names may repeat within a file."""

    name: str
    kind: Literal["interval", "point"]
    start: float
    end: float
    entries: tuple[Entry, ...]

    @property
    def filled(self) -> tuple[Entry, ...]:
        """The entries that have a text; intervals between them are written empty."""
        return tuple(e for e in self.entries if e.text.strip())


@dataclass(frozen=True, slots=True)
class TextGrid:
    """A file: its time span in seconds, and its tiers in order."""

    start: float
    end: float
    tiers: tuple[Tier, ...]


def parse(text: str, *, source: str) -> TextGrid:
    """Read the text of a TextGrid in the long or short form.

    Raises
    ------
    ParseError
        With the line, where something else stands than the form demands.
    """
    reading = _Reading(text.replace("\r\n", "\n").replace("\r", "\n"), source)
    reading.expect("ooTextFile", "ooTextFile short")
    reading.expect("TextGrid")
    start, end = reading.time(), reading.time()
    if reading.flag() != "exists":
        return TextGrid(start, end, ())
    return TextGrid(start, end, tuple(_tier(reading) for _ in range(reading.count())))


def _tier(reading: _Reading) -> Tier:
    kind = _KINDS[reading.expect(*_KINDS)]
    name, start, end = reading.string(), reading.time(), reading.time()
    entry = _interval if kind == "interval" else _point
    return Tier(name, kind, start, end, tuple(entry(reading) for _ in range(reading.count())))


def _interval(reading: _Reading) -> Entry:
    start, end = reading.time(), reading.time()
    if end < start:
        raise reading.error(f"an interval ends at {end}, before its start at {start}")
    return Entry(start, end, reading.string())


def _point(reading: _Reading) -> Entry:
    at = reading.time()
    return Entry(at, at, reading.string())


class _Reading:
    """The free-standing tokens of a file, taken one by one."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._at = 0

    def _take(self, kind: str, what: str) -> str:
        for match in self._tokens:
            self._at = match.start()
            if match.lastgroup == kind:
                return match[kind]
            if match.lastgroup == "open":
                raise self.error("a quote is opened and never closed: the file is cut off")
            if match.lastgroup != "comment":
                raise self.error(f"expected {what}")
        self._at = len(self._text)
        raise self.error(f"the file ends where {what} is expected")

    def string(self) -> str:
        return self._take("string", "a text in quotes").replace('""', '"')

    def number(self) -> float:
        return float(self._take("number", "a number"))

    def time(self) -> float:
        seconds = self.number()
        if not abs(seconds) * 1000 <= LONGEST_MS:
            raise self.error(f"{seconds:g} s is no time in a recording")
        return seconds

    def flag(self) -> str:
        return self._take("flag", "<exists>")

    def count(self) -> int:
        number = self.number()
        if number < 0 or number % 1 or number > len(self._text):
            raise self.error(f"{number:g} cannot be a number of items")
        return int(number)

    def expect(self, *strings: str) -> str:
        found = self.string()
        if found not in strings:
            raise self.error(f"expected {' or '.join(map(repr, strings))}")
        return found

    def error(self, problem: str) -> ParseError:
        start = self._text.rfind("\n", 0, self._at) + 1
        end = self._text.find("\n", self._at)
        around = max(start, self._at - 60)
        text = self._text[around : len(self._text) if end < 0 else end][:120]
        line = self._text.count("\n", 0, self._at) + 1
        return ParseError(problem, self._source, line, text, self._at - around)


def write(grid: TextGrid) -> bytes:
    """Write the long form in UTF-8; gaps between intervals become empty intervals.

    Raises
    ------
    UsageError
        When intervals of a tier overlap, which the form cannot hold.

    Examples
    --------
    >>> tier = Tier("C", "interval", 0.0, 2.0, (Entry(0.5, 1.0, 'so "what"'),))
    >>> parse(write(TextGrid(0.0, 2.0, (tier,))).decode(), source="x").tiers[0].filled
    (Entry(start=0.5, end=1.0, text='so "what"'),)
    """
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        f"xmin = {grid.start!r}",
        f"xmax = {grid.end!r}",
        "tiers? <exists>" if grid.tiers else "tiers? <absent>",
    ]
    if grid.tiers:
        lines += [f"size = {len(grid.tiers)}", "item []:"]
    for i, tier in enumerate(grid.tiers, start=1):
        lines += [f"    item [{i}]:", *(f"        {line}" for line in _tier_lines(tier))]
    return ("\n".join(lines) + "\n").encode()


def _tier_lines(tier: Tier) -> Iterator[str]:
    yield f'class = "{_CLASSES[tier.kind]}"'
    yield f"name = {_quoted(tier.name)}"
    yield f"xmin = {tier.start!r}"
    yield f"xmax = {tier.end!r}"
    if tier.kind == "point":
        yield f"points: size = {len(tier.entries)}"
        for i, entry in enumerate(tier.entries, start=1):
            yield from (f"points [{i}]:", f"    number = {entry.start!r}")
            yield f"    mark = {_quoted(entry.text)}"
        return
    entries = list(_without_gaps(tier))
    yield f"intervals: size = {len(entries)}"
    for i, entry in enumerate(entries, start=1):
        yield from (f"intervals [{i}]:", f"    xmin = {entry.start!r}", f"    xmax = {entry.end!r}")
        yield f"    text = {_quoted(entry.text)}"


def _without_gaps(tier: Tier) -> Iterator[Entry]:
    at = tier.start
    for entry in sorted(tier.entries, key=lambda e: (e.start, e.end)):
        if entry.start < at or entry.end > tier.end:
            raise UsageError(
                f"tier {tier.name!r}: the interval {entry.start} to {entry.end} overlaps another "
                "or leaves the tier; put overlapping talk on tiers of its own"
            )
        if entry.start > at:
            yield Entry(at, entry.start, "")
        yield entry
        at = entry.end
    if at < tier.end:
        yield Entry(at, tier.end, "")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
