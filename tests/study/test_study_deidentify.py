"""The de-identified copy of a study, and what stays behind."""

from __future__ import annotations

import csv

import pytest

from rupturecode.errors import UsageError
from rupturecode.study import init_study, open_study
from rupturecode.study.deidentification import plain_ids

TALK = "T: I told Nkechi about it.\nC: She lives in Leeds now.\n"


@pytest.fixture
def study(tmp_path):
    folder = init_study(tmp_path / "private")
    for name in ("s01", "2024-03-05 Frau Abel"):
        (folder / "transcripts" / f"{name}.txt").write_text(TALK, encoding="utf-8")
    return open_study(folder)


def test_neither_words_nor_file_names_of_the_copy_tell_a_name(study, tmp_path):
    _, paths = study.deidentify()
    copy = tmp_path / "private-deidentified"
    texts = {p.name: p.read_text(encoding="utf-8") for p in copy.rglob("*") if p.is_file()}
    for hidden in ("Abel", "2024", "Nkechi", "Leeds"):
        assert not any(hidden in name or hidden in text for name, text in texts.items())
    assert "s01.csv" in texts
    assert all(p.exists() for p in paths)
    assert open_study(copy).check().problems == ()


def test_which_contact_got_which_number_stays_with_the_key(study):
    study.deidentify()
    with (study.path / "deidentification-contacts.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["session", "was"],
            ["contact-001", "2024-03-05 Frau Abel"],
        ]


def test_a_second_copy_would_lose_the_key_and_is_refused(study, tmp_path):
    study.deidentify()
    with pytest.raises(UsageError, match="Move it away first"):
        study.deidentify(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["s01", "A4", "case2_session8", "CL-12 call 3", "memo"])
def test_plain_ids_stay(name):
    assert plain_ids([name]) == {name: name}


@pytest.mark.parametrize(
    "name", ["Amina", "s01 Leeds", "05.03.24", "20240305", "Étienne 2", "A/1", ".."]
)
def test_ids_that_may_tell_something_do_not(name):
    assert plain_ids([name]) == {name: "contact-001"}
