from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.fixture
def command(tmp_path):
    def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rupturecode", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **env},
        )

    return run


TALK = """\
T: How was the week?
C: Fine. Same as always.
T: I wonder whether last time left something between us.
"""
CODED = """\
session,turn,withdrawal,invite_complaint
s01,1,,
s01,2,1,
s01,3,,1
"""


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("demo",),
        ("init",),
        ("check",),
        ("sheets",),
        ("run",),
        ("convert",),
        ("formats",),
        ("deidentify",),
        ("codebook",),
        ("codebook", "list"),
        ("codebook", "show"),
        ("codebook", "check"),
        ("codebook", "diff"),
        ("codebook", "manual"),
    ],
    ids=" ".join,
)
def test_every_command_has_help(command, words):
    done = command(*words, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_the_path_of_the_readme_works(command, tmp_path):
    assert command("init", "my_study").returncode == 0
    (tmp_path / "my_study" / "transcripts" / "s01.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "my_study" / "codings" / "AK.csv").write_text(CODED, encoding="utf-8")
    done = command("check", "my_study")
    assert done.returncode == 0, done.stderr
    assert "No problems found." in done.stdout
    done = command("run", "my_study")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "my_study" / "derived" / "report.html").stat().st_size > 10_000
    assert "report.html" in done.stdout


def test_a_transcript_alone_runs(command, tmp_path):
    command("init", "my_study")
    (tmp_path / "my_study" / "transcripts" / "s01.txt").write_text(TALK, encoding="utf-8")
    done = command("run", "my_study")
    assert done.returncode == 0, done.stderr
    assert "no codings yet" in done.stdout


def test_problems_in_the_data_exit_with_1_and_write_nothing(command, tmp_path):
    command("init", "my_study")
    (tmp_path / "my_study" / "transcripts" / "s01.txt").write_text(
        TALK + "Nurse: Sorry to interrupt.\n", encoding="utf-8"
    )
    for words in (("check", "my_study"), ("run", "my_study")):
        done = command(*words)
        assert done.returncode == 1
        assert "s01.txt:4: speaker 'Nurse' has no role" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "my_study" / "derived").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "nowhere"), "There is no folder 'nowhere'"),
        (("codebook", "show", "crc"), "Did you mean 'ccr'?"),
        (("convert", "nothing.txt", "out.vtt"), "nothing.txt"),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_what_would_do(command, words, said):
    done = command(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_init_never_overwrites(command):
    command("init", "my_study")
    done = command("init", "my_study")
    assert done.returncode == 2
    assert "not empty" in done.stderr


def test_codebook_commands_print(command):
    assert "ccr" in command("codebook", "list").stdout
    assert "withdrawal" in command("codebook", "show", "ccr").stdout
    one = command("codebook", "show", "ccr", "withdrawal").stdout
    assert "Give it when:" in one
    assert command("codebook", "check", "ccr").returncode == 0


def test_a_manual_is_written(command, tmp_path):
    done = command("codebook", "manual", "ccr", "manual.html")
    assert done.returncode == 0, done.stderr
    assert "Withdrawal" in (tmp_path / "manual.html").read_text(encoding="utf-8")


def test_convert_keeps_turns(command, tmp_path):
    (tmp_path / "s01.txt").write_text(TALK, encoding="utf-8")
    done = command("convert", "s01.txt", "s01.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "s01.csv").read_text(encoding="utf-8").count("\n") == 4


def test_quiet_prints_nothing(command):
    assert command("init", "my_study", "--quiet").stdout == ""


def test_version(command):
    assert command("--version").stdout.startswith("rupturecode 0.")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_of_another_encoding_ends_no_command(command, tmp_path, encoding):
    command("init", "Étude 1")
    (tmp_path / "Étude 1" / "transcripts" / "日本.txt").write_text(TALK, encoding="utf-8")
    done = command("check", "Étude 1", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No problems found." in done.stdout


def test_what_to_type_next_is_in_quotes_where_it_must_be(command):
    assert 'rupturecode check "my study"' in command("init", "my study").stdout
    assert "rupturecode check plain" in command("init", "plain").stdout
