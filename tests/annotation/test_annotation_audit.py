"""Audit: codings follow their words when a transcript changes, or are listed as lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.annotation import Annotations, reanchor, stale
from rupturecode.codebook import Codebook
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "2",
        "title": "Tiny",
        "codes": [
            {"id": "rupture", "definition": "any tear"},
            {"id": "repair", "definition": "mends"},
        ],
    }
)
TEXTS = [
    "How was your week?",
    "Fine, I suppose. Fine, really.",
    "You say fine twice.",
    "Nobody asks how people get here.",
    "I have not asked enough about that.",
    "No.",
]


def corpus_of(texts: list[str], session: str = "s1") -> Corpus:
    rows = [("T" if i % 2 == 0 else "C", t) for i, t in enumerate(texts)]
    return Corpus.from_transcripts([Transcript.from_turns(session, rows)])


def coded(corpus: Corpus, *rows: dict) -> Annotations:
    frame = pd.DataFrame([{"session": "s1", "coder": "AK", "code": "rupture", **r} for r in rows])
    return Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")


def test_nothing_changed() -> None:
    corpus = corpus_of(TEXTS)
    notes = coded(corpus, {"turn": 2}, {"turn": 4})
    result = reanchor(notes, corpus.turns, corpus)
    assert set(result.to_frame()["fate"]) == {"same"}
    pd.testing.assert_frame_equal(result.annotations.to_frame(), notes.to_frame())
    pd.testing.assert_frame_equal(result.annotations.coverage, notes.coverage, check_dtype=False)


def test_an_inserted_turn_moves_what_follows_and_is_not_covered() -> None:
    old = corpus_of(TEXTS)
    notes = coded(old, {"turn": 2}, {"turn": 4})
    new = corpus_of([*TEXTS[:2], "(a pause that was missed)", *TEXTS[2:]])
    result = reanchor(notes, old.turns, new)
    assert result.to_frame()[["old_turn", "new_turn", "fate"]].values.tolist() == [
        [2, 2, "same"],
        [4, 5, "moved"],
    ]
    got = result.annotations.ratings("rupture").loc["s1", "AK"]
    np.testing.assert_array_equal(got, [0, 1, np.nan, 0, 1, 0, 0])


def test_a_reworded_turn_keeps_its_code_and_a_deleted_one_is_listed() -> None:
    old = corpus_of(TEXTS)
    notes = coded(old, {"turn": 4}, {"turn": 6})
    new = corpus_of([*TEXTS[:3], "Nobody ever asks how people get here!", TEXTS[4]])
    result = reanchor(notes, old.turns, new)
    fates = result.to_frame()
    assert fates["fate"].tolist() == ["reworded", "lost"]
    assert fates["note"].tolist() == ["", "the turn is not in the transcript any more"]
    assert result.headline() == (
        "2 codings: 0 stand where they stood, 0 moved, 1 on reworded turns, 1 lost."
    )
    assert len(result.annotations) == 1


def test_spans_are_found_by_their_words_and_surroundings() -> None:
    old = corpus_of(TEXTS)
    at = TEXTS[1].index("Fine, really")
    span = {"kind": "span", "first_turn": 2, "last_turn": 2, "start_char": at, "end_char": at + 4}
    notes = coded(old, span)
    new = corpus_of([TEXTS[0], "Well. Fine, I suppose. Fine, really.", *TEXTS[2:]])
    row = reanchor(notes, old.turns, new).annotations.to_frame().iloc[0]
    assert new["s1"].turns["text"][1][row["start_char"] : row["end_char"]] == "Fine"
    assert row["start_char"] == at + len("Well. ")
    gone = corpus_of([TEXTS[0], "I suppose. Sure, really, yes", *TEXTS[2:]])
    lost = reanchor(notes, old.turns, gone).to_frame()
    assert lost["fate"].tolist() == ["lost"]


def test_turns_that_cannot_be_told_apart_are_not_guessed() -> None:
    old = corpus_of(["Hm.", "Tell me about it.", "No, not today.", "Why not?"])
    notes = coded(old, {"turn": 3})
    new = corpus_of(["No, not today.", "No, not today.", "Hm.", "Tell me about it.", "Why not?"])
    assert reanchor(notes, old.turns, new).to_frame()["fate"].tolist() == ["lost"]


WORDS = st.sampled_from([*TEXTS, "Mm.", "Yes.", "I missed the bus and nearly did not come."])


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, min_size=1, max_size=8))
def test_a_coding_never_lands_on_other_words(before: list[str], after: list[str]) -> None:
    old, new = corpus_of(before), corpus_of(after)
    notes = coded(old, *({"turn": int(t)} for t in old["s1"].turns["turn"]))
    result = reanchor(notes, old.turns, new)
    texts = {
        c: dict(zip(c["s1"].turns["turn"], c["s1"].turns["text"], strict=True)) for c in (old, new)
    }
    fates = result.to_frame()
    assert len(fates) == len(notes)
    kept = fates[fates["fate"] != "lost"]
    assert kept["new_turn"].is_unique
    for row in kept.itertuples():
        if row.fate != "reworded":
            assert texts[old][row.old_turn] == texts[new][row.new_turn]


@pytest.mark.parametrize(
    ("old", "why"),
    [
        (None, ["another version", "another version"]),
        ("redefined", ["redefined"]),
        ("same", []),
    ],
)
def test_codings_of_an_older_codebook(old: str | None, why: list[str]) -> None:
    corpus = corpus_of(TEXTS)
    frame = pd.DataFrame(
        {"session": "s1", "turn": [1, 2, 3], "coder": "AK", "code": ["rupture", "repair", "repair"],
         "codebook": ["tiny@1", "tiny@1", "tiny@2"]}
    )  # fmt: skip
    notes = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="rows")
    first = replace(BOOK, version="1")
    if old == "redefined":
        first = replace(
            first, codes=(replace(BOOK.codes[0], definition="a quarrel"), BOOK.codes[1])
        )
    table = stale(notes, None if old is None else first)
    assert table["why"].tolist() == why
    assert (table["n"] == 1).all()
