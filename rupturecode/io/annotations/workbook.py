"""Workbooks (Excel, OpenDocument): coding sheets, and tables that people typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.annotation.draft import CodingDraft
from rupturecode.errors import ParseError, Problem
from rupturecode.io.annotations.pages import from_workbook
from rupturecode.io.annotations.tables import page_kind, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.pages import Page
    from rupturecode.transcript import Corpus

_SUFFIXES = (".xlsx", ".xlsm", ".ods")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a workbook, by its signature and name."""
    return head.startswith(b"PK") and name.lower().endswith(_SUFFIXES)


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
) -> CodingDraft:
    """Read every sheet of a workbook that holds codings.

    Raises
    ------
    ParseError
        When the workbook cannot be opened or none of its sheets does.
    """
    pages = from_workbook(data, source=source)
    kinds = {p.name: page_kind(p) for p in pages}
    coded = [p for p in pages if kinds[p.name] not in ("", "guide")]
    if not coded:
        raise ParseError(
            "no sheet of this workbook is a coding table; its headings must have 'turn' and a "
            "column per code, or 'session', 'turn', 'coder' and 'code'",
            source,
        )
    draft = join([read_page(p, codebook, corpus, coder=coder, units=units) for p in coded], source)
    draft.warnings += [_unread(p) for p in pages if not kinds[p.name] and _has_content(p)]
    return draft


def join(drafts: list[CodingDraft], source: str) -> CodingDraft:
    """Bring the drafts of several tables together."""
    whole = CodingDraft("workbook", source, _stacked([d.rows for d in drafts]))
    covers = [d.coverage for d in drafts if d.coverage is not None]
    links = [d.links for d in drafts if d.links is not None]
    whole.coverage = _stacked(covers) if covers else None
    whole.links = _stacked(links) if links else None
    for draft in drafts:
        whole.remarks += draft.remarks
        whole.problems += draft.problems
        whole.warnings += draft.warnings
    return whole


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [f for f in frames if len(f)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _has_content(page: Page) -> bool:
    return any(not page.is_blank(r) for r in range(len(page.rows)))


def _unread(page: Page) -> Problem:
    message = f"sheet {page.name!r} is no coding table and was not read"
    return Problem(message, source=page.source, cell=f"{page.name}!A1", kind="unread-sheet")
