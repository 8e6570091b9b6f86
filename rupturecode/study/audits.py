"""What a run asks of the coders beyond agreement: drift, groups, and how many sessions to add."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.report import Findings
    from rupturecode.study.model import Study

#: Keys of [agreement] that are asked here and not of the agreement table.
ASKED = ("width", "groups", "coded")
_WIDTH = 0.2


def audit(
    study: Study, findings: Findings, notes: Annotations, unit: str, codes: Sequence[str] | None
) -> Findings:
    """Plan further double coding; follow drift and compare groups where columns are named."""
    from rupturecode.reliability import drift, equity, plan_double_coding

    asked, seed = study.settings.agreement, study.settings.seed
    sessions = findings.corpus.sessions
    width = float(asked.get("width", _WIDTH))
    plan = plan_double_coding(notes, width, unit=unit, codes=codes, seed=seed)
    if plan.needed["n_sessions"].notna().any():
        findings = replace(findings, plan=plan)
    if "coded" in asked:
        order = _in_order(sessions, asked["coded"], notes)
        found = drift(notes, findings.corpus, unit=unit, codes=codes, order=order)
        findings = replace(findings, drift=found)
    if "groups" in asked:
        groups = _groups(sessions, asked["groups"])
        if len({groups[s] for s in notes.sessions if s in groups}) < 2:
            reason = f"Groups were not compared: column {asked['groups']!r} names fewer than two."
            return replace(findings, missing=(*findings.missing, reason))
        findings = replace(
            findings, equity=equity(notes, groups, unit=unit, codes=codes, seed=seed)
        )
    return findings


def _in_order(sessions: pd.DataFrame, column: str, notes: Annotations) -> list[str]:
    """Sort sessions by when they were coded; those without an entry are left out."""
    told = sessions[sessions[column].notna() & sessions["session"].isin(notes.sessions)]
    numbers = pd.to_numeric(told[column], errors="coerce")
    keys = numbers if numbers.notna().all() else told[column].astype(str)
    return [str(s) for s in told["session"].loc[keys.sort_values(kind="stable").index]]


def _groups(sessions: pd.DataFrame, column: str) -> dict[str, str]:
    told = sessions[sessions[column].notna()]
    return dict(zip(told["session"].astype(str), told[column].astype(str), strict=True))
