"""Patterns of cues: from a cue's text to words, and finding those words with gaps between.

Words in a row are left to spaCy's PhraseMatcher. Words with gaps are found here, on the
numbers spaCy gives to norms: the same matches as its Matcher, whose call alone costs more
than the search. Everything else a token pattern can say goes to the Matcher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Match: TypeAlias = tuple[int, int, int]
"""First token, token after the last, and the code's number."""
Finder: TypeAlias = Callable[["Doc", list[int]], Iterable[Match]]
"""Takes a document and the norms of its tokens."""

GAP = "..."
_MAX_GAP = 3


def parse_cue(nlp: Language, cue: str) -> list[dict[str, Any]]:
    """Turn a cue's text into a spaCy token pattern on norms.

    Examples
    --------
    >>> from rupturecode.text.pipelines import pipeline
    >>> parse_cue(pipeline(), "see ... point")
    [{'NORM': 'see'}, {'OP': '?'}, {'OP': '?'}, {'OP': '?'}, {'NORM': 'point'}]
    """
    pattern: list[dict[str, Any]] = []
    for part in cue.replace("…", GAP).split():
        if part == GAP:
            pattern += [{"OP": "?"} for _ in range(_MAX_GAP)]
        elif "|" in part.strip("|"):
            choices = [t.norm_ for w in part.split("|") if w for t in nlp.make_doc(w)]
            pattern.append({"NORM": {"IN": sorted(set(choices))}})
        else:
            pattern += [{"NORM": t.norm_} for t in nlp.make_doc(part)]
    while pattern and "OP" in pattern[-1]:
        pattern.pop()
    while pattern and "OP" in pattern[0]:
        pattern.pop(0)
    return pattern


def expand_cue(nlp: Language, cue: str) -> list[str]:
    """Write out alternatives of several tokens, so that each cue has one token a place.

    Examples
    --------
    >>> from rupturecode.text.pipelines import pipeline
    >>> expand_cue(pipeline(), "i'm|we're|is done|over")
    ['is done|over', "i'm done|over", "we're done|over"]
    """
    places: list[list[str]] = []
    for part in cue.split():
        choices = [w for w in part.split("|") if w] or [part]
        single = [w for w in choices if len(nlp.make_doc(w)) == 1]
        several = [w for w in choices if w not in single]
        places.append(["|".join(single), *several] if single else several)
    return [" ".join(words) for words in product(*places)]


def as_phrase(pattern: list[dict[str, Any]]) -> list[str] | None:
    """Return the words of a pattern that is nothing but words in a row, else None."""
    words = [p["NORM"] for p in pattern if set(p) == {"NORM"} and isinstance(p["NORM"], str)]
    return words if len(words) == len(pattern) else None


def needed_words(pattern: list[dict[str, Any]]) -> list[str]:
    """Norms without which a pattern cannot match."""
    return [
        p["NORM"]
        for p in pattern
        if isinstance(p.get("NORM"), str) and p.get("OP", "1") in ("1", "+")
    ]


def make_finder(nlp: Language, code: str, pattern: list[dict[str, Any]]) -> Finder:
    """Return what finds a pattern.

    Raises
    ------
    ValueError
        When spaCy does not know what the pattern says.
    """
    key = nlp.vocab.strings.add(code)
    steps = _as_steps(nlp, pattern)
    if steps is not None:
        return lambda _, norms: [(a, b, key) for a, b in find_steps(norms, steps)]
    from spacy.matcher import Matcher

    matcher = Matcher(nlp.vocab, validate=True)
    matcher.add(code, [pattern])
    return lambda doc, _: [(start, end, key) for _, start, end in matcher(doc)]


Steps: TypeAlias = list[tuple[int, frozenset[int]]]
"""How many words may be skipped, then any of which norms must stand there."""


def _as_steps(nlp: Language, pattern: list[dict[str, Any]]) -> Steps | None:
    """Return a pattern of nothing but norms and gaps as steps, else None."""
    if pattern[0] == {"OP": "?"} or pattern[-1] == {"OP": "?"}:
        return None
    steps: Steps = []
    gap = 0
    for part in pattern:
        if part == {"OP": "?"}:
            gap += 1
            continue
        norm = part.get("NORM")
        choices: list[Any] = norm.get("IN", []) if isinstance(norm, dict) else [norm]
        many = isinstance(norm, dict) and len(norm) > 1
        if set(part) != {"NORM"} or many or not choices or not all(map(_is_text, choices)):
            return None
        steps.append((gap, frozenset(nlp.vocab.strings.add(c) for c in choices)))
        gap = 0
    return steps


def _is_text(choice: object) -> bool:
    return isinstance(choice, str)


def find_steps(norms: list[int], steps: Steps) -> set[tuple[int, int]]:
    """Find every stretch that takes all steps, however many words each gap skips.

    Examples
    --------
    >>> sorted(find_steps([1, 9, 2, 2], [(0, frozenset({1})), (3, frozenset({2}))]))
    [(0, 3), (0, 4)]
    """
    (_, first), *others = steps
    found: set[tuple[int, int]] = set()
    for start in [i for i, norm in enumerate(norms) if norm in first]:
        ends = {start + 1}
        for gap, norms_here in others:
            ends = {
                at + 1
                for end in ends
                for at in range(end, min(end + gap + 1, len(norms)))
                if norms[at] in norms_here
            }
        found.update((start, end) for end in ends)
    return found
