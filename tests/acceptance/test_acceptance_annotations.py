"""Codings read in a notebook mean what they mean in a run of the study."""

from __future__ import annotations

import pytest
from pandas.testing import assert_frame_equal

import rupturecode as rc
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.study import example_study, open_study


@pytest.fixture(scope="module")
def example():
    return open_study(example_study())


def test_the_folder_of_a_study_is_read_as_its_study_says(example):
    notes = rc.read_annotations(
        example.path / "codings", codebook=example.codebook, corpus=example.corpus
    )
    assert_frame_equal(notes.coverage, example.annotations.coverage)
    assert_frame_equal(notes.links, example.annotations.links)
    assert_frame_equal(notes.to_frame(), example.annotations.to_frame())


def test_a_file_of_coverage_can_be_named(example):
    notes = rc.read_annotations(
        example.path / "codings",
        codebook=example.codebook,
        corpus=example.corpus,
        coverage=example.path / "coverage.csv",
    )
    assert_frame_equal(notes.coverage, example.annotations.coverage)


def test_a_rule_of_the_study_holds_in_a_notebook(study_folder):
    (study_folder / "codings" / "BM.csv").write_text(
        "session,turn,coder,code\ns01,2,BM,withdrawal\n", encoding="utf-8"
    )
    study = open_study(study_folder)
    notes = rc.read_annotations(
        study_folder / "codings", codebook=study.codebook, corpus=study.corpus
    )
    assert notes.ratings("withdrawal")["BM"].tolist() == [1, 0]


def test_a_folder_without_a_study_still_says_nothing_of_coverage(study_folder):
    study = open_study(study_folder)
    corpus, book = study.corpus, study.codebook
    loose = study_folder / "elsewhere" / "codings"
    loose.mkdir(parents=True)
    (loose / "BM.csv").write_text("session,turn,coder,code\ns01,2,BM,withdrawal\n")
    with pytest.raises(InvalidDataError, match="nothing says which turns"):
        rc.read_annotations(loose, codebook=book, corpus=corpus)


def test_a_folder_without_readable_codings_names_what_lies_there(study_folder):
    study = open_study(study_folder)
    corpus, book = study.corpus, study.codebook
    for path in (study_folder / "codings").glob("*.csv"):
        path.rename(path.with_suffix(".txt"))
    with pytest.raises(UsageError, match=r"AK\.txt, BM\.txt not read"):
        rc.read_annotations(study_folder / "codings", codebook=book, corpus=corpus)
