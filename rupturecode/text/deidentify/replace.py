"""Replacing findings in a text while keeping count of where every offset goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.text.deidentify.find import find
from rupturecode.text.deidentify.lowercase import is_lower_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.text.deidentify.lexicon import Lexicon
    from rupturecode.text.deidentify.patterns import Finding
    from rupturecode.text.deidentify.pseudonyms import Pseudonyms


@dataclass(frozen=True, slots=True)
class Replacement:
    """One stretch of a text and what stands there now."""

    start: int
    end: int
    new_start: int
    new_end: int
    kind: str
    rule: str
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text without what was found in it."""

    text: str
    replacements: tuple[Replacement, ...]

    def move(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text lies in the new one.

        An edge inside a replaced stretch moves to that stretch's own edge, so that a coded
        span still holds all of the stand-in it touched.
        """
        return self._edge(start, late=False), max(
            self._edge(end, late=True), self._edge(start, late=False)
        )

    def _edge(self, offset: int, *, late: bool) -> int:
        shift = 0
        for r in self.replacements:
            if offset <= r.start:
                break
            if offset < r.end:
                return r.new_end if late else r.new_start
            shift = r.new_end - r.end
        return offset + shift


def replace(
    text: str,
    pseudonyms: Pseudonyms,
    *,
    case: str,
    lexicon: Lexicon,
    entities: Callable[[str], list[Finding]] | None = None,
) -> Replaced:
    """Find what may identify someone in a text and put stand-ins in its place.

    Parameters
    ----------
    text
        One turn.
    pseudonyms
        Hands out the stand-ins.
    case
        Whose stand-ins to use.
    lexicon
        Word lists, with the study's own names.
    entities
        Further findings, for instance from a spaCy pipeline.
    """
    parts: list[str] = []
    done: list[Replacement] = []
    at = length = 0
    small = is_lower_case(text) and text != text.upper()
    for found in find(text, lexicon, entities):
        original = text[found.start : found.end]
        stand_in = pseudonyms.replace(found, original, case=case, small=small)
        kept = text[at : found.start]
        new_start = length + len(kept)
        parts += [kept, stand_in]
        at, length = found.end, new_start + len(stand_in)
        done.append(
            Replacement(
                found.start,
                found.end,
                new_start,
                length,
                found.kind,
                found.rule,
                original,
                stand_in,
            )
        )
    return Replaced("".join([*parts, text[at:]]), tuple(done))
