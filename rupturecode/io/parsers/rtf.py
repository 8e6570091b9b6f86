r"""Rich Text Format: paragraphs, table rows and comments, in one pass over the tokens.

Follows the Rich Text Format Specification 1.9.1 as far as text goes: groups, destinations,
code pages by font, ``\u`` with its fallback characters, hidden text, tables; and as it sets
words off: highlighting, shading, underlining, comments and tracked changes.
Pictures, headers, footers, styles and embedded objects are stepped over.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import BlockText
from rupturecode.io.parsers.rtf_looks import LOOKS, about, colors, may_set_off, set_off
from rupturecode.io.parsers.rtf_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

#: Control words of mere looks; runs of them are the bulk of most files and taken at once.
_LOOKS = (
    rb"rtlch|ltrch|loch|hich|dbch|fs|af|afs|ab|ai|alang|lang|langfe|langnp|langfenp|noproof|b|i|ul"
    rb"|ulnone|strike|cf|cb|highlight|chcbpat|kerning|expnd|expndtw|charscalex|charrsid|insrsid"
    rb"|rsid|pararsid|s|cs|ql|qr|qc|qj|li|ri|fi|lin|rin|sb|sa|sl|slmult|ltrpar|rtlpar|widctlpar"
    rb"|nowidctlpar|hyphpar|keep|keepn|aspalpha|aspnum|faauto|adjustright|itap|wrapdefault|tx|outlinelevel"
)
_TOKEN = re.compile(
    rb"(?P<looks>(?:\\(?:" + _LOOKS + rb")(?:-?[0-9]{1,10})?(?: |(?![a-zA-Z0-9-])))+)"
    rb"|\\(?:'(?P<hex>[0-9a-fA-F]{2})"
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
_STEPPED_OVER = frozenset({
    "colortbl", "stylesheet", "info", "pict", "object", "nonshppict", "header", "headerl",
    "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "filetbl", "revtbl",
    "listtext", "pntext", "xe", "tc", "rxe", "bkmkstart", "bkmkend", "ftnsep", "ftnsepc",
    "ftncn", "template", "title", "fldinst", "datafield", "private1",
})  # fmt: skip
#: Destinations with a leading ``\*`` that do.
_STARRED = {"annotation": "comment", "shppict": "skip", "ud": "text", "shptxt": "text"}
_PAGE_EDGES = frozenset(
    ["header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"]
)


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
    reading = Reading(source)
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
    if reading.text or reading.pending or reading.comments or reading.tracked:
        reading.end_paragraph()
    notes = (*(f"left out: {what}" for what in reading.left_out), *reading.notes)
    return BlockText(reading.blocks, notes)


def _token(reading: Reading, match: re.Match[bytes]) -> int:
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
    elif kind == "looks":
        _looks(reading, match["looks"])
    elif match["word"]:
        return _word(reading, match)
    return match.end()


def _looks(reading: Reading, words: bytes) -> None:
    """Step over words of mere looks, which still end a star and count as fallback."""
    state = reading.state
    if state.starred:
        state.starred, state.goes = False, "skip"
    if reading.skip:
        reading.skip = max(0, reading.skip - words.count(b"\\"))
    elif may_set_off(words) and state.goes == "text":
        set_off(reading, words)


def _brace(reading: Reading, *, opening: bool) -> None:
    if reading.pending:
        reading.flush()
    reading.skip = 0
    if opening:
        if len(reading.stack) >= _DEEPEST:
            raise ParseError(f"groups nest more than {_DEEPEST} deep", reading.source)
        reading.stack.append(reading.state)
        reading.state = reading.state.inner()
        return
    inner, reading.state = reading.state, reading.stack.pop()
    if inner.goes == "comment" and reading.state.goes == "text":
        reading.end_comment()


def _symbol(reading: Reading, symbol: bytes) -> None:
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


def _word(reading: Reading, match: re.Match[bytes]) -> int:
    word = match["word"].decode("ascii")
    number = int(match["number"]) if match["number"] else None
    if word == "bin":
        return match.end() + max(0, number or 0)
    if word != "u" and reading.pending:
        reading.flush()
    state = reading.state
    if state.starred:
        state.starred = False
        if word in ("atrfstart", "atnref"):
            about(reading, word, match)
        state.goes = _STARRED.get(word, "skip") if state.goes == "text" else "skip"
        return match.end()
    if reading.skip:
        reading.skip -= 1
        return match.end()
    if word not in _KNOWN:
        return match.end()
    if word in _STEPPED_OVER:
        _step_over(reading, word, match)
    elif word in _CHARACTERS:
        reading.put(_CHARACTERS[word])
    else:
        _ACTIONS[word](reading, number)
    return match.end()


def _step_over(reading: Reading, word: str, match: re.Match[bytes]) -> None:
    if word == "colortbl":
        reading.colors = colors(match)
    elif word in _PAGE_EDGES:
        reading.left_out["page headers and footers"] = None
    reading.state.goes = "skip"


def _unicode(reading: Reading, number: int | None) -> None:
    reading.put(chr((number or 0) & 0xFFFF))
    reading.skip = reading.state.fallback


def _page(reading: Reading, number: int | None) -> None:
    codec = _NAMED_PAGES.get(number or 0, f"cp{number}")
    try:
        codecs.lookup(codec)
    except LookupError as err:
        raise ParseError(f"code page {number} is unknown", reading.source) from err
    reading.default_codec = reading.state.codec = codec


def _family(name: str) -> Callable[[Reading, int | None], None]:
    def act(reading: Reading, number: int | None) -> None:
        del number
        reading.default_codec = reading.state.codec = _PAGES[name]

    return act


def _font(reading: Reading, number: int | None) -> None:
    if reading.state.goes == "fonts":
        reading.font = number or 0
    else:
        reading.state.codec = reading.fonts.get(number or 0, reading.default_codec)


def _charset(reading: Reading, number: int | None) -> None:
    if reading.state.goes == "fonts" and number in _CHARSETS:
        reading.fonts[reading.font] = _CHARSETS[number]


def _fonts(reading: Reading, number: int | None) -> None:
    del number
    reading.state.goes = "fonts"


def _footnote(reading: Reading, number: int | None) -> None:
    del number
    if reading.state.goes == "text":
        reading.state.goes = "comment"


def _fallback(reading: Reading, number: int | None) -> None:
    reading.state.fallback = max(0, 1 if number is None else number)


def _hide(reading: Reading, number: int | None) -> None:
    reading.state.hidden = number != 0


def _plain(reading: Reading, number: int | None) -> None:
    del number
    reading.state.hidden = False
    reading.state.looks = None
    reading.state.codec = reading.default_codec


def _in_table(reading: Reading, number: int | None) -> None:
    reading.state.in_table = number != 0


def _out_of_table(reading: Reading, number: int | None) -> None:
    del number
    reading.state.in_table = False


_ACTIONS: dict[str, Callable[[Reading, int | None], None]] = {
    "u": _unicode,
    "uc": _fallback,
    "ansicpg": _page,
    **{name: _family(name) for name in _PAGES},
    "fonttbl": _fonts,
    "f": _font,
    "fcharset": _charset,
    "v": _hide,
    **LOOKS,
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
_KNOWN = _STEPPED_OVER | _CHARACTERS.keys() | _ACTIONS.keys()
