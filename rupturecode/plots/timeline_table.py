"""What a session's timeline shows, as a table: turns in their places, codes with how many agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.plots.style import FAMILIES
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

Scale = Literal["words", "time", "turns"]

#: Codes whose descendants (and themselves) belong to a family of marks.
FAMILY_OF: Mapping[str, str] = {
    "withdrawal": "withdrawal",
    "confrontation": "confrontation",
    "therapist_contribution": "contribution",
    "client_accepts_repair": "response",
    "client_position": "response",
    "repair": "repair",
    "stage": "stage",
    "dimension": "dimension",
}
ORDER = tuple(FAMILIES)
_FEWEST_WORDS = 2  # so that a nod can be seen
_MINUTE = 60_000


def family(codebook: Codebook, code: str) -> str:
    """Return the family whose look a code is drawn in: its own, or its nearest ancestor's.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny", "codes": [
    ...     {"id": "withdrawal", "definition": "moves away"},
    ...     {"id": "denial", "parent": "withdrawal", "definition": "says no"}]})
    >>> family(book, "denial")
    'withdrawal'
    """
    chain = [code, *(c.id for c in codebook.ancestors(code))]
    return next((FAMILY_OF[name] for name in chain if name in FAMILY_OF), "other")


@check_kinds
def timeline_table(
    notes: Annotations,
    corpus: Corpus,
    session: str,
    *,
    codes: Sequence[str] | None = None,
    by: Scale = "words",
    families: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return what :func:`timeline` draws.

    Parameters
    ----------
    notes
        Coding by one coder, several, or a consensus.
    corpus
        The transcripts.
    session
        Which session.
    codes
        Codes to show, in this order; all that were given on its turns unless named.
    by
        What the width of a turn means: ``"words"`` spoken, ``"time"``, or ``"turns"`` (all
        alike).
    families
        Family by code, for codes whose family the codebook's tree does not tell.

    Returns
    -------
    One row per turn and code given, and one with an empty code for a turn with none:
    ``session, turn, speaker, role, left, right`` (words, minutes or turns from the start),
    ``code, label, family, n_given`` (coders who gave the code) and ``n_coders`` (coders who
    examined the turn for it).

    Raises
    ------
    UnknownNameError
        When the session, a code or a family does not exist.
    UsageError
        When ``by="time"`` and the session's turns have no times.
    """
    turns = _places(corpus, session, by)
    given = dict(families or {})
    for name in given.values():
        if name not in FAMILIES:
            raise UnknownNameError("family", name, FAMILIES)
    shown = notes.codes if codes is None else tuple(listed(codes))
    parts = [_given(notes, code, session, given) for code in shown]
    marks = pd.concat(parts, ignore_index=True) if parts else _given_nothing()
    table = turns.merge(marks, on="turn", how="left")
    table["code"] = table["code"].fillna("")
    table["_place"] = table["code"].map({c: i for i, c in enumerate(shown)}).fillna(-1)
    ordered = table.sort_values(["turn", "_place"], kind="stable").drop(columns="_place")
    return ordered.reset_index(drop=True)


def unread(notes: Annotations, session: str, turns: Sequence[int]) -> set[int]:
    """Return the turns of a session that no coder examined."""
    cover = notes.coverage
    cover = cover[(cover["session"] == session) & (cover["kind"] == "turn")]
    stretches = zip(cover["first_unit"], cover["last_unit"], strict=True)
    read = {t for first, last in stretches for t in range(int(first), int(last) + 1)}
    return set(turns) - read


def _places(corpus: Corpus, session: str, by: Scale) -> pd.DataFrame:
    turns = corpus[session].turns
    places = turns[["session", "turn", "speaker", "role"]].reset_index(drop=True)
    if by == "time":
        places["left"], places["right"] = _minutes(turns, session)
        return places
    if by == "words":
        widths = turns["text"].str.split().str.len().clip(lower=_FEWEST_WORDS).to_numpy(float)
    elif by == "turns":
        widths = np.ones(len(turns))
    else:
        raise UsageError(f'by={by!r} is not known; use "words", "time" or "turns".')
    places["right"] = np.cumsum(widths)
    places["left"] = places["right"] - widths
    return places


def _minutes(turns: pd.DataFrame, session: str) -> tuple[np.ndarray, np.ndarray]:
    start = turns["start_ms"].to_numpy("float64", na_value=np.nan)
    end = turns["end_ms"].to_numpy("float64", na_value=np.nan)
    end = np.where(np.isnan(end), np.append(start[1:], np.nan), end)
    if np.isnan(start).any() or np.isnan(end).any():
        lacking = int((np.isnan(start) | np.isnan(end)).sum())
        raise UsageError(
            f"{lacking} of {len(turns)} turns of session {session!r} have no times; "
            'draw it with by="words".'
        )
    return start / _MINUTE, end / _MINUTE


def _given(
    notes: Annotations, code: str, session: str, families: Mapping[str, str]
) -> pd.DataFrame:
    """Return the turns on which a code was given, with how many coders gave it."""
    ratings = notes.ratings(code, "turn")
    ratings = ratings[ratings.index.get_level_values("session") == session]
    rated = ratings.notna()
    present = rated & ratings.ne(0)
    table = pd.DataFrame(
        {
            "turn": pd.array(ratings.index.get_level_values("unit"), dtype="Int64"),
            "code": code,
            "label": notes.codebook[code].label or code,
            "family": families.get(code) or family(notes.codebook, code),
            "n_given": present.sum(axis=1).to_numpy(),
            "n_coders": rated.sum(axis=1).to_numpy(),
        }
    )
    return table[table["n_given"] > 0]


def _given_nothing() -> pd.DataFrame:
    columns = ["turn", "code", "label", "family", "n_given", "n_coders"]
    return pd.DataFrame(columns=columns).astype({"turn": "Int64"})
