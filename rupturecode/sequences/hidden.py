"""Hidden Markov chains with known parameters: how likely is each state, which path is best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.arguments import as_numbers
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StateChances:
    """Chance of each state at each step (steps × states)."""

    filtered: Floats
    """Given the observations so far."""
    smoothed: Floats
    """Given all observations."""
    log_likelihood: float


def _check(
    start: ArrayLike, transition: ArrayLike, emission: ArrayLike, observed: ArrayLike
) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    p, a, b = (np.atleast_1d(as_numbers(x, "chances")) for x in (start, transition, emission))
    places = np.atleast_1d(as_numbers(observed, "observations"))
    sums_up = all(np.allclose(x.sum(-1), 1) and (x >= 0).all() for x in (p, a, b))
    k = len(p)
    if not sums_up or a.shape != (k, k) or b.shape[0] != k:
        raise UsageError("start, transition (k × k) and emission (k × symbols) must sum to 1")
    if not places.size or not np.isin(places, np.arange(b.shape[1])).all():
        raise UsageError("observations are positions in the columns of emission, at least one")
    return p, a, b, places.astype(np.int64)


def state_chances(
    start: ArrayLike, transition: ArrayLike, emission: ArrayLike, observed: ArrayLike
) -> StateChances:
    """Forward and backward pass, scaled so that long sequences do not underflow.

    Parameters
    ----------
    start
        Chance of each state at the first observation.
    transition
        From × to.
    emission
        State × symbol.
    observed
        Symbols as positions in the columns of ``emission``.

    Raises
    ------
    UsageError
        When shapes or sums do not fit.

    References
    ----------
    Rabiner, L. R. (1989). Proceedings of the IEEE 77, 257-286.

    Examples
    --------
    >>> p = state_chances([0.5, 0.5], [[0.7, 0.3], [0.3, 0.7]], [[0.9, 0.1], [0.2, 0.8]], [0])
    >>> p.filtered.round(4).tolist()
    [[0.8182, 0.1818]]
    """
    p, a, b, o = _check(start, transition, emission, observed)
    n = len(o)
    forward, scale = np.zeros((n, len(p))), np.zeros(n)
    prior = p
    for t in range(n):
        joint = prior * b[:, o[t]]
        scale[t] = joint.sum()
        if scale[t] == 0:
            raise UsageError(f"observation {t + 1} is impossible under these parameters")
        forward[t] = joint / scale[t]
        prior = forward[t] @ a
    backward = np.ones((n, len(p)))
    for t in range(n - 2, -1, -1):
        backward[t] = a @ (b[:, o[t + 1]] * backward[t + 1]) / scale[t + 1]
    return StateChances(forward, forward * backward, float(np.log(scale).sum()))


def best_path(
    start: ArrayLike, transition: ArrayLike, emission: ArrayLike, observed: ArrayLike
) -> tuple[list[int], float]:
    """Most likely sequence of states (Viterbi) and the log of its probability.

    Parameters
    ----------
    start, transition, emission, observed
        As for :func:`state_chances`.

    References
    ----------
    Viterbi, A. J. (1967). IEEE Transactions on Information Theory 13, 260-269.

    Examples
    --------
    >>> best_path([0.6, 0.4], [[0.7, 0.3], [0.4, 0.6]], [[0.9, 0.1], [0.2, 0.8]], [0, 1])[0]
    [0, 1]
    """
    p, a, b, o = _check(start, transition, emission, observed)
    with np.errstate(divide="ignore"):
        log_p, log_a, log_b = np.log(p), np.log(a), np.log(b)
    score = log_p + log_b[:, o[0]]
    back = np.zeros((len(o), len(p)), dtype=np.int64)
    for t in range(1, len(o)):
        options = score[:, None] + log_a
        back[t] = options.argmax(0)
        score = options.max(0) + log_b[:, o[t]]
    path = [int(score.argmax())]
    for t in range(len(o) - 1, 0, -1):
        path.append(int(back[t, path[-1]]))
    return path[::-1], float(score.max())
