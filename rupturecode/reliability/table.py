"""Rows of the agreement table: estimates, limits, what stands beside them, cautions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.display import counted
from rupturecode.reliability.breakdown import matrix_of
from rupturecode.reliability.observed import percent_agreement
from rupturecode.reliability.sample import stacked, why_impossible
from rupturecode.reliability.undefined import FEW_GIVEN, FEW_GROUPS, FEW_UNITS, why_undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.reliability.joint import Resampled
    from rupturecode.reliability.resampling import Limits
    from rupturecode.reliability.sample import Sample

_HIGH, _LOW = 0.8, 0.5
_FLATTERING = ("gwet_ac", "brennan_prediger", "percent_agreement")


def by_code(sample: Sample, drawn: Resampled, asked: Sequence[str] | None) -> pd.DataFrame:
    """Return one row per code and coefficient of one kind of unit."""
    limits = drawn.limits()
    row_of = {row: i for i, row in enumerate(sample.rows)}
    used = stacked([b.n_used for b in sample.blocks])
    context = _context(sample)
    rows = []
    for code in sample.ratings.codes:
        for name in asked or sample.measures[code].coefficients:
            row = row_of.get((code, name))
            values = _values(drawn, limits, row)
            beside = context[code] if row is None else context[code] | _resting(used[row])
            note = _note(sample, drawn, limits, (code, name), context[code], beside)
            interval = drawn.method if np.isfinite(values["low"]) else ""
            level = sample.measures[code].level_of(name)
            head = {"unit": sample.unit, "code": code, "coefficient": name, "level": level}
            rows.append(head | values | {"interval": interval} | beside | {"note": note})
    return pd.DataFrame(rows)


def _resting(used: NDArray[np.float64]) -> dict[str, float | int]:
    """Count the units and sessions that one coefficient rests on."""
    return {"n_units": int(used.sum()), "n_sessions": int((used > 0).sum())}


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
            "n_given": _n_given(sample, code),
            "prevalence": prevalence,
            "percent": percent_agreement(matrix),
            "positive": positive,
            "negative": negative,
        }
    return out


def _n_given(sample: Sample, code: str) -> float:
    """Count the units, of those two coders rated, on which somebody gave the code."""
    values, least = sample.of(code), sample.measures[code].lowest_present
    if not np.isfinite(least):
        return float("nan")
    shared = (~np.isnan(values)).sum(axis=1) > 1
    return float((shared & (np.nan_to_num(values, nan=-np.inf) >= least).any(axis=1)).sum())


def _note(  # noqa: PLR0917
    sample: Sample,
    drawn: Resampled,
    limits: Limits,
    row: tuple[str, str],
    context: dict[str, float | int],
    beside: dict[str, float | int],
) -> str:
    """Say why there is no estimate, or what to beware of.

    ``context`` counts what two coders rated, ``beside`` what the coefficient rests on.
    """
    code, name = row
    measure = sample.measures[code]
    if row not in sample.rows:
        return why_impossible(name, measure, len(sample.ratings.coders))
    i = sample.rows.index(row)
    if np.isnan(drawn.estimate[i]):
        return why_undefined(matrix_of(sample, code), name)
    cautions = [
        _incomplete(context, beside),
        _little_data(beside),
        _rarely_given(beside),
        _doubtful_interval(drawn, limits, i),
        _no_discrimination(name, float(drawn.estimate[i]), context),
    ]
    return "; ".join(c for c in cautions if c)


def _incomplete(context: dict[str, float | int], beside: dict[str, float | int]) -> str:
    """Say when a coefficient leaves out units that only some coders rated."""
    used, shared = beside["n_units"], context["n_units"]
    if used == shared:
        return ""
    return (
        f"rests on {counted(int(used), 'unit')} that every coder rated, of {shared} that two rated"
    )


def _little_data(context: dict[str, float | int]) -> str:
    n = context["n_units"]
    return f"only {counted(int(n), 'unit')} with two coders" if n < FEW_UNITS else ""


def _rarely_given(beside: dict[str, float | int]) -> str:
    n = beside["n_given"]
    if not 0 < n < FEW_GIVEN:
        return ""
    return f"given on only {counted(int(n), 'unit')}: an interval says little"


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
            "interval": np.where(np.isnan(limits.low), "", drawn.method),
            "n_codes": [len(rows) for rows in members],
            "note": [_note_of_mean(n, means, limits, i) for i, n in enumerate(undefined)],
        }
    )


def _note_of_mean(undefined: int, means: Resampled, limits: Limits, i: int) -> str:
    """Say which codes a mean leaves out, and what to beware of in its limits."""
    left_out = f"{counted(undefined, 'code')} undefined, left out" if undefined else ""
    doubt = "" if np.isnan(means.estimate[i]) else _doubtful_interval(means, limits, i)
    return "; ".join(c for c in (left_out, doubt) if c)
