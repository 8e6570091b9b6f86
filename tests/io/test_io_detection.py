"""Formats are told apart by content; the text, table, caption and Word readers on samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from rupturecode.errors import ParseError, RupturecodeError, UsageError
from rupturecode.io._formats import known_formats
from rupturecode.io.detect import detect, head_of
from rupturecode.io.read import read_drafts
from rupturecode.transcript import finish

DATA = Path(__file__).parents[1] / "data"
FORMATS = ("text", "csv", "json", "xlsx", "docx", "webvtt", "srt", "sbv")
ALL = [p for p in sorted(DATA.glob("*/good_*")) if p.parent.name in known_formats("transcript")]
GOOD = [p for p in ALL if p.parent.name in FORMATS]
BROKEN = [p for f in FORMATS for p in sorted((DATA / f).glob("broken_*"))]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_every_format_has_good_and_broken_samples():
    assert {p.parent.name for p in GOOD} == set(FORMATS) == {p.parent.name for p in BROKEN}


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_good_sample_is_recognised_and_read(path):
    data = path.read_bytes()
    assert detect(data, path.name).name == path.parent.name
    assert detect(data, "renamed.bin").name == path.parent.name
    talks = [finish(d, session="s") for d in read_drafts(data, path.name)]
    assert sum(map(len, talks)) >= 2
    for talk in talks:
        assert all(talk.turns["text"])
        texts = dict(zip(talk.turns["turn"], talk.turns["text"], strict=True))
        for mark in talk.marks.itertuples():
            here = texts[mark.turn][mark.start_char : mark.end_char]
            assert here == ("" if mark.kind == "comment" else mark.text)


@pytest.mark.parametrize("path", BROKEN, ids=named)
def test_a_broken_sample_is_refused_with_its_name(path):
    with pytest.raises(RupturecodeError, match=rf"^{path.name}"):
        finish(read_drafts(path.read_bytes(), path.name, format=path.parent.name)[0], session="s")


@pytest.mark.parametrize("name", sorted(known_formats("transcript")))
def test_only_its_own_samples_are_claimed(name):
    """Text and JSON take what nobody else does, so they may look at others' files twice."""
    module = known_formats("transcript")[name].load()
    claimed = {p.parent.name for p in ALL if module.sniff(head_of(p.read_bytes()), p.name)}
    if name not in ("text", "json"):
        assert claimed <= {name}
    for path in ALL:
        assert detect(path.read_bytes(), path.name).name == path.parent.name, named(path)


#: Samples that another reader may read when it is asked by name: a list of objects with text
#: and times is what Whisper writes and what any lab may write.
SHARED = {("whisper", "json/good_list.json")}


@pytest.mark.parametrize("name", sorted(set(known_formats("transcript")) - {"text", "json"}))
def test_a_reader_rejects_every_other_formats_samples(name):
    module = known_formats("transcript")[name].load()
    assert {p.parent.name for p in ALL} == set(known_formats("transcript"))
    for path in ALL:
        if path.parent.name != name and (name, named(path)) not in SHARED:
            with pytest.raises(RupturecodeError):
                module.read(path.read_bytes(), source=path.name)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file_is_called_empty(data):
    with pytest.raises(ParseError, match=r"s1\.txt: the file is empty"):
        detect(data, "s1.txt")


def test_ambiguity_is_refused_with_both_names(monkeypatch):
    formats = known_formats("transcript")
    for name in ("srt", "sbv"):
        monkeypatch.setattr(formats[name].load(), "sniff", lambda *_: True)
    with pytest.raises(UsageError, match=r"could be 's\w\w' and 's\w\w'; say which with format="):
        detect(b"T: Hello.", "s1.dat")


def test_unknown_content_lists_what_is_known():
    with pytest.raises(ParseError, match=r"no transcript format knows this content.*docx.*format="):
        detect(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "s1.png")


def test_old_office_files_are_refused_with_advice():
    data = (DATA / "docx" / "broken_old.docx").read_bytes()
    with pytest.raises(ParseError, match=r"old Word format \(\.doc\); save it as \.docx"):
        detect(data, "s1.doc")
    data = (DATA / "docx" / "broken_password.docx").read_bytes()
    with pytest.raises(ParseError, match="protected by a password; save a copy without one"):
        detect(data, "s1.docx")


def test_a_pointer_of_gits_large_files_says_how_to_get_the_file():
    data = b"version https://git-lfs.github.com/spec/v1\noid sha256:0a1b\nsize 7889\n"
    with pytest.raises(ParseError, match=r"s1\.eaf:1: only points to the file.*git lfs pull"):
        detect(data, "s1.eaf")
