"""Chance as even odds between the categories: Brennan-Prediger and PABAK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.reliability.kappa import beyond_chance
from rupturecode.reliability.matrix import Matrix, encode
from rupturecode.reliability.observed import percent_from_sums, present_or_absent
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import tally, times_used

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings


@check_kinds
def brennan_prediger(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return the Brennan-Prediger coefficient: chance is one over the number of categories.

    Also known as Bennett's S (two coders) and Randolph's free-marginal kappa (several).

    It misleads when a scale has categories that nobody uses: each one added lowers chance
    and raises the coefficient. Name ``categories`` so that their number is the scale's and
    not the sample's.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    weights
        None, "linear", "quadratic", or a table of agreement weights.
    categories
        All categories in their order; those seen unless given.

    Returns
    -------
    The coefficient; NaN where all ratings fall into one category, since agreement on it
    cannot be told from not looking.

    References
    ----------
    Brennan, R. L. & Prediger, D. J. (1981). Coefficient kappa. Educ. Psychol. Meas. 41,
    687-699. Bennett, Alpert & Goldstein (1954). Randolph, J. J. (2005). Free-marginal
    multirater kappa.

    Examples
    --------
    >>> round(brennan_prediger([["Y", "Y", "Y"], ["Y", "Y", "N"], ["N", "N", "Y"]]), 3)
    0.111
    """
    matrix = encode(ratings, categories)
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None)
    parts = tally(matrix.codes[None], len(matrix.categories), ["unit_pairs"])
    return float(uniform_from_sums(parts, scheme).item())


def pabak(ratings: Ratings, positive: object = None) -> float:
    """Return the prevalence- and bias-adjusted kappa: twice the share of agreement, less one.

    For present-or-absent codes. It answers what kappa would be if the code were present half
    of the time and coders gave it equally often: read it beside kappa, with the prevalence
    and bias index, never instead. It misleads for rare codes, where it is always high.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    positive
        The rating that means present, where there are more than two: every number above 0
        unless named.

    References
    ----------
    Byrt, Bishop & Carlin (1993). Bias, prevalence and kappa. J. Clin. Epidemiol. 46,
    423-429.

    Examples
    --------
    >>> pabak([[1, 1], [1, 0], [0, 0], [0, 0]])
    0.5
    """
    matrix = encode(ratings)
    if positive is not None or len(matrix.categories) > 2:
        matrix = present_or_absent(matrix, positive)
    two = Matrix(matrix.codes, (0, 1), matrix.coders)  # which two does not matter
    parts = tally(two.codes[None], 2, ["unit_pairs"])
    return float(uniform_from_sums(parts, scheme_of(two)).item())


def uniform_chance(parts: Mapping[str, NDArray[np.float64]], scheme: Scheme) -> NDArray[np.float64]:
    """Return agreement by chance when every category is as likely as another."""
    q = max(scheme.n_categories, 1)
    return np.full(parts["unit_pairs"].shape[1:], scheme.weights.sum() / q**2)


def uniform_from_sums(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute the coefficient with even chances for every category."""
    kappa = beyond_chance(percent_from_sums(parts, scheme), uniform_chance(parts, scheme))
    several = categories_in_use(parts["unit_pairs"]) > 1
    return np.where(several, kappa, np.nan)


def categories_in_use(met: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the categories that were used on units with two ratings."""
    count: NDArray[np.int64] = (times_used(met) > 0).sum(axis=0)
    return count
