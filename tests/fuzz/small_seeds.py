"""Small files that use much of their format, for mutations to start from beside the samples."""

from __future__ import annotations

import zlib

from mutations import members, pack

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
#: Members that no reader of transcripts looks at.
_UNREAD = ("xl/theme", "docProps/", "xl/styles")


def _t(text: str, style: str = "") -> str:
    properties = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _p(*runs: str, style: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{style}</w:pPr>' if style else ''}{''.join(runs)}</w:p>"


def _docx(body: str) -> bytes:
    notes = f'<w:%s {_W}><w:%s w:id="2">{_p(_t("A note."))}</w:%s></w:%s>'
    parts = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
    return pack(
        [
            ("[Content_Types].xml", _TYPES),
            (
                "word/document.xml",
                f"<w:document {_W}><w:body>{body}</w:body></w:document>".encode(),
            ),
            *((f"word/{n}.xml", (notes % (n, one, one, n)).encode()) for n, one in parts.items()),
        ]
    )


_TALK = _p(_t("T", "<w:b/>"), _t(": How was it?")) + _p(_t("Ms. D:", "<w:b/>"), _t(" Fine."))
_DOCX = (
    _docx(
        _TALK
        + _p(
            _t("T: Go on."),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            f'<w:moveTo w:id="9">{_t(" And then?")}</w:moveTo><w:moveFrom w:id="9">{_t("x")}</w:moveFrom>',
            "<w:hyperlink>" + _t(" (sighs)") + "</w:hyperlink>",
            '<w:r><w:sym w:char="F04A"/><w:noBreakHyphen/><w:tab/><w:cr/><w:softHyphen/></w:r>',
            style="<w:rPr><w:ins/></w:rPr><w:numPr/>",
        )
        + f"<w:sdt><w:sdtContent>{_p(_t('C: [', ''), _t('flat', '<w:i/>'), _t('] yes.'))}</w:sdtContent></w:sdt>"
        + _p("<w:r><w:txbxContent>" + _p(_t("T: In a box.")) + "</w:txbxContent></w:r>")
        + "<w:p><w:r><Fallback>" + _t("twice") + "</Fallback></w:r></w:p>"
        + _p(_t("C: Hidden ", "<w:vanish/>"), _t("and shown.", '<w:b w:val="0"/><w:i w:val="false"/>'))
    ),
    _docx(
        "<w:tbl>"
        + "".join(
            f"<w:tr><w:trPr>{mark}</w:trPr>"
            + "".join(f"<w:tc><w:tcPr>{span}</w:tcPr>{_p(_t(c))}</w:tc>" for c in cells)
            + "</w:tr>"
            for cells, mark, span in (
                (("Line", "Speaker", "Text", "Notes", "Time"), "", ""),
                (("1", "T", "How was it?", "", "00:01"), "", ""),
                (("2", "C", "Fine.", "withdraws", "00:02"), '<w:ins w:id="1"/>', ""),
                (("3", "T", "Gone."), '<w:del w:id="1"/>', '<w:gridSpan w:val="2"/>'),
            )
        )
        + f"</w:tbl>{_TALK}<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{_TALK}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
    ),
)  # fmt: skip

_ODF = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for n in ("office", "text", "table")
)
_ODT_BODY = """<text:p>T: How <text:span>was<text:span> it</text:span></text:span><text:s text:c="3"/>then?</text:p>
<text:section><text:p>C: Fine<text:note><text:note-body><text:p>a note</text:p></text:note-body></text:note>.</text:p></text:section>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Speaker</text:p></table:table-cell>
<table:table-cell><text:p>Text</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>T</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2" table:number-columns-spanned="2"><text:p>Hm<office:annotation><text:p>flat</text:p>
</office:annotation>.</text:p><text:list><text:list-item><text:p>And?</text:p></text:list-item></text:list></table:table-cell>
<table:covered-table-cell/></table:table-row></table:table><text:p>C:<text:tab/>(sighs)<text:line-break/>Yes.</text:p>"""
_ODT = (
    pack(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                f"<office:document-content {_ODF}><office:body><office:text>{_ODT_BODY}"
                "</office:text></office:body></office:document-content>".encode(),
            ),
            ("META-INF/manifest.xml", b"<manifest><file-entry/></manifest>"),
        ]
    ),
)

_RTF = (
    (
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 A;}{\f1\fcharset128 B;}}\trowd\cellx1\cellx2 "
        rb"\intbl Speaker\cell Text\cell\row\intbl T\cell How {\*\atrfstart 1}was\'20it{\*\atrfend 1}?"
        rb"{\*\annotation{\*\atnref 1}flat}\cell\row\intbl C\cell\uc1\u228?\f1\'82\'a0\f0 .\cell\row}"
    ),
    (
        rb"{\rtf1\mac{\stylesheet{\s1 x;}}T: {\field{\*\fldinst HYPERLINK x}{\fldrslt How}} was{\footnote note} it?"
        rb"\par\pard C: Fine\~\_\-so\tab\line{\deleted no}{\*\shppict{\pict\bin3 abc}}{\upr{a}{\*\ud b}}\par}"
    ),
)


