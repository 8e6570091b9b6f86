"""Signs that a file was not what it seemed: odd speakers, passages that come twice."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rupturecode.transcript.roles import folded

if TYPE_CHECKING:
    from rupturecode.transcript.model import Transcript

_LONG_NAME = 30
_MOST_SPEAKERS = 40
_PARTICLES = frozenset(
    ["van", "von", "de", "der", "den", "del", "da", "di", "la", "le", "al", "el", "bin"]
)
#: Three turns in a row with this many characters hardly come twice by chance.
_TELLING = 60


def suspicious_speakers(talk: Transcript) -> dict[str, str]:
    """Speakers that may be slips, with the reason.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("Taylor", "So."), ("Tailor", "And.")])
    >>> suspicious_speakers(talk)
    {'Tailor': "written much like 'Taylor'"}
    """
    counts = talk.turns["speaker"].value_counts(sort=False).to_dict()
    reasons: dict[str, str] = {}
    names = [n for n in counts if n]
    if "" in counts:
        reasons[""] = "nobody is named"
    for name in names:
        reason = _odd(name)
        if not reason and counts[name] == 1 and len(talk) >= 10:
            reason = "speaks only once"
        if reason:
            reasons[name] = reason
    for i, name in enumerate(names[:_MOST_SPEAKERS]):
        twin = next((n for n in names[:i] if _alike(n, name)), None)
        if twin is not None:
            reasons[name] = f"written much like {twin!r}"
    return reasons


def _odd(name: str) -> str:
    if "unknown" in name.casefold():
        return "not recognised by the transcriber"
    if len(name) > _LONG_NAME:
        return "long for a name"
    words = name.split()
    if len(words) > 2 and sum(w.islower() and w not in _PARTICLES for w in words) >= 2:
        return "reads like speech"
    return ""


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one: the same but for case, one the start of the other, a slip."""
    a, b = folded(one), folded(other)
    if a == b:
        return True
    if min(len(a), len(b)) < 4 or any(c.isdigit() for c in a + b):
        return False
    if a.startswith(b + " ") or b.startswith(a + " "):
        return True
    return SequenceMatcher(None, a, b).ratio() >= 0.8


def duplicated_turns(talk: Transcript) -> set[int]:
    """Numbers of turns in passages of three or more that were there before, word for word."""
    said = list(zip(talk.turns["speaker"], talk.turns["text"], strict=True))
    seen: set[tuple[tuple[str, str], ...]] = set()
    again: set[int] = set()
    for i in range(len(said) - 2):
        passage = tuple(said[i : i + 3])
        if sum(len(text) for _, text in passage) < _TELLING:
            continue
        if passage in seen:
            again.update((i + 1, i + 2, i + 3))
        seen.add(passage)
    return again
