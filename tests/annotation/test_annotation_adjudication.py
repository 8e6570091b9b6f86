"""Adjudication: only disagreements, worst first, blind, and every decision lands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode.annotation import Annotations, adjudication_list, codebook_gaps, disputes
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "rupture", "definition": "any"},
            {"id": "tension", "definition": "x", "scale": {"kind": "ordinal", "anchors": {1: "a", 5: "b"}}},
            {"id": "tone", "definition": "x", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
        ],
    }
)  # fmt: skip


@pytest.fixture
def corpus() -> Corpus:
    talks = [
        Transcript.from_turns(s, [("T" if t % 2 else "C", f"{s} line {t}") for t in range(1, 7)])
        for s in ("s1", "s2")
    ]
    return Corpus.from_transcripts(talks)


@pytest.fixture
def notes(corpus: Corpus) -> Annotations:
    rows = [
        ("s1", 2, "Anna Kim", "rupture", 1, None),
        ("s1", 2, "BL", "rupture", 1, None),
        ("s1", 2, "CM", "rupture", 1, None),
        ("s1", 4, "Anna Kim", "rupture", 1, None),
        ("s2", 3, "BL", "tension", 1, None),
        ("s2", 3, "CM", "tension", 5, None),
        ("s2", 5, "BL", "tension", 3, None),
        ("s2", 5, "CM", "tension", 4, None),
        ("s1", 1, "BL", "tone", None, "warm"),
        ("s1", 1, "CM", "tone", None, "cold"),
    ]
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "code", "value", "category"])
    cover = pd.DataFrame(
        [(s, 1, 6, c) for s in ("s1", "s2") for c in ("Anna Kim", "BL", "CM")],
        columns=["session", "first_unit", "last_unit", "coder"],
    )
    return Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage=cover)


def test_only_disagreements_worst_first(notes: Annotations) -> None:
    table = disputes(notes)
    assert table[["session", "unit", "code"]].to_numpy().tolist() == [
        ["s1", 1, "tone"],
        ["s1", 4, "rupture"],
        ["s2", 3, "tension"],
        ["s2", 5, "tension"],
    ]
    np.testing.assert_allclose(table["spread"], [1, 1, 1, 0.25])


def test_the_list_shows_context_and_hides_names(notes: Annotations, corpus: Corpus) -> None:
    table = adjudication_list(notes, corpus, context=1)
    row = table[table["code"] == "rupture"].iloc[0]
    assert row["before"] == "3 T: s1 line 3"
    assert row["text"] == "4 C: s1 line 4"
    assert row["after"] == "5 T: s1 line 5"
    assert not table["said"].str.contains("Anna|BL|CM").any()
    assert sorted(part[-1] for part in row["said"].split("; ")) == ["0", "0", "1"]
    assert adjudication_list(notes, corpus, masked=False)["said"].str.contains("Anna Kim 1").any()
    pd.testing.assert_frame_equal(table, adjudication_list(notes, corpus, context=1))


def test_decisions_settle_what_is_disputed(notes: Annotations, corpus: Corpus) -> None:
    table = adjudication_list(notes, corpus).set_index(["session", "unit"], drop=False)
    table.loc[("s1", 1), ["decision", "reason"]] = ["cold", "clipped answers"]
    table.loc[("s1", 4), ["decision", "reason"]] = ["absent", "only tired"]
    table.loc[("s2", 3), "decision"] = "cannot code"
    table.loc[("s2", 5), "decision"] = "4"
    made = notes.consensus(table.reset_index(drop=True))
    assert made.layer == "consensus"
    assert made.problems == ()
    assert made.ratings("rupture").loc["s1", "consensus"].tolist() == [0, 1, 0, 0, 0, 0]
    assert made.ratings("tone").loc[("s1", 1), "consensus"] == "cold"
    tension = made.ratings("tension")["consensus"]
    assert tension[("s2", 5)] == 4
    assert np.isnan(tension[("s2", 3)])
    frame = made.to_frame().set_index("code")
    assert frame.loc["tone", "note"] == "clipped answers"
    assert frame.loc["tone", "origin"] == "BL warm; CM cold"


def test_what_is_left_open_is_neither_absent_nor_silent(notes: Annotations, corpus: Corpus) -> None:
    made = notes.consensus(adjudication_list(notes, corpus))
    assert np.isnan(made.ratings("rupture").loc[("s1", 4), "consensus"])
    assert made.ratings("rupture").loc[("s1", 2), "consensus"] == 1
    assert "4 of 4 disagreements are not adjudicated yet" in str(made.problems[0])


def test_wrong_decisions_are_all_told(notes: Annotations, corpus: Corpus) -> None:
    table = adjudication_list(notes, corpus)
    table["decision"] = ["tepid", "maybe", "9", "4"]
    table = pd.concat([table, table.tail(1), table.tail(1).assign(unit=6)])
    with pytest.raises(InvalidDataError) as caught:
        notes.consensus(table)
    words = str(caught.value)
    assert "'tepid' is not one of warm, cold" in words
    assert "'maybe' about 'rupture' on turn 4 of session s1: write 1, 'absent' or" in words
    assert "value 9 is outside 1 to 5" in words
    assert "is not disputed" in words
    assert "is decided twice" in words


def test_a_consensus_is_not_adjudicated(notes: Annotations, corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="own coding"):
        adjudication_list(notes.consensus("any"), corpus)


def test_codebook_gaps_counts_what_was_unclear(notes: Annotations, corpus: Corpus) -> None:
    table = adjudication_list(notes, corpus)
    table.loc[table["code"] == "tension", "codebook_unclear"] = ["x", ""]
    table.loc[table["code"] == "tension", "reason"] = ["no anchor for silence", "clear"]
    table.loc[table["code"] == "tension", "decision"] = ["3", "4"]
    gaps = codebook_gaps(table)
    assert gaps.loc[0].to_dict() == {
        "code": "tension",
        "n_disputed": 2,
        "n_decided": 2,
        "n_unclear": 1,
        "share_unclear": 0.5,
        "reasons": "no anchor for silence",
    }
    assert gaps["share_unclear"].isna().sum() == 2


def test_masks_hold_for_names_and_choices_of_several_words() -> None:
    book = Codebook.from_dict(
        {
            "id": "t",
            "version": "1",
            "title": "T",
            "codes": [
                {
                    "id": "tone",
                    "scale": {"kind": "nominal", "categories": ["quite warm", "a; b c"]},
                }
            ],
        }
    )
    talk = Transcript.from_turns("s1", [("C", "Hm."), ("T", "Yes?")])
    frame = pd.DataFrame(
        [("s1", 1, "Zoë de Ő", "quite warm"), ("s1", 1, "B; M", "a; b c")],
        columns=["session", "turn", "coder", "category"],
    ).assign(code="tone")
    corpus = Corpus.from_transcripts([talk])
    notes = Annotations.from_frame(frame, codebook=book, corpus=corpus, coverage="rows")
    for seed in range(4):
        (said,) = adjudication_list(notes, corpus, seed=seed)["said"]
        assert said in ("A quite warm; B a; b c", "A a; b c; B quite warm")
    (said,) = adjudication_list(notes, corpus, masked=False)["said"]
    assert said == "B; M a; b c; Zoë de Ő quite warm"


@pytest.mark.parametrize("word", ["x", "Yes", "TRUE", "1.0", "1"])
def test_what_people_write_for_yes(notes: Annotations, corpus: Corpus, word: str) -> None:
    table = adjudication_list(notes, corpus)
    presence = table["code"] == "rupture"
    table.loc[presence, "decision"] = word
    made = notes.consensus(table)
    decided = made.changes.merge(table[presence][["session", "kind", "unit", "code"]])
    assert decided["value"].tolist() == [1.0] * len(decided)
    assert len(decided)
