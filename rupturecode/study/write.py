"""Write what a run found: tidy tables as CSV and Parquet, and a manifest of what went in."""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    """Put a finished folder in the place of an older one, so that no half is ever seen.

    Files that somebody else put into the older one are kept. ``made`` lies in a
    :func:`workplace`, which takes the older one with it when it goes.

    Raises
    ------
    UsageError
        When the older one cannot be moved away; it is left as it was.
    """
    older: list[Path] = []
    while len(older) < _TRIES:
        older.append(made.with_name(f"older-{len(older)}"))
        _move_away(target, older[-1])
        try:
            made.rename(target)
        except OSError:
            if target.exists():
                continue  # another run put its folder there meanwhile
            if older[-1].exists():
                older[-1].rename(target)
            raise
        for old in reversed(older):
            _keep_others(old, target)
        return
    raise UsageError(f"other runs keep writing {target}; run again when they are done")


_TRIES = 5


def _move_away(target: Path, to: Path) -> None:
    try:
        target.rename(to)
    except FileNotFoundError:
        return  # there is none, or another run is at it
    except PermissionError as err:
        raise UsageError(
            f"{target} cannot be replaced: close what is open in it (a table in Excel, the "
            "report) and run again"
        ) from err


def _keep_others(old: Path, new: Path) -> None:
    """Carry over what a person put beside the tables: no run has written it."""
    written = _written(old) if old.exists() else set()
    for path in sorted(old.iterdir()) if old.exists() else ():
        if path.name not in written and not (new / path.name).exists():
            path.rename(new / path.name)


def _written(folder: Path) -> set[str]:
    """Names that a run wrote, as its manifest says; without one, all of them."""
    names = {p.name for p in folder.iterdir()}
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["written"]
    except (OSError, ValueError, KeyError, TypeError):
        return names
    return {str(n) for n in told} | {"manifest.json"}


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """Give a temporary folder on the same disk as the target; it goes away afterwards.

    Raises
    ------
    UsageError
        When nothing can be written there.
    """
    parent = target.parent
    try:
        place = TemporaryDirectory(prefix=".rupturecode-", dir=parent)
    except OSError as err:
        reason = (err.strerror or str(err)).lower()
        raise UsageError(f"{parent} cannot be written to: {reason}") from err
    with place as made:
        yield Path(made)


def manifest(
    inputs: Mapping[str, Path], settings: Mapping[str, object], written: Iterable[str]
) -> str:
    """Word a run as JSON: a hash per input file, versions, settings, and what it wrote."""
    files = {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(inputs.items())
    }
    content = {
        "rupturecode": version("rupturecode"),
        "python": sys.version.split()[0],
        "packages": {name: version(name) for name in _VERSIONS},
        "settings": settings,
        "sha256": files,
        "written": sorted(written),
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
