"""Do coders see the same thing at the same time? Kappa of time units, with a tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.reliability.continuum import Continuum, Spans, continuum, refuse_overlaps
from rupturecode.reliability.kappa import cohen_kappa

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

NOTHING = "(nothing)"


@check_kinds
def time_kappa(
    first: Sequence[Hashable], second: Sequence[Hashable], *, tolerance: int = 0
) -> float:
    """Return Cohen's kappa over time units, forgiving small shifts of onset and offset.

    Each unit of the first coder counts as agreement when the second has the same code within
    ``tolerance`` units of it. With a tolerance the two directions differ; report both.

    Parameters
    ----------
    first, second
        Code of each time unit (second, turn); None where nothing was coded.
    tolerance
        Units before and after that are forgiven.

    Returns
    -------
    Kappa; NaN when both use one code only.

    Raises
    ------
    UsageError
        When the lengths differ, or the tolerance is negative.

    References
    ----------
    Bakeman, R., Quera, V. & Gnisci, A. (2009). Observer agreement for timed-event sequential
    data: A comparison of time-based and event-based algorithms. Behavior Research Methods 41,
    137-147, section on time-based kappa with tolerance.

    Examples
    --------
    >>> first, second = [None, "W", "W", None, None, None], [None, None, "W", "W", None, None]
    >>> round(time_kappa(first, second), 3), time_kappa(first, second, tolerance=1)
    (0.25, 1.0)
    """
    if len(first) != len(second):
        raise UsageError(f"{len(first)} and {len(second)} time units cannot be compared")
    if tolerance < 0:
        raise UsageError(f"tolerance={tolerance}: give 0 or more time units")
    if not len(first):
        return float("nan")
    return cohen_kappa(forgiven(first, second, tolerance))


def forgiven(first: Sequence[Hashable], second: Sequence[Hashable], tolerance: int) -> pd.DataFrame:
    """Return both coders' codes, the second's as the first's where it is near enough."""
    a, b = _words(first), _words(second)
    seen = a == b
    for shift in range(1, min(tolerance, len(a) - 1) + 1):
        seen[shift:] |= a[shift:] == b[:-shift]
        seen[:-shift] |= a[:-shift] == b[shift:]
    return pd.DataFrame({"first": a, "second": np.where(seen, a, b)})


def time_units(
    spans: Spans | Continuum,
    *,
    step: float = 1,
    begin: float | None = None,
    end: float | None = None,
) -> pd.DataFrame:
    """Return what each coder gave in each time unit, a column per coder.

    Parameters
    ----------
    spans
        Stretches by coder; see `rupturecode.reliability.continuum`.
    step
        Length of a unit: 1000 for seconds of milliseconds. A unit has the code that covers
        its middle.
    begin, end
        Of what was read; the outermost stretches unless given.

    Raises
    ------
    InvalidDataError
        When stretches of one coder overlap, or lie outside.
    UsageError
        When the step is not positive.

    Examples
    --------
    >>> time_units({"AK": [(1, 3, "W")], "BL": [(2, 3, "W")]}, begin=0, end=4).values.tolist()
    [[None, None], ['W', None], ['W', 'W'], [None, None]]
    """
    if step <= 0:
        raise UsageError(f"step={step}: give a length above 0")
    whole = continuum(spans, begin=begin, end=end)
    refuse_overlaps(whole)
    middles = np.arange(whole.begin + step / 2, whole.end, step)
    columns = {}
    for coder, own in whole.spans.items():
        codes = np.full(len(middles), None, dtype=object)
        for span in own:
            codes[(middles >= span.start) & (middles < span.end)] = span.category
        columns[coder] = codes
    return pd.DataFrame(columns, dtype=object)


def _words(codes: Sequence[Hashable]) -> NDArray[np.object_]:
    return np.array([NOTHING if pd.isna(c) else str(c) for c in codes], dtype=object)
