"""Do coders drift apart? Agreement over time, control charts, and turns to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.against_others import against_others
from rupturecode.reliability.charts import ewma_chart, p_chart
from rupturecode.reliability.disagreements import disagreements
from rupturecode.reliability.sample import refuse_tallies, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.reliability.sample import Sample
    from rupturecode.transcript import Corpus

    Floats = NDArray[np.float64]

_LISTED = 5
_CHART = ["unit", "code", "coder", "position", "session", "n_units"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Drift(Result):
    """Agreement over time, and who left the others when."""

    main: ClassVar[str] = "recalibrate"
    recalibrate: pd.DataFrame
    """The turns to recalibrate on, with session, unit, code, said, before, text, after, why."""
    over_time: pd.DataFrame
    """unit, code, position, session, estimate (this session), moving (the last few together),
    n_units, note."""
    apart: pd.DataFrame
    """unit, code, coder, position, session, n_units, share (of units where the coder differs
    from the others), centre, low, high, signal: a p-chart."""
    leaning: pd.DataFrame
    """unit, code, coder, position, session, n_units, value (how much more often than the
    others the coder gives the code), ewma, low, high, signal: an EWMA chart."""

    def headline(self) -> str:
        """Say how many charts signal, and which lies furthest outside."""
        told = pd.concat(
            [
                _outside(self.apart, "share").assign(what="differing from the others"),
                _outside(self.leaning, "ewma").assign(what="giving it"),
            ]
        ).sort_values("beyond", ascending=False)
        if told.empty:
            return "No coder left the limits of any chart."
        top = told.iloc[0]
        which = told[["code", "coder", "what"]].drop_duplicates()
        more = f" ({len(which)} charts signal in all)" if len(which) > 1 else ""
        what = f"{top['what']} {'more' if top['signal'] == 'above' else 'less'} than before"
        return f"Drift: {top['coder']} on {top['code']} in session {top['session']}, {what}{more}."


def _outside(chart: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return what signals, with how far beyond the limits in units of their width."""
    out = chart[chart["signal"] != ""]
    beyond = np.maximum(out[value] - out["high"], out["low"] - out[value])
    return out.assign(beyond=beyond / (out["high"] - out["low"]))


@check_kinds
def drift(
    notes: Annotations,
    corpus: Corpus | None = None,
    *,
    unit: str = "turn",
    codes: Sequence[str] | None = None,
    order: Sequence[str] | None = None,
    window: int = 5,
    baseline: int | None = None,
    smoothing: float = 0.2,
    sigmas: float = 3.0,
) -> Drift:
    """Follow agreement, and each coder against the others, from session to session.

    Only units that two or more coders rated count. A coder is compared with the mean of the
    others on the same units, so that sessions with much or little of a code do not look like
    drift; with two coders both move, and which one drifted only the words can tell.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    corpus
        The transcripts, for the words and for the order of sessions.
    unit
        Kind of unit.
    codes
        Codes of the codebook; those given by somebody unless named.
    order
        Sessions in the order they were coded in; that of the corpus or the annotations
        unless given.
    window
        Sessions taken together in ``moving``.
    baseline
        Sessions at the start whose mean is the centre of the charts; all unless given.
    smoothing, sigmas
        Of the charts; see `rupturecode.reliability.charts`.

    Raises
    ------
    UsageError
        When the layer is a consensus, the unit a tally, or a window or baseline below 1.
    UnknownNameError
        When a code or session is not known.

    References
    ----------
    Charts: Montgomery (2013), sections 7.2 and 9.2. Limits take units as independent, so
    with long sessions a signal is a reason to look, not a test.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": ["s1"] * 9 + ["s2"] * 9, "unit": [*range(1, 10)] * 2})
    >>> marks = pd.DataFrame({"session": ["s1", "s1", "s2", "s2"], "turn": [2, 2, 5, 6],
    ...     "code": "withdrawal", "coder": ["AK", "BL", "AK", "BL"]})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> drift(notes).apart[["coder", "session", "share"]].round(2).values.tolist()[:2]
    [['AK', 's1', 0.0], ['AK', 's2', 0.22]]
    """
    refuse_tallies(unit)
    if window < 1 or (baseline is not None and baseline < 1):
        raise UsageError("window and baseline are numbers of sessions, 1 or more")
    sessions = _ordered(notes, corpus, order)
    codes = listed(codes)
    sample = take(notes, unit, codes, ["krippendorff_alpha"], sessions)
    known = len(sessions) if baseline is None else baseline
    apart, leaning = [], []
    for code in sample.ratings.codes:
        for k, coder in enumerate(sample.ratings.coders):
            found = against_others(sample, code, k)
            if found is None:
                continue
            head = found[_CHART[3:]].assign(unit=unit, code=code, coder=coder)[_CHART]
            apart.append(head.join(_of_shares(found, known, sigmas)))
            leaning.append(head.join(_of_leaning(found, known, smoothing, sigmas)))
    charts = _stack(apart, ["share", "centre"]), _stack(leaning, ["value", "ewma"])
    ranked = disagreements(notes, corpus, codes, unit=unit).ranked
    return Drift(
        recalibrate=_instructive(ranked, charts, sessions),
        over_time=_over_time(sample, window),
        apart=charts[0],
        leaning=charts[1],
        settings={
            "unit": unit,
            "codes": codes,
            "order": list(sessions),
            "window": window,
            "baseline": baseline,
            "smoothing": smoothing,
            "sigmas": sigmas,
        },
    )


