"""Identities by complete enumeration, and laws that hold for any data."""

from collections import Counter
from itertools import pairwise, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import sequences as sq
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.sequences.encode import encode
from rupturecode.sequences.exact import hypergeometric_tests, pooled_pmf, two_sided
from rupturecode.sequences.shuffle import shuffled_counts, shuffled_within_speakers


def count(order, i, j, lag=1):
    return sum(a == i and b == j for a, b in zip(order, order[lag:], strict=False))


def exact_p(values, weights, observed):
    values, weights = np.array(values), np.array(weights) / sum(weights)
    low, high = weights[values <= observed].sum(), weights[values >= observed].sum()
    return min(1.0, 2 * min(low, high))


def p_of(table, i, j):
    cells = table.cells
    return cells.loc[(cells["given"] == i) & (cells["target"] == j), "p_exact"].item()


@pytest.mark.parametrize("text", ["aaabbcc", "aabbbbb", "abcdab"])
def test_p_exact_is_the_enumerated_one(text):
    orders = set(permutations(text))
    table = sq.transition_table([list(text)])
    for i, j in product(sorted(set(text)), repeat=2):
        values = [count(o, i, j) for o in orders]
        p = p_of(table, i, j)
        if len(set(values)) == 1:
            assert np.isnan(p)
        else:
            want = exact_p(values, [1] * len(values), count(text, i, j))
            assert p == pytest.approx(want, abs=1e-12)


def test_pooled_p_is_the_enumerated_one_over_sessions():
    texts = ["aabbc", "abab", "bbca"]
    pools = [Counter(count(o, "a", "b") for o in set(permutations(t))) for t in texts]
    values, weights = [], []
    for combination in product(*(p.items() for p in pools)):
        values.append(sum(v for v, _ in combination))
        share = [w / sum(p.values()) for (_, w), p in zip(combination, pools, strict=True)]
        weights.append(np.prod(share))
    table = sq.transition_table([list(t) for t in texts])
    observed = sum(count(t, "a", "b") for t in texts)
    assert p_of(table, "a", "b") == pytest.approx(exact_p(values, weights, observed), abs=1e-12)


def test_speakers_held_fixed_is_the_enumerated_one():
    codes, who = list("qxqyqxxyqx"), list("TCTCTCCCTC")
    clients = [i for i, w in enumerate(who) if w == "C"]
    counts = []
    for order in permutations([codes[i] for i in clients]):
        row = codes.copy()
        for place, code in zip(clients, order, strict=True):
            row[place] = code
        counts.append(count(row, "q", "x"))
    table = sq.transition_table([codes], speakers=[who])
    want = exact_p(counts, [1] * len(counts), count(codes, "q", "x"))
    assert p_of(table, "T: q", "C: x") == pytest.approx(want, abs=1e-12)


def test_shuffles_within_speakers_leave_each_speaker_his_turns():
    data = encode([list("abxaby")])
    draws = shuffled_within_speakers(data, ("T", "T", "C", "C"), 300, seed=3)
    assert (draws.sum((1, 2)) == 5).all()
    assert (draws[:, 2:, 2:] == 0).all()  # client turns 3 and 6 never meet


@pytest.mark.parametrize("text", ["abacabcd", "abcacbda", "abababcc"])
def test_orders_without_repeats_are_drawn_evenly(text):
    kept = [a for a, b in zip(text, [*text[1:], ""], strict=True) if a != b]
    orders = {o for o in permutations(kept) if all(a != b for a, b in pairwise(o))}
    data = encode([kept])
    draws = shuffled_counts(data, 6_000, repeats=False, seed=1)
    for i, j in product(range(len(data.labels)), repeat=2):
        names = data.labels[i], data.labels[j]
        want = Counter(count(o, *names) for o in orders)
        share = np.bincount(draws[:, i, j], minlength=9) / len(draws)
        for value in range(9):
            assert share[value] == pytest.approx(want[value] / len(orders), abs=0.022)


def test_free_orders_are_drawn_evenly():
    data = encode([list("aaabbcc"), list("ab")])
    draws = shuffled_counts(data, 30_000, seed=2)
    pmf = pooled_pmf(np.array([7, 2]), np.array([3, 1]), np.array([2, 1]))
    share = np.bincount(draws[:, 0, 1], minlength=len(pmf)) / len(draws)
    np.testing.assert_allclose(share, pmf, atol=0.01)


def test_lag_two_shuffles_agree_with_enumeration():
    text = "abbacab"
    orders = set(permutations(text))
    table = sq.transition_table([list(text)], lag=2, shuffles=20_000)
    values = [count(o, "a", "b", 2) for o in orders]
    want = exact_p(values, [1] * len(values), count(text, "a", "b", 2))
    assert p_of(table, "a", "b") == pytest.approx(want, abs=0.02)
    assert "by shuffles" in table.cells["note"].str.cat()


