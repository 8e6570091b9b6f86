"""A run writes what goes into the paper, and the same findings write the same bytes."""

from __future__ import annotations

from rupturecode.report import write_paper
from rupturecode.study import open_example, open_study


def test_a_run_writes_the_paper_and_would_write_it_the_same_again(tmp_path) -> None:
    folder = open_example(tmp_path / "demo")
    made = open_study(folder).run()
    first = {p.name: p.read_bytes() for p in (folder / "derived" / "paper").iterdir()}
    assert {"agreement.md", "agreement.tex", "agreement.html", "methods.md", "grras.md"} <= {*first}
    again = write_paper(made.findings, tmp_path / "again")
    assert {p.name: p.read_bytes() for p in again} == first
    assert "Krippendorff's alpha" in first["methods.md"].decode()
