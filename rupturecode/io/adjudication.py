"""The adjudicator's workbook: disagreements out, decisions in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.annotation.rows import PLACE
from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError
from rupturecode.io.annotations.cells import text_of, whole
from rupturecode.io.annotations.pages import Page, from_csv, from_workbook, letters, to_csv
from rupturecode.io.annotations.sheet_guide import options, row_height
from rupturecode.io.annotations.sheet_layout import fingerprint

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.codebook import Codebook

_SHEET = "disagreements"
_WIDTHS = {
    "case": 6, "session": 10, "kind": 8, "unit": 6, "code": 16, "label": 20, "said": 20,
    "before": 44, "text": 54, "after": 44, "decision": 14, "reason": 34, "codebook_unclear": 12,
    "key": 12,
}  # fmt: skip
_OPEN = ("decision", "reason", "codebook_unclear")
_NAMED = ("session", "kind", "unit", "code")
_HEADS = {"codebook_unclear": "the codebook is unclear here", "said": "coders", "key": ""}


def write_adjudication(table: pd.DataFrame, codebook: Codebook, path: str | PathLike[str]) -> Path:
    """Write the list of disagreements for an adjudicator to decide.

    Parameters
    ----------
    table
        From :func:`rupturecode.annotation.adjudication_list`.
    codebook
        For the drop-downs.
    path
        A ``.xlsx`` or ``.csv`` file.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(path)
    keyed = table.assign(key=[_key(r) for r in table.to_dict("records")])
    columns = [c for c in _WIDTHS if c in keyed]
    if target.suffix.lower() == ".csv":
        rows = keyed[columns].astype(object).itertuples(index=False, name=None)
        target.write_bytes(to_csv([columns, *rows]))
    else:
        target.write_bytes(_workbook(keyed[columns], codebook))
    return target


def _key(row: dict[object, object]) -> str:
    return fingerprint(*(whole(text_of(row[c])) for c in _NAMED))


def _workbook(table: pd.DataFrame, codebook: Codebook) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, settings)
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8C8C8"}
    locked, typed = book.add_format(base), book.add_format({**base, "locked": False})
    head = book.add_format({**base, "bold": True, "bg_color": "#E4E8EE"})
    middle = book.add_format({**base, "bold": True})
    sheet, lists = book.add_worksheet(_SHEET), book.add_worksheet("lists")
    lists.hide()
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, _HEADS.get(name, name), head)
        sheet.write_string(1, column, name)
        sheet.set_column(column, column, _WIDTHS[name], None, {"hidden": name == "key"})
    sheet.set_row(0, 48)
    sheet.set_row(1, None, None, {"hidden": True})
    number_style = book.add_format({**base, "align": "center"})
    styles = {"text": middle} | dict.fromkeys(_OPEN, typed)
    styles |= dict.fromkeys(("case", "unit"), number_style)
    for number, row in enumerate(table.to_dict("records"), start=2):
        for column, name in enumerate(table.columns):
            sheet.write(number, column, row[name], styles.get(name, locked))
        tallest = (row_height(str(row[c]), _WIDTHS[c]) for c in ("before", "text", "after"))
        sheet.set_row(number, max(tallest))
    _drop_downs(sheet, lists, table, codebook)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    book.close()
    return out.getvalue()


def _drop_downs(sheet: object, lists: object, table: pd.DataFrame, codebook: Codebook) -> None:
    """Offer every decision that a row's scale allows."""
    at = list(table.columns).index("decision")
    column_of: dict[str, tuple[str, int]] = {}
    for number, code in enumerate(table["code"], start=2):
        if code not in column_of:
            offered = decisions(codebook, str(code))
            column = len(column_of)
            lists.write_column(0, column, offered)  # type: ignore[attr-defined]
            column_of[code] = (letters(column), len(offered))
        name, n = column_of[code]
        rule = {"validate": "list", "source": f"=lists!${name}$1:${name}${n}"}
        sheet.data_validation(number, at, number, at, rule)  # type: ignore[attr-defined]


def decisions(codebook: Codebook, code: str) -> list[str]:
    """Return what an adjudicator may decide about a code."""
    entry = codebook[code]
    if entry.scale.kind == "presence":
        return ["1", "absent", "cannot code"]
    sure = [o for o in options(entry) if not o.endswith("?") and o not in ("n/a", "skipped")]
    absent = ["absent"] if entry.scale.kind == "count" else []
    return [*(o for o in sure if o != "cannot code"), *absent, "cannot code"]


def read_adjudication(path: str | PathLike[str]) -> pd.DataFrame:
    """Read the adjudicator's decisions back, for :meth:`Annotations.consensus`.

    Returns
    -------
    The list as it was written, with the decisions, and ``_file``, ``_line`` and ``_cell``:
    where each decision stands.

    Raises
    ------
    InvalidDataError
        When rows were changed in what they are about, naming the cells.
    ParseError
        When the file is no list of disagreements.
    UsageError
        When there is no such file.
    """
    source = Path(path)
    if not source.is_file():
        raise UsageError(f"There is no file {str(source)!r}.")
    data = source.read_bytes()
    pages = (
        [from_csv(data, source=source.name)]
        if source.suffix.lower() == ".csv"
        else from_workbook(data, source=source.name)
    )
    page, top = _find(pages, source.name)
    columns = {page.text(top, c): c for c in range(len(page.rows[top]))}
    rows, problems = [], []
    for number in range(top + 1, len(page.rows)):
        if page.is_blank(number):
            continue
        row: dict[object, object] = {n: page.text(number, c) for n, c in columns.items() if n}
        for name in ("case", "unit", "decision"):
            row[name] = whole(str(row.get(name, "")))
        if row.get("key") != _key(row):
            message = "this row is not about what it was about when the list was made"
            problems.append(page.problem(message, "moved-cells", number))
        else:
            for name in ("case", "unit"):
                row[name] = int(str(row[name])) if str(row.get(name)).isdigit() else None
            row.update(page.place(number, columns["decision"]))
            rows.append(row)
    problems += [_merged(page, m) for m in page.merged]
    if problems:
        raise InvalidDataError(source.name, problems)
    return pd.DataFrame(rows, columns=[*(n for n in columns if n and n != "key"), *PLACE])


def _merged(page: Page, merged: tuple[int, int, int, int]) -> Problem:
    message = "cells are merged here; unmerge them and decide each row"
    return page.problem(message, "merged-cells", merged[0], merged[1])


def _find(pages: list[Page], source: str) -> tuple[Page, int]:
    """Return the sheet and the row of the names of its columns."""
    wanted = (*_NAMED, *_OPEN, "key")
    rows = [(page, row) for page in pages for row in range(min(4, len(page.rows)))]
    found = [{text_of(cell) for cell in page.rows[row]} for page, row in rows]
    best = max(range(len(rows)), key=lambda at: len(found[at] & {*wanted}), default=None)
    if best is None or len(found[best] & {*wanted}) < len(_NAMED):
        raise ParseError("this is no list of disagreements made for adjudication", source)
    missing = [name for name in wanted if name not in found[best]]
    if missing:
        page, row = rows[best]
        what = ", ".join(map(repr, missing))
        message = (
            f"column {what} is missing: it, or the hidden row with the names of the columns, was "
            "deleted. Undo that, or copy it from an earlier copy of the file"
        )
        raise InvalidDataError(source, [page.problem(message, "column-missing", row)])
    return rows[best]
