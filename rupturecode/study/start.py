"""Ways to begin: a copy of the bundled example study, or an empty folder of your own."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from rupturecode.errors import UsageError

_CHECKOUT = Path(__file__).parents[2] / "examples" / "study"

_STUDY_TOML = """\
# What this study is. Lines that begin with # are notes for you.
title = {title}
codebook = "ccr"            # a bundled codebook (rupturecode codebook list) or a file
unit = "turn"
coders = []                 # for example ["AK", "BM"]
codes = []                  # the codes this study uses; empty means all of the codebook

[roles]                     # who is who; rupturecode never guesses this
"T" = "therapist"
"C" = "client"

[codings]
coverage = "whole sessions" # each coder read every turn of the sessions they coded
"""

_README = """\
# {title}

- `transcripts/`: one file per session (Word, plain text, WebVTT and many more)
- `codings/`: one file per coder
- `study.toml`: the codebook, the coders, and which speaker is client or therapist
- `derived/`: written by `rupturecode run`; safe to delete

Check with `rupturecode check .`, make sheets for your coders with `rupturecode sheets .`,
and run with `rupturecode run .`.
"""


def example_study() -> Path:
    """Return the folder of the example study that comes with rupturecode.

    Examples
    --------
    >>> (example_study() / "study.toml").is_file()
    True
    """
    installed = Path(str(files("rupturecode"))) / "_example_study"
    return installed if installed.is_dir() else _CHECKOUT


def open_example(folder: str | Path) -> Path:
    """Copy the example study to a folder, or find the copy that is already there.

    Raises
    ------
    UsageError
        When the folder holds something else; nothing is overwritten.
    """
    target = Path(folder)
    toml = target / "study.toml"
    if toml.is_file() and toml.read_bytes() == (example_study() / "study.toml").read_bytes():
        return target
    shutil.copytree(example_study(), _fresh(target), dirs_exist_ok=True)
    return target


def init_study(folder: str | Path, *, title: str | None = None) -> Path:
    """Make an empty study folder: study.toml, transcripts/, codings/ and a short README.

    Raises
    ------
    UsageError
        When the folder holds something; nothing is overwritten.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as parent:
    ...     sorted(p.name for p in init_study(Path(parent) / "pilot").iterdir())
    ['README.md', 'codings', 'study.toml', 'transcripts']
    """
    target = _fresh(folder)
    name = quoted(title or target.name)
    for room in ("transcripts", "codings"):
        (target / room).mkdir(parents=True)
    (target / "study.toml").write_text(_STUDY_TOML.format(title=name), encoding="utf-8")
    (target / "README.md").write_text(_README.format(title=title or target.name), encoding="utf-8")
    return target


def quoted(text: str) -> str:
    r"""Quote a text for TOML.

    Examples
    --------
    >>> print(quoted('the "old" study'))
    "the \"old\" study"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fresh(folder: str | Path) -> Path:
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is already there and not empty; name another folder.")
    return target
