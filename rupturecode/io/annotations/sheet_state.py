"""A coding sheet under examination, and the headings by which it is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.io.annotations.cells import text_of
from rupturecode.io.annotations.sheet_layout import (
    NOTE,
    REVIEWED,
    SHOWN,
    fingerprint,
    read_heading,
    read_key,
    shown_text,
)
from rupturecode.io.annotations.sheet_windows import session_turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.gather import Gathered
    from rupturecode.io.annotations.pages import Page
    from rupturecode.io.annotations.sheet_layout import Heading, Key
    from rupturecode.io.annotations.sheet_windows import Window
    from rupturecode.transcript import Corpus

_LOOKED = 8


@dataclass(slots=True)
class Sheet:
    """One sheet under examination."""

    page: Page
    codebook: Codebook
    corpus: Corpus | None
    windows: Mapping[str, list[Window]]
    out: Gathered
    top: int
    """The row of the columns' names."""
    key_column: int
    heading: Heading
    kind: str = "turn"
    columns: dict[str, int] = field(default_factory=dict)
    codes: list[tuple[int, Code]] = field(default_factory=list)
    keys: dict[int, Key] = field(default_factory=dict)
    """Key of every row that has a good one."""
    turns: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Per session the turns as the transcript reads now."""
    words: dict[str, dict[int, str]] = field(default_factory=dict)
    """Per session the hash of every turn as the transcript reads now."""

    def problem(self, message: str, kind: str, row: int, column: int | None = None) -> None:
        """Note what must be mended."""
        self.out.problems.append(self.page.problem(message, kind, row, column))

    def warn(self, message: str, kind: str, row: int, column: int | None = None) -> None:
        """Note what does no harm."""
        self.out.warnings.append(self.page.problem(message, kind, row, column))

    def turns_of(self, corpus: Corpus, session: str) -> pd.DataFrame:
        """Return the turns of a session, looked up once."""
        if session not in self.turns:
            self.turns[session] = session_turns(corpus, session)
        return self.turns[session]

    def words_of(self, turns: pd.DataFrame, session: str) -> dict[int, str]:
        """Return the hash of every turn of a session, worked out once."""
        if session not in self.words:
            rows = turns[["turn", "speaker", "text"]].itertuples(index=False, name=None)
            self.words[session] = {
                int(turn): fingerprint(speaker, shown_text(text)) for turn, speaker, text in rows
            }
        return self.words[session]


def heading_of(page: Page) -> tuple[int, int, Heading] | None:
    """Return row, column and content of the keys' heading; None when this is no coding sheet."""
    for row in range(min(_LOOKED, len(page.rows))):
        for column in range(len(page.rows[row]) - 1, -1, -1):
            found = read_heading(page.text(row, column))
            if found is not None:
                return row, column, found
    return None


def damage(page: Page) -> tuple[str, str] | None:
    """Say what is gone of a coding sheet that has lost its keys' heading: message and kind."""
    sheet = f"sheet {page.name!r}" if page.name else "this file"
    if any(
        read_key(page.text(row, column)) is not None
        for row in range(min(_LOOKED, len(page.rows)))
        for column in range(len(page.rows[row]) - 1, -1, -1)
    ):
        return (
            f"the hidden row 3 of {sheet}, with the names of its columns and the heading "
            "'rupturecode sheet|...', is gone. Undo its deletion, or copy that row from an "
            "earlier copy of the file"
        ), "heading-missing"
    if _is_ours(page):
        return (
            f"the hidden last column of {sheet}, with the heading 'rupturecode sheet|...', is "
            "gone; it says which turn each row belongs to and whose coding this is. Undo its "
            "deletion, or save the file anew with hidden columns kept; else make a fresh sheet "
            "(rupturecode sheets) and copy the columns of codes into it, row by row the same"
        ), "key-missing"
    return None


def _is_ours(page: Page) -> bool:
    """Whether a row near the top has the headings that only coding sheets have together."""
    for cells in page.rows[:_LOOKED]:
        names = {text_of(c) for c in cells}
        done = names & {REVIEWED, "reviewed to here", "rated"}
        if done and NOTE in names and any(names >= {*wanted} for wanted in _TELLING):
            return True
    return False


#: What a typed table does not have, which names its session and coder beside the turn.
_TELLING = (SHOWN["turn"], ("session", "window", "turns"), (*SHOWN["session"], "rated"))
