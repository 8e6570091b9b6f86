"""Control charts: whether a share or a mean lies outside what chance alone would do.

References
----------
Shewhart, W. A. (1931). Economic control of quality of manufactured product. Roberts, S. W.
(1959). Control chart tests based on geometric moving averages. Technometrics 1, 239-250.
Montgomery, D. C. (2013). Introduction to statistical quality control (7th ed.), section 7.2
(p-chart) and 9.2 (EWMA).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@check_kinds
def p_chart(
    counts: Sequence[float],
    totals: Sequence[float],
    *,
    centre: float | None = None,
    sigmas: float = 3.0,
) -> pd.DataFrame:
    """Return a chart of shares with limits for each sample's own size.

    Parameters
    ----------
    counts, totals
        Of each sample, in order of time.
    centre
        The share when all is well; that of all samples unless given.
    sigmas
        Standard deviations to the limits.

    Returns
    -------
    Columns share, centre, low, high, signal ("above", "below" or "").

    Raises
    ------
    UsageError
        When counts and totals differ in number.

    References
    ----------
    Montgomery (2013), eq. 7.8.

    Examples
    --------
    >>> chart = p_chart([12, 15, 30], [50, 50, 50], centre=0.2313)
    >>> chart["high"].round(4).iloc[0], chart["signal"].tolist()
    (np.float64(0.4102), ['', '', 'above'])
    """
    made, n = as_numbers(counts, "counts"), as_numbers(totals, "totals")
    if made.shape != n.shape or made.ndim != 1:
        raise UsageError(f"{len(made)} counts and {len(n)} totals are given")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = made / n
        middle = made.sum() / n.sum() if centre is None else centre
        reach = sigmas * np.sqrt(middle * (1 - middle) / n)
    low, high = np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)
    return pd.DataFrame(
        {
            "share": share,
            "centre": np.full(len(share), middle),
            "low": low,
            "high": high,
            "signal": signals(share, low, high),
        }
    )


@check_kinds
def ewma_chart(
    values: Sequence[float],
    variances: Sequence[float],
    *,
    centre: float = 0.0,
    smoothing: float = 0.2,
    sigmas: float = 3.0,
) -> pd.DataFrame:
    """Return a chart of exponentially weighted means, which finds small lasting shifts.

    Parameters
    ----------
    values, variances
        Mean of each sample and its variance, in order of time.
    centre
        The mean when all is well.
    smoothing
        Weight of the newest sample.
    sigmas
        Standard deviations to the limits.

    Returns
    -------
    Columns value, ewma, low, high, signal ("above", "below" or "").

    Raises
    ------
    UsageError
        When the weight is not between 0 and 1.

    References
    ----------
    Montgomery (2013), eq. 9.22 to 9.26; with samples of unequal size the variance follows
    the same recursion as the mean.

    Examples
    --------
    >>> ewma_chart([9.45, 7.99], [1, 1], centre=10, smoothing=0.1)["ewma"].round(4).tolist()
    [9.945, 9.7495]
    """
    if not 0 < smoothing <= 1:
        raise UsageError(f"smoothing={smoothing}: give a weight above 0, at most 1")
    mean, variance = centre, 0.0
    rows = []
    given = as_numbers(values, "values"), as_numbers(variances, "variances")
    for value, spread in zip(*given, strict=True):
        if not np.isnan(value):
            mean = smoothing * value + (1 - smoothing) * mean
            variance = smoothing**2 * spread + (1 - smoothing) ** 2 * variance
        reach = sigmas * variance**0.5
        rows.append((value, mean, centre - reach, centre + reach))
    frame = pd.DataFrame(rows, columns=["value", "ewma", "low", "high"])
    mean_, low, high = (frame[c].to_numpy(dtype=np.float64) for c in ("ewma", "low", "high"))
    return frame.assign(signal=signals(mean_, low, high))


def signals(values: Floats, low: Floats, high: Floats) -> list[str]:
    """Say which values lie outside their limits."""
    slack = 1e-12  # equal shares computed in two ways
    below = np.where(values < low - slack, "below", "")
    return [str(s) for s in np.where(values > high + slack, "above", below)]
