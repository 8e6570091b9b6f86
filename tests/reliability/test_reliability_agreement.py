"""The agreement table from annotations: scales, levels, intervals, reasons, uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from pathlib import Path

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {"id": "silence", "definition": "says nothing", "parent": "withdrawal"},
            {"id": "shift", "definition": "changes topic", "parent": "withdrawal"},
            {"id": "confrontation", "definition": "moves against"},
            {"id": "never", "definition": "nobody gives it"},
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
CODERS = ("AK", "BL", "CM")
ALL = ("withdrawal", "silence", "shift", "confrontation", "never", "impact", "nods", "topic")


def coding(seed: int, *, sessions: int = 12, turns: int = 25, coders: int = 3) -> Annotations:
    """Coders who mostly see what is there; one of them often takes a shift for a silence."""
    rng = np.random.default_rng(seed)
    rows = []
    for s in range(sessions):
        for turn in range(1, turns + 1):
            there = {"silence": 0.15, "shift": 0.12, "confrontation": 0.1}
            truth = [c for c, p in there.items() if rng.random() < p]
            impact, nods, topic = rng.integers(1, 4), rng.poisson(2), rng.integers(0, 3)
            for coder in CODERS[:coders]:
                base = {"session": f"s{s:02}", "turn": turn, "coder": coder}
                for code in truth:
                    if rng.random() < 0.8:
                        seen = "silence" if code == "shift" and coder == "BL" else code
                        rows.append(base | {"code": seen})
                value = int(np.clip(impact + rng.integers(-1, 2), 1, 3))
                rows.append(base | {"code": "impact", "value": value})
                count = max(0, nods + int(rng.integers(-1, 2)))
                if count:
                    rows.append(base | {"code": "nods", "value": count})
                choice = topic if rng.random() < 0.8 else rng.integers(0, 3)
                rows.append(base | {"code": "topic", "category": ["self", "work", "us"][choice]})
    units = pd.DataFrame(
        [(f"s{s:02}", t) for s in range(sessions) for t in range(1, turns + 1)],
        columns=["session", "unit"],
    )
    frame = pd.DataFrame(rows).drop_duplicates(["session", "turn", "coder", "code"])
    return Annotations.from_frame(frame, codebook=BOOK, units=units, coverage="whole sessions")


@pytest.fixture(scope="module")
def notes() -> Annotations:
    return coding(0)


@pytest.fixture(scope="module")
def found(notes: Annotations) -> rel.Agreement:
    return rel.agreement(notes, codes=ALL)


def bare(notes: Annotations) -> pd.DataFrame:
    """The table without ids, so that rows can be copied."""
    return notes.to_frame().drop(columns="id")


def at(result: rel.Agreement, code: str, coefficient: str) -> pd.Series:
    table = result.by_code
    rows = table[(table["code"] == code) & (table["coefficient"] == coefficient)]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("code", "coefficient", "compute"),
    [
        ("silence", "krippendorff_alpha", rel.krippendorff_alpha),
        ("silence", "fleiss_kappa", rel.fleiss_kappa),
        ("withdrawal", "gwet_ac", rel.gwet_ac),
        ("impact", "krippendorff_alpha", lambda r: rel.krippendorff_alpha(r, "ordinal")),
        ("impact", "fleiss_kappa", lambda r: rel.fleiss_kappa(r, "quadratic")),
        ("impact", "gwet_ac", lambda r: rel.gwet_ac(r, "quadratic")),
        ("impact", "ICC(A,1)", rel.icc),
        ("nods", "krippendorff_alpha", lambda r: rel.krippendorff_alpha(r, "interval")),
        ("nods", "ICC(A,1)", rel.icc),
        ("topic", "percent_agreement", rel.percent_agreement),
        ("topic", "krippendorff_alpha", rel.krippendorff_alpha),
    ],
)
def test_the_table_holds_what_the_plain_functions_say(
    notes: Annotations, found: rel.Agreement, code: str, coefficient: str, compute: object
) -> None:
    ratings = notes.ratings(code)
    row = at(found, code, coefficient)
    assert row["estimate"] == pytest.approx(compute(ratings))
    assert row["low"] < row["estimate"] < row["high"]
    assert row["percent"] == pytest.approx(rel.percent_agreement(ratings))
    assert (row["n_units"], row["n_coders"], row["n_sessions"]) == (300, 3, 12)
    if code in {"silence", "withdrawal"}:
        assert row["positive"] == pytest.approx(rel.positive_agreement(ratings))
        assert row["negative"] == pytest.approx(rel.negative_agreement(ratings))
        assert row["prevalence"] == pytest.approx(rel.prevalence(ratings))


def test_two_coders_get_cohens_kappa_and_more_coders_a_reason() -> None:
    two = rel.agreement(coding(1, coders=2), codes=["silence", "impact"])
    ratings = coding(1, coders=2).ratings("impact")
    kappa = at(two, "impact", "cohen_kappa")["estimate"]
    assert kappa == pytest.approx(rel.cohen_kappa(ratings, "quadratic", categories=[1, 2, 3]))
    three = rel.agreement(coding(1), codes=["silence"], coefficients=["cohen_kappa"])
    row = three.by_code.iloc[0]
    assert np.isnan(row["estimate"])
    assert row["note"].startswith("compares two coders and 3 coded: see by_pair")


def test_what_is_undefined_says_so(found: rel.Agreement) -> None:
    row = at(found, "never", "krippendorff_alpha")
    assert np.isnan(row["estimate"])
    assert row["note"] == (
        "all ratings of units with two coders are 0: agreement cannot be told from chance"
    )
    assert (row["percent"], row["negative"]) == (1.0, 1.0)
    assert np.isnan(row["positive"])


def test_one_coder_no_overlap_full_agreement_and_two_sessions_are_told() -> None:
    three = coding(0, sessions=3)
    alone = rel.agreement(three.only(coder="AK"), unit=("turn", "tally"))
    assert alone.by_code["estimate"].isna().all()
    assert set(alone.by_code["note"]) == {"one coder only"}
    assert "nothing could be estimated" in alone.headline()

    rows, turns = bare(three), three.units[three.units["kind"] == "turn"]
    apart = rows[
        ((rows["coder"] == "AK") & (rows["session"] == "s00"))
        | ((rows["coder"] == "BL") & (rows["session"] == "s01"))
    ]
    seen = apart[["session", "coder"]].drop_duplicates()
    seen = seen.assign(kind="turn", first_unit=1, last_unit=25)
    notes = Annotations.from_frame(apart, codebook=BOOK, units=turns, coverage=seen)
    assert set(rel.agreement(notes).by_code["note"]) == {"no unit was rated by two coders"}

    one = rows[rows["coder"] == "AK"]
    twins = pd.concat([one, one.assign(coder="BL")])
    full = Annotations.from_frame(twins, codebook=BOOK, units=turns, coverage="whole sessions")
    row = at(rel.agreement(full), "silence", "krippendorff_alpha")
    assert row["estimate"] == 1
    assert np.isnan(row["low"])
    assert row["note"] == "no interval: no disagreement in the sample to make one from"

    two = rel.agreement(three.only(sessions=["s00", "s01"]), codes=["silence"])
    assert two.by_code["note"].str.contains("the interval rests on 2 sessions only").all()


def test_high_ac_that_hides_no_discrimination_is_warned_of() -> None:
    """Three coders, each sees the code on turns of their own: AC1 is high all the same."""
    units = pd.DataFrame({"session": "s1", "unit": range(1, 101)})
    marks = pd.DataFrame(
        {"session": "s1", "turn": [5, 50, 95], "coder": CODERS, "code": "confrontation"}
    )
    notes = Annotations.from_frame(marks, codebook=BOOK, units=units, coverage="whole sessions")
    result = rel.agreement(notes, codes=["confrontation"])
    row = at(result, "confrontation", "gwet_ac")
    assert row["estimate"] > 0.9
    assert row["positive"] == 0
    assert "high because coders agree on absence" in row["note"]
    assert at(result, "confrontation", "krippendorff_alpha")["estimate"] < 0


def test_levels_stand_side_by_side_and_tallies_add_up(notes: Annotations) -> None:
    result = rel.agreement(notes, unit=("turn", "session", "tally"), codes=["silence"])
    table = result.by_code
    assert list(dict.fromkeys(table["unit"])) == ["turn", "session", "tally"]
    counts = notes.ratings("silence").groupby(level="session").sum()
    tally = table[(table["unit"] == "tally") & (table["coefficient"] == "ICC(A,1)")].iloc[0]
    assert tally["estimate"] == pytest.approx(rel.icc(counts))
    assert tally["n_units"] == 12
    session = table[(table["unit"] == "session") & (table["coefficient"] == "gwet_ac")].iloc[0]
    assert session["n_units"] == 12


def test_intervals_say_what_was_resampled(notes: Annotations) -> None:
    options = {"codes": ["silence"], "coefficients": ["krippendorff_alpha"]}
    few = rel.agreement(notes, **options).by_code.iloc[0]
    assert few["interval"] == "session jackknife-t"
    many = rel.agreement(coding(2, sessions=35, turns=10), **options).by_code.iloc[0]
    assert many["interval"] == "session bootstrap"
    units = rel.agreement(notes, **options, resample="unit").by_code.iloc[0]
    assert units["interval"] == "unit bootstrap, as if independent"
    cases = {f"s{s:02}": f"dyad{s // 3}" for s in range(12)}
    dyads = rel.agreement(notes, **options, cases=cases).by_code.iloc[0]
    assert dyads["interval"] == "case jackknife-t"
    one = rel.agreement(notes.only(sessions=["s00"]), **options).by_code.iloc[0]
    assert one["interval"].endswith("as if independent")
    with pytest.raises(UsageError, match="session 's11' has no case"):
        rel.agreement(notes, **options, cases={k: v for k, v in cases.items() if k != "s11"})
    with pytest.raises(UsageError, match='use "session", "case" or "unit"'):
        rel.agreement(notes, resample="turn")


def test_sessions_that_one_coder_rated_do_not_pass_for_double_coded(notes: Annotations) -> None:
    alone = bare(notes.only(coder="AK"))
    both = bare(notes.only(sessions=["s00", "s01", "s02"]))
    rows = pd.concat([alone[~alone["session"].isin(both["session"])], both])
    coverage = rows[["session", "coder"]].drop_duplicates()
    coverage = coverage.assign(kind="turn", first_unit=1, last_unit=25)
    mixed = Annotations.from_frame(
        rows, codebook=BOOK, units=notes.units[notes.units["kind"] == "turn"], coverage=coverage
    )
    row = at(rel.agreement(mixed, codes=["silence"]), "silence", "krippendorff_alpha")
    assert (row["n_units"], row["n_sessions"]) == (75, 3)
    three = rel.agreement(notes.only(sessions=["s00", "s01", "s02"]), codes=["silence"])
    plain = at(three, "silence", "krippendorff_alpha")
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx(
        (plain["estimate"], plain["low"], plain["high"])
    )


def test_the_mean_over_codes_has_an_interval_from_joint_draws(found: rel.Agreement) -> None:
    overall = found.overall.set_index("coefficient")
    alphas = found.by_code[found.by_code["coefficient"] == "krippendorff_alpha"]
    row = overall.loc["krippendorff_alpha"]
    assert row["estimate"] == pytest.approx(alphas["estimate"].mean())
    assert row["n_codes"] == 7
    assert row["note"] == "1 code undefined, left out"
    assert row["high"] - row["low"] < (alphas["high"] - alphas["low"]).min() * 1.2


def test_the_table_comes_apart_by_pair_session_coder_and_category(
    notes: Annotations, found: rel.Agreement
) -> None:
    pair = found.by_pair.set_index(["code", "coder_a", "coder_b"]).loc[("shift", "AK", "CM")]
    two = notes.ratings("shift", coders=["AK", "CM"])
    assert pair["kappa"] == pytest.approx(rel.cohen_kappa(two))
    assert pair["positive"] == pytest.approx(rel.positive_agreement(two))
    session = found.by_session.set_index(["session", "code", "coefficient"])
    one = session.loc[("s03", "topic", "krippendorff_alpha")]
    assert one["estimate"] == pytest.approx(
        rel.krippendorff_alpha(notes.ratings("topic").loc["s03"])
    )
    coder = found.by_coder.set_index(["code", "coder"])
    assert coder.loc[("shift", "BL"), "change"] > 0.2, "BL never says shift"
    category = found.by_category.set_index(["code", "category"])
    work = notes.ratings("topic").eq("work").astype(float)
    assert category.loc[("topic", "work"), "estimate"] == pytest.approx(
        rel.krippendorff_alpha(work)
    )


def test_a_consensus_is_refused_and_unknown_names_are_told(notes: Annotations) -> None:
    majority = notes.consensus("majority")
    for analysis in (rel.agreement, rel.disagreements, rel.confusions):
        with pytest.raises(UsageError, match="consensus layer is full by construction"):
            analysis(majority)
    for analysis in (rel.disagreements, rel.confusions):
        with pytest.raises(UsageError, match="a tally has no units"):
            analysis(notes, unit="tally")
    with pytest.raises(UnknownNameError, match="Did you mean 'silence'"):
        rel.agreement(notes, codes=["silense"])
    with pytest.raises(UnknownNameError, match="Did you mean 'gwet_ac'"):
        rel.agreement(notes, coefficients=["gwet_ac1"])


def test_the_result_knows_how_it_was_made(found: rel.Agreement) -> None:
    assert found.settings["codebook"] == "tiny@1"
    assert found.settings["replicates"] == 2000
    assert found.settings["coders"] == list(CODERS)
    assert found.headline().startswith("Agreement on 8 codes by turn: alpha ")
    assert found.tables[0] == "by_code"


def test_a_difference_to_itself_is_nothing_and_training_shows() -> None:
    before, after = coding(3, sessions=16), coding(4, sessions=16)
    nothing = rel.compare_agreement(before, before, codes=["silence"]).by_code.iloc[0]
    assert nothing["difference"] == 0
    trained = bare(after)
    trained.loc[trained["coder"] == "CM", "coder"] = "AK2"
    copy = trained[trained["coder"] == "AK"].assign(coder="CM")
    better = Annotations.from_frame(
        pd.concat([trained[trained["coder"] == "AK"], copy]),
        codebook=BOOK,
        units=after.units[after.units["kind"] == "turn"],
        coverage="whole sessions",
    )
    result = rel.compare_agreement(before, better, codes=["silence", "confrontation"])
    rows = result.by_code.set_index("code")
    assert rows.loc["silence", "second"] == 1
    assert rows.loc["silence", "low"] > 0
    assert rows.loc["mean", "difference"] == pytest.approx(
        rows.loc[["silence", "confrontation"], "difference"].mean()
    )
    assert (
        result.headline() == "Agreement differs (its interval leaves out 0) in 2 of 2 comparisons."
    )


def test_one_code_against_another(notes: Annotations) -> None:
    row = rel.compare_codes(notes, "shift", "confrontation").by_code.iloc[0]
    first = rel.krippendorff_alpha(notes.ratings("shift"))
    second = rel.krippendorff_alpha(notes.ratings("confrontation"))
    assert row["difference"] == pytest.approx(second - first)
    assert row["low"] > 0, "BL never says shift, so confrontation is agreed on better"


def test_confusions_find_what_is_taken_for_what(notes: Annotations) -> None:
    result = rel.confusions(notes, codes=["silence", "shift", "confrontation"])
    table = result.table.set_index(["code", "other"])
    assert table.loc[("shift", "silence"), "lift"] > 2
    assert table.loc[("shift", "confrontation"), "lift"] < 1.5
    assert "shift for silence" in result.headline()
    ak, bl, cm = (notes.ratings("shift")[c] for c in CODERS)
    pairs = [(ak, bl), (bl, ak), (ak, cm), (cm, ak), (bl, cm), (cm, bl)]
    same = sum(((a == 1) & (b == 1)).sum() for a, b in pairs)
    assert table.loc[("shift", "(same)"), "n"] == same
    assert list(result.matrix().columns) == ["silence", "shift", "confrontation", "(nothing)"]


def test_sets_of_codes_on_a_turn(notes: Annotations) -> None:
    codes = ["silence", "shift", "confrontation"]
    sets = rel.code_sets(notes, codes)
    one = {c: notes.ratings(c) for c in codes}
    for (session, turn), row in sets.head(40).iterrows():
        for coder in CODERS:
            assert row[coder] == {c for c in codes if one[c].loc[(session, turn), coder] == 1}
    session = sets.index.get_level_values("session")
    found = rel.intervals(sets, level=rel.masi_distance, sessions=session).iloc[0]
    assert found["estimate"] == pytest.approx(rel.masi_alpha(sets))
    assert found["low"] < found["estimate"] < found["high"]


def test_every_named_coefficient_can_stand_in_the_table(notes: Annotations) -> None:
    names = [n for n in rel.COEFFICIENTS if n != "masi_alpha"]
    table = rel.agreement(notes, codes=["silence"], coefficients=names).by_code
    assert list(table["coefficient"]) == names
    defined = table.set_index("coefficient")["estimate"].notna()
    assert set(defined[~defined].index) == {"cohen_kappa", "scott_pi"}, "three coders"
    ratings = notes.ratings("silence")
    for name in ("pabak", "icc", "light_kappa", "negative_agreement"):
        estimate = table.set_index("coefficient").loc[name, "estimate"]
        assert estimate == pytest.approx(rel.COEFFICIENTS[name](ratings)), name


def test_disagreements_are_ranked_with_text_and_context() -> None:
    talk = [("T", "How was the week?"), ("C", "Fine."), ("T", "Fine?"), ("C", "Can we stop?")]
    corpus = Corpus.from_transcripts(
        [Transcript.from_turns("s1", talk, roles={"T": "therapist", "C": "client"})]
    )
    marks = pd.DataFrame(
        [
            ("s1", 2, "AK", "silence", 1), ("s1", 2, "BL", "silence", 1),
            ("s1", 4, "AK", "confrontation", 1),
            ("s1", 2, "AK", "impact", 1), ("s1", 2, "BL", "impact", 2),
            ("s1", 4, "AK", "impact", 3), ("s1", 4, "BL", "impact", 3),
        ],
        columns=["session", "turn", "coder", "code", "value"],
    )  # fmt: skip
    notes = Annotations.from_frame(marks, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    result = rel.disagreements(notes, corpus)
    ranked = result.ranked
    assert ranked[["rank", "unit", "code"]].to_numpy().tolist() == [
        [1, 4, "confrontation"], [2, 2, "impact"],
    ]  # fmt: skip
    assert ranked["disagreement"].tolist() == [1.0, 0.5]
    first = ranked.iloc[0]
    assert (first["said"], first["role"]) == ("AK 1; BL 0", "client")
    assert (first["before"], first["text"], first["after"]) == ("T: Fine?", "C: Can we stop?", "")
    assert result.by_code.set_index("code").loc["silence", "n_disputed"] == 0
    assert result.headline().startswith("Coders differ on 2 of ")
    wide = rel.disagreements(notes, corpus, context=3).ranked.iloc[0]
    assert wide["before"] == "T: How was the week?\nC: Fine.\nT: Fine?"


def test_annomi_readme_kappas(shared_data: Path) -> None:
    """Ten coders, seven conversations; on a speaker's own turns, n/a is a category."""
    frame = pd.read_csv(shared_data / "annomi" / "AnnoMI-full.csv", keep_default_na=False)
    coders = frame.groupby("transcript_id")["annotator_id"].transform("nunique")
    frame = frame[coders == 10]
    published = {
        "main_therapist_behaviour": 0.737,
        "client_talk_type": 0.467,
        "question_exists": 0.869,
        "question_subtype": 0.740,
        "reflection_exists": 0.660,
        "reflection_subtype": 0.496,
        "therapist_input_exists": 0.644,
        "therapist_input_subtype": 0.512,
    }
    for column, kappa in published.items():
        speaker = "client" if column == "client_talk_type" else "therapist"
        ratings = frame[frame["interlocutor"] == speaker].pivot_table(
            index=["transcript_id", "utterance_id"],
            columns="annotator_id",
            values=column,
            aggfunc="first",
        )
        assert ratings.shape == ((212, 10) if speaker == "client" else (216, 10))
        assert round(rel.fleiss_kappa(ratings), 3) == kappa, column


