"""What in the body of a Word document is there for Word and is no talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.xmlsafe import local

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.io.parsers.docx_paragraph import Paragraph

    Handler = Callable[[dict[str, str]], None]

#: The ids that programs usually give the styles of titles and headings.
USUAL_HEADINGS = frozenset({"Title", "Subtitle", *(f"Heading{n}" for n in range(1, 10))})
_DRAWING = "/drawingml/"
_OFF = ("0", "false", "off")
_MOST_COLUMNS = 100


class Asides:
    """Tells talk from alternatives, readings above words, prompts of forms, and headings."""

    def __init__(self, source: str, headings: frozenset[str]) -> None:
        self.source, self.headings = source, headings
        self.open: list[Paragraph] = []
        """Paragraphs under way, each in a text box of the one before."""
        self.notes: dict[str, None] = {}
        self.skipping = self.former = 0
        self.aside = ""
        """The properties under way (``pPr``, ``rPr``, ``trPr``), whose content is not text."""
        self.prompts: list[bool] = []
        """For each content control under way: whether it shows but a prompt to fill it in."""

    def asides(self) -> dict[str, tuple[Handler | None, Callable[[], None] | None]]:
        """Return what begins and ends each element that is none of the talk."""
        return {
            "Fallback": (self._skip, self._unskip),
            "pStyle": (lambda a: self._heading(value(a, "val", "") in self.headings), None),
            "outlineLvl": (lambda a: self._heading(value(a, "val", "9") < "9"), None),
            "rt": (self._reading_above, self._unskip),
            "sdt": (lambda _: self.prompts.append(False), self._control_end),
            "showingPlcHdr": (self._prompt, None),
            "sdtContent": (self._content, self._content_end),
            "altChunk": (self._elsewhere, None),
            "subDoc": (self._elsewhere, None),
            "words in a drawing": (self._drawn_words, None),
        }

    def local(self, name: str) -> str:
        """Return an element's name without its namespace; what is in a drawing is none of ours."""
        namespace, _, own = name.rpartition("}")
        if _DRAWING in namespace:
            return "words in a drawing" if own == "t" else ""
        return own

    def _former(self, step: int) -> None:
        """Step into or out of what a run looked like before a tracked change."""
        self.former += step

    def _aside(self, name: str) -> None:
        if not self.aside:
            self.aside = name

    def _aside_end(self, name: str) -> None:
        if self.aside == name:
            self.aside = ""

    def _heading(self, named: bool) -> None:
        if named and self.open and self.aside == "pPr":
            self.open[-1].heading = True

    def _skip(self, _: dict[str, str]) -> None:
        self.skipping += 1

    def _unskip(self) -> None:
        self.skipping -= 1

    def _reading_above(self, _: dict[str, str]) -> None:
        self.notes["readings above characters (ruby) were left out"] = None
        self.skipping += 1

    def _prompt(self, attributes: dict[str, str]) -> None:
        if self.prompts and not any(value in _OFF for value in attributes.values()):
            self.prompts[-1] = True

    def _content(self, _: dict[str, str]) -> None:
        if self.prompts and self.prompts[-1]:
            self.notes["empty form fields, which show a prompt, were left out"] = None
            self.skipping += 1

    def _content_end(self) -> None:
        if self.prompts and self.prompts[-1]:
            self.skipping -= 1

    def _control_end(self) -> None:
        if self.prompts:
            self.prompts.pop()

    def _elsewhere(self, _: dict[str, str]) -> None:
        if not self.skipping:
            raise ParseError(
                "a part of the text lies in another document inside this file (altChunk, "
                "subDoc); open it in Word and save it again",
                self.source,
            )

    def _drawn_words(self, _: dict[str, str]) -> None:
        self.notes["words inside drawings were not read"] = None


def value(attributes: dict[str, str], name: str, default: str) -> str:
    """Return the attribute of that name, whatever its namespace."""
    for key, found in attributes.items():
        if local(key) == name:
            return found
    return default


def columns(attributes: dict[str, str]) -> int:
    """Return how many columns are meant, 0 where that is no number."""
    number = value(attributes, "val", "")
    return min(int(number[:4]), _MOST_COLUMNS) if number.isascii() and number.isdecimal() else 0
