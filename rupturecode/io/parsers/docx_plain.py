"""Plain paragraphs of a Word document, taken out by pattern before the XML is parsed.

Most paragraphs of a transcript are runs of text, some of them inserted, deleted or commented
on, and most rows of tables hold such paragraphs. They are found by strict patterns and
replaced by one short sign for as many as follow each other, so that the parser, which is
asked about every element, meets little but what needs it. What no pattern matches stays.
The XML is taken in pieces, as it is unpacked, and never held whole.
"""

from __future__ import annotations

import codecs
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING

from rupturecode.io.parsers.docx_paragraph import BOLD, Paragraph
from rupturecode.io.parsers.docx_patterns import (
    ATTRIBUTE,
    DECLARED,
    HIDING,
    ITEM,
    PARAGRAPH,
    PARAGRAPH_END,
    PARAGRAPHS_SIGN,
    ROW,
    ROWS_SIGN,
    STYLE,
    TRUSTED,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A paragraph; its text alone, where nothing else of it can matter.
Plain = Paragraph | str
#: A table row: the paragraphs of each cell.
PlainRow = list[list[Plain]]

#: A document that goes on for so many characters without ending a paragraph is no talk.
_LONGEST = 8 << 20
_GROUPS = PARAGRAPH.groups + 1
#: What the looks of a run can matter for: nothing, or bold names alone, or more.
_PLAIN, _BOLD, _DRAWN = range(3)


@dataclass(slots=True)
class Taken:
    """What was taken out and not yet put back: what each sign stands for, in order."""

    paragraphs: deque[list[Plain]] = field(default_factory=deque)
    rows: deque[list[PlainRow]] = field(default_factory=deque)


def lifted(data: Iterable[bytes], taken: Taken) -> Iterator[str | bytes]:
    """Take plain paragraphs and rows out of XML that comes in pieces.

    Parameters
    ----------
    data
        The XML as it is unpacked.
    taken
        Is given what each sign stands for, before the sign is yielded.

    Yields
    ------
    The XML with a sign for each stretch of plain paragraphs or rows. From where the patterns cannot
    be trusted, because of its encoding or of what could hide paragraphs, it is as it was.

    Raises
    ------
    UnicodeDecodeError
        When the XML is not in the encoding that it declares.

    Examples
    --------
    >>> taken = Taken()
    >>> "".join(lifted([b"<w:p><w:r><w:t>T: Hm.</w:t></w:r></w:p><w:tbl/>"], taken))
    '<plainParagraphs/><w:tbl/>'
    >>> taken.paragraphs
    deque([['T: Hm.']])
    """
    pieces = iter(data)
    first = next(pieces, b"")
    declared = TRUSTED.match(first)
    if not declared and DECLARED.match(first):
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
        cut = rest.rfind(PARAGRAPH_END) + len(PARAGRAPH_END)
        if cut >= len(PARAGRAPH_END) and trusted:
            gaps, found = _paragraphs(rest[:cut], styles)
            trusted = not any(map(HIDING.search, gaps))
            if trusted:
                yield _rows(PARAGRAPHS_SIGN.join(gaps), found, taken)
                rest = rest[cut:]
        trusted = trusted and len(rest) <= _LONGEST
        if not trusted:
            yield rest
            rest = ""
    yield rest + decode(b"", True)


def _paragraphs(xml: str, styles: dict[str | None, int]) -> tuple[list[str], list[list[Plain]]]:
    """Part XML into stretches of plain paragraphs and what is left before, between and after."""
    parts = iter(PARAGRAPH.split(xml))
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
            done = Paragraph()
            _add(done, one, tab, words, styles)
            _add(done, two, tab2, words2, styles)
            if more:
                _go_on(done, more, styles)
            stretch.append(done if done.is_more_than_text else "".join(done.pieces))
        if gap:
            gaps.append(gap)
            stretch = []
            stretches.append(stretch)
    if stretch:
        gaps.append("")
    else:
        stretches.pop()
    return gaps, stretches


def _rows(xml: str, stretches: list[list[Plain]], taken: Taken) -> str:
    """Take whole rows out of what is left, and hand over what each sign stands for."""
    if "<w:tr" not in xml:
        taken.paragraphs.extend(stretches)
        return xml
    parts = iter(ROW.split(xml))
    gap = next(parts)
    left = [gap]
    at = gap.count(PARAGRAPHS_SIGN)
    taken.paragraphs.extend(stretches[:at])
    rows: list[PlainRow] = []
    for cells, gap in zip(parts, parts, strict=True):
        n = cells.count(PARAGRAPHS_SIGN)
        if not rows:
            left.append(ROWS_SIGN)
            taken.rows.append(rows)
        rows.append(stretches[at : at + n])
        at += n
        if gap:
            n = gap.count(PARAGRAPHS_SIGN)
            taken.paragraphs.extend(stretches[at : at + n])
            at += n
            left.append(gap)
            rows = []
    return "".join(left)


def _go_on(done: Paragraph, more: str, styles: dict[str | None, int]) -> None:
    """Add what follows the first two runs: runs, changes, comments."""
    for found in ITEM.finditer(more):
        kind = found.lastgroup
        if kind == "gone":
            done.tracked = done.removed = True
        elif kind == "new":
            done.tracked = True
        elif kind == "reference":
            for name, value in ATTRIBUTE.findall(found["reference"]):
                if name == "id":
                    done.references.append((done.length, value))
        else:
            _add(done, found[1], found[2], found[3], styles)


def _add(
    done: Paragraph,
    properties: str | None,
    tab: str | None,
    words: str | None,
    styles: dict[str | None, int],
) -> None:
    """Add a run."""
    start = done.length
    if tab:
        done.put("\t")
    if words:
        done.put(unescape(words) if "&" in words else words)
    looks = styles.get(properties)
    if looks is None:
        looks = styles[properties] = _looks(properties or "")
    if looks and done.length > start:
        done.bits, done.color = 0, ""
        _style(done, properties or "")
        done.styled_since(start)


def _style(done: Paragraph, properties: str) -> None:
    """Give the run under way the looks that its properties name."""
    for name, attributes in STYLE.findall(properties):
        done.style(name, dict(ATTRIBUTE.findall(attributes)))


def _looks(properties: str) -> int:
    """Tell what properties can matter for, once for all runs that have them."""
    probe = Paragraph()
    _style(probe, properties)
    if probe.color or probe.bits & ~BOLD:
        return _DRAWN
    return _BOLD if probe.bits else _PLAIN
