"""Invented contacts and codings for the sequences room."""

from types import SimpleNamespace

import pandas as pd
import pytest
from coded_contacts import coding, contact

from rupturecode.codebook import Codebook, load_codebook
from rupturecode.transcript import Corpus


@pytest.fixture(scope="session")
def ccr():
    return load_codebook("ccr")


@pytest.fixture(scope="session")
def tiny():
    """Few codes without roles: anyone may carry them."""
    codes = ["withdrawal", "confrontation", "antagonizes", "repair_surface", "repair_deep",
             "client_accepts_repair", "back_to_work", "left_open", "leaves", "dim_power"]  # fmt: skip
    return Codebook.from_dict(
        {
            "id": "tiny", "version": "1", "title": "Tiny",
            "codes": [{"id": c, "definition": c.replace("_", " ")} for c in codes]
            + [{"id": "rating", "definition": "how far resolved", "level": ["session"],
                "scale": {"kind": "ordinal", "low": 1, "high": 5}}],
        }
    )  # fmt: skip


@pytest.fixture
def case_with_call(ccr):
    """A case in the pattern of the published one, with invented contacts.

    A client withdraws on turn 5 of a twelve-turn phone call, the therapist pushes back on
    turn 10, the client protests on turn 11 and hangs up. The therapist thinks it over in
    supervision. At the next appointment both explore it, and the client accepts the repair.
    """
    sessions = pd.DataFrame(
        {
            "session": ["call", "hour", "meeting"], "case": "K", "position": [1, 2, 3],
            "kind": ["call", "supervision", "session"], "ended_by": ["client", None, None],
            "date": ["2026-03-02", "2026-03-04", "2026-03-09"],
        }
    )  # fmt: skip
    talks = [contact("call", "CT" * 6), contact("hour", "STST"), contact("meeting", "TCTCTC")]
    corpus = Corpus.from_transcripts(talks, sessions=sessions)
    rows = [
        ("call", 5, "withdrawal"), ("call", 10, "antagonizes"), ("call", 11, "confrontation"),
        ("hour", 2, "stage_analyze"),
        ("meeting", 1, "stage_explore_meaning"), ("meeting", 1, "stage_explore_avoidance"),
        ("meeting", 3, "stage_affirm"), ("meeting", 3, "stage_repair"),
        ("meeting", 4, "client_accepts_repair"),
    ]  # fmt: skip
    return SimpleNamespace(corpus=corpus, notes=coding(corpus, rows, ccr), rows=rows, book=ccr)
