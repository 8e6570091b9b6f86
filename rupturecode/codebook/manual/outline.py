"""What stands in a coder's manual, apart from how it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from rupturecode.codebook.show import facts

if TYPE_CHECKING:
    from rupturecode.codebook.model import Code, Codebook
    from rupturecode.codebook.parts import Vignette, VignetteTurn

GUIDE = (
    "Read the whole stretch once before you code it, with what came before it.",
    "Decide each code on its own. Several codes on one unit are normal, and so are none.",
    (
        "Code what stands in the material. Do not infer a tone, a face or a motive that nobody "
        "wrote down; where a code asks for inference, write what it rests on in the note."
    ),
    "Take the most exact code that fits. A heading is never given itself.",
    (
        "Where two readings hold, give both, each with its reason in the note. Disagreement "
        "between coders is information: do not settle it before both have coded alone."
    ),
    (
        "A unit that you looked at and gave nothing is not the same as a unit you did not look "
        "at. Mark what you could not code as such."
    ),
)
"""Rules that hold for every codebook."""
POINTER = re.compile(r"See ")
"""A boundary that only points at where it is written out."""
PAGE_WIDTH, PAGE_HEIGHT = 790.0, 520.0
"""What A4 landscape leaves inside its margins and below the title, in points."""
LETTER, LEADING, INDENT, GAP, SPARE = 0.48, 1.24, 4.0, 0.15, 0.93
"""Mean width of a letter and height of a line in ems; letters lost to the indent; space
between paragraphs in lines; share of the page that may be filled."""


@dataclass(frozen=True)
class Entry:
    """One code with its place in the tree."""

    code: Code
    depth: int


@dataclass(frozen=True)
class Family:
    """A code at the top, with all below it in the order of the tree."""

    top: Code
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Pair:
    """Two codes that are easily confused."""

    a: Code
    b: Code
    boundary: str


def families(book: Codebook) -> tuple[Family, ...]:
    """Return the codes by family."""

    def below(code: Code, depth: int) -> list[Entry]:
        entries = [Entry(code, depth)]
        for child in book.children(code.id):
            entries += below(child, depth + 1)
        return entries

    return tuple(Family(top, tuple(below(top, 0))) for top in book.top)


def pairs(book: Codebook) -> tuple[Pair, ...]:
    """Return each pair of easily confused codes once."""
    found: dict[frozenset[str], Pair] = {}
    for code in book:
        for confusion in code.confused_with:
            key = frozenset([code.id, confusion.code])
            pair = Pair(code, book[confusion.code], confusion.boundary)
            if key not in found or POINTER.match(found[key].boundary):
                found[key] = pair
    return tuple(found.values())


def rules(book: Codebook) -> tuple[str, ...]:
    """Return the constraints in words, with their reasons."""
    said = []
    for rule in book.constraints:
        name = f"“{book[rule.code].label}”"
        others = [f"“{book[o].label}”" for o in rule.others]
        words = {
            "excludes": f"{name} never stands with {_or(others)} on one unit.",
            "requires": f"{name} is given only with {_or(others)} on the same unit.",
            "needs_link": f"{name} must point at {_or(others)} (“{_words(rule.relation)}”).",
        }[rule.kind]
        said.append(f"{words} {rule.why}".strip())
    return tuple(said)


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def answers(book: Codebook, turn: VignetteTurn) -> tuple[tuple[str, str, str], ...]:
    """Return (mark, code, reason) for a vignette's turn: given, read so by some, not given."""
    rows = []
    for given in turn.codes:
        value = given.category or ("" if given.value is None else f"{given.value:g}")
        label = book[given.code].label + (f" = {_words(value)}" if value else "")
        mark = f"given ({given.reading} reading)" if given.reading else "given"
        rows.append((mark, label, given.why))
    rows += [("not given", book[r.code].label, r.why) for r in turn.not_codes]
    rows += [("not allowed", book[code].label, "") for code in turn.breaks]
    return tuple(rows)


def links(book: Codebook, vignette: Vignette) -> tuple[str, ...]:
    """Return a vignette's links in words."""
    return tuple(
        f"Turn {k.from_turn} “{book[k.from_code].label}” {_words(k.relation)} "
        f"turn {k.to_turn} “{book[k.to_code].label}”"
        for k in vignette.links
    )


def unverified(book: Codebook) -> tuple[Code, ...]:
    """Return the codes whose source was not checked."""
    return tuple(code for code in book if code.status == "unverified")


def short(code: Code) -> str:
    """Return the definition's first sentence, for a sheet that must stay on a page."""
    first = code.definition.split(". ")[0].rstrip(".")
    return f"{first}." if first else ""


def marks(code: Code) -> str:
    """Return who may carry a code and how it is rated, in a few letters.

    Examples
    --------
    >>> from rupturecode.codebook import Code, Scale
    >>> marks(Code("a", roles=("client",), scale=Scale("ordinal", low=1, high=5)))
    'C 1-5'
    """
    roles = "/".join(role[0].upper() for role in code.roles)
    scale = code.scale
    rated = ""
    if scale.kind == "ordinal" and scale.low is not None and scale.high is not None:
        rated = f"{scale.low:g}-{scale.high:g}"
    elif scale.kind != "presence":
        rated = scale.kind
    return " ".join(filter(None, [roles, rated]))


def chips(book: Codebook, code: Code) -> str:
    """Return who may carry a code, its scale (a shared one by name) and source on one line."""
    shared = {scale: name for name, scale in book.scales}
    words = dict(facts(code))
    words.pop("Key", None)
    if code.scale in shared:
        words["Scale"] = f"{shared[code.scale]} (see Scales)"
    return " · ".join(f"{name}: {text}" for name, text in words.items())


def sections(book: Codebook) -> tuple[str, ...]:
    """Return the headings of the manual in order."""
    found = ["How to code", *(["Scales"] if book.scales else []), "Decision aids"]
    found += [code.label for code in book.top]
    found += ["Case data"] if book.case_data else []
    return (*found, *(["Boundary vignettes"] if book.vignettes else []))


def boundary(book: Codebook, a: str, b: str) -> str:
    """Return what tells two codes apart, in the words of the side that says it."""
    said = [c.boundary for c in book[a].confused_with if c.code == b]
    said += [c.boundary for c in book[b].confused_with if c.code == a]
    return next((words for words in said if not POINTER.match(words)), "") if said else ""


def segments(book: Codebook, text: str) -> tuple[tuple[str, str], ...]:
    """Cut a text at the ids of codes in it, giving (text, code or empty) pairs.

    Only ids with an underscore are taken for one; ``repair`` may be just a word.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "clear_limits"}]})
    >>> segments(book, "With a reason: clear_limits.")
    (('With a reason: ', ''), ('Clear limits', 'clear_limits'), ('.', ''))
    """
    cut = [
        (book[part].label, part) if "_" in part and part in book else (part, "")
        for part in re.split(r"(\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b)", text)
    ]
    return tuple((words, code) for words, code in cut if words)


def type_size(lengths: list[int], *, columns: int) -> float:
    """Return the largest type, in points, with which lines of text fill one landscape page.

    Parameters
    ----------
    lengths
        Characters in each paragraph.
    columns
        Columns on the page.
    """
    for size in (s / 10 for s in range(110, 40, -2)):
        per_line = PAGE_WIDTH / columns / (size * LETTER) - INDENT
        lines = sum(ceil(n / per_line) + GAP for n in lengths)
        if lines * size * LEADING <= PAGE_HEIGHT * columns * SPARE:
            return size
    return 4.0
