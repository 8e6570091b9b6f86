"""Everything that can be wrong with annotations, found at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.annotation.coverage import BY_TURNS
from rupturecode.annotation.grid import FINENESS
from rupturecode.annotation.rows import RATED
from rupturecode.errors import Problem, nearest
from rupturecode.tables import EVIDENCE, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from rupturecode.annotation.layout import Layout
    from rupturecode.codebook import Codebook


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to check, each with its place in a file where that is known."""

    table: pd.DataFrame
    place: pd.DataFrame
    """Columns file, line and cell, row by row."""

    def problem(self, row: int, message: str, kind: str) -> Problem:
        """Word what is wrong with a row."""
        file, line, cell = self.place.iloc[row][["_file", "_line", "_cell"]]
        where = "" if isinstance(file, str) and file else f"row {row + 1}: "
        return Problem(
            where + message,
            source=file if isinstance(file, str) else "",
            line=None if pd.isna(line) else int(line),
            cell=cell if isinstance(cell, str) else "",
            kind=kind,
        )

    def all(
        self, mask: NDArray[np.bool_] | pd.Series, word: Callable[[pd.Series], str], kind: str
    ) -> list[Problem]:
        """One problem per row of a mask."""
        at = np.flatnonzero(np.asarray(mask, dtype=bool))
        return [self.problem(int(i), word(self.table.iloc[i]), kind) for i in at]


def check_rows(rows: Rows, codebook: Codebook, layout: Layout) -> list[Problem]:
    """Check names, units, values and roles, row by row."""
    found = _unknown_names(rows, codebook, layout)
    found += _wrong_units(rows, layout)
    found += _wrong_values(rows, codebook)
    found += _wrong_roles(rows, codebook, layout)
    return found


def _unknown_names(rows: Rows, codebook: Codebook, layout: Layout) -> list[Problem]:
    table, found = rows.table, []
    codes = [c.id for c in codebook if not c.heading]
    allowed: list[tuple[str, Iterable[str], str]] = [
        ("session", layout.sessions, "unknown-session"),
        ("kind", FINENESS, "unknown-kind"),
        ("code", codes, "unknown-code"),
        ("status", STATUSES, "unknown-status"),
        ("evidence", EVIDENCE, "unknown-evidence"),
    ]
    for column, known, kind in allowed:
        strange = {*table[column].dropna().unique()} - {"", *known}
        if strange:
            bad = table[column].isin(list(strange)).to_numpy(bool)
            found += rows.all(bad, _unknown_word(column, [*known], codebook), kind)
    return found


def _unknown_word(column: str, known: list[str], codebook: Codebook) -> Callable[[pd.Series], str]:
    def word(row: pd.Series) -> str:
        name = str(row[column])
        if column == "code" and name in codebook:
            return f"code {name!r} is a heading and cannot be given itself"
        where = f" of codebook {codebook.id}" if column == "code" else ""
        return f"unknown {column} {name!r}{where}.{nearest(name, known)}"

    return word


def _wrong_units(rows: Rows, layout: Layout) -> list[Problem]:
    table, found = rows.table, []
    here = table["session"].isin(layout.sessions)
    for kind in table["kind"].unique():
        mask = (here & (table["kind"] == kind)).to_numpy(bool)
        if kind in BY_TURNS:
            found += _wrong_stretches(rows, mask & table["unit"].isna().to_numpy(), layout)
            continue
        if kind not in FINENESS or not mask.any():
            continue
        if kind not in layout.grids:
            message = (
                f"units of kind {kind!r} are not known here; pass units=corpus.units({kind!r})"
            )
            found.append(rows.problem(int(np.flatnonzero(mask)[0]), message, "unknown-kind"))
            continue
        bad = mask & (table["unit"].isna() | ~known_units(table, mask, layout, str(kind)))
        found += rows.all(bad, _unit_word, "unit-out-of-range")
    return found


def known_units(
    table: pd.DataFrame, mask: NDArray[np.bool_], layout: Layout, kind: str
) -> NDArray[np.bool_]:
    """Tell the rows of a mask whose unit of this kind exists."""
    known = np.zeros(len(table), dtype=bool)
    mask = mask & table["unit"].notna().to_numpy(bool)
    session = table.loc[mask, "session"].map(layout.sessions).to_numpy(np.int64)
    unit = table.loc[mask, "unit"].to_numpy(np.int64)
    known[mask] = layout.grids[kind].positions(session, unit) >= 0
    return known


def _unit_word(row: pd.Series) -> str:
    if pd.isna(row["unit"]):
        return f"no {row['kind']} number is given (session {row['session']})"
    return f"session {row['session']} has no {row['kind']} {row['unit']}"


