"""Plain paragraphs of a Word document, taken out by pattern before the XML is parsed.

Most paragraphs of a transcript are runs of text and nothing else. They are found by a strict
pattern and replaced by one short sign for as many as follow each other, so that the parser,
which is asked about every element, meets little but what needs it: tables, changes, comments.
What the pattern does not match is left as it is. The XML is taken in pieces, as it is
unpacked, and never held whole.
"""

from __future__ import annotations

import codecs
import re
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING

from rupturecode.io.parsers.docx_paragraph import BITS, BOLD, COLORS, Paragraph

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterable, Iterator

    #: A paragraph; its text alone, where nothing else of it can matter.
    Plain = Paragraph | str

#: The element that stands for paragraphs taken out; a file that has the word is left alone.
SIGN = "plainParagraphs"
_SIGN = f"<{SIGN}/>"

_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml(?:(?!encoding)[^<>])*(?:encoding=[\"']utf-8[\"'][^<>]*)?\?>",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.IGNORECASE)
#: Comments, CDATA, declarations and instructions: they hide what looks like talk.
_HIDING = re.compile(rf"<[!?]|{SIGN}")
#: A document that goes on for so many characters without ending a paragraph is no talk.
_LONGEST = 8 << 20
_ATTRIBUTES = r'(?: [\w:]++="[^"<&]*+")*+'
#: Elements that are empty and change nothing: names that could change something are kept out.
_NOTHING = (
    rf"(?:<w:(?!comment|footnote|endnote|vanish|gridSpan|sym|tab/|br|cr/|del|ins|move)\w++"
    rf"{_ATTRIBUTES}/>)*+"
)
#: Properties of paragraphs that hold others: numbering, tab stops, borders.
_PROPERTIES = (
    rf"{_NOTHING}(?:<w:(?:numPr|tabs|pBdr)>{_NOTHING}</w:(?:numPr|tabs|pBdr)>{_NOTHING})*+"
)
_BETWEEN = rf"(?:<w:(?:proofErr|bookmarkStart|bookmarkEnd){_ATTRIBUTES}/>)*+"
_CONTROL = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_TEXT = rf"(?:[^<&{_CONTROL}]++|&(?:amp|lt|gt|quot|apos);)*+"


def _run(group: str) -> str:
    return (
        rf"<w:r{_ATTRIBUTES}>(?:<w:rPr>({group}{_NOTHING})</w:rPr>|<w:rPr/>)?+"
        rf"(?:<w:lastRenderedPageBreak/>)?+({group}<w:tab/>)?+"
        rf"(?:<w:t{_ATTRIBUTES}>({group}{_TEXT})</w:t>|<w:t/>)?+</w:r>{_BETWEEN}"
    )


_RUN = re.compile(_run(""))
#: The first two runs, a label and what is said, are caught at once; more are rarer.
_PARAGRAPH = re.compile(
    rf"<w:p{_ATTRIBUTES}>"
    rf"(?:<w:pPr>{_PROPERTIES}(?:<w:rPr>{_NOTHING}</w:rPr>|<w:rPr/>)?+{_NOTHING}</w:pPr>|<w:pPr/>)?+"
    rf"{_BETWEEN}{_run('')}(?:{_run('')})?+((?:{_run('?:')})*+)</w:p>"
)
_GROUPS = _PARAGRAPH.groups + 1
_END = "</w:p>"
_STYLE = re.compile(rf"<w:({'|'.join([*BITS, *COLORS])})((?: [\w:]+=\"[^\"]*\")*)/>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
#: What the looks of a run can matter for: nothing, or bold names alone, or more.
_PLAIN, _BOLD, _DRAWN = range(3)


def lifted(data: Iterable[bytes], stretches: deque[list[Plain]]) -> Iterator[str | bytes]:
    """Take plain paragraphs out of XML that comes in pieces.

    Parameters
    ----------
    data
        The XML as it is unpacked.
    stretches
        Is given the paragraphs that each sign stands for, in order.

    Yields
    ------
    The XML with a sign for each stretch of plain paragraphs. From where the patterns cannot
    be trusted, because of its encoding or of what could hide paragraphs, it is as it was.

    Raises
    ------
    UnicodeDecodeError
        When the XML is not in the encoding that it declares.

    Examples
    --------
    >>> from collections import deque
    >>> taken = deque()
    >>> "".join(lifted([b"<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p><w:tbl/>"], taken)), taken
    ('<plainParagraphs/><w:tbl/>', deque([['T: Hm.']]))
    """
    pieces = iter(data)
    first = next(pieces, b"")
    declared = _DECLARATION.match(first)
    if not declared and _DECLARED.match(first):
        yield first
        yield from pieces
        return
    decode = codecs.getincrementaldecoder("utf-8")().decode
    head = declared.end() if declared else 0
    yield decode(first[:head])
    rest, trusted = "", True
    styles: dict[str | None, int] = {None: _PLAIN, "": _PLAIN}
    for piece in chain([first[head:]], pieces):
        rest += decode(piece)
        cut = rest.rfind(_END) + len(_END)
        if cut >= len(_END) and trusted:
            gaps, found = _taken(rest[:cut], styles)
            trusted = not any(map(_HIDING.search, gaps))
            if trusted:
                stretches.extend(found)
                yield _SIGN.join(gaps)
                rest = rest[cut:]
        trusted = trusted and len(rest) <= _LONGEST
        if not trusted:
            yield rest
            rest = ""
    yield rest + decode(b"", True)


def _taken(xml: str, styles: dict[str | None, int]) -> tuple[list[str], list[list[Plain]]]:
    """Part XML into stretches of plain paragraphs and what is left before, between and after."""
    parts = iter(_PARAGRAPH.split(xml))
    gaps = [next(parts)]
    stretch: list[Plain] = []
    stretches = [stretch]
    looks = styles.get
    gap = ""
    for one, tab, words, two, tab2, words2, more, gap in zip(*[parts] * _GROUPS, strict=True):
        plain = not (more or tab or tab2 or looks(two, _DRAWN))
        if plain and (
            not (first := looks(one, _DRAWN)) or (first == _BOLD and words and ":" in words)
        ):
            text = (words or "") + (words2 or "")
            stretch.append(unescape(text) if "&" in text else text)
        else:
            runs = ((one, tab, words), (two, tab2, words2), *(_RUN.findall(more) if more else ()))
            stretch.append(_paragraph(runs, styles))
        if gap:
            gaps.append(gap)
            stretch = []
            stretches.append(stretch)
    if stretch:
        gaps.append("")
    else:
        stretches.pop()
    return gaps, stretches


def _paragraph(
    runs: Iterable[tuple[str | None, str | None, str | None]], styles: dict[str | None, int]
) -> Plain:
    """Read a paragraph run by run; its text is enough where its looks cannot matter."""
    done = Paragraph()
    for properties, tab, words in runs:
        start = done.length
        if tab:
            done.put("\t")
        if words:
            done.put(unescape(words) if "&" in words else words)
        looks = styles.get(properties)
        if looks is None:
            looks = _looks(properties or "")
            styles[properties] = looks
        if looks and done.length > start:
            done.bits, done.color = 0, ""
            _style(done, properties or "")
            done.styled_since(start)
    return done if done.styled or done.drawn else "".join(done.pieces)


def _style(done: Paragraph, properties: str) -> None:
    """Give the run under way the looks that its properties name."""
    for name, attributes in _STYLE.findall(properties):
        done.style(name, dict(_ATTRIBUTE.findall(attributes)))


def _looks(properties: str) -> int:
    """Tell what properties can matter for, once for all runs that have them."""
    probe = Paragraph()
    _style(probe, properties)
    if probe.color or probe.bits & ~BOLD:
        return _DRAWN
    return _BOLD if probe.bits else _PLAIN
