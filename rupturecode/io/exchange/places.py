"""Where on the turns a coding stands: by offsets and quote, by time, or by turn number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.io.exchange.alignment import Alignment, Stretch, align, squeezed
from rupturecode.io.exchange.counting import Claim, Count, Source, fit
from rupturecode.io.exchange.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.io.exchange.project import Coding, Document, Project
    from rupturecode.transcript import Transcript

_CUT = ("…", "...")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A turn, a span or a session, as columns of the ``annotations`` table."""

    kind: str
    unit: int | None
    first: int | None
    last: int | None
    start: int | None = None
    end: int | None = None

    def columns(self) -> tuple[object, ...]:
        """Kind, unit, first and last turn, first and last place."""
        return self.kind, self.unit, self.first, self.last, self.start, self.end


SESSION = Spot("session", 1, None, None)


def spot_of(stretch: Stretch, talk: Transcript) -> Spot:
    """Return a stretch of turns as what it is: a turn, or a span.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine.")])
    >>> spot_of(Stretch(1, 1, 0, 5), talk).columns()
    ('turn', 2, 2, 2, None, None)
    >>> spot_of(Stretch(0, 1, 4, 5), talk).columns()
    ('span', None, 1, 2, 4, 5)
    """
    numbers, texts = talk.turns["turn"], talk.turns["text"]
    first, last = int(numbers.iloc[stretch.first]), int(numbers.iloc[stretch.last])
    opening, closing = texts.iloc[stretch.first], texts.iloc[stretch.last]
    whole = (
        not opening[: stretch.start].strip(),
        not closing[stretch.end :].strip(),
    )
    if all(whole):
        if first == last:
            return Spot("turn", first, first, last)
        return Spot("span", None, first, last)
    return Spot("span", None, first, last, stretch.start, stretch.end)


@dataclass(slots=True)
class TextPlaces:
    """The spots of a document's codings that stand on words; None for those that do not."""

    spots: list[Spot | str | None]
    said: str = ""
    """How the tool counted."""
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, document: Document, codings: Sequence[Coding], talk: Transcript, project: Project
    ) -> TextPlaces:
        """Anchor all codings of a document at once, so that one way of counting serves all."""
        made = cls([_without_words(c) for c in codings])
        todo = [i for i, spot in enumerate(made.spots) if spot is None and _has_words(codings[i])]
        if not todo:
            return made
        anchor = _Anchor.of(document, talk)
        known = document.text is not None or project.plain
        counted = [i for i in todo if codings[i].start is not None and known]
        if counted:
            made._count(counted, codings, anchor, project)
        for i in set(todo) - set(counted):
            made.spots[i] = anchor.quote(codings[i].quote, codings[i].near)
        if anchor.alignment.share < 1:
            missing = 1 - anchor.alignment.share
            made.warnings.append(
                f"document {document.name!r} lacks {missing:.1%} of the words of session "
                f"{talk.session}, or has them otherwise"
            )
        return made

    def _count(
        self, at: Sequence[int], codings: Sequence[Coding], anchor: _Anchor, project: Project
    ) -> None:
        """Settle codings that have offsets."""
        source, name = anchor.source, anchor.document.name
        claims = [_claim(codings[i]) for i in at]
        bom = source.bom and project.unit != "UTF-8 bytes"
        expected = Count(project.unit, bom=bom, crlf=project.crlf and bool(source.returns))
        found = fit(source, claims, expected, anchor.document.paragraphs)
        self.said = str(found.count)
        if found.count != expected:
            self.warnings.append(f"document {name!r}: offsets count {found.count}, not {expected}")
        n_moved = n_named = 0
        for i, claim, place, good in zip(at, claims, found.places, found.good, strict=True):
            if good and place is not None:
                self.spots[i] = anchor.place(*place)
                continue
            start = place[0] if place else min(max(claim.start, 0), len(source.text))
            self.spots[i] = anchor.moved(claim.quote, start)
            if not isinstance(self.spots[i], str):
                n_moved += 1
            elif project.named and place is not None:
                self.spots[i] = anchor.place(*place)
                n_named += 1
        for n, what in (
            (n_moved, "quotes did not stand at their offsets and were found elsewhere"),
            (n_named, "selections are called otherwise than their words; offsets place them"),
        ):
            if n:
                self.warnings.append(f"document {name!r}: {n} {what}")


def _has_words(coding: Coding) -> bool:
    return coding.start is not None or bool(coding.quote)


def _without_words(coding: Coding) -> Spot | None:
    """Return the session for a coding of the whole document."""
    stands = (coding.start, coding.start_ms, coding.first_turn)
    return SESSION if stands == (None, None, None) and not coding.quote else None


def _claim(coding: Coding) -> Claim:
    start = coding.start or 0
    end = coding.end if coding.end is not None else start
    return Claim(start, end, coding.quote, coding.paragraphs)


def _aligned(text: str, turns: list[str], document: Document) -> Alignment:
    """Align a session's document, or that of a single turn."""
    if document.turn is None or not 1 <= document.turn <= len(turns):
        return align(text, turns)
    one = align(text, [turns[document.turn - 1]])
    shifted = np.where(one.turn >= 0, document.turn - 1, -1)
    return Alignment(shifted, one.char, one.share)


