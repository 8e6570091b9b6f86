"""The stretches that coders rate: turns, sentences, exchanges, windows, sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.tables import UNITS, conform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rupturecode.transcript.model import Transcript

    Splitter = Callable[[str], Iterable[tuple[int, int]]]
    Straddle = Literal["finish-client", "start"]

#: Sessions named in an error.
_SHOWN = 20
#: Minutes in the shortest window.
_SHORTEST = 1 / 60
_COLUMNS = ["session", "kind", "unit", "first_turn", "last_turn", "start_ms", "end_ms"]


def turn_units(talk: Transcript) -> pd.DataFrame:
    """Every turn is a unit; speaker and role come along."""
    turns = talk.turns
    frame = pd.DataFrame(
        {
            "session": turns["session"],
            "kind": pd.Series(["turn"] * len(turns), dtype="str"),
            "unit": turns["turn"],
            "first_turn": turns["turn"],
            "last_turn": turns["turn"],
            "start_ms": turns["start_ms"],
            "end_ms": turns["end_ms"],
            "speaker": turns["speaker"],
            "role": turns["role"],
        }
    )
    return conform(frame, UNITS)


def session_units(talk: Transcript) -> pd.DataFrame:
    """Take the whole session as one unit."""
    return _units(talk, "session", np.ones(len(talk), dtype="int64"))


def window_units(
    talk: Transcript,
    *,
    minutes: float | None = None,
    turns: int | None = None,
    straddle: Straddle = "finish-client",
    origin_ms: int | None = None,
) -> pd.DataFrame:
    """Windows of so many minutes, or of so many turns where there are no times.

    Column ``rule`` says which was used: ``"minutes"`` or ``"turns"``.

    Parameters
    ----------
    talk
        One session.
    minutes
        Length of a window. Windows keep to the clock: the third of five minutes begins ten
        minutes after the first, however long turns at the edges are.
    turns
        Length of a window in turns; a client's turn is not cut, since none is. With
        ``minutes`` too, it holds only for a session without times.
    straddle
        Where a turn goes that is under way when a window ends. ``"finish-client"``: a
        client's turn stays in the window it began in, as labs let the client finish; any
        other turn opens the next window when most of it lies there. ``"start"``: every turn
        stays where it began.
    origin_ms
        Time at which window 1 begins; the start of the first timed turn unless given.

    Raises
    ------
    UsageError
        When no length is given, or only minutes and the session has no times.

    Notes
    -----
    A turn without a time goes with the turn before it, and so does a turn whose time runs
    backwards, so that windows never interleave. A window in which nobody begins to speak
    has missing ``first_turn`` and ``last_turn``.
    """
    if minutes is None and turns is None:
        raise UsageError(
            "A window needs a length: minutes=5, or turns=20 where there are no times."
        )
    _check_length(minutes, turns)
    if straddle not in ("finish-client", "start"):
        raise UsageError(f"straddle={straddle!r}: say 'finish-client' or 'start'.")
    if turns is None:
        need_times([talk])
    if minutes is None or (turns is not None and not has_times(talk)):
        by_turns = _units(talk, "window", np.arange(len(talk)) // (turns or 1) + 1)
        return by_turns.assign(rule=pd.Series("turns", index=by_turns.index, dtype="str"))
    by_clock = _clock_windows(talk, minutes, straddle, origin_ms)
    return by_clock.assign(rule=pd.Series("minutes", index=by_clock.index, dtype="str"))


def _check_length(minutes: object, turns: object) -> None:
    if turns is not None and not (isinstance(turns, int | np.integer) and turns >= 1):
        raise UsageError(f"turns={turns!r}: a window holds at least one turn, and whole ones.")
    if minutes is None:
        return
    if not isinstance(minutes, int | float | np.number) or not 0 < minutes < np.inf:
        raise UsageError(f"minutes={minutes!r}: a window is longer than 0 minutes and has an end.")
    if minutes < _SHORTEST:
        raise UsageError(f"minutes={minutes!r}: a window lasts at least a second, 1 / 60 minutes.")


def has_times(talk: Transcript) -> bool:
    """Whether any turn of a session has a start."""
    return bool(talk.turns["start_ms"].notna().any())


def need_times(talks: Iterable[Transcript]) -> None:
    """Refuse sessions without times where windows are counted in minutes.

    Raises
    ------
    UsageError
        Naming all of them.
    """
    lacking = [talk.session for talk in talks if not has_times(talk)]
    if not lacking:
        return
    names = ", ".join(lacking[:_SHOWN]) + (" ..." if len(lacking) > _SHOWN else "")
    those = f"Session {names} has" if len(lacking) == 1 else f"{len(lacking)} sessions have"
    listed = "" if len(lacking) == 1 else f": {names}"
    raise UsageError(
        f"{those} no times and so no windows of minutes{listed}. Say how many turns make a window "
        "there, such as turns=20 beside minutes=, which keeps minutes for the others."
    )


def _clock_windows(
    talk: Transcript, minutes: float, straddle: Straddle, origin_ms: int | None
) -> pd.DataFrame:
    """Cut a session into windows of equal length by the clock."""
    length = round(minutes * 60_000)
    numbers, origin = _window_numbers(talk, length, straddle, origin_ms)
    frame = _units(talk, "window", numbers)
    every = pd.DataFrame({"unit": np.arange(1, numbers.max(initial=0) + 1)}).astype(
        {"unit": "Int64"}
    )
    frame = every.merge(frame, on="unit", how="left")
    frame["session"], frame["kind"] = talk.session, "window"
    frame["start_ms"] = (origin + (frame["unit"] - 1) * length).astype("Int64")
    frame["end_ms"] = (frame["start_ms"] + length).astype("Int64")
    return conform(frame[_COLUMNS], UNITS)


def _window_numbers(
    talk: Transcript, length: int, straddle: str, origin_ms: int | None
) -> tuple[np.ndarray, int]:
    starts = talk.turns["start_ms"].astype("float64").to_numpy(dtype="float64", na_value=np.nan)
    ends = talk.turns["end_ms"].astype("float64").to_numpy(dtype="float64", na_value=np.nan)
    origin = int(starts[~np.isnan(starts)][0]) if origin_ms is None else origin_ms
    following = np.append(starts[1:], np.nan)
    ends = np.where(np.isnan(ends), following, ends)
    began = (starts - origin) // length
    if straddle == "finish-client":
        middle = ((starts + np.fmax(ends, starts)) / 2 - origin) // length
        client = (talk.turns["role"] == "client").to_numpy()
        began = np.where(client | np.isnan(middle), began, middle)
    filled = np.where(np.isnan(began), 0, began)
    numbers = np.maximum.accumulate(np.maximum(filled, 0)).astype("int64") + 1
    return numbers, origin


def exchange_units(talk: Transcript) -> pd.DataFrame:
    """Exchanges: a client's turn or turns and the answer to it, up to the client's next.

    What comes before the client first speaks is the first exchange. Where no role is
    known, an exchange begins whenever the second speaker to be heard gives way to another
    and speaks again.

    Raises
    ------
    UsageError
        When the session has neither roles nor two speakers.
    """
    roles, speakers = talk.turns["role"], talk.turns["speaker"]
    leads = (roles == "client").to_numpy()
    if not leads.any():
        names = [s for s in speakers.unique() if s]
        if len(names) < 2:
            raise UsageError(
                f"Session {talk.session}: exchanges need roles or two speakers; give roles=."
            )
        leads = (speakers == names[1]).to_numpy()
    begins = leads & ~np.append([False], leads[:-1])[: len(leads)]
    begins[:1] = True
    return _units(talk, "exchange", np.cumsum(begins))


def sentence_units(talk: Transcript, splitter: Splitter | None = None) -> pd.DataFrame:
    """Sentences within turns, with their place in the turn's text.

    Parameters
    ----------
    talk
        One session.
    splitter
        Takes a text and gives the first and past-the-end offset of each sentence, in order;
        :func:`plain_sentences` unless given.

    Returns
    -------
    Units with extra columns ``start_char`` and ``end_char``.
    """
    split = splitter or plain_sentences
    rows: list[tuple[int, int, int]] = []
    for turn, text in zip(talk.turns["turn"], talk.turns["text"], strict=True):
        rows += [(int(turn), start, end) for start, end in split(text)]
    turn_numbers = pd.Series([r[0] for r in rows], dtype="Int64")
    frame = pd.DataFrame(
        {
            "session": pd.Series([talk.session] * len(rows), dtype="str"),
            "kind": pd.Series(["sentence"] * len(rows), dtype="str"),
            "unit": pd.Series(range(1, len(rows) + 1), dtype="Int64"),
            "first_turn": turn_numbers,
            "last_turn": turn_numbers,
            "start_char": pd.Series([r[1] for r in rows], dtype="Int64"),
            "end_char": pd.Series([r[2] for r in rows], dtype="Int64"),
        }
    )
    return conform(frame, UNITS)


_SENTENCE = re.compile(r"\S.*?(?:[.!?…。！？؟]+[\"'”’)\]]*(?=\s|$)|[。！？](?=\S)|$)", re.DOTALL)
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Mme|Hr|Fr|Sr|Sra|z\.B|e\.g|i\.e|vs|etc)\.$")


def plain_sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of sentences, split after closing punctuation but not after common titles.

    Examples
    --------
    >>> [ "Dr. No came. Why?"[a:b] for a, b in plain_sentences("Dr. No came. Why?")]
    ['Dr. No came.', 'Why?']
    """
    spans: list[tuple[int, int]] = []
    carry: int | None = None
    for found in _SENTENCE.finditer(text):
        start = found.start() if carry is None else carry
        if _ABBREVIATION.search(found.group()) and found.end() < len(text):
            carry = start
            continue
        carry = None
        spans.append((start, found.end()))
    if carry is not None:
        spans.append((carry, len(text.rstrip())))
    return spans


def _units(talk: Transcript, kind: str, numbers: np.ndarray) -> pd.DataFrame:
    """Group turns by the number of the unit they belong to."""
    turns = talk.turns.assign(unit=numbers)
    by_unit = turns.groupby("unit", sort=True)
    frame = by_unit.agg(
        first_turn=("turn", "min"),
        last_turn=("turn", "max"),
        start_ms=("start_ms", "min"),
        end_ms=("end_ms", "max"),
    ).reset_index()
    frame["session"], frame["kind"] = talk.session, kind
    return conform(frame[_COLUMNS], UNITS)
