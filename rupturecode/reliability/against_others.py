"""One coder against the others, on the same units, session by session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from rupturecode.reliability.sample import Sample


def against_others(sample: Sample, code: str, coder: int) -> pd.DataFrame | None:
    """Return per session how a coder's ratings compare with the others' on the same units.

    Parameters
    ----------
    sample
        Ratings of one kind of unit.
    code
        One of its codes.
    coder
        Position of the coder.

    Returns
    -------
    session, n_units (rated by the coder and another), and sums over them: differs (share of
    the others who differ), more (given, less the share of the others who gave it), square
    (of that), position of the session. None when the coder shares no unit. ``more`` is NaN
    for nominal codes, which are never absent.
    """
    ratings = sample.of(code)
    others = np.delete(ratings, coder, axis=1)
    n_others = (~np.isnan(others)).sum(axis=1)
    both = ~np.isnan(ratings[:, coder]) & (n_others > 0)
    if not both.any():
        return None
    own, others, n_others = ratings[both, coder], others[both], n_others[both]
    differs = ((others != own[:, None]) & ~np.isnan(others)).sum(axis=1) / n_others
    present = sample.measures[code].lowest_present
    given = np.where(np.isfinite(present), own >= present, np.nan)
    by_others = np.where(np.isnan(others), 0, others >= present).sum(axis=1) / n_others
    place = {s: i for i, s in enumerate(sample.sessions)}
    session = sample.ratings.units.get_level_values(0)[both]
    frame = pd.DataFrame(
        {"session": session, "differs": differs, "more": given - by_others}
    ).assign(square=lambda f: f["more"] ** 2)
    out = frame.groupby("session", sort=False).agg(
        n_units=("differs", "size"),
        differs=("differs", "sum"),
        more=("more", "sum"),
        square=("square", "sum"),
    )
    out = out.reset_index().assign(position=lambda f: f["session"].map(place) + 1)
    return out.sort_values("position", ignore_index=True)
