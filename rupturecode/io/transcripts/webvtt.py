"""WebVTT captions, as Zoom, Teams, Otter and YouTube write them.

Cues are found as the W3C's parser finds them; what it would drop in silence is noted.
"""

from __future__ import annotations

import html
import re
from itertools import chain
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

NAME = "webvtt"
#: Lines left out that are named one by one.
_MOST_NAMED = 100
_SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|$)")
_STAMP = r"[ \t\f]*(\d{1,9}:[0-5]\d(?::[0-5]\d)?\.\d{3})[ \t\f]*"
_STRICT = re.compile(rf"{_STAMP}-->{_STAMP}(?!\d)")
_LOOSE = r"[ \t\f]*(\d{1,9}:\d{1,2}(?::\d{1,2})?[.,]\d{1,3})[ \t\f]*"
#: Webex names the speaker in the identifier: number, name and often the account's number.
_WEBEX = re.compile(r"[ \t]*\d+[ \t]+\"(?P<name>[^\n]*)\"(?:[ \t]+\(\d+\))?[ \t]*")
_LENIENT = re.compile(rf"{_LOOSE}-+>{_LOOSE}(?!\d)")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line is the signature, or a time as only WebVTT writes it."""
    del name
    text = preview(head[:200])
    return bool(_SIGNATURE.match(text) or _STRICT.match(text.lstrip()))


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    speakers: Iterable[str] | None = None,
    lenient: bool = False,
) -> Draft:
    r"""Read captions; neighbours of one speaker are joined to turns when finished.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        WebVTT is UTF-8; say what it is when a tool wrote something else.
    speakers
        The names before a colon that are speakers, when they cannot be told.
    lenient
        Accept times that the standard forbids (decimal commas, single digits) and a
        missing signature.

    Raises
    ------
    ParseError
        When the signature is missing.

    Examples
    --------
    >>> draft = read(b"WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ms. D>Fine.", source="s1.vtt")
    >>> draft.speakers, draft.raws, draft.starts, draft.ends
    (['Ms. D'], ['Fine.'], [1000], [2500])
    """
    lines = lines_of(data, source=source, encoding=encoding)
    first = next(iter(lines)).replace("\x00", "\ufffd")
    if not lenient and not _SIGNATURE.match(first):
        message = (
            "a WebVTT file begins with the line WEBVTT; options={'lenient': True} reads it anyway"
        )
        raise ParseError(message, source, 1, first)
    dropped: list[int] = []
    cues = Cues.timed(_cues(lines, _LENIENT if lenient else _STRICT, dropped), _ms)
    draft = draft_of(cues, format=NAME, source=source, speakers=speakers)
    draft.know(lines.manner.info)
    for line in dropped[:_MOST_NAMED]:
        draft.warn(
            f"line {line}: not a time that WebVTT allows, so this caption was left out; "
            "options={'lenient': True} reads more"
        )
    if len(dropped) > _MOST_NAMED:
        draft.warn(f"{len(dropped) - _MOST_NAMED} more captions were left out for their times")
    return draft


def _cues(lines: Iterable[str], timing: re.Pattern[str], dropped: list[int]) -> Iterator[Written]:
    """Yield all cues, and note the line numbers of timings that cannot be read.

    Every line with an arrow begins a cue, whatever stands before it: an identifier, a
    comment, or a cue that forgot its blank line. The speaker that an identifier of Webex
    names is put in front as a voice.
    """
    time: re.Match[str] | None = None
    voice = ""
    body: list[str] = []
    at = 0
    for number, line in enumerate(chain(lines, ("",)), start=1):
        arrow = "-->" in line
        if line and not arrow:
            body.append(line)
            continue
        if time:
            text = "\n".join(body).replace("\x00", "\ufffd")
            yield Written(time[1], time[2], at, voice + text)
        named = _WEBEX.fullmatch(body[-1]) if arrow and body and not time else None
        voice = f"<v {html.escape(named['name'], quote=False)}>" if named else ""
        time, body, at = timing.match(line) if arrow else None, [], number
        if arrow and time is None:
            dropped.append(number)


def _ms(text: str) -> int:
    """Milliseconds; a first number above 59 without a third is hours, as browsers read it."""
    whole, _, fraction = text.replace(",", ".").partition(".")
    parts = [int(p) for p in whole.split(":")]
    if len(parts) == 2:
        parts = [*parts, 0] if parts[0] > 59 else [0, *parts]
    hours, minutes, seconds = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(fraction.ljust(3, "0"))


def write(transcript: Transcript) -> bytes:
    """Write a cue with a voice for each turn.

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
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 00:00:00.900
    <v T>Hi.
    <BLANKLINE>
    """
    cues = ["WEBVTT\n"]
    for speaker, raw, start, end in timed_turns(transcript, NAME):
        voice = f"<v {html.escape(speaker, quote=False)}>" if speaker else ""
        cues.append(f"{clock(start)} --> {clock(end)}\n{voice}{raw}\n")
    return "\n".join(cues).encode()
