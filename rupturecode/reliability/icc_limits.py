"""The six intraclass correlations side by side, with limits from the F distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_confidence
from rupturecode.reliability.icc import (
    FORMS,
    MeanSquares,
    icc_from_squares,
    mean_squares,
    moments_of,
)

if TYPE_CHECKING:
    from rupturecode.reliability.cells import Ratings

_MEANING = {
    "ICC(1,1)": "one coder, drawn anew for each unit",
    "ICC(2,1)": "one of these coders, absolute agreement",
    "ICC(3,1)": "one of these coders, consistency",
    "ICC(1,k)": "mean of k coders drawn anew",
    "ICC(2,k)": "mean of these k coders, absolute agreement",
    "ICC(3,k)": "mean of these k coders, consistency",
}


def icc_table(ratings: Ratings, confidence: float = 0.95) -> pd.DataFrame:
    """Return all six intraclass correlations with F-based limits.

    Parameters
    ----------
    ratings
        Units × coders, numbers; None or NaN where not rated.
    confidence
        Level of the two-sided limits.

    Returns
    -------
    One row per form: form, mcgraw_wong, meaning, estimate, low, high, f, df1, df2, p,
    n_units, n_coders, note.

    Raises
    ------
    UsageError
        When ratings are words, or the confidence is no share.

    References
    ----------
    McGraw & Wong (1996), Tables 4 and 7; Shrout & Fleiss (1979) for the limits of ICC(2,1).

    Examples
    --------
    >>> table = icc_table([[1, 2], [3, 3], [5, 4], [4, 5]])
    >>> table.loc[2, ["form", "mcgraw_wong"]].tolist()
    ['ICC(3,1)', 'ICC(C,1)']
    """
    check_confidence(confidence)
    parts = moments_of(ratings)
    squares = mean_squares(parts)
    n_units = int(parts["moments"][0].item())
    rows = []
    for form, other in FORMS.items():
        estimate = float(icc_from_squares(squares, form).item())
        limits = _limits(squares, form, 1 - confidence)
        if np.isnan(estimate):
            limits = (np.nan, np.nan, *limits[2:])
        rows.append(
            {"form": form, "mcgraw_wong": other, "meaning": _MEANING[form], "estimate": estimate}
            | dict(zip(("low", "high", "f", "df1", "df2", "p"), limits, strict=True))
            | {"n_units": n_units, "n_coders": squares.k}
            | {"note": _reason(squares, n_units) if np.isnan(estimate) else ""}
        )
    return pd.DataFrame(rows)


def _reason(squares: MeanSquares, n_units: int) -> str:
    if squares.k < 2:
        return "one coder"
    if n_units < 2:
        return "fewer than two units were rated by every coder"
    if not squares.rows.item() + squares.within.item():
        return "every rating is the same number"
    return "units do not differ on average, so there is nothing to tell apart"


def _limits(s: MeanSquares, form: str, error: float) -> tuple[float, ...]:
    """Return low, high, F, its degrees of freedom and p of one form."""
    n, k = float(s.n.item()), s.k
    rows, within, residual = (float(x.item()) for x in (s.rows, s.within, s.error))
    one_way = form.startswith("ICC(1")
    df1, df2 = n - 1, n * (k - 1) if one_way else (n - 1) * (k - 1)
    noise = within if one_way else residual
    if not (np.isfinite(rows) and rows + noise > 0):
        return (float("nan"),) * 6
    f = rows / noise if noise > 0 else float("inf")
    from scipy.special import fdtrc

    p = float(fdtrc(df1, df2, f)) if np.isfinite(f) else 0.0
    if form.startswith("ICC(2"):
        low, high = _absolute(s, 1 - error / 2)
    else:
        low, high = _relative(f, df1, df2, k, 1 - error / 2)
    if form.endswith("k)"):
        low, high = (_stepped_up(x, k) for x in (low, high))
    return low, high, f, df1, df2, p


def _quantile(df1: float, df2: float, p: float) -> float:
    from scipy.special import fdtri

    return float(fdtri(df1, df2, p))


def _relative(f: float, df1: float, df2: float, k: int, p: float) -> tuple[float, float]:
    """Limits of a single coder's ICC(1) or ICC(C,1): McGraw and Wong, Table 7."""
    if not np.isfinite(f):
        return 1.0, 1.0
    low, high = f / _quantile(df1, df2, p), f * _quantile(df2, df1, p)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _absolute(s: MeanSquares, p: float) -> tuple[float, float]:
    """Limits of a single coder's ICC(A,1), with Satterthwaite's degrees of freedom."""
    n, k = float(s.n.item()), s.k
    rows, columns, error = (float(x.item()) for x in (s.rows, s.columns, s.error))
    if error <= 0 and columns <= 0:
        return 1.0, 1.0
    if error <= 0 and rows <= 0:  # units do not differ, and coders by a constant only
        return float("nan"), float("nan")
    icc = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    a = k * icc * columns
    b = (n * (1 + (k - 1) * icc) - k * icc) * error
    v = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    upper, lower = _quantile(n - 1, v, p), _quantile(v, n - 1, p)
    rest = k * columns + (k * n - k - n) * error
    low = n * (rows - upper * error) / (upper * rest + n * rows)
    high = n * (lower * rows - error) / (rest + n * lower * rows)
    return low, high


def _stepped_up(single: float, k: int) -> float:
    """Spearman-Brown: from one coder to the mean of k."""
    bottom = 1 + single * (k - 1)
    return k * single / bottom if bottom > 0 else float("-inf")
