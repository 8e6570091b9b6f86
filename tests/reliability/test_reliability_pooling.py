"""Pooling laboratories: the same numbers as the pooled annotations, and no words."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - hypothesis reads annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import ParseError, UnknownNameError, UsageError

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {
                "id": "impact",
                "definition": "how far it harmed the work",
                "scale": {"kind": "ordinal", "anchors": {1: "none", 2: "some", 3: "much"}},
            },
            {"id": "nods", "definition": "how often", "scale": {"kind": "count"}},
            {
                "id": "topic",
                "definition": "what it is about",
                "scale": {"kind": "nominal", "categories": ["self", "work", "us"]},
            },
        ],
    }
)
NAMES = ["estimate", "low", "high", "se", "n_units", "n_sessions", "prevalence", "positive"]
KAPPAS = ["krippendorff_alpha", "fleiss_kappa", "conger_kappa", "light_kappa", "gwet_ac"]


def coding(teams: list[list[str]], seed: int, *, each: int = 4, turns: int = 15) -> Annotations:
    """Every team of coders codes sessions of its own."""
    rng = np.random.default_rng(seed)
    rows, names = [], []
    for team, coders in enumerate(teams):
        for s in range(each):
            session = f"t{team}s{s}"
            names.append(session)
            for turn in range(1, turns + 1):
                there, impact = rng.random() < 0.3, rng.integers(1, 4)
                nods, topic = rng.poisson(1 + team), rng.integers(0, 3)
                for coder in coders:
                    base = {"session": session, "turn": turn, "coder": coder}
                    if there != (rng.random() < 0.15):
                        rows.append({**base, "code": "withdrawal"})
                    off = rng.integers(-1, 2)
                    rows.append(
                        {**base, "code": "impact", "value": int(np.clip(impact + off, 1, 3))}
                    )
                    rows.append({**base, "code": "nods", "value": max(0, int(nods + off))})
                    said = topic if rng.random() < 0.7 else rng.integers(0, 3)
                    rows.append({**base, "code": "topic", "category": ["self", "work", "us"][said]})
    units = pd.DataFrame(
        [(s, t) for s in names for t in range(1, turns + 1)], columns=["session", "unit"]
    )
    return Annotations.from_frame(
        pd.DataFrame(rows), codebook=BOOK, units=units, coverage="whole sessions"
    )


def shared(notes: Annotations, teams: int, folder: Path) -> list[rel.SessionSums]:
    """Each team's sums, by way of a file."""
    out = []
    for team in range(teams):
        sessions = [s for s in notes.sessions if s.startswith(f"t{team}")]
        own = notes.only(sessions=sessions)
        own = own.only(coder=sorted({*own.coverage["coder"]}))
        sums = rel.session_sums(own, f"lab {team}", coders={c: c for c in own.coders})
        out.append(rel.read_session_sums(sums.write(folder / f"{team}.json")))
    return out


def compared(pooled: pd.DataFrame, whole: pd.DataFrame) -> None:
    both = pooled.merge(whole, on=["code", "coefficient"], suffixes=("", "_whole"))
    assert len(both) == len(pooled) == len(whole)
    for name in NAMES:
        assert np.allclose(both[name], both[f"{name}_whole"], equal_nan=True, atol=1e-12), name
    assert both["estimate"].notna().mean() > 0.6


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(
        [
            [["AK", "BL"], ["AK", "BL"]],
            [["AK", "BL", "CM"], ["CM", "BL", "AK"], ["AK", "BL", "CM"]],
            [["AK", "BL"], ["CM", "DN"]],
            [["BL", "CM"], ["AK", "BL", "DN"]],
        ]
    ),
    st.integers(0, 10**6),
)
def test_pooled_sums_are_pooled_annotations(
    tmp_path_factory: pytest.TempPathFactory, teams: list, seed: int
) -> None:
    notes = coding(teams, seed)
    labs = shared(notes, len(teams), tmp_path_factory.mktemp("labs"))
    compared(rel.pooled_agreement(labs).by_code, rel.agreement(notes).by_code)
    asked = {"coefficients": KAPPAS}
    compared(rel.pooled_agreement(labs, **asked).by_code, rel.agreement(notes, **asked).by_code)


