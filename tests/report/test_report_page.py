"""The report escapes what people wrote, says what it cannot show, and words its numbers."""

from __future__ import annotations

import math
import warnings

import pandas as pd
import pytest

import rupturecode as rc
from rupturecode.report import Findings, headlines
from rupturecode.report.blocks import number, p_value, print_table
from rupturecode.report.page import build, render
from rupturecode.report.words import main_rows, verdict
from rupturecode.study import init_study, open_study

HOSTILE = '<script>alert("x")</script> & <b>bold</b>'


@pytest.fixture(scope="module")
def two_coders(tmp_path_factory):
    folder = init_study(tmp_path_factory.mktemp("report") / "study", title=HOSTILE)
    talk = "\n".join(f"{'TC'[i % 2]}: {HOSTILE} {i}" for i in range(12))
    (folder / "transcripts" / "s1.txt").write_text(talk, encoding="utf-8")
    (folder / "transcripts" / "s2.txt").write_text(talk, encoding="utf-8")
    for coder, hits in (("AK", {4, 8}), ("BM", {4, 10})):
        rows = [f"{s},{t},{'1' if t in hits else ''}" for s in ("s1", "s2") for t in range(1, 13)]
        table = "\n".join(["session,turn,withdrawal", *rows])
        (folder / "codings" / f"{coder}.csv").write_text(table, encoding="utf-8")
    return open_study(folder).run()


