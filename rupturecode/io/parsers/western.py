"""Which of the Western 8-bit encodings a text is in: by its letters and the places of its signs.

Windows writes curly quotation marks, apostrophes and dashes with bytes that are letters on
older Macs: ``don’t`` in Windows-1252 is ``donít`` in Mac Roman. Both are letters and signs
that Western text has, so it is the place that tells: between ``n`` and ``t`` stands an
apostrophe, and no quotation mark stands in the middle of a word.
"""

from __future__ import annotations

import re

CANDIDATES = ("cp1252", "mac_roman")
#: What Western European text has most of its non-ASCII letters and signs from.
_USUAL = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÉÈÊÇÄÖÜØÅÑ‘’“”„«»–—…¿¡°§€£ \xa0")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
#: What is looked at before and behind a sign, which a zero stands for.
_AROUND = 24
_BEGINS, _ENDS = r"(?:^|[\s(\[\"])", r"(?=$|[\s)\].,;:!?\"])"
#: Places in which only this sign stands, and no letter of the other encoding.
_SURE = {
    "’": re.compile(
        r"n\0t\b|[A-Za-z]\0(?:re|ve|ll|m)\b|[A-Za-z](?<!\b[PpRr]a)\0s\b|\w{3}s\0(?=\s)"
        r"|\b(?i:i|you|he|she|we|they|it|that|there|who)\0d\b"
        r"|\b(?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|all|dell|nell|un|quell)\0(?i:[aeiouyhéêà])\w\w"
        r"|\b[OD]\0[A-Z]|\b(?i:ma\0am|o\0clock|y\0all)\b|[.,!?]\0(?!\w)"
        r"|\win\0(?!\w)|\b(?i:hab|is|nich|jetz|geh|komm|mach|find|glaub|wär|hätt|würd)\0(?!\w)"
        rf"|{_BEGINS}\0(?i:em|cause|til|bout|round|course|kay|tis|twas|\d0s)\b"
    ),
    "‘": re.compile(rf"{_BEGINS}\0(?=\w)"),
    "“": re.compile(rf"{_BEGINS}\0(?=\w)"),
    "”": re.compile(rf"[\w.,!?]\0{_ENDS}"),
    "–": re.compile(r"(?:^|\s)\0(?=$|\s)|\d\0\d|[.,!?]\0(?!\w)"),
    "—": re.compile(r"(?:^|\s)\0(?=$|\s)|[.,!?]\0(?!\w)|[a-z]\0[A-Z]|\b(?P<w>\w+)\0(?P=w)\b"),
}
#: Places in which a letter stands and not this sign: ``s“``, ``canci—n``.
_NEVER = {
    "‘": re.compile(r"\w\0|\0(?=\s)"),
    "“": re.compile(r"\w\0"),
    "”": re.compile(r"\w\0\w|(?:^|\s)\0\w"),
    "–": re.compile(r"[a-z]\0[aeo][a-z]*\b"),
    "—": re.compile(r"[a-z]\0n\b"),
}
#: A sign in its own place, and a dash in English, whose words have no accents, beside a letter.
_WEIGHT = 3
_ENGLISH = re.compile(
    r"\b(?i:the|and|you|that|it|of|was|is|with|have|what|this|know|my|for|not|to|but|so|are)\b"
)
_FEWEST = 3
_LONGEST_QUOTATION = 500
_WORD = re.compile(r"[A-Za-z]+")


def western(sample: bytes) -> tuple[str, str] | None:
    """Return the encoding that fits best and the other one; None where it cannot be told.

    Examples
    --------
    >>> western("C: I don’t know".encode("cp1252")), western("C: así".encode("mac_roman"))
    (('cp1252', 'mac_roman'), None)
    """
    plain = {name: _score(sample.decode(name, "replace")) for name in CANDIDATES}
    first, second = sorted(CANDIDATES, key=lambda name: plain[name], reverse=True)
    best, other = plain[first], plain[second]
    return (first, second) if best[1] > 0 and best[0] > other[0] else None


def _score(text: str) -> tuple[int, int]:
    """Usual characters minus odd ones, signs counted by their places; and the plain count."""
    english = _is_english(text)
    weighed = score = 0
    for found in _FOREIGN.finditer(text):
        sign, at = found.group(), found.start()
        usual = sign in _USUAL and not (sign.isupper() and text[at - 1 : at].islower())
        score += 1 if usual else -1
        if sign not in _SURE or not usual:
            weighed += 1 if usual else -1
            continue
        around = f"{text[max(0, at - _AROUND) : at]}\0{text[at + 1 : at + _AROUND]}"
        before, _, behind = around.partition("\0")
        around = f"{before.rpartition(chr(10))[2]}\0{behind.partition(chr(10))[0]}"
        if sign == "“" and _closes(text, at):
            weighed += _WEIGHT
        elif sign in _NEVER and _NEVER[sign].search(around):
            weighed -= 1
        elif _SURE[sign].search(around) or (english and sign in "–—"):
            weighed += _WEIGHT
        else:
            weighed += 1
    return weighed, score


def _closes(text: str, at: int) -> bool:
    """Whether a German quotation, ``„so“``, is open before a sign that may close it."""
    first = max(0, at - _LONGEST_QUOTATION)
    return text.rfind("„", first, at) > text.rfind("“", first, at)


def _is_english(text: str) -> bool:
    n = len(_ENGLISH.findall(text))
    return n >= _FEWEST and 8 * n > len(_WORD.findall(text))
