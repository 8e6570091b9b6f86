"""GSEQ (SDIS, ``.sds``): sequences of events, multievents, timed events and states.

A sequence of events has no turns: it can be laid on a session only when it has as many events
as the session has turns. Written are timed events where every annotation has a time, and
otherwise multievents, one per turn; :func:`rupturecode.sequences.to_sds` writes single events.

References
----------
Bakeman, R. & Quera, V. (2011). Sequential Analysis and Observational Methods, ch. 7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.losses import Written, losses, whole_sessions
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import by_session, needs_corpus, passes
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.sds import EXAMINED, parse
from rupturecode.io.exchange.sds_language import is_sds, meaning
from rupturecode.io.exchange.tiers import timed
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus, Transcript

__all__ = ["parse", "read", "sniff", "write"]
_NONE, _UNRATED = "none", "unrated"
_WHOLE = "session "


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a file of SDIS."""
    del name
    return is_sds(preview(head))


#: Read sequences: timed ones by time, others where they have an event for every turn.
read = reader(parse)
OPTIONS = {
    "coder": "Whose coding it is; files that we did not write do not say it.",
    "codes": 'Codes of the file to codes of the codebook; None for the one that means "nothing".',
    "sessions": (
        'Labels of units to sessions; with a number behind where a unit has several (``"Pair '
        '3 2"``).'
    ),
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a unit per session, coder and round, of timed events or of multievents.

    Ratings of whole sessions become levels of variables. What a name stands for is said in
    comments, which GSEQ passes over.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "gseq")
    sessions = list(by_session(notes, corpus, words=False))
    has_times = all(_has_times(talk, rows) for talk, rows in sessions)
    out = _Writing(notes, sessions, timed=has_times)
    holds = ["coverage"] if whole_sessions(notes) else []
    lost = [*losses(notes, holds=("round", *holds), chars=False, spans=has_times), *out.lost()]
    kind = "timed" if has_times else "multievent"
    return Written({f"{kind}.sds": out.file(holds).encode()}, tuple(lost))


def _has_times(talk: Transcript, rows: list[dict[str, Any]]) -> bool:
    placed = [r for r in rows if r["kind"] != "session"]
    return len(timed(placed, talk)) == len(placed) and bool(talk.turns["start_ms"].notna().any())


