"""What can be wrong with coverage: places that do not exist, and codes outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.annotation.checks import Rows, known_units
from rupturecode.annotation.coverage import BY_TURNS, Cover, every_inside
from rupturecode.annotation.rows import PLACE
from rupturecode.errors import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from rupturecode.annotation.layout import Layout
    from rupturecode.codebook import Codebook


def check_coverage(coverage: pd.DataFrame, layout: Layout, codebook: Codebook) -> list[Problem]:
    """Check that coverage names sessions, kinds, units and codes that exist."""
    rows = Rows(coverage, coverage.reindex(columns=list(PLACE)))
    found = []
    for number in np.flatnonzero(_doubtful(coverage, layout, codebook)):
        row = coverage.iloc[number].to_dict()
        for message, kind in _wrong_stretch(row, layout, codebook):
            found.append(rows.problem(int(number), f"coverage of {row['coder']}: {message}", kind))
    return found


def _doubtful(coverage: pd.DataFrame, layout: Layout, codebook: Codebook) -> NDArray[np.bool_]:
    """Rows of coverage that are worth a closer look."""
    sound = (coverage["first_unit"] <= coverage["last_unit"]).to_numpy(bool)
    sound &= coverage["session"].isin(layout.sessions).to_numpy(bool)
    unit = coverage["kind"].replace(BY_TURNS)
    sound &= unit.isin(list(layout.grids)).to_numpy(bool)
    for kind in unit[sound].unique():
        mask = sound & (unit == kind).to_numpy(bool)
        for end in ("first_unit", "last_unit"):
            asked = coverage.assign(unit=coverage[end])
            sound[mask] &= known_units(asked, mask, layout, str(kind))[mask]
    codes = coverage["codes"].astype(str)
    odd = {text for text in codes.unique() if not codebook.by_id.keys() >= {*text.split()}}
    return np.asarray(~sound | codes.isin(odd).to_numpy(bool))


def _wrong_stretch(
    row: Mapping[str, Any], layout: Layout, codebook: Codebook
) -> list[tuple[str, str]]:
    """Say what is wrong with one row of coverage: message and kind."""
    session, unit = row["session"], BY_TURNS.get(row["kind"], row["kind"])
    first, last = row["first_unit"], row["last_unit"]
    found = []
    if session not in layout.sessions:
        message = f"unknown session {session!r}.{nearest(session, layout.sessions)}"
        found.append((message, "unknown-session"))
    elif unit not in layout.grids:
        found.append((f"there are no units of kind {unit!r} here", "unknown-kind"))
    elif first > last or not _both_exist(layout, session, unit, first, last):
        message = f"session {session} has no {unit}s {first} to {last}"
        found.append((message, "unit-out-of-range"))
    return found + [
        (f"unknown code {c!r}.{nearest(c, codebook.by_id)}", "unknown-code")
        for c in str(row["codes"]).split()
        if c not in codebook
    ]


def _both_exist(layout: Layout, session: str, kind: str, first: int, last: int) -> bool:
    number = np.full(2, layout.sessions[session], dtype=np.int64)
    return bool((layout.grids[kind].positions(number, np.array([first, last])) >= 0).all())


def check_covered(rows: Rows, cover: Cover, layout: Layout, coders: list[str]) -> list[Problem]:
    """Check that nobody coded a unit that they are not said to have examined."""
    table = rows.table
    outside = np.zeros(len(table), dtype=bool)
    for kind in {BY_TURNS.get(k, k) for k in table["kind"].unique()}:
        mask = table["kind"].replace(BY_TURNS).eq(kind).to_numpy(bool)
        free = table.loc[mask, "unit"].isna() | table.loc[mask, "kind"].isin(list(BY_TURNS))
        first = table.loc[mask, "unit"].where(~free, table.loc[mask, "first_turn"])
        last = table.loc[mask, "unit"].where(~free, table.loc[mask, "last_turn"])
        session = table.loc[mask, "session"].map(layout.sessions).to_numpy(np.int64)
        coder = pd.Categorical(table.loc[mask, "coder"], categories=coders).codes
        start, end = layout.grid(str(kind)).stretch(
            session, first.to_numpy(np.int64), last.to_numpy(np.int64)
        )
        seen = cover.matrix(str(kind))
        outside[mask] = ~every_inside(seen, start, end)[np.arange(len(start)), coder]

    def word(row: pd.Series) -> str:
        unit = row["unit"] if pd.notna(row["unit"]) else row["first_turn"]
        return (
            f"{row['coder']} gave {row['code']!r} on {row['kind']} {unit} of session "
            f"{row['session']}, which the coverage says they did not examine"
        )

    return rows.all(outside, word, "outside-coverage")
