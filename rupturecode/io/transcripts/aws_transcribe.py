"""Amazon Transcribe JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"transcripts"\s*:\s*\[|^\s*\[\s*\{\s*"start_time"\s*:\s*"[^"]*",\s*"end_time"')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the items (words and punctuation) with the speakers of their segments."""
    items, speakers = _parts(content, source)
    return _words(items, speakers)


def _parts(content: Any, source: str) -> tuple[list[dict[str, Any]], dict[str, str]]:  # noqa: ANN401
    """Return the items, and the speaker by start time for files that give it apart."""
    if isinstance(content, list):
        return records(content, "the items", source), {}
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, dict) or "items" not in results:
        raise ParseError("not an Amazon Transcribe file: there is no results.items", source)
    labels = results.get("speaker_labels")
    segments = (
        records(labels.get("segments"), "the segments", source) if isinstance(labels, dict) else []
    )
    speakers = {
        words(item.get("start_time")): words(item.get("speaker_label"))
        for segment in segments
        for item in records(segment.get("items"), "a segment's items", source)
    }
    return records(results["items"], "results.items", source), speakers


def _words(items: list[dict[str, Any]], speakers: dict[str, str]) -> Iterator[Word]:
    for item in items:
        choices = item.get("alternatives")
        best = choices[0] if isinstance(choices, list) and choices else None
        text = words(best.get("content")) if isinstance(best, dict) else ""
        if item.get("type") == "punctuation":
            yield Word(text, glued=True)
            continue
        speaker = words(item.get("speaker_label")) or speakers.get(
            words(item.get("start_time")), ""
        )
        yield Word(text, seconds(item.get("start_time")), seconds(item.get("end_time")), speaker)


_FORMAT = Recogniser("aws_transcribe", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
