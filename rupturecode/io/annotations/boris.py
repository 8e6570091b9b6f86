"""BORIS projects (JSON), read only: events of observations, one per subject and behavior.

State events come as starts and stops that have to be paired; what has no pair is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.clock import LONGEST_MS
from rupturecode.io.parsers.jsonsafe import parse_json, words
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_SIGN = re.compile(r'"(?:behaviors_conf|subjects_conf|project_format_version)"\s*:')
_WHO = ("coder", "observer", "annotator", "rater")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a project of BORIS."""
    text = preview(head)
    del name
    return text.lstrip().startswith("{") and _SIGN.search(text) is not None


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
    n_events = unpaired = 0
    for name, observation in content["observations"].items():
        if not isinstance(observation, dict):
            raise ParseError(f"observation {name!r} is no object", source)
        project.documents.append(Document(name, name))
        events = observation.get("events")
        rows = events if isinstance(events, list) else []
        n_events += len(rows)
        pairing = _Pairing(name, _coder(observation), _offset(observation), states, source)
        for at, row in sorted(((pairing.time(r), r) for r in rows), key=lambda x: x[0]):
            pairing.take(at, row)
        project.codings += pairing.finished()
        unpaired += pairing.unpaired
    if unpaired:
        project.warnings.append(f"{unpaired} state events have a start without a stop")
    project.info = {
        "observations": len(project.documents),
        "events": n_events,
        "unpaired": unpaired,
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


def _coder(observation: dict[str, Any]) -> str | None:
    """Return the observer, where the lab keeps one as an independent variable."""
    about = observation.get("independent_variables")
    for key, value in about.items() if isinstance(about, dict) else ():
        if str(key).casefold() in _WHO and words(value):
            return words(value)
    return None


def _offset(observation: dict[str, Any]) -> float:
    value = observation.get("time offset")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


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
            self._done.append(_until(started, at, note))
            return
        names = (f"{code} = {modifiers}", code) if modifiers and modifiers != "None" else (code,)
        number = f"{self.document}.{len(self._done) + len(self._open) + 1}"
        made = Coding(
            self.document, names, self.coder, start_ms=at, end_ms=at, speaker=subject,
            note=comment, id=number,
        )  # fmt: skip
        if code in self.states:
            self._open[key] = made
        else:
            self._done.append(made)

    def time(self, row: object) -> int:
        """Return an event's time in ms; the file need not be in order of time."""
        if not isinstance(row, list) or len(row) < 3:
            raise ParseError(f"an event of {self.document!r} has no time and code", self.source)
        value = row[0]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ParseError(f"an event of {self.document!r} has no time", self.source)
        moment = (value + self.offset) * 1000
        if not abs(moment) <= LONGEST_MS:  # also false for NaN
            raise ParseError(f"an event of {self.document!r} has the time {value}", self.source)
        return max(0, round(moment))

    def finished(self) -> list[Coding]:
        """Return all events; states that never stopped count as moments."""
        self.unpaired = len(self._open)
        return [*self._done, *self._open.values()]


def _until(started: Coding, end_ms: int, note: str) -> Coding:
    from dataclasses import replace

    first, last = sorted((started.start_ms or 0, end_ms))
    return replace(started, start_ms=first, end_ms=last, note=note)


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Read the events of a BORIS project; times are laid on the turns' times.

    Parameters
    ----------
    data, source
        The file and its name.
    codebook, corpus
        What it is about.
    coder
        Whose the events are, where no independent variable (coder, observer) says it.
    codes
        Behaviors (``"code = modifiers"`` or code) to codes, None to leave out.
    sessions
        Names of observations to sessions.

    Raises
    ------
    ParseError
        When the file is malformed or is no project of BORIS.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
