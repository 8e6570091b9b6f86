"""The formats as a table, and writing a transcript in one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rupturecode.io.formats_table  # noqa: F401 - fills the table of formats
from rupturecode.errors import MissingExtraError, UnknownNameError, UsageError
from rupturecode.io._formats import all_formats, format_named, known_formats

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

    from rupturecode.io._formats import Format
    from rupturecode.transcript import Transcript


def formats() -> pd.DataFrame:
    """Every file format that rupturecode knows.

    Returns
    -------
    One row per format: ``name``, ``kind`` (transcript, annotations or codebook),
    ``suffixes``, ``reads``, ``writes``, ``extra`` (what to install, if anything) and
    ``description``.

    Examples
    --------
    >>> known = formats()
    >>> known.loc[known["name"] == "text", ["reads", "writes"]].values.tolist()
    [[True, True]]
    """
    import pandas as pd

    rows = [
        {
            "name": fmt.name,
            "kind": fmt.kind,
            "suffixes": " ".join(fmt.suffixes),
            "reads": _has(fmt, "read"),
            "writes": _has(fmt, "write"),
            "extra": fmt.extra or "",
            "description": fmt.description,
        }
        for fmt in all_formats()
    ]
    return pd.DataFrame(rows)


def _has(fmt: Format, verb: str) -> bool:
    try:
        return hasattr(fmt.load(), verb)
    except MissingExtraError:
        return False


def write_transcript(
    transcript: Transcript,
    path: str | PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the word users know
) -> Path:
    r"""Write a transcript to a file.

    Parameters
    ----------
    transcript
        What to write; the turns' ``raw`` is written, so analyst comments are in it.
    path
        Where; its suffix names the format unless ``format`` does.
    format
        The format's name.

    Returns
    -------
    The path written.

    Raises
    ------
    UnknownNameError
        When no format that can be written has the name or suffix.

    Examples
    --------
    >>> import tempfile
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "Hello.")])
    >>> write_transcript(talk, Path(tempfile.mkdtemp()) / "s1.txt").read_text()
    'T: Hello.\n'
    """
    file = Path(path)
    fmt = writer_named(format) if format else _by_suffix(file)
    file.write_bytes(fmt.load().write(transcript))
    return file


def writer_named(name: str) -> Format:
    """Return a format that transcripts can be written in.

    Raises
    ------
    UnknownNameError
        When there is no such format.
    UsageError
        When it can only be read.
    """
    fmt = format_named("transcript", name)
    if not _has(fmt, "write"):
        raise UsageError(f"Transcripts cannot be written as {name!r}; try text, webvtt or csv.")
    return fmt


def _by_suffix(file: Path) -> Format:
    writable = [f for f in known_formats("transcript").values() if _has(f, "write")]
    for fmt in writable:
        if file.suffix.lower() in fmt.suffixes:
            return fmt
    suffixes = dict.fromkeys(s for f in writable for s in f.suffixes)
    raise UnknownNameError("suffix for writing", file.suffix, suffixes)
