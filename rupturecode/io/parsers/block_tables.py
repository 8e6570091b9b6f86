"""Tables of a word-processor file as turns: with headings, in several parts, or without any."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.blocks import HIGHLIGHT, Blocks
from rupturecode.io.parsers.cell_labels import are_labelled, with_speakers_inside
from rupturecode.io.parsers.heading_words import HEADINGS
from rupturecode.io.parsers.headings import (
    columns_by_speaker,
    heading_key,
    looks_like_turns,
    mapping,
    one_text_column,
)
from rupturecode.io.parsers.tabular import drafts
from rupturecode.transcript.numbers import Numbers
from rupturecode.transcript.roles import suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rupturecode.io.parsers.blocks import Block
    from rupturecode.transcript.draft import Draft

#: Rows below the headings by which a table is known to have some.
_FEWEST_ROWS = 3
_HEADING = re.compile(r"[^\W\d_][^.?!…,;:]{0,40}")
_LONGEST_NAME = 40
_MOST_NAMED = 8


class Table(NamedTuple):
    """A table of turns: its headings, which column is what, and the rows below."""

    headings: list[str]
    where: dict[str, int]
    rows: list[Block]


def tables_of_turns(blocks: Blocks, columns: Mapping[str, str] | None, source: str) -> list[Table]:
    """Find the tables whose headings name the text of turns, and those that go on with one.

    A table without headings goes on with the one before when it has as many columns and most
    of its speakers spoke there.

    Raises
    ------
    UsageError
        When two columns could both be the text or the speaker.
    """
    by_table: dict[int, list[Block]] = {}
    for block in blocks.more:
        if block.table is not None:
            by_table.setdefault(block.table, []).append(block)
    found: list[Table] = []
    for rows in by_table.values():
        table = _headed(rows, columns, source)
        if table is None and found and _goes_on(rows, found[-1]):
            table = found[-1]._replace(rows=rows)
        if table is not None:
            found.append(table)
    return found


def _headed(rows: Sequence[Block], columns: Mapping[str, str] | None, source: str) -> Table | None:
    """Return a table from the row whose headings name the text, or those the user mapped."""
    for i, row in enumerate(rows):
        cells = [cell.strip() for cell in row.cells]
        below = [b for b in rows[i + 1 :] if [c.strip() for c in b.cells] != cells]
        spoken = columns_by_speaker(cells, [b.cells for b in below]) if columns is None else []
        if spoken:
            return _by_speaker(cells, below, spoken)
        if columns is not None:
            fits = set(columns.values()) <= set(cells)
        else:
            fits = looks_like_turns(cells) or _names_labelled_text(cells, rows[i + 1 :])
        if fits:
            where = mapping(cells, columns, source=source, rows=[b.cells for b in below])
            return Table(cells, {k: n for k, n in where.items() if k != "session"}, below)
    return None


def _by_speaker(headings: list[str], rows: Sequence[Block], spoken: Sequence[int]) -> Table:
    """Return a table whose speakers have a column each, with the speakers in one of their own."""
    _, told = one_text_column(headings, [row.cells for row in rows], spoken)
    width, text = len(headings), len(headings) + 1
    made: list[Block] = []
    for row, cells in zip(rows, told, strict=True):
        own = (*row.cells, *[""] * width)[:width]
        comments = tuple(
            (text if cell in spoken else cell, at, words) for cell, at, words in row.comments
        )
        drawn = tuple(d.at(d.start, d.end, text if d.cell in spoken else d.cell) for d in row.drawn)
        made.append(row._replace(cells=(*own, *cells[-2:]), comments=comments, drawn=drawn))
    others = ["" if i in spoken else heading for i, heading in enumerate(headings)]
    known = mapping([*others, "speaker", "text"], None, source="")
    return Table(headings, {k: n for k, n in known.items() if k != "session"}, made)


def _names_labelled_text(cells: Sequence[str], below: Sequence[Block]) -> bool:
    """Whether one heading names a text, and labels stand in the cells below it."""
    hits = [i for i, cell in enumerate(cells) if heading_key(cell) in HEADINGS["text"]]
    return len(hits) == 1 and are_labelled(
        b.cells[hits[0]] for b in below if hits[0] < len(b.cells)
    )


def _goes_on(rows: Sequence[Block], before: Table) -> bool:
    if {len(row.cells) for row in rows} != {len(before.headings)}:
        return False
    kind = "speaker" if "speaker" in before.where else "text"
    cells = [row.cells[before.where[kind]].strip() for row in rows]
    if kind == "text":
        return are_labelled(cells)
    names = {row.cells[before.where[kind]].strip() for row in before.rows}
    named = [cell for cell in cells if cell]
    return 0 < len(named) <= 2 * sum(cell in names for cell in named)


def from_tables(
    empty: Draft, blocks: Blocks, tables: Sequence[Table], speakers: Iterable[str] | None
) -> tuple[Draft, int]:
    """Make a draft from the rows of tables, and count the highlights that found their place."""
    draft, placed, kept = empty, 0, bytearray(len(blocks) + 1)
    for table in tables:
        rows = [row for row in table.rows if not row.title]
        for row in rows:
            kept[row.number] = 1
        cells = _unmerged(rows, table.where.get("speaker"))
        for made in drafts(
            cells, table.where, source=empty.source, format=empty.format, first_row=0, labels=False
        ):
            placed += _anchor(made, rows, table.where["text"])
            draft = _joined(draft, made)
    if not len(draft):
        raise ParseError("the table has no rows with text", empty.source)
    _say_what_is_left(draft, tables, [b for b in blocks if not kept[b.number]])
    if not any("speaker" in table.where for table in tables):
        draft = with_speakers_inside(draft, speakers)
    return draft, placed


def _anchor(made: Draft, rows: Sequence[Block], text: int) -> int:
    """Give turns what is anchored in their rows; returns how many highlights found their place."""
    placed = 0
    for position, at in enumerate(made.lines):
        placed += _mark_row(made, position, rows[at], text)
        if rows[at].flags:
            made.flag(position, *rows[at].flags)
    made.lines = Numbers(rows[at].number for at in made.lines)
    return placed


def _joined(draft: Draft, later: Draft) -> Draft:
    """Append the turns of a further table to those of the tables before it."""
    shift = len(draft)
    if not shift:
        return later
    columns = (later.speakers, later.raws, later.starts, later.ends, later.lines, later.flags)
    for speaker, raw, start, end, line, flags in zip(*columns, strict=True):
        draft.add(speaker, raw, start, end, line=line, flags=flags)
    draft.marks += [(shift + mark[0], *mark[1:]) for mark in later.marks]
    return draft


def _unmerged(rows: Sequence[Block], speaker: int | None) -> list[Sequence[str]]:
    """Return the cells of rows; a speaker's cell merged over several rows counts for each."""
    cells: list[Sequence[str]] = []
    for row in rows:
        if speaker in row.merged and cells and speaker < min(len(row.cells), len(cells[-1])):
            own = list(row.cells)
            own[speaker] = cells[-1][speaker]
            cells.append(own)
        else:
            cells.append(row.cells)
    return cells


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


