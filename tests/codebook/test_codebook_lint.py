"""Each rule of good keeping has a book that breaks it, and only it."""

import pytest

from rupturecode.codebook import Codebook, check_codebook, lint
from rupturecode.codebook.lint import (
    MAX_CODES_ON_A_SHEET,
    MAX_DEFINITION_WORDS,
    MAX_FAMILIES,
    RULES,
)

GOOD = {"definition": "Moves away.", "examples": ["C: Fine."]}


def book(*codes, **more):
    return Codebook.from_dict(
        {"id": "t", "version": "1", "title": "T", "codes": list(codes), **more}
    )


def good(name, **more):
    return {"id": name, **GOOD, **more}


BREAKERS = {
    "no-definition": book({"id": "a", "examples": ["C: x"]}),
    "no-example": book({"id": "a", "definition": "One."}),
    "no-boundary": book(good("a", confused_with=["b"]), good("b")),
    "orphan-parent": book(good("a"), {"id": "h", "definition": "All.", "heading": True}),
    "key-twice": book(good("a", key="w"), good("b", key="w")),
    "key-hidden": book(
        {"id": "h", "definition": "All.", "heading": True, "key": "h"}, good("a", parent="h")
    ),
    "no-role": book(good("a", roles="client"), good("b", parent="a", roles="therapist")),
    "no-anchors": book(good("a", scale={"kind": "ordinal", "low": 1, "high": 5})),
    "long-sheet": book(
        {"id": "h", "definition": "All.", "heading": True},
        *(good(f"c{i}", parent="h") for i in range(MAX_CODES_ON_A_SHEET + 1)),
    ),
    "long-definition": book(
        {**good("a"), "definition": "word " * (MAX_DEFINITION_WORDS + 1)},
    ),
}


def test_every_rule_has_a_breaker():
    assert set(BREAKERS) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_rule_finds_what_it_is_for_and_nothing_else_does(rule):
    found = lint(BREAKERS[rule])
    assert {p.kind for p in found} == {rule}


def test_a_good_book_has_no_findings():
    b = book(
        good("a", key="a", confused_with=[{"code": "b", "boundary": "One is not two."}]),
        good("b", key="b", confused_with=[{"code": "a", "boundary": "See there."}]),
        good("r", scale={"kind": "ordinal", "anchors": {1: "weak", 2: "clear"}}),
    )
    assert lint(b) == []


def test_two_pointers_are_no_boundary():
    b = book(
        good("a", confused_with=[{"code": "b", "boundary": "See there."}]),
        good("b", confused_with=[{"code": "a", "boundary": "See there."}]),
    )
    assert [p.kind for p in lint(b)] == ["no-boundary", "no-boundary"]


def test_other_breaches():
    assert [p.kind for p in lint(book(good("a", scale={"kind": "nominal"})))] == ["no-anchors"]
    many = book(*(good(f"c{i}") for i in range(MAX_FAMILIES + 1)))
    assert [p.kind for p in lint(many)] == ["long-sheet"]
    both = book(good("a", key="w"), good("b", key="w"))
    assert "has the key 'w', as has 'b'" in str(lint(both)[0])


def test_check_reports_files_that_do_not_load(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: x\ncodes: []\n")
    found = check_codebook(path)
    assert {p.kind for p in found} == {"missing", "type"}
    assert found[0].source == "broken.yaml"


def test_check_joins_vignettes_and_lint():
    b = book(
        {"id": "a", "definition": "One.", "roles": "client"},
        vignettes=[
            {"id": "v", "title": "V", "turns": [{"role": "therapist", "text": "x", "codes": ["a"]}]}
        ],
    )
    assert {p.kind for p in check_codebook(b)} == {"vignette", "no-example"}