def test_an_icc_counts_and_resamples_only_the_units_that_every_coder_rated() -> None:
    """The third coder read 3 of 12 sessions: 75 units, not 300, and t for 3 sessions."""
    notes = coding(3)
    read = notes.coverage
    kept = read[(read["coder"] != "CM") | read["session"].isin(["s00", "s01", "s02"])]
    frame = notes.to_frame()
    kept_rows = frame[(frame["coder"] != "CM") | frame["session"].isin(["s00", "s01", "s02"])]
    partly = Annotations.from_frame(kept_rows, codebook=BOOK, units=notes.units, coverage=kept)
    complete = partly.ratings("impact").dropna()
    found = rel.agreement(partly, codes=["impact"])
    row = at(found, "impact", "ICC(A,1)")
    assert (row["n_units"], row["n_sessions"]) == (len(complete), 3) == (75, 3)
    assert row["note"].startswith("rests on 75 units that every coder rated, of 300")
    assert "the interval rests on 3 sessions only" in row["note"]
    sessions = complete.index.get_level_values(0)
    without = np.array([rel.icc(complete[sessions != s]) for s in ("s00", "s01", "s02")])
    se = np.sqrt(2 / 3 * ((without - without.mean()) ** 2).sum())
    assert row["estimate"] == pytest.approx(rel.icc(complete))
    assert row["se"] == pytest.approx(se)
    reach = 12.706205 * se / (1 - row["estimate"] ** 2)  # t with 3 - 2 degrees of freedom
    assert row["low"] == pytest.approx(np.tanh(np.arctanh(row["estimate"]) - reach))
    assert row["high"] == pytest.approx(np.tanh(np.arctanh(row["estimate"]) + reach))
    assert at(found, "impact", "krippendorff_alpha")["n_units"] == 300
    counted = found.by_session[found.by_session["coefficient"] == "ICC(A,1)"]
    assert set(counted["session"]) == {"s00", "s01", "s02"}


