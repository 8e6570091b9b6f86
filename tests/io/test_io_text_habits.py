"""Habits of people and services that make a labelled text be misread."""

from __future__ import annotations

import pytest

from rupturecode.errors import ParseError
from rupturecode.io.transcripts import text, webvtt
from rupturecode.transcript.build import finish

TALK = [("T", "How was it?"), ("C", "Fine."), ("T", "And then?"), ("C", "I left.")]


def read(said, **options):
    return text.read(said.encode(), source="s01.txt", **options)


def turns(draft):
    return list(zip(draft.speakers, draft.raws, strict=True))


def lines(form):
    return "".join(form.format(n=i, who=who, said=said) for i, (who, said) in enumerate(TALK, 1))


@pytest.mark.parametrize(
    "form",
    [
        "({n}) {who}: {said}\n",
        "[{n}] {who}: {said}\n",
        "#{n} {who}: {said}\n",
        "{n}: {who}: {said}\n",
        "{n}- {who}: {said}\n",
        "{n}.{who}: {said}\n",
        "L{n} {who}: {said}\n",
        "- {who}: {said}\n",
        "* {who}: {said}\n",
        "• **{who}**: {said}\n",
        "({who}): {said}\n",
        "{who}. – {said}\n",
        "{who}:: {said}\n",
        "{who}:- {said}\n",
        "{who}—{said}\n",
        "{who}-- {said}\n",
        "{who}\u202f: {said}\n",
        "{who}\u200f: {said}\n",
        "> {who}: {said}\n>\n",
        "@{who}: {said}\n",
        "#{who}: {said}\n",
        "{who} -> {said}\n",
        "{who} → {said}\n",
        "{{{who}}}: {said}\n",
        "{{{who}}} {said}\n",
        "{who} | {said}\n",
        "{who}= {said}\n",
        "{who} = {said}\n",
        "{who} {said}\n",
        "\U0001f469\u200d\u2695\ufe0f {who}: {said}\n",
        "☺{who}: {said}\n",
        "① {who}: {said}\n",
        "⑫{who}：{said}\n",
    ],
)
def test_what_stands_around_a_label(form):
    assert turns(read(lines(form))) == TALK


@pytest.mark.parametrize(
    "form",
    [
        "[00:00:0{n}.0 --> 00:00:0{n}.9] [{who}] {said}\n",
        "[00:00:0{n}–00:00:0{n}] {who}: {said}\n",
        "**[00:00:0{n}] {who}:** {said}\n",
        "**0:0{n}** {who}: {said}\n",
        "{who}: [00:0{n}] {said}\n",
        "{who}:  00:0{n}  {said}\n",
        "{who}:\t00:0{n}\t{said}\n",
        "{who}: (00:0{n})\n{said}\n\n",
        "00:00:0{n} - {who}\n{said}\n\n",
        "[00:00:0{n}.0] - {who}\n{said}\n\n",
        "0:0:{n}.0 --> 0:0:{n}.9\n{who}\n{said}\n\n",
        "00:00:0{n}.0 --> 00:00:0{n}.9\n{who}: {said}\n\n",
    ],
)
def test_times_of_services(form):
    draft = read(lines(form))
    assert turns(draft) == TALK
    assert draft.starts == [1000, 2000, 3000, 4000]


def test_a_pause_at_the_beginning_of_turns_is_no_time():
    draft = read("T: (0:05) Well.\nC: (0:03) Yes.\nT: (0:09) And?\nC: (0:02) So.\n")
    assert draft.raws[0] == "(0:05) Well."
    assert draft.starts == [None] * 4


def test_time_of_day_and_date_of_a_chat():
    draft = read("3/4/20, 12:59 PM - Ann: Hi.\n3/4/20, 1:02 PM - Bo: Yes.\n")
    assert turns(draft) == [("Ann", "Hi."), ("Bo", "Yes.")]
    assert draft.starts == [46_740_000, 46_920_000]
    assert draft.info["dates"] == ["3/4/20"]
    draft = read("[04.03.20, 10:01:02] Ann: Hi.\n[05.03.20, 09:00:00] Bo: Yes.\n")
    assert turns(draft) == [("Ann", "Hi."), ("Bo", "Yes.")]
    assert draft.starts == [None, None]
    assert "several days (04.03.20 to 05.03.20)" in draft.info["warnings"][0]


