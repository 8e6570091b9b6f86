"""The page on study.toml names every key that may stand there."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from rupturecode.sequences import EpisodeRule
from rupturecode.study.settings import KEYS, OPEN_SECTIONS

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "study-toml.md"


def test_the_page_on_study_toml_names_every_key():
    text = PAGE.read_text(encoding="utf-8")
    sections = [s for s in (*KEYS, *OPEN_SECTIONS) if s]
    keys = [k for names in KEYS.values() for k in names]
    keys += [f.name for f in fields(EpisodeRule)]
    assert [s for s in sections if f"`[{s}]`" not in text] == []
    assert [k for k in keys if f"`{k}`" not in text] == []
