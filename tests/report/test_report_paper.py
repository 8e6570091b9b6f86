"""Paper tables, paragraphs and checklist from one frozen result."""

from __future__ import annotations

import builtins
import io
import re
import zipfile

import numpy as np
import pytest

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import MissingExtraError, UnknownNameError
from rupturecode.report import agreement_tables, grras, methods_text, paper_tables, write_paper
from rupturecode.report.findings import Findings
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny Codebook",
        "codes": [
            {"id": "withdrawal", "definition": "moves away", "label": "Moving away"},
            {"id": "con_front", "definition": "moves against", "label": "100 % against & open"},
            {"id": "never", "definition": "nobody gives it"},
        ],
    }
)


@pytest.fixture(scope="module")
def study() -> tuple:
    import pandas as pd

    rng = np.random.default_rng(4)
    talks = [
        Transcript.from_turns(f"s{i}", [("T" if t % 2 else "C", "hm") for t in range(20)])
        for i in range(6)
    ]
    corpus = Corpus.from_transcripts(talks)
    rows = []
    for talk in talks:
        for turn in talk.turns["turn"]:
            truth = rng.random(2) < (0.3, 0.2)
            for coder in ("AK", "BL"):
                seen = truth ^ (rng.random(2) < 0.08)
                rows += [
                    (talk.session, turn, coder, c)
                    for c, s in zip(("withdrawal", "con_front"), seen, strict=True)
                    if s
                ]
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"])
    notes = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    result = rel.agreement(
        notes, unit=["turn", "session"], codes=["withdrawal", "con_front", "never"]
    )
    return corpus, notes, result


def test_a_row_per_code_and_a_column_per_coefficient(study: tuple) -> None:
    _, _, result = study
    tables = agreement_tables(result)
    assert [t.title for t in tables] == [
        "Agreement between coders by turn",
        "Agreement between coders by session",
    ]
    first = tables[0]
    assert [r[0] for r in first.rows] == ["withdrawal", "con_front", "never"]
    row = result.by_code.query("unit == 'turn' and code == 'withdrawal'").set_index("coefficient")
    alpha = row.loc["krippendorff_alpha"]
    at = first.columns.index("Krippendorff's alpha [95 % CI]")
    assert first.rows[0][at] == f"{alpha['estimate']:.2f} [{alpha['low']:.2f}, {alpha['high']:.2f}]"
    assert first.rows[0][1] == "120"


def test_undefined_is_a_dash_with_its_reason_below(study: tuple) -> None:
    first = agreement_tables(study[2])[0]
    at = first.columns.index("Krippendorff's alpha [95 % CI]")
    mark = re.fullmatch(r"– \((\d)\)", first.rows[2][at])
    assert mark
    reason = next(n for n in first.notes if n.startswith(f"({mark[1]})"))
    assert "all ratings of units with two coders are 0" in reason


def test_four_formats_hold_the_same_cells(study: tuple, tmp_path) -> None:
    docx = pytest.importorskip("docx")
    _, _, result = study
    labels = {c.id: c.label for c in BOOK}
    written = paper_tables(result, tmp_path, labels=labels)
    assert [p.name for p in written] == [f"agreement.{f}" for f in ("md", "tex", "html", "docx")]
    table = agreement_tables(result, labels=labels)[0]
    document = docx.Document(tmp_path / "agreement.docx")
    cells = [[c.text for c in row.cells] for row in document.tables[0].rows]
    assert cells == [list(table.columns), *map(list, table.rows)]
    markdown = (tmp_path / "agreement.md").read_text(encoding="utf-8")
    html = (tmp_path / "agreement.html").read_text(encoding="utf-8")
    tex = (tmp_path / "agreement.tex").read_text(encoding="utf-8")
    for cell in table.rows[0]:
        assert cell in markdown
        assert cell in html
        assert cell in tex
    assert r"100 \% against \& open" in tex
    assert "100 % against &amp; open" in html
    assert tex.count(r"\begin{tabular}") == tex.count(r"\end{tabular}") == 2


