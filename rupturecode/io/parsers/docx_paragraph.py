"""What a Word paragraph is while it is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from rupturecode.io.parsers.blocks import HIGHLIGHT, UNDERLINED, Drawn, draw, trimmed

if TYPE_CHECKING:
    from collections.abc import Mapping

BOLD, ITALIC, HIDDEN, LINE = 1, 2, 4, 8
#: The elements of a run's properties that are read, and the bits of those that have one.
BITS = {"b": BOLD, "i": ITALIC, "vanish": HIDDEN, "u": LINE}
COLORS = ("highlight", "shd")

_OFF = frozenset({"0", "false", "off", "none"})
_NO_COLOR = frozenset({"", "none", "auto", "FFFFFF"})
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_LONGEST_NAME = 40


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read: pieces of text, and where comments and styles stand."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[tuple[int, str]] = field(default_factory=list)
    styled: list[tuple[int, int, int]] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    tracked: bool = False
    removed: bool = False
    """Whether a change took words out."""
    references: list[tuple[int, str]] = field(default_factory=list)
    """Offsets and ids of comments whose words are not yet looked up."""
    boxes: list[Paragraph] = field(default_factory=list)
    heading: bool = False
    """Whether its style is that of a title or heading."""
    joins: bool = False
    """Whether a change took its end away, so that the next goes on with it."""
    run: tuple[int, int] | None = None
    """Number of pieces and length where the run under way began; None between runs."""
    bits: int = 0
    color: str = ""

    @property
    def is_more_than_text(self) -> bool:
        """Whether anything but the text can matter."""
        return bool(self.styled or self.drawn or self.tracked or self.references)

    def put(self, text: str) -> None:
        """Append text."""
        self.pieces.append(text)
        self.length += len(text)

    def go_on(self, later: Paragraph) -> None:
        """Take on the content of the next paragraph."""
        shift = self.length
        self.pieces += later.pieces
        self.length += later.length
        self.comments += [(shift + at, words) for at, words in later.comments]
        self.styled += [(shift + start, shift + end, bits) for start, end, bits in later.styled]
        self.drawn += [d.at(shift + d.start, shift + d.end, d.cell) for d in later.drawn]
        self.tracked, self.joins = True, later.joins

    def remark(self) -> int:
        """Make one comment of the text boxes that hang here; returns how many characters."""
        found = [settled(box) for box in self.boxes]
        words = "\n".join(text for text, _, _ in found if text.strip())
        if words:
            self.comments.append((self.length, words))
        self.comments += [(self.length, said) for _, comments, _ in found for _, said in comments]
        return len(words)

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take one element of the properties of the run under way; a highlight beats shading."""
        bit = BITS.get(name, 0)
        if bit:
            default = "none" if bit == LINE else "1"
            if attributes.get("val", default) not in _OFF:
                self.bits |= bit
        elif name == "highlight":
            self.color = _color(attributes.get("val", "")) or self.color
        elif not self.color and attributes.get("val") != "nil":
            fill = _color(attributes.get("fill", ""))
            self.color = f"#{fill}" if fill else ""

    def styled_since(self, start: int) -> None:
        """Let the looks of the run under way hold for the text from there on."""
        end = self.length
        if end > start:
            if self.bits & (BOLD | ITALIC):
                self.styled.append((start, end, self.bits))
            if self.bits & LINE:
                draw(self.drawn, Drawn(UNDERLINED, "", start, end))
            if self.color:
                draw(self.drawn, Drawn(HIGHLIGHT, self.color, start, end))


def _color(value: str) -> str:
    """Return a color's name; empty for those that cannot be seen on paper."""
    return "" if value in _NO_COLOR or value == "white" else value


def bold_name(text: str, done: Paragraph) -> int:
    """How many characters at the start are a bold name: bold, without a colon, and not all."""
    end = 0
    for start, stop, style in done.styled:
        if start != end or not style & BOLD:
            break
        end = stop
    head = text[:end].rstrip()
    named = 0 < len(head) <= _LONGEST_NAME and ":" not in text[: end + 1]
    return len(head) if named and text[end:].strip() else 0


def settled(done: Paragraph) -> tuple[str, list[tuple[int, str]], list[Drawn]]:
    """Return the text with asterisks inside brackets in italics, comments, and what is drawn."""
    text = "".join(done.pieces)
    places = _italic_brackets(text, done) if done.styled and "[" in text else []
    drawn = trimmed(done.drawn, text) if done.drawn else []
    if not places:
        return text, done.comments, drawn

    def moved(offset: int) -> int:
        return offset + sum(p < offset for p in places)

    marked = "*".join(text[a:b] for a, b in pairwise([0, *places, len(text)]))
    comments = [(moved(at), words) for at, words in done.comments]
    return marked, comments, [d.at(moved(d.start), moved(d.end), 0) for d in drawn]


def _italic_brackets(text: str, done: Paragraph) -> list[int]:
    """Where brackets begin and end whose words are all in italics."""
    slanted = [(start, end) for start, end, style in done.styled if style & ITALIC]
    if not slanted:
        return []
    is_slanted = bytearray(len(text))
    for start, end in slanted:
        is_slanted[start:end] = b"\x01" * (end - start)
    places: list[int] = []
    for found in _BRACKETED.finditer(text):
        a, b = found.span(1)
        words = [i for i in range(a, b) if not text[i].isspace()]
        if words and all(is_slanted[i] for i in words) and text[a] != "*":
            places += [a, b]
    return places
