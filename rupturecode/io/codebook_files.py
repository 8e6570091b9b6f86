"""Codebooks from and to files of any format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import rupturecode.io.formats_table  # noqa: F401 - fills the table of formats
from rupturecode import codebook as room
from rupturecode.errors import UsageError
from rupturecode.io._formats import format_named, known_formats

if TYPE_CHECKING:
    from types import ModuleType

    from rupturecode.codebook import Codebook


def load_codebook(name: str | Path) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    name
        The id of a bundled codebook, ``id@version``, or the path of a file: YAML, CSV,
        Excel or REFI-QDA, told by its suffix.

    Raises
    ------
    InvalidDataError
        Listing everything that is wrong, with file, line and column, or cell.
    ParseError
        When a file is damaged.
    UnknownNameError
        When no bundled codebook has the name.
    UsageError
        When the path or the version does not exist, or the suffix is unknown.

    Examples
    --------
    >>> load_codebook("ccr")["withdrawal"].label
    'Withdrawal'
    """
    path = Path(name)
    if path.suffix.lower() in (".yaml", ".yml") or not _is_table_file(path):
        return room.load_codebook(name)
    book: Codebook = _module(path, None).read(path.read_bytes(), source=path.name)
    return replace(book, path=str(path))


def _is_table_file(path: Path) -> bool:
    known = {s for fmt in known_formats("codebook").values() for s in fmt.suffixes}
    return path.suffix.lower() in known and path.is_file()


def write_codebook(
    book: Codebook,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word users know
) -> tuple[str, ...]:
    """Write a codebook and say what the format cannot hold.

    Parameters
    ----------
    book
        What to write.
    path
        The file; its suffix says the format unless ``format`` does.
    format
        ``yaml``, ``csv``, ``xlsx`` or ``qdc``.

    Returns
    -------
    What was lost, one line each; empty for YAML, CSV and Excel, which hold everything.

    Raises
    ------
    UsageError
        When the suffix tells no format.
    """
    module = _module(Path(path), format)
    Path(path).write_bytes(module.write(book))
    lost: tuple[str, ...] = module.losses(book) if hasattr(module, "losses") else ()
    return lost


def _module(path: Path, name: str | None) -> ModuleType:
    if name is not None:
        return format_named("codebook", name).load()
    for fmt in known_formats("codebook").values():
        if path.suffix.lower() in fmt.suffixes:
            return fmt.load()
    known = ", ".join(known_formats("codebook"))
    raise UsageError(f"{path.name}: the suffix tells no codebook format. Known: {known}.")
