"""Times and events, checked, and who was at risk when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.sequences.encode import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Checked times, events (0 censored, 1 and up the outcomes) and groups."""

    time: Floats
    event: Ints
    group: NDArray[np.object_]

    def by_group(self) -> Iterator[tuple[object, Floats, Ints]]:
        """Give group, times and events, groups in sorted order."""
        for name in in_order(set(self.group.tolist())):
            mask = self.group == name
            yield name, self.time[mask], self.event[mask]


def check_waits(
    time: ArrayLike, event: ArrayLike, group: ArrayLike | None = None, *, outcomes: int = 1
) -> Waits:
    """Check times and events, all problems at once.

    Parameters
    ----------
    time, event, group
        As for :func:`~rupturecode.sequences.survival_curve`.
    outcomes
        How many different outcomes there may be.

    Raises
    ------
    InvalidDataError
        For a time that is missing or negative, an event that is missing or more than true,
        or columns of unequal length.
    UsageError
        For dates or durations instead of numbers.

    Examples
    --------
    >>> check_waits([3, 5], [True, False]).event.tolist()
    [1, 0]
    """
    if np.asarray(time).dtype.kind in "mM":
        raise UsageError(
            "times must be numbers; a duration becomes one by division, such as "
            "durations / pandas.Timedelta(minutes=1)"
        )
    t = np.asarray(pd.to_numeric(pd.Series(np.asarray(time).ravel()), errors="coerce"), float)
    e = np.asarray(pd.to_numeric(pd.Series(np.asarray(event).ravel()), errors="coerce"), float)
    g = np.full(len(t), "all", dtype=object)
    if group is not None:
        g = np.asarray(group, dtype=object).ravel()
    if not len(t) == len(e) == len(g):
        problem = f"{len(t)} times, {len(e)} events and {len(g)} groups do not match"
        raise InvalidDataError("survival data", [problem])
    bad_time = ~np.isfinite(t) | (t < 0)
    bad_event = ~np.isin(e, np.arange(outcomes + 1))
    bad_group = pd.isna(pd.Series(g)).to_numpy()
    problems = [
        f"row {i + 1}: {what}"
        for mask, what in (
            (bad_time, "time must be a number, 0 or more"),
            (bad_event, "event must be true or false (several outcomes: competing_risks)"),
            (bad_group, "group is missing"),
        )
        for i in np.flatnonzero(mask)
    ]
    if problems:
        raise InvalidDataError("survival data", problems)
    return Waits(t, e.astype(np.int64), g)


def numbered(names: ArrayLike, n: int, what: str) -> Ints:
    """Give the strata or clusters that rows belong to numbers, 0 and up.

    Raises
    ------
    InvalidDataError
        When there is not one for each row.

    Examples
    --------
    >>> numbered(["k", "m", "k"], 3, "case").tolist()
    [0, 1, 0]
    """
    numbers = np.asarray(pd.factorize(np.asarray(names, dtype=object).ravel())[0], dtype=np.int64)
    if len(numbers) != n:
        raise InvalidDataError("data", [f"{what} is given for {len(numbers)} of {n} rows"])
    missing = [f"row {i + 1}: {what} is missing" for i in np.flatnonzero(numbers < 0)]
    if missing:
        raise InvalidDataError("data", missing)
    return numbers


def risk_table(time: Floats, event: Ints) -> tuple[Floats, Floats, Floats]:
    """Give distinct event times, how many were at risk, and how many events.

    Those censored at a time are still at risk at that time.

    Examples
    --------
    >>> [x.tolist() for x in risk_table(np.array([1.0, 2, 2, 3]), np.array([1, 0, 1, 0]))]
    [[1.0, 2.0], [4.0, 3.0], [1.0, 1.0]]
    """
    times, events = np.unique(time[event > 0], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    return times, at_risk.astype(np.float64), events.astype(np.float64)
