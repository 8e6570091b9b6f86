"""One code's model: a linear score, made a probability and a threshold without peeking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_COST = 0.05
_INNER = 3


@dataclass(frozen=True, eq=False)
class LinearCode:
    """Weights, intercept, the two numbers of Platt's sigmoid, and a threshold."""

    weights: Floats
    intercept: float
    slope: float
    offset: float
    threshold: float

    def score(self, rows: Any) -> Floats:  # noqa: ANN401 a scipy sparse matrix
        """Probability of the code on each row."""
        margin = np.asarray(rows @ self.weights).ravel() + self.intercept
        return sigmoid(self.slope * margin + self.offset)


def sigmoid(x: Floats) -> Floats:
    """Return the logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -500, 500))))


def fit_code(rows: Any, share: Floats, cases: NDArray[np.object_]) -> LinearCode | None:  # noqa: ANN401
    """Fit one code; None when a fold of the cases lacks one of the two outcomes.

    A turn that half of its coders gave the code counts half as given and half as not. The
    sigmoid and the threshold (that of the best F1) come from margins of cases that the
    weights were not fitted on.

    Parameters
    ----------
    rows
        Turns × inputs, sparse.
    share
        Per turn the share of coders who gave the code.
    cases
        Per turn its case; inner folds never divide one.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines and comparisons to
    regularized likelihood methods. In Advances in Large Margin Classifiers, 61-74.
    """
    from sklearn.model_selection import GroupKFold

    n_folds = min(_INNER, len(np.unique(cases)))
    if n_folds < 2 or not _both(share):
        return None
    margin = np.full(len(share), np.nan)
    for train, test in GroupKFold(n_folds).split(share, groups=cases):
        if not _both(share[train]):
            return None
        weights, intercept = _fit(rows[train], share[train])
        margin[test] = np.asarray(rows[test] @ weights).ravel() + intercept
    slope, offset = _platt(margin, share)
    weights, intercept = _fit(rows, share)
    threshold = best_threshold(sigmoid(slope * margin + offset), share)
    return LinearCode(weights, intercept, slope, offset, threshold)


def _both(share: Floats) -> bool:
    return bool((share > 0).any() and (share < 1).any())


def doubled(share: Floats) -> tuple[NDArray[np.intp], NDArray[np.int64], Floats]:
    """Rows, outcomes and weights: a disputed turn stands there twice."""
    yes, no = np.flatnonzero(share > 0), np.flatnonzero(share < 1)
    rows = np.concatenate([yes, no])
    outcome = np.concatenate([np.ones(len(yes), dtype=int), np.zeros(len(no), dtype=int)])
    return rows, outcome, np.concatenate([share[yes], 1 - share[no]])


def _fit(rows: Any, share: Floats) -> tuple[Floats, float]:  # noqa: ANN401
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    at, outcome, weight = doubled(share)
    model = LinearSVC(C=_COST, class_weight="balanced", random_state=0)
    with catch_warnings():
        # Where turns cannot be told apart the solver stops early; what it has then is judged
        # on unseen cases like any other model.
        simplefilter("ignore", ConvergenceWarning)
        model.fit(rows[at], outcome, sample_weight=weight)
    return model.coef_.ravel(), float(model.intercept_[0])


def _platt(margin: Floats, share: Floats) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    at, outcome, weight = doubled(share)
    model = LogisticRegression(C=1e6).fit(margin[at, None], outcome, sample_weight=weight)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(score: Floats, share: Floats) -> float:
    """Find the score from which on flagging gives the highest F1."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(share[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + share.sum())
    last = np.append(score[order][1:] != score[order][:-1], True)
    return float(score[order][np.flatnonzero(last)[np.argmax(f1[last])]])
