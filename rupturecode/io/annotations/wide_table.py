"""A table that a person typed: a row per turn, a column per code, x where it is given.

The simplest that works::

    session,turn,withdrawal,repair
    s01,4,x,
    s01,5,,x
    s01,6,,

The coder is in a column ``coder``, or the file is named for them (``AK.csv``). An empty cell
means "absent" in a turn that the coder examined: those that have a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from rupturecode.io.annotations.cells import Unreadable, confidence_of, whole, words_of
from rupturecode.io.annotations.gather import EXAMINED, Aside, Unit
from rupturecode.io.annotations.headings import (
    code_columns,
    columns_of,
    first_row,
    kind_of,
    unknown_code,
)

if TYPE_CHECKING:
    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.gather import Gathered
    from rupturecode.io.annotations.pages import Page
    from rupturecode.transcript import Corpus


@dataclass(slots=True)
class _Table:
    """A typed table under reading."""

    page: Page
    columns: dict[str, int]
    codes: list[tuple[int, Code]]
    out: Gathered
    session: str
    """The session, where no column says it."""
    coder: str
    kind: str


def read_wide(
    page: Page, codebook: Codebook, corpus: Corpus | None, out: Gathered, *, coder: str | None
) -> None:
    """Read a typed table into ``out``."""
    top = first_row(page)
    if top is None:
        return
    columns = columns_of(page, top)
    codes, unknown = code_columns(page, top, codebook)
    for column in unknown:
        message = unknown_code(page.text(top, column), codebook)
        out.problems.append(page.problem(message, "unknown-code", top, column))
    for row, column, last, _ in page.merged:
        if last > top:
            message = "cells are merged here; unmerge them and write each code anew"
            out.problems.append(page.problem(message, "merged-cells", row, column))
    session, name = _from_name(page, corpus)
    kind = kind_of(page, top, columns)
    table = _Table(page, columns, codes, out, session, coder or name, kind)
    listed: dict[tuple[str, str, int], dict[int, tuple[Unit, int]]] = {}
    for row in range(top + 1, len(page.rows)):
        where = None if page.is_blank(row) else _unit(table, row)
        if where is not None:
            _read_row(table, row, where)
            group = listed.setdefault((where.session, where.coder, where.round), {})
            group[where.unit] = (where, row)
    for units in listed.values():
        _whole(page, units, corpus, out)


def _whole(
    page: Page, units: dict[int, tuple[Unit, int]], corpus: Corpus | None, out: Gathered
) -> None:
    """Take a table with a row for every turn of a session as examined throughout."""
    where, row = next(iter(units.values()))
    if corpus is None or where.kind != "turn" or where.session not in corpus:
        return
    if set(corpus[where.session].turns["turn"]) <= set(units):
        out.add(where, "", EXAMINED, Aside(), page.place(row))


def _from_name(page: Page, corpus: Corpus | None) -> tuple[str, str]:
    """Return session and coder as far as the names of file and sheet say them."""
    parts = PurePath(page.source).stem.split("_")
    known = [] if corpus is None else [t.session for t in corpus]
    sessions = [p for p in (page.name, *parts) if p in known]
    if PurePath(page.source).stem in known:
        return PurePath(page.source).stem, ""
    coder = "_".join(p for p in parts if p not in known)
    session = sessions[0] if sessions else known[0] if len(known) == 1 else ""
    return session, coder


def _unit(table: _Table, row: int) -> Unit | None:
    """Return where a row's codes belong, or say what is missing."""
    page, columns = table.page, table.columns
    session = page.text(row, columns.get("session")) or table.session
    coder = page.text(row, columns.get("coder")) or table.coder
    number = whole(page.text(row, columns.get("unit")))
    round_ = whole(page.text(row, columns.get("round"))) or "1"
    faults = []
    if not session:
        faults.append(("unknown-session", "no session is given: add a column 'session'"))
    if not coder:
        faults.append(("unknown-coder", "no coder is given: add a column 'coder'"))
    if not number.isdigit():
        word = f"{number!r} is not a number" if number else "no number is given"
        faults.append(("unit-out-of-range", f"{table.kind}: {word}"))
    if not round_.isdigit():
        faults.append(("bad-value", f"round {round_!r} is not a number"))
    for kind, message in faults:
        table.out.problems.append(page.problem(message, kind, row, columns.get("unit")))
    if faults:
        return None
    return Unit(session, table.kind, int(number), coder, int(round_), None)


def _read_row(table: _Table, row: int, where: Unit) -> None:
    page, columns, out = table.page, table.columns, table.out
    aside = Aside()
    try:
        aside = aside._replace(note=words_of(page.cell(row, columns.get("note"))))
        sure = confidence_of(page.cell(row, columns.get("confidence")))
        aside = aside._replace(confidence=sure)
    except Unreadable as err:
        out.problems.append(page.problem(str(err), "bad-value", row))
    if out.read(page, row, table.codes, where, aside):
        return
    out.add(where, "", EXAMINED, Aside(), page.place(row))
    if aside.note:
        place = {"session": where.session, "unit": where.unit, "coder": where.coder}
        out.remarks.append({**place, "note": aside.note})
