"""Free segmentation: published values, peers, and laws."""

from __future__ import annotations

import json
import logging
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, MissingExtraError, UnknownNameError, UsageError

BUNDLED = Path(__file__).parents[1] / "reference" / "segmentation_cases.json"
CASES = {c["id"]: c for c in json.loads(BUNDLED.read_text(encoding="utf-8"))}
KINDS = {"units", "partitions", "segmentation", "unit_pairs", "continuum"}


def units_of(case: dict, category: str) -> list[dict]:
    names = ("rater", "start", "length", "category")
    rows = [u if isinstance(u, dict) else dict(zip(names, u, strict=True)) for u in case["units"]]
    kept = [u for u in rows if u["category"] == category]
    return [{**u, "coder": f"coder {u['rater']}"} for u in kept]


def by_coder(continuum: list) -> dict:
    return {f"c{i}": [(s, e, str(k)) for s, e, k in own] for i, own in enumerate(continuum)}


def computed(case: dict, name: str) -> float:
    kind = case["data_type"]
    if kind == "segmentation":
        return getattr(rel, name)(case["segmentations"], reach=2)
    if kind == "unit_pairs":
        return rel.positional_dissimilarity(*case["pairs"][int(name[6:-1])])
    if kind == "continuum":
        pytest.importorskip("pygamma_agreement")
        return rel.gamma_table(by_coder(case["continuum"])).estimates["observed"].iloc[0]
    if kind == "partitions":
        return rel.unitizing_alpha({str(i): p for i, p in enumerate(case["partitions"])})
    table = rel.unitizing_table(
        units_of(case, name[-2]), begin=0, end=case["continuum"]["length"]
    ).estimates.set_index("form")
    column = {"uDo": "observed", "uDe": "expected", "alpha_u": "estimate"}[name[:-3]]
    return float(table.loc["2004", column])


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_published_values(case: dict) -> None:
    for name, expected in case["expected"].items():
        digits = case["decimals"][name]
        assert computed(case, name) == pytest.approx(expected, abs=0.5001 * 10**-digits), name


def test_all_published_values_of_the_reference_file(shared_reference: Path) -> None:
    cases = json.loads((shared_reference / "reliability.json").read_text(encoding="utf-8"))
    tried = 0
    for case in cases:
        if case["data_type"] not in KINDS - {"continuum"}:
            continue
        for name, exact in case["exact_rederived"].items():
            tried += 1
            assert computed(case, name) == pytest.approx(exact, abs=1e-9), (case["id"], name)
    assert tried == 22


def test_corrected_expected_disagreement_of_1995() -> None:
    """B and C of p. 57 with the correction of 2004: -.928 and .693."""
    case = CASES["krippendorff1995_p57_alphaU"]
    for category, expected in (("B", -0.928), ("C", 0.693)):
        found = rel.unitizing_alpha(units_of(case, category), "2004", begin=0, end=120_000)
        assert found == pytest.approx(expected, abs=5e-4)


@st.composite
def codings(draw: st.DrawFn) -> dict:
    """Some coders' stretches of 40 turns, without overlap within a coder."""
    out = {}
    for coder in ("AK", "BL", "CM")[: draw(st.integers(2, 3))]:
        cuts = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=8)))
        stretches = list(pairwise(cuts))[::2]
        out[coder] = [(a, b, draw(st.sampled_from("wc"))) for a, b in stretches]
    return out


def by_turn(found: dict, m: int) -> np.ndarray:
    """Turns × coders, with words for gaps."""
    rows = np.full((40, m), "gap", dtype=object)
    for k, own in enumerate(found.values()):
        for a, b, name in own:
            rows[a:b, k] = name
    return rows


@settings(max_examples=60, deadline=None)
@given(codings())
def test_observed_disagreement_is_that_of_single_turns(found: dict) -> None:
    """The where-and-what coincidences are those of alpha on turns, times n."""
    table = rel.unitizing_table(found, begin=0, end=40).estimates.set_index("form")
    rows = by_turn(found, len(found))
    assert table.loc["u", "observed"] / rows.size == pytest.approx(rel.observed_disagreement(rows))
    binary = np.where(rows == "gap", "gap", "unit")
    assert table.loc["binary", "observed"] / rows.size == pytest.approx(
        rel.observed_disagreement(binary)
    )


