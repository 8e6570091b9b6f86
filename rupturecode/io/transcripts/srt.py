"""SubRip captions, as Whisper, Otter and video tools write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.caption_rows import timed_turns
from rupturecode.io.parsers.captions import Cues, Written, draft_of
from rupturecode.io.parsers.clock import clock
from rupturecode.io.parsers.encoding import lines_of
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.model import Transcript

NAME = "srt"
_TIME = r"-?(?:\d{1,4}:)?\d{1,3}:\d{1,2}(?:[,.:]\d{1,9})?"
_ARROW = r"\s*(?:[-–—]+>|→)\s*"
_TIMING = re.compile(rf"\s*({_TIME}){_ARROW}({_TIME})(?![\d,.:])")
_PARTS = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})(?:[,.:](\d+))?")
#: A line that means to be a time, though it is none.
_MEANT = re.compile(rf"\s*-?\d[\d:;.,]*:[\d:;.,]*{_ARROW}-?\d[\d:;.,]*(?:\s|$)")


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
        When the file has no time line, a time that cannot be read, or text before the first.

    Examples
    --------
    >>> read(b"1\n00:00:01,000 --> 00:00:02,500\nT: Fine.", source="s1.srt").raws
    ['Fine.']
    """
    lines = lines_of(data, source=source, encoding=encoding)
    early: list[int] = []
    cues = Cues.timed(_cues(lines, source, early), _ms)
    draft = draft_of(cues, format=NAME, source=source, speakers=speakers)
    draft.know(lines.manner.info)
    for line in early:
        draft.warn(f"line {line}: a time before the start of the recording was read as 0")
    return draft


def _cues(lines: Iterable[str], source: str, early: list[int]) -> Iterator[Written]:
    """Yield all cues, and note the lines of negative times.

    A cue lasts until the number and time of the next, blank lines or no.
    """
    time: tuple[str, str, int] | None = None
    body: list[str] = []
    for number, line in enumerate(lines, start=1):
        arrow = ">" in line or "→" in line
        found = _TIMING.match(line) if arrow else None
        if found is None:
            if arrow and _MEANT.match(line):
                message = "expected a time such as 00:00:01,000 --> 00:00:02,500"
                raise ParseError(message, source, number, line)
            body.append(line)
            continue
        if body and body[-1].strip().isdecimal():
            body.pop()
        if time:
            yield Written(*time, "\n".join(body).strip())
        elif any(map(str.strip, body)):
            break
        time, body = (found[1], found[2], number), []
        if found[1].startswith("-") or found[2].startswith("-"):
            early.append(number)
    if time is None:
        message = "expected a cue number and a time such as 00:00:01,000 --> 00:00:02,500"
        at, text = next(((i, x) for i, x in enumerate(lines, start=1) if x.strip()), (1, body[0]))
        raise ParseError(message, source, at, text)
    yield Written(*time, "\n".join(body).strip())


def _ms(text: str) -> int:
    """Milliseconds; what a shift has put before the start of the recording is 0."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return 0
    hours, minutes, seconds, fraction = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(((fraction or "") + "000")[:3])


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
