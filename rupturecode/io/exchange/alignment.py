"""Where the turns of a session stand in the text that a tool has of it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

#: Characters (white space left out) that may stand between one turn and the next.
_BETWEEN = 200
#: Longest gap whose characters are compared one by one; that costs the square of it.
_LONGEST_GAP = 20_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of turns (from 0), with places in the first and the last one."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """For every character of a text its turn (-1 for none) and its place in that turn."""

    turn: Ints
    char: Ints
    share: float
    """How much of the turns' words was found."""

    def stretch(self, start: int, end: int) -> Stretch | None:
        """Return the stretch of turns that lies in a stretch of the text.

        Labels, times and blank lines between turns belong to none; None when there is
        nothing else.
        """
        inside = start + np.flatnonzero(self.turn[start:end] >= 0)
        if not len(inside):
            return None
        low, high = int(inside[0]), int(inside[-1])
        return Stretch(
            int(self.turn[low]), int(self.turn[high]), int(self.char[low]), int(self.char[high]) + 1
        )


def squeezed(text: str) -> tuple[str, Ints]:
    """Return a text without white space, and where its characters come from."""
    places = [i for i, c in enumerate(text) if not c.isspace()]
    return "".join(text.split()), np.array(places, dtype=np.int64)


def align(text: str, turns: Sequence[str]) -> Alignment:
    r"""Find each turn in a text, in order; turns that were edited are matched by characters.

    Examples
    --------
    >>> found = align("T: How was it?\nC: Fine.", ["How was it?", "Fine."])
    >>> found.stretch(3, 23), found.share
    (Stretch(first=0, last=1, start=0, end=5), 1.0)
    """
    whole, at = squeezed(text)
    pieces = [squeezed(t) for t in turns]
    starts = _sequence(whole, [p for p, _ in pieces])
    turn = np.full(len(text), -1, dtype=np.int64)
    char = np.full(len(text), -1, dtype=np.int64)
    found = 0
    for number, ((letters, inner), start) in enumerate(zip(pieces, starts, strict=True)):
        if start is None or not letters:
            continue
        found += len(letters)
        places = at[start : start + len(letters)]
        turn[places], char[places] = number, inner
        first = int(places[0]) - int(inner[0])
        if first >= 0 and text[first : first + len(turns[number])] == turns[number]:
            turn[first : first + len(turns[number])] = number
            char[first : first + len(turns[number])] = np.arange(len(turns[number]))
    for gap in _gaps(starts, pieces, len(whole)):
        found += _edited(gap, whole, pieces, _Found(at, turn, char))
    total = sum(len(letters) for letters, _ in pieces)
    return Alignment(turn, char, found / total if total else 1.0)


def _sequence(whole: str, pieces: Sequence[str]) -> list[int | None]:
    """Find pieces in order, none too far behind the one before."""
    starts: list[int | None] = []
    at, missed = 0, 0
    for piece in pieces:
        limit = at + missed + _BETWEEN + len(piece)
        found = whole.find(piece, at, limit) if piece else -1
        if found < 0:
            missed += 2 * len(piece) + _BETWEEN if piece else 0
            starts.append(None)
            continue
        starts.append(found)
        at, missed = found + len(piece), 0
    return starts


@dataclass(frozen=True, slots=True)
class _Gap:
    """Turns not found whole, and the stretch of text they must lie in."""

    turns: tuple[int, ...]
    low: int
    high: int


def _gaps(starts: Sequence[int | None], pieces: Sequence[tuple[str, Ints]], end: int) -> list[_Gap]:
    gaps: list[_Gap] = []
    low, waiting = 0, []
    for number, start in enumerate([*starts, end]):
        if start is None:
            waiting.append(number)
            continue
        if any(pieces[n][0] for n in waiting):
            gaps.append(_Gap(tuple(waiting), low, start))
        waiting = []
        low = start + (len(pieces[number][0]) if number < len(pieces) else 0)
    return gaps


@dataclass(frozen=True, slots=True)
class _Found:
    """Where squeezed characters stand in the text, and the turns found there so far."""

    at: Ints
    turn: Ints
    char: Ints


def _edited(gap: _Gap, whole: str, pieces: Sequence[tuple[str, Ints]], known: _Found) -> int:
    """Match the turns of a gap character by character; return how many were matched."""
    letters = "".join(pieces[n][0] for n in gap.turns)
    if gap.high - gap.low > _LONGEST_GAP or len(letters) > _LONGEST_GAP:
        return 0
    owner = np.concatenate([np.full(len(pieces[n][0]), n) for n in gap.turns])
    inner = np.concatenate([pieces[n][1] for n in gap.turns])
    matcher = SequenceMatcher(None, whole[gap.low : gap.high], letters, autojunk=False)
    found = 0
    for block in matcher.get_matching_blocks():
        if block.size < min(4, len(letters)):
            continue  # letters that any two texts share
        places = known.at[gap.low + block.a : gap.low + block.a + block.size]
        known.turn[places] = owner[block.b : block.b + block.size]
        known.char[places] = inner[block.b : block.b + block.size]
        found += block.size
    return found
