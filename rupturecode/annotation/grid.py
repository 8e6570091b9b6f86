"""Units of one kind laid out in order, so that finding one is a binary search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

#: How fine a kind is: annotations on a finer kind can be gathered into a coarser one.
FINENESS = {
    "span": 0,
    "sentence": 0,
    "turn": 1,
    "exchange": 2,
    "window": 2,
    "episode": 2,
    "session": 3,
}
_SHIFT = 32
_LAST = np.int64(2**31 - 1)


def key(session: Ints, number: Ints) -> Ints:
    """One sortable number per session and unit (or turn)."""
    return (session.astype(np.int64) << _SHIFT) | number.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Grid:
    """All units of one kind, sorted by session and unit.

    Sessions are numbered as in ``sessions``; a unit's position is its row here.
    """

    kind: str
    sessions: Mapping[str, int]
    session: Ints
    unit: Ints
    first_turn: Ints
    last_turn: Ints
    role: NDArray[np.object_]
    n_chars: Ints
    """Length of a turn's text; 0 where not known."""

    @classmethod
    def of(cls, units: pd.DataFrame, kind: str, sessions: Mapping[str, int]) -> Grid:
        """Take the units of one kind from a ``units`` table."""
        frame = units[units["kind"] == kind]
        session = frame["session"].map(sessions).to_numpy(np.int64)
        unit = frame["unit"].to_numpy(np.int64)
        order = np.argsort(key(session, unit), kind="stable")
        frame, session, unit = frame.iloc[order], session[order], unit[order]
        first, last = _ends(frame, kind, session, unit)
        role = frame["role"].fillna("unknown").to_numpy(object)
        n_chars = frame["n_chars"].fillna(0).to_numpy(np.int64)
        return cls(kind, sessions, session, unit, first, last, role, n_chars)

    def __len__(self) -> int:
        return len(self.unit)

    def index(self) -> pd.MultiIndex:
        """Session and unit of every position, for a table of ratings."""
        names = np.asarray(list(self.sessions), dtype=object)
        return pd.MultiIndex.from_arrays(
            [pd.array(names[self.session], dtype="str"), self.unit], names=["session", "unit"]
        )

    def positions(self, session: Ints, unit: Ints) -> Ints:
        """Positions of units, -1 where there is no such unit."""
        wanted, known = key(session, unit), key(self.session, self.unit)
        if not len(known):
            return np.full(len(wanted), -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[found] == wanted, found, -1).astype(np.int64)

    def stretch(self, session: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """First and past-the-end position of the units numbered ``first`` to ``last``."""
        known = key(self.session, self.unit)
        start = np.searchsorted(known, key(session, first), side="left")
        end = np.searchsorted(known, key(session, last), side="right")
        return start.astype(np.int64), end.astype(np.int64)

    def overlapping(self, session: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """First and past-the-end position of the units that share a turn with a stretch.

        Raises
        ------
        UsageError
            When the units of a session do not follow one another, so that a stretch of
            turns is not a stretch of units.
        """
        ends, starts = key(self.session, self.last_turn), key(self.session, self.first_turn)
        if (np.diff(ends) < 0).any() or (np.diff(starts) < 0).any():
            raise UsageError(
                f"Units of kind {self.kind!r} are not in the order of their turns, so nothing can "
                "be gathered into them; number them by first_turn."
            )
        start = np.searchsorted(ends, key(session, first), side="left")
        end = np.searchsorted(starts, key(session, last), side="right")
        return start.astype(np.int64), np.maximum(end, start).astype(np.int64)


def spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Turn stretches into single positions: which stretch, and which position."""
    length = end - start
    which = np.repeat(np.arange(len(start)), length)
    first = np.repeat(np.cumsum(length) - length, length)
    return which, np.repeat(start, length) + np.arange(len(which)) - first


def _ends(frame: pd.DataFrame, kind: str, session: Ints, unit: Ints) -> tuple[Ints, Ints]:
    """First and last turn of every unit, where need be from what the kind means.

    A turn is its own; a session holds every turn; a window in which nobody speaks lies
    behind the last turn of the one before and ends before it begins.
    """
    if kind in ("turn", "session"):
        low = unit if kind == "turn" else np.ones_like(unit)
        high = unit if kind == "turn" else np.full_like(unit, _LAST)
        return _filled(frame["first_turn"], low), _filled(frame["last_turn"], high)
    before = frame["last_turn"].groupby(session).ffill().fillna(0).to_numpy(np.int64)
    return _filled(frame["first_turn"], before + 1), _filled(frame["last_turn"], before)


def _filled(column: pd.Series, default: Ints) -> Ints:
    missing = column.isna().to_numpy()
    return np.where(missing, default, column.fillna(0).to_numpy(np.int64)).astype(np.int64)
