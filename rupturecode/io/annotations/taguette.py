"""Taguette projects (SQLite): highlights and their tags.

Written databases open in Taguette, and its import takes their projects: one per coder, so that
coders do not see one another's codes and nobody's become those of whoever imports them.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from rupturecode.errors import UsageError
from rupturecode.io.exchange.counting import Count, Source
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, passes, silent
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.sqliteout import LONG_AGO, to_sqlite
from rupturecode.io.exchange.taguette_project import REVISION, SCHEMA, parse, words_of
from rupturecode.io.exchange.tiers import WHOLE
from rupturecode.io.exchange.xmlout import same_length
from rupturecode.io.parsers.sqlitesafe import is_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.io.exchange.sqliteout import Cell
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "words_of", "write"]
_ADMIN = "admin"
#: What Taguette's import takes as a name of a document or project.
_LONGEST = 50


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a database of Taguette."""
    del name
    return is_sqlite(head) and b"highlight_tags" in head


#: Read the highlights of a Taguette project.
read = reader(parse)
OPTIONS = {
    "coder": (
        "Whose the highlights are of which neither the project's description (``coder: AK``) "
        "nor the log says it."
    ),
    "codes": "Tags (the whole ``parent.child``, or its end) to codes, None to leave out.",
    "sessions": "Names of documents to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a database with a project per coder and round.

    Values go into names of tags (``quality = 2``), parents before them (``rupture.withdrawal``);
    a rating of the whole session is a highlight of all of the document (``session:quality = 2``).

    Raises
    ------
    UsageError
        Without a corpus, or for names of sessions that Taguette would not take.
    """
    out = _Writing(notes)
    saw = passes(notes)
    sessions = list(by_session(notes, needs_corpus(corpus, "taguette")))
    pages = [(Page.of(talk, between=""), rows) for talk, rows in sessions]
    for coder, number in sorted({who for some in saw.values() for who in some}):
        out.project(coder, number)
        for page, rows in pages:
            if (coder, number) in saw.get(page.session, ()):
                mine = [r for r in rows if (r["coder"], r["round"]) == (coder, number)]
                out.document(page, mine, coder)
    lost = [*losses(notes, holds=("round",)), *silent(notes), *out.lost()]
    return Written({"project.sqlite3": out.database()}, tuple(lost))


class _Writing:
    """The rows of one database, table by table."""

    def __init__(self, notes: Annotations) -> None:
        self._book = notes.codebook
        self._tables: dict[str, list[Mapping[str, Cell]]] = {}
        self._tags: dict[tuple[int, str], int] = {}
        self._project = self._again = 0
        self._add("alembic_version", version_num=REVISION)
        for login in dict.fromkeys((_ADMIN, *notes.coders)):
            self._add("users", login=login, created=LONG_AGO, disabled=0)

    def _add(self, table: str, **row: Cell) -> None:
        self._tables.setdefault(table, []).append(row)

    def project(self, coder: str, number: int) -> None:
        """Begin the project of a coder and round, with a tag for every code."""
        self._project += 1
        pass_ = f"round {number} " if number != 1 else ""
        title = f"{coder} {pass_}{self._book.title}"[:_LONGEST]
        said = [f"coder: {coder}", *([f"round: {number}"] if number != 1 else [])]
        said.append(f"codebook: {self._book.id} {self._book.version}")
        self._add(
            "projects", id=self._project, name=title, created=LONG_AGO,
            description="\n".join(said),
        )  # fmt: skip
        for login in dict.fromkeys((_ADMIN, coder)):
            self._add(
                "project_members", project_id=self._project, user_login=login, privileges="ADMIN"
            )
        for code in self._book:
            if not code.heading:
                self._tag(self._path(code.id), code.definition)

    def document(self, page: Page, rows: list[dict[str, Any]], coder: str) -> None:
        """Add a text with a coder's highlights."""
        if len(page.session) > _LONGEST:
            raise UsageError(
                f"session {page.session!r} has a name of more than {_LONGEST} characters, which "
                "Taguette does not take; rename it before writing"
            )
        number = len(self._tables.get("documents", ())) + 1
        words = same_length(page.text.replace("\r", " "))
        edges = Count("UTF-8 bytes").edges(Source(words, bom=False, returns=()))
        self._add(
            "documents", id=number, name=page.session, description="", filename=page.session,
            created=LONG_AGO, project_id=self._project, text_direction=_direction(words),
            contents=_html(words, page, 0, len(words)),
        )  # fmt: skip
        for (start, end), tags in self._highlights(page, rows).items():
            ends = {"start_offset": int(edges[start]), "end_offset": int(edges[end])}
            id_ = len(self._tables.get("highlights", ())) + 1
            snippet = _html(words, page, start, end)
            self._add("highlights", id=id_, document_id=number, snippet=snippet, **ends)
            for tag in tags:
                self._add("highlight_tags", highlight_id=id_, tag_id=tag)
            payload = {"type": "highlight_add", "highlight_id": id_, **ends, "tags": tags}
            self._add(
                "commands", date=LONG_AGO, user_login=coder, project_id=self._project,
                document_id=number, payload=json.dumps(payload, sort_keys=True),
            )  # fmt: skip

    def _highlights(
        self, page: Page, rows: list[dict[str, Any]]
    ) -> dict[tuple[int, int], list[int]]:
        """Return stretches with their tags, in order."""
        found: dict[tuple[int, int], list[int]] = {}
        for row in rows:
            whole = row["kind"] == "session"
            place = (0, len(page.text)) if whole else page.stretch(row)
            path = self._path(str(row["code"])).rpartition(".")[0]
            called = ".".join(filter(None, (path, name(row, self._book))))
            tag = self._tag(f"{WHOLE}{called}" if whole else called)
            tags = found.setdefault(place, [])
            self._again += tag in tags
            if tag not in tags:
                tags.append(tag)
        return {place: sorted(tags) for place, tags in sorted(found.items())}

    def _path(self, code: str) -> str:
        return ".".join([*(a.id for a in reversed(self._book.ancestors(code))), code])

    def _tag(self, path: str, description: str = "") -> int:
        key = (self._project, path)
        if key not in self._tags:
            self._tags[key] = len(self._tags) + 1
            self._add(
                "tags", id=self._tags[key], project_id=self._project, path=path,
                description=description,
            )  # fmt: skip
        return self._tags[key]

    def lost(self) -> list[str]:
        """Say what a highlight cannot hold twice."""
        if not self._again:
            return []
        return [f"{self._again} annotations that give a code again where its coder gave it before"]

    def database(self) -> bytes:
        """Return the whole database."""
        return to_sqlite(SCHEMA, self._tables)


def _html(words: str, page: Page, start: int, end: int) -> str:
    """Return a stretch of a page as paragraphs, one per turn."""
    return "".join(
        f"<p>{escape(words[max(low, start) : min(high, end)], quote=False)}</p>"
        for low, high in _turns(page)
        if low < end and high > start
    )


def _turns(page: Page) -> Iterator[tuple[int, int]]:
    """Yield where each turn begins and ends with its label."""
    at = 0
    for turn, start in page.starts.items():
        end = start + page.lengths[turn]
        yield at, end
        at = end


def _direction(words: str) -> str:
    seen = Counter(map(unicodedata.bidirectional, words))
    return "RIGHT_TO_LEFT" if seen["R"] + seen["AL"] > seen["L"] else "LEFT_TO_RIGHT"
