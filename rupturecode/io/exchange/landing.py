"""Bring what a tool's file says onto the turns of a corpus, and doubt every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.annotation.draft import CodingDraft
from rupturecode.errors import Problem
from rupturecode.io.exchange.naming import Names
from rupturecode.io.exchange.page import needs_corpus
from rupturecode.io.exchange.places import Spot, TextPlaces, by_time, by_turns
from rupturecode.io.exchange.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.project import Coding, Document, Project
    from rupturecode.transcript import Corpus, Transcript

_COLUMNS = (
    "session kind unit first_turn last_turn start_char end_char coder code value category status "
    "note round evidence confidence origin id _file _line _cell"
).split()


def land(
    project: Project,
    *,
    codebook: Codebook,
    corpus: Corpus | None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Return the codings of a project as rows on turns, spans and sessions.

    A stretch that is exactly one turn's words is that turn; all others are spans. Every quote
    is held against the transcript; what does not stand where it should is looked for nearby
    and reported, or is a problem.

    Parameters
    ----------
    project
        What the file says.
    codebook, corpus
        What it is about.
    coder
        Whose the codings are of which the file does not say it.
    codes
        The tool's names of codes (names, paths or ids) to codes of the codebook; None for
        codes to leave out.
    sessions
        The tool's names of documents to sessions.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, project.tool)
    names = Names(codebook, project.source, codes or {})
    landing = _Landing(project, corpus, coder, names, Sessions(corpus, sessions or {}))
    by_document: dict[str, list[Coding]] = {d.id: [] for d in project.documents}
    for coding in project.codings:
        by_document.setdefault(coding.document, []).append(coding)
    for document in project.documents:
        landing.take(document, by_document.pop(document.id))
    landing.strays(by_document)
    return landing.draft()


@dataclass(slots=True)
class _Landing:
    project: Project
    corpus: Corpus
    coder: str | None
    names: Names
    sessions: Sessions
    rows: list[tuple[object, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    coverage: list[dict[str, object]] = field(default_factory=list)
    counted: dict[str, str] = field(default_factory=dict)
    weights: int = 0
    """How many weights are no values of their codes, and stand in notes."""

    def take(self, document: Document, codings: list[Coding]) -> None:
        """Land the codings of one document."""
        seen = [who for name, who in self.project.examined if name == document.id]
        if not codings and not seen:
            return
        session, why = self.sessions.of(document)
        if session is None:
            self._problem(f"{why}; say sessions={{{document.name!r}: '<session>'}}", "session")
            return
        talk = self.corpus[session]
        if document.n_turns not in (None, len(talk)):
            message = (
                f"document {document.name!r} has {document.n_turns} codes in a row, but session "
                f"{session} has {len(talk)} turns; there must be one for every turn"
            )
            self._problem(message, "anchor")
            return
        for who in seen:
            self._examined(document, talk, who, codings)
        places = TextPlaces.of(document, codings, talk, self.project)
        if places.said:
            self.counted[document.name] = places.said
        self.warnings += [self._word(w, "anchor") for w in places.warnings]
        for coding, spot in zip(codings, places.spots, strict=True):
            found = spot or by_time(coding, talk) or by_turns(coding, talk)
            self._row(coding, document, talk, found)

    def strays(self, rest: Mapping[str, list[Coding]]) -> None:
        """Complain about codings on documents that are not there."""
        for name, codings in rest.items():
            if codings:
                n = len(codings)
                self._problem(f"{n} codings stand on {name!r}, which the file lacks", "session")

    def _examined(
        self, document: Document, talk: Transcript, who: str, codings: list[Coding]
    ) -> None:
        coder = who or self.coder
        if coder is None or not len(talk):
            return
        first, last = (document.turn, document.turn) if document.turn else (1, len(talk))
        rounds = {c.round or 1 for c in codings if (c.coder or self.coder) == coder}
        for number in sorted(rounds or {1}):
            self.coverage.append(
                {
                    "session": talk.session, "kind": "turn", "first_unit": first,
                    "last_unit": last, "coder": coder, "round": number,
                    "_file": self.project.source,
                }
            )  # fmt: skip

    def _row(self, coding: Coding, document: Document, talk: Transcript, spot: Spot | str) -> None:
        said, note = coding.cell, coding.note
        if coding.weight and self.names.weighs(coding.names, coding.weight):
            said = coding.weight
        elif coding.weight:
            note = " | ".join(filter(None, (note, f"weight {coding.weight}")))
            self.weights += 1
        meant = self.names.read(coding.names, said, coding.line)
        coder = coding.coder or self.coder
        if isinstance(spot, str):
            self._problem(f"document {document.name!r}: {spot}", "anchor", coding.line)
            return
        if meant is None:
            return
        if coder is None:
            self._problem("nothing says who coded this; say coder=", "unknown-coder", coding.line)
            return
        code, value = meant
        place = (self.project.source, coding.line, None)
        id_ = f"{self.project.source}#{coding.id}" if coding.id else None
        self.rows.append(
            (
                talk.session, *spot.columns(), coder, code, value.value, value.category,
                value.status, note or None, coding.round or 1, coding.evidence or None,
                coding.confidence, self._origin(coding, document), id_, *place,
            )
        )  # fmt: skip

    def _origin(self, coding: Coding, document: Document) -> str:
        """Where it came from: file, document, id and places as the tool counts."""
        ends = (coding.start, coding.end)
        if coding.start is None:
            ends = (coding.start_ms, coding.end_ms)
        where = "" if ends[0] is None else f" {ends[0]}-{ends[1]}"
        inside = "" if coding.paragraphs is None else f" in paragraphs {coding.paragraphs}"
        return f"{self.project.source} {document.name} {coding.id}{where}{inside}".strip()

    def _word(self, message: str, kind: str, line: int | None = None) -> Problem:
        return Problem(message, self.project.source, line, kind=kind)

    def _problem(self, message: str, kind: str, line: int | None = None) -> None:
        problem = self._word(message, kind, line)
        if problem not in self.problems:
            self.problems.append(problem)

    def draft(self) -> CodingDraft:
        """Return the rows, each once, with all that was noticed."""
        rows = pd.DataFrame(self.rows, columns=_COLUMNS)
        if rows["confidence"].isna().all():
            rows = rows.drop(columns="confidence")
        what = [c for c in rows if c not in ("origin", "id", "_file", "_line", "_cell")]
        again = rows.duplicated(what)
        warnings = [*self.warnings, *(self._word(w, "note") for w in self.project.warnings)]
        if again.any():
            message = f"{int(again.sum())} codings are there twice, word for word; taken once"
            warnings.append(self._word(message, "duplicate"))
        if self.weights:
            message = f"{self.weights} weights are no value of their code and stand in the notes"
            warnings.append(self._word(message, "note"))
        for name, n in self.names.left_out.items():
            warnings.append(self._word(f"{n} codings with {name!r} left out as asked", "left-out"))
        return CodingDraft(
            self.project.tool,
            self.project.source,
            rows[~again].reset_index(drop=True),
            coverage=pd.DataFrame(self.coverage) if self.coverage else None,
            links=self._links(rows[~again]),
            problems=[*self.problems, *self.names.problems],
            warnings=warnings,
            info={**self.project.info, "counted": self.counted},
        )

    def _links(self, rows: pd.DataFrame) -> pd.DataFrame | None:
        """Links between rows that landed; others are told."""
        landed = zip(rows["id"], rows["coder"], rows["session"], strict=True)
        who = {id_: {"coder": coder, "session": session} for id_, coder, session in landed}
        found, lost = [], 0
        for start, end, relation in self.project.links:
            ends = [f"{self.project.source}#{e}" for e in (start, end)]
            if any(e not in who for e in ends):
                lost += 1
                continue
            row = {"from": ends[0], "to": ends[1], "relation": relation or "linked"}
            found.append({**row, **who[ends[0]]})
        if lost:
            self.warnings.append(self._word(f"{lost} links are not between codings", "note"))
        return pd.DataFrame(found) if found else None
