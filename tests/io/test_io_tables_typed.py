"""CSV, Excel and JSON as people and programs really save them: titles, merged cells, errors, `sep=`."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from openpyxl.comments import Comment

from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.io.detect import detect
from rupturecode.io.transcripts import csv, json_rows, xlsx

TALK = [("T", "So?"), ("C", "Hm, no.")]


def read(content: str, **options):
    assert detect(content.encode(), "s1.csv").name == "csv"
    return csv.read(content.encode(), source="s1.csv", **options)


def turns(draft) -> list[tuple[str, str]]:
    return list(zip(draft.speakers, draft.raws, strict=True))


def book(*rows: tuple, merged: tuple[str, ...] = (), notes: dict[str, str] | None = None) -> bytes:
    out, made = io.BytesIO(), openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    for cell, words in (notes or {}).items():
        sheet[cell].comment = Comment(words, "AK")
    made.save(out)
    return out.getvalue()


def sheet(*rows: tuple, **more):
    return xlsx.read(book(*rows, **more), source="s1.xlsx")


@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_names_the_separator_is_no_heading(said):
    draft = read(f"{said}\nSpeaker;Text\nT;So?\nC;Hm, no.\n")
    assert turns(draft) == TALK
    assert list(draft.lines) == [3, 4]


def test_titles_and_blank_lines_may_stand_above_the_headings():
    draft = read('\nSession 4,\nRecorded in May,\n\nSpeaker,Text\nT,So?\nC,"Hm, no."\n')
    assert turns(draft) == TALK
    assert draft.info["preamble"] == ["Session 4", "Recorded in May"]
    assert turns(read('\n\nSpeaker,Text\n\nT,So?\n\nC,"Hm, no."\n')) == TALK
    draft = sheet(("Session 4",), ("Speaker", "Text"), *TALK, merged=("A1:B1",))
    assert turns(draft) == TALK
    assert list(draft.lines) == [3, 4]
    assert draft.info["preamble"] == ["Session 4"]


def test_words_in_more_cells_than_there_are_headings_are_not_lost():
    with pytest.raises(
        InvalidDataError, match=r"s1\.csv:3: has 3 cells where there are 2 headings"
    ):
        read("speaker,text\nT,So?\nC,Hm, no.\n")
    assert turns(read('speaker,text\nT,So?,,\nC,"Hm, no.",\n')) == TALK


def test_two_columns_with_the_same_heading_are_asked_about():
    with pytest.raises(UsageError, match="columns 'text' and 'text' could both be the text"):
        read("speaker,text,text\nT,So?,Well?\n")


def test_quotation_marks_in_tables_by_tabs_are_mere_marks_where_they_cannot_quote():
    assert turns(read('speaker\ttext\nT\t"So" she said\nC\t"Hm\n')) == [
        ("T", '"So" she said'),
        ("C", '"Hm'),
    ]


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [("0:01 - 0:04", 1000, 4000), ("00:00:01,5 --> 00:00:02,5", 1500, 2500), ("1.5s", 1500, None)],
)
def test_a_cell_may_hold_start_and_end_or_seconds_that_say_so(cell, start, end):
    draft = read(f"time;speaker;text\n{cell};T;So?\n")
    assert (draft.starts[0], draft.ends[0]) == (start, end)


def test_times_that_count_frames_are_read_to_the_second():
    draft = read("Timecode,Speaker,Text\n00:01:02:12,T,So?\n00:01:04;01,C,Hm.\n")
    assert list(draft.starts) == [62_000, 64_000]
    assert "2 times count frames; they were read to the second" in draft.info["warnings"]


def test_labels_inside_the_text_name_the_speakers():
    draft = read("Line,Text,Notes\n1,T: So?,\n2,C: Hm.,pulls back\n3,no.,again\n")
    assert turns(draft) == [("T", "So?"), ("C", "Hm.\nno.")]
    assert [(m[0], m[2], m[3]) for m in draft.marks] == [(1, "pulls back", 3), (1, "again", 7)]
    assert turns(sheet(("T: So?",), ("C: Hm, no.",))) == TALK


def test_a_table_without_headings_is_told_so():
    with pytest.raises(UsageError, match="the first row looks like a turn"):
        read("T,So?\nC,Hm.\nT,Well.\n")


def test_rows_with_nothing_in_the_columns_that_are_read_are_left_out_and_counted():
    draft = read('speaker,text,code\nT,So?,\nC,"Hm, no.",\n,,total\n')
    assert turns(draft) == TALK
    assert any("1 rows with nothing" in w for w in draft.info["warnings"])


def test_excel_comments_are_comments_on_the_turn():
    draft = sheet(("Speaker", "Text"), *TALK, notes={"B3": "pulls back", "A1": "the names"})
    assert [m[:3] for m in draft.marks] == [(1, "comment", "pulls back")]
    assert any("1 comments on cells that are no turn" in w for w in draft.info["warnings"])


def test_merged_cells_of_excel():
    rows = [("Speaker", "Text"), ("T", "So?"), (None, "And?"), ("Second half",), ("C", "Hm.")]
    draft = sheet(*rows, merged=("A2:A3", "A4:B4"))
    assert turns(draft) == [("T", "So?"), ("T", "And?"), ("C", "Hm.")]
    assert draft.info["preamble"] == ["Second half"]


@pytest.mark.parametrize("cell", ["=no", "#NAME?"])
def test_excel_cells_that_hold_no_words_are_named(cell):
    with pytest.raises(InvalidDataError, match=r"s1\.xlsx:3: cell B3 holds .* apostrophe"):
        sheet(("Speaker", "Text"), ("T", "So?"), ("C", cell))


def test_hidden_sheets_do_not_compete_and_hidden_rows_are_counted():
    made, out = openpyxl.Workbook(), io.BytesIO()
    for name, state in (("talk", "visible"), ("old", "hidden")):
        page = made.create_sheet(name)
        page.sheet_state = state
        for row in (("Speaker", "Text"), *TALK):
            page.append(row)
    del made["Sheet"]
    made["talk"].row_dimensions[3].hidden = True
    made.save(out)
    draft = xlsx.read(out.getvalue(), source="s1.xlsx")
    assert (turns(draft), draft.info["sheet"]) == (TALK, "talk")
    assert "1 hidden rows of the sheet were read like the others" in draft.info["warnings"]
    assert len(xlsx.read(out.getvalue(), source="s1.xlsx", sheet="old")) == 2


def test_a_column_for_each_speaker():
    draft = read('line,therapist,client\n1,So?,\n2,,"Hm, no."\n')
    assert turns(draft) == [("therapist", "So?"), ("client", "Hm, no.")]
    draft = sheet(("Therapist", "Client", "Notes"), ("So?", None, None), (None, "Hm.", "low"))
    assert turns(draft) == [("Therapist", "So?"), ("Client", "Hm.")]
    assert [m[:3] for m in draft.marks] == [(1, "comment", "low")]
    with pytest.raises(InvalidDataError, match="cell B3 holds the error #NAME"):
        sheet(("T", "C"), ("So?", None), (None, "#NAME?"), ("Well.", None), (None, "No."))
    with pytest.raises(UsageError, match="no column is headed as the text"):
        read("therapist,client\nSo?,Hm.\nWell.,No.\n")


def rows_of(content: object, **options):
    return json_rows.read(json.dumps(content).encode(), source="s1.json", **options)


ROWS = [{"speaker": who, "text": words} for who, words in TALK]


@pytest.mark.parametrize(
    "content",
    [
        {"speakers": [{"id": "T", "name": "Dr. R"}], "turns": ROWS},
        {"data": {"session": 4, "transcript": ROWS}},
        [{"speaker": {"id": 7, "name": who}, "text": words} for who, words in TALK],
        [{"speaker": {"id": who}, "text": words} for who, words in TALK],
    ],
)
def test_json_turns_inside_other_things_and_speakers_that_are_objects(content):
    assert turns(rows_of(content)) == TALK


@pytest.mark.parametrize(
    "content",
    [{"speaker": ["T", "C"], "text": ["So?", "Hm."]}, [{"speaker": "T", "text": {"a": 1}}]],
)
def test_json_values_that_hold_several_are_not_read_as_speech(content):
    with pytest.raises(InvalidDataError, match=r"s1\.json:1: 'text' is an? (list|object)"):
        rows_of(content)


def test_several_lists_of_turns_are_named():
    with pytest.raises(UsageError, match=r"several lists of objects \('part1', 'part2'\)"):
        rows_of({"part1": ROWS, "part2": ROWS})
