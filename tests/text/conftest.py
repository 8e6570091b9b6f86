"""Small corpora and the AnnoMI turns for the text room's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def annomi(shared_data: Path) -> pd.DataFrame:
    path = shared_data / "annomi" / "AnnoMI-full.csv"
    if not path.is_file():
        pytest.skip("AnnoMI is not among the shared data")
    return pd.read_csv(path)


@pytest.fixture(scope="session")
def annomi_turns(annomi: pd.DataFrame) -> pd.DataFrame:
    once = annomi.drop_duplicates(["transcript_id", "utterance_id"])
    return pd.DataFrame(
        {
            "session": once["transcript_id"].astype(str),
            "turn": once.groupby("transcript_id").cumcount() + 1,
            "speaker": once["interlocutor"],
            "role": once["interlocutor"],
            "text": once["utterance_text"],
        }
    ).reset_index(drop=True)
