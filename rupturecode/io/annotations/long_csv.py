"""Long CSV: a row per code given, with companions for coverage and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.annotations import maxqda
from rupturecode.io.annotations.pages import from_csv, to_csv
from rupturecode.io.annotations.tables import page_kind, read_page
from rupturecode.io.exchange.losses import Written

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.pages import Page
    from rupturecode.transcript import Corpus


def sniff(head: bytes, name: str) -> bool:
    """Whether the headings are those of a long table."""
    return csv_kind(head, name) == "long" and not maxqda.sniff(head, name)


def csv_kind(head: bytes, name: str) -> str:
    """Return the kind of coding table that the first lines of a CSV file announce."""
    if head.startswith(b"PK"):
        return ""
    try:
        page = from_csv(head[: head.rfind(b"\n") + 1] or head, source=name, strict=False)
    except ParseError:
        return ""
    return page_kind(page)


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
) -> CodingDraft:
    """Read a CSV file of codings.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for messages.
    codebook, corpus, units
        What the codings are about.
    coder
        Whose they are, where the table has no such column.

    Raises
    ------
    ParseError
        When it is no table of codings.
    """
    page: Page = from_csv(data, source=source)
    return read_page(page, codebook, corpus, coder=coder, units=units)


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write annotations, coverage and, where there are any, links: nothing is lost."""
    del corpus  # the tables name turns; they carry no words
    tables = {"annotations": notes.to_frame(), "coverage": notes.coverage}
    if len(notes.links):
        tables["links"] = notes.links
    return Written({f"{name}.csv": _csv(table) for name, table in tables.items()}, ())


def _csv(table: pd.DataFrame) -> bytes:
    """Write a table; empty columns are left out."""
    kept = [c for c in table.columns if table[c].notna().any() or not len(table)]
    cells = table[kept].astype(object).where(table[kept].notna(), None)
    return to_csv([kept, *cells.itertuples(index=False, name=None)])
