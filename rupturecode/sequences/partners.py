"""Does one's own last turn or the partner's carry over? One estimate per dyad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences.limits import quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_EFFECTS = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 4
_TERMS = ("intercept", "actor", "partner", "interaction")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ActorPartner(Result):
    """Mean effects over dyads, and each dyad's own."""

    main: ClassVar[str] = "terms"

    terms: pd.DataFrame
    dyads: pd.DataFrame

    def headline(self) -> str:
        """Name the larger of the two effects."""
        t = self.terms.set_index("term")["estimate"]
        return (
            f"{len(self.dyads)} dyads: actor effect {t['actor']:.3g}, partner effect "
            f"{t['partner']:.3g} (log odds, half the difference between yes and no)."
        )


@check_kinds
def actor_partner(
    own: Sequence[Sequence[int]], partner: Sequence[Sequence[int]], *, confidence: float = 0.95
) -> ActorPartner:
    """Predict a behaviour from both partners' behaviour one step before.

    Each dyad gives a table of own next behaviour by own and partner's present one; one half
    is added to every count, effects are coded +1 and -1, and dyads are the units of a
    t-test.

    Parameters
    ----------
    own, partner
        One sequence of 0 and 1 per dyad, in step with each other.
    confidence
        Of the intervals.

    Raises
    ------
    UsageError
        When the sequences do not match, or there are fewer than two dyads.

    References
    ----------
    Bakeman, R. & Gottman, J. M. (1997). Observing Interaction, 2nd ed. (aggregated logit);
    Fuchs, P. et al. (2017). Frontiers in Psychology 8, 429.

    Examples
    --------
    >>> own, other = [[0, 1, 1, 0, 1], [1, 1, 0, 0, 1]], [[1, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    >>> actor_partner(own, other).terms["term"].tolist()
    ['intercept', 'actor', 'partner', 'interaction']
    """
    from scipy.stats import t

    if len(own) != len(partner) or len(own) < 2:
        raise UsageError("own and partner need the same dyads, at least two")
    tables = np.stack([_table(a, b) for a, b in zip(own, partner, strict=True)])
    effects = np.log((tables[:, :, 0] + 0.5) / (tables[:, :, 1] + 0.5)) @ _EFFECTS.T
    n = len(effects)
    mean, error = effects.mean(0), effects.std(0, ddof=1) / np.sqrt(n)
    statistic = np.divide(mean, error, out=np.full(4, np.nan), where=error > 0)
    half = quantile(confidence, n - 1) * error
    terms = pd.DataFrame(
        {
            "term": _TERMS, "estimate": mean, "low": mean - half, "high": mean + half,
            "se": error, "t": statistic, "p": 2 * t.sf(np.abs(statistic), n - 1), "n_units": n,
        }
    )  # fmt: skip
    dyads = pd.DataFrame(effects, columns=list(_TERMS))
    dyads.insert(0, "dyad", range(1, n + 1))
    return ActorPartner(terms=terms, dyads=dyads, settings={"confidence": confidence})


def _table(own: Sequence[int], partner: Sequence[int]) -> Ints:
    """Rows: both, own only, partner only, neither; columns: next own 1, next own 0."""
    a, b = as_numbers(own, "codes"), as_numbers(partner, "codes")
    if a.ndim != 1 or a.shape != b.shape or not np.isin([a, b], (0, 1)).all():
        raise UsageError("own and partner must be equally long sequences of 0 and 1")
    a, b = a.astype(np.int64), b.astype(np.int64)
    row = 2 * (1 - a[:-1]) + (1 - b[:-1])
    return np.bincount(row * 2 + (1 - a[1:]), minlength=8).reshape(4, 2)
