"""Annotations on screen: how often each coder gave each code, and who read what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.display import counted, fold, heading, listing, table

if TYPE_CHECKING:
    from rupturecode.annotation.annotations import Annotations


def to_html(notes: Annotations) -> str:
    """Return counts and coverage; no words, and no rows of single turns."""
    parts = [
        heading(repr(notes)),
        table(counts(notes), "Times each code was given, by coder", rows=15),
        fold("Who examined what", table(examined(notes), "Units examined, by coder", rows=30)),
    ]
    if len(notes.links):
        parts.append(f"<p>{counted(len(notes.links), 'link')} between annotations</p>")
    if notes.problems:
        told = listing(str(p) for p in notes.problems[:20])
        parts.append(fold(f"{counted(len(notes.problems), 'remark')} from reading", told))
    return "".join(parts)


def counts(notes: Annotations) -> pd.DataFrame:
    """Return how often each coder gave each code (doubtful ones too), in the codebook's order."""
    given = notes.to_frame()
    given = given[given["status"].isin(("given", "uncertain"))]
    wide = pd.crosstab(given["code"], given["coder"]).reindex(
        index=list(notes.codes), columns=list(notes.coders), fill_value=0
    )
    wide.insert(0, "label", [notes.codebook[c].label for c in notes.codes])
    return wide.reset_index(names="code")


def examined(notes: Annotations) -> pd.DataFrame:
    """Return how many units of each kind every coder examined, session by session."""
    parts = []
    for kind in dict.fromkeys(notes.coverage["kind"]):
        grid = notes.layout.grid(kind)
        frame = pd.DataFrame(
            notes.cover.matrix(kind).astype(int), index=grid.index(), columns=list(notes.coders)
        )
        total = frame.groupby(level="session", sort=False).agg("sum")
        total.insert(0, "units", frame.groupby(level="session", sort=False).size())
        total.insert(0, "kind", str(kind))
        parts.append(total.reset_index())
    blank = pd.DataFrame(columns=["session", "kind", "units", *notes.coders])
    return pd.concat(parts, ignore_index=True) if parts else blank
