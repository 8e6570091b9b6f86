"""What is likely there, how each coder errs, and which codes cannot be told apart.

An aid to adjudication, not a verdict: a model of independent errors believes the majority
more where its coders are good, and knows nothing of the words.

References
----------
Dawid, A. P. & Skene, A. M. (1979). Maximum likelihood estimation of observer error-rates
using the EM algorithm. Applied Statistics 28, 20-28, eq. 2.3 to 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.reliability.matrix import Matrix, encode
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.reliability.cells import Ratings

    Floats = NDArray[np.float64]

_IDENTIFIED = 3  # coders from which error rates follow from the data alone
NONE = "(none)"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoderModel(Result):
    """A latent class model of what coders see."""

    main: ClassVar[str] = "posterior"
    posterior: pd.DataFrame
    """The units' names, then category (likeliest), probability, one column per category
    (``p_...``), n_ratings."""
    errors: pd.DataFrame
    """coder, true, given, probability, n (ratings expected of units that truly are so)."""
    categories: pd.DataFrame
    """category, prevalence, n_units (expected)."""
    told_apart: pd.DataFrame
    """category_a, category_b, distance (0: coders answer both alike, 1: never), confused
    (chance that a coder gives either for the other), note."""
    log_likelihood: float
    converged: bool
    note: str = ""

    def headline(self) -> str:
        """Say how sure the model is, and which pair is hardest to tell apart."""
        sure = int((self.posterior["probability"] >= 0.95).sum())
        text = f"{sure} of {len(self.posterior)} units are decided with 0.95 or more"
        if self.told_apart.empty:
            return f"{text}."
        pair = self.told_apart.iloc[0]
        return (
            f"{text}; hardest to tell apart: {pair['category_a']} and {pair['category_b']} "
            f"(distance {pair['distance']:.2f})."
        )


def coder_model(
    ratings: Ratings,
    *,
    prior: float = 0.0,
    tolerance: float = 1e-8,
    rounds: int = 2000,
) -> CoderModel:
    """Estimate true categories and coders' errors together.

    Time grows with rounds × different rows of ratings × coders × categories squared.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated. Columns of the same name are repeated
        ratings by one coder.
    prior
        Ratings added to each cell of each coder's errors, to keep small samples from 0 and 1.
    tolerance
        Stop when no probability of a category moves further than this.
    rounds
        Of EM at most.

    Raises
    ------
    UsageError
        When nobody rated anything, or the prior is negative.

    References
    ----------
    Dawid & Skene (1979), eq. 2.3 (errors), 2.4 (prevalence), 2.5 (categories); starting
    values 3.1.

    Examples
    --------
    >>> found = coder_model([["w", "w", "w"], ["w", "w", "c"], ["c", "c", "c"], ["c", "c", "c"]])
    >>> found.posterior["category"].tolist()
    ['w', 'w', 'c', 'c']
    """
    matrix = encode(ratings)
    if prior < 0:
        raise UsageError(f"prior={prior}: give 0 or more")
    if not (matrix.codes >= 0).any():
        raise UsageError("nobody rated anything")
    counts, coders = _counts(matrix)
    rated = counts.sum(axis=(1, 2)) > 0
    fitted = _fit(counts[rated], prior, tolerance, rounds)
    index = ratings.index if isinstance(ratings, pd.DataFrame) else pd.RangeIndex(len(counts))
    names = [str(c) for c in matrix.categories]
    return CoderModel(
        posterior=_posterior(index[rated], fitted.there, names, counts[rated]),
        errors=_errors(fitted, names, coders),
        categories=pd.DataFrame(
            {
                "category": names,
                "prevalence": fitted.prevalence,
                "n_units": fitted.there.sum(axis=0),
            }
        ),
        told_apart=_told_apart(fitted, names),
        log_likelihood=fitted.log_likelihood,
        converged=fitted.converged,
        note=_note(len(coders), fitted),
        settings={"prior": prior, "tolerance": tolerance, "rounds": rounds},
    )


@check_kinds
def one_of(notes: Annotations, codes: Sequence[str], unit: str = "turn") -> pd.DataFrame:
    """Return which one of several codes each coder gave on each unit, for ``coder_model``.

    Parameters
    ----------
    notes
        Coding by several coders.
    codes
        Codes to choose between; several on one unit are joined by "+", none is "(none)".
    unit
        Kind of unit.

    Returns
    -------
    Units × coders; None where some of the codes were not rated.

    Raises
    ------
    UnknownNameError
        When a code is not known.
    UsageError
        When fewer than two codes are named.
    """
    if len(codes) < 2:
        raise UsageError("name two codes or more, which might be taken for each other")
    tables = {code: notes.ratings(code, unit) for code in codes}
    index = tables[codes[0]].index
    for table in tables.values():
        index = index.intersection(table.index, sort=False)
    out = pd.DataFrame("", index=index, columns=list(notes.coders), dtype=object)
    unrated = pd.DataFrame(False, index=index, columns=list(notes.coders))
    for code, table in tables.items():
        own = table.loc[index]
        absent = notes.codebook[code].scale.absent
        unrated |= own.isna()
        given = own.notna() & (own != absent)
        out = out.mask(given, out.where(out == "", out + "+") + code)
    return out.mask(out == "", NONE).mask(unrated, None)


@dataclass(frozen=True, eq=False, slots=True)
class _Fitted:
    there: Floats
    """Units × categories: probability of each."""
    prevalence: Floats
    errors: Floats
    """Coders × true × given."""
    expected: Floats
    """Coders × true: ratings of units that truly are so."""
    log_likelihood: float
    converged: bool


def _counts(matrix: Matrix) -> tuple[Floats, list[str]]:
    """Return units × coders × categories: how often a coder gave a category to a unit."""
    coders = list(dict.fromkeys(matrix.coders))
    counts = np.zeros((matrix.codes.shape[1], len(coders), len(matrix.categories)))
    for k, name in enumerate(matrix.coders):
        rated = np.flatnonzero(matrix.codes[k] >= 0)
        counts[rated, coders.index(name), matrix.codes[k, rated]] += 1
    return counts, coders


def _fit(all_counts: Floats, prior: float, tolerance: float, rounds: int) -> _Fitted:
    """Alternate between both steps; units with the same ratings are computed once."""
    counts, unit, times = np.unique(all_counts, axis=0, return_inverse=True, return_counts=True)
    there = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    converged = False
    for _ in range(rounds):
        prevalence, errors, expected = _maximize(counts, there, times, prior)
        logs = _logs(counts, prevalence, errors)
        top = logs.max(axis=1, keepdims=True)
        each = np.exp(logs - top)
        before, there = there, each / each.sum(axis=1, keepdims=True)
        likelihood = float(times @ (np.log(each.sum(axis=1)) + top[:, 0]))
        if np.abs(there - before).max() < tolerance:
            converged = True
            break
    return _Fitted(there[unit.ravel()], prevalence, errors, expected, likelihood, converged)


def _maximize(
    counts: Floats, there: Floats, times: NDArray[np.intp], prior: float
) -> tuple[Floats, Floats, Floats]:
    weighted = there * times[:, None]
    met = np.einsum("uc,ukg->kcg", weighted, counts) + prior
    expected = met.sum(axis=2)
    errors = np.divide(met, expected[:, :, None], out=np.zeros_like(met), where=met > 0)
    return weighted.sum(axis=0) / times.sum(), errors, expected


def _logs(counts: Floats, prevalence: Floats, errors: Floats) -> Floats:
    """Return the log probability of each unit's ratings with each category (eq. 2.5)."""
    smallest = np.finfo(np.float64).tiny
    logs = np.einsum("ukg,kcg->uc", counts, np.log(np.maximum(errors, smallest)))
    return np.asarray(logs + np.log(np.maximum(prevalence, smallest)))


