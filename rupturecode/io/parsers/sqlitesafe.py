"""Read tables of an SQLite file that may be hostile: a copy, read-only, plain tables only."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAGIC = b"SQLite format 3\x00"
#: More rows than any study has; beyond it a file is made to fill the memory.
_MOST_ROWS = 5_000_000


def is_sqlite(head: bytes) -> bool:
    """Whether the first bytes are those of an SQLite database."""
    return head.startswith(MAGIC)


def read_tables(
    data: bytes, wanted: Mapping[str, Iterable[str]], *, source: str, optional: Iterable[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of tables, with the columns asked for.

    Parameters
    ----------
    data
        The database file.
    wanted
        Table to columns. A column that the table lacks (in an older version) is None.
    source
        The file's name, for errors.
    optional
        Tables that may be missing; they come back empty.

    Raises
    ------
    ParseError
        When it is no database, is damaged, or lacks a table.
    """
    if not is_sqlite(data):
        raise ParseError("this is not an SQLite database", source)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        copy.write_bytes(data)
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                db.text_factory = lambda raw: raw.decode("utf-8", "replace")
                db.execute("PRAGMA trusted_schema = OFF")
                return _tables(db, wanted, frozenset(optional), source)
        except sqlite3.Error as err:
            raise ParseError(f"the database cannot be read: {err}", source) from err


def _tables(
    db: sqlite3.Connection,
    wanted: Mapping[str, Iterable[str]],
    optional: frozenset[str],
    source: str,
) -> dict[str, list[dict[str, Any]]]:
    plain = {n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    found: dict[str, list[dict[str, Any]]] = {}
    for table, columns in wanted.items():
        if table not in plain:
            if table not in optional:
                raise ParseError(f"the database has no table {table!r}", source)
            found[table] = []
            continue
        names = list(columns)
        here = {row[1] for row in db.execute(f'PRAGMA table_info("{table}")')}
        asked = ", ".join(f'"{c}"' if c in here else "NULL" for c in names)
        query = f'SELECT {asked} FROM "{table}" LIMIT {_MOST_ROWS}'  # noqa: S608 - names are ours
        found[table] = [dict(zip(names, row, strict=True)) for row in db.execute(query)]
    return found


def integer(value: object, what: str, source: str) -> int:
    """Return a whole number; SQLite lets any column hold anything.

    Raises
    ------
    ParseError
        When it is none.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ParseError(f"{what} is {str(value)[:40]!r}, which is no whole number", source)


def text(value: object) -> str:
    """Return a text; anything else as nothing, numbers in words.

    Examples
    --------
    >>> text("hm"), text(None), text(3), text(b"x")
    ('hm', '', '3', '')
    """
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""
