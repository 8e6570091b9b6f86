"""What the tools of a lab write, imitated: each file is recognised and read turn by turn."""

from __future__ import annotations

import json

import pytest

from rupturecode.errors import RupturecodeError
from rupturecode.io import read_transcript

#: name of the file, its content, the format it is, and its turns: speaker, text, start in ms.
FILES = {
    "srt with comma and point": (
        "s.srt",
        "1\n00:00:01,000 --> 00:00:03.000\nT: How?\n\n2\n00:00:04.000 --> 00:00:06,000\nC: So.\n",
        "srt",
        [("T", "How?", 1000), ("C", "So.", 4000)],
    ),
    "srt without numbers": (
        "s.srt",
        "00:00:01,000 --> 00:00:03,000\nT: How?\n\n00:00:04,000 --> 00:00:06,000\nC: So.\n",
        "srt",
        [("T", "How?", 1000), ("C", "So.", 4000)],
    ),
    "whisperx srt": (
        "s.srt",
        ("1\n00:00:01,000 --> 00:00:03,000\n[SPEAKER_00]: How?\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\n[SPEAKER_01]: So.\n"),
        "srt",
        [("SPEAKER_00", "How?", 1000), ("SPEAKER_01", "So.", 4000)],
    ),
    "teams vtt with ids": (
        "s.vtt",
        ("WEBVTT\n\n8e9a1ab2-8c2e-4b57-9b0a-2f2c5a3b4d11/15-0\n00:00:01.100 --> 00:00:03.000\n"
        "<v Anna Berg>How?</v>\n\n8e9a1ab2-8c2e-4b57-9b0a-2f2c5a3b4d11/16-1\n"
        "00:00:03.500 --> 00:00:05.000\n<v Bo>So\nlong.</v>\n"),
        "webvtt",
        [("Anna Berg", "How?", 1100), ("Bo", "So long.", 3500)],
    ),
    "json in a text file": (
        "s.txt",
        json.dumps([{"speaker": "T", "text": "How?"}, {"speaker": "C", "text": "So."}]),
        "json",
        [("T", "How?", None), ("C", "So.", None)],
    ),
    "whisper json in a text file": (
        "s.txt",
        json.dumps({"text": "", "segments": [{"start": 0.5, "end": 1.2, "text": " How?"}]}),
        "whisper",
        [("", "How?", 500)],
    ),
    "whisper table": (
        "s.tsv",
        "start\tend\ttext\n0\t2560\tHow?\n2560\t4000\tSo.\n",
        "csv",
        [("", "How?", 0), ("", "So.", 2560)],
    ),
    "csv of one column": (
        "s.csv",
        'transcript\n"T: How, then?"\nC: So.\n',
        "csv",
        [("T", "How, then?", None), ("C", "So.", None)],
    ),
    "markdown table": (
        "s.md",
        "| Speaker | Text |\n|---|---|\n| T | How? |\n| C | So. |\n",
        "csv",
        [("T", "How?", None), ("C", "So.", None)],
    ),
    "zoom chat": (
        "s.txt",
        ("14:02:11 From Anna Berg to Everyone:\n\tHow?\n"
        "14:02:30 From  Bo  to  Anna Berg(Direct Message) : So: well.\n"),
        "text",
        [("Anna Berg", "How?", 50531000), ("Bo", "So: well.", 50550000)],
    ),
    "zoom chat, newer": (
        "s.txt",
        "00:12:09\tAnna Berg:\tHow?\n00:12:30\tBo:\tSo.\n",
        "text",
        [("Anna Berg", "How?", 729000), ("Bo", "So.", 750000)],
    ),
    "otter, times on lines of their own": (
        "s.txt",
        ("Monica\n0:03\nHow?\n\nBo\n0:12\nSo.\nReally.\n\nMonica\n1:02:03\nGood.\n\n"
        "Transcribed by https://otter.ai\n"),
        "text",
        [("Monica", "How?", 3000), ("Bo", "So. Really.", 12000), ("Monica", "Good.", 3723000)],
    ),
    "descript": (
        "s.md",
        "# Session 3\n\n**Ann:** [00:00:00] How?\n\n**Bo:** [00:00:04] So.\n\n**Ann:** Good.\n",
        "text",
        [("Ann", "How?", 0), ("Bo", "So.", 4000), ("Ann", "Good.", None)],
    ),
    "rev": (
        "s.txt",
        "Ann (00:01):\nHow?\n\nBo (00:04):\nSo [inaudible 00:00:09] it.\n\nAnn (01:02:03):\nOh.\n",
        "text",
        [("Ann", "How?", 1000), ("Bo", "So [inaudible 00:00:09] it.", 4000), ("Ann", "Oh.", 3723000)],
    ),
    "trint": (
        "s.txt",
        "Ann: [00:00:01] How?\n\nBo: [00:00:04] So.\n",
        "text",
        [("Ann", "How?", 1000), ("Bo", "So.", 4000)],
    ),
    "sonix": (
        "s.txt",
        "Ann: [00:00:01.23] How?\n\nBo: [00:00:04.11] So.\n",
        "text",
        [("Ann", "How?", 1230), ("Bo", "So.", 4110)],
    ),
    "f4transkript": (
        "s.txt",
        "I: Wie? #00:00:04-5#\nB: So. #00:00:09-2#\n\nI: Gut? #00:01:10-0#\n",
        "text",
        [("I", "Wie?", None), ("B", "So.", 4500), ("I", "Gut?", 9200)],
    ),
    "easytranscript": (
        "s.txt",
        "#00:00:00-0# I: Wie?\n#00:00:04-5# B: So. (lacht)\n#00:00:09-2# I: Gut?\n",
        "text",
        [("I", "Wie?", 0), ("B", "So. (lacht)", 4500), ("I", "Gut?", 9200)],
    ),
    "stamps on lines of their own": (
        "s.txt",
        "I: Wie?\n#00:00:04-5#\nB: So.\n#00:00:09-2#\nI: Gut?\n#00:01:10-0#\n",
        "text",
        [("I", "Wie?", None), ("B", "So.", 4500), ("I", "Gut?", 9200)],
    ),
    "nvivo": (
        "s.txt",
        "[00:00:01.0] T: How?\n[00:00:04.5] C: So.\n",
        "text",
        [("T", "How?", 1000), ("C", "So.", 4500)],
    ),
    "maxqda": (
        "s.txt",
        "00:00:01.5Ann: How?\n\n00:00:04.5Bo: So.\n",
        "text",
        [("Ann", "How?", 1500), ("Bo", "So.", 4500)],
    ),
    "transana": (
        "s.rtf",
        r"{\rtf1\ansi {\v\'a4<0>}T: How?\par {\v\'a4<4500>}C: So.\par}",
        "rtf",
        [("T", "How?", 0), ("C", "So.", 4500)],
    ),
    "google meet": (
        "s.txt",
        ("Attendees\nAnn, Bo\n\nTranscript\n\nAnn: How?\nBo: So.\n\n00:05:00\n\nAnn: Good.\nBo: Yes.\n\n"
        "Meeting ended after 00:55:12\n"),
        "text",
        [("Ann", "How?", None), ("Bo", "So.", None), ("Ann", "Good.", 300000), ("Bo", "Yes.", None)],
    ),
    "recogniser's numbers in brackets": (
        "s.txt",
        "[Speaker:0] How?\n\n[Speaker:1] So.\n\n[Speaker:0] Good.\n",
        "text",
        [("Speaker:0", "How?", None), ("Speaker:1", "So.", None), ("Speaker:0", "Good.", None)],
    ),
    "names in capitals on lines of their own": (
        "s.txt",
        "THERAPIST\nHow?\n\nCLIENT\nSo.\n\nTHERAPIST\nGood?\n",
        "text",
        [("THERAPIST", "How?", None), ("CLIENT", "So.", None), ("THERAPIST", "Good?", None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "form", "turns"), FILES.values(), ids=FILES)
def test_each_turn_is_read(tmp_path, name, content, form, turns):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    talk = read_transcript(path)
    assert talk.format == form
    times = [
        None if missing else int(t)
        for t, missing in zip(talk.turns["start_ms"], talk.turns["start_ms"].isna(), strict=True)
    ]
    assert list(zip(talk.turns["speaker"], talk.turns["text"], times, strict=True)) == turns


def test_rolling_captions_with_timed_words_are_read_once(tmp_path):
    cues = []
    words = [f"word{i} and more" for i in range(12)]
    for i, (before, here) in enumerate(zip(["", *words], words, strict=False)):
        timed = here.replace(" and", f"<00:00:{i:02d}.500><c> and</c>")
        cues.append(
            f"00:00:{i:02d}.000 --> 00:00:{i:02d}.990 align:start\n{before or ' '}\n{timed}\n"
        )
        cues.append(f"00:00:{i:02d}.990 --> 00:00:{i:02d}.999 align:start\n{here}\n \n")
    path = tmp_path / "s.vtt"
    path.write_text("WEBVTT\nKind: captions\nLanguage: en\n\n" + "\n".join(cues))
    assert read_transcript(path).turns["text"].tolist() == words


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("s.vtt", "00:00:01.000 --> 00:00:03.000\nT: How?\n", r"options=\{'lenient': True\}"),
        ("s.txt", "Wie? #00:00:04-5#\nSo. #00:00:09-2#\n", r"speakers=\[\]"),
        (
            "s.html",
            "<html><body><p><b>T:</b> How?</p></body></html>",
            "save the file as text or DOCX",
        ),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_would_do(tmp_path, name, content, advice):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RupturecodeError, match=advice):
        read_transcript(path)
