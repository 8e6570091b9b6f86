"""Where coders differ: one row per unit and code, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.annotation.consensus import at_kind, kinds_of, own_matrix, said, touched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.annotations import Annotations
    from rupturecode.codebook import Code

DISPUTE = ["session", "kind", "unit", "code"]


def disputes(
    notes: Annotations, *, masks: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """List every unit and code on which those who rated it differ, the worst first.

    Parameters
    ----------
    notes
        Coding by several coders.
    masks
        Per session what each coder is called; their own names unless given.

    Returns
    -------
    DataFrame
        Columns ``session, kind, unit, code, label, spread, n_rated, said``. ``spread`` is 1
        when the coders could not differ more: for presence and nominal scales the share of
        pairs that differ, over its largest possible value with so many coders; for ordinal
        scales and counts the distance between the extremes over that of the scale (of all
        counts given).
    """
    parts = []
    for kind in kinds_of(notes):
        own = at_kind(notes, str(kind))
        parts += [_of_code(own, notes.codebook[code], str(kind), masks) for code in own.codes]
    columns = [*DISPUTE, "label", "spread", "n_rated", "said"]
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in columns})
    table = pd.concat(parts, ignore_index=True)
    table["_place"] = table["session"].map(notes.layout.sessions)
    order = ["spread", "_place", "unit", "code"]
    table = table.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return table[columns].reset_index(drop=True)


def _of_code(
    own: Annotations, code: Code, kind: str, masks: Mapping[str, Mapping[str, str]] | None
) -> pd.DataFrame:
    grid = own.layout.grid(kind)
    matrix, categories = own_matrix(own, code, kind)
    at = np.flatnonzero(touched(own, code.id, len(grid)))
    matrix = matrix[at]
    spread = apart(matrix, code)
    at, matrix, spread = at[spread > 0], matrix[spread > 0], spread[spread > 0]
    sessions = grid.index().get_level_values(0)[at]
    names = None if masks is None else [[masks[s][c] for c in own.coders] for s in sessions]
    return pd.DataFrame(
        {
            "session": sessions,
            "kind": kind,
            "unit": grid.unit[at],
            "code": code.id,
            "label": code.label or code.id,
            "spread": spread,
            "n_rated": (~np.isnan(matrix)).sum(axis=1),
            "said": said(matrix, own.coders, categories, names),
        }
    )


def apart(matrix: np.ndarray, code: Code) -> np.ndarray:
    """Return how far the ratings of each unit (units × coders) lie apart, 0 to 1."""
    rated = ~np.isnan(matrix)
    n = rated.sum(axis=1)
    if code.scale.kind in ("ordinal", "count"):
        high = np.where(rated, matrix, -np.inf).max(axis=1, initial=-np.inf)
        low = np.where(rated, matrix, np.inf).min(axis=1, initial=np.inf)
        gap = np.where(n > 1, high - low, 0.0)
        return np.asarray(gap / max(_width(matrix, code), 1e-12))
    votes = np.stack([(matrix == c).sum(axis=1) for c in np.unique(matrix[rated])], axis=1)
    differ = n**2 - (votes**2).sum(axis=1)
    kinds = np.minimum(n, max(2, len(code.scale.categories)))
    most, rest = np.divmod(n, np.maximum(kinds, 1))
    alike = rest * (most + 1) ** 2 + (kinds - rest) * most**2
    return np.where(n > 1, differ / np.maximum(n**2 - alike, 1), 0.0)


def _width(matrix: np.ndarray, code: Code) -> float:
    low, high = code.scale.low, code.scale.high
    known = matrix[~np.isnan(matrix)]
    bottom = known.min(initial=0.0) if low is None else low
    return float((known.max(initial=0.0) if high is None else high) - bottom)
