"""What may be handed in, what is undefined and why, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from rupturecode import reliability as rel
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.matrix import encode

RATINGS = [[1, 1, None], [0, 1, 1], [0, 0, 0], [None, 2, 2], [1, 1, 0]]


@pytest.mark.parametrize(
    "ratings",
    [
        RATINGS,
        np.array(RATINGS, dtype=float),
        np.array(RATINGS, dtype=object),
        np.asfortranarray(np.array(RATINGS, dtype=float)),
        pd.DataFrame(RATINGS, columns=["AK", "BL", "CM"]),
        pd.DataFrame(RATINGS).astype("Int64"),
        pd.DataFrame(RATINGS).astype("Int64").astype("category"),
        [tuple(row) for row in RATINGS],
    ],
    ids=["lists", "floats", "objects", "fortran", "frame", "Int64", "category", "tuples"],
)
def test_every_kind_of_table_is_read_alike(ratings: object) -> None:
    expected = np.array(RATINGS, dtype=float)
    assert rel.krippendorff_alpha(ratings) == rel.krippendorff_alpha(expected)
    assert rel.gwet_ac(ratings) == rel.gwet_ac(expected)
    assert rel.icc(ratings) == rel.icc(expected)


def test_words_booleans_and_missing_values_of_all_kinds() -> None:
    words = [["yes", "yes"], ["no", pd.NA], ["no", "no"], ["yes", np.nan], ["no", "yes"]]
    truths = [[True, True], [False, None], [False, False], [True, None], [False, True]]
    assert rel.cohen_kappa(words) == pytest.approx(rel.cohen_kappa(truths))
    assert encode(words).categories == ("no", "yes")


def test_numbers_with_gaps_halves_and_large_values_keep_their_categories() -> None:
    assert encode([[3, 9], [9, None]]).categories == (3, 9)
    assert encode([[0.5, 1], [1, np.nan]]).categories == (0.5, 1)
    assert encode([[1e9, 2e9], [2e9, 1e9]]).codes.tolist() == [[0, 1], [1, 0]]
    assert encode([[7, 7], [2, 7]], [1, 2, 7]).codes.tolist() == [[2, 1], [2, 2]]


def test_a_metric_of_ones_own() -> None:
    def apart(a: int, b: int) -> float:
        return float((a - b) ** 2)

    assert rel.krippendorff_alpha(RATINGS, apart) == pytest.approx(
        rel.krippendorff_alpha(RATINGS, "interval")
    )
    with pytest.raises(UsageError, match="same in both directions"):
        rel.krippendorff_alpha(RATINGS, lambda a, b: float(a > b))


def test_agreement_weights_of_ones_own() -> None:
    two = [row[:2] for row in RATINGS]
    table = [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
    by_table = rel.cohen_kappa(two, table, categories=[0, 1, 2])
    assert by_table == pytest.approx(rel.cohen_kappa(two, "linear", categories=[0, 1, 2]))
    with pytest.raises(UsageError, match="weights are 2 × 2 and there are 3 categories"):
        rel.cohen_kappa(two, np.eye(2), categories=[0, 1, 2])


def test_ordered_words_need_their_order() -> None:
    words = [["low", "mid"], ["high", "high"], ["mid", "mid"], ["low", "low"]]
    numbers = [[1, 2], [3, 3], [2, 2], [1, 1]]
    order = ["low", "mid", "high"]
    ordinal = rel.krippendorff_alpha(words, "ordinal", categories=order)
    assert ordinal == pytest.approx(rel.krippendorff_alpha(numbers, "ordinal"))
    weighted = rel.cohen_kappa(words, "quadratic", categories=order)
    assert weighted == pytest.approx(rel.cohen_kappa(numbers, "quadratic"))
    with pytest.raises(UsageError, match="needs numbers, and some ratings are words"):
        rel.krippendorff_alpha(words, "ordinal")
    with pytest.raises(UsageError, match="need an order of the words"):
        rel.cohen_kappa(words, "linear")


@pytest.mark.parametrize("form", ["ICC(2,1)", "ICC(A,1)", "ICC(A, 1)"])
def test_both_conventions_name_the_same_icc(form: str) -> None:
    judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert rel.icc(judges, form) == pytest.approx(0.289763779528)
    assert rel.icc(judges, "ICC(2,4)") == rel.icc(judges, "ICC(A,k)")
    with pytest.raises(UnknownNameError, match="form of ICC"):
        rel.icc(judges, "ICC(2,3)")


def test_icc_limits_of_perfect_and_complete_ratings() -> None:
    table = rel.icc_table([[1, 1], [2, 2], [4, 4]])
    assert (table[["estimate", "low", "high"]].to_numpy() == 1).all()
    constant = rel.icc_table([[1, 2], [1, 2], [1, 2]]).set_index("mcgraw_wong")
    assert constant.loc["ICC(A,1)", "estimate"] == 0
    assert constant.loc["ICC(C,1)", ["estimate", "low", "high"]].isna().all()
    assert constant["note"].iloc[0] == ""
    assert "nothing to tell apart" in constant.loc["ICC(C,1)", "note"]
    table = rel.icc_table([[1, 2], [3, None]])
    assert table["estimate"].isna().all()
    assert table["note"].iloc[0] == "fewer than two units were rated by every coder"


@pytest.mark.parametrize(
    ("ratings", "coefficient", "reason"),
    [
        ([[0, 0], [0, 0]], "krippendorff_alpha", "all ratings of units with two coders are 0"),
        ([[0, 0], [0, 0]], "gwet_ac", "agreement cannot be told from chance"),
        ([[0, 0], [1, None]], "krippendorff_alpha", "all ratings of units with two coders are 0"),
        ([[0, None], [None, 1]], "krippendorff_alpha", "no unit was rated by two coders"),
        ([[0], [1]], "krippendorff_alpha", "one coder only"),
        ([[0, None], [1, None]], "fleiss_kappa", "one coder only"),
        ([[None, None]], "fleiss_kappa", "nobody rated it"),
        ([[1, 2], [3, None]], "icc", "every coder rated 1 unit, and two"),
        ([[2, 2], [2, 2]], "icc", "the ratings do not vary"),
        ([[0, 0], [0, 0]], "positive_agreement", "all ratings"),
        ([[0, 0, 1], [0, 0, 0]], "light_kappa", "some pair of coders used one category only"),
    ],
)
def test_what_is_undefined_is_nan_with_its_reason(
    ratings: list, coefficient: str, reason: str
) -> None:
    value = rel.COEFFICIENTS[coefficient](ratings)
    assert math.isnan(value)
    import re

    assert re.search(reason, rel.why_undefined(ratings, coefficient))


def test_errors_of_what_is_undefined_are_undefined() -> None:
    one_category, nothing = [[1, 1], [1, 1], [1, None]], [[None, None], [None, None]]
    for name in ("gwet_ac", "fleiss_kappa", "conger_kappa", "brennan_prediger",
                 "krippendorff_alpha"):  # fmt: skip
        assert math.isnan(rel.standard_error(one_category, name))
        assert math.isnan(rel.standard_error(nothing, name))
    assert rel.standard_error([[1, 1], [1, 1]], "percent_agreement") == 0
    for ratings in (one_category, nothing):
        assert math.isnan(rel.cohen_kappa_se(ratings))
        assert math.isnan(rel.cohen_kappa_max(ratings))
    assert math.isnan(rel.prevalence(nothing))
    assert math.isnan(rel.bias_index(nothing))
    assert all(math.isnan(f(nothing)) for f in rel.COEFFICIENTS.values())


def test_a_single_rating_informs_chance_but_not_agreement() -> None:
    """The one rule: every rating given is used; alpha alone leaves single ones out."""
    paired, more = [[1, 1], [0, 1], [0, 0]], [[1, 1], [0, 1], [0, 0], [1, None], [1, None]]
    assert rel.percent_agreement(paired) == rel.percent_agreement(more)
    assert rel.krippendorff_alpha(paired) == pytest.approx(rel.krippendorff_alpha(more))
    assert rel.cohen_kappa(paired) == pytest.approx(rel.cohen_kappa(more))
    for name in ("fleiss_kappa", "gwet_ac"):
        alone, informed = (rel.expected_agreement(r, name) for r in (paired, more))
        assert alone != pytest.approx(informed)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rel.cohen_kappa(RATINGS), "compares 2 coders and the ratings have 3"),
        (lambda: rel.scott_pi(RATINGS), "use fleiss_kappa"),
        (lambda: rel.krippendorff_alpha([1, 0, 1]), "units × coders"),
        (lambda: rel.krippendorff_alpha(np.zeros(4)), "not an array of 1 dimension"),
        (lambda: rel.krippendorff_alpha([[1, 2], [1]]), "rows of ratings have different lengths"),
        (lambda: rel.gwet_ac([[1, 5]], categories=[1, 2, 3]), "5 is not among the categories"),
        (lambda: rel.krippendorff_alpha([[-1, 2]], "ratio"), "ratio level needs numbers of 0"),
        (lambda: rel.positive_agreement([["y", "n"]]), "Give positive="),
        (lambda: rel.negative_agreement([[1, 2]]), "which of 1, 2 means that the code is present"),
        (lambda: rel.cohen_kappa({"AK": [1, 0], "BL": [1, 1]}), "column for each coder"),
        (lambda: rel.cohen_kappa([{"AK": 1, "BL": 0}]), "is no row of ratings"),
        (lambda: rel.krippendorff_alpha(["yes", "yon"]), "'yes' is no row of ratings"),
        (lambda: rel.krippendorff_alpha([[{"a": 1}, 1]]), "a number, a word or a set of codes"),
        (lambda: rel.krippendorff_alpha([[1, np.inf], [1, 1]]), "some rating is infinite"),
        (lambda: rel.icc([[1.0, np.inf], [1.0, 1.0]]), "some rating is infinite"),
        (lambda: rel.brennan_prediger([[1, 2]], categories=[1, 2, 2]), "name every category once"),
        (lambda: rel.brennan_prediger([["a"]], categories=["a", None]), "none that is missing"),
        (lambda: rel.brennan_prediger([["a"]], categories="ab"), r"categories=\('ab',\)"),
        (lambda: rel.cohen_kappa([[1, 2], [2, 2]], [[0, 1], [1, 0]]), "must be turned round"),
        (
            lambda: rel.fleiss_kappa([[1, 2], [2, 2]], [[1, np.nan], [0, 1]]),
            "how far two categories",
        ),
        (lambda: rel.gwet_ac([[1, 2], [2, 2]], [["a", "b"], ["c", "d"]]), "a table of numbers"),
        (lambda: rel.gwet_ac([[1, 2], [2, 2]], [[1], [0, 1]]), "a table of numbers"),
        (lambda: rel.icc_table([[1, 2], [2, 2], [3, 4]], 95), "confidence=95: use a share"),
        (lambda: rel.intervals({}), "no table of ratings"),
        (lambda: rel.intervals([[1, 2], [2, 2]], sessions=["a", None]), "unit 2 has no session"),
    ],
)
def test_calls_that_cannot_be_carried_out_say_what_would_do(call: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        call()


def test_unknown_names_come_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ordinal'"):
        rel.krippendorff_alpha(RATINGS, "ordinl")
    with pytest.raises(UnknownNameError, match="Did you mean 'linear'"):
        rel.gwet_ac(RATINGS, "linaer")
    with pytest.raises(UnknownNameError, match="Did you mean 'fleiss_kappa'"):
        rel.per_category(RATINGS, "fleiss_kapa")


def test_prevalence_and_bias_index_account_for_kappa() -> None:
    """Byrt, Bishop and Carlin (1993): kappa from PABAK and the two indices."""
    for cells in ((45, 15, 25, 15), (40, 9, 6, 45), (5, 2, 1, 92)):
        a, b, c, d = cells
        ratings = [[1, 1]] * a + [[1, 0]] * b + [[0, 1]] * c + [[0, 0]] * d
        pi, bi = rel.prevalence_index(ratings), rel.bias_index(ratings)
        kappa = (rel.pabak(ratings) - pi**2 + bi**2) / (1 - pi**2 + bi**2)
        assert rel.cohen_kappa(ratings) == pytest.approx(kappa)


def test_pabak_needs_two_categories_whatever_their_names() -> None:
    """Feinstein and Cicchetti (1990): 40, 9, 6, 45 of 100: twice .85 less one."""
    for one, two in ((1, 0), (1, 2), ("yes", "no")):
        ratings = [[one, one]] * 40 + [[one, two]] * 9 + [[two, one]] * 6 + [[two, two]] * 45
        assert rel.pabak(ratings) == pytest.approx(0.7)


def test_specific_agreement_of_two_coders() -> None:
    ratings = [[1, 1]] * 6 + [[1, 0]] * 2 + [[0, 1]] * 1 + [[0, 0]] * 11
    assert rel.positive_agreement(ratings) == pytest.approx(12 / 15)
    assert rel.negative_agreement(ratings) == pytest.approx(22 / 25)
    words = [["seen" if c else "not" for c in row] for row in ratings]
    assert rel.positive_agreement(words, positive="seen") == pytest.approx(12 / 15)


def test_slices_by_category_pair_and_coder() -> None:
    frame = pd.DataFrame(RATINGS, columns=["AK", "BL", "CM"])
    pairs = rel.per_pair(frame)
    assert pairs[["coder_a", "coder_b"]].to_numpy().tolist() == [
        ["AK", "BL"], ["AK", "CM"], ["BL", "CM"],
    ]  # fmt: skip
    assert pairs["estimate"].iloc[0] == pytest.approx(rel.cohen_kappa(frame[["AK", "BL"]]))
    without = rel.leave_one_coder_out(frame, level="ordinal").set_index("coder")
    alone = rel.krippendorff_alpha(frame[["AK", "CM"]], "ordinal")
    assert without.loc["BL", "estimate"] == pytest.approx(alone)
    categories = rel.per_category(frame).set_index("category")
    binary = (frame == 2).astype(float).where(frame.notna())
    assert categories.loc[2, "estimate"] == pytest.approx(rel.krippendorff_alpha(binary))


def test_large_input_stays_small_in_memory() -> None:
    """krippendorff would need 100,000 × 40² numbers several times over: 1.3 GB each."""
    import tracemalloc

    ratings = np.random.default_rng(0).integers(0, 40, (100_000, 4)).astype(float)
    tracemalloc.start()
    value = rel.krippendorff_alpha(ratings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert value == pytest.approx(0, abs=0.01)
    assert peak < 200e6


def test_masked_cells_and_missing_values_among_words_of_numpy_are_not_rated() -> None:
    masked = np.ma.masked_array(
        [[1, 2], [1, 1], [2, 2], [1, 2]], mask=[[0, 1], [0, 0], [0, 0], [0, 0]]
    )
    assert rel.percent_agreement(masked) == pytest.approx(2 / 3)
    assert rel.icc(masked) == rel.icc([[1, None], [1, 1], [2, 2], [1, 2]])
    words = np.array([["a", "b"], ["a", np.nan], ["b", "b"]])  # numpy writes "nan"
    assert encode(words).categories == ("a", "b")
    assert rel.percent_agreement(words) == 0.5


def test_decimals_and_fractions_are_numbers() -> None:
    from decimal import Decimal
    from fractions import Fraction

    exact = [[Decimal(1), 2], [Fraction(3, 2), 1.5], [2, Decimal("2.0")]]
    assert rel.icc(exact) == rel.icc([[1, 2], [1.5, 1.5], [2, 2]])


def test_weights_that_differ_by_direction_count_each_pair_of_coders_both_ways() -> None:
    """A pair within a unit has no order, so both directions weigh in alike."""
    one_sided, even = [[1, 0.6], [0, 1]], [[1, 0.3], [0.3, 1]]
    ratings = [[1, 2, 1], [1, 1, None], [2, 2, 2], [1, 2, 2]]
    for name in ("percent_agreement", "fleiss_kappa", "gwet_ac", "brennan_prediger"):
        f = rel.COEFFICIENTS[name]
        assert f(ratings, one_sided) == pytest.approx(f(ratings, even))


def test_words_at_the_ordinal_level_are_told_how_to_get_an_order() -> None:
    frame = pd.DataFrame({"a": ["low", "high"], "b": ["low", "low"]})
    with pytest.raises(UsageError, match=r"give categories=\[...\] in their order"):
        rel.krippendorff_alpha(frame, "ordinal")
    with pytest.raises(UnknownNameError, match="Unknown level 'None'"):
        rel.krippendorff_alpha(RATINGS, None)


def test_reasons_are_given_for_known_coefficients_only() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'gwet_ac'"):
        rel.why_undefined([[0, 0]], "gwet")
    assert "rated by two coders" in rel.why_undefined([[1, None], [None, 2]], "ICC(A,1)")


def test_every_coefficient_has_a_name_in_print() -> None:
    """One table serves figures and the report; forms of ICC are their own names."""
    from rupturecode.reliability.coefficients import FROM_SUMS
    from rupturecode.reliability.names import cited, printed

    for name in {*rel.COEFFICIENTS, *FROM_SUMS}:
        assert "_" not in printed(name)
        assert cited(name).startswith(printed(name))
    assert cited("icc") == "ICC(A,1) (McGraw & Wong, 1996)"
    assert printed("ICC(C,k)") == "ICC(C,k)"


@pytest.mark.parametrize("level", ["nominal", "ordinal", "ratio"])
def test_numbers_that_never_repeat_stay_small_in_memory(level: str) -> None:
    """Latencies of 400 units, 1,200 different ones: 7 GB as a table of categories × pairs."""
    import tracemalloc

    rng = np.random.default_rng(1)
    seconds = rng.gamma(4, 10, (400, 1)) * rng.lognormal(0, 0.1, (400, 3))
    tracemalloc.start()
    value = rel.krippendorff_alpha(seconds, level)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300e6
    few = rel.krippendorff_alpha(seconds[:80], level)
    import krippendorff

    assert few == pytest.approx(
        krippendorff.alpha(reliability_data=seconds[:80].T, level_of_measurement=level)
    )
    assert value == pytest.approx(0 if level == "nominal" else few, abs=0.1)


def test_many_categories_are_added_up_as_few_are() -> None:
    from rupturecode.reliability.tally import margin_of_pairs, times_used

    for q in (40, 41):
        met = np.random.default_rng(q).random((q * (q + 1) // 2, 2, 3))
        by_product = np.tensordot(margin_of_pairs(q), met, axes=1)
        assert times_used(met) == pytest.approx(by_product)
