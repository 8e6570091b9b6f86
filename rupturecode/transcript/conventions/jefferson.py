"""Jefferson's conversation-analytic notation.

Held against the glossary and against keys printed in journals: a short pause is ``(.)`` or, in
the glossary itself, ``(·)``; ``wo(h)rd`` is laughter within a word, not a doubtful hearing; the
degree signs around quiet speech are also printed as ``º`` and ``◦``. Stretched sounds, breaths,
cut-off words and signs of speed stay in the text without a mark.

References
----------
Jefferson, G. (2004). Glossary of transcript symbols with an introduction. In G. H. Lerner
(Ed.), Conversation Analysis: Studies from the First Generation (pp. 13-31). John Benjamins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.transcript.conventions.found import CODERS_WORDS, Found, by_wording, remarks

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Without any of these a turn has no mark.
SIGNS = "[](=_°º◦↑↓"

LATCHED = "latched"

_SPAN = re.compile(
    r"(?P<note>\(\([^()]*+\)\))"
    r"|(?P<laugh>(?<=\w)\(h{1,5}\)|\(h{1,5}\)(?=\w))"
    r"|(?P<pause>\(\s*(?:[.·]+|\d+(?:[.,]\d+)?)\s*\))"
    r"|(?P<inaudible>\(\s*\))"
    r"|(?P<unclear>\([^()]++\))"
    r"|(?P<overlap>\[[^\[\]\n]*+\]?)"
    r"|(?P<emphasis>(?<!\w)_[^_\n]++_(?!\w)|[°º◦][^°º◦\n]++[°º◦]|[↑↓]\S++)"
    r"|(?P<latch>=)"
)
_BODY = re.compile(
    r"(?:\w+ly )?(laugh|chuckl|smil|cr(?:y|ie)|weep|sob|sigh|cough|sniff|nod|shak|shrug|whisper|"
    r"look|breath|swallow|yawn|point)",
    re.IGNORECASE,
)


def find(raw: str) -> Iterator[Found]:
    """Yield the marks of one turn, remarks first.

    Examples
    --------
    >>> [m.kind for m in find("I (0.4) don't know. ((sighs)) (maybe) ( )") if m.kind]
    ['pause', 'nonverbal', 'unclear', 'inaudible']
    """
    yield from remarks(raw)
    for span in _SPAN.finditer(raw):
        start, end, shape = span.start(), span.end(), str(span.lastgroup)
        if shape == "note":
            words = span.group().strip("() ")
            if CODERS_WORDS.match(words):
                yield by_wording(start, end, words)
            else:
                yield Found(start, end, "nonverbal" if _BODY.match(words) else "event")
        elif shape == "latch":
            if not raw[:start].strip() or not raw[end:].strip():
                yield Found(start, start, "", flag=LATCHED)
        elif shape == "laugh":
            yield Found(start, end, "nonverbal")
        else:
            yield Found(start, end, shape)
