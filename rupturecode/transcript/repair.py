"""Repairs of characters: what is changed between a turn's raw and its text, each one flagged.

A repair is an :class:`Edit` of the raw text. Nothing here touches letters or punctuation:
curly quotes, dashes and marks of writing direction stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from rupturecode.transcript.conventions.found import meets

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO_WIDTH = "zero-width"
BOM = "bom"
SOFT_HYPHEN = "soft-hyphen"
NO_BREAK_SPACE = "no-break-space"
CONTROL = "control-character"
LINES_JOINED = "lines-joined"
REPLACEMENT = "replacement-character"
DIRECTION = "direction-mark"

#: What each flag means, for the import report.
MEANING = {
    ZERO_WIDTH: "zero-width spaces removed",
    BOM: "byte order mark inside the text removed",
    SOFT_HYPHEN: "soft hyphens removed",
    NO_BREAK_SPACE: "no-break and other wide spaces turned into plain spaces",
    CONTROL: "control characters removed",
    LINES_JOINED: "line breaks inside the turn turned into spaces",
    REPLACEMENT: "the file holds U+FFFD: letters were lost before it came here",
    DIRECTION: "marks of writing direction found and kept",
}

#: Zero-width joiners (U+200C, U+200D) are letters' business in Persian, Arabic and emoji.
_FOUND = re.compile(
    r"(?P<white>(?<![ \t])[ \t]*+[^\S \t]\s*+)"
    r"|(?P<zero>[\u200b\u2060]+)"
    r"|(?P<bom>\ufeff+)"
    r"|(?P<hyphen>\u00ad+)"
    r"|(?P<lost>\ufffd+)"
    r"|(?P<direction>[\u200e\u200f\u202a-\u202e\u2066-\u2069]+)"
    r"|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+)"
)
#: Tags of captions (``<c>``, ``<00:01.000>``), placing in SRT (``{\\an8}``), references.
_MARKUP = re.compile(
    r"</?[A-Za-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}|(&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});)"
)
_LOST = "\ufffd"
_LONG = 1000
#: What of ASCII is not printable.
_UNPRINTABLE = bytes([*range(32), 127])
_BREAK = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_WIDE = re.compile(r"[^\S\t ]")
_RULES: dict[str, tuple[str, str | None]] = {
    "zero": (ZERO_WIDTH, ""),
    "bom": (BOM, ""),
    "hyphen": (SOFT_HYPHEN, ""),
    "lost": (REPLACEMENT, None),
    "direction": (DIRECTION, None),
    "control": (CONTROL, ""),
}


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One stretch of raw text and what stands for it in the text."""

    start: int
    end: int
    new: str = ""


def sound(raw: str) -> bool:
    r"""Whether a text surely needs no repair, without looking at each character by its rule.

    Whatever a repair touches is either not printable or U+FFFD.

    Examples
    --------
    >>> sound("Sch\u00f6n \u2026"), sound("so\u200b"), sound("lost \ufffd")
    (True, False, False)
    """
    if len(raw) > _LONG and raw.isascii():  # said of each character, but four times as fast
        return len(raw.encode().translate(None, _UNPRINTABLE)) == len(raw)
    return raw.isprintable() and "\ufffd" not in raw


def character_edits(raw: str) -> tuple[list[Edit], list[str]]:
    r"""Find what must be repaired in a turn's raw text, and the flags to put on the turn.

    Examples
    --------
    >>> character_edits("so\u200b it goes")
    ([Edit(start=2, end=3, new='')], ['zero-width'])
    """
    if raw.isprintable() and _LOST not in raw:  # nothing that is looked for can be printed
        return [], []
    edits: list[Edit] = []
    flags: dict[str, None] = {}
    if sound(raw):
        return edits, []
    for found in _FOUND.finditer(raw):
        if found.lastgroup == "white":
            flag, run = _white(found.group())
            if flag:
                flags[flag] = None
                edits.append(Edit(found.start(), found.end(), run))
            continue
        flag, new = _RULES[str(found.lastgroup)]
        flags[flag] = None
        if new is not None:
            edits.append(Edit(found.start(), found.end(), new))
    return edits, list(flags)


def _white(run: str) -> tuple[str, str]:
    """Return the flag and what stands for a run of white space; no flag where it stays."""
    if _BREAK.search(run):
        return LINES_JOINED, " "
    plain = _WIDE.sub(" ", run)
    return (NO_BREAK_SPACE, plain) if plain != run else ("", run)


def markup_edits(raw: str, others: Sequence[Edit]) -> list[Edit]:
    """Add to other edits the removal of tags and the reading of character references.

    Examples
    --------
    >>> markup_edits("<i>so</i> &amp; so", [])
    [Edit(start=0, end=3, new=''), Edit(start=5, end=9, new=''), Edit(start=10, end=15, new='&')]
    """
    edits = [
        Edit(found.start(), found.end(), "" if found[1] is None else _character(found[1]))
        for found in _MARKUP.finditer(raw)
    ]
    taken = [(m.start, m.end) for m in edits]
    clear = [e for e in others if not meets(taken, e.start, e.end)]
    return sorted(clear + edits)


def _character(reference: str) -> str:
    """Return what a character reference stands for, repaired like any other character."""
    text = unescape(reference)
    edits, _ = character_edits(text)
    return apply(text, edits)[0]


def apply(raw: str, edits: Sequence[Edit]) -> tuple[str, list[int]]:
    """Apply edits that are in order and do not overlap.

    Returns the text, and for each edit where it stands in the text.
    """
    pieces: list[str] = []
    places: list[int] = []
    done = length = 0
    for edit in edits:
        pieces += (raw[done : edit.start], edit.new)
        length += edit.start - done
        places.append(length)
        length += len(edit.new)
        done = edit.end
    pieces.append(raw[done:])
    return "".join(pieces), places


def moved(offset: int, edits: Sequence[Edit], places: Sequence[int]) -> int:
    """Where an offset into the raw text falls in the edited text."""
    last = bisect_right(edits, offset, key=lambda edit: edit.start) - 1
    if last < 0:
        return offset
    edit, place = edits[last], places[last]
    if offset < edit.end:
        return place + min(offset - edit.start, len(edit.new))
    return offset + place + len(edit.new) - edit.end
