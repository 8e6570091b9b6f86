"""BBC Kaldi JSON, with or without speaker segments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import parse_json, records, seconds, words
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.words import PAUSE_MS, Word, fill_words
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "kaldi"
_SIGN = re.compile(r'"retval"\s*:\s*\{|^\s*\{\s*"segmentation"\s*:\s*\{')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON of the BBC's Kaldi service."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the punctuated words with the speakers of their segments.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    pause_ms
        A silence of this length ends a piece; pieces of one speaker are joined to turns later.

    Raises
    ------
    ParseError
        When the JSON is malformed or not of this kind.

    Examples
    --------
    >>> data = b'{"words": [{"word": "hm", "punct": "Hm.", "start": 0.1, "end": 0.4}]}'
    >>> read(data, source="s01.json").raws
    ['Hm.']
    """
    content = parse_json(data, source=source)
    if isinstance(content, dict) and isinstance(content.get("retval"), dict):
        content = content["retval"]
    if not isinstance(content, dict) or "words" not in content:
        raise ParseError("holds no words; speaker segments alone are not a transcript", source)
    draft = Draft(NAME, source)
    fill_words(draft, _words(content, source), pause_ms=pause_ms)
    return draft


def _words(content: dict[str, Any], source: str) -> Iterator[Word]:
    """Give each word the speaker of the last segment that begins before it."""
    parts = content.get("segmentation")
    found = records(parts.get("segments"), "segments", source) if isinstance(parts, dict) else []
    segments = iter((seconds(s.get("start")), _speaker(s)) for s in found)
    speaker, upcoming = "", next(segments, None)
    for word in records(content["words"], "words", source):
        start = seconds(word.get("start"))
        while upcoming and (upcoming[0] is None or (start is not None and upcoming[0] <= start)):
            speaker, upcoming = upcoming[1], next(segments, None)
        text = words(word.get("punct")) or words(word.get("word"))
        yield Word(text, start, seconds(word.get("end")), speaker)


def _speaker(segment: dict[str, Any]) -> str:
    speaker = segment.get("speaker")
    return words(speaker.get("@id")) if isinstance(speaker, dict) else words(speaker)
