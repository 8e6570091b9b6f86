"""Nominal codes as presence codes: one per choice, so that choices can follow one another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.codebook import Codebook, Scale

if TYPE_CHECKING:
    from rupturecode.annotation.annotations import Annotations
    from rupturecode.codebook import Code

_GIVEN = ("given", "uncertain")


def split_choices(notes: Annotations) -> Annotations:
    """Turn every nominal code into a presence code per choice, named ``code=choice``.

    Sequence analyses ask whether a code is there. After splitting, they can ask for a choice,
    such as ``talk=sustain``. The choice that stands for "none of these" gets no code.

    Parameters
    ----------
    notes
        Any layer; codes on other scales stay as they are.

    Examples
    --------
    >>> from rupturecode.annotation import Annotations
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "codes": [
    ...     {"id": "talk", "scale": {"kind": "nominal", "categories": ["change", "sustain"]}}]})
    >>> given = pd.DataFrame({"session": "s1", "turn": [1, 2], "coder": "AK", "code": "talk",
    ...     "category": ["change", "sustain"]})
    >>> units = pd.DataFrame({"session": "s1", "unit": [1, 2]})
    >>> notes = Annotations.from_frame(given, codebook=book, units=units, coverage="whole sessions")
    >>> split_choices(notes).ratings("talk=sustain")["AK"].tolist()
    [0.0, 1.0]
    """
    nominal = {c.id: choices(c) for c in notes.codebook if choices(c)}
    if not nominal:
        return notes
    table = notes.table
    mine = table["code"].isin(list(nominal))
    parts = [
        table[~mine],
        *(_rows(table[table["code"] == c], names) for c, names in nominal.items()),
    ]
    split = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return notes.replace(codebook=split_book(notes.codebook), table=split)


def choices(code: Code) -> tuple[str, ...]:
    """Return the choices of a nominal code that say that something is there."""
    if code.scale.kind != "nominal":
        return ()
    return tuple(c for c in code.scale.categories if c != code.scale.absent)


def _rows(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Name a given choice in the code; what could not be rated could not be for any choice."""
    given = rows["status"].isin(_GIVEN)
    chosen = rows[given & rows["category"].isin(names)]
    chosen = chosen.assign(code=chosen["code"] + "=" + chosen["category"], value=1.0, category=None)
    unrated = rows[~given]
    each = [
        unrated.assign(code=unrated["code"] + f"={n}", id=unrated["id"] + f"/{n}") for n in names
    ]
    whole = pd.concat([chosen, *each])
    return whole.astype({"code": "str", "category": "str", "id": "str"})


def split_book(book: Codebook) -> Codebook:
    """Return the codebook with a presence code below each nominal code for every choice.

    Examples
    --------
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "codes": [
    ...     {"id": "talk", "scale": {"kind": "nominal", "categories": ["change", "sustain"]}}]})
    >>> [code.id for code in split_book(book)]
    ['talk', 'talk=change', 'talk=sustain']
    """
    codes = []
    for code in book.codes:
        codes.append(code)
        codes += [
            replace(
                code,
                id=f"{code.id}={name}",
                label=f"{code.label}: {name}",
                parent=code.id,
                scale=Scale(),
                key="",
            )
            for name in choices(code)
        ]
    return replace(book, codes=tuple(codes))
