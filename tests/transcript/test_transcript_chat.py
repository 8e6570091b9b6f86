"""CHAT's notation: the text is readable, what the signs said is in the marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.tables import MARK_KINDS
from rupturecode.transcript import Transcript

SIGNS = [
    "[/]", "[//]", "[= home]", "[=! laughing]", "[+ exc]", "[?]", "[>]", "[x 3]", "[*]", "[: want to]",
    "&=laughs", "&-um", "&+fr", "&*INV:mhm", "xxx", "www", "(.)", "(3.5)", "wan(t)", "<so", "so>", "‹",
    "+...", "+/.", "+<", "0is", "dog@s:spa", "„", "\x15100_200\x15", "[laughs]", "[*remark*]", "[", "&",
]  # fmt: skip


def read(raw: str) -> Transcript:
    return Transcript.from_turns("s1", [("C", raw)], convention="chat")


@pytest.mark.parametrize(
    ("raw", "text", "marks"),
    [
        ("I [/] I said that .", "I I said that .", [("gloss", "[/]", 1, 1)]),
        ("<I want> [//] I went", "I want I went", [("gloss", "[//]", 6, 6)]),
        ("well &=sighs .", "well (sighs) .", [("nonverbal", "(sighs)", 5, 12)]),
        ("so [=! laughing] then", "so (laughing) then", [("nonverbal", "(laughing)", 3, 13)]),
        ("him [= the boss] again", "him again", [("gloss", "the boss", 3, 3)]),
        ("no [+ exc] .", "no .", [("comment", "exc", 2, 2)]),
        ("www [% looks away] xxx", "www xxx",
         [("inaudible", "www", 0, 3), ("comment", "looks away", 3, 3), ("inaudible", "xxx", 4, 7)]),
        ("&-um wan(t) +...", "um want ...", []),
        ("so &*INV:mhm yes +/.", "so [INV: mhm] yes -", []),
        ("+< it 0is home@s:spa", "it home", []),
        ("(.) yes (3.5) no", "(.) yes (3.5) no", [("pause", "(.)", 0, 3), ("pause", "(3.5)", 8, 13)]),
        ("‹oh› [>] yes", "oh yes", [("overlap", "[>]", 2, 2)]),
        ("fox xxxl 10 e.g. 0", "fox xxxl 10 e.g. 0", []),
    ],
)  # fmt: skip
def test_text_is_readable_and_signs_are_marks(raw, text, marks):
    talk = read(raw)
    assert talk.turns["text"].tolist() == [text]
    assert talk.turns["raw"].tolist() == [raw]
    found = talk.marks[["kind", "text", "start_char", "end_char"]]
    assert [tuple(row) for row in found.itertuples(index=False)] == marks


@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        ("I was going +/.", "interrupted"),
        ("you what +/?", "interrupted"),
        ("I said +//.", "self-interrupted"),
        ("did I +//?", "self-interrupted"),
        ("+< you said +/.", "overlap;interrupted"),
        ("+^ yes .", "latched"),
        ("+, and so on .", "completion"),
        ("++ so on .", "completion"),
        ("I wonder +...", ""),
        ('he said +"/.', ""),
        ('+" go home .', ""),
    ],
)
def test_signs_between_utterances_are_flags(raw, flags):
    talk = Transcript.from_turns("s1", [("C", raw), ("T", "oh .")], convention="chat")
    assert talk.turns["flags"].tolist() == [flags, ""]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(SIGNS) | st.sampled_from(["so", "it", "äh", " "]), max_size=8))
def test_marks_stand_where_they_say(pieces):
    talk = read(" ".join(pieces))
    text = talk.turns["text"].iloc[0]
    for mark in talk.marks.itertuples():
        assert mark.kind in MARK_KINDS
        assert 0 <= mark.start_char <= mark.end_char <= len(text)
        if mark.end_char > mark.start_char:
            assert text[mark.start_char : mark.end_char] == mark.text


@pytest.mark.parametrize("sign", ["[", "<", "&", "&*", "+", "(", "0", "@", "\x15", "x", " „"])
def test_hostile_lines_take_no_time(sign):
    started = time.process_time()
    read("a" + sign * 60_000)
    assert time.process_time() - started < 3
