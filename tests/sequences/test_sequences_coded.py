"""Analyses of coded turns: transitions, hazards, rates, moderation, exports."""

import numpy as np
import pandas as pd
import pytest
from coded_contacts import coding, contact

from rupturecode import sequences as sq
from rupturecode.annotation import Annotations
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.sequences import EpisodeRule
from rupturecode.transcript import Corpus


@pytest.fixture(scope="module")
def study(tiny):
    """Twelve cases of two sessions; clients withdraw, therapists answer, some accept."""
    rng = np.random.default_rng(11)
    talks, meta, rows = [], [], []
    for case in range(12):
        for position in (1, 2):
            name = f"s{case:02d}{position}"
            talks.append(contact(name, "CT" * 30))
            condition = "A" if case % 2 else "B"
            meta.append({"session": name, "case": f"c{case:02d}", "position": position,
                         "condition": condition})  # fmt: skip
            for turn in range(1, 61):
                client = turn % 2 == 1
                u = rng.random()
                if client and u < 0.12:
                    rows.append((name, turn, "withdrawal"))
                    if rng.random() < 0.7 and turn < 60:
                        rows.append((name, turn + 1, "repair_deep"))
                elif client and u < (0.3 if condition == "A" else 0.2):
                    rows.append((name, turn, "client_accepts_repair"))
                elif not client and u < 0.1:
                    rows.append((name, turn, "dim_power"))
    corpus = Corpus.from_transcripts(talks, sessions=pd.DataFrame(meta))
    notes = coding(corpus, list(dict.fromkeys(rows)), tiny)
    return notes, corpus


@pytest.fixture(scope="module")
def found(study):
    return sq.episodes(*study, EpisodeRule(dimensions=("dim_power",)))


def test_transitions_of_turns_match_the_bare_ones(tiny):
    """One code a turn, no roles: the same counts as the bare sequences."""
    rng = np.random.default_rng(1)
    names = ["withdrawal", "confrontation", "antagonizes"]
    text = rng.choice(names, 40).tolist()
    corpus = Corpus.from_transcripts([contact("s", "CT" * 20)])
    notes = coding(corpus, [("s", i + 1, c) for i, c in enumerate(text)], tiny)
    coded = sq.transitions(notes, corpus, null="order", shuffles=99).cells
    bare = sq.transition_table([text], labels=names).cells
    for column in ("count", "probability", "expected", "adjusted_residual", "yules_q", "log_odds"):
        np.testing.assert_allclose(coded[column], bare[column], atol=1e-12)


def test_transitions_find_what_was_built_in(study):
    notes, corpus = study
    cells = sq.transitions(notes, corpus, given=["withdrawal"], target=["repair_deep", "dim_power"])
    by = cells.cells.set_index("target")
    assert by.loc["repair_deep", "p_exact"] < 1e-6
    assert by.loc["dim_power", "p_exact"] > 0.001
    assert by.loc["repair_deep", "probability"] == pytest.approx(0.7, abs=0.12)


def test_roles_decide_what_can_follow(ccr):
    corpus = Corpus.from_transcripts([contact("s", "CT" * 20)])
    rows = [("s", t, "withdrawal") for t in (3, 9, 15)] + [("s", t, "repair_deep") for t in (4, 20)]
    table = sq.transitions(coding(corpus, rows, ccr), corpus, shuffles=49)
    cells = table.cells.set_index(["given", "target"])
    self_pair = cells.loc[("withdrawal", "withdrawal")]
    assert self_pair["count"] == 0
    assert "nothing that could be the target" in self_pair["note"]
    pair = cells.loc[("withdrawal", "repair_deep")]
    # 20 therapist turns after 20 client turns; 3 marked, 2 drawn: P(1 or 2 of them together)
    from scipy.stats import hypergeom

    upper, lower = hypergeom.sf(0, 20, 3, 2), hypergeom.cdf(1, 20, 3, 2)
    assert pair["p_exact"] == pytest.approx(min(1, 2 * min(upper, lower)))


def test_a_window_of_one_turn_is_lag_one(study):
    notes, corpus = study
    one = sq.transitions(notes, corpus, given=["withdrawal"], target=["repair_deep"])
    window = sq.transitions(notes, corpus, given=["withdrawal"], target=["repair_deep"], window=1)
    pd.testing.assert_frame_equal(one.cells, window.cells)
    wide = sq.transitions(notes, corpus, given=["withdrawal"], target=["repair_deep"], window=4,
                          shuffles=99).cells  # fmt: skip
    assert wide["probability"].item() >= one.cells["probability"].item()
    assert "by shuffles" in wide["note"].item()
    with pytest.raises(UsageError, match="takes the place of lag"):
        sq.transitions(notes, corpus, 2, window=3)


