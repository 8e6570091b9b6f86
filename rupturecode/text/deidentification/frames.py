"""Settings that announce a name where no capital does: they call him, work at, university of."""

from __future__ import annotations

import re

from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS
from rupturecode.text.deidentification.patterns import Finding

_WORD = r"[^\W\d_][\w'’-]{1,24}"
_STOP = r"(?=\s*[.,;?!]|\s*$|\s+(?:and|but|because|since|until|till|when|who|so|or|then|at|for)\b)"
_INITIAL_DOES = (
    r"(?= (?:and i|said|says|told|tells|texted|texts|called|calls|came|comes|left|went|wants"
    r"|wanted|thinks|knows|keeps|kept|hit|never|always|didn['’]t|doesn['’]t)\b)"
)
#: Words that are first names too, and seldom stand alone after these words otherwise.
_OFTEN = (
    r"(?:art|bill|buck|bud|buddy|charity|chase|crystal|dawn|destiny|dick|dot|drew|ebony|faith|fern"
    r"|foster|gene|ginger|grace|grant|harmony|haven|holly|honor|hope|hunter|ivory|jewel|joy|mark"
    r"|mercy|miles|norm|olive|pearl|penny|poppy|prudence|rod|rose|skip|sky|summer|sunny|stormy"
    r"|virtue|will)"
)
_BEFORE_OFTEN = (
    r"(?:with|from|to|about|for|by|like|than|and|tell|told|ask|asked|saw|met|love|hate|miss|call"
    r"|called|texted|trust|let)"
)
#: Firms and charities whose name is made of ordinary words.
_KNOWN = (
    r"(?:home depot|best buy|burger king|pizza hut|dairy queen|whole foods|family dollar"
    r"|dollar (?:general|tree)|foot locker|old navy|red lobster|olive garden|waffle house"
    r"|taco bell|rite aid|red cross|salvation army|planned parenthood|goodwill"
    r"|(?<=\bat )(?:target|shell|boots|gap|subway|apple|refuge|staples|sprint|orange)"
    r"|(?<=\bfor )(?:target|shell|boots|subway|apple|refuge|staples|sprint))"
)
#: What follows "work at" or "call me" without being a name.
_GENERAL = frozenset(
    "home night nights work school college university church least times present minimum again back"
    " later tomorrow tonight names crazy lazy stupid fat ugly dumb weak selfish weird nuts bad out"
    " different full part local fast small large great walk names right wrong early dad mom mum"
    " daddy mommy mama papa grandma grandpa sir ma'am doctor doc friend sweetheart honey baby"
    " anything something lots plenty noon midnight six seven eight nine ten five four three two"
    " rock risk peace rest ease length hand heart town city country world rehab jail prison"
    " college bay sea war apartments houses fear pain poverty hell public private".split()
)

#: Kind, name of the rule, form: the group is what counts.
_FRAMES: tuple[tuple[str, str, str], ...] = (
    ("NAME", "what someone is called", rf"\bcall(?:s|ed)? (?:him|her|me|us|them) ({_WORD}){_STOP}"),
    (
        "NAME",
        "what someone is called",
        rf"\b(?:names? (?:is|was)|name['’]s|nicknamed|goes by|known as|named(?: after)?) ({_WORD})",
    ),
    (
        "NAME",
        "initials",
        (
            r"(?<![\w.'’])(?![ap]\. ?m\b|u\. ?s\b|i\. ?e\b|e\. ?g\b|d\. ?c\b|o\. ?k\b)"
            r"((?:[a-z]\. ?){1,2}[a-z]\.)"
        ),
    ),
    (
        "NAME",
        "initial for a name",
        (
            r"(?:^|[.,;?!] |\b(?:and|but|so|when|that|then|because|if|and then) )"
            rf"([b-hj-mo-qvwyz]){_INITIAL_DOES}"
        ),
    ),
    (
        "PLACE",
        "where someone lives",
        (
            r"\b(?:live|lives|lived|living|raised|born|grew up|moved(?: back)?) (?:in|to|near)"
            rf" ({_WORD} {_WORD})(?=\s*[.,;?!]|\s*$)"
        ),
    ),
    (
        "EMPLOYER",
        "where someone works",
        (
            r"\b(?:work|works|worked|working|job|shift|shifts|manager|boss|hired|started) at"
            rf" (?:the )?({_WORD}){_STOP}"
        ),
    ),
    ("EMPLOYER", "where someone works", rf"\b(?:drive|drove|driving) for ({_WORD}){_STOP}"),
    (
        "SCHOOL",
        "named for a place",
        (
            r"\b((?:the )?(?:university|college|institute|department|ministry) of"
            rf" (?:the )?{_WORD}(?: (?:and )?{_WORD}(?=\s*[.,;?!]|\s+is\b|\s*$))?)"
        ),
    ),
    (
        "SCHOOL",
        "named for someone",
        (
            rf"\b((?!(?:children|women|men|veteran|people|world|nation|today|state|doctor|it|that|what"
            rf"|let|he|she|there|here)['’])({_WORD})['’]s (?:university|college|hospital|academy"
            r"|infirmary|cathedral))\b"
        ),
    ),
    ("NAME", "name that is a word", rf"\b{_BEFORE_OFTEN} ({_OFTEN}){_STOP}"),
    ("NAME", "name that is a word", rf"(?<![\w'’])({_OFTEN})['’]s\b"),
    ("EMPLOYER", "well-known name of ordinary words", rf"\b({_KNOWN})\b"),
)
#: Rules whose words need no second look.
_CERTAIN = frozenset(
    (
        "named for a place",
        "named for someone",
        "name that is a word",
        "well-known name of ordinary words",
    )
)
FRAMES = tuple((kind, rule, re.compile(form, re.IGNORECASE)) for kind, rule, form in _FRAMES)


def find_frames(text: str) -> list[Finding]:
    """Find names by what stands before them, in text whose capitals say nothing.

    Examples
    --------
    >>> [f.kind for f in find_frames("they call him stretch, and he works at heron.")]
    ['NAME', 'EMPLOYER']
    """
    found = []
    for kind, rule, form in FRAMES:
        for match in form.finditer(text):
            words = match[1].casefold().split()
            if any(not word.strip("x-") for word in words):  # a stand-in, hidden from view
                continue
            telling = [w for w in words if w not in FUNCTION_WORDS and w not in _GENERAL]
            if len(telling) == len(words) or rule in _CERTAIN:
                found.append(Finding(*match.span(1), kind, rule))
    return found
