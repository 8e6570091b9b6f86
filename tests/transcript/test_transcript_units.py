"""Units: windows with turns that straddle, exchanges, sentences; and a corpus of them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.transcript import Corpus, Transcript
from rupturecode.transcript.units import plain_sentences, window_units

ROLES = {"T": "therapist", "C": "client"}


def timed(*rows: tuple[str, int | None, int | None]) -> Transcript:
    """Turns of (speaker, start, end) in seconds."""
    frame = pd.DataFrame(rows, columns=["speaker", "start", "end"])
    frame["text"] = "words"
    frame["start_ms"] = [None if pd.isna(s) else round(s * 1000) for s in frame["start"]]
    frame["end_ms"] = [None if pd.isna(s) else round(s * 1000) for s in frame["end"]]
    return Transcript.from_turns(
        "s1", frame[["speaker", "text", "start_ms", "end_ms"]], roles=ROLES
    )


def turns_of(units: pd.DataFrame) -> list[list[object]]:
    return [
        [None if pd.isna(v) else int(v) for v in row]
        for row in units[["first_turn", "last_turn"]].values
    ]


def test_a_client_is_let_finish_and_others_open_the_next_window():
    talk = timed(("T", 0, 50), ("C", 55, 100), ("T", 110, 118), ("T", 119, 140), ("C", 141, 150))
    assert turns_of(window_units(talk, minutes=1)) == [[1, 2], [3, 3], [4, 5]]
    assert turns_of(window_units(talk, minutes=1, straddle="start")) == [[1, 2], [3, 4], [5, 5]]


def test_windows_keep_to_the_clock():
    units = window_units(timed(("C", 30, 100), ("T", 100, 110), ("C", 160, 170)), minutes=1)
    assert units[["start_ms", "end_ms"]].values.tolist() == [
        [30_000, 90_000], [90_000, 150_000], [150_000, 210_000],
    ]  # fmt: skip
    moved = window_units(timed(("C", 30, 50), ("T", 100, 110)), minutes=1, origin_ms=0)
    assert moved["start_ms"].tolist() == [0, 60_000]


def test_a_silent_window_is_there_without_turns():
    units = window_units(timed(("C", 0, 10), ("T", 130, 140)), minutes=1)
    assert turns_of(units) == [[1, 1], [None, None], [2, 2]]


def test_times_that_run_backwards_or_lack_do_not_interleave_windows():
    talk = timed(("C", 0, 10), ("T", 65, 70), ("C", 5, 8), ("T", None, None), ("C", 130, 131))
    assert turns_of(window_units(talk, minutes=1)) == [[1, 1], [2, 4], [5, 5]]


def test_windows_by_turns():
    talk = Transcript.from_turns("s1", [("T", "a")] * 5)
    assert turns_of(window_units(talk, turns=2)) == [[1, 2], [3, 4], [5, 5]]


def test_sessions_without_times_are_counted_in_turns_when_asked():
    plain = Transcript.from_turns("s0", [("T", "a")] * 5)
    corpus = Corpus.from_transcripts([plain, timed(("C", 0, 10), ("T", 70, 80))])
    units = corpus.units("window", minutes=1, turns=2)
    assert units[["session", "unit", "rule"]].values.tolist() == [
        ["s0", 1, "turns"],
        ["s0", 2, "turns"],
        ["s0", 3, "turns"],
        ["s1", 1, "minutes"],
        ["s1", 2, "minutes"],
    ]
    assert turns_of(units) == [[1, 2], [3, 4], [5, 5], [1, 1], [2, 2]]


def test_all_sessions_without_times_are_named_at_once():
    talks = [Transcript.from_turns(name, [("T", "a")]) for name in ("s7", "s8")]
    corpus = Corpus.from_transcripts([*talks, timed(("C", 0, 10))])
    with pytest.raises(UsageError, match=r"2 sessions have no times.*: s7, s8\. Say.*turns=20"):
        corpus.units("window", minutes=5)


def test_windows_need_a_length_and_times():
    talk = Transcript.from_turns("s1", [("T", "a")])
    with pytest.raises(UsageError, match="minutes=5, or turns=20"):
        window_units(talk)
    with pytest.raises(UsageError, match=r"Session s1 has no times.*turns=20"):
        window_units(talk, minutes=5)
    with pytest.raises(UsageError, match="at least one turn"):
        window_units(talk, turns=0)
    with pytest.raises(UsageError, match="longer than 0"):
        window_units(talk, minutes=0)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("TC"), st.integers(0, 900), st.integers(0, 90)),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from(["finish-client", "start"]),
)
def test_every_turn_is_in_exactly_one_window(rows, straddle):
    talk = timed(
        *[(who, start, start + length) for who, start, length in sorted(rows, key=lambda r: r[1])]
    )
    units = window_units(talk, minutes=2, straddle=straddle)
    covered = [
        turn
        for row in units.dropna().itertuples()
        for turn in range(int(row.first_turn), int(row.last_turn) + 1)
    ]
    assert covered == list(range(1, len(rows) + 1))
    assert units["unit"].tolist() == list(range(1, len(units) + 1))


def test_exchanges_begin_with_the_client():
    rows = [("T", "a"), ("C", "b"), ("C", "c"), ("T", "d"), ("T", "e"), ("C", "f")]
    corpus = Corpus.from_transcripts([Transcript.from_turns("s1", rows, roles=ROLES)])
    assert turns_of(corpus.units("exchange")) == [[1, 1], [2, 5], [6, 6]]
    unknown = Corpus.from_transcripts([Transcript.from_turns("s1", rows)])
    assert turns_of(unknown.units("exchange")) == [[1, 1], [2, 5], [6, 6]]
    alone = Corpus.from_transcripts([Transcript.from_turns("s1", [("T", "a")])])
    with pytest.raises(UsageError, match="exchanges need roles or two speakers"):
        alone.units("exchange")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("Dr. Lee came. “Why?” No...", ["Dr. Lee came.", "“Why?”", "No..."]),
        ("no end", ["no end"]),
        ("你好。你呢？", ["你好。", "你呢？"]),
        ("It was 3.5 hours.", ["It was 3.5 hours."]),
        ("I saw Dr.", ["I saw Dr."]),
        ("", []),
    ],
)
def test_plain_sentences(text, sentences):
    assert [text[a:b] for a, b in plain_sentences(text)] == sentences


def test_sentences_of_a_splitter_of_ones_own():
    corpus = Corpus.from_transcripts([Transcript.from_turns("s1", [("T", "ab"), ("C", "cd")])])
    units = corpus.units("sentence", splitter=lambda text: [(0, 1), (1, len(text))])
    assert units["unit"].tolist() == [1, 2, 3, 4]
    assert units[["first_turn", "start_char", "end_char"]].values.tolist()[2] == [2, 0, 1]


def test_options_belong_to_their_kind():
    corpus = Corpus.from_transcripts([Transcript.from_turns("s1", [("T", "ab")])])
    with pytest.raises(UsageError, match=r"minutes belong to units\('window'\)"):
        corpus.units("turn", minutes=5)
    with pytest.raises(UnknownNameError, match="Did you mean 'exchange'"):
        corpus.units("exchanges")
    assert corpus.units("turn")[["speaker", "role"]].values.tolist() == [["T", "unknown"]]


def test_units_of_a_corpus_never_cross_sessions():
    talks = [
        Transcript.from_turns(s, [("T", "a"), ("C", "b")], roles=ROLES) for s in ("s2", "s10", "s1")
    ]
    units = Corpus.from_transcripts(talks).units("session")
    assert units["session"].tolist() == ["s1", "s2", "s10"]
    assert units["unit"].tolist() == [1, 1, 1]


def test_no_captions_no_units():
    from rupturecode.transcript import Draft, finish

    corpus = Corpus.from_transcripts([finish(Draft("webvtt", "x", cues=True), session="s1")])
    for kind in ("turn", "session", "sentence"):
        assert len(corpus.units(kind)) == 0
    assert corpus.report().files["n_turns"].tolist() == [0]
    assert "no captions" in corpus.report().notes["note"][0]


@pytest.mark.parametrize(
    "length",
    [
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"minutes": 1e-9},
        {"minutes": "5"},
        {"turns": 2.5},
    ],
)
def test_a_length_that_is_none_is_refused(length):
    rows = pd.DataFrame({"speaker": ["T"], "text": ["a"], "start_ms": [0], "end_ms": [9]})
    corpus = Corpus.from_transcripts([Transcript.from_turns("s1", rows)])
    with pytest.raises(UsageError, match="a window"):
        corpus.units("window", **length)
