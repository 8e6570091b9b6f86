"""Reading the files of a corpus in one process or in several.

What a process has read comes back many sessions at a time, as one table of turns and one of
marks: handing over a table costs the same for one session as for twenty.
"""

from __future__ import annotations

import gc
import pickle
import sys
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.io.corpus_reading import Outcome, read_one
from rupturecode.tables import MARKS, TURNS, empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.context import BaseContext

    import pandas as pd

    from rupturecode.io.corpus_reading import Job

_EMPTY_TURNS, _EMPTY_MARKS = empty(TURNS).drop(columns="raw"), empty(MARKS)
_RAW = list(TURNS.columns).index("raw")
#: Lots per process: enough that none waits long for another at the end.
_LOTS = 8


def outcomes_of(
    jobs: Sequence[Job], workers: int, progress: Callable[[int, int], None] | None
) -> Iterator[Outcome]:
    """Read all files in their order, by that many processes.

    Raises
    ------
    UsageError
        When there are no workers, or one of them ends before its work is done.
    """
    if workers < 1:
        raise UsageError(f"workers={workers}: at least one.")
    workers = min(workers, len(jobs))
    found = map(read_one, jobs) if workers < 2 else _shared(jobs, workers)
    for done, outcome in enumerate(found, start=1):
        if progress is not None:
            progress(done, len(jobs))
        yield outcome


def _shared(jobs: Sequence[Job], workers: int) -> Iterator[Outcome]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    size = max(1, len(jobs) // (_LOTS * workers))
    lots = [jobs[i : i + size] for i in range(0, len(jobs), size)]
    try:
        with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_start) as pool:
            for packed in pool.map(_read_lot, lots):
                yield from _unpacked(packed)
    except BrokenProcessPool as err:
        raise UsageError(
            "A process that was reading transcripts ended before it was done. In a script, put "
            "the call under if __name__ == '__main__':; where memory is short, say workers=1."
        ) from err


def _context() -> BaseContext:
    """Fork where that is quick and safe: not among threads, and not outside Linux."""
    import multiprocessing

    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


def _start() -> None:
    """Let the collector pass over what was there before, else every look at it is a copy."""
    gc.freeze()


@dataclass(slots=True)
class _Lot:
    """What several files gave: outcomes whose transcripts have no rows, and the rows of all."""

    outcomes: list[Outcome]
    sizes: list[tuple[int, int]]
    """Turns and marks of each transcript."""
    turns: pd.DataFrame
    marks: pd.DataFrame
    raws: list[pd.Series | None]
    """Of each transcript the raw texts, where any differs from the text."""


def _read_lot(jobs: Sequence[Job]) -> bytes:
    """Read several files; the newer protocol, unlike that of the pool, copies no column."""
    import pandas as pd

    outcomes = [read_one(job) for job in jobs]
    talks = [talk for outcome in outcomes for talk in outcome.talks]
    frames = [talk.turns for talk in talks]
    lot = _Lot(
        outcomes,
        [(len(talk.turns), len(talk.marks)) for talk in talks],
        pd.concat([_EMPTY_TURNS, *[t.drop(columns="raw") for t in frames]], ignore_index=True),
        pd.concat([_EMPTY_MARKS, *[talk.marks for talk in talks]], ignore_index=True),
        [None if t["raw"].equals(t["text"]) else t["raw"] for t in frames],
    )
    for outcome in outcomes:
        outcome.talks = [replace(t, turns=_EMPTY_TURNS, marks=_EMPTY_MARKS) for t in outcome.talks]
    return pickle.dumps(lot, 5)


def _unpacked(packed: bytes) -> list[Outcome]:
    lot: _Lot = pickle.loads(packed)  # noqa: S301 - made by our own process
    rows = _rows(lot)
    for outcome in lot.outcomes:
        outcome.talks = [
            replace(talk, turns=turns, marks=marks)
            for talk, (turns, marks) in zip(outcome.talks, rows, strict=False)
        ]
    return lot.outcomes


def _rows(lot: _Lot) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the turns and marks of each transcript, which share the lot's memory."""
    turn = mark = 0
    for (n_turns, n_marks), raw in zip(lot.sizes, lot.raws, strict=True):
        turns = lot.turns.iloc[turn : turn + n_turns].reset_index(drop=True)
        turns.insert(_RAW, "raw", turns["text"] if raw is None else raw)
        yield turns, lot.marks.iloc[mark : mark + n_marks].reset_index(drop=True)
        turn, mark = turn + n_turns, mark + n_marks
