"""What has changed since the last run: transcripts whose words moved under their codings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import Problem, RupturecodeError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from rupturecode.annotation import Reanchored
    from rupturecode.study.model import Study
    from rupturecode.transcript import Corpus

_TABLES = ("turns", "units", "annotations", "coverage", "links")


def last_run(study: Study) -> dict[str, pd.DataFrame] | None:
    """Return the tables of the last run, or None when none with codings can be read."""
    folder = study.derived_folder
    paths = {name: folder / f"{name}.parquet" for name in _TABLES}
    if not all(p.is_file() for p in paths.values()):
        return None
    try:
        return {name: pd.read_parquet(p) for name, p in paths.items()}
    except (OSError, ValueError):
        return None  # damaged since; a new run writes them anew


def moved(study: Study, corpus: Corpus) -> Reanchored | None:
    """Carry the last run's codings over to the transcripts as they are now.

    None when there was no run, or no transcript has changed since.
    """
    from rupturecode.annotation import Annotations, reanchor

    old = last_run(study)
    if old is None:
        return None
    columns = ["session", "turn", "text"]
    before = old["turns"][columns].fillna("")
    now = corpus.turns[columns].fillna("")
    shared = before["session"].isin(now["session"])
    if (
        before[shared]
        .reset_index(drop=True)
        .equals(now[now["session"].isin(before["session"])].reset_index(drop=True))
    ):
        return None
    notes = Annotations.from_frame(
        old["annotations"],
        codebook=study.codebook,
        units=[old["units"], _whole(old["turns"])],
        coverage=old["coverage"],
        links=old["links"],
        constraints="report",
    )
    return reanchor(notes, old["turns"], corpus, units=study.windows(corpus))


def _whole(turns: pd.DataFrame) -> pd.DataFrame:
    """Sessions as units: what session-level ratings stand on."""
    ends = turns.groupby("session")["turn"].agg(["min", "max"]).reset_index()
    ends.columns = ["session", "first_turn", "last_turn"]
    return ends.assign(kind="session", unit=1)


def remarks(study: Study, corpus: Corpus) -> list[Problem]:
    """Say which transcripts changed since the last run, and what that did to their codings."""
    try:
        found = moved(study, corpus)
    except RupturecodeError:
        return []  # the last run was made under another codebook; a new run mends that
    if found is None:
        return []
    fates = found.fates[found.fates["fate"] != "same"]
    turns = found.turns[found.turns["fate"] != "same"]
    said = []
    for session in dict.fromkeys([*turns["session"], *fates["session"]]):
        n = fates.loc[fates["session"] == session, "fate"].value_counts()
        what = ", ".join(f"{count} {fate}" for fate, count in n.items()) or "none touched"
        message = (
            f"transcript {session!r} has changed since the last run; its codings: {what}. "
            "List and mend them with: rupturecode reanchor STUDY"
        )
        source = corpus[session].source if session in corpus else ""
        said.append(Problem(message, source, kind="changed-transcript"))
    return said


def write_reanchored(study: Study, folder: Path) -> Reanchored:
    """Write codings that fit the changed transcripts, and the list of what became of each.

    Raises
    ------
    UsageError
        When nothing has changed since the last run, or the folder holds something.
    """
    from rupturecode.io import write_annotations

    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is already there and not empty; name another folder.")
    found = moved(study, study.transcripts())
    if found is None:
        raise UsageError("No transcript has changed since the last run.")
    write_annotations(found.annotations, folder)
    found.to_frame().to_csv(folder.with_name(folder.name + "-fates.csv"), index=False)
    return found
