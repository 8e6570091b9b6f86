"""What a coder writes into a cell: a mark, a number, a choice, a doubt, or why not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import nearest

if TYPE_CHECKING:
    from rupturecode.codebook import Code

YES = frozenset({"x", "xx", "1", "yes", "y", "true", "✓", "✔", "✗", "✘", "☒"})
NO = frozenset({"0", "no", "false", "☐"})
WHY_NOT = {
    "n/a": "not_applicable",
    "na": "not_applicable",
    "not applicable": "not_applicable",
    "not_applicable": "not_applicable",
    "cannot code": "cannot_code",
    "cannot_code": "cannot_code",
    "skipped": "skipped",
    "skip": "skipped",
}
#: Words of a cell that stand in the drop-downs.
OFFERED = ("n/a", "cannot code", "skipped")
_DATES = (date, datetime, time, timedelta)


class Entry(NamedTuple):
    """A cell as columns of the ``annotations`` table."""

    value: float | None
    category: str | None
    status: str


class Unreadable(ValueError):  # noqa: N818 - a message on its way to a Problem
    """A cell that means nothing; the message says why."""


def text_of(cell: object) -> str:
    """Return a cell's content as text: ``3`` for 3.0, empty for nothing.

    Examples
    --------
    >>> text_of(3.0), text_of(" x "), text_of(None)
    ('3', 'x', '')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def entry(cell: object, code: Code) -> Entry | None:
    """Read what a cell says about a code; None when it is empty.

    Raises
    ------
    Unreadable
        When it cannot mean anything on the code's scale.

    Examples
    --------
    >>> from rupturecode.codebook import Code
    >>> entry("x?", Code("withdrawal"))
    Entry(value=1.0, category=None, status='uncertain')
    """
    if isinstance(cell, _DATES):
        raise Unreadable(f"the spreadsheet made a date of what was typed ({cell}); type it anew")
    text = text_of(cell)
    if not text:
        return None
    if text.casefold() in WHY_NOT:
        return Entry(None, None, WHY_NOT[text.casefold()])
    sure = text.rstrip("? ")
    status = "given" if sure == text else "uncertain"
    if code.scale.kind == "presence":
        return Entry(_presence(sure, status), None, status)
    if code.scale.kind == "nominal":
        return Entry(None, _choice(sure, code.scale.categories), status)
    return Entry(_number(sure), None, status)


def _presence(text: str, status: str) -> float:
    word = text.casefold()
    if word in YES or (not word and status == "uncertain"):
        return 1.0
    if word in NO:
        return 0.0
    raise Unreadable(f"{text!r} is no mark; write x, x? when in doubt, or leave the cell empty")


def _choice(text: str, categories: tuple[str, ...]) -> str:
    known = {c.casefold(): c for c in categories}
    if text.casefold() not in known:
        raise Unreadable(
            f"{text!r} is not one of {', '.join(categories)}.{nearest(text, categories)}"
        )
    return known[text.casefold()]


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Unreadable(f"{text!r} is not a number") from None
