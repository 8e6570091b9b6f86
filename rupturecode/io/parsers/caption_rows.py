"""Turns as captions are written: every one with a start and an end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, Problem

if TYPE_CHECKING:
    from rupturecode.transcript.model import Transcript

#: So many turns a message names.
_MOST_NAMED = 10
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def timed_turns(transcript: Transcript, format: str) -> list[tuple[str, str, int, int]]:  # noqa: A002
    """Speaker, raw text without blank lines, start and end of each turn, for writing captions.

    Raises
    ------
    InvalidDataError
        Naming the turns without a start, and those without an end.
    """
    turns = transcript.turns
    problems = []
    for column, what in (("start_ms", "start"), ("end_ms", "end")):
        without = turns["turn"][turns[column].isna()].tolist()
        if without:
            more = ", ..." if len(without) > _MOST_NAMED else ""
            named = ", ".join(map(str, without[:_MOST_NAMED])) + more
            count = f"{len(without)} of {len(turns)} turns have"
            problems.append(Problem(f"{count} no {what}: {named}; text and csv need none"))
    if problems:
        raise InvalidDataError(
            f"{format} needs a start and an end of every turn; session {transcript.session}",
            problems,
        )
    raws = [_BLANK_LINES.sub("\n", raw) for raw in turns["raw"]]
    if transcript.info.get("markup"):  # no sign that WebVTT would take for a time
        raws = [raw.replace("-->", "--&gt;") for raw in raws] if format == "webvtt" else raws
    else:
        raws = [raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for raw in raws]
    return list(zip(turns["speaker"], raws, turns["start_ms"], turns["end_ms"], strict=True))
