"""Cells that a spreadsheet shows and its readers leave out are not lost in silence."""

from __future__ import annotations

import openpyxl
import pytest

from rupturecode.study import open_study


@pytest.mark.parametrize("typed", ["#N/A", "=x", "=1+1"])
def test_an_error_or_a_formula_in_a_code_cell_is_named_by_its_cell(study_folder, amend, typed):
    amend(study_folder, "codes = []", 'codes = ["withdrawal"]')
    for path in (study_folder / "codings").iterdir():
        path.unlink()
    open_study(study_folder).sheets()
    book = openpyxl.load_workbook(study_folder / "sheets" / "AK.xlsx")
    book["s01"]["D5"] = typed
    book["s01"]["F7"] = "x"
    book.save(study_folder / "codings" / "AK.xlsx")
    (found,) = open_study(study_folder).check().problems
    assert found.cell == "s01!D5"
    assert typed in found.message
