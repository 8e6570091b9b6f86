"""What is known of words: which are ordinary, which are proper, which are people's names."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Words so frequent that they are read as names only when a capital says so.
FUNCTION_WORDS = frozenset(
    """a about above after again against all alone along already also although always am among an
    and any anybody anyone anything are around as ask at away back be because been before behind
    being below best better between big both bring but buy by call came can come could cuz da day
    days dear did do does doing done down during each either else end enough even ever every
    everybody everyone everything except far feel few fine first for from fun gay get getting gets
    go goes going gone good got great guy ha had happy hard has have having he help her here hers
    herself him himself his how hue huge i if in instead into is it its itself just keep kind know
    lady last late later least less let life like little long look lot love made make man many
    maybe me mean might mine more most much must my myself near need neither never new next nice no
    nobody none nor not nothing now of off often okay old on once one only onto or other our ours
    out over own pa part past people per person please poor pretty quite rather real really right
    said same say see seem send several shall she should show since so some somebody someone
    something
    son soon sorry still stop such sure take talk tell than thank thanks that the their them then
    there these they thing things think this those though through time to today together told too
    toward try two under until up upon us use very want was way we well went were what whatever when
    where which while who whole whom whose why wife with within without work worry would wow yeah
    yes yet you young your yours yourself""".split()
)
#: Words of the list of ordinary words that are names far more often in talk.
RATHER_NAMES = frozenset(
    """alfredo andra barb beau cami cara dann dina duc elif elke ella ester flora genie gil glady
    hazel jarred jo joie kandi kenna klara leda lei ling lola luz mai meng mina moe nan nella neta
    ning noe ola pat patsy patty rosemary segun sha sina sola stacy suk tai tal tari teddy thi toi
    ulises usher von wen yan yang ying yuan zina""".split()
)
_ENDING = re.compile(r"(?:n't|'(?:s|re|ve|ll|d|m)|')$")


def plain(token: str) -> str:
    """Fold a token to the form the lists use: small letters, straight apostrophes.

    Examples
    --------
    >>> plain("Siobhan’s")
    'siobhan'
    """
    return _ENDING.sub("", token.casefold().replace("’", "'").replace("‐", "-"))


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The word lists that tell names from ordinary words."""

    common: frozenset[str]
    proper: frozenset[str]
    given: frozenset[str]
    harmless: frozenset[str]
    listed: frozenset[str] = frozenset()
    """Names the study itself gives; always replaced."""

    def with_names(self, names: Iterable[str]) -> Lexicon:
        """Add a study's own names; each word of a name counts."""
        words = {plain(w) for name in names for w in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", name)}
        listed = frozenset(words - FUNCTION_WORDS)
        return Lexicon(self.common, self.proper, self.given, self.harmless, listed)

    def is_harmless(self, word: str) -> bool:
        """Whether the word, or every part of a hyphenated one, points at nobody."""
        if word in self.listed:
            return False
        return (
            word in self.harmless
            or not word.strip("x")
            or (
                "-" in word
                and all(p in self.harmless or self.is_common(p) for p in word.split("-"))
            )
        )

    def is_common(self, word: str) -> bool:
        """Whether running English writes the word small."""
        return word in self.common or word in FUNCTION_WORDS or not word

    def is_given_name(self, word: str) -> bool:
        """Whether people bear the word as a name, whatever else it may mean."""
        return (word in self.given and word not in FUNCTION_WORDS) or word in self.listed


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Load the bundled lists; NOTICE.md beside them says where they come from."""
    given = _words("given_names_census.txt.gz") | _words("given_names_own.txt")
    return Lexicon(
        common=_words("common_words.txt.gz"),
        proper=_words("proper_words.txt.gz"),
        given=given,
        harmless=_words("harmless_capitals.txt"),
    )


def _words(name: str) -> frozenset[str]:
    data = (files("rupturecode.text.deidentification") / "data" / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
