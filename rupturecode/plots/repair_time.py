"""Time to repair: curves with censor ticks and the numbers at risk below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError
from rupturecode.plots.style import GREY, ONE_COLUMN, describe, look, new_figure, paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rupturecode.sequences.repair_time import RepairTime

KINDS = ("survival", "incidence")
_LINES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (4, 1, 1, 1)))


@check_kinds
def repair_time_table(result: RepairTime, *, kind: str = "survival") -> pd.DataFrame:
    """Return what :func:`repair_time` draws: the steps of each line.

    Parameters
    ----------
    result, kind
        As for :func:`repair_time`.

    Returns
    -------
    ``line`` (group, or way of ending), ``time, estimate, low, high``, and for survival
    ``at_risk``.

    Raises
    ------
    UnknownNameError
        For another kind.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of curve", kind, KINDS)
    if kind == "survival":
        table = result.curves.rename(columns={"group": "line", "survival": "estimate"})
        return table[["line", "time", "estimate", "low", "high", "at_risk"]]
    table = result.incidence.rename(columns={"incidence": "estimate"})
    many = len(set(table["group"])) > 1
    line = table["outcome"] + (", " + table["group"] if many else "")
    return table.assign(line=line)[["line", "time", "estimate", "low", "high"]]


@check_kinds
def repair_time(
    result: RepairTime, *, kind: str = "survival", band: bool = True, width: float = ONE_COLUMN
) -> Figure:
    """Draw how long episodes stay open, with the number at risk.

    Groups differ in color, line and end mark. Small upright ticks: censored.

    Parameters
    ----------
    result
        What ``repair_time`` returned.
    kind
        ``"survival"``: the share not yet repaired (Kaplan-Meier); ``"incidence"``: the share
        that ended in each way (Aalen-Johansen), one line per way, for a single group.
    band
        Whether to shade the pointwise intervals.
    width
        In millimetres.

    Returns
    -------
    A figure of two panels: curves, and the table of numbers at risk.

    Raises
    ------
    UnknownNameError
        For another kind.

    Examples
    --------
    >>> from rupturecode.plots.repair_time import KINDS
    >>> KINDS
    ('survival', 'incidence')
    """
    table = repair_time_table(result, kind=kind)
    groups = list(dict.fromkeys(result.waits["group"]))
    with paper():
        rows = len(groups) * 3.6 + 9
        figure, (top, below) = _panels(width, 56 + rows, rows)
        end = max(float(result.waits["time"].max()), 1.0)  # all may be cut off at their onset
        if kind == "survival":
            _curves(top, table, start=1.0, end=end, band=band)
            _censored(top, result)
            top.set_ylabel("not yet repaired" if result.settings["to"] == "resolution"
                           else "no attempt yet")  # fmt: skip
        else:
            _curves(top, table, start=0.0, end=end, band=band)
            top.set_ylabel("ended so far")
        top.set_ylim(0, 1.02)
        top.set_xlim(0, end * 1.03)
        if top.get_legend_handles_labels()[1] not in ([], ["all"]):
            top.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handlelength=2.4)
        top.set_xlabel(f"{result.settings['clock']} since onset")
        _at_risk(below, result.waits, groups, top)
        describe(figure, result)
    return figure


def _panels(width: float, height: float, rows: float) -> tuple[Figure, list[Axes]]:
    figure, (whole,) = new_figure(width, height)
    whole.remove()
    grid = figure.add_gridspec(2, 1, height_ratios=[height - rows, rows])
    return figure, [figure.add_subplot(grid[0]), figure.add_subplot(grid[1])]


def _curves(ax: Axes, table: pd.DataFrame, *, start: float, end: float, band: bool) -> None:
    for i, (name, part) in enumerate(table.groupby("line", sort=True)):
        style = look(i)
        time = np.concatenate([[0.0], part["time"].to_numpy(float), [end]])
        height = part["estimate"].to_numpy(float)
        height = np.concatenate([[start], height, height[-1:]])
        line: dict[str, Any] = {
            "color": style.color,
            "linestyle": _LINES[i % len(_LINES)],
            "label": str(name),
        }
        ax.step(time, height, where="post", linewidth=1.2, **line)
        ax.plot(time[-1], height[-1], marker=style.marker, color=style.color, markersize=3,
                clip_on=False)  # fmt: skip
        if band:
            low, high = (part[c].to_numpy(float) for c in ("low", "high"))
            low, high = (np.concatenate([[start], x, x[-1:]]) for x in (low, high))
            ax.fill_between(time, low, high, step="post", color=style.color, alpha=0.12,
                            linewidth=0)  # fmt: skip


def _censored(ax: Axes, result: RepairTime) -> None:
    event = str(result.settings["to"])
    for i, (name, part) in enumerate(result.curves.groupby("group", sort=True)):
        waits = result.waits[(result.waits["group"] == name) & (result.waits["outcome"] != event)]
        place = np.searchsorted(part["time"], waits["time"], side="right") - 1
        survival = np.concatenate([part["survival"].to_numpy(float), [1.0]])
        ax.plot(waits["time"], survival[place], marker="|", linestyle="none", markersize=6,
                markeredgewidth=0.9, color=look(i).color)  # fmt: skip


def _at_risk(ax: Axes, waits: pd.DataFrame, groups: list[str], top: Axes) -> None:
    """Numbers at risk under the ticks of the curves."""
    ticks = [t for t in top.get_xticks() if 0 <= t <= top.get_xlim()[1]]
    names = sorted(groups)
    for r, name in enumerate(names):
        time = waits.loc[waits["group"] == name, "time"].to_numpy(float)
        for t in ticks:
            ax.text(t, r, str(int((time >= t).sum())), ha="center", va="center", fontsize=6)
    ax.set_xlim(top.get_xlim())
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), ["" if n == "all" else n for n in names])
    ax.set_xticks([])
    ax.tick_params(length=0, pad=7)
    ax.spines[:].set_visible(False)
    ax.set_title("Number at risk", fontsize=6.5, color=GREY)
