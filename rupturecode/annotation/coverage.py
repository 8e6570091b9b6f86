"""Who examined which units: the table, and the matrix that analyses ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.tables import COVERAGE, conform, empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation.grid import Grid
    from rupturecode.annotation.layout import Layout

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

#: Free stretches are found by reading turns, so examining turns is examining these.
BY_TURNS = {"span": "turn", "episode": "turn"}
WHOLE_SESSIONS, ROWS = "whole sessions", "rows"
_KEY = ["session", "kind", "coder", "round"]


def coverage_table(
    coverage: pd.DataFrame | str | None,
    rows: pd.DataFrame,
    layout: Layout,
    *,
    blanks: bool,
    codebook: str,
) -> pd.DataFrame:
    """Return the ``coverage`` table that a user's statement amounts to.

    Parameters
    ----------
    coverage
        A table; ``"whole sessions"``: every coder examined all units of every session in
        which they have a row; ``"rows"``: they examined only the units that have a row; or
        nothing, which will do only when ``rows`` itself says what was examined (``blanks``).
    rows
        Rows of annotations, those without a code ("examined, nothing found") included.
    layout
        The units that exist.
    blanks
        Whether some rows have no code.
    codebook
        ``id@version`` for rows that do not name theirs.
    """
    if isinstance(coverage, pd.DataFrame):
        given = _typed(_defaults(coverage, codebook))
        rest = _existing(_unmentioned(rows, given, codebook), layout)
        return pd.concat([given, rest], ignore_index=True)
    if coverage == WHOLE_SESSIONS:
        return _whole_sessions(rows, layout, codebook)
    if coverage == ROWS or (coverage is None and (blanks or rows.empty)):
        return _existing(_by_rows(rows, codebook), layout)
    if coverage is None:
        raise UsageError(
            "Nothing says which units each coder examined, so a code that is not there could mean "
            '"absent" or "never looked". Give coverage=<table with session, kind, first_unit, '
            'last_unit, coder>, or coverage="whole sessions" if every coder examined all of every '
            "session in which they have a row, or rows with an empty code for units in which "
            "nothing was found."
        )
    raise UsageError(
        f'coverage={coverage!r} is not known; give a table, "whole sessions" or "rows".'
    )


def _defaults(frame: pd.DataFrame, codebook: str) -> pd.DataFrame:
    frame = frame.copy()
    defaults = {"kind": "turn", "round": 1, "codes": "", "codebook": codebook}
    for column, value in defaults.items():
        if column in frame:
            frame[column] = frame[column].fillna(value)
        else:
            frame[column] = value
    return frame


def _unmentioned(rows: pd.DataFrame, given: pd.DataFrame, codebook: str) -> pd.DataFrame:
    """Cover, by their rows alone, the kinds that a table of coverage leaves out."""
    known = {*given["kind"], *(s for s, k in BY_TURNS.items() if k in set(given["kind"]))}
    return _by_rows(rows[~rows["kind"].isin(known)], codebook)


def _by_rows(rows: pd.DataFrame, codebook: str) -> pd.DataFrame:
    if rows.empty:
        return _typed(empty(COVERAGE).assign(round=pd.Series(dtype="Int64"), codes=""))
    free = rows["kind"].isin(list(BY_TURNS))
    frame = rows[_KEY].assign(
        kind=rows["kind"].replace(BY_TURNS),
        first_unit=rows["unit"].where(~free, rows["first_turn"]),
        last_unit=rows["unit"].where(~free, rows["last_turn"]),
        codebook=codebook,
        codes="",
    )
    return _typed(frame.dropna(subset=["first_unit", "last_unit"]).drop_duplicates())


def _existing(table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Leave out units that do not exist: the rows that name them are complained about."""
    here = pd.MultiIndex.from_frame(layout.units[["session", "kind", "unit"]])
    for end in ("first_unit", "last_unit"):
        table = table[pd.MultiIndex.from_frame(table[["session", "kind", end]]).isin(here)]
    return table.reset_index(drop=True)


