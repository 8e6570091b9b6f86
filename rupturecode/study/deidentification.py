"""A copy of a study's transcripts with stand-ins for names and the like, for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.study.start import quoted

if TYPE_CHECKING:
    from rupturecode.study.model import Study
    from rupturecode.text import Deidentified
    from rupturecode.transcript import Corpus

KEY, REVIEW, NAMES = "deidentification-key.json", "deidentification-review.xlsx", "names.txt"


def deidentify_study(
    study: Study, folder: str | Path | None = None
) -> tuple[Deidentified, list[Path]]:
    """Write de-identified transcripts to a folder of their own; see Study.deidentify.

    The key and the review sheet hold the original words. They stay in the study folder, which
    only its owner may read them from; the new folder holds nothing of them.
    """
    from rupturecode.io import write_transcript
    from rupturecode.text import deidentify, write_review_sheet

    target = Path(folder) if folder else study.path.with_name(study.path.name + "-deidentified")
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{target} is already there and not empty; name another folder.")
    key = study.path / KEY
    if key.exists():
        raise UsageError(
            f"{key} is there from an earlier run. Move it away first: without it, earlier "
            "stand-ins could no longer be traced."
        )
    result = deidentify(study.corpus, names=_names(study))
    if result.corpus is None:
        raise UsageError("nothing was de-identified")
    (target / "transcripts").mkdir(parents=True)
    written = [
        write_transcript(talk, target / "transcripts" / f"{talk.session}.csv")
        for talk in result.corpus
    ]
    settings = target / "study.toml"
    settings.write_text(_settings(study, result.corpus), encoding="utf-8")
    statement = target / "RESIDUAL-RISK.txt"
    statement.write_text(result.statement + "\n", encoding="utf-8")
    private = [result.key.write(key), write_review_sheet(result, study.path / REVIEW)]
    return result, [*written, settings, statement, *private]


def _settings(study: Study, corpus: Corpus) -> str:
    """Word a study.toml for the copy, in which speakers bear their stand-ins."""
    speakers = corpus.speakers.drop_duplicates("speaker")
    roles = [
        f"{quoted(s)} = {quoted(r)}"
        for s, r in zip(speakers["speaker"], speakers["role"], strict=True)
    ]
    codes = ", ".join(quoted(c) for c in study.settings.codes)
    head = [
        f"title = {quoted(study.settings.title)}",
        f"codebook = {quoted(study.settings.codebook)}",
        f"unit = {quoted(study.settings.unit)}",
        f"codes = [{codes}]",
    ]
    return "\n".join([*head, "", "[roles]", *roles, ""])


def _names(study: Study) -> list[str]:
    """Names the study knows of: one a line in names.txt, if there is one."""
    path = study.path / NAMES
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
