"""The tables of a study other than agreement, as a paper prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.report.blocks import print_table, title_of
from rupturecode.report.papertable import PaperTable
from rupturecode.report.ruptures import CELLS, EPISODES
from rupturecode.report.sample import CONTACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.report.findings import Findings


def study_tables(findings: Findings) -> dict[str, PaperTable]:
    """Return every table that the findings allow, by the name of its file.

    Sample description, contacts, episodes, transitions, time to repair and stage paths.
    """
    corpus = findings.corpus
    description = corpus.description().to_frame()
    made = {
        "sample": _paper(description, "Sample description"),
        "contacts": _paper(corpus.sessions, "Contacts, in the order of each case", CONTACTS),
    }
    results = {
        "episodes": (findings.episodes, "Rupture episodes", EPISODES),
        "transitions": (findings.transitions, "Transitions between codes", CELLS),
        "repair_time": (findings.repair_time, "Time to repair", None),
        "stage_paths": (findings.stage_paths, "Stage paths of episodes", None),
    }
    for name, (result, caption, titles) in results.items():
        if result is not None and len(result.to_frame()):
            made[name] = _paper(result.to_frame(), caption, titles, note=result.headline())
    return made


def _paper(
    frame: pd.DataFrame, caption: str, titles: Mapping[str, str] | None = None, *, note: str = ""
) -> PaperTable:
    printed = print_table(frame, caption, titles or {c: title_of(c) for c in frame.columns})
    return PaperTable(
        caption,
        tuple(column.title for column in printed.columns),
        tuple(tuple(row) for row in printed.rows),
        (note,) if note else (),
    )
