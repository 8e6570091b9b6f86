"""A corpus: the transcripts of many sessions, in the order of their cases."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from rupturecode.display import counted
from rupturecode.errors import InvalidDataError, Problem, UnknownNameError, UsageError
from rupturecode.tables import MARKS, SESSIONS, TURNS, UNITS, conform, empty
from rupturecode.transcript import units as unit_kinds
from rupturecode.transcript.roles import roles_of
from rupturecode.transcript.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from os import PathLike
    from pathlib import Path

    from rupturecode.transcript.description import SampleDescription
    from rupturecode.transcript.importreport import ImportReport
    from rupturecode.transcript.model import Transcript
    from rupturecode.transcript.units import Splitter, Straddle


class Corpus:
    """Sessions by id, in case order; build one with :meth:`from_transcripts`.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine.")])
    >>> corpus = Corpus.from_transcripts([talk])
    >>> corpus["s1"].turns["text"].tolist(), corpus.units("turn")["unit"].tolist()
    (['How was it?', 'Fine.'], [1, 2])
    """

    def __init__(
        self,
        transcripts: Mapping[str, Transcript],
        sessions: pd.DataFrame,
        *,
        notes: Iterable[Problem] = (),
    ) -> None:
        self._transcripts = dict(transcripts)
        self._sessions = sessions
        self.notes: tuple[Problem, ...] = tuple(notes)
        """What was found odd on the way in; shown by :meth:`report`."""

    @classmethod
    def from_transcripts(
        cls,
        transcripts: Iterable[Transcript],
        *,
        sessions: pd.DataFrame | None = None,
        notes: Iterable[Problem] = (),
    ) -> Corpus:
        """Bring transcripts together.

        Parameters
        ----------
        transcripts
            Each with its own session id.
        sessions
            What is known about the sessions: column ``session`` and any of ``case``,
            ``position``, ``date``, ``kind`` and the study's own. Rows of another kind than
            ``session`` (a call, a supervision note) need no transcript to have their place
            in the case's order.
        notes
            Remarks for the import report.

        Raises
        ------
        InvalidDataError
            When two transcripts share an id, or the metadata break their rules.
        """
        by_id: dict[str, Transcript] = {}
        twice: list[Problem] = []
        for talk in transcripts:
            if talk.session in by_id:
                other = by_id[talk.session].source or "another transcript"
                message = f"session {talk.session!r} is also {other}; ids must differ"
                twice.append(Problem(message, talk.source, kind="duplicate-session"))
            by_id.setdefault(talk.session, talk)
        if twice:
            raise InvalidDataError("transcripts", twice)
        frame, found = session_table(by_id, sessions)
        ordered = {s: by_id[s] for s in frame["session"] if s in by_id}
        return cls(ordered, frame, notes=[*notes, *found])

    def __getitem__(self, session: str) -> Transcript:
        if session not in self._transcripts:
            raise UnknownNameError("session", session, self._transcripts)
        return self._transcripts[session]

    def __contains__(self, session: object) -> bool:
        return session in self._transcripts

    def __len__(self) -> int:
        return len(self._transcripts)

    def __iter__(self) -> Iterator[Transcript]:
        return iter(self._transcripts.values())

    @property
    def sessions(self) -> pd.DataFrame:
        """One row per session or other contact, in case order; as ``tables.SESSIONS``."""
        return self._sessions.copy()

    @cached_property
    def turns(self) -> pd.DataFrame:
        """All turns, as ``tables.TURNS``."""
        return _stacked([t.turns for t in self], empty(TURNS))

    @cached_property
    def marks(self) -> pd.DataFrame:
        """All marks, as ``tables.MARKS``."""
        return _stacked([t.marks for t in self], empty(MARKS))

    @property
    def speakers(self) -> pd.DataFrame:
        """Every speaker of every session: the list from which roles are mapped."""
        parts = []
        for talk in self:
            table = talk.speakers
            table.insert(0, "session", talk.session)
            parts.append(table)
        columns = ["session", "speaker", "role", "n_turns", "n_words", "first", "suggested_role"]
        return _stacked(parts, pd.DataFrame(columns=columns))

    def units(
        self,
        kind: str,
        *,
        minutes: float | None = None,
        turns: int | None = None,
        straddle: Straddle = "finish-client",
        origin_ms: int | None = None,
        splitter: Splitter | None = None,
    ) -> pd.DataFrame:
        """Return the stretches of a kind that coders may rate, as ``tables.UNITS``.

        Parameters
        ----------
        kind
            ``"turn"`` (with speaker and role), ``"window"``, ``"sentence"``, ``"exchange"``
            or ``"session"``.
        minutes, turns, straddle, origin_ms
            For windows, see :func:`~rupturecode.transcript.units.window_units`.
        splitter
            For sentences, see :func:`~rupturecode.transcript.units.sentence_units`.

        Raises
        ------
        UnknownNameError
            When the kind is none of these.
        UsageError
            When an option does not belong to the kind.
        """
        windowed = {"minutes": minutes, "turns": turns, "origin_ms": origin_ms}
        given = [k for k, v in windowed.items() if v is not None]
        if straddle != "finish-client":
            given.append("straddle")
        if given and kind != "window":
            raise UsageError(f"units({kind!r}): {', '.join(given)} belong to units('window').")
        if splitter is not None and kind != "sentence":
            raise UsageError(f"units({kind!r}): splitter belongs to units('sentence').")
        makers: dict[str, Callable[[Transcript], pd.DataFrame]] = {
            "turn": unit_kinds.turn_units,
            "session": unit_kinds.session_units,
            "exchange": unit_kinds.exchange_units,
            "sentence": lambda talk: unit_kinds.sentence_units(talk, splitter),
            "window": lambda talk: unit_kinds.window_units(
                talk, minutes=minutes, turns=turns, straddle=straddle, origin_ms=origin_ms
            ),
        }
        if kind not in makers:
            raise UnknownNameError("kind of unit", kind, makers)
        if kind == "window" and minutes and turns is None:
            unit_kinds.need_times(self)
        return _stacked([makers[kind](talk) for talk in self], empty(UNITS))

    def with_roles(
        self, roles: Mapping[str, str | Mapping[str, str]] | Literal["suggested"] | None
    ) -> Corpus:
        """Return the same corpus with roles filled in anew for every session.

        Where a value is itself a mapping, the key is a session, and it holds there first.
        """
        talks = {s: t.with_roles(roles_of(s, roles)) for s, t in self._transcripts.items()}
        return Corpus(talks, self._sessions, notes=self.notes)

    def filter(
        self,
        *,
        sessions: Iterable[str] | None = None,
        cases: Iterable[str] | None = None,
        kinds: Iterable[str] | None = None,
        where: str | None = None,
    ) -> Corpus:
        """Return the part of the corpus that meets every condition given.

        Parameters
        ----------
        sessions, cases, kinds
            Ids to keep.
        where
            A pandas query over :attr:`sessions`, such as ``"condition == 'A'"``.

        Raises
        ------
        UnknownNameError
            When an id is not in the corpus.
        UsageError
            When the query cannot be run.
        """
        frame = self._sessions
        for column, wanted in (("session", sessions), ("case", cases), ("kind", kinds)):
            if wanted is None:
                continue
            chosen = [wanted] if isinstance(wanted, str) else list(wanted)
            known = self._sessions[column].dropna().unique()
            for name in chosen:
                if name not in known:
                    raise UnknownNameError(column, name, known)
            frame = frame[frame[column].isin(chosen)]
        if where is not None:
            try:
                frame = frame.query(where)
            except Exception as err:
                raise UsageError(f"filter(where={where!r}): {err}") from err
        return self._part(frame)

    def sample(self, n: int, *, seed: int = 0) -> Corpus:
        """So many sessions drawn at random without replacement, kept in case order.

        Raises
        ------
        UsageError
            When there are fewer sessions than asked for.
        """
        if not 0 <= n <= len(self):
            raise UsageError(f"sample({n}): the corpus has {len(self)} sessions.")
        drawn = np.random.default_rng(seed).choice(len(self), size=n, replace=False)
        chosen = [list(self._transcripts)[i] for i in sorted(drawn)]
        return self._part(self._sessions[self._sessions["session"].isin(chosen)])

    def split(self, fraction: float, *, seed: int = 0) -> tuple[Corpus, Corpus]:
        """Two corpora that share no case; a session without a case is a case of its own.

        Parameters
        ----------
        fraction
            Share of the cases that goes into the first corpus, rounded to whole cases.
        seed
            For the draw.

        Raises
        ------
        UsageError
            When the fraction is not between 0 and 1.
        """
        if not 0 <= fraction <= 1:
            raise UsageError(f"split({fraction}): the fraction is between 0 and 1.")
        case = self._sessions["case"].fillna(self._sessions["session"])
        names = case.unique()
        drawn = np.random.default_rng(seed).permutation(len(names))[: round(fraction * len(names))]
        first = case.isin(names[sorted(drawn)])
        return self._part(self._sessions[first]), self._part(self._sessions[~first])

    def _part(self, frame: pd.DataFrame) -> Corpus:
        kept = set(frame["session"])
        talks = {s: t for s, t in self._transcripts.items() if s in kept}
        return Corpus(talks, frame.reset_index(drop=True), notes=self.notes)

    def report(self) -> ImportReport:
        """Say what was read, how it looks, and everything that was changed or is suspicious."""
        from rupturecode.transcript.importreport import import_report

        return import_report(self)

    def description(self) -> SampleDescription:
        """Describe the sample in numbers, as a paper's first table gives them."""
        from rupturecode.transcript.description import describe

        return describe(self)

    def to_parquet(self, folder: str | PathLike[str]) -> Path:
        """Write the corpus to a folder of Parquet tables; :meth:`from_parquet` reads it back."""
        from rupturecode.transcript.storage import save

        return save(self, folder)

    @classmethod
    def from_parquet(cls, folder: str | PathLike[str]) -> Corpus:
        """Read a corpus that :meth:`to_parquet` wrote.

        Raises
        ------
        InvalidDataError
            When a table is not there or breaks its rules.
        """
        from rupturecode.transcript.storage import load

        return load(folder)

    def __repr__(self) -> str:
        cases = self._sessions["case"].nunique()
        n_turns = sum(len(t) for t in self)
        of = f" of {counted(cases, 'case')}" if cases else ""
        return f"Corpus of {counted(len(self), 'session')}{of}, {counted(n_turns, 'turn')}"

    def _repr_html_(self) -> str:
        from rupturecode.display import heading, table
        from rupturecode.transcript.words import spoken_words

        known = self._sessions
        words = {t.session: int(spoken_words(t).sum()) for t in self}
        shown = known[["session", "case", "kind", "format", "n_turns"]].copy()
        shown["words"] = known["session"].map(words)
        own = [str(c) for c in known.columns if c not in SESSIONS.columns]
        more = f"<p>Also known of each session: {escape(', '.join(own))}</p>" if own else ""
        return heading(repr(self)) + table(shown, "Sessions and other contacts") + more


def _stacked(parts: list[pd.DataFrame], blank: pd.DataFrame) -> pd.DataFrame:
    filled = [p for p in parts if len(p)]
    if not filled:
        return parts[0] if parts else blank
    stacked = pd.concat(filled, ignore_index=True)
    known = {c: t for c, t in blank.dtypes.items() if c in stacked}
    return conform(stacked, UNITS) if set(blank) == set(empty(UNITS)) else stacked.astype(known)
