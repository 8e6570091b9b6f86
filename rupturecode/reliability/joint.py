"""Intervals for all statistics of a sample at once, from the same draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.arguments import check_confidence
from rupturecode.errors import UsageError
from rupturecode.reliability.blocks import build_block
from rupturecode.reliability.resampling import (
    ENOUGH_GROUPS,
    Limits,
    bootstrap_limits,
    draws,
    jackknife_limits,
)
from rupturecode.reliability.sample import stacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.reliability.blocks import Block
    from rupturecode.reliability.sample import Sample

    Floats = NDArray[np.float64]

_FEWEST = 100  # replicates that can say anything about the tails


@dataclass(frozen=True, eq=False)
class Plan:
    """How intervals are made."""

    by: str
    """What is drawn: session, case or unit."""
    confidence: float
    replicates: int
    seed: int
    cases: Mapping[str, str] | None = None


def plan_of(
    by: str | None,
    cases: Mapping[str, str] | None,
    confidence: float,
    replicates: int,
    seed: int,
) -> Plan:
    """Check how intervals shall be made.

    Raises
    ------
    UsageError
        When it is not known what to draw, the confidence is no share, or replicates are too
        few for an interval.
    """
    chosen = by or ("session" if cases is None else "case")
    if chosen not in ("session", "case", "unit"):
        raise UsageError(f'resample={chosen!r}: use "session", "case" or "unit"')
    if chosen == "case" and cases is None:
        raise UsageError("resampling cases needs cases={session: case}")
    check_confidence(confidence)
    if replicates and replicates < _FEWEST:
        raise UsageError(f"replicates={replicates}: use {_FEWEST} or more, or 0 for the jackknife")
    return Plan(chosen, confidence, replicates, seed, None if cases is None else dict(cases))


@dataclass(frozen=True, eq=False)
class Resampled:
    """Statistics with and without what is drawn."""

    method: str
    estimate: Floats
    outcomes: Floats
    """Statistics × replicates (bootstrap) or × groups (jackknife)."""
    holds: NDArray[np.bool_]
    """Statistics × groups."""
    confidence: float
    bounds: tuple[float, float] = (-1.0, 1.0)
    """Where limits end."""

    def limits(self) -> Limits:
        """Return the interval of each statistic."""
        if "jackknife" in self.method:
            return jackknife_limits(
                self.estimate, self.outcomes, self.holds, self.confidence, self.bounds
            )
        return bootstrap_limits(self.outcomes, self.holds, self.confidence)

    def means(self, rows: Sequence[Sequence[int]]) -> Resampled:
        """Return means of statistics, over those defined in each replicate."""
        holds = [self.holds[list(r)].any(axis=0) for r in rows]
        return replace(
            self,
            estimate=_means(self.estimate[:, None], rows)[:, 0],
            outcomes=_means(self.outcomes, rows),
            holds=np.array(holds, dtype=bool).reshape(len(rows), self.holds.shape[1]),
        )

    def less(self, other: Resampled) -> Resampled:
        """Return the differences of statistics, replicate by replicate."""
        return replace(
            self,
            estimate=self.estimate - other.estimate,
            outcomes=self.outcomes - other.outcomes,
            holds=self.holds | other.holds,
            bounds=(-2.0, 2.0),
        )


def _means(values: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    out = np.full((len(rows), values.shape[1]), np.nan)
    for i, r in enumerate(rows):
        part = values[list(r)]
        defined = ~np.isnan(part)
        with np.errstate(invalid="ignore"):
            out[i] = np.where(defined, part, 0.0).sum(axis=0) / defined.sum(axis=0)
    return out


def resampled(sample: Sample, plan: Plan) -> Resampled:
    """Resample the groups that two coders share; the others inform chance in every replicate."""
    by, blocks = regrouped(sample, plan)
    return resampled_blocks(blocks, by, plan)


def resampled_blocks(blocks: Sequence[Block], by: str, plan: Plan) -> Resampled:
    """Resample the groups of several blocks together, so that all share the same draws."""
    holds = stacked([b.n_used > 0 for b in blocks])
    drawn = np.flatnonzero(holds.any(axis=0))
    estimate = stacked([b.estimate() for b in blocks])
    holds = holds[:, drawn]
    doubt = ", as if independent" if by == "unit" else ""
    if len(drawn) < ENOUGH_GROUPS or plan.replicates == 0:
        values = stacked([b.without_each()[..., drawn] for b in blocks])
        return Resampled(f"{by} jackknife-t{doubt}", estimate, values, holds, plan.confidence)
    values = np.concatenate(
        [
            stacked([b.resampled(_full(w, drawn, b.n_groups)) for b in blocks])
            for w in draws(len(drawn), plan.replicates, plan.seed)
        ],
        axis=1,
    )
    return Resampled(f"{by} bootstrap{doubt}", estimate, values, holds, plan.confidence)


def _full(weights: NDArray[Any], drawn: NDArray[np.intp], n_groups: int) -> NDArray[Any]:
    """Give every group that is not drawn the weight 1."""
    if len(drawn) == n_groups:
        return weights
    out = np.ones((n_groups, weights.shape[1]), dtype=weights.dtype)
    out[drawn] = weights
    return out


def regrouped(
    sample: Sample, plan: Plan, *, fall_back: bool = True
) -> tuple[str, tuple[Block, ...]]:
    """Return blocks whose groups are what is to be drawn, and its name.

    With one double-coded session there is nothing to draw but its units.
    """
    several = (np.sum([*sample.paired().values()], axis=0) > 0).sum() > 1
    if plan.by == "unit" or (fall_back and not several):
        return "unit", _by_unit(sample)
    if plan.by == "session":
        return "session", sample.blocks
    cases = plan.cases or {}
    unknown = [s for s in sample.sessions if pd.isna(cases.get(s))]
    if unknown:
        raise UsageError(f"session {unknown[0]!r} has no case: give cases={{session: case}}")
    names = list(dict.fromkeys(cases[s] for s in sample.sessions))
    case_of = np.array([names.index(cases[s]) for s in sample.sessions], dtype=np.intp)
    return "case", tuple(b.regrouped(case_of, len(names)) for b in sample.blocks)


def _by_unit(sample: Sample) -> tuple[Block, ...]:
    n_units = len(sample.ratings.units)
    return tuple(
        build_block(
            np.stack([sample.of(c) for c in b.codes]),
            b.codes,
            b.coders,
            b.coefficients,
            b.scheme,
            categories=sample.measures[b.codes[0]].categories,
            groups=np.arange(n_units),
            n_groups=n_units,
        )
        for b in sample.blocks
    )