def _wrong_stretches(rows: Rows, mask: NDArray[np.bool_], layout: Layout) -> list[Problem]:
    """Spans and episodes name their first and last turn, which must exist in this order."""
    table = rows.table
    ok = np.ones(len(table), dtype=bool)
    for column in ("first_turn", "last_turn"):
        asked = table.assign(unit=table[column])
        ok &= known_units(asked, mask, layout, "turn")
    ok &= (table["first_turn"] <= table["last_turn"]).fillna(False).to_numpy(bool)

    def word(row: pd.Series) -> str:
        ends = f"{row['first_turn']} to {row['last_turn']}"
        return f"session {row['session']} has no {row['kind']} over turns {ends}"

    return rows.all(mask & ~ok, word, "unit-out-of-range")


def _wrong_values(rows: Rows, codebook: Codebook) -> list[Problem]:
    table = rows.table
    said = table[["code", "value", "category"]].where(table["status"].isin(RATED))
    number = said.groupby(list(said.columns), dropna=False, sort=False).ngroup().to_numpy()
    faults = [
        _fault(codebook, *each)
        for each in said.drop_duplicates().itertuples(index=False, name=None)
    ]
    fault = np.array([*faults, ""], dtype=object)[number]

    def word(row: pd.Series) -> str:
        return f"code {row['code']!r}: {fault[row.name]}"

    return rows.all(fault != "", word, "bad-value")


def _fault(codebook: Codebook, code: object, value: float, category: object) -> str:
    if code not in codebook:
        return ""
    number = None if pd.isna(value) else float(value)
    choice = None if pd.isna(category) else str(category)
    return codebook[str(code)].scale.fault(number, choice)


def _wrong_roles(rows: Rows, codebook: Codebook, layout: Layout) -> list[Problem]:
    table, bound = rows.table, {c.id: c for c in codebook if c.roles}
    at_turn = (table["kind"] == "turn") & table["code"].isin(list(bound))
    at_turn &= table["session"].isin(layout.sessions) & table["unit"].notna()
    at_turn &= table["status"] != "not_applicable"
    none = table["code"].map({code: ref.scale.absent for code, ref in bound.items()})
    at_turn &= ~(table["value"] == none)  # 0 says that it was not there, whoever spoke
    mine = table.loc[at_turn, ["session", "unit", "code"]]
    if mine.empty or "turn" not in layout.grids:
        return []
    grid = layout.grids["turn"]
    session = mine["session"].map(layout.sessions).to_numpy(np.int64)
    position = grid.positions(session, mine["unit"].to_numpy(np.int64))
    mine["role"] = np.where(position >= 0, grid.role[position], "unknown")
    pairs = mine[["code", "role"]]
    refused = [
        (code, role)
        for code, role in pairs.drop_duplicates().itertuples(index=False, name=None)
        if not bound[code].may_carry(role)
    ]
    bad = pd.Series(False, index=table.index)
    bad[at_turn] = pd.MultiIndex.from_frame(pairs).isin(refused) if refused else False

    def word(row: pd.Series) -> str:
        return (
            f"code {row['code']!r} may be carried by {' or '.join(bound[row['code']].roles)}, but "
            f"turn {row['unit']} of session {row['session']} is spoken by the "
            f"{mine['role'][row.name]}"
        )

    return rows.all(bad, word, "role-may-not-carry")


def check_ends(rows: Rows, layout: Layout) -> list[Problem]:
    """Check that a unit holds the turns that its row says it holds.

    Windows cut in another way have the same numbers and other words; taking the numbers
    alone would move every coding in silence.
    """
    found = []
    for kind in set(rows.table["kind"].dropna().unique()) & layout.grids.keys() - {"session"}:
        mask = (rows.table["kind"] == kind) & rows.table["first_turn"].notna()
        mask &= rows.table["session"].isin(layout.sessions) & rows.table["unit"].notna()
        said = rows.table[mask]
        grid = layout.grids[kind]
        session = said["session"].map(layout.sessions).to_numpy(np.int64)
        at = grid.positions(session, said["unit"].to_numpy(np.int64))
        differs = said["first_turn"].to_numpy(np.int64) != grid.first_turn[at]
        differs |= said["last_turn"].to_numpy(np.int64) != grid.last_turn[at]
        bad = pd.Series(False, index=rows.table.index)
        bad[mask] = differs & (at >= 0)

        def word(row: pd.Series) -> str:
            return (
                f"{row['kind']} {row['unit']} of session {row['session']} is said to hold turns "
                f"{row['first_turn']} to {row['last_turn']}, but holds others here; units that "
                'were cut in another way are kind "span" with first_turn and last_turn'
            )

        found += rows.all(bad, word, "other-units")
    return found
