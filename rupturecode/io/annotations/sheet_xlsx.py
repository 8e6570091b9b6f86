"""Coding sheets as an Excel workbook made for hours of work."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rupturecode.io.annotations.pages import letters
from rupturecode.io.annotations.sheet_guide import definition, options, row_height, write_guide
from rupturecode.io.annotations.sheet_layout import (
    ANSWERS,
    ASIDES,
    CONFIDENCE,
    EVIDENCE_KIND,
    HEAD_ROWS,
    LISTS_MARK,
    NOTE,
    REVIEWED,
)
from rupturecode.tables import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.sheet_pages import SheetPage, SheetRow

_WIDTHS = {"turn": 5, "speaker": 12, "text": 72, "session": 24, "suggested": 18}
_WIDTHS |= {"window": 8, "turns": 23, "begins": 60}
_WIDTHS |= {NOTE: 36, REVIEWED: 10, ANSWERS: 9, EVIDENCE_KIND: 15, CONFIDENCE: 11}
_TYPED = (NOTE, REVIEWED, ANSWERS, *ASIDES)
#: How sure a coder is, as offered; any number from 0 to 1 will do.
_SHARES = ("1", "0.75", "0.5", "0.25", "0")
_CODE_WIDTH = {"presence": 4.6, "ordinal": 5.5, "count": 5.5, "nominal": 13}
_MESSAGE = 250

_BASE: dict[str, object] = {"font_name": "Calibri", "font_size": 11, "valign": "top", "border": 1}
_BASE |= {"border_color": "#C8C8C8"}
_STYLES: dict[str, dict[str, object]] = {
    "text": {"text_wrap": True},
    "begins": {"text_wrap": True},
    "window": {"bold": True, "align": "center"},
    "text_therapist": {"text_wrap": True, "bg_color": "#F3F3F3"},
    "speaker": {"bold": True},
    "speaker_therapist": {"bold": True, "italic": True, "bg_color": "#F3F3F3"},
    "turn": {"font_color": "#666666", "align": "center"},
    "key": {"font_color": "#666666", "align": "left"},
    "code": {"locked": False, "align": "center", "num_format": "@"},
    "code_first": {"locked": False, "align": "center", "num_format": "@", "left": 2},
    "barred": {"pattern": 14, "fg_color": "#9A9A9A", "bg_color": "#FFFFFF"},
    "barred_first": {"pattern": 14, "fg_color": "#9A9A9A", "bg_color": "#FFFFFF", "left": 2},
    "open": {"locked": False, "text_wrap": True, "num_format": "@"},
    "group": {"bold": True, "font_size": 9, "align": "left", "bg_color": "#E4E8EE"},
    "group_first": {
        "bold": True, "font_size": 9, "align": "left", "bg_color": "#E4E8EE", "left": 2,
    },
    "label": {"bold": True, "rotation": 90, "valign": "bottom", "align": "center"},
    "label_first": {
        "bold": True, "rotation": 90, "valign": "bottom", "align": "center", "left": 2,
    },
    "head": {"bold": True, "valign": "bottom", "text_wrap": True},
    "title": {"bold": True, "font_size": 14, "border": 0},
    "plain": {"text_wrap": True, "border": 0},
}  # fmt: skip
_GIVEN = {"bold": True, "bg_color": "#FFF2CC"}
_NEXT_SESSION = {"border": 1, "border_color": "#C8C8C8", "top_color": "#000000"}


@dataclass(slots=True)
class _Writing:
    """The workbook under way."""

    book: Any
    formats: dict[str, Any]
    lists: Any
    ranges: dict[tuple[object, ...], str]


def workbook(pages: Sequence[SheetPage], codebook: Codebook, *, coder: str) -> bytes:
    """Return the bytes of a workbook with these sheets, a guide in front."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": f"Coding sheets for {coder}", "created": _epoch()})
    formats = {name: book.add_format({**_BASE, **style}) for name, style in _STYLES.items()}
    formats["given"] = book.add_format(_GIVEN)
    formats["next"] = book.add_format(_NEXT_SESSION)
    work = _Writing(book, formats, None, {})
    write_guide(book.add_worksheet("how to"), formats, pages, codebook, coder)
    sheets = [(page, book.add_worksheet(page.name)) for page in pages]
    work.lists = book.add_worksheet("lists")
    work.lists.hide()
    work.lists.write_string(0, 0, LISTS_MARK)
    for page, sheet in sheets:
        _page(_Drawing(work, sheet, page, _group_starts(page, codebook)))
    sheets[0][1].activate()
    book.close()
    return out.getvalue()


def _epoch() -> object:
    """Return a fixed date of creation: the same sheets are the same bytes."""
    from datetime import UTC, datetime

    return datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(slots=True)
class _Drawing:
    """One sheet under way."""

    work: _Writing
    sheet: Any
    page: SheetPage
    starts: dict[str, str]
    """Codes with which a group of siblings begins, and the group's name."""

    def style(self, name: str, code: str = "") -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return a format; a group's first column has a heavier line."""
        return self.work.formats[f"{name}_first" if code in self.starts else name]


