"""The content of coding sheets, before it becomes Excel or CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.io.annotations.sheet_layout import (
    ANSWERS,
    NOTE,
    REVIEWED,
    SHOWN,
    Heading,
    Key,
    fingerprint,
    linked_codes,
    on_sessions,
    on_turns,
    on_windows,
    shown_text,
)
from rupturecode.io.annotations.sheet_windows import Window, session_turns, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rupturecode.codebook import Code, Codebook
    from rupturecode.transcript import Corpus

SESSION_SHEET, WINDOW_SHEET = "session ratings", "windows"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row to code."""

    fixed: tuple[str | int, ...]
    """What the coder reads: turn, speaker, text (or the session's name)."""
    role: str
    key: Key


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet: a session's turns, or the windows or wholes of all sessions."""

    name: str
    kind: str
    codes: tuple[Code, ...]
    rows: tuple[SheetRow, ...]
    heading: Heading
    links: bool = False
    """Whether some of the codes need a link to another turn."""
    asides: tuple[str, ...] = ()
    """Columns about all codes of a row: evidence, confidence."""
    suggestions: Mapping[int, str] | None = None
    """Per turn what a program suggests; None for a blind coder."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, as the reader knows them."""
        extra = () if self.suggestions is None else ("suggested",)
        codes = tuple(c.id for c in self.codes)
        answers = (ANSWERS,) if self.links else ()
        typed = (*answers, *self.asides, NOTE, REVIEWED)
        return (*SHOWN[self.kind], *extra, *codes, *typed, str(self.heading))

    def cells(self, row: SheetRow) -> list[object]:
        """Return a row's cells in the order of the columns."""
        extra = [] if self.suggestions is None else [self.suggestions.get(row.key.unit, "")]
        n_empty = len(self.columns) - len(row.fixed) - len(extra) - 1
        return [*row.fixed, *extra, *[""] * n_empty, str(row.key)]


def pages_for(
    corpus: Corpus,
    codebook: Codebook,
    codes: Sequence[Code],
    *,
    coder: str,
    sessions: Sequence[str],
    round_: int,
    windows: Mapping[str, Sequence[Window]],
    asides: tuple[str, ...] = (),
    suggestions: pd.DataFrame | None = None,
) -> list[SheetPage]:
    """Lay out a coder's sheets: one per session in the order given, windows, session ratings."""

    def page(name: str, kind: str, given: Sequence[Code], rows: Iterable[SheetRow]) -> SheetPage:
        every = tuple(rows)
        ids = tuple(c.id for c in given)
        heading = Heading(len(every), round_, codebook.ref, codebook.fingerprint, ids)
        return SheetPage(name, kind, tuple(given), every, heading, asides=asides)

    turn_codes = [c for c in codes if on_turns(c)]
    names = sheet_names(sessions)
    needing = linked_codes(codebook)
    links = any(c.id in needing for c in turn_codes)
    pages = []
    for session in (s for s in sessions if turn_codes and len(corpus[s])):
        made = page(names[session], "turn", turn_codes, _turn_rows(corpus, session, coder))
        hints = None if suggestions is None else _hints(suggestions, session)
        pages.append(replace(made, links=links, suggestions=hints))
    window_codes = [c for c in codes if on_windows(c)]
    rows = [row for s in sessions for row in _window_rows(corpus, s, windows.get(s, ()), coder)]
    if window_codes and rows:
        pages.append(page(WINDOW_SHEET, "window", window_codes, rows))
    session_codes = [c for c in codes if on_sessions(c)]
    if session_codes:
        whole = (_session_row(session, coder) for session in sessions)
        pages.append(page(SESSION_SHEET, "session", session_codes, whole))
    return pages


def _turn_rows(corpus: Corpus, session: str, coder: str) -> Iterator[SheetRow]:
    turns = corpus[session].turns[["turn", "speaker", "role", "text"]].fillna("")
    for turn, speaker, role, text in turns.itertuples(index=False, name=None):
        words = shown_text(text)
        key = Key(session, "turn", int(turn), fingerprint(speaker, words), coder)
        yield SheetRow((int(turn), speaker, words), role, key)


def _window_rows(
    corpus: Corpus, session: str, windows: Sequence[Window], coder: str
) -> Iterator[SheetRow]:
    turns = session_turns(corpus, session)
    for window in windows:
        cells, digest = shown(window, turns)
        key = Key(session, "window", window.unit, digest, coder)
        yield SheetRow((session, window.unit, *cells), "unknown", key)


def _session_row(session: str, coder: str) -> SheetRow:
    key = Key(session, "session", 1, fingerprint(session), coder)
    return SheetRow((session,), "unknown", key)


def _hints(suggestions: pd.DataFrame, session: str) -> dict[int, str]:
    mine = suggestions[suggestions["session"] == session]
    return {
        int(turn): ", ".join(dict.fromkeys(group["code"].astype(str)))
        for turn, group in mine.groupby("turn")
        if pd.notna(turn)
    }


def sheet_names(sessions: Iterable[str]) -> dict[str, str]:
    """Return a sheet's name per session: short, allowed, and used once.

    Examples
    --------
    >>> sheet_names(["a/1", "A:1"])
    {'a/1': 'a-1', 'A:1': 'A-1 2'}
    """
    taken = {SESSION_SHEET, WINDOW_SHEET, "how to", "lists", "history"}
    names = {}
    for session in sessions:
        name = stem = _FORBIDDEN.sub("-", session)[:31].strip() or "session"
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem[: 30 - len(str(count))]} {count}"
        taken.add(name.casefold())
        names[session] = name
    return names