def test_levels_are_worded_for_each_coefficient(found: rel.Agreement) -> None:
    levels = found.by_code[found.by_code["code"] == "impact"].set_index("coefficient")["level"]
    assert levels.to_dict() == {
        "krippendorff_alpha": "ordinal",
        "fleiss_kappa": "ordinal, quadratic weights",
        "gwet_ac": "ordinal, quadratic weights",
        "ICC(A,1)": "interval",
    }


def test_a_mean_over_codes_says_how_few_sessions_its_interval_rests_on() -> None:
    notes = coding(4, sessions=3)
    table = rel.agreement(notes, codes=["silence", "shift", "never"]).overall
    note = table.set_index("coefficient").loc["krippendorff_alpha", "note"]
    assert note == "1 code undefined, left out; the interval rests on 3 sessions only"
    nothing = rel.agreement(notes, codes=["never"]).overall
    assert set(nothing["interval"]) == {""}
    assert set(nothing["note"]) == {"1 code undefined, left out"}


def test_a_code_given_on_a_few_units_only_says_how_few() -> None:
    """Two coders gave it once each, on different turns: a narrow interval would be no knowledge."""
    rows = [
        {"session": "s00", "turn": 1, "coder": "AK"},
        {"session": "s01", "turn": 2, "coder": "BL"},
    ]
    marks = pd.DataFrame([row | {"code": "confrontation"} for row in rows])
    units = coding(1, sessions=6, coders=2).units
    notes = Annotations.from_frame(
        pd.concat([marks, marks.assign(code="silence", coder=["BL", "AK"])]),
        codebook=BOOK,
        units=units,
        coverage="whole sessions",
    )
    row = at(rel.agreement(notes, codes=["confrontation"]), "confrontation", "krippendorff_alpha")
    assert row["n_given"] == 2
    assert "given on only 2 units: an interval says little" in row["note"]


