"""Offsets in any unit find their words; quotes that moved are found or named."""

from __future__ import annotations

import itertools

import pytest
from exchange_world import BOOK, CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.io.exchange.alignment import align
from rupturecode.io.exchange.counting import UNITS, Claim, Count, Source, fit
from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.page import Page
from rupturecode.io.exchange.project import Coding, Document, Project

TEXT = st.text(st.sampled_from("abcé漢😀𝒳 \n"), min_size=2, max_size=60)
WAYS = [
    Count(unit, bom, crlf, inclusive)
    for unit, bom, crlf, inclusive in itertools.product(UNITS, *[(False, True)] * 3)
]


def offset_by_encoding(text, at, count):
    """Count by really encoding what stands before: independent of the arrays."""
    before = text[:at].replace("\n", "\r\n") if count.crlf else text[:at]
    before = ("\ufeff" if count.bom else "") + before
    return {
        "code points": len(before),
        "UTF-16 units": len(before.encode("utf-16-le")) // 2,
        "UTF-8 bytes": len(before.encode()),
    }[count.unit]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(WAYS))
def test_edges_are_what_encoding_gives(text, count):
    edges = count.edges(Source(text, bom=False, returns=()))
    assert edges.tolist() == [offset_by_encoding(text, i, count) for i in range(len(text) + 1)]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(WAYS), st.data())
def test_the_way_of_counting_is_found_from_quotes(text, truth, data):
    source = Source(text, bom=False, returns=())
    claims, spots = [], []
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        last = end - 1 if truth.inclusive else end
        ends = (offset_by_encoding(text, i, truth) for i in (start, last))
        claims.append(Claim(*ends, text[start:end]))
        spots.append((start, end))
    found = fit(source, claims, Count("code points"))
    assert all(found.good)  # some way explains every quote, if not always the true one
    for place, (start, end) in zip(found.places, spots, strict=True):
        assert "".join(text[slice(*place)].split()) == "".join(text[start:end].split())


def test_the_expected_way_is_kept_when_it_explains_as_much():
    source = Source.of("plain ascii")
    claims = [Claim(0, 5, "plain")]
    assert fit(source, claims, Count("UTF-8 bytes")).count == Count("UTF-8 bytes")
    assert fit(source, [Claim(0, 5)], Count("UTF-16 units")).count == Count("UTF-16 units")


PAGE = Page.of(CORPUS["s01"])
RAW = "\ufeff" + PAGE.text.replace("\n", "\r\n")


def landed(text, codings, unit="code points"):
    project = Project("tool", "x", [Document("1", "s01", text)], codings, unit=unit)
    return land(project, codebook=BOOK, corpus=CORPUS, coder="AK")


def coded(start, end, quote):
    return Coding("1", ("denial",), start=start, end=end, quote=quote)


@pytest.mark.parametrize("count", WAYS, ids=str)
def test_shifted_offsets_land_on_their_turn_and_the_way_is_said(count):
    given = []
    for turn, quote in ((1, "How was it?"), (2, None), (4, None)):
        quote = quote or CORPUS["s01"].turns["text"].iloc[turn - 1]  # noqa: PLW2901
        start = PAGE.starts[turn]
        last = start + len(quote) - count.inclusive
        ends = [offset_by_encoding(PAGE.text, i, count) for i in (start, last)]
        given.append(coded(*ends, quote))
    draft = landed(RAW, given)
    assert draft.problems == []
    assert draft.rows[["kind", "first_turn"]].values.tolist() == [
        ["span", 1], ["turn", 2], ["turn", 4]
    ]  # fmt: skip
    assert draft.info["counted"] == {"s01": str(count)}
    found = [w.message for w in draft.warnings]
    as_expected = count == Count("code points", bom=True)
    assert found == ([] if as_expected else [
        f"document 's01': offsets count {count}, not code points, the byte order mark counted"
    ])  # fmt: skip


def test_a_quote_that_moved_is_found_and_told():
    draft = landed(PAGE.text, [coded(0, 7, "So. Hm."), coded(3, 14, "How was it?")])
    assert draft.rows["unit"].tolist()[0] == 4
    assert "1 quotes did not stand at their offsets" in draft.warnings[0].message


def test_a_quote_that_stands_nowhere_is_a_problem_and_shows_only_itself():
    draft = landed(PAGE.text, [coded(3, 6, "never said")])
    [problem] = draft.problems
    assert "the quote 'never said' does not stand at its place or anywhere else" in problem.message
    assert len(draft.rows) == 0


def test_a_quote_that_moved_is_not_guessed_among_equals():
    third, fourth = PAGE.starts[3], PAGE.starts[4] + len("So. ")
    for start, found in ((third + 1, [3]), ((third + fourth) // 2 + 1, [])):
        draft = landed(PAGE.text, [coded(start, start + 4, "Hm."), coded(3, 14, "How was it?")])
        assert [t for t in draft.rows["first_turn"] if t != 1] == found
        told = [p.message for p in draft.problems]
        assert ["none is clearly nearest" in m for m in told] == [True] * (not found)


def test_labels_and_blank_lines_belong_to_no_turn():
    start = PAGE.starts[2] - 3
    draft = landed(PAGE.text, [coded(start, start + 2, "C:")])
    assert "holds no words of a turn" in draft.problems[0].message
    draft = landed(PAGE.text, [coded(start, PAGE.starts[3] - 3, "")])
    assert draft.rows[["kind", "unit"]].values.tolist() == [["turn", 2]]


def test_an_edited_text_still_lands_and_is_told():
    edited = PAGE.text.replace("not so good", "not so very good")
    start = edited.index("Really")
    draft = landed(edited, [coded(start, start + 6, "Really")])
    row = draft.rows.iloc[0]
    text = CORPUS["s01"].turns["text"].iloc[1]
    assert text[row["start_char"] : row["end_char"]] == "Really"
    short = landed(PAGE.text.replace("Really, not.", ""), [coded(3, 14, "How was it?")])
    assert "of the words of session s01" in short.warnings[0].message


def test_the_session_is_known_by_its_words():
    project = Project(
        "t", "x", [Document("1", "untitled", PAGE.text)], [coded(3, 14, "How was it?")]
    )
    draft = land(project, codebook=BOOK, corpus=CORPUS, coder="AK")
    assert draft.rows["session"].tolist() == ["s01"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("ab c\n", min_size=1, max_size=12), min_size=1, max_size=8), st.data())
def test_every_letter_of_every_turn_is_found_in_order(turns, data):
    text = "".join(f"{data.draw(st.sampled_from(['T: ', 'C 00:01 ', '- ']))}{t}\n\n" for t in turns)
    found = align(text, turns)
    assert found.share == 1
    for i, turn in enumerate(found.turn):
        if turn >= 0:
            assert text[i] == turns[turn][found.char[i]]


def test_exact_doubles_are_taken_once_and_told():
    draft = landed(PAGE.text, [coded(3, 14, "How was it?")] * 2)
    assert len(draft.rows) == 1
    assert "1 codings are there twice" in draft.warnings[0].message


def test_a_name_that_someone_gave_a_selection_is_no_quote():
    project = Project(
        "tool", "x", [Document("1", "s01", PAGE.text)],
        [coded(3, 14, "How was it?"), coded(PAGE.starts[3], PAGE.starts[3] + 3, "my favourite")],
        named=True,
    )  # fmt: skip
    draft = land(project, codebook=BOOK, corpus=CORPUS, coder="AK")
    assert draft.rows["first_turn"].tolist() == [1, 3]
    assert "1 selections are called otherwise than their words" in draft.warnings[0].message
