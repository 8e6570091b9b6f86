"""Crosswalks name real codes, hide no loss, and translate without losing a row in silence."""

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import codebook as room
from rupturecode.codebook import Crosswalk, crosswalk_files, migrate, translate
from rupturecode.codebook.crosswalk import RELATIONS, Step, check_crosswalk, read_crosswalk
from rupturecode.errors import InvalidDataError, UnknownNameError

load_codebook = cache(room.load_codebook)
load_crosswalk = cache(room.load_crosswalk)
PAIRS = sorted(crosswalk_files())


def test_the_books_are_joined_both_ways():
    assert {(b, a) for a, b in PAIRS} == set(PAIRS)
    assert {name for pair in PAIRS for name in pair} == {
        "3rs-2015", "3rs-2022", "ccr", "cis", "mco", "safran-muran"
    }  # fmt: skip


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_code_has_a_step_and_every_inexact_step_its_loss(a, b):
    walk, source = load_crosswalk(a, b), load_codebook(a)
    for code in source:
        if not code.heading:
            step = walk.step(code.id, source)
            assert step.relation in RELATIONS
            assert step.relation == "exact" or step.loss


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_exact_steps_keep_role_and_scale(a, b):
    walk, source, target = load_crosswalk(a, b), load_codebook(a), load_codebook(b)
    for step in walk.steps:
        if step.relation == "exact":
            for code in step.to:
                assert target[code].scale.kind == source[step.code].scale.kind, step
                assert set(target[code].roles) & set(source[step.code].roles) or not (
                    target[code].roles and source[step.code].roles
                ), step


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_row_is_translated_or_reported(data):
    a, b = data.draw(st.sampled_from(PAIRS))
    walk, source, target = load_crosswalk(a, b), load_codebook(a), load_codebook(b)
    codes = data.draw(
        st.lists(st.sampled_from([c.id for c in source if not c.heading]), max_size=12)
    )
    frame = pd.DataFrame({"session": "s", "code": codes, "value": 1.0, "category": None})
    out = translate(frame, walk, source=source, target=target)
    assert {*out.annotations["row"], *out.losses["row"]} == set(range(1, len(codes) + 1))
    assert set(out.annotations["code"]) <= set(target.by_id)
    assert not any(target[c].heading for c in out.annotations["code"])
    exact = {n for n, c in enumerate(codes, 1) if walk.step(c, source).relation == "exact"}
    assert exact <= set(out.annotations["row"]) | set(out.losses["row"])


def test_antagonism_loses_its_social_power():
    source, target = load_codebook("ccr"), load_codebook("3rs-2022")
    frame = pd.DataFrame({"code": ["pulls_rank", "withdrawal"], "value": [1.0, 1.0]})
    out = translate(frame, load_crosswalk("ccr", "3rs-2022"), source=source, target=target)
    assert out.annotations["code"].tolist() == ["t_moves_against", "withdrawal"]
    (loss,) = out.losses["loss"]
    assert "Pulls rank" in loss
    assert "social power" in loss
    assert set(out.annotations["codebook"]) == {"3rs-2022@1.0"}


def test_institutions_are_not_relationships():
    source, target = load_codebook("ccr"), load_codebook("3rs-2015")
    frame = pd.DataFrame({"code": ["link_to_institutional_history", "stage_repair"]})
    out = translate(frame, load_crosswalk("ccr", "3rs-2015"), source=source, target=target)
    assert out.annotations.empty
    assert out.losses["relation"].tolist() == ["related", "none"]
    assert out.losses["to"].tolist() == ["res_link_other_relationships", ""]
    assert not out.losses["translated"].any()
    assert "0 of 2 annotations translated" in out.headline()


def test_values_along_scales():
    source = load_codebook("safran-muran")
    target = load_codebook("3rs-2015")
    steps = (
        Step("sm_discontent", ("confrontation",), "exact"),
        Step("sm_anger", ("rate_confrontation",), "exact"),
    )
    walk = Crosswalk("safran-muran", "3rs-2015", steps, "rest")
    frame = pd.DataFrame({"code": ["sm_discontent", "sm_anger"], "value": [3.0, 1.0]})
    out = translate(frame, walk, source=source, target=target)
    assert out.annotations[["code", "value"]].values.tolist() == [["confrontation", 1.0]]
    assert "ordinal value 3.0" in out.losses["loss"].iloc[0]
    assert "a presence value cannot stand for it" in out.losses["loss"].iloc[1]


