"""Speechmatics JSON, first and second version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, with_speakers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'^\s*\{\s*"(?:job|format)"\s*:')
_PUNCTUATION = frozenset([".", ",", "?", "!", ":", ";"])


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    if isinstance(content, dict) and "results" in content:
        return _second(records(content["results"], "results", source), source)
    if isinstance(content, dict) and "words" in content:
        return _first(content, source)
    raise ParseError("not a Speechmatics file: there are neither words nor results", source)


def _first(content: dict[str, Any], source: str) -> Iterator[Word]:
    """Version 1: words and speaker stretches lie side by side, in order of time."""
    turns = (
        (seconds(s.get("time")), words(s.get("name")))
        for s in records(content.get("speakers"), "speakers", source)
    )
    spoken = map(_timed, records(content["words"], "words", source))
    for word, _ in with_speakers(spoken, turns):
        yield word


def _timed(word: dict[str, Any]) -> Word:
    text, start = words(word.get("name")), seconds(word.get("time"))
    length = seconds(word.get("duration"))
    end = None if start is None or length is None else start + length
    return Word(text, start, end, glued=text in _PUNCTUATION)


def _second(results: list[dict[str, Any]], source: str) -> Iterator[Word]:
    """Version 2: each result is a word or a mark, with its speaker."""
    speaker = ""
    for result in results:
        choices = records(result.get("alternatives"), "alternatives", source)
        best = choices[0] if choices else {}
        glued = result.get("type") == "punctuation"
        speaker = speaker if glued else words(best.get("speaker"))
        yield Word(
            words(best.get("content")),
            seconds(result.get("start_time")),
            seconds(result.get("end_time")),
            speaker,
            glued=glued,
        )


_FORMAT = Recogniser(
    "speechmatics",
    _SIGN,
    _spoken,
    telling=('"speakers"', '"words"', '"transcription_config"', '"results"'),
)
sniff, read = _FORMAT.sniff, _FORMAT.read
