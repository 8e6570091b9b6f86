"""Marks under each convention, repairs, and the laws of offsets."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.transcript import Draft, Transcript, finish
from rupturecode.transcript.conventions import CONVENTIONS, convention_named
from rupturecode.transcript.conventions.found import Found
from rupturecode.transcript.marks import Cleaner
from rupturecode.transcript.repair import sound

PLAIN = {
    "[click]": "event",
    "[door closes]": "event",
    "[laughs]": "nonverbal",
    "[clears throat]": "nonverbal",
    "(sounding pleased)": "nonverbal",
    "(sighs)": "nonverbal",
    "(in a low voice)": "nonverbal",
    "(rapid)": "nonverbal",
    "[lacht]": "nonverbal",
    "[צוחק]": "nonverbal",
    "[inaudible]": "inaudible",
    "[unintelligible 00:01:18]": "inaudible",
    "(unverständlich)": "inaudible",
    "[???]": "inaudible",
    "[maybe Tuesday?]": "unclear",
    "(unclear)": "unclear",
    "[pause]": "pause",
    "[long silence]": "pause",
    "(4)": "pause",
    "(2.5 sec)": "pause",
    "(...)": "pause",
    "[00:12]": "pause",
    "[00:00:12]": "event",
    "#00:00:12-4#": "event",
    "[crosstalk]": "overlap",
    "[NAME]": "gloss",
    "[city 2]": "gloss",
    "(Administration for Children's Services)": "gloss",
    "(ACS)": "gloss",
    "*never*": "emphasis",
    "_never_": "emphasis",
    "**never**": "emphasis",
}


@pytest.mark.parametrize("written", ["(Code: WD-1)", "(codes: 3)", "(Rating 2: 4)", "[Code: WD-1]"])
def test_codes_in_parentheses_are_comments_too(written):
    cleaned = Cleaner().clean(f"Well {written} so.")
    assert (cleaned.text, cleaned.flags) == ("Well so.", ["comment-by-wording"])
    assert [(mark.kind, mark.text) for mark in cleaned.marks] == [("comment", written[1:-1])]


def test_an_aside_about_codes_is_speech():
    assert Cleaner().clean("I have (code red: no) it.").text == "I have (code red: no) it."


@pytest.mark.parametrize(("written", "kind"), PLAIN.items(), ids=PLAIN)
def test_plain_marks_stay_in_the_text(written, kind):
    cleaned = Cleaner().clean(f"Well {written} so.")
    assert cleaned.text == f"Well {written} so."
    [mark] = cleaned.marks
    assert (mark.kind, mark.text) == (kind, written)
    assert cleaned.text[mark.start : mark.end] == written


@pytest.mark.parametrize(
    "raw", ["He said (I think) no.", "2*3*4", "snake_case_name", "so ( ) what", "a * b * c"]
)
def test_what_is_no_mark(raw):
    assert Cleaner().clean(raw).marks == []


@pytest.mark.parametrize(
    ("raw", "text", "comment", "place"),
    [
        ("Fine. [*Withdrawal*]", "Fine.", "Withdrawal", 5),
        ("[*Withdrawal*] Fine.", "Fine.", "Withdrawal", 0),
        ("I [_see note [3]_] am", "I am", "see note [3]", 1),
        ("Yes [**AK: look here**], no", "Yes, no", "AK: look here", 3),
        ("Yes (*confrontation marker*) no", "Yes no", "confrontation marker", 3),
        ("Yes [coder AK: hm] no", "Yes no", "coder AK: hm", 3),
        ("Yes [Patient withdrawal] no", "Yes no", "Patient withdrawal", 3),
    ],
)
def test_comments_leave_the_text(raw, text, comment, place):
    cleaned = Cleaner().clean(raw)
    assert cleaned.text == text
    assert [(m.kind, m.text, m.start, m.end) for m in cleaned.marks] == [
        ("comment", comment, place, place)
    ]


def test_a_comment_known_only_by_its_words_is_flagged():
    assert Cleaner().clean("Yes [a rupture here] no").flags == ["comment-by-wording"]
    assert Cleaner().clean("Yes [*a rupture here*] no").flags == []
    assert Cleaner().clean("Yes [he said").flags == ["unclosed-bracket"]


def test_comments_of_the_labs_own_style():
    cleaned = Cleaner(comments=[r"<<[^>]*>>"]).clean("So << AK: see [3] >> it goes.")
    assert cleaned.text == "So it goes."
    assert [m.kind for m in cleaned.marks] == ["comment"]
    with pytest.raises(UsageError, match="is not a regular expression"):
        Cleaner(comments=["("])


def test_jefferson():
    raw = "=I [don't] (0.4) kn:ow. ((sniffs)) (perhaps) ( ) °quiet° (.) ((phone rings))"
    cleaned = Cleaner("jefferson").clean(raw)
    assert [(m.kind, m.text) for m in cleaned.marks] == [
        ("overlap", "[don't]"),
        ("pause", "(0.4)"),
        ("nonverbal", "((sniffs))"),
        ("unclear", "(perhaps)"),
        ("inaudible", "( )"),
        ("emphasis", "°quiet°"),
        ("pause", "(.)"),
        ("event", "((phone rings))"),
    ]
    assert cleaned.flags == ["latched"]
    assert cleaned.text == raw


def test_mergenthaler_stinson():
    raw = "I - went / / home (sighs) (?: alone) (pause: 10) +you see+ (telephone rings)"
    cleaned = Cleaner("mergenthaler-stinson").clean(raw)
    assert [m.kind for m in cleaned.marks] == [
        "pause", "inaudible", "nonverbal", "unclear", "pause", "overlap", "event",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("convention", "raw", "found"),
    [
        ("jefferson", "No(h) wo(hh)rd (·) now.", ["nonverbal", "nonverbal", "pause"]),
        ("jefferson", "◦so◦ ºsoº (so)", ["emphasis", "emphasis", "unclear"]),
        ("mergenthaler-stinson", "So (..) it (.....) is.", ["pause", "pause"]),
        ("mergenthaler-stinson", "I / / /. And /, no/yes.", ["inaudible", "inaudible"]),
        ("mergenthaler-stinson", "Hm (unverständlich) (?:so) I- I", ["inaudible", "unclear"]),
        ("mergenthaler-stinson", "i (hd: ich) (p:00:01:30)", ["gloss", "pause"]),
    ],
)
def test_signs_of_conventions(convention, raw, found):
    cleaned = Cleaner(convention).clean(raw)
    assert [m.kind for m in cleaned.marks] == found
    assert cleaned.text == raw


def test_an_unknown_convention_names_the_known():
    with pytest.raises(UnknownNameError, match="Did you mean 'jefferson'"):
        Transcript.from_turns("s1", [("T", "Hm.")], convention="jeffersen")


@pytest.mark.parametrize(
    ("raw", "text", "flag"),
    [
        ("so\u200b it", "so it", "zero-width"),
        ("so\u00a0it", "so it", "no-break-space"),
        ("so\u00adit", "soit", "soft-hyphen"),
        ("\ufeffso it", "so it", "bom"),
        ("so\x07 it", "so it", "control-character"),
        ("so \n  it", "so it", "lines-joined"),
        ("so\r\nit", "so it", "lines-joined"),
        ("so \ufffd it", "so \ufffd it", "replacement-character"),
        ("\u200fשלום", "\u200fשלום", "direction-mark"),
    ],
)
def test_every_repair_is_flagged(raw, text, flag):
    assert Cleaner().clean(raw) == (text, [], [flag])
    assert not Cleaner().plain(raw)


@pytest.mark.parametrize("raw", ["می‌خواهم", "👩‍👧 so", "“so” – ‘it’ … goes", "così, señor", "a\tb"])
def test_what_is_not_touched(raw):
    assert Cleaner().clean(raw) == (raw, [], [])


PIECES = st.sampled_from(
    ["[click]", "[*note [2]*]", "(sighs)", "so", "שלום", "你好", "\u00a0", "\u200b", "\n", " ", "  ",
     "[", "]", "(", ")", "*", "_", "(.)", "[Patient withdrawal]", "<b>", "&amp;", "&", "\u00ad", "x"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, max_size=14).map("".join), st.sampled_from(sorted(CONVENTIONS)), st.booleans()
)
def test_laws_of_offsets(raw, convention, markup):
    cleaner = Cleaner(convention, markup=markup)
    text, marks, _ = cleaner.clean(raw)
    assert text == text.strip()
    for kind, words, start, end in marks:
        assert 0 <= start <= end <= len(text)
        assert start == end if kind == "comment" else text[start:end] == words
    assert "\u200b" not in text
    assert "\n" not in text
    if cleaner.plain(raw):
        assert (text, marks) == (raw, [])
    assert "[*note [2]*]" not in text


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(PIECES | st.just("xx"), max_size=4).map("".join), max_size=9),
    st.sampled_from(sorted(CONVENTIONS)),
    st.booleans(),
    st.sampled_from(["", "so it goes on and on " * 60, "é" * 1200]),
)
def test_many_texts_at_once_are_as_plain_as_each_by_itself(raws, convention, markup, long):
    cleaner = Cleaner(convention, markup=markup)
    raws = [*raws, long.strip()]
    expected = {i for i, raw in enumerate(raws) if not cleaner.plain(raw)}
    assert cleaner.not_plain(raws) == expected
    assert Cleaner(comments=["so"]).not_plain(raws) == set(range(len(raws)))


@given(st.text(st.characters(max_codepoint=0x100) | st.just("\ufffd"), max_size=5))
def test_long_texts_are_sound_by_the_rule_for_short_ones(raw):
    assert sound(raw + "so " * 999) == sound(raw)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["a", "b", ""])), max_size=4),
    st.sampled_from(["so", "so it goes", "é…", "so [click]", "so\u200b"]),
)
def test_comments_at_places_are_marked_the_same_where_nothing_else_is_looked_at(points, raw):
    given = [Found(min(at, len(raw)), min(at, len(raw)), "comment", text=x) for at, x in points]
    looking = Cleaner(comments=["never said"])  # no text is plain to it
    assert Cleaner().clean(raw, given) == looking.clean(raw, given)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.integers(0, 30), st.integers(0, 5))
def test_marks_that_a_format_carries_keep_their_words(raw, at, width):
    raw = f"a{raw}b".strip()
    start = min(at, len(raw))
    end = min(start + width, len(raw))
    draft = Draft("text", "x")
    draft.add("T", raw)
    draft.marks.append((0, "comment", "a remark", start, start))
    draft.marks.append((0, "overlap", raw[start:end], start, end))
    talk = finish(draft, session="s")
    text = talk.turns["text"][0]
    kinds = talk.marks["kind"].tolist()
    assert "a remark" in talk.marks.loc[talk.marks["kind"] == "comment", "text"].tolist() or (
        "comment" in kinds
    )
    for mark in talk.marks.itertuples():
        assert 0 <= mark.start_char <= mark.end_char <= len(text)


def test_a_carried_comment_with_a_stretch_is_cut_out():
    draft = Draft("docx", "x")
    draft.add("T", "So. AK says look. Yes.")
    draft.marks.append((0, "comment", "AK says look.", 4, 17))
    talk = finish(draft, session="s")
    assert talk.turns["text"][0] == "So. Yes."
    assert talk.turns["raw"][0] == "So. AK says look. Yes."


def test_long_runs_of_white_space_take_no_time():
    for white in (" ", "\t", "\u00a0"):
        assert len(Cleaner().clean(f"[a]{white * 300_000}b").text) == 300_004
    assert Cleaner().clean("a" + " " * 300_000 + "\n" + " " * 300_000 + "b").text == "a b"


def test_long_hostile_brackets_take_no_time():
    for raw in (
        "[" * 100_000,
        "[a" * 50_000,
        "(" * 100_000,
        "*a" * 50_000,
        "[a[b]" * 30_000,
        "_a" * 50_000,
    ):
        Cleaner().clean(raw)
        Cleaner("jefferson").clean(raw)


#: Pieces of a turn of which many would make work grow with its square: comments, marks, repairs.
MANY = {
    "comments and spaces": "so [*a*]\u00a0it ",
    "marks and spaces": "(sighs)\u00a0[click] ",
    "comments inside comments": "[*a [b] (c)*] ",
    "tags and spaces": "<i>so</i>\u00a0&amp; ",
    "spaces in tags": "<i\u00a0>so ",
}


@pytest.mark.parametrize("piece", MANY.values(), ids=MANY)
@pytest.mark.parametrize("convention", ["plain", "chat"])
def test_work_grows_with_the_turn_and_not_with_its_square(piece, convention):
    cleaner = Cleaner(convention, comments=[r"<<.*?>>"], markup=True)
    spent = {}
    for n in (1_000, 16_000):
        started = time.process_time()
        cleaner.clean(piece * n)
        spent[n] = time.process_time() - started
    assert spent[16_000] < 16 * 4 * max(spent[1_000], 0.01)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab \n\t[*(<&{:°\u200b\u2028\u05d0.", max_size=12), st.booleans())
def test_joining_lines_is_cleaning_where_nothing_else_is_to_be_done(raw, markup):
    for convention in ("plain", "jefferson", "mergenthaler-stinson", "chat"):
        cleaner = Cleaner(convention, markup=markup)
        joined = cleaner.joined(raw)
        if joined is not None and "\n" in raw:
            assert cleaner.clean(raw) == (joined, [], ["lines-joined"])


PIECES_OF_SIGNS = (
    *"[]()*_#=°↑↓/+-<>‹›&@0„‡\x15xyw .?!a",
    *("xxx", "yyy", "www", "so"),
)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(CONVENTIONS)),
    st.lists(st.sampled_from(PIECES_OF_SIGNS), max_size=9).map("".join),
)
def test_a_convention_finds_nothing_without_its_signs(name: str, raw: str) -> None:
    """Turns without a sign are not searched, so nothing must be there to be found."""
    convention = convention_named(name)
    for sign in convention.SIGNS:
        raw = raw.replace(sign, "")
    if not any(sign in raw for sign in convention.SIGNS):
        assert list(convention.find(raw)) == []


@pytest.mark.parametrize(
    ("convention", "raw", "text"),
    [
        ("mergenthaler-stinson", "I [a rupture (sighs) here] went (sighs).", "I went (sighs)."),
        ("mergenthaler-stinson", "I [note: pulls back] went [home].", "I went [home]."),
        ("jefferson", "I ((withdrawal marker)) went ((sighs)).", "I went ((sighs))."),
        ("jefferson", "I [the alliance] went.", "I [the alliance] went."),
    ],
)
def test_a_coders_words_are_taken_out_where_the_sign_means_nothing_else(convention, raw, text):
    done = Transcript.from_turns("s1", [("C", raw)], convention=convention)
    assert done.turns["text"].tolist() == [text]
    assert done.turns["raw"].tolist() == [raw]
    taken = done.marks.loc[done.marks["kind"] == "comment"]
    assert (len(taken) == 1) == (done.turns["flags"][0] == "comment-by-wording") == (text != raw)
    for mark in done.marks[done.marks["kind"] != "comment"].itertuples():
        assert text[mark.start_char : mark.end_char] == mark.text
