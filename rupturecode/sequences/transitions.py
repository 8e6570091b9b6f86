"""What follows what in coded turns: several codes per turn, roles respected."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.case_time import one_layer
from rupturecode.sequences.coded_pairs import (
    PairCounts,
    Presence,
    count_pairs_of_turns,
    follow,
    presence,
)
from rupturecode.sequences.exact import OrderTest, hypergeometric_tests
from rupturecode.sequences.nulls import mixed, shuffle_test
from rupturecode.sequences.transition_result import Counted, Fitted, Transitions, assemble
from rupturecode.sequences.transition_table import check_arguments
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NULLS = {
    "speakers": "the target falls at random on the turns whose speaker may carry it",
    "order": "the target falls at random on any turn",
}


@check_kinds
def transitions(
    notes: Annotations,
    corpus: Corpus,
    lag: int = 1,
    given: Iterable[str] | None = None,
    target: Iterable[str] | None = None,
    *,
    null: str = "speakers",
    window: int = 1,
    sessions: Iterable[str] | None = None,
    adjust: str = "bh",
    shuffles: int = 999,
    seed: int = 0,
    confidence: float = 0.95,
) -> Transitions:
    """Count which codes follow which in later turns of a session, and test it.

    A turn may carry several codes, and pairs of codes are looked at one by one: among the
    turns that could hold the target, is it more often there ``lag`` turns after the given
    code? Pairs never cross a session, and only turns examined count.

    Parameters
    ----------
    notes
        A consensus, or one coder's coding.
    corpus
        The transcripts (for the order of sessions).
    lag
        Distance in turns.
    given, target
        Codes (a parent stands for those below it); default all presence and count codes
        given on turns. Naming few beforehand is the best protection against chance.
    null
        ``"speakers"``: who speaks is held fixed, and the target falls at random on the
        turns whose role may carry it; ``"order"``: on any turn.
    window
        With more than 1: whether the target comes at all within so many turns. A window of
        one turn is lag 1.
    sessions
        Only these.
    adjust, shuffles, seed, confidence
        As for :func:`transition_table`.

    Returns
    -------
    As :func:`transition_table`, with ``n_pairs`` in ``overall`` the turns that could be
    followed. ``p_exact`` holds the given code where it is and is exact (hypergeometric
    within sessions, pooled by convolution) for two different codes at one lag, and at lag 1
    for a code after itself (by its runs) where it could be on every turn. Otherwise, and for
    windows, it comes from shuffles within sessions, and the note says so.

    Raises
    ------
    UsageError, UnknownNameError
        When several coders cover a session, or a code or session is unknown.

    References
    ----------
    Fisher, R. A. (1935). JRSS 98, 39-82 (exact test with both margins fixed); Bakeman &
    Quera (2011), ch. 9; Chorney, J. M. et al. (2010; time windows).
    """
    one_layer(notes)
    check_arguments(lag, adjust, shuffles, confidence)
    _check(null, window, lag)
    kept = _sessions(corpus, sessions)
    notes = notes.only(sessions=[s for s in kept if s in set(notes.sessions)])
    rows, columns = _codes(notes, given), _codes(notes, target)
    names = tuple(dict.fromkeys((*rows, *columns)))
    data = presence(notes, names, eligible=null == "speakers")
    i, j = (np.array([names.index(c) for c in x], dtype=np.int64) for x in (rows, columns))
    after = follow(data.there[j], data.session, data.turn, lag, window)
    counts = count_pairs_of_turns(data, i, after)
    same = i[:, None] == j[None, :]
    runs = same & _unbroken(data)[i][:, None] & (lag == window == 1)
    by_shuffles = same & ~runs & (counts.pairs.sum(0) > 0) | (window > 1)
    wanted = np.ones_like(same) if adjust == "max-t" else by_shuffles
    draws = None
    if shuffles and wanted.any():
        draws = _draws(data, (i, j), (lag, window), shuffles, seed, wanted=wanted)
    settings: dict[str, object] = {
        "lag": lag, "window": window, "null": NULLS[null], "given": rows, "target": columns,
        "adjust": adjust, "shuffles": shuffles, "seed": seed, "confidence": confidence,
        "layer": notes.layer, "codebook": f"{notes.codebook.id}@{notes.codebook.version}",
    }  # fmt: skip
    closed = _closed_form(counts, data, i, runs)
    drawn = shuffle_test(counts.both.sum(0).astype(np.int64), draws)
    test = mixed(by_shuffles, drawn, closed)
    counted = Counted(counts.both, rows, columns, data.sessions)
    max_t = draws if adjust == "max-t" else None
    return assemble(counted, counts.four(), _fitted(counts), test, settings, draws=max_t)


def _sessions(corpus: Corpus, wanted: Iterable[str] | None) -> list[str]:
    known = [str(s) for s in corpus.sessions["session"]]
    if wanted is None:
        return known
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    for name in names:
        if name not in known:
            raise UnknownNameError("session", name, known)
    return names


def _check(null: str, window: object, lag: int) -> None:
    if null not in NULLS:
        raise UnknownNameError("null", null, NULLS)
    if not isinstance(window, Integral) or window < 1 or (int(window) > 1 and lag > 1):
        raise UsageError("window is a number of turns from 1 up, and takes the place of lag")


def _codes(notes: Annotations, wanted: Iterable[str] | None) -> tuple[str, ...]:
    """Choose the codes asked for, or those of presence and counts that someone gave on turns."""
    if wanted is not None:
        codes = listed(wanted)
        if not codes:
            raise UsageError("given and target name at least one code, or are left out")
        return tuple(notes.codebook[c].id for c in codes)
    frame = notes.to_frame()
    on_turns = set(frame.loc[frame["kind"] != "session", "code"])
    found = tuple(
        c.id for c in notes.codebook
        if c.id in on_turns and c.scale.kind in ("presence", "count")
    )  # fmt: skip
    if not found:
        raise UsageError("no presence or count code was given on any turn of these sessions")
    return found


def _draws(
    data: Presence, cells: tuple[Ints, Ints], reach: tuple[int, int], shuffles: int, seed: int,
    *, wanted: NDArray[np.bool_],
) -> Ints:  # fmt: skip
    """Count after putting each target at random over its own turns within every session.

    Given codes stay where they are; a code after itself moves as one. Only ``wanted`` cells
    (given × target) are counted. A session without the target adds nothing.
    """
    (given, target), rng = cells, np.random.default_rng(seed)
    out = np.zeros((shuffles, len(given), len(target)), dtype=np.int64)
    for t, code in enumerate(target.tolist()):
        rows = np.flatnonzero(wanted[:, t])
        for block in data.blocks() if len(rows) else ():
            row = data.there[code, block]
            if not np.nansum(row):
                continue
            moved, came = _moved(data, block, row, reach, rng=rng, shuffles=shuffles)
            fixed = np.nan_to_num(data.there[given[rows], block])
            out[:, rows, t] += np.rint(came @ fixed.T).astype(np.int64)
            for g in rows[given[rows] == code].tolist():
                out[:, g, t] += ((moved - fixed[rows == g]) * came).sum(1).astype(np.int64)
    return out


def _moved(
    data: Presence, block: slice, row: Floats, reach: tuple[int, int],
    *, rng: np.random.Generator, shuffles: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Random places of one code in one session, and what then follows each turn."""
    known = np.flatnonzero(~np.isnan(row))
    moved = np.full((shuffles, len(row)), np.nan)
    moved[:, known] = rng.permuted(np.tile(row[known], (shuffles, 1)), axis=1)
    after = follow(moved, data.session[block], data.turn[block], *reach)
    return np.nan_to_num(moved), np.nan_to_num(after)


