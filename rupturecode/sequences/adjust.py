"""P values adjusted for the number of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rupturecode.arguments import as_numbers
from rupturecode.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

METHODS = ("bh", "holm", "bonferroni", "none")


def adjust_p(p: ArrayLike, method: str = "bh") -> Floats:
    """Adjust p values for many tests; NaN stays NaN and is not counted.

    Parameters
    ----------
    p
        P values, any shape.
    method
        ``"bh"`` controls the expected share of false findings; ``"holm"`` and
        ``"bonferroni"`` the chance of even one; ``"none"`` leaves them.

    Raises
    ------
    UnknownNameError
        For another method. (Max-T needs shuffles: see ``max_t``.)
    UsageError
        When a p value does not lie between 0 and 1.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). JRSS B 57, 289-300. Holm, S. (1979). Scandinavian
    Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> adjust_p([0.01, 0.02, 0.2]).round(4).tolist()
    [0.03, 0.03, 0.2]
    """
    if method not in METHODS:
        raise UnknownNameError("adjustment", method, METHODS)
    values = as_numbers(p, "p values")
    out = values.copy()
    known = ~np.isnan(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise UsageError("p values lie between 0 and 1")
    if method != "none":
        out[known] = {"bh": _bh, "holm": _holm, "bonferroni": _bonferroni}[method](values[known])
    return out


def _bh(p: Floats) -> Floats:
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    out = np.empty_like(p)
    out[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(p) / ranks))
    return out


def _holm(p: Floats) -> Floats:
    order = np.argsort(p)
    out = np.empty_like(p)
    out[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return out


def _bonferroni(p: Floats) -> Floats:
    return np.minimum(1.0, p * len(p))


def max_t(observed: ArrayLike, shuffled: ArrayLike) -> Floats:
    """Adjust by the largest absolute z over all cells in each shuffle (single step).

    Parameters
    ----------
    observed
        Z of each cell; NaN where it cannot be tested.
    shuffled
        Shuffles × the same shape.

    Returns
    -------
    Adjusted p per cell, (1 + exceedances) / (1 + shuffles), hence never 0.

    References
    ----------
    Westfall, P. H. & Young, S. S. (1993). Resampling-Based Multiple Testing.

    Examples
    --------
    >>> max_t([3.0, 0.5], [[1.0, 0.2], [-2.0, 0.1], [0.1, 0.3]]).tolist()
    [0.25, 0.75]
    """
    z, draws = as_numbers(observed, "statistics"), np.atleast_1d(as_numbers(shuffled, "statistics"))
    flat = np.abs(draws.reshape(len(draws), -1))
    largest = np.where(np.isnan(flat), 0, flat).max(axis=1, initial=0)
    above = (largest[:, None] >= np.abs(z).ravel()[None, :] - 1e-12).sum(0)
    p = (1 + above) / (1 + len(draws))
    return np.where(np.isnan(z), np.nan, p.reshape(z.shape))
