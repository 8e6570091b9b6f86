"""A part of the annotations: some coders, a round, some sessions, some codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.annotation.annotations import Annotations

Round = int | Literal["first", "last"] | None


def only(
    notes: Annotations,
    *,
    coder: str | Sequence[str] | None = None,
    round: Round = None,  # noqa: A002
    sessions: Iterable[str] | None = None,
    codes: Iterable[str] | None = None,
) -> Annotations:
    """Return the part made by some coders, in a round, on some sessions, with some codes.

    Parameters
    ----------
    coder
        One coder or several.
    round
        A number, or per coder and session the ``"first"`` or ``"last"``.
    sessions
        One session or several.
    codes
        One code or several; the coverage then says that only these were looked for.

    Raises
    ------
    UnknownNameError
        When a coder, session or code is not known.
    """
    table, coverage = notes.table, notes.coverage
    for column, names, known in (
        ("coder", listed(coder), notes.coders),
        ("session", listed(sessions), notes.layout.sessions),
    ):
        if names is not None:
            keep = _known(column, names, known)
            table = table[table[column].isin(keep)]
            coverage = coverage[coverage[column].isin(keep)]
    if round is not None:
        table, coverage = _of_round(table, coverage, round)
    if codes is not None:
        keep = [c for name in listed(codes) for c in _in_order(notes, name)]
        table, coverage = table[table["code"].isin(keep)], _looking_for(coverage, keep)
    table = table.reset_index(drop=True)
    links = notes.links[notes.links["from"].isin(table["id"]) & notes.links["to"].isin(table["id"])]
    return notes.replace(
        table=table,
        coverage=coverage.reset_index(drop=True),
        links=links.reset_index(drop=True),
    )


def one_round(notes: Annotations, round_: Round) -> Annotations:
    """Return the part of one round, where coders coded a session more than once."""
    if len(notes.rounds) < 2 and round_ in (None, "first", "last"):
        return notes
    if round_ is None:
        pairs = notes.coverage[["coder", "session", "round"]].drop_duplicates()
        if pairs.duplicated(["coder", "session"]).any():
            rounds = ", ".join(map(str, notes.rounds))
            raise UsageError(
                f"Some sessions were coded in several rounds ({rounds}): say "
                'round="first", round="last" or a number.'
            )
        return notes
    if round_ not in notes.by_round:
        notes.by_round[round_] = only(notes, round=round_)
    return notes.by_round[round_]


def _known(kind: str, names: Iterable[str], known: Iterable[str]) -> list[str]:
    known, names = list(known), list(names)
    for name in names:
        if name not in known:
            raise UnknownNameError(kind, name, known)
    return names


def _of_round(
    table: pd.DataFrame, coverage: pd.DataFrame, round_: int | str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not isinstance(round_, str):
        there = sorted({*table["round"], *coverage["round"]})
        if there and round_ not in there:
            raise UsageError(f"There is no round {round_}, only {', '.join(map(str, there))}.")
        return table[table["round"] == round_], coverage[coverage["round"] == round_]
    if round_ not in ("first", "last"):
        raise UsageError(f'round={round_!r}; use "first", "last" or a number.')
    end = "min" if round_ == "first" else "max"
    key = ["coder", "session"]
    both = pd.concat([table[[*key, "round"]], coverage[[*key, "round"]]])
    chosen = both.groupby(key)["round"].agg(end).rename("_chosen").reset_index()

    def kept(frame: pd.DataFrame) -> pd.DataFrame:
        match = frame[key].merge(chosen, on=key, how="left")["_chosen"].to_numpy()
        return frame[frame["round"].to_numpy() == match]

    return kept(table), kept(coverage)


def _in_order(notes: Annotations, name: str) -> list[str]:
    code = notes.codebook[name]
    return [code.id, *(c.id for c in notes.codebook.descendants(name))]


def _looking_for(coverage: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    def narrowed(examined: str) -> str:
        before = examined.split()
        return " ".join(c for c in codes if not before or c in before)

    narrow = {text: narrowed(text) for text in coverage["codes"].unique()}
    coverage = coverage.assign(codes=coverage["codes"].map(narrow))
    return coverage[coverage["codes"] != ""]
