"""Write XML: characters that XML cannot hold are replaced, and this is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RETURN = re.compile("\r\n?")


def legal(text: str) -> str:
    r"""Replace what XML cannot hold; line ends become line feeds, as a reader makes them.

    Examples
    --------
    >>> legal("a\x01b\r\nc")
    'a�b\nc'
    """
    return _ILLEGAL.sub("\ufffd", _RETURN.sub("\n", text))


def same_length(text: str) -> str:
    """Replace what XML cannot hold by signs of the same width in any unit but bytes."""
    return _ILLEGAL.sub("\ufffd", text)


def to_bytes(root: Element) -> bytes:
    """Return a whole XML file in UTF-8, indented."""
    from xml.etree import ElementTree as ET

    ET.indent(root, space=" ")
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"
