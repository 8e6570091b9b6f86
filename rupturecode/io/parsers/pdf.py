"""PDF with a text layer: its lines in order, without page furniture and margin numbers.

What a page adds to the talk is taken off and named: running headers and footers, page
numbers, numbers of paragraphs or lines in the margin, text that lies outside the page.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from rupturecode.errors import MissingExtraError, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from pdfplumber.page import Page

_MOST_PAGES = 3000
_MOST_LOOKED_UP = 500_000  # a page takes some dozens
_LARGEST_STREAM = 32 << 20
_LARGEST_TOTAL = 256 << 20
_EDGE = 0.1  # share of a page's height in which headers and footers lie
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 4000  # bytes before a stream in which its dictionary is looked for
_TWICE = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)\b")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|de)\s*\d{1,4})?[-–—\s]*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>\d{1,5})(?:[.)]?\s+|$)")
_NO_TEXT = (
    "has no text layer, as a scan has none: run text recognition (OCR) on it, "
    "or ask for the file it was printed from"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; ``opens`` says that white space or a number sets it off."""

    text: str
    page: int
    opens: bool


@dataclass(frozen=True, slots=True)
class PdfText:
    """The lines of all pages, and what was taken off them."""

    lines: tuple[Line, ...]
    n_pages: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Printed:
    """A line as it lies on its page, in points from the top."""

    text: str
    page: int
    top: float
    bottom: float
    height: float

    @property
    def at_edge(self) -> bool:
        return self.bottom < _EDGE * self.height or self.top > (1 - _EDGE) * self.height


def parse(data: bytes, *, source: str) -> PdfText:
    """Read the text of a PDF.

    Raises
    ------
    ParseError
        When the file is damaged, needs a password, unpacks to absurd size or has no text.
    MissingExtraError
        When pdfplumber is not installed.
    """
    _refuse_bombs(data, source)
    printed, n_pages, outside = _printed(data, source)
    if n_pages > _MOST_PAGES:
        raise ParseError(f"has {n_pages} pages; at most {_MOST_PAGES} are read", source)
    if not printed:
        raise ParseError(_NO_TEXT, source)
    notes = [f"{outside} characters outside the page were left out"] if outside else []
    kept, furniture = _without_furniture(printed, n_pages)
    if furniture:
        notes.append(f"{furniture} lines of page headers, footers and page numbers were left out")
    body, numbered = _without_numbers(kept)
    if numbered:
        notes.append("numbers in the margin were left out")
    pages_read = {line.page for line in printed}
    if len(pages_read) < n_pages:
        notes.append(f"{n_pages - len(pages_read)} of {n_pages} pages have no text")
    return PdfText(tuple(body), n_pages, tuple(notes))


def _refuse_bombs(data: bytes, source: str) -> None:
    """Unpack every stream that is not a picture, within bounds, before anyone else does."""
    total = 0
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - _DICTIONARY) : match.start()]
        dictionary = before[max(0, before.rfind(b"endobj")) :]
        if b"/Fl" not in dictionary or b"/Image" in dictionary:
            continue
        if _TWICE.search(dictionary):
            raise ParseError("a stream is packed twice, as in a bomb", source)
        try:
            chunk = memoryview(data)[match.end() : match.end() + _LARGEST_STREAM]
            size = len(zlib.decompressobj().decompress(chunk, _LARGEST_STREAM + 1))
        except zlib.error:
            continue  # encrypted or damaged: the reader will say so
        total += size
        if size > _LARGEST_STREAM or total > _LARGEST_TOTAL:
            raise ParseError("unpacks to an absurd size, as a bomb does", source)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the PDF library's remarks about odd files off the screen."""
    logger = logging.getLogger("pdfminer")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _no_rings(library: ModuleType) -> Iterator[None]:
    """Stop a document whose objects refer to each other in a ring, which the library follows."""
    before = library.PDFDocument

    class Bounded(before):  # type: ignore[misc, valid-type]
        looked = 0

        def getobj(self, objid: int) -> object:
            self.looked += 1
            if self.looked > _MOST_LOOKED_UP:
                raise ValueError("objects refer to each other in a ring")
            return super().getobj(objid)

    library.PDFDocument = Bounded  # type: ignore[attr-defined]
    try:
        yield
    finally:
        library.PDFDocument = before  # type: ignore[attr-defined]


def _printed(data: bytes, source: str) -> tuple[list[_Printed], int, int]:
    """Return the lines that lie on the pages, the number of pages, and characters off them."""
    try:
        import pdfplumber
    except ModuleNotFoundError as err:
        raise MissingExtraError("Reading pdf", str(err.name), "pdf") from err
    lines: list[_Printed] = []
    outside = 0
    try:
        with _silent(), _no_rings(pdfplumber.pdf), pdfplumber.open(BytesIO(data)) as document:
            n_pages = len(document.pages)
            for number, page in enumerate(document.pages[:_MOST_PAGES], start=1):
                found, off = _page_lines(page, number)
                lines += found
                outside += off
                page.close()
    except Exception as err:  # the library raises whatever a broken file makes it meet
        if "Password" in type(err).__name__ or "Password" in str(err.__cause__ or err.args):
            raise ParseError("is protected by a password; save a copy without one", source) from err
        raise ParseError(f"is damaged or not a PDF: {type(err).__name__}", source) from err
    return lines, n_pages, outside


