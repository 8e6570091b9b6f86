"""The simulations of benchmarks/sequences_simulation.py, with bounds."""

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def simulation():
    path = Path(__file__).parents[2] / "benchmarks" / "sequences_simulation.py"
    spec = importlib.util.spec_from_file_location("sequences_simulation", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found(rows):
    return {(truth, what): value for truth, what, _, value in rows}


def test_each_null_keeps_its_error(simulation):
    rows = found(simulation.pooling_errors(400))
    no_order, mixed = "no order; base rates differ", "orders that average out"
    for method in ("within", "mantel_haenszel", "session_mean"):
        assert 0.02 <= rows[no_order, f"pooling: {method}"] <= 0.08
    assert rows[no_order, "pooling: pooled"] > 0.10  # what the warning is about
    assert rows[f"{no_order} much", "pooling: pooled"] > 0.40
    assert rows[f"{no_order} much", "pooling: within"] < 0.07
    assert 0.02 <= rows[mixed, "pooling: session_mean"] <= 0.09
    assert rows[mixed, "pooling: within"] > 0.15  # rightly: there is order in single sessions


def test_permutation_tests_keep_their_error(simulation):
    for simulate in (simulation.family_error, simulation.no_repeat_error,
                     simulation.speaker_error):  # fmt: skip
        assert all(value <= 0.09 for *_, value in simulate(n=120))


def test_markov_tests_keep_their_error(simulation):
    assert all(0.01 <= value <= 0.10 for *_, value in simulation.markov_errors(250))


def test_intervals_cover(simulation):
    rows = [*simulation.survival_results(300), *simulation.clustered_results(250)]
    for _, what, _, value in rows:
        if what.startswith("coverage"):
            assert 0.91 <= value <= 0.99, what
        else:
            assert 0.02 <= value <= 0.09, what


def test_naming_is_not_mistaken_for_time(simulation):
    rows = found(simulation.immortal_time(60))
    truth = "naming has no effect"
    assert rows[truth, 'odds ratio, "ever named" (wrong)'] < 0.5
    assert rows[truth, "odds ratio, named so far"] == pytest.approx(1, abs=0.12)
    assert rows[truth, "odds ratio, landmark"] == pytest.approx(1, abs=0.2)
