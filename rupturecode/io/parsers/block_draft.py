"""From the paragraphs and table rows of a word-processor file to a draft."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.blocks import HIGHLIGHT, UNDERLINED
from rupturecode.io.parsers.headings import looks_like_turns, mapping
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.tabular import drafts
from rupturecode.transcript.columns import Numbers
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rupturecode.io.parsers.blocks import Block, Blocks, BlockText, Drawn

_MOST_COMMENTS = 20_000
_MOST_COLORS = 8
#: Rows below the headings by which a table is known to have some.
_FEWEST_ROWS = 3
_HEADING = re.compile(r"[^\W\d_][^.?!…,;:]{0,40}")


class _At(NamedTuple):
    """A place: the line, counted from 0, and the column in it."""

    line: int
    column: int


@dataclass(slots=True)
class _Lines:
    """The lines of all blocks, which block each is of, and what is anchored in them."""

    text: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    comments: list[tuple[_At, str]] = field(default_factory=list)
    drawn: list[tuple[_At, _At, Drawn]] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Blocks) -> _Lines:
        """Take apart all blocks."""
        lines = cls()
        for number, item in enumerate(blocks.items, start=1):
            if isinstance(item, str):
                text = item
            else:
                lines._anchor(item)
                text = item.text
            if "\n" in text:
                rows = text.split("\n")
                lines.text += rows
                lines.blocks += [number] * len(rows)
            else:
                lines.text.append(text)
                lines.blocks.append(number)
        return lines

    def _anchor(self, block: Block) -> None:
        if not (block.comments or block.drawn):
            return
        cells = [0, *accumulate([len(cell) + 1 for cell in block.cells])]
        rows = [0, *accumulate([len(row) + 1 for row in block.text.split("\n")])]
        first = len(self.text)

        def at(cell: int, offset: int) -> _At:
            place = min(cells[min(cell, len(cells) - 1)] + offset, rows[-1] - 1)
            row = bisect_right(rows, place) - 1
            return _At(first + row, place - rows[row])

        self.comments += [(at(cell, offset), words) for cell, offset, words in block.comments]
        self.drawn += [(at(d.cell, d.start), at(d.cell, d.end), d) for d in block.drawn]


def draft_of(
    content: BlockText,
    *,
    format: str,  # noqa: A002 - the word readers know
    source: str,
    speakers: Iterable[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    """Read a table with a row per turn where there is one, labelled paragraphs otherwise.

    Comments and footnotes become marks of kind ``comment`` at their place in the turn, what
    is highlighted or underlined becomes marks of those kinds over it.

    Raises
    ------
    ParseError
        When there are neither labels nor a table of turns.
    UsageError
        When a table has headings, and none of them is known as that of the text.
    """
    more = content.blocks.more
    n_comments = sum(len(b.comments) for b in more)
    if n_comments > _MOST_COMMENTS:
        raise ParseError(
            f"holds {n_comments:,} comments; at most {_MOST_COMMENTS:,} are read", source
        )
    header = _header([b for b in more if b.table is not None], columns)
    empty = Draft(format, source)
    if header is not None:
        draft, placed = _from_table(empty, content.blocks, header, columns)
    else:
        if speakers is None:
            _refuse_unknown_headings(more, source)
        try:
            draft, placed = empty, _from_lines(empty, content.blocks, speakers)
        except ParseError:
            _advise(content.blocks, source)
            raise
    apart = sum(d.kind == HIGHLIGHT for b in more for d in b.drawn) - placed
    for note in (*content.notes, *_looks(draft, apart)):
        draft.warn(note)
    return draft


def _refuse_unknown_headings(blocks: Sequence[Block], source: str) -> None:
    """Say which columns there are, where a table begins with headings that nobody knows.

    Headings are short, stand in the first row alone, and below some column has the same few
    values again and again, as one of speakers has. Read as speech they would be a turn.
    """
    tables = dict.fromkeys(b.table for b in blocks if b.table is not None)
    for table in tables:
        rows = [[cell.strip() for cell in b.cells] for b in blocks if b.table == table]
        head, below = rows[0], rows[1:]
        if len(below) < _FEWEST_ROWS or len(head) < 2 or {len(r) for r in below} != {len(head)}:
            continue
        columns = [[row[i] for row in below] for i in range(len(head))]
        alone = all(cell not in column for cell, column in zip(head, columns, strict=True))
        again = any(2 * len({*column}) <= len(column) for column in columns)
        if alone and again and all(map(_HEADING.fullmatch, head)):
            try:
                mapping(head, None, source=source, rows=below)
            except UsageError as err:
                speech = "If the first row is speech, name the labels: speakers=['T', 'C']."
                raise UsageError(f"{err}. {speech}") from None


def _advise(blocks: Blocks, source: str) -> None:
    """Say which columns there are, where all there is is a table with unknown headings."""
    rows = [b.cells for b in blocks.more if b.table is not None]
    apart = any(b.table is None and b.text.strip() for b in blocks)
    if len(rows) > 1 and not apart and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
        mapping([cell.strip() for cell in rows[0]], None, source=source, rows=rows[1:])


def _looks(draft: Draft, apart: int) -> Iterator[str]:
    """Say how many stretches are highlighted or underlined, and how many are in no turn."""
    colors = Counter([text for _, kind, text, *_ in draft.marks if kind == HIGHLIGHT])
    if colors:
        named = ", ".join(f"{color} {n}" for color, n in colors.most_common(_MOST_COLORS))
        yield f"highlighted in color, kept as marks and not shown in the text: {named}"
    if apart:
        yield f"{apart} highlighted stretches are in no turn and were left out"
    n = sum(kind == UNDERLINED for _, kind, *_ in draft.marks)
    if n:
        yield f"{n} underlined stretches became marks: emphasis, or as the convention says"


def _header(rows: Sequence[Block], columns: Mapping[str, str] | None) -> Block | None:
    """Find the row whose headings name a text and its speaker, or those the user mapped."""
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        if looks_like_turns(cells) if columns is None else set(columns.values()) <= set(cells):
            return row
    return None


def _from_table(
    empty: Draft, blocks: Blocks, header: Block, columns: Mapping[str, str] | None
) -> tuple[Draft, int]:
    """Make a draft from the rows of a table, and count the highlights that found their place."""
    headings = [cell.strip() for cell in header.cells]
    where = mapping(headings, columns, source=empty.source)
    rows = [b for b in blocks.more if b.table == header.table and b.number > header.number]
    again = [b for b in rows if [c.strip() for c in b.cells] != headings]  # repeated on each page
    found = drafts(
        [b.cells for b in again],
        {kind: i for kind, i in where.items() if kind != "session"},
        source=empty.source,
        format=empty.format,
        first_row=0,
    )
    if not found:
        raise ParseError("the table has no rows with text", empty.source)
    draft, placed = found[0], 0
    for position, row in enumerate(draft.lines):
        placed += _mark_row(draft, position, again[row], where["text"])
    draft.lines = Numbers(again[row].number for row in draft.lines)
    _flag(draft, again)
    outside = [b.text.strip() for b in blocks if b.table != header.table and b.text.strip()]
    if outside:
        draft.info["preamble"] = outside
        draft.warn(f"{len(outside)} paragraphs outside the table were not read as speech")
    return draft, placed


def _mark_row(draft: Draft, position: int, row: Block, text: int) -> int:
    """Place what is anchored in a row; beside the words it is about the turn as a whole."""
    raw = draft.raws[position]
    lead = len(row.cells[text]) - len(row.cells[text].lstrip()) if text < len(row.cells) else 0

    def place(cell: int, offset: int) -> int | None:
        return min(max(offset - lead, 0), len(raw)) if cell == text else None

    for cell, offset, words in row.comments:
        at = place(cell, offset)
        draft.marks.append((position, "comment", words, at, at))
    for drawn in row.drawn:
        start, end = (place(drawn.cell, offset) for offset in (drawn.start, drawn.end))
        if drawn.kind == HIGHLIGHT or start is not None:
            draft.marks.append((position, drawn.kind, drawn.text, start, end))
    return sum(d.kind == HIGHLIGHT for d in row.drawn)


def _from_lines(draft: Draft, blocks: Blocks, speakers: Iterable[str] | None) -> int:
    """Fill a draft from labelled lines; returns how many highlights found their place."""
    lines = _Lines.of(blocks)
    fill(draft, lines.text, speakers=speakers, each_line=True)
    placing = _Placing(draft, lines.text)
    for at, words in lines.comments:
        placing.turn_to(at.line)
        place = placing.offset(at)
        draft.marks.append((placing.position, "comment", words, place, place))
    placed = 0
    for start, end, drawn in lines.drawn:
        found = list(placing.stretches(start, end))
        placed += drawn.kind == HIGHLIGHT and bool(found)
        for position, first, last in found:
            if drawn.kind == HIGHLIGHT or last > first:
                draft.marks.append((position, drawn.kind, drawn.text, first, last))
    draft.lines = Numbers(lines.blocks[n - 1] for n in draft.lines)
    _flag(draft, blocks.more)
    return placed


def _flag(draft: Draft, blocks: Iterable[Block]) -> None:
    """Put the flags of blocks on the turns that they are part of."""
    for block in blocks:
        if block.flags and block.text.strip():
            position = max(0, draft.lines.n_up_to(block.number) - 1)
            draft.flag(position, *block.flags)


@dataclass(slots=True)
class _Placing:
    """Tells where in a turn's raw text a place in a line is; looks at each turn but once."""

    draft: Draft
    lines: list[str]
    position: int = -1
    first: int = 0
    last: int = 0
    """The turn's lines, from the first to before the last."""
    starts: list[int] = field(default_factory=list)
    """Where each line of the turn begins in all of them joined."""
    begins: int = -1
    """Where the raw text begins in the same; -1 where lines were dropped."""

    def turn_to(self, line: int) -> None:
        """Look at the turn that a line is part of."""
        position = max(0, self.draft.lines.n_up_to(line + 1) - 1)
        if position == self.position:
            return
        draft, self.position = self.draft, position
        self.first = draft.lines[position] - 1
        self.last = draft.lines[position + 1] - 1 if position + 1 < len(draft) else len(self.lines)
        mine = self.lines[self.first : self.last]
        self.begins = "\n".join(mine).rfind(draft.raws[position])
        self.starts = [0, *accumulate([len(line) + 1 for line in mine])]

    def offset(self, at: _At) -> int | None:
        """Return the offset of a place; None where it cannot be told."""
        if self.begins < 0 or at.line < self.first:
            return None
        before = self.starts[min(at.line - self.first, len(self.starts) - 1)] + at.column
        return min(max(before - self.begins, 0), len(self.draft.raws[self.position]))

    def stretches(self, start: _At, end: _At) -> Iterator[tuple[int, int, int]]:
        """Yield position, first and past-the-end offset in each turn that a stretch is in."""
        line = start.line
        while line <= end.line:
            self.turn_to(line)
            stop = min(end, _At(self.last - 1, len(self.lines[self.last - 1])))
            first, last = self.offset(max(start, _At(self.first, 0))), self.offset(stop)
            if first is not None and last is not None:
                yield self.position, first, max(first, last)
            line = max(line + 1, self.last)
