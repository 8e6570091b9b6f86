"""Planning: what agreement to expect, and how many sessions to double-code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.reliability.joint import plan_of, regrouped, resampled_blocks
from rupturecode.reliability.sample import Sample, stacked, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations

    Floats = NDArray[np.float64]

_MOST = 10_000  # sessions: more than any lab double-codes
_FEWEST = 3


def expected_coefficients(
    prevalence: float | Sequence[float],
    sensitivity: float | tuple[float, float],
    specificity: float | tuple[float, float],
) -> pd.DataFrame:
    """Return the agreement that two coders of known accuracy would reach.

    Both judge independently given what is there. The coefficients are those of endless
    units: alpha is then Scott's pi.

    Parameters
    ----------
    prevalence
        Share of units that truly carry the code; one or several.
    sensitivity
        Chance that a coder gives the code where it is; one, or one per coder.
    specificity
        Chance that a coder does not give it where it is not; one, or one per coder.

    Returns
    -------
    Columns prevalence, percent, positive, negative, cohen_kappa, krippendorff_alpha, gwet_ac,
    note.

    Raises
    ------
    UsageError
        When a share is not between 0 and 1.

    References
    ----------
    Kraemer, H. C. (1979). Ramifications of a population model for kappa as a coefficient of
    reliability. Psychometrika 44, 461-472. Feinstein, A. R. & Cicchetti, D. V. (1990). High
    agreement but low kappa: I. J. Clin. Epidemiol. 43, 543-549.

    Examples
    --------
    >>> expected_coefficients([0.02, 0.5], 0.80, 0.95)["cohen_kappa"].round(3).tolist()
    [0.181, 0.575]
    """
    sens, spec = _pair(sensitivity, "sensitivity"), _pair(specificity, "specificity")
    shares = np.atleast_1d(as_numbers(prevalence, "prevalence"))
    if ((shares < 0) | (shares > 1)).any():
        raise UsageError(f"prevalence={prevalence}: give shares between 0 and 1")
    both = shares * sens[0] * sens[1] + (1 - shares) * (1 - spec[0]) * (1 - spec[1])
    neither = shares * (1 - sens[0]) * (1 - sens[1]) + (1 - shares) * spec[0] * spec[1]
    first, second = (shares * s + (1 - shares) * (1 - c) for s, c in zip(sens, spec, strict=True))
    mean, seen = (first + second) / 2, both + neither
    chance = {
        "cohen_kappa": first * second + (1 - first) * (1 - second),
        "krippendorff_alpha": mean**2 + (1 - mean) ** 2,
        "gwet_ac": 2 * mean * (1 - mean),
    }
    one = (mean <= 0) | (mean >= 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {n: np.where(one, np.nan, (seen - e) / (1 - e)) for n, e in chance.items()}
        positive, negative = both / mean, neither / (1 - mean)
    beside = {"prevalence": shares, "percent": seen, "positive": positive, "negative": negative}
    note = np.where(one, "both coders use one category only", "")
    return pd.DataFrame({**beside, **found, "note": note})


def _pair(value: float | tuple[float, float], name: str) -> tuple[float, float]:
    shares = as_numbers(value, name)
    if shares.shape not in {(), (2,)} or not ((shares >= 0) & (shares <= 1)).all():
        raise UsageError(f"{name}={value}: give a share between 0 and 1, or one for each coder")
    return float(shares.flat[0]), float(shares.flat[-1])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DoubleCoding(Result):
    """How many sessions to double-code."""

    main: ClassVar[str] = "needed"
    needed: pd.DataFrame
    """unit, code, coefficient, estimate (pilot), n_pilot, se (pilot), n_sessions (needed for
    the wanted width), note."""
    widths: pd.DataFrame
    """unit, code, coefficient, n_sessions, width (expected, from the pilot's spread),
    simulated (from sessions drawn out of the pilot)."""

    def headline(self) -> str:
        """Say the number that is enough for every code that can be planned."""
        known = self.needed["n_sessions"].dropna()
        if known.empty:
            return "The pilot is too small to plan from."
        rest = len(self.needed) - len(known)
        more = f"; {rest} cannot be planned from this pilot" if rest else ""
        return (
            f"Double-code {int(known.max())} sessions for intervals of width "
            f"{self.settings['width']} or less on {counted(len(known), 'code')}{more}."
        )


@check_kinds
def plan_double_coding(
    pilot: Annotations,
    width: float = 0.2,
    *,
    unit: str = "turn",
    codes: Sequence[str] | None = None,
    coefficient: str = "krippendorff_alpha",
    sizes: Sequence[int] = (5, 10, 20, 40, 80),
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> DoubleCoding:
    """Return how many sessions give an interval of a wanted width.

    The pilot's session jackknife gives the standard error for its number of sessions; it
    falls with the root of their number. The limits use Student's t like the intervals of
    ``agreement``. Beside it stands the width found by drawing sessions out of the pilot.

    Parameters
    ----------
    pilot
        Sessions that two or more coders coded; ten or more give a usable plan.
    width
        Wanted distance from the lower limit to the upper.
    unit, codes, coefficient
        As in ``agreement``.
    sizes
        Numbers of sessions to show.
    confidence
        Level of the interval.
    replicates, seed
        Of the simulation.

    Raises
    ------
    UsageError
        When the width is not above 0, a size is below 3, or the layer a consensus.
    UnknownNameError
        When a code or coefficient is not known.

    References
    ----------
    Efron & Tibshirani (1993), ch. 11 (jackknife) and ch. 6 (bootstrap standard errors).
    """
    if not width > 0 or min(sizes, default=0) < _FEWEST:
        raise UsageError(f"give a width above 0 and sizes of {_FEWEST} sessions or more")
    codes = listed(codes)
    sample = take(pilot, unit, codes, [coefficient])
    by_session = plan_of("session", None, confidence, 0, seed)
    by, blocks = regrouped(sample, by_session, fall_back=False)
    found = resampled_blocks(blocks, by, by_session)
    limits = found.limits()
    per_session = limits.se * np.sqrt(limits.n_groups)
    enough = [_enough(s, width, confidence) for s in per_session]
    head = {
        "unit": unit,
        "code": [code for code, _ in sample.rows],
        "coefficient": coefficient,
    }
    return DoubleCoding(
        needed=pd.DataFrame(
            {
                **head,
                "estimate": found.estimate,
                "n_pilot": limits.n_groups,
                "se": limits.se,
                "n_sessions": pd.array(enough, dtype="Int64"),
                "note": [
                    _note(s, n, k)
                    for s, n, k in zip(per_session, limits.n_groups, enough, strict=True)
                ],
            }
        ),
        widths=_widths(sample, per_session, head, sizes, confidence, replicates, seed),
        settings={
            "width": width,
            "unit": unit,
            "codes": codes,
            "coefficient": coefficient,
            "sizes": list(sizes),
            "confidence": confidence,
            "replicates": replicates,
            "seed": seed,
        },
    )


def _width(per_session: Floats, n: Floats, confidence: float) -> Floats:
    from scipy.special import stdtrit

    freedom = np.maximum(n - 2, 1.0)  # as in the intervals of few sessions
    return np.asarray(2 * stdtrit(freedom, 0.5 + confidence / 2) * per_session / np.sqrt(n))


def _enough(per_session: float, width: float, confidence: float) -> int | None:
    """Return the smallest number of sessions that is enough; widths fall with it."""
    if not per_session > 0:
        return None
    n = np.arange(_FEWEST, _MOST + 1, dtype=np.float64)
    narrow = _width(np.full(len(n), per_session), n, confidence) <= width
    return int(n[narrow.argmax()]) if narrow.any() else None


def _note(per_session: float, n: int, enough: int | None) -> str:
    if np.isnan(per_session):
        return "the pilot gives no standard error: too few sessions, or no disagreement"
    if enough is None:
        return f"more than {_MOST} sessions"
    return f"the plan rests on {n} sessions only" if n < 10 else ""


def _widths(  # noqa: PLR0917 - all that a plan is made from
    sample: Sample,
    per_session: Floats,
    head: Mapping[str, object],
    sizes: Sequence[int],
    confidence: float,
    replicates: int,
    seed: int,
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    shared = np.flatnonzero(np.sum([*sample.paired().values()], axis=0) > 0)
    frames = []
    for n in sizes:
        counts = rng.multinomial(n, np.full(len(shared), 1 / len(shared)), replicates).T
        weights = np.zeros((len(sample.sessions), replicates))
        weights[shared] = counts
        drawn = stacked([b.resampled(weights) for b in sample.blocks])
        # The spread of a draw from so few sessions is too small by a known share.
        spread = _spread(drawn) * np.sqrt(len(shared) / max(len(shared) - 1, 1))
        unit_width = _width(np.ones(len(spread)), np.full(len(spread), float(n)), confidence)
        frames.append(
            pd.DataFrame(
                {
                    **head,
                    "n_sessions": n,
                    "width": unit_width * per_session,
                    "simulated": unit_width * np.sqrt(n) * spread,
                }
            )
        )
    return pd.concat(frames, ignore_index=True).sort_values(
        ["code", "n_sessions"], kind="stable", ignore_index=True
    )


def _spread(drawn: Floats) -> Floats:
    """Return the standard deviation of each row's defined values; NaN where there is one."""
    defined = ~np.isnan(drawn)
    n = defined.sum(axis=1)
    values = np.where(defined, drawn, 0.0)
    centre = values.sum(axis=1) / np.maximum(n, 1)
    squares = np.where(defined, (values - centre[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)
