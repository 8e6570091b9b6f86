"""Excel workbooks with a row per turn."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UnknownNameError, UsageError
from rupturecode.io.parsers.clock import clock
from rupturecode.io.parsers.headings import looks_like_turns, mapping
from rupturecode.io.parsers.ole import refuse_ole
from rupturecode.io.parsers.sheet_extent import refuse_absurd_sheets
from rupturecode.io.parsers.tabular import drafts, one
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.transcript.draft import Draft

NAME = "xlsx"
_EXCEL_TIMES = (
    "cells with Excel times were read as hours:minutes:seconds; where only minutes and seconds "
    "were typed, Excel took them for hours and minutes"
)


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a package with a workbook inside."""
    del name
    return is_zip(head) and b"xl/" in head and b"[Content_Types].xml" in head


def read(
    data: bytes,
    *,
    source: str,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    unit: str = "",
    repeats: str = "refuse",
) -> Draft | list[Draft]:
    """Read a sheet with one row per turn.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    columns
        From ``text``, ``speaker``, ``start``, ``end``, ``session``, ``turn``, ``notes`` to
        the sheet's headings; by well-known headings unless given.
    sheet
        The sheet's name; the one that looks like turns unless given.
    unit
        ``"s"`` or ``"ms"``, for times that are bare numbers.
    repeats
        What to do with rows that repeat a turn number: ``"refuse"`` or ``"collapse"``.

    Raises
    ------
    ParseError
        When the workbook is damaged, locked or holds no table.
    InvalidDataError
        Listing every cell that cannot be read.
    UsageError
        When the sheet or the columns must be named.
    """
    cells = _sheets(data, source)
    sheets = {n: [[_text(cell) for cell in row] for row in table] for n, table in cells.items()}
    name = _choose(sheets, sheet, columns, source)
    header, *rows = sheets[name]
    where = mapping(header, columns, source=source, rows=rows)
    found = drafts(
        rows,
        where,
        source=source,
        format=NAME,
        headings=header,
        unit=unit,
        repeats=repeats,
    )
    clocked = any(isinstance(cell, dt.time | dt.timedelta) for row in cells[name] for cell in row)
    for draft in found:
        if clocked:
            draft.warn(_EXCEL_TIMES)
        draft.info |= {"sheet": name, "columns": {k: header[i] for k, i in where.items()}}
    return one(found, source)


def _sheets(data: bytes, source: str) -> dict[str, Sequence[Sequence[object]]]:
    """Return the cells of all sheets, sheets without any left out."""
    from python_calamine import CalamineError, CalamineWorkbook

    refuse_ole(data, source)
    open_zip(data, source=source)  # says what is wrong with what is no archive
    refuse_absurd_sheets(data, source=source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = {n: book.get_sheet_by_name(n).to_python() for n in book.sheet_names}
    except (CalamineError, OSError, ValueError) as err:
        raise ParseError(f"not a readable workbook: {err}", source) from err
    filled: dict[str, Sequence[Sequence[object]]] = {n: t for n, t in tables.items() if t}
    if not filled:
        raise ParseError("the workbook holds no table", source)
    return filled


def _choose(
    sheets: Mapping[str, list[list[str]]],
    sheet: str | None,
    columns: Mapping[str, str] | None,
    source: str,
) -> str:
    if sheet is not None:
        if sheet not in sheets:
            raise UnknownNameError(f"sheet of {source}", sheet, sheets)
        return sheet
    if columns is None:
        fits = [n for n, rows in sheets.items() if looks_like_turns(rows[0])]
        if not fits and len(sheets) > 1:
            listed = "; ".join(f"{n!r}: {', '.join(rows[0])}" for n, rows in sheets.items())
            raise UsageError(
                f"{source}: no sheet has a column headed as the text of turns. Sheets and their "
                f"columns: {listed}. Say which with options={{'sheet': ...}}, and which column is "
                "what with columns={'speaker': ..., 'text': ...}."
            )
    else:
        fits = [n for n, rows in sheets.items() if set(columns.values()) <= set(rows[0])]
    fits = fits or list(sheets)
    if len(fits) > 1:
        names = ", ".join(map(repr, fits))
        raise UsageError(f"{source} has several sheets ({names}); say options={{'sheet': ...}}.")
    return fits[0]


def _text(cell: object) -> str:
    """Write a cell as it would be typed: whole numbers without a point, times as clock times."""
    if isinstance(cell, bool) or not isinstance(cell, float | dt.time | dt.timedelta):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, dt.time):
        cell = dt.timedelta(
            hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond
        )
    return clock(max(0, round(cell.total_seconds() * 1000)))
