"""The content of coding sheets, before it becomes Excel or CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.io.annotations.sheet_layout import (
    ANSWERS,
    NOTE,
    REVIEWED,
    SESSION_COLUMNS,
    TURN_COLUMNS,
    Heading,
    Key,
    fingerprint,
    linked_codes,
    on_sessions,
    on_turns,
    shown_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rupturecode.codebook import Code, Codebook
    from rupturecode.transcript import Corpus

SESSION_SHEET = "session ratings"
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
    """One sheet: a session's turns, or all sessions to be rated as wholes."""

    name: str
    kind: str
    codes: tuple[Code, ...]
    rows: tuple[SheetRow, ...]
    heading: Heading
    links: bool = False
    """Whether some of the codes need a link to another turn."""
    suggestions: Mapping[int, str] | None = None
    """Per turn what a program suggests; None for a blind coder."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, as the reader knows them."""
        fixed = TURN_COLUMNS if self.kind == "turn" else SESSION_COLUMNS
        extra = () if self.suggestions is None else ("suggested",)
        codes = tuple(c.id for c in self.codes)
        answers = (ANSWERS,) if self.links else ()
        return (*fixed, *extra, *codes, *answers, NOTE, REVIEWED, str(self.heading))

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
    suggestions: pd.DataFrame | None = None,
) -> list[SheetPage]:
    """Lay out a coder's sheets, one per session in the order given, then the session ratings."""
    turn_codes = tuple(c for c in codes if on_turns(c))
    session_codes = tuple(c for c in codes if on_sessions(c))
    names = sheet_names(sessions)
    needing = linked_codes(codebook)
    links = any(c.id in needing for c in turn_codes)
    pages = []
    for session in (s for s in sessions if turn_codes and len(corpus[s])):
        rows = _turn_rows(corpus, session, coder)
        heading = Heading(len(rows), round_, codebook.ref, codebook.fingerprint)
        hints = None if suggestions is None else _hints(suggestions, session)
        pages.append(SheetPage(names[session], "turn", turn_codes, rows, heading, links, hints))
    if session_codes:
        rows = tuple(_session_row(session, coder) for session in sessions)
        heading = Heading(len(rows), round_, codebook.ref, codebook.fingerprint)
        pages.append(SheetPage(SESSION_SHEET, "session", session_codes, rows, heading))
    return pages


def _turn_rows(corpus: Corpus, session: str, coder: str) -> tuple[SheetRow, ...]:
    turns = corpus[session].turns[["turn", "speaker", "role", "text"]].fillna("")
    rows = []
    for turn, speaker, role, text in turns.itertuples(index=False, name=None):
        words = shown_text(text)
        key = Key(session, "turn", int(turn), fingerprint(speaker, words), coder)
        rows.append(SheetRow((int(turn), speaker, words), role, key))
    return tuple(rows)


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
    taken = {SESSION_SHEET, "how to", "lists", "history"}
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
