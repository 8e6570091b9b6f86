"""Would-be names at the start of a caption's lines.

People call themselves what they like in a video call: ``Smith, Jane``, ``Dr. Jane Smith
(she/her)``, ``+1 555 123 4567``. Which of the would-be names are speakers is learned from
the whole file (:mod:`rupturecode.io.parsers.label_vocabulary`); here it is only said where
one may stand.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.label_vocabulary import is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: What says that somebody else begins to speak.
_TURN = r"(?:>>>?|(?:&gt;){2,3})"
_AHEAD = rf"[ \t]*(?:(?:-|{_TURN})[ \t]*)?"
#: A name as most are, before a colon and a space.
_NAME = re.compile(
    rf"{_AHEAD}\[?"
    r"([^\W\d_](?:[^:：\n\[\](){}<>!?\"“”,;]{0,38}[^\s:：\n\[\](){}<>!?\"“”,;])?)"
    r"\]?[ \t]?[:：][ \t]+"
)
_INSIDE = "[^:：\\n<>!?;，。、！？；]"
#: A name with commas, brackets, digits or quotes, or one that stands closer to the words:
#: nothing after the colon but the end of the line or a letter.
_ODD = re.compile(
    rf"{_AHEAD}([^\W_]{_INSIDE}{{0,78}}?|[+\"“]{_INSIDE}{{1,78}}?)"
    r"(?:[ \t]?[:：](?:[ \t]+|(?=\n))|：|(?<!\s):(?=[^\W\d_]))\n?"
)
#: A numbered speaker in brackets, as programs for transcription write: ``[Speaker 1] Hello``.
_NUMBERED = r"[^\W\d_]{2,20}[ _](?:\d{1,3}|\?)"
_BRACKETED = re.compile(rf"{_AHEAD}(?:\[({_NUMBERED})\]|\(({_NUMBERED})\))[ \t]+")
#: A name in brackets on a line of its own, as Google Meet's captions have it.
_HEADING = re.compile(r"[ \t]*\(([^\W\d_][^()\n]{0,60})\)[ \t]*\n")
_ASIDE = re.compile(r"[(\[][^()\[\]\n]{1,40}[)\]]")
_STRAY = re.compile(r"[()\[\]{}]")
_PHONE = re.compile(r"\+?(?:[ .()-]*\d){7,15}")
_SOMEBODY_ELSE = re.compile(rf"\s*{_TURN}")
_TWO = re.compile(rf"\s*(?:[-–—]|{_TURN})[^\n]*\n\s*(?:[-–—]|{_TURN})|[^\n]+\n\s*{_TURN}")
#: So few words may stand in a name.
_MOST_WORDS = 8
_FEW_WORDS = 3
#: Where none of so many cues has a heading, no cue has.
_LOOK_AT = 20


class Name(NamedTuple):
    """A would-be name before a colon, and its place with the colon in the cue."""

    label: str
    start: int
    end: int


def finder(
    speakers: Iterable[str] | None = None, *, headed: bool = False
) -> Callable[[str], Sequence[Name]]:
    """Return what finds would-be names in a cue; those that are given are found as they are.

    ``headed`` cues have a name in brackets on a line of its own.

    Examples
    --------
    >>> find = finder()
    >>> [name.label for name in find("Dr. Smith (she/her): Hm.") + find("[Speaker 1] Well.")]
    ['Dr. Smith (she/her)', 'Speaker 1']
    >>> find("So I said, well: no."), finder(["so, well"])("So, well: no.")[0].label
    ([], 'So, well')
    """
    given = _pattern(speakers or ())

    def find(text: str) -> Sequence[Name]:
        if ":" not in text and "：" not in text and "[" not in text and "(" not in text:
            return []
        found, at = [], 0
        while at >= 0:
            name = (given and _named(given, text, at)) or (headed and _named(_HEADING, text, at))
            name = name or _named(_NAME, text, at) or _odd(text, at)
            if name:
                found.append(name)
            at = text.find("\n", name.end if name else at) + 1 or -1
        return found

    return find


def are_headed(texts: Iterable[str]) -> bool:
    """Whether nearly all cues begin with a name in brackets on a line of its own."""
    found = n = 0
    for n, text in enumerate(texts, start=1):
        found += text.lstrip()[:1] == "(" and _HEADING.match(text) is not None
        if n == _LOOK_AT and not found:
            return False
    return 0 < 0.8 * n <= found


def somebody_else(text: str) -> bool:
    """Whether a cue begins with the sign that another person speaks, ``>>``."""
    return _SOMEBODY_ELSE.match(text) is not None


def two_speak(text: str) -> bool:
    r"""Whether signs say that two people speak in a cue, without saying who.

    Examples
    --------
    >>> two_speak("- Come in.\n- Thank you."), two_speak("Yes.\n>> No."), two_speak("- Yes.")
    (True, True, False)
    """
    return _TWO.match(text) is not None


def _named(pattern: re.Pattern[str], text: str, at: int) -> Name | None:
    found = pattern.match(text, at)
    return Name(sys.intern(found[1]), *found.span()) if found else None


def _odd(text: str, at: int) -> Name | None:
    found = _BRACKETED.match(text, at)
    if found:
        return Name(sys.intern(found[1] or found[2]), *found.span())
    found = _ODD.match(text, at)
    return Name(sys.intern(found[1]), *found.span()) if found and _is_odd(found[1]) else None


def _is_odd(label: str) -> bool:
    """Whether a person may be called so: in capitals, with remarks in brackets, or by number."""
    core = _ASIDE.sub("", label)
    words = core.replace(",", " ").split()
    if not words or len(words) > _MOST_WORDS or _STRAY.search(core):
        return False
    if not any(map(str.isalpha, core)):
        return _PHONE.fullmatch(label) is not None
    if core != label and len(words) <= _FEW_WORDS:
        return True
    spelled = [w.strip("\"“”'") for w in words if not w[0].isdigit()]
    return all(spelled) and is_name(" ".join(spelled))


def _pattern(speakers: Iterable[str]) -> re.Pattern[str] | None:
    names = sorted({" ".join(s.rstrip(" .:").split()) for s in speakers} - {""}, key=len)[::-1]
    if not names:
        return None
    alike = "|".join(r"[ \t\u00a0]+".join(map(re.escape, name.split(" "))) for name in names)
    return re.compile(rf"{_AHEAD}\[?((?:{alike})\.?)\]?[ \t]?[:：]\s*", re.IGNORECASE)
