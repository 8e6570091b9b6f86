"""The report of a study: one page that a lab head can forward, and tables for papers."""

from __future__ import annotations

from rupturecode.report.findings import Findings
from rupturecode.report.grras import Grras, grras
from rupturecode.report.methods import methods_text
from rupturecode.report.page import write_report
from rupturecode.report.paper import agreement_tables, paper_tables, write_paper
from rupturecode.report.papertable import PaperTable
from rupturecode.report.words import headlines

__all__ = [
    "Findings",
    "Grras",
    "PaperTable",
    "agreement_tables",
    "grras",
    "headlines",
    "methods_text",
    "paper_tables",
    "write_paper",
    "write_report",
]
