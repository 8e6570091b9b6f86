"""How long until a rupture is repaired, with those not followed to an end kept honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.competing import competing_risks
from rupturecode.sequences.log_rank import log_rank
from rupturecode.sequences.resample import resampled_limits
from rupturecode.sequences.survival import (
    area,
    median_time,
    restricted_mean,
    survival_curve,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from rupturecode.sequences.episodes import Episodes

CLOCKS = {"turns": "turns", "minutes": "minutes", "sessions": "sessions", "contacts": "contacts",
          "days": "days"}  # fmt: skip
ENDS = ("resolution", "attempt")
COMPETING = ("overcome", "superseded", "terminated")
_TEST = ("test", "null", "statistic", "df", "p", "note")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RepairTime(Result):
    """Time from onset to repair: curves, incidences, medians, means and a comparison."""

    main: ClassVar[str] = "medians"

    medians: pd.DataFrame
    """group, estimate, low, high, n_units, events, censored, note"""
    curves: pd.DataFrame
    """Kaplan-Meier: the share not yet repaired, were repair the only way to end."""
    incidence: pd.DataFrame
    """Aalen-Johansen: the share that ended in each way by each time."""
    means: pd.DataFrame
    test: pd.DataFrame
    waits: pd.DataFrame
    """One row per episode that could be timed: episode, case, group, time, outcome."""
    cautions: pd.DataFrame

    def headline(self) -> str:
        """Median and how many were followed to repair."""
        unit, what = self.settings["clock"], self.settings["to"]
        told = []
        for row in self.medians.to_dict("records"):
            name = "" if row["group"] == "all" else f"{row['group']}: "
            median = row["estimate"]
            middle = f"median {median:.3g} {unit}" if median == median else "median not reached"  # noqa: PLR0124
            told.append(f"{name}{middle} ({row['events']} of {row['n_units']} episodes)")
        return f"Time to {what}: " + "; ".join(told) + "."


@check_kinds
def repair_time(
    episodes: Episodes,
    *,
    to: str = "resolution",
    clock: str = "turns",
    by: str | None = None,
    horizon: float | None = None,
    confidence: float = 0.95,
    resample: int = 0,
    seed: int = 0,
) -> RepairTime:
    """Estimate the time from a rupture's onset to its repair.

    Episodes not followed to an end are censored. Superseding, termination and overcoming
    without repair compete: in ``curves`` they are censored too, in ``incidence`` they are
    outcomes of their own, which is the one to report where they are frequent.

    Parameters
    ----------
    episodes
        What :func:`episodes` returned.
    to
        ``"resolution"``, or ``"attempt"`` for the time to the first attempt at repair.
    clock
        ``"turns"`` or ``"minutes"`` within the session; ``"sessions"``, ``"contacts"`` or
        ``"days"`` within the case (these need a rule with ``span="case"``).
    by
        A column of the episodes (``"kind"``, ``"first_response"``) or of the sessions
        table (``"condition"``) to compare, if known at onset.
    horizon
        Up to where the restricted mean goes; default the largest time at which every group
        is still followed.
    confidence
        Of all intervals. They take episodes as independent, unless cases are resampled.
    resample, seed
        So many samples of whole cases for the intervals of medians and means; 0 for none.

    Returns
    -------
    Tables ``medians``, ``curves``, ``incidence``, ``means`` (restricted means), ``test``
    (log-rank), ``waits`` and ``cautions``.

    Raises
    ------
    UnknownNameError, UsageError
        For an unknown end, clock or column, or when no episode can be timed.

    References
    ----------
    Kaplan & Meier (1958); Aalen & Johansen (1978); see :func:`survival_curve` and
    :func:`competing_risks`. Putter, H., Fiocco, M. & Geskus, R. B. (2007). Statistics in
    Medicine 26, 2389-2430 (why both).
    """
    if resample < 0:
        raise UsageError("resample cannot be negative: 0 for none")
    waits, untimed = _waits(episodes, to, clock, by)
    event = (waits["outcome"] == to).to_numpy()
    curves = survival_curve(waits["time"], event, waits["group"], confidence=confidence)
    ended = ~waits["outcome"].str.startswith("censored")
    incidence = pd.DataFrame()
    if ended.any():
        incidence = competing_risks(waits["time"], waits["outcome"], waits["group"],
                                    confidence=confidence)  # fmt: skip
    horizon = _horizon(waits) if horizon is None else horizon
    means = restricted_mean(
        waits["time"], event, waits["group"], horizon=horizon, confidence=confidence
    )
    medians = _medians(curves, waits, to)
    if resample:
        draw = (resample, seed, confidence)
        medians = _with_limits(medians, waits, _median_of(to), draw)
        means = _with_limits(means, waits, _mean_of(to, horizon), draw)
    settings: dict[str, object] = {
        "to": to, "clock": clock, "by": by, "horizon": horizon, "confidence": confidence,
        "resample": resample, "seed": seed, "rule": episodes.rule,
    }  # fmt: skip
    return RepairTime(
        medians=medians,
        curves=curves,
        incidence=incidence,
        means=means,
        test=_compare(waits, event),
        waits=waits,
        cautions=words.cautions(*_cautions(waits, untimed, to, clock)),
        settings=settings,
    )


def _waits(episodes: Episodes, to: str, clock: str, by: str | None) -> tuple[pd.DataFrame, int]:
    if to not in ENDS:
        raise UnknownNameError("end", to, ENDS)
    if clock not in CLOCKS:
        raise UnknownNameError("clock", clock, CLOCKS)
    on_case = clock in ("sessions", "contacts", "days")
    if on_case and episodes.rule.span != "case":
        raise UsageError(f'clock="{clock}" needs episodes made with EpisodeRule(span="case")')
    if to == "attempt" and clock != "turns":
        raise UsageError('time to the first attempt is counted in turns: clock="turns"')
    frame = with_contacts(episodes)
    outcome = frame["case_outcome" if on_case else "session_outcome"]
    time = frame[clock]
    if to == "attempt":
        came = frame["attempt_turns"].notna() & ~(frame["attempt_turns"] > frame["turns"])
        time = frame["attempt_turns"].where(came, frame["turns"])
        outcome = outcome.where(~came, "attempt")
    resolved = outcome == "resolved"
    outcome = outcome.where(~resolved, "resolution" if to == "resolution" else "resolved")
    known = ["resolution", "attempt", "resolved", *COMPETING]
    outcome = outcome.where(outcome.isin(known), "censored")
    group = _group(frame, by)
    waits = pd.DataFrame({"episode": frame["episode"], "case": frame["case"], "group": group,
                          "time": time.astype(float), "outcome": outcome})  # fmt: skip
    timed = waits["time"].notna() & (waits["time"] >= 0)
    if not timed.any():
        raise UsageError(f"no episode has a known time in {clock}")
    return waits[timed].reset_index(drop=True), int((~timed).sum())


def with_contacts(episodes: Episodes) -> pd.DataFrame:
    """Episodes with the study's own columns of the session in which they began."""
    frame = episodes.episodes
    own = [c for c in episodes.contacts.columns if c not in frame.columns and c != "session"]
    return frame.merge(episodes.contacts[["session", *own]], on="session", how="left")