def _pdf(*contents: bytes, packed: bool = False) -> bytes:
    kids = b" ".join(b"%d 0 R" % (10 + 2 * i) for i in range(len(contents)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        3: b"<< /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar 32 /LastChar 34 /Widths [250 333 408]"
        b" /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /B] >> /ToUnicode 4 0 R >>",
    }
    streams = {4: b"1 beginbfchar <41> <00e4> endbfchar 1 beginbfrange <61> <63> <0061> endbfrange"}
    for i, content in enumerate(contents):
        objects[10 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Rotate %d /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents [%d 0 R] >>" % (90 * (i % 2), 11 + 2 * i)
        )
        streams[11 + 2 * i] = content
    for number, content in streams.items():
        body = zlib.compress(content) if packed else content
        kind = b"/Filter /FlateDecode " if packed else b""
        objects[number] = b"<< %s/Length %d >>\nstream\n%s\nendstream" % (kind, len(body), body)
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer\n<< /Root 1 0 R >>\n"


_PAGE = b"BT /F1 11 Tf 20 150 Td (T: How was it?) Tj 0 -20 Td [(C: F) -20 (ine.)] TJ 0 -20 Td (T: \\(Hm.\\)) ' ET"
_PDF = (_pdf(_PAGE), _pdf(_PAGE, b"BT /F1 9 Tf 5 5 Td <433a2041> Tj T* (1) Tj ET", packed=True))

_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>speaker</t></is></c><c r="B1" t="inlineStr"><is><t>text</t></is></c>'
    b'<c r="C1" t="inlineStr"><is><t>start</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>T</t></is></c>'
    b'<c r="B2" t="inlineStr"><is><r><t xml:space="preserve">How </t></r><r><t>was it?</t></r></is></c><c r="C2" s="1"><v>0.01</v></c></row>'
    b'<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="str"><v></v></c></row>'
    b'<row r="4"><c r="A4" t="str"><f>A3</f><v>C</v></c><c r="B4"><v>4.5</v></c></row></sheetData></worksheet>'
)
_BOOK = (
    ("[Content_Types].xml", _TYPES),
    (
        "_rels/.rels",
        (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
            b'Target="worksheets/sheet1.xml"/></Relationships>'
        ),
    ),
    (
        "xl/workbook.xml",
        (
            b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="0"/>'
            b'<sheets><sheet name="Talk" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
    ),
    (
        "xl/styles.xml",
        (
            b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/>'
            b'<xf numFmtId="21"/></cellXfs></styleSheet>'
        ),
    ),
    (
        "xl/sharedStrings.xml",
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>C</t></si></sst>',
    ),
    ("xl/worksheets/sheet1.xml", _SHEET),
)

SMALL: dict[str, tuple[bytes, ...]] = {
    "docx": _DOCX,
    "odt": _ODT,
    "rtf": _RTF,
    "pdf": _PDF,
    "xlsx": (pack(_BOOK),),
    "text": (
        b"# Session 3\n\n**T:** How was it? [*note*]\n**Ms. D:** Fine (sighs). [00:01:02]\nT: _Hm_ (4) so ...\n",
        b"[00:00:01] T1: Hello.\nP1: Hm [T: mm-hm] yes.\nT2: Go on. [inaudible 00:00:09]\nP2: (...)\nT3: [crosstalk]\n",
        b"Monica Powell  0:03  \nHello there.\n\nUnknown Speaker  1:02:03  \nHi &#39;you&#39;.\n\nTranscribed by x\n",
        b"I: Hallo. #00:00:01-2#\nB: Ja, ja. #00:00:05-0#\nI: (lacht) Gut. #00:00:09-9#\n",
        b"00:01\tAnna\tHello.\n00:02\tBen\tHi.\n[Anna] 10:00:01\nYes.\nAnna  00:05\nNo.\n",
    ),
    "webvtt": (
        (
            b"WEBVTT\n\nNOTE x\n\nSTYLE\n::cue {}\n\n6f0b-1/2\n00:00.000 --> 00:01.500 align:start\n<v.a Ms. D>Fine</v> "
            b"<v T>and &amp; you?\n\n00:00:02,000 --> 00:00:03.000\nT: <c>so</c><00:00:02.500><i> it</i>\n- Hm.\n"
        ),
    ),
}


def trimmed(data: bytes) -> bytes:
    """Leave out of an archive what no reader looks at, so that mutations meet what is read."""
    parts = members(data)
    kept = [(name, body) for name, body in parts if not name.startswith(_UNREAD)]
    return pack(kept) if kept and len(kept) < len(parts) else data
