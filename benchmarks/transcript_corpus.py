"""Reading a corpus of hour-long sessions with one process and with two.

Run ``python benchmarks/transcript_corpus.py --sessions 1000 --format .txt --repeat 5``. Each
number of workers takes its turn, and the quickest of its runs is told. Seconds of the clock
tell the gain only where the machine is idle; on a busy one those of the processors do: with
two workers, half of what all processes do is the least that it can take.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from transcripts import WRITERS, turns

#: An hour of talk: about 9,000 words.
BYTES = 50_000


class Run(NamedTuple):
    """One reading: seconds of the clock, and of the processor here and in workers."""

    clock: float
    here: float
    workers: float
    load: float
    what: str


def run(folder: str, workers: int) -> Run:
    from rupturecode.io import read_corpus

    start, before = time.perf_counter(), os.times()
    corpus = read_corpus(folder, workers=workers)
    clock, after = time.perf_counter() - start, os.times()
    here = after.user + after.system - before.user - before.system
    theirs = sum(after[2:4]) - sum(before[2:4])
    what = f"{len(corpus):,} sessions, {len(corpus.turns):,} turns, {workers} workers"
    return Run(clock, here, theirs, os.getloadavg()[0], what)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--format", default=".txt", choices=list(WRITERS))
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(options.sessions):
            path = Path(folder) / f"s{n:04}{options.format}"
            path.write_bytes(WRITERS[options.format](turns(BYTES, seed=n)))
        runs = [[run(folder, n) for n in options.workers] for _ in range(options.repeat)]
    best = [min(of_one) for of_one in zip(*runs, strict=True)]
    for found in best:
        print(
            f"{found.what}: {found.clock:.1f} s ({found.clock / best[0].clock:.2f}); processor "
            f"{found.here:.1f} s here, {found.workers:.1f} s in workers "
            f"(load {found.load:.1f} on {os.cpu_count()} cores)"
        )


if __name__ == "__main__":
    main()
