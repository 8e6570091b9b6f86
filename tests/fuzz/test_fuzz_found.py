"""What the hunts have found, kept so that it stays found, and inputs made to take forever."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from mutations import members, pack
from small_seeds import SMALL

from rupturecode.errors import ParseError, RupturecodeError
from rupturecode.io import read_transcript
from rupturecode.io.detect import known_formats
from rupturecode.io.parsers.clock import LONGEST_MS
from rupturecode.io.parsers.sheet_extent import refuse_absurd_sheets
from rupturecode.io.transcripts import convokit, srt, textgrid, xlsx
from rupturecode.transcript import Transcript

HUGE = 10**30
MANY = 30_000


def test_srt_that_ends_with_a_timing():
    said = "1\n00:00:00,000 --> 00:00:01,000\nHello.\n\n2\n00:00:01,000 --> 00:00:02,000"
    assert srt.read(said.encode(), source="x").raws[0] == "Hello."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.json", json.dumps([{"speaker": "T", "text": "Hi.", "start_ms": HUGE}] * 2)),
        ("s.csv", f"speaker,text,start_ms\nT,Hi.,{HUGE}\nC,Hm.,5\n"),
        ("s.vtt", f"WEBVTT\n\n{HUGE}:00:00.000 --> {HUGE}:00:01.000\nHi.\n"),
        ("s.srt", f"1\n{HUGE}:00:00,000 --> {HUGE}:00:01,000\nHi.\n"),
        ("s.cha", f"@Begin\n@Participants:\tC Client\n*C:\thi . \x15{HUGE}_{HUGE}\x15\n@End\n"),
        ("s.txt", f"[{HUGE}:00:00] T: Hi.\n[00:00:01] C: Hm.\n"),
    ],
)
def test_absurd_times_are_refused_or_left_out(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    try:
        talk = read_transcript(path)
    except RupturecodeError:
        return
    assert talk.turns["start_ms"].fillna(0).between(0, LONGEST_MS).all()


def test_absurd_times_in_a_convokit_corpus_are_missing():
    meta = {"start_ms": HUGE, "end_ms": -1}
    line = {"id": "a", "conversation_id": "a", "text": "Hi.", "speaker": "T", "meta": meta}
    [draft] = convokit.read(json.dumps(line).encode(), source="x")
    assert (draft.starts, draft.ends) == ([None], [None])


def otr(text):
    return json.dumps({"text": text, "media": ""}).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rtf", b"{\\rtf1 " + b"{}" * MANY + b"T: x}"),
        ("rtf", b"{\\rtf1 T: " + b"{\\footnote x}" * 5000 + b"}"),
        ("rtf", b"{\\rtf1 T: " + b"{\\footnote x}" * 25_000 + b"}"),
        ("rtf", b"{\\rtf1 T: " + b"a" * 1_000_000 + b"}"),
        ("rtf", b"{\\rtf1 T: " + b"\\" * MANY),
        ("chat", b"@Begin\n*C:\t" + b"a" * 1_000_000),
        ("chat", b"@Begin\n*C:\t" + b"\x15" * MANY),
        ("chat", b"@Begin\n*C:\ta" + b"\n\ta" * MANY),
        ("textgrid", b'"ooTextFile" "TextGrid" ' + b'"' * MANY),
        ("textgrid", b'"ooTextFile" "TextGrid" ' + b"1" * MANY),
        ("eaf", b"<ANNOTATION_DOCUMENT>" + b"<a/>" * MANY + b"</ANNOTATION_DOCUMENT>"),
        ("pdf", b"%PDF-1.4\n" + b"<<" * MANY),
        ("pdf", b"%PDF-1.4\n" + b"<< /Fl >>stream\n" * 5000),
        ("pdf", b"%PDF-1.4\n1 0 obj\n1 0 R\nendobj\ntrailer\n<< /Root 1 0 R >>\n"),
        ("otr", otr("<!--" * MANY)),
        ("otr", otr("<" * MANY)),
        ("otr", otr("<a b=" * MANY)),
        ("whisper", b"[" * MANY),
        ("whisper", b'{"text":"' + b"\\\\" * MANY),
        ("convokit", b"{}\n" * MANY),
    ],
    ids=lambda v: v if isinstance(v, str) else v[9:24].decode("ascii", "replace"),
)
def test_what_is_made_to_take_forever_does_not(name, data):
    module = known_formats("transcript")[name].load()
    started = time.process_time()
    module.sniff(data[: 1 << 16], "x")
    with contextlib.suppress(RupturecodeError):
        module.read(data, source="x")
    assert time.process_time() - started < 8


@pytest.mark.parametrize("place", ["speaker", "text"])
def test_halves_of_characters_in_json_become_a_replacement_character(tmp_path, place):
    rows = [{"speaker": "T", "text": "Hi."}, {"speaker": "C", "text": "Hm."}]
    rows[1][place] = "\ud800"
    path = tmp_path / "s.json"
    path.write_text(json.dumps(rows))
    assert read_transcript(path).turns[place].tolist()[1] == "\ufffd"


def test_halves_of_characters_given_by_hand_do_too():
    talk = Transcript.from_turns("s1", [("T", "\ud83d\ude00 \ud800")])
    assert talk.turns["text"].tolist() == ["\U0001f600 \ufffd"]


@pytest.mark.parametrize("time", ["1e999", "1.1e95", "-1e300"])
def test_absurd_times_in_a_textgrid_are_refused_with_the_line(time):
    text = f'"ooTextFile" "TextGrid" 0 9 <exists> 1\n"IntervalTier" "T" 0 9 1\n0 {time} "Hm."'
    with pytest.raises(ParseError, match="no time in a recording") as caught:
        textgrid.read(text.encode(), source="s.TextGrid")
    assert caught.value.line == 3


def test_a_number_of_thousands_of_digits_in_json_lines(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text('{"speaker": "T", "text": "Hi."}\n{"text": ' + "9" * 5000 + "}\n")
    with pytest.raises(ParseError, match="malformed JSON"):
        read_transcript(path, format="json")


def workbook(place, value="<v>1</v>"):
    """A workbook with a table and one more cell, wherever it says it lies."""
    parts = dict(members(SMALL["xlsx"][0]))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    cell = f'<row r="9"><c r="{place}">{value}</c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", cell).encode()
    return pack(list(parts.items()))


@pytest.mark.parametrize("place", ["XFD1048576", "C1048576", "trueC1", "A99999999999999"])
def test_a_stray_cell_far_away_is_refused_before_room_is_made_for_it(place):
    with pytest.raises(ParseError, match=r"reaches to row .*delete the stray cells"):
        xlsx.read(workbook(place), source="s.xlsx")


@pytest.mark.parametrize("count", ["count", "uniqueCount"])
def test_a_workbook_that_says_it_holds_thousands_of_millions_of_words_is_refused(count):
    parts = dict(members(SMALL["xlsx"][0]))
    strings = parts["xl/sharedStrings.xml"].replace(b"<sst", f'<sst {count}="9999999999"'.encode())
    parts["xl/sharedStrings.xml"] = strings
    with pytest.raises(ParseError, match=r"xl/sharedStrings\.xml says that it holds more"):
        xlsx.read(pack(list(parts.items())), source="s.xlsx")


def test_an_archive_with_something_before_it_is_no_way_round():
    with pytest.raises(ParseError, match="something stands before the workbook"):
        xlsx.read(b"x" + workbook("C1048576"), source="s.xlsx")


def test_a_cell_beside_the_table_is_not_far_away():
    assert len(xlsx.read(workbook("AD200", ""), source="s.xlsx")) == 3


def opendocument(rows, columns, said="1"):
    space = "urn:oasis:names:tc:opendocument:xmlns"
    return pack(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            (
                "content.xml",
                f'<o:document-content xmlns:o="{space}:office:1.0" xmlns:t="{space}:table:1.0">'
                f'<t:table t:name="a"><t:table-row t:number-rows-repeated="{rows}"><t:table-cell '
                f't:number-columns-repeated="{columns}">{said}</t:table-cell></t:table-row></t:table>'
                "</o:document-content>".encode(),
            ),
        ]
    )


def test_opendocument_cells_that_stand_for_many_are_refused_unless_empty():
    with pytest.raises(ParseError, match="reaches to row 1,048,576 and column 16,384"):
        refuse_absurd_sheets(opendocument(1048576, 16384), source="s.ods")
    refuse_absurd_sheets(opendocument(1048576, 16384, ""), source="s.ods")
    refuse_absurd_sheets(opendocument(200, 30), source="s.ods")
