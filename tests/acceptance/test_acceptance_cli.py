"""The command line in the hands of somebody who does not know Python."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from rupturecode.cli import main


@pytest.fixture
def call(monkeypatch, capsys):
    """Run a command; give its exit code and what it printed."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["rupturecode", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out + said.err

    return run


def test_a_place_that_cannot_be_written_is_an_answer_and_no_traceback(call, study_folder):
    code, said = call("init", study_folder / "study.toml" / "new")
    assert code == 2
    assert "not a directory" in said


def test_sheets_say_where_to_put_them_and_are_never_overwritten(call, study_folder, amend):
    amend(study_folder, "codes = []", 'codes = ["withdrawal"]')
    assert f"put them into {study_folder / 'codings'}" in call("sheets", study_folder)[1]
    before = (study_folder / "sheets" / "AK.xlsx").read_bytes()
    code, said = call("sheets", study_folder)
    assert (code, "AK.xlsx" in said) == (2, True)
    assert (study_folder / "sheets" / "AK.xlsx").read_bytes() == before


def test_sheets_for_a_stranger_are_refused(call, study_folder):
    code, said = call("sheets", study_folder, "--coder", "AKK")
    assert code == 2
    assert "Did you mean 'AK'?" in said
    assert not (study_folder / "sheets").exists()


def test_an_unknown_kind_of_format_is_named(call):
    code, said = call("formats", "transcripts")
    assert code == 2
    assert "Did you mean 'transcript'?" in said


def test_every_change_between_codebooks_is_printed(call):
    code, said = call("codebook", "diff", "3rs-2015", "3rs-2022")
    assert code == 0
    assert "to_frame" not in said
    assert len(said.splitlines()) > 14


def test_a_transcript_without_speakers_is_asked_for_them(call, study_folder):
    (study_folder / "transcripts" / "s02.txt").write_text(
        "[00:01] How are you?\n[00:05] Fine.\n[00:09] Well.\n", encoding="utf-8"
    )
    code, said = call("check", study_folder)
    assert code == 1
    assert "nobody is named as speaking (3 turns" in said
    assert '"" =' not in said


def test_labels_encoding_and_columns_can_be_said_in_study_toml(call, study_folder, amend):
    (study_folder / "transcripts" / "s02.csv").write_bytes(
        "Wer;Äußert sich\nT;Na?\nC;Schön.\n".encode("mac_roman")
    )
    assert call("check", study_folder)[0] == 1
    (study_folder / "transcripts" / "s01.txt").unlink()
    for path in (study_folder / "codings").iterdir():
        path.unlink()
    given = 'format = "csv"\nencoding = "mac_roman"\ncolumns = { text = "Äußert sich", speaker = "Wer" }\n'
    amend(study_folder, "[codings]", f"[transcripts]\n{given}\n[codings]")
    code, said = call("check", study_folder)
    assert (code, "mac_roman" in said) == (0, True), said


def test_a_note_beside_no_code_reaches_the_tables(call, study_folder):
    (study_folder / "codings" / "AK.csv").write_text(
        "session,turn,withdrawal,note\ns01,1,,long pause before\ns01,2,1,\n", encoding="utf-8"
    )
    code, said = call("run", study_folder)
    assert code == 0, said
    notes = pd.read_csv(study_folder / "derived" / "remarks.csv")
    assert notes["note"].tolist() == ["long pause before"]
