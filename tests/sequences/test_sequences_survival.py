"""Survival and regression: identities with simpler formulas, and refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import sequences as sq
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError

waits = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=40)


@settings(max_examples=40, deadline=None)
@given(waits)
def test_incidences_and_those_still_waiting_add_up(rows):
    time, event = zip(*rows, strict=True)
    outcome = [("left" if i % 3 else "resolved") if e else "" for i, e in enumerate(event)]
    if not any(event):
        return
    table = sq.competing_risks(time, outcome)
    curve = sq.survival_curve(time, event)
    last = table.groupby("outcome")["incidence"].last().sum()
    assert last + curve["survival"].iloc[-1] == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(waits)
def test_with_one_outcome_both_curves_are_the_same(rows):
    time, event = zip(*rows, strict=True)
    if not any(event):
        return
    one = sq.competing_risks(time, [int(e) for e in event])
    curve = sq.survival_curve(time, event, interval="log-log")
    np.testing.assert_allclose(1 - one["incidence"], curve["survival"], atol=1e-12)
    open_ = curve["survival"] > 0
    np.testing.assert_allclose(one["se"][open_], curve["se"][open_], atol=1e-9)
    np.testing.assert_allclose(1 - one["high"][open_], curve["low"][open_], atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 15), min_size=2, max_size=30))
def test_without_censoring_the_curve_is_the_share_and_its_error_binomial(time):
    curve = sq.survival_curve(time, [True] * len(time))
    share = np.array([np.mean(np.array(time) > t) for t in curve["time"]])
    np.testing.assert_allclose(curve["survival"], share, atol=1e-12)
    np.testing.assert_allclose(curve["se"], np.sqrt(share * (1 - share) / len(time)), atol=1e-9)
    mean = sq.restricted_mean(time, [True] * len(time), horizon=max(time))
    assert mean["estimate"].item() == pytest.approx(np.mean(time))


def test_statsmodels_agrees():
    pytest.importorskip("statsmodels")
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff
    from statsmodels.stats.contingency_tables import StratifiedTable

    rng = np.random.default_rng(5)
    n = 120
    x = rng.normal(size=n)
    time = np.ceil(rng.exponential(8 * np.exp(-0.5 * x)))
    event = rng.random(n) < 0.7
    group = rng.integers(0, 3, n)
    curve = sq.survival_curve(time, event)
    other = SurvfuncRight(time, event.astype(float))
    np.testing.assert_allclose(curve["survival"], other.surv_prob, atol=1e-12)
    statistic, _ = survdiff(time, event.astype(float), group)
    assert sq.log_rank(time, event, group).statistic == pytest.approx(statistic)
    for ties in ("efron", "breslow"):
        theirs = PHReg(time, x[:, None], status=event.astype(float), ties=ties).fit()
        ours = sq.cox_regression(time, event, pd.DataFrame({"x": x}), ties=ties).terms
        assert ours["estimate"].item() == pytest.approx(theirs.params[0], abs=1e-6)
        assert ours["se"].item() == pytest.approx(theirs.bse[0], abs=1e-6)
    tables = rng.integers(1, 20, (6, 2, 2))
    ours = sq.mantel_haenszel(tables).pooled.iloc[0]
    theirs = StratifiedTable(list(tables))
    assert ours["estimate"] == pytest.approx(theirs.oddsratio_pooled)
    assert ours["breslow_day"] == pytest.approx(theirs.test_equal_odds().statistic)
    assert ours["tarone"] == pytest.approx(theirs.test_equal_odds(adjust=True).statistic)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_statsmodels_agrees_on_binary_regression(link):
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(6)
    n = 400
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.random(n) < 0.4})
    y = rng.random(n) < 1 / (1 + np.exp(-(frame["a"] - 1)))
    groups = rng.integers(0, 25, n)
    design = sm.add_constant(frame.astype(float))
    family = sm.families.Binomial(
        sm.families.links.Logit() if link == "logit" else sm.families.links.CLogLog()
    )
    plain = sm.GLM(y.astype(float), design, family=family).fit(tol=1e-12)
    ours = sq.logit(y, frame.astype(float), link=link).terms
    np.testing.assert_allclose(ours["estimate"], plain.params, atol=1e-6)
    if link == "logit":
        np.testing.assert_allclose(ours["se"], plain.bse, atol=1e-6)
        robust = sm.GLM(y.astype(float), design, family=family).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
        )
        clustered = sq.logit(y, frame.astype(float), cluster=groups).terms
        factor = np.sqrt(25 / 24)
        np.testing.assert_allclose(clustered["se"], robust.bse * factor, atol=1e-6)


def test_groups_without_events_and_medians_never_reached():
    curve = sq.survival_curve([3, 5, 2, 4], [0, 0, 1, 1], ["a", "a", "b", "b"])
    first = curve[curve["group"] == "a"].iloc[0]
    assert (first["survival"], first["events"], first["low"]) == (1.0, 0, 1.0)
    medians = sq.median_time(curve)
    assert np.isnan(medians["estimate"].iloc[0])
    assert medians["note"].iloc[0] == "fewer than that share had the event"


def test_impossible_waits_are_all_listed():
    with pytest.raises(InvalidDataError, match=r"2 problems") as caught:
        sq.survival_curve([1, -2, 3], [1, 1, None])
    assert "row 2: time" in str(caught.value)
    assert "row 3: event" in str(caught.value)
    with pytest.raises(InvalidDataError, match="do not match"):
        sq.survival_curve([1, 2], [1])
    with pytest.raises(UnknownNameError, match="interval"):
        sq.survival_curve([1], [1], interval="exact")
    with pytest.raises(UsageError, match="every time is censored"):
        sq.competing_risks([1, 2], ["", "censored_session_end"])
    with pytest.raises(UsageError, match="at least two groups"):
        sq.log_rank([1, 2], [1, 1], ["a", "a"])


def test_separation_is_named():
    x = pd.DataFrame({"x": [0, 0, 0, 1, 1, 1]})
    with pytest.raises(UsageError, match="separates"):
        sq.logit([0, 0, 0, 1, 1, 1], x)
    with pytest.raises(UsageError, match="cannot be told apart"):
        sq.logit([0, 1, 0, 1, 0, 1], x.assign(y=x["x"] * 2))
    with pytest.raises(UsageError, match="two clusters"):
        sq.logit([0, 1, 0, 1, 0, 1], x, cluster=[1] * 6)


def test_stratified_log_rank_compares_within_strata_only():
    # each stratum holds one group: nothing to compare
    test = sq.log_rank([1, 2, 3, 4], [1, 1, 1, 1], list("aabb"), strata=list("xxyy"))
    assert test.statistic == pytest.approx(0)


def test_dates_durations_and_second_outcomes_are_not_taken_for_events():
    with pytest.raises(UsageError, match="times must be numbers"):
        sq.survival_curve(pd.to_timedelta([1, 2], unit="min"), [1, 0])
    with pytest.raises(UsageError, match="times must be numbers"):
        sq.survival_curve(pd.to_datetime(["2026-01-05", "2026-01-06"]), [1, 0])
    with pytest.raises(InvalidDataError, match="row 2: event must be true or false"):
        sq.survival_curve([1, 2], [1, 2])  # elsewhere 2 is the event and 1 is censored
    with pytest.raises(InvalidDataError, match="row 1: event"):
        sq.log_rank([1, 2], [2, 1], ["a", "b"])


def test_every_level_of_confidence_is_a_share():
    data = [1, 2, 3], [1, 1, 0]
    for call in (
        lambda: sq.survival_curve(*data, confidence=95),
        lambda: sq.restricted_mean(*data, horizon=2, confidence=0),
        lambda: sq.competing_risks(*data, confidence=1),
    ):
        with pytest.raises(UsageError, match="use a share between 0 and 1"):
            call()
    with pytest.raises(UsageError, match="share=50"):
        sq.median_time(sq.survival_curve(*data), share=50)
    with pytest.raises(UsageError, match="horizon=inf"):
        sq.restricted_mean(*data, horizon=float("inf"))


def test_a_group_without_any_outcome_keeps_its_rows():
    table = sq.competing_risks([1, 2, 3, 4], ["a", "b", "", ""], group=list("xxyy"))
    alone = table[table["group"] == "y"]
    assert alone["outcome"].tolist() == ["a", "b"]
    assert alone["time"].tolist() == [4.0, 4.0]
    assert (alone[["events", "incidence", "se", "low", "high"]] == 0).all().all()


def test_log_rank_without_a_comparison_is_undefined_with_a_reason():
    none = sq.log_rank([1, 2, 3, 4], [0, 0, 0, 0], list("aabb"))
    assert np.isnan(none.p)
    assert "no event came while two groups were at risk" in none.tests["note"].iloc[0]
    # c left before any event: two groups are compared, on one degree of freedom
    time, event, group = [5, 6, 7, 8, 1, 2], [1, 1, 1, 1, 0, 0], list("ababcc")
    with_c, without = sq.log_rank(time, event, group), sq.log_rank(time[:4], event[:4], group[:4])
    assert with_c.df == without.df == 1
    assert with_c.p == pytest.approx(without.p)
    with pytest.raises(InvalidDataError, match="stratum is given for 2 of 4 rows"):
        sq.log_rank(time[:4], event[:4], group[:4], strata=[1, 2])
    with pytest.raises(InvalidDataError, match="row 2: stratum is missing"):
        sq.log_rank(time[:4], event[:4], group[:4], strata=[1, None, 1, 1])


def test_the_median_has_no_upper_limit_where_the_curves_upper_limit_never_gets_there():
    """As in R's survfit: where nobody is left there is no limit to read off."""
    one = sq.median_time(sq.survival_curve([1, 2, 3, 4], [1, 1, 1, 1])).iloc[0]
    assert one["estimate"] == 2.5
    assert one["low"] == 1
    assert np.isnan(one["high"])


