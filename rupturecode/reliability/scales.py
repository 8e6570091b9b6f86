"""From a code's scale in the codebook to how its ratings are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.reliability.matrix import Matrix
from rupturecode.reliability.scheme import Scheme, scheme_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.codebook import Scale

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Measure:
    """How the ratings of a code are compared."""

    categories: tuple[float, ...]
    """All values that can occur, in order."""
    level: str
    """In words, for the table: nominal, ordinal with quadratic weights, or numbers."""
    scheme: Scheme
    coefficients: tuple[str, ...]
    """Those computed unless others are asked for."""
    lowest_present: float
    """Values from here on mean that the code is present; infinite where none does."""

    def level_of(self, coefficient: str) -> str:
        """Word how one coefficient compares values: alpha has its level, the ICC is of numbers."""
        if coefficient.lower().startswith("icc"):
            return "interval"
        return self.scheme.level if coefficient == "krippendorff_alpha" else self.level

    @property
    def key(self) -> tuple[tuple[float, ...], str]:
        """Codes with the same key can be computed together."""
        return self.categories, self.level


def measure(scale: Scale, values: Floats, n_coders: int) -> Measure:
    """Choose categories, weights and default coefficients for a code.

    Presence and nominal scales are compared exactly; ordinal ones by rank (alpha) and with
    quadratic weights (kappas, AC2); counts as numbers.
    """
    two = "cohen_kappa" if n_coders == 2 else "fleiss_kappa"
    if scale.kind == "presence":
        return _measure((0.0, 1.0), "nominal", ("krippendorff_alpha", two, "gwet_ac"), 1.0)
    if scale.kind == "nominal":
        choices = tuple(float(i) for i in range(len(scale.categories)))
        names = ("percent_agreement", "krippendorff_alpha", two, "gwet_ac")
        return _measure(choices, "nominal", names, float("inf"))
    seen = {float(v) for v in np.unique(values[~np.isnan(values)])}
    if scale.kind == "count":
        present = np.nextafter(0.0, 1.0)
        numbers = tuple(sorted({0.0, *seen}))
        return _measure(numbers, "interval", ("krippendorff_alpha", "ICC(A,1)"), present)
    points = tuple(sorted({*_points(scale), *seen}))
    absent = scale.absent if isinstance(scale.absent, int | float) else min(points, default=0.0)
    names = ("krippendorff_alpha", two, "gwet_ac", "ICC(A,1)")
    return _measure(points, "ordinal", names, float(np.nextafter(float(absent), np.inf)))


def _points(scale: Scale) -> set[float]:
    """Return the points of a rating scale: its anchors, and whole numbers between its ends."""
    points = {float(value) for value, _ in scale.anchors}
    if scale.low is not None and scale.high is not None and not scale.low % 1:
        points |= set(np.arange(scale.low, scale.high + 0.5).tolist())
    return points


def _measure(
    categories: tuple[float, ...], level: str, coefficients: tuple[str, ...], present: float
) -> Measure:
    bare = Matrix(np.empty((0, 0), dtype=np.int8), categories, ())
    weights = None if level == "nominal" else "quadratic"
    words = "ordinal, quadratic weights" if level == "ordinal" else level
    scheme = scheme_of(bare, level=level, weights=weights)
    return Measure(categories, words, scheme, coefficients, float(present))
