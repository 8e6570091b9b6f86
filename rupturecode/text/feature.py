"""One number per turn: what it counts, and where the idea comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """One number per turn."""

    name: str
    about: str
    source: str
    form: re.Pattern[str] | None = None
    """What is counted, in the turn's small letters; None where another rule applies."""


def words(alternatives: str) -> re.Pattern[str]:
    """Compile alternatives that must begin and end where a word does."""
    return re.compile(rf"\b(?:{alternatives})\b")
