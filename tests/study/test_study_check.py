"""The study with twenty planted faults: every one is reported, with its place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rupturecode.errors import InvalidDataError
from rupturecode.study import open_study

FAULTY = Path(__file__).parent / "data" / "faulty"
FAULTS = tomllib.loads((FAULTY / "FAULTS.toml").read_text(encoding="utf-8"))["fault"]


@pytest.fixture(scope="module")
def found():
    return open_study(FAULTY).check().problems


def test_there_are_twenty():
    assert len(FAULTS) == 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f["fault"])
def test_every_planted_fault_is_reported_with_file_and_line(found, fault):
    here = [p for p in found if p.source == fault["file"] and p.line == fault.get("line")]
    assert here, [str(p) for p in found if p.source == fault["file"]]


def test_nothing_else_is_reported(found):
    places = {(f["file"], f.get("line")) for f in FAULTS}
    assert [str(p) for p in found if (p.source, p.line) not in places] == []


def test_messages_quote_no_talk_but_the_line_at_fault(found):
    talk = (FAULTY / "transcripts" / "s01.txt").read_text(encoding="utf-8").splitlines()
    said = [line.split(":", 1)[1].strip() for line in talk if ":" in line]
    assert not [s for s in said for p in found if len(s) > 12 and s in p.message]


def test_running_refuses_and_writes_nothing():
    before = sorted(FAULTY.rglob("*"))
    with pytest.raises(InvalidDataError, match="problems"):
        open_study(FAULTY).run()
    assert sorted(FAULTY.rglob("*")) == before
