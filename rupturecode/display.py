"""How objects show themselves in a notebook.

Tables with captions and headers that a screen reader can announce, long things that fold, no
color of our own (a notebook may be dark or light), everything escaped. Columns that hold words
of a transcript are left out unless asked for: a notebook is saved and sent around.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

WORDS = ("text", "raw", "before", "after", "first", "context", "original")
"""Columns that may hold what was said."""
_LONGEST, _ONE_LINE = 120, 28
_CELL = "text-align:left;vertical-align:top;padding:.2em .6em;overflow-wrap:break-word"
_WHOLE = "white-space:nowrap"
_NUMBER = "text-align:right;vertical-align:top;padding:.2em .6em;font-variant-numeric:tabular-nums"
_TABLE = "border-collapse:collapse;color:inherit;margin:.3em 0"
_CAPTION = "text-align:left;caption-side:top;color:inherit;font-weight:bold;padding:.2em 0"


def without_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns that may hold what was said.

    Examples
    --------
    >>> import pandas as pd
    >>> without_words(pd.DataFrame({"turn": [1], "text": ["Fine."]})).columns.tolist()
    ['turn']
    """
    return frame.drop(columns=hidden(frame))


def hidden(frame: pd.DataFrame) -> list[str]:
    """Name the columns that may hold what was said.

    Examples
    --------
    >>> import pandas as pd
    >>> hidden(pd.DataFrame({"rank": [1], "first": [0.2], "text": ["Fine."]}))
    ['text']
    """
    words = {*WORDS, "note"} if "evidence" in frame.columns else WORDS  # a coder's note quotes
    return [c for c in frame.columns if c in words and not _is_number(frame[c])]


def cell(value: object) -> str:
    """Word one value for readers: three digits, thousands parted, a dash for what is missing.

    Examples
    --------
    >>> cell(0.62546), cell(7539.0), cell(float("nan")), cell(12), cell("a")
    ('0.625', '7,539', '–', '12', 'a')
    """
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return "–"
    if isinstance(value, bool) or not _is_real(value):
        text = str(value)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    number = float(value)  # type: ignore[arg-type]
    if number != number:  # noqa: PLR0124 - missing
        return "–"
    if number.is_integer() or abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.3f}" if abs(number) >= 0.001 else f"{number:.1g}"


def table(frame: pd.DataFrame, caption: str, *, rows: int = 12) -> str:
    """Return a frame as an HTML table; the rows after the first few fold away.

    Parameters
    ----------
    frame
        What to show; its first column names the rows.
    caption
        Says what the table is about, also to those who only hear it.
    rows
        How many to show before the fold. At most 200 are put into the page at all.

    Examples
    --------
    >>> import pandas as pd
    >>> page = table(pd.DataFrame({"code": ["a<b"], "n": [3]}), "Counts")
    >>> "<caption" in page and 'scope="row"' in page and "a&lt;b" in page
    True
    """
    if frame.empty:
        return f"<p>{escape(caption)}: no rows.</p>"
    shown = _table(frame.iloc[:rows], caption)
    rest = frame.iloc[rows:200]
    if len(rest):
        beyond = f" of {len(frame) - rows:,}" if len(frame) > 200 else ""
        inside = _table(rest, f"{caption}, continued")
        shown += fold(f"{counted(len(rest), 'more row')}{beyond}", inside)
    return shown


def fold(summary: str, inside: str) -> str:
    """Return HTML that opens on a click; ``summary`` is text, ``inside`` HTML."""
    head = f'<summary style="cursor:pointer">{escape(summary)}</summary>'
    return f'<details style="margin:.2em 0">{head}{inside}</details>'


def counted(n: int, word: str, several: str = "") -> str:
    """Return a number with its word, in the plural where there are several.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row"), counted(2, "stretch", "stretches")
    ('1 row', '1,200 rows', '2 stretches')
    """
    return f"{n:,} {word if n == 1 else several or f'{word}s'}"


def listing(items: Iterable[str]) -> str:
    """Return texts as a list; nothing when there are none."""
    found = "".join(f"<li>{escape(i)}</li>" for i in items)
    return f'<ul style="margin:.2em 0">{found}</ul>' if found else ""


def heading(text: str) -> str:
    """Return the sentence that an object shows first."""
    return f'<p style="margin:.3em 0"><strong>{escape(text)}</strong></p>'


def _table(frame: pd.DataFrame, caption: str) -> str:
    numbers = [_is_number(frame[c]) for c in frame.columns]
    head = "".join(
        f'<th scope="col" style="{_NUMBER if number else _CELL};{_WHOLE}">{escape(_title(c))}</th>'
        for c, number in zip(frame.columns, numbers, strict=True)
    )
    body = "".join(
        f"<tr>{_row(row, numbers)}</tr>" for row in frame.itertuples(index=False, name=None)
    )
    return (
        f'<div role="group" tabindex="0" aria-label="{escape(caption)}" style="overflow-x:auto">'
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(values: tuple[object, ...], numbers: list[bool]) -> str:
    cells = []
    for i, (value, number) in enumerate(zip(values, numbers, strict=True)):
        text = cell(value)
        style = _NUMBER if number else _CELL
        style += f";{_WHOLE}" if len(text) <= _ONE_LINE else ";min-width:16em"
        tag, scope = ("td", "") if i else ("th", ' scope="row"')
        cells.append(f'<{tag}{scope} style="{style}">{escape(text)}</{tag}>')
    return "".join(cells)


def _title(column: object) -> str:
    return str(column).replace("_", " ")


def _is_real(value: object) -> bool:
    from numbers import Real

    return isinstance(value, Real)


def _is_number(column: pd.Series) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return bool(is_numeric_dtype(column) and not is_bool_dtype(column))
