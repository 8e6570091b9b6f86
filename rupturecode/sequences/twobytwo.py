"""Association in 2 × 2 tables, for whole arrays of them at once.

``a`` counts given and target, ``b`` given without target, ``c`` target without given, ``d``
neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import UsageError
from rupturecode.sequences.limits import quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def not_negative(given: object, otherwise: str) -> Floats:
    """Return an array of numbers, none of them negative, missing or infinite.

    Raises
    ------
    UsageError
        Saying ``otherwise``, when they are not.

    Examples
    --------
    >>> not_negative([[1, 2], [3, 4]], "give counts").tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    try:
        counts = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as err:
        raise UsageError(otherwise) from err
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise UsageError(otherwise)
    return counts


def collapse(counts: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Collapse a table (or a stack of tables) round each of its cells to 2 × 2.

    Examples
    --------
    >>> [x[0, 0] for x in collapse(np.array([[5.0, 1.0], [2.0, 8.0]]))] == [5, 1, 2, 8]
    True
    """
    a = counts
    b = counts.sum(-1, keepdims=True) - a
    c = counts.sum(-2, keepdims=True) - a
    d = counts.sum((-2, -1), keepdims=True) - a - b - c
    return a, b, c, d


def yules_q(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Yule's Q, from -1 to 1; NaN where it is undefined.

    References
    ----------
    Yule, G. U. (1900). Philosophical Transactions A 194, 257-319.

    Examples
    --------
    >>> yules_q(*(np.array([x]) for x in (8.0, 2.0, 2.0, 8.0))).round(4).tolist()
    [0.8824]
    """
    same, cross = a * d, b * c
    out = np.full(np.shape(same), np.nan)
    q: Floats = np.divide(same - cross, same + cross, out=out, where=(same + cross) > 0)
    return q


def log_odds(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Log odds ratio; one half is added to all four counts where any of them is zero.

    Returns
    -------
    The log odds ratio (NaN where a row or column is empty), and where one half was added.

    References
    ----------
    Haldane, J. B. S. (1956). Annals of Human Genetics 20, 309-311.

    Examples
    --------
    >>> value, added = log_odds(*(np.array([x]) for x in (8.0, 2.0, 2.0, 8.0)))
    >>> value.round(4).tolist(), added.tolist()
    ([2.7726], [False])
    """
    added = (a == 0) | (b == 0) | (c == 0) | (d == 0)
    half = np.where(added, 0.5, 0.0)
    value = np.log((a + half) * (d + half) / ((b + half) * (c + half)))
    empty = (a + b == 0) | (c + d == 0) | (a + c == 0) | (b + d == 0)
    return np.where(empty, np.nan, value), added & ~empty


def log_odds_error(stack: tuple[Floats, Floats, Floats, Floats]) -> Floats:
    """Give the standard error of the log odds ratio of pooled counts.

    With one session, the usual root of summed reciprocals. With more, robust to dependence
    within sessions: each session's influence on the log odds ratio (delta method), summed
    in squares.

    Parameters
    ----------
    stack
        The four counts, sessions first.

    References
    ----------
    Woolf, B. (1955). Annals of Human Genetics 19, 251-253. Rao, J. N. K. & Scott, A. J.
    (1992). Biometrics 48, 577-585 (clustered counts).

    Examples
    --------
    >>> one = tuple(np.array([x]) for x in (8.0, 2.0, 2.0, 8.0))
    >>> log_odds_error(one).round(4).item()
    1.118
    """
    pooled = [x.sum(0) for x in stack]
    half = np.where(np.min(pooled, axis=0) == 0, 0.5, 0.0)
    n = len(stack[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        if n < 2:
            variance = np.asarray(sum(1 / (x + half) for x in pooled))
        else:
            signs = (1, -1, -1, 1)
            influence = sum(
                s * x / (p + half) for s, x, p in zip(signs, stack, pooled, strict=True)
            )
            centred = influence - np.mean(influence, axis=0)
            variance = (centred**2).sum(0) * n / (n - 1)
        return np.where(np.isfinite(variance), np.sqrt(variance), np.nan)


def interval_factor(confidence: float, n_clusters: int) -> float:
    """Quantile for an interval: normal for one cluster, else Student's t.

    Examples
    --------
    >>> round(interval_factor(0.95, 1), 3), round(interval_factor(0.95, 11), 3)
    (1.96, 2.228)
    """
    return quantile(confidence) if n_clusters < 2 else quantile(confidence, n_clusters - 1)


def informative(tables: ArrayLike) -> NDArray[np.bool_]:
    """Tables (… × 2 × 2) in which no row and no column is empty.

    Examples
    --------
    >>> informative([[[1, 2], [0, 0]], [[1, 0], [0, 1]]]).tolist()
    [False, True]
    """
    t = np.asarray(tables)
    margins = np.concatenate([t.sum(-1), t.sum(-2)], axis=-1)
    return np.asarray((margins > 0).all(-1))
