"""What follows what in bare code sequences, or in a table of counts."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_confidence, check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.adjust import METHODS
from rupturecode.sequences.encode import Sequences, count_pairs_by_session, encode, merge_repeats
from rupturecode.sequences.exact import UNKNOWN, OrderTest
from rupturecode.sequences.nulls import Null, with_speakers
from rupturecode.sequences.transition_result import Counted, Transitions, from_counts
from rupturecode.sequences.twobytwo import not_negative

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

ADJUSTMENTS = (*METHODS, "max-t")
_COUNTS = "counts must be a table (rows × columns) of whole numbers, 0 or more"


@check_kinds
def transition_table(
    sequences: Sequences,
    lag: int = 1,
    repeats: bool = True,
    *,
    speakers: Sequence[Sequence[object]] | None = None,
    labels: Iterable[object] | None = None,
    given: Iterable[object] | None = None,
    target: Iterable[object] | None = None,
    adjust: str = "bh",
    shuffles: int = 999,
    seed: int = 0,
    confidence: float = 0.95,
) -> Transitions:
    """Count what follows what in code sequences, and test it.

    Pairs never cross a session's end.

    Parameters
    ----------
    sequences
        One list of codes per session, or a mapping from session to list.
    lag
        Distance of the pair in events.
    repeats
        Whether a code can follow itself. If not, a code written twice in a row is merged
        into one event, and the diagonal at lag 1 is a structural zero.
    speakers
        Who carries each code, in the same shape. Then codes are counted per speaker
        (``"client: complaint"``), and the null holds fixed who speaks when.
    labels
        Codes in the order wanted; default all, sorted.
    given, target
        Show (and adjust for) these rows or columns only.
    adjust
        ``"bh"``, ``"holm"``, ``"bonferroni"``, ``"max-t"`` or ``"none"``.
    shuffles, seed
        For cells with no closed form, and for max-T.
    confidence
        Of the interval of the log odds ratio: Wald for one session, robust to dependence
        within sessions for several.

    Returns
    -------
    Cells with ``count``, ``probability`` (of the target after the given code),
    ``expected`` and ``adjusted_residual`` (of the pooled table), ``expected_within``, ``z``,
    ``kappa`` and
    two-sided ``p_exact`` against random order within sessions, ``p_adjusted``,
    ``p_residual`` (normal tails of the residual), ``yules_q``, ``log_odds`` with interval.
    Sessions add up: pooled tables of two studies can be had from ``by_session``.

    Raises
    ------
    UsageError, UnknownNameError, InvalidDataError
        For a lag below 1, an unknown adjustment or code, or a missing code.

    References
    ----------
    Bakeman & Quera (2011), Sequential Analysis and Observational Methods, ch. 8-9 (counts,
    residuals, Yule's Q). Haberman (1979) for structural zeros. Exact p: see
    :func:`~rupturecode.sequences.exact.order_tests`. Kappa: Wampold, B. E. (1989),
    Psychological Bulletin 105, 469-481.

    Examples
    --------
    >>> cells = transition_table([list("abababcab")]).to_frame()
    >>> cells.loc[cells["given"] == "a", ["target", "count", "p_exact"]].round(3).values.tolist()
    [['a', 0, 0.238], ['b', 4, 0.016], ['c', 0, 1.0]]
    """
    check_arguments(lag, adjust, shuffles, confidence)
    data = encode(sequences, labels)
    merged = 0
    if not repeats:
        data, merged = merge_repeats(data)
    allowed = None if repeats or lag > 1 else ~np.eye(len(data.labels), dtype=bool)
    owner = None
    if speakers is not None:
        if merged or not repeats:
            raise UsageError("speakers and repeats=False cannot be combined")
        data, owner = with_speakers(data, speakers)
    counts = count_pairs_by_session(data, lag)
    null = Null(lag, repeats, owner, shuffles, seed)
    draws = null.draw(data) if adjust == "max-t" else None
    test = null.test(data, counts.sum(0))
    settings: dict[str, object] = {
        "lag": lag, "repeats": repeats, "speakers_fixed": owner is not None,
        "given": _names(given), "target": _names(target), "adjust": adjust,
        "shuffles": shuffles, "seed": seed, "confidence": confidence,
        "null": "random order within each session" + (", who speaks held fixed" if owner else ""),
    }  # fmt: skip
    line = f"{merged} events were merged because their code had just occurred (repeats=False)."
    counted = Counted(counts.astype(np.float64), data.labels, data.labels, data.sessions, allowed)
    return from_counts(counted, test, settings, line if merged else "", draws=draws)


def transition_statistics(
    counts: ArrayLike | pd.DataFrame,
    *,
    structural_zeros: ArrayLike | str | None = None,
    adjust: str = "bh",
    confidence: float = 0.95,
) -> Transitions:
    """Give the statistics of a table of transition counts.

    Parameters
    ----------
    counts
        Given codes in rows, target codes in columns; square or rectangular. A frame's
        labels name the codes.
    structural_zeros
        ``"diagonal"``, or a table that is true where a transition is impossible.
    adjust
        How ``p_adjusted`` is made from ``p_residual``, since the order of codes is unknown.
    confidence
        Of the interval of the log odds ratio.

    Returns
    -------
    As :func:`transition_table`; ``p_exact`` is NaN, because a permutation test needs the
    sequences and not only their counts.

    Raises
    ------
    UsageError
        When the counts are not a table of whole numbers of at least 0, a label of the frame
        stands twice, or ``adjust`` needs the sequences.

    References
    ----------
    Haberman, S. J. (1979). Analysis of Qualitative Data, vol. 2, ch. 7. Bakeman & Quera
    (2011), ch. 9.

    Examples
    --------
    >>> cells = transition_statistics([[10, 5], [5, 10]]).to_frame()
    >>> cells["adjusted_residual"].round(4).tolist()
    [1.8257, -1.8257, -1.8257, 1.8257]
    """
    table = not_negative(counts, _COUNTS)
    if table.ndim != 2 or not table.size or (table % 1 != 0).any():
        raise UsageError(_COUNTS)
    check_arguments(1, adjust, 0, confidence)
    allowed = _allowed(structural_zeros, table.shape)
    rows, columns = _table_labels(counts, table.shape)
    nothing = np.full(table.shape, np.nan)
    test = OrderTest(nothing, nothing, nothing, nothing, np.full(table.shape, UNKNOWN))
    settings: dict[str, object] = {
        "lag": 1, "structural_zeros": structural_zeros, "adjust": adjust,
        "confidence": confidence, "null": "rows and columns are independent",
    }  # fmt: skip
    return from_counts(Counted(table[None], rows, columns, ("1",), allowed), test, settings)


def check_arguments(lag: object, adjust: str, shuffles: int, confidence: float) -> None:
    """Refuse a lag, an adjustment, shuffles or a confidence that make no sense."""
    if adjust not in ADJUSTMENTS:
        raise UnknownNameError("adjustment", adjust, ADJUSTMENTS)
    if isinstance(lag, bool) or not isinstance(lag, Integral) or lag < 1:
        raise UsageError(f"lag must be a whole number of at least 1, not {lag!r}")
    if shuffles < 0:
        raise UsageError("shuffles cannot be negative")
    if adjust == "max-t" and not shuffles:
        raise UsageError('adjust="max-t" needs shuffles of the sequences, or use "holm"')
    check_confidence(confidence)


def _names(codes: Iterable[object] | None) -> tuple[object, ...] | None:
    if codes is None:
        return None
    names = (codes,) if isinstance(codes, str) else tuple(codes)
    if not names:
        raise UsageError("given and target name at least one code, or are left out")
    return names


def _allowed(zeros: ArrayLike | str | None, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    if zeros is None:
        return None
    if isinstance(zeros, str):
        if zeros != "diagonal" or shape[0] != shape[1]:
            raise UsageError('structural_zeros is "diagonal" (of a square table) or a table')
        return ~np.eye(shape[0], dtype=bool)
    mask = np.asarray(zeros, dtype=bool)
    if mask.shape != shape:
        raise UsageError(f"structural_zeros has shape {mask.shape}, the counts {shape}")
    return ~mask


def _table_labels(
    counts: object, shape: tuple[int, ...]
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    if isinstance(counts, pd.DataFrame):
        for labels in (counts.index, counts.columns):
            if not labels.is_unique:
                twice = labels[labels.duplicated()][0]
                raise UsageError(f"the counts have {twice!r} twice: add such rows or columns up")
        return tuple(counts.index.tolist()), tuple(counts.columns.tolist())
    return tuple(range(1, shape[0] + 1)), tuple(range(1, shape[1] + 1))
