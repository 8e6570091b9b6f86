"""Krippendorff's alpha: observed over expected disagreement, at any level, with any gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.reliability.matrix import Matrix, centered, encode
from rupturecode.reliability.scheme import Level, Scheme, scheme_of
from rupturecode.reliability.tally import (
    pairs,
    tally,
    times_used,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

_ORDINARY = 200_000  # units × categories²; beyond it the krippendorff package is slow or fails


@check_kinds
def krippendorff_alpha(
    ratings: Ratings, level: Level = "nominal", *, categories: Iterable[Any] | None = None
) -> float:
    """Return Krippendorff's alpha.

    One minus the disagreement within units, over the disagreement expected if the same
    ratings were dealt out to the units at random. A unit enters with as many ratings as it
    has, so coders may miss units; units with a single rating are left out, as the
    definition says. Ordinary sizes go through the ``krippendorff`` package, larger ones and
    differences of your own through our count tables, which are tested to agree with it.

    It misleads when a code is rare: a handful of disagreements on a marker of two per cent
    prevalence gives a low alpha however good the coders are elsewhere. Read it beside
    positive and negative agreement.

    Parameters
    ----------
    ratings
        Units × coders: frame, array or list of rows; numbers or words; None or NaN where
        not rated.
    level
        "nominal", "ordinal", "interval", "ratio", or a function of two values that returns
        their disagreement (already squared where that is wanted; 0 when equal).
    categories
        All categories in their order; needed for ordinal words.

    Returns
    -------
    Alpha, 1 for perfect and 0 for chance agreement; NaN where no unit has two ratings or
    all ratings fall into one category.

    Raises
    ------
    UnknownNameError
        When there is no such level.
    UsageError
        When the ratings do not allow the level.

    References
    ----------
    Krippendorff, K. (2004). Content analysis (2nd ed.), ch. 11. Krippendorff, K. (2011).
    Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 1], [0, 1], [0, 0], [0, None]]), 3)
    0.444
    """
    matrix = encode(ratings, categories)
    scheme = scheme_of(matrix, level=level, ordered=categories is not None)
    size = matrix.codes.shape[1] * len(matrix.categories) ** 2
    if scheme.differences is None and size <= _ORDINARY:
        return _trusted_alpha(matrix, scheme)
    if scheme.level == "interval":
        return float(alpha_of_numbers(spread(centered(matrix.values())[None]), scheme).item())
    parts = tally(matrix.codes[None], len(matrix.categories), ["coincidences"])
    return float(alpha_from_sums(parts, scheme).item())


def _trusted_alpha(matrix: Matrix, scheme: Scheme) -> float:
    """Ask the krippendorff package, which refuses what is undefined."""
    pairable = matrix.codes[:, (matrix.codes >= 0).sum(axis=0) >= 2]
    used = Matrix(pairable, matrix.categories, matrix.coders).used()
    if len(used) < 2:
        return float("nan")
    import krippendorff

    counts = np.stack([(pairable == v).sum(axis=0) for v in used], axis=1)
    scores = scheme.scores if len(scheme.scores) else np.arange(scheme.n_categories)
    return float(
        krippendorff.alpha(
            value_counts=counts,
            value_domain=scores[used].tolist(),
            level_of_measurement=scheme.level,  # type: ignore[arg-type]
        )
    )


def alpha_from_sums(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute alpha from coincidences, over any trailing axes at once.

    With o the coincidences, n_c their margins and d the differences, alpha is
    1 - (n - 1) * sum(o * d) / sum(n_c * n_k * d).
    """
    observed, expected = _disagreement(parts["coincidences"], scheme)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1.0 - observed / expected, np.nan)


def observed_disagreement(ratings: Ratings, level: Level = "nominal") -> float:
    """Return alpha's observed disagreement: the mean difference within units.

    References
    ----------
    Krippendorff (2004), ch. 11.

    Examples
    --------
    >>> observed_disagreement([[1, 1], [0, 1], [0, 0], [0, 0]])
    0.25
    """
    return _one_disagreement(ratings, level, 0)


