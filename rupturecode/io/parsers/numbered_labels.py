"""Labels that number the turns (``T1``, ``P1``, ``T2`` ...), so that each stands once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.transcript.draft import Draft

NUMBERED = "turn-numbered-label"
_LABEL = re.compile(r"(?P<name>[^\W\d_][^\d]*?)[ .#-]{0,2}(?P<number>\d{1,5})")
#: So few numbers in a row may be people, ``C1`` and ``C2`` of a couple, not turns.
_FEWEST = 3


def unnumber(draft: Draft) -> None:
    """Give the turns of numbered labels to one speaker each, flagged, where numbering is sound.

    Sound means that every label has a number and that the numbers count the turns, of the
    file or of each speaker, without a gap or repeat. Otherwise nothing is changed.
    """
    names = without_numbers(draft.speakers)
    if names is None:
        return
    draft.warn(
        f"labels number the turns ({draft.speakers[0]}, {draft.speakers[1]}, ...): "
        f"read as {', '.join(dict.fromkeys(names))}"
    )
    draft.speakers = names
    for turn in range(len(draft)):
        draft.flag(turn, NUMBERED)


def without_numbers(labels: Sequence[str]) -> list[str] | None:
    """Return labels without their numbers, or None where these do not count the turns.

    Examples
    --------
    >>> without_numbers(["T1", "P1", "T2", "P2", "T3", "P3"])
    ['T', 'P', 'T', 'P', 'T', 'P']
    >>> without_numbers(["C1", "C2", "C1", "C2", "C3"]) is None
    True
    """
    names: list[str] = []
    numbers: list[int] = []
    for label in labels:
        found = _LABEL.fullmatch(label)
        if found is None:
            return None
        names.append(found["name"])
        numbers.append(int(found["number"]))
    own: dict[str, list[int]] = {}
    for name, number in zip(names, numbers, strict=True):
        own.setdefault(name, []).append(number)
    if max(map(len, own.values()), default=0) < _FEWEST or (len(own) > 1 and _few(own)):
        return None
    if _in_a_row(numbers) or all(map(_in_a_row, own.values())):
        return names
    return None


def _few(own: dict[str, list[int]]) -> bool:
    """Whether most names have so few numbers that these may be people."""
    return 2 * sum(len(numbers) < _FEWEST for numbers in own.values()) >= len(own)


def _in_a_row(numbers: Sequence[int]) -> bool:
    return list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
