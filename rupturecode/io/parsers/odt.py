"""OpenDocument text (.odt, and flat .fodt): paragraphs, table rows, comments, footnotes.

Deleted text of tracked changes is left out and inserted text kept, as the document shows
when all changes are accepted; both are noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import Block, Blocks, BlockText
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

MIME = b"application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PARAGRAPHS = frozenset({_TEXT + "p", _TEXT + "h"})
#: A row or cell said to stand for more copies than this is a bomb or empty margin.
_MOST_COPIES = 1000
_ROW_GROUPS = frozenset(
    _TABLE + name for name in ("table-header-rows", "table-row-group", "table-rows")
)
#: White space that is not one space, which it becomes.
_WHITE = re.compile(r" *[\t\r\n][ \t\r\n]*|  +")
#: Elements without a meaning of their own.
_BARE = frozenset({_TEXT + name for name in ("p", "h", "span", "a", "soft-page-break", "bookmark")})


def parse(data: bytes, *, source: str) -> BlockText:
    """Read the paragraphs and tables of an OpenDocument text.

    Raises
    ------
    ParseError
        When the archive or its XML is damaged or hostile, needs a password, or holds
        another kind of document.
    """
    root = parse_xml(_content(data, source), source=source)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ParseError("there is no text in this OpenDocument file", source)
    reading = _Reading()
    reading.walk(body)
    return BlockText(reading.blocks, tuple(reading.notes))


def _content(data: bytes, source: str) -> bytes:
    if not is_zip(data):
        return data
    archive = open_zip(data, source=source)
    if "content.xml" not in archive:
        raise ParseError("this archive holds no content.xml: not an OpenDocument file", source)
    if "META-INF/manifest.xml" in archive:
        manifest = parse_xml(archive.read("META-INF/manifest.xml"), source=source)
        if any(local(node.tag) == "encryption-data" for node in manifest.iter()):
            raise ParseError("is protected by a password; save a copy without one", source)
    return archive.read("content.xml")


@dataclass(slots=True)
class _Reading:
    blocks: Blocks = field(default_factory=Blocks)
    notes: dict[str, None] = field(default_factory=dict)
    tables: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    cell: int = 0

    def walk(self, node: Element) -> None:
        """Visit what holds paragraphs: sections, lists, text boxes, tables."""
        for child in node:
            if child.tag in _PARAGRAPHS:
                self._block((self._paragraph(child),), None)
            elif child.tag == _TABLE + "table":
                self._table(child)
            elif child.tag == _TEXT + "tracked-changes":
                self.notes["tracked changes: read as if all were accepted"] = None
            else:
                self.walk(child)

    def _table(self, node: Element) -> None:
        table, self.tables = self.tables, self.tables + 1
        for row in _rows(node):
            cells: list[str] = []
            for cell in row:
                if cell.tag == _TABLE + "table-cell":
                    self.cell = len(cells)
                    text = "\n".join(map(self._paragraph, _paragraphs(cell)))
                    cells += [text] * _copies(cell)
            self.cell = 0
            self._block(tuple(cells), table)

    def _block(self, cells: tuple[str, ...], table: int | None) -> None:
        if table is None and not self.comments:
            self.blocks.add(cells[0])
            return
        self.blocks.add(Block(cells, len(self.blocks) + 1, table, tuple(self.comments)))
        self.comments = []

    def _paragraph(self, node: Element) -> str:
        if {part.tag for part in node.iter()} <= _BARE:
            return "".join([_WHITE.sub(" ", text) for text in node.itertext()])
        self.text, self.length = [], 0
        self._inline(node)
        return "".join(self.text)

    def _inline(self, node: Element) -> None:
        if node.text:
            self.add(_WHITE.sub(" ", node.text))
        for child in node:
            act = _INLINE.get(child.tag)
            if act is None:
                self._inline(child)
            else:
                act(self, child)
            if child.tail:
                self.add(_WHITE.sub(" ", child.tail))

    def add(self, piece: str) -> None:
        """Add to the current paragraph."""
        self.text.append(piece)
        self.length += len(piece)

    def comment(self, node: Element) -> None:
        words = "\n".join("".join(p.itertext()) for p in node.iter(_TEXT + "p")).strip()
        if words:
            self.comments.append((self.cell, self.length, words))

    def spaces(self, node: Element) -> None:
        count = node.get(_TEXT + "c", "1")
        self.add(" " * min(int(count) if count.isdecimal() else 1, _MOST_COPIES))


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those in header and row groups too; not of tables within."""
    for child in table:
        if child.tag == _TABLE + "table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    """Yield the paragraphs of a cell, but not those of comments inside them."""
    for child in cell:
        if child.tag in _PARAGRAPHS:
            yield child
        else:
            yield from _paragraphs(child)


def _copies(cell: Element) -> int:
    count = cell.get(_TABLE + "number-columns-repeated", "1")
    return min(int(count) if count.isdecimal() else 1, _MOST_COPIES)


_INLINE: dict[str, Callable[[_Reading, Element], None]] = {
    _TEXT + "s": _Reading.spaces,
    _TEXT + "tab": lambda reading, _: reading.add("\t"),
    _TEXT + "line-break": lambda reading, _: reading.add("\n"),
    _TEXT + "note": _Reading.comment,
    _OFFICE + "annotation": _Reading.comment,
}
