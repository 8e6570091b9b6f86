"""A corpus that is written and read back is the same corpus."""

from __future__ import annotations

import pandas as pd
import pytest

from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.io import read_corpus, write_corpus
from rupturecode.transcript import Corpus, Transcript


def corpus(*ids: str) -> Corpus:
    rows = pd.DataFrame(
        {
            "speaker": ["T", "Ms. D", "T"],
            "text": ["How was it?", 'Fine, "really" [click].', "So [*Withdrawal*] it was."],
            "start_ms": [0, 4000, 9000],
            "end_ms": [3500, 8000, 9900],
        }
    )
    talks = [Transcript.from_turns(s, rows, roles={"T": "therapist"}) for s in ids]
    known = pd.DataFrame(
        {
            "session": [*ids, "call 1"],
            "case": "A",
            "position": range(1, len(ids) + 2),
            "kind": ["session"] * len(ids) + ["call"],
            "condition": "x",
        }
    )
    return Corpus.from_transcripts(talks, sessions=known)


@pytest.mark.parametrize(
    "name", ["csv", "chat", "convokit", "webvtt", "json", "srt", "text", "textgrid"]
)
def test_read_of_write(tmp_path, name):
    before = corpus("s2", "s10")
    paths = write_corpus(before, tmp_path / "out", format=name)
    assert paths[-1].name == "sessions.csv"
    after = read_corpus(
        tmp_path / "out",
        sessions=tmp_path / "out" / "sessions.csv",
        roles={"T": "therapist"},
    )
    assert list(after.sessions["session"]) == ["s2", "s10", "call 1"]
    assert after.sessions["condition"].tolist() == ["x"] * 3
    assert after.sessions["kind"].tolist() == ["session", "session", "call"]
    for column in ("session", "turn", "text", "raw"):
        assert after.turns[column].tolist() == before.turns[column].tolist()
    assert after.marks["kind"].tolist() == before.marks["kind"].tolist()


def test_nothing_is_overwritten_unasked(tmp_path):
    write_corpus(corpus("s1"), tmp_path)
    with pytest.raises(UsageError, match=r"already holds s1\.csv, sessions\.csv"):
        write_corpus(corpus("s1"), tmp_path)
    assert write_corpus(corpus("s1"), tmp_path, overwrite=True)


@pytest.mark.parametrize("ids", [("a/b",), ("../x",), ("s1", "S1"), ("sessions",), ("con:1",)])
def test_ids_that_cannot_be_file_names_are_refused(tmp_path, ids):
    with pytest.raises(InvalidDataError):
        write_corpus(corpus(*ids), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_format_that_is_only_read_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be written as 'pdf'"):
        write_corpus(corpus("s1"), tmp_path, format="pdf")
