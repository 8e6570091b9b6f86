"""Agreement by code: coefficients with intervals, and how often each code was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UnknownNameError
from rupturecode.plots.style import GREY, ONE_COLUMN, PALE, axes_for, describe, look, paper, wrapped
from rupturecode.reliability.names import printed
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from rupturecode.reliability import Agreement

_NARROW_MM = 120.0
_COLUMNS = ("code", "unit", "coefficient", "estimate", "low", "high", "interval", "n_units",
            "prevalence", "note")  # fmt: skip


@check_kinds
def agreement(
    result: Agreement,
    *,
    coefficients: Sequence[str] = ("krippendorff_alpha",),
    unit: str | None = None,
    ax: Axes | None = None,
    width: float = ONE_COLUMN,
) -> Axes:
    """Draw the coefficient of every code with its interval, best first.

    Beside it, on an axis of its own, the share of ratings in which the code was given; in
    brackets the number of units that two or more coders rated. A code without an estimate
    is listed as undefined; the table says why.

    Parameters
    ----------
    result
        What ``agreement`` returned.
    coefficients
        One or more of the coefficients in it, told apart by color and shape.
    unit
        Kind of unit; unless named, for each code the first in the result on which it was rated.
    ax
        Axes to draw into.
    width
        In millimetres, of a figure made here.

    Raises
    ------
    UnknownNameError
        When the result has no such coefficient or unit.

    Examples
    --------
    >>> import rupturecode as rc
    >>> study = rc.open_study(rc.study.example_study())
    >>> found = rc.reliability.agreement(study.annotations, codes=["withdrawal"])
    >>> agreement(found).get_xlabel().splitlines()[0]
    "Krippendorff's alpha"
    """
    coefficients = listed(coefficients)
    table = agreement_table(result, coefficients=coefficients, unit=unit)
    codes = list(dict.fromkeys(table["code"]))[::-1]
    with paper():
        height = 5.2 * len(codes) + 17 + (len(coefficients) > 1) * 4 * len(coefficients)
        figure, axes = axes_for(ax, width, max(height, 28))
        step = 0.5 / len(coefficients)
        for c, name in enumerate(coefficients):
            rows = table[table["coefficient"] == name].set_index("code").loc[codes]
            shift = (c - (len(coefficients) - 1) / 2) * step
            _points(axes, rows, np.arange(len(codes)) + shift, c, name)
        _frame(axes, codes, table, coefficients, narrow=figure.get_figwidth() * 25.4 < _NARROW_MM)
        first = table[table["coefficient"] == coefficients[0]].set_index("code").loc[codes]
        _prevalence(axes, first)
        describe(figure, result)
    return axes


@check_kinds
def agreement_table(
    result: Agreement,
    *,
    coefficients: Sequence[str] = ("krippendorff_alpha",),
    unit: str | None = None,
) -> pd.DataFrame:
    """Return what :func:`agreement` draws, from the top down.

    Parameters
    ----------
    result, coefficients, unit
        As for :func:`agreement`.

    Returns
    -------
    One row per code and coefficient: ``code, unit, coefficient, estimate, low, high, interval,
    n_units, prevalence, note``; best agreement first, what is undefined last.

    Raises
    ------
    UnknownNameError
        When the result has no such coefficient or unit.
    """
    coefficients = listed(coefficients)
    table = _chosen(result.by_code, coefficients, unit)
    place = {code: i for i, code in enumerate(reversed(_order(table, coefficients[0])))}
    wanted = table[table["coefficient"].isin(coefficients)]
    ordered = wanted.sort_values("code", key=lambda c: c.map(place), kind="stable")
    return ordered[list(_COLUMNS)].reset_index(drop=True)


def _chosen(table: pd.DataFrame, coefficients: Sequence[str], unit: str | None) -> pd.DataFrame:
    units = list(dict.fromkeys(table["unit"]))
    if unit is not None and unit not in units:
        raise UnknownNameError("unit in this result", unit, units)
    table = _at_first_unit(table) if unit is None else table[table["unit"] == unit]
    known = set(table["coefficient"])
    for name in coefficients:
        if name not in known:
            raise UnknownNameError("coefficient in this result", name, known)
    every = [set(table.loc[table["coefficient"] == c, "code"]) for c in coefficients]
    return table[table["code"].isin(set.intersection(*every))]


def _at_first_unit(table: pd.DataFrame) -> pd.DataFrame:
    """Keep each code's rows of the first kind of unit that two coders rated for it."""
    rated = table[table["n_units"] > 0]
    first = pd.concat([rated, table]).drop_duplicates("code").set_index("code")["unit"]
    return table[table["unit"] == table["code"].map(first)]


