"""One mark as a convention finds it in a turn's raw text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A mark and its place in the raw text; ``text`` is given only where it differs.

    A mark with ``removed`` is taken out of the text (analyst comments); all others stay.
    """

    start: int
    end: int
    kind: str
    removed: bool = False
    text: str | None = None
    flag: str = ""
