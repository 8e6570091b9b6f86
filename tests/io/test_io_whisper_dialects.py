"""Whisper's relatives: the shapes they write, and words and times that must not get lost."""

from __future__ import annotations

import json

import pytest

from rupturecode.errors import ParseError
from rupturecode.io import read_transcript
from rupturecode.io.transcripts import whisper


def read(content):
    return whisper.read(json.dumps(content, ensure_ascii=False).encode(), source="s1.json")


def rows(draft):
    columns = (draft.speakers, draft.raws, draft.starts, draft.ends)
    return list(zip(*columns, strict=True))


def word(text, start=None, end=None, speaker=None):
    said = {"word": text, "start": start, "end": end, "speaker": speaker}
    return {key: value for key, value in said.items() if value is not None}


CHUNKS = [
    {"timestamp": [0.0, 1.5], "text": " So it was."},
    {"timestamp": [1.5, None], "text": " Hm."},
]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "", "chunks": CHUNKS}, [("", "So it was.", 0, 1500), ("", "Hm.", 1500, None)]),
        (
            {
                "speakers": [{"speaker": f"S{i}", **c} for i, c in enumerate(CHUNKS)],
                "chunks": CHUNKS,
                "text": " So it was. Hm.",
            },
            [("S0", "So it was.", 0, 1500), ("S1", "Hm.", 1500, None)],
        ),
        (
            [
                {"start": 0, "stop": 1.5, "text": "So.", "speaker": 0},
                {"start": 2, "stop": 3, "text": "Hm."},
            ],
            [("0", "So.", 0, 1500), ("", "Hm.", 2000, 3000)],
        ),
        (
            {"segments": [{"speaker": "Ana", "startTime": 0.5, "endTime": 0.75, "body": "So."}]},
            [("Ana", "So.", 500, 750)],
        ),
        (
            {
                "segments": [
                    {"start": "00:00:01.5", "end": "2", "text": "So.", "speaker": {"name": "Ana"}}
                ]
            },
            [("Ana", "So.", 1500, 2000)],
        ),
        (
            {
                "task": "transcribe",
                "text": "So it",
                "words": [word("So", 0, 0.5), word("it", 0.5, 1)],
            },
            [("", "So it", 0, 1000)],
        ),
        (
            {"segments": [{"id": 0, "words": [word("So", 0.2, 0.5), word("it", 0.5, 1.0)]}]},
            [("", "So it", 200, 1000)],
        ),
    ],
)
def test_shapes(content, expected, tmp_path):
    assert rows(read(content)) == expected
    path = tmp_path / "s1.json"
    path.write_text(json.dumps(content))
    assert read_transcript(path).format == "whisper"


def test_chunks_of_single_words_become_stretches():
    said = "so it was good . no it was not".split()
    chunks = [{"timestamp": [i, i + 0.9], "text": f" {w}"} for i, w in enumerate(said)]
    chunks[5]["timestamp"] = [9, 9.5]
    assert read({"text": "", "chunks": chunks}).raws[0] == "so it was good ."


def test_words_the_program_lost_with_the_speakers_are_told():
    named = [{"speaker": "S0", **CHUNKS[0]}]
    notes = read({"speakers": named, "chunks": CHUNKS, "text": ""}).info["warnings"]
    assert "has 3 words, the list without them 4" in str(notes)


def test_a_split_segment_keeps_its_text_letter_for_letter():
    words = [word("Fine,", 0, 0.5, "A"), word("all", 1, 2, "B"), word("25%", speaker="B")]
    segment = {"start": 0, "end": 3, "text": " Fine, - all 25% (or so).", "speaker": "A"}
    draft = read({"segments": [{**segment, "words": words}]})
    assert rows(draft) == [("A", "Fine, -", 0, 500), ("B", "all 25% (or so).", 1000, 3000)]
    chinese = [word("你", 0, 1, "A"), word("好", 1, 2, "B"), word("吗", 2, 3, "B")]
    assert read({"segments": [{"text": "你好吗", "words": chinese}]}).raws == ["你", "好吗"]
    other = read({"segments": [{**segment, "text": "Something else", "words": words}]})
    assert other.raws == ["Fine,", "all 25%"]
    assert "1 segments that were split have other words" in str(other.info["warnings"])


def test_words_that_are_all_anothers_are_flagged():
    segment = {"start": 0, "end": 1, "text": "So", "speaker": "A", "words": [word("So", 0, 1, "B")]}
    draft = read({"segments": [segment]})
    assert (draft.speakers, draft.flags) == (["A"], [("speaker-differs",)])
    assert "in 1 segments all words have another speaker" in str(draft.info["warnings"])


def test_times_that_cannot_be_read_are_told():
    draft = read({"segments": [{"start": "soon", "end": 2, "text": "So."}]})
    assert draft.starts == [None]
    assert draft.info["warnings"] == ["1 times of segments could not be read"]


def test_words_without_text_are_another_formats():
    with pytest.raises(ParseError, match="there are no segments"):
        read({"words": [word("So", 0, 1)]})
