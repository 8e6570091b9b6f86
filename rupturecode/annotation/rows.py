"""Annotation rows as the table needs them, and as numbers for fast counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.tables import ANNOTATIONS, conform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation.layout import Layout
    from rupturecode.codebook import Codebook

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

#: Columns in which a reader says where a row comes from; they never leave the library.
PLACE = ("_file", "_line", "_cell")
RATED = ("given", "uncertain")


def clean(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Fill what may be left unsaid: kind, round, status, codebook, turns as units, value 1.

    Rows without a code stay; they say that a unit was examined.
    """
    frame = frame.reset_index(drop=True).copy()
    if "turn" in frame and "unit" not in frame:
        frame = frame.rename(columns={"turn": "unit"})
    frame["code"] = frame["code"].fillna("") if "code" in frame else ""
    defaults = {"kind": "turn", "round": 1, "status": "given"}
    for column, value in {**defaults, "codebook": f"{codebook.id}@{codebook.version}"}.items():
        if column not in frame:
            frame[column] = value
        elif frame[column].isna().any():
            frame[column] = frame[column].fillna(value)
    table = conform(frame, ANNOTATIONS)
    _fill_value(table, codebook)
    if "id" not in table:
        table["id"] = pd.Series(np.arange(1, len(table) + 1)).astype(str).astype("str")
    only_first = table["last_turn"].isna()
    table.loc[only_first, "last_turn"] = table.loc[only_first, "first_turn"]
    return table


def _fill_value(table: pd.DataFrame, codebook: Codebook) -> None:
    presence = [c.id for c in codebook if c.scale.kind == "presence"]
    unsaid = table["value"].isna() & table["status"].isin(RATED) & table["code"].isin(presence)
    table.loc[unsaid, "value"] = 1.0


def locate(table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Fill first and last turn from the unit, where the unit is known."""
    table = table.copy()
    for kind, grid in layout.grids.items():
        mask = (table["kind"] == kind).to_numpy() & table["unit"].notna().to_numpy()
        mask &= table["session"].isin(layout.sessions).to_numpy()
        if not mask.any():
            continue
        session = table.loc[mask, "session"].map(layout.sessions).to_numpy(np.int64)
        at = grid.positions(session, table.loc[mask, "unit"].to_numpy(np.int64))
        known = at >= 0
        spot = np.flatnonzero(mask)[known]
        for column, turns in (("first_turn", grid.first_turn), ("last_turn", grid.last_turn)):
            values = table[column].to_numpy(dtype="float64", na_value=np.nan)
            values[spot] = turns[at[known]]
            table[column] = pd.array(values, dtype="Int64")
    return table


@dataclass(frozen=True, eq=False)
class Coded:
    """Annotation rows as arrays, sorted by code."""

    session: Ints
    kind: NDArray[np.object_]
    position: Ints
    """Row in the grid of its kind; -1 for free stretches."""
    first: Ints
    last: Ints
    coder: Ints
    round: Ints
    value: NDArray[np.float64]
    category: NDArray[np.object_]
    rated: Bools
    uncertain: Bools
    bounds: dict[str, tuple[int, int]]
    """Per code its stretch of rows."""

    @classmethod
    def of(cls, table: pd.DataFrame, layout: Layout, coders: Sequence[str]) -> Coded:
        """Encode a checked table."""
        code, names = pd.factorize(table["code"])
        order = np.argsort(code, kind="stable")
        table = table.iloc[order]
        edges = np.searchsorted(code[order], np.arange(len(names) + 1))
        session = table["session"].map(layout.sessions).to_numpy(np.int64)
        number = {name: i for i, name in enumerate(coders)}
        status = table["status"]
        return cls(
            session=session,
            kind=table["kind"].to_numpy(object),
            position=_positions(table, session, layout),
            first=table["first_turn"].fillna(0).to_numpy(np.int64),
            last=table["last_turn"].fillna(0).to_numpy(np.int64),
            coder=table["coder"].map(number).to_numpy(np.int64),
            round=table["round"].to_numpy(np.int64),
            value=table["value"].to_numpy(np.float64),
            category=table["category"].to_numpy(object),
            rated=status.isin(RATED).to_numpy(bool),
            uncertain=(status == "uncertain").to_numpy(bool),
            bounds={str(n): (int(edges[i]), int(edges[i + 1])) for i, n in enumerate(names)},
        )

    def of_codes(self, codes: Sequence[str]) -> Ints:
        """Row numbers of the given codes."""
        stretches = [np.arange(*self.bounds[c]) for c in codes if c in self.bounds]
        return np.concatenate(stretches) if stretches else np.empty(0, dtype=np.int64)


def _positions(table: pd.DataFrame, session: Ints, layout: Layout) -> Ints:
    position = np.full(len(table), -1, dtype=np.int64)
    for kind, grid in layout.grids.items():
        mask = ((table["kind"] == kind) & table["unit"].notna()).to_numpy(bool)
        unit = table.loc[mask, "unit"].to_numpy(np.int64)
        position[mask] = grid.positions(session[mask], unit)
    return position
