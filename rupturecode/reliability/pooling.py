"""Pool laboratories without sharing a word.

Sums per session (`rupturecode.reliability.session_sums`) add up, so the coefficients and
intervals of several files are those of the pooled annotations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.blocks import Block, computed
from rupturecode.reliability.coefficients import FROM_SUMS
from rupturecode.reliability.joint import plan_of, resampled_blocks
from rupturecode.reliability.sample import measure_of_presence
from rupturecode.reliability.scales import Measure, measure
from rupturecode.reliability.session_sums import SessionSums
from rupturecode.reliability.widening import union, widened
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.reliability.joint import Resampled

    Floats = NDArray[np.float64]

_BESIDE = ("positive_agreement", "negative_agreement", "prevalence")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PooledAgreement(Result):
    """Agreement over several laboratories."""

    main: ClassVar[str] = "by_code"
    by_code: pd.DataFrame
    """unit, code, coefficient, level, estimate, low, high, se, interval, n_units, n_sessions,
    n_laboratories, prevalence, positive, negative, note."""
    laboratories: pd.DataFrame
    """laboratory, n_coders, n_sessions, n_codes."""

    def headline(self) -> str:
        """Say how much was pooled."""
        return (
            f"Agreement on {counted(self.by_code['code'].nunique(), 'code')}, pooled over "
            f"{len(self.laboratories)} laboratories and "
            f"{int(self.laboratories['n_sessions'].sum())} sessions."
        )


@check_kinds
def pooled_agreement(
    laboratories: Iterable[SessionSums],
    *,
    coefficients: Sequence[str] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    replicates: int = 2000,
) -> PooledAgreement:
    """Return agreement over the sessions of all laboratories.

    Coefficients, and intervals that resample sessions, are those of the pooled annotations.

    Parameters
    ----------
    laboratories
        Sums with the same codebook, unit and groups.
    coefficients
        Names in COEFFICIENTS; chosen by scale unless given.
    confidence, seed, replicates
        As in ``agreement``.

    Raises
    ------
    UsageError
        When the sums do not belong together, or a laboratory is given twice.
    UnknownNameError
        When a coefficient is not known.
    """
    labs = list(laboratories)
    _check(labs, coefficients)
    plan = plan_of(None, None, confidence, replicates, seed)
    coders = union([lab.coders for lab in labs])
    codes = union([list(lab.codes) for lab in labs])
    measures = {code: _measure(labs, code, len(coders)) for code in codes}
    blocks = [_pooled(labs, code, measures[code], coders, coefficients) for code in codes]
    kept = [b for b in blocks if b.coefficients]
    drawn = resampled_blocks(kept, labs[0].by, plan)
    return PooledAgreement(
        by_code=_rows(labs, blocks, measures, drawn, coefficients),
        laboratories=pd.DataFrame(
            [(x.laboratory, len(x.coders), x.n_groups, len(x.codes)) for x in labs],
            columns=["laboratory", "n_coders", "n_sessions", "n_codes"],
        ),
        settings={
            "laboratories": [lab.laboratory for lab in labs],
            "codebook": labs[0].codebook,
            "unit": labs[0].unit,
            "coefficients": None if coefficients is None else list(coefficients),
            "confidence": confidence,
            "seed": seed,
            "resample": labs[0].by,
            "replicates": replicates,
        },
    )


def _check(labs: list[SessionSums], coefficients: Sequence[str] | None) -> None:
    if not labs or not all(isinstance(lab, SessionSums) for lab in labs):
        raise UsageError("nothing to pool: give the session_sums of one laboratory or more")
    for name in coefficients or ():
        if name not in FROM_SUMS:
            raise UnknownNameError("coefficient", name, FROM_SUMS)
    for what in ("codebook", "unit", "by"):
        found = union([[str(getattr(lab, what))] for lab in labs])
        if len(found) > 1:
            raise UsageError(f"laboratories differ in {what}: {' and '.join(found)}")
    names = [lab.laboratory for lab in labs]
    twice = [n for n in names if names.count(n) > 1]
    if twice:
        raise UsageError(f"laboratory {twice[0]!r} is given twice")


def _measure(labs: list[SessionSums], code: str, n_coders: int) -> Measure:
    """Return how a code is compared, with the categories that any laboratory used."""
    from rupturecode.codebook import Scale

    own = [lab.codes[code] for lab in labs if code in lab.codes]
    values = sorted({c for sums in own for c in sums.categories})
    scale = Scale(
        own[0].kind,
        categories=tuple(map(str, values)) if own[0].kind == "nominal" else (),
    )
    return measure(scale, np.array(values), n_coders)


def _pooled(
    labs: list[SessionSums],
    code: str,
    how: Measure,
    coders: tuple[str, ...],
    asked: Sequence[str] | None,
) -> Block:
    """Put the sums of one code side by side; a laboratory without the code is empty."""
    parts = _side_by_side(labs, code, how.categories, coders, beside=False)
    n_paired = np.concatenate(
        [lab.codes[code].n_paired if code in lab.codes else np.zeros(lab.n_groups) for lab in labs]
    )
    whole = _block(code, coders, (), how, parts=parts, n_paired=n_paired)
    able = tuple(c for c in asked or how.coefficients if not _why_not(c, whole))
    return replace(whole, coefficients=able)


def _block(
    code: str,
    coders: tuple[str, ...],
    coefficients: Sequence[str],
    how: Measure,
    *,
    parts: Mapping[str, Floats],
    n_paired: Floats,
) -> Block:
    n_groups = len(n_paired)
    features = np.concatenate([p.reshape(-1, 1, n_groups) for p in parts.values()])
    shapes = {name: p.shape[:-1] for name, p in parts.items()}
    return Block((code,), coders, tuple(coefficients), how.scheme, features, n_paired[None], shapes)


def _side_by_side(
    labs: list[SessionSums],
    code: str,
    categories: Sequence[float],
    coders: tuple[str, ...],
    *,
    beside: bool,
) -> dict[str, Floats]:
    out: dict[str, list[Floats]] = {}
    having = [lab for lab in labs if code in lab.codes]
    names = (having[0].codes[code].beside if beside else having[0].codes[code].parts).keys()
    for part in names:
        wide = {}
        for lab in having:
            own = lab.codes[code]
            given = (0.0, 1.0) if beside else own.categories
            wide[lab.laboratory] = widened(
                part,
                (own.beside if beside else own.parts)[part],
                _places(lab.coders, coders),
                _places(given, categories),
            )
        shape = next(iter(wide.values())).shape[:-1]
        out[part] = [wide.get(lab.laboratory, np.zeros((*shape, lab.n_groups))) for lab in labs]
    return {part: np.concatenate(sums, axis=-1) for part, sums in out.items()}


def _places(own: Sequence[object], everyone: Sequence[object]) -> tuple[NDArray[np.intp], int]:
    where = [list(everyone).index(name) for name in own]
    return np.array(where, dtype=np.intp), len(everyone)


def _why_not(coefficient: str, block: Block) -> str:
    if FROM_SUMS[coefficient].two_coders and len(block.coders) != 2:
        return f"compares two coders and {len(block.coders)} coded: ask for fleiss_kappa"
    needs = {*computed(coefficient, block.scheme).needs}
    return "" if needs <= {*block.shapes} else "is not for this scale"


def _rows(
    labs: list[SessionSums],
    blocks: list[Block],
    measures: Mapping[str, Measure],
    drawn: Resampled,
    asked: Sequence[str] | None,
) -> pd.DataFrame:
    limits = drawn.limits()
    statistics = [(b.codes[0], c) for b in blocks for c in b.coefficients]
    columns = (drawn.estimate, limits.low, limits.high, limits.se)
    rows = []
    for block in blocks:
        code = block.codes[0]
        context = _context(labs, block)
        for name in asked or measures[code].coefficients:
            values = [np.nan] * len(columns)
            if (code, name) in statistics:
                values = [float(c[statistics.index((code, name))]) for c in columns]
            head = {"unit": labs[0].unit, "code": code, "coefficient": name}
            rows.append(
                head
                | {"level": measures[code].level_of(name)}
                | dict(zip(("estimate", "low", "high", "se"), values, strict=True))
                | {"interval": drawn.method if np.isfinite(values[1]) else ""}
                | context
                | _resting(block, name)
                | {"note": _note(values, _why_not(name, block))}
            )
    return pd.DataFrame(rows)


def _resting(block: Block, coefficient: str) -> dict[str, int]:
    """Count what one coefficient rests on, which may be less than its code's units."""
    if coefficient not in block.coefficients:
        return {}
    used = block.n_used[block.coefficients.index(coefficient)]
    return {"n_units": int(used.sum()), "n_sessions": int((used > 0).sum())}


def _note(values: Sequence[float], why_not: str) -> str:
    if why_not:
        return why_not
    if np.isnan(values[0]):
        return "undefined: one category only, or no unit that the coefficient can use"
    return "no interval: resamples do not vary, or are undefined" if np.isnan(values[1]) else ""


def _context(labs: list[SessionSums], block: Block) -> dict[str, float | int]:
    code, coders = block.codes[0], block.coders
    parts = _side_by_side(labs, code, (0.0, 1.0), coders, beside=True)
    how = measure_of_presence()
    beside = _block(code, coders, _BESIDE, how, parts=parts, n_paired=block.n_paired[0]).estimate()[
        :, 0
    ]
    having = [lab for lab in labs if code in lab.codes and lab.codes[code].n_paired.any()]
    return {
        "n_units": int(block.n_paired.sum()),
        "n_sessions": int((block.n_paired > 0).sum()),
        "n_laboratories": len(having),
        "prevalence": float(beside[2]),
        "positive": float(beside[0]),
        "negative": float(beside[1]),
    }
