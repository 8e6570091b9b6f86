"""Options of pandas that an analyst may have set."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.study import example_study, open_study
from rupturecode.tables import TURNS, conform


@pytest.fixture
def old_strings():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas tells that the option will go
        pd.set_option("future.infer_string", False)
        yield
        pd.reset_option("future.infer_string")


@pytest.mark.usefixtures("old_strings")
def test_old_strings_are_refused_and_not_taken_for_the_word_none():
    with pytest.raises(UsageError, match=r"set_option\('future.infer_string', True\)"):
        conform(pd.DataFrame({"session": ["s1"], "turn": [1]}), TURNS)
    with pytest.raises(InvalidDataError, match=r"option future\.infer_string is off"):
        _ = open_study(example_study()).annotations
