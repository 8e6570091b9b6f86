"""Agreement side by side with its peers, in one process on one core.

Run ``python benchmarks/reliability.py``; peers that are not installed are left out. Ratios
are taken inside the run; absolute times depend on the machine.
"""

from __future__ import annotations

import resource
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import krippendorff
import numpy as np
from threadpoolctl import threadpool_limits

from rupturecode.reliability import icc_table, intervals, krippendorff_alpha

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Return the best time of a few runs after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def simulated(rng: np.random.Generator, units: int, coders: int, categories: int) -> np.ndarray:
    """Ratings that hit the truth in 70 of 100 cases, 10 of 100 missing."""
    truth = rng.integers(0, categories, (units, 1))
    guess = rng.integers(0, categories, (units, coders))
    ratings = np.where(rng.random((units, coders)) < 0.7, truth, guess).astype(float)
    ratings[rng.random((units, coders)) < 0.1] = np.nan
    return ratings


def report(what: str, ours: float, target: str, peers: dict[str, float]) -> None:
    beside = ", ".join(f"{n} {s:.4g} s ({s / ours:.0f} times)" for n, s in peers.items())
    print(f"{what}: {ours:.4g} s (target {target})" + (f"; {beside}" if beside else ""))


def peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)


def single_alphas(rng: np.random.Generator) -> None:
    for categories in (5, 30):
        ratings = simulated(rng, 100_000, 3, categories)
        peer = seconds(
            lambda r=ratings: krippendorff.alpha(r.T, level_of_measurement="nominal"), runs=1
        )
        ours = seconds(lambda r=ratings: krippendorff_alpha(r))
        what = f"one alpha, 3 x 100,000, {categories} categories"
        report(what, ours, "20 times krippendorff", {"krippendorff": peer})


def joint_bootstrap(rng: np.random.Generator) -> None:
    units, codes, replicates = 1000, 30, 10_000
    tables = {f"code{c:02}": simulated(rng, units, 3, 2) for c in range(codes)}
    one = tables["code00"]
    timed = 500  # replicates of one code; the rest is multiplication

    def loop() -> None:
        for _ in range(timed):
            drawn = one[rng.integers(0, units, units)]
            krippendorff.alpha(drawn.T, level_of_measurement="nominal")

    ours = seconds(lambda: intervals(tables, replicates=replicates))
    what = "30 binary codes x 1,000 units x 3 coders x 10,000 replicates"
    looped = seconds(loop, runs=3) / timed * codes * replicates
    peers = {f"krippendorff in a loop ({timed} of 300,000 timed)": looped}
    report(what, ours, "0.15 s, 1,000 times a loop", peers)

    sessions = np.repeat(np.arange(100), units // 100)
    ours = seconds(lambda: intervals(tables, sessions=sessions, replicates=replicates))
    report("30 codes, 100 sessions resampled 10,000 times", ours, "0.2 s", {})


def intraclass(rng: np.random.Generator) -> None:
    ratings = rng.normal(size=(1000, 1)) + rng.normal(size=(1000, 3))
    ours = seconds(lambda: icc_table(ratings), runs=9)
    peers = {}
    try:
        pingouin, pandas = import_module("pingouin"), import_module("pandas")
    except ImportError:
        pass
    else:
        long = pandas.DataFrame(
            {
                "unit": np.repeat(np.arange(1000), 3),
                "coder": np.tile(np.arange(3), 1000),
                "rating": ratings.ravel(),
            }
        )
        peers["pingouin"] = seconds(
            lambda: pingouin.intraclass_corr(
                data=long, targets="unit", raters="coder", ratings="rating"
            )
        )
    report("six ICCs with limits, 1,000 x 3", ours, "15 times pingouin", peers)


def large(rng: np.random.Generator) -> None:
    ratings = simulated(rng, 1_000_000, 10, 30)
    before = peak_gigabytes()
    ours = seconds(lambda: krippendorff_alpha(ratings), runs=1)
    report("one alpha, 10 x 1,000,000, 30 categories", ours, "within 2 GB", {})
    print(f"  peak memory {peak_gigabytes():.2f} GB, before the call {before:.2f} GB")


def main() -> None:
    rng = np.random.default_rng(0)
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, one BLAS thread")
    joint_bootstrap(rng)
    intraclass(rng)
    large(rng)
    single_alphas(rng)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
