"""The tables of an episode analysis, from what was traced."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.sequences.rule import EpisodeRule
    from rupturecode.sequences.tracing import Event, Trace

_PLACE = {"episode": "str", "session": "str", "rank": "int64", "turn": "Int64"}


def episode_kind(trace: Trace) -> str:
    """Name the kind: of the client's markers, else of the therapist's contribution."""
    kinds = {
        name
        for e in trace.markers
        for name in ("withdrawal", "confrontation")
        if name in e.families
    }
    if kinds:
        return "mixed" if len(kinds) > 1 else kinds.pop()
    if any("contribution" in e.families for e in trace.markers):
        return "therapist contribution"
    return trace.onset.code


def first_response(
    onset: Event,
    therapist_turns: list[int],
    families: Mapping[tuple[str, int], frozenset[str]],
    last_turn: int | None,
) -> tuple[str, int | None]:
    """Say how the therapist's first turn after the onset took it, and which turn that is."""
    if onset.turn is None:
        return "", None
    turn = next((t for t in therapist_turns if t > (onset.turn or 0)), None)
    if turn is None:
        return "none", None
    if last_turn is None or turn > last_turn:
        return "", turn
    found = families.get((onset.session, turn), frozenset())
    repairs, harms = bool(found & {"attempt", "stages"}), "contribution" in found
    if repairs and harms:
        return "mixed", turn
    return ("repair" if repairs else "antagonizing" if harms else "neutral"), turn


def _frame(rows: list[dict[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))


def _place(name: str, event: Event) -> dict[str, object]:
    return {
        "episode": name, "session": event.session, "rank": event.rank, "turn": event.turn,
        "code": event.code, "speaker": event.speaker, "role": event.role,
    }  # fmt: skip


_CODED = {**_PLACE, "code": "str", "speaker": "str", "role": "str"}


def marker_rows(named: list[tuple[str, Trace]]) -> pd.DataFrame:
    """One row per rupture marker of every episode."""
    return _frame([_place(n, e) for n, t in named for e in t.markers], _CODED)


def attempt_rows(
    named: list[tuple[str, Trace]], rule: EpisodeRule, codebook: Codebook
) -> pd.DataFrame:
    """One row per attempt, with its strategy and whether resolution came before the next."""
    families = rule.expand(codebook)
    rows = []
    for name, trace in named:
        attempts = trace.attached["attempt"]
        for i, event in enumerate(attempts):
            later = attempts[i + 1].place if i + 1 < len(attempts) else None
            ends = trace.outcome == "resolved" and trace.end is not None
            done = ends and trace.end is not None and event.place <= trace.end.place
            success = bool(done and (later is None or trace.end.place <= later))  # type: ignore[union-attr]
            kinds = [k for k in ("surface", "deep") if event.code in families[k]]
            strategy = kinds[0] if kinds else event.code
            rows.append(
                _place(name, event) | {"strategy": strategy, "followed_by_resolution": success}
            )
    return _frame(rows, {**_CODED, "strategy": "str", "followed_by_resolution": "bool"})


def stage_steps(
    trace: Trace, rule: EpisodeRule, codebook: Codebook
) -> list[tuple[Event, frozenset[int]]]:
    """Stages visited in order; stages on one unit form a set, a stage that goes on is one step."""
    number = _numbers(rule, codebook)
    steps: list[tuple[Event, frozenset[int]]] = []
    for _, unit in groupby(trace.attached["stages"], key=lambda e: e.place):
        events = list(unit)
        stages = frozenset(number[e.code] for e in events if e.code in number)
        if not stages:
            continue
        same = steps and steps[-1][1] == stages and steps[-1][0].session == events[0].session
        if not same:
            steps.append((events[0], stages))
    return steps


def _numbers(rule: EpisodeRule, codebook: Codebook) -> dict[str, int]:
    out: dict[str, int] = {}
    for i, stage in enumerate(rule.stages, start=1):
        for code in (stage, *(d.id for d in codebook.descendants(stage))):
            out[code] = i
    return out


def write_set(stages: frozenset[int]) -> str:
    """Write a stage as its number and several on one unit as a set.

    Examples
    --------
    >>> write_set(frozenset({3})), write_set(frozenset({4, 3}))
    ('3', '{3,4}')
    """
    text = ",".join(map(str, sorted(stages)))
    return f"{{{text}}}" if len(stages) > 1 else text


def stage_text(trace: Trace, rule: EpisodeRule, codebook: Codebook) -> str:
    """Write the path of stages, such as ``2 > {3,4} > {5,6}``."""
    return " > ".join(write_set(s) for _, s in stage_steps(trace, rule, codebook))


def stage_rows(
    named: list[tuple[str, Trace]], rule: EpisodeRule, codebook: Codebook
) -> pd.DataFrame:
    """One row per step of every episode's path."""
    rows: list[dict[str, object]] = [
        {"episode": n, "session": e.session, "rank": e.rank, "turn": e.turn, "step": i,
         "stages": write_set(stages)}
        for n, t in named
        for i, (e, stages) in enumerate(stage_steps(t, rule, codebook), start=1)
    ]  # fmt: skip
    return _frame(rows, {**_PLACE, "step": "int64", "stages": "str"})


def dimension_rows(named: list[tuple[str, Trace]]) -> pd.DataFrame:
    """One row per dimension first named in an episode: by whom and when."""
    rows = []
    for name, trace in named:
        seen: set[str] = set()
        for event in trace.attached["dimensions"]:
            if event.code not in seen:
                seen.add(event.code)
                rows.append(_place(name, event))
    return _frame(rows, _CODED)
