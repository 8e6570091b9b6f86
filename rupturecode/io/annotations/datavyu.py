r"""Datavyu spreadsheets (``.opf``), read only: columns of cells with times and values.

The member ``db`` has a line per column (``rupture (MATRIX,true,)-code|nominal,...``) and
below it a line per cell: ``HH:MM:SS:mmm,HH:MM:SS:mmm,(a,b)``; a backslash escapes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import named, names_of
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_CELL = re.compile(
    r"(\d{1,4}):(\d\d):(\d\d):(\d{3}),(\d{1,4}):(\d\d):(\d\d):(\d{3}),(.*)", re.DOTALL
)
_COLUMN = re.compile(r"(?P<name>[^\n(]+?)\s*\((?P<type>[A-Z]+)(?P<more>[^\n]*)")
_FIELD = re.compile(r"(?:\\.|[^\\,])*", re.DOTALL)
_WHO = ("coder", "observer")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a spreadsheet of Datavyu."""
    return is_zip(head) and name.casefold().endswith(".opf")


def parse(data: bytes, *, source: str) -> Project:
    """Read all cells; each value of a cell is a coding of its own.

    Raises
    ------
    ParseError
        When the file is damaged or holds no spreadsheet.
    """
    archive = open_zip(data, source=source)
    inside = [n for n in archive.names if n.rpartition("/")[2] == "db" and "__MACOSX" not in n]
    if len(inside) != 1:
        raise ParseError(f"expected one 'db' in the archive, found {len(inside)}", source)
    text = decode(archive.read(inside[0]), source=f"{source}/{inside[0]}").text
    project = Project("datavyu", source, [Document(source, source)])
    columns: list[str] = []
    fields: list[str] = []
    cells = 0
    for line, entry in _entries(text):
        cell = _CELL.fullmatch(entry)
        if cell is None:
            column = _COLUMN.match(entry)
            if column is None:
                raise ParseError("neither a column nor a cell", source, line, entry[:120])
            columns.append(column["name"].strip())
            fields = _fields(column["more"])
            continue
        if not columns:
            raise ParseError("a cell before any column", source, line, entry[:120])
        cells += 1
        values = [_plain(v) for v in _split(_inside(cell[9].strip()))]
        ends = (_ms(*cell.group(1, 2, 3, 4)), _ms(*cell.group(5, 6, 7, 8)))
        project.codings += _codings(columns[-1], fields, values, ends, source, line)
    project.info = {"columns": columns, "cells": cells}
    return project


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines, joined where a backslash ends one, without the version and settings."""
    waiting, first = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        first = first if waiting else number
        whole = f"{waiting}\n{line}" if waiting else line
        slashes = len(whole) - len(whole.rstrip("\\"))
        if slashes % 2:
            waiting = whole
            continue
        waiting = ""
        if whole.strip() and not whole.startswith("#"):
            yield first, whole.strip()
    if waiting:
        yield first, waiting.strip()


def _fields(more: str) -> list[str]:
    """Return the names of a matrix column's fields: ``)-code|nominal,value|nominal``."""
    _, _, listed = more.partition(")-")
    return [f.partition("|")[0].strip() for f in _split(listed) if f.strip()]


def _inside(text: str) -> str:
    """Take the brackets off; simple columns of old files have none."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _split(text: str) -> list[str]:
    """Split at commas that no backslash escapes."""
    parts, at = [], 0
    while at <= len(text):
        match = _FIELD.match(text, at)
        end = match.end() if match else at
        parts.append(text[at:end])
        at = end + 1
    return parts


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL).replace("\\\n", "\n").strip()


def _ms(hours: str, minutes: str, seconds: str, thousandths: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)


def _codings(
    column: str, fields: list[str], values: list[str], ends: tuple[int, int], *place: object
) -> Iterator[Coding]:
    source, line = str(place[0]), place[1]
    about = named(column)
    by_field = dict(zip(fields, values, strict=False))
    who = next((v for f, v in by_field.items() if f.casefold() in _WHO and v), about.coder)
    for i, value in enumerate(values):
        field = fields[i] if i < len(fields) else ""
        if not value or field.casefold() in _WHO:
            continue
        names = (*((f"{field} = {value}",) if field else ()), *names_of(about.layer, value))
        yield Coding(
            source,
            names,
            who or None,
            start_ms=ends[0],
            end_ms=max(ends),
            id=f"{column}.{line}.{i}",
            line=line if isinstance(line, int) else None,
        )
    if not any(values):
        yield Coding(
            source, (about.layer,), who or None, start_ms=ends[0], end_ms=max(ends),
            id=f"{column}.{line}", line=line if isinstance(line, int) else None,
        )  # fmt: skip


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
    """Read the cells of a Datavyu spreadsheet; times are laid on the turns' times.

    Parameters
    ----------
    data, source
        The file and its name, which says the session unless ``sessions`` does.
    codebook, corpus
        What it is about.
    coder
        Whose the cells are, where neither a field ``coder`` nor the column's name
        (``code@coder``) says it.
    codes
        Names (``"field = value"``, ``"column = value"``, value or column) to codes, None to
        leave out.
    sessions
        File name to session.

    Raises
    ------
    ParseError
        When the file is damaged or holds no spreadsheet.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
