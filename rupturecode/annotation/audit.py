"""Audit: codings of an older codebook, and codings of a transcript that has changed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.annotation.annotations import Annotations
from rupturecode.annotation.coverage import BY_TURNS, stretches
from rupturecode.annotation.layout import Layout
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

#: How alike (0 to 1) a turn must be to count as the same one reworded.
ALIKE = 0.75
_CONTEXT = 32
_LOST = {
    "turn": "the turn is not in the transcript any more",
    "words": "the words are not in the turn any more",
    "twice": "the words stand in several places of the turn",
}


def stale(notes: Annotations, old: Codebook | None = None) -> pd.DataFrame:
    """List codings that were made under another version of the codebook.

    Parameters
    ----------
    notes
        Annotations; their codebook is the current one.
    old
        The version they were made under. When given, only codes whose meaning has changed
        (by fingerprint) are listed; else all.

    Returns
    -------
    DataFrame
        ``session, coder, code, codebook, n, why``: what to look at again.
    """
    table = notes.table[notes.table["codebook"] != notes.codebook.ref]
    groups = table.groupby(["session", "coder", "code", "codebook"], sort=False).size()
    found = groups.rename("n").reset_index()
    found["why"] = [_why(notes.codebook, old, code) for code in found["code"]]
    return found[found["why"] != ""].reset_index(drop=True)


def _why(book: Codebook, old: Codebook | None, code: str) -> str:
    if old is None:
        return "another version"
    if code not in old:
        return "not in the older version"
    return "" if old[code].fingerprint == book[code].fingerprint else "redefined"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reanchored(Result):
    """What became of every coding when its transcript changed."""

    main: ClassVar[str] = "fates"
    fates: pd.DataFrame
    """``id, session, coder, code, kind, old_turn, new_turn, fate, note``; ``fate`` is same,
    moved, reworded or lost."""
    turns: pd.DataFrame
    """``session, old_turn, new_turn, fate``: the same for every turn of the old transcripts."""
    annotations: Annotations
    """The codings on the new transcripts, without those that are lost."""

    def headline(self) -> str:
        """Say how many codings had to move, and how many are lost."""
        n = self.fates["fate"].value_counts()
        return (
            f"{len(self.fates)} codings: {n.get('same', 0)} stand where they stood, "
            f"{n.get('moved', 0)} moved, {n.get('reworded', 0)} on reworded turns, "
            f"{n.get('lost', 0)} lost."
        )


def reanchor(
    notes: Annotations,
    old_turns: pd.DataFrame,
    corpus: Corpus,
    *,
    units: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
) -> Reanchored:
    """Carry codings over to transcripts that have changed.

    Turns are matched in order by their words; a turn that was moved out of order is found
    again when its words stand only once; a reworded turn when at least three quarters of it
    is the same. Spans are found by their words and, where these occur twice, by the 32
    characters on either side. Nothing is guessed: what fits nowhere, or in two places, is
    lost and listed. New turns are not covered by anybody.

    Parameters
    ----------
    notes
        Codings of the old transcripts.
    old_turns
        The old transcripts: ``session, turn, text``, such as ``corpus.turns`` or the
        ``turns`` table of the run before.
    corpus
        The new transcripts.
    units
        New units of kinds other than turns and sessions, where codings use them.

    Returns
    -------
    Reanchored
        With the new ``annotations`` and the list of what moved and what is lost.
    """
    before = {s: _texts(rows) for s, rows in old_turns.groupby("session")}
    after = {talk.session: _texts(talk.turns) for talk in corpus}
    matched = {s: _match(before.get(s, {}), after.get(s, {})) for s in notes.layout.sessions}
    rows, fates = [], []
    for row in notes.table.to_dict("records"):
        session = row["session"]
        new, fate, note = _carry(
            row, matched[session], before.get(session, {}), after.get(session, {})
        )
        fates.append(_fate(row, new, fate, note))
        if fate != "lost":
            rows.append(new)
    table = pd.DataFrame(rows, columns=notes.table.columns).astype(notes.table.dtypes.to_dict())
    layout = Layout.build(corpus, units)
    made = Annotations.from_frame(
        table,
        codebook=notes.codebook,
        corpus=corpus,
        units=units,
        coverage=_coverage(notes, matched, layout),
        links=_links(notes, table),
        layer=notes.layer,
        constraints="report",
    )
    columns = ["id", "session", "coder", "code", "kind", "old_turn", "new_turn", "fate", "note"]
    return Reanchored(
        fates=pd.DataFrame(fates, columns=columns),
        turns=_turn_table(matched, before),
        annotations=made,
        settings={"alike": ALIKE, "context": _CONTEXT},
    )


def _texts(rows: pd.DataFrame) -> dict[int, str]:
    pairs = zip(rows["turn"], rows["text"].fillna(""), strict=True)
    return {int(turn): str(text) for turn, text in pairs}


def _match(before: Mapping[int, str], after: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Match old turns with new ones: new number, and whether same, moved or reworded."""
    old, new = list(before), list(after)
    words = [" ".join(before[t].split()) for t in old], [" ".join(after[t].split()) for t in new]
    found: dict[int, tuple[int, str]] = {}
    free = set(range(len(new)))
    opcodes = SequenceMatcher(None, *words, autojunk=False).get_opcodes()
    for tag, i, i_end, j, _ in opcodes:
        if tag == "equal":
            for k in range(i_end - i):
                fate = "same" if old[i + k] == new[j + k] else "moved"
                found[old[i + k]] = (new[j + k], fate)
                free.discard(j + k)
    for tag, i, i_end, j, j_end in opcodes:
        if tag == "equal":
            continue
        for k in range(i, i_end):
            at, fate = _elsewhere(words, k, free, range(j, j_end))
            if at is not None:
                found[old[k]] = (new[at], fate)
                free.discard(at)
    return found


