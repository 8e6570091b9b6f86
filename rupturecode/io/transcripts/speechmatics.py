"""Speechmatics JSON, first and second version."""

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

NAME = "speechmatics"
_SIGN = re.compile(r'^\s*\{\s*"(?:job|format)"\s*:')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON that Speechmatics writes."""
    del name
    text = preview(head)
    telling = ('"speakers"', '"words"', '"transcription_config"', '"results"')
    return _SIGN.search(text) is not None and any(word in text for word in telling)


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the words with their speakers.

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
    >>> data = b'{"words": [{"name": "Hm", "time": "0.1", "duration": "0.3"}]}'
    >>> read(data, source="s01.json").ends
    [400]
    """
    content = parse_json(data, source=source)
    draft = Draft(NAME, source)
    if isinstance(content, dict) and "results" in content:
        spoken = _second(records(content["results"], "results", source), source)
    elif isinstance(content, dict) and "words" in content:
        spoken = _first(content, source)
    else:
        raise ParseError("not a Speechmatics file: there are neither words nor results", source)
    fill_words(draft, spoken, pause_ms=pause_ms)
    return draft


def _first(content: dict[str, Any], source: str) -> Iterator[Word]:
    """Version 1: words and speaker stretches lie side by side, in order of time."""
    turns = iter(
        (seconds(s.get("time")), words(s.get("name")))
        for s in records(content.get("speakers"), "speakers", source)
    )
    speaker, upcoming = "", next(turns, None)
    for word in records(content["words"], "words", source):
        start, length = seconds(word.get("time")), seconds(word.get("duration"))
        while upcoming and (upcoming[0] is None or (start is not None and upcoming[0] <= start)):
            speaker, upcoming = upcoming[1], next(turns, None)
        end = None if start is None or length is None else start + length
        text = words(word.get("name"))
        yield Word(text, start, end, speaker, glued=text in _PUNCTUATION)


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


_PUNCTUATION = frozenset([".", ",", "?", "!", ":", ";"])
