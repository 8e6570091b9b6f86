"""The turns to talk about: where coders differ, worst first, with text and context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.annotation import apart, said
from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.reliability.sample import Sample, refuse_tallies, take
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Code
    from rupturecode.transcript import Corpus

_COLUMNS = ["rank", "session", "unit", "code", "disagreement", "n_coders", "said", "role"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Disagreements(Result):
    """Where coders differ, ranked."""

    main: ClassVar[str] = "ranked"

    ranked: pd.DataFrame
    """rank, session, unit, code, disagreement (0 to 1), n_coders, said (who gave what), role,
    before, text, after."""
    by_code: pd.DataFrame
    """code, n_units (rated by two or more), n_disputed, share."""

    def headline(self) -> str:
        """Say how many ratings are disputed, and the code that is most."""
        if self.ranked.empty:
            return "Coders do not differ anywhere."
        n = int(self.by_code["n_units"].sum())
        most = self.by_code.sort_values("n_disputed", ascending=False).iloc[0]
        return (
            f"Coders differ on {len(self.ranked)} of {n} ratings shared by two or more; most on "
            f"{most['code']} ({most['n_disputed']})."
        )


@check_kinds
def disagreements(
    notes: Annotations,
    corpus: Corpus | None = None,
    codes: Sequence[str] | None = None,
    context: int = 1,
    *,
    unit: str = "turn",
) -> Disagreements:
    """Return the units on which coders differ, the most instructive first.

    Ranked by how far the ratings of a unit lie apart (evenly split coders, or far points of
    a scale, come first), then by how rare the code is, since each dispute over a rare code
    weighs more.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    corpus
        The transcripts, for text; None leaves text out.
    codes
        Codes of the codebook; those given by somebody unless named.
    context
        Turns of text before and after.
    unit
        Kind of unit.

    Raises
    ------
    UnknownNameError
        When a code is not known.
    UsageError
        When the layer is a consensus, the unit a tally, or ``context`` below 0.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": [1, 2, 3]})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [2, 3, 3], "coder": ["AK", "AK", "BL"],
    ...     "code": "withdrawal"})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> disagreements(notes).ranked[["unit", "said"]].values.tolist()
    [[2, 'AK 1; BL 0']]
    """
    if context < 0:
        raise UsageError(f"context={context}: give the number of turns around, 0 or more")
    refuse_tallies(unit)
    codes = listed(codes)
    sample = take(notes, unit, codes, None)
    frames, totals = [], []
    for code in sample.ratings.codes:
        disputed, n = _of_code(sample, notes.codebook[code])
        frames.append(disputed)
        totals.append((code, n, len(disputed), len(disputed) / n if n else float("nan")))
    ranked = pd.concat(frames, ignore_index=True)
    order = ranked.sort_values(["disagreement", "rarity"], ascending=False, kind="stable")
    ranked = order.drop(columns="rarity").reset_index(drop=True)
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    ranked = _with_text(ranked, notes, corpus, unit, context)
    return Disagreements(
        ranked=ranked,
        by_code=pd.DataFrame(totals, columns=["code", "n_units", "n_disputed", "share"]),
        settings={
            "codes": codes,
            "context": context,
            "unit": unit,
            "codebook": f"{notes.codebook.id}@{notes.codebook.version}",
        },
    )


def _of_code(sample: Sample, code: Code) -> tuple[pd.DataFrame, int]:
    """Return the disputed units of one code, and how many units two coders rated."""
    array, values = sample.ratings, sample.of(code.id)
    rated = ~np.isnan(values)
    shared = rated.sum(axis=1) > 1
    far = apart(values, code)
    at = np.flatnonzero(shared & (far > 0))
    usual = (values[rated] == _commonest(values[rated])).mean() if rated.any() else 0.0
    frame = pd.DataFrame(
        {
            "session": array.units.get_level_values(0)[at].astype(str),
            "unit": array.units.get_level_values(1)[at],
            "code": code.id,
            "disagreement": far[at],
            "n_coders": rated[at].sum(axis=1),
            "said": said(values[at], array.coders, array.categories.get(code.id, ())),
            "rarity": float(usual),
        }
    )
    return frame, int(shared.sum())


def _commonest(given: NDArray[np.float64]) -> float:
    seen, counts = np.unique(given, return_counts=True)
    return float(seen[counts.argmax()]) if len(seen) else float("nan")


def _with_text(
    ranked: pd.DataFrame, notes: Annotations, corpus: Corpus | None, unit: str, context: int
) -> pd.DataFrame:
    """Add role, and the text of each unit and of the turns around it."""
    units = notes.units
    units = units[units["kind"] == unit][["session", "unit", "first_turn", "last_turn", "role"]]
    units = units.assign(session=units["session"].astype(str), unit=units["unit"].astype("int64"))
    out = ranked.merge(units, on=["session", "unit"], how="left", validate="many_to_one")
    if corpus is None:
        return out[_COLUMNS]
    turns = corpus.turns[["session", "turn", "speaker", "role", "text"]]
    turns = turns.fillna({"speaker": "", "role": "", "text": ""})
    texts = {
        (str(s), int(t)): f"{who or role or '?'}: {text}"
        for s, t, who, role, text in turns.itertuples(index=False)
    }

    def between(session: str, first: int, last: int) -> str:
        return "\n".join(texts[session, t] for t in range(first, last + 1) if (session, t) in texts)

    spans = list(zip(out["session"], out["first_turn"], out["last_turn"], strict=True))
    known = [(s, int(a), int(b)) if pd.notna(a) else (s, 1, 0) for s, a, b in spans]
    out["before"] = [between(s, a - context, a - 1) for s, a, _ in known]
    out["text"] = [between(s, a, b) for s, a, b in known]
    out["after"] = [between(s, b + 1, b + context) for s, _, b in known]
    return out[[*_COLUMNS, "before", "text", "after"]]
