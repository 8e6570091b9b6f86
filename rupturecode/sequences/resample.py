"""Intervals by resampling whole cases, since episodes of one case depend on one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.limits import tail

if TYPE_CHECKING:
    from collections.abc import Callable


@check_kinds
def resampled_limits(
    rows: pd.DataFrame,
    estimate: Callable[[pd.DataFrame], pd.Series],
    *,
    cluster: str = "case",
    times: int = 999,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Percentile interval of an estimate when cases are drawn anew with replacement.

    Parameters
    ----------
    rows
        One row per episode, with its case.
    estimate
        From such a frame to one number per group (index); NaN counts as larger than any
        number, as a median that is never reached.
    cluster
        Column of the cases.
    times, seed
        How often, and the seed.
    confidence
        Of the interval.

    Returns
    -------
    Per group ``low`` and ``high``; NaN where that limit was never reached, or when fewer
    than half of the samples hold the group at all.

    Raises
    ------
    UsageError
        With fewer than two cases, or no draw.

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, sec. 3.8
    (resampling of clusters).

    Examples
    --------
    >>> rows = pd.DataFrame({"case": list("abcdef"), "x": [1.0, 2, 3, 4, 5, 6]})
    >>> limits = resampled_limits(rows, lambda r: pd.Series({"all": r["x"].mean()}), times=200)
    >>> bool(1 < limits.loc["all", "low"] < 3.5 < limits.loc["all", "high"] < 6)
    True
    """
    if cluster not in rows:
        raise UnknownNameError("column", cluster, rows.columns)
    members = [np.flatnonzero(rows[cluster] == c) for c in pd.unique(rows[cluster])]
    if len(members) < 2 or times < 1:
        raise UsageError("resampling needs at least two cases, drawn at least once")
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(times):
        drawn = rng.integers(0, len(members), len(members))
        found.append(estimate(rows.iloc[np.concatenate([members[i] for i in drawn])]))
    table = pd.DataFrame(found)
    beyond = tail(confidence)
    out = {}
    for group in table.columns:
        held = np.array([group in f.index for f in found])
        values = np.sort(table[group].to_numpy(float)[held])
        if held.mean() < 0.5:
            out[group] = {"low": np.nan, "high": np.nan}
            continue
        last = len(values) - 1
        low, high = int(beyond * last), int(np.ceil((1 - beyond) * last))
        out[group] = {"low": values[low], "high": values[high]}
    return pd.DataFrame(out).T