def test_only_turns_examined_count(tiny):
    corpus = Corpus.from_transcripts([contact("s", "CT" * 10)])
    frame = pd.DataFrame({"session": "s", "turn": [3, 4], "coder": "AK",
                          "code": ["withdrawal", "repair_deep"]})  # fmt: skip
    cover = pd.DataFrame({"session": ["s", "s"], "kind": "turn", "first_unit": [1, 15],
                          "last_unit": [6, 20], "coder": "AK"})  # fmt: skip
    notes = Annotations.from_frame(frame, codebook=tiny, corpus=corpus, coverage=cover)
    table = sq.transitions(notes, corpus, given=["withdrawal"], target=["repair_deep"])
    assert table.overall["n_pairs"].item() == 5 + 5


def test_person_turns_add_up(found, study):
    table = sq.person_turn_table(found, study[1])
    frame = found.episodes
    assert len(table) == frame["turns"].sum()
    assert table["event"].sum() == (frame["outcome"] == "resolved").sum()
    assert (table.groupby("episode")["time"].max() == frame.set_index("episode")["turns"]).all()
    # naming changes from the turn after it happens, and never back
    steps = table.groupby("episode")["named"].apply(lambda s: s.astype(int).diff().min())
    assert (steps.fillna(0) >= 0).all()
    first = table[table["named"]].groupby("episode")["turn"].min()
    named = frame.set_index("episode")["first_named_turn"].astype("float64")
    assert (first == named[first.index] + 1).all()
    assert set(table["role"]) == {"client", "therapist"}
    assert "condition" in table.columns


def test_hazard_and_landmark_models_run_on_the_table(found):
    table = sq.person_turn_table(found)
    for baseline in ("log", "linear", "quintiles", "constant"):
        model = sq.discrete_hazard(table, ["named", "condition"], baseline=baseline)
        assert np.isfinite(model.terms["se"]).all()
    assert model.cautions["caution"].str.contains("Only 12 clusters").any()
    landmark = sq.landmark_odds(table, 4)
    assert landmark.terms["term"].tolist() == ["intercept", "named by turn 4"]
    with pytest.raises(UnknownNameError, match="column"):
        sq.discrete_hazard(table, ["ever_named"])
    with pytest.raises(UsageError, match="still open"):
        sq.landmark_odds(table, 1000)


def test_repair_time_by_condition(found):
    result = sq.repair_time(found, by="condition")
    assert set(result.curves["group"]) == {"A", "B"}
    assert len(result.test) == 1
    n = result.medians.set_index("group")
    assert n["n_units"].sum() == len(found.episodes)
    assert result.headline().startswith("Time to resolution: A: median")
    with pytest.raises(UnknownNameError, match="column"):
        sq.repair_time(found, by="conditions")
    with pytest.raises(UsageError, match='span="case"'):
        sq.repair_time(found, clock="sessions")


def test_intervals_from_resampled_cases(found):
    plain = sq.repair_time(found)
    drawn = sq.repair_time(found, resample=200)
    assert drawn.medians["estimate"].tolist() == plain.medians["estimate"].tolist()
    row = drawn.means.iloc[0]
    assert row["low"] < row["estimate"] < row["high"]
    again = sq.repair_time(found, resample=200)
    pd.testing.assert_frame_equal(drawn.means, again.means)
    one_case = found.episodes["case"] == "c01"
    with pytest.raises(UsageError, match="two cases"):
        sq.resampled_limits(found.episodes[one_case], lambda r: r["turns"])


def test_a_code_after_itself_follows_the_law_of_its_runs(tiny):
    rng = np.random.default_rng(8)
    text = rng.choice(["withdrawal", "confrontation"], 60, p=[0.3, 0.7])
    corpus = Corpus.from_transcripts([contact("s", "CT" * 30)])
    notes = coding(corpus, [("s", i + 1, c) for i, c in enumerate(text)], tiny)
    ours = sq.transitions(notes, corpus, shuffles=0).cells
    bare = sq.transition_table([text.tolist()], labels=["withdrawal", "confrontation"]).cells
    own = bare["given"] == bare["target"]
    for column in ("p_exact", "z", "expected_within"):
        np.testing.assert_allclose(ours[column][own], bare[column][own], atol=1e-12)
    # a gap in what was examined breaks the runs: then shuffles, of the same law where whole
    cover = pd.DataFrame({"session": ["s", "s"], "kind": "turn", "first_unit": [1, 41],
                          "last_unit": [39, 60], "coder": "AK"})  # fmt: skip
    rows = notes.to_frame()
    rows = rows[rows["unit"] != 40]
    broken = Annotations.from_frame(rows, codebook=tiny, corpus=corpus, coverage=cover)
    cells = sq.transitions(broken, corpus, shuffles=2000).cells
    assert cells.loc[own, "note"].str.contains("by shuffles").all()
    np.testing.assert_allclose(cells["z"][own], bare["z"][own], atol=0.6)


