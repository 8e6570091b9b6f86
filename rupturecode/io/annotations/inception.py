"""INCEpTION and WebAnno: UIMA XMI, one file per document and annotator, usually zipped.

In an export the folder ``annotation/<document>/`` holds ``<annotator>.xmi`` or
``<annotator>.zip``; ``INITIAL_CAS`` has no annotator and ``CURATION_USER`` is the curated
layer.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.cas import parse_cas
from rupturecode.io.exchange.counting import Count, Source
from rupturecode.io.exchange.extras import EXTRAS, all_extras, extras
from rupturecode.io.exchange.losses import Written, losses, whole_sessions
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, plain_name, silent
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.xmlout import legal, same_length, to_bytes
from rupturecode.io.exchange.zipout import to_zip
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.zipsafe import is_zip, open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.cas import Annotation
    from rupturecode.io.exchange.extras import Extras
    from rupturecode.transcript import Corpus

#: Packages whose types describe the text itself.
_TEXT_ITSELF = re.compile(
    r"uima\.|de\.tudarmstadt\.ukp\.dkpro\.core\.api\.(?:segmentation|metadata|lexmorph|syntax)\."
    r"|de\.tudarmstadt\.ukp\.clarin\.webanno\.api\.type\."
)
_NOBODY, _CURATED = "INITIAL_CAS", "CURATION_USER"
_NOTES = ("note", "comment", "comments", "remark")
_LAYER = "webanno.custom.Coding"
_WHOLE = "session"
_TYPES = {
    "": "http://www.omg.org/XMI",
    "cas": "http:///uima/cas.ecore",
    "tcas": "http:///uima/tcas.ecore",
    "custom": "http:///webanno/custom.ecore",
}


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a CAS in XMI, or an archive of such."""
    if is_zip(head):
        return b".xmi" in head or (b"annotation/" in head and name.casefold().endswith(".zip"))
    return "http://www.omg.org/XMI" in preview(head)


def parse(data: bytes, *, source: str) -> Project:
    """Read one CAS, or all of an archive.

    Raises
    ------
    ParseError
        When a file is damaged or hostile, or is no CAS.
    """
    project = Project("inception", source, unit="UTF-16 units", info={"elements": 0, "sofas": 0})
    files = list(_files(data, source))
    curated = sum(coder == _CURATED for _, coder, _ in files)
    own = [f for f in files if f[1] not in (_NOBODY, _CURATED)]
    for document, coder, content in own:
        _take(project, document, coder, content)
    if curated:
        project.warnings.append(
            f"{curated} curated documents were left out; they are a consensus, no one's coding"
        )
    return project


