"""What follows what: residuals as a heat map with counts, or as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.plots.style import (
    BLACK,
    BLUE,
    GREY,
    ONE_COLUMN,
    PALE,
    VERMILLION,
    axes_for,
    describe,
    paper,
    wrapped,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap

    from rupturecode.sequences.transition_result import Transitions

VALUES = {"z": "z within sessions", "adjusted_residual": "adjusted residual (pooled)"}
SMALL = 5.0
MARKED = 2.0
_LIMIT = 4.0
_CELL_MM, _NARROW_MM, _FRAME_MM = 8.0, 6.0, 34.0
_LEAST_MM = 62.0  # so that the legend's words have room


def _colors() -> LinearSegmentedColormap:
    """Blue for less than expected, vermillion for more; the darker the further."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("residual", [BLUE, "#FFFFFF", VERMILLION])


def _value(table: Transitions, value: str | None) -> str:
    if value is None:
        return "z" if table.cells["z"].notna().any() else "adjusted_residual"
    if value not in VALUES:
        raise UnknownNameError("value", value, VALUES)
    return value


@check_kinds
def transitions_table(table: Transitions, *, value: str | None = None) -> pd.DataFrame:
    """Return what :func:`transitions` draws: ``given``, ``target``, ``count``, the value, hatch.

    Raises
    ------
    UnknownNameError
        For a value other than ``"z"`` and ``"adjusted_residual"``.

    Examples
    --------
    >>> from rupturecode.sequences import transition_table
    >>> transitions_table(transition_table([list("abab")])).columns.tolist()
    ['given', 'target', 'count', 'value', 'small']
    """
    column = _value(table, value)
    cells = table.cells[["given", "target", "count"]].copy()
    cells["value"] = table.cells[column]
    cells["small"] = table.cells["expected"] < SMALL
    return cells


@check_kinds
def transitions(
    table: Transitions,
    *,
    value: str | None = None,
    ax: Axes | None = None,
    width: float | None = None,
) -> Axes:
    """Draw transitions as a heat map, given codes in rows.

    The number is the count. Color tells how far it is from expectation; a triangle points up
    where it lies at least two above, down where two below, so that direction survives
    printing in grey. Hatched: expected count below 5. Crossed out: cannot be told.

    Parameters
    ----------
    table
        What ``transition_table`` or ``transitions`` returned.
    value
        ``"z"`` (against chance within sessions; default where known) or
        ``"adjusted_residual"`` (of the pooled table).
    ax
        Axes to draw into, instead of a new figure.
    width
        In millimetres, of a figure made here; default one column, wider for many codes.

    Raises
    ------
    UnknownNameError
        For another value.

    Examples
    --------
    >>> from rupturecode.sequences import transition_table
    >>> transitions(transition_table([list("abababca")])).get_xlabel()
    'then'
    """
    column = _value(table, value)
    counts, values = table.matrix("count"), table.matrix(column)
    expected = table.matrix("expected").to_numpy(float)
    rows, columns = list(counts.index), list(counts.columns)
    with paper():
        height = max(_FRAME_MM + _CELL_MM * len(rows), _LEAST_MM)
        across = max(ONE_COLUMN, 1.5 * _FRAME_MM + _NARROW_MM * len(columns))
        figure, ax = axes_for(ax, width or across, height)
        grid_values = values.to_numpy(float)
        grid = np.ma.masked_invalid(grid_values)
        image = ax.imshow(grid, cmap=_colors(), vmin=-_LIMIT, vmax=_LIMIT, aspect="auto")
        for (r, c), number in np.ndenumerate(counts.to_numpy()):
            _cell(ax, (r, c), int(number), value=grid_values[r, c], small=expected[r, c] < SMALL)
        along = [str(n).replace("_", " ") for n in columns]  # two lines would lie on the next
        down = [wrapped(str(n)) for n in rows]
        ax.set_xticks(range(len(columns)), along, rotation=45, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(len(rows)), down)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set_xlabel("then")
        ax.set_ylabel("given")
        bar = figure.colorbar(image, ax=ax, shrink=0.8, extend="both", aspect=25)
        bar.set_label(VALUES[column])
        bar.outline.set_visible(False)
        describe(figure, table)
    return ax


