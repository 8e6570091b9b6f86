"""Transcripts, roles, segmentation, the table of sessions, corpora and their report."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.transcript import Corpus, Draft, Transcript, finish, suggest_roles
from rupturecode.transcript.suspicion import duplicated_turns, suspicious_speakers
from rupturecode.transcript.words import count_words, spoken_words

ROLES = {"T": "therapist", "C": "client"}


def talk(session="s1", rows=(("T", "How was it?"), ("C", "Fine [sighs].")), **options):
    return Transcript.from_turns(session, rows, **options)


# roles


def test_roles_are_never_guessed():
    done = talk()
    assert set(done.turns["role"]) == {"unknown"}
    assert done.speakers["suggested_role"].tolist() == ["therapist", "client"]
    assert done.speakers[["n_turns", "n_words", "first"]].values.tolist() == [
        [1, 3, "How was it?"],
        [1, 1, "Fine [sighs]."],
    ]
    accepted = done.with_roles("suggested")
    assert accepted.turns["role"].tolist() == ["therapist", "client"]
    assert set(done.turns["role"]) == {"unknown"}


def test_p_is_left_open():
    assert suggest_roles(["T", "P"]) == {"T": "therapist"}
    assert suggest_roles(["C1", "C2", "T", "Ms. D"]) == {
        "C1": "client",
        "C2": "client",
        "T": "therapist",
    }
    assert suggest_roles(["Therapist", "Mr. K"])["Mr. K"] == "client"
    assert "Mr. K" not in suggest_roles(["Therapist", "Mr. K", "Ms. L"])


def test_roles_match_in_spite_of_case_and_spacing():
    rows = [("Interviewee", "a"), ("interviewee", "b"), ("Ms.\u00a0D", "c")]
    done = talk(rows=rows, roles={"INTERVIEWEE:": "client", "ms. d": "partner"})
    assert done.turns["role"].tolist() == ["client", "client", "partner"]


def test_a_corpus_takes_roles_of_one_session_too():
    corpus = Corpus.from_transcripts([talk("s1"), talk("s2")])
    roles = {**ROLES, "s2": {"c.": "partner"}}
    assert corpus.with_roles(roles).turns["role"].tolist() == [
        "therapist", "client", "therapist", "partner",
    ]  # fmt: skip


def test_wrong_roles_are_refused():
    with pytest.raises(UnknownNameError, match=r"Unknown role 'patient'.*Known: client"):
        talk(roles={"C": "patient"})
    with pytest.raises(UsageError, match=r"'c.' is both client and therapist"):
        talk(roles={"C": "client", "c.": "therapist"})
    with pytest.raises(UsageError, match="give a mapping of speakers to roles, or 'suggested'"):
        talk(roles="guess")


# segmentation


def cues(*rows, **options):
    draft = Draft("webvtt", "x", cues=True)
    for speaker, raw, start, end in rows:
        draft.add(speaker, raw, start, end)
    return finish(draft, session="s1", **options)


CUES = (
    ("A", "I was", 0, 900),
    ("A", "there.", 1000, 2000),
    ("", "hm", 2000, 2100),
    ("", "so", 2100, 2200),
)


def test_cues_of_one_speaker_are_joined_and_nameless_ones_are_not():
    done = cues(*CUES)
    assert done.turns["text"].tolist() == ["I was there.", "hm", "so"]
    assert done.turns["raw"][0] == "I was\nthere."
    assert done.turns[["start_ms", "end_ms"]].values.tolist()[0] == [0, 2000]
    assert len(cues(*CUES, merge=None)) == len(cues(*CUES, merge="none")) == 4
    assert len(cues(*CUES, gap_ms=50)) == 4
    assert len(cues(*CUES, gap_ms=100)) == 3


def test_turns_of_a_file_are_joined_only_when_asked():
    rows = [("T", "a"), ("T", "b"), ("C", "c")]
    draft = Draft("text", "x")
    for speaker, raw in rows:
        draft.add(speaker, raw)
    assert len(finish(draft, session="s")) == 3
    assert finish(draft, session="s", merge="same-speaker").turns["text"].tolist() == ["a b", "c"]
    with pytest.raises(UsageError, match="'auto', 'same-speaker' or 'none'"):
        finish(draft, session="s", merge="yes")


def test_a_comment_of_a_later_piece_keeps_its_place():
    draft = Draft("webvtt", "x", cues=True)
    draft.add("A", "I was")
    draft.add("A", "there, then.")
    draft.marks.append((1, "comment", "looks up", 7, 7))
    done = finish(draft, session="s")
    assert done.marks[["turn", "start_char"]].values.tolist() == [[1, 13]]
    assert done.turns["text"][0][:13] == "I was there, "


def test_backchannels_inside_or_on_their_own():
    draft = Draft("text", "x")
    for speaker, raw in [
        ("C", "So I"),
        ("T", "Mm-hm."),
        ("C", "left (T: yeah) and (T: why?)"),
        ("T", "Oh."),
    ]:
        draft.add(speaker, raw)
    as_written = finish(draft, session="s")
    assert len(as_written) == 4
    inside = finish(draft, session="s", backchannels="inside")
    assert inside.turns["text"].tolist()[0] == "So I [T: Mm-hm.] left (T: yeah) and (T: why?)"
    assert inside.turns["flags"][0] == "backchannel-inside"
    own = finish(draft, session="s", backchannels="own")
    assert own.turns[["speaker", "text"]].values.tolist() == [
        ["C", "So I"], ["T", "Mm-hm."], ["C", "left"], ["T", "yeah"],
        ["C", "and (T: why?)"], ["T", "Oh."],
    ]  # fmt: skip
    assert own.turns["flags"].tolist()[2:5] == ["backchannel-split"] * 3
    with pytest.raises(UsageError, match="'as-written', 'inside' or 'own'"):
        finish(draft, session="s", backchannels="away")


def test_marks_of_a_back_channel_move_inside_with_it():
    draft = Draft("docx", "x")
    for speaker, raw in [("C", "So I went"), ("T", " Mm-hm."), ("C", "home then.")]:
        draft.add(speaker, raw)
    draft.marks += [
        (1, "highlight", "green", 1, 6),
        (1, "comment", "warm", 7, 7),
        (2, "highlight", "yellow", 0, 4),
    ]
    done = finish(draft, session="s", backchannels="inside")
    text = done.turns["text"][0]
    assert text == "So I went [T: Mm-hm.] home then."
    places = {m.text: text[m.start_char : m.end_char] for m in done.marks.itertuples()}
    assert places == {"[T: Mm-hm.]": "[T: Mm-hm.]", "green": "Mm-hm", "warm": "", "yellow": "home"}
    (comment,) = done.marks.loc[done.marks["kind"] == "comment", "start_char"]
    assert text[:comment] == "So I went [T: Mm-hm."


def test_no_turns_and_endless_turns_are_refused():
    with pytest.raises(InvalidDataError, match="x: no turns found"):
        finish(Draft("text", "x"), session="s")
    draft = Draft("text", "x")
    draft.add("T", "a" * 1_000_001, line=1)
    with pytest.raises(InvalidDataError, match="x:1: a turn of 1,000,001 characters"):
        finish(draft, session="s")


def test_a_turn_that_ends_before_it_starts_is_flagged():
    assert cues(("A", "a", 2000, 1000)).turns["flags"][0] == "ends-before-start"


# display and pickling


def test_display_is_escaped_and_short():
    done = talk(rows=[("T", "<script>")] * 20)
    assert "8 more turns" in repr(done)
    assert "&lt;script&gt;" in done._repr_html_()
    assert "<script>" not in done._repr_html_()
    again = pickle.loads(pickle.dumps(done))
    assert again.turns.equals(done.turns)


# the corpus


def test_ids_must_differ():
    with pytest.raises(InvalidDataError, match="session 's1' is also"):
        Corpus.from_transcripts([talk(), talk()])


def test_case_order_with_contacts_that_are_not_sessions():
    known = pd.DataFrame(
        {
            "session": ["b1", "call", "a2", "a1", "note"],
            "case": ["B", "A", "A", "A", "A"],
            "position": [1, 2, 3, 1, 4],
            "kind": ["session", "call", "session", None, "supervision"],
            "condition": ["x", "y", "y", "y", "y"],
        }
    )
    corpus = Corpus.from_transcripts([talk(s) for s in ("a1", "a2", "b1", "note")], sessions=known)
    sessions = corpus.sessions
    assert sessions["session"].tolist() == ["a1", "call", "a2", "note", "b1"]
    assert sessions["n_turns"].tolist() == [2, 0, 2, 2, 2]
    assert sessions["kind"].tolist() == ["session", "call", "session", "supervision", "session"]
    assert list(sessions.columns)[-1] == "condition"
    assert [t.session for t in corpus] == ["a1", "a2", "note", "b1"]
    assert "call" not in corpus
    assert corpus.turns["session"].unique().tolist() == ["a1", "a2", "note", "b1"]


def test_what_does_not_match_is_noted():
    known = pd.DataFrame({"session": ["s1", "s22"], "case": ["A", "A"]})
    corpus = Corpus.from_transcripts([talk("s1"), talk("s2")], sessions=known)
    notes = corpus.report().notes["note"].tolist()
    assert "session 's22' has no transcript. Did you mean 's2'?" in notes
    assert "session 's2' is not in the metadata. Did you mean 's22'?" in notes
    assert corpus.sessions["session"].tolist() == ["s2", "s1"]


def test_wrong_metadata_is_refused():
    known = pd.DataFrame({"session": ["s1"], "kind": ["phone"]})
    with pytest.raises(InvalidDataError, match="unknown kind 'phone'"):
        Corpus.from_transcripts([talk()], sessions=known)
    with pytest.raises(InvalidDataError, match="row given twice: session s1"):
        Corpus.from_transcripts([talk()], sessions=pd.DataFrame({"session": ["s1", "s1"]}))


def test_positions_are_numbered_where_only_cases_are_known():
    known = pd.DataFrame({"session": ["a10", "a9"], "case": ["A", "A"]})
    corpus = Corpus.from_transcripts([talk("a9"), talk("a10")], sessions=known)
    assert corpus.sessions[["session", "position"]].values.tolist() == [["a9", 1], ["a10", 2]]


def ten() -> Corpus:
    known = pd.DataFrame({"session": [f"s{i}" for i in range(10)], "case": list("AABBCCDDEE")})
    return Corpus.from_transcripts([talk(f"s{i}", roles=ROLES) for i in range(10)], sessions=known)


def test_filter_sample_and_split():
    corpus = ten()
    assert len(corpus.filter(cases="A")) == 2
    assert len(corpus.filter(sessions=["s1", "s2"], where="case == 'B'")) == 1
    with pytest.raises(UnknownNameError, match="Unknown case 'Z'"):
        corpus.filter(cases="Z")
    with pytest.raises(UsageError, match=r"filter\(where='nope == 1'\)"):
        corpus.filter(where="nope == 1")
    assert [t.session for t in corpus.sample(3, seed=1)] == [
        t.session for t in corpus.sample(3, seed=1)
    ]
    assert len(corpus.sample(3)) == len(corpus.sample(3).sessions) == 3
    with pytest.raises(UsageError, match="the corpus has 10 sessions"):
        corpus.sample(11)
    train, test = corpus.split(0.6, seed=2)
    assert (len(train), len(test)) == (6, 4)
    assert not set(train.sessions["case"]) & set(test.sessions["case"])


def test_parquet_round_trip(tmp_path):
    corpus = ten()
    again = Corpus.from_parquet(corpus.to_parquet(tmp_path / "corpus"))
    for table in ("sessions", "turns", "marks"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(corpus, table))
    assert again["s3"].info["n_pieces"] == 2
    (tmp_path / "corpus" / "marks.parquet").unlink()
    with pytest.raises(InvalidDataError, match=r"marks\.parquet is not there"):
        Corpus.from_parquet(tmp_path / "corpus")


# the report


def test_words_leave_out_what_was_not_said():
    done = talk(rows=[("T", "So [phone rings twice] then (sighs) I'm here"), ("C", "[long pause]")])
    assert spoken_words(done).tolist() == [4, 0]
    assert count_words("مرحبا يا صديقي") == 3
    assert count_words("我很累。") == 3


def test_suspicious_speakers():
    rows = [("Ana", "a"), ("Ben", "b")] * 6
    rows += [("Ana Lopez", "c"), ("Unknown Speaker", "d"), ("so I told him", "e"), ("BEN", "f")]
    found = suspicious_speakers(talk(rows=rows))
    assert found == {
        "Ana Lopez": "speaks only once",
        "Unknown Speaker": "not recognised by the transcriber",
        "so I told him": "reads like speech",
        "BEN": "written much like 'Ben'",
    }


def test_passages_that_come_twice():
    block = [
        ("T", "And how did that feel, back then?"),
        ("C", "I could not say a word."),
        ("T", "Not a word."),
    ]
    done = talk(rows=[*block, ("C", "No."), ("T", "No."), *block, ("C", "No.")])
    assert duplicated_turns(done) == {6, 7, 8}
    assert duplicated_turns(talk(rows=[("T", "Hm."), ("C", "Hm.")] * 9)) == set()


def test_report_counts_times():
    frame = pd.DataFrame(
        {
            "speaker": ["T", "C", "T", "C"],
            "text": ["a", "b", "", "d"],
            "start_ms": [0, 500, 200_000, 100_000],
            "end_ms": [1000, 2000, 201_000, 101_000],
        }
    )
    report = Corpus.from_transcripts([talk(rows=frame, roles={"T": "therapist"})]).report()
    row = report.files.iloc[0]
    assert (row["timed"], row["monotone"], row["n_backwards"]) == (1.0, False, 1)
    assert (row["n_gaps"], row["longest_gap_ms"], row["n_overlaps"]) == (1, 198_000, 2)
    assert (row["n_empty"], row["unknown_roles"]) == (1, 2)
    assert report.speakers["share"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert "times run backwards" in report.notes["note"].iloc[0]
    assert report.headline() == "1 transcript read: 4 turns, 3 words; 1 session deserves a look."


def test_the_same_file_twice_is_noticed():
    twin = Transcript("s2", talk().turns.assign(session="s2"), talk().marks, info={"sha256": "x"})
    first = Transcript("s1", talk().turns, talk().marks, info={"sha256": "x"})
    notes = Corpus.from_transcripts([first, twin]).report().notes["note"].tolist()
    assert "the same content as session 's1'" in notes


def test_calls_and_supervision_are_not_among_the_sessions_of_the_sample():
    known = pd.DataFrame({"session": ["s1", "s2", "note"], "kind": ["session", None, "call"]})
    rows = [("T", "Well, how was it?"), ("C", "(sighs)")]
    talks = [talk(rows=rows, roles=ROLES), talk("s2", roles=ROLES), talk("note", rows=[("T", "x")])]
    corpus = Corpus.from_transcripts(talks, sessions=known)
    measures = corpus.description().measures.set_index("measure")
    assert measures.loc[["sessions", "other contacts", "turns"], "total"].tolist() == [2, 1, 4]
    assert measures.loc["words", ["total", "low", "high"]].tolist() == [8, 4, 4]
    assert measures.loc["client's share of words", ["n", "low", "high"]].tolist() == [2, 0, 0.25]
    only = corpus.filter(kinds=["call"]).description()
    assert only.headline() == "0 sessions, 0 turns, 0 words."


def test_description():
    measures = ten().description().measures.set_index("measure")
    assert measures.loc["sessions", "total"] == 10
    assert measures.loc["cases", "total"] == 5
    assert measures.loc["words", ["total", "mean", "sd"]].tolist() == [40, 4, 0]
    assert measures.loc["client's share of words", "mean"] == pytest.approx(0.25)
    assert measures.loc["minutes", "note"] == "no session has times"
