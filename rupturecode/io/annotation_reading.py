"""Read codings: one file or a folder, from whatever tool, checked as one."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from rupturecode.annotation import Annotations, assemble
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError
from rupturecode.io._formats import format_named, known_formats
from rupturecode.io.codebook_files import load_codebook
from rupturecode.io.companions import companions
from rupturecode.io.detect import detect
from rupturecode.io.parsers.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from os import PathLike

    from rupturecode.annotation.annotations import Layer
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.io._formats import Format
    from rupturecode.transcript import Corpus

    Source = str | PathLike[str] | Iterable[str | PathLike[str]]

_TEXTS = (".csv", ".tsv")
_PASSING = (".", "~$", "~")


def read_annotations(
    path: Source,
    *,
    codebook: Codebook | str | Path,
    corpus: Corpus | None = None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
    coverage: pd.DataFrame | str | PathLike[str] | None = None,
    coder: str | None = None,
    coders: Collection[str] = (),
    format: str | None = None,  # noqa: A002 - the word the other readers use
    constraints: Literal["refuse", "report"] = "refuse",
    layer: Layer = "coding",
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> Annotations:
    """Read codings from a file, several files or a folder.

    Parameters
    ----------
    path
        A workbook, CSV or another tool's file, several, or a folder of any mixture.
    codebook
        The codes that may be given: a codebook, a bundled id, ``id@version`` or a path.
    corpus
        The transcripts. Coding sheets are checked against their words.
    units
        Units instead of a corpus, or besides it (windows, exchanges, episodes).
    coverage
        What was examined, where the files do not say it: a table ``session, kind,
        first_unit, last_unit, coder`` or a file of one; ``"whole sessions"``: every coder
        examined all of every session in which they have a row; ``"rows"``: only the units
        that have a row. Coding sheets say it themselves (reviewed to here), and so do tables
        of coverage in the folder and rows without a code. For the folder of codings of a
        study, what its study.toml says holds unless said otherwise here.
    coders
        The coders there are; any other name is a problem. Empty: whoever has rows.
    coder
        Whose codings these are, where neither file nor file name says it.
    format
        Name of the format, where it cannot be told (see :func:`rupturecode.formats`).
    constraints
        Whether breaking the codebook's own rules is refused, or reported in ``problems``.
    layer
        ``"coding"``, or ``"gold"`` for an expert's coding.
    codes
        Names of codes in another tool's files to codes of the codebook; None for names to
        leave out.
    sessions
        Names of documents in another tool's files to sessions.

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
    frames = units if units is None or isinstance(units, pd.DataFrame) else list(units)
    named = {"codes": codes, "sessions": sessions, "units": frames}
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    found = _Reading(book, corpus, coder, format, named)
    beside, examined = companions(path, coverage)
    for file, root in [*_files(path), *_files(beside)]:
        found.read(file, root)
    if not found.drafts and not found.problems:
        left = f": {', '.join(found.skipped)} not read" if found.skipped else ""
        raise UsageError(f"There are no codings in {_what(path)}{left}.")
    notes = assemble(
        found.drafts,
        codebook=book,
        corpus=corpus,
        units=frames,
        coverage=examined,
        coders=coders,
        layer=layer,
        constraints=constraints,
        what=_what(path),
        problems=found.problems,
    )
    files = pd.DataFrame(found.files, columns=["file", "format", "sha256"])
    return notes.replace(info={**notes.info, "files": files, "skipped": found.skipped})


def _what(path: Source) -> str:
    return str(path) if isinstance(path, (str, os.PathLike)) else ", ".join(map(str, path))


@dataclass(slots=True)
class _Reading:
    """Files read so far, and what was wrong with them."""

    codebook: Codebook
    corpus: Corpus | None
    coder: str | None
    format: str | None
    named: dict[str, object]
    """What other tools' names mean, and units; for readers that ask for it."""
    drafts: list[CodingDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: list[dict[str, object]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def read(self, file: Path, root: Path) -> None:
        """Read one file; in a folder, files of no known suffix are left aside and listed."""
        source = file.relative_to(root).as_posix()
        if self.format is None and file.suffix.lower() not in _suffixes():
            self.skipped.append(source)
            return
        data = file.read_bytes()
        try:
            fmt = self._format(data, source)
            reader = fmt.load().read
            asked = signature(reader).parameters
            options = {k: v for k, v in self.named.items() if v is not None and k in asked}
            draft = reader(
                data,
                source=source,
                codebook=self.codebook,
                corpus=self.corpus,
                coder=self.coder,
                **options,
            )
        except InvalidDataError as err:
            self.problems += err.problems
        except ParseError as err:
            self.problems.append(_as_problem(err, data))
        except UsageError as err:
            self.problems.append(Problem(str(err), source=source, kind="unreadable"))
        else:
            digest = hashlib.sha256(data).hexdigest()
            self.files.append({"file": source, "format": fmt.name, "sha256": digest})
            self.drafts.append(draft)

    def _format(self, data: bytes, source: str) -> Format:
        if self.format is not None:
            return format_named("annotations", self.format)
        if source.lower().endswith(_TEXTS) and data.strip():
            decode(data, source=source)  # an encoding that cannot be told is the clearer error
        return detect(data, source, kind="annotations")


def _files(path: Source) -> list[tuple[Path, Path]]:
    """List files, each with the folder that its name is told from."""
    if not isinstance(path, (str, os.PathLike)):
        return [pair for one in path for pair in _files(one)]
    place = Path(path)
    if place.is_dir():
        inside = sorted(p for p in place.rglob("*") if p.is_file())
        return [(p, place) for p in inside if not p.name.startswith(_PASSING)]
    if not place.exists():
        raise UsageError(f"There is no file or folder {str(place)!r}.")
    return [(place, place.parent)]


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
