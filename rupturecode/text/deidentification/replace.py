"""Replacing findings in a text while keeping count of where every offset goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.find import find, merge
from rupturecode.text.deidentification.lowercase import is_lower_case
from rupturecode.text.deidentification.patterns import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.text.deidentification.lexicon import Lexicon
    from rupturecode.text.deidentification.pseudonyms import Pseudonyms

#: How often a text is searched anew; every round widens what was found, and few need a third.
_ROUNDS = 12


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

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the new text came from; a stand-in it touches counts whole."""
        return self._origin(start, late=False), self._origin(end, late=True)

    def _origin(self, offset: int, *, late: bool) -> int:
        shift = 0
        for r in self.replacements:
            if offset < r.new_start or (late and offset == r.new_start):
                break
            if offset < r.new_end or (late and offset == r.new_end):
                return r.end if late else r.start
            shift = r.end - r.new_end
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

    The new text is searched again until nothing more is found, since a stand-in may leave
    its neighbours in another light; so running it on its own outcome changes nothing.

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
    found = find(text, lexicon, entities)
    new = _put(text, found, pseudonyms, case)
    for _ in range(_ROUNDS if found else 0):
        more = [
            Finding(*new.back(f.start, f.end), f.kind, f.rule)
            for f in find(new.text, lexicon, entities)
        ]
        wider = merge(found + more)
        if wider == found:
            break
        found, new = wider, _put(text, wider, pseudonyms, case)
    return new


def _put(text: str, found: list[Finding], pseudonyms: Pseudonyms, case: str) -> Replaced:
    """Put stand-ins in the place of findings."""
    parts: list[str] = []
    done: list[Replacement] = []
    at = length = 0
    small = is_lower_case(text) and text != text.upper()
    for one in found:
        original = text[one.start : one.end]
        stand_in = pseudonyms.replace(one, original, case=case, small=small)
        kept = text[at : one.start]
        new_start = length + len(kept)
        parts += [kept, stand_in]
        at, length = one.end, new_start + len(stand_in)
        done.append(
            Replacement(
                one.start, one.end, new_start, length, one.kind, one.rule, original, stand_in
            )
        )
    return Replaced("".join([*parts, text[at:]]), tuple(done))
