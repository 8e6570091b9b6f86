"""The parts of the report on coders over time, on groups, and on planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.report.blocks import (
    Block,
    Figure,
    Fold,
    Section,
    TableBlock,
    Text,
    print_table,
    svg,
)
from rupturecode.report.words import interval

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.report.findings import Findings

_PLAN = {
    "label": "Code",
    "estimate": "Alpha now",
    "n_pilot": "Sessions now",
    "n_sessions": "Sessions needed",
    "note": "Note",
}
_TURNS = {
    "label": "Code",
    "session": "Contact",
    "unit": "Unit",
    "said": "Coders said",
    "why": "Why",
}
_GROUPS = {
    "label": "Code",
    "group": "Group",
    "shown": "Alpha [interval]",
    "prevalence": "Prevalence",
    "n_sessions": "Sessions",
    "note": "Note",
}
_LEANING = {
    "label": "Code",
    "coder": "Coder",
    "group": "Group",
    "leaning": "Gives it more often than others by",
    "low": "Low",
    "high": "High",
    "n_sessions": "Sessions",
    "note": "Note",
}


def plan_blocks(findings: Findings) -> list[Block]:
    """Say how many double-coded sessions would narrow each interval to the wanted width."""
    if findings.plan is None:
        return []
    table = _labelled(findings, findings.plan.to_frame())
    width = findings.plan.settings["width"]
    caption = f"Double-coded sessions for an interval no wider than {width}"
    return [Fold(caption, print_table(table, caption, _PLAN))]


def drift_section(findings: Findings) -> Section | None:
    """Show whether a coder moved away from the others while coding."""
    if findings.drift is None:
        return None
    from rupturecode import plots

    headline = findings.drift.headline()
    blocks: list[Block] = [
        Text(headline),
        Text(
            "Limits take units as independent: with long sessions a signal is a reason to look, "
            "not a test.",
            kind="caution",
        ),
    ]
    if len(findings.drift.leaning):
        drawn = plots.drift(findings.drift)
        caption = "Agreement in the order of coding, and each coder against the others."
        blocks.insert(1, Figure(svg(drawn, headline), caption, "drift"))
    turns = _labelled(findings, findings.drift.to_frame("recalibrate"))
    blocks.append(TableBlock(print_table(turns, "Turns to recalibrate on", _TURNS)))
    return Section("drift", "Do coders drift?", blocks)


def equity_section(findings: Findings) -> Section | None:
    """Show agreement and thresholds by the groups that the study names."""
    if findings.equity is None:
        return None
    table = _labelled(findings, findings.equity.to_frame("by_group"))
    table["shown"] = [interval(row) for _, row in table.iterrows()]
    leaning = _labelled(findings, findings.equity.to_frame("thresholds"))
    blocks: list[Block] = [
        Text(findings.equity.headline()),
        Text(
            "A difference can come from the sessions and not from the coders, and among many "
            "comparisons some leave out 0 by chance: look at the turns before concluding. Small "
            "cells are suppressed.",
            kind="caution",
        ),
        TableBlock(print_table(table, "Agreement by group", _GROUPS)),
        Fold(
            "Who gives a code more often to which group",
            print_table(leaning, "Thresholds by group", _LEANING),
        ),
    ]
    return Section("groups", "Do coders agree alike on all groups?", blocks)


def _labelled(findings: Findings, table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=table["code"].map(findings.labels))
