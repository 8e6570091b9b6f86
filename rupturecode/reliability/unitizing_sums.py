"""Observed and expected disagreement of free stretches, by both generations of formulas.

Equations are those of Krippendorff (2019), section 12.6, and Krippendorff (2004); see
`rupturecode.reliability.unitizing`.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.reliability.continuum import Continuum, Span

    Floats = NDArray[np.float64]

_NAN = float("nan")


def of_2016(whole: Continuum, form: str, category: str | None) -> tuple[float, float]:
    """Return observed and expected disagreement of the forms of 2016."""
    names = [None, *whole.categories]
    parts = {coder: whole.partition(coder) for coder in whole.coders}
    met = _coincidences(parts, names)
    if form in ("u", "binary"):
        chance = _expected(met, _alone(parts, names))
        if form == "u":
            return float(met.sum() - np.trace(met)), float(chance.sum() - np.trace(chance))
        return float(2 * met[0, 1:].sum()), float(2 * chance[0, 1:].sum())
    met = met[1:, 1:]
    if not met.sum():
        return _NAN, _NAN
    chance = _expected(met, _alone_where_paired(whole, names[1:]))
    if form == "cu":
        return float(met.sum() - np.trace(met)), float(chance.sum() - np.trace(chance))
    k = whole.categories.index(str(category))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (met[:, k].sum() - met[k, k]) / met[:, k].sum()
        by_chance = (chance[:, k].sum() - chance[k, k]) / chance[:, k].sum()
    return float(share), float(by_chance)


def _ends(spans: list[Span]) -> tuple[Floats, Floats]:
    return np.array([s.start for s in spans]), np.array([s.end for s in spans])


def _shared(a: list[Span], b: list[Span]) -> Floats:
    """Return the shared length of each span of one coder with each of another."""
    (start_a, end_a), (start_b, end_b) = _ends(a), _ends(b)
    shared = np.minimum.outer(end_a, end_b) - np.maximum.outer(start_a, start_b)
    return np.asarray(np.maximum(shared, 0.0))


def _coincidences(parts: dict[str, list[Span]], names: list[str | None]) -> Floats:
    """Eq. 32: how much of the continuum two coders gave to each pair of categories."""
    met = np.zeros((len(names), len(names)))
    where = {
        c: np.array([names.index(s.category) for s in own], dtype=np.intp)
        for c, own in parts.items()
    }
    for a, b in permutations(parts, 2):
        at = np.broadcast_arrays(where[a][:, None], where[b][None, :])
        np.add.at(met, tuple(at), _shared(parts[a], parts[b]))
    return np.asarray(met / (len(parts) - 1))


def _alone(parts: dict[str, list[Span]], names: list[str | None]) -> Floats:
    """Return per category what cannot meet by chance: a stretch with itself (eq. 33).

    A gap is no unit that would move as a whole; its places are taken one by one.
    """
    out = np.zeros(len(names))
    for own in parts.values():
        for s in own:
            out[names.index(s.category)] += s.length if s.category is None else s.length**2
    return out


def _alone_where_paired(whole: Continuum, names: list[str | None]) -> Floats:
    """Return the same, counting only what of a stretch some other coder cut out too."""
    out = np.zeros(len(names))
    for coder, own in whole.spans.items():
        others = _union([s for c, spans in whole.spans.items() if c != coder for s in spans])
        shared = _shared(list(own), others).sum(axis=1) if own and others else np.zeros(len(own))
        for span, length in zip(own, shared, strict=True):
            out[names.index(span.category)] += length**2
    return out


def _union(spans: list[Span]) -> list[Span]:
    """Join stretches that overlap."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if out and span.start <= out[-1].end:
            out[-1] = out[-1]._replace(end=max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _expected(met: Floats, alone: Floats) -> Floats:
    """Eq. 33: the coincidences that chance would give."""
    margin, total = met.sum(axis=1), met.sum()
    room = total - alone.sum() / total
    if room <= 0:
        return np.zeros_like(met)
    return np.asarray((np.outer(margin, margin) - np.diag(alone)) / room)


def observed_2004(own: Continuum) -> float:
    """Squared distances of the ends of stretches that overlap; a stretch in a gap whole."""
    parts = {coder: own.partition(coder) for coder in own.coders}
    total = 0.0
    for a, b in permutations(parts, 2):
        (start_a, end_a), (start_b, end_b) = _ends(parts[a]), _ends(parts[b])
        unit_a = np.array([s.category is not None for s in parts[a]])[:, None]
        unit_b = np.array([s.category is not None for s in parts[b]])[None, :]
        apart = np.subtract.outer(start_a, start_b) ** 2 + np.subtract.outer(end_a, end_b) ** 2
        meet = _shared(parts[a], parts[b]) > 0
        total += apart[meet & unit_a & unit_b].sum()
        inside = np.greater_equal.outer(start_a, start_b) & np.less_equal.outer(end_a, end_b)
        length = np.broadcast_to((end_a - start_a)[:, None], inside.shape)
        total += 2 * (length[inside & unit_a & ~unit_b] ** 2).sum()
    m = len(own.coders)
    return float(total / (m * (m - 1) * own.length**2))


def expected_2004(own: Continuum) -> float:
    """Krippendorff (2004): the same over all ways to lay the stretches, places whole numbers."""
    parts = [s for coder in own.coders for s in own.partition(coder)]
    units = np.array([s.length for s in parts if s.category is not None])
    gaps = np.array([s.length for s in parts if s.category is None])
    m, whole = len(own.coders), own.length
    room = np.maximum(gaps[None, :] - units[:, None] + 1, 0.0)
    room[gaps[None, :] < units[:, None]] = 0.0
    between_units = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    in_gaps = units**2 * room.sum(axis=1)
    ways = m * whole * (m * whole - 1) - (units * (units - 1)).sum()
    return float(2 / whole * (between_units + in_gaps).sum() / ways) if ways > 0 else _NAN
