"""For whom and under what condition: outcomes and transitions by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.adjust import adjust_p
from rupturecode.sequences.hazard import contrasts
from rupturecode.sequences.limits import quantile
from rupturecode.sequences.logit import logit
from rupturecode.sequences.mantel import mantel_haenszel
from rupturecode.sequences.repair_time import with_contacts
from rupturecode.sequences.trajectories import wilson_interval
from rupturecode.sequences.transitions import transitions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.annotation import Annotations
    from rupturecode.sequences.episodes import Episodes
    from rupturecode.transcript import Corpus

_MODEL = ("term", "estimate", "low", "high", "se", "p", "ratio", "note")

_TREATED = {
    "exclude": "Left out because they were censored: {}; see repair_time, which uses them.",
    "not": "Counted as without the outcome because they were censored: {}; see repair_time.",
}
_AS_FOUND = (
    "Groups are compared as they came about; without random allocation other differences "
    "between cases go with them."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Moderation(Result):
    """How episodes ended, by group, and how groups differ."""

    main: ClassVar[str] = "groups"

    groups: pd.DataFrame
    contrasts: pd.DataFrame
    """Log odds ratios of the outcome, each group against the most frequent one."""
    strata: pd.DataFrame
    """With ``strata``: Mantel-Haenszel odds ratio and Breslow-Day test."""
    cautions: pd.DataFrame

    def headline(self) -> str:
        """Shares by group."""
        told = [
            f"{r['group']} {r['estimate']:.0%} of {r['n_units']}"
            for r in self.groups.to_dict("records")
            if not pd.isna(r["estimate"])
        ]
        return f"{self.settings['outcome']} by {self.settings['by']}: {', '.join(told)}."


@check_kinds
def moderation(
    episodes: Episodes,
    by: str,
    *,
    outcome: str = "resolved",
    strata: str | None = None,
    censored: str = "exclude",
    suppress_below: int = 0,
    confidence: float = 0.95,
) -> Moderation:
    """Compare how episodes end between groups (condition, dyad composition, kind, ...).

    A comparison of condition A with B, or of dyads, rests on cases, not on episodes:
    contrasts have standard errors robust to dependence within cases.

    Parameters
    ----------
    episodes
        What :func:`episodes` returned.
    by
        Column of the episodes or of the sessions table, known at onset. What comes up
        during an episode (naming) belongs in :func:`discrete_hazard`.
    outcome
        The ending of interest.
    strata
        A further column to hold constant (two groups only).
    censored
        ``"exclude"`` leaves censored episodes out (biased towards quick endings);
        ``"not"`` counts them as without the outcome within the time observed. Neither
        replaces :func:`repair_time`, which uses all.
    suppress_below
        Hide groups of fewer episodes (or cases) than this.
    confidence
        Of the intervals (Wilson for shares).

    Raises
    ------
    UnknownNameError, UsageError
        For an unknown column or treatment, or a single group with ``strata``.

    References
    ----------
    Mantel & Haenszel (1959); Breslow & Day (1980); see :func:`mantel_haenszel`.
    """
    if censored not in ("exclude", "not"):
        raise UnknownNameError("treatment of censored episodes", censored, ("exclude", "not"))
    frame = with_contacts(episodes)
    for column in (by, *([strata] if strata else ())):
        if column not in frame.columns:
            raise UnknownNameError("column", column, frame.columns)
    if by in ("n_attempts", "dimensions", "first_named_turn", "stages", "turns", "n_markers"):
        raise UsageError(
            f"{by!r} is only known once an episode has run: longer ones have more of it "
            "(immortal time). Use person_turn_table and discrete_hazard."
        )
    cut = frame["outcome"].str.startswith("censored")
    used = frame[~cut] if censored == "exclude" else frame
    group = used[by].astype("object").where(used[by].notna(), "not known").astype(str)
    came = used["outcome"] == outcome
    groups = _groups(used, group, came, suppress_below, confidence)
    lines = (
        words.few_clusters(used["case"].nunique(), "cases"),
        _TREATED[censored].format(counted(int(cut.sum()), "episode")) * bool(cut.any()),
        _AS_FOUND,
    )
    return Moderation(
        groups=groups,
        contrasts=_contrasts(used, group, came, by, confidence),
        strata=_stratified(used, group, came, strata, confidence),
        cautions=words.cautions(*lines),
        settings={"by": by, "outcome": outcome, "strata": strata, "censored": censored,
                  "suppress_below": suppress_below, "confidence": confidence,
                  "rule": episodes.rule},
    )  # fmt: skip


def _groups(
    used: pd.DataFrame, group: pd.Series, came: pd.Series, least: int, confidence: float
) -> pd.DataFrame:
    rows = []
    for name in sorted(group.unique()):
        mask = group == name
        n, k = int(mask.sum()), int(came[mask].sum())
        cases = int(used.loc[mask, "case"].nunique())
        row: dict[str, object] = {"group": name, "events": k, "n_units": n, "n_cases": cases}
        if n < least or cases < least:
            hidden = dict.fromkeys(("events", "n_units", "n_cases"), pd.NA)
            limits = dict.fromkeys(("estimate", "low", "high"), float("nan"))
            rows.append(row | hidden | limits | {"note": f"fewer than {least}: suppressed"})
            continue
        low, high = wilson_interval(k, n, confidence)
        rows.append(row | {"estimate": k / n, "low": low, "high": high, "note": ""})
    frame = pd.DataFrame(rows)
    return frame.astype({c: "Int64" for c in ("events", "n_units", "n_cases") if c in frame})


def _contrasts(
    used: pd.DataFrame, group: pd.Series, came: pd.Series, by: str, confidence: float
) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(_MODEL))
    if len(set(group)) < 2:
        return empty
    cluster = used["case"] if len(set(used["case"])) > 1 else None
    x = contrasts(pd.DataFrame({by: group}), [by])
    try:
        model = logit(came, x, cluster=cluster, confidence=confidence)
    except UsageError as err:
        row = {"term": by, "note": str(err)}
        return pd.DataFrame([row], columns=list(_MODEL))
    frame = model.terms[model.terms["term"] != "intercept"].assign(note="")
    return frame[list(_MODEL)].reset_index(drop=True)


def _stratified(
    used: pd.DataFrame, group: pd.Series, came: pd.Series, strata: str | None, confidence: float
) -> pd.DataFrame:
    if strata is None:
        return pd.DataFrame()
    names = sorted(group.unique())
    if len(names) != 2:
        raise UsageError(f"strata need exactly two groups to compare, not {len(names)}")
    tables = []
    for index in used.groupby(strata).groups.values():
        g, c = group.loc[index], came.loc[index]
        tables.append([[int((c & (g == n)).sum()), int((~c & (g == n)).sum())] for n in names])
    return mantel_haenszel(np.array(tables), confidence=confidence).pooled


@check_kinds
def transitions_by(
    notes: Annotations,
    corpus: Corpus,
    by: str,
    *,
    lag: int = 1,
    given: Iterable[str] | None = None,
    target: Iterable[str] | None = None,
    adjust: str = "bh",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare transitions between groups of sessions.

    Parameters
    ----------
    notes, corpus, lag, given, target, adjust, confidence
        As for :func:`transitions`.
    by
        Column of the sessions table.

    Returns
    -------
    One row per cell and pair of groups: ``given``, ``target``, ``group``, ``against``,
    ``estimate`` (difference of log odds ratios), ``low``, ``high``, ``z``, ``p``,
    ``p_adjusted``, ``note``. Standard errors are robust to dependence within sessions.

    Raises
    ------
    UnknownNameError, UsageError
        For an unknown column, or fewer than two groups.

    References
    ----------
    Bakeman, R., McArthur, D. & Quera, V. (1996). Psychological Methods 1, 446-457 (comparing
    log odds between groups).
    """
    frame = corpus.sessions
    if by not in frame.columns:
        raise UnknownNameError("column", by, frame.columns)
    frame = frame[frame["session"].isin(notes.sessions) & frame[by].notna()]
    names = sorted(frame[by].astype(str).unique())
    if len(names) < 2:
        raise UsageError(f"column {by!r} has fewer than two groups among the coded sessions")
    tables = {
        n: transitions(notes, corpus, lag, given, target, adjust="none", confidence=confidence,
                       sessions=frame.loc[frame[by].astype(str) == n, "session"].tolist(),
                       shuffles=0).cells
        for n in names
    }  # fmt: skip
    parts = [
        _difference(tables[a], tables[b], a, b, confidence)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]
    out = pd.concat(parts, ignore_index=True)
    out.insert(out.columns.get_loc("p") + 1, "p_adjusted", adjust_p(out["p"], adjust))
    return out


def _difference(
    one: pd.DataFrame, two: pd.DataFrame, a: str, b: str, confidence: float
) -> pd.DataFrame:
    from scipy.stats import norm

    columns = ["given", "target", "log_odds", "log_odds_low", "log_odds_high"]
    both = one[columns].merge(two[columns], on=["given", "target"], suffixes=("", "_b"))
    z = quantile(confidence)
    widths = [(both[f"log_odds_high{s}"] - both[f"log_odds_low{s}"]) / (2 * z) for s in ("", "_b")]
    estimate = both["log_odds"] - both["log_odds_b"]
    se = np.sqrt(widths[0] ** 2 + widths[1] ** 2)
    score = estimate / se
    return pd.DataFrame(
        {
            "given": both["given"], "target": both["target"], "group": a, "against": b,
            "estimate": estimate, "low": estimate - z * se, "high": estimate + z * se,
            "z": score, "p": 2 * norm.sf(score.abs()),
            "note": np.where(estimate.isna(), "no odds ratio in one of the groups", ""),
        }
    )  # fmt: skip
