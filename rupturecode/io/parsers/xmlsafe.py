"""Parse XML that may be hostile: no document types, no entities, nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: No transcript nests deeper; beyond it a tree is built to exhaust whoever walks it.
_DEEPEST = 200
_AROUND = 60


class _DocumentTypeError(Exception):
    """The XML has a document type."""


def parse_xml(data: bytes, *, source: str) -> Element:
    """Return the root element.

    Raises
    ------
    ParseError
        With the line, when the XML is malformed, declares a document type or entities, or
        nests more than 200 deep.

    Examples
    --------
    >>> parse_xml(b"<a><b>hm</b></a>", source="s01.xml")[0].text
    'hm'
    >>> parse_xml(b"<a><b>hm</a>", source="s01.xml")
    Traceback (most recent call last):
    ...
    rupturecode.errors.ParseError: s01.xml:1: malformed XML: mismatched tag
        <a><b>hm</a>
                ^
    """
    from xml.etree import ElementTree as ET

    class Builder(ET.TreeBuilder):
        """Builds the tree, and stops at a document type before anything in it is read."""

        def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
            del name, pubid, system
            raise _DocumentTypeError

    parser = ET.XMLParser(target=Builder())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except _DocumentTypeError as err:
        raise ParseError(
            "the XML declares a document type or entities, which are refused because they can "
            "read other files or fill the memory; save it again without a DOCTYPE",
            source,
        ) from err
    except ET.ParseError as err:
        line, column = err.position
        message = str(err).split(":")[0]
        text, column = _line(data, line, column)
        raise ParseError(f"malformed XML: {message}", source, line, text, column) from err
    except (LookupError, ValueError) as err:  # an encoding that is unknown or not for XML
        raise ParseError(f"malformed XML: {err}", source) from err
    if _too_deep(root):
        raise ParseError(f"the XML nests more than {_DEEPEST} deep", source)
    return root


def local(tag: str) -> str:
    """Return a tag or attribute name without its namespace.

    Examples
    --------
    >>> local("{urn:example}body")
    'body'
    """
    return tag.rpartition("}")[2]


def _line(data: bytes, number: int, column: int) -> tuple[str, int]:
    """Return the neighbourhood of the error in its line, and the column within it.

    Only the neighbourhood: an error must not carry a file of one long line with it.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        lines = data.decode("utf-16", "replace").splitlines()
    else:
        lines = data.decode("utf-8", "replace").splitlines()
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    column = min(column, len(text))
    start = max(0, column - _AROUND)
    return text[start : column + _AROUND], column - start


def _too_deep(root: Element) -> bool:
    """Walk level by level: no recursion, so depth itself costs no stack."""
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in node]
        if not level:
            return False
    return True