def expected_disagreement(ratings: Ratings, level: Level = "nominal") -> float:
    """Return alpha's expected disagreement: the mean difference of any two ratings.

    References
    ----------
    Krippendorff (2004), ch. 11.

    Examples
    --------
    >>> round(expected_disagreement([[1, 1], [0, 1], [0, 0], [0, 0]]), 3)
    0.536
    """
    return _one_disagreement(ratings, level, 1)


def _one_disagreement(ratings: Ratings, level: Level, which: int) -> float:
    matrix = encode(ratings)
    parts = tally(matrix.codes[None], len(matrix.categories), ["coincidences"])
    return float(_disagreement(parts["coincidences"], scheme_of(matrix, level=level))[which].item())


def _disagreement(
    o: NDArray[np.float64], scheme: Scheme
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return observed and expected disagreement; NaN where nothing can be paired."""
    q = scheme.n_categories
    n_c = times_used(o)
    n = n_c.sum(axis=0)
    i, j = pairs(q)
    apart = i != j
    i, j = i[apart], j[apart]
    d = _differences(scheme, i, j, n_c)
    within = 2 * (d * o[apart]).sum(axis=0)
    anywhere = 2 * (d * n_c[i] * n_c[j]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return within / n, anywhere / (n * (n - 1))


def spread(
    values: NDArray[np.float64], groups: NDArray[np.intp] | None = None, n_groups: int = 1
) -> dict[str, NDArray[np.float64]]:
    """Sum what alpha of numbers needs, however many different numbers there are.

    Values are codes × coders × units. The part has, first axis, the squared differences
    within units, the number of ratings, their sum and their sum of squares; units with one
    rating are left out.
    """
    rated = ~np.isnan(values)
    m = rated.sum(axis=1)
    kept = np.where(rated & (m > 1)[:, None], values, 0.0)
    total, squares = kept.sum(axis=1), (kept**2).sum(axis=1)
    m = np.where(m > 1, m, 0)
    within = 2 * (m * squares - total**2) / np.maximum(m - 1, 1)
    where = np.zeros(values.shape[-1], dtype=np.intp) if groups is None else groups
    out = np.zeros((4, len(values), n_groups))
    for f, feature in enumerate((within, m, total, squares)):
        for c in range(len(values)):
            out[f, c] = np.bincount(where, weights=feature[c], minlength=n_groups)
    return {"spread": out}


def alpha_of_numbers(
    parts: Mapping[str, NDArray[np.float64]], scheme: Scheme
) -> NDArray[np.float64]:
    """Compute interval alpha from the spread of numbers within units and altogether."""
    del scheme
    within, n, total, squares = parts["spread"]
    anywhere = 2 * (n * squares - total**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1.0 - (n - 1) * within / anywhere
        return np.where(anywhere > 1e-12 * np.abs(n * squares), alpha, np.nan)


def _differences(
    scheme: Scheme, i: NDArray[np.intp], j: NDArray[np.intp], n_c: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the squared differences of category pairs, with axes after the first to fit."""
    to_fit = (len(i), *(1,) * (n_c.ndim - 1))
    if scheme.differences is not None:
        return scheme.differences[i, j].reshape(to_fit)
    if scheme.level == "nominal":
        return np.ones(to_fit)
    if scheme.level == "ordinal":
        middle = np.cumsum(n_c, axis=0) - n_c / 2
        ranks: NDArray[np.float64] = middle[i] - middle[j]
        return ranks**2
    a, b = scheme.scores[i], scheme.scores[j]
    if scheme.level == "interval":
        return np.asarray((a - b) ** 2).reshape(to_fit)
    return np.asarray(((a - b) / (a + b)) ** 2).reshape(to_fit)
