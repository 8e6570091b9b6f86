"""The agreement that each coefficient puts down to chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError
from rupturecode.reliability.gwet import gwet_chance
from rupturecode.reliability.kappa import observed_and_expected
from rupturecode.reliability.kappas import conger_chance, fleiss_chance
from rupturecode.reliability.matrix import encode, need_coders
from rupturecode.reliability.scheme import Scheme, Weights, scheme_of
from rupturecode.reliability.tally import tally
from rupturecode.reliability.uniform import uniform_chance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

    Parts = Mapping[str, NDArray[np.float64]]


@check_kinds
def expected_agreement(
    ratings: Ratings,
    coefficient: str = "cohen_kappa",
    weights: Weights = None,
    *,
    categories: Iterable[Any] | None = None,
) -> float:
    """Return the agreement that a coefficient expects of chance alone.

    What sets the coefficients apart: for a rare code kappa and pi expect nearly full
    agreement by chance, AC1 nearly none, Brennan and Prediger one over the categories.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        "cohen_kappa" (two coders), "fleiss_kappa" (Scott's pi with two), "conger_kappa",
        "brennan_prediger" or "gwet_ac".
    weights
        None, "linear", "quadratic", or a table of agreement weights.
    categories
        All categories in their order.

    Raises
    ------
    UnknownNameError
        When the coefficient has no expected agreement.
    UsageError
        When Cohen's is asked for and there are not two coders.

    References
    ----------
    Gwet (2014), ch. 2; Cohen (1960).

    Examples
    --------
    >>> rare = [[1, 0], [0, 0], [0, 0], [0, 0], [0, 0]]
    >>> [round(expected_agreement(rare, c), 2) for c in ("fleiss_kappa", "gwet_ac")]
    [0.82, 0.18]
    """
    if coefficient not in _CHANCE:
        raise UnknownNameError("coefficient with expected agreement", coefficient, _CHANCE)
    matrix = encode(ratings, categories)
    by_value = coefficient != "cohen_kappa"
    if coefficient == "cohen_kappa":
        need_coders(matrix, 2, "cohen_kappa", "use conger_kappa, its extension to several")
    scheme = scheme_of(matrix, weights=weights, ordered=categories is not None, by_value=by_value)
    needs, chance = _CHANCE[coefficient]
    parts = tally(matrix.codes[None], len(matrix.categories), needs)
    return float(chance(parts, scheme).item())


def _cohen_chance(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    _, expected = observed_and_expected(parts["pair_tables"], scheme)
    return np.asarray(expected[0])


_CHANCE: dict[str, tuple[tuple[str, ...], Callable[[Parts, Scheme], NDArray[np.float64]]]] = {
    "cohen_kappa": (("pair_tables",), _cohen_chance),
    "fleiss_kappa": (("rated",), fleiss_chance),
    "conger_kappa": (("coder_margins",), conger_chance),
    "brennan_prediger": (("unit_pairs",), uniform_chance),
    "gwet_ac": (("rated",), gwet_chance),
}
