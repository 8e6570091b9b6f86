"""What check says of speakers without a role: per file in its listing, once each to people."""

from __future__ import annotations

import pytest

from rupturecode.study import init_study, open_study
from rupturecode.study.speakers import no_role


@pytest.fixture
def found(tmp_path):
    folder = init_study(tmp_path / "many")
    for i in range(6):
        talk = "Th: How was it?\nPt: Fine.\nQ: Hm.\n"
        (folder / "transcripts" / f"s{i}.txt").write_text(talk, encoding="utf-8")
    return open_study(folder).check()


def test_the_listing_has_every_file_and_people_every_speaker(found):
    assert len(found.listing) == len(found.problems) == 18
    brief = [str(p) for p in found.brief()]
    assert len(brief) == 3
    assert "speaker 'Th' has no role (6 turns in 6 transcripts, this one first)" in brief[0]


def test_lines_to_paste_leave_open_what_cannot_be_suggested(found):
    lines = [line.strip() for line in found.advice().splitlines()[1:]]
    assert lines == ['"Th" = "therapist"', '"Pt" = "client"', '"Q" = "?"']


def test_pasted_lines_that_are_left_open_are_told(found, tmp_path):
    folder = tmp_path / "many"
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    lines = "\n".join(found.advice().splitlines()[1:])
    (folder / "study.toml").write_text(toml.replace("[roles]", f"[roles]\n{lines}", 1))
    said = [str(p) for p in open_study(folder).check().problems]
    assert any("role '?' of speaker 'Q' is not one of" in line for line in said)
    assert not any("'Th'" in line for line in said)


def test_a_label_of_the_other_role_is_no_slip():
    said = no_role("Pt", "(3 turns)", "client", {"T": "therapist"})
    assert "Did you mean" not in said
    assert said.endswith('"Pt" = "client"')


def test_remarks_that_are_alike_are_told_once(tmp_path):
    folder = init_study(tmp_path / "alike")
    for i in range(4):
        talk = "Visit date: Monday\n\nT: How was it?\nC: Fine.\nT: Good.\nC: Yes.\n"
        (folder / "transcripts" / f"s{i}.txt").write_text(talk, encoding="utf-8")
    report = open_study(folder).check().report()
    notes = [line for line in report.splitlines() if line.startswith("note:")]
    assert notes
    assert all("(in 4 files, such as transcripts/s0.txt)" in line for line in notes)
