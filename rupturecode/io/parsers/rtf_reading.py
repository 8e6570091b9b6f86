"""What has been read of an RTF file so far: the text, its blocks, and the state of groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from rupturecode.io.parsers.blocks import (
    CHANGES,
    HIGHLIGHT,
    TRACKED,
    UNDERLINED,
    Block,
    Blocks,
    Drawn,
    draw,
    trimmed,
)
from rupturecode.io.parsers.surrogates import whole
from rupturecode.io.parsers.time_codes import HIDDEN


class Looks(NamedTuple):
    """What sets words off; a group without any of it has no looks at all."""

    highlight: int = 0
    shade: int = 0
    line: bool = False
    deleted: bool = False
    inserted: bool = False


@dataclass(slots=True)
class State:
    """What a group inherits from the one around it."""

    goes: str = "text"  # text, skip, comment, fonts
    codec: str = "cp1252"
    fallback: int = 1
    hidden: bool = False
    in_table: bool = False
    looks: Looks | None = None
    starred: bool = False

    def inner(self) -> State:
        """Return a copy for a group inside; spelled out because it is made at every brace."""
        return State(self.goes, self.codec, self.fallback, self.hidden, self.in_table, self.looks)


@dataclass(slots=True)
class Reading:
    """The text read so far, and where the next piece of it goes."""

    source: str
    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    default_codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0  # fallback characters still to be stepped over
    pending: bytearray = field(default_factory=bytearray)
    text: list[str] = field(default_factory=list)
    length: int = 0  # of the text, a character written as two halves counted once
    comment: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    anchors: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)
    """Where the stretch of a comment begins: number of blocks, cell, and offset."""
    reference: bytes = b""
    """The stretch that the comment under way is about."""
    colors: list[str] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    tracked: bool = False
    blocks: Blocks = field(default_factory=Blocks)
    tables: int = -1
    was_row: bool = False
    left_out: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def put(self, piece: str) -> None:
        """Add characters where the current group's text goes."""
        if self.pending:
            self.flush()
        if self.state.goes == "comment":
            self.comment.append(piece)
        elif self.state.goes == "text":
            looks = self.state.looks
            if looks is not None and (looks.deleted or looks.inserted):
                self.tracked = True
                if looks.deleted:
                    return
            if self.state.hidden and not HIDDEN.fullmatch(piece):
                self.left_out["hidden text"] = None
                return
            start = self.length
            self.text.append(piece)
            self.length += not "\ud800" <= piece < "\udc00" if len(piece) == 1 else len(piece)
            if looks is not None:
                self._draw(looks, start)

    def _draw(self, looks: Looks, start: int) -> None:
        """Keep that the text from there on is highlighted or underlined; shading ranks second."""
        number = looks.highlight or looks.shade
        color = self.colors[number] if number < len(self.colors) else ""
        if color:
            draw(self.drawn, Drawn(HIGHLIGHT, color, start, self.length, len(self.cells)))
        if looks.line:
            draw(self.drawn, Drawn(UNDERLINED, "", start, self.length, len(self.cells)))

    @property
    def looks(self) -> Looks:
        """The looks of what follows in this group."""
        return self.state.looks or Looks()

    @looks.setter
    def looks(self, looks: Looks) -> None:
        self.flush()
        self.state.looks = looks if any(looks) else None

    def put_bytes(self, piece: bytes) -> None:
        """Add bytes in the current font's code page, once the fallback is stepped over."""
        if self.skip:
            dropped = min(self.skip, len(piece))
            self.skip -= dropped
            piece = piece[dropped:]
        if self.state.goes in {"text", "comment"}:
            self.pending += piece

    def flush(self) -> None:
        """Decode the bytes that have gathered: a character may take two of them."""
        if not self.pending:
            return
        piece = self.pending.decode(self.state.codec, "replace")
        self.pending.clear()
        self.put(piece)

    def end_paragraph(self) -> None:
        """Close a paragraph, or a line of a cell or comment."""
        self.flush()
        if self.state.goes != "text":
            self.put("\n")
        elif self.state.in_table or self.cells:
            self.text.append("\n")
            self.length += 1
        else:
            self._block((self._text(),), None)

    def end_cell(self) -> None:
        """Close a cell of the current row."""
        self.flush()
        text, cell = self._text(), len(self.cells)
        lead = len(text) - len(text.lstrip("\n"))
        if lead:
            self.comments = [(c, at - lead * (c == cell), w) for c, at, w in self.comments]
            self.drawn = [
                d.at(d.start - lead, d.end - lead, cell) if d.cell == cell else d
                for d in self.drawn
            ]
        self.cells.append(text.strip("\n"))

    def end_row(self) -> None:
        """Close a row; one after a paragraph begins another table."""
        self.flush()
        if not self.cells:
            return
        if not self.was_row:
            self.tables += 1
        self._block(tuple(self.cells), self.tables)
        self.cells = []
        self.text, self.length = [], 0

    def end_comment(self) -> None:
        """Anchor the comment or footnote that has been read where it stands."""
        self.flush()
        words = whole("".join(self.comment)).strip()
        self.comment = []
        block, cell, offset = self.anchors.get(self.reference, (-1, 0, 0))
        self.reference = b""
        if block != len(self.blocks):  # not anchored, or in a paragraph before this one
            cell, offset = len(self.cells), self.length
        if words:
            self.comments.append((cell, offset, words))

    def anchor(self, number: bytes) -> None:
        """Keep where the stretch of a comment begins."""
        self.flush()
        self.anchors[number] = len(self.blocks), len(self.cells), self.length

    def _text(self) -> str:
        text = whole("".join(self.text))
        self.text, self.length = [], 0
        return text

    def _block(self, cells: tuple[str, ...], table: int | None) -> None:
        self.was_row = table is not None
        if table is None and not (self.comments or self.drawn or self.tracked):
            self.blocks.add(cells[0])
            return
        drawn = [d for cell, text in enumerate(cells) for d in trimmed(self._in(cell), text)]
        if self.tracked:
            self.notes[CHANGES] = None
        flags = (TRACKED,) if self.tracked else ()
        number, comments = len(self.blocks) + 1, tuple(self.comments)
        self.blocks.add(Block(cells, number, table, comments, flags, tuple(drawn)))
        self.comments, self.drawn, self.tracked = [], [], False

    def _in(self, cell: int) -> list[Drawn]:
        return [d for d in self.drawn if d.cell == cell]
