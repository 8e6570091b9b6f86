"""The small parts of a codebook: scales, examples, constraints, vignettes, case data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScaleKind = Literal["presence", "ordinal", "count", "nominal"]
ConstraintKind = Literal["excludes", "requires", "needs_link"]

SCALE_KINDS = ("presence", "ordinal", "count", "nominal")
CONSTRAINT_KINDS = ("excludes", "requires", "needs_link")
OBSERVABILITY = ("spoken", "transcribed_nonverbal", "inferred", "external")
CODE_STATUSES = ("current", "unverified", "deprecated")
ABOUT = ("client", "therapist", "supervisor", "dyad", "case")


@dataclass(frozen=True)
class Scale:
    """How a code is rated.

    ``absent`` is the value meant when a coder looked at a unit and did not give the code:
    0 for presence and count; undefined (None) for ordinal and nominal unless declared.

    Examples
    --------
    >>> Scale().absent
    0.0
    >>> Scale("ordinal", anchors=((1, "none"), (5, "severe"))).high
    5
    """

    kind: ScaleKind = "presence"
    anchors: tuple[tuple[float, str], ...] = ()
    """Value and what it means, for an ordinal scale, lowest first."""
    categories: tuple[str, ...] = ()
    """The choices of a nominal scale."""
    low: float | None = None
    high: float | None = None
    absent: float | str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "anchors", tuple(sorted(self.anchors)))
        values = [value for value, _ in self.anchors]
        implied: tuple[float | None, float | None]
        if self.kind == "presence":
            implied = (0.0, 1.0)
        elif self.kind == "count":
            implied = (0.0, self.high)
        else:
            implied = (min(values, default=None), max(values, default=None))
        for name, value in zip(("low", "high"), implied, strict=True):
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        if self.absent is None and self.kind in ("presence", "count"):
            object.__setattr__(self, "absent", 0.0)
        none_of_these = "" if self.absent is None else str(self.absent)
        if self.kind == "nominal" and none_of_these and none_of_these not in self.categories:
            object.__setattr__(self, "categories", (*self.categories, none_of_these))

    def fault(self, value: float | None = None, category: str | None = None) -> str:
        """Say what is wrong with a given value or category; empty when nothing is.

        Examples
        --------
        >>> Scale("ordinal", low=1, high=5).fault(9)
        'value 9 is outside 1 to 5'
        """
        if self.kind == "nominal":
            known = ", ".join(self.categories)
            wrong = category not in self.categories
            return f"category {category!r} is not one of {known}" if wrong else ""
        if category:
            return f"a scale of kind {self.kind} takes a number, not the category {category!r}"
        if value is None:
            return "" if self.kind == "presence" else f"a scale of kind {self.kind} needs a value"
        if self.kind in ("presence", "count") and value != int(value):
            return f"value {value:g} is not a whole number"
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return "" if low <= value <= high else f"value {value:g} is outside {low:g} to {high:g}"


@dataclass(frozen=True)
class Example:
    """An invented line of talk that shows a code, or nearly does."""

    text: str
    why: str = ""
    instead: str = ""
    """For a near miss: the code that fits better, if any."""


@dataclass(frozen=True)
class Confusion:
    """A code that is easily taken for another, and what tells them apart."""

    code: str
    boundary: str = ""


@dataclass(frozen=True)
class Constraint:
    """A rule about codes that one coder gives.

    ``excludes``: the code and any of the others never stand on the same unit.
    ``requires``: where the code stands, at least one of the others stands on the same unit.
    ``needs_link``: the coding must be linked to a coding of one of the others.
    A rule about a code holds for all codes below it.
    """

    kind: ConstraintKind
    code: str
    others: tuple[str, ...]
    relation: str = ""
    """The name of the link, for ``needs_link``."""
    why: str = ""


@dataclass(frozen=True)
class Given:
    """A code that an expert gives to a vignette's turn."""

    code: str
    value: float | None = None
    category: str | None = None
    reading: str = ""
    """The school that reads the turn so; empty when all do."""
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """A code that an expert does not give to a vignette's turn, and why."""

    code: str
    why: str = ""


@dataclass(frozen=True)
class VignetteTurn:
    """One turn of a vignette."""

    role: str
    text: str
    codes: tuple[Given, ...] = ()
    not_codes: tuple[Refused, ...] = ()
    """Tempting, yet not given: a judgement."""
    breaks: tuple[str, ...] = ()
    """Codes that the codebook's own rules must refuse here."""


@dataclass(frozen=True)
class VignetteLink:
    """A link between two codings of a vignette; turns count from 1."""

    from_turn: int
    from_code: str
    to_turn: int
    to_code: str
    relation: str


@dataclass(frozen=True)
class Vignette:
    """A short invented dialogue at the boundary between codes."""

    id: str
    title: str
    turns: tuple[VignetteTurn, ...]
    family: str = ""
    why: str = ""
    links: tuple[VignetteLink, ...] = ()


@dataclass(frozen=True)
class CaseField:
    """Something about persons or pair that only the user supplies.

    It is never coded from talk, never inferred, and left out of exports unless asked for.
    """

    id: str
    label: str = ""
    about: tuple[str, ...] = ()
    definition: str = ""
    section: str = ""
    values: tuple[str, ...] = ()
    """Values the study allows; empty for free text."""
