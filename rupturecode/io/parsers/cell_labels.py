"""Speakers that a table names inside the text of its turns, as labels before the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.placing import At, Placing
from rupturecode.transcript.draft import Draft
from rupturecode.transcript.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LABELLED = re.compile(r"\s*[\W_]{0,3}[^\W\d_][^\n:：.!?…]{0,38}[:：]\s*\S")


def are_labelled(cells: Iterable[str]) -> bool:
    """Whether most cells that are not empty begin with what looks like a label.

    Examples
    --------
    >>> are_labelled(["T: So?", "C: Hm.", "and then"]), are_labelled(["So?", "Hm: no.", "Yes."])
    (True, False)
    """
    spoken = [cell for cell in cells if cell.strip()]
    return 0 < len(spoken) <= 2 * sum(map(bool, map(_LABELLED.match, spoken)))


def with_speakers_inside(draft: Draft, speakers: Iterable[str] | None = None) -> Draft:
    r"""Take the speakers from labels inside the texts, where most rows have one.

    A row without a label goes on with the turn above it, as a line of a transcript does, and
    a row with several holds several turns. Where there are no labels the draft is returned
    as it is.

    Parameters
    ----------
    draft
        Rows as turns, none of them with a speaker.
    speakers
        The labels, when the user knows them.

    Examples
    --------
    >>> draft = Draft("csv", "s01.csv")
    >>> for row in ["T: How was it?", "C: Fine.", "Mostly."]:
    ...     draft.add("", row)
    >>> done = with_speakers_inside(draft)
    >>> done.speakers, done.raws
    (['T', 'C'], ['How was it?', 'Fine.\nMostly.'])
    """
    raws = list(draft.raws)
    if not are_labelled(raws):
        return draft
    texts = [raw.split("\n") for raw in raws]
    lines = [line for text in texts for line in text]
    rows = [row for row, text in enumerate(texts) for _ in text]
    found = Draft(draft.format, draft.source, session=draft.session)
    found.know(draft.info)
    try:
        fill(found, lines, speakers=speakers, each_line=True)
    except ParseError:
        if speakers is not None:
            raise
        return draft
    if not any(found.speakers):
        return draft
    _carry(draft, found, lines, rows)
    found.warn("no column names the speakers: they were taken from the labels inside the text")
    return found


def _carry(draft: Draft, found: Draft, lines: list[str], rows: Sequence[int]) -> None:
    """Give the turns what their rows have: times, marks, flags and numbers."""
    firsts = {row: line for line, row in reversed(list(enumerate(rows)))}
    placing = Placing(found, lines)
    for position, kind, text, start, end in draft.marks:
        at, to = (_at(draft.raws[position], firsts[position], offset) for offset in (start, end))
        placing.turn_to((at or At(firsts[position], 0)).line)
        places = [None if place is None else placing.offset(place) for place in (at, to)]
        found.marks.append((placing.position, kind, text, places[0], places[1]))
    for row, flags in enumerate(draft.flags):
        if flags:
            placing.turn_to(firsts[row])
            found.flag(placing.position, *flags)
    begins = [rows[line - 1] for line in found.lines]
    stops = [*[rows[line - 2] for line in found.lines[1:]], rows[-1]]
    first_of = [firsts[row] == line - 1 for row, line in zip(begins, found.lines, strict=True)]
    last_of = [*[row != later for row, later in zip(stops, begins[1:], strict=False)], True]
    found.starts = Numbers(
        draft.starts[row] if known is None and first else known
        for row, known, first in zip(begins, found.starts, first_of, strict=True)
    )
    found.ends = Numbers(
        draft.ends[row] if known is None and last else known
        for row, known, last in zip(stops, found.ends, last_of, strict=True)
    )
    found.lines = Numbers(draft.lines[row] for row in begins)


def _at(raw: str, first: int, offset: int | None) -> At | None:
    """Return the line and column of an offset in a row's text."""
    if offset is None:
        return None
    before = raw[:offset]
    return At(first + before.count("\n"), offset - before.rfind("\n") - 1)
