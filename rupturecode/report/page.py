"""Put the report's sections together and write the page."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from rupturecode.report.agreement import agreement_section, disagreement_section
from rupturecode.report.blocks import Section
from rupturecode.report.ruptures import rupture_section, sequence_section, time_section
from rupturecode.report.sample import coding_section, sample_section
from rupturecode.report.steps import method_section, next_section
from rupturecode.report.words import headlines

if TYPE_CHECKING:
    from pathlib import Path

    from rupturecode.report.findings import Findings

_CONFIDENTIAL = (
    "This page quotes transcript turns that coders disagree about. Keep it where the transcripts "
    "are kept."
)


def write_report(findings: Findings, path: Path) -> None:
    """Write the report as one self-contained HTML file: no script, nothing fetched."""
    path.write_text(render(findings), encoding="utf-8")


def render(findings: Findings) -> str:
    """Return the report as HTML."""
    from jinja2 import Environment

    room = files("rupturecode.report")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((room / "template.html").read_text(encoding="utf-8"))
    made = [build(findings) for build in _SECTIONS]
    book = findings.codebook
    return template.render(
        title=findings.title,
        lead=f"Coded with {book.title} ({book.id}, version {book.version}).",
        confidential=_CONFIDENTIAL if findings.disagreements is not None else "",
        headlines=headlines(findings),
        sections=[s for s in made if s is not None and s.blocks],
        css=(room / "style.css").read_text(encoding="utf-8"),
        foot=f"Made with rupturecode {version('rupturecode')}. manifest.json beside this page "
        "lists every input file with its hash, the settings and the versions used.",
    )


_SECTIONS = (
    sample_section,
    coding_section,
    agreement_section,
    disagreement_section,
    rupture_section,
    sequence_section,
    time_section,
    next_section,
    method_section,
)

__all__ = ["Section", "render", "write_report"]
