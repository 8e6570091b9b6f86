"""Turn-numbered labels are one speaker each, but only where the numbers count turns."""

from __future__ import annotations

import pytest

from rupturecode.io import read_transcript
from rupturecode.io.parsers.numbered_labels import NUMBERED, without_numbers


def text(*labels: str) -> str:
    return "\n".join(f"{label}: said {i}." for i, label in enumerate(labels))


@pytest.mark.parametrize(
    "labels",
    [
        ["T1", "P1", "T2", "P2", "T3", "P3"],
        ["T1", "P2", "T3", "P4", "T5", "P6"],
        ["T 14", "P 12", "P 13", "T 15", "P 14", "T 16", "P 15"],
    ],
)
def test_numbers_that_count_turns_go(tmp_path, labels):
    path = tmp_path / "s1.txt"
    path.write_text(text(*labels))
    talk = read_transcript(path, roles={"T": "therapist", "P": "client"})
    assert talk.turns["speaker"].tolist() == [label[0] for label in labels]
    assert set(talk.turns["role"]) == {"therapist", "client"}
    assert talk.turns["flags"].str.contains(NUMBERED).all()
    assert any("labels number the turns" in w for w in talk.info["warnings"])


@pytest.mark.parametrize(
    "labels",
    [
        ["C1", "C2", "C1", "C2", "T1", "C2"],
        ["C1", "C2", "C3", "T", "C4"],
        ["T1", "C1", "C2", "T1", "C1", "C2"],
        ["T1", "C1", "T2", "C2", "T3", "C5"],
        ["C1", "C2"],
        [],
    ],
)
def test_numbers_that_name_people_or_miscount_stay(labels):
    assert without_numbers(labels) is None


def test_people_with_numbers_are_read_as_written(tmp_path):
    path = tmp_path / "s1.txt"
    path.write_text(text("T", "C1", "C2", "T", "C1", "C2"))
    talk = read_transcript(path)
    assert talk.turns["speaker"].tolist() == ["T", "C1", "C2", "T", "C1", "C2"]
    assert not talk.turns["flags"].str.contains(NUMBERED).any()
