"""Turns that another speaker breaks into, as a dash at their end says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rupturecode.transcript.columns import Texts

INTERRUPTED = "interrupted"
_DASHES = ("-", "–", "—")
#: By convention, what breaks off the words of a turn. Elsewhere a bare hyphen is a sound cut off
#: (Jefferson) and spaced dashes are a pause (Mergenthaler and Stinson); CHAT has signs of its own.
_BROKEN = {
    "plain": re.compile(r"(?:[\w'’)\]][,;]?|[\w'’)\]][^\w\s]{0,3}\s)\s*[-–—]+$"),
    "jefferson": re.compile(r"[\w'’]\s?(?:--+|[–—]+)$"),
    "mergenthaler-stinson": re.compile(r"[\w'’](?:--+|[–—]+)$"),
}
_BROKEN["pit"] = _BROKEN["plain"]
#: Characters from the end that are looked at.
_TAIL = 12


def interrupted(texts: Texts, speakers: Sequence[str], convention: str) -> Iterator[int]:
    """Yield the positions of turns that break off with a dash where another speaker goes on.

    Examples
    --------
    >>> from rupturecode.transcript.columns import Texts
    >>> said = Texts(["I was going -", "Home?", "Well-", "Yes--", "-"])
    >>> list(interrupted(said, ["C", "T", "C", "C", "T"], "plain"))
    [0, 3]
    """
    broken = _BROKEN.get(convention)
    if broken is None:
        return
    for turn in texts.ending_with(*_DASHES):
        speaker, after = speakers[turn], "".join(speakers[turn + 1 : turn + 2])
        if speaker and after and after != speaker and broken.search(texts[turn][-_TAIL:]):
            yield turn
