"""Putting a run's folder in place: whole or not at all, and nobody's own files lost."""

from __future__ import annotations

import json

import pytest

from rupturecode.errors import UsageError
from rupturecode.study.write import replace_folder, workplace


def made_in(place, text, written=("turns.csv",)):
    folder = place / "derived"
    folder.mkdir()
    (folder / "turns.csv").write_text(text, encoding="utf-8")
    told = json.dumps({"written": list(written)})
    (folder / "manifest.json").write_text(told, encoding="utf-8")
    return folder


def test_a_new_folder_takes_the_old_ones_place_and_keeps_a_persons_files(tmp_path):
    target = tmp_path / "derived"
    with workplace(target) as place:
        replace_folder(made_in(place, "first", ("turns.csv", "marks.csv")), target)
    (target / "marks.csv").write_text("of the first run", encoding="utf-8")
    (target / "my notes.txt").write_text("mine", encoding="utf-8")
    with workplace(target) as place:
        replace_folder(made_in(place, "second"), target)
    found = {p.name: p.read_text(encoding="utf-8") for p in target.iterdir()}
    assert found.pop("manifest.json")
    assert found == {"turns.csv": "second", "my notes.txt": "mine"}
    assert [p.name for p in tmp_path.iterdir()] == ["derived"]


@pytest.mark.parametrize("manifest", [None, "not json", "{}", "[]"])
def test_a_folder_of_another_version_is_replaced_whole(tmp_path, manifest):
    target = tmp_path / "derived"
    target.mkdir()
    (target / "old.csv").write_text("old", encoding="utf-8")
    if manifest is not None:
        (target / "manifest.json").write_text(manifest, encoding="utf-8")
    with workplace(target) as place:
        replace_folder(made_in(place, "new"), target)
    assert sorted(p.name for p in target.iterdir()) == ["manifest.json", "turns.csv"]


def test_a_run_that_finishes_meanwhile_is_replaced_too(tmp_path, monkeypatch):
    target, made_first = tmp_path / "derived", []
    path_type = type(target)
    rename = path_type.rename

    def with_another_run(self, to):
        if self.name == "derived" and self.parent != tmp_path and not made_first:
            made_first.append(True)
            other = tmp_path / "other"
            other.mkdir()
            rename(made_in(other, "theirs"), target)
            other.rmdir()
        return rename(self, to)

    with workplace(target) as place:
        folder = made_in(place, "ours")
        monkeypatch.setattr(path_type, "rename", with_another_run)
        replace_folder(folder, target)
    assert (target / "turns.csv").read_text(encoding="utf-8") == "ours"
    assert made_first


def test_a_folder_that_is_held_open_stays_and_the_message_says_what_to_close(tmp_path, monkeypatch):
    target = tmp_path / "derived"
    with workplace(target) as place:
        replace_folder(made_in(place, "first"), target)
    path_type = type(target)
    rename = path_type.rename

    def held(self, to):
        if self == target:
            raise PermissionError(13, "Permission denied", str(self))
        return rename(self, to)

    monkeypatch.setattr(path_type, "rename", held)
    with (
        workplace(target) as place,
        pytest.raises(UsageError, match="close what is open in it"),
    ):
        replace_folder(made_in(place, "second"), target)
    assert (target / "turns.csv").read_text(encoding="utf-8") == "first"


def test_where_nothing_can_be_written_the_study_is_named(tmp_path):
    with (
        pytest.raises(UsageError, match="cannot be written to"),
        workplace(tmp_path / "nowhere" / "derived"),
    ):
        pass
