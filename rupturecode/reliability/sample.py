"""Ratings of many codes on one kind of unit, summed by session, ready to be resampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.blocks import Block, build_block
from rupturecode.reliability.coefficients import FROM_SUMS
from rupturecode.reliability.scales import Measure, measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations, RatingArray
    from rupturecode.codebook import Scale

    Floats = NDArray[np.float64]

_BESIDE = ("positive_agreement", "negative_agreement", "prevalence")
TALLY = "tally"


@dataclass(frozen=True, eq=False)
class Sample:
    """One kind of unit: ratings, and their sums by session."""

    unit: str
    ratings: RatingArray
    measures: dict[str, Measure]
    blocks: tuple[Block, ...]
    beside: Block
    """Present or absent: positive and negative agreement, prevalence."""
    sessions: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Code and coefficient of every statistic, in the order of the arrays."""
        return [(code, c) for b in self.blocks for c in b.coefficients for code in b.codes]

    def of(self, code: str) -> Floats:
        """Return one code's ratings, units × coders."""
        return np.asarray(self.ratings.values[self.ratings.codes.index(code)])

    def paired(self) -> dict[str, Floats]:
        """Return per code the units that two or more coders rated, by session."""
        return {code: b.n_paired[i] for b in self.blocks for i, code in enumerate(b.codes)}


def take(
    notes: Annotations,
    unit: str,
    codes: Sequence[str] | None,
    coefficients: Sequence[str] | None,
    sessions: Sequence[str] | None = None,
) -> Sample:
    """Sum the ratings of some codes on one kind of unit by session.

    Raises
    ------
    UnknownNameError
        When a code or coefficient is not known.
    UsageError
        When the layer is a consensus, or nothing was coded.
    """
    if notes.layer == "consensus":
        raise UsageError(
            "agreement on a consensus layer is full by construction: pass the coding that it "
            "was made from (its .sources)"
        )
    for name in coefficients or ():
        if name not in FROM_SUMS:
            raise UnknownNameError("coefficient", name, FROM_SUMS)
    array = tallies(notes.ratings_all(codes)) if unit == TALLY else notes.ratings_all(codes, unit)
    if not array.codes:
        raise UsageError("nobody gave a code: name codes=[...] to ask for some all the same")
    kept = tuple(notes.sessions if sessions is None else sessions)
    names = array.units.get_level_values(0)
    place = {s: i for i, s in enumerate(kept)}
    inside = names.isin(kept)
    groups = np.array([place[s] for s in names[inside]], dtype=np.intp)
    order = np.argsort(groups, kind="stable")
    array = type(array)(
        _compared(array.values[:, np.flatnonzero(inside)[order]]),
        array.codes,
        array.units[inside][order],
        array.coders,
        array.categories,
    )
    return _sum(notes, unit, array, coefficients, (groups[order], kept))


