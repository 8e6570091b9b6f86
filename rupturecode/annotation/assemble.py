"""Bring the drafts of many files together, settle what was examined, and check the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from rupturecode.annotation.build import checked, filled
from rupturecode.annotation.checks import Rows
from rupturecode.annotation.coverage import BY_TURNS, ROWS, WHOLE_SESSIONS, coverage_table
from rupturecode.annotation.layout import Layout
from rupturecode.errors import InvalidDataError, Problem, UsageError, nearest
from rupturecode.tables import ANNOTATIONS, empty

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

    from rupturecode.annotation.annotations import Annotations, Layer
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_GROUP = ["session", "kind", "coder", "round"]


def assemble(
    drafts: Sequence[CodingDraft],
    *,
    codebook: Codebook,
    corpus: Corpus | None = None,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
    coverage: pd.DataFrame | str | None = None,
    coders: Collection[str] = (),
    layer: Layer = "coding",
    constraints: Literal["refuse", "report"] = "refuse",
    what: str = "annotations",
    problems: Sequence[Problem] = (),
) -> Annotations:
    """Make annotations of drafts.

    Parameters
    ----------
    drafts
        What readers handed over.
    codebook, corpus, units, layer, constraints
        As in :meth:`Annotations.from_frame`.
    coverage
        What was examined where no draft says it.
    coders
        The coders there are; any other name is a problem. Empty: whoever has rows.
    what
        Named in the error.
    problems
        What was wrong already before; told together with the rest.

    Raises
    ------
    InvalidDataError
        Listing every problem of every draft.
    """
    layout = Layout.build(corpus, units)
    raw = stacked([empty(ANNOTATIONS), *(d.rows for d in drafts)])
    rows = filled(raw, codebook)
    rows = Rows(_own_ids(rows.table, raw), rows.place)
    found = [*problems, *(p for d in drafts for p in d.problems)]
    placed = pd.concat([rows.table, rows.place], axis=1)
    found += [*_strangers(placed, coders), *_sheets_twice(drafts)]
    cover, silent = _coverage(drafts, coverage, placed, layout, codebook)
    told = {(p.source, p.line, p.cell) for p in found}
    silent = [p for p in silent if (p.source, p.line, p.cell) not in told]
    links = [d.links for d in drafts if d.links is not None]
    try:
        notes = checked(
            rows,
            codebook=codebook,
            layout=layout,
            coverage=cover,
            links=stacked(links) if links else None,
            layer=layer,
            constraints=constraints,
        )
    except InvalidDataError as err:
        told = {(p.source, p.line, p.cell) for p in err.problems}
        silent = [p for p in silent if (p.source, p.line, p.cell) not in told]
        found = [*found, *silent, *err.problems]
    else:
        found = [*found, *silent]
    if found:
        raise InvalidDataError(what, list(dict.fromkeys(found)))
    warnings = [p for d in drafts for p in d.warnings]
    remarks = pd.DataFrame(
        [r for d in drafts for r in d.remarks], columns=["session", "unit", "coder", "note"]
    )
    return notes.replace(problems=(*notes.problems, *warnings), info={"remarks": remarks})


def _strangers(rows: pd.DataFrame, coders: Collection[str]) -> list[Problem]:
    """Name each coder who is not among those expected, where they first appear."""
    if not coders:
        return []
    unknown = rows[rows["coder"].notna() & ~rows["coder"].isin(list(coders))]
    first = unknown.drop_duplicates([c for c in ("_file", "coder") if c in unknown])
    known = ", ".join(coders)
    return [
        _at(row, f"coder {row['coder']!r} is not one of {known}.{nearest(row['coder'], coders)}")
        for row in first.to_dict("records")
    ]


def _sheets_twice(drafts: Sequence[CodingDraft]) -> list[Problem]:
    """Name each coding sheet whose session, coder, round and codes another sheet has too.

    Two versions of one sheet ("AK.xlsx" and "AK (1).xlsx") would be merged in silence. Only
    sheets say which codes they look for, so tables of coverage beside them do no harm.
    """
    rows = [
        row
        for d in drafts
        if d.coverage is not None and {"codes", "_file"} <= set(d.coverage.columns)
        for row in d.coverage.to_dict("records")
        if isinstance(row["codes"], str) and row["codes"]
    ]
    first: dict[tuple[Any, ...], Mapping[Hashable, Any]] = {}
    problems = []
    for row in rows:
        for code in row["codes"].split():
            key = (row["session"], row.get("kind"), row["coder"], row.get("round"), code)
            other = first.setdefault(key, row)
            if other is not row:
                place = _at(other, "").place or "another sheet"
                message = (
                    f"{row['coder']}'s coding of session {row['session']} stands twice: here and "
                    f"in {place}. Keep one"
                )
                problems.append(_at(row, message, "sheet-twice"))
                break
    return problems


def _at(row: Mapping[Hashable, Any], message: str, kind: str = "unknown-coder") -> Problem:
    """Name the place of a row in a problem."""
    return Problem(
        message,
        source=row["_file"] if isinstance(row["_file"], str) else "",
        line=None if pd.isna(row["_line"]) else int(row["_line"]),
        cell=row["_cell"] if isinstance(row["_cell"], str) else "",
        kind=kind,
    )


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put frames below one another, leaving out those without rows."""
    filled = [f for f in frames if len(f)]
    if not filled:
        return frames[0] if frames else pd.DataFrame()
    return pd.concat(filled, ignore_index=True)


