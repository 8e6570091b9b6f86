"""Time to the first of several outcomes: cumulative incidence by Aalen-Johansen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.sequences.encode import in_order
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.waits import check_waits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CENSORED = ("", "censored", "0", "false", "none")


def competing_risks(
    time: ArrayLike,
    outcome: ArrayLike,
    group: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share that has had each outcome by each time.

    One minus Kaplan-Meier overstates an outcome that others can forestall (a session that
    the client leaves cannot be repaired any more); this does not.

    Parameters
    ----------
    time
        How long each was followed.
    outcome
        The first outcome of each: any name or number; censored is 0, ``""``,
        ``"censored"``, any name that starts with ``"censored"``, or missing.
    group
        Optional group of each.
    confidence
        Of the pointwise intervals (log-log scale).

    Returns
    -------
    One row per group, outcome and time at which any outcome came: ``group``, ``outcome``,
    ``time``, ``at_risk``, ``events`` (of this outcome), ``incidence``, ``se``, ``low``,
    ``high``. In each group the incidences and the share still waiting add up to 1. A group
    without any outcome has a single row per outcome at its last time, with incidence 0.

    Raises
    ------
    UsageError, InvalidDataError
        When nobody had any outcome, or for impossible times.

    References
    ----------
    Aalen, O. O. & Johansen, S. (1978). Scandinavian Journal of Statistics 5, 141-150.
    Marubini, E. & Valsecchi, M. G. (1995). Analysing Survival Data, ch. 10 (variance).

    Examples
    --------
    >>> table = competing_risks([1, 2, 3, 4], ["resolved", "left", "resolved", 0])
    >>> table.groupby("outcome")["incidence"].max().to_dict()
    {'left': 0.25, 'resolved': 0.5}
    """
    given = [_plain(x) for x in np.asarray(outcome, dtype=object).ravel().tolist()]
    names = in_order({x for x in given if not _is_censored(x)})
    if not names:
        raise UsageError("every time is censored: there is no outcome to follow")
    codes = [0 if _is_censored(x) else names.index(x) + 1 for x in given]
    waits = check_waits(time, np.array(codes), group, outcomes=len(names))
    parts = []
    for group_name, t, e in waits.by_group():
        for cause, name in enumerate(names, start=1):
            columns = _incidence(t, e, cause, confidence)
            parts.append(pd.DataFrame({"group": group_name, "outcome": name, **columns}))
    frame = pd.concat(parts, ignore_index=True)
    return frame.astype({"at_risk": "int64", "events": "int64"})


def _plain(x: object) -> object:
    """Take 2.0 and True for the whole numbers they are, and what is missing for censored."""
    if pd.isna(x):
        return 0
    if isinstance(x, bool | float) and float(x).is_integer():
        return int(x)
    return x


def _is_censored(x: object) -> bool:
    name = str(x).casefold()
    return name in CENSORED or name.startswith("censored")


def _incidence(time: Floats, event: Ints, cause: int, confidence: float) -> dict[str, Floats]:
    times = np.unique(time[event > 0]) if (event > 0).any() else np.array([time.max()])
    at_risk = (len(time) - np.searchsorted(np.sort(time), times, side="left")).astype(np.float64)
    every = _tally(time[event > 0], times)
    ours = _tally(time[event == cause], times)
    survival = np.cumprod(1 - every / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * ours / at_risk)
    variance = _variance(incidence, before, at_risk, every, ours)
    se = np.sqrt(variance)
    low, high = _limits(incidence, se, confidence)
    return {
        "time": times, "at_risk": at_risk, "events": ours, "incidence": incidence, "se": se,
        "low": low, "high": high,
    }  # fmt: skip


def _tally(moments: Floats, times: Floats) -> Floats:
    return np.bincount(np.searchsorted(times, moments), minlength=len(times)).astype(np.float64)


def _variance(f: Floats, before: Floats, n: Floats, every: Floats, ours: Floats) -> Floats:
    """Sum over earlier times of the delta-method terms, by running sums."""
    spare = n * (n - every)
    hazard = np.divide(every, spare, out=np.zeros_like(n), where=spare > 0)
    own = before**2 * (n - ours) / n**3 * ours
    mixed = before * ours / n**2
    a, b, c = np.cumsum(hazard), np.cumsum(f * hazard), np.cumsum(f**2 * hazard)
    first = f**2 * a - 2 * f * b + c
    last = f * np.cumsum(mixed) - np.cumsum(f * mixed)
    return np.asarray(np.maximum(first + np.cumsum(own) - 2 * last, 0.0))


def _limits(incidence: Floats, se: Floats, confidence: float) -> tuple[Floats, Floats]:
    z = quantile(confidence)
    inner = (incidence > 0) & (incidence < 1)
    f = np.where(inner, incidence, 0.5)
    with np.errstate(over="ignore"):  # too uncertain to hold: the limits are 0 and 1
        width = np.exp(z * se / ((1 - f) * np.abs(np.log1p(-f))))
    low, high = 1 - (1 - f) ** (1 / width), 1 - (1 - f) ** width
    return np.where(inner, low, incidence), np.where(inner, high, incidence)
