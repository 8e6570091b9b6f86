"""Real files of other tools import with the counts that were taken of them by other means."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from rupturecode.codebook import Codebook
from rupturecode.io import read_annotations
from rupturecode.io.annotations import (
    convokit,
    doccano,
    inception,
    labelstudio,
    maxqda,
    qdpx,
    taguette,
)
from rupturecode.transcript import Corpus, Transcript


@pytest.fixture(scope="module")
def entries(shared_data):
    """The manifest's entries of a tool that say what to expect, each with its bytes."""
    formats = shared_data / "formats"
    manifest = json.loads((formats / "manifest.json").read_text(encoding="utf-8"))

    def of(kind):
        found = [e for e in manifest if e["format"] == kind and e["expect"]]
        assert found, f"the manifest has no {kind}"
        return [(e["expect"], e["file"], (formats / e["file"]).read_bytes()) for e in found]

    return of


def test_refi(entries):
    for expect, name, data in entries("refi"):
        project = qdpx.parse(data, source=name)
        assert project.info["counts"] == expect["counts"]
        assert project.info["origin"] == expect["origin"]
        n_codings = len(project.codings) + project.info["unplaced"]
        assert n_codings == expect["counts"]["Coding"]
        users = {c.coder for c in project.codings}
        assert users <= {"ATLAS.ti", "Friedrich Markgraf", "Sebastian Petrausch"}


def test_refi_ends_are_exclusive_where_the_name_is_whole(entries):
    _, name, data = next(x for x in entries("refi") if x[1].endswith(".qde"))
    quotes = [c for c in qdpx.parse(data, source=name).codings if c.quote and c.start is not None]
    whole = [c for c in quotes if not c.quote.endswith("…")]
    named = [c for c in whole if c.quote.startswith("damage done")]  # a name someone gave
    assert len(whole) >= 4
    assert all(len(c.quote) == c.end - c.start for c in whole if c not in named)


def test_doccano(entries):
    for expect, name, data in entries("doccano"):
        project = doccano.parse(data, source=name)
        assert len(project.documents) == expect["docs"]
        assert len(project.codings) + project.info["free"] == expect["annotations"]
        if not project.info["free"]:
            assert project.info["users"] == [str(u) for u in expect["users"]]


def test_label_studio(entries):
    for expect, name, data in entries("labelstudio"):
        if name.endswith("repeater.json") and "config" in name:
            continue  # a labelling configuration, not tasks
        project = labelstudio.parse(data, source=name)
        assert project.info["tasks"] == expect["tasks"]
        assert project.info["annotations"] == expect["annotations"]
        assert project.info["types"] == expect["types"]
        assert len(project.codings) + project.info["unplaced"] == expect["regions"]


def test_uima(entries):
    for expect, name, data in entries("uima_xmi"):
        info = inception.parse(data, source=name).info
        assert {k: info[k] for k in expect} == expect, name


def test_uima_offsets_are_utf16(entries):
    _, name, data = next(x for x in entries("uima_xmi") if "smileys" in x[1])
    from rupturecode.io.exchange.cas import parse_cas
    from rupturecode.io.exchange.counting import Count, Source, find

    cas = parse_cas(data, source=name)
    [text] = cas.texts.values()
    edges = Count("UTF-16 units").edges(Source(text, bom=False, returns=()))
    tokens = [a for a in cas.annotations if a.type.endswith(".Token")]
    words = [text[find(edges, a.begin) : find(edges, a.end)] for a in tokens]
    assert all(w and not any(c.isspace() for c in w) for w in words)
    assert len(words[0]) == 1 and tokens[0].end == 2  # noqa: PT018


def test_maxqda_table(entries):
    expect, name, data = next(x for x in entries("maxqda") if "coded-segments" in x[1])
    project = maxqda.parse(data, source=name)
    heading, empty, cut = 1, 4, 2  # empty rows at page breaks, and segments cut in two by them
    assert len(project.codings) == expect["table_rows"] - heading - empty - cut
    assert all(c.names[0] and c.quote for c in project.codings)
    assert {d.name for d in project.documents} >= {"P1", "P2", "P3", "P4", "P5"}


def test_convokit(entries):
    expect, name, data = next(x for x in entries("convokit") if "utterances" in x[1])
    project = convokit.parse(data, source=name)
    assert project.info["utterances"] == expect["utterances"]
    assert project.info["conversations"] == expect["conversations"]
    assert {c.coder for c in project.codings} > {"3"}


TAGS = ("therapist.question", "therapist.reflection", "therapist.therapist_input",
        "client.change", "client.sustain")  # fmt: skip


def test_taguette_lands_on_the_turns_it_was_made_from(entries, shared_data):
    expect, name, data = entries("taguette")[0]
    project = taguette.parse(data, source=name)
    assert {k: project.info[k] for k in ("documents", "tags", "highlights", "commands")} == {
        k: expect[k] for k in ("documents", "tags", "highlights", "commands")
    }
    truth = json.loads((shared_data / "formats/taguette/truth.json").read_text(encoding="utf-8"))
    words = project.documents[0].text
    talk = Transcript.from_turns("annomi_7", _turns(words))
    book = Codebook.from_dict(
        {"id": "mi", "version": "1", "title": "MI",
         "codes": [{"id": t.rpartition(".")[2], "definition": t} for t in TAGS]}
    )  # fmt: skip
    notes = read_annotations(
        shared_data / "formats" / name,
        codebook=book,
        corpus=Corpus.from_transcripts([talk]),
        coverage="whole sessions",
    )
    assert notes.problems == ()
    table = notes.to_frame()
    texts = dict(zip(talk.turns["turn"], talk.turns["text"], strict=True))
    found = sorted(
        (r.coder, r.code, texts[r.unit]) for r in table.itertuples() if not pd.isna(r.unit)
    )
    assert len(found) == len(truth) == 65
    assert found == sorted((t["coder"], t["tag"].rpartition(".")[2], t["text"]) for t in truth)


def _turns(words):
    import re

    parts = re.split(r"(Therapist|Client): ", words)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))