def _files(data: bytes, source: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield document, annotator and content of every CAS in a file."""
    if not is_zip(data):
        yield source, "", data
        return
    archive = open_zip(data, source=source)
    found = False
    for name in archive.names:
        path = PurePosixPath(name.replace("\\", "/"))
        folder = path.parent.name
        if path.suffix.casefold() == ".xmi":
            found = True
            yield folder or path.stem, path.stem, archive.read(name)
        elif path.suffix.casefold() == ".zip" and "annotation" in {*path.parts, "curation"}:
            inner = open_zip(archive.read(name), source=f"{source}/{name}")
            for member in inner.names:
                if member.casefold().endswith(".xmi"):
                    found = True
                    yield folder, path.stem, inner.read(member)
    if not found:
        raise ParseError(
            "the archive holds no XMI; export with the format UIMA CAS XMI 1.0", source
        )


def _take(project: Project, document: str, coder: str, content: bytes) -> None:
    where = f"{project.source}/{document}/{coder}" if coder else project.source
    cas = parse_cas(content, source=where)
    titles = [a.features.get("documentTitle", "") for a in cas.annotations]
    title = next(filter(None, titles), document) if not coder else document
    for sofa, text in cas.texts.items():
        id_ = f"{document}/{coder}/{sofa}"
        project.documents.append(Document(id_, title, text))
        if coder:
            project.examined.append((id_, coder))
    for a in cas.annotations:
        if not _TEXT_ITSELF.match(a.type):
            project.codings += _codings(a, f"{document}/{coder}/", coder)
    counts = {"elements": cas.n_elements, "sofas": len(cas.texts)}
    counts["with_begin_end"] = len(cas.annotations)
    for key, n in counts.items():
        before = project.info.get(key, 0)
        project.info[key] = n + (before if isinstance(before, int) else 0)


def _codings(a: Annotation, prefix: str, coder: str) -> Iterator[Coding]:
    """Yield a coding for every feature of an annotation, or one where ``code`` says it all."""
    features = {k: v for k, v in a.features.items() if k.casefold() not in _NOTES and v}
    note = " | ".join(v for k, v in a.features.items() if k.casefold() in _NOTES and v)
    layer = a.type.rpartition(".")[2]
    said: list[tuple[tuple[str, ...], str]]
    more: Extras = {}
    if "code" in features:
        more = all_extras(features)
        said = [((features["code"],), features.get("value", ""))]
    elif features:
        said = [((f"{layer} = {v}", f"{k} = {v}", v), "") for k, v in features.items()]
    else:
        said = [((layer,), "")]
    whole = features.get("unit") == _WHOLE
    for n, (names, value) in enumerate(said):
        yield Coding(
            f"{prefix}{a.sofa}",
            names,
            coder or None,
            None if whole else a.begin,
            None if whole else a.end,
            cell=value,
            note=note,
            id=f"{prefix}{a.id}.{n}",
            **more,
        )


#: Read the annotations of an export; whoever has a file has examined the document.
read = reader(parse)
OPTIONS = {
    "coder": "Whose a single XMI is; archives say it.",
    "codes": (
        'Names (``"Layer = value"``, ``"feature = value"``, value or layer) to codes, None to'
        " leave out."
    ),
    "sessions": "Names of documents to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write an archive with a CAS per session and coder, and the type system beside each.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "inception")
    saw = set(notes.coverage[["session", "coder"]].itertuples(index=False, name=None))
    members: dict[str, bytes] = {}
    repaired = 0
    for talk, rows in by_session(notes, corpus):
        page = Page.of(talk)
        for coder in notes.coders:
            if (talk.session, coder) in saw:
                mine = [r for r in rows if r["coder"] == coder]
                repaired += sum(legal(r["note"]) != r["note"] for r in mine if _said(r))
                names = plain_name(talk.session, "session"), plain_name(coder, "coder")
                folder = "/".join(("annotation", *names))
                members[f"{folder}.xmi"] = _cas(page, mine, notes.codebook)
    members["TypeSystem.xml"] = _type_system()
    lost = list(
        losses(notes, holds=("note", *EXTRAS, *(["coverage"] if whole_sessions(notes) else [])))
    )
    lost += silent(notes)
    if repaired:
        lost.append(f"control characters or carriage returns in {repaired} notes")
    return Written({"annotations.zip": to_zip(members)}, tuple(lost))


def _said(row: Mapping[str, Any]) -> bool:
    return isinstance(row["note"], str) and bool(row["note"])


def _cas(page: Page, rows: list[dict[str, Any]], book: Codebook) -> bytes:
    from xml.etree import ElementTree as ET

    root = ET.Element("xmi:XMI", {"xmi:version": "2.0", "xmlns:xmi": _TYPES[""]})
    for prefix in ("cas", "tcas", "custom"):
        root.set(f"xmlns:{prefix}", _TYPES[prefix])
    edges = Count("UTF-16 units").edges(Source(page.text, bom=False, returns=()))
    ET.SubElement(root, "cas:NULL", {"xmi:id": "0"})
    whole = {"sofa": "1", "begin": "0", "end": str(edges[-1])}
    ET.SubElement(
        root, "tcas:DocumentAnnotation", {"xmi:id": "2", **whole, "language": "x-unspecified"}
    )
    for number, row in enumerate(rows, start=3):
        node = ET.SubElement(root, "custom:Coding", {"xmi:id": str(number), **whole})
        if row["kind"] == "session":
            node.set("unit", _WHOLE)
        else:
            start, end = page.stretch(row)
            node.set("begin", str(edges[start]))
            node.set("end", str(edges[end]))
        _features(node, row, book)
    ids = " ".join(str(n) for n in range(2, len(rows) + 3))
    sofa = {"xmi:id": "1", "sofaNum": "1", "sofaID": "_InitialView", "mimeType": "text/plain"}
    ET.SubElement(root, "cas:Sofa", {**sofa, "sofaString": same_length(page.text)})
    ET.SubElement(root, "cas:View", {"sofa": "1", "members": ids})
    return to_bytes(root)


def _features(node: Element, row: Mapping[str, Any], book: Codebook) -> None:
    node.set("code", str(row["code"]))
    value = cell(row, book)
    if value:
        node.set("value", legal(value))
    if _said(row):
        node.set("note", legal(row["note"]))
    for key, said in extras(row).items():
        node.set(key, said)


def _type_system() -> bytes:
    """Return the description of our layer, as INCEpTION imports it."""
    from xml.etree import ElementTree as ET

    root = ET.Element("typeSystemDescription", xmlns="http://uima.apache.org/resourceSpecifier")
    made = ET.SubElement(ET.SubElement(root, "types"), "typeDescription")
    ET.SubElement(made, "name").text = _LAYER
    ET.SubElement(made, "description")
    ET.SubElement(made, "supertypeName").text = "uima.tcas.Annotation"
    features = ET.SubElement(made, "features")
    for name in ("code", "value", "note", "unit", *EXTRAS):
        one = ET.SubElement(features, "featureDescription")
        ET.SubElement(one, "name").text = name
        ET.SubElement(one, "description")
        ET.SubElement(one, "rangeTypeName").text = "uima.cas.String"
    return to_bytes(root)
