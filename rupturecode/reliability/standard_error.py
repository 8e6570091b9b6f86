"""Standard errors where the coefficient's source defines one.

They treat units as independent, which turns of one session are not. Use them to compare
with published figures; for your own data prefer the intervals of
:func:`rupturecode.reliability.agreement`, which resample sessions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.matrix import Matrix, encode, need_coders
from rupturecode.reliability.scheme import Level, Weights, agreement_weights, scheme_of
from rupturecode.reliability.tally import tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

_METHODS = ("large-sample", "null", "cohen1960")


@check_kinds
def cohen_kappa_se(
    ratings: Ratings,
    weights: Weights = None,
    categories: Iterable[Any] | None = None,
    *,
    method: str = "large-sample",
) -> float:
    """Return the standard error of Cohen's kappa, plain or weighted.

    Parameters
    ----------
    ratings
        Units × two coders.
    weights, categories
        As in cohen_kappa.
    method
        "large-sample"; "null", which assumes that the true kappa is 0, as a test against
        chance does; or "cohen1960", the first approximation, too wide for most tables.

    Raises
    ------
    UnknownNameError
        When there is no such method.
    UsageError
        When there are not two coders.

    References
    ----------
    Cohen (1960), equation 7 ("cohen1960").
    Fleiss, J. L., Cohen, J. & Everitt, B. S. (1969). Large sample standard errors of kappa
    and weighted kappa. Psychol. Bull. 72, 323-327, equations 8 and 9.

    Examples
    --------
    >>> round(cohen_kappa_se([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.375
    """
    if method not in _METHODS:
        raise UnknownNameError("method", method, _METHODS)
    matrix = encode(ratings, categories)
    need_coders(matrix, 2, "cohen_kappa_se", "use standard_error(ratings, 'conger_kappa')")
    w = agreement_weights(matrix, weights, ordered=categories is not None, by_value=False)
    tables = tally(matrix.codes[None], len(matrix.categories), ["pair_tables"])["pair_tables"]
    counts = tables[0, :, :, 0, 0]
    n = counts.sum()
    if not n:
        return float("nan")
    return _kappa_error(counts / n, w, method) / float(np.sqrt(n))


def _kappa_error(p: NDArray[np.float64], w: NDArray[np.float64], method: str) -> float:
    """Return the standard error of one unit's worth of kappa from a table of shares."""
    first, second = p.sum(axis=1), p.sum(axis=0)
    by_chance = np.outer(first, second)
    expected, observed = float((w * by_chance).sum()), float((w * p).sum())
    if expected >= 1:
        return float("nan")
    if method == "cohen1960":
        return float(np.sqrt(observed * (1 - observed)) / (1 - expected))
    habit = (w @ second)[:, None] + (first @ w)[None, :]
    if method == "null":
        variance = (by_chance * (w - habit) ** 2).sum() - expected**2
    else:
        kappa = (observed - expected) / (1 - expected)
        spread = w - (1 - kappa) * habit
        variance = (p * spread**2).sum() - (kappa - expected * (1 - kappa)) ** 2
    return float(np.sqrt(max(variance, 0.0)) / (1 - expected))


@check_kinds
def standard_error(
    ratings: Ratings,
    coefficient: str = "gwet_ac",
    *,
    weights: Weights = None,
    level: Level = "nominal",
    categories: Iterable[Any] | None = None,
) -> float:
    """Return Gwet's standard error of a coefficient, for any number of coders and gaps.

    Each unit's part in the coefficient is worked out, and the parts' spread gives the
    error. Published figures from two-coder cross-tables divide by n where this divides by
    n - 1: multiply by sqrt((n - 1) / n) to compare.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        "percent_agreement", "gwet_ac", "brennan_prediger", "fleiss_kappa", "conger_kappa"
        or "krippendorff_alpha".
    weights
        None, "linear", "quadratic", or a table of agreement weights.
    level
        For alpha: "nominal", or "interval" which stands for quadratic weights.
    categories
        All categories in their order.

    Raises
    ------
    UnknownNameError
        When no standard error is defined for the coefficient.
    UsageError
        When alpha's level has no agreement weights.

    References
    ----------
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.), ch. 5. Gwet (2008).

    Examples
    --------
    >>> ratings = [[1, 1, 1], [1, 1, 0], [0, 0, 0], [0, 1, None]]
    >>> round(standard_error(ratings, "gwet_ac"), 3)
    0.496
    """
    if coefficient not in _ERRORS:
        raise UnknownNameError("coefficient with a standard error", coefficient, _ERRORS)
    matrix = encode(ratings, categories)
    if coefficient == "krippendorff_alpha":
        weights = _weights_of_level(level, weights)
    w = scheme_of(matrix, weights=weights, ordered=categories is not None).weights
    rated = matrix.codes[:, (matrix.codes >= 0).any(axis=0)]
    if coefficient != "percent_agreement" and len(matrix.used()) < 2:
        return float("nan")  # as the coefficient itself
    if rated.shape[1] < 2 or not ((rated >= 0).sum(axis=0) >= 2).any():
        return float("nan")
    parts = _ERRORS[coefficient](Matrix(rated, matrix.categories, matrix.coders), w)
    n = len(parts)
    return float(np.sqrt(((parts - parts.mean()) ** 2).sum() / (n * (n - 1))))


def _weights_of_level(level: Level, weights: Weights) -> Weights:
    if level == "nominal":
        return weights
    if level == "interval":
        return "quadratic"
    raise UsageError("the standard error of alpha is defined for level 'nominal' and 'interval'")


def _counts(matrix: Matrix) -> NDArray[np.float64]:
    q = len(matrix.categories)
    return np.stack([(matrix.codes == v).sum(axis=0) for v in range(q)], axis=1).astype(np.float64)


def _seen(
    counts: NDArray[np.float64], w: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each unit's weighted agreement (0 where not pairable) and which are pairable."""
    m = counts.sum(axis=1)
    earned = (counts * (counts @ w.T - 1)).sum(axis=1)
    pairable = m >= 2
    return np.where(pairable, earned / np.maximum(m * (m - 1), 1), 0.0), pairable


def _linearised(
    matrix: Matrix, w: NDArray[np.float64], expected: float, chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return each unit's part in (observed - expected) / (1 - expected)."""
    counts = _counts(matrix)
    seen, pairable = _seen(counts, w)
    scale = len(seen) / pairable.sum()
    kappa = (seen[pairable].mean() - expected) / (1 - expected)
    own = scale * (seen - expected * pairable) / (1 - expected)
    return np.asarray(own - 2 * (1 - kappa) * (chance - expected) / (1 - expected))


def _percent(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    seen, pairable = _seen(_counts(matrix), w)
    return np.asarray(seen * len(seen) / pairable.sum())


def _uniform(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    expected = float(w.sum()) / len(w) ** 2
    return _linearised(matrix, w, expected, np.full(matrix.codes.shape[1], expected))


def _gwet(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = _counts(matrix)
    share = counts / counts.sum(axis=1, keepdims=True)
    pi = share.mean(axis=0)
    hard = w.sum() / (len(w) * (len(w) - 1))
    return _linearised(matrix, w, float(hard * (pi * (1 - pi)).sum()), hard * share @ (1 - pi))


def _fleiss(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = _counts(matrix)
    share = counts / counts.sum(axis=1, keepdims=True)
    pi = share.mean(axis=0)
    return _linearised(matrix, w, float(pi @ w @ pi), share @ ((w + w.T) @ pi) / 2)


def _conger(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    codes, q = matrix.codes, len(matrix.categories)
    given = np.stack([codes == v for v in range(q)], axis=2).astype(np.float64)
    rated = (codes >= 0).astype(np.float64)
    active = rated.sum(axis=1) > 0
    given, rated = given[active], rated[active]
    r, n = rated.shape
    n_g = rated.sum(axis=1)
    habits = given.sum(axis=1) / n_g[:, None]
    total = habits.sum(axis=0)
    expected = (total @ w @ total - np.einsum("gv,vw,gw->", habits, w, habits)) / (r * (r - 1))
    own = given - (rated - (n_g / n)[:, None])[:, :, None] * habits[:, None, :]
    others = (total - habits) @ w.T
    chance = np.einsum("giv,gv,g->i", own, others, n / n_g) / (r * (r - 1))
    return _linearised(matrix, w, float(expected), chance)


def _alpha(matrix: Matrix, w: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = _counts(matrix)
    counts = counts[counts.sum(axis=1) >= 2]
    m = counts.sum(axis=1)
    mean = m.mean()
    more = (m - mean) / mean
    pi = counts.sum(axis=0) / m.sum()
    expected = float(pi @ w @ pi)
    seen = (counts * (counts @ w.T - 1)).sum(axis=1) / (mean * (m - 1))
    plain = (seen.mean() - expected) / (1 - expected)  # alpha before its small-sample term
    share_of_small = 1.0 / m.sum()
    observed = (1 - share_of_small) * seen.mean() + share_of_small
    chance = counts @ ((w + w.T) @ pi) / 2 / mean - expected * more
    own = (seen - observed * more - expected) / (1 - expected)
    return np.asarray(own - 2 * (1 - plain) * (chance - expected) / (1 - expected))


_ERRORS: dict[str, Callable[[Matrix, NDArray[np.float64]], NDArray[np.float64]]] = {
    "percent_agreement": _percent,
    "gwet_ac": _gwet,
    "brennan_prediger": _uniform,
    "fleiss_kappa": _fleiss,
    "conger_kappa": _conger,
    "krippendorff_alpha": _alpha,
}
