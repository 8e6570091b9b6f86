"""Which files of a study are read, whose sessions they are, and how study.toml says so."""

from __future__ import annotations

import pytest

from rupturecode.errors import InvalidDataError
from rupturecode.study import init_study, open_study

TALK = "T: How was the week?\nC: Fine. Same as always.\n"


@pytest.fixture
def study(tmp_path):
    folder = init_study(tmp_path / "pilot")
    for case in ("case1", "case2"):
        (folder / "transcripts" / case).mkdir()
        (folder / "transcripts" / case / "s01.txt").write_text(TALK, encoding="utf-8")
    return folder


def says(folder, *lines):
    """Add lines to study.toml."""
    toml = folder / "study.toml"
    toml.write_text("\n".join([toml.read_text(encoding="utf-8"), *lines, ""]), encoding="utf-8")


def test_a_pattern_sees_folders_and_gives_case_and_position(study):
    (found,) = open_study(study).check().problems
    assert found.source == "transcripts/case2/s01.txt"
    assert "pattern = '.+'" in found.message
    says(study, "[sessions]", r"pattern = '(?P<session>(?P<case>case\d)/s(?P<position>\d+))'")
    known = open_study(study).corpus.sessions
    assert known[["session", "case", "position"]].values.tolist() == [
        ["case1/s01", "case1", 1],
        ["case2/s01", "case2", 1],
    ]
    (study / "transcripts" / "case1" / "odd.txt").write_text(TALK, encoding="utf-8")
    (found,) = open_study(study).check().problems
    assert "session_pattern does not match 'case1/odd'" in found.message


def test_a_pattern_that_does_not_tell_sessions_apart_is_named(study):
    says(study, "[sessions]", "pattern = 's0.*'")
    (found,) = open_study(study).check().problems
    assert "the pattern under [sessions] in study.toml: let it tell them apart" in found.message


def test_a_position_that_is_no_number_is_a_problem_and_no_traceback(study):
    says(study, "[sessions]", "pattern = '(?P<session>.*)(?P<position>/s)01'")
    assert "needs whole numbers" in open_study(study).check().problems[0].message


def test_recordings_and_what_systems_leave_behind_are_no_transcripts(tmp_path):
    folder = init_study(tmp_path / "pilot")
    room = folder / "transcripts"
    (room / "s01.txt").write_text(TALK, encoding="utf-8")
    (room / "s02").write_text(TALK, encoding="utf-8")
    for name in ("__MACOSX", ".git"):
        (room / name).mkdir()
        (room / name / "s01.txt").write_text(TALK, encoding="utf-8")
    for name in ("Thumbs.db", "desktop.ini", "s01.mp3", "s01.txt~"):
        (room / name).write_bytes(b"x")
    found = open_study(folder).check()
    assert found.problems == ()
    assert [t.source for t in found.corpus] == ["transcripts/s01.txt", "transcripts/s02"]
    assert [p.source for p in found.remarks] == ["transcripts/s01.mp3", "transcripts/s01.txt~"]
    assert [p.name for p in open_study(folder).transcript_files()] == ["s01.txt", "s02"]


def test_a_role_may_hold_for_one_session(tmp_path):
    folder = init_study(tmp_path / "pilot")
    for name in ("s1", "s2"):
        (folder / "transcripts" / f"{name}.txt").write_text(TALK, encoding="utf-8")
    says(folder, "[roles.s2]", '"C" = "partner"')
    corpus = open_study(folder).corpus
    assert [t.turns["role"][1] for t in corpus] == ["client", "partner"]
    copy, _ = open_study(folder).deidentify(tmp_path / "copy")
    again = open_study(tmp_path / "copy").corpus
    assert [t.turns["role"][1] for t in again] == ["client", "partner"]
    assert copy.corpus is not None


def test_a_role_for_a_session_or_speaker_that_is_not_there_is_told_at_its_line(study):
    (study / "transcripts" / "case2" / "s01.txt").rename(study / "transcripts" / "s02.txt")
    says(study, "[roles.s03]", '"C" = "client"', "[roles.s02]", '"Cc" = "client"')
    told = [str(p) for p in open_study(study).check().problems]
    top = (study / "study.toml").read_text(encoding="utf-8").splitlines().index("[roles.s03]") + 1
    assert told[0].startswith(f"study.toml:{top}: roles are given for session 's03'")
    assert told[0].endswith('If it is a speaker, put the whole name in quotes: "s03.C" = "client"')
    assert told[1].startswith(f"study.toml:{top + 2}: a role is given to 'Cc'")
    assert "Did you mean 'C'?" in told[1]
    says(study, '"T" = "x"')
    told = [str(p) for p in open_study(study).check().problems]
    assert told[1].startswith(f"study.toml:{top + 5}: role 'x' of speaker 'T'")


def test_transcripts_and_codings_may_lie_elsewhere(tmp_path):
    folder = init_study(tmp_path / "pilot")
    for room in ("talks", "codes"):
        (tmp_path / room).mkdir()
    (tmp_path / "talks" / "s01.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "codes" / "AK.csv").write_text("session,turn,withdrawl\ns01,1,\n")
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    rooms = f"[transcripts]\nfolder = '{(tmp_path / 'talks').as_posix()}'\n"
    toml = toml.replace("[codings]", f"[codings]\nfolder = '{(tmp_path / 'codes').as_posix()}'")
    (folder / "study.toml").write_text(f"{toml}\n{rooms}", encoding="utf-8")
    (found,) = open_study(folder).check().problems
    assert found.source == (tmp_path / "codes" / "AK.csv").as_posix()
    (tmp_path / "codes" / "AK.csv").write_text("session,turn,withdrawal\ns01,2,1\n")
    assert (open_study(folder).run().folder / "manifest.json").is_file()


def test_readers_options_can_be_said_in_study_toml(tmp_path):
    folder = init_study(tmp_path / "pilot")
    table = "speaker,start,text\nT,1,So I\nC,2,Mm-hm.\nT,3,left <<odd>> then\n"
    (folder / "transcripts" / "s01.csv").write_text(table, encoding="utf-8")
    with pytest.raises(InvalidDataError, match="bare numbers need unit='s'"):
        _ = open_study(folder).corpus
    says(folder, "[transcripts]", 'unit = "s"', 'backchannels = "inside"', "comments = ['<<.*?>>']")
    (talk,) = open_study(folder).corpus
    assert talk.turns["start_ms"].tolist() == [1000]
    assert talk.turns["text"].tolist() == ["So I [C: Mm-hm.] left then"]


def test_a_time_that_runs_back_far_is_pointed_at(tmp_path):
    folder = init_study(tmp_path / "pilot")
    lines = ["[00:00:10] T: So.", "[01:00:20] C: Well.", "[00:00:30] T: Yes?", "[00:00:25] C: No."]
    talk = folder / "transcripts" / "s01.txt"
    talk.write_text("\n".join(lines), encoding="utf-8")
    (found,) = open_study(folder).check().remarks
    assert str(found).startswith("transcripts/s01.txt:3: turn 3 starts before turn 2, by more than")
    talk.write_text("\n".join([lines[0], *lines[2:]]), encoding="utf-8")
    assert open_study(folder).check().remarks == ()
