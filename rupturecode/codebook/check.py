"""Everything that can be said about a codebook file, at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.codebook.lint import lint
from rupturecode.codebook.load import load_codebook
from rupturecode.codebook.vignettes import check_vignettes
from rupturecode.errors import InvalidDataError

if TYPE_CHECKING:
    from rupturecode.codebook.model import Codebook
    from rupturecode.errors import Problem


def check_codebook(book: Codebook | str | Path) -> list[Problem]:
    """Return every problem of a codebook: what is invalid, else vignettes and lint.

    Parameters
    ----------
    book
        A codebook, or what :func:`load_codebook` takes.

    Raises
    ------
    UnknownNameError
        When no bundled codebook has the name.
    UsageError
        When the file does not exist.

    Examples
    --------
    >>> check_codebook("mco")
    []
    """
    if isinstance(book, (str, Path)):
        try:
            book = load_codebook(book)
        except InvalidDataError as err:
            return err.problems
    name = Path(book.path).name
    return [replace(p, source=name) for p in (*check_vignettes(book), *lint(book))]
