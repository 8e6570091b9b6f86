"""Take a table of annotations in: fill, check everything, say all that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rupturecode.annotation.annotations import Annotations, Layer
from rupturecode.annotation.checks import Rows, check_ends, check_rows
from rupturecode.annotation.constraints import check_constraints, check_links, check_readings
from rupturecode.annotation.coverage import Cover, coverage_table
from rupturecode.annotation.coverage_checks import check_coverage, check_covered
from rupturecode.annotation.rows import PLACE, clean, locate
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.tables import LINKS, conform, empty

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.annotation.layout import Layout
    from rupturecode.codebook import Codebook


def build(
    frame: pd.DataFrame,
    *,
    codebook: Codebook,
    layout: Layout,
    coverage: pd.DataFrame | str | None,
    links: pd.DataFrame | None,
    layer: Layer,
    constraints: Literal["refuse", "report"],
) -> Annotations:
    """See :meth:`Annotations.from_frame`."""
    return checked(
        filled(frame, codebook),
        codebook=codebook,
        layout=layout,
        coverage=coverage,
        links=links,
        layer=layer,
        constraints=constraints,
    )


def filled(frame: pd.DataFrame, codebook: Codebook) -> Rows:
    """Fill what may be left unsaid; keep apart where each row comes from."""
    place = frame.reindex(columns=list(PLACE)).reset_index(drop=True)
    return Rows(clean(frame.drop(columns=list(PLACE), errors="ignore"), codebook), place)


def checked(
    every: Rows,
    *,
    codebook: Codebook,
    layout: Layout,
    coverage: pd.DataFrame | str | None,
    links: pd.DataFrame | None,
    layer: Layer,
    constraints: Literal["refuse", "report"],
) -> Annotations:
    """Check rows that are :func:`filled`, and make annotations of those with a code."""
    problems = check_ends(every, layout)
    every = Rows(locate(every.table, layout), every.place)
    table, place = every.table, every.place
    blank = (table["code"] == "").to_numpy(bool)
    ref = f"{codebook.id}@{codebook.version}"
    cover = coverage_table(coverage, table, layout, blanks=bool(blank.any()), codebook=ref)
    rows = every
    if blank.any():
        rows = Rows(table[~blank].reset_index(drop=True), place[~blank].reset_index(drop=True))
    problems += check_rows(every, codebook, layout)
    problems += check_coverage(cover, layout, codebook)
    ties = None if links is None else conform(links, LINKS)
    problems += _repeated_ids(rows)
    problems += check_readings(rows)
    if ties is not None:
        problems += [Problem(m, kind="unknown-link") for m in check_links(ties, rows.table)]
    broken = check_constraints(rows, codebook, ties)
    if not problems:
        coders = sorted({*cover["coder"], *rows.table["coder"]})
        arrays = Cover.of(cover, layout, coders)
        problems = check_covered(rows, arrays, layout, coders)
    if constraints == "refuse":
        problems, broken = [*problems, *broken], []
    if problems:
        raise InvalidDataError("annotations", problems)
    return Annotations(
        codebook=codebook,
        layout=layout,
        table=rows.table,
        coverage=cover.drop(columns=list(PLACE), errors="ignore"),
        links=empty(LINKS) if ties is None else ties,
        layer=layer,
        problems=tuple(broken),
    )


def _repeated_ids(rows: Rows) -> list[Problem]:
    twice = rows.table["id"].duplicated().to_numpy(bool)
    return rows.all(twice, lambda row: f"id {row['id']!r} is used twice", "duplicate")
