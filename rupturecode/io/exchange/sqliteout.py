"""Write SQLite databases: equal content gives equal bytes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Cell = str | int | None

#: The date that is written wherever a tool wants one: a moment nobody takes for a real one.
LONG_AGO = "1980-01-01 00:00:00"


def to_sqlite(schema: str, tables: Mapping[str, Sequence[Mapping[str, Cell]]]) -> bytes:
    """Return a database of a schema with rows, each a mapping of columns to cells.

    Examples
    --------
    >>> data = to_sqlite("CREATE TABLE a (b TEXT);", {"a": [{"b": "x"}]})
    >>> data[:15]
    b'SQLite format 3'
    """
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(schema)
        for table, rows in tables.items():
            for row in rows:
                columns = ", ".join(row)
                marks = ", ".join("?" * len(row))
                db.execute(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names are ours
                    tuple(row.values()),
                )
        db.commit()
        return db.serialize()
