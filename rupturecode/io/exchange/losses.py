"""What a file format cannot hold of annotations, said in words before anyone misses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from rupturecode.annotation import Annotations

#: Everything that a format may hold besides session, coder, code and stretch.
PARTS = ("coverage", "links", "note", "evidence", "confidence", "round", "codebook", "origin")


@dataclass(frozen=True, slots=True)
class Written:
    """Files by name, and what none of them holds."""

    files: dict[str, bytes]
    losses: tuple[str, ...]
    folder: str = ""
    """The name of the folder that they make up together, where a tool opens a folder."""


def losses(
    notes: Annotations,
    *,
    holds: Collection[str] = (),
    kinds: Collection[str] = ("turn", "session"),
    chars: bool = True,
    spans: bool = True,
) -> tuple[str, ...]:
    """Say what of annotations a format drops.

    Parameters
    ----------
    notes
        What was written.
    holds
        Which of :data:`PARTS` the format holds.
    kinds
        Kinds of unit that come back as they are; others come back as spans of turns.
    chars
        Whether places inside turns are held.
    spans
        Whether spans are held at all; the writer tells what becomes of them where not.
    """
    table = notes.to_frame()
    found = _parts(notes, table, holds)
    if not spans:
        return tuple(found + _layer(notes))
    for kind in sorted(set(table["kind"]) - {*kinds, "span"}):
        n = int((table["kind"] == kind).sum())
        found.append(f"kind of unit of {_n(n, 'annotation')} ({kind}): comes back as a span")
    if "turn" in kinds:
        found += _some(_whole_turns(table, notes), "kind of unit", "(a span that is all of a turn)")
    if not chars:
        found += _some(table["start_char"].notna() | table["end_char"].notna(), "exact words")
    return tuple(found + _layer(notes))


def _layer(notes: Annotations) -> list[str]:
    return [] if notes.layer == "coding" else [f"that this is the {notes.layer} layer"]


def _parts(notes: Annotations, table: pd.DataFrame, holds: Collection[str]) -> list[str]:
    """Say which of the columns and companions of annotations are not held."""
    found = []
    if "coverage" not in holds:
        found.append("coverage: who examined what must be said again when reading")
    if "links" not in holds and len(notes.links):
        found.append(f"{_n(len(notes.links), 'link')} between annotations")
    for part in ("note", "evidence", "confidence", "origin"):
        if part not in holds and part in table:
            found += _some(table[part].notna(), part)
    if "round" not in holds:
        found += _some(table["round"] != 1, "round")
    if "codebook" not in holds and len(table):
        found.append(f"version of the codebook ({', '.join(sorted(set(table['codebook'])))})")
    return found


def whole_sessions(notes: Annotations) -> bool:
    """Whether everyone examined all of every session they examined, for all codes.

    And in no other rounds than those in which they coded something there (or the first), so
    that who examined what can be told from who coded what.
    """
    if not set(notes.coverage["kind"]) <= {"turn", "span", "episode", "session"}:
        return False
    if (notes.coverage["codes"] != "").any() or "turn" not in notes.layout.grids:
        return False
    where = ["session", "coder", "round"]
    coded = set(notes.to_frame()[where].itertuples(index=False, name=None))
    some = {key[:2] for key in coded}
    for key in notes.coverage[where].itertuples(index=False, name=None):
        if key not in coded and (key[:2] in some or key[2] != 1):
            return False
    seen = notes.cover.matrix("turn")
    grid = notes.layout.grid("turn")
    edges = grid.session[1:] != grid.session[:-1]
    return bool((edges[:, None] | (seen[1:] == seen[:-1])).all())


def _whole_turns(table: pd.DataFrame, notes: Annotations) -> pd.Series:
    """Spans that are exactly one turn, which nobody can tell from a turn."""
    lengths = notes.units.query("kind == 'turn'").set_index(["session", "unit"])["n_chars"]
    turn = table[["session", "first_turn"]].rename(columns={"first_turn": "unit"})
    length = lengths.reindex(turn.apply(tuple, axis=1).tolist() if len(turn) else []).to_numpy()
    span = (table["kind"] == "span") & (table["first_turn"] == table["last_turn"])
    from_start = table["start_char"].fillna(0) == 0
    to_end = table["end_char"].isna() | (table["end_char"] == length)
    return (span & from_start & to_end).fillna(False).astype(bool)


def _some(mask: pd.Series, what: str, which: str = "") -> list[str]:
    n = int(mask.sum())
    return [f"{what} of {_n(n, 'annotation')} {which}".rstrip()] if n else []


def _n(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' if count != 1 else ''}"
