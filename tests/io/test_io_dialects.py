"""Text as meeting tools and transcription services write it."""

from __future__ import annotations

import pytest

from rupturecode.io.transcripts import text

TURNS = [("Jane Doe", "hello: there"), ("T. Hale", "hi"), ("Jane Doe", "ok, so"), ("T. Hale", "hm")]
DIALECTS = {
    "chat of a meeting, old": "{clock}\t From  {name} : {words}\n",
    "chat of a meeting, new": "{clock} From {name} to Everyone: {words}\n",
    "name and time in brackets": "[{name}] {clock}\n{words}\n\n",
    "name, two spaces, time": "{name}  {clock}  \n{words}\n\n",
    "name, one space, time": "{name} {clock}\n{words}\n\n",
    "name, tab, time": "{name}\t{clock}\n{words}\n\n",
    "name and (time)": "{name} ({clock}):\n{words}\n\n",
    "name and [time]": "{name} [{clock}]\n{words}\n\n",
    "bold name, time": "**{name}** [{clock}] {words}\n\n",
    "bold name and colon, time": "**{name}:** [{clock}] {words}\n\n",
    "time, name and colon": "[{clock}] {name}: {words}\n",
}


@pytest.mark.parametrize("line", DIALECTS.values(), ids=DIALECTS)
def test_speakers_times_and_words(line):
    said = "".join(
        line.format(clock=f"00:00:{7 * i:02d}", name=name, words=words)
        for i, (name, words) in enumerate(TURNS)
    )
    draft = text.read(said.encode(), source="s01.txt")
    assert list(zip(draft.speakers, draft.raws, strict=True)) == TURNS
    assert draft.starts == [0, 7000, 14000, 21000]


def test_a_clock_time_is_no_label():
    said = "Jane Doe 0:06\nSure.\nT. Hale 0:15\nWhy?\nJane Doe 1:06\nWell.\nT. Hale 1:09\nHm.\n"
    draft = text.read(said.encode(), source="s01.txt")
    assert draft.speakers == ["Jane Doe", "T. Hale"] * 2
    assert draft.starts == [6000, 15000, 66000, 69000]


def test_participant_is_a_speaker():
    said = "Dan: And you?\nParticipant: Yes.\nDan: Good.\nParticipant: Hm.\n"
    assert text.read(said.encode(), source="s01.txt").speakers == ["Dan", "Participant"] * 2
