"""What a sheet of an Excel workbook says beside its values: merged cells, comments, errors."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from rupturecode.io.parsers.zipsafe import Archive

    Cell = tuple[int, int]

_BOOK = "xl/workbook.xml"
#: What stands inside a tag; bounded, so that hostile files cost no more than their length.
_IN = rb"[^<>]{0,300}"
_ERROR = re.compile(
    rb"<c\b(?=" + _IN + rb"\bt=\"e\")" + _IN + rb"\br=\"([A-Z]{1,3}\d{1,7})\"" + _IN + rb">"
    rb"(?:<f\b[^<]{0,9000}(?:</f>)?)?<v>([^<]{1,20})</v>"
)
_EMPTY_FORMULA = re.compile(
    rb"<c\b" + _IN + rb"\br=\"([A-Z]{1,3}\d{1,7})\"" + _IN + rb">"
    rb"<f\b" + _IN + rb"(?:/>|>[^<]{0,9000}</f>)(?:<v ?/>|<v></v>)?</c>"
)
_HIDDEN = re.compile(rb"<row\b" + _IN + rb"\bhidden=\"(?:1|true)\"")
_MERGED = re.compile(rb"<mergeCell\b" + _IN + rb"\bref=\"([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})\"")
_THREADED = re.compile(r"\[Threaded comment\].*?\n(?:Comment|Kommentar|Commentaire):\s*", re.DOTALL)
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Facts:
    """Cells are given by row and column, counted from 0."""

    merged: tuple[tuple[Cell, Cell], ...] = ()
    """First and last cell of each stretch of merged cells."""
    wordless: dict[Cell, str] = field(default_factory=dict)
    """Cells whose formula has no value, by the reason."""
    comments: dict[Cell, str] = field(default_factory=dict)
    n_hidden: int = 0
    """Rows that are hidden."""


def visible_sheets(data: bytes, *, source: str) -> frozenset[str]:
    """Return the names of the sheets that are not hidden; empty where the file does not say."""
    archive = open_zip(data, source=source)
    return frozenset(
        sheet.get("name", "")
        for sheet in _sheets(archive)
        if sheet.get("state", "visible") == "visible"
    )


def facts_of(data: bytes, name: str, *, source: str) -> Facts:
    """Return what is known of a sheet beside its values.

    Raises
    ------
    ParseError
        When the workbook's parts are malformed.
    """
    archive = open_zip(data, source=source)
    links = _links(archive, _BOOK)
    for sheet in _sheets(archive):
        part = links.get(_attribute(sheet, "id"), ("", ""))[1]
        if sheet.get("name") == name and part in archive:
            return _facts(archive, part)
    return Facts()


def _facts(archive: Archive, part: str) -> Facts:
    content = archive.read(part)
    wordless = {
        _cell(m[1].decode()): "a formula without a value" for m in _EMPTY_FORMULA.finditer(content)
    }
    for found in _ERROR.finditer(content):
        wordless[_cell(found[1].decode())] = f"the error {found[2].decode('utf-8', 'replace')}"
    said: dict[Cell, str] = {}
    for kind, target in _links(archive, part).values():
        if kind.endswith("/comments") and target in archive:
            said |= dict(_comments(parse_xml(archive.read(target), source=archive.source)))
    return Facts(
        merged=tuple(
            (_cell(m[1].decode()), _cell(m[2].decode())) for m in _MERGED.finditer(content)
        ),
        wordless=wordless,
        comments=said,
        n_hidden=len(_HIDDEN.findall(content)),
    )


def _comments(root: Element) -> Iterator[tuple[Cell, str]]:
    for node in root.iter():
        if local(node.tag) == "comment" and _PLACE.fullmatch(node.get("ref", "")):
            words = "".join(t.text or "" for t in node.iter() if local(t.tag) == "t")
            yield _cell(node.get("ref", "")), _THREADED.sub("", words).strip()


def _sheets(archive: Archive) -> list[Element]:
    if _BOOK not in archive:
        return []
    book = parse_xml(archive.read(_BOOK), source=archive.source)
    return [node for node in book.iter() if local(node.tag) == "sheet"]


def _links(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and target of each part that a part refers to, by id."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    if links not in archive:
        return {}
    return {
        link.get("Id", ""): (
            link.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in parse_xml(archive.read(links), source=archive.source)
    }


def _attribute(node: Element, name: str) -> str:
    return next((value for key, value in node.items() if local(key) == name), "")


def _cell(place: str) -> Cell:
    """Return row and column, counted from 0.

    Examples
    --------
    >>> _cell("AB3")
    (2, 27)
    """
    letters, row = _PLACE.fullmatch(place).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(row) - 1, column - 1


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, counted from 0.

    Examples
    --------
    >>> cell_name(2, 27)
    'AB3'
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
