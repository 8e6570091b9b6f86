"""The review sheet: every replacement and every leftover, with room for a decision."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.leftovers import around

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.text.deidentification.result import Deidentified

_WIDTHS = {"context": 70, "original": 24, "replacement": 24, "text": 20, "reason": 28}


def write_review_sheet(result: Deidentified, path: str | Path) -> Path:
    """Write a workbook in which a person accepts or corrects every replacement.

    Three sheets: the statement to sign, the replacements with their context in the new
    text, and the leftovers. It holds the original words, so only its owner may read it.

    Parameters
    ----------
    result
        From :func:`deidentify`.
    path
        An ``.xlsx`` file; an existing one is replaced.

    Examples
    --------
    >>> import tempfile
    >>> from rupturecode.text.deidentification import deidentify
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_review_sheet(deidentify("I told Nkechi."), folder + "/review.xlsx").name
    'review.xlsx'
    """
    from xlsxwriter import Workbook

    target = Path(path)
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    with Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("sign here")
        sheet.set_column(0, 0, 120, book.add_format({"text_wrap": True}))
        for row, line in enumerate(result.statement.splitlines()):
            sheet.write_string(row, 0, line)
        _table(book, "replacements", _with_context(result))
        _table(book, "leftovers", result.leftovers.assign(**{"decision": "", "corrected to": ""}))
    return target


def _with_context(result: Deidentified) -> pd.DataFrame:
    rows = result.replacements
    where = zip(
        rows["session"], rows["turn"], rows["new_start_char"], rows["new_end_char"], strict=True
    )
    context = [around(result.edits[session, turn].text, a, b) for session, turn, a, b in where]
    shown = rows[["session", "turn", "kind", "rule", "original", "replacement"]]
    return shown.assign(**{"context": context, "decision": "", "corrected to": ""})


def _table(book: object, name: str, frame: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)  # type: ignore[attr-defined]
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(frame.columns):
        sheet.set_column(column, column, _WIDTHS.get(str(title), 12))
        sheet.write_string(0, column, str(title))
        for row, value in enumerate(frame[title].astype(str), start=1):
            sheet.write_string(row, column, value)
    sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
