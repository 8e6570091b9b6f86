"""What goes into a paper from one agreement result: tables, methods, results, checklist."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import MissingExtraError, UnknownNameError
from rupturecode.reliability.names import printed
from rupturecode.report.blocks import MISSING, number
from rupturecode.report.grras import grras
from rupturecode.report.methods import methods_text
from rupturecode.report.papertable import PaperTable, word_document
from rupturecode.report.studytables import study_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from rupturecode.reliability import Agreement
    from rupturecode.report.findings import Findings

FORMATS = ("md", "tex", "html", "docx")
_TITLE = "Agreement between coders"
_LEGEND = (
    "Units: rated by two coders or more. Agreement, on presence, on absence: shares. "
    f"{MISSING}: undefined."
)


def agreement_tables(
    result: Agreement, *, labels: Mapping[str, str] | None = None
) -> list[PaperTable]:
    """Return one table per kind of unit: a row per code, a column per coefficient.

    Parameters
    ----------
    result
        What ``agreement`` found.
    labels
        Code to the name to print; the codes themselves unless given.
    """
    table = result.by_code
    names = labels or {}
    return [
        _of_unit(result, rows, str(unit), names) for unit, rows in table.groupby("unit", sort=False)
    ]


def _of_unit(
    result: Agreement, rows: pd.DataFrame, unit: str, labels: Mapping[str, str]
) -> PaperTable:
    coefficients = list(dict.fromkeys(rows["coefficient"]))
    notes = _Notes()
    cells = []
    for code, own in rows.groupby("code", sort=False):
        first = own.iloc[0]
        by_name = own.set_index("coefficient")
        shown = [
            _estimate(by_name.loc[c], notes) if c in by_name.index else MISSING
            for c in coefficients
        ]
        counts = [f"{int(first[c]):,}" for c in ("n_units", "n_sessions", "n_coders")]
        shares = [number(first[c]) for c in ("prevalence", "percent", "positive", "negative")]
        cells.append((labels.get(str(code), str(code)), *counts, *shares, *shown))
    confidence = 100 * float(str(result.settings.get("confidence", 0.95)))
    heads = [f"{printed(c)} [{confidence:g} % CI]" for c in coefficients]
    fixed = ("Code", "Units", "Sessions", "Coders", "Prevalence", "Agreement", "On presence")
    return PaperTable(
        title=f"{_TITLE} by {unit}",
        columns=(*fixed, "On absence", *heads),
        rows=tuple(cells),
        notes=(_LEGEND, _intervals(rows), *notes.lines()),
    )


class _Notes:
    """Numbers the reasons of a table, each once."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def mark(self, reason: str) -> str:
        if reason not in self.reasons:
            self.reasons.append(reason)
        return f" ({self.reasons.index(reason) + 1})"

    def lines(self) -> list[str]:
        return [f"({i}) {reason}." for i, reason in enumerate(self.reasons, 1)]


def _estimate(row: pd.Series, notes: _Notes) -> str:
    mark = notes.mark(str(row["note"])) if row["note"] else ""
    if np.isnan(row["estimate"]):
        return f"{MISSING}{mark}"
    inside = f" [{number(row['low'])}, {number(row['high'])}]" if np.isfinite(row["low"]) else ""
    return f"{number(row['estimate'])}{inside}{mark}"


def _intervals(rows: pd.DataFrame) -> str:
    made = sorted({m for m in rows["interval"] if m})
    return f"Intervals: {' or '.join(made)}." if made else "No interval could be made."


def paper_tables(
    result: Agreement,
    folder: str | Path,
    *,
    formats: Sequence[str] = FORMATS,
    labels: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write the agreement tables into a folder, once per format.

    The same result gives the same bytes.

    Parameters
    ----------
    result
        What ``agreement`` found.
    folder
        Made when it does not exist.
    formats
        Of "md", "tex", "html" and "docx".
    labels
        Code to the name to print.

    Returns
    -------
    The files: agreement.md, agreement.tex, agreement.html, agreement.docx.

    Raises
    ------
    UnknownNameError
        When there is no such format.
    MissingExtraError
        When "docx" is asked for and python-docx is not installed.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("table format", name, FORMATS)
    return _write(
        agreement_tables(result, labels=labels), _TITLE, Path(folder), "agreement", formats
    )


def _write(
    tables: list[PaperTable], title: str, folder: Path, stem: str, formats: Sequence[str]
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in formats:
        path = folder / f"{stem}.{name}"
        path.write_bytes(_as(name, tables, title))
        written.append(path)
    return written


def _write_all(tables: list[PaperTable], title: str, folder: Path, stem: str) -> list[Path]:
    """Write every format; Word only where python-docx is installed."""
    written = _write(tables, title, folder, stem, FORMATS[:-1])
    with suppress(MissingExtraError):
        written += _write(tables, title, folder, stem, FORMATS[-1:])
    return written


def _as(name: str, tables: list[PaperTable], title: str) -> bytes:
    if name == "docx":
        return word_document(tables, title)
    word = {"md": PaperTable.to_markdown, "tex": PaperTable.to_latex, "html": PaperTable.to_html}
    text = "\n".join(word[name](t) for t in tables)
    if name == "html":
        head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        text = f"{head}<title>{escape(title)}</title>\n{text}</html>\n"
    return text.encode("utf-8")


def write_paper(findings: Findings, folder: Path) -> list[Path]:
    """Write everything for the paper that a study's findings allow.

    DOCX is left out where python-docx is not installed.
    """
    written = []
    for stem, table in study_tables(findings).items():
        written += _write_all([table], table.title, folder, stem)
    if findings.agreement is None:
        return written
    result, notes, corpus = findings.agreement, findings.notes, findings.corpus
    labels = findings.labels
    written += _write_all(agreement_tables(result, labels=labels), _TITLE, folder, "agreement")
    texts = {
        "methods.md": methods_text(result, notes=notes, corpus=corpus, labels=labels),
        "grras.md": grras(result, notes=notes, corpus=corpus, title=findings.title).to_markdown(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written
