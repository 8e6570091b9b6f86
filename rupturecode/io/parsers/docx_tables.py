"""The tables of a Word document while it is read: rows, and the cells they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.io.parsers.blocks import TRACKED, Block
from rupturecode.io.parsers.docx_asides import columns, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.io.parsers.blocks import Drawn


@dataclass(slots=True)
class Row:
    """A table row while it is read."""

    cells: list[str] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    parts: list[str] | None = None
    """Paragraphs of the cell under way."""
    span: int = 1
    merged: list[int] = field(default_factory=list)
    """Cells that go on with the cell above."""
    n_cells: int = 0
    """Cells as they are seen, however many columns each spans."""
    deleted: bool = False
    tracked: bool = False

    def block(self, number: int, table: int) -> Block:
        """Return the finished row."""
        return Block(
            tuple(self.cells),
            number,
            table,
            tuple(self.comments),
            (TRACKED,) if self.tracked else (),
            tuple(self.drawn),
            tuple(self.merged),
            title=self.n_cells == 1 and len(self.cells) > 1,
        )


class Tables:
    """Tells where in which table the reading is; a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        self.n = self.depth = 0
        """Tables that have ended, and how many are open, each in a cell of the one before."""
        self.row: Row | None = None

    def begin(self) -> None:
        """Begin a table."""
        self.depth += 1

    def end(self) -> None:
        """End a table."""
        self.depth -= 1
        self.n += self.depth == 0

    def begin_row(self, _: object = None) -> None:
        """Begin a row."""
        if self.depth == 1:
            self.row = Row()

    def end_row(self) -> Row | None:
        """Return the row that ends; None inside a cell."""
        if self.depth != 1:
            return None
        row, self.row = self.row, None
        return row

    @property
    def own_row(self) -> Row | None:
        """The row that the next element is about; None inside a table inside a cell."""
        return self.row if self.depth == 1 else None

    def begin_cell(self, _: object = None) -> None:
        """Begin a cell."""
        row = self.own_row
        if row is not None:
            row.parts, row.span = [], 1
            row.n_cells += 1

    def end_cell(self) -> None:
        """End a cell; where it spans several columns, empty ones follow."""
        row = self.own_row
        if row is not None and row.parts is not None:
            row.cells += ["\n".join(row.parts), *[""] * (row.span - 1)]
            row.parts = None

    def span(self, attributes: dict[str, str]) -> None:
        """Take the number of columns that a cell spans."""
        row = self.own_row
        if row is not None:
            row.span = max(1, columns(attributes))

    def leave_free(self, attributes: dict[str, str]) -> None:
        """Keep the columns that a row leaves free on its left."""
        row = self.own_row
        if row is not None:
            row.cells += [""] * columns(attributes)

    def merge(self, attributes: dict[str, str]) -> None:
        """Note a cell that goes on with the one above."""
        row = self.own_row
        inside = row is not None and row.parts is not None
        if inside and row is not None and value(attributes, "val", "continue") == "continue":
            row.merged.append(len(row.cells))

    def put(
        self,
        text: str,
        comments: Iterable[tuple[int, str]],
        drawn: Iterable[Drawn],
        *,
        tracked: bool,
    ) -> None:
        """Put a paragraph into the cell under way; between cells there is no place for it."""
        row = self.row
        if row is None or row.parts is None:
            return
        cell, shift = len(row.cells), sum([len(part) + 1 for part in row.parts])
        row.comments += [(cell, shift + at, words) for at, words in comments]
        row.drawn += [d.at(shift + d.start, shift + d.end, cell) for d in drawn]
        row.tracked |= tracked
        row.parts.append(text)
