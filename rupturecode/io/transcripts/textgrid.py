"""Praat TextGrid: a tier per speaker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UnknownNameError, UsageError
from rupturecode.io.parsers import textgrid
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.speech_tiers import Layer, Piece, tell_doubts
from rupturecode.io.parsers.turn_rows import turn_rows
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.io.parsers.textgrid import Entry, TextGrid, Tier
    from rupturecode.io.parsers.turn_rows import TurnRow
    from rupturecode.transcript.model import Transcript

NAME = "textgrid"
_SIGN = re.compile(
    r'\s*(?:File type\s*=\s*)?"ooTextFile(?: short)?"\s*(?:Object class\s*=\s*)?"TextGrid"'
)


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a TextGrid, long, short or binary."""
    del name
    return head.startswith(b"ooBinaryFile") or _SIGN.match(preview(head)) is not None


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    tiers: Iterable[str] | None = None,
) -> Draft:
    """Read the intervals of a tier as turns of the speaker the tier is named for.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        For files from before Unicode.
    tiers
        The tiers that hold speech; without it all interval tiers, and the warnings say which
        of them hardly hold turns. Point tiers mark moments, not speech, and are named in the
        warnings.

    Raises
    ------
    ParseError
        With the line, where the file breaks its form.
    UnknownNameError
        When there is no tier of a name given.

    Examples
    --------
    >>> from rupturecode.io.parsers.textgrid import Entry, TextGrid, Tier, write
    >>> tier = Tier("T", "interval", 0.0, 1.0, (Entry(0.0, 0.9, "Hm."),))
    >>> read(write(TextGrid(0.0, 1.0, (tier,))), source="s01.TextGrid").speakers
    ['T']
    """
    if data.startswith(b"ooBinaryFile"):
        raise ParseError("a binary TextGrid; in Praat, save it with 'Save as text file...'", source)
    decoded = decode(data, source=source, encoding=encoding)
    grid = textgrid.parse(decoded.text, source=source)
    draft = Draft(NAME, source, info=decoded.info)
    chosen = _intervals(grid, draft) if tiers is None else _named(grid, list(tiers))
    left = [t for t in grid.tiers if t.filled and not any(t is c for c in chosen)]
    found = [
        (round(e.start * 1000), i, round(e.end * 1000), e.text)
        for i, tier in enumerate(chosen)
        for e in tier.filled
    ]
    for number, (start, i, end, text) in enumerate(sorted(found, key=lambda e: e[:3]), start=1):
        draft.add(chosen[i].name, text.strip(), start, end, line=number)
    if left:
        draft.warn("tiers not read as speech: " + ", ".join(repr(t.name) for t in left))
    repeated = sorted({t.name for t in chosen if [c.name for c in chosen].count(t.name) > 1})
    if repeated:
        draft.warn("several tiers have the same name: " + ", ".join(map(repr, repeated)))
    return draft


def _intervals(grid: TextGrid, draft: Draft) -> list[Tier]:
    """Return the tiers of intervals, and note which of them hardly hold turns."""
    tiers = [t for t in grid.tiers if t.kind == "interval" and t.filled]
    layers = [Layer(t.name, [Piece(*_ms(e), e.text) for e in t.filled]) for t in tiers]
    tell_doubts(layers, draft)
    return tiers


def _named(grid: TextGrid, names: list[str]) -> list[Tier]:
    known = [t.name for t in grid.tiers]
    for name in names:
        if name not in known:
            raise UnknownNameError("tier", name, known)
    return [t for t in grid.tiers if t.name in names]


def _ms(entry: Entry) -> tuple[int, int]:
    return round(entry.start * 1000), round(entry.end * 1000)


def write(transcript: Transcript) -> bytes:
    """Write a tier per speaker; a speaker's turns that overlap each other get a second tier.

    Raises
    ------
    UsageError
        When a turn has no start or no end time, or ends before it starts.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.transcript import Transcript
    >>> rows = pd.DataFrame({"speaker": ["T"], "text": ["Hi."], "start_ms": [0], "end_ms": [900]})
    >>> read(write(Transcript.from_turns("s1", rows)), source="s1.TextGrid").ends
    [900]
    """
    rows = turn_rows(transcript)
    for row in rows:
        if row.start_ms is None or row.end_ms is None or row.end_ms <= row.start_ms:
            raise UsageError(
                f"turn {row.turn} has no start, no end, or ends before it starts; "
                "a TextGrid needs both times of each turn"
            )
    end = max((row.end_ms or 0 for row in rows), default=0) / 1000
    tiers: list[tuple[str, list[TurnRow]]] = []
    for row in sorted(rows, key=lambda r: (r.start_ms, r.end_ms)):
        free = (placed for name, placed in tiers if name == row.speaker and _after(row, placed[-1]))
        place = next(free, None)
        if place is None:
            tiers.append((row.speaker, [row]))
        else:
            place.append(row)
    made = tuple(_tier(name, placed, end) for name, placed in tiers)
    return textgrid.write(textgrid.TextGrid(0.0, end, made))


def _after(row: TurnRow, last: TurnRow) -> bool:
    return (row.start_ms or 0) >= (last.end_ms or 0)


def _tier(name: str, rows: list[TurnRow], end: float) -> Tier:
    entries = (
        textgrid.Entry((r.start_ms or 0) / 1000, (r.end_ms or 0) / 1000, r.raw) for r in rows
    )
    return textgrid.Tier(name, "interval", 0.0, end, tuple(entries))
