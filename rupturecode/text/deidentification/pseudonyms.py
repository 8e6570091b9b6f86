"""Stand-ins for what identifies: the same one for the same words throughout a case.

Names of people, places, schools and employers get invented words, word by word, so that
"Priya" and "Priya Raghunathan" stay recognisably one person. Dates, ages and numbers get
a numbered token such as ``Date-3``. All stand-ins are known by their form, so running the
whole thing again changes nothing.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from rupturecode.text.deidentification.context import tokenize
from rupturecode.text.deidentification.lexicon import lexicon, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.text.deidentification.patterns import Finding

_TOKEN_FOR = {
    "DATE": "Date",
    "AGE": "Age",
    "PHONE": "Phone",
    "EMAIL": "Mail",
    "URL": "Link",
    "SSN": "Number",
    "MRN": "Number",
    "ID": "Number",
}
_NUMBERED = re.compile(r"\b(?:Date|Age|Phone|Mail|Link|Number)-\d+\b", re.IGNORECASE)
_ONSETS = "b br d dr f g gl h k kr l m n p pr r s t tr v w z".split()
_MIDDLES = "bl lb lm lv nd ng nt rb rg rl rm rn sk st tv vr".split()
_ENDS = "an ar ek el en il in on or um ur".split()
_VOWELS = "aeiou"
#: Words that say what kind of thing is named, and what is written instead.
_KINDS = {
    "Doctor": "dr doctor prof professor",
    "Mister": "mr sir señor senor don",
    "Missus": "mrs ms miss mx madam madame señora senora doña",
    "Auntie-kin": "aunt auntie aunty tia tía tita",
    "Uncle-kin": "uncle tio tío tito",
    "Elder-kin": "grandma grandpa granny abuela abuelo lola lolo nana",
    "Minister": "father pastor reverend rev rabbi imam sheikh sheik elder",
    "Institute": "school college university academy elementary high middle kindergarten campus",
    "Infirmary": "hospital clinic center centre medical counseling",
    "Row": "street avenue road lane drive boulevard st ave rd blvd route highway",
    "Works": "plant factory store shop warehouse station bank logistics company inc corp",
    "Landmark": "park bridge river lake creek beach mall church temple mosque valley island",
}
_STAND_IN = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_STAND_INS = frozenset(kind.casefold() for kind in _KINDS)
_SMALL = frozenset("the of and at on in de la del y a an".split())


@lru_cache(maxsize=1)
def invented_words() -> frozenset[str]:
    """All words that may stand in for names; none is a word or name of the lists."""
    words = lexicon()
    made = (
        "".join(parts) for parts in product(_ONSETS, _VOWELS, _MIDDLES, _VOWELS[:3], _ENDS[::2])
    )
    real = words.common | words.proper | words.given | words.harmless
    return frozenset(w for w in made if w not in real)


def mask(text: str) -> str:
    """Blot out stand-ins with the letter x, so that nothing is found inside them.

    Examples
    --------
    >>> mask("It was Date-3, I think.")
    'It was xxxx-x, I think.'
    """
    spans = [m.span() for m in _NUMBERED.finditer(text)]
    pool = invented_words()
    tokens = tokenize(text)
    ours = {i for i, t in enumerate(tokens) if t.text.casefold() in pool}
    for i, token in enumerate(tokens):
        near = {i - 1, i + 1} & ours
        if i in ours or (near and token.text.casefold() in _STAND_INS):
            ours.add(i)
            spans.append((token.start, token.end))
    if not spans:
        return text
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [c if not c.isalnum() else "x" for c in text[start:end]]
    return "".join(letters)


class Pseudonyms:
    """Hands out stand-ins and remembers them, case by case.

    Parameters
    ----------
    seed
        Decides which invented word stands for whom. Without it every run differs, and only
        the key connects a text with its stand-ins.
    known
        Rows of an earlier key (case, kind, original, replacement), kept as they are.
    """

    def __init__(
        self, seed: int | None = None, known: Iterable[tuple[str, str, str, str]] = ()
    ) -> None:
        source = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
        self._pool = sorted(invented_words())
        source.shuffle(self._pool)
        self._given: dict[tuple[str, str, str], str] = {}
        for case, kind, original, replacement in known:
            self._given[case, kind, original] = replacement
        used = {r.casefold() for r in self._given.values()}
        self._pool = [w for w in self._pool if w not in used]

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """Case, kind, original and replacement of everything handed out."""
        return [(*key, value) for key, value in self._given.items()]

    def replace(self, found: Finding, original: str, *, case: str, small: bool = False) -> str:
        """Return the stand-in for a finding.

        Parameters
        ----------
        found
            What was found.
        original
            Its words.
        case
            Within a case the same words get the same stand-in.
        small
            Whether the text has no capitals, so that the stand-in gets none either.
        """
        if found.kind in _TOKEN_FOR:
            stand_in = self._numbered(_TOKEN_FOR[found.kind], original, case)
        else:
            stand_in = self._named(original, case)
        return stand_in.casefold() if small else stand_in

    def _numbered(self, word: str, original: str, case: str) -> str:
        key = (case, word, " ".join(original.casefold().split()))
        if key not in self._given:
            n = sum(1 for c, kind, _ in self._given if c == case and kind == word)
            self._given[key] = f"{word}-{n + 1}"
        return self._given[key]

    def _named(self, original: str, case: str) -> str:
        parts: list[str] = []
        for token in tokenize(original):
            word = plain(token.text)
            if not word or word in _SMALL:
                continue
            part = _STAND_IN.get(word) or self._invented(word, case)
            if not parts or parts[-1] != part:
                parts.append(part)
        if not any(p.casefold() not in _STAND_INS for p in parts):
            parts.append(self._invented(" ".join(original.casefold().split()), case))
        return " ".join(parts)

    def _invented(self, word: str, case: str) -> str:
        key = (case, "word", word)
        if key not in self._given:
            self._given[key] = self._pool.pop().capitalize()
        return self._given[key]
