"""A transcript's turns as plain Python values, for the writers of formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from rupturecode.transcript.model import Transcript


class TurnRow(NamedTuple):
    """One turn; text as in the file it came from."""

    turn: int
    speaker: str
    role: str
    raw: str
    start_ms: int | None
    end_ms: int | None


def turn_rows(transcript: Transcript) -> list[TurnRow]:
    """Return the turns in order.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> turn_rows(Transcript.from_turns("s1", [("T", "Hello.")]))[0].start_ms is None
    True
    """
    turns = transcript.turns
    return [
        TurnRow(*row)
        for row in zip(
            turns["turn"].astype(int).tolist(),
            turns["speaker"].fillna("").tolist(),
            turns["role"].fillna("unknown").tolist(),
            turns["raw"].fillna("").tolist(),
            _times(turns["start_ms"]),
            _times(turns["end_ms"]),
            strict=True,
        )
    ]


def _times(column: pd.Series) -> Iterator[int | None]:
    return (
        None if missing else int(value)
        for value, missing in zip(column, column.isna(), strict=True)
    )
