"""The same coefficient for each category, each pair of coders, and without each coder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import UnknownNameError
from rupturecode.reliability.coefficients import COEFFICIENTS
from rupturecode.reliability.matrix import Matrix, encode
from rupturecode.reliability.tally import coder_pairs
from rupturecode.reliability.undefined import why_undefined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.reliability.cells import Ratings


def per_category(ratings: Ratings, coefficient: str = "krippendorff_alpha") -> pd.DataFrame:
    """Return a coefficient for each category against all the others.

    Shows which category coders cannot tell from the rest. Categories of one table are not
    independent: one bad category drags down the one it is mistaken for.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        A name in COEFFICIENTS.

    Returns
    -------
    One row per category: category, estimate, n_ratings, note.

    Raises
    ------
    UnknownNameError
        When there is no such coefficient.

    References
    ----------
    Fleiss (1971), p. 381; Krippendorff (2004), p. 234.

    Examples
    --------
    >>> table = per_category([["a", "a"], ["a", "b"], ["c", "c"]], "fleiss_kappa")
    >>> table["estimate"].round(2).tolist()
    [0.33, -0.2, 1.0]
    """
    matrix = encode(ratings)
    rows = []
    for position, category in enumerate(matrix.categories):
        n = int((matrix.codes == position).sum())
        rows.append((category, *_one(matrix.against_rest(position), coefficient, {}), n))
    frame = pd.DataFrame(rows, columns=["category", "estimate", "note", "n_ratings"])
    return frame[["category", "estimate", "n_ratings", "note"]]


def per_pair(ratings: Ratings, coefficient: str = "cohen_kappa", **options: object) -> pd.DataFrame:
    """Return a coefficient for each pair of coders, on the units both rated.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        A name in COEFFICIENTS.
    **options
        Passed to it, such as ``weights`` or ``level``.

    Returns
    -------
    One row per pair: coder_a, coder_b, estimate, n_units (rated by both), note.

    Raises
    ------
    UnknownNameError
        When there is no such coefficient.

    Examples
    --------
    >>> pairs = per_pair([[1, 1, 0], [0, 0, 0], [1, 0, 1]])
    >>> pairs[["coder_a", "coder_b", "n_units"]].to_numpy().tolist()
    [['1', '2', 3], ['1', '3', 3], ['2', '3', 3]]
    """
    matrix = encode(ratings)
    rows = []
    for a, b in coder_pairs(matrix.n_coders):
        pair = matrix.select([a, b])
        n = int((pair.codes >= 0).all(axis=0).sum())
        estimate, note = _one(pair, coefficient, options)
        rows.append((matrix.coders[a], matrix.coders[b], estimate, n, note))
    return pd.DataFrame(rows, columns=["coder_a", "coder_b", "estimate", "n_units", "note"])


def leave_one_coder_out(
    ratings: Ratings, coefficient: str = "krippendorff_alpha", **options: object
) -> pd.DataFrame:
    """Return a coefficient without each coder in turn.

    A coder whose absence raises agreement (a positive change) codes differently from the
    others, which need not mean worse.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        A name in COEFFICIENTS.
    **options
        Passed to it, such as ``weights`` or ``level``.

    Returns
    -------
    One row per coder: coder, estimate (without them), change (from all coders), n_units,
    note.

    Raises
    ------
    UnknownNameError
        When there is no such coefficient.

    Examples
    --------
    >>> odd = [[1, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]]
    >>> leave_one_coder_out(odd)["estimate"].round(2).tolist()
    [-0.4, -0.4, 1.0]
    """
    matrix = encode(ratings)
    everyone, _ = _one(matrix, coefficient, options)
    rows = []
    for k, coder in enumerate(matrix.coders):
        rest = matrix.select([i for i in range(matrix.n_coders) if i != k])
        n = int(((rest.codes >= 0).sum(axis=0) >= 2).sum())
        estimate, note = _one(rest, coefficient, options)
        rows.append((coder, estimate, estimate - everyone, n, note))
    return pd.DataFrame(rows, columns=["coder", "estimate", "change", "n_units", "note"])


def _one(matrix: Matrix, coefficient: str, options: Mapping[str, object]) -> tuple[float, str]:
    if coefficient not in COEFFICIENTS:
        raise UnknownNameError("coefficient", coefficient, COEFFICIENTS)
    estimate = COEFFICIENTS[coefficient](matrix, **options)
    return estimate, why_undefined(matrix, coefficient) if estimate != estimate else ""  # noqa: PLR0124
