"""Alpha for several codes on one unit: the ratings are sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.reliability.alpha import krippendorff_alpha
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.reliability.cells import Ratings


@check_kinds
def jaccard_distance(a: Iterable[object], b: Iterable[object]) -> float:
    """Return one minus the share of codes that two sets have in common; 0 if both are empty.

    Examples
    --------
    >>> jaccard_distance({"withdrawal"}, {"withdrawal", "appeasing"})
    0.5
    """
    first, second = frozenset(a), frozenset(b)
    union = first | second
    return 1.0 - len(first & second) / len(union) if union else 0.0


@check_kinds
def masi_distance(a: Iterable[object], b: Iterable[object]) -> float:
    """Return the MASI distance of two sets of codes.

    One minus Jaccard's overlap times a factor for how the sets lie: 1 when equal, 2/3 when
    one holds the other, 1/3 when they overlap, 0 when they are apart. The thirds are exact.
    Two empty sets are equal.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC, 831-836.

    Examples
    --------
    >>> round(masi_distance({"withdrawal"}, {"withdrawal", "appeasing"}), 4)
    0.6667
    """
    first, second = frozenset(a), frozenset(b)
    if first == second:
        return 0.0
    if not first & second:
        return 1.0
    nested = first <= second or second <= first
    return 1.0 - (1.0 - jaccard_distance(first, second)) * (2 if nested else 1) / 3


@check_kinds
def code_sets(
    notes: Annotations, codes: Sequence[str] | None = None, unit: str = "turn"
) -> pd.DataFrame:
    """Return the set of codes that each coder gave to each unit.

    Parameters
    ----------
    notes
        Coding by two or more coders.
    codes
        Codes to look at; those given on a presence scale unless named.
    unit
        Kind of unit.

    Returns
    -------
    Units × coders of frozensets, empty where a coder gave none of the codes, None where a
    coder did not rate all of those that the unit's role may carry; units whose role may
    carry none of them are left out.

    Raises
    ------
    UnknownNameError
        When a code is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode import Annotations, Codebook
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> turns = pd.DataFrame({"session": "s1", "unit": [1, 2]})
    >>> marks = pd.DataFrame({"session": "s1", "turn": [1, 1], "coder": ["AK", "BL"],
    ...     "code": "withdrawal"})
    >>> notes = Annotations.from_frame(marks, codebook=book, units=turns,
    ...     coverage="whole sessions")
    >>> masi_alpha(code_sets(notes))
    1.0
    """
    book = notes.codebook
    codes = listed(codes)
    if codes is None:
        codes = [c for c in notes.codes if book[c].scale.kind == "presence"]
    array = notes.ratings_all(codes, unit)
    values = array.values  # noqa: PD011 - not a frame
    rated = ~np.isnan(values)
    carried = np.asarray(rated.any(axis=2))  # codes × units: somebody could rate it
    somewhere = np.asarray(carried.any(axis=0))
    complete = (rated | ~carried[:, :, None]).all(axis=0) & somewhere[:, None]
    given = rated & (np.nan_to_num(values) > 0)
    cells = np.empty(complete.shape, dtype=object)
    for u, k in zip(*np.nonzero(complete), strict=True):
        cells[u, k] = frozenset(c for c, there in zip(codes, given[:, u, k], strict=True) if there)
    frame = pd.DataFrame(cells, index=array.units, columns=list(array.coders))
    return frame[somewhere]


def masi_alpha(ratings: Ratings) -> float:
    """Return Krippendorff's alpha over sets of codes with the MASI distance.

    For turns on which a coder may put several codes at once. Partial overlap earns partial
    credit. It misleads where most turns carry no code: two empty sets count as full
    agreement.

    Parameters
    ----------
    ratings
        Units × coders; each cell a set, list or tuple of codes (empty for none of them),
        None where not rated.

    Returns
    -------
    Alpha; NaN where no unit has two ratings or all ratings are the same set.

    References
    ----------
    Passonneau (2006); Artstein, R. & Poesio, M. (2008). Inter-coder agreement for
    computational linguistics. Computational Linguistics 34(4), 555-596.

    Examples
    --------
    >>> round(masi_alpha([[{"a"}, {"a"}], [{"a", "b"}, {"b"}], [{"c"}, {"c"}]]), 3)
    0.722
    """
    return krippendorff_alpha(ratings, level=masi_distance)
