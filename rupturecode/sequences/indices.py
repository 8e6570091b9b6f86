"""How varied and how eventful a sequence of states is: entropy, turbulence, complexity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.sequences.encode import Sequences, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@check_kinds
def state_indices(sequences: Sequences, *, labels: Iterable[object] | None = None) -> pd.DataFrame:
    """Describe each sequence of states by a few numbers.

    All depend on the number of states and on length: compare like with like.

    Parameters
    ----------
    sequences
        States per session, one per turn or time slot.
    labels
        All states there are; default those that occur anywhere.

    Returns
    -------
    ``session``, ``length``, ``transitions`` (changes of state), ``spells``,
    ``subsequences`` (distinct ones of the spells' states), ``entropy`` (of the time spent,
    0 to 1), ``turbulence``, ``complexity``, ``note``.

    References
    ----------
    Elzinga, C. H. & Liefbroer, A. C. (2007). European Journal of Population 23, 225-250
    (turbulence). Gabadinho, A. et al. (2010; complexity index), see (2011) Journal of
    Statistical Software 40(4).

    Examples
    --------
    >>> state_indices([list("aabb"), list("abab")])["complexity"].round(4).tolist()
    [0.5774, 1.0]
    """
    data = encode(sequences, labels)
    k = len(data.labels)
    rows = [_one(row, k) for row in data.rows]
    return pd.DataFrame([{"session": s, **r} for s, r in zip(data.sessions, rows, strict=True)])


def _one(row: Ints, k: int) -> dict[str, object]:
    states, durations = spells(row)
    n, moves = len(row), max(len(states) - 1, 0)
    h = entropy(np.bincount(row, minlength=k), k) if n else float("nan")
    share = moves / (n - 1) if n > 1 else 0.0
    note = "" if k > 1 else "entropy needs at least two states"
    return {
        "length": n,
        "transitions": moves,
        "spells": len(states),
        "subsequences": distinct_subsequences(states.tolist()),
        "entropy": h,
        "turbulence": turbulence(states, durations) if n else float("nan"),
        "complexity": float(np.sqrt(share * h)),
        "note": note if n else "empty sequence",
    }


def spells(row: Ints) -> tuple[Ints, Ints]:
    """States one after the other without repeats, and how long each lasted.

    Examples
    --------
    >>> [x.tolist() for x in spells(np.array([0, 0, 1, 0]))]
    [[0, 1, 0], [2, 1, 1]]
    """
    if not len(row):
        return row, np.array([], dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
    return row[starts], np.diff(np.append(starts, len(row)))


def entropy(counts: Ints, n_states: int) -> float:
    """Shannon entropy of shares, relative to its maximum for so many states.

    References
    ----------
    Shannon, C. E. (1948). Bell System Technical Journal 27, 379-423.

    Examples
    --------
    >>> entropy(np.array([2, 2]), 2)
    1.0
    """
    if n_states < 2:
        return 0.0
    share = counts[counts > 0] / counts.sum()
    return abs(float(-(share * np.log(share)).sum() / np.log(n_states)))


def distinct_subsequences(states: Sequence[object]) -> int:
    """Count the different subsequences of a sequence, the empty one included.

    References
    ----------
    Elzinga, C., Rahmann, S. & Wang, H. (2008). Theoretical Computer Science 409, 394-404.

    Examples
    --------
    >>> distinct_subsequences("aba")
    7
    """
    before: dict[object, int] = {}
    total = 1
    for state in states:
        total, before[state] = 2 * total - before.get(state, 0), total
    return total


def turbulence(states: Ints, durations: Ints) -> float:
    """Elzinga's turbulence: many different subsequences, even durations.

    References
    ----------
    Elzinga & Liefbroer (2007), with the largest variance (n - 1) (1 - mean)².

    Examples
    --------
    >>> turbulence(np.array([0, 1]), np.array([2, 2]))
    3.0
    """
    import math

    n, mean = len(durations), float(durations.mean())
    largest = (n - 1) * (1 - mean) ** 2
    # whole numbers of any size: 2^spells outgrows a float in a long session
    subsequences = distinct_subsequences(states.tolist())
    return math.log2(subsequences) + math.log2((largest + 1) / (float(durations.var()) + 1))
