"""Why a coefficient is undefined: the sentence that stands beside each NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rupturecode.display import counted
from rupturecode.errors import UnknownNameError
from rupturecode.reliability.coefficients import COEFFICIENTS, FROM_SUMS
from rupturecode.reliability.matrix import Matrix, encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.reliability.cells import Ratings

#: Below this many pairable units the tables warn that an estimate means little.
FEW_UNITS = 10
#: Below this many units on which anybody gave a code they warn that no verdict can rest on it.
FEW_GIVEN = 5
#: Below this many sessions (or cases) they warn that an interval does.
FEW_GROUPS = 5


def why_undefined(ratings: Ratings | Matrix, coefficient: str = "krippendorff_alpha") -> str:
    """Say why a coefficient of these ratings is undefined.

    Parameters
    ----------
    ratings
        Units × coders; None or NaN where not rated.
    coefficient
        A name in COEFFICIENTS; it matters for those that need complete units.

    Returns
    -------
    One sentence without a full stop; it names the first reason that applies.

    Raises
    ------
    UnknownNameError
        When there is no such coefficient.

    Examples
    --------
    >>> why_undefined([[0, 0], [0, 0], [0, None]])
    'all ratings of units with two coders are 0: agreement cannot be told from chance'
    """
    known = {*COEFFICIENTS, *FROM_SUMS}
    if coefficient not in known:
        raise UnknownNameError("coefficient", coefficient, known)
    matrix = encode(ratings)
    rated = matrix.codes >= 0
    coders = int(rated.any(axis=1).sum())
    if coders < 2:
        return "one coder only" if coders else "nobody rated it"
    pairable = rated.sum(axis=0) >= 2
    if not pairable.any():
        return "no unit was rated by two coders"
    if coefficient.lower().startswith("icc"):
        return _why_no_icc(rated)
    used = Matrix(matrix.codes[:, pairable], matrix.categories, matrix.coders).used()
    if len(used) == 1:
        what = matrix.categories[int(used[0])]
        shown = f"{what:g}" if isinstance(what, float) else what
        return f"all ratings of units with two coders are {shown}: {ONE_CATEGORY}"
    return OTHER_REASONS.get(coefficient, "agreement expected by chance is complete")


ONE_CATEGORY = "agreement cannot be told from chance"
OTHER_REASONS = {
    "positive_agreement": "nobody gave the code on a unit that two coders rated",
    "negative_agreement": "nobody withheld the code on a unit that two coders rated",
    "light_kappa": "some pair of coders used one category only on the units they share",
}


def _why_no_icc(rated: NDArray[Any]) -> str:
    complete = int(rated.all(axis=0).sum())
    if complete < 2:
        return f"every coder rated {counted(complete, 'unit')}, and two are needed"
    return "the ratings do not vary"
