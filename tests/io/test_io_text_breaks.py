"""Breaks of pages and lines that are no line feeds never give one person's words to another."""

from __future__ import annotations

import pytest

from rupturecode.errors import ParseError
from rupturecode.io.transcripts import text


def read(said, encoding="utf-8"):
    return text.read(said.encode(encoding), source="s01.txt", encoding=encoding)


def turns(draft):
    return list(zip(draft.speakers, draft.raws, strict=True))


@pytest.mark.parametrize("sign", ["<br>", "<br/>", "<BR />", "\x0b", "\u2028", "\u2029", "\f"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_label_behind_another_sort_of_break_begins_a_turn(sign, encoding):
    draft = read(f"T: Hi.{sign}C: Yes,\nI am.{sign}T: So?\nC: No.\n", encoding)
    assert turns(draft) == [("T", "Hi."), ("C", "Yes,\nI am."), ("T", "So?"), ("C", "No.")]
    (warning,) = draft.info["warnings"]
    assert warning.startswith("2 page breaks" if sign == "\f" else "2 signs such as <br>")


@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_numbers_before_page_breaks_are_left_out_and_named(gap):
    draft = read(f"T: Hi.\nC: Well, I\n4{gap}\fT: So?\nC: I was\n- 5 -{gap}\fill.\nT: Oh.\n")
    told = [(who, " ".join(said.split())) for who, said in turns(draft)]
    assert told == [("T", "Hi."), ("C", "Well, I"), ("T", "So?"), ("C", "I was ill."), ("T", "Oh.")]
    assert "with the numbers of pages before them: 4, 5" in draft.info["warnings"][0]


@pytest.mark.parametrize("answers", [("7",), ("9", "5")])
def test_numbers_that_do_not_count_pages_are_words(answers):
    draft = read("".join(f"T: How many?\nC: I had\n{n}\n\f" for n in answers) + "T: Oh.\n")
    assert [said for who, said in turns(draft) if who == "C"] == [f"I had\n{n}" for n in answers]


def test_lines_without_other_breaks_keep_their_numbers():
    assert list(read("T: Hi, <b>you</b>.\n\nC: Yes.\n").lines) == [1, 3]


@pytest.mark.parametrize("nothing", ["\f", "\v\f\n", "<br>", "\u2028"])
def test_a_file_of_breaks_alone_has_no_speakers(nothing):
    with pytest.raises(ParseError, match="no speaker labels found"):
        read(nothing)
