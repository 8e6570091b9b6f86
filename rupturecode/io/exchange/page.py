"""A session as one running text, as it goes out to tools, with the place of every turn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus, Transcript


_NO_FILE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Page:
    """The text as :meth:`Transcript.to_text` writes it."""

    session: str
    text: str
    starts: dict[int, int]
    """Turn to the place where its words begin."""
    lengths: dict[int, int]

    @classmethod
    def of(cls, talk: Transcript, between: str = "\n\n") -> Page:
        r"""Lay a session out, exactly as its plain text, or with something else between turns.

        Examples
        --------
        >>> from rupturecode.transcript import Transcript
        >>> page = Page.of(Transcript.from_turns("s1", [("T", "Hm."), ("C", "So.")]))
        >>> page.text, page.starts
        ('T: Hm.\n\nC: So.', {1: 3, 2: 11})
        """
        starts, lengths, parts, at = {}, {}, [], 0
        for turn, speaker, text in talk.turns[["turn", "speaker", "text"]].itertuples(index=False):
            label = f"{speaker}: " if speaker else ""
            starts[int(turn)], lengths[int(turn)] = at + len(label), len(text)
            parts.append(label + text)
            at += len(label) + len(text) + len(between)
        return cls(talk.session, between.join(parts), starts, lengths)

    def stretch(self, row: Mapping[str, Any]) -> tuple[int, int]:
        """Return the stretch of text that an annotation stands on."""
        first, last = int(row["first_turn"]), int(row["last_turn"])
        low = self.starts[first] + _or(row["start_char"], 0)
        return low, self.starts[last] + _or(row["end_char"], self.lengths[last])


def _or(value: Any, otherwise: int) -> int:  # noqa: ANN401 - an integer or pandas' missing
    return otherwise if pd.isna(value) else int(value)


def needs_corpus(corpus: Corpus | None, fmt: str) -> Corpus:
    """Return the corpus.

    Raises
    ------
    UsageError
        When there is none.
    """
    if corpus is None:
        raise UsageError(f"Format {fmt!r} stands on the transcripts' words: pass corpus=...")
    return corpus


def by_session(
    notes: Annotations, corpus: Corpus, *, words: bool = True
) -> Iterator[tuple[Transcript, list[dict[str, Any]]]]:
    """Yield every session that someone examined, with its annotations.

    With ``words``, those on turns in which nothing is said are left out: a text cannot hold
    them, and :func:`silent` tells how many they are.
    """
    table = notes.to_frame()
    if words:
        table = table[~_silent(notes, table)]
    for session in notes.sessions:
        if session in corpus:
            rows: list[dict[str, Any]] = table[table["session"] == session].to_dict("records")
            yield corpus[session], rows


def passes(notes: Annotations) -> dict[str, list[tuple[str, int]]]:
    """Return who examined each session, and in which rounds, in order."""
    where = ["session", "coder", "round"]
    found: dict[str, set[tuple[str, int]]] = {}
    for session, coder, number in notes.coverage[where].itertuples(index=False, name=None):
        found.setdefault(str(session), set()).add((str(coder), int(number)))
    return {session: sorted(who) for session, who in found.items()}


def silent(notes: Annotations) -> list[str]:
    """Say how many annotations stand on turns without words."""
    n = int(_silent(notes, notes.to_frame()).sum())
    return [f"{n} annotations on turns without words"] if n else []


def _silent(notes: Annotations, table: pd.DataFrame) -> NDArray[np.bool_]:
    grid = notes.layout.grid("turn")
    if not grid.n_chars.any():  # units given as a table: lengths are not known
        return np.zeros(len(table), dtype=bool)
    at = table["kind"] != "session"
    session = table.loc[at, "session"].map(notes.layout.sessions).to_numpy(np.int64)
    ends = (table.loc[at, c].to_numpy(np.int64) for c in ("first_turn", "last_turn"))
    low, high = grid.stretch(session, *ends)
    said = np.r_[0, np.cumsum(grid.n_chars)]
    mask = np.zeros(len(table), dtype=bool)
    mask[at.to_numpy(bool)] = said[high] == said[low]
    return mask


def plain_name(name: str, what: str) -> str:
    """Return a name that can be a file's.

    Raises
    ------
    UsageError
        When it cannot.

    Examples
    --------
    >>> plain_name("s01", "session")
    's01'
    """
    if _NO_FILE.search(name) or not name.strip(". "):
        raise UsageError(f"{what} {name!r} cannot name a file; rename it before writing")
    return name
