"""Coding sheets: written for people, and read back without losing or inventing anything."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.io import read_annotations, write_sheets
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
            {"id": "rupture", "definition": "any", "heading": True},
            {"id": "withdrawal", "label": "Withdrawal", "parent": "rupture", "definition": "moves away", "roles": ["client"]},
            {"id": "repair", "definition": "mends", "roles": ["therapist"]},
            {"id": "tension", "definition": "how tense", "scale": {"kind": "ordinal", "anchors": {1: "none", 5: "much"}}},
            {"id": "sighs", "definition": "how many", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "which", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
            {"id": "overall", "definition": "whole", "level": ["session"], "scale": {"kind": "ordinal", "anchors": {1: "low", 5: "high"}}},
        ],
    }
)  # fmt: skip
LINES = ["How was it?", "=SUM(A1) is all I do.", "Say more.", "+49 is the code, -1", "Hm.", "No."]


def make_corpus(*sessions: str) -> Corpus:
    talks = [
        Transcript.from_turns(
            s,
            [("T" if i % 2 == 0 else "C", f"{line} ({s})") for i, line in enumerate(LINES)],
            roles={"T": "therapist", "C": "client"},
        )
        for s in sessions
    ]
    return Corpus.from_transcripts(talks)


@pytest.fixture
def corpus() -> Corpus:
    return make_corpus("s01", "s02")


def write(cell, value: object) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # typed as text, also when it begins with =


class Sheet:
    """A workbook on which a coder works, as they would: by turn and column name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def column(self, session: str, name: str) -> int:
        row = [c.value for c in self.book[session][3]]
        return row.index(name) + 1

    def put(self, session: str, turn: int, name: str, value: object) -> str:
        cell = self.book[session].cell(turn + 3, self.column(session, name))
        write(cell, value)
        return f"{session}!{cell.coordinate}"

    def reviewed(self, session: str, turn: int = 6) -> None:
        self.put(session, turn, "reviewed", "x")

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture
def sheet(corpus: Corpus, tmp_path: Path) -> Sheet:
    write_sheets(corpus, BOOK, ["AK"], tmp_path, order="case")
    return Sheet(tmp_path / "AK.xlsx")


def read(sheet: Sheet, corpus: Corpus, **options) -> Annotations:
    return read_annotations(sheet.save(), codebook=BOOK, corpus=corpus, **options)


def refused(sheet: Sheet, corpus: Corpus, **options) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDataError) as caught:
        read(sheet, corpus, **options)
    return [(p.kind, p.cell) for p in caught.value.problems]


def test_what_was_typed_is_what_is_read(sheet: Sheet, corpus: Corpus) -> None:
    sheet.put("s01", 2, "withdrawal", "x")
    sheet.put("s01", 4, "withdrawal", "x?")
    sheet.put("s01", 3, "repair", "X")
    sheet.put("s01", 2, "tension", 4)
    sheet.put("s01", 3, "tension", "n/a")
    sheet.put("s01", 1, "sighs", "cannot code")
    sheet.put("s01", 2, "sighs", "2")
    sheet.put("s01", 5, "tone", "Cold")
    sheet.put("s01", 2, "note", "looks away")
    sheet.put("s01", 6, "note", "a remark without a code")
    sheet.reviewed("s01", 6)
    sheet.put("session ratings", 1, "overall", 3)
    notes = read(sheet, corpus)
    table = notes.to_frame()
    got = table[["unit", "code", "value", "category", "status"]].astype(object)
    got = got.where(got.notna(), None).values.tolist()
    assert got == [
        [1, "sighs", None, None, "cannot_code"],
        [2, "withdrawal", 1, None, "given"],
        [2, "tension", 4, None, "given"],
        [2, "sighs", 2, None, "given"],
        [3, "repair", 1, None, "given"],
        [3, "tension", None, None, "not_applicable"],
        [4, "withdrawal", 1, None, "uncertain"],
        [5, "tone", None, "cold", "given"],
        [1, "overall", 3, None, "given"],
    ]
    assert table["note"].dropna().tolist() == ["looks away"] * 3
    assert notes.info["remarks"]["note"].tolist() == ["a remark without a code"]
    assert notes.coders == ("AK",)
    assert notes.sessions == ("s01",)
    assert notes.ratings("withdrawal").loc["s01", "AK"].tolist() == [1, 1, 0]
    assert notes.ratings("withdrawal").loc["s02"].isna().all().all()


