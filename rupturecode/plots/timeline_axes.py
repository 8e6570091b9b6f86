"""What surrounds the strip of a session: names of rows and families, numbers of turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rupturecode.plots.style import FAMILIES, GREY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from rupturecode.plots.timeline_table import Scale

_LETTERS, _MARGIN = 24, 0.012
_AXIS = {"words": "Turn (width: words spoken)", "time": "Minutes", "turns": "Turn"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the strip: the turns of a speaker, or the places of a code."""

    y: float
    label: str
    family: str
    """Empty for a speaker's lane."""
    name: str


def dress(
    ax: Axes,
    table: pd.DataFrame,
    rows: list[Row],
    *,
    labels: Mapping[str, str],
    by: Scale,
    narrow: bool,
) -> None:
    """Set limits, and name rows, families and turns."""
    _finish(ax, table, rows)
    _name_families(ax, rows, letters_only=narrow)
    _name_rows(ax, rows, labels, narrow=narrow)
    _name_turns(ax, table, by, narrow=narrow)


def _name_families(ax: Axes, rows: list[Row], *, letters_only: bool) -> None:
    """Write each family's letter at the right of its rows."""
    for kind in dict.fromkeys(row.family for row in rows if row.family):
        ys = [row.y for row in rows if row.family == kind]
        shape = FAMILIES[kind]
        text = shape.letter if letters_only else f"{shape.letter}  {kind}"
        where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "clip_on": False}
        if len(ys) > 1:
            ax.plot([1.008] * 2, [min(ys) - 0.4, max(ys) + 0.4], color=GREY, lw=0.6, **where)
        ax.text(1.018, sum(ys) / len(ys), text, va="center", fontweight="bold", fontsize=6, **where)


def _finish(ax: Axes, table: pd.DataFrame, rows: list[Row]) -> None:
    ax.set_ylim(rows[-1].y + 0.7, -0.7)
    start, end = table["left"].min(), table["right"].max()
    ax.set_xlim(start - _MARGIN * (end - start), end + _MARGIN * (end - start))
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)


def _name_rows(ax: Axes, rows: list[Row], labels: Mapping[str, str], *, narrow: bool) -> None:
    def name(row: Row) -> str:
        if row.name in labels:
            return labels[row.name]
        short = row.label if row.family == "episode" else row.label.rpartition(": ")[2]
        cut = short if len(short) <= _LETTERS else short[: _LETTERS - 1].rstrip() + "…"
        return cut if narrow and row.family else row.label

    ax.set_yticks([row.y for row in rows], [name(row) for row in rows])
    ax.tick_params(axis="y", length=0, labelsize=6.0 if narrow else 6.5)


def _name_turns(ax: Axes, table: pd.DataFrame, by: Scale, *, narrow: bool) -> None:
    """Write turn numbers by tens, as far as they have room, and what the axis means."""
    several = bool((table["n_coders"] > 1).any())
    key = "filled, tall: all coders; open, short: some" if several else ""
    ax.set_xlabel(f"{_AXIS[by]}{chr(10) if narrow else '   '}{key}".rstrip())
    if by == "time":
        return
    turns = table.drop_duplicates("turn")
    middle = (turns["left"] + turns["right"]) / 2
    room = (table["right"].max() - table["left"].min()) * (0.12 if narrow else 0.04)
    chosen: list[tuple[float, int]] = []
    for x, turn in zip(middle, turns["turn"], strict=True):
        if turn == 1 or (turn % 10 == 0 and x - chosen[-1][0] >= room):
            chosen.append((float(x), int(turn)))
    ax.set_xticks([x for x, _ in chosen], [str(turn) for _, turn in chosen])
