"""The events of a BORIS project: starts and stops paired, times put back on the recording's."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.extras import extra
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import WHOLE
from rupturecode.io.parsers.clock import LONGEST_MS
from rupturecode.io.parsers.jsonsafe import parse_json, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHO = ("coder", "observer", "annotator", "rater")
_AGAIN = re.compile(r"(?:#\d+)?(?:~\d+)?$")
#: What BORIS writes where a set of modifiers was offered and none was chosen.
NO_MODIFIER = "None"
#: The independent variable, and its value, by which we say who went through all of a session.
EXAMINED, ALL = "examined", "whole session"


def parse(data: bytes, *, source: str) -> Project:
    """Read the events of all observations, starts and stops paired.

    Raises
    ------
    ParseError
        When the file is malformed or is no project of BORIS.
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or not isinstance(content.get("observations"), dict):
        raise ParseError("no project of BORIS: it has no observations", source)
    states = _states(content.get("behaviors_conf"))
    project = Project("boris", source)
    n_events = unpaired = untimed = 0
    for name, observation in content["observations"].items():
        if not isinstance(observation, dict):
            raise ParseError(f"observation {name!r} is no object", source)
        variables = _variables(observation)
        coder = next((v for k, v in variables.items() if k.casefold() in _WHO and v), None)
        project.documents.append(Document(name, _session(name, coder)))
        if coder and variables.get(EXAMINED) == ALL:
            project.examined.append((name, coder))
        pairing = _Pairing(name, coder, _offset(observation), states, source)
        events = observation.get("events")
        rows = events if isinstance(events, list) else []
        n_events += len(rows)
        timed = [(at, row) for row in rows if (at := pairing.time(row)) is not None]
        untimed += len(rows) - len(timed)
        for at, row in sorted(timed, key=lambda x: x[0]):
            pairing.take(at, row)
        more = extra("round", variables.get("round", ""))
        found = (*pairing.finished(), *_ratings(variables, name, coder))
        project.codings += [replace(coding, **more) for coding in found]
        unpaired += pairing.unpaired
    for n, what in (
        (unpaired, "state events have a start without a stop"),
        (untimed, "events on pictures have no time and were not read"),
    ):
        if n:
            project.warnings.append(f"{n} {what}")
    project.info = {
        "observations": len(project.documents),
        "events": n_events,
        "unpaired": unpaired,
        "untimed": untimed,
        "time_format": words(content.get("time_format")),
    }
    return project


def _states(behaviors: object) -> frozenset[str]:
    """Codes that last, from the ethogram."""
    found = behaviors.values() if isinstance(behaviors, dict) else ()
    return frozenset(
        words(b.get("code"))
        for b in found
        if isinstance(b, dict) and "state" in words(b.get("type")).casefold()
    )


def _variables(observation: dict[str, Any]) -> dict[str, str]:
    """Return the independent variables; labs keep the observer there."""
    about = observation.get("independent_variables")
    return {k: words(v) for k, v in about.items()} if isinstance(about, dict) else {}


def _session(name: str, coder: str | None) -> str:
    """Take off what we put behind the session's name so that every coder has an observation.

    Examples
    --------
    >>> _session("s01@AK#2~2", "AK"), _session("morning@lab", "AK")
    ('s01', 'morning@lab')
    """
    bare = _AGAIN.sub("", name, count=1)
    return bare.removesuffix(f"@{coder}") if coder and bare.endswith(f"@{coder}") else name


def _offset(observation: dict[str, Any]) -> float:
    value = observation.get("time offset")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _ratings(variables: dict[str, str], document: str, coder: str | None) -> Iterator[Coding]:
    """Return ratings of the whole session, which we keep as independent variables."""
    for key, value in variables.items():
        code = key.removeprefix(WHOLE)
        if code != key and value and not code.endswith(" note"):
            note = variables.get(f"{key} note", "")
            names = (f"{code} = {value}",)
            yield Coding(document, names, coder, note=note, id=f"{document}.{key}")


def _names(code: str, modifiers: str) -> tuple[str, ...]:
    """Return the names of an event: with all its modifiers, with the only one, without.

    Examples
    --------
    >>> _names("quality", "4|None"), _names("withdrawal", "")
    (('quality = 4|None', 'quality = 4', 'quality'), ('withdrawal',))
    """
    chosen = [m.strip() for m in modifiers.split("|") if m.strip() not in ("", NO_MODIFIER)]
    said = [modifiers, *chosen] if len(chosen) == 1 else [modifiers] * bool(chosen)
    return tuple(dict.fromkeys([*(f"{code} = {m}" for m in said), code]))


@dataclass(slots=True)
class _Pairing:
    document: str
    coder: str | None
    offset: float
    states: frozenset[str]
    source: str
    unpaired: int = 0
    _open: dict[tuple[str, str, str], Coding] = field(default_factory=dict)
    _done: list[Coding] = field(default_factory=list)

    def take(self, at: int, row: list[Any]) -> None:
        """Take one event: time, subject, code, modifiers, comment; in order of time."""
        subject, code, modifiers, comment = (words(x) for x in [*row[1:5], "", ""][:4])
        key = (subject, code, modifiers)
        started = self._open.pop(key, None)
        if started is not None:
            note = " | ".join(filter(None, (started.note, comment)))
            self._done.append(replace(started, end_ms=at, note=note))
            return
        number = f"{self.document}.{len(self._done) + len(self._open) + 1}"
        made = Coding(
            self.document, _names(code, modifiers), self.coder, start_ms=at, end_ms=at,
            speaker=subject, note=comment, id=number,
        )  # fmt: skip
        if code in self.states:
            self._open[key] = made
        else:
            self._done.append(made)

    def time(self, row: object) -> int | None:
        """Return an event's time on the recording in ms; None for a picture without one.

        BORIS adds an observation's offset to the times it stores, so it is taken off again.
        """
        if not isinstance(row, list) or len(row) < 3:
            raise ParseError(f"an event of {self.document!r} has no time and code", self.source)
        value = row[0]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParseError(f"an event of {self.document!r} has no time", self.source)
        if math.isnan(value):
            return None
        moment = (value - self.offset) * 1000
        if not abs(moment) <= LONGEST_MS:  # also false for infinity less infinity
            raise ParseError(f"an event of {self.document!r} has the time {value}", self.source)
        return max(0, round(moment))

    def finished(self) -> list[Coding]:
        """Return all events; states that never stopped count as moments."""
        self.unpaired = len(self._open)
        return [*self._done, *self._open.values()]
