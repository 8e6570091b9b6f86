"""The pieces a report is made of: text, tables, figures and folded excerpts."""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

MISSING = "–"
_SHORT = 12
"""Characters up to which a column's cells stand on one line, on a phone too."""


@dataclass(frozen=True)
class Column:
    """One column of a printed table."""

    title: str
    number: bool
    short: bool = False
    """Whether its cells are kept on one line: a date must not break at its hyphens."""


@dataclass(frozen=True)
class PrintedTable:
    """A table as people read it: every cell already worded."""

    caption: str
    columns: list[Column]
    rows: list[list[str]]


@dataclass(frozen=True)
class Text:
    """A paragraph; ``kind`` is text, caution or heading."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Items:
    """A list of short sentences."""

    items: list[str]
    kind: str = "list"


@dataclass(frozen=True)
class TableBlock:
    """A table that stands open."""

    table: PrintedTable
    kind: str = "table"


@dataclass(frozen=True)
class Fold:
    """A table folded away under its summary."""

    summary: str
    table: PrintedTable
    kind: str = "fold"


@dataclass(frozen=True)
class Figure:
    """A picture as inline SVG with its caption, and the name of its file."""

    svg: str
    caption: str
    name: str
    kind: str = "figure"


@dataclass(frozen=True)
class Spoken:
    """One turn of an excerpt."""

    who: str
    text: str
    focus: bool = False


@dataclass(frozen=True)
class Talk:
    """A folded excerpt with what coders made of it."""

    summary: str
    turns: list[Spoken]
    verdict: str
    open: bool = False
    kind: str = "talk"


Block = Text | Items | TableBlock | Fold | Figure | Talk


@dataclass(frozen=True)
class Section:
    """A titled part of the report."""

    id: str
    title: str
    blocks: list[Block] = field(default_factory=list)


def number(value: object, digits: int = 2) -> str:
    """Word a number: whole numbers plain, others rounded, missing as a dash.

    Examples
    --------
    >>> number(0.4567), number(12), number(float("nan")), number(-0.001)
    ('0.46', '12', '–', '0.00')
    """
    if value is None or isinstance(value, str):
        return value or MISSING
    try:
        real = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return MISSING
    if math.isnan(real):
        return MISSING
    if math.isinf(real):
        return "∞" if real > 0 else "−∞"
    if real == int(real) and not isinstance(value, float):
        return str(int(real))
    text = f"{real:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def p_value(value: float) -> str:
    """Word a p value as papers do.

    Examples
    --------
    >>> p_value(0.0312), p_value(0.00004), p_value(1.0)
    ('.031', '<.001', '1.000')
    """
    if math.isnan(value):
        return MISSING
    return "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def print_table(
    frame: pd.DataFrame,
    caption: str,
    titles: Mapping[str, str],
    *,
    digits: int = 2,
) -> PrintedTable:
    """Word the named columns of a frame, in the order of ``titles``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"code": ["apology"], "estimate": [0.5], "n": [3]})
    >>> print_table(frame, "Agreement", {"code": "Code", "n": "n", "estimate": "Alpha"}).rows
    [['apology', '3', '0.50']]
    """
    from pandas.api.types import is_float_dtype, is_numeric_dtype

    known = [c for c in titles if c in frame.columns]
    worded = [
        [p_value(v) for v in frame[c]]
        if c.startswith("p_")
        else _word(frame[c], digits, floats=is_float_dtype(frame[c]))
        for c in known
    ]
    columns = [
        Column(titles[c], is_numeric_dtype(frame[c]), max(map(len, cells), default=0) <= _SHORT)
        for c, cells in zip(known, worded, strict=True)
    ]
    return PrintedTable(caption, columns, [list(row) for row in zip(*worded, strict=True)])


def _word(values: pd.Series, digits: int, *, floats: bool) -> list[str]:
    import pandas as pd

    whole = floats and (values.dropna() % 1 == 0).all()
    words = []
    for value in values:
        if pd.isna(value):
            words.append(MISSING)
        elif isinstance(value, str):
            words.append(value)
        else:
            words.append(number(int(value) if whole else value, digits))
    return words


_REM_PER_POINT = 0.11
"""A figure made for print, a little larger on the screen; it still shrinks on a phone."""


def _enlarged(size: re.Match[str]) -> str:
    if size[1] == "height":
        return ""
    return f'style="width: {float(size[2]) * _REM_PER_POINT:.1f}rem"'


def _drawn(drawing: Drawing, letters: str) -> tuple[str, bool]:
    """Draw as SVG, letters as paths or as text; and say whether the font lacks some."""
    import matplotlib as mpl

    out = StringIO()
    with (
        warnings.catch_warnings(record=True) as told,
        mpl.rc_context({"svg.hashsalt": "rupturecode", "svg.fonttype": letters}),
    ):
        warnings.simplefilter("always")
        drawing.savefig(out, format="svg", bbox_inches="tight", metadata=_NO_METADATA)
    lacking = [w for w in told if "missing from font" in str(w.message)]
    for other in (w for w in told if w not in lacking):
        warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    return out.getvalue(), bool(lacking)


_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def svg(drawn: Axes | Drawing, alt: str) -> str:
    """Return a drawing as inline SVG that a screen reader can name; closes the drawing."""
    from html import escape

    from matplotlib import pyplot as plt
    from matplotlib.axes import Axes

    drawing = drawn.get_figure(root=True) if isinstance(drawn, Axes) else drawn
    if drawing is None:
        raise UsageError("the axes belong to no figure")
    text, lacking = _drawn(drawing, "path")
    if lacking:  # names in a script that the font lacks: the reader's own fonts have it
        text, _ = _drawn(drawing, "none")
    plt.close(drawing)
    body = re.sub(r'(width|height)="([\d.]+)pt"', _enlarged, text[text.index("<svg") :], count=2)
    return body.replace("<svg", f'<svg role="img" aria-label="{escape(alt, quote=True)}"', 1)


def title_of(column: str) -> str:
    """Word a column's name as a heading.

    Examples
    --------
    >>> title_of("n_turns")
    'N turns'
    """
    return column.replace("_", " ").capitalize()


def sentence_list(items: Sequence[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> sentence_list(["a", "b", "c"]), sentence_list(["a"]), sentence_list([])
    ('a, b and c', 'a', '')
    """
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]
