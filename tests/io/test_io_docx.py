"""Word documents: paragraphs, tables, comments, tracked changes, and hostile packages."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from rupturecode.errors import ParseError, RupturecodeError, UsageError
from rupturecode.io import read_transcript
from rupturecode.io.parsers import docx as parser
from rupturecode.io.transcripts import docx
from rupturecode.transcript import Transcript, finish

DATA = Path(__file__).parents[1] / "data" / "docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def package(body: str, **parts: str) -> bytes:
    """A Word document with that body; other parts by name without suffix."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", wrapped("document", f"<w:body>{body}</w:body>"))
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", wrapped(name, inner))
    return out.getvalue()


def wrapped(root: str, inner: str) -> str:
    more = 'xmlns:mc="urn:mc" xmlns:wps="urn:wps"'
    return f'<w:{root} xmlns:w="{W}" {more}>{inner}</w:{root}>'


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, style: str = "") -> str:
    style = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    def cell(text: str) -> str:
        return f"<w:tc>{''.join(p(r(line)) for line in text.splitlines() or [''])}</w:tc>"

    lines = ["<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows]
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def talk(body: str, **parts: str) -> Transcript:
    return finish(docx.read(package(body, **parts), source="s1.docx"), session="s1")


def lines(body: str, **parts: str) -> list[str]:
    return [b.text for b in parser.parse(package(body, **parts), source="s1.docx").blocks]


TALK = p(r("T: How was it?")) + p(r("C: Fine."))


def test_runs_breaks_tabs_and_hyphens():
    body = p(
        r("T: a"),
        "<w:r><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>",
        "<w:r><w:softHyphen/><w:cr/><w:t>e</w:t></w:r>",
    )
    assert lines(body) == ["T: a\nb\tc-d\u00ad\ne"]


@pytest.mark.parametrize("wrapper", ["hyperlink", "smartTag", "fldSimple", "ins", "moveTo", "sdt"])
def test_text_inside_wrappers_is_read(wrapper):
    inner = r("inside")
    if wrapper == "sdt":
        inner = f"<w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent>"
    assert lines(p(r("T: "), f"<w:{wrapper}>{inner}</w:{wrapper}>")) == ["T: inside"]


def test_tracked_changes_are_accepted_and_flagged():
    done = read_transcript(DATA / "good_labels.docx")
    assert done.turns["text"][0] == "How was the week?"
    assert done.turns["flags"][0] == "tracked-change"
    assert done.turns["flags"][1] == ""
    assert any("insertions were read as text" in w for w in done.info["warnings"])
    body = p(
        "<w:moveFrom>", r("gone"), "</w:moveFrom>", "<w:del>", r("gone"), "</w:del>", r("T: a")
    )
    assert lines(body) == ["T: a"]


def test_deleted_rows_are_left_out():
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('gone'))}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row}<w:tr><w:tc>{p(r('here'))}</w:tc></w:tr></w:tbl>") == ["here"]


def test_comments_and_footnotes_are_marks_at_their_place():
    done = read_transcript(DATA / "good_labels.docx")
    text = done.turns["text"][1]
    assert text == "Fine. I suppose."
    marks = done.marks[["turn", "kind", "text", "start_char", "end_char"]].values.tolist()
    assert marks == [
        [2, "comment", "Withdrawal", 5, 5],
        [2, "comment", "Looks away here", 6, 6],
    ]
    body = p(r("T: So"), '<w:r><w:footnoteReference w:id="2"/></w:r>', r(" it goes.")) + p(
        r("C: a")
    )
    notes = f'<w:footnote w:id="2">{p(r("voice drops"))}</w:footnote>'
    marks = talk(body, footnotes=notes).marks
    assert marks[["text", "start_char"]].values.tolist() == [["voice drops", 2]]


def test_italics_inside_brackets_are_a_comment_others_are_not():
    body = p(
        r("T: Yes ["), r("Con", "<w:i/>"), r("frontation", "<w:i/>"), r("] "), r("no", "<w:i/>")
    )
    done = talk(body + p(r("C: [laughs]")))
    assert done.turns["text"].tolist() == ["Yes no", "[laughs]"]
    assert done.marks["text"].tolist() == ["Confrontation", "[laughs]"]
    off = p(r("T: Yes ["), r("laughs", '<w:i w:val="0"/>'), r("]"))
    assert talk(off + p(r("C: a"))).marks["kind"].tolist() == ["nonverbal"]


def test_bold_names_without_a_colon():
    done = read_transcript(DATA / "good_bold.docx")
    assert done.turns[["speaker", "text"]].values.tolist()[:2] == [
        ["Dana", "How was the week?"],
        ["Noor", "Fine."],
    ]


@pytest.mark.parametrize(
    "header",
    [
        ["LINE NO", "SPEAKER", "TEXT", "NOTES"],
        ["Notes", "Text", "Speaker", "Line No"],
        ["TEXT", "Speaker"],
    ],
)
def test_tables_with_columns_in_any_order(header):
    values = {
        "line no": "1",
        "speaker": "C",
        "text": "Fine [sighs].\nReally.",
        "notes": "pulls back",
    }
    second = {**values, "line no": "2", "speaker": "T", "text": "So?", "notes": ""}
    rows = [[v[h.lower()] for h in header] for v in (values, second)]
    done = talk(p(r("Session 4")) + table(header, *rows))
    assert done.turns["speaker"].tolist() == ["C", "T"]
    assert done.turns["text"].tolist() == ["Fine [sighs]. Really.", "So?"]
    notes = done.marks.loc[done.marks["kind"] == "comment", "text"].tolist()
    assert notes == (["pulls back"] if len(header) > 2 else [])
    assert any("outside the table" in w for w in done.info["warnings"])