def test_reviewed_to_here_becomes_coverage(sheet: Sheet, corpus: Corpus) -> None:
    sheet.put("s01", 2, "withdrawal", "x")
    sheet.reviewed("s01", 3)
    cover = read(sheet, corpus).coverage
    assert cover[["session", "first_unit", "last_unit"]].values.tolist() == [["s01", 1, 3]]
    assert cover["codes"].tolist() == ["withdrawal repair tension sighs tone"]


def test_codes_without_a_mark_or_below_it_are_refused(sheet: Sheet, corpus: Corpus) -> None:
    sheet.put("s01", 4, "withdrawal", "x")
    assert [k for k, _ in refused(sheet, corpus)] == ["not-reviewed"]
    sheet.reviewed("s01", 3)
    assert [k for k, _ in refused(sheet, corpus)] == ["beyond-reviewed"]


def test_an_untouched_workbook_says_nothing(sheet: Sheet, corpus: Corpus) -> None:
    notes = read(sheet, corpus)
    assert len(notes) == 0
    assert len(notes.coverage) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("withdrawal", "maybe"),
        ("withdrawal", 2),
        ("tension", 9),
        ("tension", "high"),
        ("sighs", 1.5),
        ("tone", "tepid"),
    ],
)
def test_values_outside_the_scale_name_their_cell(
    sheet: Sheet, corpus: Corpus, column: str, value: object
) -> None:
    cell = sheet.put("s01", 2, column, value)
    sheet.reviewed("s01")
    assert refused(sheet, corpus) == [("bad-value", cell)]


def test_a_date_made_by_the_program(sheet: Sheet, corpus: Corpus) -> None:
    cell = sheet.put("s01", 2, "tension", dt.date(2026, 2, 1))
    sheet.book["s01"][cell.split("!")[1]].number_format = "dd.mm.yyyy"
    sheet.reviewed("s01")
    assert refused(sheet, corpus) == [("bad-value", cell)]


def test_a_role_that_may_not_carry_the_code(sheet: Sheet, corpus: Corpus) -> None:
    cell = sheet.put("s01", 1, "withdrawal", "x")
    sheet.reviewed("s01")
    assert refused(sheet, corpus) == [("role-may-not-carry", cell)]


def test_edited_words(sheet: Sheet, corpus: Corpus) -> None:
    cell = sheet.put("s01", 2, "text", "I like it here.")
    assert refused(sheet, corpus) == [("edited-text", cell)]
    sheet.put("s01", 2, "text", "=SUM(A1) is all  I do.\n(s01)")
    assert len(read(sheet, corpus)) == 0


def test_deleted_inserted_and_copied_rows(sheet: Sheet, corpus: Corpus) -> None:
    sheet.book["s01"].delete_rows(6)
    assert refused(sheet, corpus) == [("deleted-row", "s01!A6")]
    sheet.book["s01"].insert_rows(5)
    sheet.book["s01"].cell(5, 4).value = "x"
    assert {k for k, _ in refused(sheet, corpus)} == {"deleted-row", "inserted-row"}


def test_a_copied_row(sheet: Sheet, corpus: Corpus) -> None:
    page = sheet.book["s01"]
    page.append([c.value for c in page[5]])
    assert refused(sheet, corpus) == [("copied-row", "s01!A10")]


def test_sorted_rows_lose_nothing_and_are_told(sheet: Sheet, corpus: Corpus) -> None:
    sheet.put("s01", 2, "withdrawal", "x")
    sheet.reviewed("s01", 6)
    page = sheet.book["s01"]
    rows = [[c.value for c in row] for row in page.iter_rows(min_row=4)]
    for r, row in enumerate(reversed(rows), start=4):
        for c, value in enumerate(row, start=1):
            write(page.cell(r, c), value)
    notes = read(sheet, corpus)
    assert [p.kind for p in notes.problems] == ["moved-rows"]
    assert notes.ratings("withdrawal").loc["s01", "AK"].tolist() == [1, 0, 0]


def test_sorted_text_alone(sheet: Sheet, corpus: Corpus) -> None:
    page = sheet.book["s01"]
    texts = [page.cell(r, 3).value for r in range(4, 10)]
    for r, text in enumerate(sorted(texts), start=4):
        write(page.cell(r, 3), text)
    assert {k for k, _ in refused(sheet, corpus)} == {"edited-text"}


