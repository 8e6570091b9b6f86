"""Which styles of an OpenDocument text highlight or underline words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.blocks import color

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
#: Links are underlined by their style, and not by anybody's hand.
_LINKS = ("Internet_20_link", "Visited_20_Internet_20_Link")
#: Styles that refer to each other in a ring are followed no further.
_MOST_PARENTS = 20


class Look(NamedTuple):
    """What a style does to words: the color behind them, and whether a line is under them."""

    color: str = ""
    line: bool = False


def looks_of(content: Element, named: Element) -> tuple[dict[str, Look], dict[str, Look]]:
    """Return the styles of spans and of paragraphs that set words off, by name.

    A span's style inherits from the named styles (``parent-style-name``). Of paragraphs only
    what was set by hand counts: a named style, such as that of headings, is no coder's.

    Parameters
    ----------
    content
        The document with the text and its automatic styles.
    named
        The document with the named styles, which may be the same.
    """
    texts: dict[str, Element] = {}
    paragraphs: dict[str, Look] = {}
    places = [(named, "styles"), (content, "automatic-styles")]
    for root, place in places:
        for style in _styles(root, place):
            name, family = style.get(_STYLE + "name", ""), style.get(_STYLE + "family")
            if family == "text" and name not in _LINKS:
                texts[name] = style
            elif family == "paragraph" and place == "automatic-styles":
                shade, line = _own(style)
                paragraphs[name] = Look(shade or "", bool(line))
    spans = {name: _inherited(style, texts) for name, style in texts.items()}
    return _telling(spans), _telling(paragraphs)


def _styles(root: Element, place: str) -> Iterator[Element]:
    for holder in root.iter(_OFFICE + place):
        yield from holder.iter(_STYLE + "style")


def _own(style: Element) -> tuple[str | None, bool | None]:
    """Return the color and line that a style itself sets; None where it says nothing."""
    shade = line = None
    for properties in style.iter(_STYLE + "text-properties"):
        shade = properties.get(_FO + "background-color", shade)
        line = properties.get(_STYLE + "text-underline-style", line)
    return None if shade is None else color(shade), None if line is None else line != "none"


def _inherited(style: Element, texts: dict[str, Element]) -> Look:
    shade: str | None = None
    line: bool | None = None
    one: Element | None = style
    for _ in range(_MOST_PARENTS):
        if one is None:
            break
        own = _own(one)
        shade = own[0] if shade is None else shade
        line = own[1] if line is None else line
        one = texts.get(one.get(_STYLE + "parent-style-name", ""))
    return Look(shade or "", bool(line))


def _telling(looks: dict[str, Look]) -> dict[str, Look]:
    return {name: look for name, look in looks.items() if any(look)}
