"""What a codebook is: codes in a tree, and the rules that tie them.

Everything here is frozen and compares by content. Nothing reads files; see
:mod:`rupturecode.codebook.load`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rupturecode.codebook.parts import (
    CaseField,
    Confusion,
    Constraint,
    Example,
    Scale,
    Vignette,
)
from rupturecode.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd


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

    def _repr_html_(self) -> str:
        from rupturecode.codebook.show import code_html

        return code_html(self)

    def may_carry(self, role: str | None) -> bool:
        """Whether a turn of this role may carry the code; an unknown role may."""
        return not self.roles or role in (None, "", "unknown", *self.roles)


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
