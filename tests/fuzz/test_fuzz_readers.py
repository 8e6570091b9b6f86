"""A short hunt in each format; RUPTURECODE_FUZZ=4000 makes it as long as one likes."""

from __future__ import annotations

import json
import os
import random

import pytest
from hunting import Hunt, attempt, seeds
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import members, mutate, pack

from rupturecode.io.detect import known_formats

COUNT = int(os.environ.get("RUPTURECODE_FUZZ", "60"))
FORMATS = known_formats("transcript")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_mutated_files_meet_only_our_own_errors(name):
    count = max(5, COUNT // 5) if name == "pdf" else COUNT
    report = Hunt(FORMATS[name], seed=1, guided=0).run(count)
    assert report.tried == report.read + report.refused == count
    assert not report.findings, {f.what for f in report.findings}


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"pdf"}))
@settings(max_examples=20, deadline=None)
@given(draw=st.data())
def test_anything_may_stand_anywhere_in_a_sample(name, draw):
    seed = draw.draw(st.sampled_from(seeds(FORMATS[name])))
    parts = list(members(seed))
    part, body = draw.draw(st.sampled_from(parts)) if parts else ("", seed)
    at = draw.draw(st.integers(0, len(body)))
    piece = draw.draw(st.binary(max_size=30) | st.text(max_size=30).map(str.encode))
    gone = draw.draw(st.integers(0, 30))
    changed = body[:at] + piece + body[at + gone :]
    if parts:
        changed = pack([(n, changed if n == part else b) for n, b in parts])
    attempt(FORMATS[name], changed)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_first_seed_of_each_format_is_read(name):
    assert attempt(FORMATS[name], seeds(FORMATS[name])[0])


@pytest.mark.parametrize(
    ("name", "member"),
    [("docx", "word/document.xml"), ("odt", "content.xml"), ("xlsx", "xl/worksheets/sheet1.xml")],
)
def test_archives_are_changed_inside_and_stay_sound(name, member):
    pool, rng = seeds(FORMATS[name]), random.Random(3)
    bodies = set()
    for _ in range(60):
        parts = dict(members(mutate(pool[0], pool, rng)))
        bodies |= {parts[member]} if member in parts else set()
    assert len(bodies) > 20


def test_json_stays_sound_when_its_values_are_changed():
    pool, rng = seeds(FORMATS["whisper"]), random.Random(3)
    sound = 0
    for _ in range(60):
        try:
            json.loads(mutate(pool[0], pool, rng))
        except ValueError:
            continue
        sound += 1
    assert sound > 20


def test_a_hunt_watches_for_new_lines_and_can_be_continued():
    whole = Hunt(FORMATS["otr"], guided=4)
    report = whole.run(80)
    assert report.kept
    assert set(report.kept) <= set(whole.pool)
    later = Hunt(FORMATS["otr"], guided=0, first=80).run(5)
    assert later.tried == 5


def test_the_hunt_finds_a_reader_that_crashes(monkeypatch):
    from rupturecode.io.transcripts import otr

    def crash(data, *, source):
        raise KeyError(source, len(data))

    monkeypatch.setattr(otr, "read", crash)
    report = Hunt(FORMATS["otr"], guided=0).run(3)
    assert [f.what[:8] for f in report.findings] == ["KeyError"] * 3


def test_a_reader_that_never_ends_is_cut_off(monkeypatch):
    import hunting

    from rupturecode.io.transcripts import otr

    def forever(data, *, source):
        del data, source
        while True:
            pass

    hunt = Hunt(FORMATS["otr"], guided=0)
    monkeypatch.setattr(otr, "read", forever)
    monkeypatch.setattr(hunting, "SECONDS_AT_MOST", 0.1)
    report = hunt.run(1)
    assert [f.what[:12] for f in report.findings] == ["TimeoutError"]


def test_the_hunt_finds_a_reader_that_takes_long(monkeypatch):
    import hunting

    monkeypatch.setattr(hunting, "SLOW", 0.0)
    report = Hunt(FORMATS["otr"], guided=0).run(1)
    assert [f.what[:4] for f in report.findings] == ["slow"]
