"""Wampold and Margolin's tests: one-way, two-way and two-cell, with kappa."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.encode import count_pairs_by_session, encode, label_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@check_kinds
def random_order_kappa(codes: Sequence[object], *, direction: str = "one-way") -> pd.DataFrame:
    """Give the published tests of lag-1 counts against random order, for one sequence.

    The published moments are exact for two different codes; on the diagonal they are
    approximate (``transition_table`` has the exact ones).

    Parameters
    ----------
    codes
        One sequence.
    direction
        ``"one-way"`` (i then j) or ``"two-way"`` (i then j, or j then i; i and j differ).

    Returns
    -------
    ``given``, ``target``, ``count``, ``expected``, ``kappa``, ``z``, ``p`` (two-sided).

    Raises
    ------
    UsageError
        For another direction.

    References
    ----------
    Wampold, B. E. & Margolin, G. (1982). Psychological Bulletin 92, 755-765.

    Examples
    --------
    >>> random_order_kappa(list("abab"))["z"].round(3).tolist()
    [-1.732, 1.732, 0.0, -1.732]
    """
    if direction not in {"one-way", "two-way"}:
        raise UsageError('direction is "one-way" or "two-way"')
    counts, totals, labels = _counts(codes)
    product = np.outer(totals, totals)
    n = totals.sum()
    rest = np.outer(n - totals, n - totals)
    expected = product / n
    if direction == "one-way":
        variance = product * rest / (n**2 * (n - 1))
        largest = np.minimum.outer(totals, totals)
    else:
        counts = counts + counts.T
        expected = 2 * expected
        variance = 2 * product * (product + rest - n) / (n**2 * (n - 1))
        largest = 2 * np.minimum.outer(totals, totals)
        np.fill_diagonal(variance, np.nan)
    return _frame(labels, counts, expected, variance, largest)


@check_kinds
def two_cell_kappa(
    codes: Sequence[object], first: tuple[object, object], second: tuple[object, object]
) -> dict[str, float]:
    """Test two transitions together, such as each partner answering the other in kind.

    Parameters
    ----------
    codes
        One sequence.
    first, second
        Two transitions (given, target); the four codes differ.

    Returns
    -------
    ``count``, ``expected``, ``kappa``, ``z`` and the one-sided ``p`` in the direction found.

    Raises
    ------
    UsageError, UnknownNameError
        When the four codes are not different, or unknown.

    References
    ----------
    Wampold, B. E. & Margolin, G. (1982). Psychological Bulletin 92, 755-765.

    Examples
    --------
    >>> round(two_cell_kappa(list("abcdabcdadcb"), ("a", "b"), ("c", "d"))["z"], 3)
    2.472
    """
    counts, totals, labels = _counts(codes)
    names = [*first, *second]
    for name in names:
        if name not in labels:
            raise UnknownNameError("code", str(name), map(str, labels))
    if len(set(names)) < 4:
        raise UsageError("the two transitions must involve four different codes")
    i, j, k, m = (labels.index(x) for x in names)
    n, t = float(totals.sum()), totals
    observed = float(counts[i, j] + counts[k, m])
    expected = float(t[i] * t[j] + t[k] * t[m]) / n
    single = sum(float(t[x] * t[y] * (n - t[x]) * (n - t[y])) for x, y in ((i, j), (k, m)))
    variance = (single + 2 * float(t[i] * t[j] * t[k] * t[m])) / (n**2 * (n - 1))
    largest = float(min(t[i], t[j]) + min(t[k], t[m]))
    from scipy.special import ndtr

    z = (observed - expected) / float(np.sqrt(variance))
    room = largest - expected if observed >= expected else expected
    kappa = (observed - expected) / room if room > 0 else float("nan")
    p = float(ndtr(-abs(z)))
    return {"count": observed, "expected": expected, "kappa": kappa, "z": z, "p": p}


def _counts(codes: Sequence[object]) -> tuple[Floats, Floats, tuple[object, ...]]:
    data = encode([list(codes)])
    counts = count_pairs_by_session(data).sum(0).astype(np.float64)
    return counts, data.totals().sum(0).astype(np.float64), data.labels


def _frame(
    labels: tuple[object, ...], counts: Floats, expected: Floats, variance: Floats, largest: Floats
) -> pd.DataFrame:
    from scipy.special import ndtr

    room = np.where(counts >= expected, largest - expected, expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = np.where(counts == expected, 0.0, (counts - expected) / room)
        z = np.where(variance > 0, (counts - expected) / np.sqrt(variance), np.nan)
        p = 2 * np.asarray(ndtr(-np.abs(z)))
    n = len(labels)
    return pd.DataFrame(
        {
            "given": label_column(x for x in labels for _ in range(n)),
            "target": label_column([*labels] * n),
            "count": counts.ravel().astype(np.int64), "expected": expected.ravel(),
            "kappa": kappa.ravel(), "z": z.ravel(), "p": p.ravel(),
        }
    )  # fmt: skip