def test_what_could_not_be_coded_is_not_made_present():
    source, target = load_codebook("safran-muran"), load_codebook("3rs-2015")
    walk = Crosswalk("safran-muran", "3rs-2015", (Step("sm_discontent", ("confrontation",)),), "x")
    frame = pd.DataFrame({"code": ["sm_discontent"], "value": [None], "status": ["cannot_code"]})
    out = translate(frame, walk, source=source, target=target)
    assert out.annotations["status"].tolist() == ["cannot_code"]
    assert out.annotations["value"].isna().all()


def test_annotations_of_a_study_go_along():
    from rupturecode.annotation import Annotations

    source, target = load_codebook("ccr"), load_codebook("cis")
    units = pd.DataFrame({"session": "s", "kind": "turn", "unit": [1, 2], "first_turn": [1, 2],
                          "last_turn": [1, 2], "role": ["client", "therapist"]})  # fmt: skip
    rows = pd.DataFrame({"session": "s", "kind": "turn", "unit": [1, 2], "coder": "A",
                         "code": ["wd_denial", "apology"]})  # fmt: skip
    notes = Annotations.from_frame(rows, codebook=source, units=units, coverage="whole sessions")
    walk = load_crosswalk("ccr", "cis")
    out = translate(notes.to_frame(), walk, source=source, target=target)
    assert out.annotations["code"].tolist() == ["cis_irm", "cis_pi"]
    again = Annotations.from_frame(
        out.annotations.drop(columns="row"), codebook=target, units=units, coverage="whole sessions"
    )
    assert set(again.codes) == {"cis_irm", "cis_pi"}
    moved = migrate(notes.to_frame(), old=source, new=source)
    assert moved.left.empty
    assert moved.annotations["code"].tolist() == notes.to_frame()["code"].tolist()


def test_unknown_codes_and_pairs_are_refused():
    source, target = load_codebook("cis"), load_codebook("ccr")
    with pytest.raises(InvalidDataError, match=r"'nope' is not a code of cis@1\.0"):
        translate(
            pd.DataFrame({"code": ["nope"]}),
            load_crosswalk("cis", "ccr"),
            source=source,
            target=target,
        )
    with pytest.raises(UnknownNameError, match="Unknown crosswalk 'cis to mco'"):
        load_crosswalk("cis", "mco")


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (Step("nope", ("cis_drm",)), "'nope' is not a code of ccr"),
        (Step("withdrawal", ("nope",)), "'nope' is not a code of cis"),
        (Step("withdrawal", ("cis_irm",), "broader"), "must say what is lost"),
        (Step("withdrawal", (), "exact"), "does not fit its targets"),
        (Step("withdrawal", ("cis_irm",), "none", "x"), "does not fit its targets"),
        (Step("withdrawal", ("cis_client",)), "is a heading and cannot be given"),
    ],
)
def test_a_bad_step_is_found(step, says):
    walk = Crosswalk("ccr", "cis", (step,), "rest")
    found = check_crosswalk(walk, load_codebook("ccr"), load_codebook("cis"))
    assert any(says in str(p) for p in found), found


def test_two_steps_of_one_code_are_found():
    walk = Crosswalk("ccr", "cis", (Step("withdrawal", ("cis_irm",)),) * 2, "rest")
    (found,) = check_crosswalk(walk, load_codebook("ccr"), load_codebook("cis"))
    assert "has two steps" in str(found)


def test_a_broken_file_says_where():
    with pytest.raises(
        InvalidDataError, match=r"w\.yaml:4:25: steps\[1\]\.relation: unknown 'same'"
    ):
        read_crosswalk(
            b"from: a\nto: b\nsteps:\n  - {code: a, relation: same}\nrest: x\n", source="w.yaml"
        )
