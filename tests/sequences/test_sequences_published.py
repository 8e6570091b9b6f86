"""Published worked examples written out here, so that these tests need no other file."""

import numpy as np
import pandas as pd
import pytest

from rupturecode import sequences as sq

# Bakeman & Quera (2011), Sequential Analysis and Observational Methods, p. 159: 75 codes
CHAT = "214334342144541345322141252123314414133315211314123345523352544231552213333"
CHAT = [int(c) for c in CHAT]

# Freireich et al. (1963), Blood 21, 699-716: weeks in remission, 6-MP (+ for censored)
DRUG = "6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def leukemia():
    weeks = [w for group in (DRUG, PLACEBO) for w in group.split()]
    time = [int(w.rstrip("+")) for w in weeks]
    event = [not w.endswith("+") for w in weeks]
    return time, event, ["6MP"] * 21 + ["placebo"] * 21


def test_chat_write_read_ask_attend():
    table = sq.transition_table([CHAT])
    assert table.matrix().to_numpy().tolist() == [
        [1, 3, 4, 6, 2], [6, 2, 4, 0, 2], [4, 1, 9, 4, 1], [5, 2, 2, 3, 3], [0, 5, 1, 2, 2]
    ]  # fmt: skip
    residual = table.matrix("adjusted_residual").to_numpy().round(2)
    assert residual[0].tolist() == [-1.69, 0.14, -0.21, 1.94, -0.13]
    assert residual[4].tolist() == [-1.79, 2.9, -1.3, -0.02, 0.65]
    assert table.matrix("yules_q").to_numpy().round(2)[1].tolist() == [0.58, -0.15, 0.05, -1, 0.04]


def test_remission_curve():
    time, event, group = leukemia()
    curve = sq.survival_curve(time, event, group)
    drug = curve[curve["group"] == "6MP"]
    assert drug["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert drug["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert drug["survival"].round(4).tolist() == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482
    ]  # fmt: skip
    assert drug["se"].round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert sq.median_time(curve)["estimate"].tolist() == [23, 8]
    assert sq.log_rank(time, event, group).statistic == pytest.approx(16.79, abs=0.005)


@pytest.mark.parametrize(
    ("ties", "want"), [("breslow", [1.5092, 0.4096]), ("efron", [1.5721, 0.4124])]
)
def test_remission_hazard_ratio(ties, want):
    time, event, group = leukemia()
    x = pd.DataFrame({"placebo": [float(g == "placebo") for g in group]})
    terms = sq.cox_regression(time, event, x, ties=ties).terms
    assert terms.loc[0, ["estimate", "se"]].astype(float).round(4).tolist() == want


def test_migraine_strata():
    # SAS/STAT, PROC FREQ documentation, Migraine example
    row = sq.mantel_haenszel([[[16, 11], [5, 20]], [[12, 16], [7, 19]]]).pooled.iloc[0]
    found = [row[c] for c in ("chi2", "estimate", "low", "high", "breslow_day", "breslow_day_p")]
    assert np.round(found, 4).tolist() == [8.3052, 3.3132, 1.4456, 7.5934, 1.4929, 0.2218]


def test_thrombolysis_p_values():
    # Benjamini & Hochberg (1995), p. 295: BH rejects 4 at .05, Bonferroni 3
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262,
         0.5719, 0.6528, 0.759, 1]  # fmt: skip
    assert (sq.adjust_p(p) <= 0.05).sum() == 4
    assert (sq.adjust_p(p, "bonferroni") <= 0.05).sum() == 3


def test_squirrel_monkeys():
    # Fienberg (1980), The Analysis of Cross-Classified Categorical Data, ch. 8: X2 168.05,
    # G2 135.17, 15 degrees of freedom
    counts = [[0, 1, 5, 8, 9, 0], [29, 0, 14, 46, 4, 0], [0] * 6, [2, 3, 1, 0, 38, 2],
              [0, 0, 0, 0, 0, 1], [9, 25, 4, 6, 13, 0]]  # fmt: skip
    overall = sq.transition_statistics(counts, structural_zeros="diagonal").overall.iloc[0]
    assert [round(overall["x2"], 2), round(overall["g2"], 2), overall["df"]] == [168.05, 135.17, 15]


def test_land_of_oz():
    # Grinstead & Snell (1997), Introduction to Probability, ch. 11
    p = [[0.5, 0.25, 0.25], [0.5, 0, 0.5], [0.25, 0.25, 0.5]]
    assert sq.stationary_distribution(p).round(6).tolist() == [0.4, 0.2, 0.4]
    assert sq.mean_first_passage(p).round(4).tolist() == [
        [0, 4, 3.3333], [2.6667, 0, 2.6667], [3.3333, 4, 0]
    ]  # fmt: skip


def test_umbrella_and_fever():
    # Russell & Norvig, Artificial Intelligence, ch. on time: umbrella world
    a, b = [[0.7, 0.3], [0.3, 0.7]], [[0.9, 0.1], [0.2, 0.8]]
    chances = sq.state_chances([0.5, 0.5], a, b, [0, 0, 1, 0, 0])
    assert chances.filtered[:, 0].round(4).tolist() == [0.8182, 0.8834, 0.1907, 0.7308, 0.8673]
    assert chances.smoothed[:, 0].round(4).tolist() == [0.8673, 0.8204, 0.3075, 0.8204, 0.8673]
    path, log_p = sq.best_path(
        [0.6, 0.4], [[0.7, 0.3], [0.4, 0.6]], [[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]], [0, 1, 2]
    )
    assert path == [0, 0, 1]
    assert np.exp(log_p) == pytest.approx(0.01512)


def test_wording_of_the_turbulence_example():
    # Gabadinho et al. (2011), JSS 40(4): the first two young people of the mvad data
    lives = [["EM"] * 4 + ["TR"] * 2 + ["EM"] * 64, ["FE"] * 36 + ["HE"] * 34]
    table = sq.state_indices(lives, labels=["EM", "FE", "HE", "JL", "SC", "TR"])
    assert table["entropy"].round(6).tolist() == [0.07241, 0.386625]
    assert table["turbulence"].round(5).tolist() == [3.0766, 11.17617]
    assert table["complexity"].round(6).tolist() == [0.045813, 0.074855]