def test_moderation_and_suppression(found):
    result = sq.moderation(found, "condition")
    ended = ~found.episodes["outcome"].str.startswith("censored")
    assert result.groups["n_units"].sum() == ended.sum()
    assert "the same in all rows" in result.contrasts["note"].item()  # all that ended resolved
    hidden = sq.moderation(found, "condition", suppress_below=7).groups
    assert hidden["estimate"].isna().all()
    assert hidden["n_units"].isna().all()
    assert hidden["note"].eq("fewer than 7: suppressed").all()
    kept = sq.moderation(found, "condition", censored="not", strata="kind")
    assert kept.groups["n_units"].sum() == len(found.episodes)
    assert "breslow_day" in kept.strata
    assert kept.contrasts["term"].item().startswith("condition: ")
    assert kept.contrasts["se"].item() > 0
    with pytest.raises(UsageError, match="immortal time"):
        sq.moderation(found, "dimensions")


def test_transitions_by_condition(study):
    table = sq.transitions_by(*study, "condition", given=["withdrawal"], target=["repair_deep"])
    assert table[["group", "against"]].values.tolist() == [["A", "B"]]
    assert table["p"].between(0, 1).all()
    with pytest.raises(UsageError, match="fewer than two groups"):
        sq.transitions_by(*study, "format")


def test_rates_by_case_and_initiators(study, found):
    table = sq.rates(*study, ["withdrawal"], by="condition").rates
    assert (table["low"] < table["estimate"]).all()
    assert (table["estimate"] < table["high"]).all()
    total = sq.rates(*study, ["withdrawal"]).rates.iloc[0]
    assert total["events"] == table["events"].sum()
    with pytest.raises(UsageError, match="known times"):
        sq.rates(*study, ["withdrawal"], per="hour")
    began = sq.initiators(found)
    assert began["episodes"].sum() == len(found.episodes)
    assert set(began["onset_role"]) == {"client"}


def test_alliance_criteria_and_observers(found):
    scores = pd.DataFrame(
        [
            {"case": f"c{c:02d}", "session": f"s{c:02d}{p}", "position": p,
             "wai": 5 - (3 if p == 2 and c < 3 else 0)}
            for c in range(12) for p in (1, 2)
        ]
    )  # fmt: skip
    series = sq.alliance_series(scores, score="wai")
    counts = series.summary.set_index("criterion")["ruptures"]
    assert counts.to_dict() == {"drop_1sd": 3, "drop_2sd": 3, "control_chart": 0}
    table = sq.compare_with_observers(series, found)
    assert table["sessions"].sum() == 12
    long = pd.DataFrame(
        {"case": "A", "position": range(8), "score": [5, 5.1, 5, 4.9, 5, 2, 4.9, 5]}
    )
    flagged = sq.alliance_series(long)
    assert flagged.series.loc[flagged.series["drop_1sd"], "position"].tolist() == [5]
    assert not flagged.series["drop_2sd"].any()  # the way back up widens the changes' SD
    assert flagged.series["drop_1sd_repaired"].loc[5]
    with pytest.raises(InvalidDataError, match="given twice"):
        sq.alliance_series(pd.concat([long, long]))
    with pytest.raises(UnknownNameError, match="criterion"):
        sq.alliance_series(long, criteria=["drop_3sd"])


def test_trajectory_counts_every_episode_once(found, study):
    table = sq.trajectory(found).contacts
    assert table["onsets"].sum() == len(found.episodes)
    ends = table[["resolved", "censored", "terminated", "other"]].sum().sum()
    assert ends == len(found.episodes)
    window = sq.event_window(study[0], found, ["repair_deep"], before=2, after=3)
    at_one = window.shares[window.shares["offset"] == 1].iloc[0]
    assert at_one["estimate"] == pytest.approx(0.7, abs=0.15)


def test_exports(study):
    notes, corpus = study
    rows = sq.code_sequences(notes, ["withdrawal", "repair_deep"])
    assert len(rows) == 24
    assert all(len(r) == 60 for r in rows.values())
    text = sq.to_sds(rows)
    assert text.splitlines()[0] == "Event (none repair_deep withdrawal);"
    assert len(text.splitlines()) == 25
    sts = sq.to_sts(rows)
    assert sts.shape == (24, 61)
    sps = sq.to_sps(rows)["sequence"].iloc[0]
    assert sum(int(x.split(",")[1].rstrip(")")) for x in sps.split("-")) == 60
    log = sq.event_log(notes, corpus)
    assert len(log) == len(notes)
    assert log["order"].is_monotonic_increasing
    both = coding(corpus, [("s001", 3, "withdrawal"), ("s001", 3, "dim_power")],
                  notes.codebook)  # fmt: skip
    with pytest.raises(UsageError, match="carries several"):
        sq.code_sequences(both, ["withdrawal", "dim_power"], on_multi="error")
    joined = sq.code_sequences(both, ["withdrawal", "dim_power"], on_multi="combine")
    assert joined["s001"][2] == "withdrawal+dim_power"


def test_case_clock_of_many_sessions(study):
    found = sq.episodes(*study, EpisodeRule(span="case"))
    result = sq.repair_time(found, clock="sessions")
    assert result.waits["time"].max() <= 1
    assert set(found.episodes["outcome"]) <= {"resolved", "censored_case_end"}
