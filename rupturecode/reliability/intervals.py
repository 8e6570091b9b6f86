"""Intervals for bare units × coders tables, one code or many from the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.blocks import Block, build_block
from rupturecode.reliability.coefficients import FROM_SUMS
from rupturecode.reliability.joint import plan_of, resampled_blocks
from rupturecode.reliability.matrix import Matrix, encode
from rupturecode.reliability.scheme import Level, Weights, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings
    from rupturecode.reliability.resampling import Limits


@check_kinds
def intervals(
    ratings: Ratings | Mapping[str, Ratings],
    coefficient: str = "krippendorff_alpha",
    *,
    sessions: Iterable[object] | None = None,
    level: Level = "nominal",
    weights: Weights = None,
    categories: Iterable[Any] | None = None,
    confidence: float = 0.95,
    replicates: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return a coefficient with its interval for one table of ratings, or for many at once.

    Time grows with replicates × groups × codes × (features of the coefficient: for alpha
    the pairs of categories), memory with replicates × codes.

    Parameters
    ----------
    ratings
        Units × coders, or a mapping from code to such tables of the same shape and order.
    coefficient
        A name in COEFFICIENTS; intraclass correlations by form.
    sessions
        Session (or case) of each unit, which are resampled; None treats units as
        independent, which promises too narrow an interval for turns of a few sessions.
    level, weights, categories
        As in the coefficient.
    confidence
        Two-sided level.
    replicates
        Of the bootstrap, from 30 groups on; below, the jackknife-t needs none.
    seed
        Of the bootstrap.

    Returns
    -------
    One row per code: code, coefficient, estimate, low, high, se, interval, n_units, n_coders,
    n_groups, undefined (replicates).

    Raises
    ------
    UnknownNameError
        When there is no such coefficient.
    UsageError
        When there is no table or tables differ in shape, or when sessions differ in length
        or are missing.

    References
    ----------
    See `rupturecode.reliability.resampling`.

    Examples
    --------
    >>> ratings = [[1, 1], [0, 1], [0, 0], [1, 1], [0, 0], [1, 0]] * 4
    >>> found = intervals(ratings, sessions=[*"abcd"] * 6)
    >>> found[["estimate", "interval"]].round(3).values.tolist()
    [[0.347, 'session jackknife-t']]
    """
    if coefficient not in FROM_SUMS:
        raise UnknownNameError("coefficient", coefficient, FROM_SUMS)
    tables = ratings if isinstance(ratings, Mapping) else {"": ratings}
    values, matrix = _together(tables, categories)
    groups, n_groups, order = _groups(sessions, values.shape[1])
    block = build_block(
        values[:, order],
        list(tables),
        matrix.coders,
        [coefficient],
        scheme_of(matrix, level=level, weights=weights, ordered=categories is not None),
        categories=_numbers(matrix),
        groups=groups,
        n_groups=n_groups,
    )
    by = "unit" if sessions is None else "session"
    plan = plan_of(by, None, confidence, replicates, seed)
    drawn = resampled_blocks([block], by, plan)
    return _frame(block, coefficient, drawn.estimate, drawn.limits(), drawn.method, values)


def _together(
    tables: Mapping[str, Ratings], categories: Iterable[Any] | None
) -> tuple[NDArray[np.float64], Matrix]:
    """Return codes × units × coders as numbers, and all of them as one matrix."""
    one_by_one = [encode(t) for t in tables.values()]
    if not one_by_one:
        raise UsageError("there is no table of ratings in the mapping")
    shapes = {m.codes.shape for m in one_by_one}
    if len(shapes) > 1:
        raise UsageError(f"tables of ratings differ in shape: {sorted(shapes)} (coders × units)")
    cells = [_cells(m) for m in one_by_one]
    matrix = encode(np.concatenate(cells), categories)
    matrix = Matrix(matrix.codes, matrix.categories, one_by_one[0].coders)
    numbers = np.append(_numbers(matrix), np.nan)[matrix.codes]
    n_coders, n_units = one_by_one[0].codes.shape
    return np.moveaxis(numbers.reshape(n_coders, len(tables), n_units), 0, 2), matrix


def _cells(matrix: Matrix) -> NDArray[Any]:
    """Return units × coders as they were given."""
    if matrix.numeric:
        return matrix.values().T
    lookup = np.empty(len(matrix.categories) + 1, dtype=object)
    lookup[:-1] = matrix.categories
    return np.asarray(lookup[matrix.codes].T)


def _numbers(matrix: Matrix) -> Sequence[float]:
    """Return the categories as numbers: themselves, or their places where they are words."""
    if matrix.numeric:
        return tuple(float(c) for c in matrix.categories)
    return tuple(float(i) for i in range(len(matrix.categories)))


def _groups(
    sessions: Iterable[object] | None, n_units: int
) -> tuple[NDArray[np.intp], int, NDArray[np.intp]]:
    """Return the group of each unit in ascending order, their number, and that order."""
    if sessions is None:
        return np.arange(n_units), n_units, np.arange(n_units)
    numbers, names = pd.factorize(pd.Series(list(sessions)))
    if len(numbers) != n_units:
        raise UsageError(f"{len(numbers)} sessions are given for {n_units} units")
    if (numbers < 0).any():
        raise UsageError(f"unit {int((numbers < 0).argmax()) + 1} has no session")
    order = np.argsort(numbers, kind="stable")
    return numbers[order].astype(np.intp), len(names), order


def _frame(  # noqa: PLR0917
    block: Block,
    coefficient: str,
    estimate: NDArray[np.float64],
    limits: Limits,
    method: str,
    values: NDArray[np.float64],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": block.codes,
            "coefficient": coefficient,
            "estimate": estimate,
            "low": limits.low,
            "high": limits.high,
            "se": limits.se,
            "interval": np.where(np.isnan(limits.low), "", method),
            "n_units": block.n_used[0].sum(axis=1).astype(int),
            "n_coders": (~np.isnan(values)).any(axis=1).sum(axis=1),
            "n_groups": limits.n_groups,
            "undefined": limits.undefined,
        }
    )
