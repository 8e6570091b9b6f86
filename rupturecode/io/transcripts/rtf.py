"""Rich Text Format with speaker labels, or with a table of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.parsers import rtf
from rupturecode.io.parsers.block_draft import draft_of
from rupturecode.io.parsers.time_codes import stamped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.transcript.draft import Draft

NAME = "rtf"


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as RTF does."""
    del name
    return head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf")


def read(
    data: bytes,
    *,
    source: str,
    speakers: Iterable[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    r"""Read an RTF file; Transana's time codes (``¤<4000>``) give the turns their start.

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
        When the file is damaged, or has neither labels nor a table of turns.

    Examples
    --------
    >>> read(rb"{\rtf1\ansi T: How was it?\par C: Sch\'f6n.\par}", source="s01.rtf").raws
    ['How was it?', 'Schön.']
    """
    content = stamped(rtf.parse(data, source=source))
    return draft_of(content, format=NAME, source=source, speakers=speakers, columns=columns)
