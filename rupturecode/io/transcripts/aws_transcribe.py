"""Amazon Transcribe JSON."""

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

NAME = "aws_transcribe"
_SIGN = re.compile(r'"transcripts"\s*:\s*\[|^\s*\[\s*\{\s*"start_time"\s*:\s*"[^"]*",\s*"end_time"')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON that Amazon Transcribe writes."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the items (words and punctuation) with the speakers of their segments.

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
    >>> item = b'{"start_time": "0.1", "end_time": "0.4", "alternatives": [{"content": "Hm"}]}'
    >>> read(b"[" + item + b"]", source="s01.json").raws
    ['Hm']
    """
    content = parse_json(data, source=source)
    items, speakers = _parts(content, source)
    draft = Draft(NAME, source)
    fill_words(draft, _words(items, speakers), pause_ms=pause_ms)
    return draft


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
