r"""In which units a tool counted: found by holding its quotes against the text.

Offsets come as code points, UTF-16 units or UTF-8 bytes, with or without a byte order
mark and the carriage returns of line ends, and with an end that is the last character or
the one after. Counting in the wrong unit shifts every code a little, which nobody sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.io.exchange.project import Unit

    Ints = NDArray[np.int64]

UNITS: tuple[Unit, ...] = ("code points", "UTF-16 units", "UTF-8 bytes")
_CUT = ("…", "...")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Source:
    """A text without byte order mark and with plain line ends, and what it had of these."""

    text: str
    bom: bool
    returns: tuple[int, ...]
    """Line ends (their places in ``text``) that were two characters."""

    @classmethod
    def of(cls, raw: str) -> Source:
        r"""Take out what shifts.

        Examples
        --------
        >>> Source.of("\ufeffT: Hm.\r\nC: So.")
        Source(text='T: Hm.\nC: So.', bom=True, returns=(6,))
        """
        bare = raw.removeprefix(BOM)
        if "\r" not in bare:
            return cls(bare, len(bare) < len(raw), ())
        parts = bare.split("\r\n")
        ends = np.cumsum([len(p) for p in parts[:-1]]) + np.arange(len(parts) - 1)
        text = "\n".join(parts).replace("\r", "\n")
        return cls(text, len(bare) < len(raw), tuple(map(int, ends)))


@dataclass(frozen=True, slots=True)
class Count:
    """One way of counting."""

    unit: Unit
    bom: bool = False
    crlf: bool = False
    inclusive: bool = False

    def edges(self, source: Source) -> Ints:
        """Return the tool's offset of every place in the text, and of its end.

        Examples
        --------
        >>> Count("UTF-8 bytes").edges(Source.of("née")).tolist()
        [0, 1, 3, 4]
        """
        width = _widths(source.text, self.unit)
        if self.crlf:
            ends = source.returns or [i for i, c in enumerate(source.text) if c == "\n"]
            width[list(ends)] += 1
        first = len(BOM.encode()) if self.unit == "UTF-8 bytes" else 1
        edges: Ints = np.r_[0, np.cumsum(width)] + (first if self.bom else 0)
        return edges

    def __str__(self) -> str:
        also = [
            words
            for said, words in (
                (self.bom, "the byte order mark counted"),
                (self.crlf, "line ends counted as two"),
                (self.inclusive, "the end inclusive"),
            )
            if said
        ]
        return f"{self.unit}{', ' if also else ''}{', '.join(also)}"


def _widths(text: str, unit: Unit) -> Ints:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    width = np.ones(len(points), dtype=np.int64)
    if unit == "UTF-16 units":
        width += points > 0xFFFF
    elif unit == "UTF-8 bytes":
        width += (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
    return width


def find(edges: Ints, offset: int) -> int | None:
    """Return the place in the text that an offset means; None when it falls between two."""
    at = int(np.searchsorted(edges, offset))
    return at if at < len(edges) and edges[at] == offset else None


def same(quote: str, found: str) -> bool:
    """Whether a quote is the text found, white space and a cut-off end left aside.

    Examples
    --------
    >>> same("I did  not…", "I did not say that."), same("so", "so what")
    (True, False)
    """
    quote, found = "".join(quote.split()), "".join(found.split())
    for cut in _CUT:
        if quote.endswith(cut) and not found.endswith(cut):
            return found.startswith(quote.removesuffix(cut))
    return quote == found


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch in the tool's units, with the words it should hold (if the tool says)."""

    start: int
    end: int
    quote: str = ""
    paragraphs: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Where all claims lie in the text, and how this was counted."""

    count: Count
    places: tuple[tuple[int, int] | None, ...]
    good: tuple[bool, ...]
    """Whether the quote was found there (true where there is none to compare)."""


def fit(
    source: Source,
    claims: Sequence[Claim],
    expected: Count,
    paragraphs: Sequence[int] = (),
) -> Fit:
    r"""Find the way of counting under which the most quotes stand where they should.

    Parameters
    ----------
    source
        The text.
    claims
        What the tool says.
    expected
        How it should count; kept unless another way explains more.
    paragraphs
        Where paragraphs begin, for claims that count inside them.

    Examples
    --------
    >>> text = Source.of("😀 I said no.")
    >>> fit(text, [Claim(3, 12, "I said no")], Count("code points")).count.unit
    'UTF-16 units'
    """
    best = _try(source, claims, expected, paragraphs)
    n_quotes = sum(bool(c.quote) for c in claims)
    if _right(best, claims, source) == (n_quotes, n_quotes):
        return best
    for count in _ways(expected):
        other = _try(source, claims, count, paragraphs)
        if _right(other, claims, source) > _right(best, claims, source):
            best = other
    return best


def _ways(expected: Count) -> list[Count]:
    """Return all ways of counting, the likelier first: those that differ in fewer respects."""
    either = (False, True)
    ways = [Count(*way) for way in product(UNITS, either, either, either)]

    def unlikely(way: Count) -> tuple[int, bool]:
        respects = ("unit", "bom", "crlf", "inclusive")
        differ = sum(getattr(way, r) != getattr(expected, r) for r in respects)
        return differ, way.unit == expected.unit

    return sorted(ways, key=unlikely)


def _right(found: Fit, claims: Sequence[Claim], source: Source) -> tuple[int, int]:
    """How many quotes stand where they should, and how many of these without a stray space."""
    stand = [
        (claim.quote, source.text[slice(*place)])
        for good, claim, place in zip(found.good, claims, found.places, strict=True)
        if claim.quote and good and place is not None
    ]
    snug = sum(
        quote[:1].isspace() == words[:1].isspace() and quote[-1:].isspace() == words[-1:].isspace()
        for quote, words in stand
    )
    return len(stand), snug


def _try(source: Source, claims: Sequence[Claim], count: Count, paragraphs: Sequence[int]) -> Fit:
    edges = count.edges(source)
    places = tuple(_place(c, edges, count, paragraphs) for c in claims)
    good = tuple(
        place is not None and (not c.quote or same(c.quote, source.text[place[0] : place[1]]))
        for c, place in zip(claims, places, strict=True)
    )
    return Fit(count, places, good)


def _place(
    claim: Claim, edges: Ints, count: Count, paragraphs: Sequence[int]
) -> tuple[int, int] | None:
    shift = [0, 0]
    if claim.paragraphs is not None:
        if not all(0 <= p < len(paragraphs) for p in claim.paragraphs):
            return None
        shift = [int(edges[paragraphs[p]]) for p in claim.paragraphs]
    start = find(edges, claim.start + shift[0])
    end = find(edges, claim.end + shift[1])
    if start is None or end is None:
        return None
    if count.inclusive:
        end = min(end + 1, len(edges) - 1)
    return (start, end) if start <= end else None
