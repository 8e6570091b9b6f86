"""How good scores are, against shares of coders, with cases drawn again for intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BINS = 10


def average_precision(score: Floats, share: Floats, weights: Floats) -> Floats:
    """Area under the precision-recall curve, for several weightings of the turns at once.

    Parameters
    ----------
    score
        One per turn.
    share
        Per turn the share of coders who gave the code (0 or 1 with a single coder).
    weights
        Weightings × turns.

    Returns
    -------
    One area per weighting; NaN where nothing was given.

    References
    ----------
    Davis, J., & Goadrich, M. (2006). The relationship between precision-recall and ROC
    curves. ICML, 233-240 (no interpolation between points).

    Examples
    --------
    >>> average_precision(np.array([0.9, 0.8, 0.1]), np.array([1.0, 0.0, 1.0]), np.ones((1, 3)))
    array([0.83333333])
    """
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    seen = np.cumsum(weights[:, order], axis=1)[:, ends]
    hits = np.cumsum(weights[:, order] * share[order], axis=1)[:, ends]
    total = hits[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(seen > 0, hits / seen, 0)
        gained = np.diff(hits, axis=1, prepend=0) / total
    return np.asarray((precision * gained).sum(axis=1))


def case_weights(cases: NDArray[np.object_], draws: int, seed: int) -> Floats:
    """Draws × turns: how often each turn's case was drawn; the first row is all ones."""
    names, which = np.unique(cases, return_inverse=True)
    n = len(names)
    if not n:
        return np.ones((draws + 1, 0))
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    return np.vstack([np.ones(n), counts])[:, which].astype(float)


def kappas(one: Floats, other: Floats, weights: Floats) -> Floats:
    """Cohen's kappa of two columns of 0 and 1, for several weightings of the turns at once.

    Parameters
    ----------
    one, other
        One value per turn.
    weights
        Weightings × turns.

    Returns
    -------
    One kappa per weighting; NaN where both columns are constant and the same, or empty.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement, 20, 37-46.

    Examples
    --------
    >>> kappas(np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 0, 0]), np.ones((1, 4)))
    array([0.5])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        n = weights.sum(axis=1)
        same = weights @ (one == other) / n
        a, b = weights @ one / n, weights @ other / n
        chance = a * b + (1 - a) * (1 - b)
        return np.asarray(np.where(chance < 1, (same - chance) / (1 - chance), np.nan))


def f1_of(flagged: NDArray[np.bool_], share: Floats) -> float:
    """F1 of flags; 0 when nothing is flagged."""
    total = flagged.sum() + share.sum()
    return float(2 * share[flagged].sum() / total) if total else float("nan")


def recall_in_budget(score: Floats, share: Floats, budget: float) -> float:
    """Share of what was given that lies among the highest-scored share of turns."""
    n = max(1, round(budget * len(score)))
    top = np.argsort(-score, kind="stable")[:n]
    return float(share[top].sum() / share.sum())


def calibration_bins(score: Floats, share: Floats) -> list[tuple[float, float, int]]:
    """Mean score, mean share and number of turns in up to ten bins of equal size."""
    order = np.argsort(score, kind="stable")
    parts = np.array_split(order, min(_BINS, len(order)))
    return [(float(score[p].mean()), float(share[p].mean()), len(p)) for p in parts]


def calibration_error(score: Floats, share: Floats) -> float:
    """Return the expected calibration error over bins of equal size."""
    bins = calibration_bins(score, share)
    return float(sum(abs(a - b) * n for a, b, n in bins) / sum(n for *_, n in bins))
