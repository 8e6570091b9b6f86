"""Rev AI JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"monologues"\s*:\s*\[')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the elements: words, and marks that hold the spaces between words too."""
    if not isinstance(content, dict) or "monologues" not in content:
        raise ParseError("not a Rev AI file: there are no monologues", source)
    names = {
        words(speaker.get("id")): words(speaker.get("name"))
        for speaker in records(content.get("speakers"), "speakers", source)
    }
    for monologue in records(content["monologues"], "monologues", source):
        told = words(monologue.get("speaker"))
        yield from _elements(monologue, names.get(told) or told, source)


def _elements(monologue: dict[str, Any], speaker: str, source: str) -> Iterator[Word]:
    apart, opens = True, True
    for element in records(monologue.get("elements"), "a monologue's elements", source):
        text = words(element.get("value"))
        if text.strip():
            start, end = seconds(element.get("ts")), seconds(element.get("end_ts"))
            glued = not (apart or text[0].isspace())
            yield Word(text.strip(), start, end, speaker, glued=glued, opens=opens)
            opens = False
            apart = text[-1].isspace()
        else:
            apart = True


_FORMAT = Recogniser("revai", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
