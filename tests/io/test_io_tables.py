"""CSV, Excel and JSON with a row per turn; AnnoMI whole."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tomllib
from contextlib import suppress
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import (
    InvalidDataError,
    ParseError,
    RupturecodeError,
    UnknownNameError,
    UsageError,
)
from rupturecode.io import read_corpus, read_transcript
from rupturecode.io.transcripts import csv, json_rows, xlsx
from rupturecode.transcript import Transcript, finish

DATA = Path(__file__).parents[1] / "data"


def read(content: str, **options):
    return csv.read(content.encode(), source="s1.csv", **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_headings_in_other_words(delimiter):
    table = "Sprecher,Zeit,Text\nT,0:01,Wie?\nK,0:04,Gut.".replace(",", delimiter)
    draft = read(table)
    assert (draft.speakers, draft.raws, draft.starts) == (
        ["T", "K"],
        ["Wie?", "Gut."],
        [1000, 4000],
    )


def test_quotes_line_breaks_and_a_mark():
    talk = read_transcript(DATA / "csv" / "good_semicolon.csv")
    assert talk.turns["text"].tolist() == ["Wie war es; erzählen Sie.", 'Er sagte "nein".']
    assert talk.info["encoding"].startswith("utf-8")
    draft = read('speaker,text\nT,"one\ntwo"\nC,x\n')
    assert draft.raws[0] == "one\ntwo"


def test_columns_are_mapped_and_checked():
    content = "who,line,utterance\nT,1,Hello.\nC,2,Hi."
    assert read(content, columns={"text": "utterance", "speaker": "who"}).speakers == ["T", "C"]
    with pytest.raises(
        UnknownNameError, match=r"column of s1\.csv 'uterance'.*Did you mean 'utterance'"
    ):
        read(content, columns={"text": "uterance"})
    with pytest.raises(UnknownNameError, match=r"Unknown key of columns= 'txt'.*'text'"):
        read(content, columns={"txt": "utterance"})
    with pytest.raises(UsageError, match="must say which column is the text"):
        read(content, columns={"speaker": "who"})


def test_columns_that_cannot_be_told_are_asked_for():
    with pytest.raises(UsageError, match=r"no column is headed as the text.*'a', 'b'.*columns="):
        read("a,b\n1,2")
    with pytest.raises(UsageError, match="'utterance' and 'message' could both be the text"):
        read("speaker,utterance,message\nT,a,b")


@pytest.mark.parametrize(
    ("heading", "cell", "options", "ms"),
    [
        ("start", "1:02:03.5", {}, 3_723_500),
        ("start_ms", "62000", {}, 62_000),
        ("start_s", "62.5", {}, 62_500),
        ("onset (s)", "2,5", {"columns": {"text": "text", "start": "onset (s)"}}, 2_500),
        ("start", "62", {"unit": "s"}, 62_000),
        ("start", "n/a", {}, None),
    ],
)
def test_times_with_and_without_a_unit(heading, cell, options, ms):
    assert read(f"{heading};text\n{cell};Hm.\n", **options).starts == [ms]


def test_every_bad_cell_is_listed():
    content = "turn,start,text\n1,soon,a\n1,0:01,b\n3,62,c\n"
    with pytest.raises(InvalidDataError, match=r"s1\.csv: 3 problems") as caught:
        read(content)
    message = str(caught.value)
    assert "s1.csv:2: start time 'soon' is not a time" in message
    assert "s1.csv:3: turn '1' contradicts row 2" in message
    assert (
        "s1.csv:4: start time '62' is not a time such as 00:01:02.5; bare numbers need unit="
        in message
    )


def test_rows_that_repeat_a_turn():
    content = "turn,speaker,text,coder\n1,T,a,AK\n1,T,a,BL\n2,C,b,AK\n2,C,b,BL\n"
    with pytest.raises(
        InvalidDataError, match="repeats row 2; repeats='collapse' reads such rows once"
    ):
        read(content)
    draft = read(content, repeats="collapse")
    assert draft.raws == ["a", "b"]
    assert draft.info["warnings"] == ["2 rows that repeat a turn were read once"]


def test_notes_are_comments_at_the_end_of_the_turn():
    talk = finish(read("speaker,text,notes\nT,Hello.,looks away\nC,Hi.,"), session="s1")
    assert talk.turns["text"].tolist() == ["Hello.", "Hi."]
    assert talk.marks.values.tolist() == [["s1", 1, "comment", "looks away", 6, 6]]


def test_several_sessions_in_one_table():
    corpus = read_corpus(DATA / "csv" / "good_sessions.tsv")
    assert corpus.sessions[["session", "n_turns"]].values.tolist() == [["A", 2], ["B", 1]]
    with pytest.raises(UsageError, match="holds 2 sessions; read it with read_corpus"):
        read_transcript(DATA / "csv" / "good_sessions.tsv")


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    library = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = library.Workbook(out, {"in_memory": True})
    clock = book.add_format({"num_format": "hh:mm:ss"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, dt.time):
                    sheet.write_datetime(i, j, cell, clock)
                else:
                    sheet.write(i, j, cell)
    book.close()
    return out.getvalue()


TURNS = [
    ["Line", "Speaker", "Text", "Start"],
    [1, "T", "Hello.", dt.time(0, 1, 2)],
    [2, "C", "Hi.", "0:01:05"],
]


def test_excel_cells_become_what_was_typed():
    draft = xlsx.read(workbook(("turns", TURNS)), source="s1.xlsx")
    assert draft.raws == ["Hello.", "Hi."]
    assert draft.starts == [62_000, 65_000]
    assert "Excel took them for hours and minutes" in draft.info["warnings"][0]


def test_excel_sheets_are_chosen_or_asked_for():
    other = [["a"], [1]]
    assert len(xlsx.read(workbook(("x", other), ("turns", TURNS)), source="s1.xlsx")) == 2
    two = workbook(("one", TURNS), ("two", TURNS))
    with pytest.raises(UsageError, match=r"several sheets \('one', 'two'\).*'sheet'"):
        xlsx.read(two, source="s1.xlsx")
    assert len(xlsx.read(two, source="s1.xlsx", sheet="two")) == 2
    with pytest.raises(UnknownNameError, match="Unknown sheet"):
        xlsx.read(two, source="s1.xlsx", sheet="three")


@pytest.mark.parametrize(
    ("begins", "stops", "first", "last"),
    [
        ("startTime", "endTime", "00:01", "00:02"),
        ("StartTime", "EndTime", "0:00:01", "0:00:02"),
        ("beginTime", "stopTime", "00:01", "00:02"),
        ("startMs", "endMs", 1000, 2000),
        ("start_sec", "end_sec", 1, 2.0),
        ("startSeconds", "endSeconds", 1.0, 2),
    ],
)
def test_times_of_json_by_the_usual_spellings(begins, stops, first, last):
    row = {"sentence": "Hi.", begins: first, stops: last, "speakerName": "J", "score": 0.5}
    draft = json_rows.read(json.dumps([row]).encode(), source="x")
    assert (draft.speakers, list(draft.starts), list(draft.ends)) == (["J"], [1000], [2000])
    assert draft.info["warnings"][0].startswith("keys that were not read: 'score'")


def test_json_lists_lines_and_lists_inside():
    rows = [{"speaker": "T", "text": "Hello."}, {"speaker": "C", "text": "Hi."}]
    for content in (
        json.dumps(rows),
        "\n".join(map(json.dumps, rows)),
        json.dumps({"meta": 1, "turns": rows}),
    ):
        assert json_rows.read(content.encode(), source="x").speakers == ["T", "C"]
    with pytest.raises(ParseError, match=r"x:2: malformed JSON on this line"):
        json_rows.read(b'{"text": "a"}\n{"text": \n', source="x")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=8).map(
                str.strip
            ),
            st.text(
                st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")),
                min_size=1,
                max_size=40,
            )
            .map(str.strip)
            .map(lambda s: s or "x"),
            st.none() | st.integers(0, 10**7),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([csv, json_rows]),
)
def test_read_undoes_write(rows, module):
    frame = pd.DataFrame(rows, columns=["speaker", "text", "start_ms"])
    before = Transcript.from_turns("s1", frame)
    after = finish(module.read(module.write(before), source="x"), session="s1")
    columns = ["speaker", "text", "raw", "start_ms", "end_ms"]
    assert after.turns[columns].equals(before.turns[columns])
    assert module.write(after) == module.write(before)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([csv, json_rows]), st.binary(max_size=40), st.integers(0, 90))
def test_broken_bytes_raise_only_our_errors(module, noise, at):
    good = {
        csv: b'turn,speaker,start,text\n1,T,0:01,"Hello ""you"""\n2,C,0:02,Hi\n',
        json_rows: b'[{"speaker": "T", "text": "Hello"}, {"speaker": "C", "text": "Hi [laughs]"}]',
    }[module]
    with suppress(RupturecodeError):
        found = module.read(good[:at] + noise + good[at + 2 :], source="x")
        for draft in found if isinstance(found, list) else [found]:
            finish(draft, session="x")


