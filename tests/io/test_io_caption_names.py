"""Who speaks in a caption: names as people call themselves in video calls, and signs of turns."""

from __future__ import annotations

import pytest

from rupturecode.io.transcripts import srt, webvtt


def vtt(*said: str, **options):
    cues = "".join(f"00:{i:02d}.000 --> 00:{i:02d}.900\n{s}\n\n" for i, s in enumerate(said))
    return webvtt.read(f"WEBVTT\n\n{cues}".encode(), source="s1.vtt", **options)


def pairs(draft):
    return list(zip(draft.speakers, draft.raws, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "Dr. Ana Ruiz (she/her)",
        "Ana (they/them) (Guest)",
        "Ruiz, Ana",
        "A. Ruiz, PhD",
        "Ana Ruiz [Therapist]",
        "ana (she/her)",
        '"Ana"',
        "2nd Therapist",
        "+49 151 2345 6789",
        "ana.ruiz@example.org",
        "Ana 🌻",
        "Licensed Clinical Psychologist Dr. Ana Ruiz-Delgado",
        "安娜",
    ],
)
def test_names_as_people_call_themselves_in_calls(name):
    draft = vtt(f"{name}: Hello.", "Ben: Hi.", f"{name}: And, well: so.", "Ben: Fine.")
    assert draft.speakers == [name, "Ben", name, "Ben"]
    assert draft.raws == ["Hello.", "Hi.", "And, well: so.", "Fine."]
    assert "warnings" not in draft.info


@pytest.mark.parametrize(
    "label", ["{}:", "{}：", "{}:\n", "&gt;&gt; {}: ", ">>> {}: ", "{} : ", "[{}] ", "({}) "]
)
def test_signs_between_name_and_words(label):
    said = [("Speaker 1", "hello"), ("Speaker 2", "hi"), ("Speaker 1", "so"), ("Speaker 2", "yes")]
    assert pairs(vtt(*(label.format(who) + words for who, words in said))) == said


def test_bracketed_speakers_of_transcription_programs_in_srt():
    cues = "".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n[SPEAKER_0{i % 2}] [laughs] So.\n\n"
        for i in range(1, 5)
    )
    draft = srt.read(cues.encode(), source="s1.srt")
    assert draft.speakers == ["SPEAKER_01", "SPEAKER_00"] * 2
    assert set(draft.raws) == {"[laughs] So."}


def test_what_may_be_a_speaker_is_neither_taken_nor_given_to_another():
    draft = vtt("Ana: So.", "and so", "Ben: No.", "Hm.", "Ana: Why.", "and so", "on", "Ana: Yes")
    assert draft.speakers == ["Ana", "Ana", "", "", "Ana", "Ana", "Ana", "Ana"]
    assert draft.raws[2] == "Ben: No."
    assert "perhaps speakers, but not taken for any: 'Ben'" in str(draft.info["warnings"])


def test_sentences_and_faces_are_no_names():
    draft = vtt(
        *("Ana: fun :)", "And so, he said: no", "Bye :)", "Ben: see https://example.org", "Bye :)"),
        *(
            "嗯，他说：走吧",
            "Ana: at 10:30",
            "He said:\nnot me.",
            "He said:\nno.",
            "Ben: odds 2:1",
            "Bye :D",
        ),
    )
    assert set(draft.speakers) == {"Ana", "Ben"}


def test_the_sign_of_another_speaker_ends_the_one_before():
    draft = vtt("&gt;&gt; ANA: So.", "and", "&gt;&gt; Hm.", "no", ">> ANA: Why.\n>> Why not.")
    assert draft.speakers == ["ANA", "ANA", "", "", "ANA"]
    assert draft.flags[-1] == ("two-speakers",)
    assert [vtt(f"{dash} Come.\n{dash} Go.").flags[0] for dash in "-–—"] == [("two-speakers",)] * 3


def test_names_that_are_given_are_found_however_they_look():
    said = ("so i said, well: no", "the one who listens: Yes.", "So I Said, Well: hm", "Ben: x")
    draft = vtt(*said, speakers=["So I said, well", "The one who listens"])
    assert draft.speakers == [
        *("so i said, well", "the one who listens", "So I Said, Well", "So I Said, Well")
    ]
    assert draft.raws[-1] == "Ben: x"


def test_webex_names_speakers_in_identifiers():
    draft = webvtt.read(
        b'WEBVTT\n\n1 "Ana & Co" (3045672192)\n00:01.000 --> 00:02.000\nHello.\n\n'
        b'2 "Ben"\nno time --> at all\nGone.\n\n'
        b'3 "" (0)\n00:03.000 --> 00:04.000\nHi.\n\n00:05.000 --> 00:06.000\nSo.\n7 "Eve" (1)\n',
        source="s1.vtt",
    )
    assert draft.speakers == ["Ana & Co", "", ""]
    assert draft.raws == ["Hello.", "Hi.", 'So.\n7 "Eve" (1)']


def test_google_meet_puts_names_in_brackets_on_lines_of_their_own():
    draft = vtt("(Ana Ruiz)\nSo it was.", "(Ana Ruiz)\nNo?\n-\n \n(Ben)\nYes.", "(Ben)\nHm.")
    assert draft.speakers == ["Ana Ruiz", "Ana Ruiz", "Ben", "Ben"]
    assert draft.raws[0] == "So it was."
    asides = vtt(
        "Ana: So.", "(Laughter)\nAna: Yes.", "(Laughter)\nBen: No.", "Ben: Hm.", "Ana: So."
    )
    assert "Laughter" not in asides.speakers


def test_noscribe_marks_who_talks_over_another():
    draft = vtt("<v S01>So.", "<v //S00>Yes, yes.//", "<v S00>No. <v //S01>Oh.//")
    assert draft.speakers == ["S01", "S00", "S00", "S01"]
    assert draft.flags == [(), ("overlap",), (), ("overlap",)]


def test_names_that_come_once_each_are_told():
    draft = vtt("Hello.", "So.", "ANA: What?", "BEN: No.", "and so", "on")
    assert set(draft.speakers) == {""}
    assert "perhaps speakers, but not taken for any: 'ANA', 'BEN'" in str(draft.info["warnings"])
