"""Find the turns and units of a transcript again after it has changed."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.annotation.grid import Grid

    Matched = Mapping[int, tuple[int, str]]

#: How alike (0 to 1) a turn must be to count as the same one reworded.
ALIKE = 0.75


def texts_of(rows: pd.DataFrame) -> dict[int, str]:
    """Return the words of every turn."""
    pairs = zip(rows["turn"], rows["text"].fillna(""), strict=True)
    return {int(turn): str(text) for turn, text in pairs}


def match_turns(before: Mapping[int, str], after: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Match old turns with new ones: new number, and whether same, moved or reworded."""
    old, new = list(before), list(after)
    words = [" ".join(before[t].split()) for t in old], [" ".join(after[t].split()) for t in new]
    found: dict[int, tuple[int, str]] = {}
    free = set(range(len(new)))
    opcodes = SequenceMatcher(None, *words, autojunk=False).get_opcodes()
    for tag, i, i_end, j, _ in opcodes:
        if tag == "equal":
            for k in range(i_end - i):
                fate = "same" if old[i + k] == new[j + k] else "moved"
                found[old[i + k]] = (new[j + k], fate)
                free.discard(j + k)
    for tag, i, i_end, j, j_end in opcodes:
        if tag == "equal":
            continue
        for k in range(i, i_end):
            at, fate = _elsewhere(words, k, free, range(j, j_end))
            if at is not None:
                found[old[k]] = (new[at], fate)
                free.discard(at)
    return found


def _elsewhere(
    words: tuple[list[str], list[str]], k: int, free: set[int], here: range
) -> tuple[int | None, str]:
    """Find an old turn among the new ones that are free: verbatim anywhere, or much alike here."""
    text = words[0][k]
    same = [at for at in free if words[1][at] == text]
    if len(same) == 1 and words[0].count(text) == 1:
        return same[0], "moved"
    likeness = {
        at: SequenceMatcher(None, text, words[1][at], autojunk=False).ratio()
        for at in here
        if at in free
    }
    best = max(likeness, key=lambda at: likeness[at], default=None)
    if best is not None and likeness[best] >= ALIKE:
        return best, "reworded"
    return None, "lost"


def match_units(
    old: Grid, new: Grid, matched: Mapping[str, Matched]
) -> dict[tuple[str, int], tuple[int, str]]:
    """Match windows and the like: new number and fate, where one holds the very same turns."""
    places = dict(zip(_ends(new), new.unit.tolist(), strict=True))
    found = {}
    for (session, first, last), number in zip(_ends(old), old.unit.tolist(), strict=True):
        turns = [matched[session].get(t) for t in range(first, last + 1)]
        carried = [t for t in turns if t is not None]
        numbers = [n for n, _ in carried]
        if (
            not turns
            or len(carried) < len(turns)
            or numbers != [*range(numbers[0], numbers[-1] + 1)]
        ):
            continue
        unit = places.get((session, numbers[0], numbers[-1]))
        if unit is not None:
            reworded = any(fate == "reworded" for _, fate in carried)
            fate = "reworded" if reworded else "same" if unit == number else "moved"
            found[session, number] = (unit, fate)
    return found


def _ends(grid: Grid) -> list[tuple[str, int, int]]:
    names = list(grid.sessions)
    ends = zip(
        grid.session.tolist(), grid.first_turn.tolist(), grid.last_turn.tolist(), strict=True
    )
    return [(names[s], first, last) for s, first, last in ends]
