"""Follow a case from event to event: which episode begins, what belongs to it, what ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.sequences.rule import EpisodeRule

_END = 1 << 40
CLOSING = ("resolution", "overcome")
OUTCOME = {"resolution": "resolved", "overcome": "overcome"}
ATTACHED = ("attempt", "stages", "dimensions", "unresolved")


@dataclass(frozen=True, slots=True)
class Event:
    """One code given, with its place on both clocks and the rule's families it is in."""

    id: str
    session: str
    rank: int
    turn: int | None
    code: str
    value: float
    speaker: str
    role: str
    families: frozenset[str]

    @property
    def place(self) -> tuple[int, int]:
        """Contact and turn; a code on a whole session stands after its turns."""
        return self.rank, _END if self.turn is None else self.turn


@dataclass(slots=True)
class Trace:
    """One episode while it is followed."""

    markers: list[Event]
    attached: dict[str, list[Event]] = field(default_factory=lambda: {f: [] for f in ATTACHED})
    outcome: str = ""
    end: Event | None = None
    n_linked: int = 0

    @property
    def onset(self) -> Event:
        """The marker that began it."""
        return self.markers[0]

    @property
    def settled(self) -> bool:
        """Whether its outcome cannot change any more, not even by a link."""
        return self.outcome in ("resolved", "overcome")

    def close(self, outcome: str, end: Event) -> None:
        """End the episode."""
        self.outcome, self.end = outcome, end


def to_events(
    frame: pd.DataFrame, families: Mapping[str, frozenset[str]], rating: str
) -> list[Event]:
    """Make events of the rows whose code the rule uses, closings first within a turn."""
    known: dict[str, frozenset[str]] = {
        code: frozenset(name for name, codes in families.items() if code in codes)
        for code in frame["code"].unique()
    }
    events = [
        Event(
            str(row.id), str(row.session), int(row.rank),
            None if pd.isna(row.turn) else int(row.turn), str(row.code),
            float(row.value), "" if pd.isna(row.speaker) else str(row.speaker), str(row.role),
            known[row.code] | ({"rating"} if row.code == rating else set()),
        )
        for row in frame.itertuples()
        if known[row.code] or row.code == rating
    ]  # fmt: skip
    return sorted(events, key=lambda e: (*e.place, _precedence(e)))


def _precedence(event: Event) -> int:
    """Within a turn: what ends earlier episodes, then what begins one, then the rest."""
    if event.families & set(CLOSING):
        return 0
    return 1 if "onset" in event.families else 2


def trace_case(
    events: Iterable[Event], rule: EpisodeRule, partners: Mapping[str, set[str]]
) -> list[Trace]:
    """Follow one case and return its episodes in order of onset.

    Parameters
    ----------
    events
        Of one case, as :func:`to_events` sorts them.
    rule
        The episode rule.
    partners
        Annotation to the annotations that coders linked it with.
    """
    traces: list[Trace] = []
    owner: dict[str, Trace] = {}
    for event in events:
        linked = _linked(event, owner, partners, rule)
        if "onset" in event.families:
            trace = linked[-1] if linked else _joined(event, traces, rule)
            if trace is None:
                _supersede(event, traces, rule)
                trace = Trace([])
                traces.append(trace)
            trace.markers.append(event)
            owner[event.id] = trace
        _attach(event, linked, traces, rule)
    return traces


def _linked(
    event: Event, owner: Mapping[str, Trace], partners: Mapping[str, set[str]], rule: EpisodeRule
) -> list[Trace] | None:
    """Episodes that a coder's link gives the event to, as far as the rule's span reaches.

    None where no link says anything; an empty list where the link leads out of the span.
    """
    found: dict[int, Trace] = {}
    for other in sorted(partners.get(event.id, ())):
        if other in owner:
            found[id(owner[other])] = owner[other]
    if not found:
        return None
    return [t for t in found.values() if _in_span(event, t, rule)]


def _in_span(event: Event, trace: Trace, rule: EpisodeRule) -> bool:
    return rule.span == "case" or event.session == trace.onset.session


def _joined(event: Event, traces: list[Trace], rule: EpisodeRule) -> Trace | None:
    """Find the open episode that a further marker belongs to, if any."""
    for trace in reversed(traces):
        if trace.outcome or not _in_span(event, trace, rule) or _too_late(event, trace, rule):
            continue
        if rule.merge_gap is None:
            return trace
        last = trace.markers[-1]
        if event.session != last.session:
            continue
        if event.turn is None or last.turn is None or event.turn - last.turn <= rule.merge_gap:
            return trace
    return None


def _too_late(event: Event, trace: Trace, rule: EpisodeRule) -> bool:
    if rule.window is None or event.turn is None or trace.onset.turn is None:
        return False
    return event.turn - trace.onset.turn > rule.window


def _supersede(event: Event, traces: list[Trace], rule: EpisodeRule) -> None:
    if not rule.end_on_new_onset:
        return
    for trace in traces:
        if not trace.outcome and _in_span(event, trace, rule) and not _too_late(event, trace, rule):
            trace.close("superseded", event)


def _attach(
    event: Event, linked: list[Trace] | None, traces: list[Trace], rule: EpisodeRule
) -> None:
    """Give an event to its episodes: those a coder linked it with, else the nearest open one."""
    for kind in (*ATTACHED, *CLOSING):
        if kind not in event.families:
            continue
        targets = _nearest(event, kind, traces, rule) if linked is None else linked
        for trace in targets:
            trace.n_linked += bool(linked)
            if kind in ATTACHED:
                trace.attached[kind].append(event)
            elif not trace.settled:
                trace.close(OUTCOME[kind], event)


def _nearest(event: Event, kind: str, traces: list[Trace], rule: EpisodeRule) -> list[Trace]:
    """Find the latest episode that is open here; attempts and endings come after the onset turn."""
    at_once = kind in ("stages", "dimensions")
    for trace in reversed(traces):
        if trace.outcome and trace.end is not None and trace.end.place < event.place:
            continue
        before = trace.onset.place < event.place or (at_once and trace.onset.place == event.place)
        if not before or not _in_span(event, trace, rule):
            continue
        if not _too_late(event, trace, rule) and not (kind in CLOSING and trace.outcome):
            return [trace]
    return []
