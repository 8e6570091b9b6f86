"""How often: markers per hundred eligible turns and per hour, and who begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.case_time import one_layer
from rupturecode.sequences.coded_pairs import presence
from rupturecode.sequences.limits import quantile, tail
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.sequences.episodes import Episodes
    from rupturecode.transcript import Corpus

UNITS = ("turns", "hour")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Rates(Result):
    """How often each code occurs, one row per code and group."""

    main: ClassVar[str] = "rates"

    rates: pd.DataFrame
    by_session: pd.DataFrame
    cautions: pd.DataFrame

    def headline(self) -> str:
        """Name the unit of the rates and the size of the data."""
        n = self.by_session["session"].nunique()
        return f"Rates per {self.settings['unit']}, {n} sessions."


@check_kinds
def rates(
    notes: Annotations,
    corpus: Corpus,
    codes: Iterable[str] | None = None,
    *,
    per: str = "turns",
    by: str | Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Rates:
    """Count codes per 100 eligible turns, or per hour.

    Parameters
    ----------
    notes
        A consensus, or one coder's coding.
    corpus
        The transcripts.
    codes
        Codes (parents stand for those below); default all presence codes on turns.
    per
        ``"turns"``: per 100 turns examined whose speaker may carry the code; ``"hour"``: of
        sessions with known times.
    by
        Columns of the sessions table (``"session"``, ``"case"``, ``"condition"``).
    confidence
        Of the intervals: exact Poisson for a single session; with more, by the variation of
        sessions about the common rate, which does not suppose that turns are independent.

    Returns
    -------
    ``code``, group columns, ``events``, ``exposure``, ``estimate``, ``low``, ``high``,
    ``n_units`` (sessions), ``note``.

    Raises
    ------
    UsageError, UnknownNameError
        For several coders, or an unknown code, unit or column.

    References
    ----------
    Garwood, F. (1936). Biometrika 28, 437-442 (exact interval). Rao, J. N. K. & Scott, A. J.
    (1992), Biometrics 48, 577-585 (clustered counts).
    """
    one_layer(notes)
    if per not in UNITS:
        raise UnknownNameError("unit", per, UNITS)
    names = _codes(notes, codes)
    table = _by_session(notes, corpus, names, per)
    own = ["case", *(listed(by) or ())]
    sessions = corpus.sessions
    for column in own:
        if column not in sessions.columns:
            raise UnknownNameError("column", column, sessions.columns)
    added = list(dict.fromkeys(c for c in own if c != "session"))
    table = table.merge(sessions[["session", *added]], on="session", how="left")
    group = ["code", *(listed(by) or ())]
    rows = [
        dict(zip(group, key, strict=True)) | rate_with_interval(part, confidence)
        for key, part in table.groupby(group, sort=False, dropna=False)
    ]
    unit = "100 eligible turns" if per == "turns" else "hour"
    lines = (words.few_clusters(table["session"].nunique()),)
    return Rates(
        rates=pd.DataFrame(rows),
        by_session=table,
        cautions=words.cautions(*lines),
        settings={"per": per, "unit": unit, "codes": names, "by": by, "confidence": confidence},
    )


def _codes(notes: Annotations, codes: Iterable[str] | None) -> tuple[str, ...]:
    if codes is not None:
        wanted = listed(codes)
        return tuple(notes.codebook[c].id for c in wanted)
    frame = notes.to_frame()
    given = set(frame.loc[frame["kind"] != "session", "code"])
    found = tuple(c.id for c in notes.codebook if c.id in given and c.scale.kind == "presence")
    if not found:
        raise UsageError("no presence code was given on any turn: name codes=[...] to ask for some")
    return found


def _by_session(
    notes: Annotations, corpus: Corpus, codes: tuple[str, ...], per: str
) -> pd.DataFrame:
    data = presence(notes, codes, eligible=True)
    hours = _hours(corpus)
    rows = []
    for block in data.blocks():
        session = data.sessions[data.session[block][0]]
        part = data.there[:, block]
        events, turns = np.nansum(part, axis=1), (~np.isnan(part)).sum(axis=1)
        for code, e, n in zip(codes, events, turns, strict=True):
            exposure = n / 100 if per == "turns" else (hours.get(session, np.nan) if n else 0)
            rows.append({"session": session, "code": code, "events": int(e), "exposure": exposure})
    table = pd.DataFrame(rows, columns=["session", "code", "events", "exposure"])
    table = table[table["exposure"] > 0].reset_index(drop=True)
    if table.empty:
        needs = "turns examined" if per == "turns" else "sessions with known times"
        raise UsageError(f"rates per {per} need {needs}, and there are none")
    return table


def _hours(corpus: Corpus) -> dict[str, float]:
    frame = corpus.sessions
    start = frame["start_ms"].to_numpy(dtype="float64", na_value=np.nan)
    end = frame["end_ms"].to_numpy(dtype="float64", na_value=np.nan)
    return dict(zip(frame["session"], (end - start) / 3_600_000, strict=True))


def rate_with_interval(part: pd.DataFrame, confidence: float = 0.95) -> dict[str, object]:
    """Rate over sessions, with its interval.

    Examples
    --------
    >>> one = pd.DataFrame({"events": [1], "exposure": [0.12]})
    >>> rate = rate_with_interval(one)
    >>> round(rate["estimate"], 2), round(rate["low"], 2), round(rate["high"], 2)
    (8.33, 0.21, 46.43)
    """
    events, exposure = part["events"].to_numpy(float), part["exposure"].to_numpy(float)
    total, n = float(exposure.sum()), len(part)
    estimate = float(events.sum()) / total
    row: dict[str, object] = {"events": int(events.sum()), "exposure": total, "estimate": estimate}
    if n < 2 or not events.any():
        low, high = poisson_interval(int(events.sum()), confidence)
        note = "" if n < 2 else "never occurs: exact Poisson interval"
        return row | {"low": low / total, "high": high / total, "n_units": n, "note": note}
    residual = events - estimate * exposure
    se = float(np.sqrt((residual**2).sum() * n / (n - 1))) / total
    factor = np.exp(quantile(confidence, n - 1) * se / estimate)
    return row | {"low": estimate / factor, "high": estimate * factor, "n_units": n, "note": ""}


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval for the mean of a Poisson count.

    References
    ----------
    Garwood, F. (1936). Biometrika 28, 437-442.

    Examples
    --------
    >>> [round(x, 3) for x in poisson_interval(10)]
    [4.795, 18.39]
    """
    from scipy.stats import chi2

    out = tail(confidence)
    low = float(chi2.ppf(out, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.ppf(1 - out, 2 * count + 2)) / 2


@check_kinds
def initiators(episodes: Episodes) -> pd.DataFrame:
    """Count who begins episodes of which kind, and how the therapist first takes it.

    Parameters
    ----------
    episodes
        What :func:`episodes` returned.

    Returns
    -------
    One row per role of the speaker at onset, kind and first response: ``onset_role``,
    ``kind``, ``first_response``, ``episodes``, ``share``, ``resolved``, ``censored``.
    """
    frame = episodes.episodes
    frame = frame.assign(
        resolved=frame["outcome"] == "resolved",
        censored=frame["outcome"].str.startswith("censored"),
    )
    keys = ["onset_role", "kind", "first_response"]
    table = frame.groupby(keys, sort=True).agg(
        episodes=("episode", "size"), resolved=("resolved", "sum"), censored=("censored", "sum")
    )
    table.insert(1, "share", table["episodes"] / max(len(frame), 1))
    return table.reset_index()
