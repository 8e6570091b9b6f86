"""Line and page breaks of other kinds: form feeds, vertical tabs, ``<br>`` and U+2028."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.display import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rupturecode.io.parsers.lines import Lines
    from rupturecode.transcript.draft import Draft

#: What every such break holds, by which they are looked for in a file's bytes.
_SIGNS = ("\x0c", "\x0b", "\u2028", "\u2029", "<br", "<BR")
#: Numbers of pages that a warning names.
_SHOWN = 5
_PAGE = "\x0c"
_BREAK = re.compile(r"[\x0b\u2028\u2029]|<br[ \t]*/?>", re.IGNORECASE)
_NUMBER = re.compile(r"[ \t]*[-–—]?[ \t]*(\d{1,4})[ \t]*[-–—]?[ \t]*")


def with_breaks(draft: Draft, lines: Lines) -> Iterable[str]:
    r"""Break lines where other signs than a line feed do; where there are none, return them.

    The number of a page, alone before its form feed, is left out where such numbers count the
    pages. What was done is noted in the draft.

    Examples
    --------
    >>> from rupturecode.io.parsers.encoding import lines_of
    >>> from rupturecode.transcript import Draft
    >>> lines = lines_of(b"T: So?<br>C: I\n1\n\fwaited.\n2\fT: Oh.", source="s1.txt")
    >>> list(with_breaks(Draft("text", "s1.txt"), lines))
    ['T: So?', 'C: I', '', 'waited.', '', 'T: Oh.']
    """
    if not any(_holds(lines, sign) for sign in _SIGNS):
        return lines
    broken = _Broken(lines)
    n_pages = n_lines = 0
    numbers: list[int] = []
    for line in lines:
        n_lines += len(_BREAK.findall(line))
        n_pages += line.count(_PAGE)
    if n_pages:
        numbers = [number for number in broken.page_numbers() if number is not None]
        broken.numbered = _count_pages(numbers)
        shown = ", with the numbers of pages before them: " + ", ".join(map(str, numbers[:_SHOWN]))
        more = " ..." if len(numbers) > _SHOWN else ""
        left = shown + more if broken.numbered else ""
        draft.warn(f"{counted(n_pages, 'page break')} (form feed) left out{left}")
    if n_lines:
        draft.warn(
            f"{counted(n_lines, 'sign')} such as <br> or a vertical tab read as line breaks; "
            "numbers of lines count them"
        )
    return broken if n_pages or n_lines else lines


def _count_pages(numbers: list[int]) -> bool:
    """Whether numbers count pages; a single one may be an answer, unless it is 1 or 2."""
    if len(numbers) < 2:
        return numbers in ([1], [2])
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _holds(lines: Lines, sign: str) -> bool:
    try:
        searched = sign.encode(lines.manner.encoding)
    except UnicodeEncodeError:
        return False
    # single bytes are found ten times as fast, and mostly are not there
    return all(byte in lines.data for byte in searched) and searched in lines.data


@dataclass(slots=True)
class _Broken:
    """Lines with the breaks of other kinds made, to be walked over as often as the lines."""

    lines: Iterable[str]
    numbered: bool = False
    """Whether numbers alone before page breaks are left out."""

    def __iter__(self) -> Iterator[str]:
        for line, number in self._parts():
            yield "" if number is not None and self.numbered else line

    def page_numbers(self) -> Iterator[int | None]:
        """Yield what stands alone before each page break, where it is a number."""
        for _, number in self._parts():
            yield number

    def _parts(self) -> Iterator[tuple[str, int | None]]:
        """Yield the parts of lines, with the number of the page that ends behind it."""
        held: list[str] = []  # the last line with text, and blank ones below it
        for line in self.lines:
            *pages, last = line.split(_PAGE)
            for part in pages:
                if part.strip():
                    yield from _as_they_are(held)
                    held = [part]
                yield from _closed(held)
                held = []
            for part in _BREAK.split(last):
                if part.strip() and held:
                    yield from _as_they_are(held)
                    held = []
                held.append(part)
        yield from _as_they_are(held)


def _as_they_are(lines: Iterable[str]) -> Iterator[tuple[str, int | None]]:
    return ((line, None) for line in lines)


def _closed(lines: list[str]) -> Iterator[tuple[str, int | None]]:
    """Yield the last lines of a page, the first of which may be its number."""
    for line in lines:
        found = _NUMBER.fullmatch(line)
        yield line, int(found[1]) if found else None
