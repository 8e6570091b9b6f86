"""Cox regression: what makes an event come sooner, with ties and clusters done right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.result import Result
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.waits import check_waits, numbered

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ROUNDS = 50
TIES = ("efron", "breslow")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoxModel(Result):
    """Log hazard ratios, one row per term."""

    main: ClassVar[str] = "terms"

    terms: pd.DataFrame
    """term, estimate, se, low, high, hazard_ratio, z, p, se_naive, note"""
    fit: pd.DataFrame

    def headline(self) -> str:
        """Size of the data and how standard errors were had."""
        f = self.fit.iloc[0]
        return (
            f"Cox regression ({self.settings['ties']} ties): {int(f['events'])} events in "
            f"{int(f['n_units'])} waits; standard errors {self.settings['errors']}."
        )


@check_kinds
def cox_regression(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    ties: str = "efron",
    cluster: ArrayLike | None = None,
    confidence: float = 0.95,
) -> CoxModel:
    """Fit a proportional-hazards model.

    Parameters
    ----------
    time, event
        As for :func:`survival_curve`.
    covariates
        One numeric column per term, known at the start. What changes while waiting (such
        as culture being named) belongs in :func:`discrete_hazard`.
    ties
        ``"efron"`` or ``"breslow"``.
    cluster
        Case or dyad of each wait: standard errors become robust to dependence within it.
        The scores respect ties.
    confidence
        Of the intervals.

    Raises
    ------
    UnknownNameError, UsageError
        For another treatment of ties; for terms that cannot be told apart or a fit without
        limit.

    References
    ----------
    Cox, D. R. (1972). JRSS B 34, 187-220. Efron, B. (1977). JASA 72, 557-565. Lin, D. Y. &
    Wei, L. J. (1989). JASA 84, 1074-1078; Therneau, T. M. & Grambsch, P. M. (2000).
    Modeling Survival Data, ch. 7 (score residuals with ties).

    Examples
    --------
    >>> x = pd.DataFrame({"x": [1, 0, 1, 0, 0]})
    >>> cox_regression([1, 2, 3, 4, 5], [1, 1, 1, 0, 1], x).terms["estimate"].round(3).tolist()
    [1.439]
    """
    if ties not in TIES:
        raise UnknownNameError("treatment of ties", ties, TIES)
    waits = check_waits(time, event)
    x = numbers_in(covariates, len(waits.time))
    order = np.argsort(-waits.time, kind="stable")
    data = _Risk(waits.time[order], waits.event[order] > 0, (x - x.mean(0))[order], ties)
    beta, information, loglik = _newton(data)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    naive = np.sqrt(np.diag(covariance))
    if cluster is not None:
        groups = numbered(cluster, len(x), "cluster")[order]
        scores = np.zeros((groups.max() + 1, x.shape[1]))
        np.add.at(scores, groups, data.scores(beta))
        covariance = covariance @ scores.T @ scores @ covariance
    table = wald_table(list(covariates.columns), beta, covariance, confidence)
    table["hazard_ratio"], table["se_naive"] = np.exp(table["estimate"]), naive
    fit = pd.DataFrame(
        {"n_units": [len(x)], "events": [int(data.event.sum())], "log_likelihood": [loglik]}
    )
    errors = "model-based" if cluster is None else "robust to dependence within clusters"
    settings = {"ties": ties, "confidence": confidence, "errors": errors}
    return CoxModel(terms=table, fit=fit, settings=settings)


def numbers_in(covariates: pd.DataFrame, n: int) -> Floats:
    """Return covariates as numbers, one row for each of ``n`` waits or outcomes.

    Raises
    ------
    UsageError
        When rows or numbers are missing, or a covariate is words.
    """
    try:
        x = np.asarray(covariates.to_numpy(np.float64, na_value=np.nan), dtype=np.float64)
    except (TypeError, ValueError) as err:
        raise UsageError("covariates are numbers: write words as columns of 0 and 1") from err
    if len(x) != n or not np.isfinite(x).all():
        raise UsageError(f"covariates need {n} rows of numbers, nothing missing")
    return x


def wald_table(
    names: list[str],
    beta: Floats,
    covariance: Floats,
    confidence: float,
    df: float = float("inf"),
) -> pd.DataFrame:
    """Lay out estimates with standard error, interval, z and p.

    With ``df`` (clusters less one) the reference distribution is Student's t.

    Examples
    --------
    >>> wald_table(["x"], np.array([1.0]), np.array([[0.25]]), 0.95)["z"].tolist()
    [2.0]
    """
    from scipy.stats import t

    se = np.sqrt(np.diag(covariance))
    half = quantile(confidence, df) * se
    z = np.divide(beta, se, out=np.full(len(beta), np.nan), where=se > 0)
    return pd.DataFrame(
        {
            "term": [str(n) for n in names], "estimate": beta, "low": beta - half,
            "high": beta + half, "se": se, "z": z, "p": 2 * t.sf(np.abs(z), df),
        }
    )  # fmt: skip


@dataclass(slots=True)
class _Risk:
    """Waits from the longest to the shortest, so that risk sets are running sums."""

    time: Floats
    event: NDArray[np.bool_]
    x: Floats
    ties: str

    def steps(self) -> list[tuple[int, Floats, Ints]]:
        """Per event time: size of the risk set, share taken off per tied event, who."""
        out = []
        for t in np.unique(self.time[self.event]):
            dead = np.flatnonzero((self.time == t) & self.event)
            size = int((self.time >= t).sum())
            share = np.arange(len(dead)) / len(dead) * (self.ties == "efron")
            out.append((size, share, dead))
        return out

    def parts(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood, its gradient and the information."""
        risk = np.exp(self.x @ beta)
        s0 = np.cumsum(risk)
        s1 = np.cumsum(risk[:, None] * self.x, axis=0)
        s2 = np.cumsum(risk[:, None, None] * self.x[:, :, None] * self.x[:, None, :], axis=0)
        loglik, gradient = 0.0, np.zeros(len(beta))
        information = np.zeros((len(beta), len(beta)))
        for size, share, dead in self.steps():
            xd, rd = self.x[dead], risk[dead]
            loglik += float((xd @ beta).sum())
            gradient += xd.sum(0)
            d0, d1 = rd.sum(), (rd[:, None] * xd).sum(0)
            d2 = np.einsum("i,ij,ik->jk", rd, xd, xd)
            for f in share:
                total = s0[size - 1] - f * d0
                mean = (s1[size - 1] - f * d1) / total
                loglik -= float(np.log(total))
                gradient -= mean
                information += (s2[size - 1] - f * d2) / total - np.outer(mean, mean)
        return loglik, gradient, information

    def scores(self, beta: Floats) -> Floats:
        """Each wait's part of the gradient (score residuals, ties respected)."""
        risk = np.exp(self.x @ beta)
        s0, s1 = np.cumsum(risk), np.cumsum(risk[:, None] * self.x, axis=0)
        out = np.zeros_like(self.x)
        for size, share, dead in self.steps():
            xd, rd = self.x[dead], risk[dead]
            d0, d1 = rd.sum(), (rd[:, None] * xd).sum(0)
            for f in share:
                total = s0[size - 1] - f * d0
                mean = (s1[size - 1] - f * d1) / total
                weight = np.ones(size)
                weight[dead] -= f
                out[:size] -= (weight * risk[:size] / total)[:, None] * (self.x[:size] - mean)
                out[dead] += (xd - mean) / len(dead)
        return out


def _newton(data: _Risk) -> tuple[Floats, Floats, float]:
    beta = np.zeros(data.x.shape[1])
    loglik, gradient, information = data.parts(beta)
    for _ in range(_ROUNDS):
        if np.linalg.matrix_rank(information) < len(beta):
            raise UsageError("the covariates cannot be told apart, or nothing varies among events")
        step = np.linalg.solve(information, gradient)
        new = data.parts(beta + step)
        while new[0] < loglik - 1e-9 and np.abs(step).max() > 1e-10:
            step /= 2
            new = data.parts(beta + step)
        beta, (loglik, gradient, information) = beta + step, new
        if np.abs(step).max() < 1e-9:
            return beta, information, loglik
    raise UsageError("no finite estimate: some covariate separates events from non-events")
