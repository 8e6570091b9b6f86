"""What was seen, with no correction for chance: shares of agreement, prevalence, bias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.reliability.matrix import Matrix, encode, need_coders
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import n_categories_of, pairs, tally, times_used

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings


@check_kinds
def percent_agreement(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return the share of agreeing pairs of coders, averaged over units (0 to 1).

    Every unit that two or more coders rated counts once, however many rated it. It misleads
    when a code is rare: two coders who never use it agree on every unit.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    weights
        None for exact matches; "linear", "quadratic" or a table for partial credit.
    categories
        All categories in their order.

    References
    ----------
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.), ch. 2.

    Examples
    --------
    >>> percent_agreement([[1, 1, 1], [0, 0, None], [0, 1, 1]])
    0.7777777777777777
    """
    matrix = encode(ratings, categories)
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None)
    parts = tally(matrix.codes[None], len(matrix.categories), ["unit_pairs"])
    return float(percent_from_sums(parts, scheme).item())


def percent_from_sums(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute the (weighted) share of agreement from pairs of categories within units."""
    met = parts["unit_pairs"]
    i, j = pairs(scheme.n_categories)
    ways = np.where(i == j, 1.0, 2.0)  # a pair of coders is met in both orders
    earned = ways * (scheme.weights[i, j] + scheme.weights[j, i]) / 2
    n_units = np.tensordot(ways, met, axes=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n_units > 0, np.tensordot(earned, met, axes=1) / n_units, np.nan)


def specific_agreement(ratings: Ratings, category: object) -> float:
    """Return how often another coder of a unit gives a category, given that one did.

    Two coders: twice the units where both gave it, over all times that it was given. More
    coders: the same over all pairs. NaN when nobody gave it on a unit that two rated.

    References
    ----------
    Fleiss, J. L. (1975). Measuring agreement between two judges on the presence or absence
    of a trait. Biometrics 31, 651-659.

    Examples
    --------
    >>> specific_agreement([["a", "a"], ["a", "b"], ["b", "b"]], "a")
    0.6666666666666666
    """
    matrix = encode(ratings)
    if category not in matrix.categories:
        return float("nan")
    binary = matrix.against_rest(matrix.categories.index(category))
    return _specific(binary, 1)


def positive_agreement(ratings: Ratings, positive: object = None) -> float:
    """Return how often another coder sees the code, given that one coder did.

    The number to look at for a rare code: of the times that it was given, how many would
    another coder of the same unit confirm. Two coders: 2a / (2a + b + c). It says nothing
    about chance.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    positive
        The rating that means present; every number above 0 unless named.

    Raises
    ------
    UsageError
        When ``positive`` is not named and ratings are words, or different numbers that are
        all above 0.

    References
    ----------
    Cicchetti, D. V. & Feinstein, A. R. (1990). High agreement but low kappa: II. J. Clin.
    Epidemiol. 43, 551-558.

    Examples
    --------
    >>> round(positive_agreement([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.667
    """
    return _specific(present_or_absent(encode(ratings), positive), 1)


def negative_agreement(ratings: Ratings, positive: object = None) -> float:
    """Return how often another coder sees no code, given that one coder saw none.

    Two coders: 2d / (2d + b + c). Near 1 for every rare code, so it flatters.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    positive
        The rating that means present; every number above 0 unless named.

    Raises
    ------
    UsageError
        When ``positive`` is not named and ratings are words, or different numbers that are
        all above 0.

    References
    ----------
    Cicchetti & Feinstein (1990).

    Examples
    --------
    >>> negative_agreement([[1, 1], [1, 0], [0, 0], [0, 0]])
    0.8
    """
    return _specific(present_or_absent(encode(ratings), positive), 0)


def present_or_absent(matrix: Matrix, positive: object = None) -> Matrix:
    """Return ratings as present (1) or absent (0)."""
    if positive is not None:
        there = [c == positive for c in matrix.categories]
    else:
        there = [matrix.numeric and float(c) > 0 for c in matrix.categories]
        if not matrix.numeric or (len(there) > 1 and all(there)):
            words = ", ".join(map(str, matrix.categories))
            raise UsageError(f"which of {words} means that the code is present? Give positive=")
    lookup = np.array([*there, -1], dtype=np.int8)
    return Matrix(lookup[matrix.codes], (0, 1), matrix.coders)


def _specific(binary: Matrix, position: int) -> float:
    parts = tally(binary.codes[None], 2, ["coincidences"])
    return float(specific_from_sums(parts)[position].item())


def specific_from_sums(parts: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Compute specific agreement of every category, categories first, from coincidences."""
    o = parts["coincidences"]
    q = n_categories_of(len(o))
    i, j = pairs(q)
    given = times_used(o)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(given > 0, o[i == j] / given, np.nan)


def prevalence(ratings: Ratings, positive: object = None) -> float:
    """Return the share of all ratings that say present.

    Examples
    --------
    >>> prevalence([[1, 1], [1, 0], [0, 0], [0, 0]])
    0.375
    """
    codes = present_or_absent(encode(ratings), positive).codes
    n = int((codes >= 0).sum())
    return float((codes == 1).sum() / n) if n else float("nan")


def prevalence_index(ratings: Ratings, positive: object = None) -> float:
    """Return Byrt's prevalence index of two coders: (a - d) / n, from -1 to 1.

    a is the number of units where both saw the code, d where neither did. Near -1 for a
    rare code; the further from 0, the lower kappa stays for the same share of agreement.

    Raises
    ------
    UsageError
        When there are not two coders.

    References
    ----------
    Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. J. Clin.
    Epidemiol. 46, 423-429.

    Examples
    --------
    >>> prevalence_index([[1, 1], [1, 0], [0, 0], [0, 0]])
    -0.25
    """
    table = _two_by_two(ratings, positive, "prevalence_index")
    return float((table[1, 1] - table[0, 0]) / table.sum()) if table.sum() else float("nan")


def bias_index(ratings: Ratings, positive: object = None) -> float:
    """Return Byrt's bias index of two coders: (b - c) / n, from -1 to 1.

    b is the number of units where only the first saw the code, c where only the second
    did: positive when the first coder gives it more often.

    Raises
    ------
    UsageError
        When there are not two coders.

    References
    ----------
    Byrt, Bishop & Carlin (1993).

    Examples
    --------
    >>> bias_index([[1, 1], [1, 0], [0, 0], [0, 0]])
    0.25
    """
    table = _two_by_two(ratings, positive, "bias_index")
    return float((table[1, 0] - table[0, 1]) / table.sum()) if table.sum() else float("nan")


def _two_by_two(ratings: Ratings, positive: object, name: str) -> NDArray[np.float64]:
    matrix = present_or_absent(encode(ratings), positive)
    need_coders(matrix, 2, name, "give it two columns, or use per_pair")
    table: NDArray[np.float64] = tally(matrix.codes[None], 2, ["pair_tables"])["pair_tables"]
    return table[0, :, :, 0, 0]
