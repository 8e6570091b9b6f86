"""The loader: places of problems, and files that mean harm."""

import time
import tracemalloc

import pytest

from rupturecode.codebook import tree
from rupturecode.codebook.load import read_yaml
from rupturecode.errors import InvalidDataError

HEAD = "id: t\nversion: 1.0\ntitle: T\n"


def problems(text, source="t.yaml"):
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(InvalidDataError) as caught:
        read_yaml(data, source=source)
    return caught.value.problems


def test_plain_words_stay_words():
    book = read_yaml(
        b"id: t\nversion: 1.10\ntitle: no\nlanguage: no\ncodes: [{id: on, label: yes, key: y}]\n",
        source="t.yaml",
    )
    assert book.title == "no"
    assert book.language == "no"
    assert book.version == "1.10"
    assert book["on"].label == "yes"
    assert book["on"].key == "y"


def test_every_problem_at_once_with_its_place():
    text = """\
id: My Book
version: 1
titel: T
title: T
codes:
  - id: a
    roles: [client, patient]
    color: blue
  - id: b
    parent: aa
  - {id: b, scale: {kind: ordnal}}
  - definition: no id
"""
    found = {(p.line, p.column, p.kind) for p in problems(text)}
    assert (1, 5, "type") in found
    assert (3, 1, "key") in found
    assert (7, 21, "choice") in found
    assert (8, 12, "type") in found
    assert (11, 27, "choice") in found
    assert (12, 5, "missing") in found
    assert (10, 13, "orphan") in found
    assert (9, 9, "duplicate-code") in found
    words = "\n".join(map(str, problems(text)))
    assert "t.yaml:3:1: codebook: unknown key 'titel'. Did you mean 'title'?" in words
    assert "Did you mean 'ordinal'?" in words


def test_references_are_checked_with_places():
    text = (
        HEAD
        + """\
codes:
  - id: withdrawal
    parent: marker
  - id: a
    confused_with: [withdrawl]
    near_misses: [{text: x, instead: bb}]
  - {id: c, parent: d}
  - {id: d, parent: c}
  - {id: e, scale: salience}
"""
    )
    kinds = {(p.line, p.kind) for p in problems(text)}
    assert {(6, "orphan"), (10, "circular"), (11, "circular")} <= kinds
    text = text.replace("    parent: marker\n", "").replace("parent: d", "parent: a")
    listed = problems(text)
    assert [(p.line, p.kind) for p in listed] == [
        (7, "unknown-code"),
        (8, "unknown-code"),
        (11, "scale"),
    ]
    assert "Did you mean 'withdrawal'?" in str(listed[0])


