"""Codings that were made under an older version of the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.annotation.annotations import Annotations
    from rupturecode.codebook import Codebook


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
