"""A session as one running text, as it goes out to tools, with the place of every turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus, Transcript


@dataclass(frozen=True, slots=True)
class Page:
    """The text as :meth:`Transcript.to_text` writes it."""

    session: str
    text: str
    starts: dict[int, int]
    """Turn to the place where its words begin."""
    lengths: dict[int, int]

    @classmethod
    def of(cls, talk: Transcript) -> Page:
        r"""Lay a session out, exactly as its plain text.

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
            at += len(label) + len(text) + 2
        return cls(talk.session, "\n\n".join(parts), starts, lengths)

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
    notes: Annotations, corpus: Corpus
) -> Iterator[tuple[Transcript, list[dict[str, Any]]]]:
    """Yield every session that someone examined, with its annotations."""
    table = notes.to_frame()
    for session in notes.sessions:
        if session in corpus:
            rows: list[dict[str, Any]] = table[table["session"] == session].to_dict("records")
            yield corpus[session], rows
