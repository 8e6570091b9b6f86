"""Event-based and time-based agreement side by side, for codes that start and end freely.

Two coders can see the same events and disagree on how long they last, or share most of the
time and miss many short events. Neither figure stands for the other (Bakeman, Quera & Gnisci
2009), so both are given, with the unitizing alpha beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.reliability.alignment_kappa import align_events, summed
from rupturecode.reliability.continuum import Continuum, Span
from rupturecode.reliability.kappa import cohen_kappa
from rupturecode.reliability.time_kappa import forgiven
from rupturecode.reliability.unitizing import unitizing_table
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.annotation import Annotations


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EventsAndTime(Result):
    """Whether coders see the same events, and the same stretches of turns."""

    main: ClassVar[str] = "by_code"
    by_code: pd.DataFrame
    """code, coder_a, coder_b, time_kappa (a's turns found in b's), time_kappa_back,
    unitizing_alpha (2016), unitizing_2004, n_units, n_stretches_a, n_stretches_b, note."""
    events: pd.DataFrame
    """coder_a, coder_b, event_kappa (all codes, aligned), n_events_a, n_events_b, n_agree,
    n_sessions, note."""

    def headline(self) -> str:
        """Say the range of both kinds of kappa."""
        said = []
        for name, values in (
            ("event-based", self.events["event_kappa"]),
            ("time-based", self.by_code["time_kappa"]),
        ):
            known = values.dropna()
            shown = f"{known.min():.2f} to {known.max():.2f}" if len(known) else "undefined"
            said.append(f"{name} kappa {shown}")
        return f"{'; '.join(said).capitalize()}."


@check_kinds
def events_and_time(
    notes: Annotations,
    codes: Sequence[str] | None = None,
    *,
    tolerance: int = 1,
) -> EventsAndTime:
    """Return event-based and time-based agreement of every two coders.

    An event is a run of turns, one after another, that carry the code; turns whose role may
    not carry it do not break a run. Events are aligned session by session over all codes;
    time-based kappa and unitizing alpha take one code at a time, over the turns that both
    coders examined.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    codes
        Codes of the codebook; those given by somebody unless named.
    tolerance
        Turns by which an event may start, or a turn's code be shifted.

    Raises
    ------
    UnknownNameError
        When a code is not known.
    UsageError
        When the layer is a consensus, or the tolerance negative.

    References
    ----------
    Bakeman, R., Quera, V. & Gnisci, A. (2009). Observer agreement for timed-event sequential
    data. Behavior Research Methods 41, 137-147. Quera, V., Bakeman, R. & Gnisci, A. (2007);
    Krippendorff et al. (2016): see ``alignment_kappa`` and ``unitizing_alpha``.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": range(1, 13)})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [2, 3, 9, 3, 4, 9], "code": "withdrawal",
    ...     "coder": ["AK", "AK", "AK", "BL", "BL", "BL"]})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> found = events_and_time(notes)
    >>> found.by_code["time_kappa"].item(), found.events["n_agree"].item()
    (1.0, 2)
    """
    if notes.layer == "consensus":
        raise UsageError("a consensus has one coder: pass the coding that it was made from")
    if tolerance < 0:
        raise UsageError(f"tolerance={tolerance}: give 0 or more turns")
    tables = {c: _present(notes, c) for c in (notes.codes if codes is None else listed(codes))}
    by_code, events = [], []
    for a, b in combinations(notes.coders, 2):
        shared = {c: t[[a, b]].dropna().astype(bool) for c, t in tables.items()}
        shared = {c: t for c, t in shared.items() if len(t)}
        if shared:
            by_code += [_of_code(c, t, a, b, tolerance) for c, t in shared.items()]
            events.append(_of_events(shared, a, b, tolerance))
    return EventsAndTime(
        by_code=pd.DataFrame(by_code, columns=_BY_CODE),
        events=pd.DataFrame(events, columns=_EVENTS),
        settings={"codes": list(tables), "tolerance": tolerance},
    )


_BY_CODE = ["code", "coder_a", "coder_b", "time_kappa", "time_kappa_back", "unitizing_alpha"]
_BY_CODE += ["unitizing_2004", "n_units", "n_stretches_a", "n_stretches_b", "note"]
_EVENTS = ["coder_a", "coder_b", "event_kappa", "n_events_a", "n_events_b", "n_agree"]
_EVENTS += ["n_sessions", "note"]


def _present(notes: Annotations, code: str) -> pd.DataFrame:
    """Return turns × coders: whether the code is there, missing where not examined."""
    ratings = notes.ratings(code, "turn")
    there = (ratings.notna() & (ratings != notes.codebook[code].scale.absent)).astype(object)
    return there.where(ratings.notna(), np.nan)


def _runs(there: pd.Series) -> list[tuple[int, int]]:
    """Return where runs of a session start and end (no longer inside)."""
    padded = np.concatenate([[False], there.to_numpy(dtype=bool), [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return [(int(s), int(e)) for s, e in zip(edges[::2], edges[1::2], strict=True)]


def _of_code(code: str, table: pd.DataFrame, a: str, b: str, tolerance: int) -> tuple[object, ...]:
    sessions = [own for _, own in table.groupby(level=0, sort=False)]
    there, back = (
        cohen_kappa(pd.concat([forgiven(own[x], own[y], tolerance) for own in sessions]))
        for x, y in ((a, b), (b, a))
    )
    spans: dict[str, tuple[Span, ...]] = {}
    for coder in (a, b):
        starts = np.cumsum([0, *(len(own) for own in sessions)])
        spans[coder] = tuple(
            Span(float(first + s), float(first + e), code)
            for first, own in zip(starts, sessions, strict=False)
            for s, e in _runs(own[coder])
        )
    found = unitizing_table(Continuum(spans, 0.0, float(len(table)))).estimates
    note = str(found["note"].iloc[0])
    by_form = found.set_index("form")["estimate"]
    counts = (len(table), len(spans[a]), len(spans[b]))
    alphas = (float(by_form["u"]), float(by_form.get("2004", np.nan)))
    return (code, a, b, there, back, *alphas, *counts, note)


def _of_events(
    shared: dict[str, pd.DataFrame], a: str, b: str, tolerance: int
) -> tuple[object, ...]:
    sessions = list(dict.fromkeys(s for t in shared.values() for s in t.index.get_level_values(0)))
    aligned = []
    for session in sessions:
        first, second = (_sequence(shared, session, coder) for coder in (a, b))
        aligned.append(
            align_events(
                [c for _, c in first],
                [c for _, c in second],
                places=([p for p, _ in first], [p for p, _ in second]),
                tolerance=tolerance,
            ).pairs
        )
    found = summed(aligned, {"tolerance": tolerance})
    seen = found.pairs["what"]
    n_a, n_b = (int((seen != f"missed by {side}").sum()) for side in ("first", "second"))
    n_agree = int((seen == "agreement").sum())
    return (a, b, found.kappa, n_a, n_b, n_agree, len(sessions), found.note)


def _sequence(shared: dict[str, pd.DataFrame], session: str, coder: str) -> list[tuple[float, str]]:
    """Return the events of a session: the turn each starts in, and its code."""
    out = []
    for code, table in shared.items():
        if session in table.index.get_level_values(0):
            own = table.loc[session]
            out += [(float(own.index[start]), code) for start, _ in _runs(own[coder])]
    return sorted(out)
