"""What word-processor files have in common: paragraphs, and rows of tables, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

HIGHLIGHT, UNDERLINED = "highlight", "underlined"
TRACKED = "tracked-change"
CHANGES = "tracked changes: insertions were read as text, deletions left out"
#: The colors of Word's highlighter, which it calls by name.
_NAMED = {
    "000000": "black", "0000FF": "blue", "00FFFF": "cyan", "00FF00": "green", "FF00FF": "magenta",
    "FF0000": "red", "FFFF00": "yellow", "000080": "darkBlue", "008080": "darkCyan",
    "008000": "darkGreen", "800080": "darkMagenta", "800000": "darkRed", "808000": "darkYellow",
    "808080": "darkGray", "C0C0C0": "lightGray",
}  # fmt: skip


class Drawn(NamedTuple):
    """Words set off by their looks: highlighted in a color, or underlined."""

    kind: str
    """``HIGHLIGHT`` or ``UNDERLINED``."""
    text: str
    """The color; empty for underlining."""
    start: int
    end: int
    cell: int = 0

    def at(self, start: int, end: int, cell: int) -> Drawn:
        """Return the same in another place; spelled out because it is made for every one."""
        return Drawn(self.kind, self.text, start, end, cell)


def color(rgb: str) -> str:
    """Return the name of a color where Word's highlighter has one; empty for white and for none.

    Examples
    --------
    >>> color("ffff00"), color("#ffe599"), color("FFFFFF"), color("transparent")
    ('yellow', '#FFE599', '', '')
    """
    digits = rgb.removeprefix("#").upper()
    if len(digits) != 6 or digits == "FFFFFF" or not set(digits) <= set("0123456789ABCDEF"):
        return ""
    return _NAMED.get(digits, f"#{digits}")


def draw(drawn: list[Drawn], new: Drawn) -> None:
    """Add a stretch; what a program cuts into runs is one where only their ends meet."""
    for i in range(len(drawn) - 1, max(-1, len(drawn) - 3), -1):
        last = drawn[i]
        if last.end == new.start and last.cell == new.cell and last[:2] == new[:2]:
            drawn[i] = last.at(last.start, new.end, last.cell)
            return
    drawn.append(new)


def trimmed(drawn: Iterable[Drawn], text: str) -> list[Drawn]:
    """Return what is drawn on words: not on white space alone, nor at the edges of a stretch."""
    kept: list[Drawn] = []
    for d in drawn:
        words = text[d.start : d.end]
        start = d.start + len(words) - len(words.lstrip())
        end = d.end - len(words) + len(words.rstrip())
        if end > start:
            kept.append(d.at(start, end, d.cell))
    return kept


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
    drawn: tuple[Drawn, ...] = ()
    merged: tuple[int, ...] = ()
    """Cells of a row that go on with the cell above, which alone has the text."""
    title: bool = False
    """Whether a row is one cell over all columns."""
    heading: bool = False
    """Whether a paragraph has the style of a title or heading."""

    @property
    def text(self) -> str:
        """The paragraph's text; for a row its cells with tabs between them."""
        return "\t".join(self.cells)


class Blocks(Sequence[Block]):
    """Blocks in order; a paragraph of mere text is kept as that, in a third of the memory.

    Examples
    --------
    >>> blocks = Blocks([Block(("1", "T", "Hm."), 1, table=0)])
    >>> blocks.add("C: Fine.")
    >>> blocks[1].cells, blocks[1].number
    (('C: Fine.',), 2)
    >>> [block.number for block in blocks.more]
    [1]
    """

    __slots__ = ("items",)

    def __init__(self, blocks: Iterable[Block | str] = ()) -> None:
        self.items = list(blocks)

    def add(self, item: Block | str) -> None:
        """Append a block, or a paragraph of mere text."""
        self.items.append(item)

    @property
    def more(self) -> list[Block]:
        """The blocks that are more than a paragraph's text."""
        return [item for item in self.items if item.__class__ is not str]  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, at: int) -> Block: ...
    @overload
    def __getitem__(self, at: slice) -> list[Block]: ...
    def __getitem__(self, at: int | slice) -> Block | list[Block]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        item = self.items[at]
        return Block((item,), range(len(self))[at] + 1) if isinstance(item, str) else item

    def __iter__(self) -> Iterator[Block]:
        for number, item in enumerate(self.items, start=1):
            yield Block((item,), number) if isinstance(item, str) else item

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Blocks) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it grows


@dataclass(frozen=True, slots=True)
class BlockText:
    """All blocks of a file, and what was left out of them."""

    blocks: Blocks = field(default_factory=Blocks)
    notes: tuple[str, ...] = ()
