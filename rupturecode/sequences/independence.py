"""Expected counts and residuals of a table when rows and columns are independent.

With structural zeros (codes that cannot follow one another) the model is
quasi-independence, fitted by iterative proportional fitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_MAX_ROUNDS = 20_000
_TOLERANCE = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Independence:
    """The fit of one table."""

    expected: Floats
    adjusted_residual: Floats
    x2: float
    """Pearson chi-squared."""
    g2: float
    """Likelihood-ratio chi-squared."""
    df: int


def fit_independence(counts: Floats, allowed: Bools | None = None) -> Independence:
    """Fit (quasi-)independence to a table of counts.

    Parameters
    ----------
    counts
        Rows × columns.
    allowed
        False where a count is impossible by design (structural zero); default all True.

    Returns
    -------
    Expected counts, adjusted (standardised) residuals, both chi-squared statistics and the
    degrees of freedom, counted over non-empty rows and columns only. Cells that are not
    allowed have expected 0 and residual NaN.

    Raises
    ------
    UsageError
        When a structural zero holds a count.

    References
    ----------
    Haberman, S. J. (1979). Analysis of Qualitative Data, vol. 2, ch. 7 (adjusted residuals
    under quasi-independence). Bakeman, R. & Quera, V. (2011). Sequential Analysis and
    Observational Methods (without structural zeros).

    Examples
    --------
    >>> fit = fit_independence(np.array([[10.0, 5.0], [5.0, 10.0]]))
    >>> fit.expected.tolist(), fit.adjusted_residual[0, 0].round(4).item(), fit.df
    ([[7.5, 7.5], [7.5, 7.5]], 1.8257, 1)
    """
    f = np.asarray(counts, dtype=np.float64)
    open_cells = np.ones(f.shape, dtype=bool) if allowed is None else np.asarray(allowed, bool)
    if f[~open_cells].any():
        raise UsageError("a cell declared impossible (structural zero) holds a count")
    live = open_cells & (f.sum(1) > 0)[:, None] & (f.sum(0) > 0)[None, :]
    if open_cells.all():
        total = f.sum()
        expected = np.outer(f.sum(1), f.sum(0)) / total if total else np.zeros_like(f)
        variance = expected * np.outer(1 - f.sum(1) / max(total, 1), 1 - f.sum(0) / max(total, 1))
    else:
        expected = proportional_fit(live.astype(np.float64), f.sum(1), f.sum(0))
        variance = expected * (1 - _leverage(expected, live))
    rank = _free_parameters(live)
    tested = live & (variance > 1e-12)
    residual = np.full(f.shape, np.nan)
    residual[tested] = (f - expected)[tested] / np.sqrt(variance[tested])
    x2 = float(((f - expected)[live] ** 2 / expected[live]).sum())
    seen = f > 0
    g2 = float(2 * (f[seen] * np.log(f[seen] / expected[seen])).sum())
    return Independence(expected, residual, x2, g2, int(live.sum()) - rank)


def proportional_fit(start: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scale a table until its margins are those wanted (iterative proportional fitting).

    Cells that start at zero stay zero.

    References
    ----------
    Deming, W. E. & Stephan, F. F. (1940). Annals of Mathematical Statistics 11, 427-444.

    Examples
    --------
    >>> proportional_fit(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 2.0])).tolist()
    [[1.5, 1.5], [0.5, 0.5]]
    """
    table = start.astype(np.float64)
    for _ in range(_MAX_ROUNDS):
        row = table.sum(1, keepdims=True)
        table = table * np.divide(rows[:, None], row, out=np.zeros_like(row), where=row > 0)
        column = table.sum(0)
        ratio = np.divide(columns, column, out=np.ones_like(column), where=column > 0)
        table = table * ratio
        if np.abs(ratio - 1).max(initial=0) < _TOLERANCE:
            break
    return table


def _design(live: Bools) -> Floats:
    """Make dummy columns for the row and the column of each live cell."""
    r, c = np.nonzero(live)
    return np.hstack([np.eye(live.shape[0])[r], np.eye(live.shape[1])[c]])


def _free_parameters(live: Bools) -> int:
    return int(np.linalg.matrix_rank(_design(live))) if live.any() else 0


def _leverage(expected: Floats, live: Bools) -> Floats:
    """Diagonal of the hat matrix of the fitted log-linear model."""
    out = np.ones(live.shape)
    design = _design(live) * np.sqrt(expected[live])[:, None]
    out[live] = ((design @ np.linalg.pinv(design.T @ design)) * design).sum(1)
    return out
