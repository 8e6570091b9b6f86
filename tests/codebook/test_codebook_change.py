"""Comparison, migration without silent loss, and the recode worklist."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.codebook import Codebook, compare_codebooks, load_codebook, migrate, recoding
from rupturecode.errors import InvalidDataError


def book(version, *codes):
    return Codebook.from_dict({"id": "t", "version": version, "title": "T", "codes": list(codes)})


OLD = book(
    "1",
    {"id": "stays", "definition": "The client looks away from the therapist."},
    {"id": "gone", "definition": "Something nobody could code, as it turned out."},
    {"id": "old_name", "definition": "The therapist thanks the client for the complaint."},
    {"id": "alike", "definition": "The client says that the therapist does not understand them."},
    {"id": "wide", "definition": "Complaint of any kind."},
    {"id": "one", "definition": "Denies a feeling."},
    {"id": "two", "definition": "Gives a syllable."},
    {"id": "changed", "definition": "Says little."},
    {"id": "graded", "definition": "How strong.", "scale": {"kind": "ordinal", "low": 1, "high": 5}},
    {"id": "moved", "definition": "Sits elsewhere now."},
    {"id": "worded", "definition": "Same as before.", "examples": ["C: a"]},
    {"id": "given_to", "definition": "Who may.", "roles": "client"},
)  # fmt: skip
NEW = book(
    "2",
    {"id": "stays", "definition": "The client looks away from the therapist."},
    {"id": "new_name", "definition": "The therapist thanks the client for the complaint."},
    {"id": "alike_new", "definition": "The client says that the therapist doesn't understand them."},
    {"id": "about_fee", "definition": "Complaint on money.", "replaces": ["wide"]},
    {"id": "about_time", "definition": "Complaint on time.", "replaces": ["wide"]},
    {"id": "shut", "definition": "Shuts down.", "replaces": ["one", "two"]},
    {"id": "changed", "definition": "Says little after a strain."},
    {"id": "graded", "definition": "How strong.", "scale": {"kind": "ordinal", "low": 1, "high": 3}},
    {"id": "moved", "definition": "Sits elsewhere now.", "parent": "stays"},
    {"id": "worded", "definition": "Same as before.", "examples": ["C: b"]},
    {"id": "given_to", "definition": "Who may.", "roles": ["client", "therapist"]},
    {"id": "brand_new", "definition": "Nothing like it was here."},
)  # fmt: skip


def test_all_kinds_of_change():
    frame = compare_codebooks(OLD, NEW).to_frame()
    rows = {(r.change, r.old, r.new): (r.how, r.detail) for r in frame.itertuples()}
    assert rows["removed", "gone", ""]
    assert rows["added", "", "brand_new"]
    assert rows["renamed", "old_name", "new_name"][0] == "same definition"
    assert rows["renamed", "alike", "alike_new"][0] == "similar definition"
    assert rows["redefined", "alike", "alike_new"]
    assert rows["split", "wide", "about_fee"] == ("declared", "one of 2")
    assert rows["split", "wide", "about_time"]
    assert rows["merged", "one", "shut"][0] == "declared"
    assert rows["merged", "two", "shut"]
    assert rows["redefined", "changed", "changed"][1] == "definition"
    assert rows["rescaled", "graded", "graded"]
    assert rows["moved", "moved", "moved"][1] == "top to stays"
    assert rows["reworded", "worded", "worded"][1] == "examples"
    assert rows["reassigned", "given_to", "given_to"][1] == "roles"
    assert not [key for key in rows if "stays" in key[1:]]
    assert len(rows) == len(frame) == 14


def test_rules_that_come_and_go():
    base = {"id": "t", "version": "1", "title": "T", "codes": [{"id": "a"}, {"id": "b"}]}
    rule = {"kind": "excludes", "code": "a", "others": ["b"]}
    with_rule = Codebook.from_dict({**base, "constraints": [rule]})
    reworded = Codebook.from_dict({**base, "constraints": [{**rule, "why": "Because."}]})
    without = Codebook.from_dict(base)
    (row,) = compare_codebooks(without, with_rule).to_frame().to_dict("records")
    assert (row["change"], row["new"], row["detail"]) == ("rule added", "a", "excludes b")
    (row,) = compare_codebooks(with_rule, without).to_frame().to_dict("records")
    assert (row["change"], row["old"]) == ("rule removed", "a")
    assert compare_codebooks(with_rule, reworded).to_frame().empty


def test_headline_counts():
    assert compare_codebooks(OLD, NEW).headline().startswith("t@1 to t@2: 1 removed, 1 added")
    assert compare_codebooks(OLD, OLD).headline() == "t@1 to t@1: no change"


def test_3rs_versions_compare_as_their_books_say():
    old, new = load_codebook("3rs-2015"), load_codebook("3rs-2022")
    frame = compare_codebooks(old, new).to_frame()
    merged = frame[frame["change"] == "merged"]
    assert set(merged["new"]) == {"cf_complaining_criticizing", "cf_pushing_back"}
    added = set(frame.loc[frame["change"] == "added", "new"])
    assert "wd_giving_up" in added
    removed = set(frame.loc[frame["change"] == "removed", "old"])
    assert "wd_self_criticism_hopelessness" in removed


def notes(*rows, columns=("session", "kind", "unit", "coder", "code", "value")):
    return pd.DataFrame(rows, columns=list(columns))


def test_migrate_sorts_every_row():
    frame = notes(
        ("s", "turn", 1, "A", "stays", 1),
        ("s", "turn", 1, "A", "old_name", 1),
        ("s", "turn", 1, "A", "alike", 1),
        ("s", "turn", 1, "A", "gone", 1),
        ("s", "turn", 1, "A", "wide", 1),
        ("s", "turn", 2, "A", "one", 1),
        ("s", "turn", 2, "A", "two", 1),
        ("s", "turn", 3, "A", "two", 1),
        ("s", "turn", 3, "B", "two", 1),
        ("s", "turn", 4, "A", "graded", 2),
        ("s", "turn", 5, "A", "graded", 5),
        ("s", "turn", 6, "A", "nonsense", 1),
        ("s", "turn", 7, "A", None, 1),
    )
    out = migrate(frame, old=OLD, new=NEW)
    kept = dict(zip(out.annotations["row"], out.annotations["code"], strict=True))
    assert kept == {1: "stays", 2: "new_name", 6: "shut", 8: "shut", 9: "shut", 10: "graded"}
    reasons = dict(zip(out.left["row"], out.left["reason"], strict=True))
    assert (
        reasons[3]
        == "'alike' may have become 'alike_new' (similar definition): confirm with 'replaces'"
    )
    assert reasons[4] == "'gone' was removed"
    assert reasons[5] == "'wide' was split into 'about_fee', 'about_time': recode"
    assert reasons[7] == "says the same as row 6 since the merger"
    assert "value 5 is outside 1 to 3" in reasons[11]
    assert reasons[12] == "'nonsense' is not a code of t@1"
    assert reasons[13] == "the row names no code"
    assert set(out.annotations["codebook"]) == {"t@2"}
    assert "6 annotations carried over to t@2" in out.headline()


def test_merged_rows_that_contradict_wait_for_a_decision():
    scale = {"kind": "count"}
    old = book("1", {"id": "one", "scale": scale}, {"id": "two", "scale": scale})
    new = book("2", {"id": "both", "scale": scale, "replaces": ["one", "two"]})
    out = migrate(
        notes(("s", "turn", 2, "A", "one", 1), ("s", "turn", 2, "A", "two", 3)), old=old, new=new
    )
    assert out.annotations.empty
    assert set(out.left["reason"]) == {"rows 1, 2 became 'both' and differ: decide"}


def test_not_given_rows_keep_their_status():
    frame = notes(("s", "turn", 5, "A", "graded", None)).assign(status="cannot_code")
    out = migrate(frame, old=OLD, new=NEW)
    assert out.annotations["status"].tolist() == ["cannot_code"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["s", "t"]),
            st.just("turn"),
            st.integers(1, 3),
            st.sampled_from(["A", "B"]),
            st.sampled_from([*OLD.by_id, "nonsense"]),
            st.sampled_from([1, 2, 4, None]),
        ),
        max_size=25,
    )
)
def test_no_row_is_lost_or_doubled(rows):
    out = migrate(notes(*rows), old=OLD, new=NEW)
    seen = [*out.annotations["row"], *out.left["row"]]
    assert sorted(seen) == list(range(1, len(rows) + 1))
    assert set(out.annotations["code"]) <= set(NEW.by_id)
    assert not (out.left["reason"] == "").any()


def test_worklist_lists_units_to_code_again():
    frame = notes(
        ("s", "turn", 1, "A", "changed", 1),
        ("s", "turn", 1, "A", "wide", 1),
        ("s", "turn", 2, "A", "stays", 1),
        ("s", "turn", 3, "B", "one", 1),
        ("s", "turn", 4, "B", "old_name", 1),
    )
    out = recoding(frame, old=OLD, new=NEW)
    work = {(r.unit, r.coder): r.codes for r in out.worklist.itertuples()}
    assert work == {(1, "A"): "changed; wide", (3, "B"): "one"}
    assert out.stale["row"].tolist() == [1, 2, 4]
    assert "merged from 'one'" in out.stale["reason"].iloc[2]
    assert out.headline() == "3 annotations are stale under t@2: 2 coder-units to look at again"


def test_rows_made_with_the_new_version_are_not_stale():
    frame = notes(("s", "turn", 1, "A", "changed", 1), ("s", "turn", 2, "A", "changed", 1))
    frame["codebook"] = ["t@2", "t@1"]
    assert recoding(frame, old=OLD, new=NEW).stale["row"].tolist() == [2]
    frame["codebook"] = "t@2"
    assert recoding(frame, old=OLD, new=NEW).worklist.empty


def test_a_frame_without_codes_is_refused():
    with pytest.raises(InvalidDataError, match="column 'code' is missing"):
        migrate(pd.DataFrame({"session": ["s"]}), old=OLD, new=NEW)
