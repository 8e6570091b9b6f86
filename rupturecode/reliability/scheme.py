"""How the categories of a code are compared: agreement weights and differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rupturecode.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from rupturecode.reliability.matrix import Matrix

LEVELS = ("nominal", "ordinal", "interval", "ratio")

#: A named level of measurement, or any difference between two values (0 when equal).
Level: TypeAlias = str | Callable[[Any, Any], float]
#: None (exact matches), "linear", "quadratic", or a table of agreement weights.
Weights: TypeAlias = str | NDArray[Any] | Sequence[Sequence[float]] | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """What an estimate needs to know beside the counts."""

    n_categories: int
    level: str = "nominal"
    scores: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    """Value of each category, for interval and ratio levels."""
    differences: NDArray[np.float64] | None = None
    """Categories × categories, for a difference of the user's own."""
    weights: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    """Agreement weights, categories × categories, 1 on the diagonal."""


def scheme_of(
    matrix: Matrix,
    *,
    level: Level = "nominal",
    weights: Weights = None,
    ordered: bool = False,
    by_value: bool = True,
) -> Scheme:
    """Describe how the categories of a matrix are compared.

    Parameters
    ----------
    matrix
        The ratings.
    level
        For alpha.
    weights
        For weighted kappas.
    ordered
        Whether the user gave the order of the categories; words have none otherwise.
    by_value
        Whether weights follow the categories' values (2 and 5 are three apart) rather than
        their places in the list.

    Raises
    ------
    UnknownNameError
        When the level or the weights have an unknown name.
    UsageError
        When the ratings do not allow the level, or a weight table has another shape.
    """
    name = "custom" if callable(level) else level
    if name not in LEVELS and not callable(level):
        raise UnknownNameError("level", name, LEVELS)
    if name not in {"nominal", "custom"} and not (ordered and name == "ordinal"):
        matrix.scores("give categories=[...] in their order" if name == "ordinal" else "")
    scores = matrix.scores() if name in ("interval", "ratio") else np.empty(0)
    if name == "ratio" and (scores < 0).any():
        raise UsageError("ratio level needs numbers of 0 and above: use level='interval'")
    return Scheme(
        n_categories=len(matrix.categories),
        level=name,
        scores=scores,
        differences=None if isinstance(level, str) else _own_differences(matrix, level),
        weights=agreement_weights(matrix, weights, ordered=ordered, by_value=by_value),
    )


def _own_differences(
    matrix: Matrix, difference: Callable[[Any, Any], float]
) -> NDArray[np.float64]:
    table = [[difference(a, b) for b in matrix.categories] for a in matrix.categories]
    out = np.array(table, dtype=np.float64).reshape(len(table), len(table))
    if not np.allclose(out, out.T) or np.diag(out).any():
        raise UsageError("a difference must be the same in both directions, and 0 when equal")
    return out


def agreement_weights(
    matrix: Matrix, weights: Weights, *, ordered: bool = False, by_value: bool = True
) -> NDArray[np.float64]:
    """Return the table of agreement weights: 1 for a match, less the further apart.

    Linear weights fall with the distance and quadratic ones with its square, from 1 to 0
    between the first category and the last.

    Raises
    ------
    UnknownNameError
        When the weights have an unknown name.
    UsageError
        When words have no order, or a table has another shape than the categories or anything
        but 1 where coders agree.

    Examples
    --------
    >>> from rupturecode.reliability.matrix import encode
    >>> agreement_weights(encode([[1, 2], [3, 3]]), "linear").tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    q = len(matrix.categories)
    if weights is None:
        return np.eye(q)
    if isinstance(weights, str):
        return _named_weights(matrix, weights, ordered=ordered, by_value=by_value)
    try:
        table = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as err:
        raise UsageError("weights must be a table of numbers, or linear or quadratic") from err
    if table.shape != (q, q):
        raise UsageError(
            f"the weights are {' × '.join(map(str, table.shape))} and there are {q} categories "
            f"({', '.join(map(str, matrix.categories))}): give one row and one column for each"
        )
    if not np.isfinite(table).all() or not np.allclose(np.diag(table), 1.0):
        raise UsageError(
            "weights say how far two categories agree, 1 where they are the same: weights of "
            "disagreement must be turned round (1 - weights / the largest of them)"
        )
    return table


def _named_weights(
    matrix: Matrix, weights: str, *, ordered: bool, by_value: bool
) -> NDArray[np.float64]:
    if weights not in ("linear", "quadratic"):
        raise UnknownNameError("weights", weights, ("linear", "quadratic"))
    if not matrix.numeric and not ordered:
        raise UsageError(f"{weights} weights need an order of the words: give categories=[...]")
    q = len(matrix.categories)
    places = matrix.scores() if matrix.numeric and by_value else np.arange(q, dtype=np.float64)
    apart = np.abs(places[:, None] - places[None, :])
    widest = apart.max(initial=0.0) or 1.0
    return 1.0 - (apart / widest) ** (1 if weights == "linear" else 2)
