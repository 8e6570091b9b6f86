"""A codebook as one CSV file: a row per code, and rows for its other parts.

A plain table with columns such as ``id, label, definition`` is a codebook already. The
column ``part`` is needed only for what is no code; ``record`` then holds the rest.
"""

from __future__ import annotations

import csv as stdlib_csv
import io
import json
from pathlib import PurePath
from typing import TYPE_CHECKING

from rupturecode.codebook.build import build
from rupturecode.codebook.schema import CODE
from rupturecode.codebook.tree import Log, Node
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.io.codebooks.tables import ABOUT, PARTS, from_tables, to_tables
from rupturecode.io.parsers.encoding import decode as decode_text

if TYPE_CHECKING:
    from rupturecode.codebook import Codebook

NAME = "csv"
_OTHER = ("part", "record")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line names the columns of a table of codes."""
    del name
    first = head.decode("utf-8", "replace").lstrip("\ufeff").split("\n")[0].casefold()
    names = {cell.strip().strip('"') for cell in first.replace(";", ",").split(",")}
    return "id" in names and bool(names & {"definition", "label"})


def read(data: bytes, *, source: str, encoding: str | None = None) -> Codebook:
    r"""Read a codebook from a table of codes.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors; also the codebook's id when the file gives none.
    encoding
        When the user knows it.

    Raises
    ------
    ParseError
        When the bytes are no text.
    InvalidDataError
        Listing everything that is wrong, with row and column.

    Examples
    --------
    >>> book = read(b"id,definition,roles\nhedge,Says and unsays.,client\n", source="mine.csv")
    >>> book.id, book["hedge"].roles
    ('mine', ('client',))
    """
    log = Log(source)
    tables = _split(_cells(decode_text(data, source=source, encoding=encoding).text), log)
    tree = from_tables(tables, stem=PurePath(source).stem, log=log)
    log.raise_any(source)
    return build(tree, source=source)


def _cells(text: str) -> list[list[Node]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = stdlib_csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    line = 1
    for row in reader:
        rows.append([Node(cell, line, n) for n, cell in enumerate(row, start=1)])
        line = reader.line_num + 1
    return [row for row in rows if any(str(cell.value).strip() for cell in row)]


def _split(rows: list[list[Node]], log: Log) -> dict[str, list[list[Node]]]:
    """Sort rows into the tables that they belong to."""
    if not rows:
        raise InvalidDataError(log.source, [Problem("the file is empty", log.source)])
    header = [str(cell.value).strip().casefold() for cell in rows[0]]
    part, record = (header.index(n) if n in header else -1 for n in _OTHER)
    columns = [i for i, n in enumerate(header) if n not in _OTHER]
    tables = {"codes": [[rows[0][i] for i in columns]]}
    for short in rows[1:]:
        row = [*short, *[Node("", short[0].line, len(short))] * (len(header) - len(short))]
        kind = str(row[part].value).strip() if part >= 0 else ""
        if kind in ("", "codes"):
            tables["codes"].append([row[i] for i in columns])
        elif kind == ABOUT:
            name = row[header.index("id")]
            tables.setdefault(ABOUT, [[]]).append([name, row[record]])
        elif kind in PARTS:
            _add_record(tables, kind, row[record], log)
        else:
            known = ", ".join([ABOUT, *PARTS])
            log.add(row[part], f"unknown part {kind!r}. Known: {known}", "part")
    return tables


def _add_record(tables: dict[str, list[list[Node]]], kind: str, cell: Node, log: Log) -> None:
    """Turn a record, a JSON object of cell texts, into a row of its own table."""
    try:
        record = json.loads(str(cell.value))
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not all(isinstance(v, str) for v in record.values()):
        log.add(cell, f"{kind}: expected a JSON object of texts, such as {{...}}", "syntax")
        return
    keys = [*PARTS[kind], *(k for k in record if k not in PARTS[kind])]
    table = tables.setdefault(kind, [[Node(key, cell.line, cell.column) for key in keys]])
    known = [str(key.value) for key in table[0]]
    for name in (k for k in record if k not in known):
        log.add(cell, f"{kind}: unknown key {name!r}", "key")
    table.append([Node(record.get(k, ""), cell.line, cell.column) for k in known])


def write(book: Codebook) -> bytes:
    """Return the codebook as CSV (UTF-8), from which reading gives it back unchanged."""
    tables = to_tables(book)
    out = io.StringIO(newline="")
    writer = stdlib_csv.writer(out, lineterminator="\n")
    writer.writerow(["part", *CODE.keys, "record"])
    blank = [""] * (len(CODE.keys) - 1)
    for key, value in tables.pop(ABOUT)[1:]:
        writer.writerow([ABOUT, key, *blank, value])
    for part, (header, *rows) in tables.items():
        for row in rows:
            if part == "codes":
                writer.writerow([part, *row, ""])
                continue
            record = {k: v for k, v in zip(header, row, strict=True) if v}
            writer.writerow([part, "", *blank, json.dumps(record, ensure_ascii=False)])
    return out.getvalue().encode("utf-8")
