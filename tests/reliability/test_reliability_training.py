"""Training: known confusions give known rates, slips are listed, the rule is applied."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, precision_score, recall_score

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UsageError
from rupturecode.reliability.training import PassRule, rates, training
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [{"id": c, "definition": "x"} for c in ("withdrawal", "repair", "rare")],
    }
)
SESSIONS = [f"s{i}" for i in range(6)]
CORPUS = Corpus.from_transcripts(
    [
        Transcript.from_turns(s, [("C" if t % 2 else "T", f"{s} words {t}") for t in range(30)])
        for s in SESSIONS
    ]
)


def coded(rng, coder: str, base: dict, round_: int, *, error: float) -> tuple[list, dict]:
    rows, said = [], {}
    for place, there in base.items():
        given = bool(there) ^ (rng.random() < error)
        said[place] = int(given)
        if given:
            session, turn, code = place
            rows.append(
                {"session": session, "turn": turn, "code": code, "coder": coder, "round": round_}
            )
    return rows, said


@pytest.fixture(scope="module")
def material():
    rng = np.random.default_rng(0)
    share = {"withdrawal": 0.3, "repair": 0.2, "rare": 0.0}
    base = {
        (s, t, c): int(rng.random() < share[c])
        for s in SESSIONS
        for t in range(1, 31)
        for c in share
    }
    expert, gold = coded(rng, "expert", base, 1, error=0)
    first, said_1 = coded(rng, "AK", base, 1, error=0.3)
    second, said_2 = coded(rng, "AK", base, 2, error=0.02)

    def notes(rows, **options):
        return Annotations.from_frame(
            pd.DataFrame(rows), codebook=BOOK, corpus=CORPUS, coverage="whole sessions", **options
        )

    return notes(first + second), notes(expert, layer="gold"), gold, {1: said_1, 2: said_2}


def test_rates_equal_scikit_learn(material) -> None:
    trainees, gold, truth, said = material
    table = training(trainees, gold, replicates=200).to_frame().set_index(["round", "code"])
    for round_ in (1, 2):
        for code in ("withdrawal", "repair"):
            places = [p for p in truth if p[2] == code]
            want, got = [truth[p] for p in places], [said[round_][p] for p in places]
            row = table.loc[(round_, code)]
            assert row["sensitivity"] == pytest.approx(recall_score(want, got))
            assert row["precision"] == pytest.approx(precision_score(want, got))
            assert row["kappa"] == pytest.approx(cohen_kappa_score(want, got))
            assert row["n_gold"] == sum(want)
            assert row["kappa_low"] <= row["kappa"] <= row["kappa_high"]


def test_cohen_1960_worked_table() -> None:
    """A 2 x 2 table with observed .70 and expected .50 has kappa .40."""
    assert rates(np.array([20, 10, 5, 15]))[2] == pytest.approx(0.4)


def test_slips_are_listed_with_their_words(material) -> None:
    trainees, gold, truth, said = material
    missed = training(trainees, gold, CORPUS, replicates=10).to_frame("missed")
    wrong = {(r, *p) for r in said for p in truth if p[2] != "rare" and truth[p] != said[r][p]}
    got = {(r.round, r.session, r.unit, r.code) for r in missed.itertuples() if r.code != "rare"}
    assert got == wrong
    row = missed.iloc[0]
    assert row["text"] == f"{row['session']} words {row['unit'] - 1}"
    slip = {1: "missed", 0: "false alarm"}
    assert all(slip[truth[r.session, r.unit, r.code]] == r.slip for r in missed.itertuples())


def test_the_rule_and_progress(material) -> None:
    trainees, gold, *_ = material
    result = training(
        trainees, gold, codes=["withdrawal", "repair", "rare"], rule=PassRule(kappa=0.7)
    )
    verdict = result.to_frame("verdict").set_index("round")
    assert verdict["passed"].tolist() == [False, True]
    assert verdict["n_judged"].tolist() == [2, 2]
    rare = result.to_frame().query("code == 'rare'")
    assert rare["passed"].isna().all()
    assert rare["sensitivity"].isna().all()
    assert rare["note"].str.contains("not in the gold standard").all()
    assert result.headline() == "Passed: AK (attempt 2)."


def test_one_session_has_no_interval(material) -> None:
    trainees, gold, *_ = material
    row = training(trainees.only(sessions=["s0"]), gold).to_frame().iloc[0]
    assert np.isnan(row["kappa_low"])
    assert "one session: no interval" in row["note"]


def test_what_cannot_be_compared(material) -> None:
    trainees, gold, *_ = material
    with pytest.raises(UsageError, match="one coding"):
        training(gold, Annotations.from_frame(
            pd.concat([gold.to_frame(), gold.to_frame().assign(coder="B", id=lambda t: "b" + t["id"])]),
            codebook=BOOK, corpus=CORPUS, coverage="whole sessions"))  # fmt: skip
    with pytest.raises(UsageError, match="no examined unit in common"):
        training(trainees.only(sessions=["s0"]), gold.only(sessions=["s1"]))


def half(notes: Annotations) -> Annotations:
    """The same coding by someone who stopped after turn 15 of every session."""
    frame = notes.to_frame().query("unit <= 15")
    cover = notes.coverage.assign(last_unit=15)
    return Annotations.from_frame(frame, codebook=BOOK, corpus=CORPUS, coverage=cover)


def test_who_leaves_out_half_does_not_pass(material) -> None:
    trainees, gold, *_ = material
    rule = PassRule(kappa=0.5, min_gold=3)
    whole = training(trainees.only(round=2), gold, rule=rule, replicates=10)
    assert whole.verdict["passed"].tolist() == [True]
    short = training(half(trainees.only(round=2)), gold, rule=rule, replicates=10)
    row = short.verdict.iloc[0]
    assert (row["n_examined"], row["n_to_examine"], row["passed"]) == (90, 180, False)
    assert row["note"] == "examined 90 of 180 units"
    assert "AK examined 90 of 180 units in attempt 2" in short.headline()
    lax = PassRule(kappa=0.5, min_gold=3, share_examined=0.5)
    assert training(half(trainees.only(round=2)), gold, rule=lax, replicates=10).verdict[
        "passed"
    ].tolist() == [True]


def test_a_code_on_every_unit_that_is_given_to_every_unit_is_reached() -> None:
    rows = pd.DataFrame({"session": "s0", "turn": range(1, 31), "code": "rare"})
    gold, trainee = (
        Annotations.from_frame(
            rows.assign(coder=c), codebook=BOOK, corpus=CORPUS, coverage="whole sessions"
        )
        for c in ("expert", "AK")
    )
    found = training(trainee, gold, rule=PassRule(kappa=0.8), replicates=10)
    assert np.isnan(found.by_code["kappa"].iloc[0])
    assert found.verdict["passed"].tolist() == [True]


def test_progress_goes_from_the_first_attempt_to_the_last(material) -> None:
    trainees, gold, *_ = material
    found = training(trainees, gold, rule=PassRule(kappa=0.7), replicates=10)
    table = found.progress.set_index("code")
    assert table["n_attempts"].tolist() == [2, 2]
    kappas = found.by_code.set_index(["round", "code"])["kappa"]
    for code in ("withdrawal", "repair"):
        row = table.loc[code]
        assert row["change"] == pytest.approx(kappas[2, code] - kappas[1, code])
        assert (row["passed_first"], row["passed_last"]) == (False, True)
    assert training(trainees.only(round=1), gold, replicates=10).progress.empty
