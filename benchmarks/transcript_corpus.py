"""Reading a corpus of hour-long sessions with one process and with two.

Run ``python benchmarks/transcript_corpus.py --sessions 1000 --format .txt``. Seconds of the
clock tell the gain only where the machine is idle; on a busy one those of the processors do:
with two workers, what this process does itself and half of what the workers do is the least.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from transcripts import WRITERS, turns

#: An hour of talk: about 9,000 words.
BYTES = 50_000


def main() -> None:
    from rupturecode.io import read_corpus

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--format", default=".txt", choices=list(WRITERS))
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(options.sessions):
            path = Path(folder) / f"s{n:04}{options.format}"
            path.write_bytes(WRITERS[options.format](turns(BYTES, seed=n)))
        for workers in options.workers:
            start, before = time.perf_counter(), os.times()
            corpus = read_corpus(folder, workers=workers)
            seconds, after = time.perf_counter() - start, os.times()
            own = after.user + after.system - before.user - before.system
            theirs = (
                after.children_user
                + after.children_system
                - before.children_user
                - before.children_system
            )
            print(
                f"{len(corpus):,} sessions, {len(corpus.turns):,} turns, {workers} workers: "
                f"{seconds:.1f} s; processor {own:.1f} s here, {theirs:.1f} s in workers "
                f"(load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
            )


if __name__ == "__main__":
    main()
