"""The database of a Taguette project: its tables, and what they say.

Highlights are placed by UTF-8 bytes in the document's HTML without its tags, and have no
coder: that stands only in the log of commands, where importing a project into Taguette puts the
one who imports. So a project may say in its description whose it is (``coder: AK``).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from rupturecode.io.exchange.extras import extra
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import WHOLE
from rupturecode.io.parsers.sqlitesafe import integer, read_tables, text

_TABLES = {
    "documents": ("id", "name", "contents", "project_id"),
    "tags": ("id", "path", "project_id"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "highlight_tags": ("highlight_id", "tag_id"),
    "commands": ("id", "user_login", "payload"),
    "projects": ("id", "name", "description"),
}
_WHOSE = re.compile(r"^coder: (.+?)\s*$", re.MULTILINE)
_ROUND = re.compile(r"^round: (\d+)\s*$", re.MULTILINE)
#: The revision of the database, which Taguette 1.5 makes.
REVISION = "db5e31a0233d"
_COLUMNS = {
    "users": "login VARCHAR(30) NOT NULL, created DATETIME NOT NULL, "
    "hashed_password VARCHAR(192), disabled BOOLEAN NOT NULL, password_set_date DATETIME, "
    "language VARCHAR(10), email VARCHAR(256), email_sent DATETIME, "
    "CONSTRAINT pk_users PRIMARY KEY (login)",
    "projects": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, "
    "description TEXT NOT NULL, created DATETIME NOT NULL",
    "project_members": "project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL, "
    "privileges VARCHAR(11) NOT NULL, "
    "CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_login), "
    "CONSTRAINT fk_project_members_project_id_projects FOREIGN KEY(project_id) "
    "REFERENCES projects (id) ON DELETE CASCADE, "
    "CONSTRAINT fk_project_members_user_login_users FOREIGN KEY(user_login) "
    "REFERENCES users (login) ON DELETE CASCADE ON UPDATE CASCADE",
    "documents": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, "
    "description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, "
    "project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL, "
    "CONSTRAINT fk_documents_project_id_projects FOREIGN KEY(project_id) "
    "REFERENCES projects (id) ON DELETE CASCADE",
    "commands": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL, "
    "user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER, "
    "payload TEXT NOT NULL, CONSTRAINT fk_commands_user_login_users FOREIGN KEY(user_login) "
    "REFERENCES users (login) ON UPDATE CASCADE, "
    "CONSTRAINT fk_commands_project_id_projects FOREIGN KEY(project_id) "
    "REFERENCES projects (id) ON DELETE CASCADE",
    "tags": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, "
    "path VARCHAR(200) NOT NULL, description TEXT NOT NULL, "
    "CONSTRAINT uq_tags_project_id UNIQUE (project_id, path), "
    "CONSTRAINT fk_tags_project_id_projects FOREIGN KEY(project_id) "
    "REFERENCES projects (id) ON DELETE CASCADE",
    "highlights": "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, "
    "snippet TEXT NOT NULL, CONSTRAINT fk_highlights_document_id_documents "
    "FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE",
    "highlight_tags": "highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL, "
    "CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id), "
    "CONSTRAINT fk_highlight_tags_highlight_id_highlights FOREIGN KEY(highlight_id) "
    "REFERENCES highlights (id) ON DELETE CASCADE, "
    "CONSTRAINT fk_highlight_tags_tag_id_tags FOREIGN KEY(tag_id) "
    "REFERENCES tags (id) ON DELETE CASCADE",
    "alembic_version": "version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)",
}
_INDEXES = {
    "users": ("email",),
    "project_members": ("user_login", "project_id"),
    "documents": ("project_id",),
    "commands": ("document_id", "user_login", "date", "project_id"),
    "tags": ("project_id", "path"),
    "highlights": ("document_id",),
    "highlight_tags": ("highlight_id", "tag_id"),
}
SCHEMA = "\n".join(
    [
        *(f"CREATE TABLE {table} ({columns});" for table, columns in _COLUMNS.items()),
        *(
            f"CREATE {'UNIQUE ' if column == 'email' else ''}INDEX ix_{table}_{column} "
            f"ON {table} ({column});"
            for table, columns in _INDEXES.items()
            for column in columns
        ),
        "CREATE INDEX idx_project_document ON commands (project_id, document_id);",
        "CREATE INDEX idx_project_id ON commands (project_id, id);",
    ]
)


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
    whose = _whose(tables["projects"], tables["documents"])
    tags = {row["id"]: text(row["path"]) for row in tables["tags"]}
    given: dict[object, list[object]] = {}
    for row in tables["highlight_tags"]:
        given.setdefault(row["highlight_id"], []).append(row["tag_id"])
    coders, several = _coders(tables["commands"])
    for row in tables["highlights"]:
        id_ = row["id"]
        for tag in given.get(id_, ()):
            path = tags.get(tag, "")
            names = _names(path.removeprefix(WHOLE)) if path else (f"tag {tag}",)
            document = text(row["document_id"])
            who, number = whose.get(row["document_id"], (coders.get(id_), ""))
            made = Coding(document, names, who, id=f"{id_}.{tag}", **extra("round", number))
            if not path.startswith(WHOLE):
                made = replace(
                    made,
                    start=integer(row["start_offset"], "a highlight's start", source),
                    end=integer(row["end_offset"], "a highlight's end", source),
                    quote=words_of(text(row["snippet"])),
                )
            project.codings.append(made)
    untagged = sum(row["id"] not in given for row in tables["highlights"])
    if untagged:
        project.warnings.append(f"{untagged} highlights without a tag were not read")
    if several and not whose:
        project.warnings.append(
            f"{several} highlights were changed by another person than the one who made them; "
            "they count for the one who made them"
        )
    project.info = {
        **{name: len(rows) for name, rows in tables.items()},
        "coders": sorted({*coders.values(), *(who for who, _ in whose.values())}),
        "projects": [text(row["name"]) for row in tables["projects"]],
    }
    return project


def _names(path: str) -> tuple[str, ...]:
    """Return the names of a tag: its whole path, and its end, dots in a value left alone.

    Examples
    --------
    >>> _names("client.withdrawal"), _names("client.pauses = 1.5")
    (('client.withdrawal', 'withdrawal'), ('client.pauses = 1.5', 'pauses = 1.5', '5'))
    """
    bare, sign, said = path.partition(" = ")
    ends = (f"{bare.rpartition('.')[2]}{sign}{said}", path.rpartition(".")[2])
    return tuple(dict.fromkeys((path, *ends)))


def _whose(
    projects: list[dict[str, object]], documents: list[dict[str, object]]
) -> dict[object, tuple[str, str]]:
    """Return the coder and the round of each document whose project names a coder."""
    said: dict[object, tuple[str, str]] = {}
    for row in projects:
        about = text(row["description"])
        who, number = _WHOSE.search(about), _ROUND.search(about)
        if who:
            said[row["id"]] = who[1], number[1] if number else ""
    return {row["id"]: said[row["project_id"]] for row in documents if row["project_id"] in said}


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
