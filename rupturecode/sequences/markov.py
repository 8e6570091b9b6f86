"""Markov chains of codes: long-run shares, passage times, and tests of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.sequences.encode import Sequences, count_pairs_by_session, encode
from rupturecode.sequences.testing import TestResult, chi2_test
from rupturecode.sequences.twobytwo import not_negative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def _chain(matrix: ArrayLike) -> Floats:
    wanted = "a transition matrix is square, 0 or more, and every row sums to 1"
    p = not_negative(matrix, wanted)
    square = p.ndim == 2 and p.shape[0] == p.shape[1]
    if not square or not np.allclose(p.sum(1), 1, atol=1e-8):
        raise UsageError(wanted)
    return p


@check_kinds
def transition_rates(
    sequences: Sequences,
    *,
    lag: int = 1,
    weights: ArrayLike | None = None,
    labels: Iterable[object] | None = None,
) -> pd.DataFrame:
    """Estimate the transition matrix pooled over sequences.

    Parameters
    ----------
    sequences
        Codes per session.
    lag
        Distance in events.
    weights
        One weight per session; default 1.
    labels
        Codes in the order wanted.

    Returns
    -------
    Given × target probabilities; a row of NaN where a code never has a successor.

    Raises
    ------
    UsageError
        When there is not one weight per session.

    References
    ----------
    Gabadinho, A. et al. (2011). Journal of Statistical Software 40(4).

    Examples
    --------
    >>> transition_rates([list("aab")]).round(2).values.tolist()
    [[0.5, 0.5], [nan, nan]]
    """
    data = encode(sequences, labels)
    counts = count_pairs_by_session(data, lag).astype(np.float64)
    if weights is not None:
        w = np.asarray(weights, dtype=np.float64)
        if w.shape != (len(counts),):
            raise UsageError(f"{len(counts)} sessions need {len(counts)} weights")
        counts *= w[:, None, None]
    return pd.DataFrame(_rates(counts.sum(0)), index=data.labels, columns=data.labels)


def _rates(counts: Floats) -> Floats:
    row = counts.sum(-1, keepdims=True)
    rates: Floats = np.divide(counts, row, out=np.full(counts.shape, np.nan), where=row > 0)
    return rates


def stationary_distribution(matrix: ArrayLike) -> Floats:
    """Long-run share of each state of an irreducible chain.

    Raises
    ------
    UsageError
        When the matrix is no transition matrix, or has no single long-run distribution.

    References
    ----------
    Grinstead, C. M. & Snell, J. L. (1997). Introduction to Probability, ch. 11.

    Examples
    --------
    >>> stationary_distribution([[0.5, 0.5], [0.25, 0.75]]).round(4).tolist()
    [0.3333, 0.6667]
    """
    p = _chain(matrix)
    k = len(p)
    system = np.vstack([p.T - np.eye(k), np.ones(k)])
    if np.linalg.matrix_rank(system[:-1], tol=1e-10) < k - 1:
        raise UsageError("the chain falls into parts: it has no single long-run distribution")
    solution: Floats = np.linalg.lstsq(system, np.append(np.zeros(k), 1.0), rcond=None)[0]
    return np.maximum(solution, 0)


def mean_first_passage(matrix: ArrayLike) -> Floats:
    """Mean number of steps from each state until another is first reached.

    Parameters
    ----------
    matrix
        Transition probabilities of an irreducible chain.

    Returns
    -------
    From × to; the diagonal is 0.

    Raises
    ------
    UsageError
        When a state cannot be reached from every other.

    References
    ----------
    Grinstead & Snell (1997), ch. 11.

    Examples
    --------
    >>> mean_first_passage([[0.5, 0.5], [0.25, 0.75]]).tolist()
    [[0.0, 2.0], [4.0, 0.0]]
    """
    p = _chain(matrix)
    k = len(p)
    out = np.zeros((k, k))
    for j in range(k):
        others = np.arange(k) != j
        system = np.eye(k - 1) - p[np.ix_(others, others)]
        if k > 1 and np.linalg.matrix_rank(system) < k - 1:
            raise UsageError(f"state {j + 1} cannot be reached from every other state")
        out[others, j] = np.linalg.solve(system, np.ones(k - 1))
    return out


@check_kinds
def absorption(matrix: ArrayLike, absorbing: Iterable[int]) -> pd.DataFrame:
    """Chance of ending in each absorbing state, and expected steps until then.

    Parameters
    ----------
    matrix
        Transition probabilities; rows of absorbing states are not used.
    absorbing
        Positions of the absorbing states, such as resolved and terminated.

    Returns
    -------
    One row per other state: ``state``, ``steps``, and ``to_<state>`` per absorbing one.

    Raises
    ------
    UsageError
        When no absorbing state can be reached from some state.

    References
    ----------
    Kemeny, J. G. & Snell, J. L. (1960). Finite Markov Chains, ch. 3.

    Examples
    --------
    >>> absorption([[0.5, 0.3, 0.2], [0, 1, 0], [0, 0, 1]], [1, 2]).round(2).values.tolist()
    [[0.0, 2.0, 0.6, 0.4]]
    """
    p, ends = _chain(matrix), sorted(set(absorbing))
    inner = [i for i in range(len(p)) if i not in ends]
    system = np.eye(len(inner)) - p[np.ix_(inner, inner)]
    if not ends or np.linalg.matrix_rank(system) < len(inner):
        raise UsageError("some state can never reach an absorbing one")
    steps = np.linalg.solve(system, np.ones(len(inner)))
    chance = np.linalg.solve(system, p[np.ix_(inner, ends)])
    frame = pd.DataFrame({"state": inner, "steps": steps})
    for column, end in enumerate(ends):
        frame[f"to_{end}"] = chance[:, column]
    return frame


def order_test(sequences: Sequences) -> TestResult:
    """Test whether the event before last still matters: first against second order.

    Null: given the last code, the next one does not depend on the code before it.

    References
    ----------
    Anderson, T. W. & Goodman, L. A. (1957). Annals of Mathematical Statistics 28, 89-110.

    Examples
    --------
    >>> order_test([list("aabbaabbaabb")]).p < 0.01
    True
    """
    data = encode(sequences)
    k, s = len(data.labels), data.session
    inside = s[:-2] == s[2:]
    c = data.codes
    cell = (c[1:-1] * k + c[:-2]) * k + c[2:]
    counts = np.bincount(cell[inside], minlength=k**3).reshape(k, k, k).astype(np.float64)
    return _same_rows(
        counts, "order: first against second", "the chain is of first order",
        {"n": int(counts.sum()), "codes": data.labels},
    )  # fmt: skip


def stationarity_test(sequences: Sequences, parts: int = 2) -> TestResult:
    """Test whether transition probabilities stay the same over the course of sessions.

    Each session is cut into parts of equal numbers of transitions. Null: all parts share
    one transition matrix.

    Raises
    ------
    UsageError
        For fewer than two parts.

    References
    ----------
    Anderson & Goodman (1957), as for :func:`order_test`.

    Examples
    --------
    >>> stationarity_test([list("abababababbbaabbaabb")]).df
    2.0
    """
    if parts < 2:
        raise UsageError("parts must be at least 2")
    data = encode(sequences)
    k = len(data.labels)
    session = data.session
    inside = session[:-1] == session[1:]
    place = np.concatenate(
        [np.arange(max(n - 1, 0)) * parts // max(n - 1, 1) for n in data.lengths]
    )
    first, then = data.codes[:-1][inside], data.codes[1:][inside]
    cell = (first * parts + place.astype(np.int64)) * k + then
    counts = np.bincount(cell, minlength=k * parts * k).reshape(k, parts, k).astype(np.float64)
    return _same_rows(
        counts, f"stationarity over {parts} parts", "all parts share one transition matrix",
        {"parts": parts, "n": int(counts.sum()), "codes": data.labels},
    )  # fmt: skip


def homogeneity_test(sequences: Sequences, *, structural_df: bool = True) -> TestResult:
    """Test whether sessions share one transition matrix.

    Parameters
    ----------
    sequences
        Codes per session.
    structural_df
        Count degrees of freedom as (sessions - 1) k (k - 1), as published; otherwise only
        over rows and columns that occur.

    References
    ----------
    Anderson & Goodman (1957); O'Connor, B. P. (1999). Behavior Research Methods
    31, 718-726.

    Examples
    --------
    >>> homogeneity_test([list("abababbb"), list("aabbaabb")]).df
    2.0
    """
    data = encode(sequences)
    k = len(data.labels)
    counts = count_pairs_by_session(data).astype(np.float64).transpose(1, 0, 2)
    df = (len(data.lengths) - 1) * k * (k - 1) if structural_df else None
    settings: dict[str, object] = {"structural_df": structural_df, "codes": data.labels}
    null = "all sessions share one transition matrix"
    return _same_rows(counts, "homogeneity of sessions", null, settings, df)


def theory_test(sequences: Sequences, matrix: ArrayLike) -> TestResult:
    """Test counts against a transition matrix given by theory.

    Null: the chain moves with these probabilities. Counts are compared with row totals.

    Parameters
    ----------
    sequences
        Codes per session.
    matrix
        Probabilities, given × target, codes in sorted order.

    Raises
    ------
    UsageError
        When the matrix is no transition matrix of the codes, or an impossible transition
        occurred.

    References
    ----------
    Kullback, S., Kupperman, M. & Ku, H. H. (1962). Technometrics 4, 573-608.

    Examples
    --------
    >>> theory_test([list("abbaabab")], [[0.5, 0.5], [0.5, 0.5]]).df
    2.0
    """
    data, p = encode(sequences), _chain(matrix)
    k = len(data.labels)
    if p.shape != (k, k):
        raise UsageError(f"the matrix must be {k} × {k} for codes {data.labels}")
    counts = count_pairs_by_session(data).sum(0).astype(np.float64)
    expected = counts.sum(1, keepdims=True) * p
    if (counts[p == 0] > 0).any():
        raise UsageError("a transition occurred that the matrix calls impossible")
    seen = counts > 0
    g2 = float(2 * (counts[seen] * np.log(counts[seen] / expected[seen])).sum())
    settings = {"matrix": p.tolist(), "codes": data.labels}
    return chi2_test("theory", "the given transition matrix", g2, k * (k - 1), settings=settings)


def _same_rows(
    counts: Floats, name: str, null: str, settings: dict[str, object], df: int | None = None
) -> TestResult:
    """Likelihood-ratio test, for each given code, that groups share a row of probabilities.

    ``counts`` is given × group × target.
    """
    pooled = counts.sum(1, keepdims=True)
    total, group = pooled.sum(2, keepdims=True), counts.sum(2, keepdims=True)
    expected = np.divide(group * pooled, total, out=np.zeros_like(counts), where=total > 0)
    seen = counts > 0
    g2 = float(2 * (counts[seen] * np.log(counts[seen] / expected[seen])).sum())
    if df is None:
        groups, targets = (group > 0).sum((1, 2)), (pooled > 0).sum((1, 2))
        df = int(((groups - 1).clip(0) * (targets - 1).clip(0)).sum())
    small = int(((expected > 0) & (expected < 5)).sum())
    note = f"{small} expected counts below 5: p is approximate" if small else ""
    return chi2_test(name, null, g2, df, note=note, settings=settings)
