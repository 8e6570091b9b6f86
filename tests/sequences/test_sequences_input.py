"""What may be handed in as codes and counts, and what is refused or undefined with its reason."""

import numpy as np
import pandas as pd
import pytest

from rupturecode import sequences as sq
from rupturecode.errors import UsageError


@pytest.mark.parametrize(
    "sequences",
    [
        [pd.Series(["a", "b", "a"], index=[7, 7, 1]), pd.Series(["b"])],
        [pd.Index(["a", "b", "a"]), ("b",)],
        [pd.Categorical(["a", "b", "a"]), np.array(["b"])],
        [pd.array(["a", "b", "a"]), ["b"]],
        (iter(x) for x in ("aba", "b")),
        {"s1": pd.Series(["a", "b", "a"]), "s2": iter("b")},
    ],
    ids=["series", "index", "categorical", "array", "iterators", "mapping"],
)
def test_every_kind_of_list_of_codes_is_read_alike(sequences):
    pd.testing.assert_frame_equal(
        sq.transition_table(sequences).to_frame(),
        sq.transition_table([["a", "b", "a"], ["b"]]).to_frame(),
    )


def test_codes_may_be_tuples_and_whole_numbers_of_any_kind():
    pairs = sq.transition_table([[("c", 1), ("t", 2), ("c", 1)]]).to_frame()
    assert pairs["given"].iloc[0] == ("c", 1)
    mixed = [np.array([1, 2, 1], dtype=np.uint64), np.array([2, 1], dtype=np.int8), [1, 2]]
    cells = sq.transition_table(mixed).to_frame()
    assert cells["count"].tolist() == [0, 2, 2, 0]
    assert cells["given"].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sq.transition_table(None), "give a list of codes"),
        (lambda: sq.transition_table({"s1": "abab"}), "give a list of codes"),
        (lambda: sq.transition_table([[{"a"}, {"b"}]]), "carry several codes, use transitions"),
        (lambda: sq.transition_table(["a", "b"], labels=["a", "b", "b"]), "every code once"),
        (lambda: sq.transition_table(["a", "b"], lag=1.5), "lag must be a whole number"),
        (lambda: sq.transition_table(["a", "b"], lag="2"), "lag must be a whole number"),
        (lambda: sq.transition_table(["a", "b"], confidence=95), "use a share between 0 and 1"),
        (lambda: sq.transition_table(["a", "b"], adjust="max-t", shuffles=0), "needs shuffles"),
        (lambda: sq.transition_statistics([[1, 2], [2, 1]], adjust="max-t"), "needs shuffles"),
        (lambda: sq.transition_statistics([[1, 2], [3]]), "counts must be a table"),
        (lambda: sq.transition_statistics([["x", 2], [3, 1]]), "counts must be a table"),
        (lambda: sq.transition_statistics([[np.inf, 2], [3, 1]]), "counts must be a table"),
        (
            lambda: sq.transition_statistics(pd.DataFrame([[1, 2], [3, 4]], index=["a", "a"])),
            "'a' twice",
        ),
        (lambda: sq.mantel_haenszel([["x", 1], [3, 4]]), "strata × 2 × 2 counts"),
        (lambda: sq.mantel_haenszel([[np.inf, 1], [3, 4]]), "strata × 2 × 2 counts"),
        (lambda: sq.mantel_haenszel([[0.4, 0.1], [0.2, 0.3]]), "not shares"),
        (lambda: sq.mantel_haenszel([[1, 2], [3, 4]], confidence=95), "use a share"),
        (lambda: sq.adjust_p([0.2, 1.2]), "between 0 and 1"),
    ],
)
def test_input_that_makes_no_sense_is_refused_in_words(call, words):
    with pytest.raises(UsageError, match=words):
        call()


def test_one_code_may_be_named_by_its_text():
    found = sq.transition_table([["ask", "tell", "ask"]], given="ask").to_frame()
    assert set(found["given"]) == {"ask"}


def test_nothing_is_associated_with_what_cannot_occur():
    for result in (
        sq.transition_table([list("abcab")], repeats=False, shuffles=19),
        sq.transition_statistics([[0, 1, 2], [2, 0, 9], [1, 4, 0]], structural_zeros="diagonal"),
    ):
        cells = result.to_frame()
        barred = cells[cells["given"] == cells["target"]]
        columns = ["yules_q", "log_odds", "log_odds_low", "log_odds_high", "adjusted_residual"]
        assert barred[columns].isna().all().all()
        assert (barred["note"] == "structural zero: cannot occur").all()
        assert cells["log_odds"].notna().sum() == 6


def test_a_table_of_one_row_or_column_says_why_it_has_no_odds():
    row = sq.transition_statistics([[5, 1, 2]]).to_frame()
    assert row["log_odds"].isna().all()
    assert row["note"].str.contains("no other code is followed").all()
    column = sq.transition_statistics([[5], [1]]).to_frame()
    assert column["note"].str.contains("every other code follows nothing").all()


def test_max_t_adjusts_over_the_cells_that_are_shown():
    rng = np.random.default_rng(4)
    session = rng.choice(list("abcde"), 200).tolist()
    every = sq.transition_table([session], adjust="max-t", shuffles=499)
    few = sq.transition_table([session], adjust="max-t", shuffles=499, given="a", target=["b", "c"])
    here = every.to_frame().set_index(["given", "target"]).loc[[("a", "b"), ("a", "c")]]
    assert (few.to_frame()["p_adjusted"].to_numpy() <= here["p_adjusted"].to_numpy()).all()
    assert few.to_frame()["p_adjusted"].sum() < here["p_adjusted"].sum()


def test_odds_at_their_limit_are_worded_without_an_interval():
    found = sq.mantel_haenszel([[[5, 0], [0, 5]]])
    assert found.headline() == (
        "Common odds ratio inf, no interval: odds ratio at its limit: a cell is empty."
    )
