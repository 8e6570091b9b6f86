"""BBC Kaldi JSON, with or without speaker segments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, with_speakers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"retval"\s*:\s*\{|^\s*\{\s*"segmentation"\s*:\s*\{')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give each word the speaker of the last segment that begins before it."""
    if isinstance(content, dict) and isinstance(content.get("retval"), dict):
        content = content["retval"]
    if not isinstance(content, dict) or "words" not in content:
        raise ParseError("holds no words; speaker segments alone are not a transcript", source)
    parts = content.get("segmentation")
    found = records(parts.get("segments"), "segments", source) if isinstance(parts, dict) else []
    segments = ((seconds(s.get("start")), _speaker(s)) for s in found)
    spoken = (_word(word) for word in records(content["words"], "words", source))
    for word, _ in with_speakers(spoken, segments):
        yield word


def _word(word: dict[str, Any]) -> Word:
    text = words(word.get("punct")) or words(word.get("word"))
    return Word(text, seconds(word.get("start")), seconds(word.get("end")))


def _speaker(segment: dict[str, Any]) -> str:
    speaker = segment.get("speaker")
    return words(speaker.get("@id")) if isinstance(speaker, dict) else words(speaker)


_FORMAT = Recogniser("kaldi", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
