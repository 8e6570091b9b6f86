"""Patterns of what in a Word document is plain talk, as strict as an XML parser would be.

What they match is well-formed (but that an attribute may be given twice, and a prefix unknown)
and holds nothing but what is named here, so that it can be taken out of the XML before that is
parsed.
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
    rb"(?:\xef\xbb\xbf)?<\?xml(?:(?!encoding)[^<>])*(?:encoding=[\"']utf-8[\"'][^<>]*)?\?>\s*",
    re.IGNORECASE,
)
DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.IGNORECASE)

#: Beginnings of what Word calls the styles of titles and headings, in its many languages.
_TITLES = (
    r"\d|[Hh]eading|Title|Sub[Tt]itle|Titre|Sous-titre|Titel|Untertitel|.?berschrift|T.{0,2}tulo"
    r"|Subt.{0,2}tulo|Titolo|Sottotitolo|Kop|Ondertitel|Rubrik|Overskrift|Otsikko|Nag|Tytu|Nadpis"
)
_ATTRIBUTES = r'(?: [\w:]++="[^"<>&\t\n\r]*+")*+'
#: What newer Word says of letters and of folded headings: empty elements, and what holds such.
NEWER = "ligatures|numForm|numSpacing|cntxtAlts|reflection|collapsed"
NEWER_INSIDE = "noFill|prstDash|round|bevel|miter|alpha|lumMod|lumOff|shade|tint|styleSet"
NEWER_PREFIX = re.compile(r"<(w1[45]):")
#: The element around the whole document, and its attributes.
ROOT = re.compile(r'\s*<[\w:]++((?:\s++[\w:.-]++="[^"<>]*+")*+)\s*/?>')
DECLARATION = re.compile(r'xmlns:(\w++)="[^"]++"|[\w:.-]++="[^"]*+"')
#: Elements that are empty and change nothing: names that could change something are kept out.
_NOTHING = (
    rf"(?:<w1[45]:(?:{NEWER}){_ATTRIBUTES}/>|<w:(?!comment|footnote|endnote|vanish|gridSpan|sym|tab/|br|cr/|del|ins|move"
    rf'|vMerge|gridBefore|outlineLvl|pStyle w:val="(?:{_TITLES})'
    rf"|(?:t|tr|tc|tbl|p|pPr|r|rPr|trPr|rPrChange|body|Fallback)\b)\w++{_ATTRIBUTES}/>)*+"
)


def _newer(name: str, inside: str = "") -> str:
    empty = rf"<w14:(?:{NEWER_INSIDE}){_ATTRIBUTES}/>"
    return rf"<w14:{name}{_ATTRIBUTES}>(?:{empty}{inside})*+</w14:{name}>"


_COLOR = f"|{_newer('schemeClr')}|{_newer('srgbClr')}"
_FILL = f"|{_newer('solidFill', _COLOR)}"
_EFFECTS = "|".join(
    [
        *(_newer(name, _FILL) for name in ("textOutline", "textFill")),
        *(_newer(name, _COLOR) for name in ("shadow", "glow")),
        _newer("stylisticSets"),
    ]
)
_LOOKS = rf"{_NOTHING}(?:(?:{_EFFECTS}){_NOTHING})*+"
NOTHING = re.compile(_LOOKS)
_HOLDERS = "numPr|tabs|pBdr|tcBorders|tcMar|tblBorders|tblCellMar"
#: Properties of paragraphs, cells and rows: elements that are empty or hold such.
_PROPERTIES = rf"{_NOTHING}(?:<w:(?:{_HOLDERS})>{_NOTHING}</w:(?:{_HOLDERS})>{_NOTHING})*+"
_BETWEEN = (
    rf"(?:<w:(?:proofErr|bookmarkStart|bookmarkEnd|commentRangeEnd|moveFromRange\w+|moveToRange\w+)"
    rf"{_ATTRIBUTES}/>)*+"
)
_TEXT = r"(?:[^<&\r\]]++|\](?!\]>)|&(?:amp|lt|gt|quot|apos);)*+"
#: What says that the end of a paragraph was inserted, which is not read.
_MARK = rf"(?:<w:(?:ins|moveTo){_ATTRIBUTES}/>)*+"
#: Any tags, and any text.
_TAGS, _ANY = "(?:<w:[^>]++>|</?w1[45]:[^>]++>)*+", "[^<]*+"


def _run(group: str, tag: str = "t", properties: str = _NOTHING, text: str = _TEXT) -> str:
    return (
        rf"<w:r{_ATTRIBUTES}>(?:<w:rPr>({group}{properties})</w:rPr>|<w:rPr/>)?+"
        rf"(?:<w:lastRenderedPageBreak/>)?+({group}<w:tab/>)?+"
        rf'(?:<w:{tag}(?: xml:space="preserve")?+>({group}{text})</w:{tag}>|<w:{tag}/>)?+</w:r>'
        rf"{_BETWEEN}"
    )


#: Where a comment begins, or the sign that stands for it.
_REFERENCE = (
    rf"(?:<w:commentRangeStart{_ATTRIBUTES}/>"
    rf"|<w:r>(?:<w:rPr>{_NOTHING}</w:rPr>|<w:rPr/>)?+<w:commentReference{_ATTRIBUTES}/></w:r>)"
)
_DELETED = (
    rf"<w:(?:del|moveFrom){_ATTRIBUTES}>(?:{_run('?:', 'delText')}|{_run('?:')})*+"
    r"</w:(?:del|moveFrom)>"
)


def _paragraph(properties: str, text: str) -> re.Pattern[str]:
    """Match a paragraph; the first two runs, a label and what is said, are caught at once."""
    run, caught = _run("?:", "t", properties, text), _run("", "t", properties, text)
    inserted = rf"<w:(?:ins|moveTo){_ATTRIBUTES}>(?:{run})*+</w:(?:ins|moveTo)>"
    return re.compile(
        rf"<w:p{_ATTRIBUTES}(?:/>|>"
        rf"(?:<w:pPr>{_PROPERTIES}(?:<w:rPr>{_MARK}({properties})</w:rPr>|<w:rPr/>)?+"
        rf"{_NOTHING}</w:pPr>|<w:pPr/>)?+{_BETWEEN}(?:{caught})?+(?:{caught})?+"
        rf"((?:{run}|(?:{_REFERENCE}|{inserted}|{_DELETED}){_BETWEEN})*+)</w:p>)"
    )


PARAGRAPH = _paragraph(_LOOKS, _TEXT)
#: The same, and twice as fast, for XML without carriage returns and what ``REFERENCE`` finds; not
#: to be trusted unless ``NOTHING`` matches its properties, and its text is without ``]]>``.
SWIFT = _paragraph(_TAGS, _ANY)
#: A reference to a character other than the five that every parser knows.
REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
#: All that is not allowed in XML below the space.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
#: One by one what a paragraph goes on with: a run; or a change, what it took out, a comment.
ITEM = re.compile(
    rf"<w:(?:r(?: [^>]++)?+>(?:<w:rPr>({_TAGS})</w:rPr>|<w:rPr/>)?+(?:<w:lastRenderedPageBreak/>)?+"
    rf"(<w:tab/>)?+(?:<w:t(?: [^>]++)?+>({_ANY})</w:t>|<w:t/>)?+</w:r>"
    r"|((?:ins|moveTo)\b|comment(?:RangeStart|Reference)[^>]*+"
    r"|(?:del|moveFrom)\b(?:(?!</w:(?:del|moveFrom)>)<[^<]*+|[^<]++)*+))"
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
