"""SubViewer captions (.sbv), as YouTube writes them."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.caption_rows import timed_turns
from rupturecode.io.parsers.captions import Cues, Written, draft_of
from rupturecode.io.parsers.clock import clock, milliseconds
from rupturecode.io.parsers.encoding import lines_of
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.model import Transcript

NAME = "sbv"
_TIMING = re.compile(r"\s*(\d{1,4}:\d\d:\d\d\.\d{1,3})\s*,\s*(\d{1,4}:\d\d:\d\d\.\d{1,3})\s*$")
#: A line that means to be a time, though it may not be one.
_MEANT = re.compile(r"\s*\d{1,4}:\d\d:[\w.]{1,9}\s*,\s*\d{1,4}:\d\d:[\w.]{1,9}\s*$")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line is a time range with a comma."""
    del name
    lines = [line for line in preview(head[:2000]).split("\n") if line.strip()]
    return bool(lines and _TIMING.match(lines[0].lstrip("\ufeff")))


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    speakers: Iterable[str] | None = None,
) -> Draft:
    r"""Read captions; neighbours of one speaker are joined to turns when finished.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        When the user knows it.
    speakers
        The names before a colon that are speakers, when they cannot be told.

    Raises
    ------
    ParseError
        When the file does not begin with a time.

    Examples
    --------
    >>> read(b"0:00:01.000,0:00:02.500\nT: Fine.", source="s1.sbv").raws
    ['Fine.']
    """
    lines = lines_of(data, source=source, encoding=encoding)
    numbered = enumerate(lines, start=1)
    at, first = next(((n, line) for n, line in numbered if line.strip()), (1, ""))
    if not _TIMING.match(first):
        message = "expected a time such as 0:00:01.000,0:00:02.500"
        raise ParseError(message, source, at, first)
    notes: list[str] = []
    cues = Cues.timed(_cues(lines, notes), _ms)
    draft = draft_of(cues, format=NAME, source=source, speakers=speakers)
    draft.know(lines.manner.info)
    for note in notes:
        draft.warn(note)
    return draft


def _cues(lines: Iterable[str], notes: list[str]) -> Iterator[Written]:
    """Yield the cues with text, and note what was left out."""
    block: list[str] = []
    for number, line in enumerate(chain(lines, ("",)), start=1):
        if line.strip():
            block.append(line)
            continue
        if block:
            timing, at = _TIMING.match(block[0]), number - len(block)
            text = "\n".join(block[1:]).strip()
            if timing is None:
                what = "not a time" if _MEANT.match(block[0]) else "text without a time"
                notes.append(f"line {at}: {what}, so this caption was left out")
            elif not text:
                notes.append(f"line {at}: a caption without text was left out")
            else:
                yield Written(timing[1], timing[2], at, text)
        block = []


def _ms(text: str) -> int:
    return milliseconds(text) or 0


def write(transcript: Transcript) -> bytes:
    """Write a caption for each turn, the speaker before a colon.

    Raises
    ------
    InvalidDataError
        When a turn has no times.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"speaker": ["T"], "text": ["Hi."], "start_ms": [0], "end_ms": [900]})
    >>> print(write(Transcript.from_turns("s1", rows)).decode())
    0:00:00.000,0:00:00.900
    T: Hi.
    <BLANKLINE>
    """
    cues = []
    for speaker, raw, start, end in timed_turns(transcript, NAME):
        label = f"{speaker}: " if speaker else ""
        times = f"{clock(start).removeprefix('0')},{clock(end).removeprefix('0')}"
        cues.append(f"{times}\n{label}{raw}\n")
    return "\n".join(cues).encode()