def _say_what_is_left(draft: Draft, tables: Sequence[Table], outside: Sequence[Block]) -> None:
    """Note the columns and paragraphs that are no speech; comments there go to the nearest turn."""
    unread = [
        heading
        for table in tables
        for i, heading in enumerate(table.headings)
        if heading and i not in table.where.values() and len(table.headings) > table.where["text"]
    ]
    if unread:
        named = ", ".join(map(repr, list(dict.fromkeys(unread))[:_MOST_NAMED]))
        draft.warn(f"columns of the table that were not read: {named}")
    for block in outside:
        position = max(0, bisect_right(draft.lines, block.number) - 1)
        draft.marks += [(position, "comment", words, None, None) for *_, words in block.comments]
    headings = [table.headings for table in tables]
    texts = [
        b.text.strip()
        for b in outside
        if b.text.strip() and [cell.strip() for cell in b.cells] not in headings
    ]
    if texts:
        draft.info["preamble"] = texts
        draft.warn(f"{len(texts)} paragraphs outside the table were not read as speech")
        _point_out(draft, texts)


def _point_out(draft: Draft, texts: Sequence[str]) -> None:
    """Say which paragraphs outside the table look like turns: those labelled with a speaker."""
    names = {*filter(None, draft.speakers)}
    labelled = [(text, *text.partition(":")[::2]) for text in texts if ":" in text]
    said = [
        text
        for text, label, words in labelled
        if label.strip() in names and not suggest_roles([words.strip(" .")])
    ]
    if said:
        draft.warn(
            f"{len(said)} of them begin with the name of a speaker, such as {said[0][:40]!r}: "
            "if they are turns, put them into the table"
        )