def _own_ids(rows: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    """Give numbers to rows that came without an id, beside those that have one."""
    if "id" not in raw or raw["id"].notna().all():
        return rows
    numbers = pd.Series([f"row {i}" for i in range(1, len(rows) + 1)], dtype="str")
    return rows.assign(id=rows["id"].where(rows["id"].notna(), numbers))


def _coverage(
    drafts: Sequence[CodingDraft],
    asked: pd.DataFrame | str | None,
    rows: pd.DataFrame,
    layout: Layout,
    codebook: Codebook,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Bring together what files, their companions and the user say was examined."""
    if isinstance(asked, str) and asked not in (WHOLE_SESSIONS, ROWS):
        raise UsageError(f'coverage={asked!r}: give a table, "{WHOLE_SESSIONS}" or "{ROWS}".')
    stated = [d.coverage for d in drafts if d.coverage is not None]
    stated += [asked] if isinstance(asked, pd.DataFrame) else []
    known = stacked(stated)
    rest = rows[~_stated(rows, known)]
    parts, silent = [known] if len(known) else [], []
    if asked is None or isinstance(asked, pd.DataFrame):
        said = _says_itself(rest)
        silent = [] if isinstance(asked, pd.DataFrame) else _silent(rest[~said])
        rest = rest[said] if isinstance(asked, pd.DataFrame) else rest
    rule = WHOLE_SESSIONS if asked == WHOLE_SESSIONS else ROWS
    ref = codebook.ref
    parts.append(coverage_table(rule, rest, layout, blanks=False, codebook=ref))
    return pd.concat(parts, ignore_index=True), silent


def _stated(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Rows of a coder and session about which a table of coverage says something."""
    if known.empty:
        return pd.Series(False, index=rows.index)
    kinds = known["kind"] if "kind" in known else pd.Series("turn", index=known.index)
    keys = [
        pd.MultiIndex.from_arrays([frame["session"], kind.replace(BY_TURNS), frame["coder"]])
        for frame, kind in ((rows, rows["kind"]), (known, kinds))
    ]
    return pd.Series(keys[0].isin(keys[1]), index=rows.index)


def _says_itself(rows: pd.DataFrame) -> pd.Series:
    """Rows in whose group some row says "examined, nothing found"; whole sessions always."""
    if rows.empty:
        return pd.Series(dtype=bool)
    blank = (rows["code"] == "").groupby([rows[c] for c in _GROUP], dropna=False).transform("any")
    return blank.astype(bool) | (rows["kind"] == "session")


def _silent(rows: pd.DataFrame) -> list[Problem]:
    """Say of which codings nobody knows what else was examined."""
    problems = []
    for (session, kind, coder, _), group in rows.groupby(_GROUP, sort=False):
        message = (
            f"nothing says which {kind}s of session {session} {coder} examined, so what is "
            'not there could be absent or unseen; say coverage="whole sessions", list turns '
            "without codes too, or add a table of coverage"
        )
        problems.append(_at(group.iloc[0].to_dict(), message, "no-coverage"))
    return problems
