"""How every coder rated every unit: the matrices that analyses start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from rupturecode.annotation.ratings import Counting, RatingArray, as_frame, carried
from rupturecode.annotation.select import Round, one_round
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from rupturecode.annotation.annotations import Annotations

Uncertain = Literal["given", "missing"]


def ratings(
    notes: Annotations,
    code: str,
    unit: str = "turn",
    *,
    coders: Sequence[str] | None = None,
    round: Round = None,  # noqa: A002
    eligible: bool = True,
    uncertain: Uncertain = "given",
) -> pd.DataFrame:
    """Return one code's ratings: a row per unit, a column per coder.

    A code that is not there on a unit which the coder examined is the scale's absent
    value (0 for presence and counts, undefined for ordinal and nominal scales unless
    the codebook declares one). NaN where the coder did not examine the unit, or said
    that it cannot be coded, does not apply or was skipped. A code above others is there
    when any of them is. Coding of finer units is gathered into coarser ones (presence:
    any; count: sum; ordinal: highest; nominal: the only choice, else NaN), rated where
    the coder examined all of the finer units inside.

    Parameters
    ----------
    code
        A code of the codebook, or one that stands above others.
    unit
        Kind of unit: ``"turn"``, ``"window"``, ``"exchange"``, ``"session"``, ...
    coders
        Keep only these, in this order.
    round
        Which round of coding; needed when a coder coded a session more than once.
    eligible
        Keep only turns whose role may carry the code (unknown roles may).
    uncertain
        Whether a code given with doubt counts as given, or as not rated.

    Raises
    ------
    UnknownNameError
        When the codebook has no such code, or nobody of that name coded.
    UsageError
        When there are no units of that kind, or several rounds and none is chosen.
    """
    notes = one_round(notes, round)
    entry = notes.codebook[code]
    matrix, categories = _counting(notes, uncertain).matrix(entry, unit)
    grid = notes.layout.grid(unit)
    frame = as_frame(grid, matrix, notes.coders, categories)
    if coders is not None:
        frame = frame[_known_coders(notes, coders)]
    return frame[carried(grid, entry)] if eligible else frame


def ratings_all(
    notes: Annotations,
    codes: Sequence[str] | None = None,
    unit: str = "turn",
    *,
    round: Round = None,  # noqa: A002
    eligible: bool = True,
    uncertain: Uncertain = "given",
) -> RatingArray:
    """Return the ratings of many codes at once, as one array.

    Parameters are those of :meth:`ratings`; ``codes`` are all codes given unless named.
    Units whose role may not carry a code are NaN for it.
    """
    notes = one_round(notes, round)
    names = notes.codes if codes is None else tuple(listed(codes))
    grid, counting = notes.layout.grid(unit), _counting(notes, uncertain)
    values = np.empty((len(names), len(grid), len(notes.coders)))
    categories = {}
    for i, name in enumerate(names):
        values[i], choices = counting.matrix(notes.codebook[name], unit)
        if eligible:
            values[i, ~carried(grid, notes.codebook[name])] = np.nan
        if choices:
            categories[name] = choices
    return RatingArray(values, names, grid.index(), notes.coders, categories)


def _counting(notes: Annotations, uncertain: Uncertain) -> Counting:
    if uncertain not in ("given", "missing"):
        raise UsageError(f'uncertain={uncertain!r}; use "given" or "missing".')
    return Counting(notes.codebook, notes.layout, notes.coded, notes.cover, uncertain == "given")


def _known_coders(notes: Annotations, coders: Sequence[str]) -> list[str]:
    names = listed(coders)
    for coder in names:
        if coder not in notes.coders:
            raise UnknownNameError("coder", coder, notes.coders)
    return names
