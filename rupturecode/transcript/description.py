"""The sample in numbers, as a paper's first table gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.display import counted
from rupturecode.result import Result
from rupturecode.transcript.words import spoken_words

if TYPE_CHECKING:
    from rupturecode.transcript.corpus import Corpus
    from rupturecode.transcript.model import Transcript


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SampleDescription(Result):
    """What the corpus consists of."""

    main: ClassVar[str] = "measures"
    measures: pd.DataFrame
    """measure, n (sessions it rests on), total, mean, sd, low, high, note."""

    def headline(self) -> str:
        """Sessions, cases, turns and words."""
        total = self.measures.set_index("measure")["total"]
        of, turns, words = (
            counted(int(total[f"{name}s"]), name) for name in ("case", "turn", "word")
        )
        cases = f" of {of}" if total["cases"] else ""
        return f"{counted(int(total['sessions']), 'session')}{cases}, {turns}, {words}."


def describe(corpus: Corpus) -> SampleDescription:
    """Describe a corpus for a paper: per session mean, standard deviation and range.

    The standard deviation is the sample's (divisor n - 1). Durations run from the first
    start to the last end known; shares are of the words of client and therapist together.

    Examples
    --------
    >>> from rupturecode.transcript import Corpus, Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "So, then."), ("C", "Fine.")])
    >>> describe(Corpus.from_transcripts([talk])).headline()
    '1 sessions, 2 turns, 3 words.'
    """
    per_session = pd.DataFrame([_measure(talk) for talk in corpus])
    sessions = corpus.sessions
    rows = [
        _counted("sessions", len(corpus)),
        _counted("cases", sessions["case"].nunique()),
        _counted("other contacts", int((sessions["kind"] != "session").sum())),
        *(_summary(per_session[name], name) for name in per_session),
    ]
    return SampleDescription(measures=pd.DataFrame(rows))


def _measure(talk: Transcript) -> dict[str, float]:
    words = spoken_words(talk)
    role = talk.turns["role"]
    client, therapist = (
        float(words[(role == r).to_numpy()].sum()) for r in ("client", "therapist")
    )
    begin = talk.turns["start_ms"].min()
    end = max(
        (t for t in (talk.turns["end_ms"].max(), talk.turns["start_ms"].max()) if pd.notna(t)),
        default=None,
    )
    return {
        "turns": float(len(talk)),
        "client turns": float((role == "client").sum()),
        "therapist turns": float((role == "therapist").sum()),
        "words": float(words.sum()),
        "words per turn": float(words.mean()) if len(words) else np.nan,
        "client's share of words": client / (client + therapist)
        if client and therapist
        else np.nan,
        "minutes": np.nan if end is None or pd.isna(begin) else (int(end) - int(begin)) / 60_000,
    }


def _counted(name: str, n: int) -> dict[str, object]:
    blank = dict.fromkeys(("mean", "sd", "low", "high"), np.nan)
    return {"measure": name, "n": n, "total": float(n), **blank, "note": ""}


def _summary(values: pd.Series, name: str) -> dict[str, object]:
    known = values.dropna()
    additive = name not in ("words per turn", "client's share of words")
    note = ""
    if not len(known):
        note = "no session has times" if name == "minutes" else "roles are not known"
    elif len(known) < len(values):
        note = f"known for {len(known)} of {len(values)} sessions"
    return {
        "measure": name,
        "n": len(known),
        "total": known.sum() if additive and len(known) else np.nan,
        "mean": known.mean(),
        "sd": known.std(ddof=1),
        "low": known.min(),
        "high": known.max(),
        "note": note,
    }
