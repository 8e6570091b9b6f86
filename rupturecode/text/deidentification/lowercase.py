"""Names in text without capitals, as speech recognition and hasty typing produce it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.context import looks_like_name, name_kind, with_possessive
from rupturecode.text.deidentification.frames import find_frames
from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS, RATHER_NAMES, plain
from rupturecode.text.deidentification.patterns import Finding

if TYPE_CHECKING:
    from rupturecode.text.deidentification.context import Token
    from rupturecode.text.deidentification.lexicon import Lexicon

_CAPITAL_I = re.compile(r"\bI(?=\b|['’])")
_GAP = re.compile(r" |-| of | de | de la | del |'s |’s | & ")
_TITLE_BEFORE = re.compile(
    r"\b(?:inspector|constable|councillor|principal|nurse|matron|chief|elder|don|doña|umm|abu"
    r"|lieutenant|corporal|commander|governor|senator|mayor|prof|fr|mullah|mzee|lola|lolo|tita"
    r"|mr|mrs|ms|miss|dr|doctor|father|sister|pastor|reverend|rabbi|imam|sheikh|judge|coach"
    r"|aunt|auntie|uncle|tia|tío|tio|abuela|abuelo|professor|officer|baba|nana|doc|brother|deacon|bishop"
    r"|captain|detective|sergeant|señora?|madame|big|little)\.? $"
)
_TITLE = frozenset(
    "mr mrs ms miss dr doc pastor reverend deacon rabbi imam sheikh aunt auntie uncle".split()
)
_PLACE_WORD_BEFORE = re.compile(
    r"\b(?:the |lake |fort |port |mount |san |santa |ciudad |saint |st\.? )+$"
)
_PLACE_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|from|near|to|at|outside|by) (?:the )?((?!(?:the|a|an|my|your|his|her|our|their"
    r"|this|that"
    r"|any|some|every|each|new|big|same|inner|other|local|whole)\b)\w{3,20} (?:falls|heights"
    r"|springs"
    r"|city|county|hills|valley|grove|village|township|hospital|elementary|academy|university|college"
    r"|memorial|shelter|hostel|hospice|preschool))\b"
)
_PLACE_NOUN = re.compile(
    r"\s(?:sixth form|comprehensive|grammar|primary|secondary|polytechnic|institute|infirmary"
    r"|logistics|industries|foods|motors|airlines|systems|solutions|holdings|enterprises"
    r"|construction|electric|pharmacy|bakery|supermarket|market)\b"
    r"|\s(?:(?:boarding|high|middle|elementary|community|state|heart|counseling) )*"
    r"(?:street|avenue|road|lane|drive|boulevard|bridge|river|falls|hospital|clinic|school|college"
    r"|university|academy|elementary|high|church|temple|mosque|county|plant|heights|gardens"
    r"|nation|center|centre|shelter|hostel|hospice|preschool|nursery|high school)\b"
)

#: "look, bill, you pay", and the end of "come on, bill."
_ADDRESSED = re.compile(
    r"(?:^|\w[,.?!] )([^\W\d_]{2,20})(?=, (?:you|i|we|it|what|why|don't|please)\b)"
)
_ARTICLES = frozenset(("a", "an", "the"))


def is_lower_case(text: str) -> bool:
    """Whether a text's capitals say nothing: there are none, or nothing else.

    Examples
    --------
    >>> is_lower_case("so I told kevin"), is_lower_case("So I told Kevin.")
    (True, False)
    """
    letters = [c for c in _CAPITAL_I.sub("", text) if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return not capitals or (len(letters) > 12 and capitals > 0.8 * len(letters))


def find_lower_case(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Finding]:
    """Find words that running English writes with a capital or does not know.

    Parameters
    ----------
    text
        One turn without meaningful capitals.
    tokens
        Its words.
    lexicon
        The word lists.
    """
    suspects = {i for i in range(len(tokens)) if _is_suspect(tokens, i, lexicon)}
    suspects |= {i for i in range(len(tokens)) if _is_beside(tokens, i, suspects, lexicon)}
    spans: list[tuple[int, int]] = []
    folded = text.casefold() if len(text.casefold()) == len(text) else text.lower()
    for i in sorted(suspects):
        start, end = tokens[i].start, tokens[i].end
        if (match := _TITLE_BEFORE.search(folded[max(0, start - 12) : start])) or (
            match := _PLACE_WORD_BEFORE.search(folded[max(0, start - 20) : start])
        ):
            start -= len(match.group())
        if match := _PLACE_NOUN.match(folded, end):
            end = match.end()
        if spans and _GAP.fullmatch(folded[spans[-1][1] : start] or " "):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    spans = [(a, with_possessive(text, a, b)) for a, b in spans]
    spans += [m.span(1) for m in _PLACE_AFTER_PREPOSITION.finditer(folded)]
    spans += [m.span(1) for m in _ADDRESSED.finditer(folded) if lexicon.is_given_name(m[1])]
    rule = "word that is no ordinary word"
    return [Finding(s, e, name_kind(text, s, e), rule) for s, e in spans] + find_frames(folded)


def _is_suspect(tokens: list[Token], i: int, lexicon: Lexicon) -> bool:
    word = plain(tokens[i].text)
    if word in lexicon.listed:
        return True
    if len(word) < 2 or word[0].isdigit() or word in FUNCTION_WORDS or lexicon.is_harmless(word):
        return False
    if i and plain(tokens[i - 1].text) in _TITLE:
        return True
    if word in RATHER_NAMES:
        return not i or plain(tokens[i - 1].text) not in _ARTICLES
    if lexicon.is_common(word):
        return lexicon.is_given_name(word) and looks_like_name(tokens, i, lexicon, opens=False)
    parts = [plain(p) for p in word.split("-")]
    return not all(len(p) < 2 or lexicon.is_common(p) or lexicon.is_harmless(p) for p in parts)


def _is_beside(tokens: list[Token], i: int, suspects: set[int], lexicon: Lexicon) -> bool:
    """Whether a word that may be a name stands next to one that is."""
    word = plain(tokens[i].text)
    if i in suspects or word in lexicon.harmless or not lexicon.is_given_name(word):
        return False
    return any(
        j in suspects and abs(tokens[max(i, j)].start - tokens[min(i, j)].end) == 1
        for j in (i - 1, i + 1)
    )
