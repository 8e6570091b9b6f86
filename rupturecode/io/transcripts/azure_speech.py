"""Azure AI Speech JSON, of batch and of fast transcription."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import milliseconds, records, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    #: Text, start, length, speaker and channel of a phrase.
    _Told = tuple[str, int | None, int | None, str, str]

_SIGN = re.compile(r'"(?:combinedRecognizedPhrases|recognizedPhrases|combinedPhrases)"\s*:')
_TICKS = 10_000


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the phrases as they are to be shown, in order of time."""
    if isinstance(content, dict) and "recognizedPhrases" in content:
        found = records(content["recognizedPhrases"], "recognizedPhrases", source)
        told = [_batch(one, source) for one in found]
    elif isinstance(content, dict) and "phrases" in content:
        told = [_fast(one) for one in records(content["phrases"], "phrases", source)]
    else:
        raise ParseError("not an Azure Speech file: there are no phrases", source)
    several = len({channel for *_, channel in told}) > 1
    for text, start, length, speaker, channel in sorted(told, key=lambda one: one[1] or 0):
        end = None if start is None or length is None else start + length
        who = f"channel {channel}" if several and not speaker else speaker
        yield from phrase(text, start, end, who)


def _batch(one: dict[str, Any], source: str) -> _Told:
    best = next(iter(records(one.get("nBest"), "nBest", source)), {})
    text = words(best.get("display")) or words(best.get("lexical"))
    start, length = (
        milliseconds(ticks / _TICKS) if isinstance(ticks, int | float) else None
        for ticks in (one.get("offsetInTicks"), one.get("durationInTicks"))
    )
    return text, start, length, words(one.get("speaker")), words(one.get("channel"))


def _fast(one: dict[str, Any]) -> _Told:
    start = milliseconds(one.get("offsetMilliseconds"))
    length = milliseconds(one.get("durationMilliseconds"))
    speaker, channel = words(one.get("speaker")), words(one.get("channel"))
    return words(one.get("text")), start, length, speaker, channel


_FORMAT = Recogniser("azure_speech", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
