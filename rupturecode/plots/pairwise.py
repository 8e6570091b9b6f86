"""Agreement of every two coders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError
from rupturecode.plots.confusion import heat
from rupturecode.plots.style import ONE_COLUMN, axes_for, describe, paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from rupturecode.reliability import Agreement


@check_kinds
def pairwise(
    result: Agreement,
    code: str | None = None,
    *,
    unit: str | None = None,
    ax: Axes | None = None,
    width: float = ONE_COLUMN,
) -> Axes:
    """Draw the agreement of every two coders: kappa below, positive agreement above.

    A coder whose row and column are pale codes differently from the others.

    Parameters
    ----------
    result
        What ``agreement`` returned.
    code
        One code; the mean over codes (where defined) unless named.
    unit
        Kind of unit; the first in the result unless named.
    ax
        Axes to draw into.
    width
        In millimetres, of a figure made here.

    Raises
    ------
    UnknownNameError
        When the result has no such code or unit.

    Examples
    --------
    >>> from rupturecode.plots.pairwise import pairwise
    >>> pairwise.__name__
    'pairwise'
    """
    table = pairwise_table(result, code, unit=unit)
    coders = sorted({*table["coder_a"], *table["coder_b"]})
    values = np.full((len(coders), len(coders)), np.nan)
    for row in table.itertuples():
        first, second = sorted(coders.index(c) for c in (row.coder_a, row.coder_b))
        values[second, first], values[first, second] = row.kappa, row.positive
    with paper():
        size = min(11.0 * len(coders) + 22, 150)
        figure, axes = axes_for(ax, width, max(size, 45))
        heat(axes, values)
        axes.set_xticks(range(len(coders)), coders, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(coders)), coders)
        codes = int(table["n_codes"].max())
        what = code.replace("_", " ") if code else f"mean of {codes} codes"
        axes.set_title(what)
        axes.set_xlabel("below: kappa; above: positive agreement")
        describe(figure, f"Agreement of every two of {len(coders)} coders, {what}.")
    return axes


@check_kinds
def pairwise_table(
    result: Agreement, code: str | None = None, *, unit: str | None = None
) -> pd.DataFrame:
    """Return what :func:`pairwise` draws: a row per pair of coders.

    Parameters
    ----------
    result, code, unit
        As for :func:`pairwise`.

    Returns
    -------
    ``coder_a, coder_b, kappa, positive, n_codes`` (codes with a kappa for this pair).

    Raises
    ------
    UnknownNameError
        When the result has no such code or unit.
    """
    table = _chosen(result.by_pair, code, unit)
    pairs = table.groupby(["coder_a", "coder_b"], as_index=False)
    return pairs.agg(
        kappa=("kappa", "mean"), positive=("positive", "mean"), n_codes=("kappa", "count")
    )


def _chosen(table: pd.DataFrame, code: str | None, unit: str | None) -> pd.DataFrame:
    units, codes = list(dict.fromkeys(table["unit"])), list(dict.fromkeys(table["code"]))
    if unit is not None and unit not in units:
        raise UnknownNameError("unit in this result", unit, units)
    if code is not None and code not in codes:
        raise UnknownNameError("code in this result", code, codes)
    table = table[table["unit"] == (unit or units[0])]
    return table if code is None else table[table["code"] == code]
