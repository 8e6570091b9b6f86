"""What a Word paragraph or table row is while it is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

BOLD, ITALIC, HIDDEN = 1, 2, 4

_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_LONGEST_NAME = 40


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read: pieces of text, and where comments and styles stand."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[tuple[int, str]] = field(default_factory=list)
    styled: list[tuple[int, int, int]] = field(default_factory=list)
    tracked: bool = False
    boxes: list[Paragraph] = field(default_factory=list)
    run: tuple[int, int] | None = None
    """Number of pieces and length where the run under way began; None between runs."""
    style: int = 0

    def put(self, text: str) -> None:
        """Append text."""
        self.pieces.append(text)
        self.length += len(text)


@dataclass(slots=True)
class Row:
    """A table row while it is read."""

    cells: list[str] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    parts: list[str] | None = None
    """Paragraphs of the cell under way."""
    span: int = 1
    deleted: bool = False
    tracked: bool = False


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


def with_italics(text: str, done: Paragraph) -> tuple[str, list[tuple[int, str]]]:
    """Put asterisks inside brackets whose words are all in italics."""
    slanted = [(start, end) for start, end, style in done.styled if style & ITALIC]
    if not slanted or "[" not in text:
        return text, done.comments
    is_slanted = bytearray(len(text))
    for start, end in slanted:
        is_slanted[start:end] = b"\x01" * (end - start)
    places: list[int] = []
    for found in _BRACKETED.finditer(text):
        a, b = found.span(1)
        words = [i for i in range(a, b) if not text[i].isspace()]
        if words and all(is_slanted[i] for i in words) and text[a] != "*":
            places += [a, b]
    if not places:
        return text, done.comments
    marked = "*".join(text[a:b] for a, b in pairwise([0, *places, len(text)]))
    return marked, [(at + sum(p < at for p in places), words) for at, words in done.comments]
