"""A figure in a notebook: with its words for those who cannot see it, and its table."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from rupturecode.arguments import check_kinds
from rupturecode.display import fold, table, without_words
from rupturecode.errors import UsageError
from rupturecode.plots.style import alt_text, paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 192


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure to be looked at; made by :func:`show`."""

    figure: Figure
    behind: pd.DataFrame | None = None
    """The table that it draws."""

    def __repr__(self) -> str:
        return f"Figure. {alt_text(self.figure)}".strip()

    def _repr_html_(self) -> str:
        data = BytesIO()
        with paper():
            self.figure.savefig(data, format="png", dpi=_DPI, metadata={"Software": "rupturecode"})
        coded = b64encode(data.getvalue()).decode("ascii")
        width = round(self.figure.get_figwidth() * 120)  # a quarter larger than in print
        words = escape(alt_text(self.figure) or "A figure without a description.")
        image = (
            f'<img alt="{words}" src="data:image/png;base64,{coded}" '
            f'style="width:{width}px;max-width:100%;height:auto">'
        )
        below = ""
        if self.behind is not None:
            shown = without_words(self.behind)
            below = fold("The same as a table", table(shown, "What the figure draws", rows=40))
        return f'<figure style="margin:.5em 0">{image}</figure>{below}'


@check_kinds
def show(drawn: Axes | Figure, behind: pd.DataFrame | None = None) -> Picture:
    """Show a figure in a notebook, its alternative text with it.

    Notebooks show figures of pyplot on their own; figures of this library keep out of
    pyplot's list, and carry words for a screen reader that pyplot would drop.

    Parameters
    ----------
    drawn
        What a plot returned.
    behind
        The table that it draws (``x_table``), folded away below the figure.

    Raises
    ------
    UsageError
        When the axes belong to no figure.

    Examples
    --------
    >>> from rupturecode.plots.style import describe, new_figure
    >>> figure, axes = new_figure()
    >>> _ = describe(figure, "Two coders agree on three codes.")
    >>> show(axes[0])
    Figure. Two coders agree on three codes.
    """
    root = drawn.figure.figure if drawn.figure is not None else None
    if root is None:
        raise UsageError("The axes given belong to no figure.")
    return Picture(root, behind)
