"""What counts as an episode: the rule, explicit, frozen and printed with every result."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import TYPE_CHECKING

from rupturecode.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook

SPANS = ("session", "case")
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRule:
    """When a rupture episode begins, what belongs to it, and when it ends.

    A code named here stands for every code below it in the codebook as well. The defaults
    fit the bundled ``ccr`` codebook; :meth:`for_codebook` keeps those a codebook has.

    Examples
    --------
    >>> rule = EpisodeRule(merge_gap=5, span="case")
    >>> rule.merge_gap, rule.onset
    (5, ('withdrawal', 'confrontation', 'antagonizes'))
    """

    onset: Codes = ("withdrawal", "confrontation", "antagonizes")
    """Codes that begin an episode."""
    withdrawal: Codes = ("withdrawal",)
    confrontation: Codes = ("confrontation",)
    contribution: Codes = ("therapist_contribution",)
    """Families that name an episode's kind and, for contribution, an antagonizing response."""
    attempt: Codes = ("repair_surface", "repair_deep", "repair_act", "resolution")
    """Attempts at repair."""
    surface: Codes = ("repair_surface",)
    deep: Codes = ("repair_deep",)
    """Strategies of attempts; an attempt of neither kind goes by its own code."""
    stages: Codes = (
        "stage_attend_marker",
        "stage_analyze",
        "stage_explore_meaning",
        "stage_explore_avoidance",
        "stage_affirm",
        "stage_repair",
    )
    """Stages, numbered 1, 2, ... in this order; no order of occurrence is implied."""
    outside: Codes = ("stage_analyze",)
    """Stages done outside sessions: unobservable, not absent, where only sessions exist."""
    dimensions: Codes = ("dimension",)
    """Dimensions of power and culture that may be named."""
    resolution: Codes = ("client_accepts_repair", "bond_strengthened")
    """Codes that end an episode as resolved."""
    overcome: Codes = ()
    """Codes that end it as overcome without repair."""
    unresolved: Codes = ()
    """Codes by which a coder says that it stayed unresolved."""
    termination: Codes = ("marker_ends_contact",)
    """Codes that say that the client ended the contact."""
    ended_by: str = "ended_by"
    """Column of the sessions table that may say ``client`` for a contact so ended."""
    rating: str = ""
    """A code that rates the resolution of a session (ordinal); empty: none."""
    threshold: float = 4.0
    """Rating from which an episode open at the session's end counts as resolved; below it
    counts as unresolved. No rating: censored."""
    merge_gap: int | None = 10
    """A marker at most so many turns after the last one belongs to the same episode; None:
    every marker until the episode ends does."""
    window: int | None = None
    """Follow an episode for at most so many turns within its session."""
    span: str = "session"
    """``"session"``: followed to the session's end; ``"case"``: to the case's end."""
    end_on_new_onset: bool = False
    """Whether a new episode ends the one before it as superseded."""

    def __post_init__(self) -> None:
        for f in fields(self):
            object.__setattr__(self, f.name, _checked(f.name, getattr(self, f.name), str(f.type)))
        if self.span not in SPANS:
            raise UnknownNameError("span", self.span, SPANS)
        for name in ("merge_gap", "window"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise UsageError(f"{name} counts turns: 0 or more, or None")
        if not self.onset:
            raise UsageError("an episode rule needs at least one onset code")

    @property
    def families(self) -> Mapping[str, Codes]:
        """All code lists by name.

        Examples
        --------
        >>> EpisodeRule().families["deep"]
        ('repair_deep',)
        """
        return {f.name: getattr(self, f.name) for f in fields(self) if f.type == "Codes"}

    @classmethod
    def from_dict(
        cls, values: Mapping[str, object], codebook: Codebook | None = None
    ) -> EpisodeRule:
        """Make a rule from the ``[episodes]`` section of a study.toml.

        Keys that are not given keep their defaults, as far as the codebook has the codes.

        Parameters
        ----------
        values
            Key to value; code lists as lists, or one code as text. ``merge_gap = -1`` or
            ``window = -1`` stand for no limit, which TOML cannot say.
        codebook
            Checks the codes that are given, and prunes the defaults.

        Raises
        ------
        UnknownNameError, UsageError
            For an unknown key or code, or a value of the wrong kind.

        Examples
        --------
        >>> EpisodeRule.from_dict({"onset": ["withdrawal"], "merge_gap": -1}).merge_gap
        """
        known = {f.name: f for f in fields(cls)}
        given: dict[str, object] = {}
        for key, value in values.items():
            if key not in known:
                raise UnknownNameError("key of [episodes]", key, known)
            no_limit = str(known[key].type) == "int | None" and value == -1
            given[key] = None if no_limit else value
        rule = cls(**given)  # type: ignore[arg-type]
        return rule if codebook is None else rule.fit(codebook)

    @classmethod
    def for_codebook(cls, codebook: Codebook) -> EpisodeRule:
        """Return the default rule without the codes that a codebook does not have.

        Raises
        ------
        UsageError
            When the codebook has none of the default onset codes.

        Examples
        --------
        >>> from rupturecode.codebook import Codebook
        >>> book = Codebook.from_dict({"id": "x", "version": "1", "title": "X",
        ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
        >>> EpisodeRule.for_codebook(book).onset
        ('withdrawal',)
        """
        return cls().fit(codebook)

    def fit(self, codebook: Codebook) -> EpisodeRule:
        """Check the codes against a codebook; lists left at their defaults are pruned.

        Raises
        ------
        UnknownNameError
            For a code that was named here and is not in the codebook.
        UsageError
            When no default onset code is in the codebook, or the rating's code has no scale
            to compare with the threshold.
        """
        usual = type(self)()
        kept: dict[str, Codes] = {}
        for name, codes in self.families.items():
            if codes == usual.families[name]:
                kept[name] = tuple(c for c in codes if c in codebook)
            else:
                kept[name] = tuple(codebook[c].id for c in codes)
        if self.rating and codebook[self.rating].scale.kind in ("presence", "nominal"):
            raise UsageError(
                f"the episode rule's rating needs a code with numbers, and {self.rating!r} has a "
                f"{codebook[self.rating].scale.kind} scale"
            )
        if not kept["onset"]:
            raise UsageError(
                f"codebook {codebook.id!r} has none of the default onset codes: say "
                "EpisodeRule(onset=(...), ...) or [episodes] in study.toml"
            )
        return replace(self, **kept)  # type: ignore[arg-type]

    def expand(self, codebook: Codebook) -> Mapping[str, frozenset[str]]:
        """Give every code list with the codes below its codes."""
        return {
            name: frozenset(
                x for code in codes for x in (code, *(d.id for d in codebook.descendants(code)))
            )
            for name, codes in self.families.items()
        }

    def to_dict(self) -> dict[str, object]:
        """Every setting by name, as printed with results.

        Examples
        --------
        >>> EpisodeRule().to_dict()["span"]
        'session'
        """
        return {f.name: getattr(self, f.name) for f in fields(self)}


def _checked(key: str, value: object, kind: str) -> object:
    """Bring one value to the type that the field has; one code may stand for a list of them."""
    if kind == "Codes":
        codes = [value] if isinstance(value, str) else value
        if not isinstance(codes, list | tuple) or not all(isinstance(c, str) for c in codes):
            raise UsageError(f"the episode rule's {key} is a list of codes, not {value!r}")
        return tuple(codes)
    if kind == "int | None":
        if isinstance(value, bool) or not isinstance(value, Integral | None):
            raise UsageError(
                f"the episode rule's {key} is a whole number of turns, not {value!r} (no limit: "
                "None, or -1 in study.toml)"
            )
        return None if value is None else int(value)
    wanted: dict[str, tuple[type, ...]] = {"bool": (bool,), "str": (str,), "float": (Real,)}
    if not isinstance(value, wanted[kind]) or (kind == "float" and isinstance(value, bool)):
        raise UsageError(f"the episode rule's {key} is of the wrong kind: {value!r}")
    return float(value) if kind == "float" else value  # type: ignore[arg-type]
