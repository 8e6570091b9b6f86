"""Change a file where it matters: inside archives, streams, elements, values and lines.

A change of bytes alone mostly breaks the container (a ZIP's checksum, XML's nesting) and the
reader refuses at once. So the file is taken apart as its content shows (:func:`mutate`), one
part is changed, and the rest stays sound.
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
import zlib
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

#: One change in so many repeats a piece until it has this size: work must not grow with its square.
AMPLIFY_EACH, AMPLIFIED = 250, 60_000
TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b'"', b'""', b"{", b"}", b"[", b"]",
    b"<", b"</", b"/>", b"<!DOCTYPE a>", b"&#0;", b"&x;", b"<![CDATA[", b"]]>", b"<!--", b":", b"-->",
    b"00:00:01.000", b"99999999999:59:59", b"-1", b"1e999", b"NaN", b"null", b"true", b"{}", b"[[]]",
    b"9" * 400, b"\\", b"\x15", b"\x1500_\x15", b"\xed\xa0\x80", "שלום".encode(), "😀".encode(),
    b"T: ", b"C: ", b"T1: ", b"PK\x03\x04", b",", b";", b"(", b")", b"(sighs)", b"[*note*]", b"(4)",
    b"00:01", b"#00:01:02-3#", b"[00:00:01]", b"*T:", b"- ", b"...", b"=", b"\xe2\x80\x8b", b"\xc2\xa0",
)  # fmt: skip
VALUES = (
    None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**30, "", "x", "12", "1e5", "\ud800",
    [], {}, [[]], [None], {"a": 1}, "00:00:01", ["a", 1, 2], [{"text": 1}],
)  # fmt: skip
ATTRIBUTES = (
    b"",
    b"0",
    b"1",
    b"-1",
    b"99999999999999999999",
    b"1e9",
    b"x",
    b"true",
    b"none",
    b"\xc3\xa4",
)
RTF_WORDS = (
    rb"\par ", rb"\cell ", rb"\row ", rb"\trowd ", rb"\intbl ", rb"\u-32768?", rb"\u99999?", rb"\uc0 ",
    rb"\uc9 ", rb"\'e4", rb"\'", rb"\bin9 ", rb"\bin99999999 ", rb"\*", rb"\footnote ", rb"\annotation ",
    rb"\fonttbl ", rb"\f1 ", rb"\fcharset128 ", rb"\ansicpg932 ", rb"\ansicpg99999 ", rb"\deleted ",
    rb"\field ", rb"\fldinst ", rb"\tab ", rb"\line ", rb"\plain ", rb"\v ", rb"\b ", b"{", b"}",
)  # fmt: skip
PDF_WORDS = (
    b"BT", b"ET", b"Tj", b"TJ", b"Td", b"Tm", b"T*", b"'", b"q", b"Q", b"cm", b"/F1 0 Tf", b"[", b"]", b"<<",
    b">>", b"(", b")", b"<feff0041>", b"<4", b"0", b"-1", b"1e9", b"99999999999", b"1 0 R", b"/Kids [1 0 R]",
    b"/Type /Pages", b"/Filter /FlateDecode", b"/Filter /LZWDecode", b"/Filter /ASCII85Decode",
    b"/Encrypt 1 0 R", b"/Rotate 90", b"/ToUnicode 4 0 R", b"null", b"true", b"Do", b"BI ID EI",
)  # fmt: skip


def mutate(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change a file in one to a few places, mostly within its structure."""
    if rng.random() < 0.12:
        return some_bytes(data, pool, rng)
    for sign, change in (
        (b"PK", _archive),
        (b"%PDF", _pdf),
        (b"{\\rtf", _rtf),
    ):
        if data[: len(sign)] == sign:
            return change(data, pool, rng)
    return _part(data, pool, rng)


