"""Reading a corpus: folders, globs, archives and lists of files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.io._formats import known_formats
from rupturecode.io.corpus_files import find_files
from rupturecode.io.corpus_reading import Job, idle_roles
from rupturecode.io.corpus_workers import outcomes_of
from rupturecode.io.read import Settings, patterns, takes
from rupturecode.io.session_table import read_metadata
from rupturecode.transcript import Corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike

    import pandas as pd

    from rupturecode.io.corpus_files import CorpusFile, Source
    from rupturecode.transcript.segmentation import Backchannels, Merge


def read_corpus(
    source: Source,
    *,
    roles: Mapping[str, str | Mapping[str, str]] | str | None = None,
    sessions: str | PathLike[str] | pd.DataFrame | None = None,
    session_pattern: str | None = None,
    format: str | None = None,  # noqa: A002 - the word users know
    convention: str | None = None,
    merge: Merge = "auto",
    gap_ms: int | None = None,
    backchannels: Backchannels = "as-written",
    comments: Iterable[str] = (),
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    speakers: Iterable[str] | None = None,
    options: Mapping[str, object] | None = None,
    skip_broken: bool = False,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    r"""Read the transcripts of many sessions.

    Parameters
    ----------
    source
        A folder (with its sub-folders), a glob pattern, a ZIP archive, a list of files and
        folders, or one file that holds many sessions. Files whose suffix no format has are
        left out and noted.
    roles
        Speaker to role for all sessions; where a value is itself a mapping, the key is a
        session and the mapping holds for it first. ``"suggested"`` accepts suggestions.
        Names that nobody bears are noted.
    sessions
        What is known about the sessions, as a frame or CSV file with column ``session`` and
        any of ``case``, ``position``, ``date``, ``kind`` and the study's own.
    session_pattern
        Regular expression searched in each file's path without suffix, from the folder on
        that all of them lie in. Its group
        ``session`` (else its first group, else all of it) is the session's id; groups
        ``case``, ``position``, ``date`` and ``kind`` are taken too. The file's name without
        suffix unless given.
    format, convention, merge, gap_ms, backchannels, comments, encoding, columns, speakers, options
        As for :func:`read_transcript`; an option is given to the formats that take it.
    skip_broken
        Leave files that cannot be read out and note them, instead of raising.
    workers
        Processes to read with. Two are worth it from some hundred sessions on. In a script,
        the call then belongs under ``if __name__ == "__main__":``.
    progress
        Called with the number of files done and the number of all.

    Raises
    ------
    InvalidDataError
        Listing every file that cannot be read and every session id that occurs twice.
    UsageError
        When there are no files, or an option fits none of them.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name in ("s02.txt", "s10.txt"):
    ...     _ = (folder / name).write_text("T: How was it?\nC: Fine.")
    >>> corpus = read_corpus(folder, roles={"T": "therapist", "C": "client"})
    >>> corpus.sessions[["session", "n_turns"]].values.tolist()
    [['s02', 2], ['s10', 2]]
    """
    settings = Settings(None, convention, merge, gap_ms, backchannels, patterns(comments))
    given = {"encoding": encoding, "columns": columns, "speakers": speakers, **(options or {})}
    known, metadata_file = read_metadata(sessions)
    files, notes = find_files(source, metadata_file, format)
    jobs = jobs_for(files, settings, given, format=format, roles=roles, pattern=session_pattern)
    outcomes = list(outcomes_of(jobs, workers, progress))
    problems = [p for o in outcomes for p in o.problems]
    if problems and not skip_broken:
        raise InvalidDataError("transcripts", problems)
    talks = [t for o in outcomes for t in o.talks]
    if not talks:
        raise InvalidDataError("transcripts", problems or [Problem("no transcript was read")])
    known = joined(known, [k for o in outcomes for k in o.known])
    notes += [*problems, *idle_roles(roles, talks)]
    return Corpus.from_transcripts(talks, sessions=known, notes=notes)


def jobs_for(
    files: Iterable[CorpusFile],
    settings: Settings,
    options: Mapping[str, object],
    *,
    format: str | None,  # noqa: A002
    roles: Mapping[str, object] | str | None,
    pattern: str | None,
) -> list[Job]:
    """Return what is to be read, and how; see :func:`read_corpus`.

    Raises
    ------
    UsageError
        When no format takes an option, or the pattern is no regular expression.
    """
    given = {k: v for k, v in options.items() if v is not None}
    _check_options(given)
    ids = _pattern(pattern)
    return [Job(f, format, given, settings, roles, ids) for f in files]


def _pattern(session_pattern: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(session_pattern) if session_pattern else None
    except re.error as err:
        raise UsageError(
            f"session_pattern={session_pattern!r} is not a regular expression: {err}."
        ) from err


def _check_options(given: Mapping[str, object]) -> None:
    """Every option must be one that some format takes."""
    known = {o for f in known_formats("transcript").values() for o in takes(f)}
    alien = sorted(set(given) - known)
    if alien:
        raise UsageError(
            f"No transcript format takes option {', '.join(alien)}. "
            f"Options: {', '.join(sorted(known))}."
        )


def joined(known: pd.DataFrame | None, rows: list[dict[str, object]]) -> pd.DataFrame | None:
    """Metadata from file names fills what the metadata table leaves open."""
    import pandas as pd

    named = pd.DataFrame(rows)
    if set(named.columns) <= {"session"}:
        return known
    named = named.drop_duplicates("session")
    if known is None:
        return named
    whole = known.merge(named, on="session", how="outer", suffixes=("", "_from_name"))
    for column in [c for c in whole if c.endswith("_from_name")]:
        plain = column.removesuffix("_from_name")
        whole[plain] = whole[plain].fillna(whole[column])
        whole = whole.drop(columns=column)
    return whole
