"""Calls as people write them who know the names and not the types."""

from __future__ import annotations

from inspect import isfunction, signature
from pathlib import Path

import pytest

import rupturecode as rc
from rupturecode.annotation import adjudication_list
from rupturecode.arguments import ASKED_OF
from rupturecode.errors import RupturecodeError, UsageError
from rupturecode.io import write_adjudication, write_sheets
from rupturecode.study import open_study

CODE = "confrontation"
#: AK and BM differ on turn 2.
OTHER = "session,turn,withdrawal,confrontation\ns01,1,,\ns01,2,,1\ns01,3,,\ns01,4,,1\n"


@pytest.fixture
def study(study_folder):
    (study_folder / "codings" / "BM.csv").write_text(OTHER, encoding="utf-8")
    return open_study(study_folder)


@pytest.mark.parametrize("codebook", ["ccr", "ccr@1.0", Path("codes.yaml")])
def test_codings_are_read_with_a_codebook_named(study, tmp_path, codebook):
    if isinstance(codebook, Path):
        codebook = tmp_path / codebook
        rc.io.write_codebook(study.codebook, codebook)
    folder = study.path / "codings"
    notes = rc.read_annotations(folder, codebook=codebook, corpus=study.corpus)
    assert notes.codebook.fingerprint == study.codebook.fingerprint


def test_codebooks_are_compared_by_name():
    named = rc.compare_codebooks("3rs-2015", "3rs-2022")
    loaded = rc.compare_codebooks(rc.load_codebook("3rs-2015"), rc.load_codebook("3rs-2022"))
    assert named.settings == loaded.settings
    assert named.to_frame().equals(loaded.to_frame())


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("kind", [Path, str])
def test_an_adjudicators_file_makes_a_consensus(study, tmp_path, suffix, kind):
    notes, path = study.annotations, tmp_path / f"decided{suffix}"
    todo = adjudication_list(notes, study.corpus)
    todo["decision"] = ["1" if code == CODE else "absent" for code in todo["code"]]
    write_adjudication(todo, study.codebook, path)
    layer = notes.consensus(kind(path)).to_frame()
    given = sorted(zip(layer["code"], layer["unit"], strict=True))
    assert given == [(CODE, 2), (CODE, 4)]


def test_a_rule_that_is_none_names_the_rules_and_the_files(study):
    with pytest.raises(UsageError, match=r"majority.*an adjudicator's file \(\.xlsx or \.csv\)"):
        study.annotations.consensus("most")
    with pytest.raises(UsageError, match="There is no file"):
        study.annotations.consensus("decided.xlsx")


def results(study):
    """Yield a call that takes codes for each analysis, on the same coding."""
    notes, corpus = study.annotations, study.corpus
    layer = notes.consensus("any")
    yield lambda codes: rc.reliability.agreement(notes, codes=codes)
    yield lambda codes: rc.reliability.disagreements(notes, corpus, codes=codes)
    yield lambda codes: rc.reliability.confusions(notes, codes)
    yield lambda codes: rc.reliability.events_and_time(notes, codes)
    yield lambda codes: rc.reliability.drift(notes, codes=codes)
    yield lambda codes: rc.reliability.compare_agreement(notes, notes, codes=codes)
    yield lambda codes: rc.sequences.rates(layer, corpus, codes=codes)
    yield lambda codes: rc.sequences.transitions(layer, corpus, given=codes)


def test_one_code_is_a_code_and_not_its_letters(study):
    notes, corpus = study.annotations, study.corpus
    for call in results(study):
        alone = call(CODE)
        for several in ([CODE], (code for code in [CODE])):
            same = call(several)
            assert alone.to_frame().equals(same.to_frame())
            assert str(alone.settings) == str(same.settings)
    assert set(notes.only(codes=CODE, sessions="s01").to_frame()["code"]) == {CODE}
    assert notes.ratings(CODE, coders="BM").columns.tolist() == ["BM"]
    assert rc.reliability.code_sets(notes, CODE).equals(rc.reliability.code_sets(notes, [CODE]))
    drawn = rc.plots.timeline_table(notes, corpus, "s01", codes=CODE)
    assert set(drawn["code"]) == {"", CODE}
    assert "Withdrawal" not in repr(corpus["s01"].show(notes=notes, codes=CODE))
    states = rc.sequences.code_sequences(notes.consensus("any"), CODE)
    assert states == {"s01": ["none", CODE, "none", CODE]}


def test_one_coefficient_is_not_its_letters(study):
    found = rc.reliability.agreement(study.annotations, coefficients="gwet_ac", codes=CODE)
    assert found.by_code["coefficient"].tolist() == ["gwet_ac"]
    assert rc.plots.agreement_table(found, coefficients="gwet_ac")["code"].tolist() == [CODE]


def test_one_coder_gets_one_sheet(study, tmp_path):
    plan = write_sheets(study.corpus, study.codebook, "AK", tmp_path / "sheets", codes=CODE)
    assert plan.to_frame()["coder"].tolist() == ["AK"]


def test_the_room_of_files_needs_no_import_of_its_own():
    assert rc.io.load_codebook("ccr") == rc.load_codebook("ccr")


def test_one_session_is_counted_in_the_singular(study):
    assert repr(study.corpus) == "Corpus of 1 session, 4 turns"
    assert repr(study).endswith(": 1 transcript, 2 codings")


#: Every function of the rooms whose arguments are results, codings or bare numbers.
FUNCTIONS = [
    getattr(room, name)
    for room in (rc.plots, rc.reliability, rc.sequences)
    for name in room.__all__
    if isfunction(getattr(room, name)) and name != "paper"
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__module__ + "." + f.__name__)
def test_what_a_function_is_not_asked_of_is_said_in_our_words(function):
    known = signature(function).parameters.values()
    needed = [p for p in known if p.default is p.empty] or list(known)[:1]
    apart = {p.name: 1 for p in needed if p.kind is p.KEYWORD_ONLY}
    for wrong in (None, Path("s01.csv"), object()):
        with pytest.raises(RupturecodeError):
            function(*[wrong] * (len(needed) - len(apart)), **apart)


def test_a_table_of_ratings_and_a_result_are_not_taken_for_each_other(study):
    ratings = study.annotations.ratings(CODE)
    with pytest.raises(UsageError, match=r"annotations, not of a DataFrame \(notes\)"):
        rc.reliability.agreement(ratings)
    for other in (study.annotations, rc.reliability.disagreements(study.annotations)):
        with pytest.raises(UsageError, match=r"agreement, not of a.* \(result\): see reliab"):
            rc.plots.agreement(other)


@pytest.mark.parametrize("wanted", sorted({*ASKED_OF} - {"Axes", "DataFrame", "Figure"}))
def test_the_kinds_that_are_asked_for_come_from_where_it_is_said(wanted):
    for made in ASKED_OF[wanted][1].split(" and ")[:2]:
        found = rc
        for part in made.split(",")[0].split("."):
            found = getattr(found, part) if hasattr(found, part) else getattr(rc.transcript, part)
        assert callable(found)
