"""The batched core equals the plain functions; intervals are what they say."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from rupturecode import reliability as rel
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.blocks import build_block
from rupturecode.reliability.coefficients import FROM_SUMS
from rupturecode.reliability.matrix import encode
from rupturecode.reliability.resampling import draws, jackknife_limits
from rupturecode.reliability.scheme import scheme_of

SESSIONS = np.repeat(np.arange(8), [5, 9, 3, 12, 7, 6, 4, 10])


BINARY = ("prevalence", "positive_agreement", "negative_agreement", "pabak")


def ratings_of(seed: int, *, coders: int = 3, categories: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n = len(SESSIONS)
    truth = rng.integers(0, categories, (n, 1))
    guess = rng.integers(0, categories, (n, coders))
    ratings = np.where(rng.random((n, coders)) < 0.6, truth, guess).astype(float)
    ratings[rng.random((n, coders)) < 0.1] = np.nan
    return ratings


def scalar(name: str, ratings: np.ndarray, level: str, weights: str | None) -> float:
    if name == "krippendorff_alpha":
        return rel.krippendorff_alpha(ratings, level)
    if name.startswith("ICC"):
        return rel.icc(ratings, name)
    if name in {*BINARY, "icc"}:
        return getattr(rel, name)(ratings)
    return getattr(rel, name)(ratings, weights, categories=[0, 1, 2])


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("name", [n for n in FROM_SUMS if n != "alpha_of_numbers"])
def test_sums_of_sessions_give_the_plain_coefficient(name: str, level: str) -> None:
    coders = 2 if FROM_SUMS[name].two_coders else 3
    binary = name in BINARY
    tables = [ratings_of(s, coders=coders, categories=2 if binary else 3) for s in range(4)]
    weights = None if level == "nominal" else "quadratic"
    categories = (0.0, 1.0) if binary else (0.0, 1.0, 2.0)
    whole = encode(np.concatenate(tables), categories)
    block = build_block(
        np.stack(tables),
        "abcd",
        whole.coders,
        [name],
        scheme_of(whole, level=level, weights=weights),
        categories=categories,
        groups=SESSIONS,
        n_groups=8,
    )
    expected = [scalar(name, t, level, weights) for t in tables]
    np.testing.assert_allclose(block.estimate()[0], expected, atol=1e-10)

    without = [[scalar(name, t[s != SESSIONS], level, weights) for s in range(8)] for t in tables]
    np.testing.assert_allclose(block.without_each()[0], without, atol=1e-10)

    drawn = np.array([3, 3, 0, 7, 5, 5, 5, 1])
    again = np.concatenate([np.flatnonzero(s == SESSIONS) for s in drawn])
    weights_of = np.bincount(drawn, minlength=8).astype(float)[:, None]
    resampled = [scalar(name, t[again], level, weights) for t in tables]
    np.testing.assert_allclose(block.resampled(weights_of)[0, :, 0], resampled, atol=1e-10)


def test_sums_from_two_places_add_up() -> None:
    """Half of the sessions here, half there: the same as all together."""
    ratings = ratings_of(1)
    matrix = encode(ratings)
    names = ("krippendorff_alpha", "gwet_ac", "conger_kappa", "light_kappa", "ICC(A,1)")

    def block(part: np.ndarray) -> object:
        return build_block(
            ratings[None, part],
            ["x"],
            matrix.coders,
            names,
            scheme_of(matrix),
            categories=matrix.categories,
            groups=np.zeros(part.sum(), dtype=int),
            n_groups=1,
        )

    here, there, all_ = block(SESSIONS < 4), block(SESSIONS >= 4), block(SESSIONS >= 0)
    pooled = all_.estimates(here.features[..., 0] + there.features[..., 0])
    np.testing.assert_allclose(pooled, all_.estimate(), atol=1e-12)


def test_draws_are_what_they_claim() -> None:
    exact = np.concatenate(list(draws(20, 20_000, seed=1)), axis=1)
    assert (exact.sum(axis=0) == 20).all()
    assert exact.mean() == pytest.approx(1.0)
    assert exact.var() == pytest.approx(0.95, abs=0.01)
    poisson = np.concatenate(list(draws(600, 4000, seed=1)), axis=1)
    assert poisson.shape == (600, 4000)
    assert poisson.mean() == pytest.approx(1.0, abs=0.005)
    assert poisson.var() == pytest.approx(1.0, abs=0.01)
    first, second = (next(draws(20, 10, seed=s)) for s in (1, 2))
    assert not np.array_equal(first, second)


def test_jackknife_t_by_hand() -> None:
    """Eight sessions: leave one out, t with the degrees of freedom of the kurtosis."""
    ratings = ratings_of(4, categories=2)
    row = rel.intervals(ratings, sessions=SESSIONS).iloc[0]
    left_out = np.array([rel.krippendorff_alpha(ratings[s != SESSIONS]) for s in range(8)])
    apart = left_out - left_out.mean()
    se = np.sqrt(7 / 8 * (apart**2).sum())
    kurtosis = max(8 * (apart**4).sum() / (apart**2).sum() ** 2 - 3, 0)
    reach = stats.t.ppf(0.975, 2 / (2 / 7 + kurtosis / 8) - 1) * se
    alpha = rel.krippendorff_alpha(ratings)
    assert row["interval"] == "session jackknife-t"
    assert row["se"] == pytest.approx(se)
    z = np.arctanh(alpha) + np.array([-1, 1]) * reach / (1 - alpha**2)  # by the delta method
    assert (row["low"], row["high"]) == pytest.approx(tuple(np.tanh(z)))


def test_bootstrap_agrees_with_a_loop_over_the_krippendorff_package() -> None:
    """Same resamples, one at a time: percentiles within the error of drawing."""
    import krippendorff

    rng = np.random.default_rng(2)
    sessions = np.repeat(np.arange(40), 6)
    truth = rng.integers(0, 2, (240, 1))
    ratings = np.where(rng.random((240, 3)) < 0.8, truth, rng.integers(0, 2, (240, 3)))
    row = rel.intervals(ratings, sessions=sessions, replicates=20_000).iloc[0]
    by_session = ratings.reshape(40, 6, 3)
    loop = [
        krippendorff.alpha(
            by_session[rng.integers(0, 40, 40)].reshape(-1, 3).T, level_of_measurement="nominal"
        )
        for _ in range(1500)
    ]
    assert row["interval"] == "session bootstrap"
    assert row["se"] == pytest.approx(np.std(loop), rel=0.08)
    tail = stats.norm.cdf(-np.sqrt(40 / 39) * stats.t.ppf(0.975, 39))
    low, high = np.quantile(loop, [tail, 1 - tail])
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.25 * (high - low) / 4)


def test_intervals_repeat_with_their_seed_and_narrow_with_confidence() -> None:
    sessions = np.repeat(np.arange(60), 5)
    ratings = np.random.default_rng(0).integers(0, 2, (300, 2))
    found = [rel.intervals(ratings, sessions=sessions, seed=s).iloc[0] for s in (1, 1, 2)]
    assert found[0].equals(found[1])
    assert found[0]["low"] != found[2]["low"]
    narrow = rel.intervals(ratings, sessions=sessions, seed=1, confidence=0.5).iloc[0]
    assert found[0]["low"] < narrow["low"] < narrow["high"] < found[0]["high"]


def test_the_order_of_sessions_does_not_matter() -> None:
    ratings, order = ratings_of(5), np.random.default_rng(3).permutation(len(SESSIONS))
    plain = rel.intervals(ratings, sessions=SESSIONS)
    mixed = rel.intervals(ratings[order], sessions=SESSIONS[order])
    np.testing.assert_allclose(
        plain[["estimate", "low", "high"]].to_numpy(), mixed[["estimate", "low", "high"]].to_numpy()
    )


def test_clustered_sessions_need_wider_intervals_than_units_suggest() -> None:
    """Every unit of a session rated alike: the unit interval is far too sure."""
    rng = np.random.default_rng(0)
    per_session = np.where(rng.random((40, 1)) < 0.7, rng.integers(0, 2, (40, 1)), [[0, 1]])
    ratings, sessions = np.repeat(per_session, 25, axis=0), np.repeat(np.arange(40), 25)
    by_session = rel.intervals(ratings, sessions=sessions, replicates=2000).iloc[0]
    by_unit = rel.intervals(ratings, replicates=2000).iloc[0]
    assert by_unit["interval"] == "unit bootstrap, as if independent"
    width = [r["high"] - r["low"] for r in (by_session, by_unit)]
    assert width[0] > 3 * width[1]


def test_words_have_intervals_too() -> None:
    words = np.array([["no", "yes"], ["yes", "yes"], ["no", "no"], ["no", "no"]] * 9, dtype=object)
    numbers = (words == "yes").astype(float)
    columns = ["estimate", "low", "high"]
    np.testing.assert_allclose(
        rel.intervals(words)[columns].to_numpy(), rel.intervals(numbers)[columns].to_numpy()
    )


def test_wrong_calls_are_told() -> None:
    ratings = ratings_of(0)
    with pytest.raises(UnknownNameError, match="Did you mean 'gwet_ac'"):
        rel.intervals(ratings, "gwet_ac1")
    with pytest.raises(UsageError, match="3 sessions are given for 56 units"):
        rel.intervals(ratings, sessions=["a", "b", "c"])
    with pytest.raises(UsageError, match="use 100 or more, or 0 for the jackknife"):
        rel.intervals(ratings, replicates=10)
    with pytest.raises(UsageError, match="share between 0 and 1"):
        rel.intervals(ratings, confidence=95)
    with pytest.raises(UsageError, match="differ in shape"):
        rel.intervals({"a": ratings, "b": ratings[:5]})


@pytest.mark.slow
@pytest.mark.parametrize("sessions", [10, 30, 100])
def test_the_default_interval_covers_93_to_97_of_100(sessions: int) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "reliability_coverage.py"
    spec = spec_from_file_location("reliability_coverage", path)
    bench = module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    design = bench.DESIGNS[0]
    truth = rel.krippendorff_alpha(bench.simulate(np.random.default_rng(99), design, 1, 40_000)[0])
    share, _ = bench.covered(design, "krippendorff_alpha", truth, sessions, 2000, by_session=True)
    assert 0.93 <= share <= 0.97


@pytest.mark.parametrize("bounds", [(-1.0, 1.0), (-2.0, 2.0)])
def test_limits_stay_inside_the_bounds_and_around_the_estimate(bounds: tuple[float, float]) -> None:
    least, most = bounds
    estimate = np.array([least + 1e-9, -0.5, 0.0, 0.97, most - 1e-9, -1.5 * most])
    without = estimate[:, None] + np.array([-0.2, 0.0, 0.2])
    found = jackknife_limits(estimate, without, np.ones_like(without, dtype=bool), 0.95, bounds)
    inner = (estimate > least) & (estimate < most)
    assert (found.low >= least).all()
    assert (found.high <= most).all()
    assert (found.low[inner] <= estimate[inner]).all()
    assert (found.high[inner] >= estimate[inner]).all()
    at_zero = np.flatnonzero(estimate == 0)[0]
    assert found.low[at_zero] == pytest.approx(-found.high[at_zero])