def _unbroken(data: Presence) -> NDArray[np.bool_]:
    """Which codes could be on every turn from the first to the last of each session."""
    out = np.ones(len(data.codes), dtype=bool)
    for block in data.blocks():
        for c, row in enumerate(data.there[:, block]):
            turns = data.turn[block][~np.isnan(row)]
            out[c] &= len(turns) < 2 or turns[-1] - turns[0] + 1 == len(turns)
    return out


def _closed_form(
    counts: PairCounts, data: Presence, given: Ints, runs: NDArray[np.bool_]
) -> OrderTest:
    """Exact tests: both margins fixed, and for a code after itself the law of its runs."""
    observed = counts.both.sum(0).astype(np.int64)
    pairs, marked, drawn = (x.astype(np.int64) for x in (counts.pairs, counts.given, counts.target))
    for g, t in np.argwhere(runs):
        row = data.there[given[g]]
        pairs[:, g, t] = [(~np.isnan(row[b])).sum() for b in data.blocks()]
        drawn[:, g, t] = [np.nansum(row[b]) for b in data.blocks()]
        marked[:, g, t] = np.maximum(drawn[:, g, t] - 1, 0)
    return hypergeometric_tests(observed, pairs, marked, drawn)


def _fitted(counts: PairCounts) -> Fitted:
    """Fit expected counts and residuals of the pooled 2 × 2 tables."""
    row, column, n = counts.given.sum(0), counts.target.sum(0), counts.pairs.sum(0)
    expected = np.divide(row * column, n, out=np.zeros_like(n), where=n > 0)
    safe = np.maximum(n, 1)
    variance = expected * (1 - row / safe) * (1 - column / safe)
    residual = np.full(n.shape, np.nan)
    ok = variance > 1e-12
    residual[ok] = (counts.both.sum(0) - expected)[ok] / np.sqrt(variance[ok])
    overall = pd.DataFrame(
        {"n": [int(counts.both.sum())], "n_sessions": [len(counts.both)],
         "n_pairs": [int(counts.pairs.sum(0).max(initial=0))]}
    )  # fmt: skip
    return Fitted(expected, residual, overall)
