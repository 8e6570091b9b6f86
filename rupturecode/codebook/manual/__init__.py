"""The coder's manual of a codebook and its one-page quick sheet, as HTML or DOCX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.codebook.manual.html import manual_html, quick_sheet_html
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from rupturecode.codebook.model import Codebook

__all__ = ["manual_html", "quick_sheet_html", "write_manual", "write_quick_sheet"]


def write_manual(book: Codebook, path: str | Path) -> None:
    """Write the coder's manual: contents, decision aids, an entry per code, vignettes.

    Parameters
    ----------
    book
        The codebook.
    path
        An ``.html`` or a ``.docx`` file.

    Raises
    ------
    MissingExtraError
        When a DOCX is asked for and python-docx is not installed.
    UsageError
        When the suffix is neither.
    """
    if _wants_docx(Path(path)):
        from rupturecode.codebook.manual.docx import manual_docx

        Path(path).write_bytes(manual_docx(book))
    else:
        Path(path).write_text(manual_html(book), encoding="utf-8")


def write_quick_sheet(book: Codebook, path: str | Path) -> None:
    """Write all codes on one landscape page.

    Parameters
    ----------
    book
        The codebook.
    path
        An ``.html`` or a ``.docx`` file.

    Raises
    ------
    MissingExtraError
        When a DOCX is asked for and python-docx is not installed.
    UsageError
        When the suffix is neither.
    """
    if _wants_docx(Path(path)):
        from rupturecode.codebook.manual.docx import quick_sheet_docx

        Path(path).write_bytes(quick_sheet_docx(book))
    else:
        Path(path).write_text(quick_sheet_html(book), encoding="utf-8")


def _wants_docx(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix not in (".html", ".htm", ".docx"):
        raise UsageError(f"{path.name}: a manual is written as .html or .docx.")
    return suffix == ".docx"
