"""Which format a file is in: by its content, and never by a toss-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rupturecode.io.formats_table  # noqa: F401 - fills the table of formats
from rupturecode.errors import MissingExtraError, ParseError, UsageError
from rupturecode.io._formats import format_named, known_formats
from rupturecode.io.parsers.ole import refuse_ole

if TYPE_CHECKING:
    from rupturecode.io._formats import Format, Kind

_HEAD = 1 << 16
#: Formats that take any text; they step back when a more telling one knows the file.
_CATCH_ALL = frozenset({"text", "json"})
#: How a file begins that stands for another in Git's storage of large files.
_POINTER = b"version https://git-lfs.github.com/spec/"


def detect(data: bytes, name: str, *, kind: Kind = "transcript") -> Format:
    """Recognise the format of a file.

    Parameters
    ----------
    data
        The whole file.
    name
        Its name; the suffix decides only between formats that both know the content.
    kind
        ``"transcript"``, ``"annotations"`` or ``"codebook"``.

    Raises
    ------
    ParseError
        When no format knows the file; the message says what would do.
    UsageError
        When several do; the message names them.

    Examples
    --------
    >>> detect(b"T: How was it?", "s1.txt").name
    'text'
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("the file is empty", name)
    if data.startswith(_POINTER):
        message = "only points to the file, which Git keeps elsewhere; fetch it with 'git lfs pull'"
        raise ParseError(message, name, 1)
    refuse_ole(data, name)
    formats = known_formats(kind)
    hits = claimants(data, name, kind=kind)
    if len(hits) > 1:
        hits = [f for f in hits if f.name not in _CATCH_ALL] or hits
    if len(hits) > 1:
        hits = [f for f in hits if name.lower().endswith(f.suffixes)] or hits
    if len(hits) == 1:
        return hits[0]
    if hits:
        names = " and ".join(repr(f.name) for f in hits)
        raise UsageError(f"{name} could be {names}; say which with format=.")
    by_suffix = [f for f in formats.values() if name.lower().endswith(f.suffixes)]
    if len(by_suffix) == 1:
        return by_suffix[0]
    raise ParseError(
        f"no {kind} format knows this content. Known: {', '.join(sorted(formats))}; "
        "say which with format=, or save the file as text or DOCX",
        name,
    )


def claimants(data: bytes, name: str, *, kind: Kind = "transcript") -> list[Format]:
    """Return every format that claims to know the content."""
    head = head_of(data)
    return [f for f in known_formats(kind).values() if _sniffs(f, head, name)]


def head_of(data: bytes) -> bytes:
    """Return what readers get to see of a file: its beginning, and of an archive the end too."""
    head = data[:_HEAD]
    if head.startswith(b"PK") and len(data) > _HEAD:
        return head + data[_HEAD:][-_HEAD:]
    return head


def named(name: str, *, kind: Kind = "transcript") -> Format:
    """Return the format of that name.

    Raises
    ------
    UnknownNameError
        When there is none.
    """
    return format_named(kind, name)


def _sniffs(fmt: Format, head: bytes, name: str) -> bool:
    """Ask a format whether it knows the content; one that is not installed is silent."""
    try:
        module = fmt.load()
    except MissingExtraError:
        return False
    return bool(module.sniff(head, name)) if hasattr(module, "sniff") else False
