"""Turn the bytes of a text file into characters, and say how that was done.

Unicode is recognised by its byte order mark or because it decodes without error. Of the
older 8-bit encodings only those that can be told apart with good reason are accepted;
otherwise the caller is asked to name one, because a wrong guess garbles every accent.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError

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
_HIGH = re.compile(rb"[\x80-\xff]+")
#: Control characters that text never has; CHAT underlines with \x01 and \x02.
_NOT_TEXT = re.compile(rb"[\x00\x03-\x06\x0e-\x14\x16-\x1a\x1c-\x1f]")
#: What Western European text has most of its non-ASCII letters and signs from.
_USUAL = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÉÈÊÇÄÖÜØÅÑ‘’“”„«»–—…¿¡°§€£ \xa0")
_CANDIDATES = ("cp1252", "mac_roman")
#: Lead bytes of the common signs; where two encodings fit, the user is asked.
_EAST_ASIAN: dict[str, Callable[[int], bool]] = {
    "gb18030": lambda b: 0xB0 <= b <= 0xD7 or 0xA1 <= b <= 0xA3,
    "euc_jp": lambda b: 0xB0 <= b <= 0xCF or 0xA1 <= b <= 0xA5,
    "euc_kr": lambda b: 0xB0 <= b <= 0xC8 or 0xA1 <= b <= 0xA3,
}
_ASK = "name it, for example encoding='cp1252', 'mac_roman', 'cp1251', 'cp1255' or 'big5'"


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""The text of a file, every line ending as ``\n``, and how the bytes were read."""

    text: str
    encoding: str
    newline: str
    """``lf``, ``crlf``, ``cr``, ``mixed``, or empty when the file has one line."""
    bom: bool
    notes: tuple[str, ...] = ()
    """What the import report should say, such as a choice made between encodings."""

    @property
    def info(self) -> dict[str, object]:
        """The entries for a draft's ``info``."""
        info: dict[str, object] = {"encoding": self.encoding, "newline": self.newline}
        if self.bom:
            info["bom"] = True
        if self.notes:
            info["warnings"] = list(self.notes)
        return info


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
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    notes: tuple[str, ...] = ()
    if encoding is not None:
        body = data[len(bom[0]) :] if bom and _same(bom[1], encoding) else data
        text = _strict(body, encoding, source)
    elif bom:
        encoding = bom[1]
        text, notes = _unicode(data[len(bom[0]) :], encoding)
    else:
        encoding, text, notes = _recognise(data, source)
    text, newline = _lines(text)
    return Decoded(text, encoding, newline, bom is not None, notes)


def _same(one: str, other: str) -> bool:
    """Whether two names mean the same encoding, byte order left aside."""
    try:
        a, b = codecs.lookup(one).name, codecs.lookup(other).name
    except LookupError:
        return False
    return a.removesuffix("-le").removesuffix("-be") == b.removesuffix("-sig")


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as err:
        raise UsageError(f"There is no text encoding {encoding!r}; {_ASK}.") from err
    except UnicodeError as err:
        at = getattr(err, "start", 0)
        line = data.count(b"\n", 0, at) + 1
        raise ParseError(
            f"byte {data[at : at + 1].hex()} is not possible in {encoding}", source, line
        ) from err


def _unicode(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode by the byte order mark; damage becomes U+FFFD and is noted."""
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as err:
        note = f"damaged {encoding} from byte {err.start} on: lost characters stand as U+FFFD"
        return data.decode(encoding, "replace"), (note,)


def _recognise(data: bytes, source: str) -> tuple[str, str, tuple[str, ...]]:
    if wide := _utf16_without_mark(data[:_SAMPLE]):
        text, notes = _unicode(data, wide)
        return wide, text, (f"read as {wide}, though it has no byte order mark", *notes)
    if bad := _NOT_TEXT.search(data):
        line = data.count(b"\n", 0, bad.start()) + 1
        raise ParseError(
            f"this is not a text file (byte {bad.group().hex()}); export it as text first",
            source,
            line,
        )
    try:
        return "utf-8", data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    lossy = data.decode("utf-8", "replace")
    lost = lossy.count("\ufffd")
    if len(_HIGH.sub(b"", data)) + 5 * lost < len(lossy):
        note = f"damaged utf-8: {lost} lost characters stand as U+FFFD"
        return "utf-8", lossy, (note,)
    return _eight_bit(data, source)


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


def _eight_bit(data: bytes, source: str) -> tuple[str, str, tuple[str, ...]]:
    sample = data[: 4 * _SAMPLE]
    runs = _HIGH.findall(sample)
    if sum(len(run) for run in runs if len(run) > 1) > sum(len(run) == 1 for run in runs) * 2:
        return _not_western(data, runs, source)
    scores = {name: _plausible(sample, name) for name in _CANDIDATES}
    first, second = sorted(_CANDIDATES, key=lambda name: -scores[name])
    if scores[first] <= 0 or scores[first] == scores[second]:
        raise ParseError(f"the encoding cannot be told; {_ASK}", source)
    note = f"not Unicode: read as {first} (the next best, {second}, fits less well)"
    return first, data.decode(first, "replace"), (note,)


def _not_western(data: bytes, runs: list[bytes], source: str) -> tuple[str, str, tuple[str, ...]]:
    """Long runs of high bytes: an East Asian encoding by its most common signs, or ask."""
    pairs = [run[i] for run in runs for i in range(0, len(run) - 1, 2)]
    fits = [name for name, usual in _EAST_ASIAN.items() if all(usual(b) for b in pairs)]
    kana = sum(b in (0xA4, 0xA5) for b in pairs)
    if "euc_jp" in fits and kana < len(pairs) / 5:
        fits.remove("euc_jp")
    if len(fits) == 1 and len(pairs) >= 4:
        name = fits[0]
        try:
            return name, data.decode(name), (f"not Unicode: read as {name}",)
        except UnicodeDecodeError:
            pass
    raise ParseError(f"neither Unicode nor Western European; {_ASK}", source)


def _plausible(sample: bytes, encoding: str) -> int:
    """Usual characters minus odd ones: signs, and capitals inside words."""
    text = sample.decode(encoding, "replace")
    score = 0
    for found in re.finditer(r"[^\x00-\x7f]", text):
        char, before = found.group(), text[found.start() - 1 : found.start()]
        usual = char in _USUAL and not (char.isupper() and before.islower())
        score += 1 if usual else -1
    return score


def _lines(text: str) -> tuple[str, str]:
    if "\r" not in text:
        return text, "lf" if "\n" in text else ""
    crlf, lf, cr = text.count("\r\n"), text.count("\n"), text.count("\r")
    kinds = {"crlf": crlf, "lf": lf - crlf, "cr": cr - crlf}
    present = [kind for kind, n in kinds.items() if n]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, present[0] if len(present) == 1 else "mixed"
