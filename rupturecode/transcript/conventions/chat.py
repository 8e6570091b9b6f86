"""The CHAT notation of TalkBank, so far as it stands inside a turn.

The text is made readable: signs about how a word was said or stopped go, what was heard
stays, and what the signs said stands in the marks. ``raw`` keeps everything.

References
----------
MacWhinney, B. (2000). The CHILDES Project: Tools for Analyzing Talk (3rd ed.). Erlbaum.
Current notation: https://talkbank.org/manuals/CHAT.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.transcript.conventions.found import Found, meets, remarks

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Without any of these a turn has no mark.
SIGNS = (*"[](<>‹›&+@0„‡\x15", "xxx", "yyy", "www")

_SPAN = re.compile(
    r"(?P<bullet>[ ]?\x15[^\x15\n]*+\x15)"
    r"|(?P<code>\[[^\[\]\n]*+\])"
    r"|(?P<pause>\((?:\.{1,3}|\d+(?::\d+)?(?:\.\d*)?)\))"
    r"|(?P<unsaid>\((?P<letters>[^\W\d_]+)\))"
    r"|(?P<long>&\{[ln]=(?P<lasting>[^\s\[\]<>]+))|(?P<over>[ ]?&\}[ln]=[^\s\[\]<>]+)"
    r"|(?P<sound>&=(?P<deed>[^\s\[\]<>]+))"
    r"|(?P<other>&\*(?P<who>[^\s:&*]{1,20}):(?P<what>[^\s\[\]<>]+))"
    r"|(?P<partial>&[-+~]?(?=[^\W\d_]))"
    r"|(?P<group>[<>‹›])"
    r"|(?P<cut>\+(?P<end>(?:\.\.\.?|/{1,2}|\"/|!)?[.?!]))"
    r"|(?P<link>(?<!\S)\+(?P<how>[<^,+\"]+)\s*)"
    r"|(?P<omitted>(?<!\S)0[^\W\d_]+\s?)"
    r"|(?P<form>(?<=\w)@[a-z]{1,3}(?::[\w&+]+)?(?!\w))"
    r"|(?P<inaudible>(?<!\w)(?:xxx|yyy|www)(?!\w))"
    r"|(?P<pausing>[ ]?[„‡])"
)
#: What the signs at the beginning and the end of an utterance say about the turn.
_LINKS = {"<": "overlap", "^": "latched", ",": "completion", "+": "completion"}
_ENDINGS = {"/": "interrupted", "//": "self-interrupted"}
#: How a code in brackets begins, and the kind of mark that it becomes.
_CODES = (
    (re.compile(r"=!\s*"), "nonverbal"),
    (re.compile(r"(?:=\?|=|::?|-|x(?=\s*\d)|/{1,3}-?\s*$|/\?\s*$|\*)\s*"), "gloss"),
    (re.compile(r"\?\s*$"), "unclear"),
    (re.compile(r"!{1,2}\s*$"), "emphasis"),
    (re.compile(r"[<>]\d?\s*$"), "overlap"),
    (re.compile(r"[+%$^#]\s*"), "comment"),
)


def find(raw: str) -> Iterator[Found]:
    """Yield the marks of one turn, remarks first.

    Examples
    --------
    >>> [(m.kind, m.text or m.shown) for m in find("I [/] I &=laughs went [= home] xxx")]
    [('gloss', '[/]'), ('nonverbal', '(laughs)'), ('gloss', 'home'), ('inaudible', None)]
    """
    comments = remarks(raw)
    taken = [(c.start, c.end) for c in comments]
    yield from comments
    for span in _SPAN.finditer(raw):
        start, end, shape = span.start(), span.end(), str(span.lastgroup)
        if meets(taken, start, end):
            continue
        if span["code"]:
            yield _code(span["code"], start, end)
        elif span["pause"] or span["inaudible"]:
            yield Found(start, end, shape)
        elif span["sound"]:
            deed = span["deed"].replace(":", " ").replace("_", " ")
            yield Found(start, end, "nonverbal", shown=f"({deed})")
        elif span["long"]:
            yield Found(start, end, "nonverbal", shown=f"({span['lasting'].replace('_', ' ')})")
        else:
            yield Found(start, end, "", shown=_shown(span), flag=_flag(span))


def _code(code: str, start: int, end: int) -> Found:
    """Read a code in brackets; one that is none of CHAT's stays as an event."""
    inner = code[1:-1].strip()
    for sign, kind in _CODES:
        found = sign.match(inner)
        if found:
            said = inner[found.end() :].strip()
            shown = f"({said})" if kind == "nonverbal" and said else None
            if shown:
                return Found(start, end, kind, shown=shown)
            return Found(start, end, kind, removed=True, text=said or code)
    return Found(start, end, "event")


def _flag(span: re.Match[str]) -> str:
    """Return what a sign between utterances says about the turn."""
    if span["link"]:
        return next((_LINKS[sign] for sign in span["how"] if sign in _LINKS), "")
    return _ENDINGS.get(span["end"][:-1], "") if span["cut"] else ""


def _shown(span: re.Match[str]) -> str:
    """Return what stands in the text for a sign that is no mark."""
    if span["unsaid"]:
        return span["letters"]
    if span["other"]:
        return f"[{span['who']}: {span['what']}]"
    if span["cut"]:
        end = span["end"]
        return end if end.startswith("..") else f"-{end[-1]}" if end[-1] in "?!" else "-"
    return "," if span["pausing"] else ""
