"""Rows for windows on a coding sheet: what they show, and whether it is still true."""

from __future__ import annotations

import re
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from rupturecode.io.annotations.sheet_layout import fingerprint, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.transcript import Corpus

SILENT = "no turn begins here"
_FIRST_WORDS = 180
_HASH = 10
_TURNS = re.compile(r"(\d+) to (\d+)")


class Window(NamedTuple):
    """One window as it stands in a table of units."""

    unit: int
    first: int
    last: int
    """Below ``first`` where nobody begins to speak."""
    clock: str
    """Such as ``5:00 to 10:00``; empty where there are no times."""

    @property
    def turns(self) -> str:
        """What the sheet says of it; worded so that no spreadsheet takes it for a date."""
        said = f"{self.first} to {self.last}" if self.first <= self.last else SILENT
        return f"{said} ({self.clock})" if self.clock else said


def windows_of(units: pd.DataFrame | Iterable[pd.DataFrame] | None) -> dict[str, list[Window]]:
    """Return the windows of every session, from tables of units of any kind."""
    frames = [] if units is None else [units] if isinstance(units, pd.DataFrame) else [*units]
    found: dict[str, list[Window]] = {}
    for frame in frames:
        if "kind" not in frame:
            continue
        for row in frame[frame["kind"] == "window"].to_dict("records"):
            silent = pd.isna(row["first_turn"])
            ends = (1, 0) if silent else (int(row["first_turn"]), int(row["last_turn"]))
            window = Window(int(row["unit"]), *ends, _clock(row))
            found.setdefault(str(row["session"]), []).append(window)
    return found


def _clock(row: Mapping[Any, Any]) -> str:
    start, end = row.get("start_ms"), row.get("end_ms")
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        return ""
    return f"{_minutes(int(start))} to {_minutes(int(end))}"


def _minutes(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def shown(window: Window, turns: pd.DataFrame) -> tuple[tuple[str, str], str]:
    """Return what the sheet shows of a window, and the hash of that and of all its words."""
    inside = turns[turns["turn"].between(window.first, window.last)]
    begins = ""
    if len(inside):
        speaker, text = inside[["speaker", "text"]].iloc[0]
        words = shown_text(f"{speaker}: {text}" if speaker else text)
        begins = shorten(words, _FIRST_WORDS, placeholder=" ...")
    cells = (window.turns, begins)
    return cells, fingerprint(*cells) + _words(turns, window.first, window.last)


def _words(turns: pd.DataFrame, first: int, last: int) -> str:
    inside = turns[turns["turn"].between(first, last)]
    said = [w for pair in inside[["speaker", "text"]].itertuples(index=False) for w in pair]
    return fingerprint(*said)


def is_as_shown(cells: tuple[str, str], key_hash: str) -> bool:
    """Whether the cells of a row still show what its key says."""
    return fingerprint(*cells) == key_hash[:_HASH]


def what_changed(
    unit: int, cells: tuple[str, str], key_hash: str, turns: pd.DataFrame, windows: list[Window]
) -> tuple[str, str] | None:
    """Say how the study differs now from what a row shows: message and kind."""
    found = _TURNS.match(cells[0])
    first, last = (int(found[1]), int(found[2])) if found else (1, 0)
    now = {w.unit: w for w in windows}.get(unit)
    if windows and (now is None or (now.first, now.last) != (first, last)):
        what = f"turns {now.first} to {now.last}" if now and now.first <= now.last else "nothing"
        return (
            f"window {unit} holds {cells[0]} on this sheet and {what} now: the windows were cut "
            "in another way when it was made"
        ), "window-changed"
    if _words(turns, first, last) != key_hash[_HASH:]:
        message = f"the transcript says something else in window {unit} than when this was made"
        return message, "transcript-changed"
    return None


def session_turns(corpus: Corpus, session: str) -> pd.DataFrame:
    """Return number, speaker and text of a session's turns, nothing missing."""
    return corpus[session].turns[["turn", "speaker", "text"]].fillna("")
