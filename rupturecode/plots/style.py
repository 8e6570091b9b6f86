"""One look for every figure: colors that color-blind readers can tell apart, and more than color.

Whatever is told by color is told again by shape, hatch or letter, so that a figure survives
a photocopier. Sizes are what journals ask for: one or two columns wide, 7-point type.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rupturecode.result import Result

ONE_COLUMN = 85.0
"""Width of a figure in one column of a journal page, in millimetres."""
TWO_COLUMNS = 175.0
"""Width of a figure across a journal page, in millimetres."""

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#6B6B6B", "#D9D9D9"
"""Okabe and Ito's eight colors, and two greys for what should stay behind the data."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is told from the others, four times over."""

    color: str
    marker: str
    hatch: str
    letter: str = ""


SERIES = (
    Look(BLUE, "o", ""),
    Look(VERMILLION, "s", "////"),
    Look(GREEN, "^", "...."),
    Look(ORANGE, "D", "\\\\\\\\"),
    Look(PURPLE, "v", "xxxx"),
    Look(SKY, "P", "----"),
    Look(BLACK, "X", "||||"),
    Look(YELLOW, "*", "++++"),
)
"""Looks for series that have no meaning of their own (coders, groups), in order."""

FAMILIES = {
    "withdrawal": Look(BLUE, "v", "////", "W"),
    "confrontation": Look(VERMILLION, "^", "\\\\\\\\", "C"),
    "contribution": Look(ORANGE, "s", "xxxx", "T"),
    "repair": Look(GREEN, "o", "....", "R"),
    "response": Look(PURPLE, "D", "----", "A"),
    "stage": Look(SKY, "s", "", "S"),
    "dimension": Look(BLACK, "|", "", "D"),
    "episode": Look(GREY, ">", "", "E"),
    "other": Look(GREY, "X", "", "O"),
}
"""Looks for the families of codes, the same in every figure."""


def look(index: int) -> Look:
    """Return the look of the nth series, counted from 0; after eight they come round again.

    Examples
    --------
    >>> look(0).color, look(8).color
    ('#0072B2', '#0072B2')
    """
    return SERIES[index % len(SERIES)]


_RC: dict[Any, object] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same picture everywhere
    "font.size": 7.0,
    "axes.titlesize": 8.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 7.0,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.0,
    "lines.markersize": 4.0,
    "hatch.linewidth": 0.5,
    "patch.linewidth": 0.5,
    "figure.dpi": 150.0,
    "savefig.dpi": 300.0,
    "pdf.fonttype": 42,  # fonts stay text: journals refuse type 3
    "svg.hashsalt": "rupturecode",  # the same figure gives the same bytes
    "text.parse_math": False,  # a dollar sign in a code's name is a dollar sign
}


@contextmanager
def paper() -> Iterator[None]:
    """Draw in the style of this library inside a ``with`` block; leave the rest alone.

    Examples
    --------
    >>> import matplotlib
    >>> with paper():
    ...     matplotlib.rcParams["font.size"]
    7.0
    """
    import matplotlib as mpl

    with mpl.rc_context(_RC):
        yield


def new_figure(
    width: float = TWO_COLUMNS, height: float = 60.0, *, rows: int = 1, columns: int = 1
) -> tuple[Figure, list[Axes]]:
    """Return a figure of so many millimetres and its axes, row by row.

    The figure is not registered with pyplot, so drawing hundreds in a loop leaks nothing
    and needs no display. Call it inside :func:`paper`.

    Parameters
    ----------
    width, height
        Size in millimetres.
    rows, columns
        Grid of panels.

    Raises
    ------
    UsageError
        When a size is not positive.

    Examples
    --------
    >>> figure, axes = new_figure(ONE_COLUMN, 50, rows=2)
    >>> len(axes), round(figure.get_figwidth() * 25.4)
    (2, 85)
    """
    if width <= 0 or height <= 0:
        raise UsageError(f"A figure needs a positive size in millimetres, not {width} x {height}.")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 25.4, height / 25.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.ravel())


def wrapped(name: str, width: int = 18) -> str:
    r"""Break a code's name at underscores and blanks, for a narrow place.

    Examples
    --------
    >>> wrapped("accountability_own_contribution")
    'accountability own\ncontribution'
    """
    from textwrap import wrap

    return "\n".join(wrap(name.replace("_", " "), width, break_long_words=False)) or name


def axes_for(
    ax: Axes | None, width: float = ONE_COLUMN, height: float = 60.0
) -> tuple[Figure, Axes]:
    """Return the caller's axes with its figure, or new ones when none are given."""
    if ax is None:
        figure, (ax,) = new_figure(width, height)
        return figure, ax
    root = ax.figure.figure
    if root is None:
        raise UsageError("The axes given belong to no figure.")
    return root, ax


def describe(figure: Figure, what: Result | str) -> str:
    """Give a figure its alternative text (a result's headline, or words) and return it."""
    text = what if isinstance(what, str) else what.headline()
    figure.set_label(text)
    return text


@check_kinds
def alt_text(figure: Figure) -> str:
    """Return the alternative text that :func:`describe` gave, or an empty string.

    Examples
    --------
    >>> figure, _ = new_figure()
    >>> _ = describe(figure, "Agreement of two coders on three codes.")
    >>> alt_text(figure)
    'Agreement of two coders on three codes.'
    """
    return str(figure.get_label() or "")


@check_kinds
def save(figure: Figure, path: Path | str) -> None:
    """Write a figure as PNG, SVG or PDF, its alternative text inside, byte for byte repeatable.

    Raises
    ------
    UsageError
        When the ending of the file's name is none of the three.
    """
    suffix = str(path).rpartition(".")[2].lower()
    text = alt_text(figure)
    metadata: dict[str, dict[str, str | None]] = {
        "png": {"Description": text, "Software": "rupturecode"},
        "svg": {"Description": text, "Date": None, "Creator": "rupturecode"},
        "pdf": {"Subject": text, "CreationDate": None, "Producer": None, "Creator": "rupturecode"},
    }
    if suffix not in metadata:
        raise UsageError(f"Figures are written as .png, .svg or .pdf, not {str(path)!r}.")
    with paper():
        figure.savefig(path, format=suffix, metadata=metadata[suffix])
