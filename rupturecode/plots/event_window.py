"""Codes in the turns around the onset of ruptures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.plots.style import GREY, ONE_COLUMN, describe, look, new_figure, paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from rupturecode.sequences.trajectories import EventWindow


@check_kinds
def event_window_table(result: EventWindow) -> pd.DataFrame:
    """Return what :func:`event_window` draws: the offsets at which a code could be there.

    ``code, offset`` (turns from onset), ``estimate, low, high, n_units`` (onsets with such a
    turn examined).
    """
    shown = result.shares[result.shares["n_units"] > 0]
    return shown[["code", "offset", "estimate", "low", "high", "n_units"]].reset_index(drop=True)


@check_kinds
def event_window(result: EventWindow, *, width: float = ONE_COLUMN) -> Figure:
    """Draw the share of onsets with each code, turn by turn around the onset.

    A panel per code; the upright line is the onset, the bars are intervals. Turns whose
    speaker may not carry the code, or which nobody examined, have no point.

    Parameters
    ----------
    result
        What ``event_window`` returned.
    width
        In millimetres.

    Returns
    -------
    A figure with a panel per code.
    """
    table = event_window_table(result)
    codes = list(dict.fromkeys(result.shares["code"]))
    with paper():
        figure, panels = new_figure(width, 12 + 28 * len(codes), rows=len(codes))
        for i, (ax, code) in enumerate(zip(panels, codes, strict=True)):
            part = table[table["code"] == code]
            style = look(i)
            ax.axvline(0, color=GREY, linewidth=0.8, linestyle=(0, (3, 1.5)))
            ax.vlines(part["offset"], part["low"], part["high"], color=style.color, linewidth=0.8,
                      alpha=0.5)  # fmt: skip
            ax.plot(part["offset"], part["estimate"], color=style.color, marker=style.marker,
                    markersize=2.6, linewidth=0.9)  # fmt: skip
            ax.set_title(code.replace("_", " "))
            ax.set_ylim(0, 1)
            ax.set_xlim(table["offset"].min() - 1, table["offset"].max() + 1)
            ax.set_ylabel("share")
        onsets = counted(int(str(result.settings["n_onsets"])), "onset")
        panels[-1].set_xlabel(f"turns from onset ({onsets})")
        describe(figure, result)
    return figure
