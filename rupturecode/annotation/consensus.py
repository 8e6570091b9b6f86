"""Several coders into one layer, by a named rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.annotation.coverage import BY_TURNS, stretches
from rupturecode.annotation.ratings import Counting
from rupturecode.annotation.rows import locate
from rupturecode.annotation.select import Round, one_round
from rupturecode.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from rupturecode.annotation.annotations import Annotations
    from rupturecode.codebook import Code

    Floats = NDArray[np.float64]

RULES = ("unanimous", "majority", "any", "weighted")
NAME = "consensus"
_FILES = (".xlsx", ".csv")
_NO_VALUE = "no value was given by enough coders"
_COLUMNS = ["session", "kind", "unit", "code", "value", "category", "status", "note", "origin"]
_COLUMNS += ["n_rated", "n_for", "tie", "stands"]
_NOTHING = pd.DataFrame({c: pd.Series(dtype=object) for c in _COLUMNS})


def consensus(
    notes: Annotations,
    rule: str | PathLike[str] | pd.DataFrame = "majority",
    *,
    weights: Mapping[str, float] | None = None,
    min_coders: int = 1,
    round: Round = None,  # noqa: A002
) -> Annotations:
    """Bring the coders together into one layer, which keeps its sources.

    Parameters
    ----------
    rule
        ``"unanimous"``: a code stands where all who examined the unit gave it;
        ``"majority"``: where more than half did (a tie is not a majority);
        ``"any"``: where at least one did; ``"weighted"``: majority of ``weights``; or an
        adjudicator's file (``.xlsx`` or ``.csv``), or its table (see
        :func:`rupturecode.io.read_adjudication`), which decides what is disputed.
        On scales other than presence a value stands when all (more than half) gave that
        very value; under ``"any"`` the highest; where no value wins the unit is
        ``cannot_code`` with a note.
    weights
        For ``"weighted"``: coder to weight.
    min_coders
        Units examined by fewer are left out of the layer's coverage.
    round
        Which round, when there are several.

    Raises
    ------
    UsageError
        When the rule is not known, or free spans have not been brought to units yet.
    """
    notes = one_round(notes, round)
    if notes.layer == NAME:
        raise UsageError("This is a consensus already; go back to its .sources.")
    if not isinstance(rule, str) or rule.lower().endswith(_FILES):
        from rupturecode.annotation.adjudication import adjudicated, decisions_in

        table = rule if isinstance(rule, pd.DataFrame) else decisions_in(rule)
        return adjudicated(notes, table, min_coders=min_coders)
    if rule not in RULES:
        raise UsageError(
            f"consensus({rule!r}): the rules are {', '.join(RULES)}, or an adjudicator's file "
            f"({' or '.join(_FILES)})."
        )
    return layer(notes, verdicts(notes, rule, weights), min_coders)


def verdicts(
    notes: Annotations, rule: str, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Decide by a rule every unit and code about which somebody said something."""
    power = _weights(notes, rule, weights)
    parts = [_agree(notes, kind, rule, power) for kind in kinds_of(notes)]
    return pd.concat([_NOTHING, *parts], ignore_index=True)


def layer(notes: Annotations, decided: pd.DataFrame, min_coders: int) -> Annotations:
    """Make the consensus layer from decisions, one row per unit and code that stands."""
    cover = _coverage(notes, min_coders)
    enough = (decided["n_rated"] >= min_coders) | (decided["n_rated"] == 0)
    decided = decided[enough].reset_index(drop=True)
    table = decided[decided["stands"].astype(bool)].assign(
        coder=NAME, round=1, codebook=f"{notes.codebook.id}@{notes.codebook.version}"
    )
    table = table.reindex(columns=[c for c in notes.table.columns if c != "id"])
    table = table.astype({c: t for c, t in notes.table.dtypes.items() if c in table})
    table = locate(table.reset_index(drop=True), notes.layout)
    table["id"] = pd.Series(np.arange(1, len(table) + 1)).astype(str).astype("str")
    ties = int(decided["tie"].sum())
    word = f"{ties} tie{'s' if ties != 1 else ''} between coders; adjudication can settle them"
    return notes.replace(
        table=table,
        coverage=cover,
        links=notes.links.iloc[:0],
        layer=NAME,
        sources=notes,
        changes=decided,
        problems=(*notes.problems, Problem(word, kind="tie")) if ties else notes.problems,
    )


