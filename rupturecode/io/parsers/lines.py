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
    whole = not _CAN_BE_CUT.fullmatch(codecs.lookup(encoding).name)
    while begins < len(data):
        cut = None if whole else _BREAK.search(data, begins + STRETCH)
        end = cut.end() if cut else len(data)
        yield begins, data[begins:end] if begins or cut else data
        begins = end


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
