"""Coding on turns and on sessions by the same coder: silence on one takes nothing back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "repair", "definition": "repairs", "level": ["turn", "session"]},
            {
                "id": "nods",
                "definition": "how often",
                "level": ["turn", "session"],
                "scale": {"kind": "count"},
            },
        ],
    }
)
UNITS = [
    pd.DataFrame({"session": ["s1"] * 4 + ["s2"] * 4, "kind": "turn", "unit": [1, 2, 3, 4] * 2}),
    pd.DataFrame({"session": ["s1", "s2"], "kind": "session", "unit": 1}),
]
COVER = pd.DataFrame(
    [(s, k, 1, n, "AK") for s in ("s1", "s2") for k, n in (("turn", 4), ("session", 1))],
    columns=["session", "kind", "first_unit", "last_unit", "coder"],
)


def notes(*rows: tuple) -> Annotations:
    frame = pd.DataFrame(rows, columns=["session", "kind", "unit", "coder", "code", "value"])
    return Annotations.from_frame(frame, codebook=BOOK, units=UNITS, coverage=COVER)


def test_a_code_on_a_turn_counts_for_a_session_that_was_examined_as_a_whole_too() -> None:
    found = notes(("s1", "turn", 2, "AK", "repair", 1))
    assert found.ratings("repair", "session")["AK"].tolist() == [1.0, 0.0]


def test_a_code_on_the_session_counts_where_no_turn_has_it() -> None:
    found = notes(("s2", "session", 1, "AK", "repair", 1))
    assert found.ratings("repair", "session")["AK"].tolist() == [0.0, 1.0]
    assert found.ratings("repair", "turn")["AK"].tolist() == [0.0] * 8


def test_a_count_on_the_session_stands_for_the_sum_of_its_turns() -> None:
    turns = [("s1", "turn", t, "AK", "nods", 2) for t in (1, 3)]
    assert notes(*turns).ratings("nods", "session")["AK"].tolist() == [4.0, 0.0]
    found = notes(*turns, ("s1", "session", 1, "AK", "nods", 5))
    assert found.ratings("nods", "session")["AK"].tolist() == [5.0, 0.0]


def test_what_cannot_be_coded_as_a_whole_is_missing() -> None:
    frame = pd.DataFrame(
        {
            "session": ["s1"],
            "kind": ["session"],
            "unit": [1],
            "coder": ["AK"],
            "code": ["repair"],
            "status": ["cannot_code"],
        }
    )
    found = Annotations.from_frame(frame, codebook=BOOK, units=UNITS, coverage=COVER)
    assert np.isnan(found.ratings("repair", "session")["AK"].iloc[0])
