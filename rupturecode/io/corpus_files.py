"""Which files make a corpus, and the table of what is known about its sessions."""

from __future__ import annotations

import glob as stdlib_glob
from dataclasses import dataclass
from io import StringIO
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, Problem, UsageError
from rupturecode.io._formats import known_formats
from rupturecode.io.detect import claimants
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.zipsafe import is_zip, open_zip
from rupturecode.io.read import load
from rupturecode.io.transcripts import convokit

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    Source = str | PathLike[str] | Iterable[str | PathLike[str]]


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus; ``data`` is filled for members of an archive only."""

    path: Path
    name: str
    """Relative to the folder or archive, with forward slashes."""
    data: bytes | None = None


def read_metadata(
    sessions: str | PathLike[str] | pd.DataFrame | None,
) -> tuple[pd.DataFrame | None, Path | None]:
    """Read the table of sessions, and say which file it is, so that it is not a transcript.

    Raises
    ------
    ParseError
        When the file is no CSV table.
    """
    import pandas as pd

    if sessions is None or isinstance(sessions, pd.DataFrame):
        return sessions, None
    return read_session_table(sessions), Path(sessions)


def read_session_table(path: str | PathLike[str]) -> pd.DataFrame:
    """Read what a study says about its sessions from a CSV file, every cell as text.

    Raises
    ------
    UsageError
        When there is no such file.
    ParseError
        When it is not a table.
    """
    import pandas as pd

    text = decode(load(Path(path)), source=str(path)).text
    try:
        return pd.read_csv(
            StringIO(text),
            dtype="str",
            sep=None,
            engine="python",
            keep_default_na=False,
            na_values=[""],  # a case may be called NA
        )
    except (ValueError, pd.errors.ParserError) as err:
        raise ParseError(f"is not a readable CSV table: {err}", str(path)) from err


def find_files(
    source: Source,
    metadata_file: Path | None,
    format: str | None,  # noqa: A002
) -> tuple[list[CorpusFile], list[Problem]]:
    """Return the files to read, and notes on those that are left out."""
    if not isinstance(source, str | PathLike):
        files = [CorpusFile(Path(p), Path(p).name) for p in source]
        if not files:
            raise UsageError("The list of transcripts is empty.")
        return files, []
    path = Path(source)
    if path.is_dir():
        apart, corpora = convokit.gather(sorted(path.rglob("*")))
        found = [CorpusFile(p, p.relative_to(path).as_posix()) for p in apart]
        found += [CorpusFile(folder, f"{folder.name}.zip", data) for folder, data in corpora]
    elif path.is_file():
        members = _members(path)
        if members is None:
            return [CorpusFile(path, path.name)], []
        found = members
    else:
        found = [
            CorpusFile(Path(p), Path(p).name)
            for p in sorted(stdlib_glob.glob(str(path), recursive=True))  # noqa: PTH207 - users give patterns
        ]
        if not found:
            raise UsageError(f"There is no file or folder {str(path)!r}, and it matches nothing.")
    files, notes = _chosen(found, metadata_file, format)
    if not files:
        raise UsageError(f"{path} holds no file in a known transcript format.")
    return files, notes


def _chosen(
    found: Iterable[CorpusFile],
    metadata_file: Path | None,
    format: str | None,  # noqa: A002
) -> tuple[list[CorpusFile], list[Problem]]:
    formats = known_formats("transcript").values()
    wanted = tuple(s for f in formats if format in (None, f.name) for s in f.suffixes)
    files: list[CorpusFile] = []
    notes: list[Problem] = []
    for file in found:
        hidden = any(
            part.startswith((".", "~$", "__MACOSX")) for part in PurePosixPath(file.name).parts
        )
        own = (
            metadata_file is not None
            and file.data is None
            and file.path.resolve() == metadata_file.resolve()
        )
        if hidden or own or (file.data is None and not file.path.is_file()):
            continue
        if file.name.lower().endswith((*wanted, ".doc")):
            files.append(file)
        else:
            notes.append(
                Problem(
                    "left out: no transcript format has this suffix", file.name, kind="left-out"
                )
            )
    return files, notes


def _members(path: Path) -> list[CorpusFile] | None:
    """Return the files in an archive; None for a file that is a transcript itself."""
    data = load(path)
    if not is_zip(data[:4]):
        return None
    if claimants(data, path.name):
        return None
    archive = open_zip(data, source=str(path))
    return [CorpusFile(path, name, archive.read(name)) for name in sorted(archive.names)]
