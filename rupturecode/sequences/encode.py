"""Code sequences as whole numbers, and their counts: the common ground of this room.

Everything is kept per session, so that a pair never crosses a session's end and results
of sessions add up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Sequences: TypeAlias = Sequence[object] | Mapping[str, Sequence[object]]
_WANTED = "give a list of codes, or a list (or mapping) of such lists"


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Sessions laid end to end, each code a position in ``labels``."""

    codes: Ints
    lengths: Ints
    labels: tuple[object, ...]
    """Codes as they were given: numbers stay numbers."""
    sessions: tuple[str, ...]

    @property
    def session(self) -> Ints:
        """Position of the session that each event belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def rows(self) -> list[Ints]:
        """One array per session."""
        return np.split(self.codes, np.cumsum(self.lengths)[:-1])

    def totals(self) -> Ints:
        """Sessions × codes: how often each code occurs."""
        k, s = len(self.labels), len(self.lengths)
        flat = np.bincount(self.session * k + self.codes, minlength=s * k)
        return flat.reshape(s, k)


def encode(sequences: Sequences, labels: Iterable[object] | None = None) -> Encoded:
    """Turn code sequences into whole numbers.

    Parameters
    ----------
    sequences
        One sequence of codes per session (a list of lists, or a mapping from session to
        list). A flat list of codes is taken as a single session; so is one array.
    labels
        The codes in the order wanted; those that never occur keep a row of zeros. Without
        it, the codes that occur, sorted.

    Raises
    ------
    UsageError
        When there is no sequence, something else than lists of codes, or a label twice.
    InvalidDataError
        When a code is missing somewhere.
    UnknownNameError
        When a code is not among ``labels``.

    Examples
    --------
    >>> encode([["a", "b"], ["b"]]).codes.tolist()
    [0, 1, 1]
    """
    names, rows = _by_session(sequences)
    lengths = np.array([len(r) for r in rows], dtype=np.int64)
    values = np.concatenate([_values(r) for r in rows])
    try:
        codes, found = pd.factorize(values)
    except TypeError as err:
        raise UsageError(
            "a code is a word or a number; where turns carry several codes, use transitions()"
        ) from err
    if (codes < 0).any():
        bad = np.flatnonzero(codes < 0)[:5]
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = [f"session {names[owner[b]]}, place {b - first[owner[b]] + 1}" for b in bad]
        raise InvalidDataError("sequences", [f"no code in {p}" for p in places])
    found_labels = list(found.tolist())
    order = in_order(found_labels) if labels is None else list(labels)
    position = {label: i for i, label in enumerate(order)}
    if len(position) < len(order):
        raise UsageError(f"labels={order!r}: name every code once")
    for label in found_labels:
        if label not in position:
            raise UnknownNameError("code", str(label), map(str, order))
    to = np.array([position[label] for label in found_labels], dtype=np.int64)
    new = to[codes] if len(codes) else np.array([], dtype=np.int64)
    return Encoded(new, lengths, tuple(order), names)


def _by_session(sequences: Sequences) -> tuple[tuple[str, ...], list[Collection[object]]]:
    if isinstance(sequences, str | pd.DataFrame) or not isinstance(sequences, Iterable):
        raise UsageError(_WANTED)
    mapped = isinstance(sequences, Mapping)
    rows: list[Any] = list(sequences.values() if isinstance(sequences, Mapping) else sequences)
    if not rows:
        raise UsageError("there are no sequences")
    rows = [list(r) if isinstance(r, Iterator) else r for r in rows]
    nested = [
        isinstance(r, Iterable) and not isinstance(r, str | bytes | AbstractSet) for r in rows
    ]
    if any(nested) and not all(nested):
        raise UsageError("sequences mixes codes and lists of codes")
    if mapped and not nested[0]:
        raise UsageError(_WANTED)
    names = sequences if mapped else range(1, (len(rows) if nested[0] else 1) + 1)
    return tuple(map(str, names)), rows if nested[0] else [rows]


def _values(row: Collection[object]) -> NDArray[np.object_] | Ints:
    """Keep whole numbers as they are (fast); everything else as objects, one for each event."""
    codes = row if isinstance(row, np.ndarray) else list(row)
    try:
        whole = np.asarray(codes)
    except ValueError:  # codes that are lists of several lengths
        whole = np.empty(0)
    if whole.ndim == 1 and whole.dtype.kind in "iu" and np.can_cast(whole.dtype, np.int64):
        return whole.astype(np.int64, copy=False)
    return np.fromiter(codes, dtype=object, count=len(codes))


def in_order(found: Iterable[object]) -> list[object]:
    """Sort codes or groups; by their text where they cannot be compared otherwise.

    Examples
    --------
    >>> in_order([10, 2]), in_order(["b", 1])
    ([2, 10], [1, 'b'])
    """
    found = list(found)
    try:
        return sorted(found)  # type: ignore[type-var]
    except TypeError:
        return sorted(found, key=str)


def label_column(labels: Iterable[object]) -> pd.Series:
    """Make a column of codes: text as text, numbers as numbers.

    Examples
    --------
    >>> str(label_column(["a", "b"]).dtype), str(label_column([1, 2]).dtype)
    ('str', 'int64')
    """
    return pd.Series(list(labels)).infer_objects()


def count_pairs(codes: Ints, session: Ints, k: int, lag: int = 1) -> Ints:
    """Count how often each code is followed by each other one, within sessions.

    Parameters
    ----------
    codes
        Codes 0 to k - 1, session after session.
    session
        The session of each; only pairs within one session count.
    k
        Number of codes.
    lag
        Distance of the pair in events.

    Returns
    -------
    k × k counts, given code in rows.

    Examples
    --------
    >>> count_pairs(np.array([0, 1, 1, 0]), np.array([0, 0, 0, 1]), 2).tolist()
    [[0, 1], [0, 1]]
    """
    pair = codes[:-lag] * k
    pair += codes[lag:]
    pair[session[:-lag] != session[lag:]] = k * k  # one bin more than there are cells
    return np.bincount(pair, minlength=k * k + 1)[: k * k].reshape(k, k)


def count_pairs_by_session(data: Encoded, lag: int = 1) -> Ints:
    """Count pairs per session: sessions × codes × codes.

    Examples
    --------
    >>> count_pairs_by_session(encode([["a", "b", "a"], ["b", "b"]])).tolist()
    [[[0, 1], [1, 0]], [[0, 0], [0, 1]]]
    """
    k, s, session = len(data.labels), len(data.lengths), data.session
    inside = session[:-lag] == session[lag:]
    cell = (session[:-lag] * k + data.codes[:-lag]) * k + data.codes[lag:]
    return np.bincount(cell[inside], minlength=s * k * k).reshape(s, k, k)


def merge_repeats(data: Encoded) -> tuple[Encoded, int]:
    """Merge a code that follows itself into one event.

    Returns
    -------
    The merged sequences, and how many events were merged away.

    Examples
    --------
    >>> merged, gone = merge_repeats(encode([["a", "a", "b"], ["b"]]))
    >>> merged.codes.tolist(), gone
    ([0, 1, 1], 1)
    """
    session = data.session
    keep = np.ones(len(data.codes), dtype=bool)
    keep[1:] = (data.codes[1:] != data.codes[:-1]) | (session[1:] != session[:-1])
    lengths = np.bincount(session[keep], minlength=len(data.lengths))
    return Encoded(data.codes[keep], lengths, data.labels, data.sessions), int((~keep).sum())
