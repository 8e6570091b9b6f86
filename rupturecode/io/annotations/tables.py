"""Which kind of table a page is, and its reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.annotations.cells import text_of
from rupturecode.io.annotations.gather import Gathered
from rupturecode.io.annotations.headings import (
    columns_of,
    first_row,
    is_coverage,
    is_links,
    is_long,
    is_wide,
)
from rupturecode.io.annotations.long_table import read_long
from rupturecode.io.annotations.sheet_guide import GUIDE_HEADS
from rupturecode.io.annotations.sheet_layout import LISTS_MARK
from rupturecode.io.annotations.sheet_read import read_sheet
from rupturecode.io.annotations.sheet_state import damage, heading_of
from rupturecode.io.annotations.sheet_windows import windows_of
from rupturecode.io.annotations.wide_table import read_wide

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.pages import Page
    from rupturecode.transcript import Corpus

_NEEDED = (
    "a coding table needs a heading row with 'turn' and a column per code, or with 'session', "
    "'turn', 'coder' and 'code'"
)


def page_kind(page: Page) -> str:
    """Return ``sheet``, ``damaged``, ``guide``, ``long`` or ``wide``.

    Empty for what is no table of ours.
    """
    if heading_of(page) is not None:
        return "sheet"
    if damage(page) is not None:
        return "damaged"
    if _is_guide(page):
        return "guide"
    top = first_row(page)
    if top is None:
        return ""
    names = set(columns_of(page, top))
    if is_long(names) or is_coverage(names) or is_links(names):
        return "long"
    return "wide" if is_wide(names) else ""


def _is_guide(page: Page) -> bool:
    """Whether this is the sheet "how to" or "lists" of a workbook of ours, also saved as CSV."""
    if page.rows and page.text(0, 0) == LISTS_MARK:
        return True
    heads = list(GUIDE_HEADS)
    return any([text_of(c) for c in row[: len(heads)]] == heads for row in page.rows[:25])


def read_page(
    page: Page,
    codebook: Codebook,
    corpus: Corpus | None,
    *,
    coder: str | None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
) -> CodingDraft:
    """Read one table.

    Raises
    ------
    ParseError
        When it is no coding table.
    """
    kind = page_kind(page)
    if kind == "long":
        return read_long(page, codebook, coder=coder)
    out = Gathered(page.source)
    if kind == "sheet":
        read_sheet(page, codebook, corpus, out, windows_of(units))
    elif fault := damage(page):
        out.problems.append(page.problem(*fault, 0, 0))
    elif kind == "wide":
        read_wide(page, codebook, corpus, out, coder=coder)
    elif kind != "guide":
        raise ParseError(_NEEDED, page.source)
    return out.draft(kind)
