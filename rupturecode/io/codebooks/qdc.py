"""A codebook as REFI-QDA (``.qdc``), the exchange format of NVivo, MAXQDA, ATLAS.ti and others.

The format holds names, descriptions, colors and the tree. What it cannot hold is told by
:func:`losses`.
"""

from __future__ import annotations

import re
import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from rupturecode.codebook.build import build
from rupturecode.codebook.model import Code, Codebook
from rupturecode.codebook.tree import Node
from rupturecode.errors import ParseError
from rupturecode.io.codebooks.tables import identifier
from rupturecode.io.parsers.xmlsafe import local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

NAME = "qdc"
_SPACE = "urn:QDA-XML:codebook:1.0"
_HOME = uuid.UUID("6f1a2f0c-6f43-5d0b-9a55-0d9e4c1f7a10")
_ORIGIN = "rupturecode "
_LISTS = (("include", "Include:"), ("exclude", "Exclude:"))
_HELD = ("id", "label", "parent", "definition", "include", "exclude", "heading", "color")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the XML of a REFI-QDA codebook."""
    return name.casefold().endswith(".qdc") or _SPACE.encode() in head


def read(data: bytes, *, source: str) -> Codebook:
    """Read a codebook from REFI-QDA.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors; also the codebook's id when another program wrote it.

    Raises
    ------
    ParseError
        When the XML is malformed, hostile, or no codebook.
    InvalidDataError
        When names of codes give the same id, or no code is there.

    Examples
    --------
    >>> xml = b'<CodeBook><Codes><Code name="Sustain talk" isCodable="true"/></Codes></CodeBook>'
    >>> read(xml, source="mi.qdc")["sustain_talk"].label
    'Sustain talk'
    """
    root = parse_xml(data, source=source)
    if local(root.tag) != "CodeBook":
        raise ParseError(f"expected <CodeBook>, found <{local(root.tag)}>", source, 1)
    top = next((e for e in root if local(e.tag) == "Codes"), None)
    stem = PurePath(source).stem
    head = {"id": identifier(stem), "version": "1", "title": stem}
    origin = root.get("origin", "")
    ours = origin.startswith(_ORIGIN) and origin.count(" ") >= 2
    codes = list(_codes(top, "", ours=ours)) if top is not None else []
    if ours:
        ref, _, head["title"] = origin.removeprefix(_ORIGIN).partition(" ")
        head["id"], _, head["version"] = ref.partition("@")
    about = {key: Node(text) for key, text in head.items()}
    return build(Node({**about, "codes": Node(codes)}), source=source)


def _codes(above: Element, parent: str, *, ours: bool) -> Iterator[Node]:
    """Yield the codes below an element, each followed by its own."""
    for element in (e for e in above if local(e.tag) == "Code"):
        described = next((e.text or "" for e in element if local(e.tag) == "Description"), "")
        record = _parse_description(described, ours=ours)
        name = element.get("name", "").strip()
        record.setdefault("id", Node(_code_id(name)))
        if name:
            record["label"] = Node(name)
        if parent:
            record["parent"] = Node(parent)
        if element.get("isCodable", "true").casefold() in ("false", "0"):
            record["heading"] = Node("true", plain=True)
        color = element.get("color", "")
        if re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            record["color"] = Node(color)
        yield Node(record)
        yield from _codes(element, str(record["id"].value), ours=ours)


def _code_id(name: str) -> str:
    made = identifier(name)
    return (made if made[0].isalpha() else f"code_{made}")[:80]


def _parse_description(text: str, *, ours: bool) -> dict[str, Node]:
    """Take a description apart: its last line may name the id; ours have lists as well."""
    found: dict[str, Node] = {}
    lines = text.strip("\n").split("\n") if not ours else text.split("\n")
    own = re.fullmatch(r"id: ([a-z][a-z0-9_]*)", lines[-1])
    if own:
        found["id"] = Node(own[1])
        lines.pop()
    definition = lines[0] if ours and lines else "\n".join(lines)
    if definition.strip():
        found["definition"] = Node(definition)
    titles = {title: name for name, title in _LISTS}
    items: list[Node] = []
    for line in lines[1:] if ours else ():
        if line in titles:
            items = []
            found[titles[line]] = Node(items)
        elif line.startswith("- "):
            items.append(Node(line[2:]))
    return found


def write(book: Codebook) -> bytes:
    """Return the codebook as REFI-QDA; see :func:`losses` for what it cannot hold.

    The same codebook always gives the same bytes, with the same identifiers.
    """
    ref = f"{book.id}@{_one_word(book.version)}"
    origin = quoteattr(f"{_ORIGIN}{ref} {_one_line(book.title)}")
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append(f"<CodeBook xmlns={quoteattr(_SPACE)} origin={origin}>")
    lines.append("<Codes>")
    for code in book.top:
        lines += _element(book, code)
    lines += ["</Codes>", "<Sets/>", "</CodeBook>", ""]
    return "\n".join(lines).encode("utf-8")


def _element(book: Codebook, code: Code) -> list[str]:
    guid = code_guid(book, code.id)
    color = f" color={quoteattr(code.color)}" if code.color else ""
    codable = str(not code.heading).lower()
    name = quoteattr(_one_line(code.label))
    lines = [f'<Code guid="{guid}" name={name} isCodable="{codable}"{color}>']
    lines.append(f"<Description>{escape(_description(code))}</Description>")
    for child in book.children(code.id):
        lines += _element(book, child)
    return [*lines, "</Code>"]


def code_guid(book: Codebook, code: str) -> str:
    """Return the identifier under which a code is known to other programs."""
    return str(uuid.uuid5(_HOME, f"{book.id}/{code}")).upper()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _one_word(text: str) -> str:
    return "_".join(text.split())


def _description(code: Code) -> str:
    """Return the definition on the first line, then lists, and the id on the last."""
    lines = [_one_line(code.definition)]
    for name, title in _LISTS:
        items = getattr(code, name)
        if items:
            lines += ["", title, *(f"- {_one_line(item)}" for item in items)]
    return "\n".join([*lines, "", f"id: {code.id}"])


def held(book: Codebook) -> Codebook:
    """Return what remains of a codebook in this format: what reading gives back.

    Codes come in the order of the tree; everything that the format lacks is dropped.
    """
    ordered = [code for top in book.top for code in (top, *book.descendants(top.id))]
    codes = []
    for code in ordered:
        kept = {name: getattr(code, name) for name in _HELD}
        kept["label"], kept["definition"] = _one_line(code.label), _one_line(code.definition)
        kept["include"] = tuple(map(_one_line, code.include))
        kept["exclude"] = tuple(map(_one_line, code.exclude))
        codes.append(Code(**kept))
    title = _one_line(book.title)
    return Codebook(book.id, _one_word(book.version), title, tuple(codes))


def losses(book: Codebook) -> tuple[str, ...]:
    """Say what of a codebook the format cannot hold.

    Examples
    --------
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "citation": "Us.",
    ...     "codes": [{"id": "a", "roles": "client", "definition": "One."}]})
    >>> losses(book)
    ('citation of the codebook', 'roles of 1 code')
    """
    rest = held(book)
    found = [
        f"{name} of the codebook"
        for name in (
            "version",
            "title",
            "authors",
            "citation",
            "licence",
            "language",
            "description",
            "units",
            "roles",
            "scales",
            "case_data",
            "constraints",
            "vignettes",
        )
        if getattr(book, name) != getattr(rest, name)
    ]
    for name in Code.__dataclass_fields__:
        n = sum(getattr(code, name) != getattr(rest[code.id], name) for code in book)
        if n:
            found.append(f"{name} of {n} code{'s' if n > 1 else ''}")
    if [c.id for c in book] != [c.id for c in rest]:
        found.append("order of codes that do not follow the code above them")
    return tuple(found)
