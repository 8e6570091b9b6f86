"""A common odds ratio over strata: Mantel-Haenszel, with Breslow-Day for its sameness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.twobytwo import informative, not_negative

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CommonOdds(Result):
    """One odds ratio for all strata, and whether one is enough."""

    main: ClassVar[str] = "pooled"

    pooled: pd.DataFrame

    @property
    def odds_ratio(self) -> float:
        """Mantel-Haenszel common odds ratio."""
        return float(self.pooled["estimate"].iloc[0])

    def headline(self) -> str:
        """Say odds ratio, interval and both tests."""
        r = self.pooled.iloc[0]
        if not r["estimate"] > 0 or np.isinf(r["estimate"]):
            return f"Common odds ratio {r['estimate']:.3g}, no interval: {r['note']}."
        return (
            f"Common odds ratio {r['estimate']:.3g} ({r['low']:.3g} to {r['high']:.3g}), "
            f"p = {r['p']:.3g}; sameness over strata p = {r['breslow_day_p']:.3g}."
        )


def mantel_haenszel(tables: ArrayLike, *, confidence: float = 0.95) -> CommonOdds:
    """Pool 2 × 2 tables over strata (sessions, cases).

    Null of ``chi2`` (Cochran-Mantel-Haenszel, without continuity correction): no
    association in any stratum. Null of ``breslow_day``: the odds ratio is the same in all.

    Parameters
    ----------
    tables
        Strata × 2 × 2 counts (one 2 × 2 table counts as one stratum).
    confidence
        Of the interval (Robins, Breslow and Greenland variance).

    Returns
    -------
    One row with ``estimate`` (odds ratio), ``low``, ``high``, ``chi2``, ``p``,
    ``breslow_day``, ``breslow_day_df``, ``breslow_day_p``, ``tarone``, ``tarone_p``,
    ``n_strata`` (those that say something), ``n_units``, ``note``.

    Raises
    ------
    UsageError
        When the tables are not strata × 2 × 2 counts of at least 0.

    References
    ----------
    Mantel, N. & Haenszel, W. (1959). JNCI 22, 719-748. Robins, J., Breslow, N. &
    Greenland, S. (1986). Biometrics 42, 311-323. Breslow, N. E. & Day, N. E. (1980).
    Statistical Methods in Cancer Research I, p. 142. Tarone, R. E. (1985). Biometrika 72,
    91-95.

    Examples
    --------
    >>> tables = [[[16, 11], [5, 20]], [[12, 16], [7, 19]]]
    >>> mantel_haenszel(tables).pooled["estimate"].round(4).item()
    3.3132
    """
    t = not_negative(tables, "tables must be strata × 2 × 2 counts, 0 or more")
    t = t[None] if t.ndim == 2 else t
    if t.ndim != 3 or t.shape[1:] != (2, 2):
        raise UsageError("tables must be strata × 2 × 2 counts, 0 or more")
    if (t[informative(t)].sum((1, 2)) <= 1).any():
        raise UsageError("tables hold counts, and some stratum adds up to 1 or less: not shares")
    settings = {"confidence": confidence, "null": "no association in any stratum"}
    row = common_odds(t[informative(t)], confidence)
    row["n_units"] = int(t.sum())
    return CommonOdds(pooled=pd.DataFrame([row]), settings=settings)


def common_odds(t: Floats, confidence: float) -> dict[str, object]:
    """Compute the row of :func:`mantel_haenszel` from informative tables.

    Examples
    --------
    >>> round(common_odds(np.array([[[10.0, 5.0], [5.0, 10.0]]]), 0.95)["estimate"], 6)
    4.0
    """
    names = ("estimate", "low", "high", "chi2", "p", "breslow_day", "breslow_day_p", "tarone",
             "tarone_p")  # fmt: skip
    row: dict[str, object] = dict.fromkeys(names, float("nan"))
    row |= {"breslow_day_df": max(len(t) - 1, 0), "n_strata": len(t), "note": ""}
    if not len(t):
        return row | {"note": "no stratum has both rows and both columns filled"}
    a, b, c, d = t[:, 0, 0], t[:, 0, 1], t[:, 1, 0], t[:, 1, 1]
    n = t.sum((1, 2))
    row |= _score_test(a, b, c, d, n)
    r, s = a * d / n, b * c / n
    if r.sum() == 0 or s.sum() == 0:
        odds = float("inf") if s.sum() == 0 and r.sum() > 0 else 0.0
        return row | {"estimate": odds, "note": "odds ratio at its limit: a cell is empty"}
    odds = float(r.sum() / s.sum())
    half = quantile(confidence) * _rbg_error(a, b, c, d, n)
    row |= {"estimate": odds, "low": odds * np.exp(-half), "high": odds * np.exp(half)}
    return row | _breslow_day(a, b, c, n, odds)


def _score_test(a: Floats, b: Floats, c: Floats, d: Floats, n: Floats) -> dict[str, object]:
    from scipy.stats import chi2

    expected = (a + b) * (a + c) / n
    variance = expected * (c + d) * (b + d) / (n * (n - 1))
    statistic = float((a - expected).sum() ** 2 / variance.sum())
    return {"chi2": statistic, "p": float(chi2.sf(statistic, 1))}


def _rbg_error(a: Floats, b: Floats, c: Floats, d: Floats, n: Floats) -> float:
    """Give the standard error of the log of the common odds ratio."""
    p, q = (a + d) / n, (b + c) / n
    r, s = a * d / n, b * c / n
    big_r, big_s = r.sum(), s.sum()
    variance = (
        (p * r).sum() / (2 * big_r**2)
        + (p * s + q * r).sum() / (2 * big_r * big_s)
        + (q * s).sum() / (2 * big_s**2)
    )
    return float(np.sqrt(variance))


def _breslow_day(a: Floats, b: Floats, c: Floats, n: Floats, odds: float) -> dict[str, object]:
    """Test whether each table departs from the common odds ratio."""
    from scipy.stats import chi2

    row, column = a + b, a + c
    # the expected count solves odds = e (n - row - column + e) / ((row - e) (column - e))
    linear = (n - row - column) + odds * (row + column)
    constant = -odds * row * column
    square = 1 - odds
    if abs(square) < 1e-12:
        e = row * column / n
    else:
        e = (-linear + np.sqrt(linear**2 - 4 * square * constant)) / (2 * square)
    variance = 1 / (1 / e + 1 / (row - e) + 1 / (column - e) + 1 / (n - row - column + e))
    bd = float(((a - e) ** 2 / variance).sum())
    tarone = bd - float((a - e).sum() ** 2 / variance.sum())
    df = len(a) - 1
    p = [float(chi2.sf(x, df)) if df > 0 else float("nan") for x in (bd, tarone)]
    return {"breslow_day": bd, "breslow_day_p": p[0], "tarone": tarone, "tarone_p": p[1]}