def test_merged_cells(sheet: Sheet, corpus: Corpus) -> None:
    sheet.put("s01", 2, "withdrawal", "x")
    sheet.reviewed("s01")
    sheet.book["s01"].merge_cells("D5:D7")
    assert refused(sheet, corpus) == [("merged-cells", "s01!D5")]


def test_an_unknown_code_column(sheet: Sheet, corpus: Corpus) -> None:
    sheet.book["s01"].cell(3, 4).value = "withdrawl"
    assert refused(sheet, corpus) == [("unknown-code", "s01!D3")]


def test_a_deleted_column(sheet: Sheet, corpus: Corpus) -> None:
    sheet.book["s01"].delete_cols(3)
    assert [k for k, _ in refused(sheet, corpus)] == ["column-missing"]


def test_a_column_of_ones_own(sheet: Sheet, corpus: Corpus) -> None:
    page = sheet.book["s01"]
    page.cell(5, page.max_column + 1).value = "remember this"
    assert refused(sheet, corpus) == [("stray", "s01!L5")]


def test_two_coders_in_one_file(corpus: Corpus, tmp_path: Path) -> None:
    write_sheets(corpus, BOOK, ["AK", "BL"], tmp_path, order="case")
    mine, other = Sheet(tmp_path / "AK.xlsx"), Sheet(tmp_path / "BL.xlsx")
    for c, cell in enumerate(other.book["s01"][6], start=1):
        mine.book["s01"].cell(6, c).value = cell.value
    assert ("two-coders", "s01!A6") in refused(mine, corpus)


def test_a_row_of_another_session(sheet: Sheet, corpus: Corpus) -> None:
    for c, cell in enumerate(sheet.book["s02"][6], start=1):
        sheet.book["s01"].cell(6, c).value = cell.value
    assert ("other-session", "s01!A6") in refused(sheet, corpus)


def test_a_transcript_that_changed_since(sheet: Sheet) -> None:
    changed = make_corpus("s01", "s02")
    rows = changed["s01"].turns.assign(text=lambda t: t["text"].str.replace("Hm.", "Mm."))
    talk = Transcript.from_turns("s01", rows, roles={"T": "therapist", "C": "client"})
    changed = Corpus.from_transcripts([talk, changed["s02"]])
    assert refused(sheet, changed) == [("transcript-changed", "s01!C8")]


def test_a_stale_codebook_is_told(sheet: Sheet, corpus: Corpus) -> None:
    from dataclasses import replace

    sheet.put("s01", 2, "withdrawal", "x")
    sheet.reviewed("s01")
    newer = replace(BOOK, version="2")
    notes = read_annotations(sheet.save(), codebook=newer, corpus=corpus)
    assert {p.kind for p in notes.problems} == {"stale-codebook"}
    assert notes.to_frame()["codebook"].tolist() == ["tiny@1"]


def test_scribbles_on_another_sheet_are_told(sheet: Sheet, corpus: Corpus) -> None:
    sheet.book.create_sheet("my thoughts")["A1"] = "hello"
    assert [p.kind for p in read(sheet, corpus).problems] == ["unread-sheet"]


def test_the_csv_twin(corpus: Corpus, tmp_path: Path) -> None:
    write_sheets(corpus, BOOK, ["AK"], tmp_path, csv=True, order="case")
    file = tmp_path / "AK" / "s01.csv"
    text = file.read_text(encoding="utf-8-sig")
    assert "'=SUM(A1)" in text
    lines = text.splitlines()
    lines[2] = lines[2].replace(",,,,,,,", ",x,,3,,,why,", 1)
    lines[6] = lines[6].replace(",,,,,,,", ",,,,,,,x", 1)
    file.write_text("\n".join(lines), encoding="utf-8")
    notes = read_annotations(file, codebook=BOOK, corpus=corpus)
    got = notes.to_frame()[["unit", "code", "value", "note", "coder"]].values.tolist()
    assert got == [[2, "withdrawal", 1, "why", "AK"], [2, "tension", 3, "why", "AK"]]


