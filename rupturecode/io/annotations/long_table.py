"""A table with a row per code given: session, turn, coder, code, value, note and more.

Companions are tables of the same kind: who examined what (``session, kind, first_unit,
last_unit, coder``) and links (``session, coder, from, to, relation``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.annotation.draft import CodingDraft
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.io.annotations.cells import Entry, Unreadable, entry, text_of
from rupturecode.io.annotations.headings import (
    columns_of,
    first_row,
    is_coverage,
    is_links,
    kind_of,
)
from rupturecode.tables import ANNOTATIONS, COVERAGE, LINKS

if TYPE_CHECKING:
    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.pages import Page

_NUMBERS = {c: t for c, t in ANNOTATIONS.columns.items() if t == "Int64"} | {"confidence": "float"}
_EMPTY = ("session", "coder")
_PLACE = ("_file", "_line", "_cell")


def read_long(page: Page, codebook: Codebook, *, coder: str | None) -> CodingDraft:
    """Read a long table, of annotations or one of its companions."""
    top = first_row(page)
    if top is None:
        return CodingDraft("long-csv", page.source, pd.DataFrame())
    columns = columns_of(page, top)
    table = _texts(page, top, columns)
    names = set(columns)
    if is_coverage(names):
        draft = CodingDraft("long-csv", page.source, pd.DataFrame())
        draft.coverage = _numbers(table, ("first_unit", "last_unit", "round"), draft)
        kept = [c for c in (*COVERAGE.columns, "round", "codes", *_PLACE) if c in table]
        draft.coverage = draft.coverage[kept]
        return draft
    if is_links(names):
        draft = CodingDraft("long-csv", page.source, pd.DataFrame())
        draft.links = table[[c for c in LINKS.columns if c in table]]
        return draft
    if "code" not in table:
        problem = page.problem("column 'code' is missing", "no-column", top)
        raise InvalidDataError("codings", [problem])
    if "kind" not in table:
        table["kind"] = kind_of(page, top, columns)
    if coder is not None and "coder" not in table:
        table["coder"] = coder
    return _annotations(table, page, codebook)


def _texts(page: Page, top: int, columns: dict[str, int]) -> pd.DataFrame:
    """Cells as text, empty ones missing, each row with its place."""
    at = page.filled(top + 1)
    cells = page.columns(at, columns)
    if page.name:  # of a workbook: numbers and truth values that Python holds for equal
        cells = {name: [text_of(c) for c in column] for name, column in cells.items()}
    data = {name: _column(column) for name, column in cells.items()}
    places = page.places(at, columns.get("code", columns.get("session")))
    return pd.DataFrame({**data, **places})


def _column(cells: list[object]) -> pd.Series:
    """Make a column of texts, empty ones missing; one that occurs often is converted once."""
    number, distinct = pd.factorize(np.array(cells, dtype=object))
    once = pd.array([text_of(c) or None for c in distinct], dtype="str")
    return pd.Series(once.take(number, allow_fill=True))


def _annotations(table: pd.DataFrame, page: Page, codebook: Codebook) -> CodingDraft:
    draft = CodingDraft("long-csv", page.source, table)
    for column in _EMPTY:
        bad = table[column].isna() if column in table else pd.Series(True, index=table.index)
        draft.problems += _at(table, bad, f"no {column} is given", f"unknown-{column}")
    table = table.drop(columns=["speaker", "role", "text", "reviewed"], errors="ignore")
    table = _numbers(table, tuple(_NUMBERS), draft)
    draft.rows = _values(table, codebook, draft)
    return draft


def _numbers(table: pd.DataFrame, names: tuple[str, ...], draft: CodingDraft) -> pd.DataFrame:
    table = table.copy()
    for name in names:
        if name not in table:
            continue
        at, texts = pd.factorize(table[name])
        number = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(float)
        fits = ~np.isnan(number) & ((name == "confidence") | (number % 1 == 0))
        for text in texts[~fits]:
            mask = table[name] == text
            draft.problems += _at(table, mask, f"{name} {text!r} is not a number", "bad-value")
        table[name] = np.append(np.where(fits, number, np.nan), np.nan)[at]
    return table


def _at(table: pd.DataFrame, mask: pd.Series, message: str, kind: str) -> list[Problem]:
    places = table.loc[mask, list(_PLACE)].itertuples(index=False, name=None)
    return [
        Problem(message, source=f, line=None if pd.isna(n) else int(n), cell=c or "", kind=kind)
        for f, n, c in places
    ]


def _values(table: pd.DataFrame, codebook: Codebook, draft: CodingDraft) -> pd.DataFrame:
    """Read the value as the code's scale means it: a number, a choice, a doubt or why not."""
    if "value" not in table:
        return table
    text = table["value"]
    code = table["code"] if "code" in table else pd.Series(None, index=table.index, dtype=object)
    pairs = pd.DataFrame({"code": code, "text": text})
    number = pairs.groupby(["code", "text"], dropna=False, sort=False).ngroup().to_numpy()
    unique = pairs.drop_duplicates()
    read = [_entry(c, t, codebook) for c, t in unique.itertuples(index=False, name=None)]
    faults = np.array([r if isinstance(r, str) else "" for r in read], dtype=object)[number]
    for fault in sorted(set(faults) - {""}):
        mask = pd.Series(faults == fault, index=table.index)
        draft.problems += _at(table, mask, fault, "bad-value")
    entries = [r if isinstance(r, Entry) else Entry(None, None, "given") for r in read]
    said = pd.DataFrame(entries, columns=list(Entry._fields)).iloc[number].set_index(table.index)
    table = table.assign(value=said["value"].astype(float))
    table["category"] = said["category"].combine_first(table.get("category", said["category"]))
    plain = said["status"] == "given"
    table["status"] = said["status"].mask(plain, table.get("status", said["status"]))
    return table


def _entry(code: object, text: object, codebook: Codebook) -> Entry | str | None:
    """Read one value; a text says what is wrong with it."""
    if not isinstance(text, str) or not isinstance(code, str) or code not in codebook:
        return None
    try:
        return entry(text, codebook[code])
    except Unreadable as err:
        return f"code {code!r}: {err}"