def _part(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change a file, or a member of an archive, that is XML, JSON or lines of text."""
    start = data.lstrip()[:1]
    if start in (b"{", b"[") and rng.random() < 0.7:
        return _json_lines(data, pool, rng)
    if start == b"<" and rng.random() < 0.8:
        for _ in range(rng.choice((1, 1, 2, 3))):
            data = _xml(data, pool, rng)
        return data
    if rng.random() < 0.5:
        return _lines(data, pool, rng)
    return some_bytes(data, pool, rng)


def some_bytes(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change bytes anywhere."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        _change(out, pool, rng)
    return bytes(out)


def _change(out: bytearray, pool: Sequence[bytes], rng: random.Random) -> None:
    size = len(out)
    at = rng.randrange(size + 1)
    length = min(rng.choice((1, 1, 2, 4, 16, 64, 400)), size - at)
    kind = rng.randrange(10)
    if kind == 0 and at < size:
        out[at] ^= 1 << rng.randrange(8)
    elif kind == 1 and at < size:
        out[at] = rng.randrange(256)
    elif kind == 2:
        del out[at : at + length]
    elif kind == 3:
        out[at:at] = out[at : at + length] * _times(length, rng)
    elif kind == 4:
        out[at:at] = rng.choice(TOKENS)
    elif kind == 5:
        out[at : at + length] = rng.choice(TOKENS)
    elif kind == 6 and rng.random() < 0.3:
        del out[at:]
    elif kind == 7:
        other = rng.choice(pool)
        start = rng.randrange(len(other) + 1)
        out[at : at + length] = other[start : start + rng.choice((4, 32, 300))]
    else:
        digits = [i for i, b in enumerate(out[:4000]) if 48 <= b <= 57]
        if digits:
            i = rng.choice(digits)
            out[i : i + 1] = rng.choice((b"0", b"-1", b"99999999", b"1e9", b"0.5", b""))


def _times(length: int, rng: random.Random) -> int:
    """How often to repeat a piece: a few times, and now and then until it is large."""
    if rng.randrange(AMPLIFY_EACH) == 0:
        return AMPLIFIED // max(1, length)
    return rng.choice((1, 1, 2, 20))


# archives


@lru_cache(maxsize=512)
def members(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """The members of an archive; none where it is broken or unpacks to much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 4 * AMPLIFIED:
                return ()
            return tuple((info.filename, archive.read(info)) for info in archive.infolist())
    except Exception:  # noqa: BLE001 - a seed that is broken already
        return ()


def pack(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Pack members, without compressing them."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")  # a name twice, which is what we are after
        for name, body in parts:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body)
    return out.getvalue()


