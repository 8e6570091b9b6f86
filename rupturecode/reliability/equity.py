"""Whether coders agree less, or set another threshold, for some clients than for others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.reliability.against_others import against_others
from rupturecode.reliability.joint import plan_of, resampled_blocks
from rupturecode.reliability.resampling import jackknife_limits
from rupturecode.reliability.sample import Sample, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.reliability.blocks import Block
    from rupturecode.reliability.joint import Plan, Resampled

    Bools = NDArray[np.bool_]

_NAN = float("nan")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Equity(Result):
    """Agreement and thresholds by group, small groups suppressed."""

    main: ClassVar[str] = "by_group"
    by_group: pd.DataFrame
    """unit, code, group, estimate, low, high, prevalence, n_units, n_sessions, suppressed,
    note."""
    differences: pd.DataFrame
    """unit, code, group, estimate, others (agreement in all other groups), difference, low,
    high, interval, note."""
    thresholds: pd.DataFrame
    """unit, code, coder, group, leaning (how much more often than the other coders, on the
    same units), low, high, n_units, n_sessions, suppressed, note."""

    def headline(self) -> str:
        """Say where an interval leaves out 0, without a verdict."""
        known = self.differences.dropna(subset=["low", "high"])
        off = known[(known["low"] > 0) | (known["high"] < 0)]
        n = len(known)
        hidden = int(self.by_group["suppressed"].sum())
        tail = f"; {counted(hidden, 'cell')} suppressed" if hidden else ""
        return (
            f"Agreement of a group differs from the others' in {len(off)} of {n} comparisons "
            f"(intervals that leave out 0){tail}."
        )


@check_kinds
def equity(
    notes: Annotations,
    groups: Mapping[str, str],
    *,
    unit: str = "turn",
    codes: Sequence[str] | None = None,
    coefficient: str = "krippendorff_alpha",
    smallest: int = 5,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> Equity:
    """Compare groups of sessions, such as client groups or dyads, that the study names.

    Groups are never inferred. A cell with fewer sessions than ``smallest`` is suppressed:
    it would say more about persons than about coders. A difference between groups can come
    from the sessions, not the coders: look at the turns before drawing a conclusion, and
    mind that among many comparisons some leave out 0 by chance.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    groups
        Session to group; sessions without one are left out.
    unit, codes, coefficient
        As in ``agreement``.
    smallest
        Double-coded sessions that a cell must have.
    confidence, replicates, seed
        Of the intervals, which resample sessions.

    Raises
    ------
    UsageError
        When fewer than two groups are named, or the layer is a consensus.
    UnknownNameError
        When a code or coefficient is not known.

    References
    ----------
    Thresholds: Engelhard, G. (1994). Examining rater errors in the assessment of written
    composition. J. Educ. Meas. 31, 93-112 (differential functioning of raters), here as a
    difference of rates on the same units. Intervals: see
    `rupturecode.reliability.resampling`.
    """
    kept = [s for s in notes.sessions if s in groups]
    names = sorted({groups[s] for s in kept})
    if len(names) < 2:
        raise UsageError("name two groups or more: groups={session: group}")
    if smallest < 2:
        raise UsageError(f"smallest={smallest}: a cell needs 2 sessions or more")
    plan = plan_of("session", None, confidence, replicates, seed)
    codes = listed(codes)
    sample = take(notes, unit, codes, [coefficient], kept)
    of_session = np.array([groups[s] for s in sample.sessions], dtype=object)
    by_group, differences = [], []
    for name in names:
        inside = of_session == name
        drawn = _apart(sample, inside, plan)
        by_group += _of_group(sample, name, inside, drawn, smallest)
        differences += _against(sample, name, inside, drawn, smallest)
    return Equity(
        by_group=pd.DataFrame(by_group),
        differences=pd.DataFrame(differences),
        thresholds=_thresholds(sample, of_session, smallest, confidence),
        settings={
            "groups": {s: groups[s] for s in kept},
            "unit": unit,
            "codes": codes,
            "coefficient": coefficient,
            "smallest": smallest,
            "confidence": confidence,
            "replicates": replicates,
            "seed": seed,
        },
    )


def _only(block: Block, inside: Bools) -> Block:
    """Empty the sessions outside, so that both sides share the draws of all sessions."""
    return replace(block, features=block.features * inside, n_paired=block.n_paired * inside)


def _apart(sample: Sample, inside: Bools, plan: Plan) -> Resampled:
    """Resample a group and all others together: first its statistics, then theirs."""
    blocks = [_only(b, side) for side in (inside, ~inside) for b in sample.blocks]
    return resampled_blocks(blocks, "session", plan)


def _n_sessions(sample: Sample, code: str, inside: Bools) -> int:
    return int(((sample.paired()[code] > 0) & inside).sum())


def _of_group(
    sample: Sample, group: str, inside: Bools, drawn: Resampled, smallest: int
) -> list[dict[str, object]]:
    limits = drawn.limits()
    prevalence = _only(sample.beside, inside).estimate()[-1]
    rows: list[dict[str, object]] = []
    for i, (code, _) in enumerate(sample.rows):
        n = _n_sessions(sample, code, inside)
        hidden = n < smallest
        values: dict[str, object] = {
            "estimate": float(drawn.estimate[i]),
            "low": float(limits.low[i]),
            "high": float(limits.high[i]),
            "prevalence": float(prevalence[sample.ratings.codes.index(code)]),
            "n_units": int((sample.paired()[code] * inside).sum()),
            "n_sessions": n,
        }
        undefined = "undefined: see agreement()" if np.isnan(drawn.estimate[i]) else ""
        rows.append(
            {"unit": sample.unit, "code": code, "group": group}
            | (_blank(values) if hidden else values)
            | {"suppressed": hidden, "note": _few(smallest) if hidden else undefined}
        )
    return rows


def _blank(values: Mapping[str, object]) -> dict[str, object]:
    return dict.fromkeys(values, _NAN)


def _few(smallest: int) -> str:
    return f"fewer than {smallest} sessions: suppressed"


def _against(
    sample: Sample, group: str, inside: Bools, drawn: Resampled, smallest: int
) -> list[dict[str, object]]:
    n = len(sample.rows)
    own, others = drawn.means([[i] for i in range(n)]), drawn.means([[n + i] for i in range(n)])
    apart = own.less(others)
    limits = apart.limits()
    rows: list[dict[str, object]] = []
    for i, (code, _) in enumerate(sample.rows):
        fewest = min(_n_sessions(sample, code, side) for side in (inside, ~inside))
        hidden = fewest < smallest
        values: dict[str, object] = {
            "estimate": float(own.estimate[i]),
            "others": float(others.estimate[i]),
            "difference": float(apart.estimate[i]),
            "low": float(limits.low[i]),
            "high": float(limits.high[i]),
        }
        undefined = "undefined in a group: see agreement()" if np.isnan(apart.estimate[i]) else ""
        known = not hidden and np.isfinite(limits.low[i])
        rows.append(
            {"unit": sample.unit, "code": code, "group": group}
            | (_blank(values) if hidden else values)
            | {
                "interval": drawn.method if known else "",
                "note": _few(smallest) if hidden else undefined,
            }
        )
    return rows


def _thresholds(
    sample: Sample, of_session: NDArray[np.object_], smallest: int, confidence: float
) -> pd.DataFrame:
    rows = []
    place = dict(zip(sample.sessions, of_session, strict=True))
    for code in sample.ratings.codes:
        for k, coder in enumerate(sample.ratings.coders):
            found = against_others(sample, code, k)
            if found is None:
                continue
            group = found["session"].map(place)
            for name in sorted({*of_session}):
                head = {"unit": sample.unit, "code": code, "coder": coder, "group": name}
                rows.append(head | _leaning(found[group == name], smallest, confidence))
    return pd.DataFrame(rows)


def _leaning(found: pd.DataFrame, smallest: int, confidence: float) -> dict[str, object]:
    """Return how much more often than the others a coder gives a code, over some sessions."""
    more, n = found["more"].to_numpy(dtype=np.float64), found["n_units"].to_numpy()
    if len(found) < smallest:
        blank = dict.fromkeys(("leaning", "low", "high", "n_units", "n_sessions"), _NAN)
        return blank | {"suppressed": True, "note": _few(smallest)}
    estimate = np.array([more.sum() / n.sum()])
    without = ((more.sum() - more) / (n.sum() - n))[None]
    limits = jackknife_limits(estimate, without, np.ones((1, len(n)), dtype=bool), confidence)
    return {
        "leaning": float(estimate[0]),
        "low": float(limits.low[0]),
        "high": float(limits.high[0]),
        "n_units": int(n.sum()),
        "n_sessions": len(found),
        "suppressed": False,
        "note": "" if np.isfinite(estimate[0]) else "a nominal code has no threshold",
    }
