"""From a reader's draft to a finished transcript: turns, marks, roles, flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.tables import MARKS, TURNS, conform
from rupturecode.transcript.conventions import Found
from rupturecode.transcript.marks import Cleaner, Mark
from rupturecode.transcript.model import Transcript
from rupturecode.transcript.repair import LINES_JOINED
from rupturecode.transcript.roles import role_column
from rupturecode.transcript.segmentation import (
    Pieces,
    fold_backchannels,
    group,
    split_backchannels,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.roles import Roles
    from rupturecode.transcript.segmentation import Backchannels, Merge

T = TypeVar("T")

#: A turn longer than this is not speech: an hour of talk is about 60,000 characters.
LONGEST_TURN = 1_000_000
ENDS_BEFORE_START = "ends-before-start"


def finish(
    draft: Draft,
    *,
    session: str,
    roles: Roles = None,
    convention: str = "plain",
    merge: Merge = "auto",
    gap_ms: int | None = None,
    backchannels: Backchannels = "as-written",
    comments: Iterable[str] = (),
) -> Transcript:
    """Settle a draft: join pieces to turns, place marks, repair characters, fill in roles.

    Parameters
    ----------
    draft
        What a reader found in a file.
    session
        The session's id.
    roles
        Speaker to role; speakers left out are ``"unknown"``. ``"suggested"`` accepts the
        suggestions of :func:`~rupturecode.transcript.suggest_roles`.
    convention
        How brackets and signs are read: ``"plain"``, ``"jefferson"``,
        ``"mergenthaler-stinson"`` or ``"chat"``.
    merge, gap_ms
        Which neighbouring pieces make one turn, see
        :func:`~rupturecode.transcript.segmentation.group`.
    backchannels
        ``"as-written"``; ``"inside"`` puts a listener's bare sounds into the turn around
        them; ``"own"`` gives bracketed ones a turn.
    comments
        Regular expressions for analyst comments of the lab's own style.

    Raises
    ------
    InvalidDataError
        When the draft holds no turn, and is no caption file, which may be empty.

    Examples
    --------
    >>> from rupturecode.transcript import Draft
    >>> draft = Draft("text", "s1.txt")
    >>> draft.add("T", "How was it? [*Repair*]")
    >>> finish(draft, session="s1", roles={"T": "therapist"}).turns["text"].tolist()
    ['How was it?']
    """
    draft = _with_backchannels(draft, backchannels)
    _check(draft)
    pieces = group(draft, merge, gap_ms)
    columns = _Columns(draft, pieces)
    texts, marks = columns.clean(Cleaner(convention, comments, markup=draft.markup))
    speakers = columns.first(draft.speakers)
    text = strings(texts)
    same = texts == columns.raws  # as in most files; one column then serves as both
    turns = pd.DataFrame(
        {
            "session": pd.Series(session, index=range(len(texts)), dtype="str"),
            "turn": pd.Series(np.arange(1, len(texts) + 1), dtype="Int64"),
            "speaker": strings(speakers),
            "role": strings(role_column(speakers, roles)),
            "text": text,
            "start_ms": integers(columns.first(draft.starts)),
            "end_ms": integers(columns.last(draft.ends)),
            "raw": text if same else strings(columns.raws),
            "flags": strings(columns.flag_column()),
        }
    )
    info = {
        **draft.info,
        "n_pieces": len(draft),
        "convention": convention,
        "markup": draft.markup,
        "lines": columns.first(draft.lines),
    }
    return Transcript(
        session=session,
        turns=conform(turns, TURNS),
        marks=_mark_frame(session, marks),
        source=draft.source,
        format=draft.format,
        info=info,
    )


def _with_backchannels(draft: Draft, backchannels: Backchannels) -> Draft:
    if backchannels == "as-written":
        return draft
    if backchannels == "inside":
        return fold_backchannels(draft)
    if backchannels == "own":
        return split_backchannels(draft)
    raise UsageError(f"backchannels={backchannels!r}: say 'as-written', 'inside' or 'own'.")


def _check(draft: Draft) -> None:
    if not len(draft):
        if draft.cues:
            draft.warn("holds no captions")
            return
        raise InvalidDataError(draft.source, [Problem("no turns found", draft.source)])
    longest = max(map(len, draft.raws))
    if longest > LONGEST_TURN:
        line = draft.lines[next(i for i, r in enumerate(draft.raws) if len(r) == longest)]
        message = (
            f"a turn of {longest:,} characters: more than ten hours of speech; "
            "is this a transcript, and are its lines broken?"
        )
        raise InvalidDataError(draft.source, [Problem(message, draft.source, line or None)])


class _Columns:
    """The columns of a draft with its pieces joined to turns."""

    def __init__(self, draft: Draft, pieces: Pieces | None) -> None:
        self.draft, self.groups = draft, pieces.groups if pieces else None
        self.flags: dict[int, list[str]] = {}
        if self.groups is None or pieces is None:
            self.raws = draft.raws
            self.flags = {i: list(f) for i, f in draft.flags.items()}
        else:
            self.raws = ["\n".join([draft.raws[i] for i in g]) for g in self.groups]
            self.flags = dict(pieces.flags)
            turn_of = {i: t for t, g in enumerate(self.groups) for i in g} if draft.flags else {}
            for i, flags in draft.flags.items():
                self.add_flags(turn_of[i], flags)
        self._backwards()

    def first(self, column: Sequence[T]) -> list[T]:
        """Take the value of each turn's first piece."""
        return list(column) if self.groups is None else [column[g[0]] for g in self.groups]

    def last(self, column: Sequence[T]) -> list[T]:
        """Take the value of each turn's last piece."""
        return list(column) if self.groups is None else [column[g[-1]] for g in self.groups]

    def add_flags(self, turn: int, flags: Iterable[str]) -> None:
        """Put flags on a turn, each once."""
        have = self.flags.setdefault(turn, [])
        have += [f for f in dict.fromkeys(flags) if f and f not in have]

    def flag_column(self) -> list[str]:
        """Return flags as text, in the order of the turns."""
        column = [""] * len(self.raws)
        for turn, flags in self.flags.items():
            column[turn] = ";".join(dict.fromkeys(flags))
        return column

    def given(self) -> dict[int, list[Found]]:
        """Return the marks that the format carried, by turn, with offsets into the joined raw."""
        where: dict[int, tuple[int, int]] = {}
        if self.draft.marks and self.groups is not None:
            for turn, members in enumerate(self.groups):
                shift = 0
                for i in members:
                    where[i] = (turn, shift)
                    shift += len(self.draft.raws[i]) + 1
        found: dict[int, list[Found]] = {}
        for i, kind, text, start, end in self.draft.marks:
            turn, shift = where.get(i, (i, 0))
            first = shift + (start or 0)
            last = shift + (end if end is not None else start or 0)
            removed = kind == "comment" and last > first
            found.setdefault(turn, []).append(Found(first, last, kind, removed, text))
        return found

    def clean(self, cleaner: Cleaner) -> tuple[list[str], Mapping[int, list[Mark]]]:
        """Return the texts of all turns, and the marks of those that have any."""
        texts: list[str] = []
        marks: dict[int, list[Mark]] = {}
        given = self.given()
        for turn, raw in enumerate(self.raws):
            if turn not in given and cleaner.plain(raw):
                texts.append(raw)
                continue
            cleaned = cleaner.clean(raw, given.get(turn, ()))
            texts.append(cleaned.text)
            if cleaned.marks:
                marks[turn] = cleaned.marks
            if cleaned.flags:
                self.add_flags(turn, self._earned(turn, cleaned.flags))
        return texts, marks

    def _earned(self, turn: int, flags: Sequence[str]) -> Sequence[str]:
        """Leave out the flag of joined lines where the only line breaks are between pieces."""
        if LINES_JOINED not in flags or self.groups is None:
            return flags
        pieces = [self.draft.raws[i] for i in self.groups[turn]]
        if any("\n" in piece for piece in pieces):
            return flags
        return [f for f in flags if f != LINES_JOINED]

    def _backwards(self) -> None:
        """Flag turns that end before they start."""
        starts, ends = self.first(self.draft.starts), self.last(self.draft.ends)
        if not any(end is not None for end in ends):
            return
        for turn, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start is not None and end is not None and end < start:
                self.add_flags(turn, [ENDS_BEFORE_START])


