"""Sentences of speech: hesitations do not end one, interruptions do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.text.pipelines import Talk

#: Where a sentence may end: closing marks, or a dash of breaking off before a capital.
_END = re.compile(
    r"""(?:[.!?…‽]+|[。！？।؟۔]+)["'”’)\]]*   # closing marks with the quotes that follow
    | \s?(?:--+|[—–])(?=\s)                  # a broken-off sentence
    | (?<=\w)-(?=\s+["“‘]?[A-Z])             # the same, in shorter notation
    | \n+                                    # a line of its own
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|fr|sgt|lt|vs|etc|approx|no|vol|fig|e\.g|i\.e"
    r"|u\.s|a\.m|p\.m|ph\.d|m\.d)|(?<!\w)(?!I\.)[A-Z])\.$",
    re.IGNORECASE,
)
_NEVER_LAST = re.compile(r"\b(?:mr|mrs|ms|mx|dr|prof|rev|e\.g|i\.e|vs|approx)\.$", re.IGNORECASE)
_HESITATION = re.compile(r"(?:\.{2,}|…|--+|—|–)[\"'”’)\]]*$")
_LEFT = 12


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return first and past-the-end offsets of the sentences of a turn, in order.

    Every visible character lies in exactly one sentence. Three dots or a dash end a
    sentence only when the next word begins with a capital (other than "I").

    Parameters
    ----------
    text
        What one speaker said.

    Examples
    --------
    >>> text = "I was... um, tired. You know? Dr. Lee said so-- Well, no."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['I was... um, tired.', 'You know?', 'Dr. Lee said so--', 'Well, no.']
    """
    spans: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    for match in _END.finditer(text):
        end = match.end()
        if match.start() < start or not text[start:end].strip() or not _ends(text, start, match):
            continue
        spans.append((start, start + len(text[start:end].rstrip())))
        start = _skip_space(text, end)
    if start < len(text):
        spans.append((start, start + len(text[start:].rstrip())))
    return spans


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a candidate really ends a sentence."""
    end, mark = match.end(), match.group()
    if mark.startswith("\n") or mark[0] in "。！？।؟۔":
        return True
    if end < len(text) and not text[end].isspace():
        return False
    after = _skip_space(text, end)
    if after >= len(text):
        return False
    before = text[max(start, end - _LEFT) : end]
    following = text[after : after + 2].lstrip("\"'“‘([")
    opens = bool(following) and (following[0].isupper() or not following[0].isalpha())
    if _HESITATION.search(before):
        return opens and not _is_pronoun(text, after) and following[0].isalpha()
    if _NEVER_LAST.search(before):
        return False
    return not (_ABBREVIATION.search(before) and not _opens_anew(text, after))


def _is_pronoun(text: str, at: int) -> bool:
    return text[at : at + 1] == "I" and not text[at + 1 : at + 2].isalpha()


def _opens_anew(text: str, at: int) -> bool:
    """After an abbreviation: whether the next word can only open a sentence."""
    word = re.match(r"[A-Za-z']+", text[at : at + 20])
    return word is not None and word.group() in _OPENERS


_OPENERS = frozenset(
    "And But So Then It He She They We You That This There What Why How When Where Who No Yes Yeah"
    " Okay Well Maybe Because My Your His Her I".split()
)


def sentences(talk: Talk) -> pd.DataFrame:
    """Return the sentences of every turn.

    Parameters
    ----------
    talk
        A corpus, a transcript or a frame of turns.

    Returns
    -------
    One row per sentence: session, turn, sentence (counted from 1 within the turn), speaker,
    role, text, start_char and end_char (offsets into the turn's text). As splitter for
    sentence units, pass :func:`split_sentences` to ``corpus.units("sentence", splitter=...)``.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("C", "I was... fine. Really?")])
    >>> sentences(talk)["text"].tolist()
    ['I was... fine.', 'Really?']
    """
    import pandas as pd

    from rupturecode.text.pipelines import turns_of

    turns = turns_of(talk)
    known = ["session", "turn", "speaker", "role"]
    rows = []
    for *who, text in zip(*(turns[c] for c in known), turns["text"].fillna(""), strict=True):
        for n, (start, end) in enumerate(split_sentences(text), start=1):
            rows.append((*who[:2], n, *who[2:], text[start:end], start, end))
    columns = ["session", "turn", "sentence", "speaker", "role", "text", "start_char", "end_char"]
    frame = pd.DataFrame(rows, columns=columns)
    whole = dict.fromkeys(["turn", "sentence", "start_char", "end_char"], "Int64")
    words = dict.fromkeys(["session", "speaker", "role", "text"], "str")
    return frame.astype({**whole, **words})
