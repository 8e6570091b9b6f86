"""Carry codings over to transcripts that have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.annotation.annotations import Annotations
from rupturecode.annotation.coverage import BY_TURNS, stretches
from rupturecode.annotation.layout import Layout
from rupturecode.annotation.matching import ALIKE, match_turns, match_units, texts_of
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.transcript import Corpus

_CONTEXT = 32
_LOST = {
    "turn": "the turn is not in the transcript any more",
    "unit": "no unit of this kind holds the same turns any more",
    "words": "the words are not in the turn any more",
    "twice": "the words stand in several places of the turn",
}


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
    characters on either side. Windows, exchanges and sentences are the same where they hold
    the very same turns. Nothing is guessed: what fits nowhere, or in two places, is
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
    before = {s: texts_of(rows) for s, rows in old_turns.groupby("session")}
    after = {talk.session: texts_of(talk.turns) for talk in corpus}
    matched = {s: match_turns(before.get(s, {}), after.get(s, {})) for s in notes.layout.sessions}
    layout = Layout.build(corpus, units)
    alike = _units_alike(notes, layout, matched)
    rows, fates = [], []
    for row in notes.table.to_dict("records"):
        session = row["session"]
        if row["kind"] in alike:
            new, fate, note = _carry_unit(row, alike[row["kind"]], layout)
        else:
            words = before.get(session, {}), after.get(session, {})
            new, fate, note = _carry(row, matched[session], *words)
        fates.append(_fate(row, new, fate, note))
        if fate != "lost":
            rows.append(new)
    table = pd.DataFrame(rows, columns=notes.table.columns).astype(notes.table.dtypes.to_dict())
    made = Annotations.from_frame(
        table,
        codebook=notes.codebook,
        corpus=corpus,
        units=units,
        coverage=_coverage(notes, matched, alike, layout),
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


Alike = dict[tuple[str, int], tuple[int, str]]


def _units_alike(
    notes: Annotations, layout: Layout, matched: Mapping[str, Mapping[int, tuple[int, str]]]
) -> dict[str, Alike]:
    """Per kind that is neither turn nor session: old units to new ones."""
    kinds = {str(k) for frame in (notes.table, notes.coverage) for k in frame["kind"].unique()}
    kinds -= {"turn", "session", *BY_TURNS}
    return {
        k: match_units(notes.layout.grid(k), layout.grid(k), matched) if k in layout.grids else {}
        for k in kinds
    }


def _carry_unit(
    row: dict[str, object], alike: Alike, layout: Layout
) -> tuple[dict[str, object], str, str]:
    """Give a coding of a window or the like its new number and turns."""
    found = alike.get((str(row["session"]), int(str(row["unit"]))))
    if found is None:
        return row, "lost", _LOST["unit"]
    grid = layout.grid(str(row["kind"]))
    session = np.array([layout.sessions[str(row["session"])]])
    at = grid.positions(session, np.array([found[0]]))[0]
    ends = {"first_turn": int(grid.first_turn[at]), "last_turn": int(grid.last_turn[at])}
    return {**row, "unit": found[0], **ends}, found[1], ""


def _carry(
    row: dict[str, object],
    matched: Mapping[int, tuple[int, str]],
    before: Mapping[int, str],
    after: Mapping[int, str],
) -> tuple[dict[str, object], str, str]:
    """Give a coding its new place: the row, its fate, and why it is lost."""
    if row["kind"] == "session":
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
    notes: Annotations,
    matched: Mapping[str, Mapping[int, tuple[int, str]]],
    alike: Mapping[str, Alike],
    layout: Layout,
) -> pd.DataFrame:
    """Coverage of turns follows the turns, that of windows the windows; of sessions it stays."""
    kind = notes.coverage["kind"].replace(BY_TURNS)
    here = notes.coverage["session"].isin(list(layout.sessions))
    parts = [notes.coverage[(kind == "session") & here]]
    for row in notes.coverage[kind != "session"].assign(kind=kind).to_dict("records"):
        session, name = row["session"], str(row["kind"])
        old = range(int(row["first_unit"]), int(row["last_unit"]) + 1)
        if name == "turn":
            found = [matched[session][t] for t in old if t in matched[session]]
        else:
            found = [alike[name][session, u] for u in old if (session, u) in alike[name]]
        if not found:
            continue
        grid = layout.grid(name)
        inside = np.zeros(len(grid), dtype=bool)
        new = np.array([unit for unit, _ in found], dtype=np.int64)
        inside[grid.positions(np.full(len(new), layout.sessions[session]), new)] = True
        rest = {c: row[c] for c in ("coder", "codebook", "round", "codes")}
        parts.append(stretches(grid, inside).assign(kind=name, **rest))
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
