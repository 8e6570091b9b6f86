"""Taguette projects (SQLite), read only.

Highlights are placed by UTF-8 bytes in the document's HTML without its tags, and have no
coder: that stands only in the log of commands.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.sqlitesafe import integer, is_sqlite, read_tables, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_TABLES = {
    "documents": ("id", "name", "contents", "project_id"),
    "tags": ("id", "path", "project_id"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "highlight_tags": ("highlight_id", "tag_id"),
    "commands": ("id", "user_login", "payload"),
    "projects": ("id", "name"),
}


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a database of Taguette."""
    del name
    return is_sqlite(head) and b"highlight_tags" in head


class _Words(HTMLParser):
    """The text of HTML, as it stands between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words_of(html: str) -> str:
    """Return the text of HTML without tags, with entities resolved.

    Examples
    --------
    >>> words_of("<p>T: So &amp; so</p><p>C: Hm</p>")
    'T: So & soC: Hm'
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def parse(data: bytes, *, source: str) -> Project:
    """Read all highlights, a coding for each of their tags.

    Raises
    ------
    ParseError
        When the file is no database of Taguette, or is damaged.
    """
    tables = read_tables(data, _TABLES, source=source, optional=("commands", "projects"))
    project = Project("taguette", source, unit="UTF-8 bytes")
    for row in tables["documents"]:
        words = words_of(text(row["contents"]))
        project.documents.append(Document(text(row["id"]), text(row["name"]), words))
    tags = {row["id"]: text(row["path"]) for row in tables["tags"]}
    given: dict[object, list[object]] = {}
    for row in tables["highlight_tags"]:
        given.setdefault(row["highlight_id"], []).append(row["tag_id"])
    coders, several = _coders(tables["commands"])
    for row in tables["highlights"]:
        id_ = row["id"]
        for tag in given.get(id_, ()):
            path = tags.get(tag, "")
            project.codings.append(
                Coding(
                    text(row["document_id"]),
                    (path, path.rpartition(".")[2]) if path else (f"tag {tag}",),
                    coders.get(id_),
                    integer(row["start_offset"], "a highlight's start", source),
                    integer(row["end_offset"], "a highlight's end", source),
                    quote=words_of(text(row["snippet"])),
                    id=f"{id_}.{tag}",
                )
            )
    untagged = sum(row["id"] not in given for row in tables["highlights"])
    if untagged:
        project.warnings.append(f"{untagged} highlights without a tag were not read")
    if several:
        project.warnings.append(
            f"{several} highlights were changed by another person than the one who made them; "
            "they count for the one who made them"
        )
    project.info = {
        **{name: len(rows) for name, rows in tables.items()},
        "coders": sorted(set(coders.values())),
        "projects": [text(row["name"]) for row in tables["projects"]],
    }
    return project


def _coders(commands: list[dict[str, object]]) -> tuple[dict[object, str], int]:
    """Return who made each highlight, and how many another person changed."""
    makers: dict[object, str] = {}
    changed = set()
    for row in sorted(commands, key=lambda r: str(r["id"]).zfill(20)):
        try:
            payload = json.loads(text(row["payload"]))
        except (ValueError, RecursionError):
            continue  # a command that is no JSON says nothing of highlights
        if not isinstance(payload, dict) or payload.get("type") != "highlight_add":
            continue
        highlight, who = payload.get("highlight_id"), text(row["user_login"])
        if isinstance(highlight, int) and makers.setdefault(highlight, who) != who:
            changed.add(highlight)
    return makers, len(changed)


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Read the highlights of a Taguette project.

    Parameters
    ----------
    data, source
        The file and its name.
    codebook, corpus
        What it is about.
    coder
        Whose the highlights are of which the log does not say it.
    codes
        Tags (the whole ``parent.child``, or its end) to codes, None to leave out.
    sessions
        Names of documents to sessions.

    Raises
    ------
    ParseError
        When the file is no database of Taguette, or is damaged.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
