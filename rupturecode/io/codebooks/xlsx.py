"""A codebook as an Excel workbook: a sheet per part."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import TYPE_CHECKING

from rupturecode.codebook.build import build
from rupturecode.codebook.tree import Log, Node
from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError
from rupturecode.io.codebooks.tables import ABOUT, PARTS, from_tables, to_tables
from rupturecode.io.parsers.sheet_extent import refuse_absurd_sheets
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.codebook import Codebook

NAME = "xlsx"
_LONGEST_CELL = 32_767
_WIDTHS = {"definition": 60, "include": 50, "exclude": 50, "examples": 50, "near_misses": 50}


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a package with a workbook inside."""
    del name
    return is_zip(head) and b"xl/" in head and b"[Content_Types].xml" in head


def read(data: bytes, *, source: str) -> Codebook:
    """Read a codebook from a workbook with a sheet ``codes`` (or a single sheet).

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors; also the codebook's id when the file gives none.

    Raises
    ------
    ParseError
        When the workbook is damaged.
    InvalidDataError
        Listing everything that is wrong, with sheet and cell.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    open_zip(data, source=source)  # says what is wrong with what is no archive
    refuse_absurd_sheets(data, source=source)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {n: workbook.get_sheet_by_name(n).to_python() for n in workbook.sheet_names}
    except CalamineError as err:
        raise ParseError(f"the workbook is damaged: {err}", source) from err
    if "codes" not in sheets and len(sheets) == 1:
        sheets = {"codes": next(iter(sheets.values()))}
    if "codes" not in sheets:
        words = f"no sheet is named 'codes'. Sheets: {', '.join(sheets)}"
        raise InvalidDataError(source, [Problem(words, source, kind="sheet")])
    log = Log(source)
    tables = {n: _nodes(n, rows) for n, rows in sheets.items() if n in (ABOUT, *PARTS)}
    tree = from_tables(tables, stem=PurePath(source).stem, log=log)
    log.raise_any(source)
    return build(tree, source=source)


def _nodes(sheet: str, rows: Sequence[Sequence[object]]) -> list[list[Node]]:
    return [
        [Node(_text(v), cell=f"{sheet}!{_column(c)}{r}") for c, v in enumerate(row)]
        for r, row in enumerate(rows, start=1)
        if any(_text(v).strip() for v in row)
    ]


def _text(value: object) -> str:
    """Return a cell's content as it looks: 1 and not 1.0, true and not True."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def write(book: Codebook) -> bytes:
    """Return the codebook as a workbook, from which reading gives it back unchanged.

    Raises
    ------
    UsageError
        When a text is longer than a cell of Excel holds.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False}) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1, "valign": "top"})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        for part, (header, *rows) in to_tables(book).items():
            sheet = workbook.add_worksheet(part)
            sheet.freeze_panes(1, 1)
            for c, name in enumerate(header):
                sheet.write_string(0, c, name, bold)
                sheet.set_column(c, c, _WIDTHS.get(name, 22))
            for r, row in enumerate(rows, start=1):
                for c, text in enumerate(row):
                    if len(text) > _LONGEST_CELL:
                        place = f"{part}!{_column(c)}{r + 1}"
                        raise UsageError(
                            f"Excel holds {_LONGEST_CELL:,} characters in a cell; "
                            f"{place} has {len(text):,}. Write YAML or CSV."
                        )
                    sheet.write_string(r, c, text, wrap)
    return out.getvalue()
