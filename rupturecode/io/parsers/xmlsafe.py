"""Parse XML that may be hostile: no document types, no entities, nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

#: No transcript nests deeper; beyond it a tree is built to exhaust whoever walks it.
_DEEPEST = 200
_AROUND = 60
_REFUSED = (
    "the XML declares a document type or entities, which are refused because they can "
    "read other files or fill the memory; save it again without a DOCTYPE"
)


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

    parser = ET.XMLParser(target=Builder())  # noqa: S314 - the builder refuses document types
    try:
        parser.feed(data)
        root: Element = parser.close()
    except _DocumentTypeError as err:
        raise ParseError(_REFUSED, source) from err
    except ET.ParseError as err:
        raise _malformed(data, source, str(err), *err.position) from err
    except (LookupError, ValueError) as err:  # an encoding that is unknown or not for XML
        raise ParseError(f"malformed XML: {err}", source) from err
    if _too_deep(root):
        raise ParseError(f"the XML nests more than {_DEEPEST} deep", source)
    return root


def parse_events(
    data: Iterable[bytes | str],
    *,
    source: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Call back for each element and stretch of text, without building a tree.

    The XML comes in pieces. Names of elements and attributes come as ``namespace}name``.

    Raises
    ------
    ParseError
        With the line, when the XML is malformed or declares a document type; and with the
        line's text, when there is but one piece.

    Examples
    --------
    >>> said = []
    >>> parse_events([b"<a>hm</a>"], source="x", start=lambda *_: None, end=str, text=said.append)
    >>> said
    ['hm']
    """
    from xml.parsers import expat

    def refuse(*_: object) -> None:
        raise ParseError(_REFUSED, source)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    known: bytes | str | None = None
    try:
        for piece in data:
            known = piece if known is None else b""
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as err:
        raise _malformed(known or b"", source, str(err), err.lineno, err.offset) from err
    except (LookupError, UnicodeError) as err:
        raise ParseError(f"malformed XML: {err}", source) from err


def _malformed(data: bytes | str, source: str, message: str, line: int, column: int) -> ParseError:
    text, column = _line(data, line, column)
    return ParseError(f"malformed XML: {message.partition(':')[0]}", source, line, text, column)


def local(tag: str) -> str:
    """Return a tag or attribute name without its namespace.

    Examples
    --------
    >>> local("{urn:example}body")
    'body'
    """
    return tag.rpartition("}")[2]


def _line(data: bytes | str, number: int, column: int) -> tuple[str, int]:
    """Return the neighbourhood of the error in its line, and the column within it.

    Only the neighbourhood: an error must not carry a file of one long line with it.
    """
    if isinstance(data, str):
        lines = data.splitlines()
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
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
