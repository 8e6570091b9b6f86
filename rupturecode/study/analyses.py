"""Which analyses a run makes, with which settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.report import Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.annotation import Annotations
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


def _reliability(
    study: Study, findings: Findings, notes: Annotations, progress: Progress | None
) -> Findings:
    if len(notes.coders) < 2:
        return replace(findings, missing=(_ONE_CODER,))
    from rupturecode.reliability import agreement, disagreements

    _tell(progress, "Agreement", 0, 2)
    given = dict(study.settings.agreement)
    units = given.pop("units", (study.settings.unit,))
    if given.get("resample") == "case":
        sessions = findings.corpus.sessions
        given["cases"] = dict(zip(sessions["session"], sessions["case"], strict=True))
    codes = list(study.settings.codes) or None
    result = agreement(notes, unit=units, codes=codes, seed=study.settings.seed, **given)
    _tell(progress, "Agreement", 1, 2)
    listed = disagreements(notes, findings.corpus, codes=codes)
    _tell(progress, "Agreement", 2, 2)
    return replace(findings, agreement=result, disagreements=listed)


def _sequences(
    study: Study, findings: Findings, notes: Annotations, progress: Progress | None
) -> Findings:
    from rupturecode import sequences
    from rupturecode.annotation import split_choices

    one = notes.consensus(study.settings.consensus) if len(notes.coders) > 1 else notes
    layer = split_choices(one)
    corpus = findings.corpus
    _tell(progress, "Sequences", 0, 4)
    findings = replace(
        findings, layer=layer, transitions=sequences.transitions(layer, corpus, lag=1)
    )
    _tell(progress, "Sequences", 1, 4)
    try:
        rule = sequences.EpisodeRule.from_dict(study.settings.episodes, layer.codebook)
    except UsageError as err:
        return replace(findings, missing=(*findings.missing, str(err)))
    episodes = sequences.episodes(layer, corpus, rule)
    _tell(progress, "Sequences", 2, 4)
    stage_paths = None
    if rule.fit(layer.codebook).stages:
        # stage 2 is done outside sessions: paths need the whole case, whatever the rule's span
        over_case = replace(rule, span="case", window=None)
        stage_paths = sequences.stage_paths(layer, corpus, over_case)
    _tell(progress, "Sequences", 3, 4)
    repair_time = sequences.repair_time(episodes)
    _tell(progress, "Sequences", 4, 4)
    return replace(findings, episodes=episodes, stage_paths=stage_paths, repair_time=repair_time)


def _tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress is not None:
        progress(stage, done, total)
