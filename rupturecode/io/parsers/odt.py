"""OpenDocument text (.odt, and flat .fodt): paragraphs, table rows, comments, footnotes.

Deleted text of tracked changes is left out and inserted text kept, as the document shows
when all changes are accepted; both are noted. What highlights or underlines words is told by
:mod:`~rupturecode.io.parsers.odt_styles`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import (
    CHANGES,
    HIGHLIGHT,
    TRACKED,
    UNDERLINED,
    Block,
    Blocks,
    BlockText,
    Drawn,
    draw,
    trimmed,
)
from rupturecode.io.parsers.odt_styles import looks_of
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from rupturecode.io.parsers.odt_styles import Look

MIME = b"application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = _TEXT + "style-name"
_CHANGES = frozenset({_TEXT + name for name in ("change", "change-start", "change-end")})
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
    content, styles = _parts(data, source)
    root = parse_xml(content, source=source)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ParseError("there is no text in this OpenDocument file", source)
    named = parse_xml(styles, source=source) if styles else root
    reading = _Reading(*looks_of(root, named))
    reading.walk(body)
    return BlockText(reading.blocks, tuple(reading.notes))


def _parts(data: bytes, source: str) -> tuple[bytes, bytes]:
    """Return the part with the text and the one with named styles; a flat file holds both."""
    if not is_zip(data):
        return data, b""
    archive = open_zip(data, source=source)
    if "content.xml" not in archive:
        raise ParseError("this archive holds no content.xml: not an OpenDocument file", source)
    if "META-INF/manifest.xml" in archive:
        manifest = parse_xml(archive.read("META-INF/manifest.xml"), source=source)
        if any(local(node.tag) == "encryption-data" for node in manifest.iter()):
            raise ParseError("is protected by a password; save a copy without one", source)
    styles = archive.read("styles.xml") if "styles.xml" in archive else b""
    return archive.read("content.xml"), styles


@dataclass(slots=True)
class _Reading:
    spans: Mapping[str, Look] = field(default_factory=dict)
    paragraphs: Mapping[str, Look] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    """Ids of insertions and deletions; other changes are of mere looks."""
    inserting: set[str] = field(default_factory=set)
    tracked: bool = False
    drawn: list[Drawn] = field(default_factory=list)
    blocks: Blocks = field(default_factory=Blocks)
    notes: dict[str, None] = field(default_factory=dict)
    tables: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    cell: int = 0
    base: int = 0
    """Where the paragraph under way begins in its cell."""

    def walk(self, node: Element) -> None:
        """Visit what holds paragraphs: sections, lists, text boxes, tables."""
        for child in node:
            if child.tag in _PARAGRAPHS:
                self._block((self._paragraph(child),), None)
            elif child.tag == _TABLE + "table":
                self._table(child)
            elif child.tag == _TEXT + "tracked-changes":
                self._know_changes(child)
            elif child.tag in _CHANGES:
                self.change(child)
            else:
                self.walk(child)

    def _table(self, node: Element) -> None:
        table, self.tables = self.tables, self.tables + 1
        for row in _rows(node):
            cells: list[str] = []
            for cell in row:
                if cell.tag == _TABLE + "table-cell":
                    self.cell, self.base = len(cells), 0
                    text = "\n".join(map(self._paragraph, _paragraphs(cell)))
                    cells += [text] * _copies(cell)
            self.cell = 0
            self._block(tuple(cells), table)

    def _know_changes(self, node: Element) -> None:
        for region in node:
            kinds = {local(part.tag) for part in region}
            if kinds & {"insertion", "deletion"}:
                self.notes[CHANGES] = None
                self.changes.update(v for k, v in region.items() if local(k) == "id")

    def change(self, node: Element) -> None:
        """Step into or out of an insertion, or over the place of a deletion."""
        number = node.get(_TEXT + "change-id", "")
        if number not in self.changes:
            return
        self.tracked = True
        if node.tag == _TEXT + "change-start":
            self.inserting.add(number)
        elif node.tag == _TEXT + "change-end":
            self.inserting.discard(number)

    def _block(self, cells: tuple[str, ...], table: int | None) -> None:
        self.base = 0
        if table is None and not (self.comments or self.drawn or self.tracked):
            self.blocks.add(cells[0])
            return
        drawn = [
            d
            for i, text in enumerate(cells)
            for d in trimmed((d for d in self.drawn if d.cell == i), text)
        ]
        flags = (TRACKED,) if self.tracked else ()
        number, comments = len(self.blocks) + 1, tuple(self.comments)
        self.blocks.add(Block(cells, number, table, comments, flags, tuple(drawn)))
        self.comments, self.drawn, self.tracked = [], [], False

    def _paragraph(self, node: Element) -> str:
        if self.inserting:
            self.tracked = True
        look = self.paragraphs.get(node.get(_STYLE, "")) if self.paragraphs else None
        if look is None and {part.tag for part in node.iter()} <= _BARE:
            spans = self.spans
            if not (spans and any(part.get(_STYLE) in spans for part in node.iter())):
                text = "".join([_WHITE.sub(" ", text) for text in node.itertext()])
                self.base += len(text) + 1
                return text
        self.text, self.length = [], 0
        self._inline(node)
        if look is not None:
            self._draw(look, 0)
        self.base += self.length + 1
        return "".join(self.text)

    def _draw(self, look: Look, start: int) -> None:
        """Let a style hold for the text from there on."""
        start, end = self.base + start, self.base + self.length
        if look.color:
            draw(self.drawn, Drawn(HIGHLIGHT, look.color, start, end, self.cell))
        if look.line:
            draw(self.drawn, Drawn(UNDERLINED, "", start, end, self.cell))

    def _inline(self, node: Element) -> None:
        if node.text:
            self.add(_WHITE.sub(" ", node.text))
        for child in node:
            act = _INLINE.get(child.tag)
            if act is None:
                start = self.length
                self._inline(child)
                look = self.spans.get(child.get(_STYLE, "")) if self.spans else None
                if look is not None and child.tag == _TEXT + "span":
                    self._draw(look, start)
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
            self.comments.append((self.cell, self.base + self.length, words))

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
    **dict.fromkeys(_CHANGES, _Reading.change),
}
