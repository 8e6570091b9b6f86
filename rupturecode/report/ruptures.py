"""The parts of the report on ruptures, on what follows what, and on time to repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.display import counted
from rupturecode.report.blocks import (
    Block,
    Figure,
    Fold,
    Items,
    Section,
    TableBlock,
    Text,
    print_table,
    svg,
    title_of,
)
from rupturecode.sequences.outcomes import outcome_words

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.report.findings import Findings
    from rupturecode.result import Result

EPISODES = {
    "episode": "Episode",
    "session": "Contact",
    "onset_turn": "Turn",
    "kind": "Kind",
    "onset_speaker": "Begun by",
    "first_response": "First response",
    "n_attempts": "Attempts",
    "stages": "Stages",
    "dimensions": "Named",
    "outcome": "Outcome",
}
CELLS = {
    "given": "After",
    "target": "comes",
    "count": "Times",
    "expected_within": "Expected",
    "probability": "Probability",
    "p_exact": "p (exact)",
    "p_adjusted": "p (adjusted)",
    "note": "Note",
}
_SHOWN_CELLS, _MOST_STRIPS, _MOST_OPEN = 10, 24, 15


def rupture_section(findings: Findings) -> Section | None:
    """Show every case: its contacts as strips, and its rupture episodes."""
    if findings.episodes is None or findings.layer is None:
        return None
    table = findings.worded(findings.episodes.to_frame(), "dimensions")
    table["outcome"] = [outcome_words(str(o)) for o in table["outcome"]]
    blocks: list[Block] = [
        Text(
            f"{findings.episodes.headline()} An episode that was still open when its contact "
            "ended is counted as censored: what would have come next is unknown, which is not the "
            "same as unrepaired."
        ),
        Text(_resting_on(findings)),
    ]
    shown = _shown(findings.corpus.sessions, table)
    for case, contacts in _cases(shown):
        blocks.append(Text(f"Case {case}" if case else "Contacts without a case", kind="heading"))
        mine = table[table["session"].isin(contacts)]
        blocks.append(_listed(mine))
        blocks += _strips(findings, contacts)
    if len(shown) < len(findings.corpus.sessions):
        blocks += [
            Text(
                f"Shown are the first {len(shown)} contacts of {len(findings.corpus.sessions)} "
                "in which an episode begins; rupturecode.plots.timeline draws any other."
            ),
            Fold("All episodes", print_table(table, "Rupture episodes", EPISODES)),
        ]
    blocks += _cautions(findings.episodes)
    return Section("ruptures", "Ruptures and repair, case by case", blocks)


def _listed(episodes: pd.DataFrame) -> Block:
    """List a case's episodes; many of them folded away."""
    if episodes.empty:
        return Text("No rupture episode.")
    table = print_table(episodes, "Rupture episodes", EPISODES)
    if len(episodes) <= _MOST_OPEN:
        return TableBlock(table)
    return Fold(f"All {counted(len(episodes), 'episode')} of the case", table)


def _resting_on(findings: Findings) -> str:
    layer = findings.layer
    if layer is None or layer.layer != "consensus":
        return "This part rests on the coding of one coder."
    return (
        f"This part rests on the consensus of the coders (rule: {findings.consensus_rule}); "
        "the agreement above is computed on their separate codings."
    )


def _cases(sessions: pd.DataFrame) -> list[tuple[str, list[str]]]:
    named = sessions.assign(case=sessions["case"].fillna(""))
    return [(str(c), list(g["session"])) for c, g in named.groupby("case", sort=False)]


def _shown(sessions: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Choose the contacts to draw: all of a small study, else the first with an episode."""
    if len(sessions) <= _MOST_STRIPS:
        return sessions
    return sessions[sessions["session"].isin(set(episodes["session"]))].head(_MOST_STRIPS)


def _strips(findings: Findings, contacts: list[str]) -> list[Block]:
    from rupturecode import plots

    strips: list[Block] = []
    if findings.layer is None:
        return strips
    for session in contacts:
        if session not in findings.corpus:
            strips.append(Text(f"{session}: no transcript."))
            continue
        axes = plots.timeline(
            findings.notes or findings.layer,
            findings.corpus,
            session,
            episodes=findings.episodes,
        )
        kind = findings.corpus.sessions.set_index("session").loc[session, "kind"]
        alt = f"Strip of {kind} {session}: speakers, markers, stages and dimensions turn by turn."
        strips.append(Figure(svg(axes, alt), f"{session} ({kind})", f"timeline_{session}"))
    return strips


def sequence_section(findings: Findings) -> Section | None:
    """Show what follows what, with exact tests and their cautions."""
    if findings.transitions is None:
        return None
    from rupturecode import plots

    cells = findings.worded(findings.transitions.to_frame(), "given", "target")
    if cells.empty:
        return None
    order = cells["p_exact"].fillna(1).argsort(kind="stable")
    first = cells.iloc[order].head(_SHOWN_CELLS)
    drawn = plots.transitions(findings.transitions)
    blocks: list[Block] = [
        Text(findings.transitions.headline()),
        Figure(
            svg(drawn, findings.transitions.headline()),
            "From one turn's codes (rows) to the next turn's (columns): how often, and how far "
            "from what random order within each session would give.",
            "transitions",
        ),
        TableBlock(
            print_table(
                first, "The clearest transitions (expected: in random order)", CELLS, digits=3
            )
        ),
        *_cautions(findings.transitions),
        Fold("Every transition", print_table(cells, "Transitions", CELLS, digits=3)),
    ]
    return Section("sequences", "What follows what", blocks)


def time_section(findings: Findings) -> Section | None:
    """Show how long repair takes, with the episodes that were cut off."""
    if findings.repair_time is None or findings.episodes is None:
        return None
    if findings.episodes.to_frame().empty:
        return None
    from rupturecode import plots

    drawn = plots.repair_time(findings.repair_time)
    headline = findings.repair_time.headline()
    blocks: list[Block] = [
        Text(headline),
        Figure(
            svg(drawn, headline), "Share of episodes not yet repaired, by turns.", "repair_time"
        ),
        *_cautions(findings.repair_time),
    ]
    if findings.stage_paths is not None:
        paths = findings.stage_paths.to_frame()
        paths["outcome"] = paths["outcome"].map(outcome_words)
        blocks += [
            Text("Stages of resolution", kind="heading"),
            Text(findings.stage_paths.headline()),
            Fold(
                f"Stage paths ({counted(len(paths), 'row')})",
                print_table(paths, "Stage paths", {c: title_of(c) for c in paths.columns}),
            ),
        ]
    return Section("time", "Time to repair, and its stages", blocks)


def _cautions(result: Result) -> list[Block]:
    """Word the cautions that a result carries."""
    if "cautions" not in result.tables:
        return []
    frame = result.to_frame("cautions")
    if frame.empty:
        return []
    column = "caution" if "caution" in frame.columns else frame.columns[-1]
    return [Items([str(text) for text in frame[column]])]
