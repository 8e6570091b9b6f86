"""Random orders of code sequences, where no closed form exists.

Two samplers: any order (each session's events at random), and orders in which no code
follows itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from rupturecode.sequences.encode import Encoded

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_BLOCK = 1 << 15
"""Events shuffled at once: few enough to stay in the processor's cache."""


def shuffled_counts(
    data: Encoded, shuffles: int, *, lag: int = 1, repeats: bool = True, seed: int = 0
) -> Ints:
    """Pooled lag counts of randomly ordered sessions.

    Parameters
    ----------
    data
        The sessions.
    shuffles
        How many random orders.
    lag
        Distance of the pair in events.
    repeats
        Whether a code may follow itself in a random order.
    seed
        Seed of the random numbers.

    Returns
    -------
    Shuffles × codes × codes.

    Examples
    --------
    >>> from rupturecode.sequences.encode import encode
    >>> shuffled_counts(encode([["a", "a", "b"]]), 100).sum(axis=(1, 2)).tolist() == [2] * 100
    True
    """
    rng = np.random.default_rng(seed)
    if repeats:
        return _free_orders(data, shuffles, lag, rng)
    return _no_repeat_orders(data, shuffles, lag, rng)


def shuffled_within_speakers(
    data: Encoded, owner: tuple[str, ...], shuffles: int, *, lag: int = 1, seed: int = 0
) -> Ints:
    """Pooled lag counts when each speaker's codes are shuffled over that speaker's turns.

    Parameters
    ----------
    owner
        The speaker of each code in ``data.labels``.

    Examples
    --------
    >>> from rupturecode.sequences.encode import encode
    >>> data = encode([["a", "x", "b", "x"]])
    >>> draws = shuffled_within_speakers(data, ("C", "C", "T"), 50)
    >>> draws[:, :, 2].sum(axis=1).tolist() == [2] * 50
    True
    """
    rng = np.random.default_rng(seed)
    k, names = len(data.labels), np.array(owner)
    out = np.zeros((shuffles, k * k), dtype=np.int64)
    for row in data.rows:
        if len(row) <= lag:
            continue
        orders = np.empty((shuffles, len(row)), dtype=np.int64)
        for speaker in np.unique(names[row]):
            where = np.flatnonzero(names[row] == speaker)
            orders[:, where] = rng.permuted(np.tile(row[where], (shuffles, 1)), axis=1)
        out += _count_rows(orders, k, lag)
    return out.reshape(shuffles, k, k)


def _count_rows(orders: Ints, k: int, lag: int) -> Ints:
    """Count pairs of each row on its own: rows × (k · k)."""
    n = len(orders)
    pair = orders[:, :-lag] * k + orders[:, lag:] + (np.arange(n) * k * k)[:, None]
    return np.bincount(pair.ravel(), minlength=n * k * k).reshape(n, k * k)


def _free_orders(data: Encoded, shuffles: int, lag: int, rng: np.random.Generator) -> Ints:
    k = len(data.labels)
    out = np.zeros((shuffles, (k + 1) ** 2), dtype=np.int64)
    for block in _blocks(data):
        for b in range(shuffles):
            order = _sorted_by_random_keys(block, k, rng)
            pair = order[:, :-lag] * (k + 1) + order[:, lag:]
            out[b] += np.bincount(pair.ravel(), minlength=(k + 1) ** 2)
    return out.reshape(shuffles, k + 1, k + 1)[:, :k, :k]


def _blocks(data: Encoded) -> Iterator[NDArray[np.uint64]]:
    """Sessions of like length as rows, padded with one code more than there are."""
    k, rows = len(data.labels), data.rows
    by_length = [i for i in np.argsort(data.lengths, kind="stable") if len(rows[i]) > 1]
    start = 0
    while start < len(by_length):
        width = len(rows[by_length[start]])
        stop = start + 1
        while stop < len(by_length):
            longest = len(rows[by_length[stop]])
            if longest * (stop - start + 1) > _BLOCK or longest > 1.3 * width:
                break
            stop += 1
        members = by_length[start:stop]
        block = np.full((len(members), len(rows[members[-1]])), k, dtype=np.uint64)
        for r, i in enumerate(members):
            block[r, : len(rows[i])] = rows[i]
        yield block
        start = stop


