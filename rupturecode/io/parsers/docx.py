"""Word documents: paragraphs, table rows, comments, footnotes and tracked changes, in order.

Insertions are read as text and deletions left out, as Word shows a document once all
changes are accepted; both are noted. Italics inside square brackets, by which papers set
off a coder's remark, are shown as asterisks: ``[*Withdrawal*]``.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import Block, BlockText
from rupturecode.io.parsers.ole import refuse_ole
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import open_zip

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from rupturecode.io.parsers.zipsafe import Archive

TRACKED = "tracked-change"
_OFF = frozenset({"0", "false", "off", "none"})
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_MOST_SPAN = 100


def parse(data: bytes, *, source: str) -> BlockText:
    """Read the paragraphs and tables of a Word document.

    Raises
    ------
    ParseError
        When the file is damaged or hostile, needs a password, holds macros, or is no Word
        document.
    """
    refuse_ole(data, source)
    archive = open_zip(data, source=source)
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        raise ParseError("holds macros; save it in Word as a document without macros", source)
    main = _main_part(archive, source)
    root = parse_xml(archive.read(main), source=source)
    body = next((child for child in root if local(child.tag) == "body"), None)
    if body is None:
        raise ParseError("there is no text in this Word document", source)
    folder = posixpath.dirname(main)
    reading = _Reading(root.tag.rpartition("}")[0] + "}")
    for part in ("comments", "footnotes", "endnotes"):
        name = posixpath.join(folder, f"{part}.xml")
        if name in archive:
            reading.notes_of(part, parse_xml(archive.read(name), source=source))
    reading.walk(body)
    if any(re.fullmatch(rf"{folder}/(header|footer)\d*\.xml", name) for name in archive.names):
        reading.notes["page headers and footers were not read"] = None
    return BlockText(tuple(reading.finished()), tuple(reading.notes))


def _main_part(archive: Archive, source: str) -> str:
    """Return the name of the part that holds the text, as the package itself says."""
    if "word/document.xml" in archive:
        return "word/document.xml"
    if "_rels/.rels" in archive:
        for link in parse_xml(archive.read("_rels/.rels"), source=source):
            target = link.get("Target", "").lstrip("/")
            if link.get("Type", "").endswith("/officeDocument") and target in archive:
                return target
    raise ParseError("this archive holds no word/document.xml: not a Word document", source)


@dataclass(slots=True)
class _Paragraph:
    """What is being read: pieces of text, and where comments and styles stand."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[tuple[int, str]] = field(default_factory=list)
    styled: list[tuple[int, int, Element]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    boxes: list[Element] = field(default_factory=list)

    def put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


class _Reading:
    """Walks a document and collects its blocks."""

    def __init__(self, namespace: str) -> None:
        self.w = namespace
        self.notes: dict[str, None] = {}
        self.blocks: list[Block] = []
        self.bold: dict[int, int] = {}
        """By position of the block: how many characters at its start are bold, not all."""
        self.said: dict[tuple[str, str], str] = {}
        self.tables = 0
        self.outer: dict[str, Callable[[Element], None]] = {
            namespace + "p": self._block,
            namespace + "tbl": self._table,
            **{
                namespace + name: self.walk
                for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")
            },
        }
        self.inner: dict[str, Callable[[Element, _Paragraph], None]] = {
            namespace + "r": self._run,
            namespace + "ins": self._inserted,
            namespace + "moveTo": self._inserted,
            namespace + "del": self._deleted,
            namespace + "moveFrom": self._deleted,
            namespace + "commentRangeStart": self._comment,
            **{
                namespace + name: self._inline
                for name in (
                    "hyperlink",
                    "smartTag",
                    "sdt",
                    "sdtContent",
                    "fldSimple",
                    "customXml",
                    "dir",
                    "bdo",
                )
            },
        }
        self.leaves: dict[str, Callable[[Element, _Paragraph], None]] = {
            namespace + "tab": lambda _, into: into.put("\t"),
            namespace + "br": lambda _, into: into.put("\n"),
            namespace + "cr": lambda _, into: into.put("\n"),
            namespace + "noBreakHyphen": lambda _, into: into.put("-"),
            namespace + "softHyphen": lambda _, into: into.put("\u00ad"),
            namespace + "sym": self._symbol,
            namespace + "commentReference": self._comment,
            namespace + "footnoteReference": self._footnote,
            namespace + "endnoteReference": self._endnote,
            namespace + "drawing": self._drawing,
            namespace + "pict": self._drawing,
        }

    def notes_of(self, part: str, root: Element) -> None:
        """Learn the words of all comments or footnotes."""
        for node in root:
            key = node.get(self.w + "id", "")
            lines = [
                "".join(t.text or "" for t in p.iter(self.w + "t")) for p in node.iter(self.w + "p")
            ]
            words = "\n".join(lines).strip()
            if words and node.get(self.w + "type") is None:
                self.said[part, key] = words

    def walk(self, node: Element) -> None:
        """Visit paragraphs and tables, and what merely wraps them."""
        for child in node:
            act = self.outer.get(child.tag)
            if act is not None:
                act(child)
            elif local(child.tag) == "AlternateContent":
                self.walk(_choice(child))

    def finished(self) -> list[Block]:
        """All blocks; a bold name at the start of most is set off by a tab."""
        paragraphs = [b for b in self.blocks if b.table is None and b.text.strip()]
        if not self.bold or len(self.bold) < 0.4 * len(paragraphs):
            return self.blocks
        return [
            _tabbed(block, self.bold[i]) if i in self.bold else block
            for i, block in enumerate(self.blocks)
        ]

    def _block(self, node: Element) -> None:
        into = self._paragraph(node)
        text, comments = _with_italics("".join(into.pieces), into, self.w)
        self._bold_start(text, into)
        self._add((text,), tuple((0, at, words) for at, words in comments), None, into.flags)
        for box in into.boxes:
            self.notes["text boxes were read after the paragraph they hang on"] = None
            self.walk(box)

    def _add(
        self,
        cells: tuple[str, ...],
        comments: tuple[tuple[int, int, str], ...],
        table: int | None,
        flags: set[str],
    ) -> None:
        number = len(self.blocks) + 1
        self.blocks.append(Block(cells, number, table, comments, tuple(sorted(flags))))

    def _table(self, node: Element) -> None:
        table, self.tables = self.tables, self.tables + 1
        for row in node.iter(self.w + "tr"):
            properties = row.find(self.w + "trPr")
            if properties is not None and properties.find(self.w + "del") is not None:
                self.notes["tracked changes: deleted rows were left out"] = None
                continue
            self._row(row, table)

    def _row(self, row: Element, table: int) -> None:
        cells: list[str] = []
        comments: list[tuple[int, int, str]] = []
        flags: set[str] = set()
        for cell in row.iter(self.w + "tc"):
            parts: list[str] = []
            for node in cell.findall(f".//{self.w}p"):
                into = self._paragraph(node)
                text, found = _with_italics("".join(into.pieces), into, self.w)
                shift = sum(len(p) + 1 for p in parts)
                comments += [(len(cells), shift + at, words) for at, words in found]
                flags |= into.flags
                parts.append(text)
            cells += ["\n".join(parts), *[""] * (self._span(cell) - 1)]
        self._add(tuple(cells), tuple(comments), table, flags)

    def _span(self, cell: Element) -> int:
        span = cell.find(f"{self.w}tcPr/{self.w}gridSpan")
        number = "1" if span is None else span.get(self.w + "val", "1")
        return min(int(number), _MOST_SPAN) if number.isdecimal() and int(number) else 1

    def _paragraph(self, node: Element) -> _Paragraph:
        into = _Paragraph()
        self._inline(node, into)
        return into

    def _inline(self, node: Element, into: _Paragraph) -> None:
        for child in node:
            act = self.inner.get(child.tag)
            if act is not None:
                act(child, into)

    def _run(self, run: Element, into: _Paragraph) -> None:
        start, style = into.length, None
        text_tag, style_tag = self.w + "t", self.w + "rPr"
        for child in run:
            tag = child.tag
            if tag == text_tag:
                into.put(child.text or "")
            elif tag == style_tag:
                style = child
                if self._on(style, "vanish"):
                    self.notes["hidden text was left out"] = None
                    return
            elif tag in self.leaves:
                self.leaves[tag](child, into)
            elif local(tag) == "AlternateContent":
                self._drawing(_choice(child), into)
        if style is not None and into.length > start:
            into.styled.append((start, into.length, style))

    def _on(self, style: Element, name: str) -> bool:
        node = style.find(self.w + name)
        return node is not None and node.get(self.w + "val", "1") not in _OFF

    def _inserted(self, node: Element, into: _Paragraph) -> None:
        into.flags.add(TRACKED)
        self.notes["tracked changes: insertions were read as text, deletions left out"] = None
        self._inline(node, into)

    def _deleted(self, node: Element, into: _Paragraph) -> None:
        del node
        into.flags.add(TRACKED)
        self.notes["tracked changes: insertions were read as text, deletions left out"] = None

    def _comment(self, node: Element, into: _Paragraph) -> None:
        """Put a comment where its stretch begins, else where its sign is."""
        words = self.said.pop(("comments", node.get(self.w + "id", "")), None)
        if words is not None:
            into.comments.append((into.length, words))

    def _footnote(self, node: Element, into: _Paragraph) -> None:
        self._note("footnotes", node, into)

    def _endnote(self, node: Element, into: _Paragraph) -> None:
        self._note("endnotes", node, into)

    def _note(self, part: str, node: Element, into: _Paragraph) -> None:
        words = self.said.get((part, node.get(self.w + "id", "")))
        if words is not None:
            into.comments.append((into.length, words))

    def _symbol(self, node: Element, into: _Paragraph) -> None:
        del node
        into.put("\ufffd")
        self.notes["symbols of special fonts stand as U+FFFD"] = None

    def _drawing(self, node: Element, into: _Paragraph) -> None:
        into.boxes += list(node.iter(self.w + "txbxContent"))[:1]

    def _bold_start(self, text: str, into: _Paragraph) -> None:
        """Remember how far a paragraph is bold, when it goes on otherwise and has no colon."""
        end = 0
        for start, stop, style in into.styled:
            if start != end or not self._on(style, "b"):
                break
            end = stop
        head = text[:end].rstrip()
        if 0 < len(head) <= 40 and text[end:].strip() and ":" not in text[: end + 1]:
            self.bold[len(self.blocks)] = len(head)


def _choice(node: Element) -> Element:
    """Of alternative contents the first; an empty node where there is none."""
    return node[0] if len(node) else node


def _tabbed(block: Block, at: int) -> Block:
    text = block.text
    gap = len(text) - len(text[at:].lstrip(" "))
    shift = at + 1 - gap
    comments = tuple((c, o if o <= at else max(at + 1, o + shift), w) for c, o, w in block.comments)
    return replace(block, cells=(f"{text[:at]}\t{text[gap:]}",), comments=comments)


def _with_italics(text: str, into: _Paragraph, w: str) -> tuple[str, list[tuple[int, str]]]:
    """Put asterisks inside brackets whose words are all in italics."""
    if not into.styled or "[" not in text:
        return text, into.comments
    slanted = bytearray(len(text))
    for start, end, style in into.styled:
        node = style.find(w + "i")
        if node is not None and node.get(w + "val", "1") not in _OFF:
            slanted[start:end] = b"\x01" * (end - start)
    places: list[int] = []
    for found in _BRACKETED.finditer(text):
        a, b = found.span(1)
        words = [i for i in range(a, b) if not text[i].isspace()]
        if words and all(slanted[i] for i in words) and text[a] != "*":
            places += [a, b]
    if not places:
        return text, into.comments
    edges = [0, *places, len(text)]
    marked = "*".join(text[a:b] for a, b in pairwise(edges))
    return marked, [(at + sum(p < at for p in places), words) for at, words in into.comments]
