"""From the paragraphs and table rows of a word-processor file to a draft."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.headings import looks_like_turns, mapping
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.tabular import drafts
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rupturecode.io.parsers.blocks import Block, BlockText

#: Placing a comment takes a look at its whole turn, so their number is bounded.
_MOST_COMMENTS = 20_000


@dataclass(slots=True)
class _Lines:
    """The lines of all blocks, which block each is of, and the comments anchored in them."""

    text: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, block: Block) -> None:
        first = len(self.text)
        text = block.text
        for cell, offset, words in block.comments:
            own = [block.cells[cell][:offset]] if cell < len(block.cells) else []
            before = "\t".join([*block.cells[:cell], *own])
            line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
            self.comments.append((first + line, column, words))
        for row in text.split("\n"):
            self.text.append(row)
            self.blocks.append(block.number)


def draft_of(
    content: BlockText,
    *,
    format: str,  # noqa: A002 - the word readers know
    source: str,
    speakers: Iterable[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    """Read a table with a row per turn where there is one, labelled paragraphs otherwise.

    Comments and footnotes become marks of kind ``comment`` at their place in the turn.

    Raises
    ------
    ParseError
        When there are neither labels nor a table of turns.
    """
    n_comments = sum(len(b.comments) for b in content.blocks)
    if n_comments > _MOST_COMMENTS:
        raise ParseError(
            f"holds {n_comments:,} comments; at most {_MOST_COMMENTS:,} are read", source
        )
    rows = [b for b in content.blocks if b.table is not None]
    header = _header(rows, columns)
    if header is not None:
        draft = _from_table(content.blocks, header, columns, format=format, source=source)
    else:
        draft = _from_lines(content.blocks, speakers, format=format, source=source)
    for note in content.notes:
        draft.warn(note)
    return draft


def _header(rows: Sequence[Block], columns: Mapping[str, str] | None) -> Block | None:
    """Find the row whose headings name a text and its speaker, or those the user mapped."""
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        if looks_like_turns(cells) if columns is None else set(columns.values()) <= set(cells):
            return row
    return None


def _from_table(
    blocks: Sequence[Block],
    header: Block,
    columns: Mapping[str, str] | None,
    *,
    format: str,  # noqa: A002
    source: str,
) -> Draft:
    headings = [cell.strip() for cell in header.cells]
    where = mapping(headings, columns, source=source)
    rows = [b for b in blocks if b.table == header.table and b.number > header.number]
    again = [b for b in rows if [c.strip() for c in b.cells] != headings]  # repeated on each page
    found = drafts(
        [b.cells for b in again],
        {kind: i for kind, i in where.items() if kind != "session"},
        source=source,
        format=format,
        first_row=header.number + 1,
    )
    if not found:
        raise ParseError("the table has no rows with text", source)
    draft = found[0]
    _flag(draft, again)
    comments = {b.number: b.comments for b in again if b.comments}
    for position, number in enumerate(draft.lines):
        for _, _, words in comments.get(number, ()):
            draft.marks.append((position, "comment", words, None, None))
    outside = [b.text.strip() for b in blocks if b.table != header.table and b.text.strip()]
    if outside:
        draft.info["preamble"] = outside
        draft.warn(f"{len(outside)} paragraphs outside the table were not read as speech")
    return draft


def _from_lines(
    blocks: Sequence[Block],
    speakers: Iterable[str] | None,
    *,
    format: str,  # noqa: A002
    source: str,
) -> Draft:
    lines = _Lines()
    for block in blocks:
        lines.add(block)
    draft = Draft(format, source)
    fill(draft, lines.text, speakers=speakers, each_line=True)
    for line, column, words in lines.comments:
        position = max(0, bisect_right(draft.lines, line + 1) - 1)
        place = _place(draft, position, lines.text, line, column)
        draft.marks.append((position, "comment", words, place, place))
    draft.lines = [lines.blocks[n - 1] for n in draft.lines]
    _flag(draft, blocks)
    return draft


def _flag(draft: Draft, blocks: Iterable[Block]) -> None:
    """Put the flags of blocks on the turns that they are part of."""
    for block in blocks:
        if block.flags and block.text.strip():
            position = max(0, bisect_right(draft.lines, block.number) - 1)
            draft.flags.setdefault(position, []).extend(block.flags)


def _place(draft: Draft, position: int, lines: list[str], line: int, column: int) -> int | None:
    """Offset into the turn's raw text of a place in a line; None where lines were dropped."""
    first = draft.lines[position] - 1
    last = draft.lines[position + 1] - 1 if position + 1 < len(draft) else len(lines)
    whole = "\n".join(lines[first:last])
    raw = draft.raws[position]
    start = whole.rfind(raw)
    if start < 0 or line < first:
        return None
    before = sum(len(text) + 1 for text in lines[first:line]) + column - start
    return min(max(before, 0), len(raw))
