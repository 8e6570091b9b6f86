"""Series of alliance scores: where a criterion sees a rupture, and whether observers agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.sequences.episodes import Episodes

CRITERIA = ("drop_1sd", "drop_2sd", "control_chart")
_LIMIT = {"drop_1sd": 1.0, "drop_2sd": 2.0}
_D2 = 1.128
"""Expected range of two normal values in standard deviations."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AllianceSeries(Result):
    """Scores by session with what each criterion flags."""

    main: ClassVar[str] = "series"

    series: pd.DataFrame
    """case, session, position, score, change, and per criterion ``<name>`` and
    ``<name>_repaired``"""
    summary: pd.DataFrame
    """criterion, ruptures, repaired, cases with any, n_units"""

    def headline(self) -> str:
        """How many ruptures each criterion sees."""
        told = [f"{r['criterion']} {r['ruptures']}" for r in self.summary.to_dict("records")]
        cases = self.series["case"].nunique()
        return f"{len(self.series)} scores of {cases} cases; ruptures seen: {', '.join(told)}."


@check_kinds
def alliance_series(
    frame: pd.DataFrame, *, score: str = "score", criteria: Sequence[str] = CRITERIA
) -> AllianceSeries:
    """Flag sharp drops in alliance scores, by named criteria.

    Different criteria find different numbers of episodes, so each is named and counted.

    Parameters
    ----------
    frame
        One row per case and session: ``case``, ``position`` (order in the case), ``session``
        if known, and the score (WAI, PSQ, ...), for instance read from a CSV file.
    score
        Column of the scores.
    criteria
        ``"drop_1sd"`` and ``"drop_2sd"``: the score falls from the session before by at least
        so many standard deviations of all session-to-session changes. ``"control_chart"``:
        the score lies below the mean of the case by more than three sigma, sigma from its
        mean moving range; needs at least five scores.

    Returns
    -------
    The series with ``change`` and, per criterion, whether a rupture is seen, and whether a
    later score reaches the one before the drop again (``_repaired``).

    Raises
    ------
    InvalidDataError, UnknownNameError, UsageError
        For missing columns, a row given twice, or an unknown criterion.

    References
    ----------
    Gumz, A. et al. (2012). BMC Medical Research Methodology 12, 10 (criteria differ; 1 and 2
    SD). Stiles, W. B. et al. (2004). JCCP 72, 81-92. Wheeler, D. J. & Chambers, D. S. (1992),
    Understanding Statistical Process Control (moving range).

    Examples
    --------
    >>> scores = pd.DataFrame({"case": "A", "position": range(1, 7), "score": [6, 6, 6, 3, 6, 6]})
    >>> alliance_series(scores).series["drop_1sd"].tolist()
    [False, False, False, True, False, False]
    """
    for name in criteria:
        if name not in CRITERIA:
            raise UnknownNameError("criterion", name, CRITERIA)
    data = _check(frame, score)
    data["change"] = data.groupby("case")["score"].diff()
    spread = float(data["change"].std(ddof=1))
    before = data["score"] - data["change"]
    rows = []
    for name in criteria:
        if name == "control_chart":
            lower = data.groupby("case")["score"].transform(_lower_limit)
            flag = data["score"] < lower
        else:
            flag = (
                data["change"] <= -_LIMIT[name] * spread if spread > 0 else data["change"] < -np.inf
            )
        data[name] = flag.fillna(False).astype(bool)
        data[f"{name}_repaired"] = _repaired(data, data[name], before)
        rows.append(
            {
                "criterion": name, "ruptures": int(data[name].sum()),
                "repaired": int(data[f"{name}_repaired"].sum()),
                "cases": int(data.loc[data[name], "case"].nunique()),
                "n_units": int(data["change"].notna().sum()),
            }
        )  # fmt: skip
    settings = {"score": score, "criteria": tuple(criteria), "sd_of_changes": spread}
    return AllianceSeries(series=data, summary=pd.DataFrame(rows), settings=settings)


def _check(frame: pd.DataFrame, score: str) -> pd.DataFrame:
    missing = [c for c in ("case", "position", score) if c not in frame.columns]
    if missing:
        raise InvalidDataError("alliance scores", [f"column {c!r} is missing" for c in missing])
    data = frame.rename(columns={score: "score"}).copy()
    data["score"] = pd.to_numeric(data["score"], errors="coerce")
    data = data[data["score"].notna()].sort_values(["case", "position"], kind="stable")
    twice = data[data.duplicated(["case", "position"])]
    if len(twice):
        rows = [f"case {r.case}, position {r.position} is given twice" for r in twice.itertuples()]
        raise InvalidDataError("alliance scores", rows)
    if data.empty:
        raise UsageError("there are no alliance scores")
    if "session" not in data.columns:
        data["session"] = ""
    return data[["case", "session", "position", "score"]].reset_index(drop=True)


def _lower_limit(scores: pd.Series) -> pd.Series:
    moving = scores.diff().abs().mean()
    limit = scores.mean() - 3 * moving / _D2 if len(scores) >= 5 else -np.inf
    return pd.Series(limit, index=scores.index)


def _repaired(data: pd.DataFrame, flag: pd.Series, before: pd.Series) -> pd.Series:
    """Whether a later score of the case reaches the score before the drop."""
    later = data.groupby("case")["score"].transform(lambda s: s[::-1].cummax().shift(1)[::-1])
    return flag & (later >= before)


@check_kinds
def compare_with_observers(
    series: AllianceSeries, episodes: Episodes, criterion: str = "drop_1sd"
) -> pd.DataFrame:
    """Cross-tabulate what a score criterion and observers see in the same sessions.

    Parameters
    ----------
    series
        With session names.
    episodes
        What :func:`episodes` returned; only sessions that were coded count.
    criterion
        Which flag.

    Returns
    -------
    ``by_score``, ``by_observer`` (True or False) and ``sessions``.

    Raises
    ------
    UnknownNameError, UsageError
        For a criterion not computed, or no session in common.
    """
    if criterion not in series.series.columns:
        raise UnknownNameError("criterion", criterion, series.summary["criterion"])
    coded = set(episodes.contacts.loc[episodes.contacts["covered"], "session"])
    data = series.series[series.series["session"].isin(coded) & series.series["change"].notna()]
    if data.empty:
        raise UsageError("no coded session has both a score and a score before it")
    seen = data["session"].isin(set(episodes.episodes["session"]))
    table = pd.crosstab(data[criterion], seen).reindex(
        index=[False, True], columns=[False, True], fill_value=0
    )
    rows = [
        {"by_score": a, "by_observer": b, "sessions": int(table.loc[a, b])}
        for a in (False, True)
        for b in (False, True)
    ]
    return pd.DataFrame(rows)
