"""Time codes of Transana inside a text: the sign ``¤`` and milliseconds, as ``¤<4000>``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rupturecode.io.parsers.blocks import Blocks
from rupturecode.io.parsers.clock import clock

if TYPE_CHECKING:
    from rupturecode.io.parsers.blocks import Block, BlockText

#: The bracket is formatted as hidden, and in old files the whole code is.
HIDDEN = re.compile(r"\s*(?:¤\s*(?:<\d{1,12}>)?|<\d{1,12}>)\s*")
_CODE = re.compile(r"¤\s*<(\d{1,12})>[ \t]?")


def stamped(content: BlockText) -> BlockText:
    """Put the first time code of each paragraph in front of it as a clock time.

    Later codes of a paragraph are taken out, and the notes say how many there were. Table
    rows stay as they are.

    Examples
    --------
    >>> from rupturecode.io.parsers.blocks import Blocks, BlockText
    >>> stamped(BlockText(Blocks(["T: ¤<4000>Go on."]))).blocks[0].text
    '[00:00:04.000] T: Go on.'
    """
    if not any("¤" in block.text for block in content.blocks):
        return content
    found = [len(_CODE.findall(block.text)) for block in content.blocks if block.table is None]
    blocks = Blocks(b if b.table is not None else _stamped(b) for b in content.blocks)
    inside = sum(n - 1 for n in found if n)
    notes = (
        (f"{inside} time codes inside paragraphs were taken out of the words",) if inside else ()
    )
    return replace(content, blocks=blocks, notes=(*content.notes, *notes))


def _stamped(block: Block) -> Block:
    codes = list(_CODE.finditer(block.text))
    if not codes:
        return block
    front = f"[{clock(int(codes[0][1]))}] "
    comments = tuple(
        (cell, _moved(offset, codes) + len(front), words) for cell, offset, words in block.comments
    )
    drawn = tuple(
        d.at(_moved(d.start, codes) + len(front), _moved(d.end, codes) + len(front), d.cell)
        for d in block.drawn
    )
    cells = (front + _CODE.sub("", block.text),)
    return block._replace(cells=cells, comments=comments, drawn=drawn)


def _moved(offset: int, codes: list[re.Match[str]]) -> int:
    """Where an offset falls once the codes before it are gone."""
    return offset - sum(min(offset, m.end()) - m.start() for m in codes if m.start() < offset)
