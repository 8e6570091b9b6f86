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

from pathlib import PurePath
from typing import TYPE_CHECKING

from rupturecode.io.annotations.gather import EXAMINED, Unit
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
    listed: dict[tuple[str, str, int], dict[int, tuple[Unit, int]]] = {}
    for row in range(top + 1, len(page.rows)):
        if page.is_blank(row):
            continue
        where = _unit(page, row, columns, out, (session, coder or name, kind))
        if where is not None:
            _read_row(page, row, columns, codes, where, out)
            listed.setdefault((where.session, where.coder, where.round), {})[where.unit] = (
                where,
                row,
            )
    for units in listed.values():
        _whole(page, units, corpus, out)


def _whole(
    page: Page, units: dict[int, tuple[Unit, int]], corpus: Corpus | None, out: Gathered
) -> None:
    """A table with a row for every turn of a session says that all of it was examined."""
    where, row = next(iter(units.values()))
    if corpus is None or where.kind != "turn" or where.session not in corpus:
        return
    if set(corpus[where.session].turns["turn"]) <= set(units):
        out.add(where, "", EXAMINED, None, page.place(row))


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


def _unit(
    page: Page,
    row: int,
    columns: dict[str, int],
    out: Gathered,
    default: tuple[str, str, str],
) -> Unit | None:
    """Return where a row's codes belong, or say what is missing."""
    session = page.text(row, columns.get("session")) or default[0]
    coder = page.text(row, columns.get("coder")) or default[1]
    number = page.text(row, columns.get("unit"))
    faults = []
    if not session:
        faults.append(("unknown-session", "no session is given: add a column 'session'"))
    if not coder:
        faults.append(("unknown-coder", "no coder is given: add a column 'coder'"))
    if not number.isdigit():
        word = f"{number!r} is not a number" if number else "no number is given"
        faults.append(("unit-out-of-range", f"{default[2]}: {word}"))
    round_ = page.text(row, columns.get("round")) or "1"
    if not round_.isdigit():
        faults.append(("bad-value", f"round {round_!r} is not a number"))
    for kind, message in faults:
        out.problems.append(page.problem(message, kind, row, columns.get("unit")))
    if faults:
        return None
    return Unit(session, default[2], int(number), coder, int(round_), None)


def _read_row(
    page: Page,
    row: int,
    columns: dict[str, int],
    codes: list[tuple[int, Code]],
    where: Unit,
    out: Gathered,
) -> None:
    note = page.text(row, columns.get("note"))
    given = out.read(page, row, codes, where, note)
    if not given:
        out.add(where, "", EXAMINED, None, page.place(row))
        if note:
            place = {"session": where.session, "unit": where.unit, "coder": where.coder}
            out.remarks.append({**place, "note": note})
