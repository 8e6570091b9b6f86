"""What speech recognisers and web editors save: words become pieces with times and speakers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from rupturecode.errors import ParseError, UsageError
from rupturecode.io import read_corpus, read_transcript
from rupturecode.io.parsers.jsonsafe import parse_json
from rupturecode.io.read import read_drafts
from rupturecode.io.transcripts import convokit, draftjs, google_stt, otr, whisper

DATA = Path(__file__).parents[1] / "data"


def rows(name):
    found = [
        list(zip(d.speakers, d.raws, d.starts, d.ends, strict=True))
        for d in read_drafts((DATA / name).read_bytes(), name)
    ]
    return found[0] if len(found) == 1 else found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "aws_transcribe/good_speakers.json",
            [("spk_0", "How was it?", 0, 800), ("spk_1", "Fine.", 2500, 3000)],
        ),
        ("aws_transcribe/good_items.json", [("spk_0", "Hm", 100, 200), ("spk_1", "Ja", 900, 1200)]),
        (
            "google_stt/good_plain.json",
            [("", "How was it", 500, 3250), ("", "fine", 5500, 6250)],
        ),
        (
            "google_stt/good_speakers.json",
            [("1", "How was it", 500, 3250), ("2", "fine", 5500, 6250)],
        ),
        (
            "ibm_watson/good_speakers.json",
            [("0", "how was it", 0, 900), ("1", "fine", 3000, 3400)],
        ),
        (
            "ibm_watson/good_nested.json",
            [("0", "how was it", 0, 900), ("1", "fine", 3000, 3400)],
        ),
        (
            "assemblyai/good_utterances.json",
            [("A", "How was it?", 250, 800), ("B", "Fine.", 2500, 2900)],
        ),
        (
            "assemblyai/good_words.json",
            [("", "How was it?", 250, 800), ("", "Fine.", 2500, 2900)],
        ),
        (
            "deepgram/good_speakers.json",
            [("0", "How was it?", 250, 800), ("1", "Fine.", 2500, 2900)],
        ),
        (
            "deepgram/good_channels.json",
            [("channel 0", "How so?", 250, 600), ("channel 1", "Fine.", 2500, 2900)],
        ),
        (
            "revai/good_speakers.json",
            [("T", "How was it?", 250, 800), ("C", "Well-ish.", 2500, 3100)],
        ),
        ("revai/good_numbers.json", [("0", "So?", 100, 200), ("1", "Hm.", 1500, 1900)]),
        (
            "azure_speech/good_batch.json",
            [("1", "How was it?", 250, 800), ("2", "Fine.", 2500, 2900)],
        ),
        (
            "azure_speech/good_channels.json",
            [("channel 0", "How was it?", 250, 800), ("channel 1", "Fine.", 2500, 2900)],
        ),
        (
            "azure_speech/good_fast.json",
            [("1", "How was it?", 250, 800), ("2", "Fine.", 2500, 2900)],
        ),
        (
            "elevenlabs/good_speakers.json",
            [("speaker_0", "How was it?", 250, 800), ("speaker_1", "(sighs) Fine.", 2100, 2900)],
        ),
        (
            "elevenlabs/good_without_spaces.json",
            [("speaker_0", "はい。", 100, 400), ("speaker_1", "うん", 900, 1100)],
        ),
        ("speechmatics/good_v1.json", [("F1", "How so?", 0, 900), ("M1", "Fine", 2100, 2500)]),
        ("speechmatics/good_v2.json", [("S1", "How so?", 0, 800), ("S2", "Fine", 2000, 2400)]),
        ("kaldi/good_speakers.json", [("S0", "How so?", 0, 600), ("S1", "Fine.", 3100, 3500)]),
        ("autoedit/good_paragraphs.json", [("T", "How so?", 0, 900), ("C", "Fine.", 1000, 1400)]),
        ("paper_edit/good_paragraphs.json", [("T", "How so?", 0, 800), ("C", "Fine.", 1200, 1500)]),
        ("draftjs/good_blocks.json", [("T", "How so?", 500, 1500), ("C", "Fine.", 2000, None)]),
        (
            "whisper/good_openai.json",
            [("", "How was it?", 0, 1500), ("", "Schön, I think.", 1500, 4000)],
        ),
        (
            "whisper/good_whisperx.json",
            [
                ("SPEAKER_00", "How was it? 3", 0, 1000),
                ("SPEAKER_01", "days.", 2000, 4000),
                ("SPEAKER_00", "Hm.", 4000, 5000),
            ],
        ),
        ("whisper/good_cpp.json", [("", "How was it?", 0, 2500), ("", "Fine.", 2500, 3000)]),
        ("whisper/good_list.json", [("", "How was it?", 0, 1500), ("", "Fine.", 1500, 4000)]),
        (
            "otr/good_labels.otr",
            [("T", "How was it?", 1250, None), ("C", "Schön, mostly.", 5000, None)],
        ),
        (
            "otr/good_no_speakers.otr",
            [("", "How was it?", 1250, None), ("", "Schön, mostly.", 5000, None)],
        ),
    ],
)
def test_pieces(name, expected):
    assert rows(name) == expected


def test_recognised_pieces_of_one_speaker_become_one_turn(tmp_path):
    path = tmp_path / "s01.json"
    said = [("A", "Well,"), ("A", "no."), ("B", "Hm."), ("", "What?"), ("", "Who?")]
    segments = [
        {"start": i, "end": i + 1, "text": text, "speaker": speaker}
        for i, (speaker, text) in enumerate(said)
    ]
    path.write_text(json.dumps({"segments": segments}))
    joined = ["Well, no.", "Hm.", "What?", "Who?"]  # the nameless may be two people
    assert read_transcript(path).turns["text"].tolist() == joined
    assert len(read_transcript(path, merge=None)) == 5


def test_what_is_left_out_is_said():
    path = DATA / "whisper" / "good_openai.json"
    draft = whisper.read(path.read_bytes(), source="x")
    assert draft.info["warnings"] == ["1 segments without text were left out"]
    draft = draftjs.read((DATA / "draftjs/good_blocks.json").read_bytes(), source="x")
    assert draft.info["warnings"] == ["1 empty blocks were left out"]
    draft = otr.read((DATA / "otr/good_labels.otr").read_bytes(), source="x")
    assert "1 time stamps inside paragraphs were taken out of the words" in draft.info["warnings"]


def test_a_long_text_before_the_segments_does_not_hide_whisper():
    content = {"text": "Well, " * 20_000, "segments": [{"start": 0, "end": 1, "text": "Well"}]}
    data = json.dumps(content).encode()
    assert whisper.sniff(data[: 1 << 16], "x.json")


def test_half_characters_found_by_fuzzing_become_replacement_characters(tmp_path):
    path = tmp_path / "s01.json"
    path.write_text('{"segments": [{"start": 0, "end": 1, "text": "a \\ud800 b \\ud83d\\ude00"}]}')
    assert read_transcript(path).turns["text"].tolist() == ["a \ufffd b 😀"]
    word = {"startTime": {}, "word": "\ud800"}
    data = json.dumps({"results": [{"alternatives": [{"words": [word]}]}]}).encode()
    assert google_stt.read(data, source="x").raws == ["\ufffd"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "1e300", '"soon"', "true", "[]", "{}"])
def test_times_that_are_none_are_missing(value):
    data = f'{{"segments": [{{"start": {value}, "end": 2, "text": "hm"}}]}}'.encode()
    assert whisper.read(data, source="x").starts == [None]


def test_convokit_sessions_and_speakers_come_from_beside_the_utterances():
    found = read_drafts((DATA / "convokit/good_corpus.zip").read_bytes(), "corpus.zip")
    assert [(d.session, d.speakers, d.starts, d.ends) for d in found] == [
        ("s01", ["Dr. Hale", "C"], [0, None], [900, None]),
        ("b1", ["Dr. Hale"], [None], [None]),
    ]
    assert found[1].info["warnings"] == [
        "timestamps were not read as times; say unit='s' or unit='ms'"
    ]


@pytest.mark.parametrize(
    ("unit", "starts"), [(None, [None, None]), ("s", [3000, 5000]), ("ms", [3, 5])]
)
def test_convokit_timestamps_count_only_when_their_unit_is_said(unit, starts):
    data = (DATA / "convokit/good_old.zip").read_bytes()
    [draft] = convokit.read(data, source="x.zip", unit=unit)
    assert draft.speakers == ["T", "C"]
    assert draft.starts == starts
    with pytest.raises(UsageError, match="unit='h': say 's', 'ms' or None"):
        convokit.read(data, source="x.zip", unit="h")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("convokit/broken_line.jsonl", r"\.jsonl:3: malformed JSON: "),
        (
            "convokit/broken_no_conversation.jsonl",
            r"\.jsonl:3: an utterance without conversation_id",
        ),
        ("convokit/broken_two.zip", "expected one utterances.jsonl in the archive, found 2"),
        ("convokit/broken_path.zip", "points outside the archive"),
        ("convokit/broken_bomb.zip", "more than 200 times, as in a ZIP bomb"),
        ("whisper/broken_cut.json", r"\.json:1: malformed JSON: "),
        ("whisper/broken_deep.json", "it nests absurdly deep"),
        ("whisper/broken_segments.json", "expected a list of objects as a segment's words"),
        ("ibm_watson/broken_stamp.json", r"expected \[word, from, to\] in timestamps"),
        ("google_stt/broken_no_words.json", "holds no recognised words"),
    ],
)
def test_errors_say_what_is_wrong(name, message):
    with pytest.raises(ParseError, match=message):
        read_drafts((DATA / name).read_bytes(), name, format=name.split("/")[0])


def test_a_json_error_in_one_long_line_shows_only_its_neighbourhood():
    with pytest.raises(ParseError) as caught:
        parse_json(b'{"text": "' + b"x" * 100_000 + b'" "y"}', source="x")
    assert len(caught.value.text) <= 120
    assert caught.value.text[caught.value.column :].startswith('"y"')


def test_a_convokit_folder_stands_beside_other_transcripts(tmp_path):
    with zipfile.ZipFile(DATA / "convokit" / "good_corpus.zip") as archive:
        archive.extractall(tmp_path)
    (tmp_path / "talks" / "info.parsed.jsonl").write_text("{}")
    (tmp_path / "talks" / "s09.txt").write_text("T: Hello.\nC: Hi.")
    corpus = read_corpus(tmp_path)
    assert sorted(corpus.sessions["session"]) == ["b1", "s01", "s09"]
    assert corpus["s01"].turns["speaker"].tolist() == ["Dr. Hale", "C"]


STAMP = '<span class="timestamp" data-timestamp="{0}">0:0{0}</span>'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<p>one</p><p>{STAMP.format(2)} two</p>", [("", "one", None), ("", "two", 2000)]),
        (f"<p>T: {STAMP.format(2)} So.</p><p>C: Hm.</p>", [("T", "So.", 2000), ("C", "Hm.", None)]),
        (
            f"<p>{STAMP.format(2)}</p><p>T: So.</p><p>C: Hm.</p>",
            [("T", "So.", 2000), ("C", "Hm.", None)],
        ),
    ],
)
def test_otr_stamps_are_times_of_lines_and_make_no_labels(page, expected):
    draft = otr.read(json.dumps({"text": page, "media": "a.mp3"}).encode(), source="x.otr")
    assert list(zip(draft.speakers, draft.raws, draft.starts, strict=True)) == expected


def test_otr_stamps_on_lines_that_continue_a_turn_are_told():
    page = f"<p>T: So.</p><p>{STAMP.format(3)} and so</p><p>C: Hm.</p>"
    draft = otr.read(json.dumps({"text": page, "media": "a.mp3"}).encode(), source="x.otr")
    assert (draft.raws, draft.starts) == (["So.\n\nand so", "Hm."], [None, None])
    assert "1 time stamps on lines that continue a turn were left out" in draft.info["warnings"]


def test_convokit_utterances_out_of_their_order_are_told():
    said = [("b", 5), ("a", 0)]
    lines = "\n".join(
        json.dumps(
            {
                "id": i,
                "conversation_id": "a",
                "speaker": i,
                "text": i,
                "reply-to": None,
                "timestamp": t,
            }
        )
        for i, t in said
    )
    [draft] = convokit.read(lines.encode(), source="u.jsonl", unit="s")
    assert draft.info["warnings"] == [
        "line 2: utterances do not stand in the order of their timestamps"
    ]
