"""Which files make a corpus."""

from __future__ import annotations

import glob as stdlib_glob
import os
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from rupturecode.errors import Problem, UsageError
from rupturecode.io._formats import known_formats
from rupturecode.io.detect import claimants
from rupturecode.io.parsers.zipsafe import is_zip, open_zip
from rupturecode.io.read import load
from rupturecode.io.transcripts import convokit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Source = str | PathLike[str] | Iterable[str | PathLike[str]]


_LEFT = "left-out"
#: Old and macro files of Word, which are refused with what to do instead.
_REFUSED = (".doc", ".docm", ".dotm")
#: What systems put into folders, without anybody having asked.
_LITTER = frozenset(("thumbs.db", "desktop.ini", "icon\r"))
#: Recordings, pictures, copies that editors keep: hold no words that we could read.
_NO_WORDS = (
    *(".mp3", ".m4a", ".wav", ".wma", ".aac", ".flac", ".ogg", ".opus", ".amr", ".aif", ".aiff"),
    *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg", ".mts", ".3gp"),
    *(".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".svg"),
    *(".lnk", ".url", ".tmp", ".crdownload", ".part", "~", "#"),
)


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus; ``data`` is filled for members of an archive only."""

    path: Path
    name: str
    """Relative to the folder or archive, with forward slashes."""
    data: bytes | None = None


def find_files(
    source: Source,
    metadata_file: Path | None,
    format: str | None,  # noqa: A002
) -> tuple[list[CorpusFile], list[Problem]]:
    """Return the files to read, and notes on those that are left out."""
    if not isinstance(source, str | PathLike):
        return _listed(source, metadata_file, format)
    path = Path(source)
    if path.is_dir():
        files, notes = files_below(path, metadata_file, format)
    elif path.is_file():
        members = _members(path)
        if members is None:
            return [CorpusFile(path, path.name)], []
        files, notes = _chosen(members, metadata_file, format)
    else:
        matches = [Path(p) for p in sorted(stdlib_glob.glob(str(path), recursive=True))]  # noqa: PTH207 - users give patterns
        if not matches:
            raise UsageError(f"There is no file or folder {str(path)!r}, and it matches nothing.")
        files, notes = _chosen(_named(matches), metadata_file, format)
    if not files:
        raise UsageError(f"{path} holds no file in a known transcript format.")
    return files, notes


def _listed(
    source: Iterable[str | PathLike[str]],
    metadata_file: Path | None,
    format: str | None,  # noqa: A002
) -> tuple[list[CorpusFile], list[Problem]]:
    """Return the files of a list; of a folder in it, the files below."""
    try:
        paths = [Path(p) for p in source]
    except TypeError as err:
        raise UsageError(
            f"read_corpus: give a folder, a pattern, an archive or a list of files, not {source!r}."
        ) from err
    if not paths:
        raise UsageError("The list of transcripts is empty.")
    files: list[CorpusFile] = []
    notes: list[Problem] = []
    for item in _named(paths):
        if not item.path.is_dir():
            files.append(item)
            continue
        below, found = files_below(item.path, metadata_file, format)
        if not below:
            raise UsageError(f"{item.path} holds no file in a known transcript format.")
        files += [replace(f, name=f"{item.name}/{f.name}" if item.name else f.name) for f in below]
        notes += found
    return files, notes


def _named(paths: Sequence[Path]) -> list[CorpusFile]:
    """Name paths from the folder that all of them lie in, so that two of one name differ."""
    homes = [str((p if p.is_dir() else p.parent).absolute()) for p in paths]
    try:
        home = os.path.commonpath(homes)
    except ValueError:  # on several drives
        return [CorpusFile(p, p.name) for p in paths]
    names = [Path(os.path.relpath(p.absolute(), home)).as_posix() for p in paths]
    return [CorpusFile(p, "" if n == "." else n) for p, n in zip(paths, names, strict=True)]


def files_below(
    folder: Path,
    metadata_file: Path | None = None,
    format: str | None = None,  # noqa: A002
    *,
    every: bool = False,
) -> tuple[list[CorpusFile], list[Problem]]:
    """Return the files of a folder that may be transcripts, and notes on those left out.

    Parameters
    ----------
    folder
        With its sub-folders.
    metadata_file
        The table of sessions, which is none.
    format
        Only files with a suffix of this format.
    every
        Whether to take files with a suffix that no format has, but for recordings, pictures
        and what programs leave behind.
    """
    paths, notes = _walk(folder)
    apart, corpora = convokit.gather(sorted(paths))
    found = [CorpusFile(p, p.relative_to(folder).as_posix()) for p in apart]
    found += [CorpusFile(home, f"{home.name}.zip", data) for home, data in corpora]
    files, left_out = _chosen(found, metadata_file, format, every=every)
    return files, [*notes, *left_out]


def _walk(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return every file below a folder; links are followed, and each folder is entered once."""
    notes: list[Problem] = []

    def note(err: OSError) -> None:
        place = Path(str(err.filename)).relative_to(folder).as_posix()
        message = f"left out: this folder cannot be opened ({err.strerror})"
        notes.append(Problem(message, place, kind="left-out"))

    paths: list[Path] = []
    entered: set[Path] = set()
    for home, folders, names in os.walk(folder, onerror=note, followlinks=True):
        entered.add(Path(home).resolve())
        inner = [f for f in sorted(folders) if not _is_hidden(f)]
        folders[:] = [f for f in inner if Path(home, f).resolve() not in entered]
        for path in (Path(home, name) for name in names):
            if not path.exists() and not _is_hidden(path.name):
                place = path.relative_to(folder).as_posix()
                notes.append(Problem("left out: a link to what is not there", place, kind=_LEFT))
            paths.append(path)
    return paths, notes


def _is_hidden(name: str) -> bool:
    """Whether a name is that of a hidden file, or of what a program keeps for itself."""
    return name.startswith((".", "~$", "__MACOSX")) or name.casefold() in _LITTER


def _chosen(
    found: Iterable[CorpusFile],
    metadata_file: Path | None,
    format: str | None,  # noqa: A002
    *,
    every: bool = False,
) -> tuple[list[CorpusFile], list[Problem]]:
    formats = known_formats("transcript").values()
    wanted = tuple(s for f in formats if format in (None, f.name) for s in f.suffixes)
    files: list[CorpusFile] = []
    notes: list[Problem] = []
    for file in found:
        hidden = any(_is_hidden(part) for part in PurePosixPath(file.name).parts)
        own = (
            metadata_file is not None
            and file.data is None
            and file.path.resolve() == metadata_file.resolve()
        )
        if hidden or own or (file.data is None and not file.path.is_file()):
            continue
        name = file.name.casefold()
        if name.endswith((*wanted, *_REFUSED)) or (every and not name.endswith(_NO_WORDS)):
            files.append(file)
        else:
            notes.append(
                Problem("left out: no transcript format has this suffix", file.name, kind=_LEFT)
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
