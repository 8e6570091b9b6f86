"""What goes with a folder of codings: the tables and the rule of coverage that its study names."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from rupturecode.annotation.coverage import ROWS, WHOLE_SESSIONS

_RULES = (WHOLE_SESSIONS, ROWS)


def companions(
    path: object, coverage: pd.DataFrame | str | os.PathLike[str] | None
) -> tuple[list[Path], pd.DataFrame | str | None]:
    """Find the files to read besides codings, and what else says what was examined.

    Where nobody says it, and ``path`` is the folder of codings of a study, that study's
    study.toml is asked: it names a table or a rule of coverage, and a table of links.

    Returns
    -------
    Files to read too, and a table or rule of coverage for what these files leave open.

    Examples
    --------
    >>> companions("codings", "whole sessions")
    ([], 'whole sessions')
    >>> companions(["AK.csv"], None)
    ([], None)
    """
    if isinstance(coverage, pd.DataFrame) or (isinstance(coverage, str) and coverage in _RULES):
        return [], coverage
    if coverage is not None:
        return [Path(coverage)], None
    if not isinstance(path, (str, os.PathLike)):
        return [], None
    folder = Path(path)
    said = _of_study(folder)
    rule = said.get("coverage")
    named = [said.get(key) for key in ("coverage", "links")]
    files = [folder.parent / str(name) for name in named if name is not None and name not in _RULES]
    return files, rule if rule in _RULES else None


def _of_study(folder: Path) -> dict[str, Any]:
    """Return the section on codings of the study in which a folder is the one of codings."""
    settings = folder.absolute().parent / "study.toml"
    if not (folder.is_dir() and settings.is_file()):
        return {}
    try:
        said = tomllib.loads(settings.read_bytes().decode("utf-8-sig")).get("codings", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}  # what is wrong with it is for the study's own check to say
    ours = isinstance(said, dict) and said.get("folder", "codings") == folder.absolute().name
    return said if ours else {}
