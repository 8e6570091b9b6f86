"""OpenDocument text (LibreOffice) with speaker labels, or with a table of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.parsers import odt
from rupturecode.io.parsers.block_draft import draft_of
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.transcript.draft import Draft

NAME = "odt"
_FLAT = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def sniff(head: bytes, name: str) -> bool:
    """Whether this is an OpenDocument text, as an archive or flat."""
    del name
    if is_zip(head):
        return odt.MIME in head[:200]
    return _FLAT in head and odt.MIME in head


def read(
    data: bytes,
    *,
    source: str,
    speakers: Iterable[str] | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    """Read an OpenDocument text.

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
    >>> urn = "urn:oasis:names:tc:opendocument:xmlns"
    >>> data = f'''<o:document xmlns:o="{urn}:office:1.0" xmlns:t="{urn}:text:1.0">
    ... <o:body><o:text><t:p>T: Hm.</t:p><t:p>C: Yes.</t:p></o:text></o:body></o:document>'''
    >>> read(data.encode(), source="s01.fodt").raws
    ['Hm.', 'Yes.']
    """
    content = odt.parse(data, source=source)
    return draft_of(content, format=NAME, source=source, speakers=speakers, columns=columns)
