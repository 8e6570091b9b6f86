"""What a codebook's own rules say about the codes that one coder gives to one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rupturecode.codebook.model import Code, Codebook
    from rupturecode.codebook.parts import Constraint


def below(book: Codebook, code: str) -> frozenset[str]:
    """Return a code and all codes below it.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "a"}, {"id": "b", "parent": "a"}]})
    >>> sorted(below(book, "a"))
    ['a', 'b']
    """
    return frozenset([code, *(c.id for c in book.descendants(code))])


def sides(book: Codebook, rule: Constraint) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes that a rule binds, and those that it speaks of; with all codes below.

    A code never excludes itself, nor what stands with it below the code of the rule.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c"}],
    ...     "constraints": [{"kind": "excludes", "code": "a", "others": "c"}]})
    >>> [sorted(side) for side in sides(book, book.constraints[0])]
    [['a', 'b'], ['c']]
    """
    mine = below(book, rule.code)
    others = frozenset().union(*(below(book, o) for o in rule.others))
    return mine, others - mine if rule.kind == "excludes" else others


def broken_on_unit(
    book: Codebook, given: Collection[str], role: str | None = None
) -> Iterator[tuple[str, str]]:
    """Yield (code, what is wrong) for the codes that one coder gives to one unit.

    Headings that are given, roles that may not carry a code, and the constraints
    ``excludes`` and ``requires`` are looked at; links need more than one unit, see
    :func:`links_wanted`.

    Parameters
    ----------
    book
        Its constraints hold for the codes named in them and all codes below.
    given
        Ids of codes; unknown ones are left to others.
    role
        Role of the turn; None or "unknown" carries any code.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "taken"}, {"id": "missed"}],
    ...     "constraints": [{"kind": "excludes", "code": "taken", "others": "missed"}]})
    >>> list(broken_on_unit(book, ["taken", "missed"]))
    [('taken', "'taken' and 'missed' exclude each other")]
    """
    for code in (book[name] for name in given if name in book):
        yield from _alone(code, role)
    for rule in book.constraints:
        if rule.kind != "needs_link":
            yield from _together(book, rule, given)


def _alone(code: Code, role: str | None) -> Iterator[tuple[str, str]]:
    if code.heading:
        yield code.id, f"{code.id!r} is a heading: give a code below it"
    if not code.may_carry(role):
        yield code.id, f"{code.id!r} cannot be carried by {role}: only by {', '.join(code.roles)}"


def _together(
    book: Codebook, rule: Constraint, given: Collection[str]
) -> Iterator[tuple[str, str]]:
    mine, theirs = sides(book, rule)
    holders = [c for c in given if c in mine]
    others = [c for c in given if c in theirs]
    why = f" ({rule.why})" if rule.why else ""
    if rule.kind == "excludes":
        for holder in holders:
            for other in others:
                yield holder, f"{holder!r} and {other!r} exclude each other{why}"
    elif not others:
        for holder in holders:
            wanted = " or ".join(repr(o) for o in rule.others)
            yield holder, f"{holder!r} needs {wanted} on the same unit{why}"


def links_wanted(book: Codebook, code: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the links that a coding must have: relation, and the codes it may point at.

    Examples
    --------
    >>> from rupturecode.codebook import load_codebook
    >>> links_wanted(load_codebook("mco"), "mco_taken")
    (('responds_to', frozenset({'mco_opportunity'})),)
    """
    links = ((rule, *sides(book, rule)) for rule in book.constraints if rule.kind == "needs_link")
    return tuple((rule.relation, others) for rule, mine, others in links if code in mine)