def _order(table: pd.DataFrame, coefficient: str) -> list[str]:
    """Return codes from the lowest estimate (drawn at the bottom) up; undefined ones last."""
    rows = table[table["coefficient"] == coefficient]
    ordered = rows.sort_values("estimate", ascending=True, na_position="first", kind="stable")
    return [str(c) for c in ordered["code"]]


def _points(axes: Axes, rows: pd.DataFrame, y: np.ndarray, index: int, name: str) -> None:
    style = look(index)
    estimate = rows["estimate"].to_numpy()
    axes.hlines(y, rows["low"], rows["high"], color=style.color, linewidth=1.2)
    axes.plot(
        estimate, y, style.marker, color=style.color, markersize=4, label=printed(name), zorder=3
    )
    if index == 0:
        for place in y[np.isnan(estimate)]:
            axes.text(0.02, place, "undefined", color=GREY, va="center", fontsize=6)


def _frame(
    axes: Axes,
    codes: Sequence[str],
    table: pd.DataFrame,
    coefficients: Sequence[str],
    *,
    narrow: bool,
) -> None:
    shown = table[table["coefficient"].isin(coefficients)]
    lowest = np.nanmin([0.0, *shown["low"], *shown["estimate"]])
    axes.set_xlim(max(lowest - 0.05, -1.05) if lowest < 0 else 0, 1.02)
    axes.set_ylim(-0.7, len(codes) - 0.3)
    rated = table.drop_duplicates("code").set_index("code")
    common = rated["unit"].mode().iloc[0]
    names = [f"{wrapped(c, 20 if narrow else 60)} ({_size(rated.loc[c], common)})" for c in codes]
    axes.set_yticks(range(len(codes)), names, fontsize=5.5 if narrow else None, linespacing=0.95)
    axes.text(-0.02, 1.0, "code (units)", ha="right", va="bottom", transform=axes.transAxes)
    axes.tick_params(axis="y", length=0)
    axes.set_axisbelow(True)
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    if lowest < 0:
        axes.axvline(0, color=GREY, linewidth=0.6)
    kinds = [k for k in dict.fromkeys(shown["interval"]) if k]
    made = f"\nbars: {kinds[0]}" if len(kinds) == 1 else ""
    if len(coefficients) > 1:
        axes.set_xlabel(f"agreement{made}")
        axes.legend(loc="lower left", bbox_to_anchor=(-0.3, 1.02), borderaxespad=0.2)
    else:
        axes.set_xlabel(f"{printed(coefficients[0])}{made}")


def _size(row: pd.Series, common: str) -> str:
    """Word the number of units, with their kind where it is not that of most codes."""
    n = int(row["n_units"])
    return f"{n:,}" if row["unit"] == common else counted(n, str(row["unit"]))


def _prevalence(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw how often each code was given beside the coefficients."""
    side = axes.inset_axes((1.03, 0, 0.27, 1), sharey=axes)
    share = rows["prevalence"].to_numpy()
    known = np.nan_to_num(share)
    y, widest = np.arange(len(rows)), max(float(known.max(initial=0.0)), 0.01)
    side.barh(y, known, height=0.55, color=PALE, edgecolor=GREY, linewidth=0.5)
    side.set_xlim(0, widest * 1.7)  # room for the numbers
    for place, value in enumerate(share):
        shown = "–" if np.isnan(value) else f"{value:.2f}"
        side.text(np.nan_to_num(value) + 0.06 * widest, place, shown, va="center", fontsize=6)
    side.tick_params(axis="y", left=False, labelleft=False)
    side.set_xticks([])
    side.spines[["left", "bottom"]].set_visible(False)
    side.set_title("prevalence", fontsize=7, loc="left")
