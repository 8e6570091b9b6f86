"""MAXQDA: the table of coded segments, as CSV, Excel or PDF; read only.

The table has no places in the text but paragraph numbers, and often not even these: a
segment is found by its words.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rupturecode.errors import MissingExtraError, ParseError
from rupturecode.io.annotations.pages import Page, from_csv, from_workbook
from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

#: Our names for columns, in English and German editions of the program.
_COLUMNS = {
    "document": ("document name", "document", "dokumentname", "dokument"),
    "group": ("document group", "dokumentgruppe"),
    "code": ("code",),
    "begin": ("beginning", "begin", "anfang"),
    "end": ("end", "ende"),
    "weight": ("weight score", "weight", "gewicht"),
    "segment": ("segment", "coded segments", "codiertes segment"),
    "coder": ("created by", "author", "autor", "erstellt von"),
    "comment": ("comment", "kommentar"),
}
_NEEDED = ("document", "code", "segment")
_PATH = re.compile(r"\s*[>\\]\s*")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line has MAXQDA's headings, or this is a PDF."""
    if head.startswith(b"%PDF"):
        return True
    if is_zip(head):
        return False  # a workbook does not show its headings; say format="maxqda"
    try:
        page = from_csv(head[: head.rfind(b"\n") + 1] or head, source=name, strict=False)
    except ParseError:
        return False
    return bool(page.rows) and set(_NEEDED) <= set(_columns(page, 0))


def parse(data: bytes, *, source: str) -> Project:
    """Read the table of coded segments.

    Raises
    ------
    MissingExtraError
        For a PDF without the extra ``pdf``.
    ParseError
        When the file is damaged or has no such table.
    """
    project = Project("maxqda", source)
    for page in _pages(data, source):
        top = next((r for r in range(len(page.rows)) if not page.is_blank(r)), None)
        columns = {} if top is None else _columns(page, top)
        if top is None or not set(_NEEDED) <= set(columns):
            continue
        _take(project, page, columns, top)
    if not project.documents:
        raise ParseError(
            "no table of coded segments: its headings must have 'Document name', 'Code' and "
            "'Segment'",
            source,
        )
    return project


def _pages(data: bytes, source: str) -> list[Page]:
    if data.startswith(b"%PDF"):
        return [_printed(data, source)]
    return from_workbook(data, source=source) if is_zip(data) else [from_csv(data, source=source)]


def _printed(data: bytes, source: str) -> Page:
    """Put the tables of all pages below one another; a row cut by a page break is one row."""
    try:
        import pdfplumber
    except ModuleNotFoundError as err:
        raise MissingExtraError("Reading maxqda PDF", "pdfplumber", "pdf") from err
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            tables = [t for page in pdf.pages for t in page.extract_tables()]
    except Exception as err:  # pdfplumber raises whatever its parser stumbles over
        raise ParseError(f"the PDF cannot be read: {type(err).__name__}", source) from err
    rows = _joined([row for table in tables for row in _without_margins(table)])
    return Page(source, "", [[*row] for row in rows], list(range(1, len(rows) + 1)))


def _without_margins(table: list[list[str | None]]) -> list[list[str]]:
    """Drop columns in which nothing stands, and rows."""
    filled = [
        i
        for i in range(max(map(len, table), default=0))
        if any(r[i : i + 1] != [] and r[i] for r in table)
    ]
    rows = [[row[i] or "" for i in filled] for row in table]
    return [row for row in rows if any(row)]


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """Join what a page break cut, and leave out headings that are repeated."""
    whole: list[list[str]] = []
    for row in rows:
        if whole and row == whole[0]:
            continue
        before = whole[-1] if whole else []
        if before and len(row) == len(before) and not any(row[:-1]):
            before[-1] = f"{before[-1]}\n{row[-1]}"
        elif before and row[:-1] == before[:-1] and row[-1].startswith(before[-1]):
            whole[-1] = row  # begun on the page before, and printed again in full
        else:
            whole.append(row)
    return whole


def _columns(page: Page, top: int) -> dict[str, int]:
    known = {theirs: ours for ours, names in _COLUMNS.items() for theirs in names}
    found: dict[str, int] = {}
    for column in range(len(page.rows[top])):
        ours = known.get(" ".join(page.text(top, column).casefold().split()))
        if ours is not None:
            found.setdefault(ours, column)
    return found


def _take(project: Project, page: Page, columns: Mapping[str, int], top: int) -> None:
    documents: dict[str, Document] = {}
    weighted = 0
    for row in range(top + 1, len(page.rows)):
        if page.is_blank(row):
            continue
        said = {name: page.text(row, column) for name, column in columns.items()}
        key = f"{said.get('group', '')}/{said['document']}"
        documents.setdefault(key, Document(key, said["document"]))
        path = " > ".join(_PATH.split(said["code"]))
        weighted += said.get("weight", "") not in ("", "0")
        begin = said.get("begin", "")
        project.codings.append(
            Coding(
                key,
                tuple(dict.fromkeys([path, path.rpartition(" > ")[2]])),
                said.get("coder") or None,
                quote=said["segment"],
                near=int(begin) if begin.isascii() and begin.isdecimal() else None,
                note=said.get("comment", ""),
                line=page.lines[row],
            )
        )
    project.documents += documents.values()
    if weighted:
        project.warnings.append(f"weights of {weighted} segments were not read")
    project.info["rows"] = len(project.codings)


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Read coded segments; their words say where they stand, paragraphs only which of equals.

    Parameters
    ----------
    data, source
        The file and its name.
    codebook, corpus
        What it is about.
    coder
        Whose the segments are, where the table has no column ``Created by``.
    codes
        Paths (``"Parent > Code"``) or names to codes, None to leave out.
    sessions
        Names of documents to sessions.

    Raises
    ------
    MissingExtraError
        For a PDF without the extra ``pdf``.
    ParseError
        When the file is damaged or has no such table.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
