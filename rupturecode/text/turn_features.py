"""Language features of turns: counts with a stated source, never a person's background."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.text.deidentification.lexicon import FUNCTION_WORDS
from rupturecode.text.lexical import (
    AGREEMENT,
    COMPLAINT,
    DIRECTIVE,
    FEATURE_NAMES,
    FEATURES,
    QUESTION_START,
)
from rupturecode.text.pipelines import turns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.text.pipelines import Talk

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_RECENT, _NEAR = 10, 3
_KEYS = ["session", "turn", "speaker", "role"]


def features(talk: Talk, *, standardize: bool = False) -> pd.DataFrame:
    """Return language features, one row per turn.

    Context (the turns before) counts, so pass whole sessions. What each column means and
    where the idea comes from: :func:`feature_sources`. A person's background is never a
    feature.

    Parameters
    ----------
    talk
        A corpus, a transcript or a frame of turns.
    standardize
        Whether to subtract each speaker's own mean and divide by their own standard
        deviation, over all their turns here with the same name in the same case (session,
        where no case is known). A feature that never varies for a speaker becomes 0.

    Returns
    -------
    session, turn, speaker, role and one column per feature.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "You should try it."), ("C", "Okay, I guess.")])
    >>> features(talk)[["n_words", "hedges", "agreement_after_directive"]].values.tolist()
    [[4.0, 0.0, 0.0], [3.0, 1.0, 1.0]]
    """
    turns, frame = _measured(talk)
    if standardize:
        frame = _standardized(frame, _who(talk, turns))
    return pd.concat([turns[_KEYS].reset_index(drop=True), frame], axis=1)


def raw_and_standardized(talk: Talk) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the features as counted and within speaker, one row per turn, counting once."""
    turns, frame = _measured(talk)
    return frame, _standardized(frame, _who(talk, turns))


def feature_sources() -> pd.DataFrame:
    """Return what every feature counts and where the idea comes from.

    Examples
    --------
    >>> feature_sources()["feature"].tolist()[:2]
    ['n_words', 'talk_share']
    """
    rows = [(f.name, f.about, f.source) for f in FEATURES]
    return pd.DataFrame(rows, columns=["feature", "about", "source"])


def folded(text: str) -> str:
    """Small letters, straight apostrophes: the form in which turns are searched."""
    return text.lower().replace("’", "'").replace("‘", "'")


def _measured(talk: Talk) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return turns and their features."""
    turns = turns_of(talk)
    columns = _by_form(turns)
    for positions in turns.groupby("session", sort=False).indices.values():
        _in_context(turns, np.asarray(positions), columns)
    return turns, pd.DataFrame({name: columns[name] for name in FEATURE_NAMES})


def _by_form(turns: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Features that look at one turn alone; the others start as missing."""
    texts = [folded(t) for t in turns["text"].fillna("").astype(str)]
    columns = {name: np.full(len(texts), np.nan) for name in FEATURE_NAMES}
    for feature in FEATURES:
        if feature.form is not None:
            count = feature.form.findall
            columns[feature.name] = np.array([len(count(t)) for t in texts], dtype=float)
    columns["n_words"] = np.array([len(_words(t)) for t in texts], dtype=float)
    marks = np.array([t.count("?") + t.count("؟") + t.count("？") for t in texts], dtype=float)
    opens = np.array([bool(QUESTION_START.search(t)) for t in texts], dtype=float)
    columns["questions"] = np.maximum(marks, opens)
    return columns


def _words(text: str) -> list[str]:
    return _WORD.findall(_BRACKETS.sub(" ", text))


def _in_context(
    turns: pd.DataFrame, at: NDArray[np.intp], columns: dict[str, NDArray[np.float64]]
) -> None:
    """Fill in the features of one session that look at the turns before."""
    session = turns.iloc[at]
    speakers = session["speaker"].fillna("").tolist()
    texts = [folded(t) for t in session["text"].fillna("").astype(str)]
    n_words = columns["n_words"][at]
    columns["talk_share"][at] = _talk_share(speakers, n_words)
    columns["length_change"][at] = _length_change(speakers, n_words)
    columns["turns_before"][at] = np.arange(len(at))
    columns["turns_after"][at] = np.arange(len(at))[::-1]
    columns["latency_ms"][at] = _latency(session, speakers)
    columns["topic_shift"][at] = _topic_shift(texts)
    other = [a != b for a, b in zip(speakers[1:], speakers, strict=False)]
    columns["agreement_after_directive"][at] = _after(texts, other, DIRECTIVE, AGREEMENT)
    columns["directive_after_complaint"][at] = _after(texts, other, COMPLAINT, DIRECTIVE)


def _after(
    texts: list[str], other: list[bool], first: re.Pattern[str], then: re.Pattern[str]
) -> list[float]:
    """1 where a turn holds one form and another speaker's turn right before held the other."""
    pairs = zip(other, texts, texts[1:], strict=False)
    return [
        0.0,
        *(float(o and bool(first.search(a)) and bool(then.search(b))) for o, a, b in pairs),
    ]


def _talk_share(speakers: Sequence[str], n_words: NDArray[np.float64]) -> list[float]:
    shares = []
    for i, speaker in enumerate(speakers):
        near = range(max(0, i - _RECENT + 1), i + 1)
        total = sum(n_words[j] for j in near)
        own = sum(n_words[j] for j in near if speakers[j] == speaker)
        shares.append(own / total if total else np.nan)
    return shares


def _length_change(speakers: Sequence[str], n_words: NDArray[np.float64]) -> list[float]:
    said: dict[str, tuple[float, int]] = {}
    changes = []
    for speaker, n in zip(speakers, n_words, strict=True):
        total, turns = said.get(speaker, (0.0, 0))
        changes.append(float(np.log((n + 1) / (total / turns + 1))) if turns else np.nan)
        said[speaker] = (total + n, turns + 1)
    return changes


def _latency(session: pd.DataFrame, speakers: Sequence[str]) -> NDArray[np.float64]:
    starts = session["start_ms"].to_numpy("float64", na_value=np.nan)
    ends = session["end_ms"].to_numpy("float64", na_value=np.nan)
    latency = np.full(len(starts), np.nan)
    latency[1:] = starts[1:] - ends[:-1]
    same = [True, *(a == b for a, b in zip(speakers[1:], speakers, strict=False))]
    latency[same] = np.nan
    return latency


def _topic_shift(texts: Sequence[str]) -> list[float]:
    content = [frozenset(w for w in _words(t) if _is_content(w)) for t in texts]
    shifts = []
    for i, words in enumerate(content):
        before = frozenset().union(*content[max(0, i - _NEAR) : i])
        shifts.append(len(words - before) / len(words) if words and before else np.nan)
    return shifts


def _is_content(word: str) -> bool:
    return len(word) > 2 and word not in FUNCTION_WORDS and "'" not in word


def _who(talk: Talk, turns: pd.DataFrame) -> pd.Series:
    """Which person speaks, as a number: the name within the case, or within the session."""
    case = turns["session"]
    if hasattr(talk, "sessions"):
        sessions = talk.sessions.set_index("session")["case"]
        case = turns["session"].map(sessions).fillna(turns["session"])
    return turns.groupby([case.astype(str), turns["speaker"].fillna("")], sort=False).ngroup()


def _standardized(frame: pd.DataFrame, who: pd.Series) -> pd.DataFrame:
    groups = frame.groupby(who.to_numpy(), sort=False)
    mean, deviation = groups.transform("mean"), groups.transform("std", ddof=0)
    centred = frame - mean
    return (centred / deviation.where(deviation > 0)).where(deviation > 0, centred * 0)
