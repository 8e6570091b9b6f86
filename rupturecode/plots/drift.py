"""Drift: agreement over time, and each coder against the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.plots.style import (
    BLUE,
    GREY,
    PALE,
    TWO_COLUMNS,
    VERMILLION,
    describe,
    new_figure,
    paper,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rupturecode.reliability import Drift

_PANEL = 32.0
_NAMES = 14  # sessions up to which each is named


@check_kinds
def drift(result: Drift, code: str | None = None, *, width: float = TWO_COLUMNS) -> Figure:
    """Draw agreement on a code over time, and below it each coder against the others.

    Points are single sessions. The line above takes the last few sessions together; the
    lines below weigh older sessions less (EWMA), and the band is where they stay when nothing
    changes. A square outside the band is a session to look at.

    Parameters
    ----------
    result
        What ``drift`` returned.
    code
        One code; the one with most signals unless named.
    width
        In millimetres.

    Raises
    ------
    UnknownNameError
        When the result has no such code.
    UsageError
        When the result has nothing to draw.

    Examples
    --------
    >>> from rupturecode.plots.drift import drift
    >>> drift.__name__
    'drift'
    """
    agreed, leaning = _chosen(result, code)
    chosen = str(agreed["code"].iloc[0])
    coders = list(dict.fromkeys(leaning["coder"]))
    with paper():
        height = _PANEL * (1 + len(coders)) + 10
        figure, panels = new_figure(width, height, rows=1 + len(coders))
        _agreement(panels[0], agreed)
        reach = float(leaning[["value", "low", "high"]].abs().max().max()) * 1.1 or 1.0
        for panel, coder in zip(panels[1:], coders, strict=True):
            _against(panel, leaning[leaning["coder"] == coder], coder, reach)
        for panel in panels:
            panel.set_xlim(agreed["position"].min() - 0.6, agreed["position"].max() + 0.6)
            _sessions(panel, agreed, named=panel is panels[-1])
        panels[0].set_title(chosen.replace("_", " "))
        describe(figure, f"{result.headline()} Drawn: {chosen}.")
    return figure


@check_kinds
def drift_table(result: Drift, code: str | None = None) -> pd.DataFrame:
    """Return what :func:`drift` draws below: a row per coder and session.

    Raises
    ------
    UnknownNameError
        When the result has no such code.
    UsageError
        When the result has nothing to draw.
    """
    return _chosen(result, code)[1].reset_index(drop=True)


def _chosen(result: Drift, code: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes = list(dict.fromkeys(result.over_time["code"]))
    if not codes:
        raise UsageError("no session was coded by two coders: there is nothing to draw")
    if code is not None and code not in codes:
        raise UnknownNameError("code in this result", code, codes)
    off = result.leaning.loc[result.leaning["signal"] != "", "code"].value_counts()
    chosen = code or (str(off.index[0]) if len(off) else codes[0])
    agreed, leaning = result.over_time, result.leaning
    return agreed[agreed["code"] == chosen], leaning[leaning["code"] == chosen]


def _agreement(panel: Axes, table: pd.DataFrame) -> None:
    panel.plot(table["position"], table["estimate"], "o", color=GREY, markersize=3, label="session")
    panel.plot(table["position"], table["moving"], color=BLUE, label="last sessions together")
    panel.set_ylabel("alpha")
    panel.set_ylim(min(-0.1, float(table["estimate"].min()) - 0.1), 1.08)
    panel.legend(loc="lower left", ncols=2, frameon=False)


def _against(panel: Axes, table: pd.DataFrame, coder: str, reach: float) -> None:
    at = table["position"]
    panel.fill_between(at, table["low"], table["high"], color=PALE, linewidth=0)
    panel.axhline(0, color=GREY, linewidth=0.5)
    panel.plot(at, table["value"], "o", color=GREY, markersize=3)
    panel.plot(at, table["ewma"], color=BLUE)
    off = table[table["signal"] != ""]
    panel.plot(off["position"], off["ewma"], "s", color=VERMILLION, markersize=4)
    panel.set_ylim(-reach, reach)
    panel.set_ylabel(f"{coder}\ngives it more often\nthan the others")


def _sessions(panel: Axes, table: pd.DataFrame, *, named: bool) -> None:
    step = -(-len(table) // _NAMES)
    shown = table.iloc[::step]
    names = list(shown["session"]) if named else [""] * len(shown)
    panel.set_xticks(list(shown["position"]), names)
    if named:
        panel.set_xlabel("session, in the order of coding")
