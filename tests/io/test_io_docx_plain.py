"""Plain paragraphs are taken out before parsing: what is read must be the same without."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import ParseError, RupturecodeError
from rupturecode.io.parsers import docx as parser
from rupturecode.io.parsers.docx_events import Reading
from rupturecode.io.parsers.docx_patterns import NEWER, NEWER_INSIDE, ROWS
from rupturecode.io.parsers.docx_patterns import PARAGRAPHS as SIGN
from rupturecode.io.parsers.docx_plain import Taken, lifted
from rupturecode.io.parsers.zipsafe import Archive, open_zip

DATA = Path(__file__).parents[1] / "data" / "docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

PROPERTIES = st.sampled_from(
    ["", "<w:b/>", '<w:b w:val="0"/>', "<w:i/>", '<w:u w:val="single"/>', '<w:u w:val="none"/>',
     '<w:highlight w:val="yellow"/>', '<w:highlight w:val="none"/>',
     '<w:shd w:val="clear" w:fill="FFE599"/>', '<w:shd w:val="clear" w:fill="auto"/>',
     '<w:shd w:val="nil" w:fill="FFE599"/>', '<w:b/><w:highlight w:val="red"/><w:shd w:fill="0000FF"/>',
     '<w:b/><w:i w:val="true"/>', "<w:vanish/>",
     '<w:b/><w14:ligatures w14:val="none"/>', '<w14:textOutline w14:w="1"><w14:noFill/></w14:textOutline>',
     "<w15:b/><w14:i/>", '<w14:numForm w:val="1"/>', "<w16:ligatures/>",
     '<w:rFonts w:ascii="Arial"/><w:b/>', '<w:rPrChange w:id="1"><w:rPr><w:b/></w:rPr></w:rPrChange>'],
)  # fmt: skip
WORDS = st.text(st.sampled_from("ab :[]*\t\n\u05d0\u00a0"), max_size=8) | st.sampled_from(
    ["T:", "Ms. D", "a &amp; b", "&lt;i&gt;", "&#65;", "a\rb"]
)
INSIDE = st.sampled_from(["", "<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>", "<w:lastRenderedPageBreak/>"])  # fmt: skip


ROW = (
    '<w:tr w:rsid="1"><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p/></w:tc><w:tc><w:tcPr>'
    '<w:tcW w:w="9"/><w:tcBorders><w:top w:val="nil"/></w:tcBorders></w:tcPr>{}</w:tc></w:tr>'
)
PLACES = (
    "{}",
    "{}",
    "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
    f"<w:tbl>{ROW}<w:tr><w:tc>{{}}</w:tc></w:tr></w:tbl>",
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{}</w:tc></w:tr></w:tbl>',
    "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}</w:tc></w:tr></w:tbl>",
    "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{}</w:tc></w:tr></w:tbl>",
    "<w:tr><w:tc>{}</w:tc></w:tr>",
    "<w:p><w:r>{}</w:r></w:p>",
    "<mc:Fallback>{}</mc:Fallback>",
    "<w:del>{}</w:del>",
    "<!-- {} -->",
    "<?word {} ?>",
)


ONE = "<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p>"
REMARKS = [
    '<w:commentRangeStart w:id="0"/>',
    '<w:commentRangeEnd w:id="0"/>',
    '<w:r><w:rPr><w:b/></w:rPr><w:commentReference w:id="1"/></w:r>',
    '<w:r><w:rPr/><w:commentReference w:id="0"/></w:r><w:proofErr w:type="a"/>',
]


@st.composite
def runs(draw: st.DrawFn) -> str:
    style, words, inside = draw(PROPERTIES), draw(WORDS), draw(INSIDE)
    said = (
        f'<w:t xml:space="preserve">{words}</w:t>' if draw(st.booleans()) else f"<w:t>{words}</w:t>"
    )
    before = f"<w:rPr>{style}</w:rPr>" if style else draw(st.sampled_from(["", "<w:rPr/>"]))
    run = (
        f"<w:r>{before}{inside}{said}</w:r>"
        if draw(st.booleans())
        else f"<w:r>{before}{said}{inside}</w:r>"
    )
    wrapper = draw(st.sampled_from(["", "", "", "w:ins", "w:del", "w:moveFrom", "w:hyperlink"]))
    if wrapper in ("w:del", "w:moveFrom"):
        run = run.replace("w:t", "w:delText") if draw(st.booleans()) else run
    remark = draw(st.sampled_from(["", "", "", "", *REMARKS]))
    return remark + (f'<{wrapper} w:id="1">{run}</{wrapper}>' if wrapper else run)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    front = draw(st.sampled_from(
        ["", '<w:pPr><w:spacing w:after="1"/></w:pPr>', "<w:pPr><w:rPr><w:b/></w:rPr></w:pPr>",
         '<w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr>', "<w:pPr/>",
         '<w:pPr><w:tabs><w:tab w:pos="7"/></w:tabs><w:jc w:val="left"/><w:rPr/></w:pPr>',
         '<w:pPr><w:shd w:fill="FF0000"/><w:rPr><w:highlight w:val="red"/></w:rPr></w:pPr>'],
    ))  # fmt: skip
    between = draw(st.sampled_from(["", '<w:proofErr w:type="a"/>', '<w:bookmarkStart w:id="0"/>']))
    inner = between.join(draw(st.lists(runs(), max_size=5)))
    return f'<w:p w:rsid="00A1">{front}{between}{inner}</w:p>'


@st.composite
def bodies(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        here = "".join(draw(st.lists(paragraphs(), min_size=1, max_size=3)))
        parts.append(draw(st.sampled_from(PLACES)).replace("{}", here))
    return "".join(parts)


def lift(data: bytes, size: int = 1 << 20) -> tuple[str | bytes, list[list[object]]]:
    """What is left when the data come in pieces of that size, and what was taken out."""
    taken = Taken()
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    left = list(lifted(pieces, taken))
    return (b"" if left and isinstance(left[0], bytes) else "").join(left), list(taken.paragraphs)


def whole(body: str) -> bytes:
    newer = "".join(f' xmlns:{p}="urn:{p}"' for p in ("mc", "w14", "w15"))
    return f'<w:document xmlns:w="{W}"{newer}><w:body>{body}</w:body></w:document>'.encode()


def packed(document: bytes) -> Archive:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", document)
    return open_zip(out.getvalue(), source="s1.docx")


def contents(reading: Reading) -> tuple[object, ...]:
    return reading.blocks, reading.bold, reading.notes, reading.has_body


SAID = {("comments", number): f"remark {number}" for number in ("0", "1", "2", "")}


def slowly(data: bytes) -> object:
    try:
        return contents(parser._events([data], Reading("s1.docx", dict(SAID))))
    except ParseError as err:
        return str(err)


def quickly(data: bytes, size: int = 1 << 20) -> object:
    """What is read when the data come in pieces of that size, as from an archive."""
    taken = Taken()
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    try:
        reading = parser._events(lifted(pieces, taken), Reading("s1.docx", dict(SAID), taken))
    except (ParseError, UnicodeDecodeError):
        return slowly(data)
    assert not taken.paragraphs
    assert not taken.rows
    return contents(reading)


@settings(max_examples=300, deadline=None)
@given(bodies(), st.sampled_from([7, 60, 300, 100_000]))
def test_the_same_is_read_with_and_without_taking_out(body, size):
    assert quickly(whole(body), size) == slowly(whole(body))


STRAY = [
    "<w:b/>", "<w:vanish/>", "<w:tab/>", "<w:t>x</w:t>", "<w:p/>", "<w:r/>", "<w:tr/>", "<w:tc/>",
    "<w:rPr/>", "<w:pPr/>", '<w:del w:id="1"/>', '<w:ins w:id="2"/>', '<w:gridSpan w:val="2"/>',
    "<w:rPr><w:b/></w:rPr>", '<w:highlight w:val="red"/>', "<w:commentReference/>", "]]>", "&amp;",
    "&#65;", "\r", "\n", "\t", "\x0b", "\ufffe", "<![CDATA[a]]>", "<!-- a -->", "<?a?>", f"<{SIGN}/>",
    '<w:r w:rsidR="00A1"><w:t>so</w:t></w:r>', "<w:sdt>", "</w:p>", "<w:p>", "</w:rPr>", "<w:tr>",
]  # fmt: skip
AROUND = "del ins rPr pPr trPr tcPr tbl tr tc p r t hyperlink Fallback rPrChange moveFrom".split()


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A body that one to three changes have made odd: at tags, in the middle of them, around some."""
    body = draw(bodies())
    for _ in range(draw(st.integers(1, 3))):
        tags = [tag.span() for tag in re.finditer("<[^<>]*>", body)]
        start, end = draw(st.sampled_from(tags))
        change = draw(st.sampled_from(["before", "after", "inside", "around", "copy"]))
        if change == "around":
            name = draw(st.sampled_from(AROUND))
            end = draw(st.sampled_from(tags))[1]
            start, end = min(start, end), max(start, end)
            body = f"{body[:start]}<w:{name}>{body[start:end]}</w:{name}>{body[end:]}"
            continue
        at = {"before": start, "inside": (start + end) // 2}.get(change, end)
        stray = body[start:end] if change == "copy" else draw(st.sampled_from(STRAY))
        body = body[:at] + stray + body[at:]
    return body


@settings(max_examples=500, deadline=None)
@given(spoilt(), st.sampled_from([60, 100_000]))
def test_odd_documents_are_read_or_refused_the_same(body, size):
    assert quickly(whole(body), size) == slowly(whole(body))


FONTS = (
    '<w:rFonts w:ascii="Times New Roman" w:cs="Times New Roman"/>{}<w:sz w:val="24"/>'
    '<w:szCs w:val="24"/><w:lang w:val="en-GB"/>'
)
AS_WORD = (
    '<w:p w:rsidR="00A1" w:rsidRDefault="00B2"><w:pPr><w:pStyle w:val="NoSpacing"/>'
    '<w:spacing w:line="480"/><w:rPr><w:ins w:id="7" w:author="A. K."/>' + FONTS.format("") +
    '</w:rPr></w:pPr><w:bookmarkStart w:id="0" w:name="_GoBack"/><w:r w:rsidR="00A3"><w:rPr>' +
    FONTS.format("<w:b/><w:bCs/>") + "</w:rPr><w:t>T:</w:t></w:r><w:r><w:tab/></w:r>"
    '<w:r><w:t xml:space="preserve">Well, </w:t></w:r><w:proofErr w:type="spellStart"/><w:r>'
    f'<w:rPr>{FONTS.format("")}</w:rPr><w:t>hmmm</w:t></w:r><w:proofErr w:type="spellEnd"/>'
    '<w:ins w:id="8" w:author="A. K."><w:r><w:t xml:space="preserve"> and</w:t></w:r></w:ins>'
    '<w:r><w:lastRenderedPageBreak/><w:t>.</w:t></w:r></w:p>'
)  # fmt: skip


def of_newer_word(looks: str, prefixes: str = ' xmlns:w14="urn:a" xmlns:w15="urn:b"') -> bytes:
    said = f"<w:p><w:r><w:rPr>{looks}</w:rPr><w:t>T: Hm.</w:t></w:r></w:p>"
    removed = f"<w:del><w:r><w:rPr>{looks}</w:rPr><w:delText>T</w:delText></w:r></w:del>"
    body = said + said.replace("<w:r>", removed + "<w:r>")
    return f'<w:document xmlns:w="{W}"{prefixes}><w:body>{body}</w:body></w:document>'.encode()


FILL = (
    '<w14:solidFill><w14:srgbClr w14:val="0"><w14:alpha w14:val="6"/></w14:srgbClr></w14:solidFill>'
)
OUTLINE = f'<w14:textOutline w14:w="0">{FILL}<w14:prstDash w14:val="solid"/></w14:textOutline>'


@pytest.mark.parametrize(
    ("looks", "n_left"),
    [
        ('<w14:ligatures w14:val="standardContextual"/>', 0),
        ('<w:b w:val="0"/><w:kern w:val="2"/><w14:ligatures/><w14:cntxtAlts/><w15:collapsed/>', 0),
        (f"<w:kern/>{OUTLINE}<w14:textFill>{FILL}</w14:textFill><w14:ligatures/>", 1),
        ("<w14:ligatures><w:b/></w14:ligatures>", 2),
        ("<w14:b/>", 2),
        ("<w14:so/>", 2),
        ("<w13:ligatures/>", 2),
        ("<w14:shadow><w14:shadow>", 2),
        (OUTLINE.replace("</w14:textOutline>", "</w14:textFill>"), 2),
    ],
)
def test_what_newer_word_says_of_letters_is_passed_over(looks, n_left):
    data = of_newer_word(looks)
    assert lift(data)[0].count("<w:p>") == n_left
    assert quickly(data) == slowly(data)


@pytest.mark.parametrize(
    "prefixes",
    [
        "",
        ' xmlns:w14=""',
        ' w:a="xmlns:w14=" w:b="1"',
        " w:a='xmlns:w14=\"1\"'",
        ' xmlns:w15="urn:b"',
    ],
)
def test_a_prefix_that_is_not_declared_is_refused_as_ever(prefixes):
    data = of_newer_word('<w14:ligatures w14:val="none"/>', prefixes)
    assert lift(data)[1] == []
    assert "malformed" in str(quickly(data))
    assert quickly(data) == slowly(data)


def test_nothing_that_is_read_is_passed_over():
    assert not {*NEWER.split("|"), *NEWER_INSIDE.split("|")} & {*Reading("s1.docx", {}).starts}


def test_paragraphs_as_word_writes_them_are_taken_out():
    left, [[first, second]] = lift(whole(AS_WORD * 2))
    assert left == whole(f"<{SIGN}/>").decode()
    assert first == second
    assert "".join(first.pieces) == "T:\tWell, hmmm and."
    assert (first.tracked, first.styled) == (True, [])


@pytest.mark.parametrize(
    "doubt",
    [
        ONE.replace("Hm", "H&#109;"),
        ONE.replace("Hm", "H\rm"),
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>T: Hm.</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:rPr><w:commentReference/></w:rPr></w:pPr></w:p>",
        "<w:p><w:r><w:rPr><w:tbl/></w:rPr><w:t>T: Hm.</w:t></w:r></w:p>",
    ],
)
def test_a_doubtful_paragraph_stays_and_those_beside_it_are_taken_out(doubt):
    data = whole(ONE + doubt + ONE)
    left, taken = lift(data)
    assert doubt in left
    assert taken == [["T: Hm."], ["T: Hm."]]
    assert quickly(data) == slowly(data)


@pytest.mark.parametrize("sign", ["]]>", "\x0b", "\ufffe", "&amp", "&x;", "<"])
def test_what_no_text_may_hold_is_refused(sign):
    data = whole(ONE + ONE.replace("Hm", sign))
    assert "malformed" in str(quickly(data))
    assert quickly(data) == slowly(data)


def test_plain_rows_are_taken_out_together():
    taken = Taken()
    rows = ROW.replace("{}", ONE * 2) * 3
    left = "".join(lifted([whole(f"<w:tbl>{rows}</w:tbl>{ONE}<w:tbl><w:tr/></w:tbl>")], taken))
    assert left.count("<w:tr") == left.count(f"<{ROWS}/>") == left.count(f"<{SIGN}/>") == 1
    assert list(taken.rows) == [[[[""], ["T: Hm."] * 2]] * 3]
    assert list(taken.paragraphs) == [["T: Hm."]]


def test_plain_paragraphs_are_taken_out_together():
    one = "<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p>"
    xml, stretches = lift(whole(one * 3 + "<w:tbl/>" + one))
    assert stretches == [["T: Hm."] * 3, ["T: Hm."]]
    assert xml.count(f"<{SIGN}/>") == 2


@pytest.mark.parametrize("path", sorted(DATA.glob("*.docx")), ids=lambda p: p.name)
def test_sample_documents_read_the_same(path):
    try:
        archive = open_zip(path.read_bytes(), source=path.name)
        slow = parser._events([archive.read("word/document.xml")], Reading(path.name, {}))
    except RupturecodeError:
        return
    assert contents(parser._read(archive, "word/document.xml", {})) == contents(slow)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="latin-1"?>' + whole(ONE),
        b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-16"?>' + whole(ONE),
        whole("<w:p><w:r><w:t><![CDATA[<w:p><w:r><w:t>a</w:t></w:r></w:p>]]></w:t></w:r></w:p>"),
        whole(f"{ONE}<{SIGN}/>{ONE}"),
        b"<!DOCTYPE a>" + whole(ONE),
        whole(f"{ONE}<?word {ONE}?>"),
    ],
)
def test_files_whose_patterns_cannot_be_trusted_are_left_alone(data):
    left, taken = lift(data)
    assert (left if isinstance(left, bytes) else left.encode()) == data
    assert taken == []


def test_what_comes_before_a_comment_is_taken_out_and_what_comes_after_is_not():
    data = whole(ONE * 2 + f"<!-- {ONE} -->{ONE}")
    left, taken = lift(data, size=len(whole(ONE)) - 10)
    assert (left.count(f"<{SIGN}/>"), left.count(ONE)) == (1, 3)
    assert [p for stretch in taken for p in stretch] == ["T: Hm."]


def test_an_error_names_its_line_in_the_file_itself():
    good = "<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p>\n"
    with pytest.raises(ParseError) as caught:
        parser._read(packed(whole(good * 4 + "<w:p></w:r>")), "word/document.xml", {})
    assert caught.value.line == 5
