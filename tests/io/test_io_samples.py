"""Every sample is read as what it is and nothing else; every broken one is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from rupturecode.errors import MissingExtraError, RupturecodeError
from rupturecode.io import read_transcript
from rupturecode.io._formats import known_formats
from rupturecode.io.detect import detect
from rupturecode.io.read import read_drafts
from rupturecode.transcript import finish

DATA = Path(__file__).parents[1] / "data"
FORMATS = [
    "assemblyai",
    "autoedit",
    "aws_transcribe",
    "azure_speech",
    "chat",
    "convokit",
    "deepgram",
    "draftjs",
    "eaf",
    "elevenlabs",
    "google_stt",
    "ibm_watson",
    "kaldi",
    "odt",
    "otr",
    "paper_edit",
    "pdf",
    "revai",
    "rtf",
    "speechmatics",
    "textgrid",
    "whisper",
]
GOOD = [p for f in FORMATS for p in sorted((DATA / f).glob("good_*"))]
BROKEN = [p for f in FORMATS for p in sorted((DATA / f).glob("broken_*"))]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_every_format_has_good_and_broken_samples():
    assert {p.parent.name for p in GOOD} == set(FORMATS)
    assert {p.parent.name for p in BROKEN} == set(FORMATS)


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_good_sample_is_recognised_and_read(path):
    data = path.read_bytes()
    assert detect(data, path.name).name == path.parent.name
    assert detect(data, "renamed.bin").name == path.parent.name
    drafts = read_drafts(data, path.name)
    talks = [finish(d, session=d.session or str(i)) for i, d in enumerate(drafts)]
    assert sum(map(len, talks)) >= 2
    assert all(text.strip() for talk in talks for text in talk.turns["text"])


@pytest.mark.parametrize("path", BROKEN, ids=named)
def test_a_broken_sample_is_refused_with_its_name(path):
    fmt = known_formats("transcript")[path.parent.name]
    with pytest.raises(RupturecodeError, match=rf"^{path.name}") as caught:
        read_drafts(path.read_bytes(), path.name, format=fmt.name)
    assert not isinstance(caught.value, MissingExtraError)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data", [b"", b"T: Hello.\nC: Hi.\n", b"{}", b"[]", b"[1]", b"null", b'"x"']
)
def test_a_reader_refuses_what_is_hardly_anything(name, data):
    module = known_formats("transcript")[name].load()
    assert not module.sniff(data, "x")
    with pytest.raises(RupturecodeError):
        module.read(data, source="x")


def test_an_external_entity_reads_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for your eyes")
    attack = (DATA / "odt" / "good_flat.fodt").read_text(encoding="utf-8")
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><office'
    path = tmp_path / "attack.fodt"
    path.write_text(attack.replace("<office", entity, 1).replace("How", "&x;"), encoding="utf-8")
    with pytest.raises(RupturecodeError, match="without a DOCTYPE") as caught:
        read_transcript(path)
    assert "not for your eyes" not in str(caught.value)
