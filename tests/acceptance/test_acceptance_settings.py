"""Whatever `run` cannot follow in study.toml, `check` says first: once, and with its line."""

from __future__ import annotations

import pytest

from rupturecode.errors import InvalidDataError
from rupturecode.study import open_study

MISTAKES = {
    "codebook": ('"ccr" ', '"crr" ', "Did you mean 'ccr'?"),
    "codes": ("codes = []", 'codes = ["withdrawl"]', "Did you mean 'withdrawal'?"),
    "consensus": ('unit = "turn"', 'unit = "turn"\nconsensus = "most"', "majority"),
    "unit": ('unit = "turn"', 'unit = "exchange"', "no units of kind 'exchange'"),
    "coverage": ('"whole sessions"', '"all"', '"whole sessions" or "rows" or'),
    "links": ("[codings]", '[codings]\nlinks = "l.csv"', "the name of a file"),
    "table": ("[codings]", '[sessions]\ntable = "x.csv"\n[codings]', "no file 'x.csv'"),
    "pattern": ("[codings]", '[sessions]\npattern = "("\n[codings]', "regular expression"),
    "convention": ("[codings]", '[transcripts]\nconvention = "jeferson"\n[codings]', "jefferson"),
    "merge": ("[codings]", '[transcripts]\nmerge = "all"\n[codings]', "same-speaker"),
    "gap_ms": ("[codings]", "[transcripts]\ngap_ms = -5\n[codings]", "0 ms or longer"),
    "format": ("[codings]", '[transcripts]\nformat = "txet"\n[codings]', "'text'"),
    "onset": ("[codings]", '[episodes]\nonset = ["withdrawl"]\n[codings]', "withdrawal"),
    "onsets": ("[codings]", '[episodes]\nonsets = ["withdrawal"]\n[codings]', "'onset'"),
    "confidence": ("[codings]", "[agreement]\nconfidence = 95\n[codings]", "0.95"),
    "coefficients": ("[codings]", '[agreement]\ncoefficients = ["kapa"]\n[codings]', "kappa"),
    "units": ("[codings]", '[agreement]\nunits = ["turns"]\n[codings]', "turn"),
    "resample": ("[codings]", '[agreement]\nresample = "all"\n[codings]', '"case"'),
}


@pytest.mark.parametrize(("key", "mistake"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_setting_that_cannot_be_followed_is_told_once_at_its_line(
    study_folder, amend, key, mistake
):
    old, new, hint = mistake
    toml = amend(study_folder, old, new) / "study.toml"
    line = next(
        i
        for i, words in enumerate(toml.read_text(encoding="utf-8").splitlines(), start=1)
        if words.startswith(key)
    )
    (found,) = open_study(study_folder).check().problems
    assert (found.source, found.line) == ("study.toml", line)
    assert hint in found.message


def test_a_run_refuses_such_settings_and_writes_nothing(study_folder, amend):
    amend(study_folder, 'unit = "turn"', 'unit = "turn"\nconsensus = "most"')
    with pytest.raises(InvalidDataError, match=r"study.toml:5"):
        open_study(study_folder).run()
    assert not (study_folder / "derived").exists()


def test_a_codebook_of_ones_own_needs_no_rupture_codes(study_folder, amend):
    book = "id: own\nversion: '1'\ntitle: Own\ncodes:\n  - id: smiles\n    definition: A smile.\n"
    (study_folder / "own.yaml").write_text(book, encoding="utf-8")
    amend(study_folder, '"ccr" ', '"own.yaml" ')
    for coder in ("AK", "BM"):
        rows = "session,turn,smiles\ns01,1,\ns01,2,1\n"
        (study_folder / "codings" / f"{coder}.csv").write_text(rows, encoding="utf-8")
    assert open_study(study_folder).check().problems == ()
    open_study(study_folder).run()
    assert (study_folder / "derived" / "report.html").is_file()


def test_tables_of_an_earlier_run_that_were_damaged_do_no_harm(study_folder):
    written = list(open_study(study_folder).run().folder.rglob("*.parquet"))
    assert written
    for path in written:
        path.write_bytes(b"PAR1 and no more")
    assert open_study(study_folder).check().problems == ()