def _whole_sessions(rows: pd.DataFrame, layout: Layout, codebook: str) -> pd.DataFrame:
    frame = rows[_KEY].assign(kind=rows["kind"].replace(BY_TURNS)).drop_duplicates()
    ends = layout.units.groupby(["session", "kind"])["unit"].agg(first_unit="min", last_unit="max")
    frame = frame.merge(ends.reset_index(), on=["session", "kind"], how="inner")
    return _typed(frame.assign(codebook=codebook, codes=""))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    table = conform(frame.reset_index(drop=True), COVERAGE)
    table["round"] = table["round"].astype("Int64")
    table["codes"] = table["codes"].astype("str")
    return table


@dataclass(frozen=True, eq=False)
class Cover:
    """Coverage as arrays: one entry per row of the table."""

    layout: Layout
    kind: NDArray[np.object_]
    session: Ints
    first: Ints
    last: Ints
    coder: Ints
    group: Ints
    groups: tuple[frozenset[str], ...]
    """Per group the codes that were looked for; empty means all codes."""
    n_coders: int

    @classmethod
    def of(cls, table: pd.DataFrame, layout: Layout, coders: Sequence[str]) -> Cover:
        """Encode a ``coverage`` table whose sessions and kinds are all known."""
        number = {name: i for i, name in enumerate(coders)}
        group, names = pd.factorize(table["codes"].fillna("").astype(str))
        return cls(
            layout,
            table["kind"].replace(BY_TURNS).to_numpy(object),
            table["session"].map(layout.sessions).to_numpy(np.int64),
            table["first_unit"].to_numpy(np.int64),
            table["last_unit"].to_numpy(np.int64),
            table["coder"].map(number).to_numpy(np.int64),
            group.astype(np.int64),
            tuple(frozenset(name.split()) for name in names),
            len(coders),
        )

    @cached_property
    def _cache(self) -> dict[tuple[object, ...], Bools]:
        return {}

    def kinds(self, family: frozenset[str]) -> list[str]:
        """Kinds of unit on which someone looked for a code of the family."""
        return [str(k) for k in pd.unique(self.kind[np.isin(self.group, self._looked(family))])]

    def _looked(self, family: frozenset[str]) -> list[int]:
        return [i for i, codes in enumerate(self.groups) if not codes or codes & family]

    def matrix(self, kind: str, family: frozenset[str] | None = None) -> Bools:
        """Return units of a kind × coders: who examined it (for a code of the family)."""
        looked = list(range(len(self.groups))) if family is None else self._looked(family)
        name = (kind, *looked)
        if name not in self._cache:
            self._cache[name] = self._fill(kind, (self.kind == kind) & np.isin(self.group, looked))
        return self._cache[name]

    def _fill(self, kind: str, mask: Bools) -> Bools:
        grid = self.layout.grid(kind)
        start, end = grid.stretch(self.session[mask], self.first[mask], self.last[mask])
        steps = np.zeros((len(grid) + 1, self.n_coders), dtype=np.int32)
        np.add.at(steps, (start, self.coder[mask]), 1)
        np.add.at(steps, (end, self.coder[mask]), -1)
        return np.asarray(np.cumsum(steps, axis=0)[:-1] > 0)


def every_inside(covered: Bools, start: Ints, end: Ints) -> Bools:
    """Per stretch of finer units × coder: whether there are any and all are covered."""
    total = np.vstack([np.zeros((1, covered.shape[1])), np.cumsum(covered, axis=0)])
    every = (total[end] - total[start]) == (end - start)[:, None]
    return np.asarray(every & (end > start)[:, None])


def stretches(grid: Grid, inside: Bools) -> pd.DataFrame:
    """Turn a mask over units into first and last unit of every unbroken stretch."""
    if not len(grid):
        return pd.DataFrame(columns=["session", "first_unit", "last_unit"])
    change = (np.diff(grid.session) != 0) | (np.diff(inside.astype(int)) != 0)
    start = np.flatnonzero(np.r_[True, change])
    end = np.r_[start[1:], len(inside)] - 1
    keep = inside[start]
    return pd.DataFrame(
        {
            "session": grid.index().get_level_values(0)[start[keep]],
            "first_unit": grid.unit[start[keep]],
            "last_unit": grid.unit[end[keep]],
        }
    )
