"""Which codes are mistaken for which, as a table of shades and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.plots.style import GREY, ONE_COLUMN, axes_for, describe, paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from rupturecode.reliability import Confusions


@check_kinds
def confusion(result: Confusions, *, ax: Axes | None = None, width: float = ONE_COLUMN) -> Axes:
    """Draw, for every code that one coder gave, what another coder of that unit gave.

    Rows add up to 1 where no more than one code stood in its place. The number of times is
    beside each row, so that a dark cell of a rare code is seen for what it is.

    Parameters
    ----------
    result
        What ``confusions`` returned.
    ax
        Axes to draw into.
    width
        In millimetres, of a figure made here.

    Examples
    --------
    >>> from rupturecode.plots.confusion import ink
    >>> ink(0.9), ink(0.1)
    ('white', 'black')
    """
    table = confusion_table(result).set_index("code")
    times, shares = table["times"], table.drop(columns="times")
    values = shares.to_numpy(dtype=float)
    with paper():
        size = 9.0 * len(shares) + 24
        figure, axes = axes_for(ax, width, min(max(size, 40), 160))
        heat(axes, values)
        axes.set_yticks(range(len(shares)), [f"{c} ({n:g})" for c, n in zip(
            _plain(shares.index), times, strict=True)])  # fmt: skip
        axes.set_xticks(
            range(shares.shape[1]), _plain(shares.columns), rotation=40, ha="right",
            rotation_mode="anchor",
        )  # fmt: skip
        axes.axvline(len(shares) - 0.5, color="white", linewidth=2)
        axes.set_ylabel("one coder\ngave (times)")
        axes.set_xlabel("another coder of the same unit gave")
        describe(figure, result)
    return axes


@check_kinds
def confusion_table(result: Confusions) -> pd.DataFrame:
    """Return what :func:`confusion` draws: a row per code given, a column per code found there.

    ``times`` is how often one coder gave the code where another had looked.
    """
    shares = result.matrix()
    same = result.table[result.table["other"] == "(same)"].set_index("code")
    table = shares.rename_axis(columns=None)
    table.insert(0, "times", (same["n"] / same["share"]).reindex(shares.index).fillna(0))
    return table.rename_axis("code").reset_index()


def _plain(names: object) -> list[str]:
    return [str(n).replace("_", " ") for n in names]  # type: ignore[attr-defined]


def ink(value: float) -> str:
    """Return the color of a number on a cell of that shade."""
    return "white" if value > 0.55 else "black"


def heat(axes: Axes, values: NDArray[np.float64], *, decimals: int = 2) -> None:
    """Draw a table of values from 0 to 1 as shades of one color, each with its number."""
    axes.imshow(np.clip(values, 0, 1), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    small = 6.5 if max(values.shape) < 9 else 5
    for (i, j), value in np.ndenumerate(values):
        if np.isnan(value):
            axes.text(j, i, "–", ha="center", va="center", color=GREY, fontsize=small)
        else:
            shown = (
                f"{value:.{decimals}f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:g}"
            )
            axes.text(j, i, shown, ha="center", va="center", color=ink(value), fontsize=small)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