def _cell(ax: Axes, at: tuple[int, ...], count: int, *, value: float, small: bool) -> None:
    from matplotlib.patches import Rectangle

    r, c = at
    if np.isnan(value):
        ax.plot([c - 0.5, c + 0.5], [r + 0.5, r - 0.5], color=PALE, linewidth=0.6, zorder=1)
    frame: dict[str, Any] = {"fill": False, "linewidth": 0.4, "edgecolor": "white"}
    ax.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, **frame))
    if small and not np.isnan(value):
        hatch: dict[str, Any] = {
            "fill": False,
            "linewidth": 0,
            "hatch": "/////",
            "edgecolor": "#00000038",
        }
        ax.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, **hatch))
    dark = abs(value) > 0.7 * _LIMIT
    ink = "white" if dark else BLACK
    behind = {"pad": 0.6, "linewidth": 0, "facecolor": "none"}
    ax.text(c, r, str(count), ha="center", va="center", color=ink, fontsize=6.5, bbox=behind)
    if abs(value) >= MARKED:
        shape = "^" if value > 0 else "v"
        ax.plot(c + 0.33, r - 0.3, marker=shape, markersize=2.6, color=ink, linestyle="none")


@check_kinds
def transition_network_table(
    table: Transitions, *, value: str | None = None, threshold: float = MARKED
) -> pd.DataFrame:
    """Return what :func:`transition_network` draws: the rows of the heat map that are strong.

    Raises
    ------
    UsageError
        When no transition reaches the threshold.
    """
    cells = transitions_table(table, value=value)
    strong = cells[cells["value"] >= threshold].reset_index(drop=True)
    if strong.empty:
        raise UsageError(f"no transition lies {threshold:g} or more above expectation")
    return strong


@check_kinds
def transition_network(
    table: Transitions,
    *,
    value: str | None = None,
    threshold: float = MARKED,
    ax: Axes | None = None,
    width: float = ONE_COLUMN,
) -> Axes:
    """Draw transitions that are more frequent than expected as arrows between codes.

    Width tells the count, the line the excess: solid from twice the threshold, dashed below.

    Parameters
    ----------
    table, value
        As for :func:`transitions`.
    threshold
        Smallest value to draw.
    ax
        Axes to draw into, instead of a new figure.
    width
        In millimetres, of a figure made here.

    Raises
    ------
    UsageError
        When no transition reaches the threshold.

    Examples
    --------
    >>> from rupturecode.sequences import transition_table
    >>> len(transition_network(transition_table([list("ababababcab")]), threshold=1).patches) > 0
    True
    """
    from matplotlib.patches import FancyArrowPatch

    strong = transition_network_table(table, value=value, threshold=threshold)
    names = list(dict.fromkeys([*table.cells["given"], *table.cells["target"]]))
    names = [n for n in names if n in set(strong["given"]) | set(strong["target"])]
    angle = {n: np.pi / 2 - 2 * np.pi * i / len(names) for i, n in enumerate(names)}
    at = {n: (float(np.cos(a)), float(np.sin(a))) for n, a in angle.items()}
    with paper():
        figure, ax = axes_for(ax, width, ONE_COLUMN)
        top = max(int(strong["count"].max()), 1)
        for row in strong.to_dict("records"):
            (x1, y1), (x2, y2) = at[row["given"]], at[row["target"]]
            look: dict[str, Any] = {
                "linewidth": 0.5 + 2.5 * row["count"] / top,
                "linestyle": "-" if row["value"] >= 2 * threshold else (0, (3, 1.5)),
                "color": VERMILLION if row["value"] >= 2 * threshold else GREY,
                "mutation_scale": 7, "zorder": 1,
            }  # fmt: skip
            if row["given"] == row["target"]:
                _loop(ax, x1, y1, look)
                middle = (1.43 * x1, 1.43 * y1)
            else:
                bend: dict[str, Any] = {
                    "connectionstyle": "arc3,rad=0.18",
                    "shrinkA": 11,
                    "shrinkB": 11,
                }
                ax.add_patch(FancyArrowPatch((x1, y1), (x2, y2), arrowstyle="-|>", **bend, **look))
                middle = ((x1 + x2) / 2 + 0.09 * (y2 - y1), (y1 + y2) / 2 - 0.09 * (x2 - x1))
            behind = {"pad": 0.4, "linewidth": 0, "facecolor": "white"}
            ax.text(*middle, str(row["count"]), fontsize=6, ha="center", va="center", bbox=behind)
        for name, (x, y) in at.items():
            box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": BLACK,
                   "linewidth": 0.6}  # fmt: skip
            ax.text(
                x,
                y,
                wrapped(str(name), 12),
                ha="center",
                va="center",
                fontsize=6,
                bbox=box,
                zorder=3,
            )
        ax.set_xlim(-1.6, 1.6)
        ax.set_ylim(-1.5, 1.5)
        ax.set_aspect("equal")
        ax.set_axis_off()
        describe(figure, table)
    return ax


def _loop(ax: Axes, x: float, y: float, look: dict[str, Any]) -> None:
    """Draw a ring outside the code's box: an arrow head would be hidden behind it."""
    from matplotlib.patches import Circle

    ring = {k: look[k] for k in ("linewidth", "linestyle", "color", "zorder")}
    ax.add_patch(Circle((1.24 * x, 1.24 * y), 0.19, fill=False, **ring))
