"""Vignettes are run against the rules; each kind of contradiction is found."""

import pytest

from rupturecode.codebook import (
    Codebook,
    broken_on_unit,
    check_vignettes,
    links_wanted,
    load_codebook,
)

BASE = {
    "id": "t",
    "version": "1",
    "title": "T",
    "codes": [
        {"id": "marker", "heading": True, "roles": "client"},
        {"id": "away", "parent": "marker"},
        {"id": "far", "parent": "away"},
        {"id": "limit", "roles": "therapist"},
        {"id": "attack", "roles": "therapist"},
        {"id": "threat", "parent": "attack"},
        {"id": "repair", "roles": "therapist"},
        {"id": "clear", "roles": "client", "scale": {"kind": "ordinal", "low": 1, "high": 2}},
    ],
    "constraints": [
        {"kind": "excludes", "code": "attack", "others": ["limit"], "why": "Decide."},
        {"kind": "requires", "code": "clear", "others": ["marker"]},
        {"kind": "needs_link", "code": "repair", "others": ["marker"], "relation": "repairs"},
    ],
}


def run(*turns, links=()):
    vignette = {"id": "v", "title": "V", "turns": list(turns), "links": list(links)}
    return [str(p) for p in check_vignettes(Codebook.from_dict({**BASE, "vignettes": [vignette]}))]


def turn(role, *codes, **more):
    return {"role": role, "text": "x", "codes": list(codes), **more}


LINK = {
    "from_turn": 2,
    "from_code": "repair",
    "to_turn": 1,
    "to_code": "far",
    "relation": "repairs",
}


def test_a_consistent_vignette_passes():
    assert (
        run(
            turn("client", "far", {"code": "clear", "value": 2}, **{"not": ["limit"]}),
            turn("therapist", "repair", "limit", breaks=["attack", "threat", "far", "marker"]),
            links=[LINK],
        )
        == []
    )


@pytest.mark.parametrize(
    ("turns", "links", "says"),
    [
        ([turn("therapist", "away")], [], "'away' cannot be carried by therapist: only by client"),
        ([turn("client", "marker")], [], "'marker' is a heading"),
        ([turn("therapist", "threat", "limit")], [], "'threat' and 'limit' exclude each other (Decide.)"),
        ([turn("client", {"code": "clear", "value": 1})], [], "'clear' needs 'marker' on the same unit"),
        ([turn("client", "away", {"code": "clear", "value": 3})], [], "'clear': value 3 is outside 1 to 2"),
        ([turn("client", "far", **{"not": ["away"]})], [], "'far' is given, and 'away' is named as not given"),
        ([turn("therapist", "limit", breaks=["repair"])], [], "no rule refuses 'repair'"),
        ([turn("client", "far"), turn("therapist", "repair")], [], "'repair' needs a link 'repairs'"),
        (
            [turn("client", "far"), turn("therapist", "repair")],
            [{**LINK, "relation": "answers"}],
            "'repair' needs a link 'repairs'",
        ),
        (
            [turn("client"), turn("therapist", "repair")],
            [LINK],
            "link 1: 'far' is not given on turn 1",
        ),
    ],
)  # fmt: skip
def test_contradictions_are_found(turns, links, says):
    found = run(*turns, links=links)
    assert any(says in words for words in found), found


def test_readings_stand_side_by_side_and_are_checked_apart():
    one = {"code": "attack", "reading": "A"}
    two = {"code": "limit", "reading": "B"}
    assert run(turn("therapist", one, two)) == []
    (found,) = run(turn("therapist", one, two, "threat"))
    assert "turn 1 as B reads it: 'threat' and 'limit' exclude each other" in found


def test_the_two_readings_of_a_reassuring_refusal_are_kept():
    book = load_codebook("ccr")
    (vignette,) = [v for v in book.vignettes if v.id == "reassuring_refusal"]
    given = {g.code: g for g in vignette.turns[1].codes}
    assert given["client_accepts_repair"].reading == "ccr"
    assert given["wd_deferential_appeasing"].reading == "3RS"
    assert all(given[c].why for c in ("client_accepts_repair", "wd_deferential_appeasing"))


def test_rules_without_role_or_with_unknown_role():
    book = load_codebook("ccr")
    assert list(broken_on_unit(book, ["withdrawal"])) == []
    assert list(broken_on_unit(book, ["withdrawal"], "unknown")) == []
    assert list(broken_on_unit(book, ["no_such_code"], "client")) == []


def test_links_hold_for_codes_below():
    ((relation, targets),) = links_wanted(load_codebook("ccr"), "repair_deep")
    assert relation == "repairs"
    assert {"wd_denial", "antagonizes", "withdrawal"} <= targets
    assert links_wanted(load_codebook("ccr"), "apology") == ()
