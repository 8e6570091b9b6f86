"""Two versions of one coder's sheet are never merged in silence."""

from __future__ import annotations

import shutil

import openpyxl
import pytest

from rupturecode.errors import InvalidDataError
from rupturecode.study import init_study, open_study

TALK = "T: How was it?\nC: Fine.\nT: Hm.\nC: It was bad.\n"


@pytest.fixture
def coded(tmp_path):
    folder = init_study(tmp_path / "study")
    (folder / "transcripts" / "s1.txt").write_text(TALK, encoding="utf-8")
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace("coders = []", 'coders = ["AK"]')
    toml.write_text(text.replace("codes = []", 'codes = ["withdrawal"]'), encoding="utf-8")
    open_study(folder).sheets()
    book = openpyxl.load_workbook(folder / "sheets" / "AK.xlsx")
    sheet = book["s1"]
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value).startswith("reviewed"):
                column, top = cell.column, cell.row
    sheet.cell(row=top + 4, column=column, value="x")
    book.save(folder / "codings" / "AK.xlsx")
    return folder


def test_one_sheet_is_read(coded):
    assert open_study(coded).check().problems == ()


def test_a_second_copy_of_a_workbook_is_refused_by_name(coded):
    shutil.copy(coded / "codings" / "AK.xlsx", coded / "codings" / "AK (1).xlsx")
    problems = open_study(coded).check().problems
    assert any("stands twice: here and in" in p.message for p in problems)
    with pytest.raises(InvalidDataError, match="Keep one"):
        open_study(coded).run()
