"""Check, count, write and read a large study's codings: processor time and peak memory.

Run ``python benchmarks/annotations.py [SESSIONS]`` (1,000 unless given). The study has 3
coders and 40 codes, 100 turns a session, one cell in twenty given. Reading is timed in a
process of its own, beside pandas reading the same file as text and checking nothing.
"""

from __future__ import annotations

import resource
import subprocess
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


def book_and_units(n_sessions: int) -> tuple[Codebook, pd.DataFrame]:
    codes = [{"id": f"code{i:02}", "definition": "made up"} for i in range(N_CODES)]
    book = Codebook.from_dict({"id": "bench", "version": "1", "title": "Bench", "codes": codes})
    names = np.array([f"s{i:04}" for i in range(n_sessions)])
    units = pd.DataFrame(
        {
            "session": np.repeat(names, N_TURNS),
            "unit": np.tile(np.arange(1, N_TURNS + 1), n_sessions),
        }
    )
    return book, units


def marks_on(units: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    cells = len(units) * N_CODES * len(CODERS)
    picked = np.flatnonzero(rng.random(cells) < 0.05)
    coder, rest = np.divmod(picked, len(units) * N_CODES)
    unit, code = np.divmod(rest, N_CODES)
    return pd.DataFrame(
        {
            "session": units["session"].to_numpy()[unit],
            "turn": units["unit"].to_numpy()[unit],
            "coder": np.array(CODERS)[coder],
            "code": np.array([c.id for c in book])[code],
        }
    )


def timed(what: str, start: float) -> float:
    """Print processor seconds since ``start`` and the peak of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<58}{time.process_time() - start:8.2f} s   peak {peak:7.0f} MB", flush=True)
    return time.process_time()


def write(n_sessions: int, folder: str) -> None:
    book, units = book_and_units(n_sessions)
    marks = marks_on(units, book)
    size = f"{n_sessions} sessions x {len(CODERS)} coders x {N_CODES} codes"
    print(f"{size}: {len(marks):,} codes given; processor seconds")
    clock = time.process_time()
    notes = Annotations.from_frame(marks, codebook=book, units=units, coverage="whole sessions")
    clock = timed("check a table in memory", clock)
    array = notes.ratings_all()
    shape = (len(array.codes), len(array.units), len(array.coders))
    clock = timed(f"ratings of all codes {shape}", clock)
    notes.consensus("majority")
    clock = timed("consensus by majority", clock)
    write_annotations(notes, folder)
    size = sum(p.stat().st_size for p in Path(folder).iterdir()) / 1e6
    timed(f"write {size:.0f} MB of CSV", clock)
    notes.to_frame().to_parquet(Path(folder) / "truth.parquet")


def read(n_sessions: int, folder: str) -> None:
    book, units = book_and_units(n_sessions)
    files = sorted(Path(folder).glob("*.csv"))
    clock = time.process_time()
    again = read_annotations(files, codebook=book, units=units)
    took = time.process_time() - clock
    clock = timed("read and check the CSV, every problem with its line", clock)
    for file in files:
        pd.read_csv(file, dtype="str")
    peer = time.process_time() - clock
    timed("peer: pandas.read_csv(dtype='str'), nothing checked", clock)
    print(f"ratio to the peer: {took / peer:.1f}")
    if not again.to_frame().equals(pd.read_parquet(Path(folder) / "truth.parquet")):
        sys.exit("what was read is not what was written")


def main(n_sessions: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for step in ("write", "read"):
            command = [sys.executable, __file__, step, str(n_sessions), folder]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] in (["write"], ["read"]):
        {"write": write, "read": read}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
