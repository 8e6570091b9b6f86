"""Searching many turns for cues, on one core or several, with nothing but numbers returned.

spaCy's own ``n_process`` sends every document back, which costs more than it saves. Here a
process makes its spotter once, gets the texts of whole sessions, and hands back one small
array of numbers for each lot of them.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.text.cues import CueSpotter
from rupturecode.text.pipelines import pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rupturecode.text.cues import Cue

    Rows = NDArray[np.int64]

_LOT = 2_500


@dataclass(frozen=True, eq=False)
class _Searcher:
    spotter: CueSpotter
    make_doc: Any
    number: dict[str, int]

    def __call__(self, texts: Sequence[str]) -> Rows:
        """Rows of: place of the text, number of the code, first and past-the-end offset."""
        found = [
            (i, self.number[code], start, end)
            for i, text in enumerate(texts)
            for code, start, end in self.spotter.places(self.make_doc(text))
        ]
        return np.array(found, dtype=np.int64).reshape(-1, 4)


#: The searcher of this process, where the process was started for searching.
_own: list[_Searcher] = []


def search(
    texts: Sequence[str],
    sessions: Sequence[object],
    cues: dict[str, list[Cue]],
    *,
    nlp: str | Path | None,
    workers: int,
) -> Rows:
    """Find cues in texts; the same rows in the same order for any number of workers.

    Parameters
    ----------
    texts
        Of all turns.
    sessions
        The session of each; a lot is cut only where it changes.
    cues
        Code to cues; a code's number is its place.
    nlp
        See :func:`~rupturecode.text.pipelines.pipeline`.
    workers
        Processes.

    Returns
    -------
    One row per cue found: place of the text, number of the code, first and past-the-end
    offset.
    """
    edges = _edges(sessions)
    lots = [texts[a:b] for a, b in pairwise(edges)]
    workers = min(workers, len(lots))
    parts: Iterable[Rows]
    if workers > 1:
        with ProcessPoolExecutor(workers, initializer=_start, initargs=(cues, nlp)) as pool:
            parts = list(pool.map(_search_here, lots))
    else:
        parts = map(_searcher(cues, nlp), lots)
    moved = [part + np.array([a, 0, 0, 0]) for a, part in zip(edges, parts, strict=False)]
    return np.concatenate(moved) if moved else np.empty((0, 4), dtype=np.int64)


def _edges(sessions: Sequence[object]) -> list[int]:
    """Where lots begin and the last ends: after enough turns, as soon as the session changes."""
    edges = [0]
    for i in range(1, len(sessions)):
        if i - edges[-1] >= _LOT and sessions[i] != sessions[i - 1]:
            edges.append(i)
    return [*edges, len(sessions)] if len(sessions) else []


def _searcher(cues: dict[str, list[Cue]], nlp: str | Path | None) -> _Searcher:
    made = pipeline(nlp)
    number = {code: i for i, code in enumerate(cues)}
    return _Searcher(CueSpotter(made, cues), made.make_doc, number)


def _start(cues: dict[str, list[Cue]], nlp: str | Path | None) -> None:
    _own[:] = [_searcher(cues, nlp)]


def _search_here(texts: Sequence[str]) -> Rows:
    return _own[0](texts)
