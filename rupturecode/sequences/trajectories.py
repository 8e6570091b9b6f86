"""A case from session to session, and what happens in the turns around an onset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.case_time import one_layer
from rupturecode.sequences.coded_pairs import presence
from rupturecode.sequences.limits import quantile
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.sequences.alliance import AllianceSeries
    from rupturecode.sequences.episodes import Episodes


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Trajectory(Result):
    """Per case and contact: onsets, attempts, how they ended, and alliance if given."""

    main: ClassVar[str] = "contacts"

    contacts: pd.DataFrame

    def headline(self) -> str:
        """Size and total."""
        t = self.contacts
        return (
            f"{t['case'].nunique()} cases, {len(t)} contacts: {int(t['onsets'].sum())} onsets, "
            f"{int(t['resolved'].sum())} resolved, {int(t['censored'].sum())} censored."
        )


@check_kinds
def trajectory(episodes: Episodes, alliance: AllianceSeries | None = None) -> Trajectory:
    """Count onsets, attempts and endings per contact of every case.

    Parameters
    ----------
    episodes
        What :func:`episodes` returned.
    alliance
        Scores by session, if there are any.

    Returns
    -------
    ``case``, ``rank``, ``session``, ``kind``, ``covered``, ``n_turns``, ``onsets``,
    ``attempts``, ``resolved``, ``censored``, ``terminated``, ``other`` (endings on the
    session clock of the episodes begun there), ``resolved_later`` (episodes of earlier
    contacts resolved here), ``score``. Counts are missing where the contact was not coded.

    References
    ----------
    Gumz, A. et al. (2012). BMC Medical Research Methodology 12, 10 (patterns over sessions).
    """
    frame = episodes.episodes
    out = episodes.contacts[["case", "rank", "session", "kind", "covered", "n_turns"]].copy()
    ends = frame["session_outcome"]
    main = ends.isin(("resolved", "terminated")) | ends.str.startswith("censored")
    later = (frame["case_outcome"] == "resolved") & (frame["end_session"] != frame["session"])
    counts = {
        "onsets": frame["session"].value_counts(),
        "attempts": episodes.attempts["session"].value_counts(),
        "resolved": frame.loc[ends == "resolved", "session"].value_counts(),
        "censored": frame.loc[ends.str.startswith("censored"), "session"].value_counts(),
        "terminated": frame.loc[ends == "terminated", "session"].value_counts(),
        "other": frame.loc[~main, "session"].value_counts(),
        "resolved_later": frame.loc[later, "end_session"].value_counts(),
    }
    for name, tally in counts.items():
        column = out["session"].map(tally).fillna(0).astype("Int64")
        out[name] = column.where(out["covered"])
    out["score"] = np.nan
    if alliance is not None:
        scores = alliance.series.set_index("session")["score"]
        out["score"] = out["session"].map(scores[~scores.index.duplicated()]).astype("float64")
    return Trajectory(contacts=out, settings={"rule": episodes.rule})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EventWindow(Result):
    """How often codes occur in the turns before and after episodes begin."""

    main: ClassVar[str] = "shares"

    shares: pd.DataFrame
    """code, offset, events, n_units, estimate, low, high"""
    cautions: pd.DataFrame

    def headline(self) -> str:
        """How many onsets."""
        s = self.settings
        return f"Turns around {s['n_onsets']} onsets, {s['before']} before to {s['after']} after."


@check_kinds
def event_window(
    notes: Annotations,
    episodes: Episodes,
    codes: Sequence[str],
    *,
    before: int = 10,
    after: int = 20,
    confidence: float = 0.95,
) -> EventWindow:
    """Line up sessions at the onset of episodes and follow codes around it.

    Parameters
    ----------
    notes
        The layer of coding that the episodes were found in.
    episodes
        What :func:`episodes` returned.
    codes
        Which codes to follow.
    before, after
        Turns to show. Turns whose speaker may not carry a code do not count for it.
    confidence
        Of the interval of the share (Wilson); onsets of one session overlap, so read it
        as a guide.

    Returns
    -------
    Per code and offset (0 the onset turn): ``events``, ``n_units`` (onsets with such a turn
    examined), ``estimate``, ``low``, ``high``.

    Raises
    ------
    UsageError
        When no episode has an onset turn.

    References
    ----------
    Wilson, E. B. (1927). JASA 22, 209-212 (interval).
    """
    one_layer(notes)
    data = presence(notes, [notes.codebook[c].id for c in listed(codes)], eligible=True)
    frame = episodes.episodes.dropna(subset=["onset_turn"])
    if frame.empty:
        raise UsageError("no episode has an onset turn to line up")
    place = {
        (data.sessions[s], t): i
        for i, (s, t) in enumerate(zip(data.session.tolist(), data.turn.tolist(), strict=True))
    }
    offsets = np.arange(-before, after + 1)
    onsets = zip(frame["session"], frame["onset_turn"].astype(int), strict=True)
    spots = np.array([[place.get((s, t + o), -1) for o in offsets.tolist()] for s, t in onsets])
    rows = []
    for c, code in enumerate(data.codes):
        values = np.where(spots >= 0, data.there[c][spots], np.nan)
        for j, offset in enumerate(offsets.tolist()):
            seen = values[:, j][~np.isnan(values[:, j])]
            low, high = wilson_interval(int(seen.sum()), len(seen), confidence)
            rows.append(
                {
                    "code": code, "offset": offset, "events": int(seen.sum()),
                    "n_units": len(seen),
                    "estimate": float(seen.mean()) if len(seen) else float("nan"),
                    "low": low, "high": high,
                }
            )  # fmt: skip
    settings: dict[str, object] = {
        "before": before, "after": after, "confidence": confidence, "n_onsets": len(frame),
        "codes": data.codes, "rule": episodes.rule,
    }  # fmt: skip
    few = words.few_clusters(frame["case"].nunique(), "cases")
    return EventWindow(shares=pd.DataFrame(rows), cautions=words.cautions(few), settings=settings)


def wilson_interval(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Score interval for a share; NaN without units.

    References
    ----------
    Wilson, E. B. (1927). JASA 22, 209-212.

    Examples
    --------
    >>> [round(x, 4) for x in wilson_interval(1, 10)]
    [0.0179, 0.4042]
    """
    if not n:
        return float("nan"), float("nan")
    z = quantile(confidence)
    share = count / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if count == 0 else float(middle - half)
    return low, 1.0 if count == n else float(middle + half)
