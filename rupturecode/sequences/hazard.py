"""The chance of repair turn by turn, once power or culture has been named and before.

Naming takes time, so episodes that last longer have more chance of it. Comparing episodes
"ever named" with others therefore makes naming look harmful (immortal time). Here naming
counts from the turn on which it happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.logit import LogitModel, logit
from rupturecode.sequences.repair_time import with_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.sequences.episodes import Episodes
    from rupturecode.transcript import Corpus

_ENDED = {"resolved": "resolution", "overcome": "overcome", "superseded": "superseded",
          "terminated": "terminated"}  # fmt: skip


@check_kinds
def person_turn_table(episodes: Episodes, corpus: Corpus | None = None) -> pd.DataFrame:
    """Lay episodes out turn by turn, for hazard models here, in R or in statsmodels.

    Parameters
    ----------
    episodes
        What :func:`episodes` returned; episodes whose turns are known.
    corpus
        Adds who speaks in each turn (``role``).

    Returns
    -------
    One row per episode and turn after its onset, to its end: ``episode``, ``case``,
    ``session``, ``turn``, ``time`` (turns since onset), ``event`` (True on the turn that
    resolved it), ``end`` (how the episode ended, on its last row), ``named`` and one column
    ``named_<dimension>`` each (True from the turn after the naming), ``named_by_client``,
    ``named_by_therapist``, ``attempted`` (True from the turn after an attempt), ``kind``,
    ``first_response``, and the study's own columns of the session.

    References
    ----------
    Singer, J. D. & Willett, J. B. (2003). Applied Longitudinal Data Analysis, ch. 10-11
    (person-period data). Suissa, S. (2008). American Journal of Epidemiology 167, 492-499
    (immortal time).
    """
    frame = with_contacts(episodes)
    frame = frame[frame["turns"].notna() & (frame["turns"] > 0)].reset_index(drop=True)
    n = frame["turns"].astype("int64").to_numpy()
    table = frame.loc[frame.index.repeat(n), _fixed(frame)].reset_index(drop=True)
    time = np.concatenate([np.arange(1, k + 1) for k in n]) if len(n) else np.array([], int)
    onset = np.repeat(frame["onset_turn"].astype("int64").to_numpy(), n)
    last = time == np.repeat(n, n)
    ended = np.repeat(frame["session_outcome"].map(_ended).to_numpy(), n)
    table.insert(3, "turn", onset + time)
    table.insert(4, "time", time)
    table.insert(5, "event", last & (ended == "resolution"))
    table.insert(6, "end", np.where(last, ended, ""))
    for name, first in _first_turns(episodes).items():
        reached = table["episode"].map(first).to_numpy(dtype="float64")
        table[name] = np.nan_to_num(reached, nan=np.inf) < table["turn"].to_numpy()
    if corpus is not None:
        who = corpus.turns[["session", "turn", "role"]]
        table = table.merge(who, on=["session", "turn"], how="left")
    return table


def _ended(outcome: str) -> str:
    return _ENDED.get(outcome, "censored")


def _fixed(frame: pd.DataFrame) -> list[str]:
    """Columns that hold for the whole episode and are known at its onset."""
    skip = {
        "onset_turn", "end_turn", "turns", "minutes", "n_markers", "n_attempts", "contacts",
        "sessions", "days", "n_linked", "note", "outcome", "session_outcome", "case_outcome",
        "end_session", "stages", "dimensions", "first_named_turn", "first_named_role",
        "first_attempt_turn", "attempt_turns", "first_response_turn", "start_ms", "end_ms",
        "source", "format", "n_turns", "last_turn", "covered", "rank", "position",
    }  # fmt: skip
    first = ["episode", "case", "session"]
    return first + [c for c in frame.columns if c not in skip and c not in first]


def _first_turns(episodes: Episodes) -> dict[str, pd.Series]:
    """Column name to the turn of each episode on which it first became true."""
    home = episodes.episodes.set_index("episode")["session"]
    named = episodes.dimensions.dropna(subset=["turn"])
    named = named[named["session"] == named["episode"].map(home)]
    tried = episodes.attempts.dropna(subset=["turn"])
    tried = tried[tried["session"] == tried["episode"].map(home)]
    first = {"named": named.groupby("episode")["turn"].min()}
    for role in ("client", "therapist"):
        part = named[named["role"] == role]
        first[f"named_by_{role}"] = part.groupby("episode")["turn"].min()
    for code in sorted(set(named["code"])):
        first[f"named_{code}"] = named[named["code"] == code].groupby("episode")["turn"].min()
    first["attempted"] = tried.groupby("episode")["turn"].min()
    return {name: s.astype("float64") for name, s in first.items()}


@check_kinds
def discrete_hazard(
    table: pd.DataFrame,
    terms: Sequence[str] = ("named",),
    *,
    baseline: str = "log",
    cluster: str | None = "case",
    link: str = "logit",
    confidence: float = 0.95,
) -> LogitModel:
    """Model the chance, turn by turn, that an open episode is resolved.

    Parameters
    ----------
    table
        What :func:`person_turn_table` returned, or a frame with its columns ``time`` and
        ``event``.
    terms
        Columns: true or false and numbers as they are, names as contrasts with their most
        frequent value.
    baseline
        How the chance changes with time: ``"log"`` (log of turns), ``"linear"``,
        ``"quintiles"`` of the times of events, or ``"constant"``.
    cluster
        Column within which rows depend on one another; None for none.
    link
        ``"logit"`` (odds ratios per turn) or ``"cloglog"`` (hazard ratios).
    confidence
        Of the intervals.

    Raises
    ------
    UnknownNameError, UsageError
        For an unknown column or baseline, or a model without finite estimates.

    References
    ----------
    Singer & Willett (2003), ch. 11; Prentice, R. L. & Gloeckler, L. A. (1978). Biometrics
    34, 57-67 (cloglog).

    Examples
    --------
    >>> frame = pd.DataFrame({"time": [1, 2, 1, 2, 1, 2], "event": [0, 1, 0, 0, 1, 0],
    ...     "named": [0, 1, 0, 0, 0, 1], "case": list("aabbcc")})
    >>> discrete_hazard(frame, baseline="constant").terms["term"].tolist()
    ['intercept', 'named']
    """
    known = {"log", "linear", "quintiles", "constant"}
    if baseline not in known:
        raise UnknownNameError("baseline", baseline, known)
    x = pd.concat([contrasts(table, terms), _baseline(table, baseline)], axis=1)
    groups = None
    if cluster is not None:
        _need(table, [cluster])
        groups = table[cluster]
    return logit(table["event"], x, cluster=groups, link=link, confidence=confidence)


def _need(table: pd.DataFrame, columns: Iterable[str]) -> None:
    for column in columns:
        if column not in table.columns:
            raise UnknownNameError("column", column, table.columns)


def contrasts(table: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """Make numeric columns of terms.

    Examples
    --------
    >>> contrasts(pd.DataFrame({"kind": ["w", "w", "c"]}), ["kind"]).columns.tolist()
    ['kind: c']
    """
    _need(table, terms)
    out = {}
    for term in terms:
        column = table[term]
        if pd.api.types.is_numeric_dtype(column):
            out[term] = column.astype("float64")
            continue
        values = column.astype("object").where(column.notna(), "not known").astype(str)
        common = values.value_counts().index
        for value in sorted(common[1:]):
            out[f"{term}: {value}"] = (values == value).astype("float64")
    return pd.DataFrame(out, index=table.index)


def _baseline(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    _need(table, ["time", "event"])
    time = table["time"].astype("float64")
    if kind == "constant":
        return pd.DataFrame(index=table.index)
    if kind in ("log", "linear"):
        return pd.DataFrame({f"{kind} time": np.log(time) if kind == "log" else time})
    when = time[table["event"].astype(bool)]
    if when.empty:
        raise UsageError("no episode was resolved: there is no hazard to model")
    edges = np.unique(np.quantile(when, [0.2, 0.4, 0.6, 0.8]))
    place = np.searchsorted(edges, time, side="left")
    return pd.DataFrame({f"time after {edges[i - 1]:g}": (place == i).astype(float)
                         for i in range(1, len(edges) + 1)}, index=table.index)  # fmt: skip


@check_kinds
def landmark_odds(
    table: pd.DataFrame,
    at: int,
    *,
    exposure: str = "named",
    cluster: str | None = "case",
    confidence: float = 0.95,
) -> LogitModel:
    """Compare later resolution of episodes by what had happened at a landmark.

    Only episodes still open at the landmark count, by what was true of them then, so no
    time before it can be mistaken for an effect.

    Parameters
    ----------
    table
        What :func:`person_turn_table` returned.
    at
        The landmark: turns after onset.
    exposure
        Column that is true or false at the landmark.
    cluster, confidence
        As for :func:`discrete_hazard`.

    Returns
    -------
    A logistic model of being resolved after the landmark; censored episodes count as not
    resolved within the session, as its ``cautions`` say.

    Raises
    ------
    UsageError, UnknownNameError
        When no episode is open at the landmark, or the column is not there.

    References
    ----------
    Anderson, J. R., Cain, K. C. & Gelber, R. D. (1983). Journal of Clinical Oncology 1,
    710-719.

    Examples
    --------
    >>> rows = [(e, t, t == 4 and e % 3 == 0, e % 2 == 0) for e in range(12) for t in range(1, 5)]
    >>> frame = pd.DataFrame(rows, columns=["episode", "time", "event", "named"])
    >>> int(landmark_odds(frame, 2, cluster=None).fit["n_units"].iloc[0])
    12
    """
    _need(table, ["episode", "time", "event", exposure])
    later = table[table["time"] > at].groupby("episode")["event"].max()
    now = table[(table["time"] == at) & table["episode"].isin(later.index)].set_index("episode")
    if now.empty:
        raise UsageError(f"no episode is still open {at} turns after its onset")
    outcome = later.loc[now.index]
    groups = None if cluster is None else now[cluster]
    x = pd.DataFrame({f"{exposure} by turn {at}": now[exposure].astype("float64")})
    return logit(outcome, x, cluster=groups, confidence=confidence)
