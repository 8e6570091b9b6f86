"""Pairs of turns with several codes each: who can be followed by what, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Where codes are: 1 there, 0 not there, NaN not examined or not for this speaker."""

    there: Floats
    """Codes × turns."""
    codes: tuple[str, ...]
    session: Ints
    turn: Ints
    sessions: tuple[str, ...]

    def blocks(self) -> list[slice]:
        """Give the stretch of turns of every session."""
        edges = np.flatnonzero(np.diff(self.session)) + 1
        bounds = [0, *edges.tolist(), len(self.session)]
        return [slice(a, b) for a, b in pairwise(bounds) if b > a]


def presence(notes: Annotations, codes: Sequence[str], *, eligible: bool) -> Presence:
    """Read turn-level presence of codes from one layer of coding."""
    ratings = notes.ratings_all(list(codes), "turn", eligible=eligible)
    known = ~np.isnan(ratings.values)
    values = np.where(known, ratings.values, 0).max(axis=2) > 0
    matrix = np.where(known.any(axis=2), values.astype(np.float64), np.nan)
    session, names = ratings.units.get_level_values(0).factorize()
    turn = np.asarray(ratings.units.get_level_values(1), dtype=np.int64)
    return Presence(
        matrix, tuple(codes), np.asarray(session, dtype=np.int64), turn, tuple(map(str, names))
    )


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Sessions × given × target counts over pairs that could hold both."""

    both: Floats
    given: Floats
    target: Floats
    pairs: Floats

    def four(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Give the four counts of each 2 × 2 table: both, given only, target only, neither."""
        only_given, only_target = self.given - self.both, self.target - self.both
        rest = self.pairs - self.both - only_given - only_target
        return self.both, only_given, only_target, rest


def follow(values: Floats, session: Ints, turn: Ints, lag: int, window: int) -> Floats:
    """Find what follows each turn: the codes ``lag`` turns on, or within ``window`` turns.

    NaN where no turn that could hold the code follows.

    Examples
    --------
    >>> one = np.array([[0.0, 1.0, 0.0]])
    >>> follow(one, np.zeros(3, int), np.arange(3), 1, 2)[0].tolist()
    [1.0, 0.0, nan]
    """
    out = np.full(values.shape, np.nan)
    steps = range(1, window + 1) if window > 1 else (lag,)
    for step in steps:
        if step >= len(session):
            break
        near = (session[:-step] == session[step:]) & (turn[step:] - turn[:-step] == step)
        later = np.where(near, values[:, step:], np.nan)
        out[:, :-step] = np.fmax(out[:, :-step], later)
    return out


def count_pairs_of_turns(data: Presence, given: Ints, target: Floats) -> PairCounts:
    """Count 2 × 2 tables per session.

    Parameters
    ----------
    data
        The codes on turns.
    given
        Rows of ``data`` that are given codes.
    target
        What follows each turn: target codes × turns (see :func:`follow`).
    """
    source = data.there[given]
    found, could = np.nan_to_num(source), (~np.isnan(source)).astype(np.float64)
    came, able = np.nan_to_num(target), (~np.isnan(target)).astype(np.float64)
    parts = [
        (found[:, b] @ came[:, b].T, found[:, b] @ able[:, b].T,
         could[:, b] @ came[:, b].T, could[:, b] @ able[:, b].T)
        for b in data.blocks()
    ]  # fmt: skip
    shape = (0, len(given), len(target))
    both, first, second, pairs = (
        np.stack(x) if parts else np.zeros(shape) for x in (zip(*parts, strict=True) or [()] * 4)
    )
    return PairCounts(both, first, second, pairs)