def test_plans_are_drawn_by_seed_and_hide_what_is_double(tmp_path: Path) -> None:
    corpus = make_corpus(*(f"s{i:02}" for i in range(1, 11)))

    def plan(seed: int):
        folder = tmp_path / f"{seed}"
        return write_sheets(
            corpus,
            BOOK,
            ["AK", "BL", "CM"],
            folder,
            double=4,
            per_double=2,
            seed=seed,
            overwrite=True,
        ).to_frame()

    one = plan(1)
    assert one.equals(plan(1))
    assert not one.equals(plan(2))
    by_session = one.groupby("session")["coder"].nunique()
    assert sorted(by_session) == [1] * 6 + [2] * 4
    assert set(one["coder"].value_counts()) <= {4, 5}
    first, again = (tmp_path / "1" / "AK.xlsx").read_bytes(), plan(1)
    assert (tmp_path / "1" / "AK.xlsx").read_bytes() == first
    names = openpyxl.load_workbook(tmp_path / "1" / "AK.xlsx").sheetnames
    assert names[1:-2] == again[again["coder"] == "AK"]["session"].tolist()


def test_coders_see_nothing_they_should_not(tmp_path: Path) -> None:
    talk = Transcript.from_turns("s1", [("C", "Fine. [*Patient withdrawal*]"), ("T", "Fine?")])
    corpus = Corpus.from_transcripts([talk])
    write_sheets(corpus, BOOK, ["AK", "BL"], tmp_path)
    book = openpyxl.load_workbook(tmp_path / "AK.xlsx")
    words = " ".join(str(c.value) for page in book for row in page for c in row if c.value)
    assert "Patient withdrawal" not in words
    assert "BL" not in words


def test_existing_work_is_not_overwritten(sheet: Sheet, corpus: Corpus) -> None:
    with pytest.raises(UsageError, match=r"already has AK\.xlsx"):
        write_sheets(corpus, BOOK, ["AK"], sheet.path.parent)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"codes": ["withdrawl"]}, UnknownNameError, "withdrawal"),
        ({"codes": ["rupture"]}, UsageError, "Headings cannot be given"),
        ({"sessions": ["s9"]}, UnknownNameError, "session"),
        ({"double": 9}, UsageError, "double=9"),
        ({"per_double": 5}, UsageError, "per_double=5"),
    ],
)
def test_what_cannot_be_done_is_said(corpus, tmp_path, options, error, words) -> None:
    with pytest.raises(error, match=words):
        write_sheets(corpus, BOOK, ["AK"], tmp_path, **options)


def test_names_that_no_key_can_hold(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="may not be empty"):
        write_sheets(corpus, BOOK, ["A|K"], tmp_path)
    with pytest.raises(UsageError, match="differ in more than"):
        write_sheets(corpus, BOOK, ["AK", "ak"], tmp_path)


LINKED = Codebook.from_dict(
    {
        "id": "linked",
        "version": "1",
        "title": "Linked",
        "codes": [
            {"id": "rupture", "definition": "x", "roles": ["client"]},
            {"id": "denial", "parent": "rupture", "definition": "x", "roles": ["client"]},
            {"id": "repair", "definition": "x", "roles": ["therapist"]},
        ],
        "constraints": [
            {"kind": "needs_link", "code": "repair", "others": ["rupture"], "relation": "repairs"}
        ],
    }
)


def test_links_are_drawn_by_the_number_of_the_turn(corpus: Corpus, tmp_path: Path) -> None:
    write_sheets(corpus, LINKED, ["AK"], tmp_path, order="case")
    sheet = Sheet(tmp_path / "AK.xlsx")
    sheet.put("s01", 2, "denial", "x")
    sheet.put("s01", 4, "rupture", "x")
    sheet.put("s01", 5, "repair", "x")
    sheet.reviewed("s01")

    def links():
        return read_annotations(sheet.save(), codebook=LINKED, corpus=corpus).links

    assert len(links()) == 0
    cell = sheet.put("s01", 5, "answers", "2, 4")
    got = links()
    table = read_annotations(sheet.path, codebook=LINKED, corpus=corpus).to_frame()
    code = dict(zip(table["id"], zip(table["code"], table["unit"], strict=True), strict=True))
    assert [(code[a], code[b]) for a, b in zip(got["from"], got["to"], strict=True)] == [
        (("repair", 5), ("denial", 2)),
        (("repair", 5), ("rupture", 4)),
    ]
    assert set(got["relation"]) == {"repairs"}
    for wrong in ("3", "two", "99"):
        sheet.put("s01", 5, "answers", wrong)
        with pytest.raises(InvalidDataError) as caught:
            links()
        assert ("unknown-link", cell) in {(p.kind, p.cell) for p in caught.value.problems}
    sheet.put("s01", 5, "answers", "2")
    sheet.put("s01", 3, "repair", "x")
    with pytest.raises(InvalidDataError, match="needs a link to rupture"):
        links()