def strings(values: list[str]) -> pd.Series:
    r"""Build a text column from one buffer: fast, and nothing is held twice.

    Halves of characters, which no file can hold, become U+FFFD.

    Examples
    --------
    >>> strings(["so", "\ud800"]).tolist()
    ['so', '\ufffd']
    """
    whole = "".join(values)
    if whole.isascii():
        sizes, data = map(len, values), whole.encode()
    else:
        encoded = [_utf8(value) for value in values]
        sizes, data = map(len, encoded), b"".join(encoded)
    offsets = np.zeros(len(values) + 1, dtype="int64")
    np.cumsum(np.fromiter(sizes, "int64", len(values)), out=offsets[1:])
    buffers = pa.py_buffer(offsets), pa.py_buffer(data)
    return pd.Series(pa.LargeStringArray.from_buffers(len(values), *buffers), dtype="str")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def integers(values: Sequence[int | None]) -> pd.Series:
    """Build a nullable integer column from a list with gaps."""
    if not any(v is not None for v in values):
        return pd.Series(pd.NA, index=range(len(values)), dtype="Int64")
    missing = np.fromiter((v is None for v in values), dtype=bool, count=len(values))
    numbers = np.fromiter((v or 0 for v in values), dtype="int64", count=len(values))
    return pd.Series(pd.arrays.IntegerArray(numbers, missing))


def _mark_frame(session: str, marks: Mapping[int, list[Mark]]) -> pd.DataFrame:
    rows = [(turn + 1, *mark) for turn in sorted(marks) for mark in marks[turn]]
    turn, kind, text, start, end = map(list, zip(*rows, strict=True)) if rows else ([],) * 5
    frame = pd.DataFrame(
        {
            "session": pd.Series([session] * len(rows), dtype="str"),
            "turn": pd.Series(turn, dtype="Int64"),
            "kind": pd.Series(kind, dtype="str"),
            "text": pd.Series(text, dtype="str"),
            "start_char": pd.Series(start, dtype="Int64"),
            "end_char": pd.Series(end, dtype="Int64"),
        }
    )
    return conform(frame, MARKS)
