"""Exact permutation tests of lag-1 counts, without shuffling.

When the events of a session are put in random order, the number of times that code i is
followed by code j has a closed form: hypergeometric with N events, K marked and n drawn,
where K is the count of i and n that of j; for i followed by itself K is one less than the
count of i, since that many of its events can follow another. Sessions are
independent, so pooled counts are sums of such variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXACT = ""
MOMENTS = "p_exact by normal tails from exact mean and variance"
SHUFFLES = "p_exact by shuffles"
UNKNOWN = "no p_exact: order of codes unknown"
NO_SHUFFLES = "no p_exact: no closed form, and no shuffles asked for"

CONVOLVE_UP_TO = 2_000
"""Pooled counts that can take at most this many values are convolved exactly."""
CONVOLVE_BELOW_VARIANCE = 100.0
"""So are pooled counts of smaller variance than this, however many the sessions."""


def hypergeometric_moments(
    n_all: ArrayLike, marked: ArrayLike, drawn: ArrayLike
) -> tuple[Floats, Floats]:
    """Mean and variance of hypergeometric counts, elementwise; 0 where nothing can vary.

    References
    ----------
    Wampold, B. E. & Margolin, G. (1982). Psychological Bulletin 92, 755-765 (i not j).

    Examples
    --------
    >>> mean, variance = hypergeometric_moments(7, 3, 2)
    >>> round(float(mean), 4), round(float(variance), 4)
    (0.8571, 0.4082)
    """
    n, k, m = (np.asarray(x, dtype=np.float64) for x in (n_all, marked, drawn))
    safe = np.maximum(n, 1)
    mean = k * m / safe
    variance = mean * (n - k) * (n - m) / (safe * np.maximum(n - 1, 1))
    return mean, np.maximum(variance, 0)


def hypergeometric_pmf(n_all: int, marked: int, drawn: int) -> Floats:
    """Probabilities of the counts 0, 1, ... up to the largest possible one.

    Examples
    --------
    >>> hypergeometric_pmf(7, 3, 2).round(4).tolist()
    [0.2857, 0.5714, 0.1429]
    """
    from scipy.special import gammaln

    x = np.arange(min(marked, drawn) + 1, dtype=np.float64)
    low = max(0, marked + drawn - n_all)

    def log_choose(n: float, r: Floats) -> Floats:
        inside = (r >= 0) & (r <= n)
        r = np.where(inside, r, 0)
        value = gammaln(n + 1) - gammaln(r + 1) - gammaln(n - r + 1)
        return np.asarray(np.where(inside, value, -np.inf), dtype=np.float64)

    logs = log_choose(marked, x) + log_choose(n_all - marked, drawn - x)
    p: Floats = np.exp(logs - logs[low:].max(initial=-np.inf))
    return np.asarray(p / p.sum())


def pooled_pmf(n_all: Ints, marked: Ints, drawn: Ints) -> Floats:
    """Distribution of a sum of independent hypergeometric counts, by convolution.

    Examples
    --------
    >>> pooled_pmf(np.array([2, 2]), np.array([1, 1]), np.array([1, 1])).round(4).tolist()
    [0.25, 0.5, 0.25]
    """
    total = np.ones(1)
    for n, k, m in zip(n_all.tolist(), marked.tolist(), drawn.tolist(), strict=True):
        if k > 0 and m > 0:
            total = np.convolve(total, hypergeometric_pmf(n, k, m))
    return total


def two_sided(lower: ArrayLike, upper: ArrayLike) -> Floats:
    """Twice the smaller tail (each tail includes the observed count), at most 1.

    Examples
    --------
    >>> two_sided([0.01, 0.7], [0.995, 0.6]).tolist()
    [0.02, 1.0]
    """
    return np.asarray(np.minimum(1.0, 2 * np.minimum(lower, upper)))


@dataclass(frozen=True, slots=True, eq=False)
class OrderTest:
    """Test of each cell against random order within sessions; arrays are given × target."""

    expected: Floats
    variance: Floats
    z: Floats
    p: Floats
    """NaN where the count cannot vary."""
    how: NDArray[np.object_]
    """How p was had: ``EXACT``, ``MOMENTS``, ``SHUFFLES`` or ``UNKNOWN``."""


def hypergeometric_tests(observed: Ints, n_all: Ints, marked: Ints, drawn: Ints) -> OrderTest:
    """Test pooled hypergeometric counts, cell by cell.

    Parameters
    ----------
    observed
        Pooled counts, given × target.
    n_all, marked, drawn
        Parameters per session: sessions × given × target.

    Examples
    --------
    >>> one = np.array([[[7]]]), np.array([[[3]]]), np.array([[[2]]])
    >>> hypergeometric_tests(np.array([[2]]), *one).p.round(4).tolist()
    [[0.2857]]
    """
    means, variances = hypergeometric_moments(n_all, marked, drawn)
    expected, variance = means.sum(0), variances.sum(0)
    moving = variance > 1e-12
    z = np.full(expected.shape, np.nan)
    z[moving] = (observed - expected)[moving] / np.sqrt(variance[moving])
    sizes = np.minimum(marked, drawn).sum(0)
    exact = moving & ((sizes <= CONVOLVE_UP_TO) | (variance < CONVOLVE_BELOW_VARIANCE))
    p = np.full(expected.shape, np.nan)
    p[moving & ~exact] = _normal_p(
        (observed - expected)[moving & ~exact], variance[moving & ~exact]
    )
    for i, j in np.argwhere(exact):
        pmf = pooled_pmf(n_all[:, i, j], marked[:, i, j], drawn[:, i, j])
        x = int(observed[i, j])
        p[i, j] = two_sided(pmf[: x + 1].sum(), pmf[x:].sum())
    return OrderTest(expected, variance, z, p, np.where(exact, EXACT, MOMENTS))


def _normal_p(difference: Floats, variance: Floats) -> Floats:
    from scipy.special import ndtr

    distance = np.maximum(np.abs(difference) - 0.5, 0) / np.sqrt(variance)
    return np.asarray(np.minimum(1.0, 2 * ndtr(-distance)))


def order_tests(counts: Ints, totals: Ints, lengths: Ints) -> OrderTest:
    """Test lag-1 counts against random order of the events within each session.

    Parameters
    ----------
    counts
        Pooled lag-1 counts, given × target.
    totals
        Sessions × codes: how often each code occurs.
    lengths
        Events per session.

    References
    ----------
    The runs of one code follow Mood, A. M. (1940). Annals of Mathematical Statistics 11,
    367-392; the count of i then j follows by marking the events after an i.

    Examples
    --------
    >>> test = order_tests(np.array([[2, 1], [0, 1]]), np.array([[3, 2]]), np.array([5]))
    >>> test.expected.tolist()
    [[1.2, 1.2], [1.2, 0.4]]
    """
    k = totals.shape[1]
    marked = np.repeat(totals[:, :, None], k, axis=2)
    diagonal = np.arange(k)
    marked[:, diagonal, diagonal] = np.maximum(totals - 1, 0)
    drawn = np.repeat(totals[:, None, :], k, axis=1)
    n_all = np.broadcast_to(lengths[:, None, None], marked.shape)
    return hypergeometric_tests(counts, n_all, marked, drawn)


def followed_by_other_tests(counts: Ints, spots: Ints, totals: Ints, turns: Ints) -> OrderTest:
    """Test counts with the speakers held fixed: given and target by different speakers.

    The given codes stay where they are; the target speaker's codes are put in random order
    over that speaker's turns.

    Parameters
    ----------
    counts
        Pooled counts, given × target.
    spots
        Sessions × given × target: turns of the target's speaker that come ``lag`` turns
        after the given code.
    totals
        Sessions × given × target: turns with the target code.
    turns
        Sessions × given × target: turns of the target's speaker.

    Examples
    --------
    >>> cube = lambda x: np.array([[[x]]])
    >>> t = followed_by_other_tests(np.array([[2]]), cube(2), cube(2), cube(5))
    >>> t.p.round(4).tolist()
    [[0.2]]
    """
    return hypergeometric_tests(counts, turns, spots, totals)
