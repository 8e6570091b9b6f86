import pickle
from dataclasses import replace

import pytest

from rupturecode.codebook import Code, Codebook, Scale, bundled, load_codebook
from rupturecode.errors import UnknownNameError, UsageError

TINY = {"id": "tiny", "version": "1", "title": "Tiny"}


def book(*codes, **more):
    return Codebook.from_dict({**TINY, "codes": list(codes), **more})


def test_defaults_of_a_minimal_code():
    (code,) = book({"id": "stage_repair"})
    assert code.label == "Stage repair"
    assert code.roles == ()
    assert code.level == ("turn",)
    assert code.scale == Scale("presence")
    assert code.scale.absent == 0


def test_tree():
    b = book({"id": "a"}, {"id": "c", "parent": "b"}, {"id": "b", "parent": "a"}, {"id": "d"})
    assert [c.id for c in b.top] == ["a", "d"]
    assert [c.id for c in b.descendants("a")] == ["b", "c"]
    assert [c.id for c in b.ancestors("c")] == ["b", "a"]
    assert [c.id for c in b.children("a")] == ["b"]
    assert "c" in b
    assert "x" not in b
    assert len(b) == 4


def test_unknown_code_names_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'withdrawal'"):
        load_codebook("ccr")["withdrawl"]


def test_children_inherit_unless_they_say_otherwise():
    b = book(
        {"id": "a", "roles": "client", "level": "span", "origin": "X", "color": "#112233"},
        {"id": "b", "parent": "a"},
        {"id": "c", "parent": "b", "roles": []},
        {"id": "d", "parent": "b", "roles": ["therapist"], "scale": "count"},
    )
    assert b["b"].roles == ("client",)
    assert b["b"].level == ("span",)
    assert b["b"].origin == "X"
    assert b["b"].color == "#112233"
    assert b["c"].roles == ()
    assert b["d"].roles == ("therapist",)
    assert b["d"].scale.kind == "count"


@pytest.mark.parametrize(
    ("scale", "value", "category", "fault"),
    [
        (Scale(), None, None, ""),
        (Scale(), 1, None, ""),
        (Scale(), 2, None, "outside 0 to 1"),
        (Scale(), None, "yes", "takes a number"),
        (Scale("count"), 3, None, ""),
        (Scale("count"), -1, None, "outside 0 to inf"),
        (Scale("count"), 1.5, None, "not a whole number"),
        (Scale("count"), None, None, "needs a value"),
        (Scale("ordinal", anchors=((1, "a"), (5, "b"))), 2.5, None, ""),
        (Scale("ordinal", anchors=((1, "a"), (5, "b"))), 6, None, "outside 1 to 5"),
        (Scale("nominal", categories=("a", "b")), None, "a", ""),
        (Scale("nominal", categories=("a", "b")), None, "c", "not one of a, b"),
        (Scale("nominal", categories=("a", "b")), 1, None, "not one of a, b"),
    ],
)
def test_scale_says_what_is_wrong_with_a_value(scale, value, category, fault):
    said = scale.fault(value, category)
    assert fault in said
    assert bool(said) == bool(fault)


def test_absent_is_undefined_for_ratings_unless_declared():
    assert Scale("ordinal").absent is None
    assert Scale("nominal").absent is None
    assert Scale("ordinal", absent=1).absent == 1


def test_fingerprint_of_a_code_follows_what_a_coder_must_know():
    code = Code("a", definition="One.", include=("Two.",))
    for change in (
        {"definition": "Other."},
        {"include": ()},
        {"exclude": ("Three.",)},
        {"roles": ("client",)},
        {"level": ("span",)},
        {"scale": Scale("count")},
        {"observability": "inferred"},
    ):
        assert replace(code, **change).fingerprint != code.fingerprint, change
    for change in ({"id": "b"}, {"label": "L"}, {"color": "#000000"}, {"definition": " One. "}):
        assert replace(code, **change).fingerprint == code.fingerprint, change


def test_fingerprint_of_a_book_follows_everything_but_its_path():
    b = load_codebook("mco")
    assert replace(b, path="elsewhere").fingerprint == b.fingerprint
    assert replace(b, path="elsewhere") == b
    assert replace(b, title="Other").fingerprint != b.fingerprint


def test_books_pickle():
    b = load_codebook("mco")
    assert pickle.loads(pickle.dumps(b)) == b


def test_load_by_version_and_path(tmp_path):
    b = load_codebook("ccr")
    assert load_codebook(f"ccr@{b.version}") == b
    assert load_codebook(b.path) == b
    with pytest.raises(UsageError, match=r"no version '9'. Known: 1.0"):
        load_codebook("ccr@9")
    with pytest.raises(UnknownNameError, match="Did you mean 'ccr'"):
        load_codebook("cccr")
    with pytest.raises(UsageError, match="no codebook file"):
        load_codebook(tmp_path / "none.yaml")


def test_an_older_version_lies_beside_the_newer(tmp_path, monkeypatch):
    from rupturecode.codebook import load

    text = "id: x\nversion: '{}'\ntitle: T\ncodes: [{{id: {}}}]\n"
    (tmp_path / "x.yaml").write_text(text.format(2, "new"))
    (tmp_path / "x@1.yaml").write_text(text.format(1, "old"))
    monkeypatch.setattr(load, "bundled_folder", lambda: tmp_path)
    assert "old" in load.load_codebook("x@1")
    assert "new" in load.load_codebook("x")
    assert "new" in load.load_codebook("x@2")
    with pytest.raises(UsageError, match=r"Known: 1, 2\."):
        load.load_codebook("x@3")


def test_shown_in_notebooks_escaped():
    b = book({"id": "a", "label": "<b>", "definition": "x & y"}, title="<script>")
    html = b._repr_html_()
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert "x &amp; y" in html


def test_frame_has_a_row_per_code():
    frame = load_codebook("ccr").to_frame()
    assert len(frame) == len(load_codebook("ccr"))
    row = frame[frame["code"] == "withdrawal"].iloc[0]
    assert row["roles"] == "client"
    assert row["parent"] == "rupture_marker"


def test_describe_tells_a_coder_all():
    words = load_codebook("ccr")["antagonizes"].describe()
    for part in ("Carried by: therapist", "Give it when", "Near misses", "clear_limits", "Key: a"):
        assert part in words
    assert "unverified" in load_codebook("cis")["cis_drm"].describe()


@pytest.mark.parametrize("name", bundled())
def test_tree_text_names_every_code(name):
    b = load_codebook(name)
    assert {line.split()[0] for line in b.tree().splitlines()[1:]} == set(b.by_id)
