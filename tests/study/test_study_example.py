"""The bundled study: it reads without a problem, agrees with its sources, and teaches."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rupturecode as rc

if TYPE_CHECKING:
    from types import ModuleType

    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.study import Check, Study

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "study"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = spec_from_file_location("build_study_files", EXAMPLES / "build_study_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def study() -> Study:
    return rc.open_study(FOLDER)


@pytest.fixture(scope="module")
def found(study: Study) -> Check:
    return study.check()


def test_nothing_is_wrong_with_it(found) -> None:
    assert [str(p) for p in found.problems] == []
    assert found.notes.problems == ()


@pytest.mark.parametrize("name", ["A4", "C1"])
def test_word_files_are_in_step_with_their_sources(builder, name) -> None:
    from docx import Document

    paragraphs = [p.text for p in Document(FOLDER / "transcripts" / f"{name}.docx").paragraphs]
    assert paragraphs == [f"{who}: {text}" for who, text in builder.read_source(name)]


@pytest.mark.parametrize("name", ["B1", "B2"])
def test_caption_files_are_in_step_with_their_sources(builder, name) -> None:
    written = (FOLDER / "transcripts" / f"{name}.vtt").read_bytes()
    assert written == builder.caption_text(builder.read_source(name)).encode()


@pytest.mark.parametrize("name", ["A4", "B1", "B2", "C1"])
def test_every_source_line_becomes_one_turn(builder, found, name) -> None:
    source = builder.read_source(name)
    turns = found.corpus[name].turns
    assert turns["speaker"].tolist() == [who for who, _ in source]
    spoken = turns["text"].str.replace(r"\[inaudible [\d:]+\]", "[inaudible {time}]", regex=True)
    assert spoken.tolist() == [text for _, text in source]


def test_it_is_as_large_and_as_varied_as_promised(found) -> None:
    sessions = found.corpus.sessions
    counselling = sessions[sessions["kind"] == "session"]
    assert sessions["kind"].value_counts().to_dict() == {"session": 6, "call": 1, "supervision": 1}
    assert counselling["n_turns"].between(40, 120).all()
    assert counselling["case"].nunique() == 3
    assert counselling["format"].nunique() >= 3
    assert sessions["n_turns"].sum() == 500
    assert sessions.groupby("case", sort=False)["position"].apply(list).to_dict() == {
        "A": [1, 2, 3, 4],
        "B": [1, 2],
        "C": [1, 2],
    }


def test_every_speaker_has_a_role(found) -> None:
    assert set(found.corpus.turns["role"]) == {"client", "therapist", "supervisor"}


def test_what_an_analyst_wrote_is_kept_from_blind_coders(found) -> None:
    talk = found.corpus["A1"]
    comments = talk.marks[talk.marks["kind"] == "comment"]
    assert comments["turn"].tolist() == [25, 44]
    text = " ".join(talk.turns["text"])
    assert "Withdrawal?" not in text
    assert "missed" not in text
    glosses = talk.marks[talk.marks["kind"] == "gloss"]
    assert glosses["text"].tolist() == ["(Family Services Division)"]


def test_caption_times_are_those_of_speech(found) -> None:
    turns = found.corpus.turns
    turns = turns[turns["session"].isin(["B1", "B2"])]
    gaps = turns.groupby("session")["start_ms"].shift(-1) - turns["end_ms"]
    assert gaps.dropna().ge(0).all()
    minutes = (turns["end_ms"] - turns["start_ms"]).astype(float).groupby(turns["speaker"]).sum()
    rate = turns["text"].str.split().str.len().groupby(turns["speaker"]).sum() / (minutes / 60_000)
    assert rate.between(130, 180).all()


def _pair(found: Check, code: str) -> pd.DataFrame:
    return found.notes.ratings(code, coders=["AK", "BM"]).dropna()


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("withdrawal", 0.6, 0.75),
        ("confrontation", 0.6, 0.75),
        ("misattunement", 0.65, 0.8),
        ("accountability_own_contribution", 0.75, 0.9),
        ("stage_explore_meaning", 0.5, 0.7),
        ("stage_explore_avoidance", 0.2, 0.45),
    ],
)
def test_coders_differ_as_real_coders_do(found, code, low, high) -> None:
    pair = _pair(found, code)
    assert low < rc.reliability.cohen_kappa(pair) < high


def test_one_coder_sees_withdrawal_more_readily(found) -> None:
    given = _pair(found, "withdrawal").sum()
    assert given["BM"] > 1.2 * given["AK"]


def test_a_rare_code_shows_what_percent_agreement_hides(found) -> None:
    pair = _pair(found, "dim_culture")
    assert rc.reliability.percent_agreement(pair) > 0.98
    assert rc.reliability.cohen_kappa(pair) < 0.1


def test_the_third_coder_stopped_halfway(found) -> None:
    read = found.notes.ratings("withdrawal", eligible=False)["CL"].notna()
    assert read.groupby(level="session").sum().to_dict() == {
        "A1": 63,
        "A2": 15,
        "A3": 0,
        "A4": 78,
        "B1": 56,
        "B2": 0,
        "C1": 0,
        "C2": 0,
    }


def test_two_readings_of_one_turn_stand_side_by_side_with_reasons(found) -> None:
    frame = found.notes.to_frame()
    there = frame[(frame["session"] == "B2") & (frame["unit"] == 76) & (frame["coder"] == "AK")]
    assert set(there["code"]) == {"client_accepts_repair", "withdrawal"}
    assert there["note"].str.len().gt(40).all()


def test_repairs_point_back_across_contacts(found) -> None:
    links = found.notes.links
    repairs = links[links["relation"] == "repairs"]
    across = repairs["from"].str.split("-").str[1] != repairs["to"].str.split("-").str[1]
    assert across.sum() > 20
    assert "AK-A4-63-repair_deep" in set(repairs.loc[across, "from"])


def _episodes(study: Study, found: Check, layer: Annotations, **changes: object) -> pd.DataFrame:
    given = {**study.settings.episodes, **changes}
    rule = rc.EpisodeRule.from_dict(given, study.codebook)
    return rc.sequences.episodes(layer, found.corpus, rule).episodes


def test_the_readme_tells_the_episodes_on_both_clocks(study, found) -> None:
    majority = found.notes.consensus("majority")
    case = _episodes(study, found, majority)
    assert case["outcome"].value_counts().to_dict() == {"resolved": 5, "censored_case_end": 1}
    first = case.set_index("episode").loc["A1-1"]
    assert first["session_outcome"] == "unresolved"
    assert (first["end_session"], first["case_end_turn"]) == ("A4", 36)
    assert (first["days"], first["contacts"]) == (32, 3)
    session = _episodes(study, found, majority, span="session", merge_gap=10)
    assert session["outcome"].value_counts().to_dict() == {
        "resolved": 6,
        "unresolved": 4,
        "terminated": 1,
        "censored_session_end": 1,
    }
    assert set(session["kind"]) == {"withdrawal", "confrontation", "mixed"}


def test_one_coder_alone_hears_the_rupture_last_longer(study, found) -> None:
    alone = _episodes(study, found, found.notes.only(coder="AK")).set_index("episode")
    assert alone.loc["A1-1", "case_end_turn"] == 74
