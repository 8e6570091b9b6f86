"""Simulations: do the tests keep their error, and the intervals their coverage.

Run ``python benchmarks/sequences_simulation.py docs/sequences-simulations.md`` to write the
results table; the slow tests run the same simulations with bounds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from rupturecode import sequences as sq
from rupturecode.sequences.encode import Encoded, count_pairs_by_session
from rupturecode.sequences.exact import order_tests
from rupturecode.sequences.independence import fit_independence
from rupturecode.sequences.mantel import common_odds
from rupturecode.sequences.pooling import session_mean
from rupturecode.sequences.shuffle import shuffled_counts
from rupturecode.sequences.twobytwo import collapse, informative

SESSIONS, TURNS, CODES = 20, 150, 4


def sessions_without_order(rng, evenness=5.0):
    """Codes in random order; sessions differ in how often each code occurs."""
    rates = rng.dirichlet(np.full(CODES, evenness), SESSIONS)
    codes = np.concatenate([rng.choice(CODES, TURNS, p=r) for r in rates])
    lengths = np.full(SESSIONS, TURNS)
    return Encoded(codes, lengths, tuple("abcd"), tuple(map(str, range(SESSIONS))))


def sessions_of_mixed_effects(rng, spread=0.6):
    """Code a raises the odds of b next in some sessions and lowers them in others."""
    rows = []
    for shift in rng.normal(0, spread, SESSIONS):
        row = [int(rng.integers(0, CODES))]
        p = {i: np.full(CODES, 1 / CODES) for i in range(CODES)}
        odds = np.exp(shift + np.log(1 / (CODES - 1)))
        share = odds / (1 + odds)
        p[0] = np.full(CODES, (1 - share) / (CODES - 1))
        p[0][1] = share
        for _ in range(TURNS - 1):
            row.append(int(rng.choice(CODES, p=p[row[-1]])))
        rows.append(row)
    lengths = np.full(SESSIONS, TURNS)
    names = tuple(map(str, range(SESSIONS)))
    return Encoded(np.concatenate(rows), lengths, tuple("abcd"), names)


def p_values(data):
    """P of cell a then b under each way of pooling."""
    counts = count_pairs_by_session(data)
    exact = order_tests(counts.sum(0), data.totals(), data.lengths).p[0, 1]
    residual = fit_independence(counts.sum(0).astype(float)).adjusted_residual[0, 1]
    from scipy.stats import norm

    stack = collapse(counts.astype(float))
    tables = np.stack([x[:, 0, 1] for x in stack], axis=1).reshape(-1, 2, 2)
    mantel = common_odds(tables[informative(tables)], 0.95)["p"]
    return {
        "within": exact,
        "mantel_haenszel": mantel,
        "session_mean": session_mean(tables)["p"],
        "pooled": 2 * norm.sf(abs(residual)),
    }


def pooling_errors(n=1000, seed=0):
    """Rejections at .05: no order at all, and orders that average out over sessions."""
    out = []
    for name, make in (
        ("no order; base rates differ", sessions_without_order),
        ("no order; base rates differ much", lambda rng: sessions_without_order(rng, 1.5)),
        ("orders that average out", sessions_of_mixed_effects),
    ):
        rng = np.random.default_rng(seed)
        reps = n if name.startswith("no order") else n // 2
        p = pd.DataFrame([p_values(make(rng)) for _ in range(reps)])
        share = (p < 0.05).mean()
        out += [(name, f"pooling: {method}", reps, float(share[method])) for method in p]
    return out


def family_error(n=150, seed=1):
    """Chance of any rejection among all cells after max-T, with nothing to find."""
    rng, hits = np.random.default_rng(seed), 0
    for i in range(n):
        data = sessions_without_order(rng)
        rows = dict(zip(data.sessions, [r.tolist() for r in data.rows], strict=True))
        cells = sq.transition_table(rows, adjust="max-t", shuffles=199, seed=i).cells
        hits += cells["p_adjusted"].min() < 0.05
    return [("no order; base rates differ", "max-T, any of 16 cells", n, hits / n)]


def no_repeat_error(n=300, seed=2):
    """Shuffles without repeats: test a code pair in sessions that have no order else."""
    rng, rejected = np.random.default_rng(seed), []
    for i in range(n):
        row = rng.choice(4, 60, p=[0.35, 0.3, 0.2, 0.15])
        row = row[np.concatenate([[True], row[1:] != row[:-1]])]
        data = Encoded(row, np.array([len(row)]), tuple("abcd"), ("1",))
        mixed = shuffled_counts(data, 200, repeats=False, seed=i)
        # the observed order is itself exchanged for one drawn by an independent chain
        one, rest = mixed[0, 0, 1], mixed[1:, 0, 1]
        low, high = (1 + (rest <= one).sum()) / 200, (1 + (rest >= one).sum()) / 200
        rejected.append(min(1, 2 * min(low, high)) < 0.05)
    return [("no order; codes cannot repeat", "shuffles without repeats", n, np.mean(rejected))]


def speaker_error(n=500, seed=3):
    """Two speakers who ignore one another, each with habits of his own."""
    rng, p = np.random.default_rng(seed), []
    for _ in range(n):
        rows, who = [], []
        for _ in range(8):
            speakers = np.where(rng.random(80) < 0.5, "T", "C")
            rate = rng.uniform(0.1, 0.5, 2)
            codes = np.where(
                speakers == "T",
                np.where(rng.random(80) < rate[0], "q", "r"),
                np.where(rng.random(80) < rate[1], "x", "y"),
            )
            rows.append(codes.tolist())
            who.append(speakers.tolist())
        cells = sq.transition_table(rows, speakers=who, shuffles=0).cells
        cell = cells[(cells["given"] == "T: q") & (cells["target"] == "C: x")]
        p.append(cell["p_exact"].item())
    share = float((np.array(p) < 0.05).mean())
    return [("speakers ignore one another", "who speaks held fixed", n, share)]


def markov_errors(n=400, seed=4):
    """Likelihood-ratio tests of chains that have the property tested."""
    rng, hits = np.random.default_rng(seed), np.zeros(3)
    move = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4]]).cumsum(1)
    for _ in range(n):
        rows = []
        for _ in range(6):
            row = [0]
            for u in rng.random(249):
                row.append(int(np.searchsorted(move[row[-1]], u)))
            rows.append(row)
        tests = (sq.order_test(rows), sq.stationarity_test(rows), sq.homogeneity_test(rows))
        hits += [t.p < 0.05 for t in tests]
    names = ("order", "stationarity", "homogeneity")
    return [("first-order chains", f"{x} test", n, h / n) for x, h in zip(names, hits, strict=True)]


def survival_results(n=800, seed=5):
    """Coverage of survival, incidence, median and restricted mean; error of the log-rank."""
    rng = np.random.default_rng(seed)
    hits = dict.fromkeys(("survival at 8", "incidence at 8", "median", "restricted mean"), 0)
    rejected = 0
    at, rate, other = 8, 0.06, 0.03
    # turns are whole numbers: the event comes in turn k with chance 1 - exp(-rate)
    total = rate + other
    truth_s = np.exp(-rate * at)
    truth_f = rate / total * (1 - np.exp(-total * at))
    truth_median = np.ceil(np.log(2) / rate)
    truth_mean = sum(np.exp(-rate * k) for k in range(20))
    for _ in range(n):
        t = np.ceil(rng.exponential(1 / rate, 80))
        c = rng.integers(10, 60, 80)
        time, event = np.minimum(t, c), t <= c
        curve = sq.survival_curve(time, event)
        row = curve[curve["time"] <= at].iloc[-1]
        hits["survival at 8"] += row["low"] <= truth_s <= row["high"]
        median = sq.median_time(curve).iloc[0]
        hits["median"] += not (truth_median < median["low"] or truth_median > median["high"])
        mean = sq.restricted_mean(time, event, horizon=20).iloc[0]
        hits["restricted mean"] += mean["low"] <= truth_mean <= mean["high"]
        group = rng.integers(0, 2, 80)
        rejected += sq.log_rank(time, event, group).p < 0.05
        both = rng.exponential(1 / total, 80)
        which = np.where(rng.random(80) < rate / total, "resolved", "left")
        which[np.ceil(both) > c] = ""
        table = sq.competing_risks(np.minimum(np.ceil(both), c), which)
        part = table[(table["outcome"] == "resolved") & (table["time"] <= at)].iloc[-1]
        hits["incidence at 8"] += part["low"] <= truth_f <= part["high"]
    out = [("80 waits, censored", f"coverage: {k}", n, v / n) for k, v in hits.items()]
    return [*out, ("80 waits, censored", "log-rank test", n, rejected / n)]


def clustered_results(n=400, seed=6):
    """Coverage of rates, log odds and hazards when sessions or cases differ."""
    from rupturecode.sequences.rates import rate_with_interval

    rng = np.random.default_rng(seed)
    hits = dict.fromkeys(("rate per 100 turns", "log odds over sessions", "clustered logit"), 0)
    for _ in range(n):
        exposure = rng.uniform(0.5, 1.5, 25)
        events = rng.poisson(exposure * rng.gamma(4, 8 / 4, 25))
        row = rate_with_interval(pd.DataFrame({"events": events, "exposure": exposure}))
        hits["rate per 100 turns"] += row["low"] <= 8 <= row["high"]
        tables = np.empty((25, 2, 2))
        for s, shift in enumerate(rng.normal(0.5, 0.4, 25)):
            odds = np.exp(np.array([shift, 0.0]) - 0.8)
            yes = rng.binomial(60, odds / (1 + odds))
            tables[s] = np.column_stack([yes, 60 - yes])
        estimate = session_mean(tables)
        hits["log odds over sessions"] += estimate["low"] <= 0.5 <= estimate["high"]
        cluster = np.repeat(np.arange(40), 15)
        x = np.repeat(rng.integers(0, 2, 40), 15).astype(float)
        u = np.repeat(rng.normal(0, 0.5, 40), 15)
        y = rng.random(600) < 1 / (1 + np.exp(1 - u))
        terms = sq.logit(y, pd.DataFrame({"x": x}), cluster=cluster).terms.iloc[1]
        hits["clustered logit"] += terms["low"] <= 0 <= terms["high"]
    return [("sessions or cases differ", f"coverage: {k}", n, v / n) for k, v in hits.items()]


def immortal_time(n=150, seed=7):
    """Odds ratios of naming with no effect at all: ever named against named so far."""
    rng = np.random.default_rng(seed)
    ever, so_far, landmark = [], [], []
    for _ in range(n):
        rows, outcomes = [], []
        for e in range(150):
            end, named = rng.geometric(0.05), rng.geometric(0.06)
            last = min(end, 40)
            time = np.arange(1, last + 1)
            rows.append(pd.DataFrame({"episode": e, "time": time, "event": time == end,
                                      "named": time > named}))  # fmt: skip
            outcomes.append((named <= last, end <= 40))
        table = pd.concat(rows, ignore_index=True)
        a = np.array(outcomes)
        cells = [[(a[:, 0] == x) & (a[:, 1] == y) for y in (True, False)] for x in (True, False)]
        counts = np.array([[c.sum() for c in r] for r in cells]) + 0.5
        ever.append(np.log(counts[0, 0] * counts[1, 1] / (counts[0, 1] * counts[1, 0])))
        model = sq.discrete_hazard(table, baseline="constant", cluster="episode")
        so_far.append(model.terms["estimate"].iloc[1])
        landmark.append(sq.landmark_odds(table, 8, cluster=None).terms["estimate"].iloc[1])
    means = [float(np.exp(np.mean(x))) for x in (ever, so_far, landmark)]
    names = ('odds ratio, "ever named" (wrong)', "odds ratio, named so far", "odds ratio, landmark")
    return [("naming has no effect", x, n, m) for x, m in zip(names, means, strict=True)]


ALL = (pooling_errors, family_error, no_repeat_error, speaker_error, markov_errors,
       survival_results, clustered_results, immortal_time)  # fmt: skip

_HEAD = """# Simulations of the sequences room

Made by `benchmarks/sequences_simulation.py` (seeds fixed). Errors are shares of rejections at
.05 when the null is true: .05 is right, less is cautious (exact tests of counts are). Coverage
is the share of 95 % intervals that hold the truth. Sessions: 20 × 150 turns, 4 codes, unless the
row says otherwise.

Some rows are here to show what goes wrong: pooling sessions that differ in base rates as if they
were one, and counting an episode as "ever named". Others show a difference of question: where
orders average out over sessions, the within-session tests are right to reject (there is
order in single sessions), and only the test over sessions keeps to its null. With rare codes
that test leans a little (the half added to every count): prefer the exact one there.

| truth | what | replicates | found |
|---|---|---|---|
"""


def main(path: str) -> None:
    rows = []
    for simulate in ALL:
        found = simulate()
        rows += found
        for truth, what, n, value in found:
            print(f"{truth:35} {what:40} {n:5} {value:.3f}", flush=True)
    text = "".join(f"| {a} | {b} | {n} | {v:.3f} |\n" for a, b, n, v in rows)
    Path(path).write_text(_HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs/sequences-simulations.md")
