"""Speed and memory of text files of odd shapes; what is refused counts as no turns.

Run ``python benchmarks/odd_files.py --megabytes 10``; how each is measured is told in
``reading.py``.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from reading import OURS, compare_all, ours

if TYPE_CHECKING:
    from pathlib import Path

    from reading import Talk

_OPENING = "T: How was it?\nC: Fine.\n"


def size(talk: Talk) -> int:
    return sum(len(text) + 12 for _, text in talk)


def as_one_line(talk: Talk) -> bytes:
    return (_OPENING + "T: " + " ".join(text for _, text in talk)).encode()


def as_one_turn(talk: Talk) -> bytes:
    return (_OPENING + "\n".join(text for _, text in talk)).encode()


def as_empty_lines(talk: Talk) -> bytes:
    return b"\n" * size(talk)


def as_turns_apart(talk: Talk) -> bytes:
    return (_OPENING + "\n" * size(talk) + _OPENING).encode()


def as_many_speakers(talk: Talk) -> bytes:
    names = map("".join, product("aeiou", "bdfgklmnprst", "aeiou", "bdklmnrst", repeat=2))
    lines = (f"{name.title()}: Yes, I know.\n" for name in islice(names, size(talk) // 25))
    return "".join(lines).encode()


def as_short_turns(talk: Talk) -> bytes:
    return b"T: a\nC: b\n" * (size(talk) // 10)


WRITERS = {
    ".line.txt": as_one_line,
    ".turn.txt": as_one_turn,
    ".empty.txt": as_empty_lines,
    ".apart.txt": as_turns_apart,
    ".speakers.txt": as_many_speakers,
    ".short.txt": as_short_turns,
}


def outcome(path: Path) -> int:
    """Return how many turns are read; none where the file is refused."""
    from rupturecode.errors import RupturecodeError

    try:
        return ours(path)
    except RupturecodeError:
        return 0


if __name__ == "__main__":
    compare_all(__file__, __doc__, WRITERS, {OURS: dict.fromkeys(WRITERS, outcome)})
