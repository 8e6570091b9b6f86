"""From annotations and coverage to units × coders matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.annotation.coverage import BY_TURNS, every_inside
from rupturecode.annotation.grid import FINENESS, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation.coverage import Cover
    from rupturecode.annotation.grid import Grid
    from rupturecode.annotation.layout import Layout
    from rupturecode.annotation.rows import Coded
    from rupturecode.codebook import Code, Codebook

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RatingArray:
    """Ratings of many codes on the same units by the same coders."""

    values: Floats
    """Codes × units × coders; NaN where not rated (or the role may not carry the code)."""
    codes: tuple[str, ...]
    units: pd.MultiIndex
    """Session and unit."""
    coders: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    """Per nominal code what its numbers stand for; other codes hold their own values."""


@dataclass(frozen=True, eq=False)
class Counting:
    """Everything that a matrix of ratings is made from."""

    codebook: Codebook
    layout: Layout
    coded: Coded
    cover: Cover
    uncertain: bool = True
    """Whether a code given with doubt counts as given (else as not rated)."""
    alone: bool = False
    """Whether to leave out the codes below a code."""

    def matrix(self, code: Code, unit: str) -> tuple[Floats, tuple[str, ...]]:
        """Return units × coders, and for a nominal code what its numbers stand for."""
        grid = self.layout.grid(unit)
        codes = [code.id] if self.alone else family(self.codebook, code)
        numbers, categories = self._numbers(code, codes)
        out = np.full((len(grid), self.cover.n_coders), np.nan)
        for kind in self._kinds(codes, unit):
            covered = self._covered(kind, grid, frozenset(codes))
            found = self._found(kind, grid, codes, numbers, code)
            # Silence on a coarser unit takes back nothing that was given on a finer one.
            base = np.where(np.isnan(out), _absent(code, categories), out)
            out = np.where(covered, np.where(np.isnan(found.values), base, found.values), out)
            out[covered & found.unrated & np.isnan(found.values)] = np.nan
        return out, categories

    def _kinds(self, codes: Sequence[str], unit: str) -> list[str]:
        """Kinds of unit whose coding answers for this unit, the finest first."""
        examined = self.cover.kinds(frozenset(codes))
        meant = {level for c in codes for level in self.codebook[c].level}
        used = {str(k) for k in pd.unique(self.coded.kind[self.coded.of_codes(codes)])}
        wanted = {BY_TURNS.get(k, k) for k in meant | used}
        chosen = [k for k in examined if k in wanted] or examined
        able = [k for k in chosen if k == unit or FINENESS[k] < FINENESS[unit]]
        return sorted(able, key=lambda k: (k == unit, FINENESS[k]))

    def _covered(self, kind: str, grid: Grid, codes: frozenset[str]) -> Bools:
        covered = self.cover.matrix(kind, codes)
        if kind == grid.kind:
            return covered
        start, end = self._inside(kind, grid)
        return every_inside(covered, start, end)

    def _inside(self, kind: str, grid: Grid) -> tuple[Ints, Ints]:
        """Per unit of the grid, the stretch of finer units inside it."""
        return self.layout.grid(kind).overlapping(grid.session, grid.first_turn, grid.last_turn)

    def _numbers(self, code: Code, codes: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
        """Per row of the family its value on the scale of ``code``."""
        rows = self.coded.of_codes(codes)
        if code.scale.kind == "nominal":
            given = self.coded.category[rows]
            known = [str(c) for c in code.scale.categories]
            number = {c: float(i) for i, c in enumerate(known)}
            return np.array([number.get(c, np.nan) for c in given], dtype=float), tuple(known)
        if code.scale.kind == "presence":
            parts = [_present(self.coded, c, self.codebook[c]) for c in codes]
            return np.concatenate(parts) if parts else np.empty(0), ()
        return self.coded.value[rows], ()

    def _found(
        self, kind: str, grid: Grid, codes: Sequence[str], numbers: Floats, code: Code
    ) -> _Found:
        rows = self.coded.of_codes(codes)
        own = np.array([BY_TURNS.get(k, k) == kind for k in self.coded.kind[rows]], dtype=bool)
        rows, numbers = rows[own], numbers[own]
        row, at = self._where(rows, grid, once=code.scale.kind == "count")
        rated = self.coded.rated[rows]
        if not self.uncertain:
            rated = rated & ~self.coded.uncertain[rows]
        ok, coder = rated[row], self.coded.coder[rows][row]
        shape = (len(grid), self.cover.n_coders)
        values = _gather(shape, at[ok], coder[ok], numbers[row][ok], code.scale.kind)
        unrated = np.zeros(shape, dtype=np.int64)
        np.add.at(unrated, (at[~ok], coder[~ok]), 1)
        if kind == grid.kind:
            return _Found(values, unrated > 0)
        start, end = self._inside(kind, grid)
        return _Found(values, (unrated >= (end - start)[:, None]) & (unrated > 0))

    def _where(self, rows: Ints, grid: Grid, *, once: bool) -> tuple[Ints, Ints]:
        """Rows and the positions in the grid that they fall on."""
        coded = self.coded
        start, end = grid.overlapping(coded.session[rows], coded.first[rows], coded.last[rows])
        if once:
            end = np.minimum(end, start + 1)
        exact = coded.kind[rows] == grid.kind
        start = np.where(exact, coded.position[rows], start)
        return spread(start, np.where(exact, start + 1, end))


@dataclass(frozen=True, eq=False)
class _Found:
    values: Floats
    """NaN where no row says anything."""
    unrated: Bools
    """Where the coder said that the unit cannot be rated."""


def family(codebook: Codebook, code: Code) -> list[str]:
    """Return a code and the codes below it whose giving means that it was given.

    Only presence and counts pass upwards: a rating on another scale is not a rating on
    its parent's.
    """
    kind = code.scale.kind
    if kind not in ("presence", "count"):
        return [code.id]
    below = codebook.descendants(code.id)
    return [code.id, *(c.id for c in below if kind in ("presence", c.scale.kind))]


def _present(coded: Coded, name: str, code: Code) -> Floats:
    """1 where a row says that a code is there, on whatever scale it has."""
    rows = coded.of_codes([name])
    if code.scale.kind == "nominal":
        return np.asarray(pd.notna(coded.category[rows]), dtype=float)
    floor = code.scale.absent
    if floor is None:
        floor = 0 if code.scale.low is None else code.scale.low
    values = coded.value[rows]
    return np.where(np.isnan(values), np.nan, (values > float(floor)).astype(float))


def _absent(code: Code, categories: Sequence[str]) -> float:
    absent: Any = code.scale.absent
    if absent is None:
        return float("nan")
    return float(categories.index(str(absent))) if categories else float(absent)


def _gather(shape: tuple[int, int], at: Ints, coder: Ints, numbers: Floats, kind: str) -> Floats:
    """Bring the values that fall on one cell together: highest, sum, or the only choice."""
    cell = at * shape[1] + coder
    seen = np.zeros(shape[0] * shape[1], dtype=bool)
    seen[cell] = True
    if kind == "count":
        out = np.bincount(cell, weights=numbers, minlength=seen.size).astype(float)
    else:
        out = np.full(seen.size, -np.inf)
        np.maximum.at(out, cell, numbers)
    if kind == "nominal":
        lowest = np.full(seen.size, np.inf)
        np.minimum.at(lowest, cell, numbers)
        out[out != lowest] = np.nan
    return np.where(seen, out, np.nan).reshape(shape)


def carried(grid: Grid, code: Code) -> Bools:
    """Units whose role may carry the code; unknown roles may."""
    if grid.kind != "turn" or not code.roles:
        return np.ones(len(grid), dtype=bool)
    return np.isin(grid.role.astype(str), [*code.roles, "unknown"])


def as_frame(
    grid: Grid, matrix: Floats, coders: Sequence[str], categories: Sequence[str]
) -> pd.DataFrame:
    """Label a matrix; a nominal code's numbers become its categories."""
    if categories:
        names = np.array([*categories, None], dtype=object)
        picked = np.where(np.isnan(matrix), len(categories), matrix).astype(int)
        frame = pd.DataFrame(names[picked], index=grid.index(), columns=list(coders))
        return frame.astype(object).where(frame.notna(), np.nan)
    return pd.DataFrame(matrix, index=grid.index(), columns=list(coders))
