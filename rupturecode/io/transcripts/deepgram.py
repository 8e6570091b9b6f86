"""Deepgram JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"channels"\s*:\s*\[\s*\{\s*"alternatives"|"transaction_key"\s*:')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words; where each speaker has a channel, those of the utterances in their order."""
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, dict) or "channels" not in results:
        raise ParseError("not a Deepgram file: there is no results.channels", source)
    channels = records(results["channels"], "results.channels", source)
    if len(channels) == 1:
        yield from _of_channel(channels[0], "", source)
        return
    utterances = records(results.get("utterances"), "results.utterances", source)
    for utterance in utterances:
        start, end = seconds(utterance.get("start")), seconds(utterance.get("end"))
        speaker = _speaker(utterance, f"channel {words(utterance.get('channel'))}")
        yield from phrase(words(utterance.get("transcript")), start, end, speaker)
    if not utterances:
        told = [
            word
            for number, channel in enumerate(channels)
            for word in _of_channel(channel, f"channel {number}", source)
        ]
        yield from sorted(told, key=lambda word: word.start_ms or 0)


def _of_channel(channel: dict[str, Any], name: str, source: str) -> Iterator[Word]:
    choices = records(channel.get("alternatives"), "alternatives", source)
    for word in records(choices[0].get("words"), "words", source) if choices else ():
        text = words(word.get("punctuated_word")) or words(word.get("word"))
        start, end = seconds(word.get("start")), seconds(word.get("end"))
        yield Word(text, start, end, _speaker(word, name))


def _speaker(told: dict[str, Any], channel: str) -> str:
    return " speaker ".join(part for part in (channel, words(told.get("speaker"))) if part)


_FORMAT = Recogniser("deepgram", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
