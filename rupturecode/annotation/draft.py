"""What a reader of codings hands over: rows as found in a file, before they are checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.errors import Problem


@dataclass(slots=True)
class CodingDraft:
    """Codings of one file, with the place of every row.

    A reader fills what its format holds; :func:`rupturecode.read_annotations` brings the
    drafts of all files together and has them checked as one.
    """

    format: str
    source: str
    rows: pd.DataFrame
    """Columns as in the ``annotations`` table, as far as the file has them, and ``_file``,
    ``_line`` and ``_cell``: where the row stands. A row without a code says that a unit was
    examined."""
    coverage: pd.DataFrame | None = None
    """What was examined, where the file says so."""
    links: pd.DataFrame | None = None
    remarks: list[dict[str, object]] = field(default_factory=list)
    """Notes that belong to no code: session, unit, coder, note."""
    problems: list[Problem] = field(default_factory=list)
    """What must be mended before the file can be read."""
    warnings: list[Problem] = field(default_factory=list)
    """What was noticed and did no harm."""
    info: dict[str, object] = field(default_factory=dict)
