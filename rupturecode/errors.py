"""Every exception that rupturecode raises, and how each words itself.

An error says where (file, line or cell), what is wrong, and what would do. Exceptions
pickle (all arguments go positionally to ``super().__init__``), so they survive worker
processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN_NAMES = 30
_CONTEXT = 60


class RupturecodeError(Exception):
    """Base class: catch this to catch all of rupturecode's errors."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ``" Did you mean 'withdrawal'?"``, or an empty string.

    Examples
    --------
    >>> nearest("withdrawl", ["withdrawal", "repair"])
    " Did you mean 'withdrawal'?"
    """
    names = {str(k).casefold(): str(k) for k in known}
    close = get_close_matches(str(name).casefold(), names, n=1)
    return f" Did you mean {names[close[0]]!r}?" if close else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the user's data, with its place.

    Examples
    --------
    >>> print(Problem("unknown code 'withdrawl'", source="AK.csv", line=14))
    AK.csv:14: unknown code 'withdrawl'
    >>> print(Problem("value 9 is outside 1 to 5", source="AK.xlsx", cell="coding!D7"))
    AK.xlsx, cell coding!D7: value 9 is outside 1 to 5
    """

    message: str
    source: str = ""
    line: int | None = None
    column: int | None = None
    cell: str = ""
    kind: str = ""
    """A short machine-readable name such as ``"unknown-code"``."""

    @property
    def place(self) -> str:
        """File with line and column, or cell; empty when there is none."""
        numbers = [str(n) for n in (self.line, self.column) if n is not None]
        spot = ":".join([self.source, *numbers]) if self.source else " line ".join(["", *numbers])
        return f"{spot}, cell {self.cell}" if self.cell else spot.strip()

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class UnknownNameError(RupturecodeError, LookupError):
    """A name (of a code, a column, a format) is not among the known ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, str(name), sorted(str(k) for k in known)
        super().__init__(kind, self.name, self.known)

    def __str__(self) -> str:
        shown = ", ".join(self.known[:_SHOWN_NAMES]) or "none"
        more = len(self.known) - _SHOWN_NAMES
        tail = f" and {more} more" if more > 0 else ""
        hint = nearest(self.name, self.known)
        return f"Unknown {self.kind} {self.name!r}.{hint} Known: {shown}{tail}."


class UsageError(RupturecodeError, ValueError):
    """A call that cannot be carried out as asked; the message says what would do."""


class ParseError(RupturecodeError, ValueError):
    """A place in a file that no rule of its format accepts."""

    def __init__(
        self, problem: str, source: str, line: int | None = None, text: str = "", column: int = 0
    ) -> None:
        self.problem, self.source, self.line = problem, source, line
        self.text, self.column = text, column
        super().__init__(problem, source, line, text, column)

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        if not self.text:
            return f"{place}: {self.problem}"
        start = max(0, self.column - _CONTEXT)
        shown = self.text[start : start + 2 * _CONTEXT].replace("\t", " ")
        return f"{place}: {self.problem}\n    {shown}\n    {' ' * (self.column - start)}^"


class InvalidDataError(RupturecodeError, ValueError):
    """Data that breaks its rules; every broken rule is listed."""

    def __init__(self, what: str, problems: Sequence[Problem | str]) -> None:
        self.what = what
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__(what, self.problems)

    def __str__(self) -> str:
        n = len(self.problems)
        heading = f"{self.what}: {n} problem{'s' if n != 1 else ''}"
        return "\n".join([heading, *(f"  - {p}" for p in self.problems)])


class MissingExtraError(RupturecodeError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, purpose: str, package: str, extra: str) -> None:
        self.purpose, self.package, self.extra = purpose, package, extra
        super().__init__(purpose, package, extra)

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.package}: pip install 'rupturecode[{self.extra}]'"
