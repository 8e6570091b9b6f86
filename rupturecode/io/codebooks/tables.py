"""A codebook as tables of text, one per part, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.codebook.dump import to_dict
from rupturecode.codebook.schema import BOOK, CASE_FIELD, CODE, CONSTRAINT, SCALE, VIGNETTE
from rupturecode.codebook.tree import Node
from rupturecode.errors import nearest
from rupturecode.io.codebooks.cells import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.codebook.spec import Key
    from rupturecode.codebook.tree import Log

PARTS: Mapping[str, Mapping[str, Key]] = {
    "codes": CODE.keys,
    "scales": {"id": CODE.keys["id"], **SCALE.keys},
    "case_data": CASE_FIELD.keys,
    "constraints": CONSTRAINT.keys,
    "vignettes": VIGNETTE.keys,
}
"""The parts of a codebook that are tables, with their columns."""
ABOUT = "codebook"
"""The part that holds the codebook's own keys: a column of keys and one of values."""
Rows = list[list[str]]


def to_tables(book: Codebook) -> dict[str, Rows]:
    """Return a header and rows for each part that the codebook has."""
    content = to_dict(book)
    about = [[k, encode(v, BOOK.keys[k].spec)] for k, v in content.items() if k not in PARTS]
    made: dict[str, Rows] = {ABOUT: [["key", "value"], *about]}
    for part, keys in PARTS.items():
        records = content.get(part)
        if isinstance(records, dict):
            records = [{"id": name, **record} for name, record in records.items()]
        if isinstance(records, list):
            made[part] = [list(keys), *(_row(record, keys) for record in records)]
    return made


def _row(record: Mapping[str, object], keys: Mapping[str, Key]) -> list[str]:
    return [encode(record[k], keys[k].spec) if k in record else "" for k in keys]


def from_tables(tables: Mapping[str, list[list[Node]]], *, stem: str, log: Log) -> Node:
    """Return the tree that tables of cells describe.

    Parameters
    ----------
    tables
        Cells with their places, header first; ``codes`` is needed, the rest is optional.
    stem
        The file's name, from which id and title are made when the file gives none.
    log
        Where problems with headers and cells go.
    """
    about = _about(tables.get(ABOUT, []), log)
    for name, value in (("id", identifier(stem)), ("version", "1"), ("title", stem)):
        about.setdefault(name, Node(value))
    tree = Node(about)
    for part, keys in PARTS.items():
        if part not in tables:
            continue
        records = _records(tables[part], keys, part, log)
        if part == "scales":
            about[part] = Node(dict(_named(records)))
        else:
            about[part] = Node(list(records))
    return tree


def identifier(name: str) -> str:
    """Return an id made from a file's or a code's name.

    Examples
    --------
    >>> identifier("Client: Sustain talk")
    'client_sustain_talk'
    """
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.casefold())
    return "_".join(filter(None, kept.split("_"))) or "codebook"


def _named(records: list[Node]) -> Iterator[tuple[str, Node]]:
    """Yield records that have an id by it."""
    for record in records:
        if isinstance(record.value, dict) and "id" in record.value:
            yield str(record.value.pop("id").value), record


def _about(rows: list[list[Node]], log: Log) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value, *_ in (row for row in rows[1:] if len(row) > 1):
        name = str(key.value).strip()
        if name in BOOK.keys and name not in PARTS:
            node = decode(value, BOOK.keys[name].spec, name, log)
            if node:
                found[name] = node
        elif name:
            log.add(key, f"unknown key {name!r}.{nearest(name, BOOK.keys)}", "key")
    return found


def _records(rows: list[list[Node]], keys: Mapping[str, Key], part: str, log: Log) -> list[Node]:
    if not rows:
        return []
    header = [str(cell.value).strip().casefold() for cell in rows[0]]
    for cell, name in zip(rows[0], header, strict=True):
        if name and name not in keys:
            hint = nearest(name, keys) or f" Known: {', '.join(keys)}"
            log.add(cell, f"{part}: unknown column {name!r}.{hint}", "column")
    made = []
    for n, row in enumerate(rows[1:], start=1):
        record: dict[str, Node] = {}
        for name, cell in zip(header, row, strict=False):
            if name in keys:
                node = decode(cell, keys[name].spec, f"{part}[{n}].{name}", log)
                if node:
                    record[name] = node
        if record:
            first = row[0]
            made.append(Node(record, first.line, first.column, cell=first.cell))
    return made
