"""Folders, globs, archives and lists of transcripts; options; errors all at once."""

from __future__ import annotations

import os
import sys
import threading
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from rupturecode.errors import InvalidDataError, ParseError, UnknownNameError, UsageError
from rupturecode.io import (
    corpus_workers,
    formats,
    read,
    read_corpus,
    read_transcript,
    write_transcript,
)
from rupturecode.tables import SESSIONS

DATA = Path(__file__).parents[1] / "data"
ROLES = {"T": "therapist", "C": "client"}


@pytest.fixture
def folder(tmp_path):
    for name in ("A/A_s2.txt", "A/A_s10.txt", "B/B_s1.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        words = f"T: How was it?\n\nC: Fine [sighs].\n\nT: {path.stem}.\n"
        path.write_text(words, encoding="utf-8")
    (tmp_path / "B" / "B_s2.vtt").write_bytes((DATA / "webvtt" / "good_zoom.vtt").read_bytes())
    return tmp_path


def test_a_folder_with_its_folders(folder):
    (folder / "study.toml").write_text("title = 'x'")
    (folder / ".hidden.txt").write_text("T: no")
    (folder / "~$A_s2.docx").write_text("lock")
    seen: list[tuple[int, int]] = []
    corpus = read_corpus(folder, roles=ROLES, progress=lambda *n: seen.append(n))
    assert corpus.sessions["session"].tolist() == ["A_s2", "A_s10", "B_s1", "B_s2"]
    assert corpus.sessions["source"].tolist()[0] == "A/A_s2.txt"
    assert corpus["A_s2"].turns["role"].tolist() == ["therapist", "client", "therapist"]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    notes = corpus.report().notes
    assert notes[["source", "note"]].values.tolist() == [
        ["study.toml", "left out: no transcript format has this suffix"]
    ]


def test_ids_cases_and_positions_from_names(folder):
    pattern = r"(?P<case>[AB])_(?P<session>s(?P<position>\d+))$"
    with pytest.raises(InvalidDataError, match=r"session 's2' is also A/A_s2.txt"):
        read_corpus(folder, session_pattern=pattern)
    corpus = read_corpus(folder, session_pattern=r"(?P<session>(?P<case>[AB])_s(?P<position>\d+))$")
    assert corpus.sessions[["session", "case", "position"]].values.tolist() == [
        ["A_s2", "A", 2], ["A_s10", "A", 10], ["B_s1", "B", 1], ["B_s2", "B", 2],
    ]  # fmt: skip
    with pytest.raises(InvalidDataError, match=r"4 problems(.|\n)*does not match 'A/A_s10'"):
        read_corpus(folder, session_pattern="zzz")
    with pytest.raises(UsageError, match="is not a regular expression"):
        read_corpus(folder, session_pattern="(")


def test_metadata_from_a_csv_in_the_folder(folder):
    (folder / "about.csv").write_text(
        "session,case,position,kind,dyad\nA_s10,A,1,,x\ncall,A,2,call,x\nA_s2,A,3,,x\nB_s1,B,1,,y\nB_s2,B,2,,y\n"
    )
    corpus = read_corpus(folder, sessions=folder / "about.csv")
    assert corpus.sessions["session"].tolist() == ["A_s10", "call", "A_s2", "B_s1", "B_s2"]
    assert corpus.sessions["dyad"].tolist() == ["x", "x", "x", "y", "y"]
    frame = pd.DataFrame({"session": ["A_s2"], "case": ["Z"]})
    named = read_corpus(
        folder / "A", sessions=frame, session_pattern=r"(?P<session>(?P<case>[AB])_s\d+)"
    )
    assert named.sessions[["session", "case"]].values.tolist() == [["A_s10", "A"], ["A_s2", "Z"]]


def test_globs_and_lists(folder):
    assert len(read_corpus(f"{folder}/**/*.txt")) == 2
    assert len(read_corpus([folder / "A" / "A_s2.txt", str(folder / "B" / "B_s1.md")])) == 2
    with pytest.raises(UsageError, match="matches nothing"):
        read_corpus(f"{folder}/*.nope")
    with pytest.raises(UsageError, match="list of transcripts is empty"):
        read_corpus([])
    (folder / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file in a known transcript format"):
        read_corpus(folder / "empty")


def test_archives(folder, tmp_path):
    path = tmp_path / "talks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*_s*")):
            archive.write(file, file.relative_to(folder))
        archive.writestr("__MACOSX/._A_s2.txt", "junk")
    corpus = read_corpus(path)
    assert corpus.turns.equals(read_corpus([*folder.glob("*/*_s*")]).turns)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../out.txt", "T: no")
    with pytest.raises(ParseError, match="points outside the archive"):
        read_corpus(path)


