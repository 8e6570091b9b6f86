"""A short hunt in each format; RUPTURECODE_FUZZ=4000 makes it as long as one likes."""

from __future__ import annotations

import os

import pytest
from fuzz_readers import hunt

from rupturecode.io.detect import known_formats

COUNT = int(os.environ.get("RUPTURECODE_FUZZ", "60"))


@pytest.mark.parametrize("name", sorted(known_formats("transcript")))
def test_mutated_files_meet_only_our_own_errors(name):
    count = max(5, COUNT // 5) if name == "pdf" else COUNT
    report = hunt(known_formats("transcript")[name], count, seed=1, guided=0)
    assert report.tried == count
    assert not report.findings, {f.what for f in report.findings}


def test_the_hunt_finds_a_reader_that_crashes(monkeypatch):
    from rupturecode.io.transcripts import otr

    def crash(data, *, source):
        raise KeyError(source, len(data))

    monkeypatch.setattr(otr, "read", crash)
    report = hunt(known_formats("transcript")["otr"], 3)
    assert [f.what[:8] for f in report.findings] == ["KeyError"] * 3
