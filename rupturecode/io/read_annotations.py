"""Read codings: one file or a folder, from whatever tool, checked as one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from rupturecode.annotation import Annotations, assemble
from rupturecode.errors import InvalidDataError, ParseError, Problem, RupturecodeError, UsageError
from rupturecode.io._formats import format_named, known_formats
from rupturecode.io.detect import detect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from rupturecode.annotation.annotations import Layer
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_PASSING = (".", "~$", "~")


def read_annotations(
    path: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    codebook: Codebook,
    corpus: Corpus | None = None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
    coverage: pd.DataFrame | Literal["whole sessions", "rows"] | None = None,
    coder: str | None = None,
    format: str | None = None,  # noqa: A002 - the word the other readers use
    constraints: Literal["refuse", "report"] = "refuse",
    layer: Layer = "coding",
) -> Annotations:
    """Read codings from a file, several files or a folder.

    Parameters
    ----------
    path
        A workbook, CSV or another tool's file, several, or a folder of any mixture.
    codebook
        The codes that may be given.
    corpus
        The transcripts. Coding sheets are checked against their words.
    units
        Units instead of a corpus, or besides it (windows, exchanges, episodes).
    coverage
        What was examined, where the files do not say it: a table ``session, kind,
        first_unit, last_unit, coder``; ``"whole sessions"``: every coder examined all of
        every session in which they have a row; ``"rows"``: only the units that have a row.
        Coding sheets say it themselves (reviewed to here), and so do tables of coverage in
        the folder and rows without a code.
    coder
        Whose codings these are, where neither file nor file name says it.
    format
        Name of the format, where it cannot be told (see :func:`rupturecode.formats`).
    constraints
        Whether breaking the codebook's own rules is refused, or reported in ``problems``.
    layer
        ``"coding"``, or ``"gold"`` for an expert's coding.

    Returns
    -------
    Annotations
        ``info`` has the files with their hashes, and notes that belong to no code.

    Raises
    ------
    InvalidDataError
        Listing every problem of every file, each with its line or cell.
    UsageError
        When a path does not exist or a folder holds no codings.
    """
    found = _Found()
    for file, root in _files(path):
        _read_file(file, root, found, codebook, corpus, coder, format)
    if not found.drafts and not found.problems:
        raise UsageError(f"There are no codings in {path}.")
    notes = assemble(
        found.drafts,
        codebook=codebook,
        corpus=corpus,
        units=units,
        coverage=coverage,
        layer=layer,
        constraints=constraints,
        what=_what(path),
        problems=found.problems,
    )
    files = pd.DataFrame(found.files, columns=["file", "format", "sha256"])
    return notes.replace(info={**notes.info, "files": files, "skipped": found.skipped})


def _what(path: object) -> str:
    return str(path) if isinstance(path, (str, Path)) else "annotations"


@dataclass(slots=True)
class _Found:
    drafts: list[CodingDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: list[dict[str, object]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def _files(path: object) -> list[tuple[Path, Path]]:
    """List files, each with the folder that its name is told from."""
    if not isinstance(path, (str, Path)) and not hasattr(path, "__fspath__"):
        return [pair for one in path for pair in _files(one)]  # type: ignore[attr-defined]
    place = Path(path)  # type: ignore[arg-type]
    if place.is_dir():
        inside = sorted(p for p in place.rglob("*") if p.is_file())
        return [(p, place) for p in inside if not p.name.startswith(_PASSING)]
    if not place.exists():
        raise UsageError(f"There is no file or folder {str(place)!r}.")
    return [(place, place.parent)]


def _read_file(
    file: Path,
    root: Path,
    found: _Found,
    codebook: Codebook,
    corpus: Corpus | None,
    coder: str | None,
    name: str | None,
) -> None:
    source = file.relative_to(root).as_posix()
    data = file.read_bytes()
    if file != root and name is None and file.suffix.lower() not in _suffixes():
        found.skipped.append(source)
        return
    try:
        fmt = (
            format_named("annotations", name) if name else detect(data, source, kind="annotations")
        )
        draft = fmt.load().read(data, source=source, codebook=codebook, corpus=corpus, coder=coder)
    except InvalidDataError as err:
        found.problems += err.problems
    except ParseError as err:
        found.problems.append(_as_problem(err, data))
    except RupturecodeError as err:
        found.problems.append(Problem(str(err), source=source, kind="unreadable"))
    else:
        digest = hashlib.sha256(data).hexdigest()
        found.files.append({"file": source, "format": fmt.name, "sha256": digest})
        found.drafts.append(draft)


def _suffixes() -> set[str]:
    return {s for f in known_formats("annotations").values() for s in f.suffixes}


def _as_problem(err: ParseError, data: bytes) -> Problem:
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        kind = "empty-file"
    else:
        kind = (
            "bad-encoding"
            if "encoding" in err.problem or "Unicode" in err.problem
            else "unreadable"
        )
    return Problem(err.problem, source=err.source, line=err.line, kind=kind)