def _compared(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the ratings of units that two coders or more rated.

    A session that one coder read is no part of the reliability sample: left in, it would
    move the chance term of the kappas by codings that nobody checked. A code of which no
    unit was rated twice keeps its ratings, so that the reason it gets is the true one.
    """
    alone = (~np.isnan(values)).sum(axis=2, keepdims=True) < 2
    compared = (~alone).any(axis=1, keepdims=True)
    return np.where(alone & compared, np.nan, values)


def _sum(
    notes: Annotations,
    unit: str,
    array: RatingArray,
    coefficients: Sequence[str] | None,
    grouping: tuple[NDArray[np.intp], tuple[str, ...]],
) -> Sample:
    groups, names = grouping
    n_coders = len(array.coders)
    measures = {
        code: measure(_scale(notes, code, unit), array.values[i], n_coders)
        for i, code in enumerate(array.codes)
    }
    together: dict[object, list[int]] = {}
    for i, code in enumerate(array.codes):
        together.setdefault(measures[code].key, []).append(i)
    blocks = []
    for members in together.values():
        first = measures[array.codes[members[0]]]
        blocks.append(
            build_block(
                array.values[members],
                [array.codes[i] for i in members],
                array.coders,
                _possible(coefficients or first.coefficients, first, n_coders),
                first.scheme,
                categories=first.categories,
                groups=groups,
                n_groups=len(names),
            )
        )
    beside = _present_or_absent(array, measures, groups, len(names))
    return Sample(unit, array, measures, tuple(blocks), beside, names)


def _scale(notes: Annotations, code: str, unit: str) -> Scale:
    """Return a code's scale; a tally of it is a count."""
    scale = notes.codebook[code].scale
    return type(scale)("count") if unit == TALLY else scale


def refuse_tallies(unit: str) -> None:
    """Refuse tallies where single units are looked at.

    Raises
    ------
    UsageError
        When the unit is a tally.
    """
    if unit == TALLY:
        raise UsageError("a tally has no units to look at: use unit='turn' or another kind")


def tallies(array: RatingArray) -> RatingArray:
    """Return how often each coder gave each code in each session, from ratings of turns.

    A session counts for a coder who rated all turns in it that somebody rated.
    """
    names = array.units.get_level_values(0)
    sessions = list(dict.fromkeys(names))
    starts = np.flatnonzero(names[1:] != names[:-1]) + 1
    starts = np.concatenate([[0], starts]).astype(np.intp)
    rated = ~np.isnan(array.values)
    turns = np.add.reduceat(rated, starts, axis=1, dtype=np.int64)
    everyone = np.add.reduceat(rated.any(axis=2), starts, axis=1, dtype=np.int64)
    sums = np.add.reduceat(np.where(rated, array.values, 0.0), starts, axis=1)
    complete = (turns == everyone[:, :, None]) & (turns > 0)
    units = type(array.units).from_product([sessions, [1]], names=["session", "unit"])
    values = np.where(complete, sums, np.nan)
    return type(array)(values, array.codes, units, array.coders, {})


def _possible(names: Sequence[str], measure: Measure, n_coders: int) -> tuple[str, ...]:
    """Leave out what the scale or the number of coders rules out; the table says so."""
    return tuple(n for n in names if not why_impossible(n, measure, n_coders))


def why_impossible(name: str, measure: Measure, n_coders: int) -> str:
    """Say why a coefficient cannot be computed on a scale, or return an empty string."""
    if FROM_SUMS[name].two_coders and n_coders != 2:
        return f"compares two coders and {n_coders} coded: see by_pair, or ask for fleiss_kappa"
    if name in ("positive_agreement", "negative_agreement", "prevalence", "pabak"):
        return "" if len(measure.categories) == 2 else "is for codes that are present or absent"
    if (
        name.lower().startswith("icc")
        and measure.level == "nominal"
        and len(measure.categories) > 2
    ):
        return "is for numbers"
    return ""


def _present_or_absent(
    array: RatingArray,
    measures: Mapping[str, Measure],
    groups: NDArray[np.intp],
    n_groups: int,
) -> Block:
    """Sum every code as present or absent; nominal codes are left out of it."""
    least = np.array([measures[c].lowest_present for c in array.codes])[:, None, None]
    rated = ~np.isnan(array.values) & np.isfinite(least)
    values = np.where(rated, array.values >= least, np.nan)
    binary = measure_of_presence()
    return build_block(
        values,
        array.codes,
        array.coders,
        _BESIDE,
        binary.scheme,
        categories=binary.categories,
        groups=groups,
        n_groups=n_groups,
    )


def measure_of_presence() -> Measure:
    """Return how present-or-absent ratings are compared."""
    from rupturecode.codebook import Scale

    return measure(Scale(), np.empty(0), 0)


def stacked(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Put coefficients × codes of several blocks below one another."""
    return np.concatenate([a.reshape(a.shape[0] * a.shape[1], *a.shape[2:]) for a in arrays])
