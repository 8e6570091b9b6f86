"""UIMA CAS in XMI: the texts and the annotations on them, read without a type system.

Offsets count UTF-16 units, since Java does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.xmlsafe import local, parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XMI = "http://www.omg.org/XMI"
_ID = f"{{{_XMI}}}id"
_PLACE = {"sofa", "begin", "end"}
_NAMESPACE = re.compile(r"\{http:///(.*?)\.ecore\}")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation: its type's full name, where it stands, and its features."""

    id: str
    type: str
    sofa: str
    begin: int
    end: int
    features: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Cas:
    """A file: texts by the id of their sofa, and annotations in order."""

    texts: dict[str, str] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)
    n_elements: int = 0


def parse_cas(data: bytes, *, source: str) -> Cas:
    """Read a CAS.

    Raises
    ------
    ParseError
        When the XML is malformed or hostile, or is no CAS.
    """
    root = parse_xml(data, source=source)
    if root.tag != f"{{{_XMI}}}XMI":
        raise ParseError(f"expected <xmi:XMI>, found <{local(root.tag)[:60]}>", source, 1)
    cas = Cas(n_elements=len(root))
    for element in root:
        if local(element.tag) == "Sofa":
            cas.texts[element.get(_ID, "")] = element.get("sofaString", "")
        elif "begin" in element.attrib and "end" in element.attrib:
            cas.annotations.append(_annotation(element, source))
    return cas


def _annotation(element: Element, source: str) -> Annotation:
    ends = []
    for name in ("begin", "end"):
        text = element.get(name, "")
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise ParseError(f"{name}={text[:40]!r} is no whole number", source)
        ends.append(int(text))
    package = _NAMESPACE.match(element.tag)
    prefix = f"{package[1].replace('/', '.')}." if package else ""
    features = {k: v for k, v in element.attrib.items() if k not in _PLACE and k != _ID}
    for child in element:  # a feature with several values
        before = features.get(local(child.tag))
        value = child.text or ""
        features[local(child.tag)] = f"{before} | {value}" if before else value
    return Annotation(
        element.get(_ID, ""),
        prefix + local(element.tag),
        element.get("sofa", ""),
        ends[0],
        ends[1],
        features,
    )
