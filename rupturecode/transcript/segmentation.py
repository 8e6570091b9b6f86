"""From the pieces of a file to turns: merging, and back-channels in or out of a turn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rupturecode.errors import UsageError
from rupturecode.transcript.roles import folded

if TYPE_CHECKING:
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
class Pieces:
    """A draft's pieces grouped into turns: ``groups[i]`` are the pieces of turn *i*."""

    groups: list[list[int]]
    flags: dict[int, list[str]] = field(default_factory=dict)
    """Flags by position of the turn."""

    def flag(self, turn: int, name: str) -> None:
        """Put a flag on a turn once."""
        flags = self.flags.setdefault(turn, [])
        if name not in flags:
            flags.append(name)


def group(draft: Draft, merge: Merge = "auto", gap_ms: int | None = None) -> Pieces | None:
    """Decide which pieces of a draft belong to one turn; None when each is a turn of its own.

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
    if gap_ms is not None and gap_ms < 0:
        raise UsageError(f"gap_ms={gap_ms}: a gap is 0 ms or longer.")
    if merge in (None, "none") or (merge == "auto" and not draft.cues):
        return None
    groups: list[list[int]] = []
    before = ""
    for i, speaker in enumerate(draft.speakers):
        if speaker and speaker == before and not _gap(draft, i, gap_ms):
            groups[-1].append(i)
        else:
            groups.append([i])
        before = speaker
    pieces = Pieces(groups)
    for turn, members in enumerate(groups):
        if len(members) > 1:
            pieces.flag(turn, MERGED)
    return pieces


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
    out = _like(draft)
    new_place: dict[int, int] = {}
    for i, raw in enumerate(draft.raws):
        new_place[i] = len(out)
        flags = tuple(draft.flags.get(i, ()))
        parts = [] if i in held else _parts(raw, draft.speakers[i], names)
        if not parts:
            out.add(
                draft.speakers[i],
                raw,
                draft.starts[i],
                draft.ends[i],
                line=draft.lines[i],
                flags=flags,
            )
        for n, (speaker, text) in enumerate(parts):
            start = draft.starts[i] if n == 0 else None
            end = draft.ends[i] if n == len(parts) - 1 else None
            out.add(
                speaker, text, start, end, line=draft.lines[i], flags=(*flags, BACKCHANNEL_SPLIT)
            )
    out.marks = [(new_place[m[0]], *m[1:]) for m in draft.marks]
    return out


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
    out = _like(draft)
    new_place: dict[int, tuple[int, int]] = {}
    i, n = 0, len(draft)
    while i < n:
        speaker = draft.speakers[i]
        folds = (
            i > 0 and i + 1 < n and bool(out.speakers) and out.speakers[-1] == draft.speakers[i + 1]
        )
        if folds and speaker not in ("", out.speakers[-1]) and is_backchannel(draft.raws[i]):
            inside = f" [{speaker}: {draft.raws[i].strip()}] "
            new_place[i] = (len(out) - 1, len(out.raws[-1]) + len(inside) - 2)
            new_place[i + 1] = (len(out) - 1, len(out.raws[-1]) + len(inside))
            out.raws[-1] += inside + draft.raws[i + 1]
            out.ends[-1] = draft.ends[i + 1]
            _add_flag(out, BACKCHANNEL_INSIDE, draft.flags.get(i, []) + draft.flags.get(i + 1, []))
            i += 2
            continue
        new_place[i] = (len(out), 0)
        flags = tuple(draft.flags.get(i, ()))
        out.add(
            speaker, draft.raws[i], draft.starts[i], draft.ends[i], line=draft.lines[i], flags=flags
        )
        i += 1
    for place, kind, text, start, end in draft.marks:
        turn, shift = new_place[place]
        out.marks.append((turn, kind, text, _shifted(start, shift), _shifted(end, shift)))
    return out


def _like(draft: Draft) -> Draft:
    """Return an empty draft of the same file."""
    return replace(draft, speakers=[], raws=[], starts=[], ends=[], lines=[], flags={}, marks=[])


def _add_flag(draft: Draft, flag: str, others: list[str]) -> None:
    flags = draft.flags.setdefault(len(draft) - 1, [])
    flags += [f for f in dict.fromkeys([flag, *others]) if f not in flags]


def _shifted(offset: int | None, shift: int) -> int | None:
    return None if offset is None else offset + shift