def test_bootstrap_intervals_are_the_same_draws(tmp_path: Path) -> None:
    teams = [["AK", "BL"], ["AK", "BL"]]
    notes = coding(teams, 5, each=20, turns=6)
    pooled = rel.pooled_agreement(shared(notes, 2, tmp_path), seed=3)
    whole = rel.agreement(notes, seed=3)
    assert pooled.by_code["interval"].iloc[0] == "session bootstrap"
    compared(pooled.by_code, whole.by_code)
    assert "pooled over 2 laboratories and 40 sessions" in pooled.headline()


def test_sums_by_case_resample_cases(tmp_path: Path) -> None:
    notes = coding([["AK", "BL"]], 2, each=12)
    cases = {s: f"case {i // 2}" for i, s in enumerate(notes.sessions)}
    names = {c: c for c in notes.coders}
    sums = rel.session_sums(notes, "one", cases=cases, coders=names).write(tmp_path / "s.json")
    pooled = rel.pooled_agreement([rel.read_session_sums(sums)]).by_code
    whole = rel.agreement(notes, cases=cases).by_code
    assert pooled["interval"].iloc[0] == "case jackknife-t"
    for name in ("estimate", "low", "high"):
        assert np.allclose(pooled[name], whole[name], equal_nan=True)


def test_the_file_holds_no_names_and_no_words(tmp_path: Path) -> None:
    notes = coding([["Anna Kovac", "Bela Lang"]], 1)
    text = rel.session_sums(notes, "lab").write(tmp_path / "s.json").read_text(encoding="utf-8")
    for secret in ("Anna", "Bela", "t0s0", "self", "work"):
        assert secret not in text
    assert json.loads(text)["coders"] == ["lab 1", "lab 2"]
    again = rel.session_sums(notes, "lab").write(tmp_path / "t.json")
    assert again.read_text(encoding="utf-8") == text


def test_a_laboratory_without_a_code_adds_nothing_to_it(tmp_path: Path) -> None:
    del tmp_path
    notes = coding([["AK", "BL"], ["AK", "BL"]], 3)
    names = {c: c for c in notes.coders}
    parts = [
        notes.only(sessions=[s for s in notes.sessions if s.startswith(t)]) for t in ("t0", "t1")
    ]
    all_codes = rel.session_sums(parts[0], "a", coders=names)
    one_code = rel.session_sums(parts[1], "b", codes=["withdrawal"], coders=names)
    found = rel.pooled_agreement([all_codes, one_code]).by_code.set_index(["code", "coefficient"])
    alone = rel.agreement(parts[0]).by_code.set_index(["code", "coefficient"])
    at = ("impact", "krippendorff_alpha")
    assert found.loc[at, "estimate"] == pytest.approx(alone.loc[at, "estimate"])
    assert found.loc[at, "n_laboratories"] == 1
    assert found.loc[("withdrawal", "krippendorff_alpha"), "n_laboratories"] == 2


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    notes = coding([["AK", "BL"]], 1)
    sums = rel.session_sums(notes, "lab")
    with pytest.raises(UsageError, match="'lab' is given twice"):
        rel.pooled_agreement([sums, sums])
    with pytest.raises(UsageError, match="differ in unit: turn and session"):
        rel.pooled_agreement([sums, rel.session_sums(notes, "other", "session")])
    with pytest.raises(UsageError, match="nothing to pool"):
        rel.pooled_agreement([])
    with pytest.raises(UnknownNameError, match="Unknown coefficient 'kappa'"):
        rel.pooled_agreement([sums], coefficients=["kappa"])
    with pytest.raises(UsageError, match="coder 'BL' has no name"):
        rel.session_sums(notes, "lab", coders={"AK": "x"})
    path = tmp_path / "bad.json"
    for text, words in (("{", "not JSON"), ("{}", "not a file"), ("[1]", "not a file")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ParseError, match=words):
            rel.read_session_sums(path)
    good = json.loads(sums.write(path).read_text(encoding="utf-8"))
    good["codes"]["withdrawal"]["parts"]["rated"]["shape"] = [7]
    path.write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(ParseError, match="sums are damaged"):
        rel.read_session_sums(path)
