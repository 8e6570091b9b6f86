"""Suggestions as the design writes the call: for whoever has coded, each apart."""

from __future__ import annotations

import pytest

import rupturecode as rc
from rupturecode.errors import UsageError
from rupturecode.study import open_study


def test_suggest_without_a_coder_keeps_coders_apart(study_folder):
    study = open_study(study_folder)
    notes = study.annotations
    test = rc.text.evaluate_suggestions(notes, study.corpus, codes=["withdrawal"], draws=20)
    result = rc.text.suggest(notes, study.corpus, evaluation=test)
    assert list(result.suggestions.columns[:3]) == ["coder", "session", "turn"]
    with pytest.raises(UsageError, match="one of AK, BM"):
        rc.text.suggest(notes, study.corpus, evaluation=test, purpose="worklist")
