"""The main job on the bundled example study, end to end."""

from __future__ import annotations

import hashlib
import json
import re

import pandas as pd
import pytest

from rupturecode.study import open_example, open_study
from rupturecode.tables import TABLES

WRITTEN = (
    "sessions",
    "turns",
    "marks",
    "units",
    "annotations",
    "coverage",
    "agreement",
    "disagreements",
    "episodes",
    "transitions",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = open_example(tmp_path_factory.mktemp("study") / "demo")
    return folder, open_study(folder).run()


def _hashes(folder):
    derived = folder / "derived"
    files = sorted([*derived.glob("*.csv"), *derived.glob("*.parquet")])
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.parametrize("name", WRITTEN)
def test_each_table_is_written_twice_and_reads_back_the_same(demo, name):
    folder, _ = demo
    tables = folder / "derived"
    parquet = pd.read_parquet(tables / f"{name}.parquet")
    assert len(parquet) > 0
    csv = pd.read_csv(tables / f"{name}.csv")
    assert list(csv.columns) == list(parquet.columns)
    assert len(csv) == len(parquet)
    if name in TABLES:
        assert list(parquet.columns)[: len(TABLES[name].columns)] == list(TABLES[name].columns)


def test_a_second_run_writes_the_same_bytes(demo):
    folder, _ = demo
    before = _hashes(folder)
    open_study(folder).run()
    assert len(before) >= 20
    assert _hashes(folder) == before


def test_the_report_stands_alone(demo):
    folder, _ = demo
    page = (folder / "derived" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert page.count("<svg") >= 8
    assert all(word in page for word in ("Krippendorff", "censored", "withdrawal"))


def test_every_picture_has_a_name(demo):
    folder, _ = demo
    page = (folder / "derived" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == page.count('<svg role="img" aria-label="')


def test_three_findings_are_printed(demo):
    _, result = demo
    lines = result.summary().splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3."]


def test_the_manifest_lists_every_input(demo):
    folder, _ = demo
    manifest = json.loads((folder / "derived" / "manifest.json").read_text(encoding="utf-8"))
    inputs = {p.relative_to(folder).as_posix() for p in (folder / "transcripts").iterdir()}
    assert inputs < set(manifest["sha256"])
    name, value = next(iter(sorted(manifest["sha256"].items())))
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == value


def test_every_turn_is_in_the_denominator(demo):
    _, result = demo
    turns = result.findings.corpus.turns
    clients = int((turns["role"] == "client").sum())
    table = result.findings.agreement.by_code
    row = table[(table["code"] == "withdrawal") & (table["unit"] == "turn")].iloc[0]
    assert row["n_units"] == clients


def test_opening_the_example_again_reuses_it(demo, tmp_path):
    folder, _ = demo
    assert open_example(folder) == folder
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="not empty"):
        open_example(tmp_path)
