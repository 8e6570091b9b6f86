"""Every published case of the shared reference file, to its stated decimals."""

import json

import numpy as np
import pandas as pd
import pytest

from rupturecode import sequences as sq


@pytest.fixture(scope="module")
def cases(shared_reference):
    rows = json.loads((shared_reference / "sequences.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def mvad(shared_reference):
    data = json.loads((shared_reference / "reference_mvad.json").read_text(encoding="utf-8"))
    data["sequences"] = [_states(s) for s in data["spells"]]
    return data


def _states(spells):
    parts = (p.split("/") for p in spells.split("-"))
    return [s for state, n in parts for s in [state] * int(n)]


def close(case, mine, name):
    theirs = np.array(case["expected"][name], dtype=float)
    mine = np.asarray(mine, dtype=float).reshape(theirs.shape)
    # their last digit is rounded: half a unit of it, and a little for binary fractions
    slack = 0.5 * 10.0 ** -case["decimals"] * 1.0001
    np.testing.assert_allclose(mine, theirs, rtol=0, atol=slack)


COLUMNS = {
    "freq": "count",
    "expected": "expected",
    "prob": "probability",
    "adjres": "adjusted_residual",
    "p_two": "p_residual",
    "yules_q": "yules_q",
}


@pytest.mark.parametrize("name", ["oconnor1999_sequential_lag1", "bakeman_quera_2011_p159"])
def test_one_sequence(cases, name):
    case = cases[name]
    table = sq.transition_table([case["data"]["codes"]])
    for theirs, ours in COLUMNS.items():
        close(case, table.cells[ours], theirs)
    overall = table.overall.iloc[0]
    close(case, overall["g2"], "lrx2")
    assert overall["df"] == case["expected"]["df"]
    close(case, overall["p_g2"], "p_lrx2")


def test_expected_counts_of_random_orders(cases):
    case = cases["bakeman_quera_2011_p159"]
    cells = sq.transition_table([case["data"]["codes"]]).cells
    close(case, cells["expected_within"], "perm_mean_exact")


def test_codes_that_cannot_repeat(cases):
    case = cases["oconnor1999_no_repeat_structural_zeros"]
    table = sq.transition_table([case["data"]["codes"]], repeats=False, shuffles=49)
    counts = sq.transition_statistics(case["expected"]["freq"], structural_zeros="diagonal")
    off = ~np.eye(6, dtype=bool).ravel()
    for cells in (table.cells, counts.cells):
        close(case, cells["count"], "freq")
        close(case, cells["expected"], "expected")
        for ours, theirs in (("adjusted_residual", "adjres"), ("p_residual", "p_two")):
            assert cells.loc[~off, ours].isna().all()
            want = np.array(case["expected"][theirs]).ravel()[off]
            np.testing.assert_allclose(cells.loc[off, ours], want, rtol=0, atol=5.1e-5)
    close(case, table.overall["g2"].iloc[0], "lrx2")
    assert table.overall["df"].iloc[0] == case["expected"]["df"]


def test_enumerated_orders(cases):
    case = cases["exact_permutation_enumeration"]
    codes = np.array(case["data"]["codes"])
    n = np.bincount(codes)
    from rupturecode.sequences.exact import hypergeometric_pmf

    for cell, theirs in case["expected"]["pmf"].items():
        i, j = map(int, cell.split(">"))
        pmf = hypergeometric_pmf(len(codes), int(n[i]) - (i == j), int(n[j]))
        mine = np.zeros(len(theirs))
        mine[: len(pmf)] = pmf
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)


def test_wampold_and_margolin(cases):
    case = cases["wampold_margolin_1982"]
    codes = case["data"]["codes"]
    one = sq.random_order_kappa(codes)
    for ours, theirs in (("count", "freq"), ("expected", "expected_perm"), ("kappa", "kappa"),
                         ("z", "z_kappa")):  # fmt: skip
        close(case, one[ours], theirs)
    two = sq.random_order_kappa(codes, direction="two-way")
    close(case, two["count"], "bi_freq")
    want = np.array(case["expected"]["bi_z_offdiag"], dtype=float).ravel()
    off = ~np.isnan(want)
    np.testing.assert_allclose(two["z"][off], want[off], rtol=0, atol=5.1e-7)
    cells = sq.two_cell_kappa(codes, (6, 1), (3, 4))
    theirs = case["expected"]["two_cell"]
    assert cells["count"] == theirs["obs"]
    assert cells["expected"] == theirs["expected"]
    assert cells["kappa"] == theirs["kappa"]
    assert cells["z"] == pytest.approx(theirs["z"], abs=5.1e-7)
    assert cells["p"] == pytest.approx(theirs["p_one"], abs=5.1e-6)


def test_pooled_sessions_and_their_homogeneity(cases):
    case = cases["oconnor1999_seqgroups_pooled"]
    sessions = case["data"]["sessions"]
    labels = list(dict.fromkeys(c for s in sessions for c in s))
    order = _matching_order(sessions, case["expected"]["freq"], labels)
    table = sq.transition_table(sessions, labels=order)
    for theirs, ours in COLUMNS.items():
        close(case, table.cells[ours], theirs)
    close(case, table.overall["g2"].iloc[0], "lrx2")
    test = sq.homogeneity_test(sessions)
    close(case, test.statistic, "homog_lrx2")
    assert test.df == case["expected"]["homog_df"]
    close(case, test.p, "homog_p")
    assert "false findings" in " ".join(table.cautions["caution"])


def _matching_order(sessions, freq, labels):
    """The file does not say in which order its rows are; the counts do."""
    from itertools import permutations

    want = np.array(freq)
    base = sq.transition_table(sessions, labels=labels).matrix().to_numpy()
    for p in permutations(range(len(labels))):
        if (base[np.ix_(p, p)] == want).all():
            return [labels[i] for i in p]
    raise AssertionError("no order of codes gives these counts")


def test_squirrel_monkeys(cases):
    case = cases["fienberg1980_squirrel_monkeys"]
    frame = pd.DataFrame(case["data"]["freq"], index=case["data"]["labels"],
                         columns=case["data"]["labels"])  # fmt: skip
    table = sq.transition_statistics(frame, structural_zeros="diagonal")
    close(case, table.cells["expected"], "expected")
    overall = table.overall.iloc[0]
    close(case, overall["x2"], "x2")
    close(case, overall["g2"], "g2")
    assert overall["df"] == case["expected"]["df"]


def test_counts_against_theory(cases):
    case = cases["kullback1962_empirical_vs_theory"]
    test = sq.theory_test([case["data"]["codes"]], case["data"]["theory"])
    close(case, test.statistic, "g2")
    assert test.df == case["expected"]["df"]
    close(case, test.p, "p")


def test_land_of_oz(cases):
    case = cases["grinstead_snell_land_of_oz"]
    close(case, sq.stationary_distribution(case["data"]["P"]), "stationary")
    close(case, sq.mean_first_passage(case["data"]["P"]), "mfpt")


def test_hidden_states(cases):
    case = cases["russell_norvig_umbrella"]
    d = case["data"]
    chances = sq.state_chances(d["start"], d["A"], d["B"], d["obs"])
    close(case, chances.filtered, "filtered")
    close(case, chances.smoothed, "smoothed")
    close(case, chances.log_likelihood, "loglik")
    case = cases["viterbi_healthy_fever"]
    d = case["data"]
    path, log_p = sq.best_path(d["start"], d["A"], d["B"], d["obs"])
    assert path == case["expected"]["path"]
    close(case, np.exp(log_p), "prob")
    close(case, sq.state_chances(d["start"], d["A"], d["B"], d["obs"]).log_likelihood, "loglik")


def test_transition_rates_of_mvad(cases, mvad):
    case = cases["jss2011_mvad_trate"]
    rates = sq.transition_rates(mvad["sequences"], weights=mvad["weight"])
    close(case, rates, "trate_weighted")
    close(case, sq.transition_rates(mvad["sequences"]), "trate_unweighted")
    case = cases["jss2011_mvad_subcost"]
    costs = sq.substitution_costs(mvad["sequences"], weights=mvad["weight"])
    close(case, costs, "cost")
    close(case, sq.largest_distance(70, costs), "dmax")


def test_indices_and_distances(cases, mvad):
    case = cases["jss2011_mvad_first5_indices"]
    five = [_states(s) for s in case["data"]["spells"]]
    table = sq.state_indices(five, labels=mvad["states"])
    for theirs, ours in (("entropy", "entropy"), ("turbulence", "turbulence"),
                         ("complexity", "complexity"), ("transitions", "transitions"),
                         ("n_subseq", "subsequences")):  # fmt: skip
        close(case, table[ours], theirs)
    counts = [[s.count(x) for x in mvad["states"]] for s in five]
    close(case, counts, "istatd")
    costs = sq.substitution_costs(mvad["sequences"])
    distance = sq.optimal_matching(five, substitution=costs, labels=mvad["states"])
    close(case, distance, "om_trate_unweighted")
    case = cases["traminer_biofam20_distances"]
    lives = [list(s) for s in case["data"]["sequences"]]
    close(case, sq.optimal_matching(lives), "om")
    close(case, sq.hamming_distance(lives), "hamming")
    table = sq.state_indices(lives, labels=case["data"]["alphabet"])
    for column in ("turbulence", "entropy", "complexity", "transitions"):
        close(case, table[column], column)


def test_entropy_explained(cases, mvad):
    case = cases["jss2011_mvad_entropy_regression"]
    y = sq.state_indices(mvad["sequences"], labels=mvad["states"])["entropy"].to_numpy()
    yes = [[v == "yes" for v in mvad[k]] for k in ("male", "funemp", "gcse5eq")]
    x = np.column_stack([np.ones(len(y)), *yes]).astype(float)
    beta, rest, _, _ = np.linalg.lstsq(x, y, rcond=None)
    se = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * rest[0] / (len(y) - 4))
    close(case, beta, "coef")
    close(case, se, "se")
    close(case, beta / se, "t")


