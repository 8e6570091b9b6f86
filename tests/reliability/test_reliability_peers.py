"""Equality with independent implementations on random matrices."""

from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pandas as pd
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance as nltk_masi
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from rupturecode import reliability as rel
from rupturecode.reliability import alpha as alpha_module
from rupturecode.reliability import kappa as kappa_module

SEEDS = range(40)


def random_ratings(seed: int, *, coders: int | None = None, missing: float = 0.15) -> np.ndarray:
    rng = np.random.default_rng(seed)
    k = coders or int(rng.integers(2, 6))
    n, q = int(rng.integers(8, 60)), int(rng.integers(2, 6))
    truth = rng.integers(0, q, (n, 1))
    ratings = np.where(rng.random((n, k)) < 0.6, truth, rng.integers(0, q, (n, k))).astype(float)
    ratings[:q, 0] = np.arange(q)  # every category occurs, so that peers see the same scale
    ratings[:q, 1] = np.arange(q)
    ratings[q:][rng.random((n - q, k)) < missing] = np.nan
    return ratings


@pytest.fixture(params=["trusted path", "our core"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways through the coefficients that have two."""
    if request.param == "our core":
        monkeypatch.setattr(alpha_module, "_ORDINARY", -1)
        monkeypatch.setattr(kappa_module, "_ORDINARY", -1)
    return request.param


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_equals_krippendorff(path: str, level: str) -> None:
    for seed in SEEDS:
        ratings = random_ratings(seed)
        theirs = krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level)
        assert rel.krippendorff_alpha(ratings, level) == pytest.approx(theirs, abs=1e-12), path


def test_interval_alpha_of_many_different_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = np.random.default_rng(0).normal(50, 3, (60, 3)).round(2)
    theirs = krippendorff.alpha(reliability_data=ratings.T, level_of_measurement="interval")
    monkeypatch.setattr(alpha_module, "_ORDINARY", -1)
    assert rel.krippendorff_alpha(ratings, "interval") == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_kappa_equals_scikit_learn(path: str, weights: str | None) -> None:
    for seed in SEEDS:
        ratings = random_ratings(seed, coders=2, missing=0)
        theirs = cohen_kappa_score(ratings[:, 0], ratings[:, 1], weights=weights)
        assert rel.cohen_kappa(ratings, weights) == pytest.approx(theirs, abs=1e-12), path


def test_kappa_leaves_out_units_that_one_coder_missed(path: str) -> None:
    ratings = random_ratings(3, coders=2)
    both = ratings[~np.isnan(ratings).any(axis=1)]
    theirs = cohen_kappa_score(both[:, 0], both[:, 1])
    assert rel.cohen_kappa(ratings) == pytest.approx(theirs, abs=1e-12), path


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_kappa_and_its_errors_equal_statsmodels(weights: str | None) -> None:
    for seed in SEEDS:
        ratings = random_ratings(seed, coders=2, missing=0)
        table = pd.crosstab(ratings[:, 0], ratings[:, 1]).to_numpy()
        wt = {None: None, "linear": "linear", "quadratic": "quadratic"}[weights]
        theirs = inter_rater.cohens_kappa(table, wt=wt)
        assert rel.cohen_kappa(ratings, weights) == pytest.approx(theirs.kappa, abs=1e-12)
        ours = rel.cohen_kappa_se(ratings, weights)
        assert ours == pytest.approx(theirs.std_kappa, abs=1e-9)
        null = rel.cohen_kappa_se(ratings, weights, method="null")
        assert null == pytest.approx(theirs.std_kappa0, abs=1e-9)


def test_fleiss_and_randolph_equal_statsmodels() -> None:
    for seed in SEEDS:
        ratings = random_ratings(seed, missing=0)
        counts, _ = inter_rater.aggregate_raters(ratings.astype(int))
        assert rel.fleiss_kappa(ratings) == pytest.approx(inter_rater.fleiss_kappa(counts))
        randolph = inter_rater.fleiss_kappa(counts, method="randolph")
        assert rel.brennan_prediger(ratings) == pytest.approx(randolph)


def as_nltk(ratings: np.ndarray, **options: object) -> AnnotationTask:
    rows = [
        (f"c{k}", u, cell)
        for u, row in enumerate(ratings)
        for k, cell in enumerate(row)
        if isinstance(cell, frozenset) or not np.isnan(cell)
    ]
    return AnnotationTask(data=rows, **options)


def test_pi_kappa_and_s_equal_nltk() -> None:
    for seed in SEEDS:
        ratings = random_ratings(seed, coders=2, missing=0)
        task = as_nltk(ratings)
        assert rel.scott_pi(ratings) == pytest.approx(task.pi())
        assert rel.cohen_kappa(ratings) == pytest.approx(task.kappa())
        assert rel.brennan_prediger(ratings) == pytest.approx(task.S())
        assert rel.percent_agreement(ratings) == pytest.approx(task.avg_Ao())


def test_multi_kappa_equals_nltk() -> None:
    """nltk's multi_kappa (Davies and Fleiss) is Hubert's and, without gaps, Conger's."""
    for seed in SEEDS:
        ratings = random_ratings(seed, missing=0)
        theirs = as_nltk(ratings).multi_kappa()
        assert rel.hubert_kappa(ratings) == pytest.approx(theirs)
        assert rel.conger_kappa(ratings) == pytest.approx(theirs)
        assert rel.light_kappa(ratings) == pytest.approx(as_nltk(ratings).kappa())


def test_alpha_of_sets_equals_nltk() -> None:
    rng = np.random.default_rng(5)
    names = np.array(["withdrawal", "confrontation", "repair"])
    for _ in range(15):
        cells = [[frozenset(names[rng.random(3) < 0.5]) or frozenset({"none"}) for _ in range(3)]
                 for _ in range(12)]  # fmt: skip
        task = as_nltk(np.array(cells, dtype=object), distance=nltk_masi)
        assert rel.masi_alpha(cells) == pytest.approx(task.alpha(), abs=1e-9)


def test_intraclass_correlations_equal_pingouin() -> None:
    pingouin = pytest.importorskip("pingouin")
    for seed in range(6):
        rng = np.random.default_rng(seed)
        n, k = int(rng.integers(5, 30)), int(rng.integers(2, 5))
        ratings = rng.normal(size=(n, 1)) + rng.normal(size=(n, k)) + rng.normal(size=k) / 2
        long = pd.DataFrame(
            {
                "unit": np.repeat(np.arange(n), k),
                "coder": np.tile(np.arange(k), n),
                "rating": ratings.ravel(),
            }
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = pingouin.intraclass_corr(
                data=long, targets="unit", raters="coder", ratings="rating"
            )
        ours = rel.icc_table(ratings)
        np.testing.assert_allclose(ours["estimate"], theirs["ICC"], atol=1e-9)
        np.testing.assert_allclose(ours["f"], theirs["F"], rtol=1e-9)
        limits = np.array([list(x) for x in theirs.filter(like="CI").iloc[:, 0]], dtype=float)
        np.testing.assert_allclose(ours[["low", "high"]], limits, atol=0.0051)


@pytest.mark.parametrize("weights", [None, "quadratic", "linear"])
def test_gwets_family_and_errors_equal_irrcac(weights: str | None) -> None:
    raw = pytest.importorskip("irrCAC.raw")
    for seed in range(12):
        ratings = random_ratings(seed, coders=4)
        ratings = ratings[(~np.isnan(ratings)).any(axis=1)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = sorted({float(v) for v in ratings[~np.isnan(ratings)]})
            cac = raw.CAC(
                pd.DataFrame(ratings), weights=weights or "identity", categories=seen, digits=12
            )
            theirs = {
                "gwet_ac": cac.gwet()["est"],
                "fleiss_kappa": cac.fleiss()["est"],
                "conger_kappa": cac.conger()["est"],
                "brennan_prediger": cac.bp()["est"],
                "krippendorff_alpha": cac.krippendorff()["est"],
            }
        for name, found in theirs.items():
            if name == "krippendorff_alpha":
                if weights == "linear":
                    continue  # no level of alpha has linear differences
                level = "interval" if weights else "nominal"
                value = rel.krippendorff_alpha(ratings, level)
            else:
                value = rel.COEFFICIENTS[name](ratings, weights)
            assert value == pytest.approx(found["coefficient_value"], abs=1e-9), (name, seed)
            error = rel.standard_error(ratings, name, weights=weights)
            assert error == pytest.approx(found["se"], abs=1e-9), (name, seed)