def test_real_tables(shared_data):
    folder = shared_data / "formats" / "csv_xlsx"
    for letter, n in (("A", 32), ("B", 32), ("C", 30)):
        talks = [
            read_transcript(
                folder / f"qux360__examples__data__interview_{letter}.{suffix}", session="s"
            )
            for suffix in ("csv", "xlsx")
        ]
        assert [len(t) for t in talks] == [n, n]
        columns = ["speaker", "text", "start_ms"]
        assert talks[0].turns[columns].equals(talks[1].turns[columns])
        assert talks[0].turns["speaker"].value_counts().tolist() == [n // 2, n // 2]


def test_annomi_whole(shared_data):
    """Wu et al. (2022): 133 conversations, 9,699 utterances, some once per annotator."""
    corpus = read_corpus(
        shared_data / "annomi" / "AnnoMI-full.csv",
        columns={
            "session": "transcript_id",
            "turn": "utterance_id",
            "speaker": "interlocutor",
            "start": "timestamp",
            "text": "utterance_text",
        },
        options={"repeats": "collapse"},
        roles={"therapist": "therapist", "client": "client"},
    )
    assert (len(corpus), len(corpus.turns)) == (133, 9699)
    assert set(corpus.turns["role"]) == {"client", "therapist"}
    report = corpus.report()
    assert (report.files["n_backwards"] > 0).sum() == 8
    assert (corpus.turns["flags"] == "lines-joined").sum() == 1
    collapsed = report.notes["note"].str.extract(r"^(\d+) rows that repeat")[0].dropna().astype(int)
    assert collapsed.sum() == 13551 - 9699
    texts = corpus.turns.set_index(["session", "turn"])["text"]
    for mark in corpus.marks.itertuples():
        assert texts[mark.session, mark.turn][mark.start_char : mark.end_char] == mark.text


@pytest.mark.parametrize(
    ("name", "table", "pairs", "toml"),
    [
        (
            "s1.csv",
            "Rolle;Gesprochen\nT;Wie war die Woche?\nK;Gut, danke.\n",
            "{'speaker': 'Rolle', 'text': 'Gesprochen'}",
            'columns = { speaker = "Rolle", text = "Gesprochen" }',
        ),
        (
            "s1.tsv",
            "nr\tum\tX\tY\n1\t00:01\tWie war die Woche?\tT\n2\t00:04\tGut, danke.\tK\n",
            "{'speaker': 'Y', 'text': 'X', 'turn': 'nr'}",
            'columns = { speaker = "Y", text = "X", turn = "nr" }',
        ),
    ],
)
def test_unknown_headings_are_listed_with_what_to_write(tmp_path, name, table, pairs, toml):
    path = tmp_path / name
    path.write_text(table, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_transcript(path)
    message = str(caught.value)
    first = table.split("\n", 1)[0]
    assert all(repr(heading) in message for heading in re.split(r"[;\t]", first))
    assert f"columns={pairs}" in message
    assert toml in message
    given = tomllib.loads(toml)["columns"]
    talk = read_transcript(path, columns=given)
    assert talk.turns["text"].tolist() == ["Wie war die Woche?", "Gut, danke."]
    assert talk.turns["speaker"].tolist() == ["T", "K"]


def test_german_headings_are_known(tmp_path):
    path = tmp_path / "s1.csv"
    path.write_text("Wer;Äußerung\nT;Wie war die Woche?\nK;Gut.\n", encoding="utf-8")
    assert read_transcript(path).turns["speaker"].tolist() == ["T", "K"]


def test_labelled_text_in_a_file_called_csv_is_text(tmp_path):
    path = tmp_path / "s1.csv"
    path.write_text("T: Well, how was it?\nC: Fine, thank you.\n", encoding="utf-8")
    assert read_transcript(path).format == "text"


def test_sheets_without_known_headings_are_listed_with_their_columns(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "eins"
    book.active.append(["Rolle", "Gesprochen"])
    book.create_sheet("zwei").append(["a", "b"])
    book.save(tmp_path / "s1.xlsx")
    with pytest.raises(UsageError, match=r"'eins': Rolle, Gesprochen; 'zwei': a, b\. Say which"):
        read_transcript(tmp_path / "s1.xlsx")


def test_tables_of_whisper_are_timed_in_milliseconds():
    draft = csv.read(b"start\tend\ttext\n0\t2560\tHow was it?\n2560\t4000\tSo.\n", source="s1.tsv")
    assert (draft.starts, draft.ends, draft.cues) == ([0, 2560], [2560, 4000], True)
    assert any("milliseconds" in str(w) for w in draft.info["warnings"])


@pytest.mark.parametrize("rows", ["0.5\t2.5\tHow?\n2.5\t4.0\tSo.\n", "0\t3\tHow?\n3\t9\tSo.\n"])
def test_other_bare_numbers_still_need_their_unit(rows):
    table = ("start\tend\ttext\n" + rows).encode()
    with pytest.raises(InvalidDataError, match="bare numbers need unit="):
        csv.read(table, source="s1.tsv")
    assert csv.read(table, source="s1.tsv", unit="s").ends[0] in (2500, 3000)


@pytest.mark.parametrize("top", ["transcript\n", "", '"T: So, first."\n'])
def test_a_single_column_of_labelled_turns(tmp_path, top):
    path = tmp_path / "s1.csv"
    path.write_text(top + '"T: How was it, then?"\nC: Fine, really.\n"C: Well, no."\nT: Hm.\n')
    talk = read_transcript(path)
    assert talk.turns["speaker"].tolist()[-4:] == ["T", "C", "C", "T"]
    said = ["How was it, then?", "Fine, really.", "Well, no.", "Hm."]
    assert talk.turns["text"].tolist()[-4:] == said


def test_the_rule_under_the_header_of_a_markdown_table_is_no_turn():
    table = "| Speaker | Text |\n|:--|---|\n| T | How was it? |\n| C | --- |\n"
    draft = csv.read(table.encode(), source="s1.md")
    assert draft.raws == ["How was it?", "---"]
