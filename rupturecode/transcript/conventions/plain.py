"""The plain default: brackets and parentheses as most labs and journals use them.

Square brackets hold events, pauses, inaudible stretches and placeholders; a remark in
italics inside brackets is an analyst's comment and leaves the text. Parentheses hold
nonverbal notes or an editorial gloss.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.transcript.conventions.found import (
    CODERS_WORDS,
    Found,
    bare,
    by_wording,
    meets,
    remarks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Without any of these a turn has no mark.
SIGNS = "[(*_#"

UNCLOSED = "unclosed-bracket"

#: Looks first for what any of them begins with, which spares most places five other looks.
_SPAN = re.compile(
    r"(?=[\[(*_#])(?:(?P<square>\[(?:[^\[\]]++|\[[^\[\]]*+\])*+\])"
    r"|(?P<round>\((?:[^()]++|\([^()]*+\))*+\))"
    r"|(?P<strong>\*\*(?=\S)[^*\n]++\*\*|__(?=\S)[^_\n]++__)"
    r"|(?P<emphasis>(?<![*\w])\*(?=\S)[^*\n]++(?<=\S)\*(?![*\w])"
    r"|(?<!\w)_(?=\S)[^_\n]++(?<=\S)_(?!\w))"
    r"|(?P<stamp>#\d{1,3}:[0-5]\d:[0-5]\d(?:-\d)?#))"
)
_CLOCK = re.compile(r"\d{1,3}:[0-5]\d:[0-5]\d(?:[.,]\d{1,9}|-\d)?")
#: In parentheses, too, nobody says these words with a colon.
_CODED = re.compile(r"(?:codes?|coders?|ratings?|raters?)(?: ?\d+)?[ ]?:", re.IGNORECASE)
_ITALIC = re.compile(r"(\*{1,3}|_{1,3})\S.*\1", re.DOTALL)
_INAUDIBLE = re.compile(
    r"\?{2,}$|x{3,}$|\W*(in[- ]?audible|un[- ]?intelligible|"
    r"indiscernible|indistinct|not audible|can'?t hear|"
    r"unverständlich|unverst\.?|ininteligible|inintelligible|inaudibile|incomprensibile|"
    r"לא ברור|غير مسموع|听不清)\b",
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"(unclear|phonetic|sp\b|sounds like)|.*[\w.]\s*\?$|\?$", re.IGNORECASE | re.DOTALL
)
_PAUSE = re.compile(
    r"\.{1,3}$|(?:(?:a )?(?:very )?(?:long|short|brief|small|lengthy|slight) )?"
    r"(?:pause[sd]?|silence|silent|schweigt|"
    r"stille|pausa|silencio|silenzio|שתיקה|صمت|停顿|沉默)\b.*"
    r"|\d+(?:[.,:]\d+){0,2}\s*(?:s|sec|secs|seconds?|m|min|mins|minutes?|sek|sekunden)?\.?$",
    re.IGNORECASE | re.DOTALL,
)
_OVERLAP = re.compile(
    r"cross[- ]?talk|overlap\w*|simultaneous\w*|speaking at the same time|talk\w* over\b|both talk",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?:[A-Z][A-Z0-9_'-]{2,}(?: [A-Z0-9_'-]+)*|(?:first |last |full |client'?s? |therapist'?s? )?"
    r"(?:name|place|city|town|street|school|hospital|company|employer|date|redacted|omitted)"
    r"\w?\s*\d*)$"
)
_PRONOUN = re.compile(r"\b(i|i'm|i've|you|we|he|she|they|it|ich|du|wir|yo|tú)\b", re.IGNORECASE)
_BODY = re.compile(
    r"(?:\w+ly )?(?:laugh|chuckl|giggl|smil|cr(?:y|ie)|weep|sob|sigh|cough|sniff|nod|shak|shrug|"
    r"whisper|mumbl|yawn|frown|clear|look|point|gestur|groan|snort|inhal|exhal|breath|tear|gasp|"
    r"hum|sound|voice|in an? |with an? |softly|quietly|loudly|sarcastic|lacht|lächelt|weint|seufzt|"
    r"nickt|ríe|risas?|llora|suspira|rires?|pleure|soupire|צוחק|בוכה|يضحك|يبكي|笑|哭|叹气)",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "de",
        "der",
        "des",
        "die",
        "du",
        "for",
        "from",
        "in",
        "la",
        "le",
        "of",
        "on",
        "or",
        "the",
        "to",
        "und",
        "von",
        "y",
    ]
)


def find(raw: str) -> Iterator[Found]:
    """Yield the marks of one turn, remarks first.

    Examples
    --------
    >>> [(m.kind, m.removed) for m in find("Oh [click] fine [*Patient withdrawal*] (sighs).")]
    [('comment', True), ('event', False), ('nonverbal', False)]
    """
    comments = remarks(raw)
    taken = [(c.start, c.end) for c in comments]
    yield from comments
    end = 0
    for span in _SPAN.finditer(raw):
        end = span.end()
        if meets(taken, span.start(), end):
            continue
        shape = span.lastgroup
        if shape == "square":
            yield _square(raw, span.start(), end)
        elif shape == "stamp":
            yield Found(span.start(), end, "event")
        elif shape == "round":
            found = _round(raw, span.start(), end)
            if found is not None:
                yield found
        else:
            yield Found(span.start(), end, "emphasis")
    place = raw.find("[", end)
    if place >= 0:
        yield Found(place, place, "", flag=UNCLOSED)


def _square(raw: str, start: int, end: int) -> Found:
    inner = raw[start + 1 : end - 1].strip()
    if _CLOCK.fullmatch(inner):
        return Found(start, end, "event")  # the clock, not words and no pause
    kind = _shared_kind(inner)
    if kind:
        return Found(start, end, kind)
    if CODERS_WORDS.match(inner):
        return by_wording(start, end, inner)
    if _PLACEHOLDER.match(inner):
        return Found(start, end, "gloss")
    return Found(start, end, "nonverbal" if _BODY.match(inner) else "event")


def _round(raw: str, start: int, end: int) -> Found | None:
    inner = raw[start + 1 : end - 1].strip("()").strip()
    if _ITALIC.fullmatch(inner) and CODERS_WORDS.match(inner.strip("*_")):
        return Found(start, end, "comment", removed=True, text=bare(inner))
    if _CODED.match(inner):
        return by_wording(start, end, inner)
    kind = _shared_kind(inner)
    if not kind and _BODY.match(inner):
        kind = "nonverbal"
    if not kind and _is_name(inner):
        kind = "gloss"
    if not kind and inner and not _PRONOUN.search(inner) and _is_note(inner):
        kind = "nonverbal"
    return Found(start, end, kind) if kind else None


def _shared_kind(inner: str) -> str:
    """Kinds that are worded the same in brackets and in parentheses."""
    if _INAUDIBLE.match(inner):
        return "inaudible"
    if _PAUSE.fullmatch(inner):
        return "pause"
    if _OVERLAP.match(inner):
        return "overlap"
    if _UNCLEAR.match(inner):
        return "unclear"
    return ""


def _is_name(inner: str) -> bool:
    """Capitalised throughout, small words apart: a name spelled out, an abbreviation."""
    words = [w for w in inner.split() if w.lower() not in _SMALL_WORDS]
    return bool(words) and all(w[0].isupper() or w[0].isdigit() for w in words)


def _is_note(inner: str) -> bool:
    """Tell a short note about manner (``rapid``, ``turning away``) from an aside."""
    words = inner.split()
    return (
        len(words) <= 4
        and inner[-1] not in ".,;!"
        and (words[0].endswith(("ing", "ly", "s")) or len(words) <= 2)
    )
