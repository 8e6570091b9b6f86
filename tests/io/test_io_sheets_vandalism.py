"""What people and programs do to a sheet: read as it stands, or refused by name; never silent."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError
from rupturecode.io import read_annotations, write_sheets
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from rupturecode.errors import Problem

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "label": "Withdrawal", "definition": "moves away"},
            {"id": "repair", "definition": "mends"},
            {"id": "tension", "definition": "how", "scale": {"kind": "ordinal", "anchors": {1: "none", 5: "much"}}},
            {"id": "sighs", "definition": "how many", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "which", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
            {"id": "overall", "definition": "whole", "level": "session", "scale": {"kind": "ordinal", "anchors": {1: "low", 5: "high"}}},
        ],
    }
)  # fmt: skip
TURN_CODES = ("withdrawal", "repair", "tension", "sighs", "tone")
LINES = ["How was it?", "=SUM(A1); well.", "Say, more.", "+49 is it", '"Hm", he said', "12/03"]
NAMES, FIRST = 2, 3
Grid = list[list[object]]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    turns = [("T" if i % 2 == 0 else "C", line) for i, line in enumerate(LINES)]
    return Corpus.from_transcripts([Transcript.from_turns("s01", turns)])


@pytest.fixture(scope="module")
def sheet(corpus: Corpus, tmp_path_factory) -> Grid:
    """The sheet of a session, filled, as rows of values."""
    folder = tmp_path_factory.mktemp("made")
    write_sheets(corpus, BOOK, ["Zoë Ő"], folder)
    page = openpyxl.load_workbook(folder / "Zoë Ő.xlsx")["s01"]
    grid: Grid = [[c.value for c in row] for row in page.iter_rows()]
    for turn, code, value in [
        (1, "tension", 3),
        (2, "withdrawal", "x"),
        (2, "tone", "cold"),
        (3, "repair", "x?"),
        (4, "sighs", 2),
        (4, "tension", "n/a"),
        (6, "reviewed", "x"),
    ]:
        grid[FIRST + turn - 1][column(grid, code)] = value
    grid[FIRST + 1][column(grid, "note")] = "looks away"
    return grid


def column(grid: Grid, name: str) -> int:
    return grid[NAMES].index(name)


def fresh(grid: Grid) -> Grid:
    return [list(row) for row in grid]


def as_xlsx(grid: Grid, folder: Path, title: str = "s01") -> Path:
    """Save values alone, as programs do that keep no formats, locks, lists or frozen rows."""
    book = openpyxl.Workbook()
    book.active.title = title
    for r, row in enumerate(grid, start=1):
        for c, value in enumerate(row, start=1):
            cell = book.active.cell(r, c)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(folder / "sheet.xlsx")
    return folder / "sheet.xlsx"


def as_csv(grid: Grid, folder: Path, separator: str = ";", head: str = "\ufeff") -> Path:
    out = io.StringIO()
    rows = [["" if v is None else v for v in row] for row in grid]
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    (folder / "sheet.csv").write_bytes((head + out.getvalue()).encode())
    return folder / "sheet.csv"


SAVED = {
    "xlsx": as_xlsx,
    "another tab": lambda g, f: as_xlsx(g, f, "Sheet1 (copy)"),
    "semicolon": as_csv,
    "comma": lambda g, f: as_csv(g, f, ",", ""),
    "tab": lambda g, f: as_csv(g, f, "\t"),
    "excel": lambda g, f: as_csv(g, f, ";", "\ufeffsep=;\r\n"),
}


def attempted(path: Path, corpus: Corpus) -> Annotations | list[Problem]:
    try:
        return read_annotations(path, codebook=BOOK, corpus=corpus)
    except InvalidDataError as err:
        return err.problems


def read(path: Path, corpus: Corpus) -> dict[tuple[int, str], tuple[object, ...]]:
    got = attempted(path, corpus)
    assert isinstance(got, Annotations), got
    rows = got.to_frame()[["unit", "code", "value", "category", "status", "note"]]
    rows = rows.astype(object).where(rows.notna(), None)
    return {(u, c): tuple(rest) for u, c, *rest in rows.itertuples(index=False, name=None)}


TRUTH = {
    (1, "tension"): (3.0, None, "given", None),
    (2, "withdrawal"): (1.0, None, "given", "looks away"),
    (2, "tone"): (None, "cold", "given", "looks away"),
    (3, "repair"): (1.0, None, "uncertain", None),
    (4, "sighs"): (2.0, None, "given", None),
    (4, "tension"): (None, None, "not_applicable", None),
}


@pytest.mark.parametrize("saved", SAVED)
def test_however_it_is_saved_it_says_the_same(sheet, corpus, tmp_path, saved) -> None:
    assert read(SAVED[saved](sheet, tmp_path), corpus) == TRUTH


def changed(grid: Grid, change: dict[object, object]) -> Grid:
    codes = [column(grid, c) for c in (*TURN_CODES, "reviewed")]
    made = fresh(grid)
    for row in made[FIRST:]:
        for c in codes:
            row[c] = change.get(row[c], row[c])
    return made


@pytest.mark.parametrize(
    "change",
    [
        {"x": True},
        {"x": "TRUE"},
        {"x": 1.0, 3: 3.0, 2: 2.0},
        {"x": "1.0", 3: "3.0", 2: "2,0"},
        {"x": " X\u00a0", "cold": "COLD ", 3: " 3", "n/a": "N/A"},
        {"x": "✓", "x?": "✓ ?"},
        {None: "", "x?": "X ?"},
    ],
    ids=["TRUE", "true as text", "floats", "floats as text", "spaces", "ticks", "empty texts"],
)
@pytest.mark.parametrize("saved", ["xlsx", "semicolon"])
def test_the_same_said_in_another_way(sheet, corpus, tmp_path, saved, change) -> None:
    assert read(SAVED[saved](changed(sheet, change), tmp_path), corpus) == TRUTH


@pytest.mark.parametrize("saved", ["xlsx", "semicolon"])
def test_boxes_that_are_not_ticked_say_no(sheet, corpus, tmp_path, saved) -> None:
    grid = fresh(sheet)
    for row in grid[FIRST:]:
        for c in (column(grid, "withdrawal"), column(grid, "reviewed")):
            row[c] = row[c] == "x"
    got = read(SAVED[saved](grid, tmp_path), corpus)
    said = {unit: v for (unit, code), (v, *_) in got.items() if code == "withdrawal"}
    assert said == {1: 0, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0}


@pytest.mark.parametrize("saved", ["xlsx", "semicolon"])
def test_a_thousand_empty_rows_and_columns(sheet, corpus, tmp_path, saved) -> None:
    grid = [[*row, *[""] * 300] for row in sheet] + [[" "] * 300 for _ in range(1000)]
    assert read(SAVED[saved](grid, tmp_path), corpus) == TRUTH


def test_sheets_saved_one_by_one_with_the_guide(sheet, corpus, tmp_path) -> None:
    write_sheets(corpus, BOOK, ["Zoë Ő"], tmp_path / "made")
    book = openpyxl.load_workbook(tmp_path / "made" / "Zoë Ő.xlsx")
    for page in book:
        (tmp_path / "out" / page.title).mkdir(parents=True)
        rows = [[c.value for c in row] for row in page.iter_rows()]
        as_csv(sheet if page.title == "s01" else rows, tmp_path / "out" / page.title)
    assert read(tmp_path / "out", corpus) == TRUTH


def refused(path: Path, corpus: Corpus) -> dict[str, Problem]:
    got = attempted(path, corpus)
    assert not isinstance(got, Annotations)
    return {p.kind: p for p in got}


@pytest.mark.parametrize("saved", ["xlsx", "semicolon"])
@pytest.mark.parametrize("names_too", [False, True])
def test_a_deleted_column_of_keys(sheet, corpus, tmp_path, saved, names_too) -> None:
    grid = [row[:-1] for r, row in enumerate(sheet) if not (names_too and r == NAMES)]
    (problem,) = refused(SAVED[saved](grid, tmp_path), corpus).values()
    where = "sheet 's01'" if saved == "xlsx" else "this file"
    assert f"the hidden last column of {where}" in problem.message
    assert "'rupturecode sheet|...'" in problem.message
    assert "Undo its deletion" in problem.message
    assert "fresh sheet" in problem.message
    assert problem.kind == "key-missing"


def test_a_deleted_row_of_names(sheet, corpus, tmp_path) -> None:
    grid = [row for r, row in enumerate(sheet) if r != NAMES]
    (problem,) = refused(as_xlsx(grid, tmp_path), corpus).values()
    assert "the hidden row 3 of sheet 's01'" in problem.message


@pytest.mark.parametrize("name", ["turn", "speaker", "text", "repair", "tone", "note", "reviewed"])
def test_a_deleted_column_is_named(sheet, corpus, tmp_path, name) -> None:
    at = column(sheet, name)
    grid = [[v for c, v in enumerate(row) if c != at] for row in sheet]
    problem = refused(as_xlsx(grid, tmp_path), corpus)["column-missing"]
    assert f"column {name!r} is missing" in problem.message
    assert "copy it from an earlier copy" in problem.message
    assert problem.cell == "s01!A3"


def test_names_moved_away_from_what_the_coder_saw(sheet, corpus, tmp_path) -> None:
    grid = fresh(sheet)
    a, b = column(grid, "withdrawal"), column(grid, "repair")
    grid[NAMES][a], grid[NAMES][b] = grid[NAMES][b], grid[NAMES][a]
    problem = refused(as_xlsx(grid, tmp_path), corpus)["moved-cells"]
    assert "the coder saw" in problem.message


@pytest.mark.parametrize("name", ["tension", "withdrawal", "note", "reviewed"])
def test_a_date_that_the_program_made(sheet, corpus, tmp_path, name) -> None:
    grid = fresh(sheet)
    grid[FIRST + 1][column(grid, name)] = dt.date(2026, 2, 1)
    problem = refused(as_xlsx(grid, tmp_path), corpus)["bad-value"]
    assert problem.cell.endswith("5")


#: Shrinking would open hundreds of workbooks; the slips are few enough to read as they are.
_QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
ROW, COLUMN = st.integers(NAMES, 8), st.integers(0, 10)
SLIPS = st.one_of(
    st.tuples(st.just("clear"), ROW, COLUMN),
    st.tuples(st.just("type"), ROW, COLUMN, st.sampled_from(["x", "?", 4, 2.5, True, "cold", " "])),
    st.tuples(st.just("copy cell"), ROW, COLUMN, ROW, COLUMN),
    st.tuples(st.just("swap cells"), ROW, COLUMN, ROW, COLUMN),
    st.tuples(st.sampled_from(["swap rows", "copy row", "move row"]), ROW, ROW),
    st.tuples(st.sampled_from(["delete row", "insert row"]), ROW),
    st.tuples(st.sampled_from(["swap columns", "copy column", "move column"]), COLUMN, COLUMN),
    st.tuples(st.sampled_from(["delete column", "insert column"]), COLUMN),
    st.tuples(st.just("shift down"), ROW, COLUMN),
    st.tuples(st.just("sort part"), COLUMN, COLUMN),
)


def vandalise(grid: Grid, what: str, *at) -> None:
    if what == "clear":
        grid[at[0]][at[1]] = None
    elif what == "type":
        grid[at[0]][at[1]] = at[2]
    elif what == "copy cell":
        grid[at[0]][at[1]] = grid[at[2]][at[3]]
    elif what == "swap cells":
        (a, b), (c, d) = at[:2], at[2:]
        grid[a][b], grid[c][d] = grid[c][d], grid[a][b]
    elif what == "swap rows":
        grid[at[0]], grid[at[1]] = grid[at[1]], grid[at[0]]
    elif what == "copy row":
        grid[at[0]] = list(grid[at[1]])
    elif what == "move row":
        grid.insert(at[0], grid.pop(at[1]))
    elif what == "delete row":
        del grid[at[0]]
        grid.append([None] * len(grid[0]))
    elif what == "insert row":
        grid.insert(at[0], [None, None, None, "x", *[None] * (len(grid[0]) - 4)])
    elif what == "shift down":
        for r in range(len(grid) - 1, at[0], -1):
            grid[r][at[1]] = grid[r - 1][at[1]]
    elif what == "sort part":
        low, high = sorted(at)
        part = sorted((row[low : high + 1] for row in grid[FIRST:]), key=str)
        for row, cells in zip(grid[FIRST:], part, strict=True):
            row[low : high + 1] = cells
    else:
        for row in grid:
            if what == "swap columns":
                row[at[0]], row[at[1]] = row[at[1]], row[at[0]]
            elif what == "copy column":
                row[at[0]] = row[at[1]]
            elif what == "move column":
                row.insert(at[0], row.pop(at[1]))
            elif what == "delete column":
                del row[at[0]]
                row.append(None)
            else:
                row.insert(at[0], None)


@settings(max_examples=80, phases=_QUICK, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SLIPS, min_size=1, max_size=3), st.sampled_from(list(SAVED)))
def test_no_slip_changes_anything_in_silence(sheet, corpus, tmp_path, slips, saved) -> None:
    """A sheet is refused by name, or what is read stands beside the words it was read for."""
    grid = fresh(sheet)
    for slip in slips:
        vandalise(grid, *slip)
    got = attempted(SAVED[saved](grid, tmp_path), corpus)
    if not isinstance(got, Annotations):
        assert got
        assert all(p.source and (p.cell or p.line) for p in got)
        return
    names = [str(v) if v is not None else "" for v in grid[NAMES]]
    assert set(names) >= {*TURN_CODES, "turn", "speaker", "text", "note", "reviewed"}
    shown, last = {}, 0
    for row in grid[FIRST:]:
        cells = {n: v for n, v in zip(names, row, strict=True) if n}
        if all(v is None or not str(v).strip() for v in row):
            continue
        turn = LINES.index(str(cells["text"])) + 1
        assert float(cells["turn"]) == turn
        if str(cells["reviewed"] or "").strip():
            last = max(last, turn)
        for code in TURN_CODES:
            if str(cells[code] if cells[code] is not None else "").strip():
                shown[turn, code] = cells[code]
    assert last
    table = got.to_frame()
    read_ = {(r.unit, r.code): r for r in table.itertuples()}
    assert set(read_) == set(shown)
    assert max(turn for turn, _ in shown) <= last if shown else True
    for place, row in read_.items():
        assert row.status == status(shown[place])
        assert row.category == shown[place] if place[1] == "tone" else True
        if row.status in ("given", "uncertain") and place[1] != "tone":
            assert row.value == number(shown[place])


def status(cell: object) -> str:
    if cell == "n/a":
        return "not_applicable"
    return "uncertain" if str(cell).endswith("?") else "given"


def number(cell: object) -> float:
    text = str(cell).rstrip("?").strip().lower()
    return 1.0 if text in ("x", "true", "") else float(text)
