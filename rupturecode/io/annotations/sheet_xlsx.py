"""Coding sheets as an Excel workbook made for hours of work."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rupturecode.io.annotations.cells import OFFERED
from rupturecode.io.annotations.pages import letters
from rupturecode.io.annotations.sheet_layout import ANSWERS, HEAD_ROWS, NOTE, REVIEWED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.sheet_pages import SheetPage, SheetRow

_WIDTHS = {"turn": 5, "speaker": 12, "text": 72, "session": 24, "suggested": 18}
_WIDTHS |= {NOTE: 36, REVIEWED: 10, ANSWERS: 9}
_TYPED = (NOTE, REVIEWED, ANSWERS)
_CODE_WIDTH = {"presence": 4.6, "ordinal": 5.5, "count": 5.5, "nominal": 13}
_GUIDE_WIDTHS = (22, 28, 80, 16, 30)
_MESSAGE = 250

_BASE: dict[str, object] = {"font_name": "Calibri", "font_size": 11, "valign": "top", "border": 1}
_BASE |= {"border_color": "#C8C8C8"}
_STYLES: dict[str, dict[str, object]] = {
    "text": {"text_wrap": True},
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
    work = _Writing(book, formats, None, {})
    _guide(work, pages, codebook, coder)
    sheets = [(page, book.add_worksheet(page.name)) for page in pages]
    work.lists = book.add_worksheet("lists")
    work.lists.hide()
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


def row_height(text: str, width: int) -> float:
    """Return the height of a row in points, so that a wrapped text shows (409 is the most).

    Set by us because not every program fits rows to wrapped text when it opens a file.
    """
    lines = sum(max(1, len(wrap(line, int(width * 0.95)))) for line in text.split("\n"))
    return min(409.0, 15.5 * lines + 2)


def _headings(draw: _Drawing) -> None:
    """Write group, label (with the definition to hover over) and the hidden machine names."""
    sheet, page = draw.sheet, draw.page
    by_id = {c.id: c for c in page.codes}
    reviewed = "rated" if page.kind == "session" else "reviewed to here"
    words = {REVIEWED: reviewed, ANSWERS: "answers turn", str(page.heading): ""}
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


def definition(code: Code) -> str:
    """Return what a coder needs to know about a code, as a few lines."""
    lines = [code.label or code.id, code.definition]
    lines += [f"+ {t}" for t in code.include]
    lines += [f"- {t}" for t in code.exclude]
    lines += [f"e.g. {e.text}" for e in code.examples[:2]]
    lines += [f"{value:g} = {meaning}" for value, meaning in code.scale.anchors]
    if code.roles:
        lines.append(f"carried by: {', '.join(code.roles)}")
    return "\n".join(line for line in lines if line)


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
    at = page.columns.index(REVIEWED)
    sheet.data_validation(first, at, last, at, {"validate": "list", "source": ["x"]})
    codes_at = letters(page.columns.index(page.codes[0].id))
    area = f"{codes_at}{first + 1}:{letters(len(page.columns) - 1)}{last + 1}"
    sheet.ignore_errors({"number_stored_as_text": area})


def options(code: Code) -> list[str]:
    """Return what a drop-down offers: the scale, the same with doubt, and why not.

    Examples
    --------
    >>> from rupturecode.codebook import Code
    >>> options(Code("withdrawal"))
    ['x', 'x?', 'n/a', 'cannot code', 'skipped']
    """
    scale = code.scale
    if scale.kind == "presence":
        sure = ["x"]
    elif scale.kind == "nominal":
        sure = list(scale.categories)
    elif scale.kind == "count":
        sure = [str(i) for i in range(int(min(scale.high or 10, 20)) + 1)]
    else:
        sure = [f"{v:g}" for v in _steps(code)]
    return [*sure, *(f"{s}?" for s in sure), *OFFERED]


def _steps(code: Code) -> list[float]:
    low, high = code.scale.low, code.scale.high
    anchored = [v for v, _ in code.scale.anchors]
    if low is None or high is None:
        return anchored
    whole = [float(v) for v in range(int(low), int(high) + 1)]
    return sorted({*anchored, *whole}) if len(whole) <= 20 else anchored


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
        work.lists.write_column(0, column, offered)
        name = letters(column)
        work.ranges[offered] = f"=lists!${name}$1:${name}${len(offered)}"
    return work.ranges[offered]


_HOW = """\
One sheet per session, one row per turn, one column per code. Choose from the list in the cell \
or type: x given, x? given but in doubt.
Leave a cell empty when the code is absent. n/a: it does not apply here. cannot code: for \
example inaudible. skipped: you did not decide.
When you stop, put x under 'reviewed to here' in the last turn that you have read. Empty cells \
count as absent only down to there.
For a code that answers another turn (a repair, its rupture), write the number of that turn \
under 'answers turn'; several with commas.
Grey hatched cells belong to turns of speakers who cannot carry the code.
Hover over a code's name to read its definition. All definitions stand below.
Please do not sort, insert, delete or merge rows, and do not change the transcript.
""".splitlines()


def _guide(work: _Writing, pages: Sequence[SheetPage], codebook: Codebook, coder: str) -> None:
    sheet = work.book.add_worksheet("how to")
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{codebook.title} ({codebook.ref})", work.formats["title"])
    sheet.write_string(1, 0, f"Coder: {coder}", work.formats["plain"])
    for number, line in enumerate(_HOW, start=3):
        sheet.merge_range(number, 0, number, 4, line, work.formats["plain"])
        sheet.set_row(number, row_height(line, sum(_GUIDE_WIDTHS)))
    names = ("code", "label", "what it means", "who", "how it is rated")
    top = 4 + len(_HOW)
    for column, name in enumerate(names):
        sheet.write_string(top, column, name, work.formats["head"])
    seen = {c.id: c for page in pages for c in page.codes}
    for number, code in enumerate(seen.values(), start=top + 1):
        cells = (
            code.id,
            code.label,
            definition(code).partition("\n")[2],
            ", ".join(code.roles) or "anyone",
            ", ".join(options(code)),
        )
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell, work.formats["text"])
        tallest = zip(cells, _GUIDE_WIDTHS, strict=True)
        sheet.set_row(number, max(row_height(cell, width) for cell, width in tallest))
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("")
