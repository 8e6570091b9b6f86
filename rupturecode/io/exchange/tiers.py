"""Codings as tiers along a recording: one per code, speaker and coder.

A tier is called ``code@speaker_coder`` (``code@coder`` for stretches of several speakers),
with ``~2`` after it where stretches overlap; ``session:code@coder`` holds ratings of the
whole session. The text of a stretch is the value as one would type it, ``x`` for a plain
code. Tiers of other people may hold names of codes instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.io.exchange.extras import extras
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.places import turn_times

if TYPE_CHECKING:
    from collections.abc import Collection

    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Transcript

_AGAIN = re.compile(r"~\d+$")
WHOLE = "session:"
PLAIN = "x"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One coding on a tier."""

    start_ms: int
    end_ms: int
    text: str
    note: str = ""
    id: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    """Round, evidence and confidence, where said."""


@dataclass(slots=True)
class Tier:
    """One tier to be written."""

    name: str
    speaker: str
    coder: str
    stretches: list[Stretch] = field(default_factory=list)
    layer: str = ""
    """The code; ``session:code`` for ratings of the whole session."""
    lane: int = 1
    """Of tiers that would be one if their stretches did not overlap, the how manieth."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a tier's name says."""

    layer: str
    coder: str
    speaker: str
    whole: bool


def named(name: str, *, coder: str = "", speaker: str = "", known: Collection[str] = ()) -> Named:
    """Take a tier's name apart, with what the file says besides.

    Examples
    --------
    >>> named("withdrawal@C_AK~2", known=["C", "T"])
    Named(layer='withdrawal', coder='AK', speaker='C', whole=False)
    >>> named("rupture")
    Named(layer='rupture', coder='', speaker='', whole=False)
    """
    layer, _, rest = _AGAIN.sub("", name).partition("@")
    if coder and rest.endswith(f"_{coder}"):
        speaker, rest = speaker or rest.removesuffix(f"_{coder}"), coder
    for who in sorted({*known, speaker} - {""}, key=len, reverse=True):
        if rest.startswith(f"{who}_"):
            speaker, rest = who, rest.removeprefix(f"{who}_")
            break
    whole = layer.startswith(WHOLE)
    return Named(layer.removeprefix(WHOLE), coder or rest, speaker, whole)


def names_of(layer: str, text: str) -> tuple[str, ...]:
    """Return what a stretch's code may be called: the tier with a value, the text, the tier.

    Examples
    --------
    >>> names_of("quality", "2"), names_of("withdrawal", "")
    (('quality = 2', '2'), ('withdrawal',))
    """
    return (f"{layer} = {text}", text) if text else (layer,)


def speech(talk: Transcript) -> dict[str, list[tuple[int, int, str]]]:
    """Return turns that have times, per speaker; of turns that overlap on one tier the first."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    begins, finishes = turn_times(talk)
    said = zip(begins, finishes, talk.turns["speaker"], talk.turns["text"], strict=True)
    for start, end, speaker, text in said:
        mine = found.setdefault(speaker.replace("@", " at ") or "speech", [])
        if end > start and (not mine or mine[-1][1] <= start):
            mine.append((int(start), int(end), text))
    return {speaker: rows for speaker, rows in found.items() if rows}


@dataclass(slots=True)
class Tiers:
    """All tiers of a session, and what has no time to stand on one."""

    tiers: list[Tier]
    untimed: int


@dataclass(frozen=True, slots=True)
class Timed:
    """An annotation with the time it takes, and who speaks where it is a single turn."""

    row: dict[str, Any]
    start_ms: int
    end_ms: int
    speaker: str

    @property
    def whole(self) -> bool:
        """Whether it is a rating of the whole session."""
        return bool(self.row["kind"] == "session")


def timed(rows: list[dict[str, Any]], talk: Transcript) -> list[Timed]:
    """Return the annotations of a session that stand on turns with times."""
    begins, finishes = turn_times(talk)
    at = {int(n): i for i, n in enumerate(talk.turns["turn"])}
    speakers = talk.turns["speaker"].tolist()
    session = (np.fmin.reduce(begins, initial=np.nan), np.fmax.reduce(finishes, initial=np.nan))
    found = []
    for row in rows:
        whole = row["kind"] == "session"
        first, last = (0, 0) if whole else (at[row["first_turn"]], at[row["last_turn"]])
        start, end = session if whole else (begins[first], finishes[last])
        if start < end:  # neither is unknown
            speaker = speakers[first] if first == last and not whole else ""
            found.append(Timed(row, int(start), int(end), speaker))
    return found


def lay(rows: list[dict[str, Any]], talk: Transcript, book: Codebook) -> Tiers:
    """Lay a session's annotations out on tiers."""
    by_name: dict[tuple[str, str, str], list[Stretch]] = {}
    found = timed(rows, talk)
    for one in found:
        row = one.row
        layer = f"{WHOLE if one.whole else ''}{row['code']}"
        note = row["note"] if isinstance(row["note"], str) else ""
        said = cell(row, book) or PLAIN
        stretch = Stretch(one.start_ms, one.end_ms, said, note, str(row["id"]), extras(row))
        by_name.setdefault((layer, one.speaker, str(row["coder"])), []).append(stretch)
    tiers = [t for key, stretches in by_name.items() for t in _lanes(*key, stretches)]
    return Tiers(tiers, len(rows) - len(found))


def _lanes(layer: str, speaker: str, coder: str, stretches: list[Stretch]) -> list[Tier]:
    """Spread stretches over as many tiers as it takes for none to overlap."""
    lanes: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: (s.start_ms, s.end_ms)):
        for lane in lanes:
            if lane[-1].end_ms <= stretch.start_ms and lane[-1].start_ms < stretch.start_ms:
                lane.append(stretch)
                break
        else:
            lanes.append([stretch])
    owner = f"{speaker}_{coder}" if speaker else coder
    ends = ["", *(f"~{n}" for n in range(2, len(lanes) + 1))]
    return [
        Tier(f"{layer}@{owner}{end}", speaker, coder, lane, layer, number)
        for number, (end, lane) in enumerate(zip(ends, lanes, strict=True), start=1)
    ]
