"""ElevenLabs Scribe JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"language_code"\s*:')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words and events; between words the spaces are told too, where there are any."""
    if not isinstance(content, dict) or "words" not in content:
        raise ParseError("not an ElevenLabs file: there are no words", source)
    spoken = records(content["words"], "words", source)
    if not all("type" in word for word in spoken):
        raise ParseError("not an ElevenLabs file: there are words without a type", source)
    apart, speaker = True, ""
    for word in spoken:
        text, told = words(word.get("text")), words(word.get("speaker_id"))
        if word.get("type") == "spacing":
            apart = True
            continue
        glued = not apart and told == speaker
        yield Word(text, seconds(word.get("start")), seconds(word.get("end")), told, glued=glued)
        apart, speaker = word.get("type") == "audio_event", told


_FORMAT = Recogniser(
    "elevenlabs", _SIGN, _spoken, telling=('"spacing"', '"logprob"', '"speaker_id"')
)
sniff, read = _FORMAT.sniff, _FORMAT.read
