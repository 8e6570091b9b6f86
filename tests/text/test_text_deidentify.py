"""Laws of de-identification: offsets, idempotence, consistency; key, sheet and corpus."""

from __future__ import annotations

import json
import stat
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import OWN, THIRD, read_marked

import rupturecode as rc
from rupturecode.errors import InvalidDataError, ParseError, UsageError
from rupturecode.text.deidentification.find import find
from rupturecode.transcript import Corpus, Transcript

SENTENCES = [text for text, _ in read_marked(OWN)]
TALK = st.lists(
    st.one_of(
        st.sampled_from(SENTENCES), st.text(max_size=30), st.sampled_from(["um,", "\n", " "])
    ),
    max_size=5,
).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(TALK)
def test_findings_lie_in_the_text_in_order_and_apart(text):
    found = find(text)
    edges = [edge for f in found for edge in (f.start, f.end)]
    assert edges == sorted(edges)
    assert all(f.start < f.end for f in found)
    assert not edges or edges[-1] <= len(text)


@settings(max_examples=80, deadline=None)
@given(TALK, st.integers(0, 5))
def test_offsets_are_true_and_the_rest_is_untouched(text, seed):
    result = rc.text.deidentify(text, seed=seed)
    old, new = [], []
    at = at_new = 0
    for r in result.replacements.itertuples():
        assert text[r.start_char : r.end_char] == r.original
        assert result.text[r.new_start_char : r.new_end_char] == r.replacement
        old.append(text[at : r.start_char])
        new.append(result.text[at_new : r.new_start_char])
        at, at_new = r.end_char, r.new_end_char
    assert [*old, text[at:]] == [*new, result.text[at_new:]]


@settings(max_examples=50, deadline=None)
@given(TALK)
def test_twice_is_once(text):
    once = rc.text.deidentify(text, seed=1).text
    assert rc.text.deidentify(once, seed=2).text == once


def test_twice_is_once_without_capitals():
    for text, _ in read_marked(THIRD)[::3]:
        once = rc.text.deidentify(text.lower(), seed=1).text
        assert rc.text.deidentify(once, seed=2).text == once


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SENTENCES), st.data())
def test_a_span_between_findings_keeps_its_words(text, data):
    result = rc.text.deidentify(text, seed=0)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new_start, new_end = result.edits["text", 1].move(start, end)
    assert 0 <= new_start <= new_end <= len(result.text)
    rows = result.replacements
    apart = ((rows["end_char"] <= start) | (rows["start_char"] >= end)).all()
    if apart:
        assert result.text[new_start:new_end] == text[start:end]


def corpus() -> Corpus:
    talks = [
        Transcript.from_turns(
            "s1", [("Awa Diallo", "I am Awa. Priya Raman told me [sighs]."), ("T", "Hm.")]
        ),
        Transcript.from_turns(
            "s2", [("Awa Diallo", "So Priya came back from Tulsa."), ("T", "Awa?")]
        ),
        Transcript.from_turns("s3", [("C", "I know Priya too.")]),
    ]
    about = pd.DataFrame(
        {
            "session": ["s1", "s2", "s3"],
            "case": ["a", "a", "b"],
            "date": ["2024-03-01", "2024-03-08", None],
        }
    )
    return Corpus.from_transcripts(talks, sessions=about)


def test_a_case_keeps_its_stand_ins_and_another_case_gets_its_own():
    result = rc.text.deidentify(corpus(), seed=3)
    rows = result.replacements.set_index(["session", "original"])["replacement"]
    first = rows["s1", "Priya Raman"].split()[0]
    assert rows["s2", "Priya"] == first
    assert rows["s3", "Priya"] != first
    assert rows["s1", "Awa"] == rows["s2", "Awa"]


def test_nothing_of_the_names_is_left_anywhere_in_the_corpus():
    new = rc.text.deidentify(corpus(), seed=3).corpus
    everything = new.turns.to_csv() + new.marks.to_csv() + new.sessions.to_csv()
    for word in ("Awa", "Diallo", "Priya", "Raman", "Tulsa", "2024-03-01"):
        assert word not in everything
    assert set(new.turns["speaker"]) >= {"T", "C"}
    assert new.sessions["date"].tolist()[0] == "2024"


