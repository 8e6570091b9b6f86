"""One mark as a convention finds it in a turn's raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_REMARK = re.compile(
    r"\[\s*+(?P<sign>\*{1,3}|_{1,3})(?=[^\s*_])(?:[^\[\]]|\[[^\[\]]*+\])*?(?P=sign)\s*+\]"
)

_SQUARE = re.compile(r"\[([^\[\]]++)\]")
#: How coders and analysts word a remark that does not stand in italics.
CODERS_WORDS = re.compile(
    r"(coder|analyst|rater|code|note|memo|comment|observer|supervisor)s?\b.{0,30}:"
    r"|.*\b(withdrawal|confrontation|ruptured?|ruptures|alliance|resolution stage|repair attempt)"
    r"\b",
    re.IGNORECASE | re.DOTALL,
)
#: A bracket said to be a comment by its words, not by italics: worth a look by the lab.
COMMENT_BY_WORDING = "comment-by-wording"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A mark and its place in the raw text; ``text`` is given only where it differs.

    A mark with ``removed`` is taken out of the text (analyst comments); all others stay, as
    ``shown`` where that is given. Without a kind, it is a repair of the text and no mark.
    """

    start: int
    end: int
    kind: str
    removed: bool = False
    text: str | None = None
    flag: str = ""
    shown: str | None = None

    @property
    def is_point(self) -> bool:
        """Whether this is but a comment at a place, by which nothing in the text changes."""
        bare = self.kind == "comment" and not (self.removed or self.flag) and self.shown is None
        return bare and self.start == self.end


def meets(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch shares a character with any of some that are apart and in order.

    Examples
    --------
    >>> meets([(0, 3), (5, 8)], 3, 5), meets([(0, 3), (5, 8)], 4, 6)
    (False, True)
    """
    before = bisect_left(spans, (end, 0))
    return before > 0 and spans[before - 1][1] > start


def remarks(raw: str) -> list[Found]:
    """Find remarks in italics inside brackets, wherever they stand: no blind coder may see them.

    Examples
    --------
    >>> [m.text for m in remarks("Yes ([*pulls back [3]*]) no.")]
    ['pulls back [3]']
    """
    return [
        Found(m.start(), m.end(), "comment", removed=True, text=bare(m.group()))
        for m in _REMARK.finditer(raw)
    ]


def worded_remarks(raw: str) -> list[Found]:
    """Find remarks in italics, and square brackets that hold a coder's words.

    For conventions in which square brackets mean nothing else.

    Examples
    --------
    >>> [m.text for m in worded_remarks("Yes [withdrawal?] [*so*] [no].")]
    ['so', 'withdrawal?']
    """
    italic = remarks(raw)
    taken = [(m.start, m.end) for m in italic]
    return italic + [
        by_wording(m.start(), m.end(), m[1].strip())
        for m in _SQUARE.finditer(raw)
        if CODERS_WORDS.match(m[1].strip()) and not meets(taken, m.start(), m.end())
    ]


def by_wording(start: int, end: int, text: str) -> Found:
    """Take out a remark that is known by its words alone."""
    return Found(start, end, "comment", removed=True, text=text, flag=COMMENT_BY_WORDING)


def bare(remark: str) -> str:
    """Return the words of a remark without its brackets and signs."""
    return remark.strip("[]()").strip().strip("*_").strip()
