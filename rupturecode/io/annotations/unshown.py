"""Cells whose content the spreadsheet reader leaves out: Excel's errors, and unworked formulas."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.zipsafe import open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHEET = re.compile(r'<sheet\b[^>]{0,400}?\bname="([^"]{1,200})"[^>]{0,400}?\br:id="([^"]{1,80})"')
_RELATION = re.compile(r"<Relationship\b[^>]{1,900}>")
_PLACE = re.compile(r'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(r"<v>([^<]{1,200})</v>")
_FORMULA = re.compile(r"<f\b[^>]{0,200}>([^<]{1,1000})</f>")


def unshown(data: bytes, *, source: str) -> dict[str, list[tuple[int, int, str]]]:
    """Find cells of an Excel workbook that hold an error, or a formula without a result.

    Returns
    -------
    Per sheet: row and column from 0, and what stands there, such as ``#NAME?`` or ``=x``.
    Nothing for a workbook that is not Excel's or cannot be opened, which is for others to say.
    """
    try:
        archive = open_zip(data, source=source)
        if "xl/workbook.xml" not in archive:
            return {}
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        targets = dict(_relations(links))
        sheets = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
        paths = {unescape(name): targets.get(link, "") for name, link in sheets}
        return {
            name: list(_cells(archive.read(path).decode("utf-8", "replace")))
            for name, path in paths.items()
            if path in archive
        }
    except (ParseError, LookupError):
        return {}


def _relations(links: str) -> Iterator[tuple[str, str]]:
    for relation in _RELATION.findall(links):
        link = re.search(r'\bId="([^"]+)"', relation)
        target = re.search(r'\bTarget="([^"]+)"', relation)
        if link and target:
            path = target[1].lstrip("/")
            yield link[1], path if path.startswith("xl/") else f"xl/{path}"


def _cells(sheet: str) -> Iterator[tuple[int, int, str]]:
    if 't="e"' not in sheet and "<f" not in sheet:
        return
    for cell in sheet.split("<c ")[1:]:
        head, _, inside = cell.partition(">")
        place = _PLACE.search(head[:200])
        if place is None or head.endswith("/"):
            continue
        value, formula = _VALUE.search(inside[:2000]), _FORMULA.search(inside[:2000])
        if 't="e"' in head and value:
            shown = value[1]
        elif formula and not value:
            shown = f"={formula[1]}"
        else:
            continue
        column = 0
        for letter in place[1]:
            column = 26 * column + ord(letter) - ord("A") + 1
        yield int(place[2]) - 1, column - 1, unescape(shown)
