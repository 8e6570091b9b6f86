"""What word-processor files have in common: paragraphs, and rows of tables, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Block(NamedTuple):
    """One paragraph, or one row of a table with its cells.

    Line breaks inside a paragraph or cell stand as newlines.
    """

    cells: tuple[str, ...]
    number: int
    """Counted from 1 through the file, for error messages."""
    table: int | None = None
    """Which table the row belongs to, counted from 0; None for a paragraph."""
    comments: tuple[tuple[int, int, str], ...] = ()
    """Cell, offset in its text, and words of each comment or footnote anchored here."""
    flags: tuple[str, ...] = ()
    """Flags for the turn that the block is part of, such as ``tracked-change``."""

    @property
    def text(self) -> str:
        """The paragraph's text; for a row its cells with tabs between them."""
        return "\t".join(self.cells)


@dataclass(frozen=True, slots=True)
class BlockText:
    """All blocks of a file, and what was left out of them."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
