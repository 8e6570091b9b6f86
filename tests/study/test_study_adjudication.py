"""Adjudication of a study: list, decide in a workbook, run on the decisions."""

from __future__ import annotations

import json
import shutil

import openpyxl
import pytest
from command_line import rupturecode

from rupturecode.annotation import disputes
from rupturecode.errors import InvalidDataError
from rupturecode.study import example_study, open_study


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(example_study(), tmp_path / "my study")


def decide(path, first: int, **cells: object) -> None:
    """Decide the first cases as absent, and write into the cells of case 1."""
    book = openpyxl.load_workbook(path)
    page = book["disagreements"]
    names = [c.value for c in page[2]]
    for row in range(3, 3 + first):
        page.cell(row, names.index("decision") + 1).value = "cannot code"
    for name, value in cells.items():
        page.cell(3, names.index(name) + 1).value = value
    book.save(path)


def test_from_the_list_to_a_run(folder, capsys) -> None:
    assert rupturecode("adjudicate", folder) == 0
    assert 'consensus = "adjudication.xlsx"' in capsys.readouterr().out
    assert rupturecode("adjudicate", folder) == 2
    assert "may hold decisions" in capsys.readouterr().err
    path = folder / "adjudication.xlsx"
    decide(path, 5, reason="wording", codebook_unclear="x")
    toml = folder / "study.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"majority"', '"adjudication.xlsx"'),
        encoding="utf-8",
    )
    study = open_study(folder)
    found = study.check()
    assert found.problems == ()
    (open_,) = [p for p in found.remarks if p.kind == "not-adjudicated"]
    assert "disagreements are not adjudicated yet" in open_.message
    layer = study.consensus(study.annotations)
    assert layer.layer == "consensus"
    assert rupturecode("adjudicate", folder) == 0
    out = capsys.readouterr().out
    assert "share_unclear" in out
    assert "wording" in out


def test_a_run_takes_the_decisions_in_and_keeps_their_hash(folder) -> None:
    study = open_study(folder)
    path, n = study.adjudicate()
    decide(path, n)
    toml = folder / "study.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"majority"', '"adjudication.xlsx"'),
        encoding="utf-8",
    )
    result = open_study(folder).run()
    made = result.findings.layer.to_frame()
    keys = ["session", "kind", "unit", "code"]
    decided = made.merge(disputes(study.annotations)[keys])
    assert len(decided) == n
    assert set(decided["status"]) == {"cannot_code"}
    manifest = json.loads((folder / "derived" / "manifest.json").read_text(encoding="utf-8"))
    assert "adjudication.xlsx" in json.dumps(manifest)


def test_decisions_that_cannot_be_are_told_by_check(folder) -> None:
    study = open_study(folder)
    path, _ = study.adjudicate()
    decide(path, 2, decision="perhaps")
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('"majority"', '"adjudication.xlsx"'), encoding="utf-8")
    (problem,) = open_study(folder).check().problems
    assert (problem.source, problem.cell) == ("adjudication.xlsx", "disagreements!K3")
    with pytest.raises(InvalidDataError, match="perhaps"):
        open_study(folder).run()
    toml.write_text(text.replace('"majority"', '"adjudicaton.xlsx"'), encoding="utf-8")
    (problem,) = open_study(folder).check().problems
    assert "name a file of decisions" in problem.message
    assert problem.line == 5
