"""Rows of the agreement table: estimates, limits, what stands beside them, cautions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.reliability.breakdown import matrix_of
from rupturecode.reliability.observed import percent_agreement
from rupturecode.reliability.sample import why_impossible
from rupturecode.reliability.undefined import FEW_GROUPS, FEW_UNITS, why_undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.reliability.joint import Resampled
    from rupturecode.reliability.resampling import Limits
    from rupturecode.reliability.sample import Sample

_HIGH, _LOW = 0.8, 0.5
_FLATTERING = ("gwet_ac", "brennan_prediger", "percent_agreement")


def by_code(sample: Sample, drawn: Resampled, asked: Sequence[str] | None) -> pd.DataFrame:
    """Return one row per code and coefficient of one kind of unit."""
    limits = drawn.limits()
    row_of = {row: i for i, row in enumerate(sample.rows)}
    context = _context(sample)
    rows = []
    for code in sample.ratings.codes:
        for name in asked or sample.measures[code].coefficients:
            values = _values(drawn, limits, row_of.get((code, name)))
            note = _note(sample, drawn, limits, (code, name), context[code])
            interval = drawn.method if np.isfinite(values["low"]) else ""
            level = sample.measures[code].level
            head = {"unit": sample.unit, "code": code, "coefficient": name, "level": level}
            rows.append(head | values | {"interval": interval} | context[code] | {"note": note})
    return pd.DataFrame(rows)


def _values(drawn: Resampled, limits: Limits, row: int | None) -> dict[str, float]:
    if row is None:
        return dict.fromkeys(("estimate", "low", "high", "se"), float("nan"))
    return {
        "estimate": float(drawn.estimate[row]),
        "low": float(limits.low[row]),
        "high": float(limits.high[row]),
        "se": float(limits.se[row]),
    }


def _context(sample: Sample) -> dict[str, dict[str, float | int]]:
    """Return what stands beside every coefficient of a code."""
    paired = sample.paired()
    beside = sample.beside.estimate()
    out: dict[str, dict[str, float | int]] = {}
    for c, code in enumerate(sample.ratings.codes):
        positive, negative, prevalence = (float(x) for x in beside[:, c])
        matrix = matrix_of(sample, code)
        out[code] = {
            "n_units": int(paired[code].sum()),
            "n_coders": int((matrix.codes >= 0).any(axis=1).sum()),
            "n_sessions": int((paired[code] > 0).sum()),
            "prevalence": prevalence,
            "percent": percent_agreement(matrix),
            "positive": positive,
            "negative": negative,
        }
    return out


def _note(
    sample: Sample,
    drawn: Resampled,
    limits: Limits,
    row: tuple[str, str],
    context: dict[str, float | int],
) -> str:
    """Say why there is no estimate, or what to beware of."""
    code, name = row
    measure = sample.measures[code]
    if row not in sample.rows:
        return why_impossible(name, measure, len(sample.ratings.coders))
    i = sample.rows.index(row)
    if np.isnan(drawn.estimate[i]):
        return why_undefined(matrix_of(sample, code), name)
    cautions = [
        _little_data(context),
        _doubtful_interval(drawn, limits, i),
        _no_discrimination(name, float(drawn.estimate[i]), context),
    ]
    return "; ".join(c for c in cautions if c)


def _little_data(context: dict[str, float | int]) -> str:
    n = context["n_units"]
    return f"only {n} unit(s) with two coders" if n < FEW_UNITS else ""


def _doubtful_interval(drawn: Resampled, limits: Limits, i: int) -> str:
    """Say why an estimate has no limits, or what they rest on."""
    drops, n = int(limits.undefined[i]), int(limits.n_groups[i])
    if np.isnan(limits.low[i]):
        return f"no interval: {_why_no_interval(drawn, drops, n, i)}"
    if n < FEW_GROUPS:
        return f"the interval rests on {n} {drawn.method.split()[0]}s only"
    if drops:
        return f"undefined in {drops} of {drawn.outcomes.shape[1]} resamples, which are left out"
    return ""


def _why_no_interval(drawn: Resampled, drops: int, n: int, i: int) -> str:
    if drawn.estimate[i] >= 1:
        return "no disagreement in the sample to make one from"
    if n < 2:
        return "everything lies in one group"
    if drops:
        return f"undefined in {drops} of {drawn.outcomes.shape[1]} resamples"
    return "resamples do not vary"


def _no_discrimination(name: str, estimate: float, context: dict[str, float | int]) -> str:
    """Warn of a high coefficient that comes from the code's absence."""
    if name not in _FLATTERING or estimate < _HIGH:
        return ""
    if context["positive"] < _LOW:
        where, what, share = "absence", "saw it", context["positive"]
    elif context["negative"] < _LOW:
        where, what, share = "presence", "did not see it", context["negative"]
    else:
        return ""
    return (
        f"high because coders agree on {where}: where one coder {what}, another agreed in a "
        f"share of {share:.2f}"
    )


def overall(sample: Sample, drawn: Resampled) -> pd.DataFrame:
    """Return the mean over codes of each coefficient, with limits from joint replicates."""
    names = list(dict.fromkeys(name for _, name in sample.rows))
    members = [
        [
            i
            for i, (_, other) in enumerate(sample.rows)
            if other == name and not np.isnan(drawn.estimate[i])
        ]
        for name in names
    ]
    means = drawn.means(members)
    limits = means.limits()
    undefined = [
        sum(other == name for _, other in sample.rows) - len(rows)
        for name, rows in zip(names, members, strict=True)
    ]
    return pd.DataFrame(
        {
            "unit": sample.unit,
            "coefficient": names,
            "estimate": means.estimate,
            "low": limits.low,
            "high": limits.high,
            "se": limits.se,
            "interval": drawn.method,
            "n_codes": [len(rows) for rows in members],
            "note": [f"{n} code(s) undefined, left out" if n else "" for n in undefined],
        }
    )
