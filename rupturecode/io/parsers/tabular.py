"""The rows of a table as turns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError
from rupturecode.io.parsers.cell_labels import with_speakers_inside
from rupturecode.io.parsers.clock import LONGEST_MS, TIME, milliseconds
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FACTORS = {"": 0, "ms": 1, "s": 1000}
_SPAN = re.compile(rf"({TIME})\s*(?:-+>?|–|—|to|bis)\s*({TIME})")
_FRAMES = re.compile(r"(\d{1,3}:\d\d:\d\d)[:;]\d\d")
_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})? ?s")


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
    labels: bool = True,
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
    labels
        Whether labels inside the text name the speakers, where no column does.

    Raises
    ------
    InvalidDataError
        Listing every cell that cannot be read and every repeated turn.
    """
    reading = _Reading(where, source, unit, headings)
    turns_seen = _Turns(reading, repeats)
    by_session: dict[str | None, Draft] = {}
    width, unread = len(headings) or len(max(rows, key=len, default=())), 0
    for number, row in enumerate(rows, start=first_row):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[width:]):
            reading.too_wide(len(row), width, number)
            continue
        if not any(reading.cell(row, kind) for kind in where):
            unread += 1
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
    found = list(by_session.values())
    notes = {
        f"{reading.n_framed} times count frames; they were read to the second": reading.n_framed,
        f"{unread} rows with nothing in the columns that are read were left out": unread,
    }
    for note in filter(notes.get, notes if found else ()):
        found[0].warn(note)
    return list(map(with_speakers_inside, found)) if labels and "speaker" not in where else found


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
        self.n_framed = 0
        """Times that count frames of a film behind the seconds."""

    def cell(self, row: Sequence[str], kind: str) -> str:
        """Return the cell of a kind, empty where there is none."""
        i = self.where.get(kind)
        return row[i].strip() if i is not None and i < len(row) else ""

    def add(self, draft: Draft, row: Sequence[str], number: int) -> None:
        """Append a row as a turn; its note becomes a comment at the end of the turn."""
        start, end = self._times(row, number)
        text = self.cell(row, "text")
        note = self.cell(row, "notes")
        if note:
            draft.marks.append((len(draft), "comment", note, len(text), len(text)))
        draft.add(self.cell(row, "speaker"), text, start, end, line=number)

    def too_wide(self, n_cells: int, width: int, number: int) -> None:
        """Note a row with more cells than there are headings, whose words lie in wrong columns."""
        message = (
            f"has {n_cells} cells where there are {width} headings: a text that holds the "
            "separator needs quotation marks around it"
        )
        self.problem(message, number, "too-many-cells")

    def problem(self, message: str, number: int, kind: str) -> None:
        """Note what is wrong with a row."""
        self.problems.append(Problem(message, self.source, number, kind=kind))

    def _times(self, row: Sequence[str], number: int) -> tuple[int | None, int | None]:
        """Return start and end, which may stand in one cell: ``00:01 - 00:04``."""
        first, second = self.cell(row, "start"), self.cell(row, "end")
        span = None if second else _SPAN.fullmatch(first)
        if span:
            first, second = span.groups()
        return self._time(first, "start", number), self._time(second, "end", number)

    def _time(self, text: str, kind: str, number: int) -> int | None:
        if not text or text.casefold() in ("na", "n/a", "nan", "none", "null", "-"):
            return None
        ms = milliseconds(text)
        factor = self.factors.get(kind, 0)
        if ms is None and (framed := _FRAMES.fullmatch(text)):
            ms = milliseconds(framed[1])
            self.n_framed += 1
        if ms is None and _SECONDS.fullmatch(text):
            ms = round(float(text.rstrip(" s").replace(",", ".")) * 1000)
        if ms is None and factor:
            try:
                ms = round(float(text.replace(",", ".")) * factor)
            except (ValueError, OverflowError):
                ms = None
        if ms is None or not 0 <= ms <= LONGEST_MS:
            ms = None
            hint = "" if factor else "; bare numbers need unit='s' or unit='ms'"
            message = f"{kind} time {text[:40]!r} is not a time such as 00:01:02.5{hint}"
            self.problem(message, number, "bad-time")
        return ms


def _unit_of(heading: str) -> int:
    """Milliseconds to the unit that a heading ends with (``start_s``, ``startMs``), or 0."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", heading.strip())
    ending = re.search(r"[_ (](ms|s|sec|seconds|milliseconds)\)?$", parted.casefold())
    return 0 if ending is None else 1 if ending[1].startswith("m") else 1000


def titled(draft: Draft, above: Sequence[Sequence[str]]) -> None:
    """Note the rows above the headings, which are no speech."""
    titles = [" ".join(cell.strip() for cell in row if cell.strip()) for row in above]
    titles = [title for title in titles if title]
    if titles:
        draft.info["preamble"] = titles
        draft.warn(f"{len(titles)} rows above the headings were not read as speech")


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
