"""A transcript that changes after coding: nothing slips silently onto other words."""

from __future__ import annotations

import pytest

from rupturecode.errors import UsageError
from rupturecode.study import init_study, open_study

TURNS = [
    "T: How was the week?",
    "C: Fine. Same as always.",
    "T: I wonder whether last time left something between us.",
    "C: You cut me off, and then the hour was over.",
]
CODED = "session,turn,withdrawal,confrontation\ns1,1,,\ns1,2,1,\ns1,3,,\ns1,4,,1\n"


@pytest.fixture
def study(tmp_path):
    folder = init_study(tmp_path / "study")
    (folder / "transcripts" / "s1.txt").write_text("\n".join(TURNS), encoding="utf-8")
    (folder / "codings" / "AK.csv").write_text(CODED, encoding="utf-8")
    open_study(folder).run()
    return folder


def rewrite(study, turns):
    (study / "transcripts" / "s1.txt").write_text("\n".join(turns), encoding="utf-8")


def test_unchanged_transcripts_bring_no_remark(study):
    assert open_study(study).check().remarks == ()
    with pytest.raises(UsageError, match="No transcript has changed"):
        open_study(study).reanchor()


def test_a_turn_put_in_front_is_noticed_and_codings_move_with_their_words(study):
    rewrite(study, ["T: Hello.", "C: Hi there.", *TURNS])
    (remark,) = open_study(study).check().remarks
    assert "has changed since the last run; its codings: 2 moved" in remark.message
    found = open_study(study).reanchor()
    table = found.annotations.to_frame()
    assert dict(zip(table["code"], table["unit"], strict=True)) == {
        "withdrawal": 4,
        "confrontation": 6,
    }
    assert (study / "codings-reanchored" / "annotations.csv").is_file()
    assert (study / "codings-reanchored-fates.csv").is_file()


def test_a_coding_whose_turn_is_gone_is_listed_as_lost(study):
    rewrite(study, TURNS[:3])
    found = open_study(study).reanchor()
    lost = found.fates[found.fates["fate"] == "lost"]
    assert lost["code"].tolist() == ["confrontation"]
