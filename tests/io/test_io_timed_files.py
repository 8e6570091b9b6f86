"""CHAT, ELAN and TextGrid: tiers, times and what hangs on them; and that writing loses nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import ParseError, UnknownNameError, UsageError
from rupturecode.io import read_corpus, read_transcript
from rupturecode.io.parsers import chat as chat_parser
from rupturecode.io.parsers import eaf as eaf_parser
from rupturecode.io.parsers import textgrid as textgrid_parser
from rupturecode.io.transcripts import chat, convokit, eaf, textgrid
from rupturecode.transcript import Transcript

DATA = Path(__file__).parents[1] / "data"


def sample(path):
    return (DATA / path).read_bytes()


# CHAT


def test_chat_turns_times_and_observations():
    draft = chat.read(sample("chat/good_session.cha"), source="s01.cha")
    assert draft.speakers == ["THE", "CLI", "CLI"]
    assert draft.raws[1] == "well (.) I [/] I said &=sighs that ."
    assert list(zip(draft.starts, draft.ends, strict=True)) == [
        (0, 2100),
        (2100, 5250),
        (None, None),
    ]
    assert draft.lines == [8, 10, 15]
    assert [m[:3] for m in draft.marks] == [
        (0, "comment", "leans in"),
        (1, "nonverbal", "looks at the floor"),
    ]
    assert draft.info["participants"]["CLI"] == "Client Participant"
    assert draft.info["gems"] == [("Bg", "rupture", 1), ("Eg", "rupture", 3)]
    assert "tiers about words were not read: %mor" in draft.info["warnings"]


@pytest.mark.parametrize(
    ("name", "message", "line"),
    [
        ("chat/broken_line.cha", r"expected '@Header:', .* or '%tier:'", 5),
        ("chat/broken_orphan_tier.cha", "a dependent tier before any speaker", 4),
        ("chat/broken_no_begin.cha", "no @Begin", 1),
    ],
)
def test_chat_errors_name_the_line(name, message, line):
    with pytest.raises(ParseError, match=message) as caught:
        chat.read(sample(name), source=name)
    assert caught.value.line == line


def test_chat_refuses_names_it_cannot_write():
    said = chat_parser.Utterance("Ms. D", "hello .")
    with pytest.raises(UsageError, match=r"'Ms. D' cannot be a speaker name"):
        chat_parser.write(chat_parser.Chat((), (said,)))


CHAT_NAME = st.from_regex(r"[A-Z][A-Z0-9_]{0,6}", fullmatch=True)
CHAT_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=30
)
UTTERANCE = st.builds(
    lambda speaker, words, times, tiers: chat_parser.Utterance(
        speaker, " ".join(words), *(times or (None, None)), tuple(tiers)
    ),
    CHAT_NAME,
    st.lists(CHAT_TEXT, max_size=4),
    st.none() | st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)),
    st.lists(st.tuples(st.from_regex(r"[a-z]{3}", fullmatch=True), CHAT_TEXT), max_size=2),
)


@given(st.lists(UTTERANCE, max_size=5), CHAT_TEXT)
@settings(max_examples=60, deadline=None)
def test_chat_reads_back_what_it_wrote(utterances, comment):
    headers = (chat_parser.Header("Comment", comment, 0), chat_parser.Header("Date", "", 0))
    written = chat_parser.write(chat_parser.Chat(headers, tuple(utterances)))
    found = chat_parser.parse(written.decode(), source="x")
    assert found.utterances == tuple(utterances)
    assert found.header("Comment") == comment
    assert chat_parser.write(found) == written


# ELAN


def test_eaf_interpolates_slots_and_shares_references():
    found = eaf_parser.parse(sample("eaf/good_tiers.eaf"), source="x.eaf")
    talk = found.tier("talk@C").annotations
    assert [(a.start_ms, a.end_ms) for a in talk] == [(900, 1900), (1900, 2900), (2900, 3900)]
    assert all(a.interpolated for a in talk)
    words = {a.id: a for a in found.tier("words@T").annotations}
    assert [(words[i].text, words[i].start_ms) for i in ("a6", "a7", "a8")] == [
        ("How", 0),
        ("was", 333),
        ("it", 667),
    ]
    assert words["a8"].end_ms == 1000
    gloss = found.tier("gloss@T").annotations[0]
    assert (gloss.start_ms, gloss.end_ms, gloss.interpolated) == (667, 1000, True)
    code = found.tier("rupture_AK")
    assert (code.annotator, code.vocabulary, code.annotations[0].entry) == ("AK", "ruptures", "cv1")
    assert found.vocabularies == {"ruptures": {"cv1": "withdrawal"}}
    assert found.tier("words@T").constraint == "Symbolic_Subdivision"
    assert (found.n_slots, found.n_slots_without_time) == (8, 2)


def test_eaf_reads_talk_and_names_what_it_leaves():
    draft = eaf.read(sample("eaf/good_tiers.eaf"), source="x.eaf")
    assert list(zip(draft.speakers, draft.raws, strict=True)) == [
        ("T", "How was it?"),
        ("talk@C", "Well"),
        ("talk@C", "it was"),
        ("talk@C", "schön."),
        ("T", "Go on."),
    ]
    assert [i for i, f in enumerate(draft.flags) if f == ("time-interpolated",)] == [1, 2, 3]
    assert draft.info["warnings"] == [
        "tiers not read as speech: 'words@T', 'gloss@T', 'rupture_AK'"
    ]
    assert draft.info["media"] == ["s01.wav"]


def test_eaf_tiers_can_be_chosen_and_named():
    data = sample("eaf/good_tiers.eaf")
    draft = eaf.read(data, source="x.eaf", tiers={"talk@C": "Ms. D", "rupture_AK": ""})
    assert set(draft.speakers) == {"Ms. D", "rupture_AK"}
    with pytest.raises(UnknownNameError, match=r"Unknown tier 'talk@D'\. Did you mean 'talk@"):
        eaf.read(data, source="x.eaf", tiers=["talk@D"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("eaf/broken_missing_slot.eaf", "no time slot 'ts99' to refer to"),
        ("eaf/broken_time.eaf", "a time slot has the time '-5'"),
        ("eaf/broken_circle.eaf", "is not there or refers back to it"),
        ("eaf/broken_doctype.eaf", "without a DOCTYPE"),
        ("eaf/broken_no_speech.eaf", r"no tier holds speech; say tiers=\[...\]. Tiers: 'T'"),
    ],
)
def test_eaf_says_what_is_wrong(name, message):
    with pytest.raises(ParseError, match=message):
        eaf.read(sample(name), source=name)


def test_eaf_circles_of_slots_end():
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{i}"/>' for i in range(3))
    pairs = [("t0", "t1"), ("t1", "t2"), ("t2", "t1")]
    tier = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{a}{b}" TIME_SLOT_REF1="{a}" '
        f'TIME_SLOT_REF2="{b}"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>'
        "</ANNOTATION>"
        for a, b in pairs
    )
    slots = slots.replace('"t0"/>', '"t0" TIME_VALUE="5"/>')
    data = f'<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER><TIER TIER_ID="T">{tier}</TIER></ANNOTATION_DOCUMENT>'
    found = eaf_parser.parse(data.encode(), source="x")
    assert [a.end_ms for a in found.tiers[0].annotations] == [None, None, None]


# TextGrid


def test_textgrid_long_form():
    draft = textgrid.read(sample("textgrid/good_long.TextGrid"), source="x")
    assert draft.speakers == ["T", "C"]
    assert draft.raws[0] == 'You said "fine".\nTwice.'
    assert list(zip(draft.starts, draft.ends, strict=True)) == [(0, 1250), (1000, 4500)]
    assert "tiers not read as speech: 'clicks'" in draft.info["warnings"]


def test_textgrid_short_form_utf16_with_equal_tier_names():
    draft = textgrid.read(sample("textgrid/good_short_utf16.TextGrid"), source="x")
    assert draft.raws == ["Hm.", "Ja."]
    assert "several tiers have the same name: 'T'" in draft.info["warnings"]


def test_textgrid_tiers_can_be_chosen():
    data = sample("textgrid/good_long.TextGrid")
    assert textgrid.read(data, source="x", tiers=["clicks"]).raws == ["click"]
    with pytest.raises(UnknownNameError, match=r"Unknown tier 'click'\. Did you mean 'clicks'"):
        textgrid.read(data, source="x", tiers=["click"])


@pytest.mark.parametrize(
    ("name", "message", "line"),
    [
        ("textgrid/broken_cut_in_text.TextGrid", "never closed: the file is cut off", 18),
        ("textgrid/broken_cut.TextGrid", "the file ends where a text in quotes", 26),
        ("textgrid/broken_order.TextGrid", "ends at -1.25, before its start", 17),
        ("textgrid/broken_count.TextGrid", "cannot be a number of items", 7),
        ("textgrid/broken_word.TextGrid", "expected a number", 42),
        ("textgrid/broken_binary.TextGrid", "save it with 'Save as text file", None),
    ],
)
def test_textgrid_errors_name_the_line(name, message, line):
    with pytest.raises(ParseError, match=message) as caught:
        textgrid.read(sample(name), source=name)
    assert caught.value.line == line


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@st.composite
def grids(draw):
    tiers = []
    for _ in range(draw(st.integers(0, 3))):
        cuts = sorted(draw(st.sets(st.integers(0, 5000), min_size=2, max_size=10)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        point = draw(st.booleans())
        entries = tuple(
            textgrid_parser.Entry(a / 1000, (a if point else b) / 1000, f"x{draw(TEXT)}")
            for a, b in pairs
        )
        kind = "point" if point else "interval"
        tiers.append(textgrid_parser.Tier(draw(TEXT), kind, 0.0, 5.0, entries))
    return textgrid_parser.TextGrid(0.0, 5.0, tuple(tiers))


@given(grids())
@settings(max_examples=60, deadline=None)
def test_textgrid_reads_back_what_it_wrote(grid):
    written = textgrid_parser.write(grid)
    found = textgrid_parser.parse(written.decode(), source="x")
    assert [(t.name, t.kind, t.filled) for t in found.tiers] == [
        (t.name, t.kind, t.entries) for t in grid.tiers
    ]
    assert textgrid_parser.write(found) == written


def test_textgrid_cannot_hold_overlap_in_one_tier():
    entries = (textgrid_parser.Entry(0, 2, "a"), textgrid_parser.Entry(1, 3, "b"))
    tier = textgrid_parser.Tier("T", "interval", 0, 3, entries)
    with pytest.raises(UsageError, match="'T': the interval 1 to 3 overlaps"):
        textgrid_parser.write(textgrid_parser.TextGrid(0, 3, (tier,)))


# transcripts out and in again

SPOKEN = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
SPEAKER = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)


@st.composite
def talks(draw):
    n = draw(st.integers(1, 6))
    starts = sorted(draw(st.lists(st.integers(0, 10**6), min_size=n, max_size=n, unique=True)))
    frame = pd.DataFrame(
        {
            "speaker": draw(st.lists(SPEAKER, min_size=n, max_size=n)),
            "text": draw(st.lists(SPOKEN, min_size=n, max_size=n)),
            "start_ms": starts,
            "end_ms": [s + draw(st.integers(1, 10**5)) for s in starts],
        }
    )
    return Transcript.from_turns("s1", frame)


def rows(draft):
    return list(zip(draft.speakers, draft.raws, draft.starts, draft.ends, strict=True))


def expected(talk):
    turns = talk.turns
    return list(
        zip(turns["speaker"], turns["raw"], turns["start_ms"], turns["end_ms"], strict=True)
    )


@given(talks())
@settings(max_examples=30, deadline=None)
def test_a_transcript_survives_textgrid(talk):
    assert rows(textgrid.read(textgrid.write(talk), source="x")) == expected(talk)


@given(talks())
@settings(max_examples=30, deadline=None)
def test_a_transcript_survives_convokit(talk):
    [draft] = convokit.read(convokit.write([talk]), source="x.zip")
    assert draft.session == "s1"
    assert rows(draft) == expected(talk)


def test_a_turn_without_a_speaker_survives_convokit():
    talk = Transcript.from_turns("s1", [("", "Hello."), ("T", "Hi.")])
    [draft] = convokit.read(convokit.write([talk]), source="x.zip")
    assert draft.speakers == ["", "T"]


@given(talks())
@settings(max_examples=30, deadline=None)
def test_a_transcript_survives_chat_but_for_the_speakers_names(talk):
    draft = chat.read(chat.write(talk), source="x.cha")
    assert [r[1:] for r in rows(draft)] == [r[1:] for r in expected(talk)]
    names = talk.turns["speaker"].tolist()
    assert len(set(zip(names, draft.speakers, strict=True))) == len(set(names))
    assert len(set(draft.speakers)) == len(set(names))


def test_textgrid_needs_times():
    talk = Transcript.from_turns("s1", [("T", "Hello.")])
    with pytest.raises(UsageError, match="turn 1 has no start"):
        textgrid.write(talk)


def test_chat_notation_is_read_as_such_unless_another_is_asked_for(tmp_path):
    path = tmp_path / "s1.cha"
    path.write_text(
        "@UTF8\n@Begin\n@Participants:\tC Client\n*C:\tI [/] I wan(t) &=sighs .\n@End\n"
    )
    talk = read_transcript(path)
    assert talk.turns["text"].tolist() == ["I I want (sighs) ."]
    assert talk.turns["raw"].tolist() == ["I [/] I wan(t) &=sighs ."]
    assert talk.info["convention"] == "chat"
    plain = read_transcript(path, convention="plain")
    assert "wan(t) &=sighs" in plain.turns["text"][0]


def test_what_lasts_in_chat_and_what_stands_between_its_turns_becomes_marks(tmp_path):
    path = tmp_path / "s01.cha"
    path.write_text(
        "@Begin\n@Comment:\ttranscribed twice\n*CLI:\t&{l=laughing_out so it was &}l=laughing_out .\n"
        "@Comment:\tthe door opens\n*THE:\tand ?\n@Activities:\tthey leave\n@End\n"
    )
    talk = read_transcript(path)
    assert talk.turns["text"].tolist() == ["(laughing out) so it was .", "and ?"]
    assert talk.marks[["turn", "kind", "text"]].values.tolist() == [
        [1, "nonverbal", "(laughing out)"],
        [2, "comment", "the door opens"],
        [2, "comment", "they leave"],
    ]
    assert talk.info["comments"] == ["transcribed twice"]


def test_the_import_report_says_which_convention_was_taken(tmp_path):
    (tmp_path / "s1.cha").write_text("@Begin\n*C:\tso .\n@End\n")
    (tmp_path / "s2.cha").write_text("@Begin\n@Options:\tCA\n*C:\tso (yes) .\n@End\n")
    (tmp_path / "s3.txt").write_text("T: Hello.\nC: Hi.\n")
    corpus = read_corpus(tmp_path)
    assert corpus.report().files["convention"].tolist() == ["chat", "plain", "plain"]
    assert corpus["s2"].turns["text"].tolist() == ["so (yes) ."]
