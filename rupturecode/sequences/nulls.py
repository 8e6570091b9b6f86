"""Which random order a transition is tested against, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.errors import UsageError
from rupturecode.sequences.encode import Encoded, count_pairs_by_session, encode
from rupturecode.sequences.exact import (
    NO_SHUFFLES,
    SHUFFLES,
    OrderTest,
    followed_by_other_tests,
    order_tests,
    two_sided,
)
from rupturecode.sequences.shuffle import shuffled_counts, shuffled_within_speakers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def with_speakers(
    data: Encoded, speakers: Sequence[Sequence[object]]
) -> tuple[Encoded, tuple[str, ...]]:
    """Make a code of each speaker and code that occur; also say who owns which."""
    who = encode(speakers)
    if who.lengths.tolist() != data.lengths.tolist():
        raise UsageError("speakers must have the same sessions and lengths as sequences")
    pairs = who.codes * len(data.labels) + data.codes
    found, codes = np.unique(pairs, return_inverse=True)
    owners = tuple(who.labels[f // len(data.labels)] for f in found)
    labels = tuple(
        f"{o}: {data.labels[f % len(data.labels)]}" for o, f in zip(owners, found, strict=True)
    )
    return Encoded(codes.astype(np.int64), data.lengths, labels, data.sessions), owners


@dataclass(frozen=True, slots=True)
class Null:
    """Which orders count as equally likely, and how they are drawn where they must be."""

    lag: int
    repeats: bool
    owner: tuple[str, ...] | None
    """The speaker of each code, when who speaks is held fixed."""
    shuffles: int
    seed: int

    def draw(self, data: Encoded) -> Ints | None:
        """Count pairs in random orders; None when no shuffles were asked for."""
        if not self.shuffles:
            return None
        if self.owner is not None:
            return shuffled_within_speakers(
                data, self.owner, self.shuffles, lag=self.lag, seed=self.seed
            )
        return shuffled_counts(
            data, self.shuffles, lag=self.lag, repeats=self.repeats, seed=self.seed
        )

    def test(self, data: Encoded, observed: Ints) -> OrderTest:
        """Test counts by the closed form where there is one, by shuffles elsewhere."""
        if self.owner is not None:
            return self._speaker_test(data, observed, self.owner)
        if self.lag == 1 and self.repeats:
            return order_tests(observed, data.totals(), data.lengths)
        return shuffle_test(observed, self.draw(data))

    def _speaker_test(self, data: Encoded, observed: Ints, owner: tuple[str, ...]) -> OrderTest:
        """Different speakers: closed form. One speaker with himself: shuffles."""
        k, names = len(data.labels), np.array(owner)
        totals, groups = data.totals(), [np.flatnonzero(names == o) for o in owner]
        turns = np.stack([totals[:, g].sum(1) for g in groups], axis=1)
        pairs = count_pairs_by_session(data, self.lag)
        spots = np.stack([pairs[:, :, g].sum(2) for g in groups], axis=2)
        shape = (len(totals), k, k)
        cross = followed_by_other_tests(
            observed,
            spots,
            np.broadcast_to(totals[:, None, :], shape),
            np.broadcast_to(turns[:, None, :], shape),
        )
        same = names[:, None] == names[None, :]
        return mixed(same, shuffle_test(observed, self.draw(data)), cross)


def mixed(mask: NDArray[np.bool_], one: OrderTest, other: OrderTest) -> OrderTest:
    """Take some cells from one test and the rest from another."""
    names = ("expected", "variance", "z", "p", "how")
    return OrderTest(*(np.where(mask, getattr(one, x), getattr(other, x)) for x in names))


def shuffle_test(observed: Ints, draws: Ints | None) -> OrderTest:
    """Test counts against shuffled counts; p is never 0.

    References
    ----------
    Phipson, B. & Smyth, G. K. (2010). Statistical Applications in Genetics and Molecular
    Biology 9, article 39.

    Examples
    --------
    >>> draws = np.array([[[0]], [[1]], [[1]], [[2]]])
    >>> shuffle_test(np.array([[2]]), draws).p.tolist()
    [[0.8]]
    """
    nothing = np.full(observed.shape, np.nan)
    if draws is None or not len(draws):
        return OrderTest(nothing, nothing, nothing, nothing, np.full(observed.shape, NO_SHUFFLES))
    mean, variance = draws.mean(0), draws.var(0, ddof=1)
    moving = variance > 0
    z, p = nothing.copy(), nothing.copy()
    z[moving] = (observed - mean)[moving] / np.sqrt(variance[moving])
    low = (1 + (draws <= observed).sum(0)) / (1 + len(draws))
    high = (1 + (draws >= observed).sum(0)) / (1 + len(draws))
    p[moving] = two_sided(low, high)[moving]
    return OrderTest(mean, variance, z, p, np.full(observed.shape, SHUFFLES))
