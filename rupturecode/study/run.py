"""The main job: from a study folder to tidy tables, agreement, sequences and a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from rupturecode.errors import InvalidDataError
from rupturecode.report import Findings, headlines, write_paper, write_report
from rupturecode.result import Result
from rupturecode.study.analyses import analyse
from rupturecode.study.write import manifest, replace_folder, workplace, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rupturecode.annotation import Annotations
    from rupturecode.study.model import Study
    from rupturecode.transcript import Corpus

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StudyRun(Result):
    """What a run wrote, one row per file, and the findings behind it."""

    main: ClassVar[str] = "files"

    files: pd.DataFrame
    """Columns table, rows, csv, parquet."""
    findings: Findings
    folder: Path

    def headline(self) -> str:
        """Say where the report is."""
        return f"Report: {self.folder / 'report.html'}"

    def summary(self) -> str:
        """Where things are, and the three headline findings."""
        lines = [f"{i}. {line}" for i, line in enumerate(headlines(self.findings), start=1)]
        where = [
            f"Report:  {self.folder / 'report.html'}",
            f"Tables:  {self.folder} ({len(self.files)} tables, each as CSV and Parquet)",
            f"Figures: {self.folder / 'figures'}",
        ]
        return "\n".join([*where, "", *lines])


def run(study: Study, progress: Progress | None = None) -> StudyRun:
    """Run a study; see :meth:`rupturecode.study.Study.run`."""
    checked = study.check(progress)
    if checked.problems or checked.corpus is None:
        raise InvalidDataError(f"study {study.path.name}", checked.problems)
    target = study.derived_folder
    with workplace(target) as made:
        findings = analyse(study, checked.corpus, checked.notes, progress)
        tables = tidy_tables(findings)
        folder = made / target.name
        write_tables(tables, folder)
        write_report(findings, folder / "report.html")
        write_paper(findings, folder / "paper")
        written = [path.name for path in folder.iterdir()]
        text = _manifest(study, written)
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        replace_folder(folder, target)
    files = pd.DataFrame(
        [(name, len(frame), f"{name}.csv", f"{name}.parquet") for name, frame in tables.items()],
        columns=["table", "rows", "csv", "parquet"],
    )
    return StudyRun(files=files, findings=findings, folder=target, settings=asdict(study.settings))


def tidy_tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Name every table that a run writes; those that cannot be made yet are left out."""
    corpus, notes = findings.corpus, findings.notes
    tables = {
        "sessions": corpus.sessions,
        "turns": corpus.turns,
        "marks": corpus.marks,
        "units": _units(corpus, notes),
    }
    if notes is not None:
        tables |= {
            "annotations": notes.to_frame(),
            "coverage": notes.coverage,
            "links": notes.links,
        }
        remarks = notes.info.get("remarks")
        if isinstance(remarks, pd.DataFrame) and len(remarks):
            tables["remarks"] = remarks
    results = {
        "agreement": findings.agreement,
        "disagreements": findings.disagreements,
        "double_coding": findings.plan,
        "equity": findings.equity,
        "episodes": findings.episodes,
        "transitions": findings.transitions,
        "repair_time": findings.repair_time,
        "stage_paths": findings.stage_paths,
    }
    for name, result in results.items():
        if result is not None:
            tables[name] = result.to_frame()
    if findings.drift is not None:
        tables["drift"] = findings.drift.to_frame("leaning")
    return tables


def _units(corpus: Corpus, notes: Annotations | None) -> pd.DataFrame:
    """Return the turns as units, and the windows that study.toml asks for."""
    turns = corpus.units("turn")
    if notes is None:
        return turns
    windows = notes.units[notes.units["kind"] == "window"]
    return pd.concat([turns, windows[turns.columns]], ignore_index=True) if len(windows) else turns


def _manifest(study: Study, written: Sequence[str]) -> str:
    inputs = [
        study.path / "study.toml",
        *study.transcript_files(),
        *study.coding_files(),
        *(study.path / n for n in study.named_files()),
    ]
    return manifest({study.name_of(p): p for p in inputs}, asdict(study.settings), written)
