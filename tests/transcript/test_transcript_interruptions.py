"""A turn that breaks off with a dash, where another speaker goes on, is flagged."""

from __future__ import annotations

import pytest

from rupturecode.transcript import Corpus, Transcript
from rupturecode.transcript.importreport import import_report


def flags(said, convention="plain", after=("T", "Yes.")):
    turns = [("C", said), after] if after else [("C", said)]
    return Transcript.from_turns("s1", turns, convention=convention).turns["flags"].iloc[0]


@pytest.mark.parametrize(
    "said",
    [
        "I was go-",
        "I was--",
        "I was –",
        "I was, —",
        "so I—",
        "he (the boss) -",
        "[NAME] --",
        "Yes. –",
    ],
)
def test_words_that_break_off_before_another_speaker(said):
    assert flags(said) == "interrupted"
    assert flags(said, after=("C", "and so on.")) == ""
    assert flags(said, after=("", "[phone]")) == ""
    assert flags(said, after=None) == ""


@pytest.mark.parametrize("said", ["Yes.", "Yes.–", "—", "- -", "--", "well-known", "a - b", "…–"])
def test_what_does_not_break_off(said):
    assert flags(said) == ""


@pytest.mark.parametrize(
    ("convention", "said", "expected"),
    [
        ("jefferson", "I was go-", ""),  # a sound cut off
        ("jefferson", "I was go—", "interrupted"),
        ("mergenthaler-stinson", "I was - -", ""),  # a pause
        ("mergenthaler-stinson", "I was --", ""),
        ("mergenthaler-stinson", "I was—", "interrupted"),
        ("pit", "I was -", "interrupted"),
        ("chat", "I was -", ""),
    ],
)
def test_signs_that_mean_something_else_in_a_convention(convention, said, expected):
    assert flags(said, convention) == expected


def test_comments_at_the_end_hide_no_interruption():
    assert flags("I was go- [*Withdrawal*]") == "interrupted"


def test_the_report_counts_and_explains_interruptions():
    talk = Transcript.from_turns("s1", [("C", "I was –"), ("T", "You –"), ("C", "Yes.")])
    (row,) = import_report(Corpus.from_transcripts([talk])).flags.to_dict("records")
    assert (row["flag"], row["n_turns"]) == ("interrupted", 2)
    assert "another speaker goes on" in row["meaning"]
