"""The table of sessions: what the transcripts say, joined with what the study knows."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import InvalidDataError, Problem, nearest
from rupturecode.tables import CONTACT_KINDS, SESSIONS, conform

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from rupturecode.transcript.model import Transcript

_FROM_TRANSCRIPT = ("source", "format", "n_turns", "start_ms", "end_ms")


def session_table(
    talks: Mapping[str, Transcript], known: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[Problem]]:
    """One row per contact, in case order, and remarks on what does not match.

    Raises
    ------
    InvalidDataError
        When the metadata lack the session, repeat it, or name an unknown kind.
    """
    rows = [_row(talk) for talk in talks.values()]
    frame = pd.DataFrame(rows, columns=["session", *_FROM_TRANSCRIPT])
    notes: list[Problem] = []
    if known is not None:
        known = _checked(known)
        notes = _unmatched(talks, known)
        contact = known["kind"].fillna("session") != "session"
        known = known[known["session"].isin(list(talks)) | contact]
        known = known.drop(columns=[c for c in _FROM_TRANSCRIPT if c in known])
        frame = known.merge(frame, on="session", how="outer")
    frame = conform(frame, SESSIONS)
    frame["kind"] = frame["kind"].fillna("session")
    frame["n_turns"] = frame["n_turns"].fillna(0)
    return _in_case_order(frame), notes


def _row(talk: Transcript) -> dict[str, object]:
    start, end = talk.turns["start_ms"].min(), talk.turns["end_ms"].max()
    if pd.isna(end):
        end = talk.turns["start_ms"].max()
    return {
        "session": talk.session,
        "source": talk.source,
        "format": talk.format,
        "n_turns": len(talk),
        "start_ms": start,
        "end_ms": end,
    }


def _checked(known: pd.DataFrame) -> pd.DataFrame:
    frame = conform(known, SESSIONS, source="sessions")
    problems = [
        Problem(fault, "sessions", kind="bad-date")
        for row in frame.to_dict("records")
        if (fault := date_fault(row))
    ]
    problems += [
        Problem(
            f"session {row.session!r}: unknown kind {row.kind!r}.{nearest(row.kind, CONTACT_KINDS)}"
            f" Known: {', '.join(CONTACT_KINDS)}",
            "sessions",
        )
        for row in frame[frame["kind"].notna()].itertuples()
        if row.kind not in CONTACT_KINDS
    ]
    if problems:
        raise InvalidDataError("sessions", problems)
    return frame


def date_fault(row: Mapping[Hashable, object]) -> str:
    """Say why a date cannot give a contact its place in the case's order; empty if it can.

    Examples
    --------
    >>> date_fault({"session": "s1", "date": "2021-01-31"})
    ''
    >>> date_fault({"session": "s1", "date": "03.01.2021", "position": 2})
    ''
    >>> print(date_fault({"session": "s1", "date": "03.01.2021"}))
    date '03.01.2021' of session 's1' gives no order: write the year first, as in 2021-01-31, \
or give a column 'position'
    """
    date = row.get("date")
    if pd.isna(date) or not pd.isna(row.get("position")):
        return ""
    found = _DATE.fullmatch(str(date).strip())
    try:
        if found:
            dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            return ""
    except ValueError:
        return f"date {date!r} of session {row['session']!r} is not in the calendar"
    return (
        f"date {date!r} of session {row['session']!r} gives no order: write the year first, "
        "as in 2021-01-31, or give a column 'position'"
    )


#: Year first, so that dates sort as they are written; a time of day may follow.
_DATE = re.compile(r"(\d{4})(?:[-_./]?(\d\d)(?:[-_./]?(\d\d)(?:[ T].*)?)?)?")


def _unmatched(talks: Mapping[str, Transcript], known: pd.DataFrame) -> list[Problem]:
    rows = known[known["kind"].fillna("session") == "session"]
    absent = [s for s in rows["session"] if s not in talks]
    extra = [s for s in talks if s not in set(known["session"])]
    return [
        *(
            Problem(f"session {s!r} has no transcript.{nearest(s, talks)}", "sessions")
            for s in absent
        ),
        *(
            Problem(f"session {s!r} is not in the metadata.{nearest(s, absent)}", talks[s].source)
            for s in extra
        ),
    ]


def composed(name: str) -> str:
    r"""Return a name with its accents in one character each, as keyboards type them.

    File names that come from a Mac have them in two, and would be another session.

    Examples
    --------
    >>> composed("Mu\u0308ller") == "M\u00fcller"
    True
    """
    return unicodedata.normalize("NFC", name)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sort key under which ``s2`` comes before ``s10``.

    Examples
    --------
    >>> sorted(["s10", "s2"], key=natural_key)
    ['s2', 's10']
    """
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+|[0-9]+", name.casefold())
    return [(0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in parts]


def _in_case_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Cases in natural order, contacts by position, else date, else by id; number the rest."""
    order = sorted(range(len(frame)), key=lambda i: _order_key(frame.iloc[i]))
    frame = frame.iloc[order].reset_index(drop=True)
    if frame["position"].isna().all() and frame["case"].notna().any():
        numbered = frame.groupby("case").cumcount() + 1
        frame["position"] = numbered.where(frame["case"].notna()).astype("Int64")
    return frame


def _order_key(row: pd.Series) -> tuple[object, ...]:
    position, date = row["position"], row["date"]
    return (
        natural_key("" if pd.isna(row["case"]) else str(row["case"])),
        (1, 0) if pd.isna(position) else (0, int(position)),
        "" if pd.isna(date) else re.sub(r"\D", "", str(date)),
        natural_key(str(row["session"])),
    )
