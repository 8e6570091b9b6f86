"""From a turn's raw text to the text a blind coder may see, with its marks and flags."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import UsageError
from rupturecode.transcript.conventions import Found, convention_named
from rupturecode.transcript.conventions.found import meets
from rupturecode.transcript.repair import (
    Edit,
    apply,
    character_edits,
    markup_edits,
    moved,
    sound,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: Anything that a repair could touch: line breaks, tabs, control and invisible characters.
_MAY_REPAIR = re.compile(
    r"[\x00-\x1f\x7f\x85\xa0\xad\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069"
    r"\u3000\ufeff\ufffd]"
)

#: A line break with more white space beside it, all of which becomes one space.
_WIDE_BREAK = re.compile(r"\s\n|\n\s")


class Mark(NamedTuple):
    """A mark in place: ``text[start:end]`` is what it marks; a comment is a point."""

    kind: str
    text: str
    start: int
    end: int


class Cleaned(NamedTuple):
    """What became of one turn's raw text."""

    text: str
    marks: list[Mark]
    flags: list[str]


class Cleaner:
    """Cleans turns under one convention.

    Parameters
    ----------
    convention
        ``"plain"``, ``"jefferson"``, ``"mergenthaler-stinson"``, ``"pit"`` or ``"chat"``.
    comments
        Regular expressions; what they match in a turn is an analyst's comment and is taken
        out of the text.
    markup
        Whether the raw texts hold tags and character references.
    """

    def __init__(
        self, convention: str = "plain", comments: Iterable[str] = (), *, markup: bool = False
    ) -> None:
        self._markup = markup
        self._signs = (*convention_named(convention).SIGNS, *("<&{" if markup else ""))
        self._convention = convention_named(convention)
        #: What it means where the file underlines words.
        self._line = str(getattr(self._convention, "UNDERLINED", "emphasis"))
        self._comments = [_compiled(pattern) for pattern in comments]

    def plain(self, raw: str) -> bool:
        """Whether nothing can be marked or repaired in a raw text, which is then its text."""
        if self._is_signed(raw) or self._comments or raw != raw.strip():
            return False
        return sound(raw) or not (raw.isascii() or _MAY_REPAIR.search(raw))

    def not_plain(self, raws: Sequence[str]) -> set[int]:
        """Return the positions of all raw texts that are not plain, looking at all at once.

        Examples
        --------
        >>> Cleaner().not_plain(["So.", "Mm [sighs].", " so", "Yes."])
        {1, 2}
        """
        if self._comments:
            return set(range(len(raws)))
        whole = "".join(raws)
        ends = list(accumulate(map(len, raws)))
        found: set[int] = set()
        for sign in self._signs:
            at = whole.find(sign)
            while at >= 0:
                i = bisect_right(ends, at)
                if sign in raws[i]:  # else it begins here and ends in the next
                    found.add(i)
                at = whole.find(sign, ends[i])
        if sound(whole) and list(map(str.strip, raws)) == list(raws):
            return found
        return found.union(i for i, raw in enumerate(raws) if not self.plain(raw))

    def _is_signed(self, raw: str) -> bool:
        """Whether a raw text has any of the signs with which marks are written."""
        return any(map(raw.__contains__, self._signs))

    def joined(self, raw: str) -> str | None:
        r"""Return the text of a raw that needs nothing but its lines joined; None of any other.

        Examples
        --------
        >>> Cleaner().joined("I was\nthere."), Cleaner().joined("I was\n[sighs]")
        ('I was there.', None)
        """
        line = raw.replace("\n", " ")
        return line if self.plain(line) and not _WIDE_BREAK.search(raw) else None

    def clean(self, raw: str, given: Sequence[Found] = ()) -> Cleaned:
        """Take out comments, repair characters, and place all marks.

        Parameters
        ----------
        raw
            The turn as in the file.
        given
            Marks that the file format itself carries, with offsets into ``raw``. Those of
            kind ``underlined`` are settled by the convention.

        Examples
        --------
        >>> Cleaner().clean("Mm [*Withdrawal*] fine (sighs).").marks
        [Mark(kind='comment', text='Withdrawal', start=2, end=2),
         Mark(kind='nonverbal', text='(sighs)', start=8, end=15)]
        """
        if all(f.is_point for f in given) and self.plain(raw):
            points = sorted(dict.fromkeys(given), key=lambda f: f.start)
            return Cleaned(raw, [_point(f, len(raw)) for f in points], [])
        own = self._own(raw) if self._comments or self._is_signed(raw) else ()
        found = self._settled([*map(self._read, given), *own])
        flags = list(dict.fromkeys(f.flag for f in found if f.flag))
        marks = [f for f in found if f.kind]
        edits, repairs = character_edits(raw)
        if self._markup:
            edits = markup_edits(raw, edits)
        edits = _with_changes(raw, edits, found)
        whole, places = apply(raw, edits)
        text = whole.strip()
        lead = len(whole) - len(whole.lstrip())

        def place(offset: int) -> int:
            return min(max(moved(offset, edits, places) - lead, 0), len(text))

        return Cleaned(text, [_mark(f, raw, text, place) for f in marks], flags + repairs)

    def _read(self, given: Found) -> Found:
        return replace(given, kind=self._line, text=None) if given.kind == "underlined" else given

    def _own(self, raw: str) -> Iterable[Found]:
        for pattern in self._comments:
            for match in pattern.finditer(raw):
                if match.group():
                    yield Found(*match.span(), "comment", removed=True)
        yield from self._convention.find(raw)

    @staticmethod
    def _settled(found: Sequence[Found]) -> list[Found]:
        """In order, leaving out marks that meet a comment, which goes with all it holds.

        Highlighting stays, for it may be a coder's and have no other trace.
        """
        if len(found) < 2:
            return list(found)
        gone: list[tuple[int, int]] = []
        for f in found:
            if f.removed and not meets(gone, f.start, f.end):
                insort(gone, (f.start, f.end))
        spans = set(gone)
        kept = [
            f
            for f in found
            if f.kind == "highlight"
            or (f.removed and (f.start, f.end) in spans)
            or not meets(gone, f.start, max(f.end, f.start + 1))
        ]
        return sorted(dict.fromkeys(kept), key=lambda f: (f.start, f.end))


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as err:
        raise UsageError(f"comments={pattern!r} is not a regular expression: {err}.") from err