def test_two_workers_read_the_same(folder):
    (folder / "A" / "A_s3.txt").write_text("T: How\u200b was it?\n\nC: Fine [*Rupture*] so.\n")
    (folder / "bad.txt").write_text("nothing to see")
    seen: list[tuple[int, int]] = []
    how = {"roles": ROLES, "skip_broken": True, "progress": lambda *n: seen.append(n)}
    one, two = (read_corpus(folder, workers=n, **how) for n in (1, 2))
    assert seen == [(n, 6) for n in range(1, 7)] * 2
    for table in ("sessions", "turns", "marks"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(two, table))
    for talk, same in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(talk.turns, same.turns)
        pd.testing.assert_frame_equal(talk.marks, same.marks)
        assert (talk.info, talk.source, talk.format) == (same.info, same.source, same.format)
    pd.testing.assert_frame_equal(one.report().notes, two.report().notes)
    with pytest.raises(InvalidDataError, match=r"bad\.txt"):
        read_corpus(folder, workers=2)
    with pytest.raises(UsageError, match="at least one"):
        read_corpus(folder, workers=0)


def test_workers_among_threads_start_afresh(folder):
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert corpus_workers._context().get_start_method() == "spawn"
        two = read_corpus(folder, roles=ROLES, workers=2)
    finally:
        done.set()
        other.join()
    pd.testing.assert_frame_equal(two.turns, read_corpus(folder, roles=ROLES).turns)


@pytest.mark.skipif(sys.platform != "linux", reason="what is put in place here is not there")
def test_a_worker_that_ends_is_said_in_words(folder, monkeypatch):
    monkeypatch.setattr(corpus_workers, "read_one", lambda _: os._exit(1))
    with pytest.raises(UsageError, match="ended before it was done"):
        read_corpus(folder, workers=2)


def test_every_broken_file_is_listed_and_can_be_skipped(folder):
    (folder / "bad1.txt").write_text("nothing to see")
    (folder / "bad2.docx").write_bytes(b"PK\x03\x04junk")
    (folder / "bad3.doc").write_bytes((DATA / "docx" / "broken_old.docx").read_bytes())
    (folder / "bad4.csv").write_text("speaker,start,text\nT,soon,a\nT,later,b\n")
    with pytest.raises(InvalidDataError, match="transcripts: 5 problems") as caught:
        read_corpus(folder)
    message = str(caught.value)
    for part in (
        "bad1.txt:1: no speaker",
        "bad2.docx",
        "old Word format",
        "bad4.csv:2",
        "bad4.csv:3",
    ):
        assert part in message
    corpus = read_corpus(folder, skip_broken=True)
    assert len(corpus) == 4
    assert len(corpus.report().notes) == 5


def test_roles_of_one_session_come_first(folder):
    roles = {**ROLES, "A_s2": {"c": "partner"}}
    corpus = read_corpus(folder / "A", roles=roles)
    assert corpus["A_s2"].turns["role"].tolist()[1] == "partner"
    assert corpus["A_s10"].turns["role"].tolist()[1] == "client"


def test_options_go_to_the_formats_that_take_them(folder):
    assert len(read_corpus(folder, speakers=["T", "C", "Noor", "Dana Weiss"])) == 4
    with pytest.raises(UsageError, match="No transcript format takes option colour"):
        read_corpus(folder, options={"colour": 1})
    with pytest.raises(
        UsageError, match=r"Format 'text' takes no option columns. It takes: .*speakers"
    ):
        read_transcript(folder / "A" / "A_s2.txt", columns={"text": "x"})


