"""The sequences of a file of SDIS, as codings on turns or in time."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.extras import extra
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.sds_language import (
    HEADER,
    Codes,
    Unit,
    decoded,
    factor,
    meanings,
    units,
    without_comments,
)
from rupturecode.io.parsers.clock import LONGEST_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TIMED = re.compile(
    r"(?P<code>[^,=]*),(?P<on>[\d:.]+)(?P<dash>-)?(?P<off>[\d:.]+)?|(?P<name>[^,=]+)=(?P<for>[\d:.]+)"
)
_CLOCK = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)\.?")
EXAMINED = "% examined: whole sessions"


def parse(data: bytes, *, source: str) -> Project:
    """Read all sequences; those of events and multievents stand on turns, the others in time.

    Raises
    ------
    ParseError
        When the file is no SDIS, or its sequences are of intervals.
    """
    raw = decoded(data, source)
    text = without_comments(raw)
    header = HEADER.match(text)
    if header is None:
        raise ParseError("no SDIS file: it must begin with a type of data, 'Event ...;'", source, 1)
    kind = header[1].casefold().replace("-", "")
    if kind == "interval":
        raise ParseError("sequences of intervals have neither turns nor times", source, 1)
    said = meanings(raw)
    reading = _Reading(source, kind, Codes.of(header[2]), said, factor(header[2]))
    project = Project("gseq", source)
    found = list(units(text, header.end()))
    often, seen = Counter(u.label for u in found), Counter[str]()
    for unit in found:
        seen[unit.label] += 1
        number = f" {seen[unit.label]}" if often[unit.label] > 1 else ""
        name = f"{unit.label}{number}".strip() or "1"
        session, coder, *rest = _owner(said.get(f"<{unit.label}>")) or (name, "")
        more = extra("round", rest[0]) if rest else {}
        events = list(reading.events(unit)) if kind in ("event", "multievent") else None
        n_turns = None if events is None else len(events)
        project.documents.append(Document(name, session, n_turns=n_turns))
        if EXAMINED in raw or (n_turns is not None and not said):
            project.examined.append((name, coder))
        codings = reading.timed(unit) if events is None else reading.turns(events)
        for n, coding in enumerate((*codings, *reading.ratings(unit)), start=1):
            made = replace(coding, document=name, coder=coder or None, id=f"{name}.{n}", **more)
            project.codings.append(made)
    project.info = {
        "type": kind,
        "sequences": len(found),
        "events": len(project.codings),
        "conditions": any(u.levels for u in found),
    }
    return project


def _owner(said: Any) -> list[str] | None:  # noqa: ANN401 - what JSON may hold
    """Return the session and coder that a unit of ours is, and the round if not the first."""
    if isinstance(said, list) and len(said) in (2, 3) and all(isinstance(x, str) for x in said):
        return said
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    source: str
    kind: str
    codes: Codes
    meanings: Mapping[str, Any]
    factor: float

    def _names(self, code: str) -> tuple[str, ...]:
        """Return a code's names; none for our sign of a turn without codes."""
        ours = self.meanings.get(code)
        if isinstance(ours, str):
            return (ours,) if ours else ()
        longer = self.codes.longer.get(code)
        return (code, longer) if longer else (code,)

    def events(self, unit: Unit) -> Iterator[list[tuple[str, int]]]:
        """Yield the codes of each event; a point ends one of several."""
        event: list[tuple[str, int]] = []
        for word, line in (w for stream in unit.streams for w in stream):
            bare = word.removesuffix(".")
            if bare:
                event.append((bare, line))
            if self.kind == "event" or bare != word:
                yield event
                event = []
        if event:
            yield event

    def turns(self, events: list[list[tuple[str, int]]]) -> Iterator[Coding]:
        """Yield the codes of events, each on the turn of its number."""
        for turn, event in enumerate(events, start=1):
            for code, line in event:
                if names := self._names(code):
                    yield Coding("", names, first_turn=turn, line=line)

    def ratings(self, unit: Unit) -> Iterator[Coding]:
        """Yield the levels of a unit that are ratings of ours of the whole session."""
        for level in unit.levels:
            said = self.meanings.get(level)
            if isinstance(said, str) and said:
                yield Coding("", (said,))

    def timed(self, unit: Unit) -> Iterator[Coding]:
        """Yield codes with their times; one without an end lasts until the next of its set."""
        streams = [list(self._spells(stream)) for stream in unit.streams]
        moments = [t for stream in streams for s in stream for t in (s.on, s.off) if t is not None]
        for stream in streams:
            for at, spell in enumerate(stream):
                names = self._names(spell.code) if spell.code else ()
                if not names:
                    continue
                end = spell.off
                if end is None:
                    follow = (s.on for s in stream[at + 1 :] if self._ends(spell, s))
                    end = next(follow, max(moments))
                yield Coding("", names, start_ms=spell.on, end_ms=end, line=spell.line)

    def _ends(self, spell: _Spell, after: _Spell) -> bool:
        """Whether a later code (or the end of the stream) ends one that is open."""
        if not after.code:
            return True
        sets = self.codes.sets
        return sets.get(spell.code) == sets.get(after.code)

    def _spells(self, stream: list[tuple[str, int]]) -> Iterator[_Spell]:
        clock = 0
        for word, line in stream:
            match = _TIMED.fullmatch(word)
            if match is None:
                raise ParseError("neither a code with its time nor a time", self.source, line, word)
            if match["name"]:
                lasts = self._ms(match["for"], line)
                yield _Spell(match["name"], clock, clock + lasts, line)
                clock += lasts
                continue
            on = self._ms(match["on"], line)
            off = self._ms(match["off"], line) if match["off"] else None
            clock = on if not match["code"] else clock
            if off is None and not match["dash"] and self.kind == "timed":
                off = on  # a moment
            yield _Spell(match["code"], on, off, line)

    def _ms(self, text: str, line: int) -> int:
        match = _CLOCK.fullmatch(text)
        if match is None:
            raise ParseError(f"{text[:40]!r} is no time", self.source, line)
        hours, minutes, seconds = match.groups()
        plain = float(seconds) if minutes else float(seconds) * self.factor
        moment = round(1000 * (plain + 60 * int(minutes or 0) + 3600 * int(hours or 0)))
        if moment > LONGEST_MS:
            raise ParseError(
                f"the time {text[:40]} is longer than any recording", self.source, line
            )
        return moment


@dataclass(frozen=True, slots=True)
class _Spell:
    """A code from one moment to another; without a code, a moment at an edge of the stream."""

    code: str
    on: int
    off: int | None
    line: int
