"""Laws that every coefficient keeps, on matrices that nobody chose."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rupturecode import reliability as rel

SEVERAL = {
    "percent_agreement": rel.percent_agreement,
    "krippendorff_alpha": rel.krippendorff_alpha,
    "alpha ordinal": lambda r: rel.krippendorff_alpha(r, "ordinal"),
    "alpha interval": lambda r: rel.krippendorff_alpha(r, "interval"),
    "fleiss_kappa": rel.fleiss_kappa,
    "conger_kappa": rel.conger_kappa,
    "light_kappa": rel.light_kappa,
    "hubert_kappa": rel.hubert_kappa,
    "brennan_prediger": rel.brennan_prediger,
    "gwet_ac": rel.gwet_ac,
    "ICC(1)": lambda r: rel.icc(r, "ICC(1)"),
    "ICC(A,1)": rel.icc,
    "ICC(C,k)": lambda r: rel.icc(r, "ICC(C,k)"),
}
NOMINAL = [
    "percent_agreement", "krippendorff_alpha", "fleiss_kappa", "conger_kappa",
    "light_kappa", "hubert_kappa", "brennan_prediger", "gwet_ac",
]  # fmt: skip
FEW = settings(max_examples=25, deadline=None)

cells = st.sampled_from([0.0, 1.0, 2.0, 3.0, math.nan])
matrices = st.tuples(st.integers(2, 12), st.integers(2, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=cells)
)


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("name", SEVERAL)
@FEW
@given(ratings=matrices, seed=st.integers(0, 99))
def test_the_order_of_units_and_coders_does_not_matter(
    name: str, ratings: np.ndarray, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(rng.permutation(ratings, axis=0), axis=1)
    assert same(SEVERAL[name](ratings), SEVERAL[name](shuffled))


@pytest.mark.parametrize("name", NOMINAL)
@FEW
@given(ratings=matrices, names=st.permutations(["b", "a", "d", "c"]))
def test_the_names_of_categories_do_not_matter(
    name: str, ratings: np.ndarray, names: list[str]
) -> None:
    words = [[None if math.isnan(c) else names[int(c)] for c in row] for row in ratings]
    assert same(SEVERAL[name](ratings), SEVERAL[name](words))


@pytest.mark.parametrize("name", SEVERAL)
@FEW
@given(ratings=matrices)
def test_no_coefficient_exceeds_one(name: str, ratings: np.ndarray) -> None:
    value = SEVERAL[name](ratings)
    assert math.isnan(value) or value <= 1 + 1e-12


@pytest.mark.parametrize("name", SEVERAL)
@FEW
@given(truth=arrays(float, st.integers(3, 12), elements=st.sampled_from([0.0, 1.0, 2.0])))
def test_full_agreement_is_one(name: str, truth: np.ndarray) -> None:
    assume(len(np.unique(truth)) > 1)
    assert SEVERAL[name](np.column_stack([truth, truth, truth])) == pytest.approx(1.0)


@pytest.mark.parametrize("name", NOMINAL)
@FEW
@given(ratings=matrices)
def test_a_category_that_nobody_used_changes_only_uniform_chance(
    name: str, ratings: np.ndarray
) -> None:
    if name in {"brennan_prediger", "gwet_ac"}:  # chance depends on the number of categories
        return
    wider = SEVERAL[name](ratings) if name == "krippendorff_alpha" else None
    function = getattr(rel, name)
    wider = function(ratings, categories=[0, 1, 2, 3, 9])
    assert same(function(ratings), wider)


@pytest.mark.parametrize("name", ["percent_agreement", "fleiss_kappa", "conger_kappa",
                                  "light_kappa", "hubert_kappa", "gwet_ac"])  # fmt: skip
@FEW
@given(ratings=matrices)
def test_writing_every_unit_twice_changes_nothing(name: str, ratings: np.ndarray) -> None:
    assert same(SEVERAL[name](ratings), SEVERAL[name](np.vstack([ratings, ratings])))


@FEW
@given(ratings=matrices)
def test_alpha_nears_fleiss_as_units_are_repeated(ratings: np.ndarray) -> None:
    complete = ratings[~np.isnan(ratings).any(axis=1)]
    many = np.vstack([complete] * 4000) if len(complete) else complete
    assume(len(np.unique(complete)) > 1)
    alpha, fleiss = rel.krippendorff_alpha(many), rel.fleiss_kappa(many)
    assert alpha == pytest.approx(fleiss, abs=1e-3)


@pytest.mark.parametrize("name", SEVERAL)
def test_nothing_rated_is_undefined(name: str) -> None:
    assert math.isnan(SEVERAL[name](np.full((5, 3), np.nan)))
    assert math.isnan(SEVERAL[name](np.empty((0, 3))))


@pytest.mark.parametrize("name", [n for n in SEVERAL if n != "percent_agreement"])
def test_chance_is_about_zero(name: str) -> None:
    ratings = np.random.default_rng(1).integers(0, 4, (4000, 3))
    assert SEVERAL[name](ratings) == pytest.approx(0, abs=0.04)


@FEW
@given(ratings=matrices)
def test_quadratic_kappa_of_two_coders_is_nearly_their_icc(ratings: np.ndarray) -> None:
    """Fleiss and Cohen (1973): equal but for a term of one over the number of units."""
    both = ratings[~np.isnan(ratings[:, :2]).any(axis=1)][:, :2]
    assume(len(both) > 1 and len(np.unique(both)) > 1)
    many = np.vstack([both] * 500)
    kappa = rel.cohen_kappa(many, "quadratic", categories=[0, 1, 2, 3])
    assume(not math.isnan(kappa))
    assert rel.icc(many, "ICC(A,1)") == pytest.approx(kappa, abs=0.01)


@FEW
@given(ratings=matrices)
def test_two_coders_without_gaps_make_conger_cohen_and_fleiss_scott(ratings: np.ndarray) -> None:
    both = ratings[~np.isnan(ratings[:, :2]).any(axis=1)][:, :2]
    assume(len(both))
    assert same(rel.conger_kappa(both), rel.cohen_kappa(both))
    assert same(rel.fleiss_kappa(both), rel.scott_pi(both))


def test_kappa_at_a_given_prevalence() -> None:
    """Coders of sensitivity .80 and specificity .95: kappa .181 at 2 in 100, .575 at half."""
    for prevalence, kappa, ac1 in [(0.02, 0.181, 0.887), (0.10, 0.463, 0.850), (0.5, 0.575, 0.594)]:
        both = prevalence * 0.8**2 + (1 - prevalence) * 0.05**2
        one = prevalence * 0.8 * 0.2 + (1 - prevalence) * 0.05 * 0.95
        n = 1_000_000
        cells = [(1, 1, both), (1, 0, one), (0, 1, one), (0, 0, 1 - both - 2 * one)]
        ratings = np.vstack([np.tile([a, b], (round(share * n), 1)) for a, b, share in cells])
        assert rel.cohen_kappa(ratings) == pytest.approx(kappa, abs=6e-4)
        assert rel.gwet_ac(ratings) == pytest.approx(ac1, abs=6e-4)
