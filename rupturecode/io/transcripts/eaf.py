"""ELAN (.eaf): tiers with a speaker each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UnknownNameError
from rupturecode.io.parsers import eaf
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.speech_tiers import Layer, Piece, likely
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.io.parsers.eaf import Eaf, Tier

NAME = "eaf"
_SIGN = re.compile(r"<ANNOTATION_DOCUMENT[\s>]")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is an ELAN file."""
    del name
    return _SIGN.search(preview(head)) is not None


def read(
    data: bytes,
    *,
    source: str,
    tiers: Iterable[str] | Mapping[str, str] | None = None,
) -> Draft:
    """Read the annotations of tiers as turns.

    The speaker is the tier's participant, else its name. Without ``tiers``, those are read
    that hang on no other tier, have no controlled vocabulary and hold words: the rest
    subdivide or code what is said there. Which tiers were not read stands in the warnings.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    tiers
        The tiers that hold speech, or a mapping from tier to speaker.

    Raises
    ------
    ParseError
        When the file is malformed or hostile, no tier holds speech, or, without ``tiers``,
        one may hold codes.
    UnknownNameError
        When there is no tier of a name given.

    Examples
    --------
    >>> data = b'''<ANNOTATION_DOCUMENT><TIME_ORDER>
    ... <TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="900"/>
    ... </TIME_ORDER><TIER TIER_ID="T"><ANNOTATION>
    ... <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
    ... <ANNOTATION_VALUE>Hm.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>
    ... </ANNOTATION></TIER></ANNOTATION_DOCUMENT>'''
    >>> read(data, source="s01.eaf").ends
    [900]
    """
    found = eaf.parse(data, source=source)
    draft = Draft(NAME, source)
    speakers = _likely(found, draft) if tiers is None else _named(found, tiers)
    if not speakers:
        names = ", ".join(repr(t.id) for t in found.tiers[:10]) or "none"
        raise ParseError(f"no tier holds speech; say tiers=[...]. Tiers: {names}", source)
    pieces = [
        (a.start_ms, i, n, a)
        for i, tier in enumerate(found.tiers)
        if tier.id in speakers
        for n, a in enumerate(tier.annotations)
    ]
    untimed = [p for p in pieces if p[0] is None]
    timed = sorted((p for p in pieces if p[0] is not None), key=lambda p: (p[0] or 0, p[1], p[2]))
    for number, (start, i, _, a) in enumerate([*timed, *untimed], start=1):
        flags = ("time-interpolated",) if a.interpolated else ()
        speaker = speakers[found.tiers[i].id]
        draft.add(speaker, a.text.strip(), start, a.end_ms, line=number, flags=flags)
    if untimed:
        draft.warn(f"{len(untimed)} annotations without a time stand at the end")
    left = [t.id for t in found.tiers if t.id not in speakers]
    if left:
        draft.warn("tiers not read as speech: " + ", ".join(map(repr, left)))
    draft.info["version"] = found.version
    if found.media:
        draft.info["media"] = [url.rsplit("/", 1)[-1] for url in found.media]
    return draft


def _likely(found: Eaf, draft: Draft) -> dict[str, str]:
    """Return the speakers of the tiers that hold speech where nobody says which."""
    below: dict[str | None, list[str]] = {}
    for tier in found.tiers:
        if any(" " in a.text.strip() for a in tier.annotations):
            below.setdefault(tier.parent, []).append(tier.id)
    roots = [t for t in found.tiers if t.parent is None and t.vocabulary is None and t.annotations]
    layers = [
        Layer(
            t.id,
            [Piece(a.start_ms, a.end_ms, a.text) for a in t.annotations],
            t.type or "",
            t.annotator or "",
            below.get(t.id, ()),
        )
        for t in roots
    ]
    speakers = {roots[i].id: _speaker(roots[i]) for i in likely(layers, draft)}
    twice = {s: [t for t, who in speakers.items() if who == s] for s in set(speakers.values())}
    for speaker, names in sorted(twice.items()):
        if len(names) > 1:
            listed = ", ".join(map(repr, names))
            draft.warn(f"several tiers were read as speech of {speaker!r}: {listed}")
    return speakers


def _named(found: Eaf, tiers: Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    """Return the speakers of the tiers that are asked for."""
    known = {t.id: t for t in found.tiers}
    names = list(tiers)
    for name in names:
        if name not in known:
            raise UnknownNameError("tier", name, known)
    given = tiers if isinstance(tiers, Mapping) else {}
    return {name: given.get(name) or _speaker(known[name]) for name in names}


def _speaker(tier: Tier) -> str:
    return tier.participant or tier.id
