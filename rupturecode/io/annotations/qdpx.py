"""REFI-QDA projects (``.qdpx``, ``.qde``): NVivo, MAXQDA, ATLAS.ti, QualCoder and others.

References
----------
REFI-QDA Standard 1.5, Project exchange; schema ``urn:QDA-XML:project:1.0``.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from rupturecode.io.codebooks import qdc
from rupturecode.io.exchange.extras import EXTRAS, extras
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, silent
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.refi_project import parse
from rupturecode.io.exchange.xmlout import legal, to_bytes
from rupturecode.io.exchange.zipout import to_zip
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
_SPACE = "urn:QDA-XML:project:1.0"
_HOME = uuid.UUID("0b8ff2a4-0f0c-5c7e-8f9e-6c9d1f2b7a31")
_LONGEST_NAME = 250


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a project of REFI-QDA."""
    if is_zip(head):
        return name.casefold().endswith(".qdpx") or b".qde" in head
    return _SPACE in preview(head)


#: Read the codings of a project; the coder is the user who made a coding.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the codings are that name no user.",
    "codes": (
        'Names, paths (``"Parent > Child"``) or GUIDs of codes to codes of the codebook, None'
        " to leave one out."
    ),
    "sessions": "Names of sources to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a project that validates against the standard's schema.

    Values go into names of codes under their code (``quality = 2``), what else is said of a
    coding into notes (called note, round, evidence, confidence); equal annotations give
    equal bytes.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    out = _Writing(notes, needs_corpus(corpus, "qdpx"))
    data = to_zip({"project.qde": out.project(), **out.texts})
    lost = losses(notes, holds=("links", "note", *EXTRAS))
    return Written({"project.qdpx": data}, (*lost, *silent(notes), *out.lost()))


def _guid(*parts: object) -> str:
    return str(uuid.uuid5(_HOME, "\x1f".join(map(str, parts)))).upper()


class _Writing:
    """One project, built from the bottom: texts and selections, then what they name."""

    def __init__(self, notes: Annotations, corpus: Corpus) -> None:
        self._notes, self._corpus, self._book = notes, corpus, notes.codebook
        self.texts: dict[str, bytes] = {}
        self._values: dict[str, set[str]] = {}
        self._said: list[tuple[str, str, str]] = []
        self._repaired = 0

    def project(self) -> bytes:
        from xml.etree import ElementTree as ET

        root = ET.Element("Project", xmlns=_SPACE, name=legal(self._book.title) or "rupturecode")
        root.set("origin", "rupturecode")
        sources = self._sources()
        self._users(root)
        self._codes(root)
        if len(sources):
            root.append(sources)
        if self._said:
            notes = ET.SubElement(root, "Notes")
            for guid, kind, text in self._said:
                note = ET.SubElement(notes, "Note", guid=guid, name=kind)
                ET.SubElement(note, "PlainTextContent").text = text
        self._links(root)
        return to_bytes(root)

    def lost(self) -> list[str]:
        if not self._repaired:
            return []
        return [f"control characters or carriage returns in {self._repaired} notes"]

    def _users(self, root: Element) -> None:
        from xml.etree import ElementTree as ET

        if self._notes.coders:
            users = ET.SubElement(root, "Users")
            for coder in self._notes.coders:
                ET.SubElement(users, "User", guid=_guid("coder", coder), name=legal(coder))

    def _codes(self, root: Element) -> None:
        """Write the codebook as its own format does, with a code for every value given."""
        from xml.etree import ElementTree as ET

        written = parse_xml(qdc.write(self._book), source=self._book.id)
        ids = {qdc.code_guid(self._book, c.id): c.id for c in self._book}
        for element in list(written.iter()):
            element.tag = local(element.tag)
            for value in sorted(self._values.get(ids.get(element.get("guid", ""), ""), ())):
                guid = _guid("value", self._book.id, value)
                ET.SubElement(element, "Code", guid=guid, name=legal(value), isCodable="true")
        codes = written.find("Codes")
        if codes is not None and len(codes):
            ET.SubElement(root, "CodeBook").append(codes)

    def _sources(self) -> Element:
        from xml.etree import ElementTree as ET

        sources = ET.Element("Sources")
        for talk, rows in by_session(self._notes, self._corpus):
            page = Page.of(talk)
            guid = _guid("session", talk.session)
            self.texts[f"sources/{guid}.txt"] = page.text.encode("utf-8")
            node = ET.SubElement(sources, "TextSource", guid=guid, name=legal(talk.session))
            node.set("plainTextPath", f"internal://{guid}.txt")
            stretches: dict[tuple[int, int], list[dict[str, Any]]] = {}
            whole = [r for r in rows if r["kind"] == "session"]
            for row in rows:
                if row["kind"] != "session":
                    stretches.setdefault(page.stretch(row), []).append(row)
            for (start, end), here in sorted(stretches.items()):
                selection = _selection(node, page, start, end)
                for row in here:
                    self._coding(selection, row)
            for row in whole:
                self._coding(node, row)
        return sources

    def _coding(self, above: Element, row: dict[str, Any]) -> None:
        from xml.etree import ElementTree as ET

        code, called = str(row["code"]), name(row, self._book)
        target = qdc.code_guid(self._book, code)
        if called != code:
            self._values.setdefault(code, set()).add(called)
            target = _guid("value", self._book.id, called)
        user = _guid("coder", row["coder"])
        coding = ET.SubElement(above, "Coding", guid=_guid("row", row["id"]), creatingUser=user)
        ET.SubElement(coding, "CodeRef", targetGUID=target)
        said = extras(row)
        if isinstance(row["note"], str) and row["note"]:
            said = {"note": legal(row["note"]), **said}
            self._repaired += said["note"] != row["note"]
        for kind, text in said.items():
            self._said.append((_guid(kind, row["id"]), kind, text))
            ET.SubElement(coding, "NoteRef", targetGUID=self._said[-1][0])

    def _links(self, root: Element) -> None:
        from xml.etree import ElementTree as ET

        if not len(self._notes.links):
            return
        links = ET.SubElement(root, "Links")
        for number, row in enumerate(self._notes.links.to_dict("records")):
            link = ET.SubElement(links, "Link", guid=_guid("link", number, *row.values()))
            link.set("name", legal(str(row["relation"])))
            link.set("direction", "OneWay")
            link.set("originGUID", _guid("row", row["from"]))
            link.set("targetGUID", _guid("row", row["to"]))


def _selection(node: Element, page: Page, start: int, end: int) -> Element:
    from xml.etree import ElementTree as ET

    made = ET.SubElement(node, "PlainTextSelection", guid=_guid("at", page.session, start, end))
    quote = " ".join(page.text[start:end].split())
    if legal(quote) == quote:
        cut = f"{quote[:_LONGEST_NAME]}…" if len(quote) > _LONGEST_NAME else quote
        made.set("name", cut)
    made.set("startPosition", str(start))
    made.set("endPosition", str(end))
    return made
