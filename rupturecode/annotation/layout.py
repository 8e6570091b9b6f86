"""What annotations stand on: the units of all kinds, from a corpus or from tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.annotation.grid import Grid
from rupturecode.errors import UsageError
from rupturecode.tables import UNITS, conform

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.transcript import Corpus


@dataclass(frozen=True, eq=False)
class Layout:
    """Sessions in order and, per kind of unit, where every unit lies."""

    units: pd.DataFrame
    sessions: dict[str, int]
    grids: dict[str, Grid] = field(repr=False)

    @classmethod
    def build(
        cls, corpus: Corpus | None, units: pd.DataFrame | Iterable[pd.DataFrame] | None
    ) -> Layout:
        """Collect the units of a corpus (turns, sessions) and those given as tables.

        Raises
        ------
        UsageError
            When neither is given.
        """
        given = [] if units is None else [units] if isinstance(units, pd.DataFrame) else [*units]
        named = {kind for frame in given for kind in frame.get("kind", pd.Series(dtype=str))}
        if corpus is not None:
            given += [_of_corpus(corpus, k) for k in ("turn", "session") if k not in named]
        if not given:
            raise UsageError(
                "Annotations need to know which units exist: pass corpus=... or units=..."
            )
        table = conform(pd.concat([_with_kind(f) for f in given], ignore_index=True), UNITS)
        for column, dtype in (("speaker", "str"), ("role", "str"), ("n_chars", "Int64")):
            if column not in table:
                table[column] = pd.Series([None] * len(table), dtype=dtype)
        if not (table["kind"] == "session").any():
            table = pd.concat([table, _whole_sessions(table)], ignore_index=True)
        order = table["session"] if corpus is None else corpus.sessions["session"]
        sessions = {str(s): i for i, s in enumerate(pd.unique(order))}
        grids = {str(k): Grid.of(table, str(k), sessions) for k in table["kind"].unique()}
        return cls(table, sessions, grids)

    def grid(self, kind: str) -> Grid:
        """Return the units of one kind.

        Raises
        ------
        UsageError
            When there are none.
        """
        if kind not in self.grids:
            raise UsageError(
                f"There are no units of kind {kind!r} here, only {', '.join(sorted(self.grids))}. "
                f"Pass units=corpus.units({kind!r}, ...)."
            )
        return self.grids[kind]


def _of_corpus(corpus: Corpus, kind: str) -> pd.DataFrame:
    """Units of a corpus: turns with their length, and contacts that have no transcript."""
    units = corpus.units(kind)
    if kind == "turn":
        return units.assign(n_chars=corpus.turns["text"].str.len().astype("Int64").to_numpy())
    silent = corpus.sessions["session"]
    silent = silent[~silent.isin(units["session"])]
    bare = pd.DataFrame({"session": silent, "kind": "session", "unit": 1})
    return pd.concat([units, conform(bare, UNITS)], ignore_index=True)


def _with_kind(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if "kind" in frame else frame.assign(kind="turn")


def _whole_sessions(table: pd.DataFrame) -> pd.DataFrame:
    ends = table.groupby("session", sort=False).agg(
        first_turn=("first_turn", "min"),
        last_turn=("last_turn", "max"),
        start_ms=("start_ms", "min"),
        end_ms=("end_ms", "max"),
    )
    return ends.reset_index().assign(kind="session", unit=1)