def test_time_of_day_below_a_name():
    said = "Ann Bell\n11:59 AM\nHi.\nBo\n12:01 PM\nYes.\nAnn Bell\n12:02 PM\nSo.\n"
    draft = read(said)
    assert turns(draft) == [("Ann Bell", "Hi."), ("Bo", "Yes."), ("Ann Bell", "So.")]
    assert draft.starts == [43_140_000, 43_260_000, 43_320_000]


@pytest.mark.parametrize(
    "names", [("Question", "Answer"), ("Q", "A"), ("Frage", "Antwort"), ("Therapist 1", "Client")]
)
@pytest.mark.parametrize("form", ["{who}: {said}\n", "Date: 3 May\n\n{who}: {said}\n"])
def test_questions_and_answers_are_speakers(names, form):
    above = form.partition("{who}")[0]
    talk = "".join(f"{name}: So {i}.\n" for i, name in enumerate([*names, *names], 1))
    assert read(above + talk).speakers == [*names, *names]


def test_a_question_without_answers_is_a_field():
    draft = read("Question: how people part\nDate: 3 May\n\n" + lines("{who}: {said}\n"))
    assert turns(draft) == TALK


def test_numbered_labels_before_one_space():
    draft = read("T1 Hi.\nC1 Yes.\nT2 So?\nC2 No.\nT3 Hm.\nC3 Oh.\n")
    assert draft.speakers == ["T", "C", "T", "C", "T", "C"]


@pytest.mark.parametrize(
    "talk",
    [
        "T went out.\nI saw her.\nT came back.\n",
        "T so.\nC no.\n",
        "Client was late.\nTherapist asked why.\nClient wept.\nTherapist waited.\n",
        "Mom left.\nDad stayed.\nMom called.\nDad cried.\n",
    ],
)
def test_one_space_parts_no_label_where_it_may_be_a_word(talk):
    with pytest.raises(ParseError, match=r"Name the labels with speakers="):
        read(talk)


@pytest.mark.parametrize("dash", [" – ", " -- ", ". "])
def test_telling_labels_before_wrapped_lines(dash):
    talk = f"THERAPIST{dash}How was it\nsince we\nmet?\nCLIENT{dash}Fine, I\nthink\nso.\n"
    draft = read(talk * 2)
    assert draft.speakers == ["THERAPIST", "CLIENT"] * 2
    assert draft.raws[1] == "Fine, I\nthink\nso."
    short = talk.replace("THERAPIST", "T").replace("CLIENT", "C") * 2
    assert read(short, speakers=["T", "C"]).raws == draft.raws


def test_events_in_capitals_are_no_telling_labels():
    with pytest.raises(ParseError, match="no speaker labels"):
        read("[LAUGHTER] I know.\nand so\non\n[INAUDIBLE] it was\nwell\nit\n[LAUGHTER] yes\n")


def test_words_in_corner_brackets():
    draft = read("Th「元気ですか」\nCl「はい」\nTh「そうですか」\nCl「ええ」\n")
    assert turns(draft)[:2] == [("Th", "「元気ですか」"), ("Cl", "「はい」")]


@pytest.mark.parametrize(
    "stamp",
    ["[0.5s - 4.25s]", "[0.50 --> 4.25]", "[0.5s -> 4.25s]", "(0.5 – 4.25)", "[0.5s to 4.25s]"],
)
@pytest.mark.parametrize("label", ["A: ", "SPEAKER_00: ", "[SPEAKER_00] ", ""])
def test_stamps_in_seconds(stamp, label):
    other = stamp.replace("4.25", "7").replace("0.5", "4.25").replace("7", "7.0")
    draft = read(f"{stamp} {label}Hi.\n{other} {label}So.\n")
    assert (draft.starts, draft.ends) == ([500, 4250], [4250, 7000])
    assert list(draft.raws) == ["Hi.", "So."]


