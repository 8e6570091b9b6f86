"""A study's transcripts: which files are read, and how study.toml wants them to be."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.errors import Problem
    from rupturecode.io.corpus_files import CorpusFile
    from rupturecode.io.corpus_reading import Job
    from rupturecode.study.model import Study


def sources(study: Study) -> tuple[list[CorpusFile], list[Problem]]:
    """Find what is to be read in the transcripts folder, and what is left out."""
    from rupturecode.io.corpus_files import files_below

    return files_below(study.transcripts_folder, study.session_file, every=True)


def jobs(study: Study, files: Sequence[CorpusFile]) -> list[Job]:
    """Say how the study's settings want files to be read."""
    from rupturecode.io.corpus import jobs_for
    from rupturecode.io.read import Settings

    given = study.settings.transcripts
    how = {f.name: f.default for f in fields(Settings) if f.name != "roles"}
    return jobs_for(
        files,
        Settings(**{**how, **{k: v for k, v in given.items() if k in how}}),
        {k: v for k, v in given.items() if k not in (*how, "folder", "format")},
        format=given.get("format"),
        roles=study.settings.roles,
        pattern=study.settings.sessions.get("pattern"),
    )
