r"""Rich Text Format: paragraphs, table rows and comments, in one pass over the tokens.

Follows the Rich Text Format Specification 1.9.1 as far as text goes: groups, destinations,
code pages by font, ``\u`` with its fallback characters, hidden and deleted text, tables.
Pictures, headers, footers, styles and embedded objects are stepped over.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import Block, BlockText
from rupturecode.io.parsers.surrogates import whole

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    rb"\\(?:'(?P<hex>[0-9a-fA-F]{2})"
    rb"|(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|(?P<symbol>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|(?P<break>[\r\n]+)"
    rb"|(?P<stray>\\)"
)
_DEEPEST = 2000
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_NAMED_PAGES = {10000: "mac_roman", 65001: "utf-8", 1361: "johab", 936: "gbk", 950: "big5"}
_CHARACTERS = {
    "tab": "\t", "line": "\n", "softline": "\n", "nestcell": "\t", "nestrow": "\n",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "zwbo": "\u200b",
    "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}"}
#: Destinations without a leading ``\*`` that hold no words of the transcript.
_STEPPED_OVER = frozenset(
    [
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "nonshppict",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "filetbl",
        "revtbl",
        "listtext",
        "pntext",
        "xe",
        "tc",
        "rxe",
        "bkmkstart",
        "bkmkend",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "template",
        "title",
        "fldinst",
        "datafield",
        "private1",
    ]
)
#: Destinations with a leading ``\*`` that do.
_STARRED = {"annotation": "comment", "shppict": "skip", "ud": "text", "shptxt": "text"}
_PAGE_EDGES = frozenset(
    ["header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"]
)


@dataclass(slots=True)
class _State:
    """What a group inherits from the one around it."""

    goes: str = "text"  # text, skip, comment, fonts
    codec: str = "cp1252"
    fallback: int = 1
    hidden: bool = False
    in_table: bool = False
    starred: bool = False


@dataclass(slots=True)
class _Reading:
    """The text read so far, and where the next piece of it goes."""

    source: str
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    default_codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0  # fallback characters still to be stepped over
    pending: bytearray = field(default_factory=bytearray)
    text: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: int = -1
    was_row: bool = False
    left_out: dict[str, None] = field(default_factory=dict)

    def put(self, piece: str) -> None:
        """Add characters where the current group's text goes."""
        self.flush()
        if self.state.goes == "comment":
            self.comment.append(piece)
        elif self.state.goes == "text":
            if self.state.hidden:
                self.left_out["hidden or deleted text"] = None
            else:
                self.text.append(piece)

    def put_bytes(self, piece: bytes) -> None:
        """Add bytes in the current font's code page, once the fallback is stepped over."""
        if self.skip:
            dropped = min(self.skip, len(piece))
            self.skip -= dropped
            piece = piece[dropped:]
        if self.state.goes in {"text", "comment"}:
            self.pending += piece

    def flush(self) -> None:
        """Decode the bytes that have gathered: a character may take two of them."""
        if not self.pending:
            return
        piece = self.pending.decode(self.state.codec, "replace")
        self.pending.clear()
        self.put(piece)

    def end_paragraph(self) -> None:
        self.flush()
        if self.state.goes != "text":
            self.put("\n")
        elif self.state.in_table or self.cells:
            self.text.append("\n")
        else:
            self._block((self._text(),), None)

    def end_cell(self) -> None:
        self.flush()
        self.cells.append(self._text().strip("\n"))

    def end_row(self) -> None:
        self.flush()
        if not self.cells:
            return
        if not self.was_row:
            self.tables += 1
        self._block(tuple(self.cells), self.tables)
        self.cells = []
        self.text = []

    def end_comment(self) -> None:
        self.flush()
        words = whole("".join(self.comment)).strip()
        self.comment = []
        if words:
            self.comments.append((len(self.cells), len(whole("".join(self.text))), words))

    def _text(self) -> str:
        text = whole("".join(self.text))
        self.text = []
        return text

    def _block(self, cells: tuple[str, ...], table: int | None) -> None:
        self.blocks.append(Block(cells, len(self.blocks) + 1, table, tuple(self.comments)))
        self.comments = []
        self.was_row = table is not None


def parse(data: bytes, *, source: str) -> BlockText:
    r"""Read the paragraphs and tables of an RTF file.

    Raises
    ------
    ParseError
        When it is not RTF, or its groups do not close: the file is cut off or damaged.

    Examples
    --------
    >>> parse(rb"{\rtf1\ansi T: Sch\'f6n.\par C: Hm.}", source="s01.rtf").blocks[0].text
    'T: Schön.'
    """
    if not data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf"):
        raise ParseError("this is not an RTF file: it does not begin with {\\rtf", source)
    reading = _Reading(source)
    at, end = data.index(b"{\\rtf"), len(data)
    while at < end:
        match = _TOKEN.match(data, at)
        if match is None:  # a backslash at the very end
            break
        at = _token(reading, match)
        if match.lastgroup == "brace" and not reading.stack:
            break
    if reading.stack:
        raise ParseError(
            f"{len(reading.stack)} groups are never closed: the file is cut off or damaged",
            source,
            data.count(b"\n") + 1,
        )
    if reading.cells:
        reading.end_row()
    if reading.text or reading.pending or reading.comments:
        reading.end_paragraph()
    notes = tuple(f"left out: {what}" for what in reading.left_out)
    return BlockText(tuple(reading.blocks), notes)