def _page(draw: _Drawing) -> None:
    sheet, page = draw.sheet, draw.page
    _headings(draw)
    width = _WIDTHS[page.columns[len(page.rows[0].fixed) - 1]] if page.rows else 0
    for number, row in enumerate(page.rows, start=HEAD_ROWS):
        _row(draw, row, number)
        sheet.set_row(number, row_height(str(row.fixed[-1]), width))
    _columns(draw)
    sheet.freeze_panes(HEAD_ROWS, page.columns.index(page.codes[0].id))
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&L&A&RPage &P of &N")


def _headings(draw: _Drawing) -> None:
    """Write group, label (with the definition to hover over) and the hidden machine names."""
    sheet, page = draw.sheet, draw.page
    by_id = {c.id: c for c in page.codes}
    reviewed = "rated" if page.kind == "session" else "reviewed to here"
    words = {REVIEWED: reviewed, ANSWERS: "answers turn", str(page.heading): ""}
    words["begins"] = "begins with"
    for column, name in enumerate(page.columns):
        sheet.write_string(2, column, name)
        sheet.write_string(0, column, draw.starts.get(name, ""), draw.style("group", name))
        if name not in by_id:
            sheet.write_string(1, column, words.get(name, name), draw.style("head"))
            continue
        code = by_id[name]
        sheet.write_string(1, column, code.label or code.id, draw.style("label", name))
        sheet.write_comment(1, column, definition(code), {"x_scale": 2.6, "y_scale": 2.2})
    longest = max((len(c.label or c.id) for c in page.codes), default=10)
    sheet.set_row(0, 15)
    sheet.set_row(1, min(400, 20 + 6.6 * longest))
    sheet.set_row(2, None, None, {"hidden": True})


def _group_starts(page: SheetPage, codebook: Codebook) -> dict[str, str]:
    """Return codes with which a group of siblings begins, and the group's name if it fits."""
    starts = {}
    for parent, siblings in groupby(page.codes, key=lambda c: c.parent):
        codes = list(siblings)
        name = (codebook[parent].label or parent) if parent else ""
        room = sum(_CODE_WIDTH[c.scale.kind] for c in codes)
        starts[codes[0].id] = name if len(name) <= room else ""
    return starts


def _row(draw: _Drawing, row: SheetRow, number: int) -> None:
    codes = {c.id: c for c in draw.page.codes}
    therapist = "_therapist" if row.role == "therapist" else ""
    for column, (name, cell) in enumerate(
        zip(draw.page.columns, draw.page.cells(row), strict=True)
    ):
        if name in codes:
            kind = "code" if codes[name].may_carry(row.role) else "barred"
            style = draw.style(kind, name)
        elif name in _TYPED:
            style = draw.style("open")
        else:
            known = [n for n in (f"{name}{therapist}", name, "key") if n in _STYLES]
            style = draw.style(known[0])
        if isinstance(cell, int):
            draw.sheet.write_number(number, column, cell, style)
        elif cell:
            draw.sheet.write_string(number, column, cell, style)
        else:
            draw.sheet.write_blank(number, column, None, style)


def _columns(draw: _Drawing) -> None:
    """Set widths and drop-downs, and make what is given stand out."""
    sheet, page = draw.sheet, draw.page
    codes = {c.id: c for c in page.codes}
    first, last = HEAD_ROWS, HEAD_ROWS + len(page.rows) - 1
    for column, name in enumerate(page.columns):
        if name not in codes:
            width = _WIDTHS.get(name, 10)
            hidden = {"hidden": column == len(page.columns) - 1}
            sheet.set_column(column, column, width, None, hidden)
            continue
        sheet.set_column(column, column, _CODE_WIDTH[codes[name].scale.kind])
        rule = {"type": "no_blanks", "format": draw.work.formats["given"]}
        sheet.conditional_format(first, column, last, column, rule)
        sheet.data_validation(first, column, last, column, _drop_down(draw.work, codes[name]))
    if page.kind == "window":
        rule = {"type": "formula", "criteria": f"=$A{first + 1}<>$A{first}"}
        rule |= {"format": draw.work.formats["next"]}
        sheet.conditional_format(first, 0, last, len(page.columns) - 1, rule)
    lists = {REVIEWED: ("x",), EVIDENCE_KIND: EVIDENCE, CONFIDENCE: _SHARES}
    for name in lists.keys() & set(page.columns):
        at = page.columns.index(name)
        rule = {"validate": "list", "source": list(lists[name])}
        strict = {} if name != CONFIDENCE else {"error_type": "warning"}
        sheet.data_validation(first, at, last, at, rule | strict)
    codes_at = letters(page.columns.index(page.codes[0].id))
    area = f"{codes_at}{first + 1}:{letters(len(page.columns) - 1)}{last + 1}"
    sheet.ignore_errors({"number_stored_as_text": area})


def _drop_down(work: _Writing, code: Code) -> dict[str, object]:
    offered = options(code)
    strict = code.scale.kind in ("presence", "nominal")
    return {
        "validate": "list",
        "source": _range(work, tuple(offered)),
        "error_type": "stop" if strict else "warning",
        "error_title": "Not on this scale",
        "error_message": f"{code.label or code.id}: {', '.join(offered)}"[:_MESSAGE],
    }


def _range(work: _Writing, offered: tuple[str, ...]) -> str:
    """Write a list of choices once, and say where it stands."""
    if offered not in work.ranges:
        column = len(work.ranges)
        work.lists.write_column(1, column, offered)
        name = letters(column)
        work.ranges[offered] = f"=lists!${name}$2:${name}${len(offered) + 1}"
    return work.ranges[offered]