def test_one_name_may_stand_for_a_list_and_cases_may_be_a_series() -> None:
    notes = coding(1, sessions=4)
    listed = rel.agreement(notes, codes=["silence"], coefficients=["gwet_ac"]).by_code
    alone = rel.agreement(notes, codes="silence", coefficients="gwet_ac").by_code
    pd.testing.assert_frame_equal(alone, listed)
    cases = {"s00": "x", "s01": "x", "s02": "y", "s03": "z"}
    by_dict = rel.agreement(notes, codes=["silence"], cases=cases)
    by_series = rel.agreement(notes, codes=["silence"], cases=pd.Series(cases))
    pd.testing.assert_frame_equal(by_dict.by_code, by_series.by_code)
    assert by_series.settings["cases"] == cases


def test_what_agreement_cannot_be_asked_of_is_named() -> None:
    notes = coding(1, sessions=2)
    with pytest.raises(UsageError, match="not of a DataFrame"):
        rel.agreement(notes.to_frame())
    with pytest.raises(UsageError, match="not of a DataFrame"):
        rel.disagreements(notes.to_frame())
    with pytest.raises(UsageError, match="unit names a kind of unit"):
        rel.agreement(notes, unit=[])
    with pytest.raises(UsageError, match="session 's01' has no case"):
        rel.agreement(notes, cases={"s00": "x", "s01": None})
