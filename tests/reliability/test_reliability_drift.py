"""Drift charts and planning: textbook values, planted drift, simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UnknownNameError, UsageError

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {"id": "confrontation", "definition": "moves against"},
        ],
    }
)
#: Montgomery (2013), table 7.1: nonconforming cans in 30 samples of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11]
CANS += [20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
#: Montgomery (2013), table 9.1: the last ten with a shifted mean.
SHIFTED = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51]
SHIFTED += [9.4, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08]
SHIFTED += [10.38, 11.62, 11.31, 10.52]


def coding(
    sessions: int, *, turns: int = 60, seed: int = 1, loose_from: int | None = None
) -> Annotations:
    """Three coders; from some session on, CM gives withdrawal far too readily."""
    rng = np.random.default_rng(seed)
    rows = []
    for s in range(sessions):
        truth = rng.random((turns, 2)) < (0.2, 0.1)
        for coder in ("AK", "BL", "CM"):
            seen = np.where(truth, rng.random((turns, 2)) < 0.85, rng.random((turns, 2)) < 0.03)
            if coder == "CM" and loose_from is not None and s >= loose_from:
                seen[:, 0] |= rng.random(turns) < 0.35
            rows += [
                (f"s{s:02}", t + 1, coder, ("withdrawal", "confrontation")[c])
                for t, c in np.argwhere(seen)
            ]
            rows.append((f"s{s:02}", 1, coder, None))
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"]).drop_duplicates()
    units = pd.DataFrame(
        [(f"s{s:02}", t) for s in range(sessions) for t in range(1, turns + 1)],
        columns=["session", "unit"],
    )
    return Annotations.from_frame(frame, codebook=BOOK, units=units, coverage="whole sessions")


def test_p_chart_of_the_textbook() -> None:
    chart = rel.p_chart(CANS, [50] * 30)
    assert chart["centre"].iloc[0] == pytest.approx(0.2313, abs=5e-5)
    assert chart["high"].iloc[0] == pytest.approx(0.4102, abs=5e-5)
    assert chart["low"].iloc[0] == pytest.approx(0.0524, abs=5e-5)
    assert (np.flatnonzero(chart["signal"] == "above") + 1).tolist() == [15, 23]
    with pytest.raises(UsageError, match="2 counts and 1 totals"):
        rel.p_chart([1, 2], [3])


def test_ewma_chart_of_the_textbook() -> None:
    chart = rel.ewma_chart(SHIFTED, [1] * 30, centre=10, smoothing=0.1, sigmas=2.7)
    assert chart["ewma"].head(5).tolist() == pytest.approx(
        [9.945, 9.7495, 9.70355, 9.8992, 10.1253], abs=5e-5
    )
    assert chart["high"].iloc[0] == pytest.approx(10.27, abs=5e-3)
    assert chart["high"].iloc[-1] == pytest.approx(10.62, abs=5e-3)
    assert chart["low"].iloc[-1] == pytest.approx(9.38, abs=5e-3)
    assert (chart["signal"] == "above").any()
    assert not (chart["signal"].head(20) != "").any()
    with pytest.raises(UsageError, match="smoothing=0"):
        rel.ewma_chart([1], [1], smoothing=0)


def test_a_planted_drift_is_found_in_the_right_coder_and_code() -> None:
    found = rel.drift(coding(16, loose_from=8), baseline=8)
    first = found.leaning[found.leaning["signal"] == "above"]
    assert {*zip(first["coder"], first["code"], strict=True)} == {("CM", "withdrawal")}
    assert first["position"].min() in (9, 10)
    apart = found.apart.query("coder == 'CM' and code == 'withdrawal' and signal == 'above'")
    assert len(apart) >= 6
    assert "CM on withdrawal" in rel.drift(coding(16, loose_from=8), baseline=8).headline()
    moving = found.over_time.query("code == 'withdrawal'").set_index("position")["moving"]
    assert moving[16] < moving[8] - 0.2


def test_five_different_turns_to_recalibrate_on_come_from_where_it_signals() -> None:
    listed = rel.drift(coding(16, loose_from=8), baseline=8).recalibrate
    assert len(listed) == 5
    assert not listed.duplicated(["session", "unit"]).any()
    assert (listed["why"] == "outside the limits").all()


def test_without_drift_charts_are_nearly_silent() -> None:
    quiet = [rel.drift(coding(16, seed=seed)) for seed in range(5)]
    shares = [(d.apart["signal"] != "").mean() for d in quiet]
    assert np.mean(shares) < 0.02
    assert np.mean([(d.leaning["signal"] != "").mean() for d in quiet]) < 0.02


def test_moving_agreement_is_that_of_the_sessions_together() -> None:
    notes = coding(6)
    moving = rel.drift(notes, window=3).over_time.query("code == 'withdrawal'")
    last = notes.only(sessions=["s03", "s04", "s05"]).ratings("withdrawal")
    assert moving["moving"].iloc[-1] == pytest.approx(rel.krippendorff_alpha(last))
    single = notes.only(sessions=["s05"]).ratings("withdrawal")
    assert moving["estimate"].iloc[-1] == pytest.approx(rel.krippendorff_alpha(single))


def test_order_of_sessions_can_be_given_and_is_checked() -> None:
    notes = coding(4)
    found = rel.drift(notes, order=["s03", "s01"])
    assert found.over_time["session"].drop_duplicates().tolist() == ["s03", "s01"]
    with pytest.raises(UnknownNameError, match="Unknown session 's9'"):
        rel.drift(notes, order=["s9"])
    with pytest.raises(UsageError, match="1 or more"):
        rel.drift(notes, window=0)
    with pytest.raises(UsageError, match="tally"):
        rel.drift(notes, unit="tally")
    with pytest.raises(UsageError, match="consensus"):
        rel.drift(notes.consensus("majority"))


def test_expected_coefficients_at_five_prevalences() -> None:
    found = rel.expected_coefficients([0.02, 0.05, 0.10, 0.30, 0.50], 0.80, 0.95)
    assert found["cohen_kappa"].round(3).tolist() == [0.181, 0.335, 0.463, 0.592, 0.575]
    assert found["gwet_ac"].round(3).tolist() == [0.887, 0.874, 0.850, 0.730, 0.594]


def test_expected_coefficients_are_those_of_many_simulated_units() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(200_000) < 0.15
    sens, spec = (0.9, 0.7), (0.98, 0.9)
    ratings = np.stack(
        [
            np.where(truth, rng.random(len(truth)) < s, rng.random(len(truth)) >= c)
            for s, c in zip(sens, spec, strict=True)
        ],
        axis=1,
    ).astype(int)
    row = rel.expected_coefficients(0.15, sens, spec).iloc[0]
    for name in ("cohen_kappa", "krippendorff_alpha", "gwet_ac"):
        assert row[name] == pytest.approx(getattr(rel, name)(ratings), abs=0.01)
    assert row["percent"] == pytest.approx(rel.percent_agreement(ratings), abs=0.005)
    assert row["positive"] == pytest.approx(rel.positive_agreement(ratings), abs=0.01)
    assert row["negative"] == pytest.approx(rel.negative_agreement(ratings), abs=0.01)


def test_expected_coefficients_say_what_is_undefined_and_refuse_what_is_no_share() -> None:
    row = rel.expected_coefficients(0.0, 0.8, 1.0).iloc[0]
    assert np.isnan(row["cohen_kappa"])
    assert row["note"] == "both coders use one category only"
    with pytest.raises(UsageError, match=r"prevalence=1\.2"):
        rel.expected_coefficients(1.2, 0.8, 0.9)
    with pytest.raises(UsageError, match="sensitivity"):
        rel.expected_coefficients(0.2, (0.8, 1.8), 0.9)


def test_a_plan_from_a_pilot_comes_true() -> None:
    """Plan with 25 sessions; double-code as many as it says; the width is about as wanted."""
    plan = rel.plan_double_coding(coding(25, turns=40), 0.15, codes=["withdrawal"])
    needed = int(plan.needed["n_sessions"].iloc[0])
    assert 5 < needed < 60
    study = coding(needed, turns=40, seed=9)
    row = rel.agreement(study, codes=["withdrawal"], coefficients=["krippendorff_alpha"]).by_code
    assert (row["high"] - row["low"]).iloc[0] == pytest.approx(0.15, rel=0.35)
    assert np.allclose(plan.widths["width"], plan.widths["simulated"], rtol=0.15)
    assert f"Double-code {needed} sessions" in plan.headline()


def test_wider_intervals_need_fewer_sessions() -> None:
    pilot = coding(8, turns=30)
    counts = [
        rel.plan_double_coding(pilot, w, replicates=100).needed["n_sessions"].max()
        for w in (0.1, 0.2, 0.4)
    ]
    assert counts[0] > counts[1] > counts[2] >= 3
    with pytest.raises(UsageError, match="width above 0"):
        rel.plan_double_coding(pilot, 0)


def test_a_pilot_of_one_session_cannot_be_planned_from() -> None:
    plan = rel.plan_double_coding(coding(1), 0.2, replicates=100)
    assert plan.needed["n_sessions"].isna().all()
    assert "too few sessions" in plan.needed["note"].iloc[0]
    assert plan.headline() == "The pilot is too small to plan from."


def test_agreement_takes_one_round() -> None:
    first = coding(4)
    frame = first.to_frame()
    second = frame.assign(round=2)
    half = second[second["unit"] % 2 == 0]
    both = pd.concat([frame, half], ignore_index=True)
    units = first.units.query("kind == 'turn'")[["session", "unit"]]
    notes = Annotations.from_frame(
        both[["session", "kind", "unit", "coder", "code", "round"]],
        codebook=BOOK,
        units=units,
        coverage="whole sessions",
    )
    with pytest.raises(UsageError, match="several rounds"):
        rel.agreement(notes)
    names = ["krippendorff_alpha"]
    one = rel.agreement(notes, coefficients=names, round=1)
    assert one.settings["round"] == 1
    whole = rel.agreement(first, coefficients=names)
    assert one.by_code["estimate"].tolist() == whole.by_code["estimate"].tolist()
    last = rel.agreement(notes, coefficients=names, round="last")
    assert last.by_code["estimate"].tolist() != whole.by_code["estimate"].tolist()
