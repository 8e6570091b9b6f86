"""Whether agreement differs: before and after training, between groups, between codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.joint import Resampled, plan_of, regrouped, resampled_blocks
from rupturecode.reliability.sample import Sample, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.annotation import Annotations

_ALPHA = ("krippendorff_alpha",)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AgreementDifference(Result):
    """How far agreement differs between two sets of ratings."""

    main: ClassVar[str] = "by_code"

    by_code: pd.DataFrame
    """unit, code, against, coefficient, first, second, difference (second less first), low,
    high, se, interval, n_units_first, n_units_second, note; code "mean" is the mean over the
    codes that are defined in both."""

    def headline(self) -> str:
        """Say how many differences are told from none."""
        table = self.by_code[self.by_code["code"] != "mean"]
        sure = ((table["low"] > 0) | (table["high"] < 0)).sum()
        known = table["difference"].notna().sum()
        return f"Agreement differs (its interval leaves out 0) in {sure} of {known} comparisons."


@check_kinds
def compare_agreement(
    first: Annotations,
    second: Annotations,
    unit: str = "turn",
    codes: Sequence[str] | None = None,
    *,
    coefficients: Sequence[str] = _ALPHA,
    confidence: float = 0.95,
    seed: int = 0,
    resample: str | None = None,
    cases: Mapping[str, str] | None = None,
    replicates: int = 2000,
) -> AgreementDifference:
    """Return the difference in agreement between two codings, with intervals.

    Sessions that occur in both are drawn together, so that what they have in common cancels
    out (before and after training on the same sessions); others are drawn side by side (two
    groups of sessions). The interval of a difference is not the gap between two intervals.

    Parameters
    ----------
    first, second
        Codings with the same codebook, such as ``notes.only(round=1)`` and
        ``notes.only(round=2)``, or ``notes.only(sessions=...)`` twice.
    unit, confidence, seed, resample, cases, replicates
        As in :func:`rupturecode.reliability.agreement`; not resample="unit".
    codes
        Codes of the codebook; those given in both unless named.
    coefficients
        Names in COEFFICIENTS.

    Raises
    ------
    UsageError
        When a layer is a consensus, or units would be resampled.

    References
    ----------
    Joint resampling: Efron & Tibshirani (1993), ch. 8.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": ["s1"] * 6 + ["s2"] * 6, "unit": [*range(1, 7)] * 2})
    >>> marks = pd.DataFrame({"session": ["s1", "s1", "s2", "s2"], "turn": [2, 2, 3, 4],
    ...     "code": "withdrawal", "coder": ["AK", "BL", "AK", "BL"]})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> found = compare_agreement(notes.only(sessions=["s1"]), notes.only(sessions=["s2"]))
    >>> found.by_code[["first", "second"]].round(2).values.tolist()[0]
    [1.0, -0.1]
    """
    plan = plan_of(resample, cases, confidence, replicates, seed)
    if plan.by == "unit":
        raise UsageError("a comparison resamples sessions or cases, which both codings can share")
    wanted = [c for c in first.codes if c in second.codes] if codes is None else listed(codes)
    sessions = list(dict.fromkeys([*first.sessions, *second.sessions]))
    coefficients = listed(coefficients)
    samples = [take(notes, unit, wanted, coefficients, sessions) for notes in (first, second)]
    parts = [regrouped(s, plan, fall_back=False) for s in samples]
    drawn = resampled_blocks([b for _, blocks in parts for b in blocks], parts[0][0], plan)
    rows = [(s, row) for s, sample in enumerate(samples) for row in sample.rows]
    place = {row: i for i, row in enumerate(rows)}
    pairs = [
        (code, code, name, place[0, (code, name)], place[1, (code, name)])
        for code, name in samples[0].rows
        if (1, (code, name)) in place
    ]
    table = _differences(unit, drawn, pairs, (samples[0], samples[1]))
    return AgreementDifference(
        by_code=table,
        settings=_settings(locals() | {"codes": wanted}) | {"compared": "codings"},
    )


@check_kinds
def compare_codes(
    notes: Annotations,
    first: str,
    second: str,
    unit: str = "turn",
    *,
    coefficients: Sequence[str] = _ALPHA,
    confidence: float = 0.95,
    seed: int = 0,
    resample: str | None = None,
    cases: Mapping[str, str] | None = None,
    replicates: int = 2000,
) -> AgreementDifference:
    """Return how much better coders agree on one code than on another, with an interval.

    Both codes are rated in the same sessions, which are drawn together.

    Parameters
    ----------
    notes
        Coding by two or more coders.
    first, second
        The codes.
    unit, coefficients, confidence, seed, resample, cases, replicates
        As in :func:`rupturecode.reliability.agreement`.

    Raises
    ------
    UnknownNameError
        When a code or coefficient is not known.
    UsageError
        When the layer is a consensus.
    """
    plan = plan_of(resample, cases, confidence, replicates, seed)
    coefficients = listed(coefficients)
    sample = take(notes, unit, [first, second], coefficients)
    by, blocks = regrouped(sample, plan)
    drawn = resampled_blocks(blocks, by, plan)
    place = {row: i for i, row in enumerate(sample.rows)}
    for name in coefficients:
        if (first, name) not in place or (second, name) not in place:
            raise UnknownNameError("coefficient for both codes", name, {n for _, n in place})
    pairs = [
        (first, second, name, place[first, name], place[second, name]) for name in coefficients
    ]
    table = _differences(unit, drawn, pairs, (sample, sample))
    return AgreementDifference(
        by_code=table[table["code"] != "mean"].reset_index(drop=True),
        settings=_settings(locals()) | {"compared": "codes"},
    )


def _settings(arguments: Mapping[str, object]) -> dict[str, object]:
    names = ("unit", "codes", "coefficients", "confidence", "seed", "resample", "replicates")
    return {n: arguments[n] for n in names if n in arguments}


def _differences(
    unit: str,
    drawn: Resampled,
    pairs: Sequence[tuple[str, str, str, int, int]],
    samples: tuple[Sample, Sample],
) -> pd.DataFrame:
    """Return one row per pair of statistics, and the mean over codes per coefficient."""
    names = list(dict.fromkeys(name for _, _, name, _, _ in pairs))
    groups = [
        [p for p in pairs if p[2] == n and not np.isnan(drawn.estimate[[p[3], p[4]]]).any()]
        for n in names
    ]
    a = drawn.means([[p[3]] for p in pairs] + [[p[3] for p in g] for g in groups])
    b = drawn.means([[p[4]] for p in pairs] + [[p[4] for p in g] for g in groups])
    apart = b.less(a)
    limits = apart.limits()
    n_first, n_second = ({c: int(n.sum()) for c, n in s.paired().items()} for s in samples)
    rows = [(c, d, name, n_first[c], n_second[d]) for c, d, name, _, _ in pairs]
    rows += [
        ("mean", "mean", name, sum(n_first[p[0]] for p in g), sum(n_second[p[1]] for p in g))
        for name, g in zip(names, groups, strict=True)
    ]
    heads = ["code", "against", "coefficient", "n_units_first", "n_units_second"]
    frame = pd.DataFrame(rows, columns=heads)
    frame.insert(0, "unit", unit)
    frame.insert(4, "first", a.estimate)
    frame.insert(5, "second", b.estimate)
    frame.insert(6, "difference", apart.estimate)
    for i, column in enumerate(("low", "high", "se")):
        frame.insert(7 + i, column, getattr(limits, column))
    frame.insert(10, "interval", np.where(np.isnan(limits.low), "", drawn.method))
    undefined = np.isnan(apart.estimate)
    frame["note"] = np.where(undefined, "undefined on one side or both: see agreement()", "")
    return frame
