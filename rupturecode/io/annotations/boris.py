"""BORIS projects (JSON): events of observations, one per subject and behavior.

State events are starts and stops that have to be paired; what has no pair is told. Written
projects have an observation per session, coder and round (``s01@AK``, ``s01@AK#2``; ``s01@AK~2``
where stretches of one code overlap, which BORIS could not pair).

References
----------
Friard, O. & Gamba, M. (2016). BORIS: a free, versatile open-source event-logging software.
Methods in Ecology and Evolution 7, 1325-1330. Project format 7.0.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.boris_events import ALL, EXAMINED, NO_MODIFIER, parse
from rupturecode.io.exchange.losses import Written, losses, whole_sessions
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import by_session, needs_corpus, passes
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.tiers import PLAIN, WHOLE, lay
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Code
    from rupturecode.io.exchange.tiers import Tier
    from rupturecode.transcript import Corpus, Transcript

__all__ = ["parse", "read", "sniff", "write"]
_SIGN = re.compile(r'"(?:behaviors_conf|subjects_conf|project_format_version)"\s*:')
_LONG_AGO = "1980-01-01T00:00:00"
#: Signs that part modifiers from one another or from their keys, so that none may hold them.
_PARTS = ("|", ",", " (")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a project of BORIS."""
    text = preview(head)
    del name
    return text.lstrip().startswith("{") and _SIGN.search(text) is not None