def _with_changes(raw: str, edits: list[Edit], found: Sequence[Found]) -> list[Edit]:
    """Add the removal of comments, each with the space it leaves, and what is shown otherwise."""
    shown = [Edit(f.start, f.end, f.shown) for f in found if f.shown is not None]
    removed = [Edit(*_widened(raw, f.start, f.end)) for f in found if f.kind and f.removed]
    changes: list[Edit] = []
    for change in sorted(shown + removed):
        if changes and change.start < changes[-1].end:
            last = changes[-1]
            changes[-1] = Edit(last.start, max(change.end, last.end), last.new + change.new)
        else:
            changes.append(change)
    taken = [(c.start, c.end) for c in changes]
    clear = [e for e in edits if not meets(taken, e.start, e.end)]
    return sorted(clear + changes)


def _widened(raw: str, start: int, end: int) -> tuple[int, int]:
    """Take one neighbouring space along, so that no double or outer space stays."""
    before = start > 0 and raw[start - 1] == " "
    after = raw[end : end + 1]
    if before and (not after or after.isspace() or after in ".,;:!?"):
        return start - 1, end
    if start == 0 and after == " ":
        return start, end + 1
    return start, end


def _point(found: Found, length: int) -> Mark:
    place = min(max(found.start, 0), length)
    return Mark(found.kind, found.text or "", place, place)


def _mark(found: Found, raw: str, text: str, place: Callable[[int], int]) -> Mark:
    start = place(found.start)
    if found.removed:
        return Mark(found.kind, found.text or raw[found.start : found.end], start, start)
    end = place(found.end)
    return Mark(found.kind, found.text or text[start:end], start, end)