def notes_apart(blocks: Blocks) -> tuple[Blocks, int]:
    """Make comments of the cells beside the words, in tables that have no headings.

    Such a table has labels inside the cells of one column, or short names that come back in
    one and the words in the next; what stands in columns behind the words is somebody's note.

    Returns
    -------
    The blocks, and how many cells became comments.
    """
    by_table: dict[int, list[Block]] = {}
    for block in blocks.more:
        if block.table is not None:
            by_table.setdefault(block.table, []).append(block)
    text_of = {table: _text_column(rows) for table, rows in by_table.items()}
    if not any(text is not None for text in text_of.values()):
        return blocks, 0
    items: list[Block | str] = []
    n = 0
    for item in blocks.items:
        text = None if isinstance(item, str) else text_of.get(item.table)  # type: ignore[arg-type]
        if text is not None and not isinstance(item, str) and len(item.cells) > text + 1:
            n += sum(map(bool, map(str.strip, item.cells[text + 1 :])))
            item = _without_notes(item, text)  # noqa: PLW2901
        items.append(item)
    return Blocks(items), n


def _without_notes(row: Block, text: int) -> Block:
    end = len(row.cells[text].rstrip())
    notes = [(text, end, cell.strip()) for cell in row.cells[text + 1 :] if cell.strip()]
    return row._replace(
        cells=row.cells[: text + 1],
        comments=(
            *((min(c, text), at if c <= text else end, words) for c, at, words in row.comments),
            *notes,
        ),
        drawn=tuple(d if d.cell <= text else d.at(0, 0, text) for d in row.drawn),
    )


def _text_column(rows: Sequence[Block]) -> int | None:
    """Return the column of the words; None where it cannot be told, as from a single row."""
    width = max(len(row.cells) for row in rows) if len(rows) > 1 else 0
    for i in range(width - 1):
        cells = [
            row.cells[i].strip() for row in rows if i < len(row.cells) and row.cells[i].strip()
        ]
        if not cells:
            continue
        if are_labelled(cells):
            return i
        if not any(cell[0].isalpha() for cell in cells):
            continue
        short = all(len(cell) <= _LONGEST_NAME for cell in cells)
        again = 2 * len({*cells}) <= len(cells) or len(suggest_roles(cells)) == len({*cells})
        return i + 1 if short and again else None
    return None


def refuse_unknown_headings(blocks: Sequence[Block], source: str) -> None:
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


def advise(blocks: Blocks, source: str) -> None:
    """Say which columns there are, where all there is is a table with unknown headings."""
    rows = [b.cells for b in blocks.more if b.table is not None]
    apart = any(b.table is None and b.text.strip() for b in blocks)
    if len(rows) > 1 and not apart and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
        mapping([cell.strip() for cell in rows[0]], None, source=source, rows=rows[1:])
