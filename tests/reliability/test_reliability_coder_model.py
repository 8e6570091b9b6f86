"""Coder model: the data of the paper, likelihood by hand, planted errors; equity audit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UsageError

#: Dawid & Skene (1979), table 1: 45 patients, three readings by the first anaesthetist and one
#: by each of four others.
PATIENTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
""".split()
READINGS = pd.DataFrame([[*p] for p in PATIENTS], columns=["1", "1", "1", "2", "3", "4", "5"])


def test_prevalence_of_the_paper() -> None:
    """Table 2: classes 1 to 4 make .40, .42, .11 and .07."""
    found = rel.coder_model(READINGS)
    assert len(READINGS) == 45
    assert found.categories["prevalence"].round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert found.converged
    errors = found.errors.groupby(["coder", "true"])["probability"].sum()
    assert np.allclose(errors, 1)
    assert found.errors["coder"].nunique() == 5


def by_hand(counts: np.ndarray, prevalence: np.ndarray, errors: np.ndarray) -> float:
    """Log likelihood, one unit, one category and one rating at a time."""
    total = 0.0
    for unit in counts:
        unit_sum = 0.0
        for c, share in enumerate(prevalence):
            product = share
            for k, row in enumerate(unit):
                for given, n in enumerate(row):
                    product *= errors[k, c, given] ** n
            unit_sum += product
        total += np.log(unit_sum)
    return total


def test_likelihood_and_fixed_point_by_hand() -> None:
    found = rel.coder_model(READINGS)
    names = [*"1234"]
    counts = np.array(
        [
            [
                [(row[columns] == n).sum() for n in names]
                for columns in ([0, 1, 2], [3], [4], [5], [6])
            ]
            for row in READINGS.to_numpy()
        ]
    )
    errors = found.errors["probability"].to_numpy().reshape(5, 4, 4)
    prevalence = found.categories["prevalence"].to_numpy()
    assert found.log_likelihood == pytest.approx(by_hand(counts, prevalence, errors), abs=1e-6)
    there = found.posterior[[f"p_{n}" for n in names]].to_numpy()
    assert np.allclose(there.mean(axis=0), prevalence, atol=1e-6)
    again = np.einsum("uc,ukg->kcg", there, counts)
    assert np.allclose(again / again.sum(axis=2, keepdims=True), errors, atol=1e-5)


def test_likelihood_never_falls() -> None:
    values = [rel.coder_model(READINGS, rounds=n).log_likelihood for n in range(1, 12)]
    assert (np.diff(values) > -1e-9).all()


def planted(seed: int = 2, n: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, size=n, p=[0.6, 0.3, 0.1])
    errors = np.array(
        [
            [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.05, 0.15, 0.8]],
            [[0.8, 0.1, 0.1], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8]],
            [[0.95, 0.03, 0.02], [0.1, 0.85, 0.05], [0.1, 0.3, 0.6]],
            [[0.85, 0.1, 0.05], [0.2, 0.7, 0.1], [0.05, 0.05, 0.9]],
        ]
    )
    ratings = np.stack([[rng.choice(3, p=e[t]) for t in truth] for e in errors], axis=1)
    return truth, errors, ratings


def test_planted_errors_are_found_and_the_model_beats_the_majority() -> None:
    truth, errors, ratings = planted()
    names = np.array(["withdrawal", "confrontation", "neither"], dtype=object)
    found = rel.coder_model(pd.DataFrame(names[ratings], columns=["AK", "BL", "CM", "DN"]))
    order = [sorted(names).index(n) for n in names]
    estimated = found.errors["probability"].to_numpy().reshape(4, 3, 3)[:, order][:, :, order]
    assert np.abs(estimated - errors).max() < 0.08
    votes = np.array([np.bincount(r, minlength=3).argmax() for r in ratings])
    model = (found.posterior["category"].to_numpy() == names[truth]).mean()
    assert model >= (votes == truth).mean()
    sure = found.posterior["probability"] > 0.95
    assert (found.posterior["category"].to_numpy() == names[truth])[sure].mean() > 0.95


def test_codes_that_nobody_tells_apart_come_first() -> None:
    rng = np.random.default_rng(1)
    truth = rng.choice(3, size=900)
    ratings = np.stack([truth] * 3, axis=1)
    blurred = truth > 0
    for k in range(3):
        ratings[blurred, k] = rng.integers(1, 3, blurred.sum())
    found = rel.coder_model(pd.DataFrame(np.array([*"abc"], dtype=object)[ratings]))
    first = found.told_apart.iloc[0]
    assert {first["category_a"], first["category_b"]} == {"b", "c"}
    assert "hardly tell" in first["note"]
    assert (found.told_apart["note"].iloc[1:] == "").all()


