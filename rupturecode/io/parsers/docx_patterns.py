"""Patterns of what in a Word document is plain talk, as strict as an XML parser would be.

What they match is well-formed and holds nothing but what is named here, so that it can be
taken out of the XML before that is parsed.
"""

from __future__ import annotations

import re

from rupturecode.io.parsers.docx_paragraph import BITS, COLORS

#: The elements that stand for paragraphs and for table rows taken out.
PARAGRAPHS, ROWS = "plainParagraphs", "plainRows"
PARAGRAPHS_SIGN, ROWS_SIGN = f"<{PARAGRAPHS}/>", f"<{ROWS}/>"
#: Comments, CDATA, declarations and instructions hide what looks like talk; so would our signs.
HIDING = re.compile(rf"<[!?]|{PARAGRAPHS}|{ROWS}")
PARAGRAPH_END = "</w:p>"

#: The declaration of an encoding that can be trusted, and that there is any.
TRUSTED = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml(?:(?!encoding)[^<>])*(?:encoding=[\"']utf-8[\"'][^<>]*)?\?>",
    re.IGNORECASE,
)
DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.IGNORECASE)

_ATTRIBUTES = r'(?: [\w:]++="[^"<&]*+")*+'
#: Elements that are empty and change nothing: names that could change something are kept out.
_NOTHING = (
    rf"(?:<w:(?!comment|footnote|endnote|vanish|gridSpan|sym|tab/|br|cr/|del|ins|move)\w++"
    rf"{_ATTRIBUTES}/>)*+"
)
_HOLDERS = "numPr|tabs|pBdr|tcBorders|tcMar|tblBorders|tblCellMar"
#: Properties of paragraphs, cells and rows: elements that are empty or hold such.
_PROPERTIES = rf"{_NOTHING}(?:<w:(?:{_HOLDERS})>{_NOTHING}</w:(?:{_HOLDERS})>{_NOTHING})*+"
_BETWEEN = (
    rf"(?:<w:(?:proofErr|bookmarkStart|bookmarkEnd|commentRangeEnd|moveFromRange\w+|moveToRange\w+)"
    rf"{_ATTRIBUTES}/>)*+"
)
_CONTROL = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_TEXT = rf"(?:[^<&{_CONTROL}]++|&(?:amp|lt|gt|quot|apos);)*+"


def _run(group: str, text: str = "t") -> str:
    return (
        rf"<w:r{_ATTRIBUTES}>(?:<w:rPr>({group}{_NOTHING})</w:rPr>|<w:rPr/>)?+"
        rf"(?:<w:lastRenderedPageBreak/>)?+({group}<w:tab/>)?+"
        rf"(?:<w:{text}{_ATTRIBUTES}>({group}{_TEXT})</w:{text}>|<w:{text}/>)?+</w:r>{_BETWEEN}"
    )


_RUN, _GONE = _run("?:"), _run("?:", "delText")
#: Where a comment begins, or the sign that stands for it.
_REFERENCE = (
    rf"(?:<w:commentRangeStart{_ATTRIBUTES}/>"
    rf"|<w:r>(?:<w:rPr>{_NOTHING}</w:rPr>|<w:rPr/>)?+<w:commentReference{_ATTRIBUTES}/></w:r>)"
)
_INSERTED = rf"<w:(?:ins|moveTo){_ATTRIBUTES}>(?:{_RUN})*+</w:(?:ins|moveTo)>"
_DELETED = rf"<w:(?:del|moveFrom){_ATTRIBUTES}>(?:{_GONE}|{_RUN})*+</w:(?:del|moveFrom)>"
#: The first two runs, a label and what is said, are caught at once; more are rarer.
PARAGRAPH = re.compile(
    rf"<w:p{_ATTRIBUTES}(?:/>|>"
    rf"(?:<w:pPr>{_PROPERTIES}(?:<w:rPr>{_NOTHING}</w:rPr>|<w:rPr/>)?+{_NOTHING}</w:pPr>|<w:pPr/>)?+"
    rf"{_BETWEEN}(?:{_run('')})?+(?:{_run('')})?+"
    rf"((?:{_RUN}|(?:{_REFERENCE}|{_INSERTED}|{_DELETED}){_BETWEEN})*+)</w:p>)"
)
#: One by one what a paragraph goes on with: a run, an opened change, a deletion, a comment.
ITEM = re.compile(
    rf"{_run('')}|<w:(?P<gone>del|moveFrom)\b.*?</w:(?:del|moveFrom)>"
    rf"|<w:(?P<new>ins|moveTo)\b|<w:comment(?:RangeStart|Reference)(?P<reference>{_ATTRIBUTES})/>",
    re.DOTALL,
)
#: A row whose cells hold plain paragraphs, once these have been taken out.
ROW = re.compile(
    rf"<w:tr{_ATTRIBUTES}>(?:<w:tblPrEx>{_PROPERTIES}</w:tblPrEx>)?+"
    rf"(?:<w:trPr>{_NOTHING}</w:trPr>|<w:trPr/>)?+"
    rf"((?:<w:tc{_ATTRIBUTES}>(?:<w:tcPr>{_PROPERTIES}</w:tcPr>|<w:tcPr/>)?+"
    rf"{PARAGRAPHS_SIGN}</w:tc>)++)</w:tr>"
)
STYLE = re.compile(rf"<w:({'|'.join([*BITS, *COLORS])})({_ATTRIBUTES})/>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
