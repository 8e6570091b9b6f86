"""The main job on real transcripts: AnnoMI, when it lies beside the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from rupturecode.study import open_study

SCRIPT = Path(__file__).parents[2] / "examples" / "01_annomi_study.py"
#: Wu et al. (2023), as printed in the data set's README, to three decimals.
FLEISS = {
    "main_therapist_behaviour": 0.737,
    "client_talk_type": 0.467,
    "question_exists": 0.869,
    "question_subtype": 0.740,
    "reflection_exists": 0.660,
    "reflection_subtype": 0.496,
    "therapist_input_exists": 0.644,
    "therapist_input_subtype": 0.512,
}


@pytest.fixture(scope="module")
def annomi(shared_data, tmp_path_factory):
    if not SCRIPT.is_file():
        pytest.skip("the example scripts are not beside the tests")
    source = shared_data / "annomi" / "AnnoMI-full.csv"
    folder = tmp_path_factory.mktemp("annomi") / "study"
    command = [sys.executable, str(SCRIPT), str(source), str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return pd.read_csv(source, dtype=str, keep_default_na=False), said.stdout, folder


@pytest.fixture(scope="module")
def ran(annomi):
    return open_study(annomi[2]).run()


def test_what_was_not_kept_is_said(annomi):
    assert "not kept: time '00:09:025' of annomi_038, turn 68" in annomi[1]


def test_every_utterance_and_annotator_is_accounted_for(annomi, ran):
    data, _, _ = annomi
    turns = ran.findings.corpus.turns
    assert (turns["session"].nunique(), len(turns)) == (133, 9_699)
    assert set(ran.findings.notes.coders) == {f"A{i}" for i in range(10)}
    coverage = ran.findings.notes.coverage
    read = (coverage["last_unit"] - coverage["first_unit"] + 1).sum()
    assert read == len(data) == 13_551


def test_words_are_kept_letter_for_letter(annomi, ran):
    data, _, _ = annomi
    first = data.drop_duplicates(["transcript_id", "utterance_id"])
    first = first.assign(turn=first["utterance_id"].astype(int) + 1)
    first["session"] = "annomi_" + first["transcript_id"].str.zfill(3)
    both = ran.findings.corpus.turns.merge(first, on=["session", "turn"])
    assert len(both) == 9_699
    assert (both["raw"] == both["utterance_text"]).all()


@pytest.mark.parametrize("code", FLEISS)
def test_published_agreement_to_three_decimals(ran, code):
    table = ran.findings.agreement.by_code
    row = table[(table["code"] == code) & (table["coefficient"] == "fleiss_kappa")].iloc[0]
    assert round(row["estimate"], 3) == FLEISS[code]
    assert row["low"] < row["estimate"] < row["high"]


def test_sequences_follow_the_choices(ran):
    cells = ran.findings.transitions.to_frame()
    cell = cells[
        (cells["given"] == "question_subtype=open")
        & (cells["target"] == "client_talk_type=neutral")
    ].iloc[0]
    assert cell["count"] > 400
    assert cell["p_adjusted"] < 0.001
    assert len(ran.findings.episodes.to_frame()) > 100


@pytest.mark.usefixtures("ran")
def test_the_report_is_written(annomi):
    assert (annomi[2] / "derived" / "report.html").stat().st_size > 100_000
