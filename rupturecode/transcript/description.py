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

    Calls, supervision and other contacts are counted, and not among the sessions: their
    turns and words are not in the other rows.

    The standard deviation is the sample's (divisor n - 1). Durations run from the first
    start to the last end known; shares are of the words of client and therapist together.

    Examples
    --------
    >>> from rupturecode.transcript import Corpus, Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "So, then."), ("C", "Fine.")])
    >>> describe(Corpus.from_transcripts([talk])).headline()
    '1 session, 2 turns, 3 words.'
    """
    sessions = corpus.sessions
    others = sessions["kind"] != "session"
    apart = set(sessions.loc[others, "session"])
    talks = [_measure(talk) for talk in corpus if talk.session not in apart]
    per_session = pd.DataFrame(talks, columns=list(_MEASURES), dtype="float64")
    note = "not among the sessions, nor in the rows below" if others.any() else ""
    rows = [
        _counted("sessions", len(talks)),
        _counted("cases", sessions["case"].nunique()),
        _counted("other contacts", int(others.sum()), note),
        *(_summary(per_session[name], name) for name in per_session),
    ]
    return SampleDescription(measures=pd.DataFrame(rows))


_MEASURES = (
    "turns",
    "client turns",
    "therapist turns",
    "words",
    "words per turn",
    "client's share of words",
    "minutes",
)


def client_share(talk: Transcript) -> float:
    """Return the client's share of the words of client and therapist; NaN where one is absent.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> roles = {"T": "therapist", "C": "client"}
    >>> rows = [("T", "So, then?"), ("C", "(sighs) Fine.")]
    >>> talk = Transcript.from_turns("s1", rows, roles=roles)
    >>> round(client_share(talk), 2)
    0.33
    """
    by_role = spoken_words(talk).groupby(talk.turns["role"].to_numpy()).sum()
    if not {"client", "therapist"} <= set(by_role.index):
        return np.nan
    both = float(by_role["client"] + by_role["therapist"])
    return float(by_role["client"]) / both if both else np.nan


def _measure(talk: Transcript) -> dict[str, float]:
    words = spoken_words(talk)
    role = talk.turns["role"]
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
        "client's share of words": client_share(talk),
        "minutes": np.nan if end is None or pd.isna(begin) else (int(end) - int(begin)) / 60_000,
    }


def _counted(name: str, n: int, note: str = "") -> dict[str, object]:
    blank = dict.fromkeys(("mean", "sd", "low", "high"), np.nan)
    return {"measure": name, "n": n, "total": float(n), **blank, "note": note}


def _summary(values: pd.Series, name: str) -> dict[str, object]:
    known = values.dropna()
    additive = name not in ("words per turn", "client's share of words")
    note = ""
    if not len(known) and len(values):
        note = "no session has times" if name == "minutes" else "roles are not known"
    elif len(known) < len(values):
        note = f"known for {len(known)} of {len(values)} sessions"
    return {
        "measure": name,
        "n": len(known),
        "total": known.sum() if additive and (len(known) or not len(values)) else np.nan,
        "mean": known.mean(),
        "sd": known.std(ddof=1),
        "low": known.min(),
        "high": known.max(),
        "note": note,
    }
