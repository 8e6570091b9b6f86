"""Google Cloud Speech-to-Text JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"alternatives"\s*:\s*\[\s*\{\s*"(?:transcript|confidence|words)"')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words; with diarization only those of the last result, which repeats them all."""
    if isinstance(content, dict) and isinstance(content.get("response"), dict):
        content = content["response"]
    if not isinstance(content, dict) or "results" not in content:
        raise ParseError("not a Google speech file: there are no results", source)
    best = [_best(result, source) for result in records(content["results"], "results", source)]
    spoken = [records(b.get("words"), "a result's words", source) for b in best]
    if spoken and spoken[-1] and all(_speaker(w) for w in spoken[-1]):
        spoken = spoken[-1:]
    return _words(spoken)


def _best(result: dict[str, Any], source: str) -> dict[str, Any]:
    choices = records(result.get("alternatives"), "a result's alternatives", source)
    return choices[0] if choices else {}


def _speaker(word: dict[str, Any]) -> str:
    """Return the speaker; tags count from 1, so 0 and nothing both mean none."""
    label = words(word.get("speakerLabel")) or words(word.get("speakerTag"))
    return "" if label == "0" else label


def _time(value: object) -> int | None:
    """Read ``{"seconds": "12", "nanos": 900000000}`` or ``"12.9s"``; a missing part is zero."""
    if not isinstance(value, dict):
        return seconds(value)
    whole, rest = seconds(value.get("seconds", 0)), seconds(value.get("nanos", 0))
    return None if whole is None or rest is None else whole + rest // 10**9


def _words(results: list[list[dict[str, Any]]]) -> Iterator[Word]:
    for result in results:
        for i, word in enumerate(result):
            yield Word(
                words(word.get("word")),
                _time(word.get("startTime")),
                _time(word.get("endTime")),
                _speaker(word),
                opens=i == 0,
            )


_FORMAT = Recogniser("google_stt", _SIGN, _spoken, telling=('"startTime"',))
sniff, read = _FORMAT.sniff, _FORMAT.read