def test_marks_still_lie_where_they_are():
    new = rc.text.deidentify(corpus(), seed=3).corpus
    mark = new.marks.iloc[0]
    text = new.turns["text"].iloc[0]
    assert text[mark["start_char"] : mark["end_char"]] == mark["text"] == "[sighs]"


def test_annotations_move_with_their_words():
    old = corpus()
    result = rc.text.deidentify(old, seed=3)
    text = old["s2"].turns["text"].iloc[0]
    start = text.index("came back")
    spans = pd.DataFrame(
        {
            "session": ["s2", "s2"],
            "first_turn": [1, 1],
            "last_turn": [1, 1],
            "start_char": [start, None],
            "end_char": [start + 9, None],
        }
    )
    moved = result.move_offsets(spans)
    new = result.corpus["s2"].turns["text"].iloc[0]
    assert new[moved["start_char"][0] : moved["end_char"][0]] == "came back"
    assert moved["start_char"].isna().tolist() == [False, True]
    with pytest.raises(InvalidDataError, match="turn 9 of session 's2'"):
        result.move_offsets(spans.assign(first_turn=9, last_turn=9))


def test_the_studys_own_names_are_always_found():
    assert (
        rc.text.deidentify("so pebble was there again", names=["Pebble"]).text
        != "so pebble was there again"
    )
    assert rc.text.deidentify("so pebble was there again").text == "so pebble was there again"


def test_the_key_is_its_owners_alone_and_carries_on(tmp_path):
    first = rc.text.deidentify("I told Nkechi.")
    path = first.key.write(tmp_path / "key.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = rc.text.deidentify("Nkechi told me.", key=rc.text.read_key(path))
    assert again.replacements["replacement"][0] == first.replacements["replacement"][0]
    assert "Nkechi" not in repr(first.key)
    with pytest.raises(UsageError, match="never overwritten"):
        first.key.write(path)


def test_without_a_seed_stand_ins_cannot_be_foretold():
    made = {rc.text.deidentify("I told Nkechi.").text for _ in range(5)}
    assert len(made) > 1


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"format": "x", "rows": []})])
def test_another_file_is_no_key(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ParseError, match=r"key\.json"):
        rc.text.read_key(path)


def test_the_review_sheet_shows_every_row_and_runs_no_formula(tmp_path):
    from python_calamine import load_workbook

    result = rc.text.deidentify(
        '=HYPERLINK("x") I told Nkechi in Tulsa on March 3rd. Coach knows 4417.'
    )
    path = rc.text.write_review_sheet(result, tmp_path / "review.xlsx")
    book = load_workbook(path)
    assert book.sheet_names == ["sign here", "replacements", "leftovers"]
    assert len(book.get_sheet_by_name("replacements").to_python()) == len(result.replacements) + 1
    assert len(book.get_sheet_by_name("leftovers").to_python()) == len(result.leftovers) + 1
    signed = str(book.get_sheet_by_name("sign here").to_python())
    assert "Signature" in signed
    assert "interval" in signed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_leftovers_show_what_a_person_must_judge():
    result = rc.text.deidentify("I lived in a town with one mine, and number 4417 was ours.")
    assert {"digits", "often followed by something identifying"} <= set(result.leftovers["reason"])
    for row in result.leftovers.itertuples():
        assert result.text[row.start_char : row.end_char] == row.text


def test_nothing_is_called_safe():
    result = rc.text.deidentify("Hello.")
    assert "not certified" in result.statement
    assert "Signature" in result.statement
    assert "must review" in result.headline()


HOSTILE = {
    "no spaces": "a" * 100_000,
    "capitals": "Ab" * 50_000,
    "digits": "1" * 100_000,
    "number words": "five " * 20_000,
    "dots": "a." * 50_000,
    "at signs": "a@" * 50_000,
    "dashes": "a-" * 50_000,
    "names": "Kevin " * 16_000,
    "emoji": "😀👩‍👩‍👧" * 15_000,
    "right to left": "שלום דנה " * 11_000,
    "controls": "\x00\x1b\u202e\u200b" * 25_000,
    "spaces": " " * 100_000,
    "brackets": "[" * 100_000,
    "dates": "3/3/" * 25_000,
    "quotes": "\"'" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_bounded_time(name):
    start = time.process_time()
    result = rc.text.deidentify(HOSTILE[name], seed=0)
    assert time.process_time() - start < 8
    assert isinstance(result.text, str)
