"""Do groups wait equally long: the log-rank test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.sequences.encode import in_order
from rupturecode.sequences.testing import TestResult, chi2_test
from rupturecode.sequences.waits import check_waits, numbered, risk_table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def log_rank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, strata: ArrayLike | None = None
) -> TestResult:
    """Test whether groups wait equally long.

    Null: the hazard is the same in all groups at all times (within strata).

    Parameters
    ----------
    time, event, group
        As for :func:`survival_curve`.
    strata
        Optional: compare within these only, such as sessions or cases.

    Returns
    -------
    The test; ``details`` has observed and expected events per group. A group that was never
    at risk when an event came has no say, nor a degree of freedom.

    Raises
    ------
    UsageError, InvalidDataError
        For a single group, or impossible data.

    References
    ----------
    Mantel, N. (1966). Cancer Chemotherapy Reports 50, 163-170. Peto, R. & Peto, J. (1972).
    JRSS A 135, 185-207.

    Examples
    --------
    >>> round(log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], list("aaabbb")).statistic, 4)
    5.0517
    """
    waits = check_waits(time, event, group)
    names = in_order(set(waits.group.tolist()))
    if len(names) < 2:
        raise UsageError("log_rank compares at least two groups")
    index = np.array([names.index(g) for g in waits.group.tolist()])
    layer = (
        np.zeros(len(index), dtype=np.int64)
        if strata is None
        else numbered(strata, len(index), "stratum")
    )
    k = len(names)
    observed, expected, covariance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for s in np.unique(layer):
        mask = layer == s
        o, e, v = _log_rank_parts(waits.time[mask], waits.event[mask], index[mask], k)
        observed, expected, covariance = observed + o, expected + e, covariance + v
    difference, df = observed - expected, int(np.linalg.matrix_rank(covariance))
    statistic = float(difference @ np.linalg.pinv(covariance) @ difference)
    note = "" if df else "no event came while two groups were at risk"
    details = pd.DataFrame({"group": names, "observed": observed,
                            "expected": expected})  # fmt: skip
    null = "the hazard is the same in all groups"
    return chi2_test("log-rank", null, statistic, df, details=details, note=note)


def _log_rank_parts(
    time: Floats, event: Ints, index: Ints, k: int
) -> tuple[Floats, Floats, Floats]:
    times, at_risk, events = risk_table(time, event)
    order = [np.sort(time[index == g]) for g in range(k)]
    n = np.stack([len(o) - np.searchsorted(o, times, side="left") for o in order], axis=1)
    observed = np.array([float((event[index == g] > 0).sum()) for g in range(k)])
    share = n / at_risk[:, None]
    factor = np.divide(
        events * (at_risk - events), at_risk - 1, out=np.zeros_like(events), where=at_risk > 1
    )
    spread = np.einsum("t,tg->g", factor, share)
    covariance = np.diag(spread) - np.einsum("t,tg,th->gh", factor, share, share)
    return observed, (events[:, None] * share).sum(0), covariance
