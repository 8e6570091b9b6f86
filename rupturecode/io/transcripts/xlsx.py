"""Excel workbooks with a row per turn."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import InvalidDataError, ParseError, Problem, UnknownNameError, UsageError
from rupturecode.io.parsers.cell_labels import are_labelled, with_speakers_inside
from rupturecode.io.parsers.clock import clock
from rupturecode.io.parsers.headings import columns_by_speaker, header_row, mapping, one_text_column
from rupturecode.io.parsers.ole import refuse_ole
from rupturecode.io.parsers.sheet_extent import refuse_absurd_sheets
from rupturecode.io.parsers.sheet_facts import cell_name, facts_of, visible_sheets
from rupturecode.io.parsers.tabular import drafts, one, titled
from rupturecode.io.parsers.zipsafe import is_zip, open_zip
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.io.parsers.sheet_facts import Facts

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
    sheets = _sheets(data, source)
    shown = visible_sheets(data, source=source)
    seen = {name: table for name, table in sheets.items() if name in shown or sheet} or sheets
    table = sheets[_choose(seen, sheet, columns, source)]
    if columns is None and header_row(table.texts) is None and (lines := table.labelled):
        return _labelled(lines, table, source)
    facts = facts_of(data, table.name, source=source)
    rows = _Rows(table, facts, columns, source)
    found = drafts(
        rows.below,
        rows.where,
        source=source,
        format=NAME,
        headings=rows.header,
        first_row=rows.first,
        unit=unit,
        repeats=repeats,
        labels=False,
    )
    return one([rows.settled(draft) for draft in found], source)


class _Sheet(NamedTuple):
    """The cells of a sheet, as they are and as text, and the row and column of the first."""

    name: str
    cells: Sequence[Sequence[object]]
    texts: list[list[str]]
    row: int
    column: int

    @property
    def labelled(self) -> list[str]:
        """The cells of the only column that is not empty, when it holds labelled turns."""
        filled = {i for row in self.texts for i, cell in enumerate(row) if cell.strip()}
        lines = [row[min(filled)] for row in self.texts] if len(filled) == 1 else []
        return lines if are_labelled(lines) else []


class _Rows:
    """The rows below the headings, with what the sheet says of them beside their values."""

    def __init__(
        self, table: _Sheet, facts: Facts, columns: Mapping[str, str] | None, source: str
    ) -> None:
        top = header_row(table.texts, columns) or 0
        self.table, self.facts = table, facts
        self.above, self.header = table.texts[:top], [h.strip() for h in table.texts[top]]
        self.below = table.texts[top + 1 :]
        self.first = table.row + top + 2
        if columns is None and (spoken := columns_by_speaker(self.header, self.below)):
            self._refuse_wordless(spoken, source)
            self.header, self.below = one_text_column(self.header, self.below, spoken)
            facts = replace(facts, merged=(), wordless={})
            self.facts = facts
        self.where = mapping(self.header, columns, source=source, rows=self.below)
        read = [i for kind, i in self.where.items() if kind != "turn"]
        self._refuse_wordless(read, source)
        for merged in facts.merged:
            self._unmerge(*merged)

    def _refuse_wordless(self, columns: Sequence[int], source: str) -> None:
        """Refuse cells in columns that are read where Excel shows an error or nothing."""
        read = {self.table.column + i for i in columns}
        problems = [
            Problem(
                f"cell {cell_name(*cell)} holds {reason} and no words; in Excel, a text that "
                "begins with = or - needs an apostrophe in front",
                source,
                cell[0] + 1,
                kind="wordless-cell",
            )
            for cell, reason in sorted(self.facts.wordless.items())
            if cell[1] in read and cell[0] + 1 >= self.first
        ]
        if problems:
            raise InvalidDataError(source, problems)

    def _unmerge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Let a speaker's merged cell count for each row, and a title over all columns for none."""
        top, left = first[0] + 1 - self.first, first[1] - self.table.column
        bottom, right = last[0] + 1 - self.first, last[1] - self.table.column
        if not 0 <= top < len(self.below):
            return
        if left == right == self.where.get("speaker"):
            for row in self.below[top + 1 : bottom + 1]:
                row[left] = self.below[top][left]
        elif (
            top == bottom and left <= min(self.where.values()) <= max(self.where.values()) <= right
        ):
            self.above.append(self.below[top])
            self.below[top] = []

    def settled(self, draft: Draft) -> Draft:
        """Add the comments on a draft's cells, and what the import report should say."""
        at = {line: position for position, line in enumerate(draft.lines)}
        apart = sum(row + 1 not in at for row, _ in self.facts.comments)
        if apart:
            draft.warn(f"{apart} comments on cells that are no turn were left out")
        for (row, _), words in self.facts.comments.items():
            if row + 1 in at:
                end = len(draft.raws[at[row + 1]])
                draft.marks.append((at[row + 1], "comment", words, end, end))
        clocked = any(
            isinstance(cell, dt.time | dt.timedelta) for row in self.table.cells for cell in row
        )
        if clocked:
            draft.warn(_EXCEL_TIMES)
        if self.facts.n_hidden:
            draft.warn(f"{self.facts.n_hidden} hidden rows of the sheet were read like the others")
        titled(draft, self.above)
        draft.info |= {
            "sheet": self.table.name,
            "columns": {k: self.header[i] for k, i in self.where.items()},
        }
        return draft if "speaker" in self.where else with_speakers_inside(draft)


def _labelled(lines: list[str], table: _Sheet, source: str) -> Draft:
    """Read a single column of labelled turns, each in its cell."""
    draft = Draft(NAME, source)
    for number, text in enumerate(lines, start=table.row + 1):
        draft.add("", text.strip(), line=number)
    draft.info["sheet"] = table.name
    return with_speakers_inside(draft)


def _sheets(data: bytes, source: str) -> dict[str, _Sheet]:
    """Return all sheets that have cells."""
    from python_calamine import CalamineError, CalamineWorkbook

    refuse_ole(data, source)
    open_zip(data, source=source)  # says what is wrong with what is no archive
    refuse_absurd_sheets(data, source=source)
    found: dict[str, _Sheet] = {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if cells := sheet.to_python():
                row, column = sheet.start or (0, 0)
                texts = [[_text(cell) for cell in line] for line in cells]
                found[name] = _Sheet(name, cells, texts, row, column)
    except (CalamineError, OSError, ValueError) as err:
        raise ParseError(f"not a readable workbook: {err}", source) from err
    if not found:
        raise ParseError("the workbook holds no table", source)
    return found


def _choose(
    sheets: Mapping[str, _Sheet],
    sheet: str | None,
    columns: Mapping[str, str] | None,
    source: str,
) -> str:
    if sheet is not None:
        if sheet not in sheets:
            raise UnknownNameError(f"sheet of {source}", sheet, sheets)
        return sheet
    fits = [n for n, table in sheets.items() if header_row(table.texts, columns) is not None]
    fits = fits or [n for n, table in sheets.items() if columns is None and table.labelled]
    if columns is None and not fits and len(sheets) > 1:
        listed = "; ".join(f"{n!r}: {', '.join(t.texts[0])}" for n, t in sheets.items())
        raise UsageError(
            f"{source}: no sheet has a column headed as the text of turns. Sheets and their "
            f"columns: {listed}. Say which with options={{'sheet': ...}}, and which column is "
            "what with columns={'speaker': ..., 'text': ...}."
        )
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
