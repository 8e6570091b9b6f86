"""BBC digital paper edit JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word, with_speakers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(
    r'^\s*\{\s*"(?:words|paragraphs)"\s*:\s*\[\s*\{\s*"id"\s*:\s*\d+\s*,\s*"start"\s*:'
)


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give each word the speaker of the last paragraph that begins before it."""
    if not isinstance(content, dict) or not {"words", "paragraphs"} <= content.keys():
        raise ParseError(
            "not a digital paper edit transcript: there are no words and paragraphs", source
        )
    paragraphs = (
        (seconds(p.get("start")), words(p.get("speaker")))
        for p in records(content.get("paragraphs"), "paragraphs", source)
    )
    spoken = (
        Word(words(w.get("text")), seconds(w.get("start")), seconds(w.get("end")))
        for w in records(content["words"], "words", source)
    )
    for word, begins in with_speakers(spoken, paragraphs):
        yield word._replace(opens=begins)


_FORMAT = Recogniser("paper_edit", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