def _token(reading: _Reading, match: re.Match[bytes]) -> int:
    """Act on one token; returns where the next begins."""
    kind = match.lastgroup
    if kind == "text":
        reading.put_bytes(match["text"])
    elif kind == "hex":
        reading.put_bytes(bytes.fromhex(match["hex"].decode("ascii")))
    elif kind == "brace":
        _brace(reading, opening=match["brace"] == b"{")
    elif kind == "symbol":
        _symbol(reading, match["symbol"])
    elif match["word"]:
        return _word(reading, match)
    return match.end()


def _brace(reading: _Reading, *, opening: bool) -> None:
    reading.flush()
    reading.skip = 0
    if opening:
        if len(reading.stack) >= _DEEPEST:
            raise ParseError(f"groups nest more than {_DEEPEST} deep", reading.source)
        reading.stack.append(reading.state)
        reading.state = replace(reading.state, starred=False)
        return
    inner, reading.state = reading.state, reading.stack.pop()
    if inner.goes == "comment" and reading.state.goes == "text":
        reading.end_comment()


def _symbol(reading: _Reading, symbol: bytes) -> None:
    if symbol == b"*":
        reading.state.starred = True
    elif symbol in b"\r\n":
        reading.end_paragraph()
    elif reading.skip:
        reading.skip -= 1
    elif symbol == b"\t":
        reading.put("\t")
    elif symbol in _SYMBOLS:
        reading.put(_SYMBOLS[symbol])


def _word(reading: _Reading, match: re.Match[bytes]) -> int:
    word = match["word"].decode("ascii")
    number = int(match["number"]) if match["number"] else None
    if word == "bin":
        return match.end() + max(0, number or 0)
    if word != "u":
        reading.flush()
    state = reading.state
    if state.starred:
        state.starred = False
        state.goes = _STARRED.get(word, "skip") if state.goes == "text" else "skip"
        return match.end()
    if reading.skip:
        reading.skip -= 1
        return match.end()
    if word in _STEPPED_OVER:
        if word in _PAGE_EDGES:
            reading.left_out["page headers and footers"] = None
        state.goes = "skip"
    elif word in _CHARACTERS:
        reading.put(_CHARACTERS[word])
    elif word in _ACTIONS:
        _ACTIONS[word](reading, number)
    return match.end()


def _unicode(reading: _Reading, number: int | None) -> None:
    reading.put(chr((number or 0) & 0xFFFF))
    reading.skip = reading.state.fallback


def _page(reading: _Reading, number: int | None) -> None:
    codec = _NAMED_PAGES.get(number or 0, f"cp{number}")
    try:
        codecs.lookup(codec)
    except LookupError as err:
        raise ParseError(f"code page {number} is unknown", reading.source) from err
    reading.default_codec = reading.state.codec = codec


def _family(name: str) -> Callable[[_Reading, int | None], None]:
    def act(reading: _Reading, number: int | None) -> None:
        del number
        reading.default_codec = reading.state.codec = _PAGES[name]

    return act


def _font(reading: _Reading, number: int | None) -> None:
    if reading.state.goes == "fonts":
        reading.font = number or 0
    else:
        reading.state.codec = reading.fonts.get(number or 0, reading.default_codec)


def _charset(reading: _Reading, number: int | None) -> None:
    if reading.state.goes == "fonts" and number in _CHARSETS:
        reading.fonts[reading.font] = _CHARSETS[number]


def _fonts(reading: _Reading, number: int | None) -> None:
    del number
    reading.state.goes = "fonts"


def _footnote(reading: _Reading, number: int | None) -> None:
    del number
    if reading.state.goes == "text":
        reading.state.goes = "comment"


def _fallback(reading: _Reading, number: int | None) -> None:
    reading.state.fallback = max(0, 1 if number is None else number)


def _hide(reading: _Reading, number: int | None) -> None:
    reading.state.hidden = number != 0


def _plain(reading: _Reading, number: int | None) -> None:
    del number
    reading.state.hidden = False
    reading.state.codec = reading.default_codec


def _in_table(reading: _Reading, number: int | None) -> None:
    reading.state.in_table = number != 0


def _out_of_table(reading: _Reading, number: int | None) -> None:
    del number
    reading.state.in_table = False


_ACTIONS: dict[str, Callable[[_Reading, int | None], None]] = {
    "u": _unicode,
    "uc": _fallback,
    "ansicpg": _page,
    **{name: _family(name) for name in _PAGES},
    "fonttbl": _fonts,
    "f": _font,
    "fcharset": _charset,
    "v": _hide,
    "deleted": _hide,
    "plain": _plain,
    "pard": _out_of_table,
    "intbl": _in_table,
    "par": lambda reading, _: reading.end_paragraph(),
    "sect": lambda reading, _: reading.end_paragraph(),
    "page": lambda reading, _: reading.end_paragraph(),
    "cell": lambda reading, _: reading.end_cell(),
    "row": lambda reading, _: reading.end_row(),
    "footnote": _footnote,
}
