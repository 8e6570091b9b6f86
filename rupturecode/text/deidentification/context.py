"""Words and their surroundings: whether a word is a name here, and a name of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS, plain

if TYPE_CHECKING:
    from rupturecode.text.deidentification.lexicon import Lexicon

_TOKEN = re.compile(r"[^\W_]+(?:['’‐-][^\W_]+)*['’]?")
_BEFORE_NAME = frozenset(
    "mr mrs ms miss mx dr doctor professor father sister brother mother pastor reverend rabbi imam"
    " sheikh judge coach nurse officer aunt auntie uncle tia tio abuela abuelo grandma grandpa"
    " husband wife son daughter cousin niece nephew friend boyfriend girlfriend partner fiance"
    " boss supervisor sponsor therapist counselor landlord neighbor roommate ex named called name's"
    " told asked met dated married hi hello dear hey thanks mister big little baba mama".split()
)
_AFTER_NAME = frozenset(
    "said says told tells asked asks thinks thought wants wanted knows knew came comes went goes"
    " left leaves keeps kept called calls laughed cried yelled yells texted texts was is isn't"
    " wasn't has had hasn't hadn't doesn't didn't won't would wouldn't never always used got gets"
    " gave gives made makes took takes helped helps hit hits died lives lived works worked moved"
    " keep started stopped loves loved hates hated walked drove sat stood smiled promised ran put"
    " found just"
    " really still finally always already actually even".split()
)
_PLURAL_AFTER = frozenset("are were both have".split())
_SCHOOL = re.compile(
    r"\b(?:school|college|university|academy|elementary|high|kindergarten|campus|institute|state|prep"
    r"|seminary)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:street|st|avenue|ave|road|lane|drive|boulevard|park|bridge|river|lake|creek|beach|mall"
    r"|hospital|clinic|center|centre|county|valley|island|church|temple|mosque|nation|reservation"
    r"|gardens|heights|falls|springs|hills|fort|port|city|town|village|apartments|route|station)\b",
    re.IGNORECASE,
)
_EMPLOYER = re.compile(
    r"\b(?:inc|llc|ltd|corp|company|logistics|department|agency|services|group|partners|associates"
    r"|bank|plant|factory|warehouse|store|shop|restaurant|hotel|shelter|hostel|hospice)\b|&",
    re.IGNORECASE,
)
_WORK_BEFORE = re.compile(
    r"\b(?:work(?:s|ed|ing)?|job|boss|employed|hired|fired|shift|manager|laid off|intern(?:ed)?"
    r"|people|drive|served)(?: \w+){0,2} (?:at|for|by|from|with|in)(?: the)? $",
    re.IGNORECASE,
)
_IS_AT = re.compile(r"\b(?:was|been|am|i['’]m|he['’]s|she['’]s|started) at $", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s(?=\s*$|\s*[^\w\s]|\s+([^\W\d_]+))")
_SCHOOL_BEFORE = re.compile(
    r"\b(?:graduat\w+|stud(?:y|ies|ied|ying)|teach\w*|taught|degree|enrolled|class(?:es)?|major\w*"
    r"|freshman|senior|transferred)(?: \w+){0,2} (?:at|from|in|to)(?: the)? $",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|near|to|from|around|outside|across|through|over on|live on|lives on|lived on|at|of)"
    r"(?: the)? $",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands."""

    text: str
    start: int
    end: int

    @property
    def has_capital(self) -> bool:
        """Whether a capital stands in it (first, as a rule: al-Amin, deShawn)."""
        return self.text[0].isupper() or any(
            c.isupper() for c in self.text if not self.text[0].isdigit()
        )


def tokenize(text: str) -> list[Token]:
    """Split a turn into words; a possessive ending is left outside the word.

    Examples
    --------
    >>> [t.text for t in tokenize("Hyun-woo's mother")]
    ['Hyun-woo', 'mother']
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        word = match.group().rstrip("'’")
        if word[-2:].lower() in ("'s", "’s"):
            word = word[:-2]
        tokens.append(Token(word, match.start(), match.start() + len(word)))
    return tokens


def looks_like_name(tokens: list[Token], i: int, lexicon: Lexicon, *, opens: bool) -> bool:
    """Decide whether a word that is both a word and a name is a name here.

    Parameters
    ----------
    tokens
        The words of the turn.
    i
        Which of them is asked about.
    lexicon
        The word lists.
    opens
        Whether the word opens a sentence, so that its capital says nothing.
    """
    before = plain(tokens[i - 1].text) if i and not opens else ""
    after = tokens[i + 1].text.casefold().replace("’", "'") if i + 1 < len(tokens) else ""
    if before in _BEFORE_NAME:
        return True
    if after == "and" and i + 2 < len(tokens):
        return _is_paired(tokens[i], tokens[i + 2], lexicon)
    if before in ("and", "or") and i > 1 and after in _PLURAL_AFTER:
        return lexicon.is_given_name(plain(tokens[i - 2].text))
    if before in _DETERMINERS:
        return False
    if plain(tokens[i].text) in _MODALS:
        return after in _AFTER_NAME - _ADVERBS
    return after in _AFTER_NAME or (after.endswith("ed") and len(after) > 4)


def _is_paired(first: Token, second: Token, lexicon: Lexicon) -> bool:
    """Whether "Grace and Kevin" pairs two names."""
    other = plain(second.text)
    if lexicon.is_given_name(other) and other not in _MODALS:
        return second.has_capital or other in lexicon.proper
    return second.has_capital and first.has_capital and other not in FUNCTION_WORDS


_MODALS = frozenset(("will", "may", "might", "can"))
_ADVERBS = frozenset("just really still finally always never already actually even".split())
_DETERMINERS = frozenset(
    "the a an my your his her their our its this that no some any every what which whose of in i"
    " you he she we they it there more much of with for without".split()
)


def is_workplace(text: str, start: int) -> bool:
    """Whether what begins here is said to be where someone works."""
    before = text[max(0, start - 50) : start]
    return bool(_WORK_BEFORE.search(before) or _IS_AT.search(before))


def with_possessive(text: str, start: int, end: int) -> int:
    """Where a name ends whose possessive belongs to it, as in "at Wendy's for years"."""
    match = _POSSESSIVE.match(text, end)
    if match is None or name_kind(text, start, end) == "NAME":
        return end
    following = match[1]
    if following is None or following.casefold() in FUNCTION_WORDS | _AFTER_NAME:
        return end + 2
    return end


def name_kind(text: str, start: int, end: int) -> str:
    """Say what a name most likely names: NAME, PLACE, SCHOOL or EMPLOYER.

    Only the look of the replacement depends on it.
    """
    name, before = text[start:end], text[max(0, start - 50) : start]
    if _SCHOOL.search(name) or _SCHOOL_BEFORE.search(before):
        return "SCHOOL"
    if _EMPLOYER.search(name) or is_workplace(text, start):
        return "EMPLOYER"
    if _PLACE.search(name):
        return "PLACE"
    return "PLACE" if _PLACE_BEFORE.search(before) and not _is_title(name) else "NAME"


def _is_title(name: str) -> bool:
    first = plain(name.split(maxsplit=1)[0].rstrip("."))
    return first in _BEFORE_NAME and first not in FUNCTION_WORDS