def test_the_same_result_gives_the_same_bytes(study: tuple, tmp_path) -> None:
    pytest.importorskip("docx")
    one = paper_tables(study[2], tmp_path / "a")
    other = paper_tables(study[2], tmp_path / "b")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in other]
    with zipfile.ZipFile(io.BytesIO(one[-1].read_bytes())) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_formats_are_checked_and_word_needs_its_extra(
    study: tuple, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownNameError, match="Unknown table format 'pdf'"):
        paper_tables(study[2], tmp_path, formats=["pdf"])
    real = builtins.__import__

    def without(name, *rest):
        if name == "docx":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'rupturecode\[docx\]'"):
        paper_tables(study[2], tmp_path, formats=["docx"])
    corpus, notes, result = study
    findings = Findings(
        title="A study", codebook=BOOK, corpus=corpus, notes=notes, agreement=result
    )
    names = [p.name for p in write_paper(findings, tmp_path / "paper")]
    stems = ("sample", "contacts", "agreement")
    tables = [f"{stem}.{ending}" for stem in stems for ending in ("md", "tex", "html")]
    assert names == [*tables, "methods.md", "grras.md"]


def test_paragraphs_say_only_what_the_result_knows(study: tuple) -> None:
    corpus, notes, result = study
    text = methods_text(result, notes=notes, corpus=corpus)
    for words in (
        "Two coders applied the codebook Tiny Codebook (tiny@1) to 6 sessions",
        "6 sessions were coded by two coders or more",
        "Krippendorff's alpha (Krippendorff, 2019)",
        "Intervals (95 %) are by session jackknife-t.",
        "The transcripts hold 120 turns in 6 contacts.",
        "By turn, undefined for never:",
        "conventions, not tests",
    ):
        assert words in text
    row = result.by_code.query("unit == 'turn' and coefficient == 'krippendorff_alpha'")
    top = row.loc[row["estimate"].idxmax()]
    assert f"{top['estimate']:.2f} [{top['low']:.2f}, {top['high']:.2f}] for {top['code']}" in text
    assert "*" not in re.sub(r"\*On reading the figures\.\*", "", text)
    assert "trained" not in text


def test_checklist_has_fifteen_items_filled_or_missing(study: tuple) -> None:
    corpus, notes, result = study
    found = grras(result, notes=notes, corpus=corpus, title="Agreement on ruptures")
    items = found.items.set_index("item")
    assert items.index.tolist() == list(range(1, 16))
    assert (items["text"] != "")[items["status"] != "missing"].all()
    assert items.loc[[4, 5, 6, 7, 9, 14], "status"].tolist() == ["missing"] * 6
    assert items.loc[[1, 2, 10, 11, 13, 15], "status"].tolist() == ["filled"] * 6
    assert "2 coders, 3 codes, 6 sessions" in items.loc[11, "text"]
    markdown = found.to_markdown()
    assert len(re.findall(r"^- \*\*\d+\.", markdown, flags=re.MULTILINE)) == 15
    assert markdown.startswith("# GRRAS 2011 checklist")


def test_answers_fill_what_no_file_can(study: tuple) -> None:
    found = grras(study[2], answers={9: "Coders worked alone."})
    row = found.items.set_index("item").loc[9]
    assert (row["status"], row["text"]) == ("filled", "Coders worked alone.")
    with pytest.raises(UnknownNameError, match="Unknown GRRAS item '16'"):
        grras(study[2], answers={16: "x"})


def test_without_agreement_the_sample_is_still_told(study: tuple, tmp_path) -> None:
    corpus, notes, _ = study
    findings = Findings(title="A study", codebook=BOOK, corpus=corpus, notes=notes)
    stems = {p.stem for p in write_paper(findings, tmp_path / "paper")}
    assert stems == {"sample", "contacts"}
