"""A part of the annotations: some coders, a round, some sessions, some codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.annotation.annotations import Annotations


def select(
    notes: Annotations,
    coders: Sequence[str] | None,
    round_: int | str | None,
    sessions: Iterable[str] | None,
    codes: Iterable[str] | None,
) -> Annotations:
    """See :meth:`Annotations.only`."""
    table, coverage = notes.table, notes.coverage
    wanted = {
        "coder": (coders, notes.coders),
        "session": (sessions, notes.layout.sessions),
    }
    for column, (names, known) in wanted.items():
        if names is None:
            continue
        keep = _known(column, names, known)
        table, coverage = table[table[column].isin(keep)], coverage[coverage[column].isin(keep)]
    if round_ is not None:
        table, coverage = _of_round(table, coverage, round_)
    if codes is not None:
        keep = [c for name in codes for c in _with_below(notes, name)]
        table, coverage = table[table["code"].isin(keep)], _looking_for(coverage, keep)
    table = table.reset_index(drop=True)
    links = notes.links[notes.links["from"].isin(table["id"]) & notes.links["to"].isin(table["id"])]
    return notes.replace(
        table=table,
        coverage=coverage.reset_index(drop=True),
        links=links.reset_index(drop=True),
    )


def _known(kind: str, names: Iterable[str], known: Iterable[str]) -> list[str]:
    known, names = list(known), list(names)
    for name in names:
        if name not in known:
            raise UnknownNameError(kind, name, known)
    return names


def _of_round(
    table: pd.DataFrame, coverage: pd.DataFrame, round_: int | str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if isinstance(round_, int):
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


def _with_below(notes: Annotations, name: str) -> list[str]:
    code = notes.codebook[name]
    return [code.id, *(c.id for c in notes.codebook.descendants(name))]


def _looking_for(coverage: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    def narrowed(examined: str) -> str:
        before = examined.split()
        return " ".join(c for c in codes if not before or c in before)

    narrow = {text: narrowed(text) for text in coverage["codes"].unique()}
    coverage = coverage.assign(codes=coverage["codes"].map(narrow))
    return coverage[coverage["codes"] != ""]