def _page_lines(page: Page, number: int) -> tuple[list[_Printed], int]:
    """Return the lines wholly on the page: one cut by its edge is printed again on the next."""
    left, top, right, bottom = page.bbox

    def inside(char: dict[str, float]) -> bool:
        across = left - 0.5 <= char["x0"] <= right + 0.5
        return across and top - 0.5 <= char["top"] and char["bottom"] <= bottom + 0.5

    on_page = page.filter(lambda thing: thing.get("object_type") != "char" or inside(thing))
    off = sum(not inside(char) and bool(char["text"].strip()) for char in page.chars)
    found = [
        _Printed(
            line["text"].strip(), number, line["top"] - top, line["bottom"] - top, bottom - top
        )
        for line in on_page.extract_text_lines(return_chars=False, strip=True)
    ]
    return [line for line in found if line.text], off


def _without_furniture(lines: Sequence[_Printed], n_pages: int) -> tuple[list[_Printed], int]:
    """Leave out what stands at the edge of a page and is a page number or comes on most pages."""
    pages_with: Counter[str] = Counter()
    for _, masked in sorted({(line.page, _masked(line)) for line in lines if line.at_edge}):
        pages_with[masked] += 1
    often = max(2, n_pages / 2)
    kept = [
        line
        for line in lines
        if not line.at_edge
        or not (_PAGE_NUMBER.match(line.text) or pages_with[_masked(line)] >= often)
    ]
    return kept, len(lines) - len(kept)


def _masked(line: _Printed) -> str:
    return re.sub(r"\d+", "#", line.text)


def _without_numbers(lines: Sequence[_Printed]) -> tuple[list[Line], bool]:
    """Take off margin numbers: leading numbers that count on from line to line."""
    found = [(i, m) for i, line in enumerate(lines) if (m := _NUMBERED.match(line.text))]
    numbers = [int(m["number"]) for _, m in found]
    steps = [b - a for a, b in pairwise(numbers)]
    counting = sum(step in (1, 5) or b == 1 for step, b in zip(steps, numbers[1:], strict=False))
    strip = len(numbers) >= 4 and counting >= 0.8 * len(steps)
    ends = {i: m.end() for i, m in found} if strip else {}
    each_line = len(ends) > 0.8 * len(lines)  # then a number does not open a paragraph
    gaps = _gaps(lines)
    body = [
        Line(line.text[ends.get(i, 0) :], line.page, gaps[i] or (i in ends and not each_line))
        for i, line in enumerate(lines)
    ]
    return [line for line in body if line.text], strip


def _gaps(lines: Sequence[_Printed]) -> list[bool]:
    """Whether more than the usual space stands above each line; never at the top of a page."""
    above = [
        b.top - a.top if a.page == b.page and b.top > a.top else None for a, b in pairwise(lines)
    ]
    known = [gap for gap in above if gap is not None]
    usual = median(known) if known else 0.0
    smallest = min(known, default=0.0)
    limit = 1.3 * (usual if usual < 1.3 * smallest else smallest)
    return [True, *(gap is not None and gap > limit for gap in above)][: len(lines)]


def unwrap(text: str, words: frozenset[str]) -> tuple[str, int]:
    r"""Join printed lines to running text; blank lines stay as breaks.

    A hyphen at a line's end is dropped when the joined word stands elsewhere in the file or
    the hyphenated one does not.

    Returns
    -------
    The text, and the number of hyphens dropped.

    Examples
    --------
    >>> unwrap("He was relent-\nless, a well-\nknown man.", frozenset(["well-known"]))
    ('He was relentless, a well-known man.', 1)
    """
    dropped = 0
    paragraphs: list[str] = []
    for block in text.split("\n\n"):
        joined = ""
        for line in block.split("\n"):
            if _splits_word(joined, line):
                first, second = joined.rsplit(maxsplit=1)[-1], line.split(maxsplit=1)[0]
                keep = _bare(first + second) in words
                dropped += not keep
                joined = joined + line if keep else joined[:-1] + line
            else:
                joined = f"{joined} {line}" if joined and line else joined + line
        paragraphs.append(joined)
    return "\n".join(paragraphs), dropped


def _splits_word(before: str, after: str) -> bool:
    return (
        len(before) > 1
        and before[-1] in "-\u00ad\u2010"
        and before[-2].islower()
        and after[:1].islower()
    )


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()[]“”‘’").casefold()


def vocabulary(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words with a hyphen inside, for :func:`unwrap`."""
    return frozenset(_bare(w) for line in lines for w in line.text.split() if "-" in w[1:-1])
