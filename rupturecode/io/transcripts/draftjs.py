"""Draft.js JSON, as web transcript editors save it."""

from __future__ import annotations

import re
from typing import Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import parse_json, records, seconds, words
from rupturecode.io.parsers.preview import preview
from rupturecode.transcript.draft import Draft

NAME = "draftjs"
_SIGN = re.compile(r'"blocks"\s*:\s*\[\s*\{[^{}]*"(?:key|depth|type)"\s*:')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a saved Draft.js text."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(data: bytes, *, source: str) -> Draft:
    """Read each block as a piece, with its speaker and the times of its words.

    Raises
    ------
    ParseError
        When the JSON is malformed or not of this kind.

    Examples
    --------
    >>> data = b'{"blocks": [{"text": "Hm.", "data": {"speaker": "T", "start": 0.1}}]}'
    >>> read(data, source="s01.json").starts
    [100]
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or "blocks" not in content:
        raise ParseError("not a Draft.js file: there are no blocks", source)
    draft = Draft(NAME, source, cues=True)
    empty = 0
    for number, block in enumerate(records(content["blocks"], "blocks", source), start=1):
        text = words(block.get("text"))
        if not text.strip():
            empty += 1
            continue
        meta = block.get("data")
        meta = meta if isinstance(meta, dict) else {}
        start, end = _times(meta, source)
        draft.add(words(meta.get("speaker")), text.strip(), start, end, line=number)
    if empty:
        draft.warn(f"{empty} empty blocks were left out")
    return draft


def _times(meta: dict[str, Any], source: str) -> tuple[int | None, int | None]:
    spoken = records(meta.get("words"), "a block's words", source)
    start = seconds(meta.get("start"))
    if start is None and spoken:
        start = seconds(spoken[0].get("start"))
    return start, seconds(spoken[-1].get("end")) if spoken else None
