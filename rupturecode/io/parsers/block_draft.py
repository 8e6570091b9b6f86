"""From the paragraphs and table rows of a word-processor file to a draft."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.block_tables import (
    advise,
    from_tables,
    notes_apart,
    refuse_unknown_headings,
    tables_of_turns,
)
from rupturecode.io.parsers.blocks import HIGHLIGHT, UNDERLINED
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.placing import At, Placing
from rupturecode.transcript.draft import Draft
from rupturecode.transcript.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rupturecode.io.parsers.blocks import Block, Blocks, BlockText, Drawn

_MOST_COMMENTS = 20_000
_MOST_COLORS = 8


@dataclass(slots=True)
class _Lines:
    """The lines of all blocks, which block each is of, and what is anchored in them."""

    text: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    comments: list[tuple[At, str]] = field(default_factory=list)
    drawn: list[tuple[At, At, Drawn]] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Blocks) -> _Lines:
        """Take apart all blocks."""
        lines = cls()
        for number, item in enumerate(blocks.items, start=1):
            if isinstance(item, str):
                text = item
            else:
                text = item.text
                if item.comments or item.drawn:
                    lines._anchor(item, text)
            if "\n" in text:
                rows = text.split("\n")
                lines.text += rows
                lines.blocks += [number] * len(rows)
            else:
                lines.text.append(text)
                lines.blocks.append(number)
        return lines

    def _anchor(self, block: Block, text: str) -> None:
        cells = [0, *accumulate([len(cell) + 1 for cell in block.cells])]
        rows = [0, *accumulate([len(row) + 1 for row in text.split("\n")])]
        first = len(self.text)

        def at(cell: int, offset: int) -> At:
            place = min(cells[min(cell, len(cells) - 1)] + offset, rows[-1] - 1)
            row = bisect_right(rows, place) - 1
            return At(first + row, place - rows[row])

        self.comments += [(at(cell, offset), words) for cell, offset, words in block.comments]
        self.drawn += [(at(d.cell, d.start), at(d.cell, d.end), d) for d in block.drawn]

    def without_headings(self, blocks: Blocks, source: str, speakers: Sequence[str] | None) -> int:
        """Make comments of headings between turns; returns how many.

        They stay where they are the labels of turns, or begin a turn as other lines do.
        """
        numbers = {block.number for block in blocks.more if block.heading}
        titles = [i for i, n in enumerate(self.blocks) if n in numbers and self.text[i].strip()]
        if not titles:
            return 0
        probe = Draft("", source)
        fill(probe, self.text, speakers=speakers, each_line=True)
        who = dict(zip(probe.lines, probe.speakers, strict=True))
        if 2 * sum(i + 1 in who for i in titles) >= len(probe):
            return 0
        spoken = {name for line, name in who.items() if line - 1 not in set(titles)}
        first = next(iter(probe.lines))
        titles = [i for i in titles if i >= first and who.get(i + 1) not in spoken]
        for i in titles:
            self.comments.append((At(i, 0), self.text[i].strip()))
            self.text[i] = ""
        return len(titles)


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
    empty = Draft(format, source)
    tables = tables_of_turns(content.blocks, columns, source)
    if tables:
        draft, placed = from_tables(empty, content.blocks, tables, speakers)
    else:
        if speakers is None:
            refuse_unknown_headings(more, source)
        blocks, n_notes = notes_apart(content.blocks)
        try:
            draft, placed = empty, _from_lines(empty, blocks, speakers)
        except ParseError:
            advise(content.blocks, source)
            raise
        if n_notes:
            draft.warn(f"{n_notes} cells beside the words became comments: a table has no headings")
    apart = sum(d.kind == HIGHLIGHT for b in more for d in b.drawn) - placed
    for note in (*content.notes, *_looks(draft, apart)):
        draft.warn(note)
    return draft


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


def _from_lines(draft: Draft, blocks: Blocks, speakers: Iterable[str] | None) -> int:
    """Fill a draft from labelled lines; returns how many highlights found their place."""
    lines = _Lines.of(blocks)
    named = None if speakers is None else list(speakers)
    n_headings = lines.without_headings(blocks, draft.source, named)
    fill(draft, lines.text, speakers=named, each_line=True)
    if n_headings:
        draft.warn(f"{n_headings} headings between turns became comments, not speech")
    placing = Placing(draft, lines.text)
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
    flagged = [block for block in blocks if block.flags and block.text.strip()]
    turns = draft.lines.n_up_to([block.number for block in flagged])
    for block, n in zip(flagged, turns, strict=True):
        draft.flag(max(0, n - 1), *block.flags)
