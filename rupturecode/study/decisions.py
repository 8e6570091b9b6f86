"""One layer of coding for a study: by a rule, or by an adjudicator's decisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.study.model import Study


def write_list(study: Study, path: str | Path | None) -> tuple[Path, int]:
    """See :meth:`Study.adjudicate`."""
    from rupturecode.annotation import adjudication_list
    from rupturecode.io import write_adjudication

    target = Path(path or study.path / "adjudication.xlsx")
    if target.exists():
        raise UsageError(f"{target} is already there and may hold decisions; name another.")
    todo = adjudication_list(study.annotations, study.corpus, seed=study.settings.seed)
    if todo.empty:
        raise UsageError("There is nothing to decide: no two coders disagree.")
    return write_adjudication(todo, study.codebook, target), len(todo)


def decisions(study: Study) -> pd.DataFrame | None:
    """See :meth:`Study.decisions`."""
    from rupturecode.io import read_adjudication

    file = study.path / study.settings.consensus
    return read_adjudication(file) if file.is_file() else None


def one_layer(study: Study, notes: Annotations) -> Annotations:
    """See :meth:`Study.consensus`."""
    decided = decisions(study)
    return notes.consensus(study.settings.consensus if decided is None else decided)


def check_decisions(study: Study, notes: Annotations | None) -> tuple[list[Problem], list[Problem]]:
    """Check the adjudicator's decisions against the codings: what is wrong, what is open."""
    source = study.settings.consensus
    if notes is None or not (study.path / source).is_file():
        return [], []
    try:
        made = one_layer(study, notes)
    except InvalidDataError as err:
        return [p if p.source else replace(p, source=source) for p in err.problems], []
    except ParseError as err:
        return [Problem(err.problem, source, err.line, kind="unreadable")], []
    except UsageError as err:
        return [Problem(str(err), source, kind="unreadable")], []
    return [], [p for p in made.problems if p.kind == "not-adjudicated"]