def test_large_pools_use_exact_moments_and_agree_with_convolution():
    rng = np.random.default_rng(0)
    n = np.full((300, 1, 1), 120)
    marked, drawn = rng.integers(10, 50, (2, 300, 1, 1))
    from rupturecode.sequences import exact

    mean, variance = exact.hypergeometric_moments(n, marked, drawn)
    observed = np.array([[round(float(mean.sum() + 2 * np.sqrt(variance.sum())))]])
    quick = hypergeometric_tests(observed, n, marked, drawn)
    assert quick.how[0, 0] == exact.MOMENTS
    pmf = pooled_pmf(*(x[:, 0, 0] for x in (n, marked, drawn)))
    x = observed[0, 0]
    full = float(two_sided(pmf[: x + 1].sum(), pmf[x:].sum()))
    assert quick.p[0, 0] == pytest.approx(full, abs=0.001)


codes = st.lists(st.sampled_from("abc"), min_size=2, max_size=25)
several = st.lists(codes, min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(several)
def test_counts_add_up_and_never_cross_sessions(sessions):
    table = sq.transition_table(sessions)
    assert table.cells["count"].sum() == sum(len(s) - 1 for s in sessions)
    pooled = table.by_session.groupby(["given", "target"])["count"].sum()
    assert pooled.sort_index().tolist() == (
        table.cells.set_index(["given", "target"])["count"].sort_index().tolist()
    )


@settings(max_examples=40, deadline=None)
@given(several)
def test_names_of_codes_do_not_matter(sessions):
    other = {"a": "zeta", "b": "eta", "c": "alpha"}
    one = sq.transition_table(sessions).cells
    two = sq.transition_table([[other[c] for c in s] for s in sessions]).cells
    one = one.assign(given=one["given"].map(other), target=one["target"].map(other))
    key, numbers = ["given", "target"], ["count", "expected", "z", "p_exact", "log_odds"]
    one, two = (x.sort_values(key)[numbers].to_numpy(float) for x in (one, two))
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(codes)
def test_reading_backwards_swaps_given_and_target(session):
    forward = sq.transition_table([session]).matrix("p_exact").to_numpy()
    back = sq.transition_table([session[::-1]]).matrix("p_exact").to_numpy()
    np.testing.assert_allclose(forward, back.T, rtol=1e-9, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_is_ordered_and_no_smaller(p):
    for method in ("bh", "holm", "bonferroni"):
        adjusted = sq.adjust_p(p, method)
        assert (adjusted >= np.array(p) - 1e-12).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_max_t_controls_all_cells_together():
    rng = np.random.default_rng(4)
    session = [rng.choice(list("abcd"), 80).tolist() for _ in range(3)]
    table = sq.transition_table(session, adjust="max-t", shuffles=499)
    p, adjusted = table.cells["p_exact"], table.cells["p_adjusted"]
    assert (adjusted >= p - 0.06).all()
    assert adjusted.min() >= 1 / 500


def test_zero_cells_are_flagged_and_limits_are_finite():
    cells = sq.transition_statistics([[8, 0], [2, 5]]).cells
    assert (cells["yules_q"].abs() == 1).all()
    assert np.isfinite(cells[["log_odds", "log_odds_low", "log_odds_high"]]).all(axis=None)
    assert cells["note"].str.contains("one half added").all()
    assert cells["note"].str.contains("order of codes unknown").all()


def test_merging_repeats_is_told():
    table = sq.transition_table([list("aabbac")], repeats=False, shuffles=99)
    assert table.cautions["caution"].str.contains("2 events were merged").any()
    diagonal = table.cells[table.cells["given"] == table.cells["target"]]
    assert diagonal["note"].eq("structural zero: cannot occur").all()


def test_wrong_calls_say_what_would_do():
    with pytest.raises(UsageError, match="lag must be a whole number"):
        sq.transition_table(["a", "b"], lag=0)
    with pytest.raises(UnknownNameError, match="bonferroni"):
        sq.transition_table(["a", "b"], adjust="bonferoni")
    with pytest.raises(InvalidDataError, match="session 2, place 1"):
        sq.transition_table([["a", "b"], [None, "a"]])
    with pytest.raises(UnknownNameError, match="Unknown code 'd'"):
        sq.transition_table([["a", "b"]], given=["d"])
    with pytest.raises(UsageError, match="structural zero"):
        sq.transition_statistics([[1, 2], [3, 0]], structural_zeros="diagonal")
    with pytest.raises(UsageError, match="whole numbers"):
        sq.transition_statistics([[0.5, 1]])
    with pytest.raises(UsageError, match="same sessions and lengths"):
        sq.transition_table([["a", "b"]], speakers=[["T"]])
    with pytest.raises(UsageError, match="mixes codes and lists"):
        sq.transition_table([["a"], "b"])
    for nothing in ([], {}):
        with pytest.raises(UsageError, match="there are no sequences"):
            sq.transition_table(nothing)
    with pytest.raises(UsageError, match="list \\(or mapping\\) of such lists"):
        sq.transition_table("abab")


def test_too_little_to_test_is_nan_with_a_reason():
    for sessions in ([["a"]], [[], ["a"]], [["a", "a"]]):
        table = sq.transition_table(sessions)
        assert table.cells["p_exact"].isna().all()
        assert (table.cells["note"] != "").all()
        assert "no cell could be tested" in table.headline()


def test_codes_stay_what_they_were():
    cells = sq.transition_table([[10, 2, 10, 3]]).cells
    assert cells["given"].unique().tolist() == [2, 3, 10]
    assert sq.transition_table([["b", "a"]]).cells["given"].tolist() == ["a", "a", "b", "b"]
    assert sq.competing_risks([1, 2, 3], [1, 2, 0])["outcome"].unique().tolist() == [1, 2]


def test_pooling_names_its_null():
    rng = np.random.default_rng(1)
    table = sq.transition_table([rng.choice(list("ab"), 60).tolist() for _ in range(5)])
    for method in ("within", "mantel_haenszel", "session_mean", "pooled"):
        pooled = sq.pool_transitions(table, method)
        assert pooled.settings["null"] in pooled.headline()
        assert pooled.cells["p"].notna().all()
    assert pooled.cautions["caution"].str.contains("false findings").any()
    with pytest.raises(UnknownNameError, match="pooling method"):
        sq.pool_transitions(table, "mean")


def test_one_stratum_mantel_haenszel_is_the_plain_odds_ratio():
    pooled = sq.mantel_haenszel([[8, 2], [3, 7]])
    assert pooled.odds_ratio == pytest.approx(8 * 7 / (2 * 3))
    assert np.isnan(pooled.pooled["breslow_day_p"].item())


def test_markov_tests_see_what_is_there():
    rng = np.random.default_rng(2)
    free = [rng.choice(list("ab"), 200).tolist() for _ in range(4)]
    assert sq.order_test(free).p > 0.01
    assert sq.stationarity_test(free).p > 0.01
    assert sq.homogeneity_test(free).p > 0.01
    turning = [list("ab" * 50 + "aabb" * 25)]
    assert sq.stationarity_test(turning).p < 0.001
    assert sq.order_test([list("aabb" * 20)]).p < 0.001
    assert sq.homogeneity_test([list("ab" * 30), list("aabb" * 15)]).p < 0.001


def test_chains_that_fall_apart_are_refused():
    with pytest.raises(UsageError, match="falls into parts"):
        sq.stationary_distribution([[1, 0], [0, 1]])
    with pytest.raises(UsageError, match="cannot be reached"):
        sq.mean_first_passage([[1, 0], [0.5, 0.5]])
    with pytest.raises(UsageError, match="sums to 1"):
        sq.stationary_distribution([[0.5, 0.4], [0.5, 0.5]])


def test_optimal_matching_is_a_distance():
    rng = np.random.default_rng(3)
    rows = [rng.choice(list("abc"), rng.integers(1, 12)).tolist() for _ in range(8)]
    d = sq.optimal_matching(rows).to_numpy()
    assert (d == d.T).all()
    assert (np.diag(d) == 0).all()
    assert (d[:, :, None] + d[None, :, :] >= d[:, None, :] - 1e-9).all()
    for i, j in ((0, 1), (2, 5)):
        assert d[i, j] == _edit(rows[i], rows[j])


def _edit(a, b):
    """Plain dynamic programme with indel 1 and substitution 2."""
    m = np.zeros((len(a) + 1, len(b) + 1))
    m[:, 0], m[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i, j in product(range(1, len(a) + 1), range(1, len(b) + 1)):
        m[i, j] = min(
            m[i - 1, j] + 1, m[i, j - 1] + 1, m[i - 1, j - 1] + 2 * (a[i - 1] != b[j - 1])
        )
    return m[-1, -1]


def test_results_carry_their_settings():
    table = sq.transition_table([list("abab")], adjust="holm", labels=["b", "a", "c"])
    assert table.settings["adjust"] == "holm"
    assert table.matrix().index.tolist() == ["b", "a", "c"]
    assert isinstance(table.to_frame("by_session"), pd.DataFrame)
    assert "transitions at lag 1" in repr(table)


def test_a_bare_count_table_is_told_by_what_is_expected_of_the_whole():
    found = sq.transition_statistics([[1, 2], [3, 4]])
    assert found.cells["expected"].iloc[0] == pytest.approx(3 * 4 / 10)
    assert "1 → 1 (1 time, 1.2 expected" in found.headline()
