"""Time to an event when some are still waiting: Kaplan-Meier and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.waits import check_waits, risk_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

INTERVALS = ("log-log", "log", "plain")


def survival_curve(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    interval: str = "log-log",
) -> pd.DataFrame:
    """Estimate the share still waiting, by Kaplan-Meier.

    Parameters
    ----------
    time
        How long each was followed, any unit.
    event
        True where the event came at that time, False where following ended before it.
    group
        Optional group of each.
    confidence
        Of the pointwise intervals.
    interval
        ``"log-log"``, ``"log"`` or ``"plain"``: the scale on which it is symmetric.

    Returns
    -------
    One row per group and event time: ``group``, ``time``, ``at_risk``, ``events``,
    ``survival``, ``se`` (Greenwood), ``low``, ``high``. A group without any event has a
    single row at its last time, with survival 1.

    Raises
    ------
    InvalidDataError, UnknownNameError, UsageError
        For impossible data, another interval, or no data at all.

    References
    ----------
    Kaplan, E. L. & Meier, P. (1958). JASA 53, 457-481. Kalbfleisch, J. D. & Prentice, R. L.
    (2002). The Statistical Analysis of Failure Time Data, 2nd ed., ch. 1 (log-log scale).

    Examples
    --------
    >>> curve = survival_curve([6, 6, 6, 7, 10], [1, 1, 1, 1, 0])
    >>> curve[["time", "at_risk", "survival"]].values.tolist()
    [[6.0, 5.0, 0.4], [7.0, 2.0, 0.2]]
    """
    if interval not in INTERVALS:
        raise UnknownNameError("interval", interval, INTERVALS)
    waits = check_waits(time, event, group)
    parts = [
        pd.DataFrame({"group": name, **_one_curve(t, e, confidence, interval)})
        for name, t, e in waits.by_group()
    ]
    if not parts:
        raise UsageError("survival_curve needs at least one time")
    frame = pd.concat(parts, ignore_index=True)
    return frame.astype({"at_risk": "int64", "events": "int64"})


def _one_curve(time: Floats, event: Ints, confidence: float, interval: str) -> dict[str, Floats]:
    times, at_risk, events = risk_table(time, event)
    if not len(times):
        last = float(time.max())
        times, events = np.array([last]), np.zeros(1)
        at_risk = np.array([float((time >= last).sum())])
    survival: Floats = np.cumprod(1 - events / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        se: Floats = np.where(survival > 0, survival * relative, 0.0)
    low, high = _limits(survival, se, confidence, interval)
    columns = (times, at_risk, events, survival, se, low, high)
    names = ("time", "at_risk", "events", "survival", "se", "low", "high")
    return dict(zip(names, columns, strict=True))


def _limits(survival: Floats, se: Floats, confidence: float, scale: str) -> tuple[Floats, Floats]:
    """Pointwise limits; NaN once nobody is left, where there is no variance to speak of."""
    z = quantile(confidence)
    inner = (survival > 0) & (survival < 1)
    s = np.where(inner, survival, 0.5)
    if scale == "plain":
        low, high = s - z * se, s + z * se
    elif scale == "log":
        low, high = s * np.exp(-z * se / s), s * np.exp(z * se / s)
    else:
        with np.errstate(over="ignore"):  # too uncertain to hold: the limits are 0 and 1
            width = np.exp(z * se / (s * np.abs(np.log(s))))
        low, high = s**width, s ** (1 / width)
    edge = np.where(survival >= 1, 1.0, np.nan)
    return np.where(inner, low.clip(0, 1), edge), np.where(inner, high.clip(0, 1), edge)


@check_kinds
def median_time(curve: pd.DataFrame, share: float = 0.5) -> pd.DataFrame:
    """Read off when half (or another share) have had the event, with its interval.

    Parameters
    ----------
    curve
        What :func:`survival_curve` returned.
    share
        The quantile; .5 is the median.

    Returns
    -------
    ``group``, ``estimate``, ``low``, ``high``, ``n_units``, ``note``; NaN where the curve
    never gets that low.

    Raises
    ------
    UsageError
        When the share does not lie between 0 and 1.

    References
    ----------
    Brookmeyer, R. & Crowley, J. (1982). Biometrics 38, 29-41 (interval by reflecting the
    curve's limits).

    Examples
    --------
    >>> median_time(survival_curve([1, 2, 3, 4], [1, 1, 1, 1]))["estimate"].tolist()
    [2.5]
    """
    if not 0 < share < 1:
        raise UsageError(f"share={share!r}: give a share between 0 and 1, such as 0.5")
    if "group" not in curve:
        raise UnknownNameError("column", "group", curve.columns)
    rows = []
    for group, part in curve.groupby("group", sort=False):
        estimate = _crossing(part["time"], part["survival"], 1 - share)
        low, high = (_crossing(part["time"], part[c], 1 - share) for c in ("low", "high"))
        note = "" if estimate == estimate else "fewer than that share had the event"  # noqa: PLR0124
        rows.append(
            {
                "group": group, "estimate": estimate, "low": low, "high": high,
                "n_units": int(part["at_risk"].iloc[0]), "note": note,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _crossing(time: pd.Series, height: pd.Series, level: float) -> float:
    """First time at or below the level; midway where the curve runs along it.

    A limit is missing at the time when nobody is left, and crosses nothing there.
    """
    t, h = time.to_numpy(np.float64), height.to_numpy(np.float64)
    below = np.flatnonzero(h <= level + 1e-12)
    if not len(below):
        return float("nan")
    first = int(below[0])
    if abs(h[first] - level) < 1e-12 and first + 1 < len(t):
        return float((t[first] + t[first + 1]) / 2)
    return float(t[first])


def restricted_mean(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike | None = None,
    *,
    horizon: float,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Mean waiting time up to a horizon: the area under the curve.

    Parameters
    ----------
    time, event, group
        As for :func:`survival_curve`.
    horizon
        Waits beyond it count as this long.
    confidence
        Of the interval.

    Returns
    -------
    ``group``, ``estimate``, ``low``, ``high``, ``se``, ``n_units``, ``note``. NaN with a
    note where following ended before the horizon with some still waiting.

    References
    ----------
    Royston, P. & Parmar, M. K. B. (2013). BMC Medical Research Methodology 13, 152.

    Examples
    --------
    >>> restricted_mean([2, 4, 6], [1, 1, 0], horizon=6)["estimate"].tolist()
    [4.0]
    """
    if not 0 < horizon < float("inf"):
        raise UsageError(f"horizon={horizon!r}: give a time above 0")
    waits, z = check_waits(time, event, group), quantile(confidence)
    rows = []
    for name, t, e in waits.by_group():
        mean, se = area(t, e, horizon)
        curve_open = t.max() < horizon and not (e[t == t.max()] > 0).all()
        note = "following ended before the horizon with some still waiting" if curve_open else ""
        if curve_open:
            mean = se = float("nan")
        rows.append(
            {
                "group": name, "estimate": mean, "low": mean - z * se,
                "high": mean + z * se, "se": se, "n_units": len(t), "note": note,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def area(time: Floats, event: Ints, horizon: float) -> tuple[float, float]:
    """Area under one curve up to a horizon, and its standard error; the curve's end goes on.

    Examples
    --------
    >>> area(np.array([2.0, 4.0]), np.array([1, 1]), 4.0)[0]
    3.0
    """
    times, at_risk, events = risk_table(time, event)
    keep = times < horizon
    times, at_risk, events = times[keep], at_risk[keep], events[keep]
    survival = np.cumprod(1 - events / at_risk)
    steps = np.diff(np.concatenate([[0.0], times, [horizon]]))
    pieces = steps * np.concatenate([[1.0], survival])
    beyond = np.cumsum(pieces[::-1])[::-1][1:]
    spare = at_risk - events
    terms = np.divide(events, at_risk * spare, out=np.zeros_like(events), where=spare > 0)
    return float(pieces.sum()), float(np.sqrt((beyond**2 * terms).sum()))
