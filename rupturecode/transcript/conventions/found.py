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


def bare(remark: str) -> str:
    """Return the words of a remark without its brackets and signs."""
    return remark.strip("[]()").strip().strip("*_").strip()
