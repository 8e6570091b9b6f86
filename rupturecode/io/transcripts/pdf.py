"""PDF with a text layer and speaker labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.parsers import pdf
from rupturecode.io.parsers.labelled import fill
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "pdf"


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as a PDF does."""
    del name
    return b"%PDF-" in head[:1024]


def read(data: bytes, *, source: str, speakers: Iterable[str] | None = None) -> Draft:
    """Read a PDF: printed lines joined to running text, page furniture left out and noted.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    speakers
        The labels, when the user knows them; an empty list for prose without any.

    Raises
    ------
    ParseError
        When the file is damaged, protected, a scan without text, or has no labels.
    """
    content = pdf.parse(data, source=source)
    lines: list[str] = []
    pages: list[int] = []
    for line in content.lines:
        if line.opens and lines:
            lines.append("")
            pages.append(line.page)
        lines.append(line.text)
        pages.append(line.page)
    draft = Draft(NAME, source)
    fill(draft, lines, speakers=speakers)
    words = pdf.vocabulary(content.lines)
    joined = [pdf.unwrap(raw, words) for raw in draft.raws]
    draft.raws = Texts(text for text, _ in joined)
    if dropped := sum(n for _, n in joined):
        draft.warn(f"{dropped} hyphens at line ends were taken out")
    draft.info["pages"] = content.n_pages
    for note in content.notes:
        draft.warn(note)
    return draft
