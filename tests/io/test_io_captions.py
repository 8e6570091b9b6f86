"""WebVTT, SubRip and SubViewer captions: cues, voices, names, rolling captions, round trips."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import InvalidDataError, ParseError, RupturecodeError
from rupturecode.io import read_transcript, write_transcript
from rupturecode.io.transcripts import sbv, srt, webvtt
from rupturecode.transcript import Transcript, finish

DATA = Path(__file__).parents[1] / "data"


def vtt(body: str, **options):
    return webvtt.read(f"WEBVTT\n\n{body}".encode(), source="s1.vtt", **options)


CUE = "00:01.000 --> 00:02.000\n"


def test_voices_of_one_cue_are_parted_and_text_is_without_tags():
    draft = vtt(f"{CUE}<v.loud Ana Ruiz>So &amp; so.</v>\n<v Ben>No, <i>never</i>.")
    talk = finish(draft, session="s1", merge=None)
    assert talk.turns["speaker"].tolist() == ["Ana Ruiz", "Ben"]
    assert talk.turns["text"].tolist() == ["So & so.", "No, never."]
    assert talk.turns["raw"].tolist() == ["So &amp; so.", "No, <i>never</i>."]
    assert talk.turns["start_ms"].tolist() == [1000, 1000]


def test_cues_split_in_mid_sentence_become_one_turn():
    talk = read_transcript(DATA / "webvtt" / "good_zoom.vtt")
    assert talk.turns["text"].tolist() == [
        "Shall we start?",
        "Yes. I was thinking about last week.",
    ]
    assert talk.turns["flags"].tolist() == ["", "merged"]
    assert talk.turns[["start_ms", "end_ms"]].values.tolist() == [[2000, 4500], [5000, 8000]]
    apart = read_transcript(DATA / "webvtt" / "good_zoom.vtt", gap_ms=50)
    assert len(apart) == 3


def test_identifiers_of_teams_are_not_text():
    talk = read_transcript(DATA / "webvtt" / "good_teams.vtt")
    assert talk.turns["text"].tolist() == ["Shall we start?", "Yes & no. Well..."]


def test_what_other_voices_say_again_is_not_shown_twice():
    draft = vtt("\n\n".join(f"{CUE}<v P{n}>Yes." for n in range(12)))
    assert draft.speakers == [f"P{n}" for n in range(12)]
    assert draft.raws == ["Yes."] * 12


def test_many_captions_left_out_are_counted_and_not_all_named():
    draft = vtt(f"{CUE}Well.\n\n" + "soon --> later\nHm.\n\n" * 150)
    warnings = draft.info["warnings"]
    assert len(warnings) == 101
    assert warnings[0].startswith("line 6: not a time that WebVTT allows")
    assert warnings[-1] == "50 more captions were left out for their times"


def test_rolling_captions_are_read_once():
    talk = read_transcript(DATA / "webvtt" / "good_rolling.vtt")
    said = " ".join(talk.turns["text"])
    assert said.count("this is line seven") == 1
    assert said.startswith("this is line one this is line two")
    assert any("rolling captions" in w for w in talk.info["warnings"])


def test_a_name_holds_until_the_next_and_is_flagged():
    draft = vtt(
        f"{CUE}Ana: Well.\n\n{CUE}and then\n\n{CUE}Ben: No.\n\n{CUE}Ana: Why: because.\n\n{CUE}Ben: Ah."
    )
    assert draft.speakers == ["Ana", "Ana", "Ben", "Ana", "Ben"]
    assert draft.flags == [(), ("speaker-carried-over",), (), (), ()]
    assert draft.raws[3] == "Why: because."


def test_two_speakers_by_dashes_are_flagged_not_split():
    draft = vtt(f"{CUE}- Come in.\n- Thank you.")
    assert draft.flags[0] == ("two-speakers",)


def test_a_cue_with_a_bad_time_is_noted_not_lost_in_silence():
    draft = vtt(f"{CUE}Hello.\n\n00:03,000 --> 00:04,000\nGone.\n")
    assert draft.raws == ["Hello."]
    assert "line 6" in draft.info["warnings"][0]
    assert vtt("00:03,000 --> 00:04,0\nHere.", lenient=True).starts == [3000]


def test_no_signature_is_an_error():
    with pytest.raises(ParseError, match=r"s1\.vtt:1: a WebVTT file begins with the line WEBVTT"):
        webvtt.read(f"{CUE}Hello.".encode(), source="s1.vtt")


def test_srt_keeps_blank_lines_and_markup_apart():
    talk = read_transcript(DATA / "srt" / "good_names.srt")
    assert talk.turns["text"].tolist() == ["Shall we start?", "Yes. I think so.", "Good."]
    assert read_transcript(DATA / "srt" / "good_chinese.srt").info["encoding"] == "gb18030"


def test_times_are_needed_for_writing():
    talk = Transcript.from_turns("s1", [("T", "Hello.")])
    with pytest.raises(
        InvalidDataError,
        match="webvtt needs a start and an end of every turn; session s1: 2 problems",
    ):
        webvtt.write(talk)


SPOKEN = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp"), blacklist_characters=":："),
    min_size=1,
    max_size=40,
).map(lambda s: "x" + " ".join(s.split()))
ROWS = st.lists(
    st.tuples(st.sampled_from(["Ana", "Ben & Co", "דנה"]), SPOKEN), min_size=1, max_size=9
)


@pytest.mark.parametrize("module", [webvtt, srt, sbv])
@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_read_undoes_write(module, rows):
    frame = pd.DataFrame(rows, columns=["speaker", "text"])
    frame["start_ms"] = [i * 4000 for i in range(len(rows))]
    frame["end_ms"] = frame["start_ms"] + 3999
    before = Transcript.from_turns("s1", frame)
    written = module.write(before)
    draft = module.read(written, source="x", speakers=["Ana", "Ben & Co", "דנה"])
    after = finish(draft, session="s1", merge=None)
    columns = ["speaker", "text", "start_ms", "end_ms"]
    assert after.turns[columns].equals(before.turns[columns])
    assert module.write(after) == written


def test_write_transcript_by_suffix(tmp_path):
    talk = read_transcript(DATA / "srt" / "good_names.srt")
    path = write_transcript(talk, tmp_path / "out.vtt")
    again = read_transcript(path)
    assert again.turns["text"].equals(talk.turns["text"])
    assert again.turns["speaker"].equals(talk.turns["speaker"])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([webvtt, srt, sbv]), st.binary(max_size=80), st.integers(0, 160))
def test_broken_bytes_raise_only_our_errors(module, noise, at):
    good = {
        webvtt: b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ana>Hi &amp; [laughs]</v>\n\n",
        srt: b"1\n00:00:01,000 --> 00:00:02,000\nAna: Hi <i>there</i>\n\n",
        sbv: b"0:00:01.000,0:00:02.000\nAna: Hi\n\n",
    }[module] * 3
    with suppress(RupturecodeError):
        finish(module.read(good[:at] + noise + good[at + 3 :], source="x"), session="x")


@pytest.fixture(scope="module")
def manifest(shared_data):
    folder = shared_data / "formats"
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wanted = ("vtt", "vtt_mozilla", "vtt_wpt", "srt", "sbv")
    return [(e, folder / e["file"]) for e in entries if e["format"] in wanted]


def test_real_files_have_the_cues_that_others_counted(manifest):
    assert len(manifest) == 179
    for entry, path in manifest:
        expect = entry["expect"]
        if "error" in expect:
            with pytest.raises(RupturecodeError):
                read_transcript(path)
            continue
        talk = read_transcript(path, merge=None)
        assert talk.info["n_cues"] == expect.get("cues", expect.get("cues_srt")), path.name
        if expect.get("speakers"):
            assert sorted(set(talk.turns["speaker"]) - {""}) == expect["speakers"], path.name
        first = expect.get("first")
        words = first["text"] if isinstance(first, dict) else first
        if words and "n_cues" in talk.info:
            assert talk.turns["text"][0].split() == words.split(), path.name


def test_cues_are_those_of_the_browser_makers_own_expectations(manifest):
    """Text and times of every cue, voice tags apart, which we read as speakers."""
    compared = 0
    for entry, path in manifest:
        cues = entry["expect"].get("cue_list")
        if not cues or any("<v" in c["text"] for c in cues):
            continue
        talk = read_transcript(path, merge=None)
        ours = talk.turns[["start_ms", "end_ms", "raw"]].values.tolist()
        assert ours == [
            [round(c["start"] * 1000), round(c["end"] * 1000), c["text"].strip()] for c in cues
        ], path.name
        compared += len(cues)
    assert compared > 60


@pytest.mark.parametrize("filler", ["<", "<v ", "<a", "&", "-", "a:", " ", "\n-", "{\\\\"])
def test_long_hostile_cues_take_no_time(filler):
    cues = "".join(f"{CUE}<v A>{filler * 30_000}\n\n" for _ in range(2))
    plain = "".join(f"{CUE}A: {filler * 5_000}\n\n" for _ in range(12))
    for body in (cues, plain):
        with suppress(RupturecodeError):
            finish(vtt(body), session="s1")


def test_a_numbered_speaker_who_speaks_once_is_a_speaker():
    talk = finish(
        vtt(
            "00:01.000 --> 00:02.000\nSpeaker 1: So.\n\n00:02.000 --> 00:03.000\nSpeaker 2: Hm.\n\n"
            "00:03.000 --> 00:04.000\nSpeaker 1: Well.\n\n00:04.000 --> 00:05.000\nand then: no."
        ),
        session="s1",
    )
    assert talk.turns["speaker"].tolist() == ["Speaker 1", "Speaker 2", "Speaker 1"]
    assert talk.turns["text"].tolist() == ["So.", "Hm.", "Well. and then: no."]


@pytest.mark.parametrize("label", ["[{}]:", "{}:", "- [{}]:"])
def test_speakers_as_whisperx_writes_them(label):
    said = [("SPEAKER_00", "How was it?"), ("SPEAKER_01", "Fine: [laughs]."), ("SPEAKER_00", "So.")]
    cues = "".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{label.format(who)} {words}\n\n"
        for i, (who, words) in enumerate(said, start=1)
    )
    draft = srt.read(cues.encode(), source="s1.srt")
    assert list(zip(draft.speakers, draft.raws, strict=True)) == said


def test_a_turn_ends_with_the_caption_that_ends_last():
    def cue(start: str, end: str, said: str) -> str:
        return f"00:{start}.000 --> 00:{end}.000\n{said}\n\n"

    talk = finish(
        vtt(
            cue("01", "05", "Ana: So.") + cue("02", "03", "Ana: Hm.") + cue("07", "09", "Ben: No.")
        ),
        session="s1",
    )
    assert talk.turns["end_ms"].tolist() == [5000, 9000]
    backwards = finish(vtt(cue("01", "02", "Ana: So.") + cue("04", "03", "Ana: Hm.")), session="s1")
    assert backwards.turns["flags"].tolist() == ["merged;ends-before-start"]


@pytest.mark.parametrize(
    ("time", "start", "end"),
    [
        ("00:00:01,1234 --> 00:00:02,5", 1123, 2500),
        ("00:01,000 -> 01:02.500", 1000, 62500),
        ("00:00:01:500 --> 00:00:02:000", 1500, 2000),
        ("00:00:01 —> 120:00:02", 1000, 432_002_000),
        ("-00:00:01,000 --> 00:00:02,000", 0, 2000),
    ],
)
def test_srt_times_that_programs_write(time, start, end):
    draft = srt.read(
        f"1\n{time}\nHi.\n\n2\n00:00:09,000 --> 00:00:09,500\nYes.".encode(), source="s"
    )
    assert list(zip(draft.raws, draft.starts, draft.ends, strict=True)) == [
        ("Hi.", start, end),
        ("Yes.", 9000, 9500),
    ]
    assert ("warnings" in draft.info) is time.startswith("-")


def test_an_srt_time_that_is_none_is_an_error_and_never_speech():
    data = b"1\n00:00:01,000 --> 00:00:02,000\nGo 10:30 -> 11:00?\n\n2\n00:00:0;3 --> 00:00:04,000\nYes."
    with pytest.raises(ParseError, match=r"s1\.srt:6: expected a time such as 00:00:01,000"):
        srt.read(data, source="s1.srt")


def test_times_of_webvtt_without_its_signature_name_the_option(tmp_path):
    path = tmp_path / "s1.vtt"
    path.write_text(
        "00:01.000 --> 00:02.000\n[Speaker 1] Hi.\n\n00:02.000 --> 00:03.000\n[Speaker 2] So."
    )
    with pytest.raises(ParseError, match="'lenient': True"):
        read_transcript(path)
    talk = read_transcript(path, options={"lenient": True})
    assert talk.turns["speaker"].tolist() == ["Speaker 1", "Speaker 2"]


def test_what_is_said_again_after_a_pause_is_no_rolling_caption():
    draft = vtt("".join(f"00:{i:02d}.000 --> 00:{i:02d}.300\nYes.\n\n" for i in range(12)))
    assert draft.raws == ["Yes."] * 12


def test_a_turn_that_runs_backwards_inside_is_flagged():
    pieces = ["05.000 --> 00:06", "01.000 --> 00:02", "03.000 --> 00:04"]
    body = (
        "".join(f"00:{t}.000\nAna: So.\n\n" for t in pieces) + "00:01.000 --> 00:02.000\nBen: No."
    )
    talk = finish(vtt(body), session="s1")
    assert talk.turns["flags"].tolist() == ["merged;runs-backwards", ""]
    assert finish(vtt(body), session="s1", merge=None).turns["flags"].tolist() == [""] * 4


def test_an_arrow_in_speech_survives_the_way_from_srt_to_webvtt():
    draft = srt.read(b"1\n00:00:01,000 --> 00:00:02,000\nfrom A --> B", source="s1.srt")
    again = webvtt.read(webvtt.write(finish(draft, session="s1")), source="s1.vtt")
    assert finish(again, session="s1").turns["text"].tolist() == ["from A --> B"]
