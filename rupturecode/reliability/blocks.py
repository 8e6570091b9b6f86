"""Codes that share a scale, as one array of sums: the unit of all batched work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.reliability.alpha import spread
from rupturecode.reliability.coefficients import FROM_SUMS, FromSums
from rupturecode.reliability.icc import moments
from rupturecode.reliability.matrix import encode
from rupturecode.reliability.tally import tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.reliability.scheme import Scheme

    Floats = NDArray[np.float64]

_OF_NUMBERS = ("moments", "spread")


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Additive sums of several codes over groups of units.

    Blocks of the same codes, coders and scheme from different places can be put side by
    side along the group axis, and give what the pooled ratings would.
    """

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    coefficients: tuple[str, ...]
    scheme: Scheme
    features: Floats
    """Features × codes × groups."""
    n_paired: Floats
    """Codes × groups: units that two or more coders rated."""
    shapes: dict[str, tuple[int, ...]]
    """Per part its axes before the codes, in the order of the features."""

    @property
    def n_groups(self) -> int:
        """Number of groups, empty ones included."""
        return int(self.features.shape[-1])

    @property
    def n_used(self) -> Floats:
        """Coefficients × codes × groups: the units that each coefficient rests on.

        Intraclass correlations need units that every coder rated, the others two.
        """
        shape = (len(self.coefficients), *self.n_paired.shape)
        if "moments" not in self.shapes:
            return np.broadcast_to(self.n_paired, shape)
        complete = self.parts(self.features)["moments"][0]
        needs = [computed(c, self.scheme).needs for c in self.coefficients]
        used = [complete if "moments" in n else self.n_paired for n in needs]
        return np.stack(used) if used else np.empty(shape)

    def regrouped(self, group_of: NDArray[np.intp], n_groups: int) -> Block:
        """Return the sums of larger groups, such as cases, from those of smaller ones."""
        belongs = np.zeros((len(group_of), n_groups))
        belongs[np.arange(len(group_of)), group_of] = 1.0
        return replace(self, features=self.features @ belongs, n_paired=self.n_paired @ belongs)

    def parts(self, sums: Floats) -> dict[str, Floats]:
        """Cut features × codes × anything into the named parts."""
        out, start = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            out[name] = sums[start : start + size].reshape(*shape, *sums.shape[1:])
            start += size
        return out

    def estimates(self, sums: Floats) -> Floats:
        """Return coefficients × codes × anything."""
        parts = self.parts(sums)
        how = [computed(c, self.scheme) for c in self.coefficients]
        found = [h.compute(parts, self.scheme) for h in how]
        return np.stack(found) if found else np.empty((0, *sums.shape[1:]))

    def estimate(self) -> Floats:
        """Return coefficients × codes, from all groups."""
        return self.estimates(self.features.sum(axis=-1))

    def resampled(self, weights: NDArray[Any]) -> Floats:
        """Return coefficients × codes × replicates for groups × replicates of weights."""
        n_features, n_codes, n_groups = self.features.shape
        flat = self.features.reshape(-1, n_groups).astype(weights.dtype, copy=False)
        sums = (flat @ weights).astype(np.float64, copy=False)
        return self.estimates(sums.reshape(n_features, n_codes, -1))

    def without_each(self) -> Floats:
        """Return coefficients × codes × groups: the estimates without each group."""
        return self.estimates(self.features.sum(axis=-1, keepdims=True) - self.features)

    def by_group(self) -> Floats:
        """Return coefficients × codes × groups: the estimates within each group."""
        return self.estimates(self.features)


def computed(coefficient: str, scheme: Scheme) -> FromSums:
    """Return how a coefficient is computed on a scale; alpha of numbers needs no pairs."""
    if coefficient == "krippendorff_alpha" and scheme.level == "interval":
        return FROM_SUMS["alpha_of_numbers"]
    return FROM_SUMS[coefficient]


def build_block(
    values: Floats,
    codes: Sequence[str],
    coders: Sequence[str],
    coefficients: Sequence[str],
    scheme: Scheme,
    *,
    categories: Sequence[float],
    groups: NDArray[np.intp],
    n_groups: int,
) -> Block:
    """Sum the ratings of several codes over groups.

    Parameters
    ----------
    values
        Codes × units × coders, numbers, NaN where not rated.
    codes, coders
        Their names.
    coefficients
        Names in FROM_SUMS.
    scheme
        How categories are compared.
    categories
        All values that can occur, in order.
    groups
        Group of each unit, ascending.
    n_groups
        Number of groups, which may be empty.
    """
    n_codes, n_units, n_coders = values.shape
    needs = [p for c in coefficients for p in computed(c, scheme).needs]
    counted = [p for p in dict.fromkeys(needs) if p not in _OF_NUMBERS]
    parts: dict[str, Floats] = {}
    if counted:
        flat = encode(values.reshape(n_codes * n_units, n_coders), categories).codes
        cube = np.moveaxis(flat.reshape(n_coders, n_codes, n_units), 0, 1)
        parts |= tally(cube, len(categories), counted, groups, n_groups)
    by_coder = np.swapaxes(values, 1, 2)
    if "moments" in needs:
        parts |= moments(by_coder, groups, n_groups)
    if "spread" in needs:
        parts |= spread(by_coder, groups, n_groups)
    n_paired = np.zeros((n_codes, n_groups))
    shared = (~np.isnan(values)).sum(axis=2) > 1
    for c in range(n_codes):
        n_paired[c] = np.bincount(groups, weights=shared[c], minlength=n_groups)
    nothing = np.empty((0, n_codes, n_groups))
    features = [nothing, *(p.reshape(-1, n_codes, n_groups) for p in parts.values())]
    return Block(
        tuple(codes),
        tuple(coders),
        tuple(coefficients),
        scheme,
        np.concatenate(features),
        n_paired,
        {name: p.shape[:-2] for name, p in parts.items()},
    )