@settings(max_examples=60, deadline=None)
@given(codings(), st.permutations(("AK", "BL", "CM")))
def test_order_and_names_of_coders_and_scale_do_not_matter(found: dict, order: tuple) -> None:
    other = {f"x{c}": found[c] for c in order if c in found}
    for form in ("u", "binary", "cu"):
        one = rel.unitizing_alpha(found, form, begin=0, end=40)
        assert rel.unitizing_alpha(other, form, begin=0, end=40) == pytest.approx(one, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(codings())
def test_the_same_stretches_agree_fully(found: dict) -> None:
    same = dict.fromkeys(("AK", "BL"), found["AK"])
    table = rel.unitizing_table(same, begin=0, end=40).estimates
    known = table["estimate"].dropna()
    assert np.allclose(known, 1)
    assert (table.loc[table["estimate"].isna(), "note"] != "").all()


def test_single_turn_stretches_give_alpha_of_the_turns() -> None:
    """Where every stretch is one turn long, no stretch can meet itself but as a turn."""
    rows = [["w", "w"], ["c", None], [None, None], ["w", "c"], ["c", "c"], [None, None]]
    found = {
        coder: [(t, t + 1, row[k]) for t, row in enumerate(rows) if row[k]]
        for k, coder in enumerate(("AK", "BL"))
    }
    words = [[x or "gap" for x in row] for row in rows]
    assert rel.unitizing_alpha(found, begin=0, end=6) == pytest.approx(
        rel.krippendorff_alpha(words), abs=1e-12
    )
    both = [row for row in rows if all(row)]
    assert rel.unitizing_alpha(found, "cu", begin=0, end=6) == pytest.approx(
        rel.krippendorff_alpha(both), abs=1e-12
    )


def test_what_it_is_called_by_hand() -> None:
    """Shared: 8 of w, 4 of c, 2 and 2 of both; own squares where shared 36 and 20; room 12.5."""
    found = {
        "AK": [(0, 4, "w"), (6, 10, "c")],
        "BL": [(0, 4, "w"), (6, 8, "w"), (8, 10, "c")],
    }
    chance = {"w": (100 - 36) / 12.5, "c": (36 - 20) / 12.5, "both": 60 / 12.5}
    place = {"begin": 0, "end": 12}
    cu = rel.unitizing_alpha(found, "cu", **place)
    assert cu == pytest.approx(1 - 4 / (2 * chance["both"]))
    for name, margin in (("w", 10), ("c", 6)):
        by_chance = chance["both"] / (chance["both"] + chance[name])
        ku = rel.unitizing_alpha(found, "ku", category=name, **place)
        assert ku == pytest.approx(1 - (2 / margin) / by_chance)


def test_all_shapes_of_stretches_are_read_alike() -> None:
    by_name = {"a": [(0, 4, "w"), (6, 9, "c")], "b": [(1, 4, "w")]}
    rows = [
        {"coder": c, "start": s, "length": e - s, "category": k}
        for c, own in by_name.items()
        for s, e, k in own
    ]
    values = {
        rel.unitizing_alpha(shape, begin=0, end=12)
        for shape in (by_name, list(by_name.values()), rows, pd.DataFrame(rows), iter(rows))
    }
    assert len(values) == 1


def test_what_is_undefined_is_said() -> None:
    def note(found: dict, **place: float) -> str:
        return rel.unitizing_table(found, **place).estimates["note"].iloc[0]

    assert note({"AK": [(0, 3, "w")]}) == "one coder only"
    assert "nobody cut out anything" in note({"AK": [], "BL": []}, begin=0, end=9)
    assert "overlap" in note({"AK": [(0, 5, "w"), (3, 8, "c")], "BL": []}, begin=0, end=9)
    assert np.isnan(rel.unitizing_alpha({"AK": [(0, 9, "w")], "BL": [(0, 9, "w")]}))


def test_wrong_stretches_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidDataError, match="2 problems") as caught:
        rel.unitizing_alpha({"AK": [(3, 3, "w"), (8, 12, "w")], "BL": []}, begin=0, end=10)
    assert "lies outside 0 to 10" in str(caught.value)
    with pytest.raises(InvalidDataError, match="overlaps w from 0 to 5"):
        rel.unitizing_alpha({"AK": [(0, 5, "w"), (4, 6, "w")], "BL": []})
    with pytest.raises(UnknownNameError, match="Unknown form 'v'"):
        rel.unitizing_alpha({"AK": [(0, 5, "w")]}, "v")
    with pytest.raises(UsageError, match="say category"):
        rel.unitizing_alpha({"AK": [(0, 5, "w"), (6, 7, "c")]}, "ku")
    with pytest.raises(UsageError, match="need the column 'start'"):
        rel.unitizing_alpha(pd.DataFrame({"coder": ["AK"], "end": [3]}))


lengths = st.lists(st.integers(1, 4), min_size=1, max_size=8)


