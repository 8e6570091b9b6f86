"""Read the project file of REFI-QDA, as it is found and not only as the standard wants it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.exchange.extras import all_extras
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.xmlsafe import local, parse_xml
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from rupturecode.io.parsers.zipsafe import Archive

_TEXTS = ("TextSource", "Representation", "TextDescription", "Transcript")
_MEDIA = ("AudioSource", "VideoSource")
_REGIONS = ("PictureSelection", "PDFSelection")
_OWN_ID = re.compile(r"^id: ([a-z][a-z0-9_]*)$", re.MULTILINE)
_NUMBER = re.compile(r"-?\d{1,15}")


def parse(data: bytes, *, source: str) -> Project:
    """Read a ``.qdpx`` archive or a bare ``.qde``.

    Raises
    ------
    ParseError
        When it is damaged or hostile, or is no project.
    """
    archive = open_zip(data, source=source) if is_zip(data) else None
    if archive is not None:
        data = archive.read(_project_file(archive, source))
    root = parse_xml(data, source=source)
    if local(root.tag) != "Project":
        raise ParseError(f"expected <Project>, found <{local(root.tag)[:60]}>", source, 1)
    reading = _Reading(Project("refi-qda", source, named=True), archive, root)
    for element in root.iter():
        reading.take(element)
    reading.finish(root)
    return reading.project


def _project_file(archive: Archive, source: str) -> str:
    found = [n for n in archive.names if n.casefold().endswith(".qde") and "__MACOSX" not in n]
    if len(found) != 1:
        raise ParseError(f"expected one .qde file in the archive, found {len(found)}", source)
    return found[0]


def guid(text: str | None) -> str:
    """Return an identifier without braces, in capitals."""
    return (text or "").strip().strip("{}").upper()


def number(element: Element, name: str, source: str) -> int:
    """Return a whole number that an attribute must hold.

    Raises
    ------
    ParseError
        When it holds something else.
    """
    text = (element.get(name) or "").strip()
    if not _NUMBER.fullmatch(text):
        tag = local(element.tag)
        raise ParseError(f"<{tag}> has {name}={text[:40]!r}, which is no number", source)
    return int(text)


def children(element: Element, tag: str) -> list[Element]:
    """Return the children of a name, whatever their namespace."""
    return [child for child in element if local(child.tag) == tag]


def text_of(element: Element, tag: str) -> str:
    """Return the text of the first child of a name."""
    return next((c.text or "" for c in children(element, tag)), "")


@dataclass(slots=True)
class _Reading:
    project: Project
    archive: Archive | None
    root: Element
    users: dict[str, str] = field(init=False)
    codes: dict[str, tuple[str, ...]] = field(init=False)
    notes: dict[str, str] = field(init=False)
    titles: dict[str, str] = field(init=False)
    unplaced: int = 0
    without_text: int = 0

    def __post_init__(self) -> None:
        everything = list(self.root.iter())
        users = [e for e in everything if local(e.tag) == "User"]
        self.users = {guid(e.get("guid")): e.get("name") or e.get("id") or "" for e in users}
        self.codes = _codes(self.root)
        notes = {guid(e.get("guid")): e for e in everything if local(e.tag) == "Note"}
        self.notes = {k: self._text(e) or text_of(e, "Description") for k, e in notes.items()}
        self.titles = {k: e.get("name") or "" for k, e in notes.items()}

    def take(self, element: Element) -> None:
        """Take the codings of one source."""
        tag = local(element.tag)
        if tag in _TEXTS:
            self._text_source(element)
        elif tag in _MEDIA:
            self._media_source(element)
        elif tag in _REGIONS:
            self.unplaced += len(children(element, "Coding"))
        elif tag in ("PictureSource", "PDFSource"):
            self._document(element, None)
            self._codings(element, guid(element.get("guid")), Coding("", ()))

    def _document(self, element: Element, text: str | None) -> str:
        name = element.get("name") or ""
        id_ = guid(element.get("guid")) or f"document {len(self.project.documents) + 1}"
        self.project.documents.append(Document(id_, name, text))
        return id_

    def _text_source(self, element: Element) -> None:
        text = self._text(element)
        id_ = self._document(element, text)
        for selection in children(element, "PlainTextSelection"):
            start = number(selection, "startPosition", self.project.source)
            end = number(selection, "endPosition", self.project.source)
            quote = selection.get("name") or ""
            where = Coding(id_, (), start=start, end=end, quote=quote)
            self._codings(selection, id_, where)
        points = {guid(p.get("guid")): p for p in children(element, "SyncPoint")}
        for selection in children(element, "TranscriptSelection"):
            ends = [points.get(guid(selection.get(n))) for n in ("fromSyncPoint", "toSyncPoint")]
            if ends[0] is None or ends[1] is None or text is None:
                self.unplaced += len(children(selection, "Coding"))
                continue
            start, end = (number(p, "position", self.project.source) for p in ends if p is not None)
            self._codings(selection, id_, Coding(id_, (), start=start, end=end))
        self._codings(element, id_, Coding(id_, ()))

    def _media_source(self, element: Element) -> None:
        id_ = self._document(element, None)
        for tag in ("AudioSelection", "VideoSelection"):
            for selection in children(element, tag):
                begin = number(selection, "begin", self.project.source)
                end = number(selection, "end", self.project.source)
                self._codings(selection, id_, Coding(id_, (), start_ms=begin, end_ms=end))
        self._codings(element, id_, Coding(id_, ()))

    def _codings(self, element: Element, document: str, where: Coding) -> None:
        own = text_of(element, "Description") if local(element.tag).endswith("Selection") else ""
        for coding in children(element, "Coding"):
            target = next((guid(r.get("targetGUID")) for r in children(coding, "CodeRef")), "")
            who = guid(coding.get("creatingUser")) or guid(element.get("creatingUser"))
            refs = [guid(r.get("targetGUID")) for r in children(coding, "NoteRef")]
            more = all_extras({self.titles.get(r, ""): self.notes.get(r, "") for r in refs})
            texts = (self.notes.get(r) for r in refs if self.titles.get(r) not in more)
            said = [text for text in texts if text]
            self.project.codings.append(
                Coding(
                    document,
                    self.codes.get(target, (target,)),
                    self.users.get(who) or who or None,
                    where.start,
                    where.end,
                    quote=where.quote,
                    start_ms=where.start_ms,
                    end_ms=where.end_ms,
                    note=" | ".join(said) or own,
                    id=guid(coding.get("guid")),
                    **more,
                )
            )

    def _text(self, element: Element) -> str | None:
        """Return the text that positions count in: inside the XML, or a file beside it."""
        inside = children(element, "PlainTextContent")
        if inside:
            return inside[0].text or ""
        path = (element.get("plainTextPath") or "").replace("\\", "/")
        if not path or self.archive is None:
            return None
        wanted = path.rpartition("/")[2].casefold()
        members = [n for n in self.archive.names if n.rpartition("/")[2].casefold() == wanted]
        if len(members) != 1:
            self.without_text += 1
            return None
        return _decoded(self.archive.read(members[0]), f"{self.project.source}/{members[0]}")

    def finish(self, root: Element) -> None:
        """Take links, and say what could not be taken."""
        for link in (e for e in root.iter() if local(e.tag) == "Link"):
            ends = guid(link.get("originGUID")), guid(link.get("targetGUID"))
            self.project.links.append((*ends, link.get("name") or ""))
        ours = {c.id for c in self.project.codings}
        others = [x for x in self.project.links if not {x[0], x[1]} <= ours]
        self.project.links = [x for x in self.project.links if x not in others]
        warn = self.project.warnings.append
        if others:
            warn(f"{len(others)} links are not between codings and were not read")
        if self.unplaced:
            warn(f"{self.unplaced} codings stand on regions of pictures or pages and were not read")
        if self.without_text:
            warn(f"{self.without_text} texts are not in the archive; quotes alone place codings")
        counts = Counter(local(e.tag) for e in root.iter() if isinstance(e.tag, str))
        self.project.info |= {
            "origin": root.get("origin") or "",
            "counts": dict(counts),
            "unplaced": self.unplaced,
        }


def _decoded(data: bytes, source: str) -> str:
    """Decode a text with its byte order mark and line ends, which some writers count."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data, source=source).text


def _codes(root: Element) -> dict[str, tuple[str, ...]]:
    """Return every code's names: identifier, path, our own id, name; equal names are left out."""
    found: dict[str, tuple[Element, str]] = {}
    for top in (e for e in root.iter() if local(e.tag) == "Codes"):
        for code, path in _walk(top, ""):
            found[guid(code.get("guid"))] = (code, path)
    often = Counter((code.get("name") or "").strip() for code, _ in found.values())
    names = {}
    for id_, (code, path) in found.items():
        name = (code.get("name") or "").strip()
        own = _OWN_ID.search(text_of(code, "Description"))
        plain = [name, name.rpartition("::")[2]] if often[name] == 1 else []
        all_names = [own[1] if own else "", path, *plain, id_]
        names[id_] = tuple(dict.fromkeys(n for n in all_names if n))
    return names


def _walk(above: Element, path: str) -> Iterator[tuple[Element, str]]:
    for code in children(above, "Code"):
        here = f"{path} > {(code.get('name') or '').strip()}" if path else code.get("name") or ""
        yield code, here.strip()
        yield from _walk(code, here.strip())
