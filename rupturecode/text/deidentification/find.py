"""All findings of one turn, merged so that none overlaps another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.text.deidentification.capitals import find_capitals
from rupturecode.text.deidentification.context import tokenize
from rupturecode.text.deidentification.lexicon import lexicon as bundled
from rupturecode.text.deidentification.lowercase import find_lower_case, is_lower_case
from rupturecode.text.deidentification.patterns import Finding, find_patterns
from rupturecode.text.deidentification.pseudonyms import mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.text.deidentification.lexicon import Lexicon

#: Which kind wins where findings overlap: forms say more than capitals.
_RANK = ("EMAIL", "URL", "SSN", "PHONE", "MRN", "ID", "DATE", "AGE", "SCHOOL", "EMPLOYER", "PLACE")
#: What a pipeline's named entities mean here.
ENTITIES = {"PERSON": "NAME", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "ORG": "EMPLOYER"}


def find(
    text: str,
    lexicon: Lexicon | None = None,
    entities: Callable[[str], list[Finding]] | None = None,
) -> list[Finding]:
    """Find what may identify someone in one turn, in order and without overlaps.

    Parameters
    ----------
    text
        One turn.
    lexicon
        The word lists (the bundled ones unless given).
    entities
        Further findings, for instance from a spaCy pipeline.

    Examples
    --------
    >>> [f.kind for f in find("I told Nkechi on March 3rd.")]
    ['NAME', 'DATE']
    """
    words = lexicon or bundled()
    hidden = mask(text)
    tokens = tokenize(hidden)
    by_case = find_lower_case if is_lower_case(text) else find_capitals
    found = find_patterns(hidden) + by_case(hidden, tokens, words)
    if entities is not None:
        found += entities(hidden)
    return merge(found)


def merge(found: list[Finding]) -> list[Finding]:
    """Unite findings that overlap; the most telling kind names the union."""
    merged: list[Finding] = []
    for one in sorted(found):
        if merged and one.start < merged[-1].end:
            last = merged[-1]
            best = min(last, one, key=_rank)
            merged[-1] = Finding(last.start, max(last.end, one.end), best.kind, best.rule)
        elif one.end > one.start:
            merged.append(one)
    return merged


def _rank(finding: Finding) -> int:
    return _RANK.index(finding.kind) if finding.kind in _RANK else len(_RANK)
