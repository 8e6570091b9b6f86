"""One set of rules, two readers: vignettes (unit by unit) and annotations (as tables)."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook, broken_on_unit, links_wanted
from rupturecode.errors import InvalidDataError

IDS = ["a", "b", "c", "d", "e"]
ROLES = ["client", "therapist", "unknown"]
TURNS = range(1, 5)


@st.composite
def books(draw) -> Codebook:
    """Five codes in a small tree, some for one role only, with rules between any of them."""
    codes = []
    for i, name in enumerate(IDS):
        parent = draw(st.sampled_from([None, *IDS[:i]]))
        roles = draw(st.sampled_from([[], [], ["client"], ["therapist"]]))
        codes.append({"id": name, "definition": name, "roles": roles})
        codes[-1] |= {"parent": parent} if parent else {}
    rules = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["excludes", "requires", "needs_link"]))
        code, *others = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True))
        rules.append({"kind": kind, "code": code, "others": others})
        if kind == "needs_link" and draw(st.booleans()):
            rules[-1]["relation"] = "answers"
    content = {"id": "t", "version": "1", "title": "T", "codes": codes, "constraints": rules}
    try:
        return Codebook.from_dict(content)
    except InvalidDataError:  # a rule or a role that contradicts the tree
        return reject()


ROWS = st.lists(
    st.tuples(st.sampled_from(TURNS), st.sampled_from(IDS)), unique=True, min_size=1, max_size=8
)
LINKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["answers", "other"])),
    max_size=6,
)


def by_table(book: Codebook, roles: list[str], rows: list, links: list) -> set:
    """What a table of annotations is refused for: (turn, code, kind)."""
    units = pd.DataFrame({"session": "s", "unit": list(TURNS), "role": roles})
    frame = pd.DataFrame(rows, columns=["turn", "code"]).assign(session="s", coder="AK")
    frame["id"] = [str(i) for i in range(len(frame))]
    drawn = pd.DataFrame(links, columns=["from", "to", "relation"]).assign(coder="AK")
    try:
        Annotations.from_frame(
            frame, codebook=book, units=units, links=drawn, coverage="whole sessions"
        )
    except InvalidDataError as err:
        found = set()
        for problem in err.problems:
            number, _, message = problem.message.removeprefix("row ").partition(": ")
            code = message.split("'")[1]
            turn = rows[int(number) - 1][0]
            found.add((turn, code, problem.kind))
        return found
    return set()


def by_unit(book: Codebook, roles: list[str], rows: list, links: list) -> set:
    """The same asked turn by turn, as vignettes are checked."""
    found = set()
    for turn, role in zip(TURNS, roles, strict=True):
        here = [code for t, code in rows if t == turn]
        for code, words in broken_on_unit(book, here, role):
            kind = (
                "excludes"
                if "exclude" in words
                else "requires"
                if "needs" in words
                else "role-may-not-carry"
            )
            found.add((turn, code, kind))
    for number, (turn, code) in enumerate(rows):
        for relation, targets in links_wanted(book, code):
            if not any(
                int(start) == number and rows[int(end)][1] in targets and relation in ("", word)
                for start, end, word in links
            ):
                found.add((turn, code, "needs-link"))
    return found


@settings(max_examples=80, deadline=None)
@given(books(), st.tuples(*[st.sampled_from(ROLES)] * len(TURNS)), ROWS, LINKS)
def test_both_readers_of_the_rules_say_the_same(book, roles, rows, links) -> None:
    ends = [(str(a), str(b), w) for a, b, w in links if a < len(rows) and b < len(rows)]
    assert by_table(book, list(roles), rows, ends) == by_unit(book, list(roles), rows, ends)


def test_a_code_does_not_exclude_what_stands_with_it_below_the_rules_own() -> None:
    book = Codebook.from_dict(
        {
            "id": "t",
            "version": "1",
            "title": "T",
            "codes": [{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c"}],
            "constraints": [{"kind": "excludes", "code": "b", "others": ["a", "c"]}],
        }
    )
    assert list(broken_on_unit(book, ["b"])) == []
    assert [code for code, _ in broken_on_unit(book, ["a", "b"])] == ["b"]
