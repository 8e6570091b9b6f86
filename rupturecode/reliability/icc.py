"""Intraclass correlations: all six forms, in both conventions, with F-based limits.

================  ================  ====================================================
Shrout & Fleiss   McGraw & Wong     the question
================  ================  ====================================================
ICC(1,1)          ICC(1)            one coder, drawn anew for each unit
ICC(2,1)          ICC(A,1)          one of these coders: do the very numbers agree
ICC(3,1)          ICC(C,1)          one of these coders: do they order units alike
ICC(1,k)          ICC(k)            the mean of k coders drawn anew
ICC(2,k)          ICC(A,k)          the mean of these k coders: absolute agreement
ICC(3,k)          ICC(C,k)          the mean of these k coders: consistency
================  ================  ====================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import UnknownNameError
from rupturecode.reliability.matrix import centered, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

    Parts = Mapping[str, NDArray[np.float64]]

FORMS = {
    "ICC(1,1)": "ICC(1)",
    "ICC(2,1)": "ICC(A,1)",
    "ICC(3,1)": "ICC(C,1)",
    "ICC(1,k)": "ICC(k)",
    "ICC(2,k)": "ICC(A,k)",
    "ICC(3,k)": "ICC(C,k)",
}


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of the units × coders table, over any trailing axes."""

    n: NDArray[np.float64]
    k: int
    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    error: NDArray[np.float64]

    @property
    def within(self) -> NDArray[np.float64]:
        """Mean square within units, coders and error together."""
        n, k = self.n, self.k
        pooled = (k - 1) * self.columns + (n - 1) * (k - 1) * self.error
        return np.asarray(pooled / (n * (k - 1)))


def icc(ratings: Ratings, form: str = "ICC(A,1)") -> float:
    """Return one intraclass correlation.

    The share of variance between units in all variance, as an analysis of variance splits
    it. Units that any coder missed are left out.

    It misleads when units differ little: coders who agree within half a point earn a low
    ICC in a sample where everybody is a 2. Forms with k speak about the mean of all coders,
    not about the single coder who rates most sessions in many studies.

    Parameters
    ----------
    ratings
        Units × coders, numbers; None or NaN where not rated.
    form
        "ICC(1,1)" to "ICC(3,k)" (Shrout and Fleiss) or "ICC(1)", "ICC(A,1)", "ICC(C,k)" ...
        (McGraw and Wong); a number in place of k is accepted when it is the number of
        coders.

    Returns
    -------
    The coefficient, which may be negative; NaN with fewer than two complete units or
    coders, or no variance.

    Raises
    ------
    UnknownNameError
        When there is no such form.
    UsageError
        When ratings are words.

    References
    ----------
    Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations. Psychol. Bull. 86,
    420-428. McGraw, K. O. & Wong, S. P. (1996). Forming inferences about some intraclass
    correlation coefficients. Psychol. Methods 1, 30-46.

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6]]
    >>> round(icc(judges, "ICC(2,1)"), 3)
    0.261
    """
    parts = moments_of(ratings)
    return float(icc_from_sums(parts, _form(form, _n_coders(parts))).item())


def _n_coders(parts: Parts) -> int:
    return int((np.sqrt(8 * len(parts["moments"]) + 1) - 3) // 2)


def _form(form: str, n_coders: int) -> str:
    plain = form.replace(" ", "").removesuffix(")").removeprefix("ICC(")
    if n_coders > 1 and plain.endswith(f",{n_coders}"):
        plain = plain[: plain.rindex(",")] + ",k"
    name = f"ICC({plain})"
    back = {other: ours for ours, other in FORMS.items()}
    if name not in FORMS and name not in back:
        raise UnknownNameError("form of ICC", form, [*FORMS, *back])
    return back.get(name, name)


def moments(
    values: NDArray[np.float64],
    groups: NDArray[np.intp] | None = None,
    n_groups: int = 1,
) -> dict[str, NDArray[np.float64]]:
    """Sum what the analysis of variance needs over the complete units of each group.

    Values are codes × coders × units. The part has, first axis, the number of units, each
    coder's sum, and the sum of products of each two coders.
    """
    n_codes, n_coders, n_units = values.shape
    complete = np.asarray(~np.isnan(values).any(axis=1))
    kept = np.where(complete[:, None], values, 0.0)
    where = np.zeros(n_units, dtype=np.intp) if groups is None else groups
    i, j = np.triu_indices(n_coders)
    features = [complete.astype(np.float64), *(kept[:, a] for a in range(n_coders))]
    features += [kept[:, a] * kept[:, b] for a, b in zip(i, j, strict=True)]
    if n_groups == 1:
        return {"moments": np.stack([f.sum(axis=-1, keepdims=True) for f in features])}
    out = np.zeros((len(features), n_codes, n_groups))
    for f, feature in enumerate(features):
        for c in range(n_codes):
            out[f, c] = np.bincount(where, weights=feature[c], minlength=n_groups)
    return {"moments": out}


def moments_of(ratings: Ratings) -> dict[str, NDArray[np.float64]]:
    """Return the moments of one table, counted from its mean, which keeps digits."""
    return moments(centered(numbers(ratings))[None])


def mean_squares(parts: Parts) -> MeanSquares:
    """Split the variance of units × coders into units, coders and error."""
    sums, k = parts["moments"], _n_coders(parts)
    n, by_coder, products = sums[0], sums[1 : k + 1], sums[k + 1 :]
    i, j = np.triu_indices(k)
    squares = products[np.flatnonzero(i == j)]
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = by_coder.sum(axis=0) ** 2 / (n * k)
        total = squares.sum(axis=0) - centre
        rows = np.tensordot(np.where(i == j, 1.0, 2.0), products, axes=1) / k - centre
        columns = (by_coder**2).sum(axis=0) / n - centre
        error = np.maximum(total - rows - columns, 0.0)
        enough = np.where((n > 1) & (k > 1), 1.0, np.nan)
        return MeanSquares(
            n=n,
            k=k,
            rows=enough * rows / (n - 1),
            columns=enough * columns / max(k - 1, 1),
            error=enough * error / ((n - 1) * max(k - 1, 1)),
        )


def icc_from_sums(parts: Parts, form: str) -> NDArray[np.float64]:
    """Compute one form (Shrout and Fleiss's name) from moments."""
    return icc_from_squares(mean_squares(parts), form)


def icc_from_squares(s: MeanSquares, form: str) -> NDArray[np.float64]:
    """Compute one form from mean squares."""
    k, n = s.k, s.n
    with np.errstate(divide="ignore", invalid="ignore"):
        top, bottom = {
            "ICC(1,1)": (s.rows - s.within, s.rows + (k - 1) * s.within),
            "ICC(2,1)": (
                s.rows - s.error,
                s.rows + (k - 1) * s.error + k * (s.columns - s.error) / n,
            ),
            "ICC(3,1)": (s.rows - s.error, s.rows + (k - 1) * s.error),
            "ICC(1,k)": (s.rows - s.within, s.rows),
            "ICC(2,k)": (s.rows - s.error, s.rows + (s.columns - s.error) / n),
            "ICC(3,k)": (s.rows - s.error, s.rows),
        }[form]
        scale = s.rows + s.within
        return np.where((scale > 0) & (np.abs(bottom) > 1e-12 * scale), top / bottom, np.nan)
