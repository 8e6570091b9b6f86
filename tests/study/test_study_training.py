"""Training on vignettes, from the command line: sheets, two attempts, scores."""

from __future__ import annotations

import openpyxl
import pytest
from command_line import rupturecode

from rupturecode.annotation import vignettes
from rupturecode.errors import ParseError, UsageError
from rupturecode.io import load_codebook
from rupturecode.reliability.training import PassRule
from rupturecode.study.training import score_training, start_training

BOOK = load_codebook("safran-muran")
NAME = "Zoë de Ő"


def fill(path, *, turns: int = 99, forget: str = "") -> None:
    """Code like the expert, but only the first turns, and without one code."""
    gold = vignettes(BOOK)[1].to_frame()
    book = openpyxl.load_workbook(path)
    for page in book:
        names = [c.value for c in page[3]]
        if "turn" not in names:
            continue
        last = min(turns, page.max_row - 3)
        for row in page.iter_rows(min_row=4, max_row=3 + last):
            session, _, turn, *_ = str(row[-1].value).split("|")
            for given in gold.query(
                "session == @session and unit == @turn",
                local_dict={"session": session, "turn": int(turn)},
            ).itertuples():
                if given.code == forget:
                    continue
                value = "x" if BOOK[given.code].scale.kind == "presence" else given.value
                row[names.index(given.code)].value = value
        page.cell(3 + last, names.index("reviewed") + 1).value = "x"
    book.save(path)


def test_two_attempts_by_a_rule_fixed_beforehand(tmp_path, capsys) -> None:
    folder = tmp_path / "our training"
    begin = ("train", "sheets", "safran-muran", folder, "--coder", NAME)
    assert rupturecode(*begin, "--kappa", "0.7", "--share", "1") == 0
    assert "The rule is fixed" in capsys.readouterr().out
    fill(folder / "attempt-1" / f"{NAME}.xlsx", forget="sm_withdrawal")
    assert rupturecode(*begin, "--attempt", "2", "--kappa", "0.2") == 2
    assert "holds for all" in capsys.readouterr().err
    assert rupturecode(*begin, "--attempt", "2") == 0
    fill(folder / "attempt-2" / f"{NAME}.xlsx")
    capsys.readouterr()
    assert rupturecode("train", "score", "safran-muran", folder) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Passed: {NAME} (attempt 2).")
    assert "missed" in out
    found = score_training(BOOK, folder)
    assert found.verdict["passed"].tolist() == [False, True]
    assert set(found.missed["code"]) == {"sm_withdrawal"}
    assert found.progress.set_index("code").loc["sm_withdrawal", "change"] > 0


def test_what_is_not_offered_is_not_missed(tmp_path) -> None:
    gold = vignettes(BOOK)[1].codes
    offered = [code for code in gold if code != "sm_withdrawal"]
    start_training(BOOK, tmp_path, [NAME], codes=offered)
    fill(tmp_path / "attempt-1" / f"{NAME}.xlsx", forget="sm_withdrawal")
    found = score_training(BOOK, tmp_path)
    assert found.missed.empty
    assert found.verdict["passed"].tolist() == [True]


def test_a_large_codebook_is_taught_in_families(tmp_path) -> None:
    book = load_codebook("ccr")
    with pytest.raises(UsageError, match=r"61 codes; a sheet has room for 60.*stage \(7\)"):
        start_training(book, tmp_path / "all", [NAME])
    assert not (tmp_path / "all").exists()
    start_training(book, tmp_path / "some", [NAME], codes=["stage", "misattunement"])
    sheets = openpyxl.load_workbook(tmp_path / "some" / "attempt-1" / f"{NAME}.xlsx")
    names = [cell.value for page in sheets for row in page.iter_rows(max_row=3) for cell in row]
    stages = {code for code in vignettes(book)[1].codes if code.startswith("stage_")}
    assert {*stages, "misattunement"} <= set(names)
    assert "withdrawal" not in names
    with pytest.raises(UsageError, match="The expert gave no code of"):
        start_training(book, tmp_path / "none", [NAME], codes=["global_rating"])


def test_who_reads_half_does_not_pass(tmp_path) -> None:
    start_training(BOOK, tmp_path, [NAME])
    fill(tmp_path / "attempt-1" / f"{NAME}.xlsx", turns=2)
    found = score_training(BOOK, tmp_path)
    assert found.verdict["passed"].tolist() == [False]
    assert "examined" in found.headline()


def test_what_cannot_be_is_said(tmp_path) -> None:
    with pytest.raises(UsageError, match="train sheets"):
        score_training(BOOK, tmp_path)
    start_training(BOOK, tmp_path, [NAME], rule=PassRule(kappa=0.5, min_gold=1))
    with pytest.raises(UsageError, match="already has"):
        start_training(BOOK, tmp_path, [NAME])
    (tmp_path / "pass-rule.toml").write_text("kapa = 0.1", encoding="utf-8")
    with pytest.raises(ParseError, match="no rule for passing"):
        score_training(BOOK, tmp_path)
