"""Halves of characters: UTF-16 units that some formats write one by one."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    r"""Join halves that belong together; a half left alone becomes U+FFFD.

    Examples
    --------
    >>> whole("\ud83d\ude00 and \ud83d")
    '😀 and �'
    """
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
