"""Word documents with speaker labels, bold names, or a table of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.parsers import docx
from rupturecode.io.parsers.block_draft import draft_of
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.transcript.draft import Draft

NAME = "docx"


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a package with a Word document inside."""
    del name
    return is_zip(head) and b"word/" in head and b"[Content_Types].xml" in head


def read(
    data: bytes,
    *,
    source: str,
    speakers: Iterable[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    """Read a Word document.

    Comments and footnotes become marks; tracked insertions are read, deletions left out,
    and the turn is flagged.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    speakers
        The labels, when the user knows them; an empty list for prose without any.
    columns
        For a table of turns, which heading means what.

    Raises
    ------
    ParseError
        When the file is damaged, locked, holds macros, or has neither labels nor a table of
        turns.
    """
    content = docx.parse(data, source=source)
    return draft_of(content, format=NAME, source=source, speakers=speakers, columns=columns)
