"""What a coder writes into a cell: a mark, a number, a choice, a doubt, or why not."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import nearest
from rupturecode.tables import EVIDENCE

if TYPE_CHECKING:
    from rupturecode.codebook import Code

YES = frozenset({"x", "xx", "×", "1", "yes", "y", "true", "✓", "✔", "✗", "✘", "☒", "☑"})
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
_WHOLE = re.compile(r"([-+]?\d+)[.,]0+")


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


def whole(text: str) -> str:
    """Return a whole number as people write it, other texts as they are.

    Examples
    --------
    >>> whole("3.0"), whole("3,00"), whole("3.5"), whole("x")
    ('3', '3', '3.5', 'x')
    """
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


def is_yes(cell: object) -> bool:
    """Whether a cell says yes; empty ones do not."""
    return whole(text_of(cell)).casefold() in YES


def is_no(cell: object) -> bool:
    """Whether a cell says no, as a box that is not ticked does."""
    return whole(text_of(cell)).casefold() in NO


def words_of(cell: object) -> str:
    """Return what was typed in words, such as a note.

    Raises
    ------
    Unreadable
        When the program made a date of it.
    """
    _refuse_date(cell)
    return text_of(cell)


def evidence_of(cell: object) -> str | None:
    """Return the kind of evidence that a cell names; None when it is empty.

    Raises
    ------
    Unreadable
        When it names none.
    """
    text = words_of(cell)
    name = text.casefold().replace(" ", "_")
    if text and name not in EVIDENCE:
        near = nearest(name, EVIDENCE)
        raise Unreadable(f"evidence {text!r} is not one of {', '.join(EVIDENCE)}.{near}")
    return name or None


def confidence_of(cell: object) -> float | None:
    """Return how sure a coder is, from 0 to 1 (or in percent); None when the cell is empty.

    Raises
    ------
    Unreadable
        When it is no such number.

    Examples
    --------
    >>> confidence_of("0,5"), confidence_of("75 %"), confidence_of(1.0)
    (0.5, 0.75, 1.0)
    """
    text = words_of(cell)
    if not text:
        return None
    share = text.removesuffix("%").rstrip()
    try:
        number = float(share.replace(",", ".")) / (100 if share != text else 1)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1:
        raise Unreadable(f"confidence {text!r} is no number from 0 (a guess) to 1 (sure)")
    return number


def _refuse_date(cell: object) -> None:
    if isinstance(cell, _DATES):
        raise Unreadable(f"the spreadsheet made a date of what was typed ({cell}); type it anew")


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
    _refuse_date(cell)
    text = text_of(cell)
    if not text:
        return None
    if text.casefold() in WHY_NOT:
        return Entry(None, None, WHY_NOT[text.casefold()])
    sure = text.rstrip("? ")
    status = "uncertain" if text.endswith("?") else "given"
    if code.scale.kind == "presence":
        return Entry(_presence(sure, status), None, status)
    if code.scale.kind == "nominal":
        return Entry(None, _choice(sure, code.scale.categories), status)
    return Entry(_number(sure), None, status)


def _presence(text: str, status: str) -> float:
    word = whole(text).casefold()
    if word in YES or (not word and status == "uncertain"):
        return 1.0
    if word in NO:
        return 0.0
    raise Unreadable(f"{text!r} is no mark; write x, x? when in doubt, or leave the cell empty")


def _choice(text: str, categories: tuple[str, ...]) -> str:
    known = {c.casefold(): c for c in categories}
    for word in (text.casefold(), whole(text).casefold()):
        if word in known:
            return known[word]
    raise Unreadable(f"{text!r} is not one of {', '.join(categories)}.{nearest(text, categories)}")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Unreadable(f"{text!r} is not a number") from None
