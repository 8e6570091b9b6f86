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
    CONTROLS,
    DECLARATION,
    DECLARED,
    HIDING,
    ITEM,
    NEWER_PREFIX,
    NOTHING,
    PARAGRAPH,
    PARAGRAPH_END,
    PARAGRAPHS_SIGN,
    REFERENCE,
    ROOT,
    ROW,
    ROWS_SIGN,
    STYLE,
    SWIFT,
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
#: What the looks of a run can matter for: nothing, or bold names alone, or more; and no looks.
_PLAIN, _BOLD, _DRAWN, _ODD = 0, 1, 2, 4
#: Properties, a tab, words; else an insertion, a deletion, or what refers to a comment.
_Item = tuple[str | None, str | None, str | None, str]
_REMOVED = ("del", "moveFrom")
_Parted = tuple[list[str], list[list[Plain]]]


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
    looks = _Looks()
    known: frozenset[str] | None = None
    for piece in chain([first[head:]], pieces):
        rest += decode(piece)
        cut = rest.rfind(PARAGRAPH_END) + len(PARAGRAPH_END)
        trusted = trusted and len(piece.translate(None, CONTROLS)) == len(piece)
        if cut >= len(PARAGRAPH_END) and trusted:
            if known is None:
                known = _declared(rest)
            trusted = "<w1" not in rest or known.issuperset(NEWER_PREFIX.findall(rest, 0, cut))
        if cut >= len(PARAGRAPH_END) and trusted:
            gaps, found = _paragraphs(rest[:cut], looks)
            trusted = not any(map(HIDING.search, gaps))
            if trusted:
                yield _rows(PARAGRAPHS_SIGN.join(gaps), found, taken)
                rest = rest[cut:]
        trusted = trusted and len(rest) <= _LONGEST
        if not trusted:
            yield rest
            rest = ""
    yield rest + decode(b"", True)


def _declared(xml: str) -> frozenset[str]:
    """Return the prefixes of namespaces that the element around the document declares."""
    root = ROOT.match(xml)
    return frozenset(filter(None, DECLARATION.findall(root[1]) if root else ()))


class _Looks(dict[str | None, int]):
    """What properties can matter for, found out once for all runs that have them."""

    def __init__(self) -> None:
        super().__init__({None: _PLAIN, "": _PLAIN})
        self.styles: dict[str | None, tuple[int, str]] = {}
        self.all_sound = True
        """Whether all that was taken for properties was that."""

    def __missing__(self, properties: str) -> int:
        probe = Paragraph()
        for name, attributes in STYLE.findall(properties):
            probe.style(name, dict(ATTRIBUTE.findall(attributes)))
        drawn = probe.color or probe.bits & ~BOLD
        matter = _DRAWN if drawn else _BOLD if probe.bits else _PLAIN
        sound = NOTHING.fullmatch(properties) is not None
        self.all_sound = self.all_sound and sound
        self[properties] = matter if sound else _ODD
        self.styles[properties] = probe.bits, probe.color
        return self[properties]


def _paragraphs(xml: str, looks: _Looks) -> _Parted:
    """Part XML into stretches of plain paragraphs and what is left before, between and after."""
    if "\ufffe" in xml or "\uffff" in xml:
        return [xml], []
    swift = looks.all_sound and "\r" not in xml and not ("&" in xml and REFERENCE.search(xml))
    found = _parted(SWIFT.split(xml), looks) if swift else None
    return found or _parted(PARAGRAPH.split(xml), looks) or ([xml], [])


def _parted(split: Iterable[str], looks: _Looks) -> _Parted | None:
    """Tell stretches of paragraphs from gaps; None where what was taken for looks is not."""
    parts = iter(split)
    gaps = [next(parts)]
    stretch: list[Plain] = []
    stretches = [stretch]
    for front, one, tab, words, two, tab2, words2, more, gap in zip(
        *[parts] * _GROUPS, strict=True
    ):
        first = looks[one]
        seen = first | looks[two]
        text = words or ""
        named = first and ":" not in text  # only a name at the start matters for being bold
        text = f"\t{text}" if tab else text
        if words2 or tab2:
            named = named or not text
            text += f"\t{words2 or ''}" if tab2 else words2 or ""
        items: list[_Item] = []
        changes: list[tuple[int, str]] = []
        if more:
            items = ITEM.findall(more)
            named = named or not text
            for properties, tab3, words3, change in items:
                seen |= looks[properties]
                text += f"\t{words3}" if tab3 else words3 or ""
                if change:
                    changes.append((len(text), change))
        if (seen | looks[front]) & _ODD or "]]>" in text:
            return None
        drawn = seen & _DRAWN or (seen and named)
        if drawn:
            items = [(one, tab, words, ""), (two, tab2, words2, ""), *items]
            stretch.append(_drawn(items, looks))
        else:
            said = unescape(text) if "&" in text else text
            stretch.append(_changed(said, text, changes) if changes else said)
        if gap:
            gaps.append(gap)
            stretch = []
            stretches.append(stretch)
    if stretch:
        gaps.append("")
    else:
        stretches.pop()
    return gaps, stretches


def _changed(said: str, text: str, changes: Iterable[tuple[int, str]]) -> Paragraph:
    """Put a paragraph together that has changes and comments at places in the XML's text."""
    done = Paragraph([said], len(said))
    for at, change in changes:
        _change(done, at if said is text else len(unescape(text[:at])), change)
    return done


def _drawn(items: Iterable[_Item], looks: _Looks) -> Plain:
    """Put a paragraph together whose looks may matter."""
    done = Paragraph()
    for properties, tab, words, change in items:
        start = done.length
        if tab:
            done.put("\t")
        if words:
            done.put(unescape(words) if "&" in words else words)
        if looks[properties] and done.length > start:
            done.bits, done.color = looks.styles[properties]
            done.styled_since(start)
        if change:
            _change(done, done.length, change)
    return done if done.is_more_than_text else "".join(done.pieces)


def _change(done: Paragraph, at: int, change: str) -> None:
    """Note an insertion, a deletion, or what refers to a comment, at its place in the text."""
    if change.startswith("comment"):
        done.references.append((at, _number(change)))
    else:
        done.tracked = True
        done.removed = done.removed or change.startswith(_REMOVED)


def _number(comment: str) -> str:
    """Return the id of what refers to a comment: nearly always its only attribute."""
    head, _, rest = comment.partition(' w:id="')
    if rest and '"' not in head:
        return rest.partition('"')[0]
    return next((value for name, value in ATTRIBUTE.findall(comment) if name == "id"), "")


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


def texts_of(row: PlainRow) -> tuple[str, ...] | None:
    """Return the texts of a row's cells; None where anything else of them can matter."""
    texts: list[str] = []
    for cell in row:
        for paragraph in cell:
            if not isinstance(paragraph, str):
                return None
        texts.append(cell[0] if len(cell) == 1 else "\n".join(cell))  # type: ignore[arg-type]
    return tuple(texts)
