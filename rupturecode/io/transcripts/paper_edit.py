"""BBC digital paper edit JSON."""

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

NAME = "paper_edit"
_SIGN = re.compile(
    r'^\s*\{\s*"(?:words|paragraphs)"\s*:\s*\[\s*\{\s*"id"\s*:\s*\d+\s*,\s*"start"\s*:'
)


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a transcript of the digital paper edit."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the words; paragraphs give the speakers.

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
    >>> data = b'{"words": [{"id": 0, "start": 0.1, "end": 0.4, "text": "Hm."}], "paragraphs": []}'
    >>> read(data, source="s01.json").raws
    ['Hm.']
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or "words" not in content:
        raise ParseError("not a digital paper edit transcript: there are no words", source)
    draft = Draft(NAME, source)
    fill_words(draft, _words(content, source), pause_ms=pause_ms)
    return draft


def _words(content: dict[str, Any], source: str) -> Iterator[Word]:
    paragraphs = iter(
        (seconds(p.get("start")), words(p.get("speaker")))
        for p in records(content.get("paragraphs"), "paragraphs", source)
    )
    speaker, upcoming = "", next(paragraphs, None)
    for word in records(content["words"], "words", source):
        start, opens = seconds(word.get("start")), False
        while upcoming and (upcoming[0] is None or (start is not None and upcoming[0] <= start)):
            speaker, upcoming, opens = upcoming[1], next(paragraphs, None), True
        yield Word(words(word.get("text")), start, seconds(word.get("end")), speaker, opens=opens)
