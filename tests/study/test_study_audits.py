"""Planning, drift and groups in a run: made where the study's data and columns allow them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode import reliability as rel
from rupturecode.study import init_study, open_study

N, TURNS = 8, 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = init_study(tmp_path_factory.mktemp("audits") / "study")
    rng = np.random.default_rng(5)
    lines = {"AK": ["session,turn,withdrawal"], "BM": ["session,turn,withdrawal"]}
    table = ["session,coded_on,client_group"]
    for s in range(1, N + 1):
        talk = "\n".join(f"{'TC'[t % 2]}: words {t}" for t in range(TURNS))
        (made / "transcripts" / f"s{s}.txt").write_text(talk, encoding="utf-8")
        table.append(f"s{s},{N - s + 1},{'east' if s % 2 else 'west'}")
        seen = rng.random(TURNS) < 0.4
        for coder, slip in (("AK", 0.05), ("BM", 0.2)):
            given = seen ^ (rng.random(TURNS) < slip)
            marks = [(t + 1, "1" if given[t] and t % 2 else "") for t in range(TURNS)]
            lines[coder] += [f"s{s},{t},{mark}" for t, mark in marks]
    for coder, rows in lines.items():
        text = "\n".join(rows) + "\n"
        (made / "codings" / f"{coder}.csv").write_text(text, encoding="utf-8")
    (made / "sessions.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    with (made / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            '\n[sessions]\ntable = "sessions.csv"\n[agreement]\nwidth = 0.3\n'
            'groups = "client_group"\ncoded = "coded_on"\n'
        )
    return made


@pytest.fixture(scope="module")
def done(folder):
    return open_study(folder).run()


def test_the_run_gives_what_the_functions_give(folder, done):
    notes = open_study(folder).annotations
    plan = rel.plan_double_coding(notes, 0.3)
    pd.testing.assert_frame_equal(done.findings.plan.needed, plan.needed)
    groups = {f"s{s}": "east" if s % 2 else "west" for s in range(1, N + 1)}
    same = rel.equity(notes, groups, codes=None)
    pd.testing.assert_frame_equal(done.findings.equity.by_group, same.by_group)


def test_sessions_follow_one_another_as_they_were_coded(done):
    assert done.findings.drift.settings["order"] == [f"s{s}" for s in range(N, 0, -1)]


def test_report_and_tables_hold_them(done):
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "Do coders drift?",
        "Do coders agree alike on all groups?",
        "Double-coded sessions for an interval no wider than 0.3",
    ):
        assert words in page
    for name in ("double_coding", "drift", "equity"):
        assert len(pd.read_csv(done.folder / f"{name}.csv")) > 0
    assert (done.folder / "figures" / "drift.svg").is_file()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('groups = "client_grop"', "Did you mean 'client_group'?"),
        ('coded = "coded_no"', "Did you mean 'coded_on'?"),
        ("width = 0", "the width of an interval is above 0"),
    ],
)
def test_a_column_that_is_not_there_is_named(folder, wrong, said):
    toml = folder / "study.toml"
    before = toml.read_text(encoding="utf-8")
    key = wrong.split(" =")[0]
    mended = "\n".join(wrong if x.startswith(f"{key} =") else x for x in before.splitlines())
    toml.write_text(mended, encoding="utf-8")
    try:
        (problem,) = open_study(folder).check().problems
    finally:
        toml.write_text(before, encoding="utf-8")
    assert said in problem.message
    assert mended.splitlines()[problem.line - 1] == wrong


def test_groups_need_two(folder):
    table = folder / "sessions.csv"
    before = table.read_text(encoding="utf-8")
    table.write_text(before.replace("west", "east"), encoding="utf-8")
    try:
        found = open_study(folder).run().findings
    finally:
        table.write_text(before, encoding="utf-8")
    assert found.equity is None
    assert "names fewer than two" in " ".join(found.missing)