HEADERS = {
    "fields and names": "Therapist: Dr. Moss\nClient: Ms. Lane\nSession Number: 4\nDate: 3 May\n\n",
    "names last": "Case: 12\nAge: 34\nDiagnosis: F32.1\nTherapist: AB\n\n",
    "paragraphs": "Client: Ms. Lane\n\nTherapist: Dr. Moss\n\nDate: 3 May\n\n",
    "labels of the talk": "Interview 3\nT: Anna Bell\nC: P04\nDate: 3 May\nPlace: Leeds\n\n",
    "no paragraph": "Ort: Ulm\nDauer: 50 min\n",
    "a key of names": "T: Dr. Moss\nC: Ms. Lane\n\n",
    "French": "Séance : 12\nDurée : 50 min\nLieu : Lyon\n\n",
    "Chinese": "日期：2019年\nT：王老师\n\n",
    "no paragraph, names too": "Client: A 12\nDate: 3 May\nTherapist: Dr. R\n",
    "labels of the talk, no paragraph": "T: Anna Bell\nC: P04\nDate: 3 May\n",
    "names alone, no paragraph": "Client: A 12\nTherapist: Dr. R\n",
    "a name": "Name: Anna\n",
    "a participant's code": "Code: WD-1\nDate: 3 May\n",
    "a title": "SESSION FOUR: THE DREAM\n\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_is_not_speech(header):
    draft = read(header + lines("{who}: {said}\n"))
    assert turns(draft) == TALK
    assert draft.lines[0] == header.count("\n") + 1
    kept = draft.info.get("preamble", []), draft.info.get("key", {})
    assert len(kept[0]) + len(kept[1]) == sum(map(bool, header.split("\n")))
    assert draft.info["warnings"]


def test_a_turn_right_below_a_field_is_speech():
    assert turns(read("Date: 3 May\nT: Hello\n\nC: Hi\n\nT: So.\n"))[0] == ("T", "Hello")
    assert turns(read("Date: 3 May\nT: How was it?\nC: Fine\n\nT: So.\n"))[1] == ("C", "Fine")


def test_an_answer_below_a_field_is_speech_though_it_looks_like_a_name():
    draft = read("Date: 3 May\nT: Anna\nC: Ben\nT: So, who was it?\nC: Him.\n")
    assert turns(draft)[:2] == [("T", "Anna"), ("C", "Ben")]


def test_codes_on_lines_of_their_own_are_comments():
    draft = read(
        "T: Well?\nCode: WD-1\nC: It was so,\nCodes: CF-2; WD-1\nyes.\nCode: CF-2\nT: Oh.\n"
    )
    assert set(draft.speakers) == {"T", "C"}
    assert (
        "3 lines such as 'Code: WD-1' (line 2) became comments on turns"
        in draft.info["warnings"][0]
    )
    talk = finish(draft, session="s01")
    assert talk.turns["text"].tolist() == ["Well?", "It was so, yes.", "Oh."]
    assert talk.marks["text"].tolist() == ["Code: WD-1", "Codes: CF-2; WD-1", "Code: CF-2"]
    assert set(talk.marks["kind"]) == {"comment"}


@pytest.mark.parametrize("label", ["Rating", "Coder", "Memo", "Score", "Code 2"])
def test_what_coders_write_between_turns_is_a_comment(label):
    draft = read(f"T: Well?\n{label}: 4\nC: So.\n{label}: 3\nT: Oh.\n{label}: 1\n")
    assert draft.speakers == ["T", "C", "T"]
    assert [mark[2] for mark in draft.marks] == [f"{label}: {n}" for n in (4, 3, 1)]


@pytest.mark.parametrize(
    ("talk", "label"),
    [
        ("Therapist: Hi.\tClient: Yes.\nTherapist: So?\tClient: No.\n", "Client:"),
        ("T: Hi. C: Yes. T: So? C: No.\n", "C:"),
        ("T：你好。C：嗯。\nT：好。\n", "C："),
    ],
)
def test_a_label_within_a_line_is_told_where_one_speaker_was_found(talk, label):
    assert f"has {label!r} within" in read(talk).info["warnings"][0]


def test_somebody_who_may_speak_once_is_flagged_with_line_and_words():
    talk = "T: Hi.\nand so\nC: Yes,\nI did.\nit is\n"
    draft = read(talk + "Receptionist: Sorry, is this room free?\n" + talk + "Note: late.\n" + talk)
    assert [i for i, flags in enumerate(draft.flags) if "possible-speaker" in flags] == [1]
    assert draft.info["warnings"][0] == (
        "'Receptionist' stands before a colon on line 6 ('Receptionist: Sorry, is this room free?'): "
        "not read as a speaker, so the line counts among the words of 'C'. If 'Receptionist' speaks, "
        "say speakers=['T', 'C', 'Receptionist']"
    )
    assert "'Note' stands before a colon on line 12" in draft.info["warnings"][1]
    named = read(talk + "Receptionist: Sorry?\n" + talk, speakers=["T", "C", "Receptionist"])
    assert named.speakers == ["T", "C", "Receptionist", "T", "C"]


def test_what_introduces_quoted_words_is_no_speaker():
    said = "She said: go.\nI said: no.\nShe said: go!\nI said: no!\nThen he: yes.\nThen he: no.\n"
    draft = read("T: Well?\nC: It was so.\n" + said + "T: Oh.\nC: Yes.\n")
    assert draft.speakers == ["T", "C", "T", "C"]
    assert draft.raws[1] == "It was so.\n" + said.strip()
    assert "'She said' stands before a colon" in draft.info["warnings"][0]


def test_a_heading_is_no_speaker():
    draft = read("T: Hi.\nC: Yes.\nOpening:\nT: So.\nC: No.\nMiddle:\nT: Hm.\nC: \nT: Oh.\n")
    assert set(draft.speakers) == {"T", "C"}
    assert len(draft) == 7


def test_times_within_turns_do_not_hide_the_speakers():
    draft = read(
        "T: Tell me.\nC: Well.\n[00:01:00] I was born.\n[00:02:00] I grew.\n"
        "[00:03:00] And so on.\nT: Good.\nC: Yes.\n"
    )
    assert draft.speakers == ["T", "C", "T", "C"]


def test_times_on_lines_of_their_own_without_speakers():
    draft = read("0:01\nWhen I was small.\n\n0:10\nThen I grew.\n\n0:15\nBye.\n")
    assert turns(draft) == [("", "When I was small."), ("", "Then I grew."), ("", "Bye.")]
    assert draft.starts == [1000, 10_000, 15_000]


def test_a_broken_caption_file_is_no_text_with_times():
    with pytest.raises(ParseError, match="no speaker labels found"):
        read("WEBvtt\nWEBVTT\n\n00:01.000 ---> 00:02.000\nsome words\n")


@pytest.mark.parametrize(
    "footer",
    [
        "[END OF SESSION]",
        "END OF SEGMENT",
        "*** END ***",
        "Ann Bell stopped transcription",
        "### Transcription ended after 00:26:31\n\n*This editable transcript was computer generated.*",
        "- Ende der Aufnahme -",
    ],
)
def test_closing_lines(footer):
    draft = read(lines("{who}: {said}\n") + "\n" + footer + "\n")
    assert turns(draft) == TALK
    assert draft.info["footer"].startswith(footer.split("\n")[0])


def test_rules_and_page_numbers_between_turns():
    draft = read("T: Hi.\nC: Yes and\n\nPage 1 of 3\n\nno.\n\n---\n\nT: So.\nC: Hm\n---\nhm.\n")
    assert draft.raws == ["Hi.", "Yes and\n\n\nno.", "So.", "Hm\n---\nhm."]
    assert draft.info["warnings"] == [
        "1 ruled lines between turns were left out",
        "1 lines with a page's number were left out",
    ]


def test_a_label_without_its_colon_is_told():
    draft = read("T: Hi.\nC: Yes.\nT; And?\nC: No.\nT How so?\nC: I. left T: Oh.\n")
    assert draft.info["warnings"][0].endswith(
        "not read as one: line 3 begins with 'T;'; line 5 begins with 'T'; line 6 has 'T:' within"
    )


def test_an_unknown_speaker_is_one():
    assert read("T: Hi.\n??: Yes.\nT: Who?\n").speakers == ["T", "??", "T"]


def test_a_name_in_capitals_that_comes_once_is_a_speaker_where_all_names_are():
    said = "DR. LEE: So?\nANA: He and I\ndo not talk.\nIt is: over.\nDR. LEE: Over?\nWell\n"
    assert read(said).speakers == ["DR. LEE", "ANA", "DR. LEE"]
    assert read(said.replace("DR. LEE", "T").replace("ANA", "PTSD")).speakers == ["T", "T"]
    cues = said.replace("\n", "\n\n00:01.000 --> 00:02.000\n")
    draft = webvtt.read(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{cues}".encode(), source="s01.vtt")
    assert dict.fromkeys(draft.speakers) == {"DR. LEE": None, "ANA": None}
