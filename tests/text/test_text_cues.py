"""Cues: the same matches as spaCy's own ruler, as a component, in a frame, in processes."""

from __future__ import annotations

import time
from functools import cache

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import rupturecode as rc
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.text.cue_patterns import parse_cue
from rupturecode.text.cues import CueSpotter, cues_of
from rupturecode.transcript import Corpus, Transcript

CUES = {
    "withdrawal": ["whatever you say", "don't ... see the point", "i ... guess", "fine"],
    "confrontation": ["you|they never ... listen", "waste of time"],
}
WORDS = st.sampled_from(
    "i you they guess never listen see the point whatever say do n't don't fine waste of time to".split()
)


@cache
def rivals():
    """Ours, and spaCy's own ruler with the same patterns, made once."""
    nlp = rc.text.pipeline()
    full = spacy.blank("en")
    full.tokenizer = nlp.tokenizer
    ruler = full.add_pipe("span_ruler")
    ruler.add_patterns(
        {"label": code, "pattern": parse_cue(nlp, cue)}
        for code, cues in CUES.items()
        for cue in cues
    )
    return CueSpotter(nlp, CUES), full


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_the_gate_loses_nothing(text):
    spotter, full = rivals()
    doc = full(text)
    theirs = {(s.start_char, s.end_char, s.label_) for s in doc.spans["ruler"]}
    own = rc.text.pipeline().make_doc(text)
    ours = [(s.start_char, s.end_char, s.label_) for s in spotter.find(own)]
    assert set(ours) == theirs
    assert [(start, end, code) for code, start, end in spotter.places(own)] == ours


def test_apostrophes_and_contractions_do_not_matter():
    talk = Transcript.from_turns(
        "s1",
        [("C", "I don’t see the point."), ("C", "I do not really see the point."), ("C", "No.")],
    )
    found = rc.text.find_cues(talk, CUES)
    assert found["turn"].tolist() == [1, 2]
    assert found["code"].unique().tolist() == ["withdrawal"]
    for row in found.itertuples():
        assert talk.turns["text"][row.turn - 1][row.start_char : row.end_char] == row.text


def test_token_patterns_are_taken_as_they_are():
    nlp = rc.text.pipeline()
    spotter = CueSpotter(nlp, {"shout": [[{"IS_UPPER": True, "LENGTH": {">=": 3}}]]})
    assert [s.text for s in spotter.find(nlp.make_doc("STOP it NOW"))] == ["STOP", "NOW"]


def test_cues_live_in_the_codebook():
    book = Codebook.from_dict(
        {
            "id": "t",
            "version": "1",
            "title": "T",
            "codes": [{"id": "w", "cues": ["fine", "i ... guess"]}],
        }
    )
    assert cues_of(book) == {"w": ["fine", "i ... guess"]}
    empty = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "codes": [{"id": "w"}]})
    with pytest.raises(UsageError, match="no cues"):
        cues_of(empty)


def test_the_component_is_found_by_its_entry_point_and_survives_disk(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("rupture_cues", config={"cues": CUES})
    nlp.to_disk(tmp_path / "pipeline")
    doc = rc.text.pipeline(tmp_path / "pipeline")("Whatever you say.")
    assert [(s.text, s.label_) for s in doc.spans["rupture_cues"]] == [
        ("Whatever you say", "withdrawal")
    ]


@pytest.mark.parametrize("lot", [1, 15, 1000])
def test_processes_find_the_same(monkeypatch, lot):
    texts = [f"{n} I really guess so, fine 😀 fine." for n in range(40)]
    talks = [Transcript.from_turns(s, [("C", t) for t in texts]) for s in ("s1", "s2", "s3")]
    corpus = Corpus.from_transcripts(talks)
    alone = rc.text.find_cues(corpus, CUES)
    monkeypatch.setattr("rupturecode.text.cue_search._LOT", lot)
    pd.testing.assert_frame_equal(rc.text.find_cues(corpus, CUES, workers=2), alone)
    assert len(alone) == 3 * 40 * 3
    assert alone["session"].tolist() == [s for s in ("s1", "s2", "s3") for _ in range(120)]


def test_nothing_to_search_finds_nothing():
    empty = Transcript.from_turns("s1", [("C", "fine")]).turns.head(0)
    for workers in (1, 2):
        assert len(rc.text.find_cues(empty, CUES, workers=workers)) == 0


def test_bad_cues_are_listed_all_at_once():
    bad = {"a": ["...", [{"NO_SUCH": 1}]], "b": [""]}
    with pytest.raises(InvalidDataError, match="3 problems"):
        CueSpotter(rc.text.pipeline(), bad)


@pytest.mark.parametrize("mark", ["[", "[(", "-", "a-", "😀", "\x00\u202e", "דנה ", "fine "])
def test_hostile_turns_take_bounded_time(mark):
    talk = Transcript.from_turns("s1", [("C", "fine " + mark * 30_000 + " fine")])
    start = time.process_time()
    found = rc.text.find_cues(talk, CUES)
    assert time.process_time() - start < 8
    assert len(found) >= 2


def test_documents_know_their_turn():
    talk = Transcript.from_turns("s1", [("Ms D", "No.")], roles={"Ms D": "client"})
    doc = next(rc.text.docs(talk))
    assert (doc._.session, doc._.turn, doc._.speaker, doc._.role) == ("s1", 1, "Ms D", "client")


def test_a_pipeline_that_is_not_there_is_not_downloaded():
    with pytest.raises(UsageError, match="no spaCy pipeline 'en_no_such_model'"):
        rc.text.pipeline("en_no_such_model")
