"""Who gave which code, with which value, on which unit, and who looked at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rupturecode.annotation.consensus import consensus
from rupturecode.annotation.convert import to_units
from rupturecode.annotation.coverage import Cover
from rupturecode.annotation.layout import Layout
from rupturecode.annotation.rated import ratings, ratings_all
from rupturecode.annotation.rows import Coded
from rupturecode.annotation.select import only
from rupturecode.display import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from rupturecode.codebook import Codebook
    from rupturecode.errors import Problem
    from rupturecode.transcript import Corpus

Layer = Literal["coding", "consensus", "gold"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Annotations:
    """Coding of a corpus with a codebook: values, coverage and links.

    Made by :meth:`from_frame` or :func:`rupturecode.read_annotations`; checked when made,
    so that nothing here names a session, unit or code that does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": [1, 2, 3]})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [2, 3], "coder": ["AK", "BL"],
    ...     "code": "withdrawal"})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> notes.ratings("withdrawal")
                   AK   BL
    session unit
    s1      1     0.0  0.0
            2     1.0  0.0
            3     0.0  1.0
    """

    codebook: Codebook
    layout: Layout
    table: pd.DataFrame
    coverage: pd.DataFrame
    links: pd.DataFrame
    layer: Layer = "coding"
    problems: tuple[Problem, ...] = ()
    """What was noticed and did not stop the reading."""
    changes: pd.DataFrame | None = None
    """What :meth:`to_units` merged or :meth:`consensus` decided, row by row."""
    sources: Annotations | None = None
    """The coding that a consensus layer was made from."""
    info: Mapping[str, object] = field(default_factory=dict)
    """Where it was read from: files, hashes, settings."""

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        codebook: Codebook,
        corpus: Corpus | None = None,
        units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
        coverage: pd.DataFrame | str | None = None,
        links: pd.DataFrame | None = None,
        layer: Layer = "coding",
        constraints: Literal["refuse", "report"] = "refuse",
    ) -> Annotations:
        """Check a table of annotations and take it in.

        Parameters
        ----------
        frame
            Columns ``session, coder, code`` and ``turn`` (or ``kind`` and ``unit``, or for a
            span ``first_turn`` and ``last_turn``); optional: the other columns of the
            ``annotations`` table, ``confidence``, ``id``. A row without a code says that the
            unit was examined.
        codebook
            The codes that may be given.
        corpus
            The transcripts; its turns and sessions become the units.
        units
            Units instead of a corpus, or besides it (windows, exchanges, episodes).
        coverage
            A table ``session, kind, first_unit, last_unit, coder`` (optional: ``round``,
            ``codes``: the codes looked for, separated by spaces), or ``"whole sessions"``, or
            ``"rows"``. May be left out only when rows without a code say what was examined.
        links
            Columns ``session, coder, from, to, relation``; ends are annotations' ``id``.
        layer
            ``"coding"``, or ``"gold"`` for an expert's coding.
        constraints
            Whether breaking the codebook's own rules (excludes, requires, needs a link) is
            refused, or reported in ``problems``.

        Raises
        ------
        InvalidDataError
            Listing every broken rule.
        UsageError
            When nothing says what was examined, or which units exist.
        """
        from rupturecode.annotation.build import build

        return build(
            frame,
            codebook=codebook,
            layout=Layout.build(corpus, units),
            coverage=coverage,
            links=links,
            layer=layer,
            constraints=constraints,
        )

    @property
    def units(self) -> pd.DataFrame:
        """The units that exist, with role and speaker where known."""
        return self.layout.units.copy()

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Everyone who examined something, in alphabetical order."""
        return tuple(sorted({*self.coverage["coder"], *self.table["coder"]}))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes that someone gave, in the codebook's order."""
        given = set(self.table["code"])
        return tuple(c.id for c in self.codebook if c.id in given)

    @cached_property
    def sessions(self) -> tuple[str, ...]:
        """Sessions that someone examined, in the corpus's order."""
        seen = {*self.coverage["session"], *self.table["session"]}
        return tuple(s for s in self.layout.sessions if s in seen)

    @cached_property
    def rounds(self) -> tuple[int, ...]:
        """Rounds of coding, in order."""
        return tuple(sorted({int(r) for r in (*self.coverage["round"], *self.table["round"])}))

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the ``annotations`` table, one row per code given."""
        return self.table.copy()

    @cached_property
    def coded(self) -> Coded:
        """The rows as arrays, for fast counting."""
        return Coded.of(self.table, self.layout, self.coders)

    @cached_property
    def cover(self) -> Cover:
        """The coverage as arrays, for fast counting."""
        return Cover.of(self.coverage, self.layout, self.coders)

    @cached_property
    def by_round(self) -> dict[object, Annotations]:
        """Parts by round, as far as :func:`one_round` was asked for them."""
        return {}

    ratings = ratings
    ratings_all = ratings_all
    only = only
    to_units = to_units
    consensus = consensus

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        coders = ", ".join(self.coders) or "nobody"
        return (
            f"Annotations({self.layer}: {len(self.table):,} given by {coders} on "
            f"{len(self.sessions)} of {len(self.layout.sessions)} sessions, "
            f"{counted(len(self.codes), 'code')} of {self.codebook.id}@{self.codebook.version})"
        )

    def _repr_html_(self) -> str:
        from rupturecode.annotation.show import to_html

        return to_html(self)

    def replace(self, **fields: object) -> Annotations:
        """Return a copy with some fields changed."""
        return replace(self, **fields)  # type: ignore[arg-type]
