"""From the pieces of a file to turns: merging, and back-channels in or out of a turn."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from itertools import starmap
from typing import TYPE_CHECKING, Literal

import numpy as np

from rupturecode.errors import UsageError
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.numbers import Numbers
from rupturecode.transcript.roles import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rupturecode.transcript.draft import Draft

    Merge = Literal["auto", "same-speaker", "none"] | None
    Backchannels = Literal["as-written", "inside", "own"]

MERGED = "merged"
BACKCHANNEL_INSIDE = "backchannel-inside"
BACKCHANNEL_SPLIT = "backchannel-split"

_SOUND = (
    r"(?:m+[- ]?h+m+|m+|h+m+|uh[- ]?hu+h|u[hm]+|yeah|yep|yes|okay|ok|right|sure|oh|ah|aha|"
    r"i see|mhm|ja|genau|sí|claro|oui|voilà|嗯|对)"
)
_BACKCHANNEL = re.compile(rf"\W*{_SOUND}(?:[\s,.;…-]+{_SOUND}){{0,2}}\W*", re.IGNORECASE)
_BRACKETED = re.compile(r"[\[(]\s*([^\W\d][\w. ]{0,20}?)\s*:\s*([^\[\]()]{1,40})[\])]")


@dataclass(slots=True)
class _Turn:
    """One piece of a draft on its own."""

    speaker: str
    raw: str
    start: int | None
    end: int | None
    line: int
    flags: tuple[str, ...]

    def part(self, speaker: str, text: str, *, first: bool, last: bool) -> _Turn:
        """Return a part of the turn, with its time where it is at an edge."""
        start, end = self.start if first else None, self.end if last else None
        return replace(self, speaker=speaker, raw=text, start=start, end=end)

    def add_flags(self, *names: str) -> None:
        """Put on flags that are not there."""
        self.flags = tuple(dict.fromkeys((*self.flags, *names)))


def group(draft: Draft, merge: Merge = "auto", gap_ms: int | None = None) -> np.ndarray | None:
    """Decide which pieces of a draft belong to one turn.

    Returns the position of each turn's first piece, or None when each is a turn of its own.

    Parameters
    ----------
    draft
        Pieces in the order of the file.
    merge
        ``"same-speaker"`` joins neighbours with the same speaker; None, which study.toml
        can only say as ``"none"``, keeps every piece;
        ``"auto"`` joins where the pieces are captions, which cut turns at will, and keeps
        them where the file itself marks turns. Pieces without a speaker are never joined.
    gap_ms
        Do not join across a longer silence than this; None for any.

    Raises
    ------
    UsageError
        When ``merge`` or ``gap_ms`` is none of these.
    """
    if merge not in ("auto", "same-speaker", "none", None):
        raise UsageError(f"merge={merge!r}: say 'auto', 'same-speaker' or 'none'.")
    if gap_ms is not None and not (isinstance(gap_ms, int | float) and gap_ms >= 0):
        raise UsageError(f"gap_ms={gap_ms!r}: a gap is a number, 0 ms or longer.")
    if merge in (None, "none") or (merge == "auto" and not draft.cues):
        return None
    firsts = array("q")
    before = ""
    for i, speaker in enumerate(draft.speakers):
        if not speaker or speaker != before or _gap(draft, i, gap_ms):
            firsts.append(i)
        before = speaker
    return np.frombuffer(firsts, "int64")


def _gap(draft: Draft, i: int, gap_ms: int | None) -> bool:
    if gap_ms is None:
        return False
    start, end = draft.starts[i], draft.ends[i - 1]
    return start is not None and end is not None and start - end > gap_ms


def is_backchannel(text: str) -> bool:
    """Whether a turn is nothing but a listener's sounds (mm-hm, yeah, right).

    Examples
    --------
    >>> is_backchannel("Mm-hm, right."), is_backchannel("Right, and then?")
    (True, False)
    """
    return len(text) <= 40 and bool(_BACKCHANNEL.fullmatch(text))


def split_backchannels(draft: Draft) -> Draft:
    """Give each labelled back-channel in brackets, ``(T: mm-hm)``, a turn of its own.

    The turn around it is cut in two at that place. Only speakers that the file itself
    names are recognised, so an ordinary note with a colon stays where it is.
    """
    names = {folded(s): s for s in draft.speakers if s}
    held = {m[0] for m in draft.marks}
    made: list[_Turn] = []
    new_place: dict[int, int] = {}
    for i, turn in enumerate(_turns(draft)):
        new_place[i] = len(made)
        parts = [] if i in held else _parts(turn.raw, turn.speaker, names)
        if parts:
            turn.flags += (BACKCHANNEL_SPLIT,)
        else:
            made.append(turn)
        for n, (speaker, text) in enumerate(parts):
            made.append(turn.part(speaker, text, first=n == 0, last=n == len(parts) - 1))
    return _draft_of(made, draft, [(new_place[m[0]], *m[1:]) for m in draft.marks])


def _parts(raw: str, speaker: str, names: dict[str, str]) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    done = 0
    for found in _BRACKETED.finditer(raw):
        other = names.get(folded(found[1]))
        if other is None or other == speaker or not is_backchannel(found[2]):
            continue
        parts += [(speaker, raw[done : found.start()]), (other, found[2].strip())]
        done = found.end()
    if not parts:
        return []
    return [(s, t) for s, t in [*parts, (speaker, raw[done:])] if t.strip()]


def fold_backchannels(draft: Draft) -> Draft:
    """Put a listener's bare sounds between two turns of one speaker inside that turn.

    ``T: So you / C: Mm-hm. / T: went home`` becomes ``T: So you [C: Mm-hm.] went home``.
    """
    turns = list(_turns(draft))
    made: list[_Turn] = []
    new_place: dict[int, tuple[int, int]] = {}
    i = 0
    while i < len(turns):
        turn, following = turns[i], turns[i + 1] if i + 1 < len(turns) else None
        around = made[-1] if made else None
        if around and following and _folds(around, turn, following):
            before = f"{around.raw} [{turn.speaker}: "
            inside = f"{before}{turn.raw.strip()}] "
            indent = len(turn.raw) - len(turn.raw.lstrip())
            new_place[i] = (len(made) - 1, len(before) - indent)
            new_place[i + 1] = (len(made) - 1, len(inside))
            around.raw = inside + following.raw
            around.end = following.end
            around.add_flags(BACKCHANNEL_INSIDE, *turn.flags, *following.flags)
            i += 2
            continue
        new_place[i] = (len(made), 0)
        made.append(turn)
        i += 1
    marks = []
    for place, kind, text, start, end in draft.marks:
        position, shift = new_place[place]
        marks.append((position, kind, text, _shifted(start, shift), _shifted(end, shift)))
    return _draft_of(made, draft, marks)


def _folds(around: _Turn, turn: _Turn, following: _Turn) -> bool:
    """Whether a turn is a listener's sound between two turns of one speaker."""
    return (
        around.speaker == following.speaker
        and turn.speaker not in ("", around.speaker)
        and is_backchannel(turn.raw)
    )


def _turns(draft: Draft) -> Iterator[_Turn]:
    columns = (draft.speakers, draft.raws, draft.starts, draft.ends, draft.lines, draft.flags)
    return starmap(_Turn, zip(*columns, strict=True))


def _draft_of(
    turns: Iterable[_Turn],
    draft: Draft,
    marks: list[tuple[int, str, str, int | None, int | None]],
) -> Draft:
    """Return a draft of the same file with other turns."""
    out = replace(
        draft,
        speakers=[],
        raws=Texts(),
        starts=Numbers(),
        ends=Numbers(),
        lines=Numbers(),
        flags=[],
        marks=marks,
    )
    for t in turns:
        out.add(t.speaker, t.raw, t.start, t.end, line=t.line, flags=t.flags)
    return out


def _shifted(offset: int | None, shift: int) -> int | None:
    return None if offset is None else offset + shift
