"""Episodes on both clocks: the rule, links, endings, stages, and refusals."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
from coded_contacts import coding, contact

from rupturecode import sequences as sq
from rupturecode.annotation import Annotations
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences import EpisodeRule
from rupturecode.transcript import Corpus


def one_session(tiny, marks, n=30, speakers="CT", **sessions):
    corpus = Corpus.from_transcripts(
        [contact("s", (speakers * n)[:n])],
        sessions=pd.DataFrame({"session": ["s"], **{k: [v] for k, v in sessions.items()}}),
    )
    return coding(corpus, [("s", t, c) for t, c in marks], tiny), corpus


def follow(tiny, marks, n=30, *, sessions=None, **rule):
    notes, corpus = one_session(tiny, marks, n, **(sessions or {}))
    return sq.episodes(notes, corpus, EpisodeRule(**rule))


def test_call_supervision_and_meeting(case_with_call):
    found = sq.episodes(case_with_call.notes, case_with_call.corpus, EpisodeRule(span="case"))
    row = found.episodes.iloc[0]
    assert len(found.episodes) == 1
    assert (row["onset_turn"], row["onset_speaker"], row["onset_code"]) == (5, "C", "withdrawal")
    assert (row["kind"], row["n_markers"], row["first_response"]) == ("mixed", 3, "neutral")
    # session clock: the client hangs up, seven turns after the onset, with no attempt
    assert (row["session_outcome"], row["turns"], row["n_attempts"]) == ("terminated", 7, 0)
    assert np.isnan(row["attempt_turns"])
    assert np.isnan(row["minutes"])  # the transcript has no times, and none are guessed
    # case clock: resolved two contacts on, in the next session
    assert (row["case_outcome"], row["end_session"]) == ("resolved", "meeting")
    assert (row["contacts"], row["sessions"], row["days"]) == (2, 1, 7)
    assert row["stages"] == "2 > {3,4} > {5,6}"


def test_call_alone_is_censored_for_repair(case_with_call):
    found = sq.episodes(case_with_call.notes, case_with_call.corpus)
    attempt = sq.repair_time(found, to="attempt")
    assert attempt.waits[["time", "outcome"]].values.tolist() == [[7.0, "terminated"]]
    assert attempt.medians["events"].tolist() == [0]
    assert "unresolved" not in set(found.episodes["outcome"])


def test_marker_rate_of_the_call(case_with_call):
    found = sq.rates(case_with_call.notes, case_with_call.corpus, ["withdrawal"], by="session")
    row = found.rates[found.rates["session"] == "call"].iloc[0]
    assert (row["events"], row["exposure"]) == (1, 0.06)  # six client turns
    assert row["estimate"] == pytest.approx(1 / 0.06)


def test_stage_two_is_unobservable_without_supervision(case_with_call):
    c = case_with_call
    paths = sq.stage_paths(c.notes, c.corpus)
    row = paths.paths.iloc[0]
    assert (row["path"], row["missing"], row["unobservable"]) == ("2 > {3,4} > {5,6}", "1", "")
    assert (row["forward"], row["back"], row["order_kept"]) == (2, 0, 1.0)
    kept = c.corpus.filter(sessions=["call", "meeting"])
    without = coding(kept, [r for r in c.rows if r[0] != "hour"], c.book)
    row = sq.stage_paths(without, kept).paths.iloc[0]
    assert (row["path"], row["missing"], row["unobservable"]) == ("{3,4} > {5,6}", "1", "2")


def test_session_level_stage_from_supervision(case_with_call):
    c = case_with_call
    rows = [r for r in c.rows if r[0] != "hour"] + [("hour", None, "stage_analyze")]
    found = sq.episodes(coding(c.corpus, rows, c.book), c.corpus, EpisodeRule(span="case"))
    assert found.episodes["stages"].item() == "2 > {3,4} > {5,6}"
    assert found.stages["turn"].isna().tolist() == [True, False, False]


def test_endings_by_name(tiny):
    ends = {
        "resolved": {"marks": [(3, "withdrawal"), (9, "client_accepts_repair")]},
        "overcome": {"marks": [(3, "withdrawal"), (9, "back_to_work")]},
        "unresolved": {"marks": [(3, "withdrawal"), (9, "left_open")]},
        "terminated": {"marks": [(3, "withdrawal"), (9, "leaves")]},
        "censored_session_end": {"marks": [(3, "withdrawal")]},
    }
    turns = {"resolved": 6, "overcome": 6, "unresolved": 27, "terminated": 6}
    rule = {"overcome": ("back_to_work",), "unresolved": ("left_open",), "termination": ("leaves",)}
    for outcome, case in ends.items():
        row = follow(tiny, **case, **rule).episodes.iloc[0]
        assert row["outcome"] == outcome
        assert row["turns"] == turns.get(outcome, 27)


def test_saying_unresolved_does_not_bar_a_later_resolution(tiny):
    marks = [(3, "withdrawal"), (9, "left_open"), (20, "client_accepts_repair")]
    row = follow(tiny, marks, unresolved=("left_open",)).episodes.iloc[0]
    assert (row["outcome"], row["turns"]) == ("resolved", 17)


def test_new_onset_supersedes_only_where_the_rule_says_so(tiny):
    marks = [(3, "withdrawal"), (20, "confrontation"), (25, "client_accepts_repair")]
    apart = follow(tiny, marks).episodes
    assert apart["outcome"].tolist() == ["censored_session_end", "resolved"]
    follows = follow(tiny, marks, end_on_new_onset=True).episodes
    assert follows["outcome"].tolist() == ["superseded", "resolved"]
    assert follows["turns"].tolist() == [17, 5]


def test_merge_gap(tiny):
    marks = [(3, "withdrawal"), (13, "confrontation"), (24, "withdrawal")]
    assert len(follow(tiny, marks).episodes) == 2
    assert len(follow(tiny, marks, merge_gap=11).episodes) == 1
    assert len(follow(tiny, marks, merge_gap=9).episodes) == 3
    whole = follow(tiny, marks, merge_gap=None).episodes.iloc[0]
    assert (whole["n_markers"], whole["kind"]) == (3, "mixed")


def test_a_marker_after_resolution_begins_anew(tiny):
    marks = [(3, "withdrawal"), (5, "client_accepts_repair"), (7, "withdrawal")]
    assert follow(tiny, marks, merge_gap=None).episodes["outcome"].tolist() == [
        "resolved", "censored_session_end"
    ]  # fmt: skip


def test_window_censors(tiny):
    marks = [(3, "withdrawal"), (15, "client_accepts_repair")]
    row = follow(tiny, marks, window=10).episodes.iloc[0]
    assert (row["outcome"], row["turns"]) == ("censored_window", 10)
    with pytest.raises(UsageError, match="window counts turns"):
        follow(tiny, marks, window=10, span="case")


def test_rating_with_threshold(tiny):
    for value, outcome in ((5, "resolved"), (4, "resolved"), (2, "unresolved")):
        corpus = Corpus.from_transcripts([contact("s", "CT" * 15)])
        rows = [("s", 3, "withdrawal"), ("s", None, "rating", value)]
        notes = coding(corpus, rows, tiny)
        row = sq.episodes(notes, corpus, EpisodeRule(rating="rating")).episodes.iloc[0]
        assert row["outcome"] == outcome
        assert row["note"] == "by rating: known at the session's end only"


def test_partial_coverage_censors_at_the_last_turn_examined(tiny):
    notes, corpus = one_session(tiny, [(3, "withdrawal")])
    cover = pd.DataFrame({"session": ["s"], "kind": "turn", "first_unit": 1, "last_unit": 12,
                          "coder": "AK"})  # fmt: skip
    notes = Annotations.from_frame(notes.to_frame(), codebook=tiny, corpus=corpus, coverage=cover)
    found = sq.episodes(notes, corpus)
    assert found.episodes["turns"].item() == 9
    assert found.cautions["caution"].str.contains("examined in part").any()


def test_links_win_over_proximity(tiny):
    marks = [(2, "withdrawal"), (15, "confrontation"), (17, "repair_deep"),
             (20, "client_accepts_repair")]  # fmt: skip
    near = follow(tiny, marks).episodes
    assert near["n_attempts"].tolist() == [0, 1]
    assert near["outcome"].tolist() == ["censored_session_end", "resolved"]
    notes, corpus = one_session(tiny, marks)
    links = pd.DataFrame(
        [
            {"session": "s", "coder": "AK", "from": "s-17-repair_deep", "to": "s-2-withdrawal",
             "relation": "repairs"},
            {"session": "s", "coder": "AK", "from": "s-20-client_accepts_repair",
             "to": "s-2-withdrawal", "relation": "repairs"},
        ]
    )  # fmt: skip
    notes = coding(corpus, [("s", t, c) for t, c in marks], tiny, links=links)
    linked = sq.episodes(notes, corpus).episodes
    assert linked["n_attempts"].tolist() == [1, 0]
    assert linked["outcome"].tolist() == ["resolved", "censored_session_end"]
    assert linked["n_linked"].tolist() == [2, 0]


def test_a_link_out_of_the_session_is_not_given_to_a_neighbour(tiny):
    talks = [contact("s1", "CT" * 5), contact("s2", "CT" * 5)]
    sessions = pd.DataFrame({"session": ["s1", "s2"], "case": "A", "position": [1, 2]})
    corpus = Corpus.from_transcripts(talks, sessions=sessions)
    rows = [("s1", 3, "withdrawal"), ("s2", 1, "withdrawal"), ("s2", 4, "repair_deep")]
    links = pd.DataFrame({"session": ["s2"], "coder": "AK", "from": "s2-4-repair_deep",
                          "to": "s1-3-withdrawal", "relation": "repairs"})  # fmt: skip
    notes = coding(corpus, rows, tiny, links=links)
    assert sq.episodes(notes, corpus).episodes["n_attempts"].tolist() == [0, 0]
    whole = sq.episodes(notes, corpus, EpisodeRule(span="case")).episodes
    assert whole["n_attempts"].tolist() == [1, 0]


def test_first_response_and_strategies(ccr):
    corpus = Corpus.from_transcripts([contact("s", "CT" * 10)])
    for response, code in (("repair", "repair_deep"), ("antagonizing", "antagonizes"),
                           ("neutral", None)):  # fmt: skip
        rows = [
            ("s", 5, "withdrawal"),
            ("s", 8, "repair_surface"),
            ("s", 9, "client_accepts_repair"),
        ]
        rows += [("s", 6, code)] if code else []
        found = sq.episodes(coding(corpus, rows, ccr), corpus)
        row = found.episodes.iloc[0]
        assert (row["first_response"], row["first_response_turn"]) == (response, 6)
        last = found.attempts.iloc[-1]
        assert (last["strategy"], last["followed_by_resolution"]) == ("surface", True)
        if code == "repair_deep":
            assert found.attempts["strategy"].tolist() == ["deep", "surface"]
            assert found.attempts["followed_by_resolution"].tolist() == [False, True]


def test_therapist_contribution_and_several_codes_on_a_turn(ccr):
    corpus = Corpus.from_transcripts([contact("s", "CTPT" * 5)])  # more than two speakers
    rows = [("s", 2, "antagonizes"), ("s", 4, "dim_power"), ("s", 4, "repair_deep"),
            ("s", 5, "client_accepts_repair"), ("s", 5, "dim_culture")]  # fmt: skip
    found = sq.episodes(coding(corpus, rows, ccr), corpus)
    row = found.episodes.iloc[0]
    assert (row["kind"], row["onset_role"]) == ("therapist contribution", "therapist")
    assert (row["dimensions"], row["first_named_role"]) == ("dim_power, dim_culture", "therapist")
    assert row["turns"] == 3
    assert found.dimensions["role"].tolist() == ["therapist", "client"]


def test_minutes_where_the_transcript_has_times(tiny):
    starts = [i * 30_000 for i in range(10)]
    talk = contact("s", "CT" * 5, start_ms=starts, end_ms=[s + 20_000 for s in starts])
    corpus = Corpus.from_transcripts([talk])
    ended = coding(corpus, [("s", 3, "withdrawal"), ("s", 7, "client_accepts_repair")], tiny)
    assert sq.episodes(ended, corpus).episodes["minutes"].item() == pytest.approx(2)
    open_ = coding(corpus, [("s", 3, "withdrawal")], tiny)
    assert sq.episodes(open_, corpus).episodes["minutes"].item() == pytest.approx(3.5 + 1 / 3)


def test_a_parent_code_stands_for_those_below(ccr):
    corpus = Corpus.from_transcripts([contact("s", "CT" * 5)])
    notes = coding(corpus, [("s", 3, "wd_minimal_response")], ccr)
    assert sq.episodes(notes, corpus).episodes["kind"].tolist() == ["withdrawal"]


def test_one_layer_only(tiny):
    notes, corpus = one_session(tiny, [(3, "withdrawal")])
    both = pd.concat([notes.to_frame(), notes.to_frame().assign(coder="BM", id="x")])
    notes = Annotations.from_frame(both, codebook=tiny, corpus=corpus, coverage="whole sessions")
    for call in (sq.episodes, sq.transitions, sq.rates, sq.event_log):
        with pytest.raises(UsageError, match=r'consensus\("majority"\) or notes.only\(coder="AK"'):
            call(notes, corpus)
    assert len(sq.episodes(notes.consensus("majority"), corpus).episodes) == 1
    assert len(sq.episodes(notes.only(coder="BM"), corpus).episodes) == 1


def test_the_rule_is_frozen_printed_and_checked(tiny):
    rule = EpisodeRule(merge_gap=None)
    with pytest.raises(FrozenInstanceError):
        rule.span = "case"
    assert hash(rule) == hash(replace(rule))
    found = follow(tiny, [(3, "withdrawal")])
    assert "merge gap 10 turns; span session" in found.headline()
    assert found.rule.onset == ("withdrawal", "confrontation", "antagonizes")
    with pytest.raises(UnknownNameError, match="Did you mean 'withdrawal'"):
        follow(tiny, [(3, "withdrawal")], onset=("withdrawl",))
    with pytest.raises(UnknownNameError, match="span"):
        EpisodeRule(span="month")
    with pytest.raises(UsageError, match="merge_gap counts turns"):
        EpisodeRule(merge_gap=-2)


def test_rule_from_a_study_file(ccr):
    rule = EpisodeRule.from_dict(
        {"onset": ["confrontation"], "span": "case", "merge_gap": -1, "threshold": 3,
         "resolution": "client_accepts_repair", "end_on_new_onset": True}, ccr
    )  # fmt: skip
    assert (rule.onset, rule.merge_gap, rule.threshold) == (("confrontation",), None, 3.0)
    assert rule.resolution == ("client_accepts_repair",)
    with pytest.raises(UnknownNameError, match="Did you mean 'onset'"):
        EpisodeRule.from_dict({"onsett": []})
    with pytest.raises(UsageError, match="list of codes"):
        EpisodeRule.from_dict({"onset": 3})
    with pytest.raises(UsageError, match="whole number of turns"):
        EpisodeRule.from_dict({"merge_gap": "ten"})
    with pytest.raises(UsageError, match="wrong kind"):
        EpisodeRule.from_dict({"end_on_new_onset": "yes"})
    with pytest.raises(UnknownNameError):
        EpisodeRule.from_dict({"attempt": ["nothing"]}, ccr)


def test_stage_moves_and_cycles():
    from rupturecode.sequences.stages import count_moves

    def path(*stages):
        return [frozenset(s if isinstance(s, tuple) else (s,)) for s in stages]

    straight = count_moves(path(1, 3, 4, 5, 6), frozenset({2}))
    assert (straight["forward"], straight["skip"], straight["linearity"]) == (4, 0, 1.0)
    there_and_back = count_moves(path(3, 4, 3, 4, 3))
    assert (there_and_back["back"], there_and_back["cycles"]) == (2, 2)
    assert count_moves(path(1, 5))["skip"] == 1
    assert count_moves(path((3, 4), 3))["repeat"] == 1
    assert count_moves(path(3, (2, 4)))["back"] == 1  # both ways at once
    assert np.isnan(count_moves(path(3))["linearity"])


def test_stage_paths_need_stages(tiny, case_with_call):
    notes, corpus = one_session(tiny, [(3, "withdrawal")])
    with pytest.raises(UsageError, match="names no stages"):
        sq.stage_paths(notes, corpus)
    with pytest.raises(UsageError, match="other than 1 to 6"):
        sq.stage_paths(case_with_call.notes, case_with_call.corpus, model=[(7,)])


def test_no_episode_at_all(tiny):
    found = follow(tiny, [(3, "dim_power")])
    assert found.episodes.empty
    assert found.headline().startswith("0 episodes")
    with pytest.raises(UsageError, match="no episode has a known time"):
        sq.repair_time(found)
    assert sq.trajectory(found).contacts["onsets"].tolist() == [0]


def test_coding_in_which_nobody_found_anything_has_no_episodes_and_no_paths(tiny):
    corpus = Corpus.from_transcripts([contact("s", "CTCT"), contact("short", "C")])
    read = pd.DataFrame(
        {"coder": "AK", "session": "s", "kind": "turn", "first_unit": [1], "last_unit": [4]}
    )
    nothing = pd.DataFrame({"session": [], "turn": [], "code": [], "coder": []})
    notes = Annotations.from_frame(nothing, codebook=tiny, corpus=corpus, coverage=read)
    found = sq.episodes(notes, corpus)
    assert (len(found.episodes), found.headline()[:12]) == (0, "0 episodes. ")
    if found.rule.stages:
        paths = sq.paths_of(found)
        assert "n_steps" in paths.paths
        assert paths.headline() == "0 of 0 episodes visited some stage; no moves."
    with pytest.raises(UsageError, match="no presence code was given on any turn"):
        sq.rates(notes, corpus)


def test_an_episode_cut_off_is_worded_so(tiny):
    assert ": 1 censored at the session's end. Rule" in follow(tiny, [(3, "withdrawal")]).headline()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"merge_gap": 1.5}, "merge_gap is a whole number of turns, not 1.5"),
        ({"merge_gap": "5"}, "merge_gap is a whole number of turns"),
        ({"window": True}, "window is a whole number of turns"),
        ({"end_on_new_onset": "no"}, "end_on_new_onset is of the wrong kind: 'no'"),
        ({"threshold": "4"}, "threshold is of the wrong kind"),
        ({"attempt": 3}, "attempt is a list of codes, not 3"),
        ({"resolution": {"leaves"}}, "resolution is a list of codes"),
    ],
)
def test_a_rule_takes_only_what_its_settings_mean(setting, words):
    with pytest.raises(UsageError, match=words):
        EpisodeRule(**setting)


def test_one_code_stands_for_a_list_of_it():
    rule = EpisodeRule(onset="withdrawal", attempt=["repair_deep"])
    assert (rule.onset, rule.attempt) == (("withdrawal",), ("repair_deep",))
    assert hash(rule) == hash(EpisodeRule(onset=("withdrawal",), attempt=("repair_deep",)))


def test_a_rating_must_have_numbers_to_compare_with_the_threshold(tiny):
    with pytest.raises(UsageError, match="'leaves' has a presence scale"):
        EpisodeRule(onset="withdrawal", rating="leaves").fit(tiny)


def test_what_is_no_rule_no_coding_or_no_session_is_named(tiny):
    corpus = Corpus.from_transcripts([contact("s1", "TCTC"), contact("s2", "TCTC")])
    notes = coding(corpus, [("s1", 2, "withdrawal"), ("s1", 3, "repair_deep")], tiny)
    with pytest.raises(UsageError, match=r"EpisodeRule\.from_dict"):
        sq.episodes(notes, corpus, {"onset": ["withdrawal"]})
    for call in (sq.episodes, sq.transitions, sq.rates):
        with pytest.raises(UsageError, match="annotations, not of a DataFrame"):
            call(notes.to_frame(), corpus)
    with pytest.raises(UnknownNameError, match="Unknown session 's9'"):
        sq.transitions(notes, corpus, sessions=["s1", "s9"])
    one = sq.transitions(notes, corpus, sessions="s1").to_frame()
    pd.testing.assert_frame_equal(one, sq.transitions(notes, corpus, sessions=["s1"]).to_frame())
    with pytest.raises(UsageError, match="at least one code"):
        sq.transitions(notes, corpus, given=[])
    with pytest.raises(UsageError, match="window is a number of turns"):
        sq.transitions(notes, corpus, window=1.5)
    with pytest.raises(UsageError, match="resample cannot be negative"):
        sq.repair_time(sq.episodes(notes, corpus, EpisodeRule(onset="withdrawal")), resample=-1)