def _elsewhere(
    words: tuple[list[str], list[str]], k: int, free: set[int], here: range
) -> tuple[int | None, str]:
    """Find an old turn among the new ones that are free: verbatim anywhere, or much alike here."""
    text = words[0][k]
    same = [at for at in free if words[1][at] == text]
    if len(same) == 1 and words[0].count(text) == 1:
        return same[0], "moved"
    likeness = {
        at: SequenceMatcher(None, text, words[1][at], autojunk=False).ratio()
        for at in here
        if at in free
    }
    best = max(likeness, key=lambda at: likeness[at], default=None)
    if best is not None and likeness[best] >= ALIKE:
        return best, "reworded"
    return None, "lost"


def _carry(
    row: dict[str, object],
    matched: Mapping[int, tuple[int, str]],
    before: Mapping[int, str],
    after: Mapping[int, str],
) -> tuple[dict[str, object], str, str]:
    """Give a coding its new place: the row, its fate, and why it is lost."""
    if row["kind"] not in ("turn", *BY_TURNS):
        return row, "same", ""
    ends = [int(str(row[c])) for c in ("first_turn", "last_turn")]
    if any(t not in matched for t in ends):
        return row, "lost", _LOST["turn"]
    (first, fate), (last, fate_last) = matched[ends[0]], matched[ends[1]]
    if last < first:
        return row, "lost", _LOST["turn"]
    fate = max(fate, fate_last, key=("same", "moved", "reworded").index)
    new = {**row, "first_turn": first, "last_turn": last}
    if row["kind"] == "turn":
        new["unit"] = first
    if fate != "reworded" or pd.isna(row["start_char"]):
        return new, fate, ""
    return _found_words(new, row, before[ends[0]], before[ends[1]], after)


def _found_words(
    new: dict[str, object], row: dict[str, object], text: str, last: str, after: Mapping[int, str]
) -> tuple[dict[str, object], str, str]:
    """Find a span's words again in the turn as it reads now."""
    start, end = int(str(row["start_char"])), int(str(row["end_char"]))
    one = row["first_turn"] == row["last_turn"]
    quote = text[start:end] if one else text[start:]
    at, why = _place(
        quote, text[:start], text[start + len(quote) :], after[int(str(new["first_turn"]))]
    )
    if at is None:
        return row, "lost", why
    if one:
        return {**new, "start_char": at, "end_char": at + len(quote)}, "reworded", ""
    stop, why = _place(last[:end], "", last[end:], after[int(str(new["last_turn"]))])
    if stop is None:
        return row, "lost", why
    return {**new, "start_char": at, "end_char": stop + end}, "reworded", ""


def _place(quote: str, before: str, after: str, text: str) -> tuple[int | None, str]:
    """Where a quote stands in a text; of several places the one whose surroundings fit."""
    places = [i for i in range(len(text)) if text.startswith(quote, i)] if quote else []
    if not places:
        return None, _LOST["words"]
    near = before[-_CONTEXT:], after[:_CONTEXT]
    fit = [text[:i].endswith(near[0]) + text[i + len(quote) :].startswith(near[1]) for i in places]
    best = [i for i, f in zip(places, fit, strict=True) if f == max(fit)]
    return (best[0], "") if len(best) == 1 else (None, _LOST["twice"])


def _fate(
    row: dict[str, object], new: dict[str, object], fate: str, note: str
) -> dict[str, object]:
    kept = {c: row[c] for c in ("id", "session", "coder", "code", "kind")}
    turn = new["first_turn"] if fate != "lost" else pd.NA
    return {**kept, "old_turn": row["first_turn"], "new_turn": turn, "fate": fate, "note": note}


def _links(notes: Annotations, table: pd.DataFrame) -> pd.DataFrame | None:
    if notes.links.empty:
        return None
    kept = notes.links["from"].isin(table["id"]) & notes.links["to"].isin(table["id"])
    return notes.links[kept]


def _coverage(
    notes: Annotations, matched: Mapping[str, Mapping[int, tuple[int, str]]], layout: Layout
) -> pd.DataFrame:
    """Coverage of turns follows the turns; of other units it stays."""
    by_turn = notes.coverage["kind"].replace(BY_TURNS) == "turn"
    parts = [notes.coverage[~by_turn & notes.coverage["session"].isin(list(layout.sessions))]]
    grid = layout.grid("turn")
    for row in notes.coverage[by_turn].to_dict("records"):
        old = range(int(row["first_unit"]), int(row["last_unit"]) + 1)
        turns = matched[row["session"]]
        new = np.array([turns[t][0] for t in old if t in turns], dtype=np.int64)
        if not len(new):
            continue
        inside = np.zeros(len(grid), dtype=bool)
        session = np.full(len(new), layout.sessions[row["session"]], dtype=np.int64)
        inside[grid.positions(session, new)] = True
        rest = {c: row[c] for c in ("coder", "codebook", "round", "codes")}
        parts.append(stretches(grid, inside).assign(kind="turn", **rest))
    return pd.concat(parts, ignore_index=True)[list(notes.coverage.columns)]


def _turn_table(
    matched: Mapping[str, Mapping[int, tuple[int, str]]], before: Mapping[str, Mapping[int, str]]
) -> pd.DataFrame:
    rows = [
        (session, turn, *turns.get(turn, (None, "lost")))
        for session, turns in matched.items()
        for turn in before.get(session, {})
    ]
    table = pd.DataFrame(rows, columns=["session", "old_turn", "new_turn", "fate"])
    return table.astype({"old_turn": "Int64", "new_turn": "Int64"})
