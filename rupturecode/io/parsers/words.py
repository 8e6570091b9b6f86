"""Recognised words with times and speakers, gathered into the pieces of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rupturecode.transcript.draft import Draft

PAUSE_MS = 1000


class Word(NamedTuple):
    """A word as a recogniser gives it."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""
    glued: bool = False
    """Punctuation: no space before it."""
    opens: bool = False
    """The recogniser begins a segment or paragraph here."""


def fill_words(draft: Draft, words: Iterable[Word], *, pause_ms: int = PAUSE_MS) -> None:
    """Add a piece for each stretch of one speaker without a pause or new segment.

    Raises
    ------
    ParseError
        When there are no words with text.

    Examples
    --------
    >>> from rupturecode.transcript.draft import Draft
    >>> draft = Draft("x", "s01.json")
    >>> fill_words(draft, [Word("Well", 0, 300), Word(".", glued=True), Word("No", 2000, 2200)])
    >>> draft.raws, draft.starts, draft.ends
    (['Well.', 'No'], [0, 2000], [300, 2200])
    """
    draft.cues = True
    piece: list[Word] = []
    end: int | None = None
    n = empty = 0
    for word in words:
        if not word.text.strip():
            empty += 1
            continue
        n += not word.glued
        if piece and not word.glued and _breaks(piece[0].speaker, end, word, pause_ms):
            _add(draft, piece)
            piece, end = [], None
        piece.append(word)
        end = end if word.end_ms is None else word.end_ms
    if not piece:
        raise ParseError("holds no recognised words", draft.source)
    _add(draft, piece)
    if empty:
        draft.warn(f"{empty} words without text were left out")
    draft.info["words"] = n


def phrase(text: str, start_ms: int | None, end_ms: int | None, speaker: str) -> Iterator[Word]:
    """Give a phrase that has times only as a whole as words, of which it opens a piece.

    Examples
    --------
    >>> [(word.text, word.start_ms, word.end_ms) for word in phrase("So it goes", 0, 900, "T")]
    [('So', 0, None), ('it', None, None), ('goes', None, 900)]
    """
    parts = text.split()
    last = len(parts) - 1
    for i, part in enumerate(parts):
        start, end = start_ms if i == 0 else None, end_ms if i == last else None
        yield Word(part, start, end, speaker, opens=i == 0)


def with_speakers(
    words: Iterable[Word], stretches: Iterable[tuple[int | None, str]]
) -> Iterator[tuple[Word, bool]]:
    """Give each word the speaker of the last stretch that begins before it.

    Parameters
    ----------
    words
        In order of time, without speakers.
    stretches
        Start in milliseconds and speaker, in order of time; one without a start begins at once.

    Yields
    ------
    tuple[Word, bool]
        The word with its speaker, and whether a stretch begins with it.

    Examples
    --------
    >>> told = with_speakers([Word("So", 0), Word("Hm", 900)], [(0, "T"), (800, "C")])
    >>> [(word.speaker, word.text, begins) for word, begins in told]
    [('T', 'So', True), ('C', 'Hm', True)]
    """
    upcoming = iter(stretches)
    speaker, following = "", next(upcoming, None)
    for word in words:
        start, begins = word.start_ms, False
        while following and (following[0] is None or (start is not None and following[0] <= start)):
            speaker, following, begins = following[1], next(upcoming, None), True
        yield word._replace(speaker=speaker), begins


def _breaks(speaker: str, end: int | None, word: Word, pause_ms: int) -> bool:
    if word.opens or word.speaker != speaker:
        return True
    return end is not None and word.start_ms is not None and word.start_ms - end >= pause_ms


def _add(draft: Draft, piece: Sequence[Word]) -> None:
    text = "".join(w.text if w.glued else f" {w.text}" for w in piece).strip()
    starts = [w.start_ms for w in piece if w.start_ms is not None]
    ends = [w.end_ms for w in piece if w.end_ms is not None]
    draft.add(
        piece[0].speaker,
        text,
        starts[0] if starts else None,
        ends[-1] if ends else None,
        line=len(draft) + 1,
    )
