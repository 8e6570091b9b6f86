"""Tables of turns in Word files as labs lay them out: labels inside cells, parts, notes, titles."""

from __future__ import annotations

import io
import zipfile

import pytest

from rupturecode.errors import UsageError
from rupturecode.io.transcripts import docx
from rupturecode.transcript import Transcript, finish

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TALK = [("T", "So?"), ("C", "Hm."), ("T", "Well."), ("C", "No.")]


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(p, text.splitlines() or ['']))}</w:tc>"


def table(*rows: tuple[str, ...] | str) -> str:
    lines = [row if isinstance(row, str) else "".join(map(tc, row)) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def talk(body: str, **options: object) -> Transcript:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    return finish(docx.read(out.getvalue(), source="s1.docx", **options), session="s1")


def turns(done: Transcript) -> list[tuple[str, str]]:
    return list(zip(done.turns["speaker"], done.turns["text"], strict=True))


def comments(done: Transcript) -> list[tuple[int, str]]:
    marks = done.marks[done.marks["kind"] == "comment"]
    return list(zip(marks["turn"], marks["text"], strict=True))


def warned(done: Transcript, words: str) -> bool:
    return any(words in str(warning) for warning in done.info.get("warnings", []))


def test_labels_inside_the_text_column_name_the_speakers_and_notes_stay_comments():
    rows = [
        ("1", "T: So?", ""),
        ("2", "C: Hm.", "pulls back"),
        ("3", "Well.", "marker 2"),
        ("4", "T: Yes.\nC: No.", "both"),
    ]
    done = talk(p("Session 4") + table(("LINE NO", "TEXT", "NOTES"), *rows))
    assert turns(done) == [("T", "So?"), ("C", "Hm. Well."), ("T", "Yes."), ("C", "No.")]
    assert comments(done) == [(2, "pulls back"), (2, "marker 2"), (4, "both")]
    at = done.marks.set_index("text")["start_char"]
    assert (at["pulls back"], at["marker 2"]) == (3, 9)
    assert warned(done, "taken from the labels inside the text")
    assert "Session 4" in done.info["preamble"]


def test_times_beside_labelled_text_go_to_the_first_turn_of_a_row():
    rows = [("00:05", "T: So?\nC: Hm."), ("00:09", "T: Well.")]
    done = talk(table(("Time", "Text"), *rows))
    starts = done.turns["start_ms"].astype(object).where(done.turns["start_ms"].notna(), None)
    assert list(zip(done.turns["speaker"], starts, strict=True)) == [
        ("T", 5000),
        ("C", None),
        ("T", 9000),
    ]


def test_unread_columns_of_coders_are_named():
    rows = [(f"{who}: {words}", "withdrawal") for who, words in TALK]
    done = talk(table(("Transcript", "Coder AK"), *rows))
    assert turns(done) == TALK
    assert comments(done) == []
    assert warned(done, "columns of the table that were not read: 'Coder AK'")


@pytest.mark.parametrize("second", [[("Speaker", "Text")], []])
def test_a_session_in_two_tables_is_read_whole(second):
    body = table(("Speaker", "Text"), *TALK[:2]) + p("After the break") + table(*second, *TALK[2:])
    done = talk(body)
    assert turns(done) == TALK
    assert done.info["preamble"] == ["After the break"]


def test_the_second_table_may_number_its_turns_anew_and_order_its_columns_otherwise():
    first = table(("Nr", "Speaker", "Text"), *[(str(i), *row) for i, row in enumerate(TALK[:2])])
    again = [(words, who, str(i)) for i, (who, words) in enumerate(TALK[2:])]
    assert turns(talk(first + table(("Text", "Speaker", "Nr"), *again))) == TALK


def test_a_table_of_other_things_does_not_go_on_with_the_talk():
    ratings = table(("Alliance", "4"), ("Depth", "5"))
    done = talk(table(("Speaker", "Text"), *TALK) + ratings)
    assert turns(done) == TALK
    assert done.info["preamble"] == ["Alliance\t4", "Depth\t5"]


@pytest.mark.parametrize(
    "row", [lambda who, words: (who, words), lambda who, words: ("7", f"{who}: {words}")]
)
def test_without_headings_cells_beside_the_words_are_comments(row):
    rows = [(*row(*turn), "pulls back" if i == 1 else "") for i, turn in enumerate(TALK)]
    done = talk(table(*rows))
    assert turns(done) == TALK
    assert comments(done) == [(2, "pulls back")]
    assert warned(done, "1 cells beside the words became comments")


def test_a_row_of_one_cell_is_a_title_and_no_turn():
    title = tc("Second half", '<w:gridSpan w:val="3"/>')
    rows = [("1", *TALK[0]), ("2", *TALK[1]), title, ("3", *TALK[2]), ("4", *TALK[3])]
    done = talk(table(title, ("Line", "Speaker", "Text"), *rows))
    assert turns(done) == TALK
    assert done.info["preamble"] == ["Second half", "Second half"]


def test_a_speaker_merged_over_rows_speaks_in_each():
    merged = tc("T", '<w:vMerge w:val="restart"/>') + tc("So?")
    further = tc("", "<w:vMerge/>") + tc("And?")
    done = talk(table(("Speaker", "Text"), merged, further, *TALK[1:]))
    assert turns(done) == [("T", "So?"), ("T", "And?"), *TALK[1:]]


def test_a_row_that_leaves_its_first_column_free_keeps_its_place():
    free = f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc("C")}{tc("Hm.")}'
    done = talk(table(("Line", "Speaker", "Text"), ("1", *TALK[0]), free, ("3", *TALK[2])))
    assert turns(done) == TALK[:3]


def test_labelled_paragraphs_outside_the_table_are_pointed_out():
    key = p("T: Therapist") + p("C: Client")
    done = talk(key + table(("Speaker", "Text"), *TALK) + p("T: See you.") + p("Late: 5 min"))
    assert warned(done, "1 of them begin with the name of a speaker, such as 'T: See you.'")
    assert not warned(talk(key + table(("Speaker", "Text"), *TALK)), "begin with the name")


def test_columns_named_by_the_user_may_hold_labels_too():
    rows = [(f"{who}: {words}", "x") for who, words in TALK]
    with pytest.raises(UsageError, match="Dialog"):
        talk(table(("Dialog", "Kode"), *rows))
    done = talk(table(("Dialog", "Kode"), *rows), columns={"text": "Dialog"})
    assert turns(done) == TALK


def test_a_column_for_each_speaker():
    rows = [("1", "So?", "", ""), ("2", "", "Hm.", "pulls back"), ("3", "Well.", "", "")]
    facts = table(("Client", "Therapist"), ("A 12", "Dr. R"))
    done = talk(facts + table(("Line", "Therapist", "Client", "Notes"), *rows))
    assert turns(done) == [("Therapist", "So?"), ("Client", "Hm."), ("Therapist", "Well.")]
    assert comments(done) == [(2, "pulls back")]
