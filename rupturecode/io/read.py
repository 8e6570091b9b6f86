"""Reading the transcript of one session, and what all readers share."""

from __future__ import annotations

import gc
import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import MissingExtraError, ParseError, UsageError
from rupturecode.io.detect import detect, named
from rupturecode.transcript import finish
from rupturecode.transcript.sessions import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike

    from rupturecode.io._formats import Format
    from rupturecode.transcript import Draft, Transcript
    from rupturecode.transcript.roles import Roles
    from rupturecode.transcript.segmentation import Backchannels, Merge

#: Larger files are refused unread: an hour of talk is 0.1 MB.
LARGEST_FILE = 512 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """How drafts become transcripts; the same for every file of a corpus."""

    roles: Roles = None
    convention: str | None = None
    merge: Merge = "auto"
    gap_ms: int | None = None
    backchannels: Backchannels = "as-written"
    comments: tuple[str, ...] = ()

    def finish(self, draft: Draft, session: str) -> Transcript:
        """Settle a draft under these settings; it is used up."""
        return finish(
            draft,
            session=session,
            roles=self.roles,
            convention=self.convention or draft.convention,
            merge=self.merge,
            gap_ms=self.gap_ms,
            backchannels=self.backchannels,
            comments=self.comments,
            used_up=True,
        )


def read_transcript(
    path: str | PathLike[str],
    *,
    roles: Roles = None,
    format: str | None = None,  # noqa: A002 - the word users know
    session: str | None = None,
    convention: str | None = None,
    merge: Merge = "auto",
    gap_ms: int | None = None,
    backchannels: Backchannels = "as-written",
    comments: Iterable[str] = (),
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    speakers: Iterable[str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Transcript:
    r"""Read the transcript of one session.

    Parameters
    ----------
    path
        A file in any known format, see :func:`rupturecode.formats`.
    roles
        Speaker to role, such as ``{"T": "therapist", "Ms. D": "client"}``; speakers left out
        are ``"unknown"``. ``"suggested"`` accepts the suggestions in ``.speakers``.
    format
        The format's name, where the content could be several.
    session
        The session's id; the file's name without suffix unless given.
    convention
        How brackets and signs inside turns are read: ``"plain"``, ``"jefferson"``,
        ``"mergenthaler-stinson"`` or ``"chat"``. Unless given, CHAT files are read as
        ``"chat"`` and all others as ``"plain"``; the import report says which.
    merge, gap_ms
        Which neighbouring pieces make one turn: ``"auto"`` joins captions of one speaker,
        ``"same-speaker"`` joins turns too, None or ``"none"`` joins nothing; never across more than
        ``gap_ms`` of silence.
    backchannels
        ``"as-written"``, ``"inside"`` the turn they accompany, or in their ``"own"`` turn.
    comments
        Regular expressions for analyst comments of the lab's own style, which are taken out
        of the text.
    encoding
        For text files, when it cannot be told.
    columns
        For tables: from ``text``, ``speaker``, ``start``, ``end``, ``session``, ``turn``,
        ``notes`` to the table's headings.
    speakers
        For labelled text: the labels, when they cannot be told; an empty list for prose.
    options
        Further options of the format's own reader, by name.

    Raises
    ------
    ParseError
        When the file is not what its format allows.
    InvalidDataError
        When its content breaks rules, listing every problem.
    UsageError
        When an option does not fit the format, or the file holds several sessions.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "s01.txt"
    >>> _ = path.write_text("T: How was it?\n\nMs. D: Fine [click].")
    >>> talk = read_transcript(path, roles={"T": "therapist", "Ms. D": "client"})
    >>> talk.session, talk.turns["role"].tolist(), talk.marks["kind"].tolist()
    ('s01', ['therapist', 'client'], ['event'])
    """
    settings = Settings(roles, convention, merge, gap_ms, backchannels, patterns(comments))
    given = {"encoding": encoding, "columns": columns, "speakers": speakers, **(options or {})}
    file = Path(path)
    drafts = read_drafts(load(file), str(path), format=format, options=given)
    if len(drafts) > 1:
        raise UsageError(f"{path} holds {len(drafts)} sessions; read it with read_corpus.")
    return settings.finish(drafts[0], session or drafts[0].session or composed(file.stem))


def patterns(comments: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns of comments; one text would be a pattern per letter.

    Raises
    ------
    UsageError
        When a text is given instead of a list.
    """
    if isinstance(comments, str):
        raise UsageError(f"comments: give a list of patterns, such as [{comments!r}].")
    return tuple(comments)


def load(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    UsageError
        When there is no such file.
    ParseError
        When it is too large or cannot be read.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; read it with read_corpus.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ParseError(
                f"is {size / 2**20:,.0f} MB; an hour of talk is 0.1 MB, so this is hardly a "
                f"transcript. At most {LARGEST_FILE >> 20} MB are read",
                str(path),
            )
        return path.read_bytes()
    except FileNotFoundError as err:
        raise UsageError(f"There is no file {str(path)!r}.") from err
    except OSError as err:
        raise ParseError(f"cannot be read: {err.strerror}", str(path)) from err


def read_drafts(
    data: bytes,
    source: str,
    *,
    format: str | None = None,  # noqa: A002
    options: Mapping[str, object] | None = None,
    strict: bool = True,
) -> list[Draft]:
    """Read bytes into drafts, one per session inside.

    Parameters
    ----------
    data, source
        The file and its name.
    format
        Its format; as the content shows unless given.
    options
        For the format's reader; those that are None are as good as not given.
    strict
        Whether an option that the reader does not take is an error, or is left out.

    Raises
    ------
    UsageError
        When an option is given that the format's reader does not take.
    """
    fmt = named(format) if format else detect(data, source)
    known = takes(fmt)
    given = {k: v for k, v in (options or {}).items() if v is not None}
    alien = [k for k in given if k not in known]
    if alien and strict:
        raise UsageError(
            f"Format {fmt.name!r} takes no option {', '.join(alien)}. "
            f"It takes: {', '.join(known) or 'none'}."
        )
    chosen = {k: v for k, v in given.items() if k in known}
    reader = fmt.load().read
    with _collector_paused():
        found = reader(data, source=source, **chosen)
    drafts = list(found) if isinstance(found, list) else [found]
    for draft in drafts:
        draft.info.setdefault("sha256", sha256(data).hexdigest())
    return drafts


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles in drafts, which have none: a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def takes(fmt: Format) -> tuple[str, ...]:
    """Return the options that a format's reader takes; none where it is not installed."""
    try:
        reader = fmt.load().read
    except (MissingExtraError, AttributeError):
        return ()
    return tuple(p for p in inspect.signature(reader).parameters if p not in ("data", "source"))
