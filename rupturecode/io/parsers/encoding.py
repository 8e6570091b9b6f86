"""Turn the bytes of a text file into characters, and say how that was done.

Unicode is recognised by its byte order mark or because it decodes without error. Of the
older 8-bit encodings only those that can be told apart with good reason are accepted;
otherwise the caller is asked to name one, because a wrong guess garbles every accent.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.lines import Lines, Manner, stretches, survey, unified
from rupturecode.io.parsers.western import western
from rupturecode.transcript.build import LONGEST_TURN

if TYPE_CHECKING:
    from collections.abc import Callable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 1 << 16
#: Bytes of a line that holds more characters than a turn may have, whatever the encoding.
_LONGEST_LINE = 5 * LONGEST_TURN
_HIGH = re.compile(rb"[\x80-\xff]+")
#: Control characters that text never has; CHAT underlines with \x01 and \x02.
_NOT_TEXT = bytes([0, *range(3, 7), *range(0x0E, 0x15), *range(0x16, 0x1B), *range(0x1C, 0x20)])
#: Lead bytes of the common signs; where two encodings fit, the user is asked.
_EAST_ASIAN: dict[str, Callable[[int], bool]] = {
    "gb18030": lambda b: 0xB0 <= b <= 0xD7 or 0xA1 <= b <= 0xA3,
    "euc_jp": lambda b: 0xB0 <= b <= 0xCF or 0xA1 <= b <= 0xA5,
    "euc_kr": lambda b: 0xB0 <= b <= 0xC8 or 0xA1 <= b <= 0xA3,
}
_ASK = "name it, for example encoding='cp1252', 'mac_roman', 'cp1251', 'cp1255' or 'big5'"


@dataclass(frozen=True, slots=True)
class Decoded(Manner):
    r"""The text of a file, every line ending as ``\n``, and how the bytes were read."""

    text: str = ""


def decode(data: bytes, *, source: str, encoding: str | None = None) -> Decoded:
    r"""Decode a text file.

    Raises
    ------
    ParseError
        When the bytes are not text, do not fit the named encoding, or could be of several.
    UsageError
        When the named encoding is unknown.

    Examples
    --------
    >>> decode("C: Schön.\r\n".encode("cp1252"), source="s01.txt").encoding
    'cp1252'
    >>> decode("C: Schön.".encode(), source="s01.txt").text
    'C: Schön.'
    """
    manner = manner_of(data, source=source, encoding=encoding)
    body = data[manner.begins :] if manner.begins else data
    text = unified(body.decode(manner.encoding, manner.errors))
    return Decoded(**{f.name: getattr(manner, f.name) for f in fields(manner)}, text=text)


def lines_of(data: bytes, *, source: str, encoding: str | None = None) -> Lines:
    r"""Return the lines of a text file, which are decoded when they are walked over.

    Raises
    ------
    ParseError, UsageError
        As :func:`decode`, and when a line is longer than any turn may be.

    Examples
    --------
    >>> list(lines_of(b"T: Hello.\r\nC: Hi.", source="s01.txt"))
    ['T: Hello.', 'C: Hi.']
    """
    _refuse_endless_line(data, source)
    return Lines(data, manner_of(data, source=source, encoding=encoding))


def _refuse_endless_line(data: bytes, source: str) -> None:
    """Refuse a line that could only be too long a turn, before it is held many times over."""
    at = 0
    while len(data) - at > _LONGEST_LINE:
        last = at + _LONGEST_LINE
        broken = max(data.rfind(b"\n", at, last), data.rfind(b"\r", at, last))
        if broken < 0:
            raise ParseError(
                f"a line of more than {_LONGEST_LINE:,} bytes: many hours of speech without a line "
                "break; is this a transcript, and are its lines broken?",
                source,
                data.count(b"\n", 0, at) + 1,
            )
        at = broken + 1


def manner_of(data: bytes, *, source: str, encoding: str | None = None) -> Manner:
    """Find out how a text file is to be read; raises what :func:`decode` raises."""
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding is not None:
        return _named(data, encoding, bom, source)
    if bom:
        return _unicode(data, bom[1], len(bom[0]))
    return _recognise(data, source)


def _same(mark: str, encoding: str) -> bool:
    """Whether a name means the encoding that a mark shows; it may leave the byte order open."""
    try:
        named = codecs.lookup(encoding).name.removesuffix("-sig")
    except LookupError:
        return False
    return named in (mark, mark.removesuffix("-le").removesuffix("-be"))


def _named(data: bytes, encoding: str, bom: tuple[bytes, str] | None, source: str) -> Manner:
    begins = 0
    if bom and _same(bom[1], encoding):
        begins = len(bom[0])
        encoding = bom[1]  # which knows the order of bytes
    try:
        newline = survey(data, encoding, begins=begins)
    except LookupError as err:
        raise UsageError(f"There is no text encoding {encoding!r}; {_ASK}.") from err
    except UnicodeError as err:
        at = getattr(err, "start", 0)
        line = unified(data[begins:at].decode(encoding, "replace")).count("\n") + 1
        raise ParseError(
            f"byte {data[at : at + 1].hex()} is not possible in {encoding}", source, line
        ) from err
    return Manner(encoding, newline, bom is not None, begins=begins)


def _unicode(data: bytes, encoding: str, begins: int, notes: tuple[str, ...] = ()) -> Manner:
    """Unicode that says so; damage becomes U+FFFD and is noted."""
    try:
        return Manner(encoding, survey(data, encoding, begins=begins), begins > 0, notes, begins)
    except UnicodeDecodeError as err:
        at = err.start - begins
        note = f"damaged {encoding} from byte {at} on: lost characters stand as U+FFFD"
        newline = survey(data, encoding, "replace", begins)
        return Manner(encoding, newline, begins > 0, (*notes, note), begins, "replace")


def _recognise(data: bytes, source: str) -> Manner:
    if wide := _utf16_without_mark(data[:_SAMPLE]):
        return _unicode(data, wide, 0, (f"read as {wide}, though it has no byte order mark",))
    _refuse_other_than_text(data, source)
    try:
        return Manner("utf-8", survey(data, "utf-8"))
    except UnicodeDecodeError:
        pass
    length = lost = plain = 0
    for _, stretch in stretches(data, "utf-8"):
        lossy = stretch.decode("utf-8", "replace")
        length, lost = length + len(lossy), lost + lossy.count("\ufffd")
        plain += len(_HIGH.sub(b"", stretch))
    if plain + 5 * lost < length:
        note = f"damaged utf-8: {lost} lost characters stand as U+FFFD"
        newline = survey(data, "utf-8", "replace")
        return Manner("utf-8", newline, notes=(note,), errors="replace")
    return _eight_bit(data, source)


def _refuse_other_than_text(data: bytes, source: str) -> None:
    for start, stretch in stretches(data, "ascii"):
        if len(stretch.translate(None, _NOT_TEXT)) < len(stretch):
            at = next(i for i, byte in enumerate(stretch, start) if byte in _NOT_TEXT)
            raise ParseError(
                f"this is not a text file (byte {data[at]:02x}); export it as text first",
                source,
                data.count(b"\n", 0, at) + 1,
            )


def _utf16_without_mark(sample: bytes) -> str | None:
    """Mostly Latin text in UTF-16 has a zero in every other byte."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half < 2:
        return None
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _eight_bit(data: bytes, source: str) -> Manner:
    sample = data[: 4 * _SAMPLE]
    runs = _HIGH.findall(sample)
    if sum(len(run) for run in runs if len(run) > 1) > sum(len(run) == 1 for run in runs) * 2:
        return _not_western(data, runs, source)
    fits = western(sample)
    if fits is None:
        raise ParseError(f"the encoding cannot be told; {_ASK}", source)
    first, second = fits
    note = f"not Unicode: read as {first} (the next best, {second}, fits less well)"
    newline = survey(data, first, "replace")
    return Manner(first, newline, notes=(note,), errors="replace")


def _not_western(data: bytes, runs: list[bytes], source: str) -> Manner:
    """Long runs of high bytes: an East Asian encoding by its most common signs, or ask."""
    pairs = [run[i] for run in runs for i in range(0, len(run) - 1, 2)]
    fits = [name for name, usual in _EAST_ASIAN.items() if all(usual(b) for b in pairs)]
    kana = sum(b in (0xA4, 0xA5) for b in pairs)
    if "euc_jp" in fits and kana < len(pairs) / 5:
        fits.remove("euc_jp")
    if len(fits) == 1 and len(pairs) >= 4:
        name = fits[0]
        try:
            return Manner(name, survey(data, name), notes=(f"not Unicode: read as {name}",))
        except UnicodeDecodeError:
            pass
    raise ParseError(f"neither Unicode nor Western European; {_ASK}", source)
