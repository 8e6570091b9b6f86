"""What sets words off in RTF: highlighting, shading, lines, changes, stretches of comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.io.parsers.blocks import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.io.parsers.rtf_reading import Reading

#: Those among the looks that set words off.
_DRAWS = re.compile(rb"\\(highlight|chcbpat|cb|ulnone|ul)(?![a-z])(-?[0-9]{1,10})?")
may_set_off = re.compile(rb"\\(?:ul|cb|ch|hi)").search
#: Kinds of lines under words, which are not told apart.
_LINES = (
    "uld uldash uldashd uldashdd uldb ulth ulthd ulthdash ulthdashd ulthdashdd ulthldash ulldash"
    " ulw ulwave ulhwave ululdbwave ulhair"
).split()
_COLOR = re.compile(rb"\\(red|green|blue)([0-9]{1,3})")
_PARTS = (b"red", b"green", b"blue")
_ID = re.compile(rb"\s*([0-9]{1,10})\s*\}")


def set_off(reading: Reading, words: bytes) -> None:
    """Act on those of some words of looks that set off what follows."""
    for word, number in _DRAWS.findall(words):
        _draws(reading, word, number)


def _draws(reading: Reading, word: bytes, number: bytes) -> None:
    n = int(number) if number else None
    if word == b"highlight":
        reading.looks = reading.looks._replace(highlight=max(0, n or 0))
    elif word in (b"cb", b"chcbpat"):
        reading.looks = reading.looks._replace(shade=max(0, n or 0))
    else:
        _line(reading, n if word == b"ul" else 0)


def _line(reading: Reading, number: int | None) -> None:
    reading.looks = reading.looks._replace(line=number != 0)


def _deleted(reading: Reading, number: int | None) -> None:
    reading.looks = reading.looks._replace(deleted=number != 0)


def _inserted(reading: Reading, number: int | None) -> None:
    reading.looks = reading.looks._replace(inserted=number != 0)


def colors(match: re.Match[bytes]) -> list[str]:
    """Return the colors of the table that begins here; the first stands for none."""
    table = match.string[match.end() :].partition(b"}")[0]
    found = [dict(_COLOR.findall(entry)) for entry in table.split(b";")]
    return [
        color("".join(f"{min(int(rgb[part]), 255):02X}" for part in _PARTS))
        if len(rgb) == len(_PARTS)
        else ""
        for rgb in found
    ]


def about(reading: Reading, word: str, match: re.Match[bytes]) -> None:
    """Keep where the stretch of a comment begins, or which stretch a comment is about."""
    number = _ID.match(match.string, match.end())
    if number and word == "atnref":
        reading.reference = number[1]
    elif number and reading.state.goes == "text":
        reading.anchor(number[1])


#: Words with a meaning of their own, among those that are not mere looks.
LOOKS: dict[str, Callable[[Reading, int | None], None]] = {
    "deleted": _deleted,
    "revised": _inserted,
    "mvf": _deleted,
    "mvt": _inserted,
    **dict.fromkeys(_LINES, _line),
}
