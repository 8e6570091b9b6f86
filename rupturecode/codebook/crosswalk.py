"""From one instrument to another, with what each step loses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

from rupturecode.codebook.load import bundled_folder, load_codebook
from rupturecode.codebook.schema import NAME, TEXT, TEXTS
from rupturecode.codebook.spec import INVALID, Key, Many, Record, Text
from rupturecode.codebook.tree import Log, decode, parse
from rupturecode.errors import InvalidDataError, Problem, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    import pandas as pd

    from rupturecode.codebook.model import Codebook

Relation = Literal["exact", "broader", "narrower", "related", "none"]
RELATIONS = ("exact", "broader", "narrower", "related", "none")
CARRIED = ("exact", "broader")
"""Relations along which a coding still holds: the target says the same, or less."""


@dataclass(frozen=True)
class Step:
    """Where one code leads. ``relation`` says how the target stands to the source."""

    code: str
    to: tuple[str, ...] = ()
    relation: Relation = "exact"
    loss: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """All steps from one codebook to another."""

    source: str
    target: str
    steps: tuple[Step, ...]
    rest: str
    """What is lost with every code that no step names."""
    authors: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, Step]:
        """Steps by the code they start from."""
        return {step.code: step for step in self.steps}

    def step(self, code: str, book: Codebook) -> Step:
        """Return where a code leads; a code without a step of its own takes its parent's.

        Parameters
        ----------
        code
            A code of the source codebook.
        book
            The source codebook, for the codes above.
        """
        if code in self.by_code:
            return self.by_code[code]
        for above in book.ancestors(code):
            if above.id in self.by_code:
                step = self.by_code[above.id]
                relation: Relation = "broader" if step.relation == "exact" else step.relation
                kind = f"that it was {book[code].label!r}, a kind of {above.label!r}"
                loss = f"{kind}; {step.loss}" if step.loss else kind
                return Step(code, step.to, relation, loss)
        return Step(code, (), "none", self.rest)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step: code, to, relation, loss."""
        import pandas as pd

        rows = [(s.code, "; ".join(s.to), s.relation, s.loss) for s in self.steps]
        return pd.DataFrame(rows, columns=["code", "to", "relation", "loss"], dtype="str")


STEP = Record(
    Step,
    {
        "code": Key(NAME),
        "to": Key(Many(NAME, lone=True)),
        "relation": Key(Text(choices=RELATIONS, hint="a relation")),
        "loss": Key(TEXT),
    },
    required=("code", "relation"),
)
WALK = Record(
    Crosswalk,
    {
        "from": Key(TEXT, field="source"),
        "to": Key(TEXT, field="target"),
        "note": Key(TEXT),
        "authors": Key(TEXTS),
        "steps": Key(Many(STEP)),
        "rest": Key(TEXT),
    },
    required=("from", "to", "steps", "rest"),
)


def crosswalk_files() -> dict[tuple[str, str], Traversable]:
    """Return the bundled crosswalks by the ids of their two codebooks."""
    folder = bundled_folder() / "crosswalks"
    found = {}
    for entry in folder.iterdir():
        stem = entry.name.removesuffix(".yaml")
        if entry.name.endswith(".yaml") and "_to_" in stem:
            source, _, target = stem.partition("_to_")
            found[source, target] = entry
    return dict(sorted(found.items()))


def load_crosswalk(source: str, target: str) -> Crosswalk:
    """Return the bundled crosswalk between two codebooks.

    Raises
    ------
    UnknownNameError
        When there is none in that direction.
    InvalidDataError
        When its file is broken or names codes that its codebooks do not have.

    Examples
    --------
    >>> load_crosswalk("3rs-2015", "ccr").by_code["res_own_contribution"].to
    ('accountability_own_contribution',)
    """
    known = crosswalk_files()
    if (source, target) not in known:
        raise UnknownNameError(
            "crosswalk", f"{source} to {target}", [f"{a} to {b}" for a, b in known]
        )
    entry = known[source, target]
    walk = read_crosswalk(entry.read_bytes(), source=entry.name)
    problems = check_crosswalk(walk, load_codebook(walk.source), load_codebook(walk.target))
    if problems:
        raise InvalidDataError(entry.name, problems)
    return walk


def read_crosswalk(data: bytes, *, source: str) -> Crosswalk:
    """Read a crosswalk from the bytes of a YAML file.

    Raises
    ------
    InvalidDataError
        Listing everything that is wrong with its form.
    """
    log = Log(source)
    walk = WALK.read(parse(decode(data, source), source=source), "", log)
    log.raise_any(source)
    if walk is INVALID:  # pragma: no cover - an invalid record always logs
        raise InvalidDataError(source, ["not a crosswalk"])
    return cast("Crosswalk", walk)


def check_crosswalk(walk: Crosswalk, source: Codebook, target: Codebook) -> list[Problem]:
    """Return unknown codes, codes named twice, and steps that hide their loss."""
    problems = []
    seen: set[str] = set()
    for step in walk.steps:
        if step.code not in source:
            hint = nearest(step.code, source.by_id)
            problems.append(f"{step.code!r} is not a code of {source.id}.{hint}")
        if step.code in seen:
            problems.append(f"{step.code!r} has two steps")
        seen.add(step.code)
        for code in step.to:
            if code not in target:
                hint = nearest(code, target.by_id)
                problems.append(f"{step.code!r}: {code!r} is not a code of {target.id}.{hint}")
            elif target[code].heading and step.relation in CARRIED:
                problems.append(f"{step.code!r}: {code!r} is a heading and cannot be given")
        if step.relation != "exact" and not step.loss:
            problems.append(f"{step.code!r}: a step that is not exact must say what is lost")
        if bool(step.to) == (step.relation == "none"):
            problems.append(f"{step.code!r}: relation {step.relation!r} does not fit its targets")
    return [Problem(words, f"{walk.source} to {walk.target}") for words in problems]