def test_couples_coping(cases, shared_reference):
    case = cases["fuchs2017_couplescope"]
    text = (shared_reference / "reference_couplescope.json").read_text(encoding="utf-8")
    rows = [list(s) for s in json.loads(text)["sequences"]]
    close(case, sq.transition_rates(rows), "trate")
    stress = [[int(x in "13") for x in r] for r in rows]
    coping = [[int(x in "23") for x in r] for r in rows]
    for name, own, partner in (("DC", coping, stress), ("SC", stress, coping)):
        theirs = case["expected"][f"logit_{name}"]
        terms = sq.actor_partner(own, partner).terms.set_index("term")
        for term in ("intercept", "actor", "partner", "interaction"):
            assert terms.loc[term, "estimate"] == pytest.approx(theirs[term], abs=5.1e-9)
        np.testing.assert_allclose(terms["t"], theirs["t"], rtol=0, atol=5.1e-9)
    changes = sq.state_indices(rows)["transitions"]
    assert changes.min() == case["expected"]["transitions_min"]
    assert changes.max() == case["expected"]["transitions_max"]


def test_leukemia_remission(cases):
    case = cases["freireich1963_6mp"]
    d = case["data"]
    curve = sq.survival_curve(d["time"], d["event"], d["group"])
    drug = curve[curve["group"] == "6MP"]
    for ours, theirs in (("time", "time"), ("at_risk", "n_risk"), ("survival", "surv"),
                         ("se", "se")):  # fmt: skip
        close(case, drug[ours], theirs)
    medians = sq.median_time(curve).set_index("group")["estimate"]
    assert medians.to_dict() == case["expected"]["median"]
    test = sq.log_rank(d["time"], d["event"], d["group"])
    close(case, test.statistic, "logrank")
    first = test.details.iloc[0]
    close(case, first["observed"], "observed")
    close(case, first["expected"], "expected")
    x = pd.DataFrame({"placebo": [float(g == "placebo") for g in d["group"]]})
    for ties in ("breslow", "efron"):
        terms = sq.cox_regression(d["time"], d["event"], x, ties=ties).terms
        close(case, terms.loc[0, ["estimate", "se"]], f"cox_{ties}")


