"""From a reader's draft to a finished transcript: turns, marks, roles, flags."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.conventions import Found
from rupturecode.transcript.interruptions import INTERRUPTED, interrupted
from rupturecode.transcript.marks import Cleaner
from rupturecode.transcript.model import Transcript
from rupturecode.transcript.numbers import Numbers
from rupturecode.transcript.repair import LINES_JOINED
from rupturecode.transcript.roles import role_column
from rupturecode.transcript.segmentation import (
    MERGED,
    fold_backchannels,
    group,
    split_backchannels,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pandas.api.extensions import ExtensionArray

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.marks import Mark
    from rupturecode.transcript.roles import Roles
    from rupturecode.transcript.segmentation import Backchannels, Merge

#: A turn longer than this is not speech: an hour of talk is about 60,000 characters.
LONGEST_TURN = 1_000_000
ENDS_BEFORE_START = "ends-before-start"
RUNS_BACKWARDS = "runs-backwards"
_JOINED = (LINES_JOINED,)
#: So many texts are looked at together.
_AT_ONCE = 100


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
    used_up: bool = False,
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
    used_up
        Whether the draft may be emptied on the way, which saves memory.

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
    _plain_names(draft)
    draft = _with_backchannels(draft, backchannels)
    _check(draft)
    n_pieces = len(draft)
    turns = _Turns(draft, group(draft, merge, gap_ms), used_up=used_up)
    marks = _Marks()
    texts = turns.clean(Cleaner(convention, comments, markup=draft.markup), marks)
    for turn in interrupted(texts, turns.speakers, convention):
        turns.flags[turn] += (INTERRUPTED,)
    info = {
        **draft.info,
        "n_pieces": n_pieces,
        "convention": convention,
        "markup": draft.markup,
        "lines": turns.lines,
    }
    return Transcript(
        session=session,
        turns=pd.DataFrame(turns.columns(session, texts, roles), copy=False),
        marks=marks.frame(session),
        source=draft.source,
        format=draft.format,
        info=info,
    )


def _plain_names(draft: Draft) -> None:
    """Turn no-break spaces in speakers' names into plain ones, so that one person stays one."""
    wide = {name for name in set(draft.speakers) if any(map(str.isspace, name.replace(" ", "")))}
    if wide:
        plain = {name: " ".join(name.split()) for name in wide}
        draft.speakers = [plain.get(name, name) for name in draft.speakers]
        draft.warn("no-break and other wide spaces in speakers' names turned into plain spaces")


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
    longest = draft.raws.longest
    if longest > LONGEST_TURN:
        line = draft.lines[next(i for i, raw in enumerate(draft.raws) if len(raw) == longest)]
        message = (
            f"a turn of {longest:,} characters: more than ten hours of speech; "
            "is this a transcript, and are its lines broken?"
        )
        raise InvalidDataError(draft.source, [Problem(message, draft.source, line or None)])


