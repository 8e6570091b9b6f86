"""Who gave which code, with which value, on which unit, and who looked at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from rupturecode.annotation.coverage import Cover
from rupturecode.annotation.layout import Layout
from rupturecode.annotation.ratings import Counting, RatingArray, as_frame, carried
from rupturecode.annotation.rows import Coded
from rupturecode.errors import Problem, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from rupturecode.codebook import Code, Codebook
    from rupturecode.transcript import Corpus

Layer = Literal["coding", "consensus", "gold"]
Uncertain = Literal["given", "missing"]
Round = int | Literal["first", "last"] | None


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

    def ratings(
        self,
        code: str,
        unit: str = "turn",
        *,
        coders: Sequence[str] | None = None,
        round: Round = None,  # noqa: A002
        eligible: bool = True,
        uncertain: Uncertain = "given",
    ) -> pd.DataFrame:
        """Return one code's ratings: a row per unit, a column per coder.

        A code that is not there on a unit which the coder examined is the scale's absent
        value (0 for presence and counts, undefined for ordinal and nominal scales unless
        the codebook declares one). NaN where the coder did not examine the unit, or said
        that it cannot be coded, does not apply or was skipped. A code above others is there
        when any of them is. Coding of finer units is gathered into coarser ones (presence:
        any; count: sum; ordinal: highest; nominal: the only choice, else NaN), rated where
        the coder examined all of the finer units inside.

        Parameters
        ----------
        code
            A code of the codebook, or one that stands above others.
        unit
            Kind of unit: ``"turn"``, ``"window"``, ``"exchange"``, ``"session"``, ...
        coders
            Keep only these, in this order.
        round
            Which round of coding; needed when a coder coded a session more than once.
        eligible
            Keep only turns whose role may carry the code (unknown roles may).
        uncertain
            Whether a code given with doubt counts as given, or as not rated.

        Raises
        ------
        UnknownNameError
            When the codebook has no such code, or nobody of that name coded.
        UsageError
            When there are no units of that kind, or several rounds and none is chosen.
        """
        notes = self._one_round(round)
        entry = self.codebook[code]
        matrix, categories = notes._counting(uncertain).matrix(entry, unit)  # noqa: SLF001
        grid = self.layout.grid(unit)
        frame = as_frame(grid, matrix, notes.coders, categories)
        if coders is not None:
            frame = frame[notes._known_coders(coders)]  # noqa: SLF001
        return frame[self._carried(entry, unit)] if eligible else frame

    def ratings_all(
        self,
        codes: Sequence[str] | None = None,
        unit: str = "turn",
        *,
        round: Round = None,  # noqa: A002
        eligible: bool = True,
        uncertain: Uncertain = "given",
    ) -> RatingArray:
        """Return the ratings of many codes at once, as one array.

        Parameters are those of :meth:`ratings`; ``codes`` are all codes given unless named.
        Units whose role may not carry a code are NaN for it.
        """
        notes = self._one_round(round)
        names = self.codes if codes is None else tuple(codes)
        grid, counting = self.layout.grid(unit), notes._counting(uncertain)  # noqa: SLF001
        values = np.empty((len(names), len(grid), len(notes.coders)))
        categories = {}
        for i, name in enumerate(names):
            values[i], choices = counting.matrix(self.codebook[name], unit)
            if eligible:
                values[i, ~self._carried(self.codebook[name], unit)] = np.nan
            if choices:
                categories[name] = choices
        return RatingArray(values, names, grid.index(), notes.coders, categories)

    def _counting(self, uncertain: Uncertain) -> Counting:
        if uncertain not in ("given", "missing"):
            raise UsageError(f'uncertain={uncertain!r}; use "given" or "missing".')
        return Counting(self.codebook, self.layout, self.coded, self.cover, uncertain == "given")

    def _carried(self, code: Code, unit: str) -> np.ndarray:
        return carried(self.layout.grid(unit), code)

    def _known_coders(self, coders: Sequence[str]) -> list[str]:
        for coder in coders:
            if coder not in self.coders:
                raise UnknownNameError("coder", coder, self.coders)
        return list(coders)

    @cached_property
    def _by_round(self) -> dict[object, Annotations]:
        return {}

    def _one_round(self, round_: Round) -> Annotations:
        if len(self.rounds) < 2 and round_ in (None, "first", "last"):
            return self
        if round_ is None:
            pairs = self.coverage[["coder", "session", "round"]].drop_duplicates()
            if pairs.duplicated(["coder", "session"]).any():
                raise UsageError(
                    f"Some sessions were coded in several rounds ({_words(self.rounds)}): say "
                    'round="first", round="last" or a number.'
                )
            return self
        if round_ not in self._by_round:
            self._by_round[round_] = self.only(round=round_)
        return self._by_round[round_]

    def only(
        self,
        *,
        coder: str | Sequence[str] | None = None,
        round: Round = None,  # noqa: A002
        sessions: Iterable[str] | None = None,
        codes: Iterable[str] | None = None,
    ) -> Annotations:
        """Return the part made by some coders, in a round, on some sessions, with some codes.

        Parameters
        ----------
        coder
            One coder or several.
        round
            A number, or per coder and session the ``"first"`` or ``"last"``.
        sessions
            Session names.
        codes
            Codes; the coverage then says that only these were looked for.

        Raises
        ------
        UnknownNameError
            When a coder, session or code is not known.
        """
        from rupturecode.annotation.select import select

        wanted = None if coder is None else [coder] if isinstance(coder, str) else list(coder)
        return select(self, wanted, round, sessions, codes)

    def consensus(
        self,
        rule: str | pd.DataFrame = "majority",
        *,
        weights: Mapping[str, float] | None = None,
        min_coders: int = 1,
        round: Round = None,  # noqa: A002
    ) -> Annotations:
        """Bring the coders together into one layer, which keeps its sources.

        Parameters
        ----------
        rule
            ``"unanimous"``: a code stands where all who examined the unit gave it;
            ``"majority"``: where more than half did (a tie is not a majority);
            ``"any"``: where at least one did; ``"weighted"``: majority of ``weights``; or an
            adjudicator's table (see
            :func:`rupturecode.annotation.read_adjudication`), which decides what is disputed.
            On scales other than presence a value stands when all (more than half) gave that
            very value; under ``"any"`` the highest; where no value wins the unit is
            ``cannot_code`` with a note.
        weights
            For ``"weighted"``: coder to weight.
        min_coders
            Units examined by fewer are left out of the layer's coverage.
        round
            Which round, when there are several.

        Raises
        ------
        UsageError
            When the rule is not known, or free spans have not been brought to units yet.
        """
        from rupturecode.annotation.consensus import consensus

        return consensus(self._one_round(round), rule, weights=weights, min_coders=min_coders)

    def to_units(
        self, unit: str = "turn", rule: Literal["any", "majority", "onset"] = "any"
    ) -> Annotations:
        """Bring coding on free spans or finer units to units of one kind.

        Parameters
        ----------
        unit
            The kind wanted, coarser than what was coded.
        rule
            ``"any"``: every unit that shares something with the span; ``"majority"``: units of
            which the span covers more than half (characters where offsets are known, else
            turns), and always the one it covers most; ``"onset"``: the unit in which it begins.

        Returns
        -------
        Annotations
            With one row per unit, coder and code; ``changes`` lists what became of every row.
        """
        from rupturecode.annotation.convert import to_units

        return to_units(self, unit, rule)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return (
            f"Annotations({self.layer}: {len(self.table):,} given by {_words(self.coders)} on "
            f"{len(self.sessions)} of {len(self.layout.sessions)} sessions, "
            f"{len(self.codes)} codes of {self.codebook.id}@{self.codebook.version})"
        )

    def _repr_html_(self) -> str:
        from rupturecode.annotation.show import to_html

        return to_html(self)

    def replace(self, **fields: object) -> Annotations:
        """Return a copy with some fields changed."""
        return replace(self, **fields)  # type: ignore[arg-type]


def _words(names: Iterable[object]) -> str:
    return ", ".join(map(str, names)) or "nobody"
