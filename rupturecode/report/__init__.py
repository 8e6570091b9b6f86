"""The report of a study: one page that a lab head can forward, and tables for papers."""

from __future__ import annotations

from rupturecode.report.findings import Findings
from rupturecode.report.page import write_report
from rupturecode.report.words import headlines

__all__ = ["Findings", "headlines", "write_report"]
