"""Write annotations as plain tables that read back the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.io.annotations.long_csv import write

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.annotation import Annotations


def write_annotations(notes: Annotations, folder: str | PathLike[str]) -> list[Path]:
    """Write ``annotations.csv``, ``coverage.csv`` and, where there are any, ``links.csv``.

    :func:`rupturecode.read_annotations` on the folder gives the same annotations back.

    Parameters
    ----------
    notes
        What to write.
    folder
        Where to; made if need be.

    Returns
    -------
    list
        The files written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    tables = {"annotations": notes.to_frame(), "coverage": notes.coverage}
    if len(notes.links):
        tables["links"] = notes.links
    paths = []
    for name, table in tables.items():
        paths.append(target / f"{name}.csv")
        paths[-1].write_bytes(write(table))
    return paths
