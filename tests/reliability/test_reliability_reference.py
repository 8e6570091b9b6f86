"""Published worked examples, to the decimals that were printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rupturecode import reliability as rel
from rupturecode.reliability.icc import mean_squares, moments_of
from rupturecode.reliability.matrix import encode

BUNDLED = Path(__file__).parents[1] / "reference" / "reliability_cases.json"
CASES = json.loads(BUNDLED.read_text(encoding="utf-8"))


def ratings_of(case: dict) -> list:
    """Units × coders; a cross-table of two coders is laid out unit by unit."""
    if "ratings" in case:
        return case["ratings"]
    names = case["categories"]
    return [
        [a, b]
        for a, row in zip(names, case["table"], strict=True)
        for b, n in zip(names, row, strict=True)
        for _ in range(n)
    ]


def named_weights(name: str) -> str | None:
    return next((w for w in ("quadratic", "linear") if w in name), None)


def category_alone(ratings: list, name: str) -> object:
    matrix = encode(ratings)
    category = int(name[name.index("[") + 1 : -1])
    return matrix.against_rest(matrix.categories.index(category))


def intraclass(ratings: list, name: str) -> float:
    form, _, side = name.partition("_")
    if not side:
        return rel.icc(ratings, form)
    row = rel.icc_table(ratings).set_index("form").loc[form]
    return float(row[{"lo": "low", "hi": "high"}[side]])


def mean_square(ratings: list, name: str) -> float:
    found = mean_squares(moments_of(ratings))
    which = {"BMS": found.rows, "WMS": found.within, "JMS": found.columns, "EMS": found.error}
    return float(which[name].item())


def standard_error(ratings: list, name: str) -> float:
    weights = named_weights(name)
    if name.endswith("_table_se"):
        base = name.removesuffix("_table_se")
        if base == "cohen_kappa":
            return rel.cohen_kappa_se(ratings)
        known = {"ac1": "gwet_ac", "scott_pi": "fleiss_kappa"}
        n = len(ratings)
        return rel.standard_error(ratings, known.get(base, base)) * ((n - 1) / n) ** 0.5
    if name.startswith(("cohen_kappa", "kappa_")):
        method = "null" if name.endswith("se0") else "large-sample"
        return rel.cohen_kappa_se(ratings, weights, method=method)
    base = name.removesuffix("_se").replace("_quadratic", "").replace("_gwet", "")
    known = {"ac1": "gwet_ac", "ac2": "gwet_ac", "gwet_alpha": "krippendorff_alpha"}
    return rel.standard_error(ratings, known.get(base, base), weights=weights)


def weighted_by_disagreement(case: dict) -> float:
    table = np.array(
        case["disagreement"] if "disagreement" in case else case["weights"]["disagreement"]
    )
    return rel.cohen_kappa(ratings_of(case), 1 - table / table.max())


EXACT = {
    "cohen_kappa": rel.cohen_kappa,
    "cohen_kappa_max": rel.cohen_kappa_max,
    "cohen_se_approx": lambda r: rel.cohen_kappa_se(r, method="cohen1960"),
    "cohen_kappa_var": lambda r: rel.cohen_kappa_se(r) ** 2,
    "cohen_kappa_var0": lambda r: rel.cohen_kappa_se(r, method="null") ** 2,
    "expected_agreement": rel.expected_agreement,
    "expected_agreement_fleiss": lambda r: rel.expected_agreement(r, "fleiss_kappa"),
    "mean_observed_agreement": rel.percent_agreement,
    "scott_pi": rel.scott_pi,
    "light_kappa": rel.light_kappa,
    "hubert_kappa": rel.hubert_kappa,
    "bennett_s": rel.brennan_prediger,
    "randolph_kappa": rel.brennan_prediger,
}
BY_PREFIX = {
    "percent_agreement": rel.percent_agreement,
    "fleiss_kappa": rel.fleiss_kappa,
    "conger_kappa": rel.conger_kappa,
    "brennan_prediger": rel.brennan_prediger,
    "kappa": rel.cohen_kappa,
    "ac1": rel.gwet_ac,
    "ac2": rel.gwet_ac,
}


def computed(case: dict, name: str) -> float:  # noqa: PLR0911 - one line per kind
    """Compute what a published value is called in the reference files."""
    ratings = ratings_of(case)
    if name == "cohen_kappa_weighted":
        return weighted_by_disagreement(case)
    if name.startswith("masi_distance"):
        return rel.masi_distance(*ratings[int(name[14:-1])])
    if name.startswith("ICC"):
        return intraclass(ratings, name)
    if name in {"BMS", "WMS", "JMS", "EMS"}:
        return mean_square(ratings, name)
    if name in EXACT:
        return EXACT[name](ratings)
    if name.endswith(("_se", "_se0")):
        return standard_error(ratings, name)
    if "_cat[" in name:
        alone = category_alone(ratings, name)
        alpha = name.startswith("alpha")
        return rel.krippendorff_alpha(alone) if alpha else rel.fleiss_kappa(alone)
    if name.startswith("alpha_"):
        return rel.krippendorff_alpha(ratings, name.removeprefix("alpha_"))
    if name.startswith(("Do_", "De_")):
        which = rel.observed_disagreement if name[1] == "o" else rel.expected_disagreement
        return which(ratings, name[3:])
    prefix = next(p for p in BY_PREFIX if name.startswith(p))
    return BY_PREFIX[prefix](ratings, named_weights(name))


def close(value: float, expected: float, decimals: int, tolerance: float | None) -> bool:
    return abs(value - expected) <= (tolerance or 0.5 * 10**-decimals + 1e-9)


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_published_values(case: dict) -> None:
    for name, given in case["expected"].items():
        value = computed(case, name)
        assert close(value, given["value"], given["decimals"], given.get("tolerance")), (
            case["source"],
            name,
            value,
        )


def test_all_published_values_of_the_reference_file(shared_reference: Path) -> None:
    cases = json.loads((shared_reference / "reliability.json").read_text(encoding="utf-8"))
    wrong, tried = [], 0
    for case in cases:
        if case["data_type"] not in {"ratings", "icc", "sets"}:
            continue  # free segmentation has its own tests
        for name, expected in case["expected"].items():
            tried += 1
            tolerance = case.get("tolerance", {}).get(name)
            value = computed(case, name)
            if not close(value, expected, case["decimals"][name], tolerance):
                wrong.append((case["id"], name, value, expected))
    assert tried > 120
    assert not wrong


def test_exact_values_where_they_were_derived_again(shared_reference: Path) -> None:
    cases = json.loads((shared_reference / "reliability.json").read_text(encoding="utf-8"))
    for case in cases:
        if case["data_type"] in {"ratings", "icc", "sets"}:
            for name, exact in case["exact_rederived"].items():
                assert computed(case, name) == pytest.approx(exact, abs=1e-9), (case["id"], name)


def test_a_binary_project_figure() -> None:
    """720 negative pairs, 1,014 positive, 723 discordant split evenly: .706, .403, .420."""
    pairs = [[0, 0]] * 720 + [[1, 1]] * 1014 + [[0, 1]] * 362 + [[1, 0]] * 361
    assert rel.percent_agreement(pairs) == pytest.approx(0.7057, abs=5e-5)
    assert rel.cohen_kappa(pairs) == pytest.approx(0.4029, abs=5e-5)
    assert rel.gwet_ac(pairs) == pytest.approx(0.4198, abs=5e-5)
