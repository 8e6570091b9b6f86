"""Krippendorff's alpha for stretches that coders cut out freely.

Two generations. The first (1995, corrected 2004) takes one category at a time and squares
how far the ends of overlapping stretches lie apart. The second (2016) lays everybody's
stretches and gaps over one another and asks how much of the overlap agrees; it separates
where something is (``binary``) from what it is (``cu``, and ``ku`` for one category).

References
----------
Krippendorff, K. (1995). On the reliability of unitizing continuous data. Sociological
Methodology 25, 47-76, p. 57. Krippendorff, K. (2004). Measuring the reliability of
qualitative text analysis data. Quality & Quantity 38, 787-800. Krippendorff, K., Mathet, Y.,
Bouvry, S. & Widlocher, A. (2016). On the reliability of unitizing textual continua: Further
developments. Quality & Quantity 50, 2347-2364. Krippendorff, K. (2019). Content analysis
(4th ed.), section 12.6, eq. 32-38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.reliability.continuum import Continuum, Spans, continuum, overlaps, refuse_overlaps
from rupturecode.reliability.unitizing_sums import expected_2004, observed_2004, of_2016
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable


FORMS = ("u", "binary", "cu", "ku", "2004")
_NAN = float("nan")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Unitizing(Result):
    """How far coders cut out the same stretches, and call them the same."""

    main: ClassVar[str] = "estimates"
    estimates: pd.DataFrame
    """form, category, estimate, observed, expected, n_spans, n_coders, note."""

    def headline(self) -> str:
        """Say the alpha of everything together."""
        first = self.estimates.iloc[0]
        if np.isnan(first["estimate"]):
            return f"Unitizing alpha is undefined: {first['note']}."
        return (
            f"Unitizing alpha {first['estimate']:.3f} ({first['n_spans']} stretches, "
            f"{first['n_coders']} coders)."
        )


@check_kinds
def unitizing_alpha(
    spans: Spans | Continuum,
    form: str = "u",
    *,
    category: str | None = None,
    begin: float | None = None,
    end: float | None = None,
    coders: Iterable[str] | None = None,
) -> float:
    """Return one coefficient of the unitizing alpha family.

    Parameters
    ----------
    spans
        Stretches by coder; see `rupturecode.reliability.continuum`. Places are whole numbers
        of the smallest thing that counts: turns, characters or milliseconds.
    form
        "u" (2016: stretches and gaps of all categories), "binary" (2016: where, whatever it
        is called), "cu" (2016: what it is called, where two coders see something), "ku"
        (the same for one category), or "2004" (one category, squared distances of ends).
    category
        For "ku" and "2004"; may be left out when there is only one.
    begin, end
        Of what was read; the outermost stretches unless given.
    coders
        Everyone who read it, when some found nothing.

    Returns
    -------
    1 for the same stretches, around 0 for chance; NaN when undefined (see
    ``unitizing_table``).

    Raises
    ------
    UnknownNameError
        When there is no such form or category.
    InvalidDataError
        When stretches of one coder overlap, or lie outside.

    References
    ----------
    See the module.

    Examples
    --------
    >>> found = {"AK": [(2, 6, "withdrawal")], "BL": [(3, 6, "withdrawal")]}
    >>> round(unitizing_alpha(found, begin=0, end=20), 3)
    0.833
    """
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    whole = continuum(spans, begin=begin, end=end, coders=coders)
    chosen = _category(whole, category) if form in ("ku", "2004") else None
    return _ratio(*_disagreements(whole, form, chosen))


@check_kinds
def unitizing_table(
    spans: Spans | Continuum,
    *,
    begin: float | None = None,
    end: float | None = None,
    coders: Iterable[str] | None = None,
) -> Unitizing:
    """Return the whole family: all forms, and each category by itself.

    Parameters are those of ``unitizing_alpha``. Where a coder's stretches of different
    categories overlap, only "2004" is defined, which takes one category at a time.

    Raises
    ------
    InvalidDataError
        When stretches of one coder and category overlap, or lie outside.

    Examples
    --------
    >>> found = {"AK": [(2, 6, "withdrawal")], "BL": [(3, 6, "withdrawal")]}
    >>> table = unitizing_table(found, begin=0, end=20).estimates
    >>> table[["form", "estimate"]].round(3).values.tolist()[:2]
    [['u', 0.833], ['binary', 0.833]]
    """
    whole = continuum(spans, begin=begin, end=end, coders=coders)
    asked = [(f, None) for f in ("u", "binary", "cu")]
    by_category = [(f, c) for f in ("ku", "2004") for c in whole.categories]
    rows = [_row(whole, form, category) for form, category in [*asked, *by_category]]
    settings = {"begin": whole.begin, "end": whole.end, "coders": list(whole.coders)}
    return Unitizing(estimates=pd.DataFrame(rows), settings=settings)


def _row(whole: Continuum, form: str, category: str | None) -> dict[str, object]:
    own = whole if category is None else whole.only(category)
    mixed = form != "2004" and bool(overlaps(whole))
    observed, expected = (_NAN, _NAN) if mixed else _disagreements(whole, form, category)
    estimate = _ratio(observed, expected)
    return {
        "form": form,
        "category": category or "",
        "estimate": estimate,
        "observed": observed,
        "expected": expected,
        "n_spans": sum(len(s) for s in own.spans.values()),
        "n_coders": len(whole.coders),
        "note": _why(whole, form) if np.isnan(estimate) else "",
    }


def _why(whole: Continuum, form: str) -> str:
    if len(whole.coders) < 2:
        return "one coder only"
    if not whole.categories:
        return "nobody cut out anything: agreement cannot be told from chance"
    if form != "2004" and overlaps(whole):
        return "stretches of different categories overlap: see form 2004, one at a time"
    if form in ("cu", "ku"):
        if len(whole.categories) == 1:
            return "one category only: what it is called cannot differ"
        return "no stretch of one coder meets one of another, or only one category is met"
    return "everybody took all of it as one: agreement cannot be told from chance"


def _category(whole: Continuum, category: str | None) -> str:
    if category is not None:
        if category not in whole.categories:
            raise UnknownNameError("category", category, whole.categories)
        return category
    if len(whole.categories) > 1:
        raise UsageError(f"say category=..., one of: {', '.join(whole.categories)}")
    return next(iter(whole.categories), "")


def _ratio(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected > 0 else _NAN


def _disagreements(whole: Continuum, form: str, category: str | None) -> tuple[float, float]:
    """Return observed and expected disagreement."""
    if len(whole.coders) < 2 or not whole.categories:
        return _NAN, _NAN
    if form == "2004":
        own = whole.only(str(category))
        refuse_overlaps(own)
        return observed_2004(own), expected_2004(own)
    refuse_overlaps(whole)
    return of_2016(whole, form, category)