def test_clusters_and_covariates_are_there_for_every_row():
    """A row without a cluster was counted to the last one."""
    x = pd.DataFrame({"x": [0, 1, 0, 1, 1, 0]})
    time, event = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1]
    for model in (
        lambda x, cluster=None: sq.cox_regression(time, event, x, cluster=cluster),
        lambda x, cluster=None: sq.logit(event, x, cluster=cluster),
    ):
        with pytest.raises(InvalidDataError, match="row 3: cluster is missing"):
            model(x, ["a", "b", None, "a", "b", "c"])
        with pytest.raises(InvalidDataError, match="cluster is given for 2 of 6 rows"):
            model(x, ["a", "b"])
        with pytest.raises(UsageError, match="write words as columns of 0 and 1"):
            model(pd.DataFrame({"x": list("aabbcc")}))
        with pytest.raises(UsageError, match="6 rows of numbers, nothing missing"):
            model(x.iloc[:4])
        with pytest.raises(UsageError, match="6 rows of numbers, nothing missing"):
            model(x.astype("Int64").where(x > 0))


def test_chains_must_be_of_shares():
    for matrix in ([["a", "b"], ["b", "a"]], [[0.5, 0.5], [1]], [[50, 50], [50, 50]]):
        for call in (
            lambda: sq.stationary_distribution(matrix),  # noqa: B023 - called at once
            lambda: sq.mean_first_passage(matrix),  # noqa: B023
            lambda: sq.theory_test([list("abba")], matrix),  # noqa: B023
        ):
            with pytest.raises(UsageError, match="every row sums to 1"):
                call()
