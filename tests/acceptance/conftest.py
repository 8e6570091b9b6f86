"""A small study as a research assistant would make it, from the README alone."""

from __future__ import annotations

import pytest

from rupturecode.study import init_study

TALK = "T: How was it?\nC: Fine. Same as always.\nT: You sound far away.\nC: You keep asking!\n"
ROWS = "session,turn,withdrawal,confrontation\ns01,1,,\ns01,2,1,\ns01,3,,\ns01,4,,1\n"


@pytest.fixture
def study_folder(tmp_path):
    """Two coders who agree on one session of four turns."""
    folder = init_study(tmp_path / "my_study")
    (folder / "transcripts" / "s01.txt").write_text(TALK, encoding="utf-8")
    for coder in ("AK", "BM"):
        (folder / "codings" / f"{coder}.csv").write_text(ROWS, encoding="utf-8")
    amend(folder, "coders = []", 'coders = ["AK", "BM"]')
    return folder


def amend(folder, old, new):
    """Change study.toml; the old words must be there."""
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(name="amend")
def amend_fixture():
    return amend
