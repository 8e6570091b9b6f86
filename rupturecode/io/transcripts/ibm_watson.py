"""IBM Watson Speech to Text JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import records, seconds, words
from rupturecode.io.parsers.recogniser import Recogniser
from rupturecode.io.parsers.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = re.compile(r'"speaker_labels"\s*:\s*\[\s*\{[^{}]*"from"\s*:|"timestamps"\s*:\s*\[\s*\[')


def _spoken(content: Any, source: str) -> Iterator[Word]:  # noqa: ANN401
    """Give the words of the best alternatives; speakers are joined to them by start time."""
    for part in _parts(content, source):
        yield from _words(part, source)


def _parts(outer: Any, source: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return what holds results and speaker labels: the file itself, or each of its results."""
    results = outer.get("results") if isinstance(outer, dict) else None
    if results is None:
        raise ParseError("not a Watson file: there are no results", source)
    inner = [r for r in records(results, "results", source) if "results" in r]
    return inner or [outer]


def _words(part: dict[str, Any], source: str) -> Iterator[Word]:
    labels = records(part.get("speaker_labels"), "speaker_labels", source)
    speakers = {seconds(label.get("from")): words(label.get("speaker")) for label in labels}
    for result in records(part.get("results"), "results", source):
        choices = records(result.get("alternatives"), "alternatives", source)
        stamped = choices[0].get("timestamps") if choices else None
        opens = True
        for entry in stamped if isinstance(stamped, list) else []:
            if not isinstance(entry, list) or len(entry) < 3:
                raise ParseError("expected [word, from, to] in timestamps", source)
            start = seconds(entry[1])
            speaker = speakers.get(start, "")
            yield Word(words(entry[0]), start, seconds(entry[2]), speaker, opens=opens)
            opens = False


_FORMAT = Recogniser("ibm_watson", _SIGN, _spoken)
sniff, read = _FORMAT.sniff, _FORMAT.read
