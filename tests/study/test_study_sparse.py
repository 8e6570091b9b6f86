"""Studies in which little or nothing was coded still run, and say what that rules out."""

from __future__ import annotations

import pandas as pd
import pytest

from rupturecode.study import init_study, open_study

TALK = "T: How are you?\nC: Fine.\nT: Really?\nC: Leave it.\n"
TURNS = range(1, 5)


def study(tmp_path, marks, *, coders=("AK", "BM"), code="withdrawal", settings=""):
    """Two contacts of four turns and one of a single turn; ``marks`` are turns given ``code``."""
    folder = init_study(tmp_path / "sparse")
    for name, talk in (("s1", TALK), ("s2", TALK), ("s3", "T: Hello.\n")):
        (folder / "transcripts" / f"{name}.txt").write_text(talk, encoding="utf-8")
    for coder in coders:
        rows = [f"s1,{t},{'1' if t in marks else ''}" for t in TURNS]
        table = "\n".join([f"session,turn,{code}", *rows, ""])
        (folder / "codings" / f"{coder}.csv").write_text(table, encoding="utf-8")
    if settings:
        with (folder / "study.toml").open("a", encoding="utf-8") as toml:
            toml.write(settings)
    return open_study(folder)


@pytest.mark.parametrize(
    ("marks", "code", "second"),
    [
        ((), "withdrawal", "Nobody gave any code: there is no agreement to compute."),
        (
            (1,),
            "invite_complaint",
            (
                "Agreement is alpha 1.00 (n = 2) for invites the complaint; it was given too rarely "
                "to tell."
            ),
        ),
    ],
)
def test_a_study_without_ruptures_runs(tmp_path, marks, code, second):
    done = study(tmp_path, marks, code=code).run()
    lines = done.summary().splitlines()
    assert lines[-2] == f"2. {second}"
    assert lines[-1] == "3. No rupture episode was found by the rule in study.toml."
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "No rupture episode was found" in page
    table = pd.read_csv(done.folder / "episodes.csv")
    assert (len(table), "outcome" in table) == (0, True)


def test_one_coder_who_gave_nothing(tmp_path):
    done = study(tmp_path, (), coders=("AK",)).run()
    assert "Agreement needs at least two coders" in done.summary()
    assert "What follows what was not analysed: no presence or count code" in " ".join(
        done.findings.missing
    )


def test_contacts_without_a_case_are_cases_of_their_own(tmp_path):
    done = study(tmp_path, (2,), settings='\n[agreement]\nresample = "case"\n').run()
    settings = done.findings.agreement.settings
    assert settings["cases"] == {"s1": "s1", "s2": "s2", "s3": "s3"}


def test_disagreements_are_listed_on_the_units_that_were_compared(tmp_path):
    told = study(tmp_path, (2,), settings='\n[agreement]\nunits = ["tally", "session"]\n')
    rows = "\n".join(["session,turn,withdrawal", *(f"s1,{t}," for t in TURNS), ""])
    (told.codings_folder / "BM.csv").write_text(rows, encoding="utf-8")
    done = told.run()
    assert done.findings.disagreements.settings["unit"] == "session"
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "<summary>Withdrawal: s1</summary>" in page
    assert "AK: yes, BM: no" in page


def test_ratings_of_whole_sessions_are_compared_on_sessions(tmp_path):
    told = study(tmp_path, (2,))
    for coder, rating in (("AK", 4), ("BM", 5)):
        rows = [f"s1,turn,{t},withdrawal,{int(t == 2)}" for t in (2, 4)]
        rows += [f"{s},session,1,rate_resolution,{rating}" for s in ("s1", "s2")]
        text = "\n".join(["session,kind,unit,code,value,coder", *(f"{r},{coder}" for r in rows)])
        (told.codings_folder / f"{coder}.csv").write_text(text + "\n", encoding="utf-8")
    table = told.run().findings.agreement.by_code
    rated = table[table["n_units"] > 0].set_index(["unit", "code"]).index.unique()
    assert set(rated) >= {("turn", "withdrawal"), ("session", "rate_resolution")}