class _Turns:
    """The columns of a draft with its pieces joined to turns.

    Parameters
    ----------
    draft
        The pieces.
    firsts
        The position of each turn's first piece; None where each is a turn of its own.
    used_up
        Whether the draft may be emptied: what is joined or finished is let go of.
    """

    def __init__(self, draft: Draft, firsts: np.ndarray | None, *, used_up: bool) -> None:
        self.given = _given(draft, firsts)
        ends_early = _turns_of(draft.starts.above(draft.ends), firsts)
        if not used_up:
            draft = replace(draft, flags=list(draft.flags))
        self.raws, self.speakers, self.flags = draft.raws, draft.speakers, draft.flags
        self.starts, self.ends, self.lines = draft.starts, draft.ends, draft.lines
        self.sizes: list[int] | None = None
        if firsts is not None:
            self.sizes = np.diff(np.append(firsts, len(draft))).tolist()
            raws = draft.raws.drained() if used_up else iter(draft.raws)
            self.raws = Texts("\n".join(islice(raws, size)) for size in self.sizes)
            self.speakers = [draft.speakers[i] for i in firsts.tolist()]
            self.flags = _together(draft.flags, self.sizes)
            self.starts, self.lines = draft.starts.at(firsts), draft.lines.at(firsts)
            self.ends = draft.ends.latest(firsts)
            for turn in _turns_of(np.setdiff1d(draft.starts.falls(), firsts), firsts):
                self.flags[turn] += (RUNS_BACKWARDS,)
        if used_up:
            draft.empty()
        for turn in ends_early:
            self.flags[turn] += (ENDS_BEFORE_START,)

    def clean(self, cleaner: Cleaner, marks: _Marks) -> Texts:
        """Return the texts of all turns, and note their marks and flags."""

        def text(turn: int, raw: str) -> str:
            joined = cleaner.joined(raw) if "\n" in raw and turn not in self.given else None
            if joined is not None:
                self.flags[turn] += self._earned(turn, raw, _JOINED)
                return joined
            cleaned = cleaner.clean(raw, self.given.get(turn, ()))
            for mark in cleaned.marks:
                marks.add(turn + 1, mark)
            if cleaned.flags:
                self.flags[turn] += self._earned(turn, raw, cleaned.flags)
            return cleaned.text

        given = sorted(self.given)

        def texts(first: int, raws: list[str]) -> list[str]:
            here = given[bisect_left(given, first) : bisect_left(given, first + len(raws))]
            odd = {turn - first for turn in here}
            for at in range(0, len(raws), _AT_ONCE):
                odd.update(at + i for i in cleaner.not_plain(raws[at : at + _AT_ONCE]))
            made = raws.copy()
            for i in sorted(odd):
                made[i] = text(first + i, raws[i])
            return made

        return self.raws.mapped(texts)

    def columns(self, session: str, texts: Texts, roles: Roles) -> dict[str, ExtensionArray]:
        """Return the finished columns, letting go of the turns' own on the way."""
        n = len(self.speakers)
        joined = cache(lambda names: ";".join(dict.fromkeys(filter(None, names))))
        flags, self.flags = Texts(map(joined, self.flags)).array(), []
        names = list(dict.fromkeys(self.speakers))
        of = dict(zip(names, role_column(names, roles), strict=True))
        role = Texts(map(of.__getitem__, self.speakers)).array()
        speaker, self.speakers = Texts(self.speakers).array(), []
        start, self.starts = self.starts.array(), Numbers()
        end, self.ends = self.ends.array(), Numbers()
        return {
            "session": Texts.repeated(session, n).array(),
            "turn": Numbers.of(np.arange(1, n + 1)).array(),
            "speaker": speaker,
            "role": role,
            "text": texts.array(),
            "start_ms": start,
            "end_ms": end,
            "raw": self.raws.array(),
            "flags": flags,
        }

    def _earned(self, turn: int, raw: str, flags: Sequence[str]) -> tuple[str, ...]:
        """Leave out the flag of joined lines where the only line breaks are between pieces."""
        if self.sizes is None or raw.count("\n") >= self.sizes[turn]:
            return tuple(flags)
        return tuple(f for f in flags if f != LINES_JOINED)


def _turns_of(pieces: Sequence[int] | np.ndarray, firsts: np.ndarray | None) -> Iterable[int]:
    """Return the turns to which pieces belong, each once."""
    turns = pieces if firsts is None else np.searchsorted(firsts, pieces, "right") - 1
    return dict.fromkeys(map(int, turns))


def _together(flags: Iterable[tuple[str, ...]], sizes: Iterable[int]) -> list[tuple[str, ...]]:
    """Return the flags of turns: that they were merged, and those of all their pieces."""
    pieces = iter(flags)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}  # most are the same: each is held once

    def merged(size: int) -> tuple[str, ...]:
        names = tuple(dict.fromkeys((MERGED, *chain.from_iterable(islice(pieces, size)))))
        return known.setdefault(names, names)

    return [merged(size) if size > 1 else next(pieces) for size in sizes]


def _given(draft: Draft, firsts: np.ndarray | None) -> dict[int, list[Found]]:
    """Return the marks that the format carried, by turn, with offsets into the joined raw."""
    where: dict[int, tuple[int, int]] = {}
    if draft.marks and firsts is not None:
        opens = set(firsts.tolist())
        turn, shift = -1, 0
        for i, raw in enumerate(draft.raws):
            if i in opens:
                turn, shift = turn + 1, 0
            where[i] = (turn, shift)
            shift += len(raw) + 1
    found: dict[int, list[Found]] = {}
    for i, kind, text, start, end in draft.marks:
        turn, shift = where.get(i, (i, 0))
        first = shift + (start or 0)
        last = shift + (end if end is not None else start or 0)
        removed = kind == "comment" and last > first
        found.setdefault(turn, []).append(Found(first, last, kind, removed, text))
    return found


class _Marks:
    """The table of marks, as it grows."""

    def __init__(self) -> None:
        self.turns: Numbers[int] = Numbers()
        self.kinds, self.texts = Texts(), Texts()
        self.starts: Numbers[int] = Numbers()
        self.ends: Numbers[int] = Numbers()

    def add(self, turn: int, mark: Mark) -> None:
        """Add a mark of a turn."""
        self.turns.append(turn)
        self.kinds.append(mark.kind)
        self.texts.append(mark.text)
        self.starts.append(mark.start)
        self.ends.append(mark.end)

    def frame(self, session: str) -> pd.DataFrame:
        """Return the table, as ``tables.MARKS``."""
        columns = {
            "session": Texts.repeated(session, len(self.turns)).array(),
            "turn": self.turns.array(),
            "kind": self.kinds.array(),
            "text": self.texts.array(),
            "start_char": self.starts.array(),
            "end_char": self.ends.array(),
        }
        return pd.DataFrame(columns, copy=False)
