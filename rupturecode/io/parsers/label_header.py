"""What stands above the talk: fields such as ``Date: 3 May``, and a key of labels or names."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

from rupturecode.io.parsers.label_vocabulary import is_field
from rupturecode.transcript.roles import suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Lines from the top among which a header is looked for.
_MOST = 60
#: Longer lines are no entries.
_LONGEST = 200
_ENTRY = re.compile(r"[\s#>*_-]*+(?P<label>[^\W\d_][^\n:：]{0,38})[:：](?P<value>.*)", re.DOTALL)
_BESIDE = " \t\u00a0\u202f*_"
_TITLED = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Miss|Mx|Hr|Herr|Frau|Fr|Sr|Sra|Dra|M|Mme|Mlle|Dott|Dhr|Mevr)\.? )+"
    r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}"
)
#: How talk begins in one word or two, which is written like a name.
_TALK = re.compile(
    r"(?i:hello|hi|hey|good|welcome|yes|yeah|yep|no|nope|ok|okay|so|well|right|sure|fine|please|thanks"
    r"|thank|mm|hm+|mhm|um|uh|oh|ah|hallo|guten|grüß|ja|nein|gut|also|hola|buenos|buenas|sí|si|bueno"
    r"|bonjour|oui|non|salut|ciao|buongiorno|olá|bom|boa|oi|dag|goede|nee|你好|您好|嗯|好|是)\b"
)
_PARTICLES = frozenset("and und y et e en & van von de der den del da di la le al el bin".split())


def header_length(lines: Iterable[str]) -> int:
    """Count the lines at the top that are fields or a key, and would be read as turns.

    Paragraphs count in which a field stands (``Date: 3 May``), and all of whose other lines
    name somebody (``Therapist: Dr. Moss``), or title the whole; so does one at the very top that
    names several people. Whatever could be speech ends the header. Blank lines
    below it are counted too.

    Examples
    --------
    >>> header_length(["Client: Ms. Lane", "Date: 3 May", "", "Client: Hello.", "T: Hi."])
    3
    >>> header_length(["Date: 3 May", "T: Hello", "", "C: Hi."])
    1
    """
    rows = [line[:_LONGEST].strip() for line in islice(lines, _MOST + 1)]
    asked = any(row[:7].casefold() in ("answer:", "answer ") for row in rows)
    end = at = 0
    for size, entries in _paragraphs(rows):
        kinds = [_kind(label, value, asked=asked) for label, value in entries]
        fields = [i for i, kind in enumerate(kinds) if kind == "field"]
        whole = at + size < len(rows) and all(kinds)
        if whole and (fields or (end == at == 0 and _key(entries))):
            end = at + size
        elif whole:
            pass  # names: part of the header when a field follows
        else:
            above = _fields_above(entries, kinds, rows[at:], top=at == 0)
            end = at + above if above else end
            break
        at += size
    return end


class Bare:
    """Lines with a header at the top left blank, to be walked over as often as the lines."""

    def __init__(self, lines: Iterable[str], length: int) -> None:
        self._lines, self._length = lines, length

    def __iter__(self) -> Iterator[str]:
        return chain([""] * self._length, islice(self._lines, self._length, None))


def names_somebody(words: str) -> bool:
    """Whether words are a role (``Therapist``) or a name with its title, and nothing said.

    Examples
    --------
    >>> names_somebody("Therapist."), names_somebody("Ms. Lane"), names_somebody("Ms. Lane?")
    (True, True, False)
    """
    role = words.rstrip(".")
    return len(role) > 3 and bool(suggest_roles([role]) or _TITLED.fullmatch(role))


def _paragraphs(rows: list[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the number of rows of each paragraph, blank ones below with it, and its entries."""
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and rows[end]:
            end += 1
        entries = [
            (found["label"].strip(_BESIDE), found["value"].strip(_BESIDE))
            if (found := _ENTRY.match(row))
            else ("", row)
            for row in rows[at:end]
        ]
        while end < len(rows) and not rows[end]:
            end += 1
        yield end - at, entries
        at = end


def _kind(label: str, value: str, *, asked: bool = False) -> str:
    """Say what a line is: ``field``, ``name``, ``title``, or empty where it may be speech.

    Where it is ``asked``, answers follow, and a question is no field.
    """
    if asked and label.casefold() == "question":
        return ""
    if label and is_field(label):
        return "field"
    if not label:
        return "" if value[-1:] in ".!?…,;" or "\t" in value or len(value.split()) > 12 else "title"
    return "name" if _is_name(value) else ""


def _fields_above(
    entries: list[tuple[str, str]], kinds: list[str], rows: Iterable[str], *, top: bool
) -> int:
    """Count the fields, and the names among and below them, that stand right above speech.

    A name counts when it cannot be an answer: it has a title, a number or several words, or
    its label never comes again. At the very top several names do without a field.
    """
    labels = Counter(found["label"].strip(_BESIDE) for row in rows if (found := _ENTRY.match(row)))
    n = n_names = n_titled = i = 0
    for i, ((label, value), kind) in enumerate(zip(entries, kinds, strict=True)):
        telling = names_somebody(value) or any(map(str.isdigit, value))
        sure = telling or len(value.split()) > 1 or labels[label] == 1
        if kind == "field" or (kind == "name" and sure and n == i > 0):
            n = i + 1
        elif not (kind == "title" or (kind == "name" and sure)):
            break
        if kind == "name" and labels[label] == 1:
            n_names, n_titled = n_names + 1, n_titled + telling
    people = top and not n and n_names == i > 1 and n_titled == n_names
    return i if people else n


def _is_name(value: str) -> bool:
    if names_somebody(value):
        return True
    words = value.replace("(", " ").replace(")", " ").split()
    said = not words or len(words) > 8 or value[-1] in ".!?…,;。！？，、" or _TALK.match(value)
    return not said and all(
        w[0].isupper()
        or w[0].isdigit()
        or not w[0].isascii()
        or w in _PARTICLES
        or suggest_roles([w])
        for w in words
    )


def _key(entries: list[tuple[str, str]]) -> bool:
    """Whether a paragraph names several people by title, role or full name, each once."""
    labels = [label for label, _ in entries if label]
    telling = [
        names_somebody(value) or (len(value.split()) > 1 and value.isascii())
        for label, value in entries
        if label
    ]
    return len(set(labels)) == len(labels) > 1 and sum(telling) > len(telling) / 2
