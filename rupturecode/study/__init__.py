"""The study folder: transcripts, codings and study.toml in, tidy tables and a report out."""

from __future__ import annotations

from rupturecode.study.model import Study, open_study
from rupturecode.study.run import StudyRun
from rupturecode.study.settings import Settings, read_settings
from rupturecode.study.start import example_study, init_study, open_example

__all__ = [
    "Settings",
    "Study",
    "StudyRun",
    "example_study",
    "init_study",
    "open_example",
    "open_study",
    "read_settings",
]
