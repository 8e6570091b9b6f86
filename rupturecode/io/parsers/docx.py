"""Word documents: paragraphs, table rows, comments, footnotes and tracked changes, in order.

Insertions are read as text and deletions left out, as Word shows a document once all
changes are accepted; both are noted. Italics inside square brackets, by which papers set
off a coder's remark, are shown as asterisks: ``[*Withdrawal*]``.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import Block, Blocks, BlockText
from rupturecode.io.parsers.docx_asides import USUAL_HEADINGS
from rupturecode.io.parsers.docx_events import Reading
from rupturecode.io.parsers.docx_plain import Taken, lifted
from rupturecode.io.parsers.ole import refuse_ole
from rupturecode.io.parsers.xmlsafe import local, parse_events, parse_xml
from rupturecode.io.parsers.zipsafe import open_zip

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from rupturecode.io.parsers.zipsafe import Archive

#: The names that Word gives the styles of titles and headings in every language.
_HEADING = re.compile(r"(?:heading \d|title|subtitle)", re.IGNORECASE)


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
    folder = posixpath.dirname(main)
    said: dict[tuple[str, str], str] = {}
    for part in ("comments", "footnotes", "endnotes"):
        name = posixpath.join(folder, f"{part}.xml")
        if name in archive:
            said |= _notes(part, parse_xml(archive.read(name), source=source))
    styles = posixpath.join(folder, "styles.xml")
    headings = _headings(archive.read(styles), source) if styles in archive else USUAL_HEADINGS
    reading = _read(archive, main, said, headings)
    if not reading.has_body:
        raise ParseError("there is no text in this Word document", source)
    lost = sum(part == "comments" for part, _ in reading.said)
    if lost:
        reading.notes[f"{lost} comments stand at no words and were left out"] = None
    if any(
        re.fullmatch(rf"{re.escape(folder)}/(header|footer)\d*\.xml", name)
        for name in archive.names
    ):
        reading.notes["page headers and footers were not read"] = None
    return BlockText(_tabbed_names(reading), tuple(reading.notes))


def _headings(styles: bytes, source: str) -> frozenset[str]:
    """Return the ids of the styles that Word itself has for titles and headings."""
    found = set(USUAL_HEADINGS)
    for style in parse_xml(styles, source=source):
        of_style = {local(name): value for name, value in style.items()}
        for part in style:
            named = " ".join(part.attrib.values()) if local(part.tag) == "name" else ""
            if _HEADING.fullmatch(named):
                found.add(of_style.get("styleId", ""))
    return frozenset(found)


def _read(
    archive: Archive,
    main: str,
    said: dict[tuple[str, str], str],
    headings: frozenset[str] = USUAL_HEADINGS,
) -> Reading:
    """Read the text in pieces, plain paragraphs first; what fails is read whole, to say where."""
    for boxes_are_talk in (False, True):
        taken = Taken()
        reading = Reading(
            archive.source, dict(said), taken, boxes_are_talk=boxes_are_talk, headings=headings
        )
        try:
            _events(lifted(archive.pieces(main), taken), reading)
        except (ParseError, UnicodeDecodeError):
            whole = Reading(
                archive.source, dict(said), boxes_are_talk=boxes_are_talk, headings=headings
            )
            reading = _events([archive.read(main)], whole)
        boxed = reading.n_boxed
        if not boxed or boxed <= sum(len(block.text) for block in reading.blocks):
            break
    return reading


def _events(xml: Iterable[bytes | str], reading: Reading) -> Reading:
    parse_events(
        xml, source=reading.source, start=reading.start, end=reading.end, text=reading.text
    )
    reading.close()
    return reading


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


def _notes(part: str, root: Element) -> dict[tuple[str, str], str]:
    """Return the words of all comments or footnotes, by part and id."""
    found: dict[tuple[str, str], str] = {}
    tags = {node.tag for node in root.iter()}
    texts, paragraphs = ({tag for tag in tags if local(tag) == name} for name in ("t", "p"))
    for node in root:
        attributes = {local(name): value for name, value in node.items()}
        lines = [
            "".join([t.text or "" for t in p.iter() if t.tag in texts])
            for p in node.iter()
            if p.tag in paragraphs
        ]
        words = "\n".join(lines).strip()
        if words and "type" not in attributes:
            found[part, attributes.get("id", "")] = words
    return found


def _tabbed_names(reading: Reading) -> Blocks:
    """Return all blocks; bold names at the start of most are set off by a tab."""
    blocks = reading.blocks
    if not reading.bold:
        return blocks
    paragraphs = sum(b.table is None and bool(b.text.strip()) for b in blocks)
    if len(reading.bold) >= 0.4 * paragraphs:
        for i, at in reading.bold.items():
            blocks.items[i] = _tabbed(blocks[i], at)
    return blocks


def _tabbed(block: Block, at: int) -> Block | str:
    text = block.text
    gap = len(text) - len(text[at:].lstrip(" "))
    shift = at + 1 - gap
    tabbed = f"{text[:at]}\t{text[gap:]}"

    def moved(offset: int) -> int:
        return offset if offset <= at else max(at + 1, offset + shift)

    if not (block.comments or block.drawn or block.flags):
        return tabbed
    return block._replace(
        cells=(tabbed,),
        comments=tuple((c, moved(o), w) for c, o, w in block.comments),
        drawn=tuple(d.at(moved(d.start), moved(d.end), d.cell) for d in block.drawn),
    )