def test_files_that_are_not_there_or_too_large(folder, monkeypatch):
    with pytest.raises(UsageError, match="There is no file"):
        read_transcript(folder / "nope.txt")
    with pytest.raises(UsageError, match="is a folder; read it with read_corpus"):
        read_transcript(folder)
    monkeypatch.setattr(read, "LARGEST_FILE", 10)
    with pytest.raises(ParseError, match="hardly a transcript"):
        read_transcript(folder / "A" / "A_s2.txt")


def test_one_endless_line_is_refused(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"T: " + b"so it goes " * 200_000)
    with pytest.raises(InvalidDataError, match=r"long\.txt:1: a turn of 2,199,9"):
        read_transcript(path)


def test_formats_are_listed_and_written(folder, tmp_path):
    known = formats().set_index("name")
    assert known.loc["docx", ["kind", "suffixes"]].tolist() == ["transcript", ".docx"]
    assert known.loc["webvtt", ["reads", "writes"]].tolist() == [True, True]
    talk = read_transcript(folder / "B" / "B_s2.vtt")
    for suffix in (".txt", ".csv", ".json", ".srt", ".sbv", ".vtt", ".cha"):
        again = read_transcript(
            write_transcript(talk, tmp_path / f"out{suffix}"), merge="same-speaker"
        )
        assert again.turns["text"].tolist() == talk.turns["text"].tolist(), suffix
    with pytest.raises(UnknownNameError, match=r"suffix for writing '.xyz'"):
        write_transcript(talk, tmp_path / "out.xyz")
    with pytest.raises(UsageError, match="cannot be written as 'docx'"):
        write_transcript(talk, tmp_path / "out.docx", format="docx")


def test_unknown_headings_are_told_once_with_the_file(tmp_path):
    (tmp_path / "s1.txt").write_text("T: Hi.\nC: Hm.\n")
    (tmp_path / "s2.csv").write_text("Rolle;Gesprochen\nT;Wie?\nK;So.\n")
    with pytest.raises(InvalidDataError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value).count("s2.csv") == 1
    assert "columns={'speaker': 'Rolle', 'text': 'Gesprochen'}" in str(caught.value)


def test_a_list_may_hold_folders_and_names_tell_files_of_one_name_apart(tmp_path):
    for case in ("A", "B"):
        (tmp_path / case).mkdir()
        (tmp_path / case / "s1.txt").write_text("T: How was it?\nC: Fine.\n")
    pattern = r"(?P<session>(?P<case>[AB])/s(?P<position>\d))"
    ways = (
        [tmp_path / "A", tmp_path / "B"],
        [tmp_path / "A" / "s1.txt", tmp_path / "B"],
        str(tmp_path / "*" / "s1.txt"),
        tmp_path,
    )
    for way in ways:
        known = read_corpus(way, session_pattern=pattern).sessions
        assert known[["session", "case", "position"]].values.tolist() == [
            ["A/s1", "A", 1],
            ["B/s1", "B", 1],
        ]
    (tmp_path / "C").mkdir()
    with pytest.raises(UsageError, match="C holds no file in a known transcript format"):
        read_corpus([tmp_path / "A", tmp_path / "C"])
    with pytest.raises(UsageError, match="give a folder, a pattern, an archive or a list"):
        read_corpus(None)


