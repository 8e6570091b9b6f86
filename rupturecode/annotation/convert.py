"""Bring codings on free spans or finer units to units that all coders share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from rupturecode.annotation.coverage import BY_TURNS, Cover, every_inside, stretches
from rupturecode.annotation.grid import FINENESS, spread
from rupturecode.errors import Problem, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.annotation.annotations import Annotations
    from rupturecode.annotation.grid import Grid

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

RULES = ("any", "majority", "onset")
_SAME = ["session", "unit", "coder", "round", "code"]


def to_units(
    notes: Annotations, unit: str = "turn", rule: Literal["any", "majority", "onset"] = "any"
) -> Annotations:
    """Bring coding on free spans or finer units to units of one kind.

    Parameters
    ----------
    unit
        The kind wanted, coarser than what was coded.
    rule
        ``"any"``: every unit that shares something with the span; ``"majority"``: units of
        which the span covers more than half (characters where offsets are known, else
        turns), and always the one it covers most; ``"onset"``: the unit in which it begins.
        A count is not multiplied: under ``"any"`` it goes to the unit in which its span
        begins, under ``"majority"`` to the one it covers most.

    Returns
    -------
    Annotations
        With one row per unit, coder and code; ``changes`` lists what became of every row, and
        links go along. ``problems`` tells of codings of coarser units, which stay as they
        are, and of codings that fell on no unit.
    """
    if rule not in RULES:
        raise UsageError(f"to_units(rule={rule!r}): the rules are {', '.join(RULES)}.")
    grid = notes.layout.grid(unit)
    kind = notes.table["kind"]
    finer = kind.map(FINENESS).lt(FINENESS[unit]) & (kind != unit)
    own, moved, coarse = (
        notes.table[mask] for mask in (kind == unit, finer, ~finer & (kind != unit))
    )
    at, target = _targets(notes, moved, grid, rule)
    rows = _onto(moved.iloc[at], target, grid)
    beside = pd.concat([own.assign(_from=own["id"]), rows], ignore_index=True)
    table = pd.concat([coarse.assign(_from=coarse["id"]), _merge(beside, moved, notes)])
    table = table.reset_index(drop=True)
    table["id"] = pd.Series(np.arange(1, len(table) + 1)).astype(str).astype("str")
    changes = _report(moved, beside, rule)
    return notes.replace(
        table=table.drop(columns="_from").astype(notes.table.dtypes.to_dict()),
        coverage=_coverage(notes, grid),
        links=_links(notes.links, table, beside),
        changes=changes,
        problems=(*notes.problems, *_remarks(coarse, changes, unit)),
    )


def _remarks(coarse: pd.DataFrame, changes: pd.DataFrame, unit: str) -> list[Problem]:
    said = []
    for kind, rows in coarse.groupby("kind"):
        word = f"{len(rows)} codings of {kind}s stay as they are: they are coarser than {unit}s"
        said.append(Problem(word, kind="coarser"))
    nowhere = int((changes["n_units"] == 0).sum())
    if nowhere:
        word = f"{nowhere} codings fall on no {unit} and are left out; see changes"
        said.append(Problem(word, kind="no-unit"))
    return said


def _links(links: pd.DataFrame, table: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    """Let links go along with their ends; an end on several units counts as the first."""
    whole = dict(zip(table["_from"], table["id"], strict=True))
    merged = table.set_index(_SAME)["id"]
    merged = merged[~merged.index.duplicated()]
    first = beside.drop_duplicates("_from")
    alone = first.merge(table[[*_SAME, "_from", "id"]], on=[*_SAME, "_from"], how="left")["id_y"]
    at = merged.loc[pd.MultiIndex.from_frame(first[_SAME])].to_numpy()
    now = whole | dict(zip(first["_from"], alone.where(alone.notna(), at), strict=True))
    new = links.assign(**{end: links[end].map(now).astype("str") for end in ("from", "to")})
    return new.dropna(subset=["from", "to"]).drop_duplicates(ignore_index=True)


def _targets(notes: Annotations, moved: pd.DataFrame, grid: Grid, rule: str) -> tuple[Ints, Ints]:
    """Return rows and the positions of the units that they fall on by the rule."""
    session = moved["session"].map(notes.layout.sessions).to_numpy(np.int64)
    first = moved["first_turn"].to_numpy(np.int64)
    last = moved["last_turn"].to_numpy(np.int64)
    start, end = grid.overlapping(session, first, last)
    if rule == "onset":
        return spread(start, np.minimum(end, start + 1))
    which, at = spread(start, end)
    counts = [c.id for c in notes.codebook if c.scale.kind == "count"]
    once = moved["code"].isin(counts).to_numpy(bool)[which]
    if rule == "any":
        chosen = ~once | (at == start[which])
        return which[chosen], at[chosen]
    share, size = _share(notes, moved, which, at, grid)
    best = pd.Series(share).groupby(which).idxmax().to_numpy(np.int64)
    chosen = ~once & (share > size / 2)
    chosen[best] = True
    return which[chosen], at[chosen]


def _share(
    notes: Annotations, moved: pd.DataFrame, which: Ints, at: Ints, grid: Grid
) -> tuple[Floats, Floats]:
    """How much of every unit a stretch covers, and the unit's size.

    In characters where the lengths of turns are known, else in turns.
    """
    turns = notes.layout.grid("turn")
    known = bool((turns.n_chars > 0).any())
    length = turns.n_chars if known else np.ones(len(turns), dtype=np.int64)
    edge = np.r_[0, np.cumsum(length)].astype(float)
    session = moved["session"].map(notes.layout.sessions).to_numpy(np.int64)
    low, high = turns.stretch(
        session, moved["first_turn"].to_numpy(np.int64), moved["last_turn"].to_numpy(np.int64)
    )
    begin, finish = edge[low], edge[high]
    if known:
        begin = begin + moved["start_char"].fillna(0).to_numpy(float)
        until = moved["end_char"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        finish = np.where(np.isnan(until), finish, edge[high - 1] + until)
    first, last = turns.stretch(grid.session[at], grid.first_turn[at], grid.last_turn[at])
    share = np.minimum(edge[last], finish[which]) - np.maximum(edge[first], begin[which])
    return np.maximum(share, 0), edge[last] - edge[first]


def _onto(rows: pd.DataFrame, target: Ints, grid: Grid) -> pd.DataFrame:
    return rows.assign(
        kind=grid.kind,
        unit=grid.unit[target],
        first_turn=grid.first_turn[target],
        last_turn=grid.last_turn[target],
        start_char=pd.NA,
        end_char=pd.NA,
        _from=rows["id"],
    )


def _merge(rows: pd.DataFrame, moved: pd.DataFrame, notes: Annotations) -> pd.DataFrame:
    """Make one row per unit, coder and code where codings that were moved fell on others."""
    came = rows["_from"].isin(moved["id"])
    twice = rows.duplicated(_SAME, keep=False)
    twice &= came.groupby([rows[c] for c in _SAME], dropna=False).transform("any").astype(bool)
    groups = [
        _merged(group, notes.codebook[str(code)].scale.kind)
        for (*_, code), group in rows[twice].groupby(_SAME, sort=False)
    ]
    single = rows[~twice]
    joined = pd.DataFrame(groups, columns=rows.columns) if groups else rows.iloc[:0]
    return pd.concat([single, joined], ignore_index=True)


def _merged(group: pd.DataFrame, scale: str) -> pd.Series:
    rated = group[group["status"].isin(("given", "uncertain"))]
    best = group.iloc[0] if rated.empty else rated.iloc[0]
    row = best.copy()
    if not rated.empty:
        row["status"] = "given" if (rated["status"] == "given").any() else "uncertain"
        row["value"] = rated["value"].sum(min_count=1) if scale == "count" else rated["value"].max()
    said = list(group["note"].dropna())
    choices = sorted(set(rated["category"].dropna()))
    if len(choices) > 1:
        row["category"], row["status"] = None, "cannot_code"
        said.append(f"several choices fell on this unit: {', '.join(choices)}")
    row["note"] = " | ".join(dict.fromkeys(said)) or None
    row["_from"] = None
    return row


def _coverage(notes: Annotations, grid: Grid) -> pd.DataFrame:
    """Coverage of finer kinds, said again in the units wanted; other kinds as they are."""
    finer = notes.coverage["kind"].map(
        lambda k: BY_TURNS.get(k, k) != grid.kind and FINENESS[k] < FINENESS[grid.kind]
    )
    parts = [notes.coverage[~finer.astype(bool)]]
    same = ["kind", "coder", "round", "codes", "codebook"]
    for (kind, coder, *rest), rows in notes.coverage[finer.astype(bool)].groupby(same, sort=False):
        name = BY_TURNS.get(str(kind), str(kind))
        seen = Cover.of(rows, notes.layout, [str(coder)]).matrix(name)
        inside = notes.layout.grid(name).overlapping(grid.session, grid.first_turn, grid.last_turn)
        part = stretches(grid, every_inside(seen, *inside)[:, 0])
        parts.append(
            part.assign(kind=grid.kind, coder=coder, **dict(zip(same[2:], rest, strict=True)))
        )
    table = pd.concat(parts, ignore_index=True)
    return table.astype(notes.coverage.dtypes.to_dict())[list(notes.coverage.columns)]


def _report(moved: pd.DataFrame, rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Say what became of every row: the units it fell on, and whether others fell there too."""
    shared = rows.duplicated(_SAME, keep=False)
    fate = (
        rows.assign(_shared=shared)
        .groupby("_from")
        .agg(
            units=("unit", lambda u: " ".join(map(str, u))),
            n_units=("unit", "size"),
            merged=("_shared", "any"),
        )
    )
    report = moved[["id", "session", "coder", "round", "code", "kind", "first_turn", "last_turn"]]
    report = report.merge(fate, left_on="id", right_index=True, how="left")
    return report.assign(
        n_units=report["n_units"].fillna(0).astype("Int64"), rule=rule
    ).reset_index(drop=True)
