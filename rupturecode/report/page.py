"""Put the report's sections together and write the page."""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from rupturecode.report.agreement import agreement_section, disagreement_section
from rupturecode.report.audits import drift_section, equity_section
from rupturecode.report.blocks import Figure, Section
from rupturecode.report.ruptures import rupture_section, sequence_section, time_section
from rupturecode.report.sample import coding_section, sample_section
from rupturecode.report.steps import method_section, next_section
from rupturecode.report.words import headlines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rupturecode.report.findings import Findings

_CONFIDENTIAL = (
    "This page quotes transcript turns that coders disagree about. Keep it where the transcripts "
    "are kept."
)


def write_report(findings: Findings, path: Path) -> None:
    """Write the report, and its pictures one by one into ``figures/`` beside it.

    The page is one self-contained HTML file: no script, nothing fetched.
    """
    sections = build(findings)
    path.write_text(render(findings, sections), encoding="utf-8")
    folder = path.with_name("figures")
    folder.mkdir(exist_ok=True)
    figures = [b for s in sections for b in s.blocks if isinstance(b, Figure)]
    for name, figure in zip(file_names([f.name for f in figures]), figures, strict=True):
        (folder / f"{name}.svg").write_text(figure.svg, encoding="utf-8")


def file_names(names: Sequence[str]) -> list[str]:
    """Make file names of names; those that would be the same file are numbered.

    Examples
    --------
    >>> file_names(["timeline_A/1", "timeline_a_1", "agreement"])
    ['timeline_A_1', 'timeline_a_1-2', 'agreement']
    """
    taken: dict[str, int] = {}
    found = []
    for name in names:
        plain = re.sub(r"[^\w.-]+", "_", name)
        again = taken[plain.casefold()] = taken.get(plain.casefold(), 0) + 1
        found.append(plain if again == 1 else f"{plain}-{again}")
    return found


def build(findings: Findings) -> list[Section]:
    """Make the sections that the findings allow."""
    made = [section(findings) for section in _SECTIONS]
    return [s for s in made if s is not None and s.blocks]


def render(findings: Findings, sections: list[Section]) -> str:
    """Return the report as HTML."""
    from jinja2 import Environment

    room = files("rupturecode.report")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((room / "template.html").read_text(encoding="utf-8"))
    book = findings.codebook
    return template.render(
        title=findings.title,
        lead=f"Coded with {book.title} ({book.id}, version {book.version}).",
        confidential=_CONFIDENTIAL if findings.disagreements is not None else "",
        headlines=headlines(findings),
        sections=sections,
        css=(room / "style.css").read_text(encoding="utf-8"),
        foot=f"Made with rupturecode {version('rupturecode')}. manifest.json beside this page "
        "lists every input file with its hash, the settings and the versions used.",
    )


_SECTIONS = (
    sample_section,
    coding_section,
    agreement_section,
    disagreement_section,
    drift_section,
    equity_section,
    rupture_section,
    sequence_section,
    time_section,
    next_section,
    method_section,
)

__all__ = ["build", "render", "write_report"]
