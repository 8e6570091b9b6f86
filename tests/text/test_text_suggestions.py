"""Suggestions: earned on unseen cases, refused with a reason, stored without pickle."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

import rupturecode as rc
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, ParseError, UnknownNameError, UsageError
from rupturecode.study import example_study
from rupturecode.text.judge import average_precision, calibration_error, kappas, recall_in_budget
from rupturecode.text.linear import best_threshold
from rupturecode.text.storage import check_codebook
from rupturecode.text.verdict import agreement
from rupturecode.transcript import Corpus, Transcript

PLAIN = "we walked home and cooked dinner | my sister came on sunday | the week was long".split(
    " | "
)
SIGN = "i do not see the point of this | you are not listening to me | this is not helping".split(
    " | "
)
BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "strain", "roles": ["client"]},
            {"id": "noise", "roles": ["client"]},
            {"id": "rare", "roles": ["client"]},
            {"id": "mood", "scale": {"kind": "nominal", "categories": ["up", "down"]}},
        ],
    }
)


def study(n_cases=12, turns=24, seed=0):
    """Strain has words of its own; noise is drawn blindly; two coders differ now and then."""
    draw = random.Random(seed)
    talks, marks, about = [], [], []
    for case in range(n_cases):
        rows = []
        for turn in range(1, turns + 1):
            strained = turn % 2 == 0 and draw.random() < 0.3
            text = " ".join(draw.choices(SIGN if strained else PLAIN, k=draw.choice((1, 2, 3))))
            rows.append(("C" if turn % 2 == 0 else "T", text))
            for coder in ("AK", "BL"):
                if strained and draw.random() < 0.9:
                    marks.append((f"s{case}", turn, coder, "strain"))
                if turn % 2 == 0 and draw.random() < 0.3:
                    marks.append((f"s{case}", turn, coder, "noise"))
        talks.append(
            Transcript.from_turns(f"s{case}", rows, roles={"C": "client", "T": "therapist"})
        )
        about.append((f"s{case}", f"case{case}", "a" if case % 2 else "b"))
    marks.append(("s0", 2, "AK", "rare"))
    corpus = Corpus.from_transcripts(
        talks, sessions=pd.DataFrame(about, columns=["session", "case", "group"])
    )
    frame = pd.DataFrame(marks, columns=["session", "turn", "coder", "code"])
    notes = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    return notes, corpus


@pytest.fixture(scope="module")
def tested():
    notes, corpus = study()
    codes = ["strain", "noise", "rare", "mood"]
    return notes, corpus, rc.text.evaluate_suggestions(notes, corpus, codes=codes, draws=100)


def row(test, code):
    return test.by_code.set_index("code").loc[code]


def test_a_code_with_words_of_its_own_earns_it(tested):
    strain = row(tested[2], "strain")
    assert strain["earns"]
    assert strain["estimate"] > 0.9
    assert strain["low"] <= strain["estimate"] <= strain["high"]
    assert strain["gain_low"] > 0
    assert strain["coder_kappa"] > 0.7
    assert strain["model_kappa"] > 0.7


def test_a_code_given_blindly_is_refused_and_told_why(tested):
    noise = row(tested[2], "noise")
    assert not noise["earns"]
    assert "not clearly better" in noise["note"]


def test_too_little_is_said_to_be_too_little(tested):
    assert "20 are needed" in row(tested[2], "rare")["note"]
    assert "nominal" in row(tested[2], "mood")["note"]
    assert np.isnan(row(tested[2], "mood")["estimate"])


def test_baselines_are_what_they_are_called(tested):
    for code in ("strain", "noise"):
        found = row(tested[2], code)
        p = found["prevalence"]
        assert found["f1_always"] == pytest.approx(2 * p / (1 + p))
        assert found["f1_majority"] == 0
    # field notes: 1,014 of 1,734 segments positive, F1 of calling all positive .7380
    assert pytest.approx(0.7380, abs=5e-5) == 2 * (1014 / 1734) / (1 + 1014 / 1734)


def test_no_case_is_on_both_sides():
    """A word that names the case cannot help: with it alone nothing is learnt."""
    notes, corpus = study(n_cases=10)
    talks = [
        Transcript.from_turns(
            t.session,
            [(s, f"word{t.session}") for s in t.turns["speaker"]],
            roles={"C": "client", "T": "therapist"},
        )
        for t in corpus
    ]
    blank = Corpus.from_transcripts(talks, sessions=corpus.sessions[["session", "case"]])
    test = rc.text.evaluate_suggestions(notes, blank, codes=["strain"], draws=50)
    assert not row(test, "strain")["earns"]
    assert row(test, "strain")["estimate"] < row(test, "strain")["prevalence"] + 0.15


def test_suggest_shows_only_what_the_coder_coded_and_refuses_the_rest(tested):
    notes, corpus, test = tested
    result = rc.text.suggest(notes, corpus, coder="AK", evaluation=test)
    assert set(result.refused["code"]) == {"noise", "rare", "mood"}
    assert (result.refused["reason"] != "").all()
    assert set(result.suggestions["code"]) <= {"strain"}
    own = notes.ratings("strain")["AK"]
    for one in result.suggestions.itertuples():
        assert own.loc[one.session, one.turn] == one.given != float(one.flagged)


def test_a_coder_of_part_sees_that_part_and_a_worklist_of_the_rest(tested):
    notes, corpus, test = tested
    half = [f"s{i}" for i in range(6)]
    frame = notes.to_frame()
    cover = notes.coverage
    kept = frame[(frame["coder"] == "AK") | frame["session"].isin(half)]
    seen = cover[(cover["coder"] == "AK") | cover["session"].isin(half)]
    partial = Annotations.from_frame(
        kept[
            ["session", "turn" if "turn" in kept else "first_turn", "coder", "code", "kind", "unit"]
        ],
        codebook=BOOK,
        corpus=corpus,
        coverage=seen[["session", "kind", "first_unit", "last_unit", "coder"]],
    )
    look = rc.text.suggest(partial, corpus, coder="BL", evaluation=test)
    assert set(look.suggestions["session"]) <= set(half)
    work = rc.text.suggest(partial, corpus, coder="BL", evaluation=test, purpose="worklist")
    assert set(work.suggestions["session"]) == set(corpus.sessions["session"]) - set(half)
    assert "turn" not in work.suggestions.columns
    assert "code" not in work.suggestions.columns
    assert work.suggestions["expected"].is_monotonic_decreasing


def test_misuse_is_answered(tested):
    notes, corpus, test = tested
    with pytest.raises(UnknownNameError, match="Unknown coder 'AKK'"):
        rc.text.suggest(notes, corpus, coder="AKK", evaluation=test)
    with pytest.raises(UsageError, match="second look"):
        rc.text.suggest(notes, corpus, coder="AK", evaluation=test, purpose="all")
    with pytest.raises(UsageError, match="consensus"):
        rc.text.evaluate_suggestions(notes.consensus("any"), corpus)
    with pytest.raises(UsageError, match="between 0 and 1"):
        rc.text.evaluate_suggestions(notes, corpus, budget=2)


def test_the_same_seed_gives_the_same_result(tested):
    notes, corpus, test = tested
    again = rc.text.evaluate_suggestions(notes, corpus, codes=["strain"], draws=100)
    a, b = row(test, "strain"), row(again, "strain")
    assert (a["estimate"], a["low"], a["high"]) == (b["estimate"], b["low"], b["high"])


def test_models_are_plain_arrays_and_score_the_same(tested, tmp_path):
    notes, corpus, test = tested
    model = rc.text.suggest(notes, corpus, coder="AK", evaluation=test).model
    path = model.save(tmp_path / "model.npz")
    with np.load(path, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    again = rc.text.load_model(path)
    pd.testing.assert_frame_equal(again.score(corpus), model.score(corpus))
    assert again.about["codebook"] == "tiny@1"
    assert again.about["metrics"]["strain"]["estimate"] > 0.9
    assert len(again.about["data"]) == 16
    check_codebook(again, BOOK)
    other = Codebook.from_dict(
        {"id": "o", "version": "1", "title": "O", "codes": [{"id": "strain", "definition": "else"}]}
    )
    with pytest.raises(UnknownNameError, match="definition the model learnt"):
        check_codebook(again, other)


def test_a_pickle_is_refused(tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ParseError, match="not a model file"):
        rc.text.load_model(path)
    path.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(ParseError, match="not a model file"):
        rc.text.load_model(path)


def test_decisions_are_logged_line_by_line(tested, tmp_path):
    notes, corpus, test = tested
    shown = rc.text.suggest(notes, corpus, coder="AK", evaluation=test).suggestions
    decided = shown.assign(decision="rejected")
    path = tmp_path / "decisions.csv"
    rc.text.log_acceptance(decided.head(1), path, coder="AK", model="abc")
    rc.text.log_acceptance(decided.tail(1), path, coder="AK", model="abc")
    log = pd.read_csv(path)
    assert len(log) == 2
    assert log["decision"].tolist() == ["rejected"] * 2
    with pytest.raises(InvalidDataError, match="'perhaps' is none of"):
        rc.text.log_acceptance(decided.assign(decision="perhaps"), path, coder="AK")
    with pytest.raises(InvalidDataError, match="'decision' is missing"):
        rc.text.log_acceptance(shown, path, coder="AK")


def test_flag_rates_by_group_hide_small_cells(tested):
    _, corpus, test = tested
    rates = rc.text.flag_rates(test, corpus, by="group")
    strain = rates[rates["code"] == "strain"].set_index("group")
    assert strain["n_cases"].tolist() == [6, 6]
    assert strain["ratio"].between(0.7, 1.4).all()
    hidden = rc.text.flag_rates(test, corpus, by="group", min_cases=7)
    assert hidden[["n_cases", "n_units", "flag_rate", "coder_rate"]].isna().all(axis=None)
    assert hidden["note"].str.contains("suppressed").all()
    with pytest.raises(UnknownNameError, match="column of sessions"):
        rc.text.flag_rates(test, corpus, by="grup")


def test_a_lone_small_group_takes_the_next_with_it(tested):
    _, corpus, test = tested
    sessions = corpus.sessions.assign(group=["x"] * 1 + ["y"] * 5 + ["z"] * 6)
    about = Corpus.from_transcripts(list(corpus), sessions=sessions[["session", "case", "group"]])
    rates = rc.text.flag_rates(test, about, by="group").set_index(["code", "group"])
    assert rates.loc["strain"]["flag_rate"].isna().to_dict() == {"x": True, "y": True, "z": False}


def test_average_precision_is_scikit_learns():
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(0)
    for _ in range(20):
        score = rng.integers(0, 12, 60) / 12
        truth = rng.integers(0, 2, 60).astype(float)
        weight = rng.integers(0, 4, (3, 60)).astype(float)
        ours = average_precision(score, truth, weight)
        theirs = [average_precision_score(truth, score, sample_weight=w) for w in weight]
        assert ours == pytest.approx(theirs)


def test_kappa_is_scikit_learns():
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 2, (2, 80)).astype(float)
    weight = rng.integers(0, 4, (5, 80)).astype(float)
    theirs = [cohen_kappa_score(one, other, sample_weight=w) for w in weight]
    assert kappas(one, other, weight) == pytest.approx(theirs)
    assert np.isnan(kappas(np.ones(3), np.ones(3), np.ones((1, 3)))).all()


def test_coders_and_model_are_compared_on_the_same_turns():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 200).astype(float)
    second = np.where(rng.random(200) < 0.1, 1 - truth, truth)
    model = np.where(rng.random(200) < 0.2, 1 - truth, truth)
    wrong_alone = np.where(np.arange(200) < 100, truth, 1 - truth)
    second[100:] = np.nan  # where one coder worked alone, the model is wrong throughout
    given = np.column_stack([wrong_alone, second])
    weights = np.vstack([np.ones(200), rng.integers(0, 3, (50, 200))])
    found = agreement(given, model, weights, 0.95)
    assert found["n_double"] == 100
    assert found["model_kappa"] > 0.5
    assert found["kappa_gap"] == pytest.approx(found["model_kappa"] - found["coder_kappa"])
    assert found["kappa_gap_low"] < found["kappa_gap"] < found["kappa_gap_high"]
    alone = agreement(given[:, :1], model, weights, 0.95)
    assert (alone["n_double"], np.isnan(alone["coder_kappa"])) == (0, True)


def test_what_coders_cannot_agree_on_is_refused():
    """The words are plain, but the second coder's codes are the first's of another turn."""
    notes, corpus = study()
    frame = notes.to_frame()
    frame = frame[frame["code"] == "strain"][["session", "first_turn", "coder", "code"]]
    own = frame[frame["coder"] == "AK"]
    taken = set(zip(own["session"], own["first_turn"], strict=True))
    free = [
        (t.session, n)
        for t in corpus
        for n in t.turns["turn"]
        if n % 2 == 0 and (t.session, n) not in taken
    ]
    other = pd.DataFrame(free[: len(own)], columns=["session", "first_turn"])
    marks = pd.concat([own, other.assign(coder="BL", code="strain")])
    split = Annotations.from_frame(
        marks.rename(columns={"first_turn": "turn"}),
        codebook=BOOK,
        corpus=corpus,
        coverage="whole sessions",
    )
    found = row(rc.text.evaluate_suggestions(split, corpus, codes=["strain"], draws=50), "strain")
    assert found["coder_kappa"] < 0
    assert "agree no better than chance" in found["note"]
    assert not found["earns"]


@pytest.mark.parametrize(("n_cases", "turns"), [(1, 24), (2, 4), (2, 24), (3, 24), (5, 12)])
def test_small_studies_are_refused_with_a_reason_and_no_warning(n_cases, turns):
    """Warnings are errors here: every figure without a value is NaN, and the note says why."""
    notes, corpus = study(n_cases=n_cases, turns=turns)
    test = rc.text.evaluate_suggestions(notes, corpus, draws=20)
    assert not test.by_code["earns"].any()
    assert test.by_code["note"].str.contains("needed").all()
    assert len(rc.text.suggest(notes, corpus, evaluation=test).suggestions) == 0


def test_a_code_in_one_case_alone_has_no_figures_and_no_warning():
    corpus = study()[1]
    marks = pd.DataFrame(
        {"session": "s0", "turn": range(2, 25, 2), "coder": "AK", "code": "strain"}
    )
    for more in ([], ["BL"]):
        both = pd.concat([marks, *(marks.assign(coder=c) for c in more)])
        notes = Annotations.from_frame(
            both, codebook=BOOK, corpus=corpus, coverage="whole sessions"
        )
        found = row(rc.text.evaluate_suggestions(notes, corpus, draws=20), "strain")
        assert np.isnan(found[["estimate", "low", "high", "gain", "f1"]].astype(float)).all()
        assert found["note"]


def test_the_example_study_gives_no_warning():
    study_ = rc.open_study(example_study())
    test = rc.text.evaluate_suggestions(study_.annotations, study_.corpus, draws=20)
    blank = test.by_code["estimate"].isna()
    assert blank.any()
    assert (test.by_code.loc[blank, "note"] != "").all()
    draws_without_the_code = test.by_code.loc[~blank, ["low", "high"]]
    assert draws_without_the_code.notna().all(axis=None)


def test_small_measures_by_hand():
    score = np.array([0.9, 0.8, 0.3, 0.1])
    share = np.array([1.0, 0.0, 0.5, 0.0])
    assert recall_in_budget(score, share, 0.25) == pytest.approx(1 / 1.5)
    assert calibration_error(score, share) == pytest.approx((0.1 + 0.8 + 0.2 + 0.1) / 4)
    # flagging the first alone: F1 = 2*1/(1+1.5) = .8; the first three: 2*1.5/(3+1.5) = .667
    assert best_threshold(score, share) == 0.9
