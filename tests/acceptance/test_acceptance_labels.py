"""Labels as people write them: a role, or what somebody does, in parentheses before the colon."""

from __future__ import annotations

import pytest

import rupturecode as rc

STAMPED = (
    "[00:00:05] Maria (Therapist): How are you both?\n"
    "[00:00:09] Marco (Interpreter): She asks how you are.\n"
    "[00:00:15] Mehmet: Tired.\n"
    "[00:00:20] Maria (Therapist): I see.\n"
)
NOTED = "T (leaning in): Well?\nC: Fine.\nT (nods): Fine.\nC (quietly): Not really.\nT: Say more.\n"
OWN = "Dana (she/her): Hello.\nEli: Hi.\nDana (she/her): So.\nEli: So what?\n"


def read(tmp_path, text):
    path = tmp_path / "s01.txt"
    path.write_text(text, encoding="utf-8")
    return rc.read_transcript(path)


@pytest.mark.parametrize("text", [STAMPED, STAMPED.replace("[00:00:", "").replace("] ", " ")])
def test_a_role_behind_a_name_belongs_to_the_name(tmp_path, text):
    if not text.startswith("["):
        text = "\n".join(line.partition(" ")[2] for line in text.splitlines())
    turns = read(tmp_path, text).turns
    assert turns["speaker"].tolist() == [
        "Maria (Therapist)",
        "Marco (Interpreter)",
        "Mehmet",
        "Maria (Therapist)",
    ]
    assert turns["text"].tolist()[2:] == ["Tired.", "I see."]


def test_what_always_stands_behind_a_name_belongs_to_it(tmp_path):
    speakers = read(tmp_path, OWN).turns["speaker"].tolist()
    assert speakers == ["Dana (she/her)", "Eli", "Dana (she/her)", "Eli"]


def test_labels_can_be_named_with_what_stands_behind_them(tmp_path):
    path = tmp_path / "s01.txt"
    path.write_text(OWN, encoding="utf-8")
    talk = rc.read_transcript(path, speakers=["Dana (she/her)", "Eli"])
    assert talk.turns["speaker"].tolist()[:2] == ["Dana (she/her)", "Eli"]


def test_what_somebody_does_while_speaking_is_kept_as_a_nonverbal_note(tmp_path):
    talk = read(tmp_path, NOTED)
    assert talk.turns["speaker"].tolist() == ["T", "C", "T", "C", "T"]
    assert talk.turns["text"].tolist()[2:4] == ["(nods) Fine.", "(quietly) Not really."]
    nods = talk.marks[talk.marks["turn"] == 3].iloc[0]
    assert (nods["kind"], nods["text"]) == ("nonverbal", "(nods)")
