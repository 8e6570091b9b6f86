"""A study that rates windows: from study.toml to sheets, and back into a run."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from command_line import rupturecode

from rupturecode.study import open_study

BOOK = """\
id: pilot
version: "1"
title: Pilot
codes:
  - {id: withdrawal, definition: moves away, roles: client}
  - {id: salience, definition: how clear, level: window, scale: {kind: ordinal, anchors: {1: none, 5: much}}}
"""
TOML = """\
title = "Pilot"
codebook = "pilot.yaml"
unit = "window"
coders = ["Ana Ő", "BM"]

[roles]
"T" = "therapist"
"C" = "client"

[windows]
turns = 4

[sheets]
confidence = true
"""


@pytest.fixture
def folder(tmp_path):
    study = tmp_path / "pilot"
    for room in ("transcripts", "codings"):
        (study / room).mkdir(parents=True)
    (study / "pilot.yaml").write_text(BOOK, encoding="utf-8")
    (study / "study.toml").write_text(TOML, encoding="utf-8")
    for session in ("s1", "s2"):
        lines = [f"{'TC'[i % 2]}: turn {i} of {session}" for i in range(10)]
        (study / "transcripts" / f"{session}.txt").write_text("\n".join(lines), encoding="utf-8")
    return study


def fill(path, salience):
    book = openpyxl.load_workbook(path)
    page = book["windows"]
    names = [c.value for c in page[3]]
    for row in page.iter_rows(min_row=4):
        cells = dict(zip(names, row, strict=True))
        place = (cells["session"].value, cells["window"].value)
        cells["salience"].value = salience.get(place)
        cells["confidence"].value = 0.5 if place in salience else None
        cells["reviewed"].value = "x"
    book.save(path)


def coded(folder) -> None:
    assert rupturecode("sheets", folder, "--out", folder / "codings", "-q") == 0
    given = {(s, w): w for s in ("s1", "s2") for w in (1, 2, 3)}
    fill(folder / "codings" / "Ana Ő.xlsx", given)
    fill(folder / "codings" / "BM.xlsx", {**given, ("s2", 3): 5})


def test_windows_from_settings_to_a_run(folder) -> None:
    coded(folder)
    study = open_study(folder)
    result = study.run()
    table = pd.read_csv(folder / "derived" / "annotations.csv")
    assert table["kind"].unique().tolist() == ["window"]
    assert table["confidence"].tolist() == [0.5] * 12
    units = pd.read_csv(folder / "derived" / "units.csv")
    assert units["kind"].value_counts().to_dict() == {"turn": 20, "window": 6}
    found = result.findings.agreement.to_frame()
    assert found.loc[found["code"] == "salience", "n_units"].unique().tolist() == [6]


def test_confidence_can_be_left_out_on_the_command_line(folder) -> None:
    assert rupturecode("sheets", folder, "--no-confidence", "--evidence", "-q") == 0
    names = [c.value for c in openpyxl.load_workbook(folder / "sheets" / "BM.xlsx")["windows"][3]]
    assert "confidence" not in names
    assert "evidence" in names


def test_windows_that_hold_the_same_turns_are_carried_over(folder) -> None:
    coded(folder)
    open_study(folder).run()
    path = folder / "transcripts" / "s1.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("turn 9", "turn 9,"), encoding="utf-8")
    path = folder / "transcripts" / "s2.txt"
    path.write_text("T: Hello.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    found = open_study(folder).reanchor()
    fates = found.fates[found.fates["coder"] == "BM"]
    by_session = fates.groupby("session")["fate"].agg(list).to_dict()
    assert by_session == {"s1": ["same", "same", "reworded"], "s2": ["lost"] * 3}
    cover = found.annotations.coverage.query("kind == 'window'")
    assert set(cover["session"]) == {"s1"}


@pytest.mark.parametrize(
    ("asked", "words", "line"),
    [
        ("minutes = 5", "sessions have no times", 10),
        ('straddle = "start"', "A window needs a length", 10),
        ("turns = 0", "turns=0: a window holds at least one turn", 11),
        ("minutes = -1", "longer than 0 minutes", 11),
        ('minutes = 5\nstraddle = "cut"', "straddle='cut'", 12),
        ('turns = "four"', "'turns' must be a whole number", 11),
    ],
)
def test_windows_that_cannot_be_are_told_at_their_line(folder, asked, words, line) -> None:
    toml = folder / "study.toml"
    toml.write_text(TOML.replace("turns = 4", asked).replace('window"', 'turn"'), encoding="utf-8")
    (problem,) = open_study(folder).check().problems
    assert words in problem.message
    assert (problem.source, problem.line) == ("study.toml", line)


def test_slips_in_codings_do_not_keep_anybody_from_new_sheets(folder) -> None:
    (folder / "codings" / "BM.csv").write_text("session,turn,withdrawl\ns1,2,x\n", encoding="utf-8")
    assert open_study(folder).check().problems
    assert rupturecode("sheets", folder, "-q") == 0
    toml = folder / "study.toml"
    toml.write_text(TOML.replace('"C" = "client"', ""), encoding="utf-8")
    assert rupturecode("sheets", folder, "--out", folder / "more", "-q") == 1