def test_links_are_followed_once_and_dead_ones_noted(tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, other):
        folder.mkdir()
    (home / "s1.txt").write_text("T: How was it?\nC: Fine.\n")
    (other / "s2.txt").write_text("T: And this week?\nC: Bad.\n")
    (home / "more").symlink_to(other)
    (other / "back").symlink_to(home)
    (home / "s3.txt").symlink_to(tmp_path / "gone.txt")
    corpus = read_corpus(home)
    assert corpus.sessions["session"].tolist() == ["s1", "s2"]
    assert [str(p) for p in corpus.notes] == ["s3.txt: left out: a link to what is not there"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root opens all")
def test_a_folder_that_cannot_be_opened_is_noted(folder):
    (folder / "A").chmod(0)
    try:
        assert "A: left out: this folder cannot be opened" in str(read_corpus(folder).notes[0])
    finally:
        (folder / "A").chmod(0o700)


def test_what_systems_leave_behind_is_no_transcript(folder):
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store"):
        (folder / name).write_text("T: no")
    hidden = folder / "__MACOSX"
    hidden.mkdir()
    (hidden / "A_s2.txt").write_text("T: no")
    assert [p.source for p in read_corpus(folder).notes if "Thumbs" in p.source] == []
    assert "__MACOSX" not in str(read_corpus(folder).sessions["source"].tolist())


def test_a_name_from_a_mac_is_the_name_that_is_typed(tmp_path):
    (tmp_path / "Mu\u0308ller.txt").write_text("T: How was it?\nC: Fine.\n")
    (tmp_path / "known.csv").write_text("session,case\nM\u00fcller,A\n", encoding="utf-8")
    corpus = read_corpus(tmp_path, sessions=tmp_path / "known.csv")
    assert corpus.sessions[["session", "case"]].values.tolist() == [["M\u00fcller", "A"]]
    assert corpus.notes == ()
    assert read_transcript(tmp_path / "Mu\u0308ller.txt").session == "M\u00fcller"


def test_roles_of_nobody_are_noted(folder):
    roles = {**ROLES, "Tt": "therapist", "A_s22": {"C": "client"}, "A_s2": {"Cc": "client"}}
    notes = [p.message for p in read_corpus(folder / "A", roles=roles).notes]
    assert notes == [
        "a role is given to 'Tt', who does not speak in any session. Did you mean 'T'?",
        "roles are given for session 'A_s22', which is not there. Did you mean 'A_s2'?",
        "a role is given to 'Cc', who does not speak in session 'A_s2'. Did you mean 'C'?",
    ]


def test_one_pattern_of_comments_is_not_a_pattern_per_letter(folder):
    with pytest.raises(UsageError, match=r"give a list of patterns, such as \['<.>'\]"):
        read_corpus(folder, comments="<.>")
    with pytest.raises(InvalidDataError, match="its group is empty there"):
        read_corpus(folder / "A", session_pattern="(x)?")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("session,case\nA_s2,A,extra\n", r"known.csv:2: this row has more cells than the 2 head"),
        ("session,case,case\nA_s2,A,B\n", "known.csv:1: column 'case' is there twice"),
        ("session,,case\nA_s2,A,B\n", "known.csv:1: column 2 has no heading"),
        ("\n\n", "holds no table; a column 'session' is needed"),
        ("session,date\nA_s2,03.01.2021\n", "date '03.01.2021' of session 'A_s2' gives no order"),
        (
            "session,date\nA_s2,2021-02-30\n",
            "date '2021-02-30' of session 'A_s2' is not in the cal",
        ),
    ],
)
def test_a_table_of_sessions_that_would_be_misread_is_refused(folder, content, words):
    (folder / "known.csv").write_text(content)
    with pytest.raises((InvalidDataError, ParseError), match=words):
        read_corpus(folder / "A", sessions=folder / "known.csv")


@pytest.mark.parametrize(
    "content",
    ["session\nA_s2\nA_s10\n", "Session , Case,\n\n A_s2 ,A,\nA_s10,A\n", "session;case\nA_s2;A\n"],
)
def test_a_table_of_sessions_as_people_type_it(folder, content):
    (folder / "known.csv").write_text(content)
    known = read_corpus(folder / "A", sessions=folder / "known.csv").sessions
    assert {"A_s2", "A_s10"} <= set(known["session"])
    assert list(known.columns) == list(SESSIONS.columns)


def test_a_macro_file_is_refused_with_advice_and_not_passed_over(folder):
    with zipfile.ZipFile(folder / "s9.docm", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/vbaProject.bin", "x")
    with pytest.raises(InvalidDataError, match=r"s9\.docm: .*macro"):
        read_corpus(folder)
