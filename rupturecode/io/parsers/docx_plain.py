"""Plain paragraphs of a Word document, taken out by pattern before the XML is parsed.

Most paragraphs of a transcript are runs of text and nothing else. They are found by a strict
pattern and replaced by one short sign for as many as follow each other, so that the parser,
which is asked about every element, meets little but what needs it: tables, changes, comments.
What the pattern does not match is left as it is.
"""

from __future__ import annotations

import re
from html import unescape

from rupturecode.io.parsers.docx_paragraph import BOLD, ITALIC, Paragraph

#: The element that stands for paragraphs taken out; a file that has the word is left alone.
SIGN = "plainParagraphs"

_DECLARED = re.compile(
    rb"<\?xml(?:(?!encoding)[^<>])*(?:encoding=[\"']utf-8[\"'][^<>]*)?\?>", re.IGNORECASE
)
_ATTRIBUTES = r'(?: [\w:]++="[^"<&]*+")*+'
#: Elements that are empty and change nothing: names that could change something are kept out.
_NOTHING = (
    rf"(?:<w:(?!comment|footnote|endnote|vanish|highlight|gridSpan|sym|tab/|br|cr/|del|ins|move)\w++"
    rf"{_ATTRIBUTES}/>)*+"
)
_BETWEEN = rf"(?:<w:(?:proofErr|bookmarkStart|bookmarkEnd){_ATTRIBUTES}/>)*+"
_CONTROL = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_TEXT = rf"(?:[^<&{_CONTROL}]++|&(?:amp|lt|gt|quot|apos);)*+"


def _run(group: str) -> str:
    return (
        rf"<w:r{_ATTRIBUTES}>(?:<w:rPr>({group}{_NOTHING})</w:rPr>)?+"
        rf"(?:<w:lastRenderedPageBreak/>)?+({group}<w:tab/>)?+"
        rf"(?:<w:t{_ATTRIBUTES}>({group}{_TEXT})</w:t>)?+</w:r>{_BETWEEN}"
    )


_RUN = re.compile(_run(""))
#: The first two runs, a label and what is said, are caught at once; more are rare.
_PARAGRAPH = re.compile(
    rf"<w:p{_ATTRIBUTES}>(?:<w:pPr>{_NOTHING}(?:<w:rPr>{_NOTHING}</w:rPr>)?+{_NOTHING}</w:pPr>)?+"
    rf"{_BETWEEN}{_run('')}(?:{_run('')})?+((?:{_run('?:')})*+)</w:p>"
)
_STYLE = re.compile(r'<w:([bi])(?: w:val="([^"]*)")?/>')
_OFF = frozenset({"0", "false", "off", "none"})


def lift(data: bytes) -> tuple[str, list[list[Paragraph]]] | None:
    """Take out plain paragraphs; None where the file is not one whose patterns can be trusted.

    Returns
    -------
    The XML with a sign for each stretch of plain paragraphs, and the stretches in order.

    Examples
    --------
    >>> made = lift(b"<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p><w:tbl/>")
    >>> made[0], made[1][0][0].pieces
    ('<plainParagraphs/><w:tbl/>', ['T: Hm.'])
    """
    if data.startswith(b"<?xml") and not _DECLARED.match(data):
        return None
    try:
        xml = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if SIGN in xml or "<!" in xml:  # comments, CDATA and declarations hide what looks like talk
        return None
    stretches: list[list[Paragraph]] = []
    styles: dict[str, int] = {"": 0}
    done = -1

    def take(found: re.Match[str]) -> str:
        nonlocal done
        follows = found.start() == done
        done = found.end()
        made = _paragraph(found, styles)
        if follows:
            stretches[-1].append(made)
            return ""
        stretches.append([made])
        return f"<{SIGN}/>"

    return _PARAGRAPH.sub(take, xml), stretches


def _paragraph(found: re.Match[str], styles: dict[str, int]) -> Paragraph:
    *two, more = found.groups("")
    pieces: list[str] = []
    styled: list[tuple[int, int, int]] = []
    length = 0
    for properties, tab, words in (two[:3], two[3:], *(_RUN.findall(more) if more else ())):
        text = unescape(words) if "&" in words else words
        if tab:
            text = "\t" + text
        if not text:
            continue
        style = styles.get(properties)
        if style is None:
            style = styles[properties] = _style(properties)
        if style:
            styled.append((length, length + len(text), style))
        pieces.append(text)
        length += len(text)
    return Paragraph(pieces, length, [], styled)


def _style(properties: str) -> int:
    on = {name for name, value in _STYLE.findall(properties) if value not in _OFF}
    return BOLD * ("b" in on) | ITALIC * ("i" in on)
