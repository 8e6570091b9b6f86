"""What the bundled codebooks must hold, and what they must not claim."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from rupturecode.codebook import bundled, check_codebook, codebooks, load_codebook

DATA = Path(__file__).parent / "data"
BOOKS = {name: load_codebook(name) for name in bundled()}
CCR = BOOKS["ccr"]
CONSTRUCTS = list(csv.DictReader((DATA / "constructs.csv").read_text("utf-8").splitlines()))
SPEAKERS = {"C": "client", "T": "therapist", "S": "supervisor"}
EXAMPLES = [
    pytest.param(code, example, id=f"{name}-{code.id}-{n}")
    for name, book in BOOKS.items()
    for code in book
    for n, example in enumerate(code.examples)
]


def test_six_instruments():
    assert set(BOOKS) == {"ccr", "3rs-2015", "3rs-2022", "cis", "mco", "safran-muran"}
    assert list(codebooks()["id"]) == sorted(BOOKS)


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_to_complain_of(name):
    assert check_codebook(BOOKS[name]) == []


@pytest.mark.parametrize("name", BOOKS)
def test_citation_licence_and_language(name):
    book = BOOKS[name]
    assert len(book.citation) > 80
    assert "MIT" in book.licence
    assert book.language == "en"
    assert book.units
    assert book.roles


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda c: c["id"])
def test_every_construct_of_the_model_has_a_code(construct):
    name = construct["id"]
    if name.startswith("cis_"):
        assert name in BOOKS["cis"]
    elif construct["group"] == "social locations":
        assert name in {f.id for f in CCR.case_data}
        assert name not in CCR
    else:
        assert name in CCR
        assert CCR[name].origin
        if CCR[name].origin == "ccr":
            assert CCR[name].section


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_whoever_speaks_in_an_example_may_carry_its_code(code, example):
    speaker = re.match(r"([CTS])(?: \([^)]*\))?: ", example.text)
    if speaker:
        assert code.may_carry(SPEAKERS[speaker[1]])
    else:
        note = example.text.startswith("(") or code.observability in ("inferred", "external")
        assert note, "talk needs a speaker; a note stands in brackets"


def test_only_withdrawal_and_antagonizes_are_the_authors_labels():
    assert CCR["withdrawal"].origin == "ccr"
    assert CCR["antagonizes"].origin == "ccr"
    imported = ("confrontation", "wd_", "cf_", "res_", "rate_", "t_moves_", "tc_", "mco_",
                "micro", "broach_", "coping_", "marker_request", "marker_ends")  # fmt: skip
    for code in CCR:
        if code.id.startswith(imported):
            assert code.origin != "ccr", code.id


def test_unverified_things_say_so():
    unverified = {n: {c.id for c in b if c.status == "unverified"} for n, b in BOOKS.items()}
    for name in ("ccr", "3rs-2015"):
        ids = {c.id for c in BOOKS[name] if c.id.startswith(("cf_", "res_", "rate_"))}
        assert ids <= unverified[name]
    confrontation = {"cf_complaining_criticizing", "cf_pushing_back", "cf_controlling_pressuring"}
    assert confrontation <= unverified["3rs-2022"]
    assert {c.id for c in BOOKS["cis"]} == unverified["cis"]
    assert {c.id for c in BOOKS["mco"] if c.id.startswith("coping_")} <= unverified["mco"]
    assert {c.id for c in BOOKS["safran-muran"].descendants("sm_stage")} <= unverified[
        "safran-muran"
    ]


@pytest.mark.parametrize("name", ["3rs-2015", "3rs-2022", "mco"])
def test_imported_codes_mean_the_same_as_in_their_own_book(name):
    shared = {c.id for c in BOOKS[name] if not c.heading and c.id in CCR}
    shared = {code for code in shared if not CCR[code].heading}
    shared -= {"withdrawal", "confrontation"}  # ccr widens them
    assert len(shared) >= 15
    for code in shared:
        ours, theirs = CCR[code], BOOKS[name][code]
        for field in ("definition", "include", "exclude"):
            assert getattr(ours, field) == getattr(theirs, field), code


def test_five_vignettes_per_family_with_the_four_named():
    families = Counter(v.family for book in BOOKS.values() for v in book.vignettes)
    assert set(families) == {"ccr", "3rs", "cis", "mco", "safran-muran"}
    assert min(families.values()) >= 5
    named = {v.id for v in CCR.vignettes}
    assert {"missed_session_excuse", "limits_versus_antagonism", "racism_discussed_or_enacted",
            "reassuring_refusal"} <= named  # fmt: skip


def test_the_named_vignettes_say_what_they_must():
    by_id = {v.id: v for v in CCR.vignettes}
    excuse = {g.code for g in by_id["missed_session_excuse"].turns[1].codes}
    assert {"withdrawal", "sf_transport_distance"} <= excuse
    limit, threat = by_id["limits_versus_antagonism"].turns[1::2]
    assert "clear_limits" in {g.code for g in limit.codes}
    assert "antagonizes" in {g.code for g in threat.codes}
    assert "antagonizes" in limit.breaks
    assert "clear_limits" in threat.breaks
    told, enacted = by_id["racism_discussed_or_enacted"].turns[:2]
    assert {g.category for g in told.codes if g.code == "iso_racism"} == {"talked_about"}
    assert {g.category for g in enacted.codes if g.code == "iso_racism"} == {"enacted_here"}


def test_stages_merge_repeat_and_are_never_ordered():
    stages = [c.id for c in CCR.children("stage") if c.id.startswith("stage_")]
    assert len(stages) == 8
    for rule in CCR.constraints:
        if rule.code.startswith("stage_"):
            assert rule.kind == "requires"
            assert rule.code in ("stage_round", "stage_merged_with")
    assert CCR["stage_analyze"].observability == "external"
    assert "supervisor" in CCR["stage_analyze"].roles


def test_sources_are_weighed_and_never_exclusive():
    sources = CCR.descendants("rupture_source")
    assert {c.scale.kind for c in sources} == {"ordinal"}
    touched = {rule.code for rule in CCR.constraints if rule.kind == "excludes"}
    touched |= {o for rule in CCR.constraints if rule.kind == "excludes" for o in rule.others}
    free = (*sources, *CCR.descendants("dimension"), *CCR.descendants("stage"))
    assert not touched & {c.id for c in free}


def test_systems_are_talked_about_or_enacted():
    for code in CCR.descendants("system_of_oppression"):
        assert code.scale.categories == ("talked_about", "enacted_here", "both")


@pytest.mark.parametrize("name", BOOKS)
def test_keys_are_unique(name):
    keys = [c.key for c in BOOKS[name] if c.key]
    assert len(keys) == len(set(keys))


def test_loading_all_is_quick_and_light():
    code = """
import sys, time
import yaml
from rupturecode.codebook import bundled, load_codebook
load_codebook("cis")
times = []
for _ in range(3):
    start = time.process_time()
    for name in bundled():
        load_codebook(name)
    times.append(time.process_time() - start)
print(min(times), "pandas" in sys.modules)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, pandas = out.stdout.split()
    assert pandas == "False"
    assert float(seconds) < 0.2, seconds


def test_headings_are_not_counted_among_unverified_codes():
    table = codebooks().set_index("id")
    assert table.loc["cis", ["n_codes", "n_unverified"]].tolist() == [5, 5]
    assert (table["n_unverified"] <= table["n_codes"]).all()
