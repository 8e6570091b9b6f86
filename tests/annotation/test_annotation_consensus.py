"""Consensus rules, and bringing coders who marked differently to common units."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UsageError

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "rupture", "definition": "any"},
            {"id": "tension", "definition": "x", "scale": {"kind": "ordinal", "anchors": {1: "a", 5: "b"}}},
            {"id": "sighs", "definition": "x", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "x", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
        ],
    }
)  # fmt: skip
CODERS = ("AK", "BL", "CM")


def notes_of(frame: pd.DataFrame, n_turns: int, **options) -> Annotations:
    units = pd.DataFrame({"session": "s1", "unit": range(1, n_turns + 1)})
    cover = pd.DataFrame(
        {
            "session": "s1",
            "first_unit": 1,
            "last_unit": n_turns,
            "coder": sorted(set(frame["coder"])),
        }
    )
    return Annotations.from_frame(
        frame, codebook=BOOK, units=[units, *options.pop("units", [])], coverage=cover, **options
    )


def votes(n_coders: int) -> tuple[Annotations, list[tuple[int, ...]]]:
    """Every pattern of presence that so many coders can give, one turn each."""
    patterns = list(product((0, 1), repeat=n_coders))
    rows = [
        {"session": "s1", "turn": t, "coder": c, "code": "rupture", "value": v}
        for t, p in enumerate(patterns, start=1)
        for c, v in zip(CODERS, p, strict=False)
    ]
    return notes_of(pd.DataFrame(rows), len(patterns)), patterns


@pytest.mark.parametrize("n_coders", [1, 2, 3])
@pytest.mark.parametrize(
    ("rule", "stands"),
    [
        ("unanimous", lambda p: sum(p) == len(p)),
        ("majority", lambda p: sum(p) > len(p) / 2),
        ("any", lambda p: sum(p) > 0),
    ],
)
def test_presence_by_every_pattern(n_coders: int, rule: str, stands) -> None:
    notes, patterns = votes(n_coders)
    got = notes.consensus(rule).ratings("rupture")["consensus"].tolist()
    assert got == [float(stands(p)) for p in patterns]


def test_weighted_majority() -> None:
    notes, patterns = votes(3)
    weights = {"AK": 3, "BL": 1, "CM": 1}
    got = notes.consensus("weighted", weights=weights).ratings("rupture")["consensus"].tolist()
    assert got == [float(p[0]) for p in patterns]
    with pytest.raises(UsageError, match="weight"):
        notes.consensus("weighted")
    with pytest.raises(UsageError, match="missing: CM"):
        notes.consensus("weighted", weights={"AK": 1, "BL": 1})


def test_a_tie_is_no_majority_and_is_told() -> None:
    notes, _ = votes(2)
    made = notes.consensus("majority")
    assert [p.kind for p in made.problems] == ["tie"]
    assert made.problems[0].message.startswith("2 ties")


def test_other_scales_need_a_winning_value() -> None:
    said = {"tension": (2, 2, 5), "sighs": (1, 2, 3), "tone": ("warm", "warm", "cold")}
    rows = [
        {"session": "s1", "turn": 1, "coder": c, "code": code}
        | ({"category": v} if code == "tone" else {"value": v})
        for code, values in said.items()
        for c, v in zip(CODERS, values, strict=True)
    ]
    notes = notes_of(pd.DataFrame(rows), 2)
    made = notes.consensus("majority").to_frame().set_index("code")
    assert made.loc["tension", "value"] == 2
    assert made.loc["tone", "category"] == "warm"
    assert made.loc["sighs", "status"] == "cannot_code"
    assert made.loc["sighs", "origin"] == "AK 1; BL 2; CM 3"
    assert notes.consensus("any").ratings("sighs").loc[("s1", 1), "consensus"] == 3
    unanimous = notes.consensus("unanimous").to_frame()
    assert set(unanimous["status"]) == {"cannot_code"}


def test_units_that_nobody_could_code_are_not_absent() -> None:
    rows = [
        {"session": "s1", "turn": 1, "coder": c, "code": "rupture", "status": "cannot_code"}
        for c in CODERS
    ]
    made = notes_of(pd.DataFrame(rows), 2).consensus("majority").ratings("rupture")
    np.testing.assert_array_equal(made["consensus"], [np.nan, 0])


def test_the_layer_keeps_its_sources_and_coverage() -> None:
    units = pd.DataFrame({"session": ["s1"] * 4 + ["s2"] * 3, "unit": [1, 2, 3, 4, 1, 2, 3]})
    cover = pd.DataFrame(
        {
            "session": ["s1", "s1", "s2"],
            "first_unit": [1, 3, 1],
            "last_unit": [3, 4, 2],
            "coder": ["AK", "BL", "AK"],
        }
    )
    marks = pd.DataFrame({"session": ["s1"], "turn": [3], "coder": ["BL"], "code": ["rupture"]})
    notes = Annotations.from_frame(marks, codebook=BOOK, units=units, coverage=cover)
    made = notes.consensus("any")
    assert made.layer == "consensus"
    assert made.sources is notes
    assert made.coders == ("consensus",)
    np.testing.assert_array_equal(made.ratings("rupture")["consensus"], [0, 0, 1, 0, 0, 0, np.nan])
    both = notes.consensus("any", min_coders=2).ratings("rupture")["consensus"]
    np.testing.assert_array_equal(both, [np.nan, np.nan, 1, np.nan, np.nan, np.nan, np.nan])
    with pytest.raises(UsageError, match="consensus already"):
        made.consensus("any")
    with pytest.raises(UsageError, match="the rules are"):
        notes.consensus("most")


def test_free_spans_are_sent_to_common_units_first() -> None:
    span = {"session": "s1", "kind": "span", "first_turn": 2, "last_turn": 4, "code": "rupture"}
    notes = notes_of(pd.DataFrame([{**span, "coder": "AK"}]), 5)
    with pytest.raises(UsageError, match="to_units"):
        notes.consensus("any")
    assert notes.to_units("turn").consensus("any").ratings("rupture")["consensus"].tolist() == [
        0, 1, 1, 1, 0,
    ]  # fmt: skip


WINDOWS = pd.DataFrame(
    {
        "session": "s1",
        "kind": "window",
        "unit": [1, 2, 3],
        "first_turn": [1, 4, 7],
        "last_turn": [3, 6, 9],
    }
)


@pytest.mark.parametrize(("rule", "units"), [("any", [1, 2, 3]), ("majority", [2]), ("onset", [1])])
def test_spans_into_windows(rule: str, units: list[int]) -> None:
    span = {"session": "s1", "kind": "span", "first_turn": 3, "last_turn": 7, "code": "rupture"}
    notes = notes_of(pd.DataFrame([{**span, "coder": "AK"}]), 9, units=[WINDOWS])
    made = notes.to_units("window", rule)
    assert made.to_frame()["unit"].tolist() == units
    assert made.changes.loc[0, "units"] == " ".join(map(str, units))
    got = made.ratings("rupture", "window")["AK"]
    assert got[got == 1].index.get_level_values("unit").tolist() == units


def test_majority_goes_by_characters_where_turns_have_text() -> None:
    units = pd.DataFrame({"session": "s1", "unit": [1, 2, 3], "n_chars": [100, 10, 100]})
    span = {
        "session": "s1", "kind": "span", "first_turn": 1, "last_turn": 3, "code": "rupture",
        "start_char": 90, "end_char": 51, "coder": "AK",
    }  # fmt: skip
    notes = Annotations.from_frame(
        pd.DataFrame([span]), codebook=BOOK, units=units, coverage="whole sessions"
    )
    assert notes.to_units("turn", "majority").to_frame()["unit"].tolist() == [2, 3]
    small = span | {"last_turn": 1, "end_char": 95}
    notes = Annotations.from_frame(
        pd.DataFrame([small]), codebook=BOOK, units=units, coverage="whole sessions"
    )
    assert notes.to_units("turn", "majority").to_frame()["unit"].tolist() == [1]


def test_what_falls_together_is_merged_and_reported() -> None:
    rows = [
        {"kind": "turn", "unit": 1, "code": "sighs", "value": 2},
        {"kind": "turn", "unit": 2, "code": "sighs", "value": 1},
        {"kind": "turn", "unit": 1, "code": "tone", "category": "warm"},
        {"kind": "turn", "unit": 3, "code": "tone", "category": "cold"},
        {"kind": "turn", "unit": 5, "code": "tension", "value": 4, "note": "shouting"},
    ]
    frame = pd.DataFrame(rows).assign(session="s1", coder="AK")
    notes = notes_of(frame, 9, units=[WINDOWS])
    made = notes.to_units("window")
    table = made.to_frame().set_index(["unit", "code"])
    assert table.loc[(1, "sighs"), "value"] == 3
    assert table.loc[(1, "tone"), "status"] == "cannot_code"
    assert "cold, warm" in table.loc[(1, "tone"), "note"]
    assert table.loc[(2, "tension"), "note"] == "shouting"
    assert made.changes["merged"].tolist() == [True, True, True, True, False]
    np.testing.assert_array_equal(made.ratings("sighs", "window"), notes.ratings("sighs", "window"))


MIXED = Codebook.from_dict(
    {
        "id": "mixed",
        "version": "1",
        "title": "Mixed",
        "codes": [
            {"id": "rupture"},
            {"id": "repair"},
            {"id": "sighs", "scale": {"kind": "count"}},
        ],
    }
)


def mixed(*rows: tuple, links: list[tuple[str, str]] | None = None) -> Annotations:
    """Codings of eight turns, cut into two windows of four."""
    columns = ["id", "kind", "unit", "first_turn", "last_turn", "code", "value"]
    frame = pd.DataFrame(rows, columns=columns).assign(session="s1", coder="Zoë de Ő")
    turns = pd.DataFrame({"session": "s1", "kind": "turn", "unit": range(1, 9)})
    windows = pd.DataFrame(
        {
            "session": "s1",
            "kind": "window",
            "unit": [1, 2],
            "first_turn": [1, 5],
            "last_turn": [4, 8],
        }
    )
    ties = pd.DataFrame(links or [], columns=["from", "to"]).assign(
        session="s1", coder="Zoë de Ő", relation="answers"
    )
    return Annotations.from_frame(
        frame, codebook=MIXED, units=[turns, windows], links=ties, coverage="whole sessions"
    )


@pytest.mark.parametrize(("rule", "place"), [("any", 1), ("onset", 1), ("majority", 2)])
def test_a_count_over_several_units_is_not_multiplied(rule: str, place: int) -> None:
    notes = mixed(("a", "span", None, 4, 6, "sighs", 3))
    made = notes.to_units("window", rule).to_frame()
    assert made[["unit", "value"]].values.tolist() == [[place, 3]]


def test_codings_of_turns_and_of_spans_on_them_become_one() -> None:
    notes = mixed(
        ("a", "turn", 3, 3, 3, "rupture", 1),
        ("b", "span", None, 2, 3, "rupture", 1),
        ("c", "turn", 5, 5, 5, "sighs", 1),
        ("d", "span", None, 5, 5, "sighs", 2),
    )
    made = notes.to_units("turn")
    got = made.to_frame()[["unit", "code", "value"]].sort_values("unit").values.tolist()
    assert got == [[2, "rupture", 1], [3, "rupture", 1], [5, "sighs", 3]]
    assert made.changes.set_index("id")["merged"].to_dict() == {"b": True, "d": True}


def test_links_go_along() -> None:
    notes = mixed(
        ("a", "span", None, 1, 2, "rupture", 1),
        ("b", "span", None, 2, 2, "rupture", 1),
        ("c", "turn", 6, 6, 6, "repair", 1),
        ("d", "window", 2, 5, 8, "repair", 1),
        links=[("c", "b"), ("d", "a")],
    )
    made = notes.to_units("turn")
    table = made.to_frame().set_index("id")
    ends = [
        [tuple(table.loc[end, ["kind", "unit", "code"]]) for end in pair]
        for pair in made.links[["from", "to"]].itertuples(index=False)
    ]
    assert ends == [
        [("turn", 6, "repair"), ("turn", 2, "rupture")],
        [("window", 2, "repair"), ("turn", 1, "rupture")],
    ]


def test_coarser_codings_stay_and_are_told() -> None:
    made = mixed(("a", "window", 1, 1, 4, "rupture", 1)).to_units("turn")
    assert made.to_frame()["kind"].tolist() == ["window"]
    (problem,) = made.problems
    assert problem.message == "1 codings of windows stay as they are: they are coarser than turns"