def _group(frame: pd.DataFrame, by: str | None) -> pd.Series:
    if by is None:
        return pd.Series("all", index=frame.index)
    if by not in frame.columns:
        raise UnknownNameError("column", by, frame.columns)
    return frame[by].astype("object").where(frame[by].notna(), "not known").astype(str)


def _horizon(waits: pd.DataFrame) -> float:
    return max(float(waits.groupby("group")["time"].max().min()), 1e-9)


def _medians(curves: pd.DataFrame, waits: pd.DataFrame, to: str) -> pd.DataFrame:
    frame = median_time(curves)
    counts = waits.groupby("group")
    frame["n_units"] = frame["group"].map(counts.size()).astype("int64")
    outcomes = waits["outcome"]
    for name, mask in (("events", outcomes == to), ("censored", outcomes == "censored")):
        tally = mask.groupby(waits["group"]).sum()
        frame[name] = frame["group"].map(tally).astype("int64")
    return frame[["group", "estimate", "low", "high", "n_units", "events", "censored", "note"]]


def _median_of(to: str) -> Callable[[pd.DataFrame], pd.Series]:
    def estimate(rows: pd.DataFrame) -> pd.Series:
        curve = survival_curve(rows["time"], rows["outcome"] == to, rows["group"])
        return median_time(curve).set_index("group")["estimate"]

    return estimate


def _mean_of(to: str, horizon: float) -> Callable[[pd.DataFrame], pd.Series]:
    def estimate(rows: pd.DataFrame) -> pd.Series:
        return pd.Series(
            {
                group: area(
                    part["time"].to_numpy(), (part["outcome"] == to).to_numpy(int), horizon
                )[0]
                for group, part in rows.groupby("group")
            }
        )

    return estimate


def _with_limits(
    table: pd.DataFrame,
    waits: pd.DataFrame,
    estimate: Callable[[pd.DataFrame], pd.Series],
    draw: tuple[int, int, float],
) -> pd.DataFrame:
    times, seed, confidence = draw
    limits = resampled_limits(waits, estimate, times=times, seed=seed, confidence=confidence)
    found = {c: table["group"].map(limits[c]).astype(float) for c in ("low", "high")}
    return table.assign(**found)


def _compare(waits: pd.DataFrame, event: np.ndarray) -> pd.DataFrame:
    if len(set(waits["group"])) < 2 or not event.any():
        return pd.DataFrame({c: pd.Series(dtype="object") for c in _TEST})
    return log_rank(waits["time"], event, waits["group"]).tests


def _cautions(waits: pd.DataFrame, untimed: int, to: str, clock: str) -> tuple[str, ...]:
    outcomes = waits["outcome"]
    competing = int(
        outcomes.isin(COMPETING).sum() + (to == "attempt") * (outcomes == "resolved").sum()
    )
    censored = int((outcomes == "censored").sum())
    per_case = waits.groupby("case").size()
    return (
        f"Left out, for want of a known time in {clock}: {counted(untimed, 'episode')}."
        * bool(untimed),
        f"{counted(competing, 'episode')} ended otherwise: read incidence, not curves, for "
        "how many are repaired in fact." * bool(competing),
        f"{censored} of {len(waits)} episodes were not followed to an end; estimates suppose "
        "that this has nothing to do with how soon repair would have come." * bool(censored),
        "Some cases have several episodes, which intervals take as independent (resample=0)."
        * bool((per_case > 1).any()),
        words.few_clusters(len(per_case), "cases"),
    )
