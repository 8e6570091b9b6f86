"""SubRip captions, as Whisper, Otter and video tools write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.captions import Cue, draft_of, timed_turns
from rupturecode.io.parsers.clock import clock, many
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.model import Transcript

NAME = "srt"
_TIMING = re.compile(
    r"\s*(\d{1,4}:\d{1,2}:\d{1,2}(?:[,.:]\d{1,3})?)\s*-+>\s*(\d{1,4}:\d{1,2}:\d{1,2}(?:[,.:]\d{1,3})?)(?![\d,.:])"
)


def sniff(head: bytes, name: str) -> bool:
    """Whether a cue number and a time begin the file, or a time with a decimal comma."""
    del name
    lines = [line for line in preview(head[:4000]).split("\n") if line.strip()][:2]
    if not lines:
        return False
    if lines[0].strip().isdecimal():
        return bool(_TIMING.match(lines[-1]))
    return bool(_TIMING.match(lines[0])) and "," in lines[0]


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
        When the file has no time line, or text before the first.

    Examples
    --------
    >>> read(b"1\n00:00:01,000 --> 00:00:02,500\nT: Fine.", source="s1.srt").raws
    ['Fine.']
    """
    decoded = decode(data, source=source, encoding=encoding)
    info, lines = decoded.info, decoded.text.split("\n")
    del decoded, data  # of a large file, the lines are enough to hold, then the cues
    cues = _cues(lines, source)
    del lines
    draft = draft_of(cues, format=NAME, source=source, speakers=speakers)
    draft.know(info)
    return draft


def _cues(lines: list[str], source: str) -> list[Cue]:
    """Return all cues; a cue lasts until the number and time of the next, blank lines or no."""
    found = [
        (i, m[1], m[2])
        for i, line in enumerate(lines)
        if "->" in line and (m := _TIMING.match(line))
    ]
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    begin = _top(lines, found[0][0]) if found else len(lines)
    if not found or first < begin:
        message = "expected a cue number and a time such as 00:00:01,000 --> 00:00:02,500"
        raise ParseError(message, source, first + 1, lines[first])
    cues = []
    ends = [_top(lines, i) for i, *_ in found[1:]] + [len(lines)]
    starts = many([start for _, start, _ in found], _ms)
    stops = many([stop for _, _, stop in found], _ms)
    for (i, *_), start, stop, end in zip(found, starts, stops, ends, strict=True):
        text = lines[i + 1] if end == i + 2 else "\n".join(lines[i + 1 : end])
        cues.append(Cue(start, stop, text.strip() if end > i + 1 else "", i + 1))
    return cues


def _top(lines: list[str], timing: int) -> int:
    """Return the line at which a cue begins: its number, if it has one."""
    return timing - 1 if timing and lines[timing - 1].strip().isdecimal() else timing


def _ms(text: str) -> int:
    hours, minutes, rest = text.split(":", 2)
    seconds, _, fraction = rest.replace(",", ".").replace(":", ".").partition(".")
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction + "000")[:3])


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
    1
    00:00:00,000 --> 00:00:00,900
    T: Hi.
    <BLANKLINE>
    """
    cues = []
    for n, (speaker, raw, start, end) in enumerate(timed_turns(transcript, NAME), start=1):
        label = f"{speaker}: " if speaker else ""
        times = f"{clock(start, separator=',')} --> {clock(end, separator=',')}"
        cues.append(f"{n}\n{times}\n{label}{raw}\n")
    return "\n".join(cues).encode()