def test_a_table_with_unknown_headings_names_its_columns():
    rows = [["Nr", "Gesprochen"], ["1", "Wie war die Woche?"], ["2", "Gut."]]
    with pytest.raises(UsageError, match=r"s1\.docx.*Gesprochen"):
        talk(table(*rows))
    with pytest.raises(ParseError, match="no speaker labels found"):
        talk(p(r("Once upon a time.")) + table(*rows))


@pytest.mark.parametrize("header", [["Rolle", "Gesagtes"], ["Role", "Utterance"]])
def test_a_column_of_roles_names_the_speakers(header):
    turns = talk(table(header, ["T", "So?"], ["C", "Hm."], ["T", "Well."])).turns
    assert turns["speaker"].tolist() == ["T", "C", "T"]


def test_unknown_headings_are_not_read_as_speech():
    rows = [["T", "So?"], ["C", "Hm."], ["T", "Well."], ["C", "No."]]
    with pytest.raises(UsageError, match=r"'speaker': 'Parte', 'text': 'Lo dicho'.*speakers=\["):
        talk(p(r("Session 3")) + table(["Parte", "Lo dicho"], *rows))
    assert talk(table(*rows)).turns["text"].tolist() == ["So?", "Hm.", "Well.", "No."]
    with pytest.raises(UsageError, match="If the first row is speech"):
        talk(table(["Ana", "Yes"], *rows))
    content = package(table(["Ana", "Yes"], *rows))
    assert docx.read(content, source="x.docx", speakers=["Ana", "T", "C"]).raws[0] == "Yes"


def test_spanned_cells_keep_the_columns_in_line():
    merged = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p(r("x"))}</w:tc>'
    body = f"<w:tbl><w:tr>{merged}<w:tc>{p(r('y'))}</w:tc></w:tr></w:tbl>"
    assert parser.parse(package(body), source="x").blocks[0].cells == ("x", "", "y")


def test_text_boxes_hidden_text_and_symbols_are_noted():
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{p(r('in a box'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{p(r('in a box'))}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    hidden = r("secret", "<w:vanish/>")
    found = parser.parse(package(p(r("T: a"), box, hidden)), source="x")
    assert [b.text for b in found.blocks] == ["T: a", "in a box"]
    assert {
        "hidden text was left out",
        "text boxes were read after the paragraph they hang on",
    } <= set(found.notes)


def test_times_and_names_as_teams_writes_them():
    body = p(r("Ana Ruiz   0:01")) + p(r("Hello.")) + p() + p(r("Ben   0:07")) + p(r("Hi."))
    done = talk(body)
    assert done.turns[["speaker", "text", "start_ms"]].values.tolist() == [
        ["Ana Ruiz", "Hello.", 1000],
        ["Ben", "Hi.", 7000],
    ]


BAD = {
    "doctype": (wrapped("document", "").replace("<w:d", "<!DOCTYPE a []><w:d", 1), "document type"),
    "cut": (wrapped("document", "<w:body>")[:-9], "malformed XML"),
    "no body": (wrapped("document", ""), "there is no text in this Word document"),
    "deep": (
        wrapped("document", "<w:body>" + "<w:p>" * 5000 + "</w:p>" * 5000 + "</w:body>"),
        "deep",
    ),
}


@pytest.mark.parametrize(("document", "message"), BAD.values(), ids=BAD)
def test_hostile_documents(document, message):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
    with pytest.raises(ParseError, match=rf"^s1\.docx.*{message}"):
        docx.read(out.getvalue(), source="s1.docx")


def test_an_archive_of_something_else():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "T: hi")
    with pytest.raises(ParseError, match=r"holds no word/document\.xml"):
        docx.read(out.getvalue(), source="s1.docx")


def test_python_docx_reads_the_same_paragraphs():
    """An independent reader, on what it does read: plain paragraphs."""
    library = pytest.importorskip("docx")
    document = library.Document()
    document.styles["Normal"].font.name = "Arial"
    for i in range(40):
        paragraph = document.add_paragraph()
        paragraph.add_run("T:" if i % 2 else "C:").bold = True
        paragraph.add_run(f" turn {i} <&> “é” ").italic = bool(i % 3)
        paragraph.add_run("on.")
    out = io.BytesIO()
    document.save(out)
    expected = [q.text for q in library.Document(io.BytesIO(out.getvalue())).paragraphs]
    found = [b.text for b in parser.parse(out.getvalue(), source="x").blocks]
    assert found == expected


def test_real_documents(shared_data):
    folder = shared_data / "formats"
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entries = [e for e in entries if e["format"] == "docx"]
    assert len(entries) == 9
    for entry in entries:
        expect = entry["expect"]
        path = folder / entry["file"]
        if "turns" in expect:
            done = read_transcript(path)
            assert len(done) == expect["turns"]
            assert done.turns["speaker"].value_counts().to_dict() == expect["speakers"]
            assert done.turns["text"].iloc[0] == expect["first"]["statement"]
            last = done.turns["text"].iloc[-1].replace(" .", ".")  # its stop is a paragraph
            assert last == expect["last"]["statement"]
        blocks = parser.parse(path.read_bytes(), source="x").blocks
        assert sum(b.table is None for b in blocks) == expect["paragraphs_python_docx"], path.name
        tables = len({b.table for b in blocks} - {None})
        assert tables == expect["tables"], path.name
        if "accepted_first" in expect:
            assert any(expect["accepted_first"] in b.text for b in blocks)


def test_mutated_packages_raise_only_our_errors():
    good = bytearray((DATA / "good_labels.docx").read_bytes())
    for at in range(0, len(good), 7):
        broken = bytearray(good)
        broken[at] ^= 0x5A
        try:
            docx.read(bytes(broken), source="x")
        except RupturecodeError:
            continue