def _ordered(
    notes: Annotations, corpus: Corpus | None, order: Sequence[str] | None
) -> tuple[str, ...]:
    if order is None:
        of_corpus = () if corpus is None else tuple(corpus.sessions["session"])
        return (*(s for s in of_corpus if s in notes.sessions),) or tuple(notes.sessions)
    for session in order:
        if session not in notes.sessions:
            raise UnknownNameError("session", session, notes.sessions)
    return tuple(order)


def _stack(frames: list[pd.DataFrame], middle: list[str]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=[*_CHART, *middle, "low", "high", "signal"])
    return pd.concat(frames, ignore_index=True)


def _of_shares(found: pd.DataFrame, known: int, sigmas: float) -> pd.DataFrame:
    start = found[found["position"] <= known]
    n = start["n_units"].sum()
    centre = start["differs"].sum() / n if n else float("nan")
    return p_chart(found["differs"], found["n_units"], centre=centre, sigmas=sigmas)


def _of_leaning(found: pd.DataFrame, known: int, smoothing: float, sigmas: float) -> pd.DataFrame:
    start = found[found["position"] <= known]
    n = start["n_units"].sum()
    centre = start["more"].sum() / n if n else float("nan")
    spread = start["square"].sum() / n - centre**2 if n else float("nan")
    values = found["more"] / found["n_units"]
    return ewma_chart(
        values, spread / found["n_units"], centre=centre, smoothing=smoothing, sigmas=sigmas
    )


def _over_time(sample: Sample, window: int) -> pd.DataFrame:
    frames = []
    for block in sample.blocks:
        single, n = block.by_group()[0], block.n_used[0]
        summed = np.cumsum(block.features, axis=-1)
        moving = summed.copy()
        moving[..., window:] -= summed[..., :-window]
        together = block.estimates(moving)[0]
        for c, code in enumerate(block.codes):
            frames.append(
                pd.DataFrame(
                    {
                        "unit": sample.unit,
                        "code": code,
                        "position": np.arange(1, block.n_groups + 1),
                        "session": sample.sessions,
                        "estimate": single[c],
                        "moving": together[c],
                        "n_units": n[c].astype(int),
                    }
                )
            )
    table = pd.concat(frames, ignore_index=True)
    table = table[table["n_units"] > 0].reset_index(drop=True)
    alone = table["estimate"].isna()
    return table.assign(note=np.where(alone, "one category only in this session", ""))


def _instructive(
    ranked: pd.DataFrame, charts: tuple[pd.DataFrame, pd.DataFrame], sessions: tuple[str, ...]
) -> pd.DataFrame:
    """Choose turns: where a chart signals first, then the most disputed, spread over codes."""
    off = pd.concat([c.loc[c["signal"] != "", ["session", "code"]] for c in charts])
    signalled = {*off.itertuples(index=False, name=None)}
    table = ranked[ranked["session"].isin(sessions)]
    keys = list(zip(table["session"], table["code"], strict=True))
    table = table.assign(
        why=["outside the limits" if k in signalled else "most disputed" for k in keys]
    )
    table = table.assign(first=table["why"] == "most disputed")
    table = table.drop_duplicates(["session", "unit"])
    table = table.assign(turn_of_code=table.groupby(["first", "code"]).cumcount())
    chosen = table.sort_values(["first", "turn_of_code", "rank"]).head(_LISTED)
    columns = ["session", "unit", "code", "said", "before", "text", "after", "why"]
    return chosen[[c for c in columns if c in chosen]].reset_index(drop=True)
