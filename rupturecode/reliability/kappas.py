"""Chance-corrected agreement of several coders: Fleiss, Conger, Light, Hubert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.reliability.kappa import beyond_chance, observed_and_expected
from rupturecode.reliability.matrix import encode
from rupturecode.reliability.observed import percent_from_sums
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

    Parts = Mapping[str, NDArray[np.float64]]


@check_kinds
def fleiss_kappa(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Fleiss' kappa, for equal or unequal numbers of ratings per unit.

    Agreement of pairs within a unit, against chance drawn from all ratings together: coders
    are interchangeable, and need not be the same people for every unit. Units with one
    rating help to estimate chance only.

    It misleads when a code is rare, and says nothing about any one coder.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    weights
        None, "linear", "quadratic", or a table of agreement weights.
    categories
        All categories in their order.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychol.
    Bull. 76, 378-382. Unequal numbers: Gwet (2014), ch. 2.

    Examples
    --------
    >>> round(fleiss_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]), 3)
    0.333
    """
    return _compute(ratings, weights, categories, ("unit_pairs", "rated"), fleiss_from_sums)


@check_kinds
def conger_kappa(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Conger's kappa, the extension of Cohen's to several coders.

    As Fleiss' kappa, but chance is what these very coders with their own habits would reach,
    so habits that differ are not counted as disagreement expected by chance. With two
    coders and no gaps it is Cohen's kappa.

    It misleads when a code is rare, and when coders rated different units, since habits and
    units then mix.

    References
    ----------
    Conger, A. J. (1980). Integration and generalization of kappas for multiple raters.
    Psychol. Bull. 88, 322-328. Gaps: Gwet (2014), ch. 2.

    Examples
    --------
    >>> round(conger_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]), 3)
    0.333
    """
    needs = ("unit_pairs", "coder_margins")
    return _compute(ratings, weights, categories, needs, conger_from_sums)


@check_kinds
def light_kappa(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Light's kappa: the mean of Cohen's kappa over all pairs of coders.

    Each pair is judged on the units both rated; pairs that share none are left out. It
    misleads when pairs share very different numbers of units, since each pair counts the
    same, and is undefined as soon as one pair is (both used one category only): see
    hubert_kappa.

    References
    ----------
    Light, R. J. (1971). Measures of response agreement for qualitative data. Psychol. Bull.
    76, 365-377.

    Examples
    --------
    >>> round(light_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]), 3)
    0.333
    """
    return _compute(ratings, weights, categories, ("pair_tables",), light_from_sums)


@check_kinds
def hubert_kappa(
    ratings: Ratings, weights: Weights = None, *, categories: Iterable[Any] | None = None
) -> float:
    """Return Hubert's kappa: pairwise agreement and chance, each averaged over pairs first.

    Each pair is judged on the units both rated; pairs that share none are left out. Without
    gaps it equals Conger's kappa. It misleads when a code is rare.

    References
    ----------
    Hubert, L. (1977). Kappa revisited. Psychol. Bull. 84, 289-297. Warrens, M. J. (2010).
    Inequalities between multi-rater kappas. Adv. Data Anal. Classif. 4, 271-286.

    Examples
    --------
    >>> round(hubert_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]), 3)
    0.333
    """
    return _compute(ratings, weights, categories, ("pair_tables",), hubert_from_sums)


def _compute(
    ratings: Ratings,
    weights: Weights,
    categories: Iterable[Any] | None,
    needs: Sequence[str],
    from_sums: Callable[[Parts, Scheme], NDArray[np.float64]],
) -> float:
    matrix = encode(ratings, categories)
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None)
    parts = tally(matrix.codes[None], len(matrix.categories), needs)
    return float(from_sums(parts, scheme).item())


def shares_of_ratings(parts: Parts) -> NDArray[np.float64]:
    """Return the share of each category, each rated unit counting once."""
    rated = parts["rated"]
    with np.errstate(divide="ignore", invalid="ignore"):
        share: NDArray[np.float64] = rated / rated.sum(axis=0)
    return share


def fleiss_chance(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Return agreement by chance when everybody draws from the ratings of all."""
    share = shares_of_ratings(parts)
    chance: NDArray[np.float64] = np.einsum("vw,v...,w...->...", scheme.weights, share, share)
    return chance


def fleiss_from_sums(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Compute Fleiss' kappa from pairs within units and shares of categories."""
    return beyond_chance(percent_from_sums(parts, scheme), fleiss_chance(parts, scheme))


def conger_chance(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Return agreement by chance when each coder keeps to their own habits."""
    margins = parts["coder_margins"]
    n = margins.sum(axis=1, keepdims=True)
    habits = margins / np.maximum(n, 1)
    r = (n[:, 0] > 0).sum(axis=0)
    total = habits.sum(axis=0)
    everyone = np.einsum("vw,v...,w...->...", scheme.weights, total, total)
    themselves = np.einsum("vw,kv...,kw...->...", scheme.weights, habits, habits)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(r > 1, (everyone - themselves) / (r * (r - 1)), np.nan)


def conger_from_sums(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Compute Conger's kappa from pairs within units and coders' margins."""
    return beyond_chance(percent_from_sums(parts, scheme), conger_chance(parts, scheme))


def light_from_sums(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Compute the mean of pairwise kappas over pairs that share units."""
    observed, expected = observed_and_expected(parts["pair_tables"], scheme)
    share_units = ~np.isnan(observed)
    kappas = np.where(share_units, beyond_chance(observed, expected), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: NDArray[np.float64] = kappas.sum(axis=0) / share_units.sum(axis=0)
    return mean


def hubert_from_sums(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    """Compute Hubert's kappa over pairs that share units."""
    observed, expected = observed_and_expected(parts["pair_tables"], scheme)
    share_units = ~np.isnan(observed)
    n = np.maximum(share_units.sum(axis=0), 1)
    seen = np.where(share_units, observed, 0.0).sum(axis=0) / n
    chance = np.where(share_units, expected, 1.0).sum(axis=0)
    chance = (chance - (~share_units).sum(axis=0)) / n
    return np.where(share_units.any(axis=0), beyond_chance(seen, chance), np.nan)
