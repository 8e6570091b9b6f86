"""Rules of good keeping for a codebook: each finds what would trip a coder up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rupturecode.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rupturecode.codebook.model import Codebook

MAX_DEFINITION_WORDS = 80
MAX_CODES_ON_A_SHEET = 40
MAX_FAMILIES = 20

Finding = tuple[str, str]
"""The code (or empty for the whole book), and what is wrong with it."""


def no_definition(book: Codebook) -> Iterator[Finding]:
    """Find codes without a definition."""
    for code in book:
        if not code.definition:
            yield code.id, "has no definition: say in a sentence what it means"


def no_example(book: Codebook) -> Iterator[Finding]:
    """Find codes to be given that show no example."""
    for code in book:
        if not code.heading and not code.examples:
            yield code.id, "has no example: add an invented line of talk"


def no_boundary(book: Codebook) -> Iterator[Finding]:
    """Find pairs that are easily confused, with nothing said on either side.

    "See there" counts as nothing: one side has to say it.
    """
    said = {
        (c.id, f.code)
        for c in book
        for f in c.confused_with
        if f.boundary and not f.boundary.startswith("See ")
    }
    for code in book:
        for confusion in code.confused_with:
            pair = (code.id, confusion.code)
            if pair not in said and pair[::-1] not in said:
                yield (
                    code.id,
                    f"is easily confused with {confusion.code!r}: say what tells them apart",
                )


def orphan_parent(book: Codebook) -> Iterator[Finding]:
    """Find headings that group nothing."""
    for code in book:
        if code.heading and not book.children(code.id):
            yield code.id, "is a heading with no code below it"


def key_twice(book: Codebook) -> Iterator[Finding]:
    """Find keys for fast coding that name more than one code."""
    counts = Counter(code.key for code in book if code.key)
    for code in book:
        if counts[code.key] > 1:
            others = ", ".join(repr(c.id) for c in book if c.key == code.key and c != code)
            yield code.id, f"has the key {code.key!r}, as has {others}"


def key_hidden(book: Codebook) -> Iterator[Finding]:
    """Find headings with a key: nobody can give them."""
    for code in book:
        if code.key and code.heading:
            yield code.id, f"has the key {code.key!r}, but is a heading and never given"


def no_role(book: Codebook) -> Iterator[Finding]:
    """Find codes that none of the codebook's roles may carry."""
    for code in book:
        ancestors = {r for a in book.ancestors(code.id) for r in a.roles}
        if code.roles and book.roles and not set(code.roles) & set(book.roles):
            yield code.id, f"no role of this codebook may carry it ({', '.join(book.roles)})"
        elif code.roles and ancestors and not set(code.roles) & ancestors:
            above = ", ".join(sorted(ancestors))
            yield code.id, f"no role of the codes above it ({above}) may carry it"


def scale_without_anchors(book: Codebook) -> Iterator[Finding]:
    """Find ordinal scales that do not say what their values mean, and empty nominal ones."""
    for code in book:
        if code.scale.kind == "ordinal" and len(code.scale.anchors) < 2:
            yield code.id, "has an ordinal scale without anchors: say what at least two values mean"
        if code.scale.kind == "nominal" and not code.scale.categories:
            yield code.id, "has a nominal scale without categories"


def long_sheet(book: Codebook) -> Iterator[Finding]:
    """Find families that would make a coding sheet too long to keep in mind."""
    for top in book.top:
        below = [c for c in book.descendants(top.id) if not c.heading]
        if len(below) > MAX_CODES_ON_A_SHEET:
            yield (
                top.id,
                f"groups {len(below)} codes; coders lose hold of more than {MAX_CODES_ON_A_SHEET}",
            )
    if len(book.top) > MAX_FAMILIES:
        yield "", f"{len(book.top)} codes stand at the top: group them under headings"


def long_definition(book: Codebook) -> Iterator[Finding]:
    """Find definitions that nobody will read while coding."""
    for code in book:
        n = len(code.definition.split())
        if n > MAX_DEFINITION_WORDS:
            yield code.id, f"has a definition of {n} words: keep it under {MAX_DEFINITION_WORDS}"


RULES: dict[str, Callable[[Codebook], Iterator[Finding]]] = {
    "no-definition": no_definition,
    "no-example": no_example,
    "no-boundary": no_boundary,
    "orphan-parent": orphan_parent,
    "key-twice": key_twice,
    "key-hidden": key_hidden,
    "no-role": no_role,
    "no-anchors": scale_without_anchors,
    "long-sheet": long_sheet,
    "long-definition": long_definition,
}


def lint(book: Codebook) -> list[Problem]:
    """Return everything that would trip a coder up; the book itself is valid.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "a", "definition": "One."}]})
    >>> [p.kind for p in lint(book)]
    ['no-example']
    """
    return [
        Problem(f"code {code!r} {words}" if code else words, book.path, kind=name)
        for name, rule in RULES.items()
        for code, words in rule(book)
    ]
