"""A look at the first bytes of a file as text, for telling formats apart."""

from __future__ import annotations

import codecs
from functools import lru_cache

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ARCHIVE = b"PK\x03\x04"


@lru_cache(maxsize=8)  # every format looks at the same few beginnings
def preview(head: bytes) -> str:
    r"""Decode the first bytes of a file as well as can be; never fails.

    Line endings become ``\n``; bytes that do not fit become U+FFFD. An archive has no text.

    Examples
    --------
    >>> preview("@Begin\r\n".encode("utf-16"))
    '@Begin\n'
    """
    if head.startswith(_ARCHIVE):
        return ""
    for mark, name in _MARKS:
        if head.startswith(mark):
            text = head[len(mark) :].decode(name, "replace")
            break
    else:
        text = head.decode(_wide(head) or "utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: mostly Latin text has a zero in every other byte."""
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > half * 0.4:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.4:
        return "utf-16-be"
    return None
