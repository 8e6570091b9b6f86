"""Collect what a table says, row by row, on the way to a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from rupturecode.annotation.draft import CodingDraft
from rupturecode.io.annotations.cells import Entry, Unreadable, entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.codebook import Code
    from rupturecode.errors import Problem
    from rupturecode.io.annotations.pages import Page

_COLUMNS = [
    *("session", "kind", "unit", "coder", "round", "code", "value", "category", "status"),
    *("evidence", "confidence", "note", "codebook", "origin", "id", "_file", "_line", "_cell"),
]


class Aside(NamedTuple):
    """What a row says about all of its codes."""

    note: str = ""
    evidence: str | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Gathered:
    """Rows, coverage, remarks and problems of one file."""

    source: str
    rows: list[tuple[object, ...]] = field(default_factory=list)
    coverage: list[dict[str, object]] = field(default_factory=list)
    links: list[dict[str, object]] = field(default_factory=list)
    remarks: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add(
        self,
        where: Unit,
        code: str,
        said: Entry,
        aside: Aside,
        place: dict[str, object],
    ) -> None:
        """Add one code given (or, with an empty code, a unit examined)."""
        spot = place["_cell"] or place["_line"]
        origin = f"{self.source} {spot}"
        self.rows.append(
            (
                where.session, where.kind, where.unit, where.coder, where.round, code, said.value,
                said.category, said.status, aside.evidence, aside.confidence, aside.note or None,
                where.codebook, origin, f"{origin} {code}",
                place["_file"], place["_line"], place["_cell"],
            )
        )  # fmt: skip

    def read(
        self, page: Page, row: int, columns: Sequence[tuple[int, Code]], where: Unit, aside: Aside
    ) -> int:
        """Read a row's code cells; return how many say something."""
        cells = page.rows[row]
        n_cells, given = len(cells), 0
        for column, code in columns:
            cell = cells[column] if column < n_cells else None
            if cell is None or cell == "":
                continue
            try:
                said = entry(cell, code)
            except Unreadable as err:
                message = f"code {code.id!r}: {err}"
                self.problems.append(page.problem(message, "bad-value", row, column))
                given += 1
                continue
            if said is not None:
                self.add(where, code.id, said, aside, page.place(row, column))
                given += 1
        return given

    def ids_by_unit(self, start: int) -> dict[int, dict[str, str]]:
        """Return, for the rows from ``start`` on, the codes of every unit with their ids."""
        found: dict[int, dict[str, str]] = {}
        unit, code, row_id = (_COLUMNS.index(c) for c in ("unit", "code", "id"))
        for row in self.rows[start:]:
            found.setdefault(int(str(row[unit])), {})[str(row[code])] = str(row[row_id])
        return found

    def draft(self, fmt: str) -> CodingDraft:
        """Return what was gathered."""
        cover = pd.DataFrame(self.coverage) if self.coverage else None
        rows = pd.DataFrame(self.rows, columns=_COLUMNS)
        if rows["confidence"].isna().all():
            rows = rows.drop(columns="confidence")
        return CodingDraft(
            format=fmt,
            source=self.source,
            rows=rows,
            coverage=cover,
            links=pd.DataFrame(self.links) if self.links else None,
            remarks=self.remarks,
            problems=self.problems,
            warnings=self.warnings,
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a row's codes belong."""

    session: str
    kind: str
    unit: int
    coder: str
    round: int
    codebook: str | None


EXAMINED = Entry(None, None, "given")