def test_missing_ratings_and_names_of_units_are_kept() -> None:
    frame = pd.DataFrame({"AK": ["w", None, "c", None], "BL": ["w", "w", "c", None]})
    frame.index = pd.MultiIndex.from_product([["s1"], [3, 4, 5, 6]], names=["session", "unit"])
    found = rel.coder_model(frame, prior=0.5)
    assert found.posterior[["session", "unit"]].values.tolist() == [["s1", 3], ["s1", 4], ["s1", 5]]
    assert found.posterior["n_ratings"].tolist() == [2, 1, 2]
    assert "2 coder(s): error rates do not follow from the data alone" in found.note
    with pytest.raises(UsageError, match="nobody rated"):
        rel.coder_model([[None, None]])
    with pytest.raises(UsageError, match="prior=-1"):
        rel.coder_model([["w", "w"]], prior=-1)


BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {"id": "confrontation", "definition": "moves against"},
        ],
    }
)


def coding(groups: dict[str, str], *, turns: int = 50, seed: int = 4) -> Annotations:
    """Three coders; CM overlooks withdrawal in group B and BL is worse there."""
    rng = np.random.default_rng(seed)
    rows = []
    for session, group in groups.items():
        truth = rng.random(turns) < 0.25
        for coder in ("AK", "BL", "CM"):
            sees = 0.35 if (coder, group) == ("CM", "B") else 0.9
            seen = np.where(truth, rng.random(turns) < sees, rng.random(turns) < 0.03)
            rows.append((session, 1, coder, None))
            rows += [(session, int(t) + 1, coder, "withdrawal") for t in np.flatnonzero(seen)]
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"])
    units = pd.DataFrame(
        [(s, t) for s in groups for t in range(1, turns + 1)], columns=["session", "unit"]
    )
    return Annotations.from_frame(frame, codebook=BOOK, units=units, coverage="whole sessions")


GROUPS = {f"s{i:02}": "A" if i % 2 else "B" for i in range(24)}


def test_one_of_several_codes() -> None:
    notes = coding({"s1": "A"}, turns=6)
    table = rel.one_of(notes, ["withdrawal", "confrontation"])
    assert {*table.to_numpy().ravel()} <= {"withdrawal", "(none)"}
    given = notes.ratings("withdrawal")
    assert ((table == "withdrawal").to_numpy() == (given == 1).to_numpy()).all()
    with pytest.raises(UsageError, match="two codes or more"):
        rel.one_of(notes, ["withdrawal"])


def test_equity_finds_a_planted_difference_and_whose_threshold_it_is() -> None:
    found = rel.equity(coding(GROUPS), GROUPS)
    worse = found.differences.set_index("group").loc["B"]
    assert worse["high"] < 0
    assert worse["difference"] == pytest.approx(worse["estimate"] - worse["others"])
    leaning = found.thresholds.set_index(["coder", "group"])
    assert leaning.loc[("CM", "B"), "high"] < 0
    low, high = leaning.loc[("CM", "A"), ["low", "high"]]
    assert low < 0 < high
    assert "differs from the others' in 2 of 2" in found.headline()


def test_estimates_by_group_are_those_of_the_group_alone() -> None:
    notes = coding(GROUPS)
    found = rel.equity(notes, GROUPS).by_group.set_index("group")
    for name in "AB":
        own = notes.only(sessions=[s for s, g in GROUPS.items() if g == name])
        row = rel.agreement(own, coefficients=["krippendorff_alpha"]).by_code.iloc[0]
        assert found.loc[name, "estimate"] == pytest.approx(row["estimate"])
        assert found.loc[name, "low"] == pytest.approx(row["low"])
        assert found.loc[name, "prevalence"] == pytest.approx(row["prevalence"])
        assert found.loc[name, "n_units"] == row["n_units"]


def test_small_cells_are_suppressed_everywhere() -> None:
    groups = {**GROUPS, "s00": "C", "s02": "C"}
    found = rel.equity(coding(GROUPS), groups)
    small = found.by_group.set_index("group").loc["C"]
    assert small["suppressed"]
    assert small[["estimate", "low", "high", "prevalence", "n_units", "n_sessions"]].isna().all()
    assert found.differences.set_index("group").loc["C", ["estimate", "difference"]].isna().all()
    hidden = found.thresholds.query("group == 'C'")
    assert hidden[["leaning", "n_units", "n_sessions"]].isna().all(axis=None)
    assert "suppressed" in found.headline()
    with pytest.raises(UsageError, match="two groups"):
        rel.equity(coding(GROUPS), dict.fromkeys(GROUPS, "A"))
    with pytest.raises(UsageError, match="smallest=1"):
        rel.equity(coding(GROUPS), GROUPS, smallest=1)
