"""The parts of the report on what to do next and on how it was made."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from rupturecode.display import counted
from rupturecode.report.blocks import Block, Items, Section, Text, sentence_list
from rupturecode.report.words import FIRM, TENTATIVE, main_rows, verdict

if TYPE_CHECKING:
    from rupturecode.report.findings import Findings
    from rupturecode.sequences import EpisodeRule

_FEW_SESSIONS, _FEW_EPISODES = 30, 20


def next_section(findings: Findings) -> Section:
    """Say what the numbers suggest doing next."""
    steps = [*findings.missing, *_agreement_steps(findings), *_episode_steps(findings)]
    if not steps:
        steps = ["Nothing stands out; report the tables with their intervals."]
    return Section("next", "What to do next", [Items(steps)])


def _agreement_steps(findings: Findings) -> list[str]:
    if findings.agreement is None:
        return []
    table = main_rows(findings.agreement.by_code)
    known = table[table["estimate"].notna()]
    steps = []
    weak = [findings.labels[row["code"]] for _, row in known.iterrows() if verdict(row) == "weak"]
    if weak:
        steps.append(
            f"Talk through the disagreements on {sentence_list(weak)} with the codebook at hand, "
            "sharpen its boundaries, and code again before analysing these codes."
        )
    wide = known[(known["low"] < TENTATIVE) & (known["high"] >= FIRM)]
    if len(wide):
        open_codes = sentence_list(list(wide["code"].map(findings.labels)))
        steps.append(
            f"Double-code more sessions: for {open_codes} the interval reaches from not enough "
            "to firm."
        )
    undefined = list(table.loc[table["estimate"].isna(), "code"])
    if undefined:
        steps.append(
            f"{sentence_list(undefined)}: no coefficient is defined; say so in the paper, with how "
            "often each code was given."
        )
    if findings.plan is not None and len(wide):
        steps.append(findings.plan.headline())
    n_sessions = int(table["n_sessions"].max()) if len(table) else 0
    if n_sessions < _FEW_SESSIONS:
        verb = "was" if n_sessions == 1 else "were"
        steps.append(
            f"Only {counted(n_sessions, 'session')} {verb} coded twice. Intervals rest on so few; "
            f"plan for {_FEW_SESSIONS} or more if agreement is to be claimed."
        )
    return steps


def _episode_steps(findings: Findings) -> list[str]:
    if findings.episodes is None:
        return []
    table = findings.episodes.to_frame()
    steps = []
    censored = int(table["outcome"].str.startswith("censored").sum())
    if censored:
        steps.append(
            f"{censored} of {len(table)} episodes are censored: keep them in every analysis of "
            "time to repair, and look whether the next contact takes them up."
        )
    if 0 < len(table) < _FEW_EPISODES:
        steps.append(
            f"{counted(len(table), 'episode')} can be described one by one, not compared in "
            "groups: read them as cases."
        )
    return steps


def method_section(findings: Findings) -> Section:
    """Say how the report was made, in words that a methods section can take over."""
    blocks: list[Block] = [Text(_coding(findings))]
    if findings.agreement is not None:
        settings = findings.agreement.settings
        intervals = sorted(set(findings.agreement.by_code["interval"]) - {""})
        blocks.append(
            Text(
                f"Agreement: {settings['confidence']:.0%} intervals by {sentence_list(intervals)} "
                f"(seed {settings['seed']}, {settings['replicates']:,} replicates). A unit counts "
                "where at least two coders read it; a code that a coder did not give on a unit "
                "they read counts as absent."
            )
        )
    if findings.episodes is not None:
        blocks.append(Text(f"Episodes: {_rule(findings.episodes.rule)}"))
    if findings.transitions is not None:
        blocks.append(
            Text(
                "Transitions: lag 1, never across sessions; exact two-sided p under random order "
                "within session, adjusted over all cells tested."
            )
        )
    return Section("method", "How this was made", blocks)


def _rule(rule: EpisodeRule) -> str:
    """Word a rule by its settings that are not empty."""
    said = [
        f"{f.name.replace('_', ' ')}: {', '.join(v) if isinstance(v, tuple) else v}"
        for f in fields(rule)
        if (v := getattr(rule, f.name)) not in ((), "", None)
    ]
    return "; ".join(said) + "."


def _coding(findings: Findings) -> str:
    book = findings.codebook
    return (
        f"Codebook {book.id}, version {book.version}, fingerprint {book.fingerprint[:12]}. "
        f"{book.citation}"
    )
