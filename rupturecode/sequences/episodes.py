"""From coded turns to rupture-repair episodes, by an explicit rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.case_time import CaseTime, case_time, one_layer, turn_times
from rupturecode.sequences.episode_rows import (
    attempt_rows,
    dimension_rows,
    episode_kind,
    first_response,
    marker_rows,
    stage_rows,
    stage_text,
)
from rupturecode.sequences.outcomes import (
    CaseEnd,
    SessionEnd,
    case_end,
    contacts_of,
    outcome_words,
)
from rupturecode.sequences.outcomes import session_end as end_of_session
from rupturecode.sequences.rule import EpisodeRule
from rupturecode.sequences.tracing import Trace, to_events, trace_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

NAN = float("nan")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Episodes(Result):
    """Rupture episodes, one row each, with how they ended on both clocks."""

    main: ClassVar[str] = "episodes"

    episodes: pd.DataFrame
    markers: pd.DataFrame
    attempts: pd.DataFrame
    stages: pd.DataFrame
    dimensions: pd.DataFrame
    contacts: pd.DataFrame
    """Every contact in case order, with the study's own columns."""
    cautions: pd.DataFrame

    @property
    def rule(self) -> EpisodeRule:
        """The rule that made them."""
        return cast("EpisodeRule", self.settings["rule"])

    def headline(self) -> str:
        """How many episodes, how they ended, and by which rule."""
        n = len(self.episodes)
        ends = self.episodes["outcome"].value_counts()
        told = ", ".join(f"{count} {outcome_words(str(name))}" for name, count in ends.items())
        rule = self.rule
        gap = "none" if rule.merge_gap is None else f"{rule.merge_gap} turns"
        return (
            f"{n} episode{'s' if n != 1 else ''}{': ' + told if told else ''}. "
            f"Rule: onset {', '.join(rule.onset)}; merge gap {gap}; span {rule.span}; "
            f"new onset supersedes: {'yes' if rule.end_on_new_onset else 'no'}."
        )


