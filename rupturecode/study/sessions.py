"""The study's table of sessions, checked row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import Problem, nearest
from rupturecode.tables import CONTACT_KINDS
from rupturecode.transcript.sessions import date_fault

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    import pandas as pd


def check_sessions(
    table: pd.DataFrame, name: str, talks: Collection[str]
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Part a session table into rows that can be used and problems with the rest.

    Parameters
    ----------
    table
        As read, every cell as text, labelled by its line.
    name
        The file's name, for messages.
    talks
        The sessions that have a transcript.
    """
    if "session" not in table.columns:
        hint = nearest("session", [str(c) for c in table.columns])
        return None, [Problem(f"column 'session' is missing.{hint}", name, 1, kind="no-column")]
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    sound = []
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        found = [
            Problem(message, name, line, kind=kind) for kind, message in _faults(row, seen, talks)
        ]
        problems += found
        sound.append(not found)
        seen.setdefault(str(row["session"]), line)
    return table[sound].reset_index(drop=True), problems


def _faults(
    row: dict[Hashable, object], seen: dict[str, int], talks: Collection[str]
) -> list[tuple[str, str]]:
    session, kind = row["session"], row.get("kind")
    if not isinstance(session, str) or not session.strip():
        return [("no-session", "the session is empty")]
    if session in seen:
        message = f"session {session!r} is already described in line {seen[session]}"
        return [("duplicate-session", message)]
    if isinstance(kind, str) and kind not in CONTACT_KINDS:
        known = ", ".join(CONTACT_KINDS)
        hint = nearest(kind, CONTACT_KINDS)
        return [
            ("unknown-kind", f"kind {kind!r} of session {session!r}: not one of {known}.{hint}")
        ]
    fault = _order_fault(row)
    if fault:
        return [fault]
    is_session = not isinstance(kind, str) or kind == "session"
    if is_session and session not in talks:
        message = f"session {session!r} has no transcript.{nearest(session, talks)}"
        return [("session-without-file", message)]
    return []


def _order_fault(row: dict[Hashable, object]) -> tuple[str, str] | None:
    """Say what keeps a contact from its place in the case's order."""
    position = row.get("position")
    if isinstance(position, str) and not position.strip().isdecimal():
        message = f"position {position!r} of session {row['session']!r}: not a whole number"
        return "bad-position", message
    fault = date_fault(row)
    return ("bad-date", fault) if fault else None
