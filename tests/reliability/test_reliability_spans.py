"""Free stretches: the alpha of 2016 place by place in fractions, and what is no stretch."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import reliability as rel
from rupturecode.errors import InvalidDataError, UsageError

LENGTH = 12
#: What a coder does on from each place: nothing, or a stretch of a length with a name.
MOVES = st.lists(
    st.one_of(st.none(), st.tuples(st.integers(1, 4), st.sampled_from("ab"))), max_size=LENGTH
)


def stretches(moves: list) -> list[tuple[int, int, str | None]]:
    """Lay a coder's moves out until the continuum is full; gaps carry no name."""
    out, here = [], 0
    for move in [*moves, *[None] * LENGTH]:
        if here >= LENGTH:
            break
        length, name = move or (1, None)
        if name is None and out and out[-1][2] is None:
            out[-1] = (out[-1][0], here + 1, None)
        else:
            out.append((here, min(here + length, LENGTH), name))
        here = out[-1][1]
    return out


def by_places(coders: list, form: str) -> Fraction | None:
    """Krippendorff et al. (2016): coincidences counted at each place, chance without itself."""
    names = [None, "a", "b"]
    at = [[name for s, e, name in own for _ in range(s, e)] for own in coders]
    met = dict.fromkeys(((v, w) for v in names for w in names), Fraction(0))
    for one, other in permutations(at, 2):
        for v, w in zip(one, other, strict=True):
            met[v, w] += Fraction(1, len(coders) - 1)
    margin = {v: sum(met[v, w] for w in names) for v in names}
    total = sum(margin.values())
    itself = dict.fromkeys(names, Fraction(0))
    for own in coders:
        for s, e, name in own:
            itself[name] += e - s if name is None else (e - s) ** 2
    room = total - sum(itself.values()) / total
    apart = [(v, w) for v in names for w in names if v != w and (form == "u" or not (v and w))]
    observed = sum(met[pair] for pair in apart)
    expected = sum(margin[v] * margin[w] / room for v, w in apart) if room else 0
    return 1 - observed / expected if expected else None


@settings(max_examples=150, deadline=None)
@given(st.lists(MOVES, min_size=2, max_size=3), st.sampled_from(["u", "binary"]))
def test_alpha_of_stretches_is_the_one_counted_place_by_place(moves: list, form: str) -> None:
    coders = [stretches(m) for m in moves]
    found = {f"coder {i}": [s for s in own if s[2]] for i, own in enumerate(coders)}
    value = rel.unitizing_alpha(found, form, begin=0, end=LENGTH)
    expected = by_places(coders, form) if any(found.values()) else None
    if expected is None:
        assert math.isnan(value)
    else:
        assert value == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize(
    "place", [("q", 2), (None, 2), (0, math.inf), (0, math.nan), (2,), 2, (0, pd.NA, "x")]
)
def test_what_is_no_start_and_end_is_named(place: object) -> None:
    found = {"AK": [(0, 2, "x"), place], "BL": [(0, 2, "x")]}
    with pytest.raises(InvalidDataError, match=r"span 2 \(AK\): .* is not start and end"):
        rel.unitizing_alpha(found, begin=0, end=9)


def test_a_span_without_a_coder_is_not_given_to_one() -> None:
    rows = {"coder": ["AK", None], "start": [0, 0], "end": [2, 3], "category": ["x", "x"]}
    with pytest.raises(InvalidDataError, match="span 2 has no coder"):
        rel.unitizing_table(pd.DataFrame(rows), end=9)
    with pytest.raises(UsageError, match="spans are a table"):
        rel.unitizing_alpha(None)
