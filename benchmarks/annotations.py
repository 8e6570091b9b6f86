"""Read and check a large study's codings, and count them: time and peak memory.

Run ``python benchmarks/annotations.py [SESSIONS]`` (1,000 unless given). The study has 3
coders and 40 codes, 100 turns a session, one cell in twenty given.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.io import read_annotations, write_annotations

N_TURNS, N_CODES, CODERS = 100, 40, ("AK", "BL", "CM")


def study(n_sessions: int) -> tuple[Codebook, pd.DataFrame, pd.DataFrame]:
    codes = [{"id": f"code{i:02}", "definition": "made up"} for i in range(N_CODES)]
    book = Codebook.from_dict({"id": "bench", "version": "1", "title": "Bench", "codes": codes})
    names = np.array([f"s{i:04}" for i in range(n_sessions)])
    units = pd.DataFrame(
        {
            "session": np.repeat(names, N_TURNS),
            "unit": np.tile(np.arange(1, N_TURNS + 1), n_sessions),
        }
    )
    rng = np.random.default_rng(1)
    cells = n_sessions * N_TURNS * N_CODES * len(CODERS)
    picked = np.flatnonzero(rng.random(cells) < 0.05)
    coder, rest = np.divmod(picked, n_sessions * N_TURNS * N_CODES)
    unit, code = np.divmod(rest, N_CODES)
    marks = pd.DataFrame(
        {
            "session": units["session"].to_numpy()[unit],
            "turn": units["unit"].to_numpy()[unit],
            "coder": np.array(CODERS)[coder],
            "code": np.array([c.id for c in book])[code],
        }
    )
    return book, units, marks


def timed(what: str, start: float) -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<58}{time.perf_counter() - start:8.2f} s   peak {peak:7.0f} MB")
    return time.perf_counter()


def main(n_sessions: int) -> None:
    book, units, marks = study(n_sessions)
    size = f"{n_sessions} sessions x {len(CODERS)} coders x {N_CODES} codes"
    print(f"{size}: {len(marks):,} codes given")
    clock = time.perf_counter()
    notes = Annotations.from_frame(marks, codebook=book, units=units, coverage="whole sessions")
    clock = timed("check a table in memory", clock)
    array = notes.ratings_all()
    shape = (len(array.codes), len(array.units), len(array.coders))
    clock = timed(f"ratings of all codes {shape}", clock)
    notes.consensus("majority")
    clock = timed("consensus by majority", clock)
    with tempfile.TemporaryDirectory() as folder:
        write_annotations(notes, folder)
        size = sum(p.stat().st_size for p in Path(folder).iterdir()) / 1e6
        clock = timed(f"write {size:.0f} MB of CSV", clock)
        again = read_annotations(folder, codebook=book, units=units)
        timed("read and check the CSV", clock)
    if not again.to_frame().equals(notes.to_frame()):
        sys.exit("what was read is not what was written")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
