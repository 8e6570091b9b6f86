"""QualCoder projects: the database ``data.qda`` in the project's folder.

Written projects open in QualCoder: texts, codes under their codes and headings (as categories),
codings with their owner and memo, ratings of whole sessions as attributes of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import cell, name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, silent
from rupturecode.io.exchange.qualcoder_project import NOTE, SCHEMA, parse
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.sqliteout import LONG_AGO, to_sqlite
from rupturecode.io.exchange.tiers import PLAIN, WHOLE
from rupturecode.io.parsers.sqlitesafe import is_sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.io.exchange.sqliteout import Cell
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
_VERSION = "v17"
_GRAY = "#B8B8B8"


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a database of QualCoder."""
    return is_sqlite(head) and (name.casefold().endswith(".qda") or b"code_text" in head)


#: Read the codings of a QualCoder project; a coder is the ``owner`` of a coding.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the codings are that have no owner.",
    "codes": 'Names, or paths (``"Category > Code"``), to codes, None to leave out.',
    "sessions": "Names of sources to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a project: its folder ``project.qda`` with the database ``data.qda``.

    Values go into names of codes under their code (``quality = 2``).

    Raises
    ------
    UsageError
        Without a corpus.
    """
    out = _Writing(notes)
    for talk, rows in by_session(notes, needs_corpus(corpus, "qualcoder")):
        out.session(Page.of(talk), rows)
    lost = [*losses(notes, holds=("note",)), *silent(notes), *out.lost()]
    return Written({"data.qda": out.database()}, tuple(lost), folder="project.qda")


class _Writing:
    """The rows of one database, table by table."""

    def __init__(self, notes: Annotations) -> None:
        self._book, self._coders = notes.codebook, notes.coders
        self._again = 0
        self._categories: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._attributes: dict[str, str] = {}
        self._tables: dict[str, list[Mapping[str, Cell]]] = {"code_cat": [], "code_name": []}
        for table in ("source", "code_text", "attribute_type", "attribute"):
            self._tables[table] = []
        self._taken: set[tuple[Cell, ...]] = set()
        for code in self._book:
            if code.heading:
                self._category(code.id)
        for code in self._book:
            if not code.heading:
                self._code(code.id)

    def session(self, page: Page, rows: list[dict[str, Any]]) -> None:
        """Add a text with its codings."""
        fid = len(self._tables["source"]) + 1
        about = {"memo": "", "owner": "rupturecode", "date": LONG_AGO}
        self._tables["source"].append(
            {"id": fid, "name": page.session, "fulltext": page.text, **about}
        )
        for row in rows:
            if row["kind"] == "session":
                self._rating(row, fid)
                continue
            start, end = page.stretch(row)
            key: dict[str, Cell] = {
                "cid": self._code(name(row, self._book), str(row["code"])), "fid": fid,
                "pos0": start, "pos1": end, "owner": str(row["coder"]),
            }  # fmt: skip
            if tuple(key.values()) in self._taken:
                self._again += 1
                continue
            self._taken.add(tuple(key.values()))
            self._tables["code_text"].append(
                {**key, "seltext": page.text[start:end], "date": LONG_AGO, "memo": _note(row)}
            )

    def _rating(self, row: Mapping[str, Any], fid: int) -> None:
        """Add a rating of a whole session as an attribute of the file, the note as another."""
        coder = str(row["coder"])
        label = f"{WHOLE}{row['code']}@{coder}"
        if (label, fid) in self._taken:
            self._again += 1
            return
        self._taken.add((label, fid))
        said = cell(row, self._book) or PLAIN
        for key, value in ((label, said), (label + NOTE, _note(row))):
            if value:
                self._attributes.setdefault(key, coder)
                self._tables["attribute"].append(
                    {"name": key, "attr_type": "file", "value": value, "id": fid,
                     "date": LONG_AGO, "owner": coder}
                )  # fmt: skip

    def _category(self, code: str) -> int:
        """Return a heading's number as a category; one under a heading stands there too."""
        if code not in self._categories:
            parent = self._book[code].parent
            above = self._category(parent) if parent and self._book[parent].heading else None
            self._categories[code] = len(self._categories) + 1
            self._tables["code_cat"].append(
                {"catid": self._categories[code], "name": code, "owner": "rupturecode",
                 "date": LONG_AGO, "memo": self._book[code].definition, "supercatid": above}
            )  # fmt: skip
        return self._categories[code]

    def _code(self, called: str, above: str = "") -> int:
        """Return the number of a code, or of a value that stands under its code."""
        if called in self._codes:
            return self._codes[called]
        code = self._book[above or called]
        parent = above or code.parent or ""
        under: dict[str, Cell] = {"catid": None, "supercid": None}
        if parent and self._book[parent].heading:
            under["catid"] = self._category(parent)
        elif parent:
            under["supercid"] = self._code(parent)
        self._codes[called] = len(self._codes) + 1
        self._tables["code_name"].append(
            {"cid": self._codes[called], "name": called, "memo": "" if above else code.definition,
             "owner": "rupturecode", "date": LONG_AGO, "color": code.color or _GRAY, **under}
        )  # fmt: skip
        return self._codes[called]

    def lost(self) -> list[str]:
        """Say what a database cannot hold twice."""
        if not self._again:
            return []
        return [f"{self._again} annotations that give a code again where its coder gave it before"]

    def database(self) -> bytes:
        """Return the whole database."""
        for label, coder in self._attributes.items():
            self._tables["attribute_type"].append(
                {"name": label, "date": LONG_AGO, "owner": coder, "memo": "",
                 "caseOrFile": "file", "valuetype": "character"}
            )  # fmt: skip
        first = next(iter(self._coders), "default")
        project: dict[str, Cell] = {
            "databaseversion": _VERSION, "date": LONG_AGO, "memo": self._book.title,
            "about": "QualCoder project written by rupturecode", "bookmarkfile": 0,
            "bookmarkpos": 0, "codername": first, "recently_used_codes": "",
        }  # fmt: skip
        coders: list[Mapping[str, Cell]] = [{"name": c} for c in self._coders]
        return to_sqlite(SCHEMA, {"project": [project], **self._tables, "coder_names": coders})


def _note(row: Mapping[str, Any]) -> str:
    return row["note"] if isinstance(row["note"], str) else ""
