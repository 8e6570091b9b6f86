"""A study.toml full of slips: each is named at its line, with the nearest that would do."""

from __future__ import annotations

import pytest

from rupturecode.study import init_study, open_study

SLIPS = """\
titel = "Lab"
codebook = "bok.yaml"
coders = "AK"
unit = "turns"
[roles]
"T" = "therapst"
[transcripts]
folder = "transkripts"
[codings]
coverage = "row"
folder = "codigs"
[agreement]
units = ["turn", "sesion"]
[episodes]
onsets = ["withdrawal"]
span = "cases"
"""
FOUND = {
    1: "Did you mean 'title'?",
    2: "Did you mean 'book.yaml'?",
    3: "'coders' must be a list of texts",
    4: "Did you mean 'turn'?",
    6: "Did you mean 'therapist'?",
    8: "there is no folder 'transkripts' in this study. Did you mean 'transcripts'?",
    10: "Did you mean 'rows'?",
    11: "there is no folder 'codigs' in this study. Did you mean 'codings'?",
    13: "Unknown unit 'sesion'. Did you mean 'session'?",
    15: "Did you mean 'onset'?",
    16: "Unknown span 'cases'. Did you mean 'case'?",
}


@pytest.fixture
def folder(tmp_path):
    made = init_study(tmp_path / "slips")
    (made / "transcripts" / "s1.txt").write_text("T: Hm.\nC: Yes.\n", encoding="utf-8")
    (made / "book.yaml").write_text("id: x\n", encoding="utf-8")
    return made


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_slip_is_named_at_its_line(folder, newline):
    (folder / "study.toml").write_bytes(SLIPS.replace("\n", newline).encode())
    found = open_study(folder).check().problems
    said = {p.line: p.message for p in found if p.source == "study.toml"}
    assert set(said) == set(FOUND)
    for line, words in FOUND.items():
        assert words in said[line]


def test_a_key_is_looked_for_in_its_own_section(folder):
    text = '[transcripts]\nfolder = "transcripts"\n[codings]\nfolder = "nowhere"\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (problem,) = (p for p in open_study(folder).check().problems if p.source == "study.toml")
    assert (problem.line, "'nowhere'" in problem.message) == (4, True)