def kinds_of(notes: Annotations) -> list[str]:
    """Return the kinds of units that codes were given to; free stretches are refused."""
    kinds = [str(k) for k in notes.table["kind"].unique()]
    free = [k for k in kinds if k not in notes.layout.grids]
    if free:
        raise UsageError(
            f"Coders marked free stretches ({', '.join(free)}); bring them to common units first: "
            'notes.to_units("turn").consensus(...).'
        )
    return kinds


def _weights(
    notes: Annotations, rule: str, weights: Mapping[str, float] | None
) -> Mapping[str, float]:
    if (weights is None) == (rule == "weighted"):
        raise UsageError('Give weights={"coder": 2, ...} with rule "weighted", and only there.')
    if weights is None:
        return dict.fromkeys(notes.coders, 1.0)
    unknown = [c for c in notes.coders if c not in weights]
    if unknown or min(weights.values()) < 0:
        raise UsageError(f"Each coder needs a weight of 0 or more; missing: {', '.join(unknown)}.")
    return weights


def _agree(notes: Annotations, kind: str, rule: str, weights: Mapping[str, float]) -> pd.DataFrame:
    """Decide every unit of a kind on which somebody gave the code at that kind."""
    own = at_kind(notes, kind)
    power = np.array([weights[c] for c in own.coders])
    grid = notes.layout.grid(kind)
    names, parts = grid.index().get_level_values(0), [_NOTHING]
    for code in own.codes:
        entry = notes.codebook[code]
        matrix, categories = own_matrix(own, entry, kind)
        at = np.flatnonzero(touched(own, code, len(grid)))
        verdict = decide(matrix[at], power, rule, entry).assign(
            session=names[at], kind=kind, unit=grid.unit[at], code=code
        )
        parts.append(_worded(verdict, entry, categories, own, matrix[at]))
    return pd.concat(parts, ignore_index=True)[_COLUMNS]


def at_kind(notes: Annotations, kind: str) -> Annotations:
    """Annotations and coverage on units of one kind only."""
    return notes.replace(
        table=notes.table[notes.table["kind"] == kind],
        coverage=notes.coverage[notes.coverage["kind"] == kind],
    )


def own_matrix(own: Annotations, code: Code, kind: str) -> tuple[Floats, tuple[str, ...]]:
    """Ratings of a code itself at its own kind of unit, without the codes below it."""
    alone = Counting(own.codebook, own.layout, own.coded, own.cover, alone=True)
    return alone.matrix(code, kind)


def touched(own: Annotations, code: str, n: int) -> NDArray[np.bool_]:
    """Say on which of so many units somebody said something about a code."""
    found = np.zeros(n, dtype=bool)
    found[own.coded.position[own.coded.of_codes([code])]] = True
    return found


def decide(matrix: Floats, weights: Floats, rule: str, code: Code) -> pd.DataFrame:
    """Return per unit the value that stands (NaN where none does), and how many were for it.

    Presence stands or does not; on other scales one of the values given must win.
    """
    rated = ~np.isnan(matrix)
    power = np.where(rated, weights, 0.0)
    total = power.sum(axis=1)
    choices = np.unique(matrix[rated]) if rated.any() else np.zeros(1)
    votes = np.stack([np.where(matrix == c, power, 0.0).sum(axis=1) for c in choices], axis=1)
    if code.scale.kind == "presence":
        value = _wins(votes[:, choices > 0].sum(axis=1), total, rule).astype(float)
    elif rule == "any" and code.scale.kind != "nominal":
        value = np.where(rated, matrix, -np.inf).max(axis=1)
    else:
        won = _wins(votes.max(axis=1), total, "unanimous" if rule == "any" else rule)
        value = np.where(won, choices[votes.argmax(axis=1)], np.nan)
    value[~rated.any(axis=1)] = np.nan
    best = np.sort(np.column_stack([np.zeros(len(votes)), votes]), axis=1)
    return pd.DataFrame(
        {
            "number": value,
            "n_rated": rated.sum(axis=1),
            "n_for": (matrix == value[:, None]).sum(axis=1),
            "tie": (best[:, -1] == best[:, -2]) & (best[:, -1] > 0),
        }
    )


