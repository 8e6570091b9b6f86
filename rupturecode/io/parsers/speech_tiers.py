"""Which tiers of a recording hold speech, and which hold codes, numbers or parts of speech.

Files of ELAN and Praat do not say, so what is no speech, or may be none, is never read as
speech in silence. In ELAN, where tiers have types and hang together, what is sure is left
out and told, and what is doubtful refused until the tiers are named. In Praat, where every
tier stands alone, all are read, and what they may be is told.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError
from rupturecode.transcript.segmentation import is_backchannel

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rupturecode.transcript.draft import Draft

#: Words in names of tiers, or of their types, that do not hold what was said.
_OTHER = frozenset(
    "code codes coding codings coder rupture ruptures repair repairs resolution withdrawal "
    "confrontation marker markers label labels annotation annotations note notes comment comments "
    "affect emotion emotions valence gesture gestures gaze posture nonverbal topic topics event "
    "events section sections phase phases phone phones phoneme phonemes phon phons syllable "
    "syllables mau pitch tone tones tobi stress translation gloss glosses".split()
)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NO_WORD = re.compile(r"\s*(?:[xX]|[-+]?\d+(?:[.,:/]\d+)*%?)?\s*")
_ENDED = re.compile(r"[.?!…,。？！][\"”’)]*$")
_NUMBER = re.compile(r"\S*\d\S*")
#: So many labels are needed for a tier to be told by them.
_ENOUGH = 4
_LONGEST_LABEL = 40
#: So many tiers are compared with one another; no recording has more.
_MOST_COMPARED = 60
#: So many are named in a message.
_MOST_NAMED = 10


class Piece(NamedTuple):
    """A labelled stretch."""

    start_ms: int | None
    end_ms: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A tier as one may judge it."""

    name: str
    pieces: Sequence[Piece]
    kind: str = ""
    """Its type, where the format has types."""
    annotator: str = ""
    below: Sequence[str] = ()
    """Tiers that hang on it and hold words."""


@dataclass(slots=True)
class Sorted:
    """Tiers by what they hold, by position."""

    speech: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    doubts: dict[int, str] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)
    """Those of the speech that hold one word a piece."""


def sort_tiers(layers: Sequence[Layer]) -> Sorted:
    """Sort tiers that nobody has chosen.

    Examples
    --------
    >>> talk = Layer("T", [Piece(0, 2, "So it was."), Piece(3, 4, "And then?")])
    >>> codes = Layer("rupture", [Piece(0, 2, "withdrawal")])
    >>> found = sort_tiers([talk, codes, Layer("level", [Piece(0, 2, "3")])])
    >>> found.speech, found.left, found.doubts
    ([0], [2], {1: 'perhaps codes, notes or sounds'})
    """
    names = [layer.name for layer in layers[:_MOST_COMPARED]]
    left = {i for i, x in enumerate(layers) if _is_ours(x, names) or (_empty(x) and not x.below)}
    rest = [i for i in range(len(layers)) if i not in left]
    parts = _parts(layers, rest[:_MOST_COMPARED])
    found = Sorted(left=sorted(left | parts))
    for i in rest:
        if i in parts:
            continue
        doubt = _doubt(layers[i], [layers[j] for j in found.speech[:_MOST_COMPARED]])
        if doubt:
            found.doubts[i] = doubt
        else:
            found.speech.append(i)
    found.words = [i for i in found.speech if len(layers[i].pieces) >= 10 and _single(layers[i])]
    return found


def _doubt(layer: Layer, before: Sequence[Layer]) -> str:
    """Say why a tier may hold something else than speech."""
    if layer.below and (_empty(layer) or _are_numbers(layer)):
        return f"no words; those below hold some: {', '.join(map(repr, layer.below[:_MOST_NAMED]))}"
    if _named_otherwise(layer) or _come_back(layer):
        return "perhaps codes, notes or sounds"
    for other in before:
        if len(other.pieces) == len(layer.pieces) > 1 and _along(other.pieces, layer.pieces):
            return f"goes piece by piece with {other.name!r}"
    return ""


def _is_ours(layer: Layer, names: Collection[str]) -> bool:
    """Whether the name is that of a tier of codings as we write them, ``code@speaker_coder``."""
    _, at, owner = layer.name.partition("@")
    if not at:
        return False
    typed = layer.kind == "codes" and bool(layer.annotator)
    return typed or any(owner.startswith(f"{name}_") for name in names if name != layer.name)


