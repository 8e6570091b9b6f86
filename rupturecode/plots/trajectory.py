"""A case from contact to contact: onsets, attempts, how they ended, and alliance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.plots.style import (
    BLACK,
    FAMILIES,
    GREY,
    ONE_COLUMN,
    PALE,
    describe,
    new_figure,
    paper,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rupturecode.sequences.trajectories import Trajectory

_ENDS = (
    ("resolved", FAMILIES["repair"].color, ""),
    ("terminated", FAMILIES["confrontation"].color, "xxxx"),
    ("other", FAMILIES["other"].color, "...."),
    ("censored", "white", "////"),
)
_SHORT = {"session": "", "call": "call", "supervision": "superv.", "memo": "memo", "other": "other"}


@check_kinds
def trajectory_table(result: Trajectory, *, cases: Sequence[str] | None = None) -> pd.DataFrame:
    """Return what :func:`trajectory` draws: a row per contact of the cases, in their order.

    Raises
    ------
    UsageError
        For a case that is not there, or more than 12.
    """
    table = result.contacts
    chosen = _chosen(table, cases)
    place = {case: i for i, case in enumerate(chosen)}
    shown = table[table["case"].astype(str).isin(chosen)]
    ordered = shown.sort_values("case", key=lambda c: c.astype(str).map(place), kind="stable")
    return ordered.reset_index(drop=True)


def _chosen(table: pd.DataFrame, cases: Sequence[str] | None) -> list[str]:
    known = list(dict.fromkeys(table["case"].astype(str)))
    chosen = known if cases is None else [str(c) for c in cases]
    if set(chosen) - set(known):
        raise UsageError(f"no such case: {', '.join(sorted(set(chosen) - set(known)))}")
    if len(chosen) > 12:
        raise UsageError("more than 12 cases do not fit one figure: name some with cases=")
    return chosen


@check_kinds
def trajectory(
    result: Trajectory, *, cases: Sequence[str] | None = None, width: float = ONE_COLUMN
) -> Figure:
    """Draw each case as a row of contacts.

    A bar per contact tells how the episodes that began there ended; diamonds count attempts
    at repair, a circle with a number episodes of earlier contacts resolved there. Pale:
    contact not coded. The line, where there is one, is the alliance score.

    Parameters
    ----------
    result
        What ``trajectory`` returned.
    cases
        Which cases, in this order; default all, at most 12.
    width
        In millimetres.

    Raises
    ------
    UsageError
        For a case that is not there, or more than 12.
    """
    table = trajectory_table(result, cases=cases)
    chosen = list(dict.fromkeys(table["case"].astype(str)))
    with paper():
        figure, panels = new_figure(width, 20 + 26 * len(chosen), rows=len(chosen))
        most = int(table["onsets"].max()) if table["onsets"].notna().any() else 1
        longest = int(table["rank"].max())
        for ax, case in zip(panels, chosen, strict=True):
            part = table[table["case"].astype(str) == case]
            _case(ax, part, max(most, 1), longest)
            ax.set_title(f"Case {case}")
        panels[-1].set_xlabel("contact")
        _legend(figure)
        describe(figure, result)
    return figure


def _case(ax: Axes, part: pd.DataFrame, most: int, longest: int) -> None:
    rank = part["rank"].to_numpy(float)
    bottom = np.zeros(len(part))
    for name, color, hatch in _ENDS:
        count = part[name].fillna(0).to_numpy(float)
        ax.bar(rank, count, 0.55, bottom=bottom, color=color, hatch=hatch, edgecolor=BLACK,
               linewidth=0.5)  # fmt: skip
        bottom += count
    for row in part.to_dict("records"):
        if not row["covered"]:
            ax.axvspan(row["rank"] - 0.4, row["rank"] + 0.4, color=PALE, linewidth=0, zorder=0)
            continue
        if row["attempts"]:
            ax.plot(row["rank"] - 0.36, 0.22, marker="D", markersize=3, color=GREY, clip_on=False)
            ax.text(row["rank"] - 0.36, 0.5, str(row["attempts"]), fontsize=5.5, ha="center")
        if row["resolved_later"]:
            y = float(bottom[list(rank).index(row["rank"])]) + 0.45
            ring = {"boxstyle": "circle,pad=0.15", "facecolor": "white",
                    "edgecolor": FAMILIES["repair"].color, "linewidth": 0.9}  # fmt: skip
            ax.text(row["rank"], y, str(row["resolved_later"]), fontsize=5.5, ha="center",
                    va="center", bbox=ring)  # fmt: skip
    labels = [
        f"{int(r)}\n{_SHORT.get(k, k)}".rstrip() for r, k in zip(rank, part["kind"], strict=True)
    ]
    ax.set_xticks(rank, labels)
    ax.set_xlim(0.4, longest + 0.6)
    ax.set_ylim(0, most + 1)
    ax.set_yticks(range(0, most + 1, max(1, most // 3)))
    ax.set_ylabel("episodes")
    if part["score"].notna().any():
        _score(ax, part)


def _score(ax: Axes, part: pd.DataFrame) -> None:
    twin = ax.twinx()
    known = part[part["score"].notna()]
    twin.plot(known["rank"], known["score"], color=BLACK, marker="o", markersize=2.5, linewidth=0.9)
    twin.set_ylabel("alliance")
    twin.spines["right"].set_visible(True)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    words = {"resolved": "resolved", "terminated": "client ended contact",
             "other": "other ending", "censored": "open at the end"}  # fmt: skip
    handles: list[Patch | Line2D] = [
        Patch(facecolor=color, hatch=hatch, edgecolor=BLACK, linewidth=0.5, label=words[name])
        for name, color, hatch in _ENDS
    ]
    plain: dict[str, Any] = {"color": "none", "linestyle": "none"}
    handles.append(Line2D([], [], marker="D", markersize=3, markerfacecolor=GREY,
                          markeredgecolor=GREY, label="attempts", **plain))  # fmt: skip
    handles.append(Line2D([], [], marker="o", markersize=5, markerfacecolor="white",
                          markeredgecolor=FAMILIES["repair"].color, label="resolved later, here",
                          **plain))  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=2, handlelength=1.6)
