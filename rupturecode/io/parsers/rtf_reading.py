"""What has been read of an RTF file so far: the text, its blocks, and the state of groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from rupturecode.io.parsers.blocks import Block, Blocks
from rupturecode.io.parsers.surrogates import whole
from rupturecode.io.parsers.time_codes import HIDDEN


@dataclass(slots=True)
class State:
    """What a group inherits from the one around it."""

    goes: str = "text"  # text, skip, comment, fonts
    codec: str = "cp1252"
    fallback: int = 1
    hidden: bool = False
    in_table: bool = False
    starred: bool = False

    def inner(self) -> State:
        """Return a copy for a group inside; spelled out because it is made at every brace."""
        return State(self.goes, self.codec, self.fallback, self.hidden, self.in_table)


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
    blocks: Blocks = field(default_factory=Blocks)
    tables: int = -1
    was_row: bool = False
    left_out: dict[str, None] = field(default_factory=dict)

    def put(self, piece: str) -> None:
        """Add characters where the current group's text goes."""
        if self.pending:
            self.flush()
        if self.state.goes == "comment":
            self.comment.append(piece)
        elif self.state.goes == "text":
            if self.state.hidden and not HIDDEN.fullmatch(piece):
                self.left_out["hidden or deleted text"] = None
            else:
                self.text.append(piece)
                self.length += not "\ud800" <= piece < "\udc00" if len(piece) == 1 else len(piece)

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
        self.cells.append(self._text().strip("\n"))

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
        if words:
            self.comments.append((len(self.cells), self.length, words))

    def _text(self) -> str:
        text = whole("".join(self.text))
        self.text, self.length = [], 0
        return text

    def _block(self, cells: tuple[str, ...], table: int | None) -> None:
        self.was_row = table is not None
        if table is None and not self.comments:
            self.blocks.add(cells[0])
            return
        self.blocks.add(Block(cells, len(self.blocks) + 1, table, tuple(self.comments)))
        self.comments = []
