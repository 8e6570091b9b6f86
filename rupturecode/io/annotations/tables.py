"""Which kind of table a page is, and its reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
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
from rupturecode.io.annotations.sheet_read import heading_of, is_damaged, read_sheet
from rupturecode.io.annotations.wide_table import read_wide

if TYPE_CHECKING:
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.pages import Page
    from rupturecode.transcript import Corpus

_NEEDED = (
    "a coding table needs a heading row with 'turn' and a column per code, or with 'session', "
    "'turn', 'coder' and 'code'"
)


def page_kind(page: Page) -> str:
    """Return ``sheet``, ``damaged``, ``long`` or ``wide``; empty for what is no coding table."""
    if heading_of(page) is not None:
        return "sheet"
    if is_damaged(page):
        return "damaged"
    top = first_row(page)
    if top is None:
        return ""
    names = set(columns_of(page, top))
    if is_long(names) or is_coverage(names) or is_links(names):
        return "long"
    return "wide" if is_wide(names) else ""


def read_page(
    page: Page, codebook: Codebook, corpus: Corpus | None, *, coder: str | None
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
        read_sheet(page, codebook, corpus, out)
    elif kind == "damaged":
        message = "the hidden row with the names of the columns is gone; take it from a copy"
        out.problems.append(page.problem(message, "heading-missing", 0, 0))
    elif kind == "wide":
        read_wide(page, codebook, corpus, out, coder=coder)
    else:
        raise ParseError(_NEEDED, page.source)
    return out.draft(kind)
