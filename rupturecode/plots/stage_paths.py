"""Stages of resolution as a flow: forward moves above, moves back below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.plots.style import BLUE, GREY, ONE_COLUMN, VERMILLION, axes_for, describe, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rupturecode.sequences.stages import StagePaths

_ASPECT = 0.68
"""Height of a unit across, in units upwards: arcs are bent on paper, numbers placed in data."""
_SHAPE = ONE_COLUMN / 62.0
"""Width over height of a figure in one column; in wider ones arcs are bent less."""
_STYLES = {
    "forward": (BLUE, "-"), "skip": (BLUE, (0, (3, 1.2))), "back": (VERMILLION, "-"),
    "both": (GREY, "-"), "repeat": (GREY, (0, (1, 1))), "start": (GREY, "-"), "end": (GREY, "-"),
}  # fmt: skip
_NAMES = {
    "forward": "forward", "skip": "forward, leaving out a stage", "back": "back",
    "both": "both ways", "repeat": "goes on",
}  # fmt: skip


@check_kinds
def stage_paths_table(result: StagePaths) -> pd.DataFrame:
    """Return what :func:`stage_paths` draws: moves between single stages, with counts.

    A step on several stages at once counts as a move to (or from) each of them.
    """
    from rupturecode.sequences.stages import END, START, move, read_set

    counts: dict[tuple[str, str], tuple[int, str]] = {}
    for row in result.follows.to_dict("records"):
        ends = [
            [x] if x in (START, END) else [str(s) for s in sorted(read_set(x))]
            for x in (row["from"], row["to"])
        ]
        for a in ends[0]:
            for b in ends[1]:
                kind = row["move"]
                if a not in (START, END) and b not in (START, END):
                    kind = move(frozenset({int(a)}), frozenset({int(b)}))
                n = counts.get((a, b), (0, kind))[0]
                counts[a, b] = (n + int(row["count"]), kind)
    rows = [{"from": a, "to": b, "count": n, "move": k} for (a, b), (n, k) in counts.items()]
    return pd.DataFrame(rows, columns=["from", "to", "count", "move"])


@check_kinds
def stage_paths(
    result: StagePaths, *, least: int = 1, ax: Axes | None = None, width: float = ONE_COLUMN
) -> Axes:
    """Draw which stage follows which; arcs above go forward, arcs below go back.

    Stages stand in the order of their numbers only so that they can be found; size tells how
    many episodes visited each, hollow that no contact of its kind was examined. Width of an
    arc tells how often, the small number how many times.

    Parameters
    ----------
    result
        What ``stage_paths`` returned.
    least
        Moves made fewer times are left out.
    ax
        Axes to draw into, instead of a new figure.
    width
        In millimetres, of a figure made here.

    Raises
    ------
    UsageError
        When no episode visited any stage.
    """
    table = stage_paths_table(result)
    inner = table[~table["from"].eq("onset") & ~table["to"].eq("end")]
    if table.empty:
        raise UsageError("no episode visited any stage")
    with paper():
        figure, ax = axes_for(ax, width, 62.0)
        top = max(int(table["count"].max()), 1)
        flat = _SHAPE * ax.bbox.height / ax.bbox.width
        for row in inner[inner["count"] >= least].to_dict("records"):
            _arc(ax, row, top, flat)
        _nodes(ax, result)
        n = len(result.visits)
        _edges(ax, table, n)
        kinds = [k for k in _NAMES if (inner["move"] == k).any()]
        for kind in kinds:
            color, line = _STYLES[kind]
            ax.plot([], [], color=color, linestyle=line, label=_NAMES[kind], linewidth=1.4)
        if kinds:
            ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.16), handlelength=2.2)
        ax.set_xlim(0.1, n + 0.9)
        ax.set_ylim(-1.75, 1.75)
        ax.set_axis_off()
        describe(figure, result)
    return ax


def _arc(ax: Axes, row: dict[str, Any], top: int, flat: float) -> None:
    a, b, count, kind = int(row["from"]), int(row["to"]), int(row["count"]), str(row["move"])
    from matplotlib.patches import FancyArrowPatch

    color, line = _STYLES[kind]
    width = 0.6 + 3.0 * count / top
    side = 1 if b > a else -1
    look: dict[str, Any] = {
        "color": color, "linestyle": line, "linewidth": width, "mutation_scale": 6 + width,
            "shrinkA": 0, "shrinkB": 0, "zorder": 1, "alpha": 0.9}  # fmt: skip
    if a == b:
        arrow = FancyArrowPatch((a - 0.13, -0.26), (a + 0.13, -0.26), arrowstyle="-|>",
                                connectionstyle=f"arc3,rad={1.3 * flat}", **look)  # fmt: skip
        ax.add_patch(arrow)
        ax.text(a, -0.62, str(count), ha="center", va="center", fontsize=5.5)
        return
    span = abs(b - a)
    bend = 0.42 if span > 1 else 0.55
    arrow = FancyArrowPatch((a + 0.1 * side, 0.26 * side), (b - 0.1 * side, 0.26 * side),
                            arrowstyle="-|>", connectionstyle=f"arc3,rad={-bend * flat}",
                            **look)  # fmt: skip
    ax.add_patch(arrow)
    height = side * (0.26 + (span - 0.2) * bend / 2 * _ASPECT)
    box = {"pad": 0.5, "linewidth": 0, "facecolor": "white"}
    ax.text((a + b) / 2, height, str(count), ha="center", va="center", fontsize=5.5, bbox=box,
            zorder=2)  # fmt: skip


def _nodes(ax: Axes, result: StagePaths) -> None:
    for row in result.visits.to_dict("records"):
        share = row["share"]
        hidden = bool(np.isnan(share))
        size = 90 + 260 * (0 if hidden else share)
        face = "white" if hidden else "#E6E6E6"
        ax.scatter(row["stage"], 0, s=size, color=face, edgecolor="black", linewidth=0.7,
                   linestyle="--" if hidden else "-", zorder=3)  # fmt: skip
        ax.text(row["stage"], 0, str(row["stage"]), ha="center", va="center", fontsize=7, zorder=4)
        told = "not seen" if hidden else f"{row['episodes']}/{row['n_units']}"
        ax.text(row["stage"], -1.28, told, ha="center", va="center", fontsize=5.5, color=GREY)


def _edges(ax: Axes, table: pd.DataFrame, n: int) -> None:
    """Where paths begin and end, as numbers in a line above and below."""
    for node, y, word in (("onset", 1.62, "begins"), ("end", 1.42, "ends")):
        column = "from" if node == "onset" else "to"
        other = "to" if node == "onset" else "from"
        part = table[(table[column] == node) & ~table[other].isin(("onset", "end"))]
        count = dict(zip(part[other].astype(int), part["count"], strict=True))
        for stage in range(1, n + 1):
            ax.text(stage, y, str(count.get(stage, 0)), ha="center", fontsize=5.5, color=GREY)
        ax.text(0.55, y, word, ha="right", fontsize=5.5, color=GREY)
    ax.text(0.55, -1.31, "visited", ha="right", fontsize=5.5, color=GREY)
