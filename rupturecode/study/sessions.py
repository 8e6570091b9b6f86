"""The study's table of sessions, checked row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import Problem, nearest
from rupturecode.tables import CONTACT_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

_HEADER = 1


def check_sessions(
    table: pd.DataFrame, name: str, talks: Collection[str]
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Part a session table into rows that can be used and problems with the rest.

    Parameters
    ----------
    table
        As read, every cell as text.
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
    for position, row in enumerate(table.to_dict("records")):
        line = position + _HEADER + 1
        found = [
            Problem(message, name, line, kind=kind) for kind, message in _faults(row, seen, talks)
        ]
        problems += found
        sound.append(not found)
        seen.setdefault(str(row["session"]), line)
    return table[sound].reset_index(drop=True), problems


def _faults(
    row: dict[str, object], seen: dict[str, int], talks: Collection[str]
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
    position = row.get("position")
    if isinstance(position, str) and not position.strip().isdecimal():
        return [
            ("bad-position", f"position {position!r} of session {session!r}: not a whole number")
        ]
    is_session = not isinstance(kind, str) or kind == "session"
    if is_session and session not in talks:
        message = f"session {session!r} has no transcript.{nearest(session, talks)}"
        return [("session-without-file", message)]
    return []