def fitted(a: list[int], b: list[int]) -> tuple[list[int], list[int]]:
    """Lengthen the shorter one so that both cover the same."""
    gap = sum(a) - sum(b)
    return (a, [*b, gap]) if gap > 0 else ([*a, -gap] if gap else a, b)


@settings(max_examples=60, deadline=None)
@given(lengths, lengths)
def test_boundary_similarity_like_segeval(one: list[int], other: list[int]) -> None:
    segeval = pytest.importorskip("segeval")
    a, b = fitted(one, other)
    if len(a) == len(b) == 1:
        return
    mine = rel.boundary_similarity([a, b])
    assert mine == pytest.approx(float(segeval.boundary_similarity(tuple(a), tuple(b))))
    theirs = float(segeval.segmentation_similarity(tuple(a), tuple(b)))
    assert rel.segmentation_similarity([a, b]) == pytest.approx(theirs)


@settings(max_examples=60, deadline=None)
@given(lengths, lengths, st.integers(1, 4))
def test_boundary_similarity_laws(one: list[int], other: list[int], reach: int) -> None:
    a, b = fitted(one, other)
    mine = rel.boundary_similarity([a, b], reach=reach)
    assert rel.boundary_similarity([b, a], reach=reach) == pytest.approx(mine, nan_ok=True)
    if not np.isnan(mine):
        assert 0 <= mine <= 1
        if len(a) > 1:
            assert rel.boundary_similarity([a, a], reach=reach) == 1


def test_segmentations_are_checked() -> None:
    assert np.isnan(rel.boundary_similarity([[5], [5]]))
    with pytest.raises(UsageError, match="differ in length"):
        rel.boundary_similarity([[2, 3], [2, 4]])
    with pytest.raises(UsageError, match="whole numbers"):
        rel.boundary_similarity([[2, 0], [2, 0]])
    with pytest.raises(UsageError, match="reach=0"):
        rel.boundary_similarity([[2], [2]], reach=0)


def test_alignment_prefers_a_disagreement_to_two_misses() -> None:
    found = rel.align_events("WCW", "WRW")
    assert found.pairs["what"].tolist() == ["agreement", "disagreement", "agreement"]


def test_alignment_kappa_by_hand() -> None:
    """Nothing missed: Cohen's kappa of the pairs, since the cell of nothing stays empty."""
    first, second = "WCRWCWWRCC", "WCRWRWWRCW"
    pairs = [list(p) for p in zip(first, second, strict=True)]
    assert rel.alignment_kappa(first, second) == pytest.approx(rel.cohen_kappa(pairs))


def test_expected_counts_keep_the_margins_and_leave_nothing_with_nothing_empty() -> None:
    found = rel.align_events("WCRWCCR", "WRWWCC")
    table = found.table.pivot_table(
        index="code_first", columns="code_second", values=["count", "expected"], fill_value=0
    )
    for side in (0, 1):
        assert np.allclose(
            table["count"].sum(axis=side), table["expected"].sum(axis=side), atol=1e-6
        )
    nothing = found.table.query("code_first == '(nothing)' and code_second == '(nothing)'")
    assert nothing.empty


def test_tolerance_keeps_distant_events_apart() -> None:
    places = ([1, 10, 30], [2, 11, 90])
    near = rel.align_events("WCR", "WCR", places=places, tolerance=5)
    assert near.pairs["what"].tolist()[:2] == ["agreement", "agreement"]
    assert sorted(near.pairs["what"][2:]) == ["missed by first", "missed by second"]
    assert rel.alignment_kappa("WCR", "WCR", places=places) == 1
    with pytest.raises(UsageError, match="a tolerance needs places"):
        rel.alignment_kappa("W", "W", tolerance=2)


@settings(max_examples=40, deadline=None)
@given(st.text("wcr", max_size=9), st.text("wcr", max_size=9))
def test_alignment_is_as_short_as_edit_distance_and_the_same_both_ways(a: str, b: str) -> None:
    found = rel.align_events(a, b)
    apart = (found.pairs["what"] != "agreement").sum()
    assert apart == nltk_distance(a, b)
    assert "".join(x for x in found.pairs["code_first"] if x != "(nothing)") == a
    assert (rel.align_events(b, a).pairs["what"] != "agreement").sum() == apart


def nltk_distance(a: str, b: str) -> int:
    from nltk.metrics import edit_distance

    return int(edit_distance(a, b))


def test_time_kappa_with_and_without_tolerance() -> None:
    spans = {"AK": [(1000, 3000, "w")], "BL": [(2000, 4000, "w")]}
    units = rel.time_units(spans, step=1000, begin=0, end=6000)
    assert rel.time_kappa(units["AK"], units["BL"]) == pytest.approx(0.25)
    assert rel.time_kappa(units["AK"], units["BL"], tolerance=1) == 1
    with pytest.raises(UsageError, match="cannot be compared"):
        rel.time_kappa("ab", "a")
    with pytest.raises(UsageError, match="tolerance=-1"):
        rel.time_kappa("ab", "ab", tolerance=-1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["w", "c", None]), min_size=1, max_size=30), st.integers(1, 3))
