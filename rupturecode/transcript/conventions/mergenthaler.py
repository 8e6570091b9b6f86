"""The standards of Mergenthaler and Stinson for psychotherapy transcripts.

Nonverbal sounds and events stand in parentheses, pauses are timed in parentheses or drawn
as dashes, a slash stands for each word that cannot be understood, ``(?:word)`` for a
doubtful one, and plus signs enclose speech that overlaps.

The article itself could not be looked up. A published program for transcripts of therapy
sessions (Mieskes & Stiegelmayr, 2018) reads signs of the same kind, and bears out
``(p:00:01:30)`` for a long pause, ``/`` for a word that cannot be understood, ``(?:word)``, and
a hyphen behind a word cut off, which is left alone. From it are ``(..)``, a dot for each second of
a short pause, ``(unverständlich)`` and ``(hd: word)``, the standard form of a word in dialect. A
transcriber's guide after the standards (Weloty) bears out the spelling of ``mm-hm`` and ``uh-huh``,
which are words. From memory only: dashes for pauses, and plus signs for overlap.

References
----------
Mergenthaler, E., & Stinson, C. H. (1992). Psychotherapy transcription standards.
Psychotherapy Research, 2(2), 125-142.

Mieskes, M., & Stiegelmayr, A. (2018). Preparing data from psychotherapy for natural language
processing. LREC 2018. Code: https://github.com/mieskes/Paranoia

Weloty. Psychotherapy verbatim transcription guide.
https://weloty.com/psychotherapy-verbatim-transcription-guide/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.transcript.conventions.found import Found, worded_remarks

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Without any of these a turn has no mark.
SIGNS = "([/+-"

_SPAN = re.compile(
    r"(?P<unclear>\(\?:[^()]*+\))"
    r"|(?P<pause>\((?:pause|p)\b[^()]*+\)|\(\.{1,5}\)|(?<!\S)-{1,5}(?!\S))"
    r"|(?P<gloss>\(hd:[^()]*+\))"
    r"|(?P<inaudible>(?<!\S)/(?:\s*/)*+(?![^\s.,;!?])"
    r"|\((?:unverständlich|unverst\.|inaudible|incomprehensible|unintelligible)\))"
    r"|(?P<note>\([^()]++\))"
    r"|(?P<overlap>(?<!\S)\+[^+\n]++\+)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(tele)?phone|door|knock|noise|clock|bell|siren|tape|recording|someone|rain|chair|paper|music",
    re.IGNORECASE,
)


def find(raw: str) -> Iterator[Found]:
    """Yield the marks of one turn, remarks first.

    Examples
    --------
    >>> [m.kind for m in find("I -- went / home (sighs) (?: alone) (pause: 10)")]
    ['pause', 'inaudible', 'nonverbal', 'unclear', 'pause']
    """
    yield from worded_remarks(raw)
    for span in _SPAN.finditer(raw):
        start, end, kind = span.start(), span.end(), str(span.lastgroup)
        if kind == "note":
            event = _EVENT.search(span.group())
            yield Found(start, end, "event" if event else "nonverbal")
        else:
            yield Found(start, end, kind)
