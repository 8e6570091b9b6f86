"""Write annotations, as plain tables or for other tools, and say what was dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rupturecode.io.formats_table  # noqa: F401 - fills the table of formats
from rupturecode.errors import UsageError
from rupturecode.io._formats import format_named, known_formats

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.annotation import Annotations
    from rupturecode.io._formats import Format
    from rupturecode.io.exchange.losses import Written
    from rupturecode.transcript import Corpus

_PLAIN = "long-csv"


def write_annotations(
    notes: Annotations,
    path: str | PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the word the other writers use
    corpus: Corpus | None = None,
) -> tuple[str, ...]:
    """Write annotations to a file, or to a folder where a format needs several files.

    Without a format, a path without a suffix becomes a folder of ``annotations.csv``,
    ``coverage.csv`` and, where there are any, ``links.csv``: nothing is lost, and
    :func:`rupturecode.read_annotations` on the folder gives the same annotations back.

    Parameters
    ----------
    notes
        What to write.
    path
        A file whose suffix says the format, or a folder (made if need be).
    format
        Name of the format (see :func:`rupturecode.formats`).
    corpus
        The transcripts, which most tools' files carry.

    Returns
    -------
    What the format could not hold, one line each.

    Raises
    ------
    UnknownNameError
        When there is no such format.
    UsageError
        When the format is only read, needs the corpus, or needs a folder for its files.
    """
    target = Path(path)
    fmt = _format(target, format)
    module = fmt.load()
    if not hasattr(module, "write"):
        raise UsageError(f"Format {fmt.name!r} is read, not written. Written: {_writable()}.")
    made: Written = module.write(notes, corpus=corpus)
    if made.folder:
        target = target if target.suffix else target / made.folder
    elif target.suffix and len(made.files) == 1:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(next(iter(made.files.values())))
        return made.losses
    elif target.suffix:
        raise UsageError(
            f"Format {fmt.name!r} writes {len(made.files)} files here; give a folder with "
            f"format={fmt.name!r} instead of {target.name!r}."
        )
    for name, data in made.files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return made.losses


def _format(target: Path, name: str | None) -> Format:
    """Return the format named, or the only writable one that has the suffix."""
    if name is not None:
        return format_named("annotations", name)
    if not target.suffix:
        return format_named("annotations", _PLAIN)
    suffix = target.suffix.lower()
    found = [f for f in _written() if suffix in f.suffixes]
    found = [f for f in found if f.name == _PLAIN] or found  # .csv is ours before MAXQDA's
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(repr(f.name) for f in found)
        raise UsageError(f"{target.name} could be {names}; say which with format=.")
    raise UsageError(
        f"{target.name}: the suffix tells no format that is written. Written: {_writable()}."
    )


def _written() -> list[Format]:
    return [f for f in known_formats("annotations").values() if hasattr(f.load(), "write")]


def _writable() -> str:
    return ", ".join(sorted(f.name for f in _written()))
