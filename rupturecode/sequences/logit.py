"""Logistic regression with standard errors that respect clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.cox import numbers_in, wald_table
from rupturecode.sequences.waits import numbered

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ROUNDS = 60
LINKS = ("logit", "cloglog")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LogitModel(Result):
    """Log odds ratios (or log hazard ratios, for the cloglog link), one row per term."""

    main: ClassVar[str] = "terms"

    terms: pd.DataFrame
    """term, estimate, se, low, high, ratio, z, p"""
    fit: pd.DataFrame
    cautions: pd.DataFrame

    def headline(self) -> str:
        """Size of the data and how standard errors were had."""
        f = self.fit.iloc[0]
        return (
            f"{self.settings['link']} regression: {int(f['events'])} events in "
            f"{int(f['n_units'])} rows; standard errors {self.settings['errors']}."
        )


@check_kinds
def logit(
    outcome: ArrayLike,
    covariates: pd.DataFrame,
    *,
    cluster: ArrayLike | None = None,
    link: str = "logit",
    confidence: float = 0.95,
) -> LogitModel:
    """Fit a binary regression; an intercept is added.

    Parameters
    ----------
    outcome
        True or false per row.
    covariates
        One numeric column per term, nothing missing.
    cluster
        Case, dyad or session of each row: standard errors become robust to dependence
        within it, with the factor G / (G - 1) and Student's t on G - 1 degrees of freedom.
    link
        ``"logit"``, or ``"cloglog"`` for a discrete-time proportional-hazards reading.
    confidence
        Of the intervals.

    Raises
    ------
    UsageError
        For terms that cannot be told apart, or when some term separates the outcomes.

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, ch. 4. Liang, K.-Y. &
    Zeger, S. L. (1986). Biometrika 73, 13-22 (robust variance).

    Examples
    --------
    >>> x = pd.DataFrame({"named": [0] * 10 + [1] * 10})
    >>> logit([1] * 2 + [0] * 8 + [1] * 8 + [0] * 2, x).terms["estimate"].round(4).tolist()
    [-1.3863, 2.7726]
    """
    if link not in LINKS:
        raise UsageError(f"link is one of {LINKS}")
    y = as_numbers(outcome, "outcomes")
    x = np.column_stack([np.ones(len(y)), numbers_in(covariates, len(y))])
    _check(y, x)
    groups = None if cluster is None else numbered(cluster, len(y), "cluster")
    if groups is not None and not groups.any():
        raise UsageError("robust standard errors need at least two clusters")
    beta, weight, score, loglik = _fit(y, x, link)
    covariance = np.asarray(np.linalg.inv((x * weight[:, None]).T @ x), dtype=np.float64)
    n_clusters, df = len(y), float("inf")
    if groups is not None:
        covariance = clustered(covariance, x * score[:, None], groups)
        n_clusters = int(groups.max()) + 1
        df = n_clusters - 1
    names = ["intercept", *map(str, covariates.columns)]
    table = wald_table(names, beta, covariance, confidence, df)
    table["ratio"] = np.exp(table["estimate"])
    fit = pd.DataFrame(
        {"n_units": [len(y)], "events": [int(y.sum())], "n_clusters": [n_clusters],
         "log_likelihood": [loglik]}
    )  # fmt: skip
    few = words.few_clusters(n_clusters, "clusters") if cluster is not None else ""
    rare = min(y.sum(), len(y) - y.sum()) < 10 * (x.shape[1] - 1)
    sparse = "Fewer than 10 events per term: estimates are unstable." if rare else ""
    errors = "model-based" if cluster is None else "robust to dependence within clusters"
    settings: dict[str, object] = {"link": link, "confidence": confidence, "errors": errors}
    return LogitModel(terms=table, fit=fit, cautions=words.cautions(few, sparse), settings=settings)


def clustered(bread: Floats, scores: Floats, groups: Ints) -> Floats:
    """Sandwich covariance from the scores of rows, summed within clusters.

    Examples
    --------
    >>> scores = np.array([[1.0], [-1.0], [2.0], [-2.0]])
    >>> clustered(np.eye(1), scores, np.array([0, 1, 2, 3])).round(4).item()
    13.3333
    """
    sums = np.zeros((int(groups.max()) + 1, scores.shape[1]))
    np.add.at(sums, groups, scores)
    g = len(sums)
    return np.asarray(g / (g - 1) * bread @ sums.T @ sums @ bread)


def _check(y: Floats, x: Floats) -> None:
    if x.shape[0] != len(y) or np.isnan(x).any() or not np.isin(y, (0, 1)).all():
        raise UsageError("outcome must be true or false, covariates numbers, nothing missing")
    if y.min(initial=1) == y.max(initial=0):
        raise UsageError("the outcome is the same in all rows: nothing to estimate")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise UsageError("the covariates cannot be told apart (one is a mix of the others)")


def _fit(y: Floats, x: Floats, link: str) -> tuple[Floats, Floats, Floats, float]:
    """Newton's steps by reweighting; returns weights and score factors at the end."""
    beta = np.zeros(x.shape[1])
    share = y.mean()
    beta[0] = np.log(share / (1 - share)) if link == "logit" else np.log(-np.log1p(-share))
    for _ in range(_ROUNDS):
        mu, slope = _mean(x @ beta, link)
        weight, score = slope**2 / (mu * (1 - mu)), slope * (y - mu) / (mu * (1 - mu))
        step = np.linalg.lstsq((x * weight[:, None]).T @ x, x.T @ score, rcond=None)[0]
        beta = beta + np.clip(step, -5, 5)
        if np.abs(beta).max() > 30:
            break
        if np.abs(step).max() < 1e-10:
            loglik = float((y * np.log(mu) + (1 - y) * np.log1p(-mu)).sum())
            return beta, weight, score, loglik
    raise UsageError("no finite estimate: some term separates the outcomes perfectly")


def _mean(eta: Floats, link: str) -> tuple[Floats, Floats]:
    eta = np.clip(eta, -35, 35 if link == "logit" else 3)
    if link == "logit":
        mu = 1 / (1 + np.exp(-eta))
        return mu, mu * (1 - mu)
    rate = np.exp(eta)
    return np.clip(-np.expm1(-rate), 1e-15, 1 - 1e-15), rate * np.exp(-rate)
