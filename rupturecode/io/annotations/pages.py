"""A table as it lies in a file: rows of cells, each with its place."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, Problem
from rupturecode.io.annotations.cells import text_of
from rupturecode.io.annotations.unshown import unshown
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.sheet_extent import refuse_absurd_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SEPARATORS = ",;\t|"
#: A first line by which Excel is told the separator; it is no row.
_SEP_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_FORMULA = frozenset("=+-@")


@dataclass(slots=True)
class Page:
    """One sheet of a workbook, or one CSV file."""

    source: str
    name: str
    """The sheet's name; empty for a CSV file."""
    rows: Sequence[Sequence[object]]
    lines: list[int]
    """Row number (of a CSV file: line) of every row, counted from 1."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged ranges: first row, first column, last row, last column, from 0."""

    def place(self, row: int, column: int | None = None) -> dict[str, object]:
        """Say where a row, or one of its cells, stands: the columns for an annotation row."""
        line = self.lines[row] if row < len(self.lines) else row + 1
        if not self.name:
            return {"_file": self.source, "_line": line, "_cell": ""}
        cell = f"{self.name}!{letters(column or 0)}{line}"
        return {"_file": self.source, "_line": None, "_cell": cell}

    def problem(self, message: str, kind: str, row: int, column: int | None = None) -> Problem:
        """Word what is wrong at a place."""
        spot = self.place(row, column)
        line = spot["_line"]
        return Problem(
            message,
            source=self.source,
            line=line if isinstance(line, int) else None,
            column=None if self.name or column is None else column + 1,
            cell=str(spot["_cell"]),
            kind=kind,
        )

    def cell(self, row: int, column: int | None) -> object:
        """Return a cell's content, None where the row is shorter."""
        cells = self.rows[row]
        return cells[column] if column is not None and column < len(cells) else None

    def text(self, row: int, column: int | None) -> str:
        """Return a cell's content as text."""
        return text_of(self.cell(row, column))

    def is_blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return not any(text_of(c) for c in self.rows[row])

    def filled(self, start: int) -> list[int]:
        """Return the rows from ``start`` on in which something stands."""
        rows = self.rows
        return [r for r in range(start, len(rows)) if _plainly(rows[r]) or not self.is_blank(r)]

    def places(self, rows: Sequence[int], column: int | None = None) -> dict[str, object]:
        """Say where many rows, or one cell of each, stand: as :meth:`place`, by column."""
        lines = [self.lines[r] for r in rows]
        if not self.name:
            return {"_file": self.source, "_line": lines, "_cell": ""}
        letter = letters(column or 0)
        cells = [f"{self.name}!{letter}{line}" for line in lines]
        return {"_file": self.source, "_line": None, "_cell": cells}

    def columns(self, rows: Sequence[int], wanted: Mapping[str, int]) -> dict[str, list[object]]:
        """Return the cells of many rows by column, None where a row is shorter."""
        whole = [self.rows[r] for r in rows]
        width = min(map(len, whole), default=0)
        return {
            name: list(map(itemgetter(i), whole))
            if i < width
            else [row[i] if i < len(row) else None for row in whole]
            for name, i in wanted.items()
        }


def _plainly(cells: Sequence[object]) -> bool:
    """Whether a row's first cell says at a glance that the row is not blank."""
    return bool(cells) and isinstance(cells[0], str) and cells[0][:1].isalnum()


def letters(column: int) -> str:
    """Return a column's letters, as spreadsheets show them.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def from_csv(data: bytes, *, source: str, strict: bool = True) -> Page:
    """Read a CSV file, separated by comma, semicolon, tab or bar.

    With ``strict`` off, a quote that is not closed is let pass: for looking at a beginning.

    Raises
    ------
    ParseError
        When the bytes are not text, a quote is not closed or a line cannot be split.
    """
    text = decode(data, source=source).text
    told = _SEP_LINE.match(text)
    sign = told[1] if told else separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=sign, strict=strict)
    guards = "'" in text
    # One copy of each word, in tuples: a large file then costs half the memory and time.
    once = dict[str, str]().setdefault
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            cells = [_unguarded(c) for c in row] if guards else row
            rows.append(tuple(map(once, cells, cells)))
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as err:
        raise ParseError(f"this line cannot be read as CSV ({err})", source, start) from err
    skipped = 1 if told else 0
    return Page(source, "", rows[skipped:], lines[skipped:])


def separator(text: str) -> str:
    """Return the separator that the first line has most of."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def guarded(text: str) -> str:
    """Keep a spreadsheet from reading a text in a CSV file as a formula."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


def to_csv(rows: Sequence[Sequence[object]]) -> bytes:
    """Write rows as CSV that Excel opens as UTF-8, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[guarded(text_of(c)) for c in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def from_workbook(data: bytes, *, source: str) -> list[Page]:
    """Read all sheets of an Excel or OpenDocument workbook.

    Raises
    ------
    ParseError
        When it cannot be opened.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    refuse_absurd_sheets(data, source=source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        left_out = unshown(data, source=source)
        pages = [
            _page(book.get_sheet_by_name(name), source, left_out.get(name, ()))
            for name in book.sheet_names
        ]
    except PasswordError as err:
        message = "the workbook is protected by a password; save a copy without one"
        raise ParseError(message, source) from err
    except CalamineError as err:
        raise ParseError(f"the workbook cannot be opened ({err})", source) from err
    return pages


def _page(sheet: object, source: str, left_out: Iterable[tuple[int, int, str]]) -> Page:
    rows = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    cells = [[None if c == "" else c for c in row] for row in rows]
    for row, column, content in left_out:
        cells += [[] for _ in range(row + 1 - len(cells))]
        cells[row] += [None] * (column + 1 - len(cells[row]))
        cells[row][column] = content
    merged = [(*a, *b) for a, b in sheet.merged_cell_ranges or []]  # type: ignore[attr-defined]
    name = sheet.name  # type: ignore[attr-defined]
    return Page(source, name, cells, list(range(1, len(cells) + 1)), merged)
