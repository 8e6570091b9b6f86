"""The table of coded segments as MAXQDA writes it: CSV, Excel or PDF."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rupturecode.errors import MissingExtraError, ParseError
from rupturecode.io.annotations.pages import Page, from_csv, from_workbook
from rupturecode.io.exchange.extras import all_extras
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import WHOLE
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Our names for columns, in English and German editions of the program.
_COLUMNS = {
    "document": ("document name", "document", "dokumentname", "dokument"),
    "group": ("document group", "dokumentgruppe"),
    "code": ("code",),
    "begin": ("beginning", "begin", "anfang"),
    "end": ("end", "ende"),
    "weight": ("weight score", "weight", "gewicht", "gewichtungsscore"),
    "segment": ("segment", "coded segments", "codiertes segment"),
    "coder": ("created by", "author", "autor", "erstellt von"),
    "comment": ("comment", "kommentar"),
    "position": ("position",),
    "round": ("round",),
    "evidence": ("evidence",),
    "confidence": ("confidence",),
}
_NEEDED = ("document", "code", "segment")
_PATH = re.compile(r"\s*[>\\]\s*")
_POSITION = re.compile(r"(\d{1,9})-(\d{1,9})")


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
    project = Project("maxqda", source, plain=True)
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
    wordless = 0
    for row in range(top + 1, len(page.rows)):
        if page.is_blank(row):
            continue
        said = {name: page.text(row, column) for name, column in columns.items()}
        key = f"{said.get('group', '')}/{said['document']}"
        documents.setdefault(key, Document(key, said["document"]))
        whole = said["code"].startswith(WHOLE)
        if not said["segment"] and not whole:
            wordless += 1
            continue
        begin, weight = said.get("begin", ""), said.get("weight", "")
        place = None if whole else _POSITION.fullmatch(said.get("position", ""))
        project.codings.append(
            Coding(
                key,
                _names(said["code"].removeprefix(WHOLE)),
                said.get("coder") or None,
                int(place[1]) if place else None,
                int(place[2]) if place else None,
                quote="" if whole else said["segment"],
                near=int(begin) if begin.isascii() and begin.isdecimal() else None,
                weight="" if weight == "0" else weight,
                note=said.get("comment", ""),
                line=page.lines[row],
                **all_extras(said),
            )
        )
    project.documents += documents.values()
    if wordless:
        project.warnings.append(f"{wordless} segments without words were not read")
    project.info["rows"] = len(project.codings)


def _names(called: str) -> tuple[str, ...]:
    r"""Return the names of a code: its path, and its end, with a value as it stands.

    Examples
    --------
    >>> _names(r"Client\Withdrawal"), _names("manner > manner = a > b")
    (('Client > Withdrawal', 'Withdrawal'), ('manner > manner = a > b', 'manner = a > b'))
    """
    bare, sign, said = called.partition(" = ")
    path = " > ".join(_PATH.split(bare))
    return tuple(dict.fromkeys(f"{n}{sign}{said}" for n in (path, path.rpartition(" > ")[2])))