def test_a_shift_within_the_tolerance_costs_nothing(codes: list, shift: int) -> None:
    early, late = codes + shift * codes[-1:], shift * codes[:1] + codes
    for pair in ((early, late), (late, early)):
        kappa = rel.time_kappa(*pair, tolerance=shift)
        assert np.isnan(kappa) if len(set(codes)) == 1 else kappa == 1


def test_gamma_is_seeded_quiet_and_leaves_nothing_behind(capfd: pytest.CaptureFixture) -> None:
    pytest.importorskip("pygamma_agreement")
    found = by_coder(CASES["gamma_alexpaulsuzan"]["continuum"])
    handlers, state = list(logging.getLogger().handlers), np.random.get_state()[1].copy()  # noqa: NPY002
    first = rel.gamma_table(found, samples=30, seed=1)
    again = rel.gamma_table(found, samples=30, seed=1)
    assert first.to_frame().equals(again.to_frame())
    assert 0.36 < first.estimates["estimate"].iloc[0] < 0.50
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger().handlers == handlers
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert "Gamma 0.4" in first.headline()


def test_gamma_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pygamma_agreement", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rupturecode\[gamma\]'"):
        rel.gamma({"AK": [(0, 3, "w")], "BL": [(0, 3, "w")]})
    one = rel.gamma_table({"AK": [(0, 3, "w")]})
    assert one.estimates["note"].iloc[0] == "one coder only"


def coded(rows: list[tuple]) -> Annotations:
    book = Codebook.from_dict(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "codes": [{"id": c, "definition": c} for c in ("withdrawal", "confrontation")],
        }
    )
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"])
    units = pd.DataFrame(
        [(s, t) for s in ("s1", "s2") for t in range(1, 21)], columns=["session", "unit"]
    )
    return Annotations.from_frame(frame, codebook=book, units=units, coverage="whole sessions")


def runs(coder: str, code: str, *stretches: tuple[str, int, int]) -> list[tuple]:
    return [(s, t, coder, code) for s, a, b in stretches for t in range(a, b)]


def test_events_and_time_from_annotations() -> None:
    notes = coded(
        runs("AK", "withdrawal", ("s1", 3, 7), ("s1", 12, 14), ("s2", 5, 9))
        + runs("BL", "withdrawal", ("s1", 4, 7), ("s2", 5, 9))
        + runs("AK", "confrontation", ("s1", 16, 18), ("s2", 12, 13))
        + runs("BL", "confrontation", ("s1", 16, 18), ("s2", 18, 19))
    )
    found = rel.events_and_time(notes, tolerance=1)
    event = found.events.iloc[0]
    assert (event["n_events_a"], event["n_events_b"], event["n_agree"]) == (5, 4, 3)
    by_code = found.by_code.set_index("code")
    own = notes.ratings("withdrawal")
    strict = rel.events_and_time(notes, tolerance=0).by_code.set_index("code")
    assert strict.loc["withdrawal", "time_kappa"] == pytest.approx(rel.cohen_kappa(own))
    assert by_code.loc["withdrawal", "time_kappa"] > strict.loc["withdrawal", "time_kappa"]
    spans = {
        "AK": [(2, 6, "w"), (11, 13, "w"), (24, 28, "w")],
        "BL": [(3, 6, "w"), (24, 28, "w")],
    }
    for form, column in (("u", "unitizing_alpha"), ("2004", "unitizing_2004")):
        expected = rel.unitizing_alpha(spans, form, begin=0, end=40)
        assert by_code.loc["withdrawal", column] == pytest.approx(expected)
    assert "Event-based kappa" in found.headline()


def test_a_run_does_not_reach_into_the_next_session() -> None:
    notes = coded(
        runs("AK", "withdrawal", ("s1", 19, 21), ("s2", 1, 3))
        + runs("BL", "withdrawal", ("s1", 19, 21), ("s2", 1, 3))
    )
    row = rel.events_and_time(notes).by_code.iloc[0]
    assert (row["n_stretches_a"], row["unitizing_alpha"], row["time_kappa"]) == (2, 1, 1)
    with pytest.raises(UsageError, match="consensus"):
        rel.events_and_time(notes.consensus("majority"))
    with pytest.raises(UsageError, match="tolerance=-1"):
        rel.events_and_time(notes, tolerance=-1)
