"""Gwet's AC1 and AC2: chance shrinks as one category comes to dominate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.reliability.kappa import beyond_chance
from rupturecode.reliability.kappas import shares_of_ratings
from rupturecode.reliability.matrix import encode
from rupturecode.reliability.observed import percent_from_sums
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import tally
from rupturecode.reliability.uniform import categories_in_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings


@check_kinds
def gwet_ac(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Gwet's AC1, or AC2 when weights are given.

    Chance agreement is the share of pairs that would agree if ratings of hard units only
    were random; it is largest for balanced categories and falls towards 0 as one dominates.

    It misleads in the other direction than kappa: for a rare code it is high almost
    whatever coders do, even where no two of them ever agree that the code is present. Read
    it beside positive agreement.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    weights
        None for AC1; "linear", "quadratic" or a table of agreement weights for AC2.
    categories
        All categories in their order; those seen unless given.

    Returns
    -------
    The coefficient; NaN where all ratings fall into one category, since agreement on it
    cannot be told from not looking.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence
    of high agreement. Br. J. Math. Stat. Psychol. 61, 29-48. Gwet (2014), ch. 2-4.

    Examples
    --------
    >>> round(gwet_ac([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.529
    """
    matrix = encode(ratings, categories)
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None)
    parts = tally(matrix.codes[None], len(matrix.categories), ["unit_pairs", "rated"])
    return float(gwet_from_sums(parts, scheme).item())


def gwet_chance(parts: Mapping[str, NDArray[np.float64]], scheme: Scheme) -> NDArray[np.float64]:
    """Return Gwet's agreement by chance, largest for balanced categories."""
    q = max(scheme.n_categories, 2)
    share = shares_of_ratings(parts)
    hard = scheme.weights.sum() / (q * (q - 1))
    return np.asarray(hard * (share * (1 - share)).sum(axis=0))


def gwet_from_sums(parts: Mapping[str, NDArray[np.float64]], scheme: Scheme) -> NDArray[np.float64]:
    """Compute AC1 or AC2 from pairs within units and shares of categories."""
    kappa = beyond_chance(percent_from_sums(parts, scheme), gwet_chance(parts, scheme))
    several = categories_in_use(parts["unit_pairs"]) > 1
    return np.where(several, kappa, np.nan)
