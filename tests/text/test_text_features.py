"""Features: what each counts, within-speaker standardisation, scikit-learn's conventions."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import rupturecode as rc
from rupturecode.transcript import Corpus, Transcript

TURNS = pd.DataFrame(
    {
        "session": "s1",
        "turn": [1, 2, 3, 4, 5, 6],
        "speaker": ["T", "C", "T", "C", "T", "C"],
        "role": ["therapist", "client"] * 3,
        "text": [
            "I want you to try the worksheet this week.",
            "Okay.",
            "How was the worksheet?",
            "Maybe I’m not sure... I don't want to do it, my doctor said to cancel.",
            "Mm-hmm.",
            "What does insurance pay? Who is your supervisor?",
        ],
        "start_ms": [0, 5000, 6000, 8500, 15000, 15200],
        "end_ms": [4000, 5500, 8000, 14000, 15100, 18000],
    }
)


def value(name, turn):
    frame = rc.text.features(TURNS)
    return frame.loc[frame["turn"] == turn, name].item()


@pytest.mark.parametrize(
    ("name", "turn", "expected"),
    [
        ("n_words", 2, 1),
        ("n_words", 1, 9),
        ("talk_share", 2, 0.1),
        ("length_change", 4, np.log(16 / 2)),
        ("latency_ms", 2, 1000),
        ("latency_ms", 4, 500),
        ("pauses", 4, 1),
        ("negations", 4, 2),
        ("refusals", 4, 1),
        ("hedges", 4, 2),
        ("agreement_after_directive", 2, 1),
        ("agreement_after_directive", 5, 0),
        ("questions", 6, 2),
        ("questions", 3, 1),
        ("second_person", 1, 1),
        ("about_other_providers", 4, 1),
        ("about_schedule", 4, 1),
        ("about_fee", 6, 2),
        ("about_director", 6, 1),
        ("pressure", 1, 1),
        ("pressure", 3, 0),
        ("topic_shift", 3, 0.0),
        ("topic_shift", 6, 1.0),
        ("turns_before", 1, 0),
        ("turns_before", 6, 5),
        ("turns_after", 1, 5),
        ("back_channel", 5, 1),
        ("back_channel", 1, 0),
        ("open_questions", 3, 1),
    ],
)
def test_values(name, turn, expected):
    assert value(name, turn) == pytest.approx(expected)


def test_a_directive_after_a_complaint_is_anothers():
    said = ["You never listen.", "You need to try it first.", "Try to see it."]
    more = ["This is a waste of time. I want you to stop.", "Mm.", "You should rest."]
    turns = TURNS.assign(text=said + more, speaker=list("CTTCCT"))
    found = rc.text.features(turns)["directive_after_complaint"]
    assert found.tolist() == [0, 1, 0, 0, 0, 0]


def test_first_person_counts_words():
    talk = Transcript.from_turns("s1", [("C", "I think I'm mine, myself. Imagine my mime.")])
    assert rc.text.features(talk)["first_person"].tolist() == [5.0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I really want to quit smoking.", "wanting change_words change_wanted habit_words"),
        ("I don't want to quit.", "not_wanting change_negated"),
        ("I know I can do it.", "being_able"),
        ("It’s too hard, I tried but it didn't work.", "not_being_able steps_taken"),
        ("For my kids, because I scare them.", "giving_reasons"),
        ("I'd feel better and save money.", "gains_of_change"),
        ("I'm worried, it's killing me.", "costs_of_staying"),
        ("I've got to stop.", "needing"),
        ("It's not a big deal, everybody does it.", "no_need minimizing"),
        ("I'm going to call them tomorrow.", "committing looking_ahead"),
        ("I won't do that.", "declining"),
        ("I am ready now.", "being_ready"),
        ("I'm not ready.", "not_ready"),
        ("Drinking helps me relax.", "gains_of_staying"),
        ("My wife made me come.", "others_push"),
        ("I never drink.", "habit_negated"),
        ("It sounds like you're torn.", "reflecting"),
        ("So you feel stuck.", "reflecting"),
        ("That's great, well done.", "affirming"),
        ("Studies show the risks.", "informing"),
        ("Would it be okay if we looked at it?", "asking_leave ends_asking"),
        ("Do you drive?", "closed_questions"),
        ("On a scale from one to ten?", "scaling"),
        ("You might try to rest.", "advising"),
    ],
)
def test_stance_and_moves(text, names):
    found = rc.text.features(Transcript.from_turns("s1", [("A", text)])).iloc[0]
    missing = [name for name in names.split() if not found[name] >= 1]
    assert not missing
    other = rc.text.features(Transcript.from_turns("s1", [("A", "The cat sat there.")])).iloc[0]
    assert not any(other[name] for name in names.split())


def test_what_has_no_value_is_missing():
    frame = rc.text.features(TURNS.drop(columns=["start_ms", "end_ms"]))
    assert frame["latency_ms"].isna().all()
    assert frame["length_change"].isna().tolist()[:2] == [True, True]


def test_the_same_speaker_going_on_has_no_latency():
    turns = TURNS.assign(speaker="C")
    assert rc.text.features(turns)["latency_ms"].isna().all()


def test_every_feature_has_a_source_and_none_is_a_background():
    sources = rc.text.feature_sources()
    frame = rc.text.features(TURNS)
    assert list(frame.columns) == ["session", "turn", "speaker", "role", *sources["feature"]]
    assert (sources["source"].str.len() > 5).all()
    words = " ".join(sources["feature"])
    assert not any(w in words for w in ("gender", "race", "age_", "class", "ethnic"))


def test_standardized_within_a_speaker_of_a_case():
    frame = rc.text.features(TURNS, standardize=True)
    for _, part in frame.groupby("speaker"):
        assert part["n_words"].mean() == pytest.approx(0)
        assert part["n_words"].std(ddof=0) == pytest.approx(1)
    assert (frame["about_therapist"] == 0).all()


def test_a_case_is_one_baseline_over_sessions():
    talks = [Transcript.from_turns(s, [("C", t)]) for s, t in (("s1", "a b c"), ("s2", "a"))]
    about = pd.DataFrame({"session": ["s1", "s2"], "case": ["x", "x"]})
    corpus = Corpus.from_transcripts(talks, sessions=about)
    assert rc.text.features(corpus, standardize=True)["n_words"].tolist() == [1.0, -1.0]


def test_it_is_a_scikit_learn_transformer():
    from sklearn.base import clone
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    made = clone(rc.text.FeatureTransformer(missing=-1.0))
    assert made.get_params() == {"standardize": True, "missing": -1.0}
    values = made.fit_transform(TURNS)
    assert values.shape == (6, len(made.get_feature_names_out()))
    assert not np.isnan(values).any()
    again = pickle.loads(pickle.dumps(made))
    assert np.array_equal(again.transform(TURNS), values)
    model = make_pipeline(rc.text.FeatureTransformer(), LogisticRegression())
    assert model.fit(TURNS, [0, 1, 0, 1, 0, 1]).predict(TURNS).shape == (6,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * 100_000,
        "😀" * 20_000,
        "\x00\u202e" * 9_000,
        "no " * 30_000,
        "[" * 100_000,
        "m" * 100_000,
        "?" * 100_000,
        "yeah " * 20_000 + "x",
        "not smok " * 10_000,
    ],
)
def test_hostile_turns(text):
    frame = rc.text.features(TURNS.assign(text=[text] * 6))
    assert len(frame) == 6
