"""Labelled text in every style that transcribers and tools write it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import ParseError, RupturecodeError, UsageError
from rupturecode.io.parsers.label_styles import STYLES as STYLES_OF_LABELS
from rupturecode.io.parsers.label_styles import Style
from rupturecode.io.transcripts import text
from rupturecode.transcript import Transcript, finish


def read(content: str, **options):
    return text.read(content.encode(), source="s1.txt", **options)


def talk(content: str, **options) -> Transcript:
    return finish(read(content), session="s1", **options)


STYLES = {
    "colon": "T: How are you?\nC: Fine.\nT: Good.",
    "no space": "T:How are you?\nC:Fine.\nT:Good.",
    "space before colon": "T : How are you?\nC\u00a0: Fine.\nT : Good.",
    "blank lines": "T: How are you?\n\nC: Fine.\n\n\nT: Good.\n",
    "numbered lines": "1 T: How are you?\n2 C: Fine.\n3 T: Good.",
    "numbered with stops": "1. T: How are you?\n2. C: Fine.\n3. T: Good.",
    "markdown bold": "**T:** How are you?\n\n**C:** Fine.\n\n**T:** Good.",
    "markdown bold, colon outside": "**T**: How are you?\n\n**C**: Fine.\n\n**T**: Good.",
    "tab": "T\tHow are you?\nC\tFine.\nT\tGood.",
    "full stop": "T. How are you?\nC. Fine.\nT. Good.",
    "dash": "T - How are you?\nC - Fine.\nT – Good.",
    "angle brackets": "<T> How are you?\n<C> Fine.\n<T> Good.",
    "square brackets": "[T] How are you?\n[C] Fine.\n[T] Good.",
    "own line in brackets": "[T]\nHow are you?\n\n[C]\nFine.\n\n[T]\nGood.",
    "round brackets": "(T) How are you?\n(C) Fine.\n(T) Good.",
    "dash, no space": "T- How are you?\nC- Fine.\nT- Good.",
    "wide space": "T   How are you?\nC   Fine.\nT   Good.",
    "own line": "T\nHow are you?\nC\nFine.\nT\nGood.",
    "own line, blank lines": "**T**\n\nHow are you?\n\n**C**\n\nFine.\n\n**T**\n\nGood.",
    "full-width colon": "T：How are you?\nC：Fine.\nT：Good.",
}


@pytest.mark.parametrize("content", STYLES.values(), ids=STYLES)
def test_style(content):
    draft = read(content)
    assert [s.strip() for s in draft.speakers] == ["T", "C", "T"]
    assert draft.raws == ["How are you?", "Fine.", "Good."]


TIMED = {
    "zoom": "[T] 00:00:01\nHow are you?\n\n[C] 00:00:04\nFine.\n",
    "otter": "T  0:01  \nHow are you?\n\nC  0:04  \nFine.\n",
    "teams in word": "T   0:01\nHow are you?\nC   0:04\nFine.",
    "descript": "**T** [00:00:01]\nHow are you?\n\n**C** [00:00:04]\nFine.",
    "time before": "[00:00:01] T: How are you?\n[00:00:04] C: Fine.",
    "bare time before": "00:00:01 T: How are you?\n00:00:04 C: Fine.",
    "time glued": "00:00:01.0T: How are you?\n\n00:00:04.0C: Fine.",
    "time after": "T (00:00:01): How are you?\nC (00:00:04): Fine.",
    "rev": "T (00:01):\nHow are you?\n\nC (00:04):\nFine.",
    "f4 before": "T: #00:00:01-0# How are you?\nC: #00:00:04-0# Fine.",
    "lone time lines": "00:01\nT: How are you?\n00:04\nC: Fine.",
    "label, time, words": "T 00:00:01 How are you?\nC 00:00:04 Fine.",
    "label, time in brackets, words": "T [00:01] How are you?\nC [00:04] Fine.",
    "label, time and words on lines of their own": "T\n00:01\nHow are you?\n\nC\n00:04\nFine.",
    "time behind the colon": "T: [00:00:01] How are you?\nC: [00:00:04.00] Fine.",
    "bold, time behind the colon": "**T:** [00:00:01] How are you?\n\n**C:** [00:00:04] Fine.",
    "f4 on lines of their own": "#00:00:01-0#\nT: How are you?\n#00:00:04-0#\nC: Fine.",
    "easytranscript on lines of their own": "00:00:01-0\nT: How are you?\n00:00:04-0\nC: Fine.",
    "f4 before the label": "#00:00:01-0# T: How are you?\n#00:00:04-0# C: Fine.",
    "name, time and words on lines of their own": "Ann\n00:01\nHow are you?\n\nBo\n00:04\nFine.",
    "trint": "[00:00:01] T\nHow are you?\n\n[00:00:04] C\nFine.",
}


@pytest.mark.parametrize("content", TIMED.values(), ids=TIMED)
def test_times(content):
    draft = read(content)
    assert draft.speakers in (["T", "C"], ["Ann", "Bo"])
    assert draft.raws == ["How are you?", "Fine."]
    assert draft.starts == [1000, 4000]
    assert "preamble" not in draft.info


def test_labels_with_one_space_must_be_named():
    content = "T How are you?\nC Fine I guess.\nT Good."
    with pytest.raises(ParseError, match="no speaker labels found"):
        read(content)
    draft = read(content, speakers=["T", "C"])
    assert (draft.speakers, draft.raws[1]) == (["T", "C", "T"], "Fine I guess.")
    with pytest.raises(ParseError, match=r"too few lines begin with a label named .* \(p, x\)"):
        read(content, speakers=["X", "P"])


@pytest.mark.parametrize(
    "content",
    [
        "Yes\nI went there.\nNo\nIt was bad.\nYes\nHe did that.\nNo\nWell.",  # answers
        "First week\nIt was hard.\nSecond week\nIt was fine.",  # headings
        "T\nC\nT\nC\nHow are you?",  # nothing between
    ],
)
def test_lines_of_their_own_that_are_no_labels(content):
    with pytest.raises(ParseError, match="no speaker labels found"):
        read(content)


def test_line_numbers_are_left_out_of_what_is_said():
    lines = ["T: Good morning.", "C: Hi.", "I nearly did not come.", "", "T: Oh.", "C: At", "5 it"]
    lines += ["rained.", "T: And?", "C: I left."]
    spoken = ["Good morning.", "Hi.\nI nearly did not come.", "Oh.", "At\n5 it\nrained."]
    spoken += ["And?", "I left."]
    count = iter(range(1, 99))
    without_blank = [f"{next(count)}  {line}" if line else "" for line in lines]
    with_blank = [f"{n}\t{line}" for n, line in enumerate(lines, start=40)]
    long = [*lines, *["T: So?", "C: So."] * 40]
    fifth = [f"{n}   {line}" if n % 5 == 0 else line for n, line in enumerate(long, start=1)]
    for numbered in (without_blank, with_blank, fifth):
        draft = read("\n".join(numbered))
        assert draft.raws[:6] == spoken
        assert draft.info["warnings"] == [
            "numbers that count the lines at the margin were left out"
        ]


def test_numbers_that_do_not_count_lines_stay():
    turns = "1 T: So.\n2 C: I had\n12 dogs\nand\n7 cats\nonce.\n3 T: Yes.\n4 C: Yes.\n5 T: Hm."
    assert read(turns).raws[1] == "I had\n12 dogs\nand\n7 cats\nonce."
    spoken = "T: Count.\nC: One\n1\n2\n3\nT: Yes.\nC: And on.\nT: Yes.\nC: And on.\nT: Good."
    assert read(spoken).raws[1] == "One\n1\n2\n3"


def test_end_times_of_f4():
    draft = read("T: How are you? #00:00:03-5#\nC: Fine. #00:00:05-0#")
    assert (draft.raws, draft.ends) == (["How are you?", "Fine."], [3500, 5000])


def test_lines_with_times_and_nobody_named():
    draft = read("00:00:01 How are you?\n\n00:00:04 Fine.\n\n00:00:06 Good.")
    assert draft.speakers == ["", "", ""]
    assert draft.starts == [1000, 4000, 6000]


def test_the_style_that_papers_print():
    """Issue 2, point 4: every sign of the bracketed style ends up where the design says."""
    printed = (
        "T: So you called them – the (Administration for Children’s Services)...\n\n"
        "Ms. D: I don’t know. [*Patient withdrawal*] It’s fine. [click]\n\n"
        "T: (sounding pleased) You did it—on your own.\n"
    )
    done = talk(printed, roles={"T": "therapist", "Ms. D": "client"})
    turns = done.turns
    assert turns["speaker"].tolist() == ["T", "Ms. D", "T"]
    assert turns["role"].tolist() == ["therapist", "client", "therapist"]
    assert turns["text"].tolist() == [
        "So you called them – the (Administration for Children’s Services)...",
        "I don’t know. It’s fine. [click]",
        "(sounding pleased) You did it—on your own.",
    ]
    assert turns["raw"][1] == "I don’t know. [*Patient withdrawal*] It’s fine. [click]"
    marks = done.marks[["turn", "kind", "text", "start_char", "end_char"]].values.tolist()
    assert marks == [
        [1, "gloss", "(Administration for Children’s Services)", 25, 65],
        [2, "comment", "Patient withdrawal", 13, 13],
        [2, "event", "[click]", 25, 32],
        [3, "nonverbal", "(sounding pleased)", 0, 18],
    ]


def test_a_turn_goes_on_over_lines_and_keeps_them_in_raw():
    done = talk("T: How\nwas\n\n  it?\nC: Fine.\nT: Good.")
    assert done.turns["raw"][0] == "How\nwas\n\n  it?"
    assert done.turns["text"][0] == "How was it?"
    assert done.turns["flags"][0] == "lines-joined"


def test_words_before_a_colon_in_speech_are_not_speakers():
    draft = read("T: Hello.\nC: I told him.\nNote: he left.\nT: And then?\nC: Nothing.")
    assert draft.speakers == ["T", "C", "T", "C"]
    assert draft.raws[1] == "I told him.\nNote: he left."
    assert any("'Note'" in w for w in draft.info["warnings"])


def test_header_and_key_are_kept_aside_and_reported():
    draft = read(
        "Session 5\nDate: 3 May\n\nT: Therapist\nC: Client\n\nT: Hello.\nC: Hi.\nT: So.\nC: Hm."
    )
    assert draft.raws == ["Hello.", "Hi.", "So.", "Hm."]
    assert draft.info["key"] == {"T": "Therapist", "C": "Client"}
    assert "Session 5" in draft.info["preamble"]
    assert len(draft.info["warnings"]) >= 2


def test_footer_of_a_service_is_not_speech():
    draft = read("A  0:01  \nHi.\n\nB  0:02  \nHello.\n\nTranscribed by https://otter.ai")
    assert draft.raws == ["Hi.", "Hello."]
    assert draft.info["footer"] == "Transcribed by https://otter.ai"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("מטפלת", "מה שלומך?"),
        ("العميل", "كيف حالك؟"),
        ("来访者", "我很累。"),
        ("Frau Größe", "Schön."),
    ],
)
def test_any_script(label, words):
    done = talk(f"T: Hello [laughs].\n{label}: {words} [laughs]\nT: So.\n{label}: {words}")
    assert done.turns["speaker"].tolist() == ["T", label, "T", label]
    for mark in done.marks.itertuples():
        turn_text = done.turns["text"][mark.turn - 1]
        assert turn_text[mark.start_char : mark.end_char] == mark.text == "[laughs]"


def test_no_labels_is_an_error_that_says_what_would_do():
    with pytest.raises(ParseError, match=r"s1\.txt:2: no speaker labels found.*speakers=\[\]"):
        read("\nHe came in late and sat down.\n\nWe talked about his mother.")


def test_prose_is_read_when_asked_for():
    draft = read("He came late.\nHe sat.\n\nWe talked.", speakers=[])
    assert draft.raws == ["He came late.\nHe sat.", "We talked."]
    assert draft.speakers == ["", ""]


def test_labels_can_be_named():
    draft = read("Zed: a\nNote: b\nYou: c", speakers=["zed", "note"])
    assert draft.speakers == ["Zed", "Note"]
    with pytest.raises(UsageError, match="give a list of labels"):
        read("T: a", speakers="T")


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp"), blacklist_characters=":：#"),
    min_size=1,
    max_size=60,
).map(lambda s: " ".join(["x", *s.split()]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["T", "Ms. D", "מטופל"]), WORDS), min_size=2, max_size=12)
)
def test_read_undoes_write(rows):
    before = Transcript.from_turns("s1", rows)
    draft = text.read(text.write(before), source="s1.txt", speakers=["T", "Ms. D", "מטופל"])
    after = finish(draft, session="s1")
    assert after.turns[["speaker", "raw", "text"]].equals(before.turns[["speaker", "raw", "text"]])
    assert text.write(after) == text.write(before)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 40))
def test_broken_bytes_raise_only_our_errors(noise, at, cut):
    good = b"T: How was it [laughs]?\n\nC: [*note*] Fine (sighs).\n[00:01:02] T: So.\n" * 3
    with suppress(RupturecodeError):
        finish(text.read(good[:at] + noise + good[at + cut :], source="x"), session="x")


@pytest.mark.parametrize("filler", [" ", "\t", "a ", "#", "[", "1:", "T:", "\u00a0", "*"])
def test_long_hostile_lines_take_no_time(filler):
    for line in (f"T: {filler * 100_000}", f"T{filler * 100_000}x", f"{filler * 100_000}x"):
        with suppress(RupturecodeError):
            talk(f"T: a\nC: b\n{line}\nT: c")


def test_tenths_of_seconds_of_transcribers_players_are_kept():
    draft = read("#00:00:01-5# I: How are you?\n#00:01:04-9# B: Fine.\n")
    assert draft.starts == [1500, 64900]


def test_stamps_that_close_turns_open_the_next():
    draft = read("I: How? #00:00:04-5#\n\nB: So. #00:00:09-2#\n\nI: Why? #00:00:12-0#\n")
    assert draft.starts == [None, 4500, 9200]
    assert draft.ends == [4500, 9200, 12000]
    assert any("close the turns" in str(w) for w in draft.info["warnings"])


def test_speakers_numbered_behind_a_colon_in_brackets():
    draft = read("[Speaker:0] How are you?\n\n[Speaker:1] Fine.\n\n[Speaker:0] Good.\n")
    assert draft.speakers == ["Speaker:0", "Speaker:1", "Speaker:0"]
    assert draft.raws == ["How are you?", "Fine.", "Good."]


def test_paragraphs_without_speakers_end_at_a_stamp():
    draft = read("Wie war es? #00:00:04-5#\nSo.\nJa. #00:00:09-2#\n\nGut.\n", speakers=[])
    assert draft.raws == ["Wie war es?", "So.\nJa.", "Gut."]
    assert (draft.starts, draft.ends) == ([None, 4500, 9200], [4500, 9200, None])
    assert draft.lines == [1, 2, 5]
    with pytest.raises(ParseError, match=r"speakers=\[\]"):
        read("Wie war es? #00:00:04-5#\nJa. #00:00:09-2#\n")


def test_a_time_in_the_middle_of_a_turn_is_not_the_next_ones_start():
    draft = read("T: Well.\n00:01:00\nMore of it.\nC: Yes.\nT: So.\n")
    assert draft.raws[0] == "Well.\nMore of it."
    assert draft.starts == [None, None, None]


def test_a_turn_without_a_time_among_bold_names_with_times_is_not_lost():
    draft = read("**Ann:** [00:00:01] How?\n\n**Bo:** [00:00:04] So.\n\n**Ann:** Good.\n")
    assert draft.speakers == ["Ann", "Bo", "Ann"]
    assert draft.starts == [1000, 4000, None]


PIECES_OF_LABELS = (
    *(
        "T",
        "Ana",
        "Speaker 1",
        "From",
        "to",
        " ",
        "  ",
        "\t",
        ":",
        "：",
        "[",
        "]",
        "(",
        ")",
        "**",
        "1",
    ),
    *("0:05", "01:02:03", "01:02:03-4", "12", "-", ".", "so it was", "#", "<", ">", "_"),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES_OF_LABELS), min_size=1, max_size=8).map("".join),
    st.sampled_from(STYLES_OF_LABELS),
)
def test_a_line_of_a_style_holds_what_the_style_needs(line: str, style: Style) -> None:
    """Styles whose signs are not in a file are not tried, so no line may match without them."""
    if style.needs and style.pattern.match(line):
        assert style.needs.search(line)