def test_rats_in_litters(cases):
    case = cases["mantel1977_rats_cluster"]
    d = case["data"]
    x = pd.DataFrame({"rx": d["rx"]})
    for ties, tail in (("efron", ""), ("breslow", "_breslow")):
        model = sq.cox_regression(d["time"], d["event"], x, ties=ties, cluster=d["litter"])
        row = model.terms.iloc[0]
        close(case, row["estimate"], f"coef{tail}")
        close(case, row["se_naive"], f"se_naive{tail}")
        close(case, row["se"], f"se_robust{tail}")


def test_recidivism(cases, shared_reference):
    case = cases["rossi1980_recidivism_cox"]
    frame = pd.read_csv(shared_reference / "reference_rossi.csv")
    names = case["expected"]["names"]
    terms = sq.cox_regression(frame["week"], frame["arrest"], frame[names]).terms
    close(case, terms["estimate"], "coef")
    close(case, terms["se"], "se")


def test_migraine(cases):
    case = cases["sas_migraine_cmh_breslow_day"]
    row = sq.mantel_haenszel(case["data"]["tables"]).pooled.iloc[0]
    close(case, row["chi2"], "cmh")
    close(case, row["p"], "p")
    close(case, row["estimate"], "or_mh")
    close(case, [row["low"], row["high"]], "ci")
    close(case, row["breslow_day"], "breslow_day")
    close(case, row["breslow_day_p"], "bd_p")


def test_adjusted_p(cases):
    case = cases["benjamini_hochberg_1995"]
    for method in ("bh", "holm", "bonferroni"):
        adjusted = sq.adjust_p(case["data"]["p"], method)
        close(case, adjusted, method)
    assert (sq.adjust_p(case["data"]["p"]) <= 0.05).sum() == case["expected"]["n_bh"]


def test_no_case_is_left_out(cases):
    """Each id above; a new one in the file must get a test of its own."""
    from pathlib import Path

    source = Path(__file__).read_text(encoding="utf-8")
    assert not [name for name in cases if f'"{name}"' not in source]
