"""Annotations: what is taken in, what is refused, and what absent, missing and the rest mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "rupture", "definition": "any"},
            {"id": "withdrawal", "parent": "rupture", "definition": "away", "roles": ["client"]},
            {"id": "confrontation", "parent": "rupture", "definition": "against", "roles": ["client"]},
            {"id": "repair", "definition": "mends", "roles": ["therapist"]},
            {"id": "tension", "definition": "how tense", "scale": {"kind": "ordinal", "anchors": {1: "none", 5: "much"}}, "level": ["turn", "session"]},
            {"id": "sighs", "definition": "how many", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "which", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
        ],
        "constraints": [
            {"kind": "excludes", "code": "withdrawal", "others": ["confrontation"]},
        ],
    }
)  # fmt: skip


def turns(*lengths: int) -> pd.DataFrame:
    rows = [
        {"session": f"s{s}", "unit": t, "role": "client" if t % 2 else "therapist"}
        for s, n in enumerate(lengths, start=1)
        for t in range(1, n + 1)
    ]
    return pd.DataFrame(rows)


def windows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "session": "s1",
            "kind": "window",
            "unit": [1, 2],
            "first_turn": [1, 4],
            "last_turn": [3, 6],
        }
    )


def marks(*rows: dict) -> pd.DataFrame:
    base = {"session": "s1", "coder": "AK"}
    return pd.DataFrame([{**base, **row} for row in rows])


def take(*rows: dict, coverage="whole sessions", units=None, **options) -> Annotations:
    units = turns(6, 4) if units is None else units
    return Annotations.from_frame(
        marks(*rows), codebook=BOOK, units=units, coverage=coverage, **options
    )


def problems(*rows: dict, **options) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDataError) as caught:
        take(*rows, **options)
    return [(p.kind, str(p)) for p in caught.value.problems]


def test_absent_and_not_rated_differ() -> None:
    cover = pd.DataFrame(
        {"session": "s1", "first_unit": [1, 1], "last_unit": [6, 3], "coder": ["AK", "BL"]}
    )
    notes = take({"turn": 3, "code": "withdrawal"}, coverage=cover)
    got = notes.ratings("withdrawal", eligible=False).loc["s1"]
    assert got["AK"].tolist() == [0, 0, 1, 0, 0, 0]
    np.testing.assert_array_equal(got["BL"], [0, 0, 0, np.nan, np.nan, np.nan])
    assert notes.ratings("withdrawal", eligible=False).loc["s2"].isna().all().all()


def test_five_ways_of_not_being_there_stay_apart() -> None:
    notes = take(
        {"turn": 1, "code": "withdrawal", "status": "not_applicable"},
        {"turn": 2, "code": "sighs", "status": "cannot_code"},
        {"turn": 3, "code": "withdrawal", "status": "skipped"},
        {"turn": 5, "code": "withdrawal", "status": "uncertain"},
        coverage=pd.DataFrame(
            {"session": ["s1"], "first_unit": [1], "last_unit": [5], "coder": ["AK"]}
        ),
        units=turns(7),
    )
    assert set(notes.to_frame()["status"]) == {
        "not_applicable",
        "cannot_code",
        "skipped",
        "uncertain",
    }
    got = notes.ratings("withdrawal")["AK"]
    np.testing.assert_array_equal(got, [np.nan, np.nan, 1, np.nan])
    assert np.isnan(notes.ratings("sighs").loc[("s1", 2), "AK"])
    doubtful = notes.ratings("withdrawal", uncertain="missing").loc[("s1", 5), "AK"]
    assert np.isnan(doubtful)


def test_only_turns_whose_role_may_carry_the_code() -> None:
    notes = take({"turn": 1, "code": "withdrawal"})
    assert [u for _, u in notes.ratings("withdrawal").loc[["s1"]].index] == [1, 3, 5]
    assert len(notes.ratings("withdrawal", eligible=False)) == 10


def test_scales_say_what_absent_means() -> None:
    notes = take(
        {"turn": 1, "code": "tension", "value": 4},
        {"turn": 2, "code": "sighs", "value": 3},
        {"turn": 3, "code": "tone", "category": "cold"},
    )
    s1 = {
        code: notes.ratings(code).loc["s1", "AK"].tolist() for code in ("sighs", "tension", "tone")
    }
    assert s1["sighs"] == [0, 3, 0, 0, 0, 0]
    assert s1["tension"][0] == 4
    assert np.isnan(s1["tension"][1:]).all()
    assert s1["tone"][2] == "cold"
    assert pd.isna(s1["tone"][0])


def test_a_parent_is_there_when_any_below_is() -> None:
    notes = take({"turn": 1, "code": "withdrawal"}, {"turn": 3, "code": "confrontation"})
    assert notes.ratings("rupture").loc["s1", "AK"].tolist() == [1, 0, 1, 0, 0, 0]


def test_coarser_units_gather_finer_ones() -> None:
    cover = pd.DataFrame(
        {"session": "s1", "first_unit": [1, 1], "last_unit": [6, 5], "coder": ["AK", "BL"]}
    )
    notes = take(
        {"turn": 1, "code": "sighs", "value": 2},
        {"turn": 3, "code": "sighs", "value": 1},
        {"turn": 4, "code": "sighs", "value": 5},
        {"turn": 4, "code": "tension", "value": 2},
        {"turn": 5, "code": "tension", "value": 5},
        {"turn": 5, "code": "withdrawal"},
        coverage=cover,
        units=[turns(6), windows()],
    )
    assert notes.ratings("sighs", "window")["AK"].tolist() == [3, 5]
    assert notes.ratings("tension", "window")["AK"].tolist()[1] == 5
    assert notes.ratings("withdrawal", "window")["AK"].tolist() == [0, 1]
    np.testing.assert_array_equal(notes.ratings("withdrawal", "window")["BL"], [0, np.nan])
    assert notes.ratings("withdrawal", "session")["AK"].tolist() == [1]
    assert notes.ratings("withdrawal", "session")["BL"].isna().all()


def test_session_ratings_do_not_make_turns_examined() -> None:
    cover = pd.DataFrame(
        {
            "session": "s1",
            "kind": ["turn", "session"],
            "first_unit": [1, 1],
            "last_unit": [2, 1],
            "coder": "AK",
        }
    )
    notes = take({"kind": "session", "unit": 1, "code": "tension", "value": 3}, coverage=cover)
    assert notes.ratings("tension", "session").loc[("s1", 1), "AK"] == 3
    assert np.isnan(notes.ratings("withdrawal", "session").loc[("s1", 1), "AK"])
    assert notes.ratings("tension", "turn")["AK"].isna().all()


def test_codes_not_looked_for_are_not_rated() -> None:
    cover = pd.DataFrame(
        {
            "session": ["s1"],
            "first_unit": [1],
            "last_unit": [6],
            "coder": ["AK"],
            "codes": ["repair sighs"],
        }
    )
    notes = take({"turn": 2, "code": "repair"}, coverage=cover)
    assert notes.ratings("sighs").loc["s1", "AK"].tolist() == [0] * 6
    assert notes.ratings("withdrawal")["AK"].isna().all()


def test_spans_count_for_every_turn_they_touch() -> None:
    notes = take(
        {
            "kind": "span",
            "first_turn": 2,
            "last_turn": 4,
            "start_char": 3,
            "end_char": 2,
            "code": "rupture",
        }
    )
    assert notes.ratings("rupture").loc["s1", "AK"].tolist() == [0, 1, 1, 1, 0, 0]


def test_without_a_word_on_coverage_it_is_refused() -> None:
    with pytest.raises(UsageError, match='coverage="whole sessions"'):
        take({"turn": 1, "code": "repair"}, coverage=None)


def test_rows_without_a_code_say_what_was_examined() -> None:
    notes = take(
        {"turn": 1, "code": "withdrawal"}, {"turn": 3, "code": None}, {"turn": 5, "code": ""},
        coverage=None,
    )  # fmt: skip
    assert len(notes) == 1
    np.testing.assert_array_equal(notes.ratings("withdrawal").loc["s1", "AK"], [1, 0, 0])
    assert np.isnan(notes.ratings("withdrawal", eligible=False).loc[("s1", 2), "AK"])


def test_a_zero_may_stand_on_anybody_s_turn() -> None:
    notes = take({"turn": 2, "code": "withdrawal", "value": 0}, {"turn": 1, "code": "withdrawal"})
    ratings = notes.ratings("withdrawal", eligible=False)
    assert ratings.loc[("s1", 2), "AK"] == 0
    assert ("s1", 2) not in notes.ratings("withdrawal").index
    found = problems({"turn": 2, "code": "withdrawal", "value": 1})
    assert [kind for kind, _ in found] == ["role-may-not-carry"]


def test_every_problem_is_told_at_once() -> None:
    found = problems(
        {"turn": 1, "code": "withdrawl"},
        {"turn": 99, "code": "repair"},
        {"session": "s9", "turn": 1, "code": "withdrawal"},
        {"turn": 2, "code": "withdrawal"},
        {"turn": 1, "code": "tension", "value": 9},
        {"turn": 3, "code": "tone", "category": "tepid"},
        {"turn": 1, "code": "sighs", "value": 2, "status": "perhaps"},
        {"turn": 1, "code": "sighs", "value": 1, "evidence": "guess"},
        {"kind": "paragraph", "turn": 1, "code": "sighs", "value": 1},
        {"turn": 3, "code": "withdrawal"},
        {"turn": 3, "code": "confrontation"},
    )
    assert {k for k, _ in found} == {
        "unknown-code",
        "unit-out-of-range",
        "unknown-session",
        "role-may-not-carry",
        "bad-value",
        "unknown-status",
        "unknown-evidence",
        "unknown-kind",
        "excludes",
        "contradiction",
    }
    words = "\n".join(m for _, m in found)
    assert "Did you mean 'withdrawal'?" in words
    assert "session s1 has no turn 99" in words
    assert "turn 2 of session s1 is spoken by the therapist" in words
    assert "value 9 is outside 1 to 5" in words


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [(1, 7, "unit-out-of-range"), (0, 3, "unit-out-of-range"), (4, 2, "unit-out-of-range")],
)
def test_coverage_of_units_that_do_not_exist(first: int, last: int, kind: str) -> None:
    cover = pd.DataFrame(
        {"session": ["s1"], "first_unit": [first], "last_unit": [last], "coder": ["AK"]}
    )
    found = problems({"turn": 2, "code": "repair"}, coverage=cover)
    assert [k for k, _ in found] == [kind]


def test_coding_outside_what_was_examined() -> None:
    cover = pd.DataFrame({"session": ["s1"], "first_unit": [1], "last_unit": [3], "coder": ["AK"]})
    found = problems({"turn": 4, "code": "repair"}, coverage=cover)
    assert [k for k, _ in found] == ["outside-coverage"]


def test_two_readings_side_by_side_need_reasons() -> None:
    one = {"turn": 1, "code": "withdrawal"}
    assert [k for k, _ in problems(one, one)] == ["duplicate"]
    notes = take(
        {**one, "note": "goes quiet", "evidence": "transcribed_nonverbal"},
        {**one, "note": "changes the subject", "evidence": "spoken"},
    )
    assert notes.ratings("withdrawal").loc[("s1", 1), "AK"] == 1
    other = {"turn": 1, "code": "confrontation", "note": "or an attack?"}
    assert [k for k, _ in problems({**one}, other)] == ["excludes"]
    both = take({**one, "note": "polite"}, other)
    assert len(both) == 2


def test_constraints_can_be_reported_instead() -> None:
    rows = {"turn": 1, "code": "withdrawal"}, {"turn": 1, "code": "confrontation"}
    notes = take(*rows, constraints="report")
    assert [p.kind for p in notes.problems] == ["excludes"]


def test_rounds_must_be_chosen() -> None:
    notes = take({"turn": 1, "code": "withdrawal"}, {"turn": 3, "code": "withdrawal", "round": 2})
    with pytest.raises(UsageError, match="several rounds"):
        notes.ratings("withdrawal")
    assert notes.ratings("withdrawal", round=1).loc["s1", "AK"].tolist() == [1, 0, 0]
    assert notes.ratings("withdrawal", round="last").loc["s1", "AK"].tolist() == [0, 1, 0]


def test_only_keeps_a_part() -> None:
    notes = take(
        {"turn": 1, "code": "withdrawal"},
        {"turn": 2, "code": "repair", "coder": "BL"},
        {"session": "s2", "turn": 1, "code": "confrontation", "coder": "BL"},
    )
    assert notes.only(coder="BL").coders == ("BL",)
    assert notes.only(sessions="s2").codes == notes.only(sessions=["s2"]).codes
    assert notes.only(codes="rupture").codes == ("withdrawal", "confrontation")
    assert notes.ratings("repair", coders="BL").columns.tolist() == ["BL"]
    assert notes.ratings_all("repair").codes == ("repair",)
    assert notes.only(sessions=["s2"]).codes == ("confrontation",)
    assert notes.only(codes=["rupture"]).codes == ("withdrawal", "confrontation")
    assert notes.only(codes=["rupture"]).ratings("repair").isna().all().all()
    with pytest.raises(UnknownNameError, match="coder 'CM'"):
        notes.only(coder="CM")


def test_ratings_all_equals_ratings() -> None:
    notes = take(
        {"turn": 1, "code": "withdrawal"},
        {"turn": 2, "code": "repair", "coder": "BL"},
        {"turn": 1, "code": "tone", "category": "warm"},
    )
    every = notes.ratings_all()
    assert every.codes == ("withdrawal", "repair", "tone")
    for i, code in enumerate(every.codes):
        one = notes.ratings(code).reindex(every.units)
        if code in every.categories:
            one = one.replace({c: float(n) for n, c in enumerate(every.categories[code])}).astype(
                float
            )
        np.testing.assert_array_equal(every.values[i], one.to_numpy(float))


def test_a_slow_count_agrees() -> None:
    rng = np.random.default_rng(3)
    rows, cover, naive = [], [], {}
    for coder in ("AK", "BL", "CM"):
        for session in ("s1", "s2"):
            n = {"s1": 6, "s2": 4}[session]
            last = int(rng.integers(1, n + 1))
            cover.append((session, 1, last, coder))
            for turn in range(1, n + 1):
                naive[session, turn, coder] = 0.0 if turn <= last else np.nan
                if turn <= last and rng.random() < 0.5:
                    value = int(rng.integers(1, 4))
                    naive[session, turn, coder] = value
                    rows.append(
                        {
                            "session": session,
                            "turn": turn,
                            "coder": coder,
                            "code": "sighs",
                            "value": value,
                        }
                    )
    table = pd.DataFrame(cover, columns=["session", "first_unit", "last_unit", "coder"])
    got = take(*rows, coverage=table).ratings("sighs")
    for (session, turn, coder), value in naive.items():
        np.testing.assert_equal(got.loc[(session, turn), coder], value)


def test_links_must_end_somewhere_and_satisfy_the_codebook() -> None:
    book = Codebook.from_dict(
        {
            "id": "t",
            "version": "1",
            "title": "T",
            "codes": [{"id": "rupture", "definition": "x"}, {"id": "repair", "definition": "y"}],
            "constraints": [{"kind": "needs_link", "code": "repair", "others": ["rupture"]}],
        }
    )
    frame = marks(
        {"turn": 1, "code": "rupture", "id": "a"}, {"turn": 2, "code": "repair", "id": "b"}
    )

    def read(links):
        return Annotations.from_frame(
            frame, codebook=book, units=turns(3), coverage="whole sessions", links=links
        )

    tie = pd.DataFrame(
        {"session": ["s1"], "coder": ["AK"], "from": ["b"], "to": ["a"], "relation": ["repairs"]}
    )
    assert len(read(tie).links) == 1
    with pytest.raises(InvalidDataError, match="needs a link to rupture"):
        read(tie.iloc[:0])
    with pytest.raises(InvalidDataError, match="there is no annotation 'z'"):
        read(tie.assign(to="z"))
    assert len(read(None)) == 2
