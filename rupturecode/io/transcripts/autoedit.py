"""autoEdit 2 JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(
    r'"transcriptionStatus"\s*:|"counterForPaperCuts"\s*:|"text"\s*:\s*\[\s*\{[^{}]*"paragraph"\s*:'
)


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words of all lines, paragraph by paragraph."""
    if not isinstance(content, dict) or not isinstance(content.get("text"), list):
        raise ParseError("not an autoEdit transcript: there is no list of paragraphs", source)
    for outer in records(content["text"], "text", source):
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


_FORMAT = Recogniser("autoedit", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
