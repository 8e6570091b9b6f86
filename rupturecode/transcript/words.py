"""How many words were spoken, notes of the transcriber left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from rupturecode.transcript.model import Transcript

#: What these marks enclose was written by the transcriber, not said.
_NOT_SPOKEN = ("event", "nonverbal", "pause", "inaudible")
#: In scripts without spaces each character counts as a word.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"
    r"|[^\W_]+(?:['’׳״.-][^\W_]+)*"
)


def count_words(text: str) -> int:
    """Count words; Chinese, Japanese and Thai by characters.

    Examples
    --------
    >>> count_words("I don't know..."), count_words("你好")
    (3, 2)
    """
    return len(text.split()) if text.isascii() else len(_WORD.findall(text))


def spoken_words(talk: Transcript) -> pd.Series:
    """Words spoken in each turn, in the order of the turns."""
    counts = pd.Series([count_words(t) for t in talk.turns["text"]], dtype="int64")
    marks = talk.marks[talk.marks["kind"].isin(_NOT_SPOKEN)]
    if not len(marks):
        return counts
    noted = pd.Series([count_words(t) for t in marks["text"]], dtype="int64")
    by_turn = noted.groupby(marks["turn"].to_numpy(dtype="int64") - 1).sum()
    return counts.sub(by_turn, fill_value=0).clip(lower=0).astype("int64")