def _wins(votes: Floats, total: Floats, rule: str) -> NDArray[np.bool_]:
    if rule == "any":
        return votes > 0
    if rule == "unanimous":
        return (votes >= total) & (total > 0)
    return votes > total / 2


def _worded(
    verdict: pd.DataFrame,
    code: Code,
    categories: tuple[str, ...],
    own: Annotations,
    matrix: Floats,
) -> pd.DataFrame:
    """Turn numbers into table columns: value or category, status, note, who said what."""
    number = verdict["number"].to_numpy(float)
    open_ = np.isnan(number)
    names = np.array([*categories, None], dtype=object)
    picked = names[np.where(open_, len(categories), number).astype(int)] if categories else None
    absent = code.scale.absent
    stands = open_ | (number != absent) if not categories else open_ | (picked != absent)
    return verdict.assign(
        value=np.nan if categories else number,
        category=picked,
        status=np.where(open_, "cannot_code", "given"),
        note=np.array([None, _NO_VALUE], dtype=object)[open_.astype(int)],
        origin=said(matrix, own.coders, categories),
        stands=stands,
    ).drop(columns="number")


def said(
    matrix: Floats,
    coders: tuple[str, ...],
    categories: tuple[str, ...],
    masks: Sequence[Sequence[str]] | None = None,
) -> list[str]:
    """Word who gave what, such as ``AK 1; BL 0``; row by row under other names if need be."""

    def one(value: float) -> str:
        return categories[int(value)] if categories else f"{value:g}"

    names = [coders] * len(matrix) if masks is None else masks
    rows = (zip(mine, row, strict=True) for mine, row in zip(names, matrix, strict=True))
    pairs = ([(name, value) for name, value in row if not np.isnan(value)] for row in rows)
    kept = pairs if masks is None else map(sorted, pairs)
    return ["; ".join(f"{name} {one(value)}" for name, value in row) for row in kept]


def _coverage(notes: Annotations, min_coders: int) -> pd.DataFrame:
    """Stretches examined by at least so many coders, per kind and set of codes."""
    ref = f"{notes.codebook.id}@{notes.codebook.version}"
    parts = []
    for kind in notes.coverage["kind"].replace(BY_TURNS).unique():
        for codes, family in _looked_for(notes):
            grid = notes.layout.grid(str(kind))
            enough = notes.cover.matrix(str(kind), family).sum(axis=1) >= min_coders
            part = stretches(grid, enough)
            parts.append(part.assign(kind=str(kind), codes=codes))
    table = pd.concat([notes.coverage.iloc[:0], *parts], ignore_index=True)
    table = table.assign(coder=NAME, codebook=ref, round=1)
    return table.astype(notes.coverage.dtypes.to_dict())[list(notes.coverage.columns)]


def _looked_for(notes: Annotations) -> list[tuple[str, frozenset[str] | None]]:
    """Codes that were looked for by the same coverage rows, as text and as a set."""
    groups = notes.cover.groups
    if len(groups) == 1:
        return [(" ".join(sorted(groups[0])), None)]
    alike: dict[tuple[bool, ...], list[str]] = {}
    for code in notes.codebook:
        alike.setdefault(tuple(not g or code.id in g for g in groups), []).append(code.id)
    return [(" ".join(c), frozenset(c)) for looked, c in alike.items() if any(looked)]
