"""Cues: the same matches as spaCy's own ruler, as a component, in a frame, in processes."""

from __future__ import annotations

import time

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import rupturecode as rc
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.text.cue_patterns import parse_cue
from rupturecode.text.cues import CueSpotter, cues_of
from rupturecode.transcript import Transcript

CUES = {
    "withdrawal": ["whatever you say", "don't ... see the point", "i ... guess", "fine"],
    "confrontation": ["you|they never ... listen", "waste of time"],
}
WORDS = st.sampled_from(
    "i you they guess never listen see the point whatever say do n't don't fine waste of time to".split()
)


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_the_gate_loses_nothing(text):
    nlp = rc.text.pipeline()
    full = spacy.blank("en")
    full.tokenizer = nlp.tokenizer
    ruler = full.add_pipe("span_ruler")
    ruler.add_patterns(
        {"label": code, "pattern": parse_cue(nlp, cue)}
        for code, cues in CUES.items()
        for cue in cues
    )
    doc = full(text)
    theirs = {(s.start, s.end, s.label_) for s in doc.spans["ruler"]}
    own = nlp.make_doc(text)
    ours = {(s.start, s.end, s.label_) for s in CueSpotter(nlp, CUES).find(own)}
    assert ours == theirs


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


def test_processes_find_the_same(monkeypatch):
    talk = Transcript.from_turns("s1", [("C", f"{n} I really guess so, fine.") for n in range(40)])
    alone = rc.text.find_cues(talk, CUES)
    monkeypatch.setattr("rupturecode.text.cues._SHARD", 15)
    assert rc.text.find_cues(talk, CUES, workers=2).equals(alone)
    assert len(alone) == 80


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
