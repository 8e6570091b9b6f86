"""A study on screen: what lies in its folder; nothing is read for it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rupturecode.display import counted, fold, heading, listing

if TYPE_CHECKING:
    from rupturecode.study.model import Study


def line(study: Study) -> str:
    """Say in one line what a study holds; only the folder's own name, not where it lies."""
    talks = counted(len(study.transcript_files()), "transcript")
    codings = counted(len(study.coding_files()), "coding")
    return f"Study {study.settings.title!r} in {study.path.name}/: {talks}, {codings}"


def to_html(study: Study) -> str:
    """Return what the folder holds, its settings, and what can be done next."""
    settings = study.settings
    facts = {
        "Codebook": settings.codebook,
        "Unit": settings.unit,
        "Coders": ", ".join(settings.coders) or "none named yet",
        "Consensus": settings.consensus,
        "Report": "derived/report.html" if study.derived_folder.is_dir() else "not made yet: run()",
    }
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:.1em .8em .1em 0">{name}</th>'
        f'<td style="text-align:left">{escape(words)}</td></tr>'
        for name, words in facts.items()
    )
    caption = '<caption style="text-align:left;color:inherit">Settings of study.toml</caption>'
    parts = [
        heading(line(study)),
        f'<table style="border-collapse:collapse">{caption}<tbody>{rows}</tbody></table>',
    ]
    folded = {
        "Transcripts": [p.name for p in study.transcript_files()],
        "Codings": [p.name for p in study.coding_files()],
        "Codes": list(settings.codes),
        "Episodes": [f"{k} = {v}" for k, v in settings.episodes.items()],
        "Problems in study.toml": [str(p) for p in settings.problems],
    }
    parts += [
        fold(f"{name} ({len(items)})", listing(items)) for name, items in folded.items() if items
    ]
    return "".join(parts)