@dataclass(slots=True)
class _Anchor:
    """A document's text with the turns in it."""

    document: Document
    talk: Transcript
    source: Source
    alignment: Alignment
    _letters: tuple[str, NDArray[np.int64]] | None = None

    @classmethod
    def of(cls, document: Document, talk: Transcript) -> _Anchor:
        """Take the tool's text, or the transcript's where the file brings none."""
        source = Source.of(Page.of(talk).text if document.text is None else document.text)
        turns = talk.turns["text"].tolist()
        return cls(document, talk, source, _aligned(source.text, turns, document))

    @property
    def text(self) -> str:
        return self.source.text

    def place(self, start: int, end: int) -> Spot | str:
        stretch = self.alignment.stretch(start, end)
        if stretch is None:
            shown = " ".join(self.text[start:end].split())[:_SHOWN]
            return f"the stretch {start}-{end} ({shown!r}) holds no words of a turn"
        return spot_of(stretch, self.talk)

    def moved(self, quote: str, near: int) -> Spot | str:
        """Find a quote that is not at its place: the only one, or one that is clearly nearest."""
        places = sorted(self._occurrences(quote), key=lambda p: abs(p[0] - near))
        if not places:
            return f"the quote {quote[:_SHOWN]!r} does not stand at its place or anywhere else"
        distances = [abs(p[0] - near) for p in places]
        if len(places) > 1 and 2 * distances[0] >= distances[1]:
            return (
                f"the quote {quote[:_SHOWN]!r} does not stand at its place, but {len(places)} "
                "times elsewhere, and none is clearly nearest"
            )
        return self.place(*places[0])

    def quote(self, quote: str, near: int | None) -> Spot | str:
        """Find a quote by its words alone, or with a paragraph's number to choose by."""
        places = self._occurrences(quote)
        if not places:
            return f"the quote {quote[:_SHOWN]!r} does not stand in the transcript"
        if len(places) > 1 and near is None:
            n = len(places)
            return f"the quote {quote[:_SHOWN]!r} stands there {n} times, and nothing says which"
        if len(places) > 1:
            turn = self.alignment.turn
            places.sort(key=lambda p: abs(int(turn[p[0]]) + 1 - (near or 0)))
            away = [abs(int(turn[p[0]]) + 1 - (near or 0)) for p in places]
            if away[0] == away[1]:
                return (
                    f"the quote {quote[:_SHOWN]!r} stands there {len(places)} times, and "
                    f"paragraph {near} does not say which"
                )
        return self.place(*places[0])

    def _occurrences(self, quote: str) -> list[tuple[int, int]]:
        wanted, _ = squeezed(quote)
        for cut in _CUT:
            wanted = wanted.removesuffix(cut)
        if self._letters is None:
            self._letters = squeezed(self.text)
        letters, at = self._letters
        found, start = [], letters.find(wanted) if wanted else -1
        while start >= 0:
            found.append((int(at[start]), int(at[start + len(wanted) - 1]) + 1))
            start = letters.find(wanted, start + 1)
        return found


def turn_times(talk: Transcript) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the turns' first and last milliseconds; one without end lasts until the next."""
    begins = talk.turns["start_ms"].to_numpy(dtype=float, na_value=np.nan)
    finishes = talk.turns["end_ms"].to_numpy(dtype=float, na_value=np.nan)
    follow = np.r_[begins[1:], np.nan] if len(begins) else begins
    return begins, np.where(
        np.isnan(finishes), np.where(follow >= begins, follow, np.nan), finishes
    )


def by_time(coding: Coding, talk: Transcript) -> Spot | None:
    """Find the turns that a stretch of time overlaps; exactly one turn's time is that turn."""
    if coding.start_ms is None:
        return None
    start = coding.start_ms
    end = start if coding.end_ms is None else coding.end_ms
    begins, finishes = turn_times(talk)
    numbers = talk.turns["turn"].to_numpy(dtype=int)
    exact = np.flatnonzero((begins == start) & (finishes == end))
    if len(exact):
        said = talk.turns["speaker"].to_numpy(dtype=object)[exact] == coding.speaker
        turn = int(numbers[exact[int(said.argmax())]])
        return Spot("turn", turn, turn, turn)
    edges = np.flatnonzero(begins == start), np.flatnonzero(finishes == end)
    if len(edges[0]) and len(edges[1]) and edges[0][0] < edges[1][-1]:
        return Spot("span", None, int(numbers[edges[0][0]]), int(numbers[edges[1][-1]]))
    hit = np.flatnonzero(_overlap(begins, finishes, start, end))
    if not len(hit):
        return None
    return Spot("span", None, int(numbers[hit[0]]), int(numbers[hit[-1]]))


def _overlap(
    begins: NDArray[np.float64], finishes: NDArray[np.float64], start: int, end: int
) -> NDArray[np.bool_]:
    """Which turns share some time with a stretch; the last turn may never end."""
    finishes = finishes.copy()
    if len(finishes) and np.isnan(finishes[-1]):
        finishes[-1] = np.inf
    if start == end:
        return np.asarray((begins <= start) & (finishes > start))
    return np.asarray((begins < end) & (finishes > start))


def by_turns(coding: Coding, talk: Transcript) -> Spot | str:
    """Take turn numbers as they are."""
    if coding.first_turn is None:
        if coding.start_ms is None:
            return "the coding stands on nothing"
        if talk.turns["start_ms"].isna().all():
            return f"session {talk.session} has no times to place codings by"
        return f"no turn is spoken at {coding.start_ms} ms"
    first, last = coding.first_turn, coding.last_turn or coding.first_turn
    if first == last:
        return Spot("turn", first, first, last)
    return Spot("span", None, first, last)
