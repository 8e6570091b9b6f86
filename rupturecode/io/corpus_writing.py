"""Writing a corpus: a file per session, or one for all, and a table of the sessions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.io.listing import writer_named

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.transcript import Corpus

SESSIONS_FILE = "sessions.csv"
#: Formats that hold many sessions in one file.
_TOGETHER = {"convokit": "corpus.zip"}
#: What the files themselves say, so that the table need not.
_FOUND_IN_FILES = ("source", "format", "n_turns", "start_ms", "end_ms")
_NO_FILE_NAME = re.compile(r"[\x00-\x1f/\\:*?\"<>|]|^[. ]|[. ]$|^$")


def write_corpus(
    corpus: Corpus,
    folder: str | PathLike[str],
    *,
    format: str = "csv",  # noqa: A002 - the word users know
    overwrite: bool = False,
) -> list[Path]:
    """Write every transcript of a corpus, and ``sessions.csv`` with what is known of each.

    :func:`read_corpus` reads it back with ``sessions=folder / "sessions.csv"``.

    Parameters
    ----------
    corpus
        What to write; the turns' ``raw`` is written, so analyst comments are in it.
    folder
        Where; it is made if it is not there.
    format
        Any format that transcripts can be written in, such as ``"csv"``, ``"chat"``,
        ``"text"``, ``"webvtt"``; ``"convokit"`` makes one ``corpus.zip`` of all.
    overwrite
        Whether files that are there may be replaced.

    Returns
    -------
    The paths written.

    Raises
    ------
    UnknownNameError
        When there is no such format.
    UsageError
        When transcripts cannot be written in it, or a file is there already.
    InvalidDataError
        Naming every session whose id cannot be the name of a file, or is another's but for
        capitals.

    Examples
    --------
    >>> import tempfile
    >>> from rupturecode.transcript import Corpus, Transcript
    >>> corpus = Corpus.from_transcripts([Transcript.from_turns("s1", [("T", "Hello.")])])
    >>> [path.name for path in write_corpus(corpus, tempfile.mkdtemp(), format="chat")]
    ['s1.cha', 'sessions.csv']
    """
    home = Path(folder)
    fmt = writer_named(format)
    write = fmt.load().write
    if fmt.name in _TOGETHER:
        content = {_TOGETHER[fmt.name]: write(list(corpus))}
    else:
        _check_names([talk.session for talk in corpus])
        content = {talk.session + fmt.suffixes[0]: write(talk) for talk in corpus}
    known = corpus.sessions.drop(columns=list(_FOUND_IN_FILES))
    table = known.loc[:, known.notna().any()]
    content[SESSIONS_FILE] = table.to_csv(index=False, lineterminator="\n").encode()
    paths = {home / name: data for name, data in content.items()}
    there = [path.name for path in paths if path.exists()]
    if there and not overwrite:
        names = ", ".join(there[:5])
        raise UsageError(f"{home} already holds {names}; overwrite=True replaces them.")
    home.mkdir(parents=True, exist_ok=True)
    for path, data in paths.items():
        path.write_bytes(data)
    return list(paths)


def _check_names(sessions: list[str]) -> None:
    """Refuse ids that cannot be file names everywhere."""
    seen: dict[str, str] = {SESSIONS_FILE.removesuffix(".csv"): "the table of sessions"}
    problems = []
    for session in sessions:
        other = seen.setdefault(session.casefold(), repr(session))
        if _NO_FILE_NAME.search(session):
            problems.append(Problem(f"session {session!r} cannot be the name of a file"))
        elif other != repr(session):
            problems.append(Problem(f"the file of session {session!r} would be that of {other}"))
    if problems:
        raise InvalidDataError("sessions", problems)
