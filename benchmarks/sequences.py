"""Speed of the sequences room beside a plain Python loop and an installed peer.

Run ``python benchmarks/sequences.py`` (``--quick`` leaves out the 10,000 shuffles).
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

import numpy as np
import pandas as pd

from rupturecode import sequences as sq
from rupturecode.sequences.encode import Encoded, count_pairs, count_pairs_by_session
from rupturecode.sequences.exact import order_tests
from rupturecode.sequences.shuffle import shuffled_counts


def made(sessions: int, turns: int, codes: int, seed: int = 0) -> Encoded:
    rng = np.random.default_rng(seed)
    names = tuple(f"code{i}" for i in range(codes))
    flat = rng.integers(0, codes, sessions * turns)
    return Encoded(flat, np.full(sessions, turns), names, tuple(map(str, range(sessions))))


def best(work, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def plain_count(rows) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for row in rows:
        for a, b in pairwise(row):
            counts[a, b] = counts.get((a, b), 0) + 1
    return counts


def peer_count(data: Encoded) -> pd.DataFrame:
    frame = pd.DataFrame({"session": data.session, "given": data.codes})
    frame["target"] = frame.groupby("session")["given"].shift(-1)
    frame = frame.dropna()
    return pd.crosstab(frame["given"], frame["target"])


def plain_shuffle(rows, rng) -> None:
    mixed = [rng.permutation(row).tolist() for row in rows]
    plain_count(mixed)


def _part(arguments) -> int:
    data, shuffles, seed = arguments
    return len(shuffled_counts(data, shuffles, seed=seed))


def shuffles_on_two_cores(data: Encoded, shuffles: int) -> float:
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        done = sum(pool.map(_part, [(data, shuffles // 2, s) for s in (1, 2)]))
    if done != shuffles:
        raise RuntimeError(f"{done} shuffles instead of {shuffles}")
    return time.perf_counter() - start


def main(*, quick: bool) -> None:
    data = made(1000, 500, 12)
    session, rows = data.session, [r.tolist() for r in data.rows]
    text = {s: [data.labels[c] for c in r] for s, r in zip(data.sessions, rows, strict=True)}
    counts, totals = count_pairs_by_session(data), data.totals()
    ours = best(lambda: count_pairs(data.codes, session, 12))
    plain, peer = best(lambda: plain_count(rows), 3), best(lambda: peer_count(data), 3)
    lines = [
        ("count 500,000 turns, 12 codes", ours),
        ("  plain Python loop", plain),
        ("  pandas groupby and crosstab", peer),
        ("count per session", best(lambda: count_pairs_by_session(data))),
        ("closed-form tests of 144 cells",
         best(lambda: order_tests(counts.sum(0), totals, data.lengths))),
        ("transition_table, whole (from lists of names)",
         best(lambda: sq.transition_table(text), 3)),
        ("one shuffle and its count", best(lambda: shuffled_counts(data, 20), 3) / 20),
        ("  plain Python shuffle and loop",
         best(lambda: plain_shuffle(rows, np.random.default_rng(0)), 3)),
    ]  # fmt: skip
    for name, seconds in lines:
        print(f"{name:48} {1000 * seconds:10.2f} ms")
    print(f"counting is {plain / ours:.0f} × the plain loop, {peer / ours:.0f} × pandas")
    for n in (1, 2, 4):
        big = made(500 * n, 500, 12)
        whole = dict(zip(big.sessions, big.rows, strict=True))
        seconds = best(lambda whole=whole: sq.transition_table(whole), 3)
        print(f"transition_table, {250_000 * n:9,} turns {1000 * seconds:20.1f} ms")
    rng = np.random.default_rng(1)
    wait = rng.integers(1, 300, 10_000)
    seconds = best(lambda: sq.survival_curve(wait, wait % 3 > 0))
    print(f"{'Kaplan-Meier of 10,000 episodes':48} {1000 * seconds:10.2f} ms")
    if not quick:
        seconds = shuffles_on_two_cores(data, 10_000)
        print(f"10,000 shuffles of 500,000 turns on two processes: {seconds:.1f} s wall")
        print(f"(load average {os.getloadavg()[0]:.1f})")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
