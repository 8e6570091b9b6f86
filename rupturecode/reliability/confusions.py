"""Which codes are mistaken for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.reliability.sample import refuse_tallies, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations

    Floats = NDArray[np.float64]

NOTHING = "(nothing)"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Confusions(Result):
    """What another coder gave where one coder gave a code."""

    main: ClassVar[str] = "table"

    table: pd.DataFrame
    """code, other, n (times that one coder gave the code and another gave the other one and
    not the code), share (of all times that the code was given beside another coder),
    expected (n if the other coder's choices did not depend on the first's), lift
    (n / expected), note. ``other`` is "(same)" where both gave the code and "(nothing)" where
    the other coder gave none of the codes."""

    def headline(self) -> str:
        """Name the two codes most often mistaken for one another."""
        mixed = self.table[~self.table["other"].isin(("(same)", NOTHING))]
        if mixed.empty or not mixed["n"].max():
            return "No code was given in place of another."
        worst = mixed.sort_values(["n", "share"], ascending=False).iloc[0]
        return (
            f"Most often mistaken: {worst['code']} for {worst['other']} ({worst['n']:g} of "
            f"{worst['n'] / worst['share']:g} times)."
        )

    def matrix(self) -> pd.DataFrame:
        """Return codes × others of the shares, for a figure."""
        wide = self.table.set_index(["code", "other"])["share"].unstack()  # noqa: PD010
        codes = list(dict.fromkeys(self.table["code"]))
        for code in codes:
            wide.loc[code, code] = wide.loc[code, "(same)"]
        return wide.loc[codes, [*codes, NOTHING]]


@check_kinds
def confusions(
    notes: Annotations, codes: Sequence[str] | None = None, unit: str = "turn"
) -> Confusions:
    """Return which codes are mistaken for which.

    For every unit and ordered pair of coders who both rated it: where the first gave a code,
    did the second give it too, another one instead, or nothing. A code given in addition to
    the shared one is no confusion. The table is not symmetric: a rare code may be mistaken
    for a common one nearly always, and the common one hardly ever for it.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    codes
        Codes of the codebook that could be mistaken for one another; unless named, those
        given on a presence scale. A code that stands above another is there with it: name
        codes of one level.
    unit
        Kind of unit.

    Raises
    ------
    UnknownNameError
        When a code is not known.
    UsageError
        When the layer is a consensus, or the unit a tally.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"},
    ...               {"id": "confrontation", "definition": "moves against"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": [1, 2, 3]})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [1, 1, 2, 2], "coder": ["AK", "BL"] * 2,
    ...     "code": ["withdrawal", "withdrawal", "withdrawal", "confrontation"]})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> confusions(notes).headline()
    'Most often mistaken: confrontation for withdrawal (1 of 1 times).'
    """
    book = notes.codebook
    codes = listed(codes)
    if codes is None:
        codes = [c for c in notes.codes if book[c].scale.kind == "presence"]
    refuse_tallies(unit)
    sample = take(notes, unit, codes, None)
    array = sample.ratings
    least = np.array([sample.measures[c].lowest_present for c in array.codes])
    usable = np.isfinite(least)
    values = np.stack([sample.of(c) for c in array.codes])[usable]
    given = (values >= least[usable][:, None, None]).astype(np.float64)
    rated = (~np.isnan(values)).astype(np.float64)
    names = [c for c, ok in zip(array.codes, usable, strict=True) if ok]
    rows = [row for i in range(len(names)) for row in _of_code(names, i, given, rated)]
    columns = ["code", "other", "n", "share", "expected", "lift", "note"]
    return Confusions(
        table=pd.DataFrame(rows, columns=columns),
        settings={"codes": codes, "unit": unit},
    )


def _of_code(
    names: Sequence[str], i: int, given: Floats, rated: Floats
) -> list[tuple[str, str, float, float, float, float, str]]:
    """Return the rows of one code; arrays are codes × units × coders.

    All counts are over units and ordered pairs of different coders who both rated the code;
    the second coder's side is a sum over ``flat``, so one product serves all other codes.
    """
    flat = given.reshape(len(given), -1)
    gave, beside = given[i], rated[i]
    times = float((gave * (beside.sum(axis=1, keepdims=True) - beside)).sum())
    same = float((gave * (gave.sum(axis=1, keepdims=True) - gave)).sum())
    absent = beside * (1 - gave)
    instead = flat @ (absent * gave.sum(axis=1, keepdims=True)).ravel()
    others = beside.sum(axis=1, keepdims=True) - beside
    by_chance = flat @ (absent * others).ravel() / max(float((beside * others).sum()), 1.0)
    none = absent * (1 - given.max(axis=0)) * gave.sum(axis=1, keepdims=True)
    note = "" if times else "nobody gave it beside another coder"
    rows = [_row(names[i], "(same)", same, times, float("nan"), note)]
    rows += [
        _row(names[i], other, float(instead[j]), times, float(by_chance[j]) * times, note)
        for j, other in enumerate(names)
        if j != i
    ]
    rows.append(_row(names[i], NOTHING, float(none.sum()), times, float("nan"), note))
    return rows


def _row(  # noqa: PLR0917
    code: str, other: str, n: float, times: float, expected: float, note: str
) -> tuple[str, str, float, float, float, float, str]:
    share = n / times if times else float("nan")
    lift = n / expected if expected > 0 else float("nan")
    return code, other, n, share, expected, lift, note
