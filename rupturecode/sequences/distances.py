"""How unlike two sequences are: optimal matching and Hamming distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.encode import Encoded, Sequences, encode
from rupturecode.sequences.markov import transition_rates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COSTS = ("constant", "transition_rates")


@check_kinds
def substitution_costs(
    sequences: Sequences,
    *,
    weights: ArrayLike | None = None,
    labels: Iterable[object] | None = None,
) -> pd.DataFrame:
    """Cost of putting one state for another, low where they often follow one another.

    The cost is 2 - p(j after i) - p(i after j), 0 on the diagonal. Sessions may be weighted.

    References
    ----------
    Gabadinho, A. et al. (2011). Journal of Statistical Software 40(4), sec. on distances.

    Examples
    --------
    >>> substitution_costs([list("aab")]).values.tolist()
    [[0.0, 1.5], [1.5, 0.0]]
    """
    rates = transition_rates(sequences, weights=weights, labels=labels)
    return pd.DataFrame(_rate_costs(rates), index=rates.index, columns=rates.columns)


def _rate_costs(estimated: pd.DataFrame) -> Floats:
    rates = np.nan_to_num(estimated.to_numpy(np.float64))
    costs: Floats = 2 - rates - rates.T
    np.fill_diagonal(costs, 0)
    return costs


@check_kinds
def optimal_matching(
    sequences: Sequences,
    *,
    substitution: ArrayLike | pd.DataFrame | str = "constant",
    indel: float = 1.0,
    labels: Iterable[object] | None = None,
) -> pd.DataFrame:
    """Cheapest way to turn each sequence into each other one.

    Parameters
    ----------
    sequences
        States per session; lengths may differ.
    substitution
        ``"constant"`` (2 for any two states), ``"transition_rates"``
        (:func:`substitution_costs` of these sequences), or states × states costs.
    indel
        Cost of putting a state in or taking one out.
    labels
        States in the order of the costs.

    Returns
    -------
    Sessions × sessions.

    Raises
    ------
    UsageError, UnknownNameError
        When costs do not fit the states, or are negative.

    References
    ----------
    Abbott, A. & Tsay, A. (2000). Sociological Methods & Research 29, 3-33. Needleman, S. B.
    & Wunsch, C. D. (1970). Journal of Molecular Biology 48, 443-453.

    Examples
    --------
    >>> optimal_matching([list("aab"), list("abb")]).iloc[0, 1].item()
    2.0
    """
    data = encode(sequences, labels)
    costs = _costs(data, substitution)
    if indel <= 0:
        raise UsageError("indel must be above 0")
    unique, back = _unique(data)
    size = len(unique)
    out = np.zeros((size, size))
    lengths = np.array([len(u) for u in unique])
    padded = np.zeros((size, max(lengths.max(initial=0), 1)), dtype=np.int64)
    for i, u in enumerate(unique):
        padded[i, : len(u)] = u
    for i in range(size - 1):
        out[i, i + 1 :] = _one_to_many(unique[i], padded[i + 1 :], lengths[i + 1 :], costs, indel)
    out = (out + out.T)[np.ix_(back, back)]
    return pd.DataFrame(out, index=data.sessions, columns=data.sessions)


def _costs(data: Encoded, substitution: ArrayLike | pd.DataFrame | str) -> Floats:
    k = len(data.labels)
    if isinstance(substitution, str):
        if substitution not in COSTS:
            raise UnknownNameError("substitution cost", substitution, COSTS)
        if substitution == "constant":
            return 2.0 * (1 - np.eye(k))
        rows: dict[str, list[object]] = {
            s: r.tolist() for s, r in zip(data.sessions, data.rows, strict=True)
        }
        return _rate_costs(transition_rates(rows, labels=range(len(data.labels))))
    if isinstance(substitution, pd.DataFrame):
        substitution = substitution.loc[list(data.labels), list(data.labels)]
    costs = np.asarray(substitution, dtype=np.float64)
    if costs.shape != (k, k) or (costs < 0).any() or not np.allclose(costs, costs.T):
        raise UsageError(f"substitution costs must be symmetric, {k} × {k}, 0 or more")
    return costs


def _unique(data: Encoded) -> tuple[list[Ints], Ints]:
    """Different sequences, and which of them each session is: equal ones cost nothing."""
    seen: dict[bytes, int] = {}
    unique: list[Ints] = []
    back: list[int] = []
    for row in data.rows:
        key = row.tobytes()
        if key not in seen:
            seen[key] = len(unique)
            unique.append(row)
        back.append(seen[key])
    return unique, np.array(back, dtype=np.int64)


def _one_to_many(one: Ints, many: Ints, lengths: Ints, costs: Floats, indel: float) -> Floats:
    """Fill the matrix of one sequence against many, row by row.

    Within a row, insertions form a running minimum, so the row needs no inner loop.
    """
    n, width = many.shape
    ramp = indel * np.arange(width + 1)
    previous = np.tile(ramp, (n, 1))
    for r, state in enumerate(one, start=1):
        best = np.empty_like(previous)
        best[:, 0] = indel * r
        np.minimum(previous[:, :-1] + costs[state][many], previous[:, 1:] + indel, out=best[:, 1:])
        previous = np.minimum.accumulate(best - ramp, axis=1) + ramp
    ends: Floats = previous[np.arange(n), lengths]
    return ends


def largest_distance(length: int, costs: ArrayLike, indel: float = 1.0) -> float:
    """Largest optimal-matching distance of two sequences of equal length.

    Examples
    --------
    >>> largest_distance(70, [[0, 1.9], [1.9, 0]])
    133.0
    """
    largest = min(2 * indel, as_numbers(costs, "costs").max())
    return float(as_numbers(length, "length") * largest)


@check_kinds
def hamming_distance(
    sequences: Sequences, *, labels: Iterable[object] | None = None
) -> pd.DataFrame:
    """Count the places at which sequences of equal length differ.

    Raises
    ------
    UsageError
        When lengths differ.

    References
    ----------
    Hamming, R. W. (1950). Bell System Technical Journal 29, 147-160.

    Examples
    --------
    >>> hamming_distance([list("aab"), list("abb")]).iloc[0, 1].item()
    1
    """
    data = encode(sequences, labels)
    if len(set(data.lengths.tolist())) > 1:
        raise UsageError("Hamming distance needs sequences of equal length")
    rows = data.codes.reshape(len(data.lengths), -1)
    out = np.stack([(rows != row).sum(1) for row in rows])
    return pd.DataFrame(out, index=data.sessions, columns=data.sessions)
