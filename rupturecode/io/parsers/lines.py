"""The lines of a text file, decoded a stretch at a time.

A file of any size is read in stretches that end with a line, and what was decoded is let go
of again: beside the file's bytes only one stretch is held as text. Whoever needs to look at
the file twice walks over its lines twice.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of a stretch, to which the rest of its last line is added.
STRETCH = 1 << 15
_BREAK = re.compile(rb"\r\n?|\n")
#: Encodings whose characters are units of that many bytes, and line breaks in them. The same
#: bytes may stand across two units, where they are no line break.
_WIDE = {
    name: (size, re.compile(b"%b(?:%b)?|%b" % (re.escape(cr), re.escape(lf), re.escape(lf))))
    for name, size in (("utf-16-le", 2), ("utf-16-be", 2), ("utf-32-le", 4), ("utf-32-be", 4))
    for cr, lf in [("\r".encode(name), "\n".encode(name))]
}
#: Encodings in which the bytes of a line break never are part of another character.
_CAN_BE_CUT = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|mac-\w+|koi8-\w|gbk|gb2312|gb18030|big5|euc_(?:jp|kr)"
    r"|shift_jis"
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the bytes of a text file are read."""

    encoding: str
    newline: str
    """``lf``, ``crlf``, ``cr``, ``mixed``, or empty when the file has one line."""
    bom: bool = False
    notes: tuple[str, ...] = ()
    """What the import report should say, such as a choice made between encodings."""
    begins: int = 0
    """Bytes before the text: those of the byte order mark."""
    errors: str = "strict"
    """What becomes of bytes that do not fit, as Python names it."""

    @property
    def info(self) -> dict[str, object]:
        """The entries for a draft's ``info``."""
        info: dict[str, object] = {"encoding": self.encoding, "newline": self.newline}
        if self.bom:
            info["bom"] = True
        if self.notes:
            info["warnings"] = list(self.notes)
        return info


@dataclass(frozen=True, slots=True)
class Lines:
    r"""The lines of a text file without their ends, to be walked over as often as needed.

    Examples
    --------
    >>> lines = Lines(b"T: Hello.\r\nC: Hi.", Manner("utf-8", "crlf"))
    >>> list(lines), list(lines)
    (['T: Hello.', 'C: Hi.'], ['T: Hello.', 'C: Hi.'])
    """

    data: bytes
    manner: Manner

    def __iter__(self) -> Iterator[str]:
        last = ""
        for text in texts(self.data, self.manner.encoding, self.manner.errors, self.manner.begins):
            *lines, last = unified(text).split("\n")
            yield from lines
        yield last


def texts(data: bytes, encoding: str, errors: str = "strict", begins: int = 0) -> Iterator[str]:
    """Yield a file as text, each stretch but the last ending with a line break.

    Raises
    ------
    LookupError
        When there is no such encoding.
    UnicodeDecodeError
        When bytes do not fit it; the place is that in the whole file.
    """
    for start, stretch in stretches(data, encoding, begins):
        try:
            text = stretch.decode(encoding, errors)
        except UnicodeDecodeError as err:
            place = (err.start + start, err.end + start)
            raise UnicodeDecodeError(err.encoding, data, *place, err.reason) from None
        yield text


def stretches(data: bytes, encoding: str, begins: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the stretches of a file, and where each begins; whole when it must not be cut."""
    name = codecs.lookup(encoding).name
    whole = name not in _WIDE and not _CAN_BE_CUT.fullmatch(name)
    size, line_break = _WIDE.get(name, (1, _BREAK))
    while begins < len(data):
        end = len(data) if whole else _end(data, begins, size, line_break)
        yield begins, data[begins:end] if begins or end < len(data) else data
        begins = end


def _end(data: bytes, begins: int, size: int, line_break: re.Pattern[bytes]) -> int:
    """Return where a stretch ends: behind the first line break that makes it long enough."""
    at = begins + STRETCH // size * size
    while cut := line_break.search(data, at):
        if (cut.start() - begins) % size == 0:
            return cut.end()
        at = cut.start() + 1
    return len(data)


def unified(text: str) -> str:
    r"""Return a text with every line ending as ``\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def survey(data: bytes, encoding: str, errors: str = "strict", begins: int = 0) -> str:
    """Walk through a whole file to see that it can be decoded; returns how its lines end.

    Raises
    ------
    LookupError, UnicodeDecodeError
        As :func:`texts`.
    """
    found = {"crlf": 0, "lf": 0, "cr": 0}
    for text in texts(data, encoding, errors, begins):
        crlf = text.count("\r\n") if "\r" in text else 0
        found["crlf"] += crlf
        found["lf"] += text.count("\n") - crlf
        found["cr"] += text.count("\r") - crlf if "\r" in text else 0
    present = [kind for kind, n in found.items() if n]
    return present[0] if len(present) == 1 else "mixed" if present else ""
