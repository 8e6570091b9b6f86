"""How often the default interval covers the true value when sessions differ.

Simulated coders: in each session the code is more or less frequent, and more or less easy
to see and to mistake, so turns of a session depend on one another. The true value of a
coefficient is its value in very many sessions. Run

    nice python benchmarks/reliability_coverage.py > docs/reliability-coverage.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from rupturecode.reliability import intervals
from rupturecode.reliability.coefficients import COEFFICIENTS

TURNS, CODERS = 40, 3
SESSIONS = (10, 20, 30, 50, 100, 200)
AT_ONCE = 100


@dataclass(frozen=True)
class Design:
    """How coders and sessions are simulated."""

    name: str
    prevalence: float
    hit: float = 0.85
    false_alarm: float = 0.03
    session_spread: float = 1.0
    """Standard deviation, in logits, of prevalence between sessions."""
    difficulty_spread: float = 0.8
    """The same for hits and false alarms."""


DESIGNS = (
    Design("usual marker, 15 in 100 turns", 0.15),
    Design("rare marker, 5 in 100 turns", 0.05),
    Design("very rare marker, 2 in 100 turns", 0.02),
)
MEASURES = ("krippendorff_alpha", "gwet_ac", "positive_agreement")


def logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def simulate(rng: np.random.Generator, design: Design, sets: int, sessions: int) -> np.ndarray:
    """Return ratings: data sets × units × coders."""
    shape = (sets, sessions, 1, 1)
    there = logistic(logit(design.prevalence) + design.session_spread * rng.normal(size=shape))
    hit = logistic(logit(design.hit) + design.difficulty_spread * rng.normal(size=shape))
    miss = logistic(logit(design.false_alarm) + design.difficulty_spread * rng.normal(size=shape))
    truth = rng.random((sets, sessions, TURNS, 1)) < there
    seen = rng.random((sets, sessions, TURNS, CODERS)) < np.where(truth, hit, miss)
    return seen.reshape(sets, sessions * TURNS, CODERS).astype(float)


def covered(
    design: Design, coefficient: str, truth: float, sessions: int, sets: int, *, by_session: bool
) -> tuple[float, int]:
    """Return the share of intervals that hold the true value, and how many were undefined."""
    inside = defined = 0
    names = np.repeat(np.arange(sessions), TURNS) if by_session else None
    for batch in range(-(-sets // AT_ONCE)):
        rng = np.random.default_rng([sessions, batch, 7])
        tables = simulate(rng, design, AT_ONCE, sessions)
        found = intervals(
            {str(i): t for i, t in enumerate(tables)},
            coefficient,
            sessions=names,
            categories=(0, 1),
            replicates=1000,
            seed=batch,
        ).dropna(subset=["low"])
        inside += int(((found["low"] <= truth) & (truth <= found["high"])).sum())
        defined += len(found)
    return inside / defined, -(-sets // AT_ONCE) * AT_ONCE - defined


def row(design: Design, coefficient: str, sets: int) -> tuple[str, list[str]]:
    """Return a row of the table, and in words the cells outside 93 to 97 in 100."""
    everything = simulate(np.random.default_rng(99), design, 1, 40_000)[0]
    truth = COEFFICIENTS[coefficient](everything)
    cells, misses, undefined = [], [], 0
    for sessions in SESSIONS:
        share, missing = covered(design, coefficient, truth, sessions, sets, by_session=True)
        undefined += missing
        cells.append(f"{share:.3f}")
        if not 0.93 <= round(share, 3) <= 0.97:
            misses.append(
                f"{coefficient} of the {design.name.split(',')[0]} at {sessions} ({share:.3f})"
            )
    print(design.name, coefficient, cells, file=sys.stderr, flush=True)
    label = coefficient.replace("_", " ")
    start = f"| {design.name} | {label} | {truth:.2f} | "
    return start + " | ".join(cells) + f" | {undefined} |", misses


def main(sets: int = 2000) -> None:
    error = (0.95 * 0.05 / sets) ** 0.5
    naive, _ = covered(DESIGNS[0], MEASURES[0], 0.639, 50, 500, by_session=False)
    print(
        f"""# How often the default intervals cover

Share of 95 % intervals that hold the true value, {sets:,} simulated data sets in each cell,
{TURNS} turns a session, {CODERS} coders; Monte Carlo standard error {error:.4f}. Sessions differ
in how often the code occurs (standard deviation {DESIGNS[0].session_spread:g} logits) and in how
hard it is to see and to mistake ({DESIGNS[0].difficulty_spread:g} logits). Below 30 sessions the
default is the session jackknife-t, from 30 the session bootstrap. Made by
`benchmarks/reliability_coverage.py`.

| code | coefficient | true | {" | ".join(f"{s} sessions" for s in SESSIONS)} | undefined |
|---|---|---|{"---|" * (len(SESSIONS) + 1)}"""
    )
    outside = []
    for design in DESIGNS:
        for coefficient in MEASURES:
            line, misses = row(design, coefficient, sets)
            outside += misses
            print(line, flush=True)
    print(
        f"""
Outside 93 to 97 in 100: {"; ".join(outside) or "none"}.

*Undefined* counts data sets, of all cells in the row, in which there was nothing to make an
interval from (nobody gave the code, or no two coders ever differed); the table says so in
its note. Resampling turns as if they were independent covers {naive:.2f} in the first row's design
at 50 sessions.
"""
    )


if __name__ == "__main__":
    with threadpool_limits(1):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