#: Read the events of a BORIS project; times are laid on the turns' times.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the events are, where no independent variable (coder, observer) says it.",
    "codes": 'Behaviors (``"code = modifiers"`` or code) to codes, None to leave out.',
    "sessions": "Names of observations to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a project with an observation per session, coder and round; values are modifiers.

    Ratings of whole sessions become independent variables (``session:quality``).

    Raises
    ------
    UsageError
        Without a corpus.
    """
    out = _Writing(notes, needs_corpus(corpus, "boris"))
    # ASCII alone, because BORIS opens it in whatever encoding the computer has
    body = json.dumps(out.project(), indent=1).encode("ascii")
    holds = ["note", "round", *(["coverage"] if out.whole else [])]
    lost = list(losses(notes, holds=holds, chars=False))
    if out.untimed:
        lost.append(f"{out.untimed} annotations on turns without times")
    return Written({"project.boris": body}, tuple(lost))


class _Writing:
    """One project, built from the bottom: observations, then what they name."""

    def __init__(self, notes: Annotations, corpus: Corpus) -> None:
        self._notes, self._corpus, self._book = notes, corpus, notes.codebook
        self.whole = whole_sessions(notes)
        self.untimed = 0
        self._behaviors: dict[str, dict[str, None]] = {}
        self._subjects: dict[str, None] = {}
        self._variables: dict[str, None] = {"coder": None}

    def project(self) -> dict[str, Any]:
        """Return all of the project as BORIS keeps it."""
        observations = self._observations()
        parents = dict.fromkeys(c.parent for c in self._book if c.parent)
        return {
            "time_format": "hh:mm:ss",
            "project_date": _LONG_AGO,
            "project_name": self._book.title,
            "project_description": f"{self._book.id} {self._book.version}",
            "project_format_version": "7.0",
            "subjects_conf": _numbered(
                {"key": "", "name": name, "description": ""} for name in self._subjects
            ),
            "behaviors_conf": _numbered(self._ethogram()),
            "observations": observations,
            "behavioral_categories": list(parents),
            "behavioral_categories_config": _numbered({"name": p, "color": ""} for p in parents),
            "independent_variables": _numbered(
                {"label": v, "description": "", "type": "text"}
                | {"default value": "", "possible values": ""}
                for v in self._variables
            ),
            "coding_map": {},
            "behaviors_coding_map": [],
            "converters": {},
        }

    def _observations(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        saw = passes(self._notes)
        for talk, rows in by_session(self._notes, self._corpus, words=False):
            for coder, number in saw.get(talk.session, ()):
                mine = [r for r in rows if (r["coder"], r["round"]) == (coder, number)]
                name = f"{talk.session}@{coder}{f'#{number}' if number != 1 else ''}"
                about = {"coder": coder, **({"round": str(number)} if number != 1 else {})}
                for lane, observation in self._lanes(talk, about, mine).items():
                    found[f"{name}~{lane}" if lane > 1 else name] = observation
        return found

    def _lanes(
        self, talk: Transcript, about: dict[str, str], rows: list[dict[str, Any]]
    ) -> dict[int, dict[str, Any]]:
        """Return a coder's observations of a session: more than one where stretches overlap."""
        about = {**about, **({EXAMINED: ALL} if self.whole else {})}
        found = {1: _observation(about)}
        timed = lay([r for r in rows if r["kind"] != "session"], talk, self._book)
        self.untimed += timed.untimed
        for tier in timed.tiers:
            here = found.setdefault(tier.lane, _observation(about))
            here["events"] += self._events(tier)
        given: dict[str, int] = {}
        for row in (r for r in rows if r["kind"] == "session"):
            label = f"{WHOLE}{row['code']}"
            given[label] = given.get(label, 0) + 1
            here = found.setdefault(given[label], _observation(about))["independent_variables"]
            here[label] = cell(row, self._book) or PLAIN
            if isinstance(row["note"], str) and row["note"]:
                here[f"{label} note"] = row["note"]
        for one in found.values():
            one["events"].sort(key=lambda event: event[0])  # a stop stays before the next start
            self._variables |= dict.fromkeys(one["independent_variables"])
        return dict(sorted(found.items()))

    def _events(self, tier: Tier) -> Iterator[list[Any]]:
        """Yield a start and a stop per stretch."""
        if tier.speaker:
            self._subjects.setdefault(tier.speaker)
        for stretch in tier.stretches:
            behavior, modifier = self._said(tier.layer, stretch.text)
            used = self._behaviors.setdefault(behavior, {})
            if modifier:
                used.setdefault(modifier)
            for at, comment in ((stretch.start_ms, stretch.note), (stretch.end_ms, "")):
                yield [at / 1000, tier.speaker, behavior, modifier, comment]

    def _said(self, code: str, text: str) -> tuple[str, str]:
        """Return behavior and modifier; what modifiers cannot hold is a behavior of its own."""
        if self._book[code].scale.kind == "presence":
            return (code if text == PLAIN else f"{code} = {text}"), ""
        if text == NO_MODIFIER or any(sign in text for sign in _PARTS):
            return f"{code} = {text}", ""
        return code, text

    def _ethogram(self) -> Iterator[dict[str, Any]]:
        """Yield the codes, and the values that stand for themselves."""
        codes = [c.id for c in self._book if not c.heading]
        for name in dict.fromkeys([*codes, *self._behaviors]):
            code = self._book[name.partition(" = ")[0]]
            values = self._behaviors.get(name, {})
            if name in codes:
                typed = (f"{v:.15g}" if isinstance(v, float) else str(v) for v in _values(code))
                plain = [v for v in typed if self._said(name, v) == (name, v)]
                values = dict.fromkeys([*plain, *values])
            sets = {"0": {"name": code.id, "type": 0, "values": list(values)}} if values else {}
            yield {
                "type": "State event", "key": "", "code": name, "description": code.definition,
                "color": "", "category": code.parent or "", "modifiers": sets, "excluded": "",
                "coding map": "",
            }  # fmt: skip


def _values(code: Code) -> Sequence[object]:
    """Return the values that a coder may choose from."""
    scale = code.scale
    if scale.kind == "nominal":
        return scale.categories
    if scale.kind == "ordinal" and scale.low is not None and scale.high is not None:
        return range(int(scale.low), int(scale.high) + 1)
    return ()


def _observation(about: Mapping[str, str]) -> dict[str, Any]:
    """Return an observation without events, as BORIS makes one of a live session."""
    return {
        "file": {}, "type": "LIVE", "date": _LONG_AGO, "description": "", "time offset": 0.0,
        "events": [], "observation time interval": [0, 0], "independent_variables": dict(about),
        "visualize_spectrogram": False, "visualize_waveform": False,
        "close_behaviors_between_videos": False, "scan_sampling_time": 0,
        "start_from_current_time": False, "start_from_current_epoch_time": False,
    }  # fmt: skip


def _numbered(items: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(number): item for number, item in enumerate(items)}