@check_kinds
def episodes(notes: Annotations, corpus: Corpus, rule: EpisodeRule | None = None) -> Episodes:
    """Find rupture episodes and follow each to its end.

    A link that a coder drew between a rupture marker and another code decides which
    episode that code belongs to; a code without one belongs to the latest episode still
    open. Whoever is not followed to an end is censored, never counted as unresolved.

    Parameters
    ----------
    notes
        A consensus, or one coder's coding.
    corpus
        The transcripts; calls, supervision hours and memos count in the case's order.
    rule
        When an episode begins and ends; default :meth:`EpisodeRule.for_codebook`. Lists of
        codes left at their defaults lose those that the codebook does not have.

    Returns
    -------
    One row per episode: where and by whom it began (``onset_turn``, ``onset_speaker``),
    ``kind`` (withdrawal, confrontation, mixed, therapist contribution), ``first_response``
    of the therapist (repair, neutral, antagonizing, mixed, none), attempts, ``stages``,
    dimensions named, and both clocks: ``session_outcome`` after ``turns`` and ``minutes``,
    ``case_outcome`` in ``end_session`` at ``case_end_turn`` (missing where it ran on) after
    ``contacts``, ``sessions`` and ``days`` (rule span ``"case"``).
    ``outcome`` is that of the rule's span: resolved, overcome, unresolved, superseded,
    terminated, or censored with what cut it off. Further tables: ``markers``,
    ``attempts``, ``stages``, ``dimensions``, ``contacts``.

    Raises
    ------
    UsageError, UnknownNameError
        When several coders cover a session, or the rule names an unknown code.

    References
    ----------
    Safran, J. D. & Muran, J. C. (1996). JCCP 64, 447-458 (markers and resolution); Gumz, A.
    et al. (2012). BMC Medical Research Methodology 12, 10 (episodes depend on the rule);
    Martínez, C. et al. (2014), for overcoming as against repairing.
    """
    if not isinstance(rule, EpisodeRule | None):
        raise UsageError("rule is an EpisodeRule; EpisodeRule.from_dict makes one from a mapping")
    one_layer(notes)
    rule = (rule or EpisodeRule()).fit(notes.codebook)
    if rule.window is not None and rule.span == "case":
        raise UsageError('window counts turns within a session: it needs span="session"')
    time = case_time(notes, corpus)
    traced = _trace(time, rule)
    minutes = turn_times(time.turns)
    looks = _looks(time, rule)
    rows = [_row(t, minutes, looks, rule) for t in traced]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    named = [(str(r["episode"]), t.trace) for r, t in zip(rows, traced, strict=True)]
    n_cases = time.contacts["case"].nunique()
    lines = (
        words.few_clusters(n_cases, "cases"),
        _no_way_to("attempt", "attempts at repair", time, rule),
        _no_way_to("resolution", "resolution", time, rule) if not rule.rating else "",
        _uncovered(time),
    )
    return Episodes(
        episodes=frame,
        markers=marker_rows(named),
        attempts=attempt_rows(named, rule, time.codebook),
        stages=stage_rows(named, rule, time.codebook),
        dimensions=dimension_rows(named),
        contacts=time.contacts,
        cautions=words.cautions(*lines),
        settings={"rule": rule, "layer": notes.layer, "coders": notes.coders,
                  "codebook": f"{notes.codebook.id}@{notes.codebook.version}"},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Traced:
    name: str
    case: str
    trace: Trace
    within: SessionEnd
    over: CaseEnd | None


def _trace(time: CaseTime, rule: EpisodeRule) -> list[_Traced]:
    families = rule.expand(time.codebook)
    partners: dict[str, set[str]] = {}
    for a, b in zip(time.links["from"], time.links["to"], strict=True):
        partners.setdefault(str(a), set()).add(str(b))
        partners.setdefault(str(b), set()).add(str(a))
    out: list[_Traced] = []
    by_case = dict(list(time.events.groupby("case", sort=False)))
    for case, frame in time.contacts.groupby("case", sort=False):
        if case not in by_case:
            continue
        events = to_events(by_case[case], families, rule.rating)
        contacts = contacts_of(frame, events, rule)
        counted: dict[str, int] = {}
        for trace in trace_case(events, rule, partners):
            session = trace.onset.session
            counted[session] = counted.get(session, 0) + 1
            within = end_of_session(trace, contacts[session], rule)
            over = None
            if rule.span == "case":
                over = case_end(trace, list(contacts.values()), contacts, within)
            name = f"{session}-{counted[session]}"
            out.append(_Traced(name, str(case), trace, within, over))
    return out


@dataclass(frozen=True, slots=True)
class _Looks:
    """What a turn holds: who speaks, and which families of the rule are coded there."""

    therapist_turns: Mapping[str, list[int]]
    families: Mapping[tuple[str, int], frozenset[str]]
    contacts: Mapping[str, tuple[int, int | None]]
    codebook: Codebook


def _looks(time: CaseTime, rule: EpisodeRule) -> _Looks:
    families = rule.expand(time.codebook)
    coded: dict[tuple[str, int], frozenset[str]] = {}
    for row in time.events[time.events["turn"].notna()].itertuples():
        key = (str(row.session), int(row.turn))
        found = {name for name, codes in families.items() if row.code in codes}
        coded[key] = coded.get(key, frozenset()) | found
    therapist = time.turns[time.turns["role"] == "therapist"]
    turns = {str(s): part["turn"].astype(int).tolist() for s, part in therapist.groupby("session")}
    places = {
        str(c.session): (int(c.rank), None if pd.isna(c.last_turn) else int(c.last_turn))
        for c in time.contacts.itertuples()
    }
    return _Looks(turns, coded, places, time.codebook)


_COLUMNS = {
    "episode": "str", "case": "str", "session": "str", "rank": "int64",
    "onset_turn": "Int64", "onset_speaker": "str", "onset_role": "str", "onset_code": "str",
    "kind": "str", "n_markers": "int64",
    "first_response": "str", "first_response_turn": "Int64",
    "n_attempts": "int64", "first_attempt_turn": "Int64", "attempt_turns": "float64",
    "stages": "str", "dimensions": "str", "first_named_turn": "Int64", "first_named_role": "str",
    "outcome": "str", "session_outcome": "str", "end_turn": "Int64", "turns": "float64",
    "minutes": "float64", "case_outcome": "str", "end_session": "str", "case_end_turn": "Int64",
    "contacts": "float64", "sessions": "float64", "days": "float64", "n_linked": "int64",
    "note": "str",
}  # fmt: skip


def _row(
    traced: _Traced,
    minutes: Mapping[tuple[str, int], tuple[float, float]],
    looks: _Looks,
    rule: EpisodeRule,
) -> dict[str, object]:
    trace, within, over = traced.trace, traced.within, traced.over
    onset = trace.onset
    last = looks.contacts[onset.session][1]
    response, response_turn = first_response(
        onset, looks.therapist_turns.get(onset.session, []), looks.families, last
    )
    inside = [e for e in trace.attached["attempt"] if e.session == onset.session and e.turn]
    first = inside[0].turn if inside else None
    named = [e for e in trace.attached["dimensions"] if e.session == onset.session and e.turn]
    waited = NAN if first is None or onset.turn is None else float(first - onset.turn)
    return {
        "episode": traced.name, "case": traced.case, "session": onset.session, "rank": onset.rank,
        "onset_turn": onset.turn, "onset_speaker": onset.speaker, "onset_role": onset.role,
        "onset_code": onset.code, "kind": episode_kind(trace), "n_markers": len(trace.markers),
        "first_response": response, "first_response_turn": response_turn,
        "n_attempts": len(trace.attached["attempt"]), "first_attempt_turn": first,
        "attempt_turns": waited, "stages": stage_text(trace, rule, looks.codebook),
        "dimensions": ", ".join(dict.fromkeys(e.code for e in trace.attached["dimensions"])),
        "first_named_turn": named[0].turn if named else None,
        "first_named_role": named[0].role if named else "",
        "outcome": within.outcome if over is None else over.outcome,
        "session_outcome": within.outcome,
        "end_turn": None if np.isnan(within.turn) else int(within.turn),
        "turns": NAN if onset.turn is None else within.turn - onset.turn,
        "minutes": _minutes(onset.session, onset.turn, within, last, minutes),
        "case_outcome": "" if over is None else over.outcome,
        "end_session": onset.session if over is None else over.session,
        "case_end_turn": _turn_of_end(trace, over),
        "contacts": NAN if over is None else over.contacts,
        "sessions": NAN if over is None else over.sessions,
        "days": NAN if over is None else over.days,
        "n_linked": trace.n_linked,
        "note": within.note,
    }  # fmt: skip


def _turn_of_end(trace: Trace, over: CaseEnd | None) -> int | None:
    """Return the turn, of the session where it ended, that stopped the case's clock."""
    if over is None or trace.end is None or trace.end.session != over.session:
        return None
    return trace.end.turn


def _minutes(
    session: str,
    onset: int | None,
    within: SessionEnd,
    last: int | None,
    times: Mapping[tuple[str, int], tuple[float, float]],
) -> float:
    """From the start of the onset turn to the start of the last (its end, if censored)."""
    if onset is None or np.isnan(within.turn):
        return NAN
    start = times.get((session, onset), (NAN, NAN))[0]
    begun, done = times.get((session, int(within.turn)), (NAN, NAN))
    at_end = within.turn == last and not np.isnan(done) and within.outcome != "resolved"
    return (done if at_end else begun) - start


def _no_way_to(family: str, what: str, time: CaseTime, rule: EpisodeRule) -> str:
    if rule.expand(time.codebook)[family]:
        return ""
    return f"The rule names no code for {what}: none can be found."


def _uncovered(time: CaseTime) -> str:
    partly = time.contacts["last_turn"].lt(time.contacts["n_turns"]).fillna(False)
    if not partly.any():
        return ""
    return (
        f"{counted(int(partly.sum()), 'session')} examined in part: what is open at the last turn "
        "examined is censored there."
    )
