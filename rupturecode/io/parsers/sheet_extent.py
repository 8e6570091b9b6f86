"""How far the cells of a workbook reach, looked at before anyone makes room for them.

A library that reads sheets makes room for the whole rectangle down to the last cell, and for
as many words as the workbook says it holds. One stray value in the last cell that Excel has,
``XFD1048576``, stands for seventeen thousand million cells, and the process dies for want of
memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.ole import MAGIC
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

#: Cells that a sheet may span whatever it holds, and for each byte that it holds.
_CELLS, _CELLS_PER_BYTE = 1_000_000, 50
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,20})(\d{1,20})[\"']")
_LETTERS = 26
_COUNT = re.compile(rb"\b(?:uniqueC|c)ount\s*=\s*[\"'](\d{8,})[\"']")
#: What a workbook may say it holds, beside what its bytes could.
_DECLARED = 10_000_000


def refuse_absurd_sheets(data: bytes, *, source: str) -> None:
    """Refuse a workbook one of whose sheets spans far more cells than it can hold.

    Old ``.xls`` files, which are no archives, cannot span so much and pass.

    Raises
    ------
    ParseError
        When a sheet spans too much, or the archive is damaged or hostile.
    """
    if data.startswith(MAGIC):
        return
    archive = open_zip(data, source=source)
    if not is_zip(data):  # what others make of such a file may differ from what is looked at here
        raise ParseError("something stands before the workbook in this file", source)
    for name in archive.names:  # unpacked under the archive's budget, whatever it declares
        content = archive.read(name)
        if name.endswith(".bin") and name.startswith("xl/work"):
            raise ParseError("is a binary workbook (.xlsb); save it as .xlsx", source)
        if any(int(n[:12]) > _DECLARED + len(content) for n in _COUNT.findall(content)):
            raise ParseError(f"{name} says that it holds more than it can; save it again", source)
        if name == "content.xml":
            rows, columns = _opendocument_extent(content, source)
        elif b"sheetData" in content:
            rows, columns = _excel_extent(content)
        else:
            continue
        if rows * columns > _CELLS + _CELLS_PER_BYTE * len(content):
            raise ParseError(
                f"a sheet ({name}) reaches to row {rows:,} and column {columns:,}, with hardly "
                "anything between: delete the stray cells beyond the table and save it again",
                source,
            )


def _excel_extent(content: bytes) -> tuple[int, int]:
    """Return the last row and column that a sheet names.

    Examples
    --------
    >>> _excel_extent(b'<row r="3"><c r="A3"/><c r="AB2"/></row>')
    (3, 28)
    """
    places = set(_PLACE.findall(content))
    rows = max((int(row) for _, row in places), default=0)
    return rows, max((_column(letters) for letters in {x for x, _ in places}), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _opendocument_extent(content: bytes, source: str) -> tuple[int, int]:
    """Return the most rows and columns up to the last cell with content of any table."""
    most_rows = most_columns = 0
    for table in _named(parse_xml(content, source=source), "table"):
        last = 0
        for row in _named(table, "table-row"):
            last += _repeated(row, "number-rows-repeated")
            if columns := _filled(row):
                most_rows, most_columns = max(most_rows, last), max(most_columns, columns)
    return most_rows, most_columns


def _filled(row: Element) -> int:
    """Return the column of a row's last cell with content, 0 where all are empty."""
    last = filled = 0
    for cell in row:
        last += _repeated(cell, "number-columns-repeated")
        if any(local(key).endswith("value") for key, _ in cell.items()) or "".join(cell.itertext()):
            filled = last
    return filled


def _named(node: Element, name: str) -> Iterator[Element]:
    return (inner for inner in node.iter() if local(inner.tag) == name)


def _repeated(node: Element, name: str) -> int:
    """Return how many rows or cells an element stands for."""
    said = next((value for key, value in node.items() if local(key) == name), "1")
    return int(said[:12]) if said.isascii() and said.isdecimal() else 1
