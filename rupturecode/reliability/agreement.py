"""The agreement table: every code, every coefficient, with intervals and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.reliability.breakdown import by_category, by_coder, by_pair, by_session
from rupturecode.reliability.joint import plan_of, resampled
from rupturecode.reliability.sample import take
from rupturecode.reliability.table import by_code, overall
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.annotation import Annotations


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Agreement(Result):
    """How far coders agree, code by code."""

    main: ClassVar[str] = "by_code"

    by_code: pd.DataFrame
    """unit, code, coefficient, level, estimate, low, high, se, interval, n_units (rated by two
    or more), n_coders, n_sessions (double-coded), n_given (units on which somebody gave
    it), prevalence, percent, positive, negative,
    note."""
    overall: pd.DataFrame
    """unit, coefficient, estimate (mean over codes), low, high, se, n_codes, note."""
    by_pair: pd.DataFrame
    """unit, code, coder_a, coder_b, percent, kappa, positive, negative, n_units, note."""
    by_session: pd.DataFrame
    """unit, session, code, coefficient, estimate, n_units."""
    by_coder: pd.DataFrame
    """unit, code, coder, estimate (alpha without the coder), change, n_units, note."""
    by_category: pd.DataFrame
    """unit, code, category, estimate (alpha against the rest), agreement, n_ratings, note."""

    def headline(self) -> str:
        """Say what was compared and what came out, in one sentence."""
        table = self.by_code
        alpha = table[table["coefficient"] == "krippendorff_alpha"]
        shown = (alpha if len(alpha) else table)["estimate"].dropna()
        units = ", ".join(dict.fromkeys(table["unit"]))
        codes = table["code"].unique()
        on = codes[0] if len(codes) == 1 else counted(len(codes), "code")
        what = f"Agreement on {on} by {units}"
        undefined = table.loc[table["estimate"].isna(), "code"].nunique()
        tail = f"; undefined somewhere for {undefined}" if undefined else ""
        if shown.empty:
            return f"{what}: nothing could be estimated{tail}."
        name = "alpha" if len(alpha) else table["coefficient"].iloc[0]
        ends = (round(float(x), 2) + 0.0 for x in (shown.min(), shown.max()))  # no "-0.00"
        return f"{what}: {name} {' to '.join(dict.fromkeys(f'{x:.2f}' for x in ends))}{tail}."


@check_kinds
def agreement(  # noqa: PLR0917 - the first six are the promised call
    notes: Annotations,
    unit: str | Sequence[str] = "turn",
    codes: Sequence[str] | None = None,
    coefficients: Sequence[str] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    *,
    resample: str | None = None,
    cases: Mapping[str, str] | None = None,
    replicates: int = 2000,
    round: int | Literal["first", "last"] | None = None,  # noqa: A002 - the annotations' word
) -> Agreement:
    """Return how far coders agree on each code, with intervals and reasons.

    Binary, ordinal and count codes are compared by their scale; a code that stands above
    others counts where any of them does. Intervals resample sessions (jackknife-t below 30
    double-coded ones, bootstrap from there), since turns of one session depend on one
    another; all codes and coefficients share the same draws.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    unit
        Kind of unit, or several to see side by side. "session" asks whether the code is
        there at all, "tally" how many turns of the session carry it: tallies look better
        than turns, since errors inside a session cancel out.
    codes
        Codes of the codebook, parents included; those given by somebody unless named.
    coefficients
        Names in COEFFICIENTS (intraclass correlations by form, such as "ICC(A,1)"); chosen by
        scale unless named.
    confidence
        Level of the intervals.
    seed
        Of the bootstrap.
    resample
        "session", "case" or "unit"; cases when ``cases`` is given, else sessions. "unit"
        pretends that turns are independent and is labelled so.
    cases
        Session to case, when sessions of one dyad belong together.
    replicates
        Of the bootstrap; 0 for the jackknife-t at any number of sessions.
    round
        Which round of coding: a number, or each coder's "first" or "last"; needed when a
        coder coded a session more than once.

    Raises
    ------
    UnknownNameError
        When a code or coefficient is not known.
    UsageError
        When the layer is a consensus, no unit is named, or ``resample`` is not known.

    References
    ----------
    Intervals: Efron & Tibshirani (1993), ch. 11 and 13; see
    `rupturecode.reliability.resampling`. Coefficients: see each function.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": range(1, 13)})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [2, 2, 5, 9, 9], "code": "withdrawal",
    ...     "coder": ["AK", "BL", "AK", "AK", "BL"]})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> found = agreement(notes, coefficients=["krippendorff_alpha"])
    >>> found.by_code[["code", "estimate", "n_units", "positive"]].round(2).values.tolist()
    [['withdrawal', 0.76, 12, 0.8]]
    """
    plan = plan_of(resample, cases, confidence, replicates, seed)
    notes = notes if round is None else notes.only(round=round)
    units, codes, coefficients = listed(unit), listed(codes), listed(coefficients)
    if not units:
        raise UsageError("unit names a kind of unit, such as turn")
    samples = [take(notes, u, codes, coefficients) for u in units]
    drawn = [(s, resampled(s, plan)) for s in samples]
    return Agreement(
        by_code=_joined([by_code(s, r, coefficients) for s, r in drawn]),
        overall=_joined([overall(s, r) for s, r in drawn]),
        by_pair=_joined([by_pair(s) for s in samples]),
        by_session=_joined([by_session(s) for s in samples]),
        by_coder=_joined([by_coder(s) for s in samples]),
        by_category=_joined([by_category(s, notes.codebook) for s in samples]),
        settings={
            "unit": unit,
            "codes": codes,
            "coefficients": coefficients,
            "confidence": confidence,
            "seed": seed,
            "resample": plan.by,
            "cases": None if cases is None else dict(cases),
            "replicates": replicates,
            "round": round,
            "codebook": f"{notes.codebook.id}@{notes.codebook.version}",
            "coders": list(notes.coders),
            "n_sessions": len(notes.sessions),
        },
    )


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    kept = [f for f in frames if len(f)] or frames[:1]
    return pd.concat(kept, ignore_index=True)