def _sorted_by_random_keys(block: NDArray[np.uint64], k: int, rng: np.random.Generator) -> Ints:
    """Shuffle every row: sort by random keys that carry the code in their lowest bits.

    The remaining 50-odd bits are random, so that two keys of a session tie once in about
    10^10 sessions. Padding gets the largest keys and stays at the end. A sort of whole
    numbers is faster here than the usual swap by swap, which Python cannot do in bulk.
    """
    bits = np.uint64(int(k).bit_length())
    low = np.uint64((1 << int(bits)) - 1)
    keys = np.asarray(rng.bit_generator.random_raw(block.size)).reshape(block.shape)
    keys >>= np.uint64(1)
    keys &= ~low
    keys |= block
    keys |= (block == k).astype(np.uint64) << np.uint64(63)
    keys.sort(axis=1)
    keys &= low
    return keys.view(np.int64)


def _no_repeat_orders(data: Encoded, shuffles: int, lag: int, rng: np.random.Generator) -> Ints:
    k = len(data.labels)
    out = np.zeros((shuffles, k * k), dtype=np.int64)
    for row in data.rows:
        if len(row) <= lag:
            continue
        chains = _mix_without_repeats(np.tile(row, (shuffles, 1)), rng)
        out += _count_rows(chains, k, lag)
    return out.reshape(shuffles, k, k)


def _mix_without_repeats(chains: Ints, rng: np.random.Generator) -> Ints:
    """Many Markov chains at once, uniform over the orders in which no code follows itself.

    A step proposes to swap two events; now and then (every fourth step in short sequences,
    where it matters most) one turns a stretch around instead, which reaches orders that
    swaps alone cannot. Both proposals are symmetric, so a step that would put a code beside
    itself is simply not taken. Chains start at the observed order, which under the null is
    itself a draw, run 4 n log n steps (300 at least), and in the end half of them, at
    random, are read backwards (which keeps every order equally likely).
    """
    n_chains, n = chains.shape
    if n < 3:
        return chains
    padded = np.full((n_chains, n + 2), -1, dtype=np.int64)
    padded[:, 1:-1] = chains
    who = np.arange(n_chains)
    turn_every = max(4, n // 8)
    for step in range(max(int(4 * n * np.log(n)), 300)):
        a, b = np.sort(rng.integers(1, n + 1, size=(2, n_chains)), axis=0)
        if step % turn_every == 3:
            _reverse(padded, a, b, who)
        else:
            _swap(padded, a, b, who)
    orders = padded[:, 1:-1]
    backwards = rng.random(n_chains) < 0.5
    orders[backwards] = orders[backwards, ::-1]
    return orders


def _swap(rows: Ints, a: Ints, b: Ints, who: Ints) -> None:
    x, y = rows[who, a], rows[who, b]
    rows[who, a], rows[who, b] = y, x
    bad = (rows[who, a - 1] == y) | (rows[who, b + 1] == x)
    bad |= (rows[who, a + 1] == y) | (rows[who, b - 1] == x)
    bad &= a != b
    rows[who[bad], a[bad]], rows[who[bad], b[bad]] = x[bad], y[bad]


def _reverse(rows: Ints, a: Ints, b: Ints, who: Ints) -> None:
    good = (rows[who, a - 1] != rows[who, b]) & (rows[who, b + 1] != rows[who, a])
    place = np.arange(rows.shape[1])[None, :]
    inside = (place >= a[:, None]) & (place <= b[:, None]) & good[:, None]
    source = np.where(inside, (a + b)[:, None] - place, place)
    rows[:] = np.take_along_axis(rows, source, axis=1)
