"""Windows on coding sheets, and what a row says beside its codes: evidence and confidence."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.io import read_annotations, write_annotations, write_sheets
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from rupturecode.annotation import Annotations

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {"id": "salience", "label": "How clear", "definition": "how clear", "level": ["window"], "scale": {"kind": "ordinal", "anchors": {1: "none", 5: "much"}}},
            {"id": "humility", "definition": "open", "level": ["session", "window"], "scale": {"kind": "ordinal", "anchors": {1: "no", 5: "yes"}}},
            {"id": "seen", "definition": "there", "level": ["turn", "window"]},
        ],
    }
)  # fmt: skip
SHEET = "windows"


def make_corpus(first: str = "Hello there.") -> Corpus:
    lines = [first, *(f"line {i}" for i in range(2, 8))]
    return Corpus.from_transcripts(
        [
            Transcript.from_turns(s, [("T" if i % 2 == 0 else "C", x) for i, x in enumerate(lines)])
            for s in ("s01", "s02")
        ]
    )


@pytest.fixture
def corpus() -> Corpus:
    return make_corpus()


class Coder:
    """A coder at a workbook made with windows of three turns."""

    def __init__(self, corpus: Corpus, folder: Path, **options) -> None:
        self.corpus, self.windows = corpus, corpus.units("window", turns=3)
        write_sheets(corpus, BOOK, ["AK"], folder, order="case", windows=self.windows, **options)
        self.path = folder / "AK.xlsx"
        self.book = openpyxl.load_workbook(self.path)

    def put(self, session: str, unit: int, name: str, value: object, sheet: str = SHEET) -> str:
        page = self.book[sheet]
        names = [c.value for c in page[3]]
        for row in page.iter_rows(min_row=4):
            cells = dict(zip(names, row, strict=True))
            if (cells["session"].value, cells["window"].value) == (session, unit):
                cells[name].value = value
                return f"{sheet}!{cells[name].coordinate}"
        raise AssertionError(unit)

    def read(self, **options) -> Annotations:
        self.book.save(self.path)
        given = {"codebook": BOOK, "corpus": self.corpus, "units": self.windows} | options
        return read_annotations(self.path, **given)

    def refused(self, **options) -> list[tuple[str, str]]:
        with pytest.raises(InvalidDataError) as caught:
            self.read(**options)
        return [(p.kind, p.cell) for p in caught.value.problems]


@pytest.fixture
def coder(corpus: Corpus, tmp_path: Path) -> Coder:
    return Coder(corpus, tmp_path)


def test_every_code_stands_where_its_level_says(coder: Coder) -> None:
    assert coder.book.sheetnames == ["how to", "s01", "s02", "windows", "session ratings", "lists"]
    heads = {name: [c.value for c in coder.book[name][3]][:-1] for name in coder.book.sheetnames}
    assert heads["s01"] == ["turn", "speaker", "text", "withdrawal", "seen", "note", "reviewed"]
    shown = ["session", "window", "turns", "begins"]
    assert heads["windows"] == [*shown, "salience", "humility", "seen", "note", "reviewed"]
    assert heads["session ratings"] == ["session", "humility", "note", "reviewed"]
    rows = [[c.value for c in row[:4]] for row in coder.book["windows"].iter_rows(min_row=4)]
    assert rows[:3] == [
        ["s01", 1, "1 to 3", "T: Hello there."],
        ["s01", 2, "4 to 6", "C: line 4"],
        ["s01", 3, "7 to 7", "T: line 7"],
    ]
    assert len(rows) == 6


def test_windows_come_back_with_what_was_examined(coder: Coder) -> None:
    coder.put("s01", 1, "salience", 4)
    coder.put("s01", 2, "seen", "x?")
    coder.put("s01", 2, "note", "faint")
    coder.put("s01", 2, "reviewed", "x")
    coder.put("s02", 3, "reviewed", "x")
    notes = coder.read()
    got = notes.to_frame()[["session", "kind", "unit", "first_turn", "last_turn", "code", "value"]]
    assert got.values.tolist() == [
        ["s01", "window", 1, 1, 3, "salience", 4],
        ["s01", "window", 2, 4, 6, "seen", 1],
    ]
    cover = notes.coverage[["session", "kind", "first_unit", "last_unit", "codes"]]
    assert cover.values.tolist() == [
        ["s01", "window", 1, 2, "salience humility seen"],
        ["s02", "window", 1, 3, "salience humility seen"],
    ]
    seen = notes.ratings("seen", "window")["AK"]
    assert seen.loc["s01"].tolist()[:2] == [0, 1]
    assert seen.loc["s01"].isna().tolist() == [False, False, True]
    assert seen.loc["s02"].tolist() == [0, 0, 0]


def test_slips_on_windows_name_their_cell(coder: Coder) -> None:
    late = coder.put("s01", 3, "salience", 2)
    mark = coder.put("s01", 1, "reviewed", "x")
    wrong = coder.put("s02", 1, "salience", 9)
    coder.put("s02", 3, "reviewed", "x")
    cell = "windows!" + mark.split("!")[1][0]
    assert coder.refused() == [("beyond-reviewed", cell + late[-1]), ("bad-value", wrong)]
    coder.put("s01", 3, "salience", None)
    coder.put("s02", 1, "salience", dt.date(2026, 3, 1))
    coder.put("s02", 2, "humility", "n/a?")
    assert {k for k, _ in coder.refused()} == {"bad-value"}


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("begins", "T: Goodbye.", "edited-text"),
        ("turns", "1 to 4", "edited-text"),
        ("session", "s02", "edited-text"),
        ("window", 2, "moved-cells"),
    ],
)
def test_what_a_window_shows_may_not_change(coder: Coder, column, value, kind) -> None:
    coder.put("s01", 1, column, value)
    assert [k for k, _ in coder.refused()] == [kind]


def test_windows_cut_in_another_way_are_told(coder: Coder, tmp_path: Path) -> None:
    coder.put("s01", 1, "salience", 4)
    coder.put("s01", 2, "reviewed", "x")
    other = coder.corpus.units("window", turns=4)
    found = coder.refused(units=other)
    assert {k for k, _ in found} == {"window-changed"}
    assert len(found) == 6
    with pytest.raises(InvalidDataError, match=r"pass units=corpus\.units"):
        coder.read(units=None)
    write_annotations(coder.read(), tmp_path / "out")
    with pytest.raises(InvalidDataError, match=r'is said to hold turns 1 to 3.*kind "span"'):
        read_annotations(tmp_path / "out", codebook=BOOK, corpus=coder.corpus, units=other)


def test_words_inside_a_window_that_changed_are_told(coder: Coder) -> None:
    changed = make_corpus()
    turns = changed["s01"].turns
    turns = turns.assign(text=turns["text"].replace("line 2", "line two"))
    changed = Corpus.from_transcripts([Transcript.from_turns("s01", turns), changed["s02"]])
    found = coder.refused(corpus=changed)
    assert ("transcript-changed", "windows!D4") in found
    assert len(found) == 2  # and the turn itself


def test_codes_of_windows_need_windows(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"salience: given to windows.*\[windows\]"):
        write_sheets(corpus, BOOK, ["AK"], tmp_path)
    write_sheets(corpus, BOOK, ["AK"], tmp_path, codes=["humility", "seen"])
    names = openpyxl.load_workbook(tmp_path / "AK.xlsx").sheetnames
    assert "windows" not in names


def test_windows_of_minutes_say_their_time(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "speaker": ["T", "C", "T"],
            "text": ["One.", "Two.", "Three."],
            "start_ms": [1000, 70_000, 310_000],
            "end_ms": [60_000, 80_000, 320_000],
        }
    )
    corpus = Corpus.from_transcripts([Transcript.from_turns("s01", rows)])
    windows = corpus.units("window", minutes=2)
    write_sheets(corpus, BOOK, ["AK"], tmp_path, windows=windows, csv=True)
    text = (tmp_path / "AK" / "windows.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2:4] for line in text[1:]] == [
        ["1 to 2 (0:01 to 2:01)", "T: One."],
        ["no turn begins here (2:01 to 4:01)", ""],
        ["3 to 3 (4:01 to 6:01)", "T: Three."],
    ]
    marked = text[3].replace("T: Three.,,,,,", "T: Three.,3,,,,x")
    path = tmp_path / "AK" / "windows.csv"
    path.write_text("\n".join([*text[:3], marked]), encoding="utf-8")
    notes = read_annotations(path, codebook=BOOK, corpus=corpus, units=windows)
    assert notes.to_frame()[["unit", "value"]].values.tolist() == [[3, 3]]
    assert notes.coverage["last_unit"].tolist() == [3]


def test_evidence_and_confidence_belong_to_the_codes_of_their_row(
    corpus: Corpus, tmp_path: Path
) -> None:
    coder = Coder(corpus, tmp_path, evidence=True, confidence=True)
    names = [c.value for c in coder.book["s01"][3]]
    assert names[5:9] == ["evidence", "confidence", "note", "reviewed"]
    coder.put("s01", 1, "salience", 4)
    coder.put("s01", 1, "seen", "x")
    coder.put("s01", 1, "evidence", "transcribed nonverbal")
    coder.put("s01", 1, "confidence", "75%")
    coder.put("s01", 2, "seen", "x")
    coder.put("s01", 2, "reviewed", "x")
    table = coder.read().to_frame()
    assert table["evidence"].fillna("").tolist() == ["transcribed_nonverbal"] * 2 + [""]
    assert table["confidence"].fillna(-1).tolist() == [0.75, 0.75, -1]


@pytest.mark.parametrize(
    ("unit", "column", "value"),
    [
        (1, "evidence", "gut feeling"),
        (1, "confidence", 4),
        (1, "confidence", True),
        (1, "confidence", dt.date(2026, 1, 1)),
        (1, "note", dt.date(2026, 1, 1)),
        (2, "evidence", "spoken"),
        (2, "confidence", 0.5),
    ],
)
def test_evidence_and_confidence_that_say_nothing_name_their_cell(
    corpus: Corpus, tmp_path: Path, unit: int, column: str, value: object
) -> None:
    coder = Coder(corpus, tmp_path, evidence=True, confidence=True)
    coder.put("s01", 1, "salience", 4)
    coder.put("s01", 2, "reviewed", "x")
    cell = coder.put("s01", unit, column, value)
    assert coder.refused() == [("bad-value", cell)]


ALL_SHEETS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"


@pytest.mark.parametrize("target", ["xlsx", ALL_SHEETS], ids=["xlsx", "csv"])
def test_windows_that_libreoffice_saved(corpus: Corpus, tmp_path: Path, target: str) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    coder = Coder(corpus, tmp_path / "in", evidence=True, confidence=True)
    coder.put("s01", 1, "salience", 4)
    coder.put("s01", 1, "evidence", "spoken")
    coder.put("s01", 1, "confidence", "0.25")
    coder.put("s01", 2, "reviewed", "x")
    coder.put("s02", 2, "humility", "5?")
    coder.put("s02", 3, "reviewed", "x")
    before = coder.read()
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "out"
    done = subprocess.run(
        [office, home, "--headless", "--convert-to", target, "--outdir", str(out), coder.path],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    after = read_annotations(out, codebook=BOOK, corpus=corpus, units=coder.windows)
    assert after.problems == ()
    key = ["session", "kind", "unit", "code", "value", "status", "evidence", "confidence"]
    frames = [
        notes.to_frame()[key].sort_values(["session", "unit"], ignore_index=True)
        for notes in (before, after)
    ]
    pd.testing.assert_frame_equal(*frames)
    assert len(frames[0]) == 2
