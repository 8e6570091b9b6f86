"""RTF, OpenDocument and PDF: what is speech, what is left out, and where comments go."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rupturecode.errors import ParseError
from rupturecode.io.parsers import odt as odt_parser
from rupturecode.io.parsers import pdf as pdf_parser
from rupturecode.io.parsers.rtf import parse
from rupturecode.io.parsers.xmlsafe import parse_xml
from rupturecode.io.transcripts import odt, pdf, rtf

DATA = Path(__file__).parents[1] / "data"


def sample(path):
    return (DATA / path).read_bytes()


def paragraphs(body):
    return [b.text for b in parse(b"{\\rtf1\\ansi " + body + b"}", source="x.rtf").blocks]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"Sch\'f6n", "Schön"),
        (rb"it\u8217?s", "it’s"),
        (rb"it\u8217\'92s", "it’s"),
        (rb"\uc0 it\u8217s", "it’s"),
        (rb"\uc2 a\u233\'82\'a0b", "aéb"),
        (rb"{\uc2 a\u233{\'82}}b", "aé‚b"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"half \u-10179? alone", "half \ufffd alone"),
        (rb"a\~b\_c\-d", "a\u00a0b\u2011c\u00add"),
        (rb"\{ \} \\", "{ } \\"),
        (rb"one\line two", "one\ntwo"),
        (b"one\\\nT: two", "one"),
        (rb"dash\emdash done \lquote q\rquote", "dash—done ‘q’"),
        (rb"a{\pict\bin5 }{\\}b}c", "ac"),
        (rb"a{\pict 89504e47}b{\*\unknown words}c", "abc"),
        (rb"see {\field{\*\fldinst HYPERLINK x}{\fldrslt here}}.", "see here."),
        (rb"{\fonttbl{\f3\fcharset128 M;}}\f3\'82\'a0\'83A", "あア"),
        (rb"{\fonttbl{\f3\fcharset177 M;}}\f3\'f9\'ec\plain\'f9", "שלù"),
        (rb"\mac Sch\'9an", "Schön"),
        (rb"{\upr{ansi}{\*\ud{unicode}}}", "ansiunicode"),
        (rb"shown{\v hidden}{\deleted struck}", "shown"),
    ],
)
def test_rtf_text(body, text):
    assert paragraphs(body)[0] == text


def test_rtf_tables_paragraphs_and_comments_keep_their_order():
    draft = rtf.read(sample("rtf/good_labels.rtf"), source="x.rtf")
    assert draft.speakers == ["T", "C", "T", "C"]
    assert draft.raws[1] == "Schön … well 😀, нет.\nI mean it."
    assert draft.raws[2] == "Hm—go on."
    [mark] = draft.marks
    assert mark[:3] == (1, "comment", "withdraws?")
    assert draft.raws[1][: mark[3]].endswith("нет.")
    assert draft.info["warnings"] == [
        "left out: page headers and footers",
        "left out: hidden text",
        "tracked changes: insertions were read as text, deletions left out",
    ]


def test_rtf_table_of_turns():
    draft = rtf.read(sample("rtf/good_table.rtf"), source="x.rtf")
    assert list(zip(draft.speakers, draft.raws, strict=True)) == [
        ("T", "How was the week?"),
        ("C", "Fine.\nAnd yours?"),
    ]
    assert draft.info["preamble"] == ["End of the page."]


def test_rtf_comment_after_the_last_cell_of_a_row_found_by_fuzzing():
    body = rb"T: hm\par\trowd\intbl C: a\cell b\cell{\footnote late}\row\pard"
    draft = rtf.read(b"{\\rtf1 " + body + b"}", source="x.rtf")
    assert [m[2] for m in draft.marks] == ["late"]


def test_rtf_time_codes_of_transana_give_the_start():
    draft = rtf.read(sample("rtf/good_transana.rtf"), source="x.rtf")
    assert list(zip(draft.speakers, draft.raws, draft.starts, strict=True)) == [
        ("T", "How was the week?", 0),
        ("C", "Fine, so far.", 4250),
        ("T", "Hm.", 9000),
        ("C", "Yes.", None),
    ]
    assert draft.marks == [(1, "comment", "quiet", 4, 4)]
    assert draft.info["warnings"] == ["1 time codes inside paragraphs were taken out of the words"]


def test_rtf_cut_off_says_so_with_the_line():
    with pytest.raises(ParseError, match=r"x\.rtf:2: 2 groups are never closed") as caught:
        rtf.read(b"{\\rtf1 T: a\\par\n{\\b C: ", source="x.rtf")
    assert caught.value.line == 2


@pytest.mark.parametrize("name", ["odt/good_labels.odt", "odt/good_flat.fodt"])
def test_odt_text_comments_and_changes(name):
    draft = odt.read(sample(name), source=name)
    assert draft.speakers == ["T", "C", "T"]
    assert draft.raws == ["How was  the week?", "Schön,\nreally.", "Go on."]
    assert [(m[0], m[2], m[3]) for m in draft.marks] == [
        (1, "flat voice", 5),
        (1, "a footnote", 14),
    ]
    assert draft.info["preamble"] == ["Session 3"]
    assert (
        "tracked changes: insertions were read as text, deletions left out"
        in draft.info["warnings"]
    )


def test_odt_table_of_turns_with_comments():
    draft = odt.read(sample("odt/good_table.odt"), source="x.odt")
    assert draft.speakers == ["T", "C"]
    assert draft.raws == ["How was\nthe week?", "Fine\nI think."]
    assert [m[:3] for m in draft.marks] == [(0, "comment", "c"), (1, "comment", "c")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("odt/broken_password.odt", "protected by a password"),
        ("odt/broken_no_content.odt", r"no content\.xml"),
        ("odt/broken_spreadsheet.odt", "no text in this OpenDocument file"),
        ("odt/broken_xml.odt", "malformed XML: mismatched tag"),
    ],
)
def test_odt_says_what_is_wrong(name, message):
    with pytest.raises(ParseError, match=message):
        odt.read(sample(name), source=name)


def test_pdf_lines_become_running_text_without_page_furniture():
    draft = pdf.read(sample("pdf/good_labels.pdf"), source="x.pdf")
    assert draft.speakers == ["T", "C", "T", "C", "T"]
    assert (
        draft.raws[0] == "You were saying that last week felt very different from the ones before."
    )
    assert draft.raws[1] == (
        "It did. I had a well-known feeling (the heavy one) and I could not say why, "
        "it was well-known and yet strange."
    )
    assert draft.raws[3] == "Yes. Schön wäre anders. 3 days of it."
    assert draft.info["warnings"] == [
        "1 hyphens at line ends were taken out",
        "4 lines of page headers, footers and page numbers were left out",
    ]


def test_pdf_margin_numbers_are_taken_off():
    plain = pdf.read(sample("pdf/good_labels.pdf"), source="x.pdf")
    numbered = pdf.read(sample("pdf/good_numbered.pdf"), source="x.pdf")
    assert numbered.raws == plain.raws
    assert "numbers in the margin were left out" in numbered.info["warnings"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pdf/broken_no_text.pdf", r"no text layer.*text recognition \(OCR\)"),
        ("pdf/broken_bomb.pdf", "absurd size, as a bomb"),
        ("pdf/broken_only_head.pdf", "damaged or not a PDF"),
    ],
)
def test_pdf_says_what_is_wrong(name, message):
    with pytest.raises(ParseError, match=message):
        pdf.read(sample(name), source=name)


def test_pdf_packed_twice_is_refused():
    data = b"%PDF-1.4\n<< /Filter [/FlateDecode /FlateDecode] >>\nstream\nx"
    with pytest.raises(ParseError, match="packed twice"):
        pdf.read(data, source="x.pdf")


def test_unwrap_keeps_breaks_between_paragraphs_and_dashes_between_words():
    words = frozenset({"self-worth"})
    text = "my self-\nworth, a cap-\ntured one -\nsaid C-\nDur\n\nNew paragraph"
    assert pdf_parser.unwrap(text, words) == (
        "my self-worth, a captured one - said C- Dur\nNew paragraph",
        1,
    )


ODT = (
    '<office:document-content xmlns:office="{o}:office:1.0" xmlns:text="{o}:text:1.0">'
    "<office:body><office:text><text:p>{words}</text:p></office:text></office:body>"
    "</office:document-content>"
)
INLINE = st.recursive(
    st.text(" \t\na<b", max_size=6).map(lambda t: t.replace("<", "&lt;"))
    | st.sampled_from(["<text:s/>", "<text:tab/>", "<text:bookmark/>", "<text:line-break/>"]),
    lambda inner: st.lists(inner, max_size=4).map(
        lambda parts: f"<text:span>{''.join(parts)}</text:span>"
    ),
    max_leaves=8,
)


@given(st.lists(INLINE, max_size=5))
def test_bare_paragraphs_of_odt_read_as_all_others(parts):
    names = "urn:oasis:names:tc:opendocument:xmlns"
    data = ODT.format(o=names, words="".join(parts)).encode()
    [block] = odt_parser.parse(data, source="x.fodt").blocks
    reading = odt_parser._Reading()
    reading._inline(parse_xml(data, source="x")[0][0][0])
    assert block.text == "".join(reading.text)