def _posterior(index: pd.Index, there: Floats, names: list[str], counts: Floats) -> pd.DataFrame:
    best = there.argmax(axis=1)
    frame = pd.DataFrame(there, columns=[f"p_{n}" for n in names])
    frame.insert(0, "category", np.array(names, dtype=object)[best])
    frame.insert(1, "probability", there.max(axis=1))
    frame["n_ratings"] = counts.sum(axis=(1, 2)).astype(int)
    units = index.to_frame(index=False)
    units.columns = [c if isinstance(c, str) else "unit" for c in units.columns]
    return pd.concat([units, frame], axis=1)


def _errors(fitted: _Fitted, names: list[str], coders: list[str]) -> pd.DataFrame:
    rows = [
        (coder, true, given, fitted.errors[k, i, j], fitted.expected[k, i])
        for k, coder in enumerate(coders)
        for i, true in enumerate(names)
        for j, given in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["coder", "true", "given", "probability", "n"])


def _told_apart(fitted: _Fitted, names: list[str]) -> pd.DataFrame:
    """Compare how coders answer each two categories, the hardest pair first."""
    weight = fitted.expected.sum(axis=1)
    rows = []
    for a, b in combinations(range(len(names)), 2):
        distance = np.abs(fitted.errors[:, a] - fitted.errors[:, b]).sum(axis=1) / 2
        mistaken = (fitted.errors[:, a, b] + fitted.errors[:, b, a]) / 2
        apart = float(np.average(distance, weights=weight))
        note = "coders hardly tell them apart" if apart < 0.5 else ""
        rows.append((names[a], names[b], apart, float(np.average(mistaken, weights=weight)), note))
    columns = ["category_a", "category_b", "distance", "confused", "note"]
    return pd.DataFrame(rows, columns=columns).sort_values("distance", ignore_index=True)


def _note(n_coders: int, fitted: _Fitted) -> str:
    said = []
    if n_coders < _IDENTIFIED:
        said.append(f"{n_coders} coder(s): error rates do not follow from the data alone")
    if (fitted.prevalence * len(fitted.there) < 5).any():
        said.append("some category is expected on fewer than 5 units")
    if not fitted.converged:
        said.append("not converged: give more rounds")
    return "; ".join(said)
