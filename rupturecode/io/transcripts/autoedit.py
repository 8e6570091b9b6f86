"""autoEdit 2 JSON."""

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

NAME = "autoedit"
_SIGN = re.compile(
    r'"transcriptionStatus"\s*:|"counterForPaperCuts"\s*:|"text"\s*:\s*\[\s*\{[^{}]*"paragraph"\s*:'
)


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a transcript of autoEdit 2."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the words of all lines, paragraph by paragraph.

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
    >>> line = b'[{"text": "Hm.", "startTime": 0.1, "endTime": 0.4}]'
    >>> data = b'{"text": [{"speaker": "T", "paragraph": [{"line": ' + line + b"}]}]}"
    >>> read(data, source="s01.json").speakers
    ['T']
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or not isinstance(content.get("text"), list):
        raise ParseError("not an autoEdit transcript: there is no list of paragraphs", source)
    draft = Draft(NAME, source)
    fill_words(draft, _words(records(content["text"], "text", source), source), pause_ms=pause_ms)
    return draft


def _words(paragraphs: list[dict[str, Any]], source: str) -> Iterator[Word]:
    for outer in paragraphs:
        speaker = words(outer.get("speaker"))
        for paragraph in records(outer.get("paragraph"), "a paragraph", source):
            for i, word in enumerate(records(paragraph.get("line"), "a line", source)):
                yield Word(
                    words(word.get("text")),
                    seconds(word.get("startTime")),
                    seconds(word.get("endTime")),
                    speaker,
                    opens=i == 0,
                )
