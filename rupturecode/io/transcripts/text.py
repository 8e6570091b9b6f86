"""Plain text and Markdown with speaker labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.io.parsers.breaks import with_breaks
from rupturecode.io.parsers.clock import clock
from rupturecode.io.parsers.encoding import lines_of
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.line_numbers import without_line_numbers
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.second_stamps import with_clock_times
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.transcript.model import Transcript

NAME = "text"
_OTHERS = re.compile(
    r"\s*(?:WEBVTT|\{\\rtf|%PDF|<\?xml|<!DOCTYPE|<html|@UTF8|@Begin|@Font|@Window|File type = "
    r"|[{\[]\s*[\"{\[]|[{\[]\s*$)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_CAPTION = re.compile(r"(?m)^\s*\d{1,3}:\d\d(?::\d\d)?[.,]\d{1,3}\s*(?:-->|,\s*\d+:\d\d)")


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes are text that no more telling format claims."""
    del name
    if b"\x00" in head[:4096] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    text = preview(head[:4096])
    if _OTHERS.match(text) or _CAPTION.search(text):
        return False
    return bool(text.strip()) and 100 * len(_CONTROL.findall(text)) <= len(text)


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    speakers: Iterable[str] | None = None,
) -> Draft:
    r"""Read a labelled text.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        When the user knows it.
    speakers
        The labels, when the user knows them; an empty list for prose without any.

    Raises
    ------
    ParseError
        When no line has a speaker's label.

    Examples
    --------
    >>> read(b"T: How was it?\n\nMs. D: Well...\nfine.", source="s1.txt").raws
    ['How was it?', 'Well...\nfine.']
    """
    lines = lines_of(data, source=source, encoding=encoding)
    draft = Draft(NAME, source)
    draft.know(lines.manner.info)
    whole = with_breaks(draft, lines)
    spoken = without_line_numbers(whole)
    if spoken is not whole:
        draft.warn("numbers that count the lines at the margin were left out")
    fill(draft, with_clock_times(spoken), speakers=speakers)
    return draft


def write(transcript: Transcript) -> bytes:
    r"""Write a transcript as labelled text, with times where there are any.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> write(Transcript.from_turns("s1", [("T", "Hello."), ("C", "Hi.")]))
    b'T: Hello.\n\nC: Hi.\n'
    """
    import pandas as pd

    paragraphs = []
    turns = transcript.turns
    for speaker, raw, start in zip(turns["speaker"], turns["raw"], turns["start_ms"], strict=True):
        stamp = "" if pd.isna(start) else f"[{clock(int(start))}] "
        paragraphs.append(f"{stamp}{speaker}: {raw}" if speaker else f"{stamp}{raw}")
    return ("\n\n".join(paragraphs) + "\n").encode()
