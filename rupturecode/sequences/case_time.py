"""The two clocks: turns within sessions, and contacts within cases, with codes on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_GIVEN = ("given", "uncertain")


@dataclass(frozen=True, eq=False)
class CaseTime:
    """One layer of coding laid along both clocks."""

    contacts: pd.DataFrame
    """session, case, rank (1, 2, ... in the case), kind, date, n_turns, last_turn (the last
    one examined), and the study's own columns; one row per contact, in case order."""
    turns: pd.DataFrame
    """session, turn, speaker, role, start_ms, end_ms"""
    events: pd.DataFrame
    """One row per code given: id, session, case, rank, kind, turn (missing when the code is
    on the whole session), last_turn, code, value, category, speaker, role; in time order."""
    links: pd.DataFrame
    codebook: Codebook


def one_layer(notes: Annotations) -> None:
    """Refuse coding in which several coders cover the same session.

    Raises
    ------
    UsageError
        Naming the ways to one layer.
    """
    pairs = notes.coverage[["session", "coder"]].drop_duplicates()
    several = pairs[pairs.duplicated("session", keep=False)]
    if len(several):
        session = str(several["session"].iloc[0])
        coders = sorted(several.loc[several["session"] == session, "coder"])
        raise UsageError(
            f"session {session} was coded by {', '.join(coders)}: what follows what is asked of "
            'one layer. Use notes.consensus("majority") or notes.only(coder="'
            f'{coders[0]}").'
        )
    if len(notes.rounds) > 1 and notes.coverage.groupby("session")["round"].nunique().max() > 1:
        raise UsageError('a session was coded in several rounds: use notes.only(round="last")')


def case_time(notes: Annotations, corpus: Corpus) -> CaseTime:
    """Lay the codes of one layer along the session clock and the case clock.

    Parameters
    ----------
    notes
        A consensus, or one coder's coding.
    corpus
        The transcripts, with calls, supervision hours and memos in the case's order.

    Raises
    ------
    UsageError
        When several coders cover a session.
    """
    one_layer(notes)
    contacts = _contacts(notes, corpus)
    turns = corpus.turns[["session", "turn", "speaker", "role", "start_ms", "end_ms"]].copy()
    turns["role"] = turns["role"].fillna("unknown")
    frame = notes.to_frame()
    frame = frame[frame["status"].isin(_GIVEN)].copy()
    frame = frame[_present(frame, notes.codebook)]
    frame["turn"] = frame["first_turn"].where(frame["kind"] != "session")
    columns = ["id", "session", "kind", "turn", "last_turn", "code", "value", "category"]
    events = frame[columns].merge(contacts[["session", "case", "rank"]], on="session", how="left")
    who = turns[["session", "turn", "speaker", "role"]]
    events = events.merge(who, on=["session", "turn"], how="left")
    events["role"] = events["role"].fillna("unknown")
    place = contacts.reset_index(names="_place").set_index("session")["_place"]
    events["_place"] = events["session"].map(place)
    events = events.sort_values(["_place", "turn", "code"], na_position="last", kind="stable")
    events = events.drop(columns="_place").reset_index(drop=True)
    return CaseTime(contacts, turns, events, notes.links.copy(), notes.codebook)


def _present(frame: pd.DataFrame, book: Codebook) -> pd.Series:
    """Rows that say that something is there: a rating at its scale's floor does not."""
    floor: Mapping[str, float] = {c.id: 0.0 for c in book if c.scale.kind in ("presence", "count")}
    value, low = frame["value"], frame["code"].map(floor).astype("float64")  # also of no rows
    return low.isna() | value.isna() | (value > low)


def _contacts(notes: Annotations, corpus: Corpus) -> pd.DataFrame:
    frame = corpus.sessions.reset_index(drop=True)
    frame["case"] = frame["case"].fillna(frame["session"])
    frame["rank"] = frame.groupby("case", sort=False).cumcount() + 1
    frame["n_turns"] = frame["n_turns"].fillna(0).astype("int64")
    cover = notes.coverage[notes.coverage["kind"] == "turn"]
    last = cover.groupby("session")["last_unit"].max()
    frame["last_turn"] = frame["session"].map(last).astype("Int64")
    frame["covered"] = frame["session"].isin(set(notes.coverage["session"]))
    frame["last_turn"] = frame["last_turn"].clip(upper=frame["n_turns"])
    return frame


def turn_times(turns: pd.DataFrame) -> dict[tuple[str, int], tuple[float, float]]:
    """Start and end of each turn in minutes; NaN where the transcript has no times.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"session": ["s"], "turn": [1], "start_ms": [0], "end_ms": [30_000]})
    >>> turn_times(frame)
    {('s', 1): (0.0, 0.5)}
    """
    start = turns["start_ms"].to_numpy(dtype="float64", na_value=np.nan) / 60_000
    end = turns["end_ms"].to_numpy(dtype="float64", na_value=np.nan) / 60_000
    keys = zip(turns["session"], turns["turn"].astype(int), strict=True)
    times = zip(start.tolist(), end.tolist(), strict=True)
    return dict(zip(keys, times, strict=True))