def test_what_people_wrote_is_escaped(two_coders):
    page = (two_coders.folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "&lt;script&gt;" in page


def test_disputed_turns_are_quoted_and_said_to_be(two_coders):
    page = (two_coders.folder / "report.html").read_text(encoding="utf-8")
    assert "Confidential." in page
    assert "AK: yes, BM: no" in page or "AK: no, BM: yes" in page


def test_no_table_of_results_shows_an_id_where_a_label_is_known(two_coders):
    page = (two_coders.folder / "report.html").read_text(encoding="utf-8")
    tables = page.split("<caption>")[1:]
    told = {t.partition("<")[0]: t.partition("</table>")[0] for t in tables}
    for name in ("All coefficients", "Pairs of coders", "Transitions"):
        assert ">Withdrawal<" in told[name]
        assert ">withdrawal<" not in told[name]
    assert "krippendorff_alpha" not in told["All coefficients"]


def test_every_section_is_linked_and_there(two_coders):
    page = (two_coders.folder / "report.html").read_text(encoding="utf-8")
    linked = {part.split('"')[0] for part in page.split('href="#')[1:]}
    linked = {name for name in linked if f'id="{name}-title"' in page or "-" not in name}
    assert {"sample", "coding", "agreement", "disagreements", "ruptures", "next"} <= linked


def test_without_codings_it_says_so():
    talk = rc.Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine.")])
    corpus = rc.Corpus.from_transcripts([talk])
    findings = Findings(
        title="Empty",
        codebook=rc.load_codebook("ccr"),
        corpus=corpus,
        missing=("There are no codings yet.",),
    )
    assert "There are no codings yet." in render(findings, build(findings))
    assert headlines(findings)[1] == "There are no codings yet."


@pytest.mark.parametrize(
    ("estimate", "low", "high", "word"),
    [
        (0.9, 0.85, 0.95, "firm"),
        (0.75, 0.70, 0.9, "tentative"),
        (0.75, 0.2, 0.99, "open"),
        (0.3, 0.1, 0.5, "weak"),
        (1.0, math.nan, math.nan, "no interval"),
        (math.nan, math.nan, math.nan, "undefined"),
    ],
)
def test_verdicts(estimate, low, high, word):
    assert verdict(pd.Series({"estimate": estimate, "low": low, "high": high})) == word


def test_the_main_row_is_the_first_unit_that_was_rated():
    table = pd.DataFrame(
        {
            "unit": ["turn", "turn", "session", "session"],
            "code": ["a", "b", "a", "b"],
            "coefficient": "krippendorff_alpha",
            "n_units": [5, 0, 2, 3],
        }
    )
    assert main_rows(table)[["code", "unit"]].to_numpy().tolist() == [
        ["a", "turn"],
        ["b", "session"],
    ]


def test_numbers_are_worded():
    assert [number(x) for x in (1, 0.125, math.nan, None, math.inf, -1.5)] == [
        "1",
        "0.12",
        "–",
        "–",
        "∞",
        "−1.50",
    ]
    assert [p_value(x) for x in (0.0004, 0.05, 1.0, math.nan)] == ["<.001", ".050", "1.000", "–"]


def test_a_table_prints_only_named_columns():
    frame = pd.DataFrame({"a": [1.0, None], "b": ["x", None], "secret": ["s", "t"]})
    printed = print_table(frame, "T", {"b": "B", "a": "A"})
    assert printed.rows == [["x", "1"], ["–", "–"]]


def test_dates_stand_on_one_line_and_codes_bear_their_labels():
    frame = pd.DataFrame({"date": ["2026-02-03"], "why": ["by rating at the end"]})
    columns = print_table(frame, "T", {"date": "Date", "why": "Why"}).columns
    assert [c.short for c in columns] == [True, False]
    found = Findings(title="x", codebook=rc.load_codebook("ccr"), corpus=_many(1))
    codes = pd.DataFrame({"given": ["dim_power, dim_culture", "none"], "target": "withdrawal"})
    worded = found.worded(codes, "given", "target")
    assert worded["given"].tolist() == ["Dimension: power, Dimension: culture", "none"]
    assert worded["target"].tolist() == ["Withdrawal"] * 2


def _many(n: int, *, case: str | None = None) -> rc.Corpus:
    talks = [rc.Transcript.from_turns(f"s{i:02}", [("T", "Hm."), ("C", "Yes.")]) for i in range(n)]
    table = pd.DataFrame({"session": [t.session for t in talks], "case": case})
    return rc.Corpus.from_transcripts(talks, sessions=table)


def test_many_contacts_fold_and_columns_that_say_nothing_are_left_out():
    book = rc.load_codebook("ccr")
    few = build(Findings(title="Few", codebook=book, corpus=_many(3, case="A")))[0].blocks[0]
    many = build(Findings(title="Many", codebook=book, corpus=_many(31)))[0].blocks[0]
    assert (few.kind, many.kind, many.summary) == ("table", "fold", "All 31 contacts")
    assert "Case" in [c.title for c in few.table.columns]
    assert {"Case", "Date"}.isdisjoint(c.title for c in many.table.columns)


def test_coders_are_summed_up_in_a_table_that_no_number_of_contacts_widens(two_coders):
    coding = next(s for s in build(two_coders.findings) if s.id == "coding")
    tables = [b.table for b in coding.blocks if b.kind in ("table", "fold")]
    assert tables[0].rows == [["AK", "2", "2", "24"], ["BM", "2", "2", "24"]]
    assert [c.title for c in tables[1].columns] == ["Contact", "AK", "BM"]
    assert tables[1].rows == [["s1", "12", "12"], ["s2", "12", "12"]]


def test_an_estimate_without_limits_has_no_empty_brackets(two_coders):
    page = (two_coders.folder / "report.html").read_text(encoding="utf-8")
    assert "[–, –]" not in page


def test_names_in_any_script_are_drawn_and_no_figure_takes_the_place_of_another(tmp_path):
    folder = init_study(tmp_path / "scripts")
    ids = ["A/1", "A_1", "日本"]
    talks = [f"{name},{who},words" for name in ids for who in "TCTC"]
    table = "\n".join(["session,speaker,text", *talks])
    (folder / "transcripts" / "all.csv").write_text(table, encoding="utf-8")
    marks = "\n".join(["session,turn,withdrawal", *(f"{name},4,1" for name in ids)])
    (folder / "codings" / "AK.csv").write_text(marks, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = open_study(folder).run()
    figures = {p.name for p in (done.folder / "figures").glob("timeline_*.svg")}
    assert figures == {"timeline_A_1.svg", "timeline_A_1-2.svg", "timeline_日本.svg"}
    drawn = (done.folder / "figures" / "timeline_日本.svg").read_text(encoding="utf-8")
    assert "日本" in drawn.split("</metadata>")[-1].split("aria-label", 1)[-1].split(">", 1)[1]


def test_no_verdict_rests_on_a_code_given_on_a_few_units():
    row = pd.Series({"estimate": 0.0, "low": -0.01, "high": 0.0, "n_given": 2.0})
    assert verdict(row) == "too rare"
    assert verdict(pd.Series({**row, "n_given": 5.0})) == "weak"
    assert (
        verdict(pd.Series({**row, "n_given": float("nan")})) == "weak"
    )  # a nominal code has no absence


def test_the_brief_does_not_run_from_a_code_given_on_a_few_units(tmp_path):
    folder = init_study(tmp_path / "study")
    talk = "\n".join(f"{'TC'[i % 2]}: words {i}" for i in range(60))
    for session in ("s1", "s2", "s3", "s4"):
        (folder / "transcripts" / f"{session}.txt").write_text(talk, encoding="utf-8")
    for coder, slip in (("AK", 0), ("BM", 4)):
        rows = ["session,turn,withdrawal,misattunement"]
        for session in ("s1", "s2", "s3", "s4"):
            for turn in range(1, 61):
                often = turn % 10 == 2 and turn != 22 + slip
                rare = session == "s1" and turn == 31 + slip
                rows.append(f"{session},{turn},{often:d},{rare:d}")
        (folder / "codings" / f"{coder}.csv").write_text("\n".join(rows), encoding="utf-8")
    study = open_study(folder)
    agreement = rc.reliability.agreement(study.annotations)
    found = Findings(
        title="x",
        codebook=study.codebook,
        corpus=study.corpus,
        notes=study.annotations,
        agreement=agreement,
    )
    line = headlines(found)[1]
    assert "for withdrawal" in line
    assert "misattunement" not in line
    assert line.endswith("; 1 given too rarely to tell.")


def test_many_episodes_of_a_case_fold(tmp_path):
    folder = init_study(tmp_path / "long")
    turns = 400
    talk = "\n".join(f"{'TC'[i % 2]}: words {i}" for i in range(turns))
    (folder / "transcripts" / "s1.txt").write_text(talk, encoding="utf-8")
    marks = [f"s1,{t},1" for t in range(2, turns, 22)]
    table = "\n".join(["session,turn,withdrawal", *marks, ""])
    (folder / "codings" / "AK.csv").write_text(table, encoding="utf-8")
    findings = open_study(folder).run().findings
    section = next(s for s in build(findings) if s.id == "ruptures")
    folds = [b for b in section.blocks if b.kind == "fold"]
    assert folds[0].summary == f"All {len(marks)} episodes of the case"
    assert len(folds[0].table.rows) == len(marks)
