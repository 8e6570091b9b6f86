"""Which analyses a run makes, with which settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.report import Findings
from rupturecode.study.audits import ASKED, audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.sequences import EpisodeRule
    from rupturecode.study.model import Study
    from rupturecode.transcript import Corpus

    Progress = Callable[[str, int, int], None]


def analyse(
    study: Study,
    corpus: Corpus,
    notes: Annotations | None,
    progress: Progress | None = None,
) -> Findings:
    """Make every analysis the study's data allow; what they do not allow is said in words."""
    findings = Findings(
        title=study.settings.title,
        codebook=study.codebook,
        corpus=corpus,
        notes=notes,
        consensus_rule=study.settings.consensus,
    )
    if notes is None:
        return replace(findings, missing=("There are no codings yet.",))
    findings = _reliability(study, findings, notes, progress)
    return _sequences(study, findings, notes, progress)


_ONE_CODER = "Agreement needs at least two coders who read the same session."
_NO_CODE = "Nobody gave any code: there is no agreement to compute."
_NO_EPISODE = "No rupture episode was found by the rule in study.toml."


def _reliability(
    study: Study, findings: Findings, notes: Annotations, progress: Progress | None
) -> Findings:
    codes = list(study.settings.codes) or None
    if len(notes.coders) < 2:
        return _without(findings, _ONE_CODER)
    if codes is None and notes.to_frame().empty:
        return _without(findings, _NO_CODE)
    from rupturecode.reliability import agreement, disagreements

    _tell(progress, "Agreement", 0, 2)
    given = {k: v for k, v in study.settings.agreement.items() if k not in ASKED}
    units = given.pop("units", _units(study.settings.unit, notes))
    if given.get("resample") == "case":
        given["cases"] = _cases(findings.corpus)
    result = agreement(notes, unit=units, codes=codes, seed=study.settings.seed, **given)
    _tell(progress, "Agreement", 1, 2)
    listed = disagreements(notes, findings.corpus, codes=codes, unit=_looked_at(units))
    findings = replace(findings, agreement=result, disagreements=listed)
    findings = audit(study, findings, notes, _looked_at(units), codes)
    _tell(progress, "Agreement", 2, 2)
    return findings


def _without(findings: Findings, *reasons: str) -> Findings:
    """Add to what could not be analysed, and why."""
    return replace(findings, missing=(*findings.missing, *reasons))


def _units(unit: str, notes: Annotations) -> tuple[str, ...]:
    """Return the study's unit, and sessions where some were rated as a whole."""
    whole = (notes.to_frame()["kind"] == "session").any()
    return (unit, "session") if whole and unit != "session" else (unit,)


def _cases(corpus: Corpus) -> dict[str, str]:
    """Session to case; a session without one is a case of its own."""
    cases = corpus.sessions["case"].fillna(corpus.sessions["session"])
    return dict(zip(corpus.sessions["session"], cases, strict=True))


def _looked_at(units: Sequence[str]) -> str:
    """Return the first kind of unit that can be looked at one by one; a tally cannot."""
    return next((u for u in units if u != "tally"), "turn")


def _sequences(
    study: Study, findings: Findings, notes: Annotations, progress: Progress | None
) -> Findings:
    from rupturecode import sequences
    from rupturecode.annotation import split_choices

    one = study.consensus(notes) if len(notes.coders) > 1 else notes
    layer = split_choices(one)
    corpus = findings.corpus
    findings = replace(findings, layer=layer)
    _tell(progress, "Sequences", 0, 4)
    try:
        follows = sequences.transitions(layer, corpus, lag=1)
    except UsageError as err:
        findings = _without(findings, f"What follows what was not analysed: {err}.")
    else:
        findings = replace(findings, transitions=follows)
    _tell(progress, "Sequences", 1, 4)
    try:
        rule = sequences.EpisodeRule.from_dict(study.settings.episodes, layer.codebook)
    except UsageError as err:
        return _without(findings, str(err))
    findings = _episodes(findings, layer, rule, progress)
    _tell(progress, "Sequences", 4, 4)
    return findings


def _episodes(
    findings: Findings, layer: Annotations, rule: EpisodeRule, progress: Progress | None
) -> Findings:
    """Find episodes, and what rests on there being some."""
    from rupturecode import sequences

    found = sequences.episodes(layer, findings.corpus, rule)
    findings = replace(findings, episodes=found)
    _tell(progress, "Sequences", 2, 4)
    if found.to_frame().empty:
        return _without(findings, _NO_EPISODE)
    if rule.fit(layer.codebook).stages:
        # stage 2 is done outside sessions: paths need the whole case, whatever the rule's span
        over_case = replace(rule, span="case", window=None)
        paths = sequences.stage_paths(layer, findings.corpus, over_case)
        findings = replace(findings, stage_paths=paths)
    _tell(progress, "Sequences", 3, 4)
    try:
        waits = sequences.repair_time(found)
    except UsageError as err:
        return _without(findings, f"Time to repair was not analysed: {err}.")
    return replace(findings, repair_time=waits)


def _tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress is not None:
        progress(stage, done, total)
