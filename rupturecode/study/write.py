"""Write what a run found: tidy tables as CSV and Parquet, and a manifest of what went in."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from importlib.metadata import version
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

_VERSIONS = ("pandas", "numpy", "scipy", "krippendorff", "scikit-learn", "spacy", "pyarrow")


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each table as ``NAME.csv`` and ``NAME.parquet``.

    The bytes depend on the tables alone: the same input gives the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in tables.items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        frame.to_csv(csv, index=False, encoding="utf-8", lineterminator="\n")
        frame.to_parquet(parquet, index=False)
        paths += [csv, parquet]
    return paths


def replace_folder(made: Path, target: Path) -> None:
    """Put a finished folder in the place of an older one, so that no half is ever seen."""
    old = target.with_name(target.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    if target.exists():
        target.rename(old)
    shutil.move(made, target)
    if old.exists():
        shutil.rmtree(old)


def workplace(target: Path) -> TemporaryDirectory[str]:
    """Give a temporary folder on the same disk as the target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(prefix=".rupturecode-", dir=target.parent)


def manifest(inputs: Iterable[Path], root: Path, settings: Mapping[str, object]) -> str:
    """Word what went into a run as JSON: a hash per input file, versions, settings."""
    files = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(inputs)
    }
    content = {
        "rupturecode": version("rupturecode"),
        "python": sys.version.split()[0],
        "packages": {name: version(name) for name in _VERSIONS},
        "settings": settings,
        "sha256": files,
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
