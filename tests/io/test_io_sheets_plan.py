"""Plans of who codes what, with unusual teams."""

from __future__ import annotations

import pytest

from rupturecode.codebook import Codebook
from rupturecode.errors import UsageError
from rupturecode.io import write_sheets
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "t",
        "version": "1",
        "title": "T",
        "codes": [{"id": "a"}, {"id": "note", "level": "session"}, {"id": "w", "level": "window"}],
    }
)
CORPUS = Corpus.from_transcripts(
    [Transcript.from_turns(s, [("C", "Hm."), ("T", "Yes?")]) for s in ("s1", "s2", "s3")]
)


def test_who_gets_nothing_is_named(tmp_path) -> None:
    coders = [f"Çoder {i}" for i in range(5)]
    plan = write_sheets(CORPUS, BOOK, coders, tmp_path, codes=["a"], double=0)
    idle = [c for c in coders if c not in set(plan.assignments["coder"])]
    assert len(idle) == 2
    assert plan.headline().endswith(f"None were left for {', '.join(idle)}.")


@pytest.mark.parametrize(
    "pair", [("A/B", "A_B"), ("Zoe\u0308", "Zo\u00eb"), ("AK", "AK"), ("AK ", "AK")]
)
def test_names_that_would_share_a_file_are_refused(tmp_path, pair) -> None:
    with pytest.raises(UsageError, match=r"would share a file|may not be empty"):
        write_sheets(CORPUS, BOOK, pair, tmp_path, codes=["a"])


def test_codes_named_like_columns_of_the_sheet_are_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="Codes named note cannot stand"):
        write_sheets(CORPUS, BOOK, ["AK"], tmp_path, codes=["a", "note"])


def test_nothing_to_code_is_said(tmp_path) -> None:
    none = CORPUS.units("window", turns=2).iloc[:0]
    with pytest.raises(UsageError, match="nothing to code for AK"):
        write_sheets(CORPUS, BOOK, ["AK"], tmp_path, codes=["w"], windows=none)
    assert not list(tmp_path.iterdir())
