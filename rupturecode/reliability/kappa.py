"""Chance-corrected agreement of two coders: Cohen's kappa and Scott's pi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.reliability.matrix import Matrix, encode, need_coders
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

_INSTEAD = "use conger_kappa, light_kappa, fleiss_kappa, or per_pair for each two of them"
_ORDINARY = 100_000  # units; beyond it our own counts are quicker


@check_kinds
def cohen_kappa(
    ratings: Ratings, weights: Weights = None, categories: Iterable[Any] | None = None
) -> float:
    """Return Cohen's kappa of two coders, plain or weighted.

    The share of agreement beyond chance, where chance is what two coders with these very
    habits would reach if they rated blindly. Units that either coder missed are left out.
    Without own weights it goes through scikit-learn.

    It misleads when a code is rare (the same share of agreement earns a lower kappa) and
    when coders use a code unequally often (they earn a higher one). Weights follow the
    place of a category in ``categories``; without it, only categories that somebody used
    have a place, so name them all for a rating scale.

    Parameters
    ----------
    ratings
        Units × two coders; None or NaN where not rated.
    weights
        None, "linear", "quadratic", or a table of agreement weights (1 on the diagonal) in
        the order of ``categories``.
    categories
        All categories in their order.

    Returns
    -------
    Kappa; NaN where no unit was rated by both or both used one and the same category only.

    Raises
    ------
    UsageError
        When there are not two coders, or weighted words have no order.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educ. Psychol. Meas.
    20, 37-46. Cohen, J. (1968). Weighted kappa. Psychol. Bull. 70, 213-220.

    Examples
    --------
    >>> round(cohen_kappa([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.5
    """
    matrix = encode(ratings, categories)
    need_coders(matrix, 2, "cohen_kappa", _INSTEAD)
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None, by_value=False)
    own = weights is not None and not isinstance(weights, str)
    if own or matrix.codes.shape[1] > _ORDINARY:
        return float(cohen_from_sums(_table(matrix), scheme).item())
    return _trusted_kappa(matrix, weights)


def _trusted_kappa(matrix: Matrix, weights: Weights) -> float:
    """Ask scikit-learn, which warns about what is undefined."""
    both = matrix.codes[:, (matrix.codes >= 0).all(axis=0)]
    if not both.size or both.min() == both.max():
        return float("nan")
    from sklearn.metrics import cohen_kappa_score

    labels = list(range(len(matrix.categories)))
    return float(cohen_kappa_score(both[0], both[1], weights=weights, labels=labels))


@check_kinds
def scott_pi(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Scott's pi of two coders.

    As Cohen's kappa, but chance is drawn from both coders' ratings put together: right
    when coders are interchangeable, and never helped by coders who differ in habit. Units
    that either coder missed are left out.

    It misleads when a code is rare, as kappa does.

    Raises
    ------
    UsageError
        When there are not two coders.

    References
    ----------
    Scott, W. A. (1955). Reliability of content analysis. Public Opinion Quarterly 19,
    321-325.

    Examples
    --------
    >>> round(scott_pi([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.467
    """
    matrix = encode(ratings, categories)
    need_coders(matrix, 2, "scott_pi", "use fleiss_kappa, its extension to several coders")
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None)
    return float(scott_from_sums(_table(matrix), scheme).item())


@check_kinds
def cohen_kappa_max(ratings: Ratings, categories: Iterable[Any] | None = None) -> float:
    """Return the largest kappa that two coders with these habits could have reached.

    Coders who use a category unequally often cannot agree fully; the distance from kappa to
    this figure is disagreement on units, the distance from there to 1 is bias.

    References
    ----------
    Cohen (1960), p. 42.

    Examples
    --------
    >>> round(cohen_kappa_max([[1, 1], [1, 0], [0, 0], [0, 0]]), 3)
    0.5
    """
    matrix = encode(ratings, categories)
    need_coders(matrix, 2, "cohen_kappa_max", _INSTEAD)
    counts = _table(matrix)["pair_tables"][0, :, :, 0, 0]
    if not counts.sum():
        return float("nan")
    first, second = counts.sum(axis=1) / counts.sum(), counts.sum(axis=0) / counts.sum()
    best = np.minimum(first, second).sum()
    return float(beyond_chance(best, np.asarray(first @ second)).item())


def _table(matrix: Matrix) -> dict[str, NDArray[np.float64]]:
    return tally(matrix.codes[None], len(matrix.categories), ["pair_tables"])


def cohen_from_sums(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute Cohen's kappa from the cross-table of the only pair of coders."""
    observed, expected = observed_and_expected(parts["pair_tables"], scheme)
    return beyond_chance(observed[0], expected[0])


def scott_from_sums(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute Scott's pi from the cross-table of the only pair of coders."""
    tables = parts["pair_tables"]
    both_ways = (tables + np.swapaxes(tables, 1, 2)) / 2
    observed, expected = observed_and_expected(both_ways, scheme)
    return beyond_chance(observed[0], expected[0])


def observed_and_expected(
    tables: NDArray[np.float64], scheme: Scheme
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weighted agreement seen and expected of every pair of coders.

    Tables are coder pairs × categories × categories × anything; NaN for a pair that shares
    no unit.
    """
    n = tables.sum(axis=(1, 2))
    p = tables / np.maximum(n, 1)[:, None, None]
    first, second = p.sum(axis=2), p.sum(axis=1)
    weights = scheme.weights
    seen = np.einsum("vw,avw...->a...", weights, p)
    chance = np.einsum("vw,av...,aw...->a...", weights, first, second)
    return np.where(n > 0, seen, np.nan), np.where(n > 0, chance, np.nan)


def beyond_chance(
    observed: NDArray[np.float64], expected: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return (observed - expected) / (1 - expected); NaN where chance alone agrees fully."""
    with np.errstate(divide="ignore", invalid="ignore"):
        room = 1.0 - expected
        return np.where(room > 1e-12, (observed - expected) / room, np.nan)
