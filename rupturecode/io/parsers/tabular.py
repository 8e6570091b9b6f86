"""Tables with a row per turn: which column is what, and the rows as turns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem, UnknownNameError, UsageError
from rupturecode.io.parsers.clock import milliseconds
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What a column may be, and the headings by which it is known without being mapped.
HEADINGS: dict[str, frozenset[str]] = {
    "text": frozenset(
        [
            "text",
            "utterance",
            "utterance_text",
            "statement",
            "content",
            "transcript",
            "transcription",
            "speech",
            "message",
            "sentence",
            "words",
            "said",
            "what",
            "äußerung",
            "texto",
            "texte",
            "testo",
        ]
    ),
    "speaker": frozenset(
        [
            "speaker",
            "speaker_name",
            "name",
            "who",
            "participant",
            "interlocutor",
            "person",
            "voice",
            "sprecher",
            "hablante",
            "locuteur",
            "parlante",
            "from",
        ]
    ),
    "start": frozenset(
        [
            "start",
            "start_time",
            "time",
            "timestamp",
            "begin",
            "onset",
            "start_ms",
            "start_s",
            "zeit",
            "in",
            "from_time",
        ]
    ),
    "end": frozenset(["end", "end_time", "stop", "offset", "end_ms", "end_s", "out", "to_time"]),
    "session": frozenset(
        ["session", "session_id", "conversation", "conversation_id", "transcript_id", "dialogue_id"]
    ),
    "turn": frozenset(
        [
            "turn",
            "turn_id",
            "turn_no",
            "utterance_id",
            "line",
            "line_no",
            "no",
            "nr",
            "number",
            "row",
            "id",
            "#",
        ]
    ),
    "notes": frozenset(
        [
            "notes",
            "note",
            "comments",
            "comment",
            "remarks",
            "notes_and_reflections",
            "reflections",
            "memo",
        ]
    ),
}
KINDS = tuple(HEADINGS)
_FACTORS = {"": 0, "ms": 1, "s": 1000}


def mapping(
    header: Sequence[str], columns: Mapping[str, str] | None, *, source: str
) -> dict[str, int]:
    """Which column holds what: as mapped by the user, the rest by well-known headings.

    Parameters
    ----------
    header
        The table's headings.
    columns
        From what is needed (``text``, ``speaker``, ``start``, ``end``, ``session``,
        ``turn``, ``notes``) to the heading. When given, nothing else is taken.
    source
        The file, for errors.

    Raises
    ------
    UnknownNameError
        When a key of ``columns`` or a heading does not exist.
    UsageError
        When no column can be the text.

    Examples
    --------
    >>> mapping(["Speaker", "Time", "Text"], None, source="s1.csv")
    {'text': 2, 'speaker': 0, 'start': 1}
    """
    if columns is not None:
        return _mapped(header, columns, source)
    keys = [_key(h) for h in header]
    found: dict[str, int] = {}
    for kind, headings in HEADINGS.items():
        hits = [i for i, k in enumerate(keys) if k in headings and i not in found.values()]
        exact = [i for i in hits if keys[i] == kind]
        if len(hits) == 1 or exact:
            found[kind] = (exact or hits)[0]
        elif hits and kind in ("text", "speaker"):
            names = " and ".join(repr(header[i]) for i in hits)
            raise UsageError(
                f"{source}: columns {names} could both be the {kind}; "
                f"say which, such as columns={{{kind!r}: {header[hits[0]]!r}, ...}}."
            )
    if "text" not in found:
        raise UsageError(
            f"{source}: no column is headed as the text of turns. Columns: "
            f"{', '.join(map(repr, header))}. Say which, such as columns={{'text': "
            f"{header[-1] if header else ''!r}, 'speaker': ...}}."
        )
    return found


def looks_like_turns(header: Sequence[str]) -> bool:
    """Whether headings name a text and who speaks it, or when."""
    keys = {_key(h) for h in header}
    has = {kind for kind, headings in HEADINGS.items() if keys & headings}
    return "text" in has and bool(has & {"speaker", "start"})


def _key(heading: str) -> str:
    return re.sub(r"[^\w#]+", "_", heading.strip().casefold()).strip("_")


def _mapped(header: Sequence[str], columns: Mapping[str, str], source: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, heading in columns.items():
        if kind not in KINDS:
            raise UnknownNameError("key of columns=", kind, KINDS)
        if heading not in header:
            raise UnknownNameError(f"column of {source}", str(heading), header)
        found[kind] = list(header).index(heading)
    if "text" not in found:
        raise UsageError("columns= must say which column is the text of the turns.")
    return found


def drafts(
    rows: Sequence[Sequence[str]],
    where: Mapping[str, int],
    *,
    source: str,
    format: str,  # noqa: A002 - the word readers know
    headings: Sequence[str] = (),
    first_row: int = 2,
    unit: str = "",
    repeats: str = "refuse",
) -> list[Draft]:
    """Turn rows into drafts, one per session named in the table (or one for all).

    Parameters
    ----------
    rows
        Cells as text, without the header.
    where
        Column numbers as from :func:`mapping`.
    source, format
        For the drafts and for errors.
    headings
        The table's headings: those of times may name their unit, as ``start_ms`` does.
    first_row
        Row number of the first row, for errors.
    unit
        ``"ms"`` or ``"s"`` for times that are bare numbers; empty: as the heading says.
    repeats
        ``"refuse"`` rows that repeat a session's turn number, or ``"collapse"`` them where
        speaker, text and times agree (tables with one row per coder).

    Raises
    ------
    InvalidDataError
        Listing every cell that cannot be read and every repeated turn.
    """
    reading = _Reading(where, source, unit, headings)
    turns_seen = _Turns(reading, repeats)
    by_session: dict[str | None, Draft] = {}
    for number, row in enumerate(rows, start=first_row):
        if not any(cell.strip() for cell in row):
            continue
        session = reading.cell(row, "session") if "session" in where else None
        if turns_seen.again(session, row, number):
            continue
        if session not in by_session:
            by_session[session] = Draft(format, source, session=session)
        reading.add(by_session[session], row, number)
    if reading.problems:
        raise InvalidDataError(source, reading.problems)
    for session, n in turns_seen.collapsed.items():
        by_session[session].warn(f"{n} rows that repeat a turn were read once")
    return list(by_session.values())


class _Turns:
    """Knows which turn numbers of a session were there before."""

    def __init__(self, reading: _Reading, repeats: str) -> None:
        if repeats not in ("refuse", "collapse"):
            raise UsageError(f"repeats={repeats!r}: say 'refuse' or 'collapse'.")
        self.reading, self.collapse = reading, repeats == "collapse"
        self.seen: dict[tuple[str | None, str], tuple[int, tuple[str, ...]]] = {}
        self.collapsed: dict[str | None, int] = {}

    def again(self, session: str | None, row: Sequence[str], number: int) -> bool:
        """Whether a row repeats a turn; a problem unless it is to be collapsed and agrees."""
        turn = self.reading.cell(row, "turn")
        if not turn:
            return False
        content = tuple(self.reading.cell(row, k) for k in ("speaker", "text", "start", "end"))
        first, before = self.seen.setdefault((session, turn), (number, content))
        if first == number:
            return False
        same = before == content
        if same and self.collapse:
            self.collapsed[session] = self.collapsed.get(session, 0) + 1
            return True
        advice = "" if self.collapse or not same else "; repeats='collapse' reads such rows once"
        message = f"turn {turn!r} {'repeats' if same else 'contradicts'} row {first}{advice}"
        self.reading.problem(message, number, "repeated-turn")
        return True


class _Reading:
    """Reads cells and keeps the problems met."""

    def __init__(
        self, where: Mapping[str, int], source: str, unit: str, headings: Sequence[str]
    ) -> None:
        if unit not in ("", "ms", "s"):
            raise UsageError(f"unit={unit!r}: say 'ms' or 's'.")
        self.where, self.source = where, source
        self.factors = {
            kind: _FACTORS[unit] or _unit_of(headings[i]) if i < len(headings) else _FACTORS[unit]
            for kind, i in where.items()
        }
        self.problems: list[Problem] = []

    def cell(self, row: Sequence[str], kind: str) -> str:
        """Return the cell of a kind, empty where there is none."""
        i = self.where.get(kind)
        return row[i].strip() if i is not None and i < len(row) else ""

    def add(self, draft: Draft, row: Sequence[str], number: int) -> None:
        """Append a row as a turn; its note becomes a comment at the end of the turn."""
        start, end = self._time(row, "start", number), self._time(row, "end", number)
        text = self.cell(row, "text")
        note = self.cell(row, "notes")
        if note:
            draft.marks.append((len(draft), "comment", note, len(text), len(text)))
        draft.add(self.cell(row, "speaker"), text, start, end, line=number)

    def problem(self, message: str, number: int, kind: str) -> None:
        """Note what is wrong with a row."""
        self.problems.append(Problem(message, self.source, number, kind=kind))

    def _time(self, row: Sequence[str], kind: str, number: int) -> int | None:
        text = self.cell(row, kind)
        if not text or text.casefold() in ("na", "n/a", "nan", "none", "null", "-"):
            return None
        ms = milliseconds(text)
        factor = self.factors[kind]
        if ms is None and factor:
            try:
                ms = round(float(text.replace(",", ".")) * factor)
            except (ValueError, OverflowError):
                ms = None
        if ms is None:
            hint = "" if factor else "; bare numbers need unit='s' or unit='ms'"
            message = f"{kind} time {text[:40]!r} is not a time such as 00:01:02.5{hint}"
            self.problem(message, number, "bad-time")
        return ms


def _unit_of(heading: str) -> int:
    """Milliseconds to the unit that a heading ends with, 0 where it names none."""
    ending = re.search(r"[_ (](ms|s|sec|seconds|milliseconds)\)?$", heading.strip().casefold())
    return 0 if ending is None else 1 if ending[1].startswith("m") else 1000


def one(found: Sequence[Draft], source: str) -> Draft | list[Draft]:
    """Return a single draft where there is one session, all of them otherwise.

    Raises
    ------
    ParseError
        When there is no row.
    """
    if not found:
        raise ParseError("the table has no rows with text", source)
    return found[0] if len(found) == 1 else list(found)