def _named_otherwise(layer: Layer) -> bool:
    said = f"{layer.name} {layer.kind}"
    return any(token.casefold() in _OTHER for token in _TOKEN.findall(said))


def _come_back(layer: Layer) -> bool:
    """Whether a few short labels come back, as codes do and speech does not."""
    counts = Counter(p.text.strip().casefold() for p in layer.pieces)
    n = counts.total()
    if n < _ENOUGH or 2 * len(counts) > n:
        return False
    if any(len(t) > _LONGEST_LABEL or len(t.split()) > 3 or _ENDED.search(t) for t in counts):
        return False
    return sum(k for text, k in counts.items() if is_backchannel(text) or text == "no") < n / 2


def _are_numbers(layer: Layer) -> bool:
    """Whether pieces have a number of their own, as those to which others refer."""
    texts = [text for p in layer.pieces if (text := p.text.strip())]
    return len({t for t in texts if _NUMBER.fullmatch(t)}) >= 0.9 * len(texts)


def _empty(layer: Layer) -> bool:
    return all(_NO_WORD.fullmatch(p.text) for p in layer.pieces)


def _single(layer: Layer) -> bool:
    texts = [p.text.strip() for p in layer.pieces]
    return sum(" " not in t for t in texts) >= 0.95 * len(texts)


def _parts(layers: Sequence[Layer], among: Sequence[int]) -> set[int]:
    """Return the tiers that cut another up into words or sounds, or repeat it."""
    again = {i for i in among if any(j < i and _alike(layers[i], layers[j]) for j in among)}
    fine = [i for i in among if i not in again and _single(layers[i])]
    return again | {
        i for i in fine if any(_cuts_up(layers[i].pieces, layers[j].pieces) for j in among)
    }


def _alike(one: Layer, other: Layer) -> bool:
    return len(one.pieces) == len(other.pieces) and list(one.pieces) == list(other.pieces)


def _cuts_up(fine: Sequence[Piece], whole: Sequence[Piece]) -> bool:
    if len(fine) <= len(whole) or not _along(whole, fine):
        return False
    return len(whole) > 1 or all(a.end_ms == b.start_ms for a, b in pairwise(fine))


def _along(whole: Sequence[Piece], fine: Sequence[Piece]) -> bool:
    """Whether nearly every piece of one tier begins and ends where pieces of the other do."""
    starts, ends = {p.start_ms for p in fine}, {p.end_ms for p in fine}
    meet = sum(p.start_ms in starts and p.end_ms in ends for p in whole)
    return bool(whole) and meet >= 0.9 * len(whole)


def likely(layers: Sequence[Layer], draft: Draft) -> list[int]:
    """Return the positions of the tiers that hold speech.

    Raises
    ------
    ParseError
        Naming the tiers in doubt, why, and those that are surely speech.
    """
    found = sort_tiers(layers)
    if found.doubts:
        raise ParseError(f"{_named(layers, found.doubts)}. {_way_out(layers, found)}", draft.source)
    _tell_words(layers, found, draft)
    return found.speech


def tell_doubts(layers: Sequence[Layer], draft: Draft) -> None:
    """Note which of the tiers, all of which were read, hardly hold turns of a speaker."""
    found = sort_tiers(layers)
    doubts = dict.fromkeys(found.left, "words or sounds of another tier, or no words")
    doubts |= found.doubts
    if doubts:
        named = _named(layers, dict(sorted(doubts.items())))
        draft.warn(f"read as speech all the same: {named}. {_way_out(layers, found)}")
    _tell_words(layers, found, draft)


def _named(layers: Sequence[Layer], doubts: Mapping[int, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for i, why in doubts.items():
        reasons.setdefault(why, []).append(repr(layers[i].name[:60]))
    said = [f"{', '.join(names[:_MOST_NAMED])} ({why})" for why, names in reasons.items()]
    return "tiers that may hold no speech: " + ", ".join(said[:_MOST_NAMED])


def _way_out(layers: Sequence[Layer], found: Sorted) -> str:
    speech = ", ".join(repr(layers[i].name) for i in found.speech[:_MOST_NAMED]) or "..."
    return f"Say which tiers hold speech: options={{'tiers': [{speech}]}}"


def _tell_words(layers: Sequence[Layer], found: Sorted, draft: Draft) -> None:
    if found.words:
        names = ", ".join(repr(layers[i].name) for i in found.words)
        draft.warn(f"each turn of {names} is a word; merge='same-speaker' joins neighbours")
