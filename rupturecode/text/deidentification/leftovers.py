"""What still looks suspicious after replacement, for a person to decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.capitals import opens_sentence
from rupturecode.text.deidentification.context import tokenize
from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS, plain
from rupturecode.text.deidentification.lowercase import is_lower_case
from rupturecode.text.deidentification.pseudonyms import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.text.deidentification.context import Token
    from rupturecode.text.deidentification.lexicon import Lexicon

_DIGITS = re.compile(r"\d{3,}")
_TELLING = re.compile(
    r"\b(?:my (?:name|birthday|address|landlord|employer|parole officer) is|named after"
    r"|(?:live|lives|lived|grew up|born|work|works|worked) (?:in|on|at|near|by)"
    r"|the (?:mayor|only|first) \w+ (?:in|of|at)|on the news|in the newspaper|in the paper)\b",
    re.IGNORECASE,
)
_AROUND = 40


def leftovers(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Yield first and past-the-end offset and the reason of everything worth a look.

    Parameters
    ----------
    text
        A turn after replacement.
    lexicon
        The word lists, with the study's own names.
    """
    hidden = mask(text)
    for match in _DIGITS.finditer(hidden):
        yield *match.span(), "digits"
    for match in _TELLING.finditer(hidden):
        yield *match.span(), "often followed by something identifying"
    small = is_lower_case(text)
    for token in tokenize(hidden):
        reason = _reason(hidden, token, lexicon, small=small)
        if reason:
            yield token.start, token.end, reason


def _reason(text: str, token: Token, lexicon: Lexicon, *, small: bool) -> str:
    word = plain(token.text)
    if word in lexicon.listed:
        return "one of the study's own names"
    if len(word) < 2 or word in FUNCTION_WORDS or lexicon.is_harmless(word):
        return ""
    if token.has_capital and not small and not opens_sentence(text, token):
        return "capital inside a sentence"
    if lexicon.is_given_name(word) and token.has_capital and not small:
        return "also a given name"
    if not lexicon.is_common(word) and not any(c.isdigit() for c in word):
        return "not an ordinary word"
    return ""


def around(text: str, start: int, end: int) -> str:
    """Return a stretch with what stands beside it, the stretch itself between ⟦ and ⟧."""
    before = text[max(0, start - _AROUND) : start]
    return f"{before}⟦{text[start:end]}⟧{text[end : end + _AROUND]}"
