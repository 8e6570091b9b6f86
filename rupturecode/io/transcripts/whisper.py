"""Whisper's JSON: openai, faster-whisper, WhisperX, whisper-timestamped, whisper.cpp and others.

Words may lack times, scores or speakers (numerals do in WhisperX), so only the segments
are relied on; words decide where one segment holds several speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import parse_json, records, words
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.whisper import parted, runs, segments_of, speaker_of, text_of, time_of
from rupturecode.io.parsers.words import Word, fill_words
from rupturecode.transcript.draft import Draft

NAME = "whisper"
#: What stands anywhere; each begins with its word, so that a search without it is done at once.
_WITHIN = tuple(
    re.compile(pattern)
    for pattern in (
        r'"segments"\s*:\s*\[\s*\{[^{}\[\]]*"(?:text|words|body)"\s*:',
        r'"transcription"\s*:\s*\[\s*\{\s*"(?:timestamps|offsets)"\s*:',
        r'"chunks"\s*:\s*\[\s*\{[^{}\[\]]*"timestamp"\s*:\s*\[',
        r'"speakers"\s*:\s*\[\s*\{[^{}\[\]]*"timestamp"\s*:\s*\[',
    )
)
#: What the file begins with.
_FIRST = re.compile(
    r'\s*\[\s*\{\s*"start"\s*:\s*[\d.]+\s*,\s*"(?:end|stop)"\s*:\s*[\d.]+\s*,\s*"text"\s*:'
    r'|\s*\{\s*"text"\s*:\s*"(?:[^"\\]|\\.)*+"\s*,\s*"words"\s*:\s*\[\s*\{\s*"word"\s*:'
    r'|\s*\{\s*"task"\s*:\s*"trans(?:cribe|late)"'
)
#: openai's file begins with the whole text, which may fill all that sniffing sees.
_TEXT_FIRST = re.compile(r'^\s*\{\s*"text"\s*:\s*"(?:[^"\\]|\\.)*+$')
SPLIT = "segment-split"
DIFFERS = "speaker-differs"


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON of one of the Whisper family."""
    del name
    text = preview(head)
    if _FIRST.match(text) or any(sign.search(text) for sign in _WITHIN):
        return True
    return len(head) > 1000 and bool(_TEXT_FIRST.match(text))


def read(data: bytes, *, source: str) -> Draft:
    """Read the segments; a segment whose words have several speakers is split between them.

    Raises
    ------
    ParseError
        When the JSON is malformed or holds no segments.

    Examples
    --------
    >>> read(b'{"segments": [{"start": 0, "end": 1.5, "text": " Hm."}]}', source="a.json").raws
    ['Hm.']
    """
    content = parse_json(data, source=source)
    draft = Draft(NAME, source, cues=True)
    found = segments_of(content, source)
    if isinstance(content, dict) and words(content.get("language")):
        draft.info["language"] = words(content["language"])
    for note in found.notes:
        draft.warn(note)
    if found.single:
        fill_words(draft, map(_word, found.pieces))
        return draft
    filling = _Filling(draft, source)
    for number, segment in enumerate(found.pieces, start=1):
        filling.add(segment, number)
    if not len(draft):
        raise ParseError("holds no segments with text", source)
    filling.tell()
    return draft


def _word(piece: dict[str, Any]) -> Word:
    start, end = time_of(piece.get("start")), time_of(piece.get("end"))
    return Word(text_of(piece).strip(), start, end, speaker_of(piece.get("speaker")))


@dataclass(slots=True)
class _Filling:
    """A draft as segments come in, and what has to be told of them."""

    draft: Draft
    source: str
    told: dict[str, int] = field(default_factory=dict)

    def add(self, segment: dict[str, Any], number: int) -> None:
        """Add a segment as one piece or, by its words' speakers, several."""
        spoken = records(segment.get("words"), "a segment's words", self.source)
        said = runs(spoken)
        text = words(segment.get("text")).strip()
        text = text or "".join(text_of(w, apart=True) for w in spoken).strip()
        if not text:
            return self._count("{} segments without text were left out")
        start, end = self._time(segment, "start", spoken), self._time(segment, "end", spoken[::-1])
        if len(said) > 1:
            return self._split(text, said, (start, end), number)
        speaker, theirs = speaker_of(segment.get("speaker")), said[0][0] if said else ""
        differs = bool(speaker and theirs and theirs != speaker)
        if differs:
            self._count(
                "in {} segments all words have another speaker than the segment; it was kept"
            )
        flags = (DIFFERS,) if differs else ()
        return self.draft.add(speaker or theirs, text, start, end, line=number, flags=flags)

    def _split(
        self,
        text: str,
        said: list[tuple[str, list[dict[str, Any]]]],
        times: tuple[int | None, int | None],
        number: int,
    ) -> None:
        texts = parted(text, [run for _, run in said])
        if texts is None:
            self._count("{} segments that were split have other words than their text says")
            texts = ["".join(text_of(w, apart=True) for w in run) for _, run in said]
        for i, ((speaker, run), part) in enumerate(zip(said, texts, strict=True)):
            start = times[0] if i == 0 else _first(run, "start")
            end = times[1] if i == len(said) - 1 else _first(run[::-1], "end")
            self.draft.add(speaker, part.strip(), start, end, line=number, flags=(SPLIT,))

    def _time(self, piece: dict[str, Any], which: str, spoken: list[dict[str, Any]]) -> int | None:
        value = piece.get(which)
        time = time_of(value)
        if time is None and value is not None:
            self._count("{} times of segments could not be read")
        return _first(spoken, which) if time is None else time

    def _count(self, what: str) -> None:
        self.told[what] = self.told.get(what, 0) + 1

    def tell(self) -> None:
        """Put what was counted into the warnings."""
        for what, n in self.told.items():
            self.draft.warn(what.format(n))


def _first(spoken: list[dict[str, Any]], which: str) -> int | None:
    return next((t for w in spoken if (t := time_of(w.get(which))) is not None), None)
