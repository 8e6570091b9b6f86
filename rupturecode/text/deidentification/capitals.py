"""Names in text that writes them with a capital: runs of capitals that no list explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.context import (
    is_workplace,
    looks_like_name,
    name_kind,
    with_possessive,
)
from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS, plain
from rupturecode.text.deidentification.patterns import Finding

if TYPE_CHECKING:
    from rupturecode.text.deidentification.context import Token
    from rupturecode.text.deidentification.lexicon import Lexicon

_OPENS_SENTENCE = re.compile(r"(?:^|[.?!…:\]\)]['\"”’)]*\s|--|[—–]|\s-\s?|[\"“\[(*]|\n)\s*$")
_PAUSE = re.compile(r"[,;]\s*$")
#: What may stand between two words of one name.
_JOINER = re.compile(r" |-|\.? |'s |’s | & ")
#: Small words inside names: Department of Labor, Ximena de la Cruz.
_PARTICLES = frozenset("of de la del da dos du van der von bin ibn al y e the".split())
_TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir madam madame father sister brother mother"
    " reverend rev pastor rabbi imam sheikh sheik judge officer detective sergeant captain coach"
    " nurse principal dean aunt auntie aunty uncle grandma grandpa granny nana abuela abuelo"
    " tia tía"
    " tio tío cousin big little old lil don doña baba mama papa señor señora chief elder lady lord"
    " saint st st. monsieur honorable tita lola lolo doc deacon bishop minister elder swami guru"
    " mullah haji hajji sensei sri shri ustad khun herr frau mme mlle madame oom tannie bhai didi"
    " sgt lt col cpl pvt gen capt fr rev hon".split()
)
_TYPE_NOUN = re.compile(
    r"\s(?:(?:boarding|high|middle|elementary|grade|primary|secondary|community|law|medical|state"
    r"|city|county|treatment|counseling|rehab|shopping|fire|police|gas|train|bus) )?"
    r"(?:street|avenue|road|lane|drive|boulevard|park|bridge|river|lake|creek|beach|mall|plant"
    r"|factory|warehouse|store|shop|station|hospital|clinic|center|centre|facility|school|college"
    r"|university|academy|elementary|campus|high|church|temple|mosque|synagogue|parish|library"
    r"|apartments|projects|shelter|hostel|hospice|nursery|preschool|ward|county|valley|island|reservation|prison|jail|office|bank|hotel|restaurant)\b"
)
_NUMBER_AFTER = re.compile(r"[ -]#?\d{1,4}[A-Za-z]?\b")
_NUMBER_BEFORE = re.compile(r"(?<!\w)\d{1,4}(?:st|nd|rd|th) $|(?<=\b[Aa]t )\d{1,5} $")
#: Words that are small words elsewhere and open a name: New Jersey, Long Beach.
_OPENS_NAME = frozenset("new old long little big great".split())
_THE_BEFORE = re.compile(r"(?<!\w)[Tt]he $")


def find_capitals(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Finding]:
    """Find runs of capitalised words at least one of which is a name or unknown.

    Parameters
    ----------
    text
        One turn.
    tokens
        Its words, from :func:`~rupturecode.text.deidentification.context.tokenize`.
    lexicon
        The word lists.
    """
    suspects = {i for i, t in enumerate(tokens) if _is_suspect(text, tokens, i, lexicon)}
    found = []
    for first, last in _runs(text, tokens, suspects, lexicon):
        start, end = _widen(text, tokens[first].start, tokens[last].end)
        end = with_possessive(text, start, end)
        kind = name_kind(text, start, end)
        found.append(Finding(start, end, kind, "capital"))
    return found


def opens_sentence(text: str, token: Token) -> bool:
    """Whether a capital at this token may merely open a sentence."""
    return bool(_OPENS_SENTENCE.search(text[max(0, token.start - 6) : token.start]))


def _is_suspect(text: str, tokens: list[Token], i: int, lexicon: Lexicon) -> bool:
    token, word = tokens[i], plain(tokens[i].text)
    if word in lexicon.listed:
        return True
    if not token.has_capital:
        return word in lexicon.given and word in lexicon.proper and not lexicon.is_harmless(word)
    if lexicon.is_harmless(word):
        return is_workplace(text, token.start) and len(word) > 1
    if len(word) < 2 or _is_stutter(word, lexicon) or word in FUNCTION_WORDS:
        return False
    return not lexicon.is_common(word) or _is_named(text, tokens, i, lexicon)


def _is_named(text: str, tokens: list[Token], i: int, lexicon: Lexicon) -> bool:
    """Whether an ordinary word with a capital is a name here."""
    token, word = tokens[i], plain(tokens[i].text)
    opens = opens_sentence(text, token)
    if token.text.isupper():
        return not opens and not lexicon.is_given_name(word) and _is_acronym(tokens, i)
    paused = bool(_PAUSE.search(text[max(0, token.start - 3) : token.start]))
    if not opens and (not paused or _is_addressed(text, token, word, lexicon)):
        return True
    return lexicon.is_given_name(word) and looks_like_name(tokens, i, lexicon, opens=opens)


def _is_addressed(text: str, token: Token, word: str, lexicon: Lexicon) -> bool:
    """Whether a name stands between pauses, as in "Look, Bill, you pay"."""
    return lexicon.is_given_name(word) and text[token.end : token.end + 1] in {",", ";", "?", "."}


def _is_acronym(tokens: list[Token], i: int) -> bool:
    """Whether capitals stand for an organisation and not for a raised voice."""
    near = tokens[max(0, i - 1) : i] + tokens[i + 1 : i + 2]
    return len(tokens[i].text) <= 5 and not any(t.text.isupper() and len(t.text) > 1 for t in near)


def _is_stutter(word: str, lexicon: Lexicon) -> bool:
    parts = word.split("-")
    return len(parts) > 1 and all(len(p) < 2 or lexicon.is_common(plain(p)) for p in parts)


def _runs(
    text: str, tokens: list[Token], suspects: set[int], lexicon: Lexicon
) -> list[tuple[int, int]]:
    """Join neighbours of a suspect into one name: first and last token of each run."""
    runs: list[tuple[int, int]] = []
    for i in sorted(suspects):
        if runs and i <= runs[-1][1]:
            continue
        first = last = i
        while (left := _neighbour(text, tokens, first, -1)) is not None:
            if not _leads(text, tokens, left, suspects, lexicon):
                break
            first = left
        while (right := _neighbour(text, tokens, last, 1)) is not None:
            if right not in suspects and not _follows(tokens[right]):
                break
            last = right
        runs.append((first, last))
    return runs


def _neighbour(text: str, tokens: list[Token], i: int, step: int) -> int | None:
    """Find the next word of the same name, past at most two particles, or None."""
    for _ in range(3):
        j = i + step
        if not 0 <= j < len(tokens) or not _joins(text, tokens, min(i, j), max(i, j)):
            return None
        if tokens[j].text not in _PARTICLES or (tokens[j].text == "the" and tokens[i].has_capital):
            return j
        i = j
    return None


def _joins(text: str, tokens: list[Token], left: int, right: int) -> bool:
    between = text[tokens[left].end : tokens[right].start]
    if between.startswith(".") and plain(tokens[left].text) not in _TITLES:
        return len(tokens[left].text) == 1
    return bool(_JOINER.fullmatch(between))


def _leads(text: str, tokens: list[Token], i: int, suspects: set[int], lexicon: Lexicon) -> bool:
    """Whether the word before a name belongs to it: a title, or a capital inside a sentence."""
    token, word = tokens[i], plain(tokens[i].text)
    if i in suspects or token.text.rstrip(".").casefold() in _TITLES:
        return token.has_capital or i in suspects or word in {"mr", "mrs", "ms", "dr"}
    if (
        not token.has_capital
        or word in FUNCTION_WORDS - _OPENS_NAME
        or word.startswith("i'")
        or word == "i"
    ):
        return False
    return not opens_sentence(text, token) or lexicon.is_given_name(word)


def _follows(token: Token) -> bool:
    return (
        token.has_capital
        and plain(token.text) not in (FUNCTION_WORDS - {"may", "long", "young"})
        and (plain(token.text) != "i" and not token.text.startswith(("I'", "I’")))
    )


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the number, the kind of place and the article that belong to a name."""
    if match := _NUMBER_BEFORE.search(text[max(0, start - 12) : start]):
        start -= len(match.group())
    if match := _TYPE_NOUN.match(text, end):
        end = match.end()
    if match := _NUMBER_AFTER.match(text, end):
        end = match.end()
    if match := _THE_BEFORE.search(text[max(0, start - 4) : start]):
        start -= len(match.group())
    return start, end
