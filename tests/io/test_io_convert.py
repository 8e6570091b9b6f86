"""From one transcript format to another: nothing is overwritten, what cannot be written is said."""

from __future__ import annotations

import pandas as pd
import pytest

from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.io import convert_transcript, read_corpus


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "s1.txt"
    path.write_text("[00:00:01] T: So?\n[00:00:03] C: Hm.\n[00:00:04] T: Well.\n")
    return path


def test_a_file_that_is_there_is_left_alone_unless_it_may_be_replaced(talk):
    other = talk.with_name("other.csv")
    other.write_text("somebody's")
    with pytest.raises(UsageError, match=r"was left as it is.*--overwrite"):
        convert_transcript(talk, other)
    assert other.read_text() == "somebody's"
    assert convert_transcript(talk, other, overwrite=True) == []
    assert "So?" in other.read_text()
    with pytest.raises(UsageError, match="Name another file"):
        convert_transcript(talk, talk, overwrite=True)


def test_captions_say_which_times_are_wanting_in_one_line(talk):
    with pytest.raises(InvalidDataError) as err:
        convert_transcript(talk, talk.with_name("s1.vtt"))
    assert [p.message for p in err.value.problems] == [
        "3 of 3 turns have no end: 1, 2, 3; text and csv need none"
    ]
    assert not talk.with_name("s1.vtt").exists()


def test_an_unknown_suffix_names_each_known_one_once(talk):
    with pytest.raises(UnknownNameError) as err:
        convert_transcript(talk, talk.with_name("s1.foo"))
    assert str(err.value).count(".jsonl") == 1


def test_a_case_may_be_called_na(talk):
    table = talk.with_name("sessions.csv")
    table.write_text("session,case,note\ns1,NA,\n")
    row = read_corpus([talk], sessions=table).sessions.iloc[0]
    assert row["case"] == "NA"
    assert pd.isna(row["note"])