def test_constraints_vignettes_and_roles_are_checked():
    text = (
        HEAD
        + """\
roles: [client]
codes:
  - {id: a, roles: therapist}
constraints:
  - {kind: excludes, code: a, others: [a]}
  - {kind: excludes, code: a, others: [b]}
  - {kind: excludes, code: a, others: []}
vignettes:
  - id: v
    title: V
    turns: [{role: client, text: x, codes: [zz], not: [yy], breaks: ww}]
    links: [{from_turn: 1, from_code: a, to_turn: 4, to_code: a, relation: r}]
"""
    )
    words = "\n".join(map(str, problems(text)))
    assert "at least 1" in words
    text = text.replace("  - {kind: excludes, code: a, others: []}\n", "")
    words = "\n".join(map(str, problems(text)))
    for part in (
        "names itself",
        "unknown code 'b'",
        "'zz'",
        "'yy'",
        "'ww'",
        "names a turn that is not there",
        "role therapist is not among",
    ):
        assert part in words, part


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (b"\xef\xbb\xbf" + HEAD.encode(), "encoding", "without a mark"),
        (HEAD.encode("utf-16"), "encoding", "UTF-16"),
        (HEAD.encode("utf-32"), "encoding", "UTF-32"),
        ("id: t\ntitle: Rückzug\n".encode("cp1252"), "encoding", "byte 0xfc is not UTF-8"),
        (b"id: t\ncodes:\n\t- id: a\n", "syntax", "a tab in the indentation"),
        (b"id: t\nid: u\n", "duplicate-key", "key 'id' is given twice (first on line 1)"),
        (b"id: &x t\ntitle: *x\n", "alias", "anchors are not used"),
        (b"id: *x\n", "alias", "alias *x"),
        (b"id: !!python/object:os.system t\n", "tag", "tags are not used"),
        (b"id: !!str t\n", "tag", "tags are not used"),
        (b"? [a, b]\n: c\n", "key", "a list cannot be a key"),
        (b"id: t\n---\nid: u\n", "documents", "a second document starts"),
        (b"id: [t\n", "syntax", "not YAML"),
        (b"id: 't\n", "syntax", "not YAML"),
        (b"id: t\x00\n", "syntax", "control character"),
        (b"id: t\x07\n", "syntax", "control character"),
        (b"", "empty", "the file is empty"),
        (b"# only a comment\n", "empty", "the file is empty"),
        (b"- a\n- b\n", "type", "expected a mapping"),
        (b"just words\n", "type", "expected a mapping"),
    ],
)
def test_refused_with_a_reason(data, kind, says):
    found = problems(data)
    assert kind in {p.kind for p in found}
    assert any(says in str(p) for p in found), [str(p) for p in found]


def test_a_tab_is_named_with_its_line():
    (found,) = problems(HEAD + "codes:\n  - id: a\n\tlabel: b\n")
    assert found.line == 6
    assert "tab" in found.message


BOMBS = {
    "aliases": "a0: &a0 [x]\n"
    + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 40)),
    "merge-keys": "a: &a {x: 1}\n" + "b: {<<: *a}\n" * 1000,
    "self-reference": "a: &a [*a]\n",
    "flow-lists": "a: " + "[" * 50_000,
    "flow-maps": "a: " + "{a: " * 50_000,
    "closed-lists": "a: " + "[" * 5_000 + "]" * 5_000,
    "block-lists": "a:\n  " + "- " * 20_000 + "x",
    "many-keys": "".join(f"k{i}: v\n" for i in range(120_000)),
    "same-key": "k: v\n" * 120_000,
    "many-documents": "---\na: b\n" * 100_000,
    "one-long-scalar": "id: " + "x" * 4_900_000,
    "too-many-bytes": "# " + "x" * 6_000_000,
    "anchors": "".join(f"k{i}: &a{i} v\n" for i in range(50_000)),
    "question-marks": "? " * 50_000,
    "deep-quotes": 'a: "' + "\\" * 99_999,
    "directives": "%YAML 1.1\n" * 10_000 + "---\na: b",
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_files_are_refused_in_bounded_time_and_memory(name):
    data = BOMBS[name].encode()
    tracemalloc.start()
    start = time.perf_counter()
    found = problems(data)
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found
    assert len(found) <= tree.MAX_PROBLEMS
    assert all(len(str(p)) < 1000 for p in found)
    assert seconds < 20, seconds
    assert peak < 200e6, peak


def test_too_many_values_and_too_deep():
    assert "nested more than" in str(problems("a: " + "[" * 30 + "]" * 30)[0])
    many = "a: [" + "b," * (tree.MAX_NODES + 5) + "]"
    assert "more than 100,000 values" in str(problems(many)[0])


def test_the_pure_python_parser_reads_the_same(monkeypatch):
    import yaml

    from rupturecode.codebook import load_codebook

    fast = load_codebook("cis")
    monkeypatch.delattr(yaml, "CLoader")
    assert load_codebook("cis") == fast


def test_deep_python_data_is_refused():
    from rupturecode.codebook import Codebook

    deep: list = []
    deep.append(deep)
    with pytest.raises(InvalidDataError, match="nested more than"):
        Codebook.from_dict({"codes": deep})