class _Writing:
    """One file, built from the bottom: units, then the names they use."""

    def __init__(
        self,
        notes: Annotations,
        sessions: list[tuple[Transcript, list[dict[str, Any]]]],
        *,
        timed: bool,
    ) -> None:
        self._book, self._timed = notes.codebook, timed
        self._tokens: dict[str, str] = {"": _NONE}
        self._meanings = [meaning(_NONE, "")]
        self._labels: set[str] = set()
        self._off_turn = self._again = 0
        rated = [r for _, rows in sessions for r in rows if r["kind"] == "session"]
        self._variables = {code: {_UNRATED: None} for code in sorted({r["code"] for r in rated})}
        saw = passes(notes)
        self._units = [
            self._unit(talk, who, [r for r in rows if (r["coder"], r["round"]) == who])
            for talk, rows in sessions
            for who in saw.get(talk.session, ())
        ]

    def file(self, holds: list[str]) -> str:
        """Return the whole file."""
        codes = [t for called, t in self._tokens.items() if not called.startswith(_WHOLE)]
        sets = [f"({t})" for t in codes if t != _NONE or not self._timed]
        variables = [f"{_safe(code)} ({' '.join(v)})" for code, v in self._variables.items()]
        head = ["Timed <seconds>" if self._timed else "Multievent", *sets]
        head += [f"* {' '.join(variables)}"] if variables else []
        said = [*([EXAMINED] if holds else []), *self._meanings]
        return "\n".join([*said, *head]) + ";\n" + "".join(self._units)

    def lost(self) -> list[str]:
        """Say what sequences cannot hold."""
        found = []
        if self._off_turn:
            found.append(f"{self._off_turn} annotations that are not on one turn")
        if self._again:
            found.append(
                f"{self._again} annotations that give a code again where its coder gave it before"
            )
        return found

    def _unit(self, talk: Transcript, who: tuple[str, int], rows: list[dict[str, Any]]) -> str:
        label = self._label(talk.session, *who)
        whole = [r for r in rows if r["kind"] == "session"]
        placed = [r for r in rows if r["kind"] != "session"]
        body = self._spells(talk, placed) if self._timed else self._events(talk, placed)
        levels = self._levels(whole)
        return f"\n<{label}>\n{body}{f' ({levels})' if levels else ''}/\n"

    def _label(self, session: str, coder: str, number: int) -> str:
        """Return a label that is nobody else's."""
        plain = re.sub(r"[^\w .@-]", "_", f"{session}@{coder}")
        label, n = plain, 1
        while label in self._labels:
            n += 1
            label = f"{plain}~{n}"
        self._labels.add(label)
        more = [str(number)] if number != 1 else []
        self._meanings.append(meaning(f"<{label}>", [session, coder, *more]))
        return label

    def _token(self, row: Mapping[str, Any]) -> str:
        """Return a name that SDIS takes: letters, digits and underscores."""
        called = name(row, self._book)
        key = f"{_WHOLE}{called}" if row["kind"] == "session" else called
        if key not in self._tokens:
            plain = _safe(key.replace("?", " doubt"))
            token, n = plain, 1
            while token in (*self._tokens.values(), _UNRATED):
                n += 1
                token = f"{plain}_{n}"
            self._tokens[key] = token
            self._meanings.append(meaning(token, called))
        return self._tokens[key]

    def _levels(self, rows: list[dict[str, Any]]) -> str:
        """Return a level for every variable."""
        given: dict[str, str] = {}
        for row in rows:
            self._again += row["code"] in given
            given.setdefault(row["code"], self._token(row))
        for code, level in given.items():
            self._variables[code].setdefault(level)
        return ", ".join(given.get(code, _UNRATED) for code in self._variables)

    def _events(self, talk: Transcript, rows: list[dict[str, Any]]) -> str:
        """Return a multievent per turn."""
        by_turn: dict[int, list[str]] = {int(n): [] for n in talk.turns["turn"]}
        for row in rows:
            token = self._token(row)
            if row["kind"] != "turn":
                self._off_turn += 1
            elif token in by_turn[int(row["unit"])]:
                self._again += 1
            else:
                by_turn[int(row["unit"])].append(token)
        return ".\n".join(" ".join(tokens) or _NONE for tokens in by_turn.values())

    def _spells(self, talk: Transcript, rows: list[dict[str, Any]]) -> str:
        """Return timed events, in a stream of their own where one code overlaps itself."""
        cells = sorted(timed(rows, talk), key=lambda c: (c.start_ms, c.end_ms))
        streams: list[list[str]] = [[]]
        ends: list[dict[str, int]] = [{}]
        for cell in cells:
            token = self._token(cell.row)
            free = (n for n, end in enumerate(ends) if end.get(token, 0) <= cell.start_ms)
            at = next(free, len(ends))
            if at == len(ends):
                ends.append({})
                streams.append([])
            ends[at][token] = cell.end_ms
            streams[at].append(f"{token},{_seconds(cell.start_ms)}-{_seconds(cell.end_ms)}")
        first, last = _edges(talk)
        streams[0] = [f",{first}", *streams[0], f",{last}"]
        return "\n&\n".join(" ".join(stream) for stream in streams)


def _edges(talk: Transcript) -> tuple[str, str]:
    moments = [*talk.turns["start_ms"].dropna(), *talk.turns["end_ms"].dropna()]
    return _seconds(int(min(moments))), _seconds(int(max(moments)))


def _seconds(moment: int) -> str:
    return f"{moment / 1000:.3f}"


def _safe(called: str) -> str:
    return re.sub(r"\W+", "_", called).strip("_") or "_"
