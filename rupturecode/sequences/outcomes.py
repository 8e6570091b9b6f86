"""How an episode ended, on the session clock and on the case clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.sequences.rule import EpisodeRule
    from rupturecode.sequences.tracing import Event, Trace

NAN = float("nan")


_CUT_OFF = {
    "censored_session_end": "censored at the session's end",
    "censored_case_end": "censored at the case's end",
    "censored_window": "censored at the window's end",
}


def outcome_words(outcome: str) -> str:
    """Word an outcome for a sentence.

    Examples
    --------
    >>> outcome_words("resolved"), outcome_words("censored_session_end")
    ('resolved', "censored at the session's end")
    """
    return _CUT_OFF.get(outcome, outcome.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of one session, call, supervision hour or memo."""

    session: str
    rank: int
    kind: str
    date: str
    last_turn: int | None
    """Last turn examined; None where no turns were."""
    covered: bool
    ended_by_client: bool
    terminations: tuple[int, ...]
    rating: float


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """End of an episode within the session it began in."""

    outcome: str
    turn: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """End of an episode within its case."""

    outcome: str
    session: str
    contacts: float
    sessions: float
    days: float


def contacts_of(frame: pd.DataFrame, events: list[Event], rule: EpisodeRule) -> dict[str, Contact]:
    """Gather what each contact says about how it ended."""
    ended = frame[rule.ended_by] if rule.ended_by in frame else pd.Series("", index=frame.index)
    ended = ended.fillna("").astype(str).str.casefold()
    leaving: dict[str, list[int]] = {}
    rated: dict[str, list[float]] = {}
    for e in events:
        if "termination" in e.families:
            leaving.setdefault(e.session, []).append(e.turn or 0)
        if "rating" in e.families and not np.isnan(e.value):
            rated.setdefault(e.session, []).append(e.value)
    return {
        str(row.session): Contact(
            str(row.session), int(row.rank), str(row.kind),
            "" if pd.isna(row.date) else str(row.date),
            None if pd.isna(row.last_turn) else int(row.last_turn), bool(row.covered),
            by == "client", tuple(sorted(leaving.get(str(row.session), ()))),
            max(rated.get(str(row.session), [NAN])),
        )
        for row, by in zip(frame.itertuples(), ended, strict=True)
    }  # fmt: skip


def session_end(trace: Trace, contact: Contact, rule: EpisodeRule) -> SessionEnd:
    """Say how the episode stood when it, or what was followed of its session, ended."""
    onset = trace.onset.turn or 0
    last = NAN if contact.last_turn is None else float(contact.last_turn)
    if trace.end is not None and trace.end.session == contact.session:
        at = trace.end.turn
        note = "" if at else "ended at an unknown turn: the end of the session is used"
        return SessionEnd(trace.outcome, float(at) if at else last, note)
    if rule.window is not None and not onset + rule.window > last:
        return SessionEnd("censored_window", float(onset + rule.window))
    if not np.isnan(contact.rating):
        rated = "resolved" if contact.rating >= rule.threshold else "unresolved"
        return SessionEnd(rated, last, "by rating: known at the session's end only")
    if any(e.session == contact.session for e in trace.attached["unresolved"]):
        return SessionEnd("unresolved", last)
    left = [t for t in contact.terminations if t >= onset or t == 0]
    if left:
        return SessionEnd("terminated", float(left[0]) if left[0] else last)
    return SessionEnd("terminated" if contact.ended_by_client else "censored_session_end", last)


def case_end(
    trace: Trace, case: list[Contact], contacts: Mapping[str, Contact], within: SessionEnd
) -> CaseEnd:
    """Say how the episode stood at the end of the case.

    ``case`` lists the case's contacts in order; ``contacts`` finds one by its name.
    """
    start = contacts[trace.onset.session]
    if within.outcome == "resolved":
        return _case_end("resolved", start, start, case)
    if trace.end is not None:
        return _case_end(trace.outcome, start, contacts[trace.end.session], case)
    followed = [c for c in case if c.covered and c.rank >= start.rank]
    last = followed[-1] if followed else start
    if last.rank == start.rank and not within.outcome.startswith("censored"):
        return _case_end(within.outcome, start, last, case)
    if trace.attached["unresolved"]:
        return _case_end("unresolved", start, last, case)
    left = last.ended_by_client or bool(last.terminations)
    return _case_end("terminated" if left else "censored_case_end", start, last, case)


def _case_end(outcome: str, start: Contact, end: Contact, case: list[Contact]) -> CaseEnd:
    between = [c for c in case if start.rank < c.rank <= end.rank]
    days = NAN
    if start.date and end.date:
        first, last = (pd.to_datetime(d, errors="coerce") for d in (start.date, end.date))
        days = NAN if pd.isna(first) or pd.isna(last) else float((last - first).days)
    sessions = sum(c.kind == "session" for c in between)
    return CaseEnd(outcome, end.session, float(len(between)), float(sessions), days)
