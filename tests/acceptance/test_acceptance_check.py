"""Nothing is dropped in silence: what check must say of captions, coders and files."""

from __future__ import annotations

from rupturecode.study import init_study, open_study

VTT = """\
WEBVTT

00:00:01.000 --> 00:00:02.000
T: Hello.

00:0x:03.000 --> 00:00:04.000
C: Hi there.

00:00:05.000 --> 00:00:06.000
T: So.
"""


def test_check_names_the_line_of_a_caption_that_was_left_out(tmp_path):
    folder = init_study(tmp_path / "study")
    (folder / "transcripts" / "s1.vtt").write_text(VTT, encoding="utf-8")
    (problem,) = open_study(folder).check().problems
    assert (problem.source, problem.line) == ("transcripts/s1.vtt", 6)
    assert "this caption was left out. Mend the line" in problem.message


def test_check_says_whose_codings_are_missing_and_what_was_not_read(tmp_path):
    folder = init_study(tmp_path / "study")
    (folder / "transcripts" / "s1.txt").write_text("T: How was it?\nC: Fine.\n", encoding="utf-8")
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace("coders = []", 'coders = ["AK", "BM"]')
    toml.write_text(text, encoding="utf-8")
    (folder / "codings" / "AK.csv").write_text("session,turn,withdrawal\ns1,1,\ns1,2,1\n")
    (folder / "codings" / "memo.odg").write_bytes(b"drawing")
    found = open_study(folder).check()
    assert found.problems == ()
    said = [str(r) for r in found.remarks]
    assert "coder 'BM' has no codings yet" in said
    assert any("memo.odg: not read" in line for line in said)
