"""Run a codebook's boundary vignettes against its own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.codebook.rules import below, broken_on_unit, links_wanted
from rupturecode.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.codebook.model import Codebook
    from rupturecode.codebook.parts import Vignette, VignetteTurn


def check_vignettes(book: Codebook) -> list[Problem]:
    """Return where an expert's coding and the codebook's rules contradict each other.

    Within each reading, every code that an expert gives must be allowed (role, heading,
    scale, constraints, links), every code named as tempting must not be given, and every
    code under ``breaks`` must be refused by some rule.

    Examples
    --------
    >>> from rupturecode.codebook import load_codebook
    >>> check_vignettes(load_codebook("ccr"))
    []
    """
    return [
        Problem(f"vignette {vignette.id!r}: {words}", book.path, kind="vignette")
        for vignette in book.vignettes
        for words in _vignette(book, vignette)
    ]


def _vignette(book: Codebook, vignette: Vignette) -> Iterator[str]:
    for n, turn in enumerate(vignette.turns, start=1):
        readings = sorted({g.reading for g in turn.codes if g.reading}) or [""]
        for reading in readings:
            for words in _turn(book, turn, reading):
                yield f"turn {n}{f' as {reading} reads it' if reading else ''}: {words}"
        yield from (f"turn {n}: {words}" for words in _values(book, turn))
        yield from (f"turn {n}: {words}" for words in _links(book, vignette, n))
    yield from _dangling(vignette)


def _given(turn: VignetteTurn, reading: str) -> list[str]:
    return [g.code for g in turn.codes if g.reading in ("", reading)]


def _turn(book: Codebook, turn: VignetteTurn, reading: str) -> Iterator[str]:
    given = _given(turn, reading)
    for _, words in broken_on_unit(book, given, turn.role):
        yield words
    for refused in turn.not_codes:
        for code in given:
            if code in below(book, refused.code):
                yield f"{code!r} is given, and {refused.code!r} is named as not given"
    before = set(broken_on_unit(book, given, turn.role))
    for code in turn.breaks:
        if not set(broken_on_unit(book, [*given, code], turn.role)) - before:
            yield f"no rule refuses {code!r}, though the vignette says one does"


def _values(book: Codebook, turn: VignetteTurn) -> Iterator[str]:
    for given in turn.codes:
        fault = book[given.code].scale.fault(given.value, given.category)
        if fault and not book[given.code].heading:
            yield f"{given.code!r}: {fault}"


def _links(book: Codebook, vignette: Vignette, n: int) -> Iterator[str]:
    for given in vignette.turns[n - 1].codes:
        for relation, targets in links_wanted(book, given.code):
            if not any(
                link.from_turn == n
                and link.from_code == given.code
                and link.relation == relation
                and link.to_code in targets
                for link in vignette.links
            ):
                yield f"{given.code!r} needs a link {relation!r}, and none is given"


def _dangling(vignette: Vignette) -> Iterator[str]:
    for n, link in enumerate(vignette.links, start=1):
        for turn, code in ((link.from_turn, link.from_code), (link.to_turn, link.to_code)):
            if code not in {g.code for g in vignette.turns[turn - 1].codes}:
                yield f"link {n}: {code!r} is not given on turn {turn}"