def _archive(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    parts = list(members(data))
    if not parts:
        return some_bytes(data, pool, rng)
    i = rng.choices(range(len(parts)), weights=[1 + len(body) for _, body in parts])[0]
    name, body = parts[i]
    kind = rng.random()
    if kind < 0.9:
        others = [
            b for p in rng.sample(list(pool), min(4, len(pool))) for n, b in members(p) if n == name
        ]
        parts[i] = name, _part(body, others or [body], rng)
    elif kind < 0.94:
        del parts[rng.randrange(len(parts))]
    elif kind < 0.97:
        parts[i] = parts[rng.randrange(len(parts))][0] + rng.choice(("", "x", "/")), body
    else:
        parts[i] = name, rng.choice((b"", b"\0", b"<a/>", b"{}", b"[]", parts[-1][1]))
    return pack(parts)


# XML

_TAG = re.compile(rb"<(/?)([A-Za-z_][\w:.-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?)(/?)>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)=(\"[^\"]*\"|'[^']*')")


class Element(NamedTuple):
    """Where an element stands: ``data[start:end]``, its content ``data[inner:close]``."""

    start: int
    inner: int
    close: int
    end: int
    name: bytes


@lru_cache(maxsize=2048)
def elements(data: bytes) -> tuple[Element, ...]:
    """The elements of XML, outer ones after those inside; what does not nest is left out."""
    found: list[Element] = []
    waiting: list[tuple[bytes, int, int]] = []
    for tag in _TAG.finditer(data[:AMPLIFIED]):
        if tag[4]:
            found.append(Element(tag.start(), tag.end(), tag.end(), tag.end(), tag[2]))
        elif not tag[1]:
            waiting.append((tag[2], tag.start(), tag.end()))
        elif waiting and waiting[-1][0] == tag[2]:
            name, start, inner = waiting.pop()
            found.append(Element(start, inner, tag.start(), tag.end(), name))
    return tuple(found)


def _xml(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    found = elements(data)
    if not found:
        return some_bytes(data, pool, rng)
    one, other = rng.choice(found), rng.choice(found)
    whole, inner = data[one.start : one.end], data[one.inner : one.close]
    opening, closing = data[one.start : one.inner], data[one.close : one.end]
    kind = rng.randrange(10)
    if kind == 0:
        new = inner if rng.random() < 0.5 else b""
    elif kind == 1:
        new = whole * (1 + _times(len(whole), rng))
    elif kind == 2:
        new = data[other.start : other.end]
    elif kind == 3:
        new = whole + data[other.start : other.end]
    elif kind == 4:
        new = opening + data[other.inner : other.close] + closing
    elif kind == 5 and one.inner != one.close:
        times = rng.choice((2, 2, 50, 250))
        new = opening * times + inner + closing * times
    elif kind == 6:
        new = re.sub(re.escape(one.name) + rb"\b", lambda _: other.name, whole)
    elif kind == 7:
        guest = rng.choice(pool)
        guests = elements(guest) or (other,)
        chosen = rng.choice(guests)
        new = (guest if guests[0] is not other else data)[chosen.start : chosen.end]
    elif b"<" not in inner and inner and kind == 8:
        new = opening + some_bytes(inner, pool, rng).replace(b"<", b"&lt;") + closing
    else:
        new = _attribute(opening, data, rng) + inner + closing
    return data[: one.start] + new + data[one.end :]


def _attribute(opening: bytes, data: bytes, rng: random.Random) -> bytes:
    """Change, drop or add an attribute of an opening tag."""
    mine = list(_ATTRIBUTE.finditer(opening))
    theirs = _ATTRIBUTE.findall(data[:20_000])
    if not mine or rng.random() < 0.15:
        end = len(opening) - (2 if opening.endswith(b"/>") else 1)
        name, value = rng.choice(theirs) if theirs else (b"a", b'"1"')
        return opening[:end] + b" " + name + b"=" + value + opening[end:]
    chosen = rng.choice(mine)
    if rng.random() < 0.2:
        return opening[: chosen.start()] + opening[chosen.end() :]
    value = rng.choice(theirs)[1] if rng.random() < 0.4 else b'"' + rng.choice(ATTRIBUTES) + b'"'
    return opening[: chosen.start(2)] + value + opening[chosen.end(2) :]


# JSON


def _json_lines(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change a JSON file, or one line of JSON Lines, which stays well-formed."""
    lines = data.split(b"\n")
    if len(lines) > 1 and lines[0].startswith(b"{") and lines[0].rstrip().endswith(b"}"):
        i = rng.randrange(len(lines))
        if rng.random() < 0.2:
            return _lines(data, pool, rng)
        lines[i] = _json(lines[i], rng)
        return b"\n".join(lines)
    return _json(data, rng)


def _json(data: bytes, rng: random.Random) -> bytes:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = _places(root)
        if places:
            node, key = rng.choice(places)
            _set(node, key, places, rng)
    return json.dumps(root, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _set(node: Any, key: Any, places: list[tuple[Any, Any]], rng: random.Random) -> None:
    """Change what stands at one place of a JSON value."""
    kind = rng.randrange(6)
    there, at = rng.choice(places)
    copied = json.loads(json.dumps(there[at]))
    if kind == 0:
        del node[key]
    elif kind == 1:
        node[key] = copied
    elif kind == 2 and isinstance(node, list):
        size = len(json.dumps(node[key]))
        node[key:key] = [node[key]] * _times(size, rng)
    elif kind == 3 and isinstance(node, dict) and isinstance(there, dict):
        node[at] = node.pop(key)
    elif kind == 4 and isinstance(node[key], str):
        text = bytearray(node[key].encode("utf-8", "surrogatepass"))
        _change(text, [bytes(text)], rng)
        node[key] = text.decode("utf-8", "replace")
    else:
        node[key] = deepcopy(rng.choice(VALUES))


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and its key or index."""
    places: list[tuple[Any, Any]] = []
    waiting = [root] if isinstance(root, dict | list) else []
    while waiting and len(places) < 5000:
        node = waiting.pop()
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                waiting.append(node[key])
    return places


# lines and tokens


def _lines(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Move, drop, repeat, join and borrow lines."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    return end.join(_shuffled(data.split(end), [p.split(end) for p in (rng.choice(pool),)], rng))


def _shuffled(parts: list[bytes], others: list[list[bytes]], rng: random.Random) -> list[bytes]:
    for _ in range(rng.choice((1, 1, 2, 4))):
        i, j = (rng.randrange(len(parts) + 1) for _ in range(2))
        here = parts[i : i + 1]
        kind = rng.randrange(7)
        if kind == 0:
            del parts[i : i + rng.choice((1, 1, 2, 5))]
        elif kind == 1:
            parts[j:j] = here
        elif kind == 2:
            parts[j:j] = here * _times(len(here[0]) + 1 if here else 1, rng)
        elif kind == 3:
            parts[i : i + 2] = [b"".join(parts[i : i + 2])]
        elif kind == 4:
            guest = rng.choice(others)
            at = rng.randrange(len(guest))
            parts[i:i] = guest[at : at + rng.choice((1, 2, 4))]
        elif kind == 5 and here:
            cut = rng.randrange(len(here[0]) + 1)
            parts[i : i + 1] = [here[0][:cut], here[0][cut:]]
        else:
            parts[i : i + rng.randrange(2)] = [rng.choice(TOKENS)]
    return parts


_RTF_TOKEN = re.compile(rb"\\[a-zA-Z]+-?\d* ?|\\'[0-9a-fA-F]{0,2}|\\.|[{}]|[^\\{}]+", re.DOTALL)


def _rtf(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change RTF word by word: groups, control words and their numbers."""
    return b"".join(_tokens(_RTF_TOKEN.findall(data), RTF_WORDS, pool, rng))


def _tokens(
    parts: list[bytes], words: Sequence[bytes], pool: Sequence[bytes], rng: random.Random
) -> list[bytes]:
    for _ in range(rng.choice((1, 1, 2, 4))):
        i = rng.randrange(len(parts) + 1)
        kind = rng.randrange(6)
        if kind < 2:
            parts[i : i + kind] = [rng.choice(words)]
        elif kind == 2 and i < len(parts):
            parts[i] = some_bytes(parts[i], pool, rng)
        elif kind == 3 and i < len(parts):
            parts[i] = re.sub(
                rb"-?\d+", lambda _: rng.choice((b"0", b"-1", b"7", b"99999999999")), parts[i]
            )
        else:
            parts = _shuffled(parts, [parts], rng)
    return parts


# PDF

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_PDF_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<<|>>|<[^<>]*>|/[\w#]+|-?[\d.]+|[A-Za-z*'\"]+|\s+|.", re.DOTALL
)


def _pdf(data: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    """Change one object's dictionary or stream, and write the file anew with a sound table."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    root = re.search(rb"/Root (\d+) 0 R", data)
    if not objects or rng.random() < 0.05:
        return some_bytes(data, pool, rng)
    chosen = rng.choice(list(objects))
    objects[chosen] = _pdf_object(objects[chosen], pool, rng)
    if rng.random() < 0.03:
        del objects[chosen]
    out, offsets = bytearray(b"%PDF-1.4\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    top = int(root[1]) if root else 1
    size = max(objects, default=0) + 1
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, top, table)
    return bytes(out)


def _pdf_object(body: bytes, pool: Sequence[bytes], rng: random.Random) -> bytes:
    stream = _STREAM.match(body)
    if stream is None or rng.random() < 0.2:
        return b"".join(_tokens(_PDF_TOKEN.findall(body), PDF_WORDS, pool, rng))
    packed = b"/FlateDecode" in stream[1]
    try:
        content = zlib.decompress(stream[2]) if packed else stream[2]
    except zlib.error:
        packed, content = False, stream[2]
    content = b"".join(_tokens(_PDF_TOKEN.findall(content), PDF_WORDS, pool, rng))
    content = zlib.compress(content) if packed else content
    head = re.sub(rb"/Length \d+", b"/Length %d" % len(content), stream[1])
    return head + b"stream\n" + content + b"\nendstream\n"
