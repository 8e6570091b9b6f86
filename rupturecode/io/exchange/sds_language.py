r"""Sequences in SDIS (``.sds``), the language of GSEQ: events, multievents, timed events, states.

A file declares its type and codes up to the first semicolon. Then come units, each with a label
in ``<>``, sessions parted by ``;``, streams of a session parted by ``&``, levels of variables
in brackets, and a slash. ``%`` begins a comment that the next ``%`` or the line's end ends;
``!`` one that another ``!`` ends.

References
----------
Bakeman, R. & Quera, V. (2011). Sequential Analysis and Observational Methods, ch. 7.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"![^!]*!|%[^%\n]*%?")
HEADER = re.compile(r"\s*(Event|Timed|State|Interval|Multi-?event)\b([^;]*);", re.IGNORECASE)
_PIECE = re.compile(r"<([^>]*)>|\(([^)]*)\)|([/;&])|([^\s<>()/;&]+)")
_FACTORS = {"millisecond": 0.001, "minute": 60.0, "hour": 3600.0}
#: What our names stand for: a line of comment that holds JSON.
_MEANING = re.compile(r"^% (<[^>\n]*>|\w+) is (.*)$", re.MULTILINE)


def without_comments(text: str) -> str:
    r"""Replace comments by blanks, so that lines keep their numbers.

    Examples
    --------
    >>> without_comments("Event % made up\n(a b);")[:20]
    'Event          \n(a b'
    """
    return _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def is_sds(text: str) -> bool:
    """Whether a text begins like a file of SDIS."""
    return HEADER.match(without_comments(text)) is not None


def meaning(token: str, what: str | list[str]) -> str:
    r"""Return the line of comment that says what one of our names stands for.

    Examples
    --------
    >>> meaning("denial_x", "denial = x? 50% sure")
    '% denial_x is "denial = x? 50\\u0025 sure"'
    """
    said = json.dumps(what).replace("%", "\\u0025").replace("!", "\\u0021")
    return f"% {token} is {said}"


def decoded(data: bytes, source: str) -> str:
    """Return the text; its encoding does not matter where only comments have other letters."""
    try:
        return decode(data, source=source).text
    except ParseError:
        text = data.decode("latin-1").replace("\r\n", "\n")
        if "\x00" in text or not without_comments(text).isascii():
            raise
        return text


def meanings(raw: str) -> dict[str, Any]:
    """Return what our names stand for; a line that is no JSON is some other comment."""
    found: dict[str, Any] = {}
    for token, said in _MEANING.findall(raw):
        with contextlib.suppress(ValueError, RecursionError):
            found[token] = json.loads(said)
    return found


def factor(declared: str) -> float:
    """Return the seconds that a plain number stands for."""
    unit = re.search(r"<\s*([a-z]+?)s?\s*>", declared, re.IGNORECASE)
    return _FACTORS.get(unit[1].casefold(), 1.0) if unit else 1.0


@dataclass(slots=True)
class Unit:
    """One session: a label, streams of words with their lines, and levels of variables."""

    label: str
    streams: list[list[tuple[str, int]]] = field(default_factory=lambda: [[]])
    levels: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(self.streams) or bool(self.levels)


def units(text: str, start: int) -> Iterator[Unit]:
    """Yield the sessions that hold anything."""
    unit = Unit("")
    line, at = 1, 0
    for piece in _PIECE.finditer(text, start):
        line, at = line + text.count("\n", at, piece.start()), piece.start()
        label, levels, sign, word = piece.groups()
        if label is not None or sign in (";", "/"):
            if unit:
                yield unit
            kept = unit.label if sign == ";" else ""
            unit = Unit(kept if label is None else " ".join(label.split()))
        elif sign == "&":
            unit.streams.append([])
        elif levels is not None:
            unit.levels += re.split(r"[\s,]+", levels.strip())
        else:
            unit.streams[-1].append((word, line))
    if unit:
        yield unit


@dataclass(frozen=True, slots=True)
class Codes:
    """What the file declares: codes that exclude one another, and their long names."""

    sets: dict[str, int]
    longer: dict[str, str]

    @classmethod
    def of(cls, declared: str) -> Codes:
        """Read the declarations: ``($Mother = MPassive = mp MActive = ma) (a b)``."""
        sets: dict[str, int] = {}
        longer: dict[str, str] = {}
        codes, _, _ = declared.partition("*")  # after it come variables
        for number, inside in enumerate(re.findall(r"\(([^)]*)\)", codes)):
            bare = re.sub(r"^\s*\$[^=]*=", "", inside)
            words = bare.replace("=", " = ").split()
            for at, word in enumerate(words):
                if word == "=" or words[at + 1 : at + 2] == ["="]:
                    continue
                sets[word] = number
                if words[at - 1 : at] == ["="] and at > 1:
                    longer[word] = words[at - 2]
        return cls(sets, longer)
