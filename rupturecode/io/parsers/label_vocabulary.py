"""Which of the words before a colon are speakers: learned from the file, not from a pattern."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: Words that stand before a colon in headers and prose and never are a speaker.
_NEVER = frozenset(
    [
        "note",
        "notes",
        "date",
        "time",
        "session",
        "key",
        "title",
        "subject",
        "re",
        "from",
        "to",
        "cc",
        "page",
        "topic",
        "summary",
        "location",
        "recorded",
        "recording",
        "duration",
        "length",
        "participants",
        "present",
        "transcriber",
        "transcript",
        "transcribed",
        "transcription",
        "filename",
        "file",
        "audio",
        "video",
        "language",
        "example",
        "examples",
        "question",
        "http",
        "https",
        "ftp",
        "www",
        "p.s",
        "ps",
        "nb",
        "anmerkung",
        "datum",
        "zeit",
        "sitzung",
        "dauer",
        "fecha",
        "nota",
        "hora",
    ]
)
_NUMBERED = re.compile(r"(?P<stem>[^\W\d_]{2,}[ _-]?)\d{1,3}")
_CODE = re.compile(r"[^\W\d_]{1,3}\.?\s?\d{0,3}")


def learn(
    candidates: Mapping[str, int], n_lines: int, *, stamped: Collection[str] = ()
) -> frozenset[str]:
    """Choose the labels among what stands before a colon.

    A word that comes back is a label; so is a usual one (``T``, ``Client``, ``Ms. D``), and
    one that differs from a label only in its number (``Speaker 3``). Another word that comes
    once is a label only in a file where nearly every line has one and it looks like a name.

    Parameters
    ----------
    candidates
        What stands before a colon at the start of a line, and how often.
    n_lines
        Lines with text in the file.
    stamped
        Those that have a time beside them, which words in speech do not.

    Returns
    -------
    Labels folded as by :func:`~rupturecode.transcript.roles.folded`.

    Examples
    --------
    >>> sorted(learn({"T": 2, "C": 1, "Note": 1}, n_lines=5))
    ['c', 't']
    >>> sorted(learn({"Speaker 1": 2, "Speaker 2": 1, "Chapter 2": 1}, n_lines=9))
    ['speaker 1', 'speaker 2']
    """
    written: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, n in candidates.items():
        key = folded(label)
        counts[key] += n
        written.setdefault(key, label)
    timed = {folded(label) for label in stamped}
    dense = counts.total() >= 0.8 * n_lines
    chosen = {
        key
        for key, n in counts.items()
        if key not in _NEVER
        and (n >= 2 or _usual(written[key]) or ((dense or key in timed) and _is_name(written[key])))
    }
    stems = {found["stem"] for key in chosen if (found := _NUMBERED.fullmatch(key))}
    return frozenset(chosen) | {
        key for key in counts if (found := _NUMBERED.fullmatch(key)) and found["stem"] in stems
    }


def _usual(label: str) -> bool:
    return bool(suggest_roles([label])) or bool(re.match(r"(mr|mrs|ms|miss)\b", folded(label)))


def _is_name(label: str) -> bool:
    words = label.split()
    return bool(_CODE.fullmatch(label)) or all(
        w[0].isupper() or not w[0].isascii() or (i and w.isdigit()) for i, w in enumerate(words)
    )
