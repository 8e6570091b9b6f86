"""The broken study's own list: twenty faults of twenty kinds, each where it says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "data" / "faulty"
FAULTS = tomllib.loads((FOLDER / "FAULTS.toml").read_text(encoding="utf-8"))["fault"]

#: A piece of the faulty line, so that an edit above it cannot shift the list unnoticed.
THERE = {
    "unknown-key": "coder_names",
    "duplicate-session": "s01,",
    "session-without-file": "s09,",
    "unknown-speaker": "Receptionist:",
    "bad-time": "00:00:09.000 --> 00:00:07.000",
    "unknown-code": "withdrawl",
    "role-may-not-carry": "s01,5,AK,withdrawal",
    "bad-value": "confrontation,7",
    "unknown-session": "s77",
    "unit-out-of-range": "s02,41,",
    "duplicate": "s02,4,AK,confrontation",
    "unknown-status": "maybe",
    "unknown-coder": "BN",
    "missing-column": "session,turn,coder,value",
    "not-a-number": "6b",
    "reversed-range": "8,1,BM",
    "coverage-out-of-range": "1,80,CL",
}


def test_there_are_twenty_kinds() -> None:
    assert len({f["fault"] for f in FAULTS}) == len(FAULTS) == 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f["fault"])
def test_each_fault_is_where_the_list_says(fault) -> None:
    path = FOLDER / fault["file"]
    assert path.is_file()
    if "line" in fault:
        line = path.read_text(encoding="utf-8").splitlines()[fault["line"] - 1]
        assert THERE[fault["fault"]] in line
    else:
        assert fault["fault"] not in THERE
