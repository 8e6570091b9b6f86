"""What another tool's file says, in one shape for all tools, before it meets a corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["code points", "UTF-16 units", "UTF-8 bytes"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text (or recording) that was coded.

    ``text`` is as the tool counts in it; None where the file does not bring it.
    ``paragraphs`` are the places in ``text`` at which the tool's paragraphs begin, where
    it counts inside paragraphs. ``session`` and ``turn`` stand where the file says them.
    """

    id: str
    name: str
    text: str | None = None
    paragraphs: tuple[int, ...] = ()
    session: str | None = None
    turn: int | None = None
    n_turns: int | None = None
    """How many turns it must have for its codings to be laid on them by number."""


@dataclass(frozen=True, slots=True)
class Coding:
    """One code given by one coder to one stretch.

    ``names`` are all names of the code, the most telling first. The stretch is ``start`` to
    ``end`` as the tool counts, or ``start_ms`` to ``end_ms``, or turns by number, or only
    a ``quote``; with nothing of these the whole document is meant.
    """

    document: str
    names: tuple[str, ...]
    coder: str | None = None
    start: int | None = None
    end: int | None = None
    paragraphs: tuple[int, int] | None = None
    """Paragraphs (from 0) inside which ``start`` and ``end`` count."""
    quote: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    first_turn: int | None = None
    last_turn: int | None = None
    speaker: str = ""
    """Who speaks, where turns of equal times must be told apart."""
    near: int | None = None
    """A paragraph number that tells equal quotes apart."""
    cell: str = ""
    """The value, as one would type it into a sheet; empty for a plain code."""
    weight: str = ""
    """A number that is the value where the code has a scale with it, and a note elsewhere."""
    note: str = ""
    round: int | None = None
    evidence: str = ""
    confidence: float | None = None
    id: str = ""
    line: int | None = None


@dataclass(slots=True)
class Project:
    """All that a file says."""

    tool: str
    source: str
    documents: list[Document] = field(default_factory=list)
    codings: list[Coding] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """From, to (ids of codings) and relation."""
    examined: list[tuple[str, str]] = field(default_factory=list)
    """Documents that a coder is said to have gone through, as (document, coder); in every
    round of which the file has codings of theirs, and in the first where it has none."""
    unit: Unit = "code points"
    """What the tool counts in, if all is as it should be."""
    named: bool = False
    """Whether quotes may be names that people gave instead."""
    plain: bool = False
    """Whether places in documents without a text count in the transcript's plain text."""
    crlf: bool = False
    """Whether it counts a line's end as two where the text has two characters there."""
    warnings: list[str] = field(default_factory=list)
    info: dict[str, object] = field(default_factory=dict)

    def document(self, id_: str) -> Document | None:
        """Return the document of an id, or None."""
        return next((d for d in self.documents if d.id == id_), None)
