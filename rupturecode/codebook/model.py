"""What a codebook is made of: codes, scales, constraints and boundary vignettes.

Everything here is frozen and compares by content. Nothing reads files; see
:mod:`rupturecode.codebook.load`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rupturecode.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

ScaleKind = Literal["presence", "ordinal", "count", "nominal"]
ConstraintKind = Literal["excludes", "requires", "needs_link"]

SCALE_KINDS = ("presence", "ordinal", "count", "nominal")
CONSTRAINT_KINDS = ("excludes", "requires", "needs_link")
OBSERVABILITY = ("spoken", "transcribed_nonverbal", "inferred", "external")
CODE_STATUSES = ("current", "unverified", "deprecated")
ABOUT = ("client", "therapist", "supervisor", "dyad", "case")


def digest(content: object) -> str:
    """Return 16 hexadecimal digits that change when the content does.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def default_label(code: str) -> str:
    """Return the label of a code that was given none.

    Examples
    --------
    >>> default_label("stage_repair")
    'Stage repair'
    """
    return code.replace("_", " ").capitalize()


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
        if self.kind == "nominal" and self.absent is not None:
            choices = (*self.categories, str(self.absent))  # "none of these" is a choice too
            object.__setattr__(self, "categories", tuple(dict.fromkeys(choices)))

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
            return f"a {self.kind} scale takes a number, not the category {category!r}"
        if value is None:
            return "" if self.kind == "presence" else f"a {self.kind} scale needs a value"
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
class Code:
    """One code: what it means, who may carry it and how it is rated."""

    id: str
    label: str = ""
    parent: str = ""
    """The id of the code above it; empty at the top."""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    near_misses: tuple[Example, ...] = ()
    confused_with: tuple[Confusion, ...] = ()
    roles: tuple[str, ...] = ()
    """Roles whose turns may carry the code; empty means any."""
    scale: Scale = field(default_factory=Scale)
    observability: str = "spoken"
    level: tuple[str, ...] = ("turn",)
    origin: str = ""
    section: str = ""
    status: str = "current"
    heading: bool = False
    """A heading only groups codes: it is never given itself."""
    color: str = ""
    key: str = ""
    replaces: tuple[str, ...] = ()
    """Codes of earlier versions that this one stands for."""
    cues: tuple[str, ...] = ()
    """Word patterns that make a turn worth a look; see :mod:`rupturecode.text.cues`."""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", default_label(self.id))

    @cached_property
    def fingerprint(self) -> str:
        """Changes when a coder would have to code differently.

        Definition, inclusion, exclusion, scale, roles and level count; id, label, examples
        and colors do not, so a renamed code keeps its fingerprint.
        """
        words = [" ".join(t.split()) for t in (self.definition, *self.include)]
        not_words = [" ".join(t.split()) for t in self.exclude]
        roles, level = sorted(self.roles), sorted(self.level)
        return digest([words, not_words, asdict(self.scale), roles, level, self.observability])

    def describe(self) -> str:
        """Return everything a coder needs to know about the code, as plain text."""
        from rupturecode.codebook.show import describe

        return describe(self)

    def may_carry(self, role: str | None) -> bool:
        """Whether a turn of this role may carry the code; an unknown role may."""
        return not self.roles or role in (None, "", "unknown", *self.roles)


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


@dataclass(frozen=True)
class Codebook:
    """A versioned set of codes with the rules that tie them.

    Examples
    --------
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "rupture"}, {"id": "withdrawal", "parent": "rupture"}]})
    >>> [c.id for c in book.descendants("rupture")]
    ['withdrawal']
    """

    id: str
    version: str
    title: str
    codes: tuple[Code, ...]
    authors: tuple[str, ...] = ()
    citation: str = ""
    licence: str = ""
    language: str = "en"
    description: str = ""
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    scales: tuple[tuple[str, Scale], ...] = ()
    """Scales that several codes share, by name."""
    case_data: tuple[CaseField, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    vignettes: tuple[Vignette, ...] = ()
    path: str = field(default="", compare=False)

    @staticmethod
    def from_dict(content: Mapping[str, object], *, source: str = "codebook") -> Codebook:
        """Build and check a codebook from plain dictionaries and lists.

        Parameters
        ----------
        content
            The keys of a YAML codebook; only ``id``, ``version``, ``title`` and ``codes``
            are needed.
        source
            Named in error messages.

        Raises
        ------
        InvalidDataError
            Listing everything that is wrong.
        """
        from rupturecode.codebook.build import build
        from rupturecode.codebook.tree import from_python

        return build(from_python(content), source=source)

    @property
    def ref(self) -> str:
        """The codebook and its version, such as ``ccr@1.0``."""
        return f"{self.id}@{self.version}"

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything in the codebook does."""
        content = asdict(self)
        del content["path"]
        return digest(content)

    @cached_property
    def by_id(self) -> Mapping[str, Code]:
        """Codes by their id, in the codebook's order."""
        return {code.id: code for code in self.codes}

    def __getitem__(self, code: str) -> Code:
        if code not in self.by_id:
            raise UnknownNameError(f"code of codebook {self.id}", code, self.by_id)
        return self.by_id[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_id

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _children(self) -> Mapping[str, list[Code]]:
        found: dict[str, list[Code]] = {}
        for code in self.codes:
            found.setdefault(code.parent, []).append(code)
        return found

    @property
    def top(self) -> tuple[Code, ...]:
        """The codes that stand under no other."""
        return tuple(self._children.get("", ()))

    def children(self, code: str) -> tuple[Code, ...]:
        """Return the codes right below one."""
        return tuple(self._children.get(self[code].id, ()))

    def descendants(self, code: str) -> tuple[Code, ...]:
        """Return all codes below one, each followed by its own."""
        return tuple(
            below for child in self.children(code) for below in (child, *self.descendants(child.id))
        )

    def ancestors(self, code: str) -> tuple[Code, ...]:
        """Return all codes above one, nearest first."""
        parent = self[code].parent
        return (self[parent], *self.ancestors(parent)) if parent else ()

    def tree(self) -> str:
        """Return the codes as an indented plain text tree."""
        from rupturecode.codebook.show import tree

        return tree(self)

    def to_dict(self) -> dict[str, object]:
        """Return plain dictionaries and lists that :meth:`from_dict` reads back.

        Examples
        --------
        >>> content = {"id": "t", "version": "1", "title": "T", "codes": [{"id": "a"}]}
        >>> Codebook.from_dict(content).to_dict() == content
        True
        """
        from rupturecode.codebook.dump import to_dict

        return to_dict(self)

    def to_frame(self) -> pd.DataFrame:
        """Return a frame with one row per code."""
        from rupturecode.codebook.show import to_frame

        return to_frame(self)

    def _repr_html_(self) -> str:
        from rupturecode.codebook.show import to_html

        return to_html(self)
