"""Codes in the turns around the onset of ruptures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.plots.style import GREY, ONE_COLUMN, describe, look, new_figure, paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from rupturecode.sequences.trajectories import EventWindow


def event_window(result: EventWindow) -> Figure:
    """Draw the share of onsets with each code, turn by turn around the onset.

    A panel per code; the upright line is the onset, the bars are intervals. Turns whose
    speaker may not carry the code, or which nobody examined, have no point.

    Parameters
    ----------
    result
        What ``event_window`` returned.

    Returns
    -------
    A figure with a panel per code.
    """
    codes = list(dict.fromkeys(result.shares["code"]))
    with paper():
        figure, panels = new_figure(ONE_COLUMN, 12 + 28 * len(codes), rows=len(codes))
        for i, (ax, code) in enumerate(zip(panels, codes, strict=True)):
            part = result.shares[(result.shares["code"] == code) & (result.shares["n_units"] > 0)]
            style = look(i)
            ax.axvline(0, color=GREY, linewidth=0.8, linestyle=(0, (3, 1.5)))
            ax.vlines(part["offset"], part["low"], part["high"], color=style.color, linewidth=0.8,
                      alpha=0.5)  # fmt: skip
            ax.plot(part["offset"], part["estimate"], color=style.color, marker=style.marker,
                    markersize=2.6, linewidth=0.9)  # fmt: skip
            ax.set_title(code.replace("_", " "))
            ax.set_ylim(0, 1)
            ax.set_ylabel("share")
        panels[-1].set_xlabel(f"turns from onset ({result.settings['n_onsets']} onsets)")
        describe(figure, result)
    return figure
