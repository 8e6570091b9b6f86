"""What becomes of suggestions: who accepted them, and whom they fall on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import InvalidDataError, Problem, UnknownNameError, UsageError

if TYPE_CHECKING:
    from rupturecode.text.evaluate import SuggestionTest
    from rupturecode.transcript import Corpus

DECISIONS = ("accepted", "rejected", "unsure")
_LOG = ["time", "coder", "session", "turn", "code", "score", "given", "decision", "model"]


def log_acceptance(
    decisions: pd.DataFrame, path: str | Path, *, coder: str, model: str = ""
) -> Path:
    """Append what a coder decided about suggestions to a CSV file.

    Parameters
    ----------
    decisions
        Rows of ``suggest(...).suggestions`` with a column ``decision``: accepted, rejected
        or unsure.
    path
        The log; made when it is not there, never overwritten.
    coder
        Who decided.
    model
        Hash of the data the model was fitted on: ``suggestions.model.about["data"]``.

    Raises
    ------
    InvalidDataError
        Naming every missing column and every decision that is none.
    """
    needed = ["session", "turn", "code", "score", "given", "decision"]
    problems = [
        Problem(f"column {c!r} is missing", kind="column")
        for c in needed
        if c not in decisions.columns
    ]
    if not problems:
        problems = [
            Problem(f"row {row}: decision {d!r} is none of {', '.join(DECISIONS)}", kind="decision")
            for row, d in enumerate(decisions["decision"], start=1)
            if d not in DECISIONS
        ]
    if problems:
        raise InvalidDataError("decisions", problems)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    target = Path(path)
    rows = decisions[needed].assign(time=now, coder=coder, model=model)[_LOG]
    rows.to_csv(target, mode="a", header=not target.exists(), index=False)
    return target


def flag_rates(
    evaluation: SuggestionTest, corpus: Corpus, *, by: str, min_cases: int = 5
) -> pd.DataFrame:
    """Compare how often the model and the coders give codes, by group of cases.

    A model that flags one group more than its coders do may take a way of speaking for a
    rupture. Groups are never inputs of the model; they are compared here alone.

    Parameters
    ----------
    evaluation
        From :func:`rupturecode.text.evaluate_suggestions`.
    corpus
        The transcripts, whose ``sessions`` hold the column ``by``.
    by
        A column of ``corpus.sessions`` that the study supplied.
    min_cases
        Groups of fewer cases are suppressed; so is the next smallest, when only one would
        be, since it could be worked out from the whole.

    Returns
    -------
    One row per code and group: code, group, n_cases, n_units, flag_rate, coder_rate, ratio,
    note.

    Raises
    ------
    UnknownNameError
        When the sessions have no such column.
    UsageError
        When fewer than two cases would make a group.
    """
    sessions = corpus.sessions
    if by not in sessions.columns:
        raise UnknownNameError("column of sessions", by, sessions.columns)
    if min_cases < 2:
        raise UsageError("flag_rates: min_cases is 2 or more; a group of one is a person.")
    about = sessions[["session"]].assign(
        group=sessions[by].astype("str").fillna("(not given)"),
        case=sessions["case"].fillna(sessions["session"]),
    )
    scored = evaluation.scores.merge(about, on="session", how="left")
    small = _suppressed(scored.groupby("group")["case"].nunique(), min_cases)
    rows = []
    for (code, group), part in scored.groupby(["code", "group"], sort=True):
        if group in small:
            hidden = (float("nan"),) * 5
            rows.append(
                (code, group, *hidden, f"suppressed: fewer than {min_cases} cases, or beside such")
            )
            continue
        flagged, given = float(part["flagged"].mean()), float(part["given"].mean())
        ratio = flagged / given if given else float("nan")
        note = "" if given else "the coders never gave the code here"
        n_cases = part["case"].nunique()
        rows.append((code, group, n_cases, len(part), flagged, given, ratio, note))
    columns = ["code", "group", "n_cases", "n_units", "flag_rate", "coder_rate", "ratio", "note"]
    return pd.DataFrame(rows, columns=columns)


def _suppressed(n_cases: pd.Series, min_cases: int) -> set[str]:
    ordered = n_cases.sort_values(kind="stable")
    small = [str(g) for g in ordered.index[ordered < min_cases]]
    if len(small) == 1 and len(ordered) > 1:
        small.append(str(ordered.index[1]))
    return set(small)
