"""IBM Watson Speech to Text JSON."""

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

NAME = "ibm_watson"
_SIGN = re.compile(r'"speaker_labels"\s*:\s*\[\s*\{[^{}]*"from"\s*:|"timestamps"\s*:\s*\[\s*\[')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON that Watson writes."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
    """Read the words of the best alternatives; speakers are joined to them by start time.

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
    >>> data = b'{"results": [{"alternatives": [{"timestamps": [["hm", 0.1, 0.4]]}]}]}'
    >>> read(data, source="s01.json").ends
    [400]
    """
    outer = parse_json(data, source=source)
    draft = Draft(NAME, source)
    spoken = [word for part in _parts(outer, source) for word in _words(part, source)]
    fill_words(draft, spoken, pause_ms=pause_ms)
    return draft


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
