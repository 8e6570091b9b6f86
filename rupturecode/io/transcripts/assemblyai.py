"""AssemblyAI JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import milliseconds, records, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"audio_url"\s*:')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words of the utterances, or all words where speakers were not told apart."""
    if not isinstance(content, dict) or "audio_url" not in content:
        raise ParseError("not an AssemblyAI file: there is no audio_url", source)
    utterances = records(content.get("utterances"), "utterances", source)
    for utterance in utterances:
        speaker = words(utterance.get("speaker"))
        spoken = records(utterance.get("words"), "an utterance's words", source)
        if spoken:
            for i, word in enumerate(spoken):
                yield _timed(word)._replace(speaker=speaker, opens=i == 0)
        else:
            start, end = milliseconds(utterance.get("start")), milliseconds(utterance.get("end"))
            yield from phrase(words(utterance.get("text")), start, end, speaker)
    if not utterances:
        yield from map(_timed, records(content.get("words"), "words", source))


def _timed(word: dict[str, Any]) -> Word:
    start, end = milliseconds(word.get("start")), milliseconds(word.get("end"))
    return Word(words(word.get("text")), start, end, words(word.get("speaker")))


_FORMAT = Recogniser(
    "assemblyai",
    _SIGN,
    _spoken,
    telling=('"acoustic_model"', '"language_model"', '"speech_model"', '"utterances"'),
)
sniff, read = _FORMAT.sniff, _FORMAT.read
