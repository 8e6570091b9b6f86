"""The whole cycle: sheets, three imperfect coders, adjudication; other programs; AnnoMI."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest

from rupturecode.annotation import Annotations, adjudication_list, codebook_gaps, disputes
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError
from rupturecode.io import read_annotations, write_sheets
from rupturecode.io.adjudication import read_adjudication, write_adjudication
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from pathlib import Path


BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away", "roles": ["client"]},
            {"id": "repair", "definition": "mends", "roles": ["therapist"]},
            {"id": "tension", "definition": "how tense", "scale": {"kind": "ordinal", "anchors": {1: "none", 5: "much"}}},
            {"id": "sighs", "definition": "how many", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "which", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
            {"id": "overall", "definition": "whole", "level": ["session"], "scale": {"kind": "ordinal", "anchors": {1: "low", 5: "high"}}},
        ],
    }
)  # fmt: skip
TEXTS = [
    "=1+1 is what I said",
    "1-2",
    "  spaces  and\ttabs ",
    "שלום, ça va? 你好 🙂",
    "00123",
    "TRUE",
    "12/03",
    "a, b; c | \"d\" 'e'",
    "-",
    "long " * 300,
]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    roles = {"T": "therapist", "C": "client"}
    talks = [
        Transcript.from_turns(
            session,
            [("T" if i % 2 else "C", f"{text}") for i, text in enumerate(TEXTS + TEXTS)],
            roles=roles,
        )
        for session in ("s01", "s02", "1", "a/b")
    ]
    return Corpus.from_transcripts(talks)


def fill(path: Path, frame: pd.DataFrame, reviewed: dict[str, int]) -> None:
    """Type a coder's codes into their workbook, as given in a table."""
    book = openpyxl.load_workbook(path)
    spots = {}
    for page in book:
        header = next((r for r in page.iter_rows(max_row=3) if _is_header(r)), None)
        if header is None:
            continue
        columns = {c.value: c.column for c in header}
        for row in page.iter_rows(min_row=4):
            session, kind, unit, *_ = str(row[-1].value).split("|")
            spots[session, kind, int(unit)] = (page, row[0].row, columns)
    for session, kind, unit, code, cell in frame[
        ["session", "kind", "unit", "code", "cell"]
    ].itertuples(index=False):
        page, row, columns = spots[session, kind, unit]
        page.cell(row, columns[code]).value = cell
    for session, last in reviewed.items():
        page, row, columns = spots[session, "turn", last]
        page.cell(row, columns["reviewed"]).value = "x"
    book.save(path)


def _is_header(row) -> bool:
    return any(str(c.value).startswith("rupturecode sheet|") for c in row)


def truth(corpus: Corpus, seed: int) -> pd.DataFrame:
    """What an ideal coder would give: a table with the cell to type."""
    rng = np.random.default_rng(seed)
    rows = []
    for talk in corpus:
        for turn, role in zip(talk.turns["turn"], talk.turns["role"], strict=True):
            for code in BOOK:
                if "session" in code.level or not code.may_carry(role) or rng.random() > 0.3:
                    continue
                rows.append((talk.session, "turn", int(turn), code.id, _cell(code, rng)))
        rows.append((talk.session, "session", 1, "overall", str(rng.integers(1, 6))))
    return pd.DataFrame(rows, columns=["session", "kind", "unit", "code", "cell"])


def _cell(code, rng) -> str:
    if code.scale.kind == "presence":
        return "x"
    if code.scale.kind == "nominal":
        return str(rng.choice(code.scale.categories))
    return str(rng.integers(1, 6))


def imperfect(ideal: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Miss some codes, doubt some, misjudge some values."""
    rng = np.random.default_rng(seed)
    seen = ideal[rng.random(len(ideal)) > 0.15].copy()
    number = seen["cell"].str.isdigit() & (rng.random(len(seen)) < 0.2)
    seen.loc[number, "cell"] = "3"
    doubt = rng.random(len(seen)) < 0.1
    seen.loc[doubt, "cell"] += "?"
    return seen


def test_the_whole_cycle(corpus: Corpus, tmp_path: Path) -> None:
    coders = ["AK", "BL", "CM"]
    plan = write_sheets(corpus, BOOK, coders, tmp_path / "codings", seed=4, double=2)
    ideal = truth(corpus, 1)
    typed = {}
    for i, coder in enumerate(coders):
        mine = plan.assignments.query("coder == @coder")["session"].tolist()
        typed[coder] = imperfect(ideal, i).query("session in @mine")
        path = tmp_path / "codings" / f"{coder}.xlsx"
        fill(path, typed[coder], {s: len(corpus[s]) for s in mine})
    notes = read_annotations(tmp_path / "codings", codebook=BOOK, corpus=corpus)
    assert notes.problems == ()
    assert len(notes) == sum(map(len, typed.values()))
    for coder, frame in typed.items():
        got = notes.only(coder=coder).to_frame()
        said = got["category"].fillna(got["value"].map("{:g}".format)).where(
            got["code"].isin(["tension", "sighs", "tone", "overall"]), "x"
        ) + got["status"].map({"given": "", "uncertain": "?"})
        cells = {(r.session, r.unit, r.code): r.cell for r in frame.itertuples()}
        assert (
            dict(zip(zip(got["session"], got["unit"], got["code"], strict=True), said, strict=True))
            == cells
        )
    list_ = adjudication_list(notes, corpus)
    assert len(list_) == len(disputes(notes)) > 10
    list_["decision"] = ["absent" if BOOK[c].scale.kind in ("presence", "count") else
                         "warm" if c == "tone" else "3" for c in list_["code"]]  # fmt: skip
    list_.loc[0, ["reason", "codebook_unclear"]] = ["= no rule for sighs", "x"]
    for name in ("decisions.xlsx", "decisions.csv"):
        path = write_adjudication(list_, BOOK, tmp_path / name)
        decided = read_adjudication(path)
        pd.testing.assert_frame_equal(decided[list_.columns], list_, check_dtype=False)
    made = notes.consensus(decided)
    assert made.problems == ()
    assert made.to_frame()["status"].isin(["given", "uncertain"]).all()
    assert codebook_gaps(decided).loc[0, "reasons"] == "= no rule for sighs"
    agreed = notes.ratings("withdrawal").dropna().query("AK == BL == CM == 1").index
    assert len(agreed)
    assert (made.ratings("withdrawal").loc[agreed, "consensus"] == 1).all()


def test_a_changed_adjudication_row_is_found(corpus: Corpus, tmp_path: Path) -> None:
    rows = [("s01", 1, "AK", 2), ("s01", 1, "BL", 4)]
    frame = pd.DataFrame(rows, columns=["session", "turn", "coder", "value"]).assign(code="tension")
    notes = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="rows")
    path = write_adjudication(adjudication_list(notes, corpus), BOOK, tmp_path / "d.xlsx")
    book = openpyxl.load_workbook(path)
    book["disagreements"]["D3"] = 2
    book.save(path)
    with pytest.raises(InvalidDataError, match=r"cell disagreements!A3"):
        read_adjudication(path)


@pytest.fixture(scope="module")
def office() -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    return program


ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.mark.parametrize("target", ["xlsx", "ods", ALL_SHEETS], ids=["xlsx", "ods", "csv"])
def test_what_libreoffice_saves_reads_the_same(
    corpus: Corpus, tmp_path: Path, office: str, target: str
) -> None:
    write_sheets(corpus, BOOK, ["AK"], tmp_path / "in", seed=2)
    typed = imperfect(truth(corpus, 5), 6)
    path = tmp_path / "in" / "AK.xlsx"
    fill(path, typed, {s.session: 20 for s in corpus})
    out = tmp_path / "out"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    done = subprocess.run(
        [office, home, "--headless", "--convert-to", target, "--outdir", str(out), str(path)],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before = read_annotations(path, codebook=BOOK, corpus=corpus)
    after = read_annotations(out, codebook=BOOK, corpus=corpus)
    key = ["session", "kind", "unit", "code"]
    kept = [*key, "value", "category", "status", "coder", "codebook"]
    pd.testing.assert_frame_equal(
        before.to_frame().sort_values(key, ignore_index=True)[kept],
        after.to_frame().sort_values(key, ignore_index=True)[kept],
    )
    assert len(before) == len(typed)
    cover = ["session", "kind", "last_unit", "coder", "codes"]
    assert set(before.coverage[cover].itertuples(index=False, name=None)) == set(
        after.coverage[cover].itertuples(index=False, name=None)
    )


def test_annomi_through_sheets_and_back(shared_data: Path, tmp_path: Path) -> None:
    """Every annotator's label of every therapist utterance, typed into a workbook and read."""
    table = pd.read_csv(
        shared_data / "annomi" / "AnnoMI-full.csv", dtype=str, keep_default_na=False
    )
    counts = table.groupby("transcript_id")["annotator_id"].nunique()
    several = counts[counts > 1].index
    assert table["annotator_id"].nunique() == 10
    chosen = sorted({table.loc[table["annotator_id"] == a, "transcript_id"].iloc[0]
                     for a in table["annotator_id"].unique()} | set(several[:2]))  # fmt: skip
    table = table[table["transcript_id"].isin(chosen)]
    book = Codebook.from_dict(
        {
            "id": "annomi",
            "version": "1",
            "title": "AnnoMI behaviours",
            "codes": [
                _nominal("main_therapist_behaviour", table, "therapist"),
                _nominal("client_talk_type", table, "client"),
            ],
        }
    )
    talks = []
    for session, rows in table.groupby("transcript_id"):
        first = rows.drop_duplicates("utterance_id").astype({"utterance_id": int})
        first = first.sort_values("utterance_id")
        turns = list(zip(first["interlocutor"], first["utterance_text"], strict=True))
        talks.append(_as_turns(session, turns))
    corpus = Corpus.from_transcripts(talks)
    given_codes, folder = [], tmp_path / "codings"
    for coder, rows in table.groupby("annotator_id"):
        mine = sorted(set(rows["transcript_id"]))
        write_sheets(corpus, book, [f"A{coder}"], folder, sessions=mine, seed=1)
        cells = pd.concat(rows.assign(code=c.id, cell=rows[c.id], kind="turn") for c in book).query(
            "cell != 'n/a'"
        )
        ids = table.groupby("transcript_id")["utterance_id"].unique()
        cells = cells.assign(
            session=cells["transcript_id"],
            unit=[sorted(ids[s].astype(int)).index(int(u)) + 1
                  for s, u in zip(cells["transcript_id"], cells["utterance_id"], strict=True)],
        )  # fmt: skip
        fill(folder / f"A{coder}.xlsx", cells, {s: len(corpus[s]) for s in mine})
        given_codes.append(cells.assign(coder=f"A{coder}"))
    notes = read_annotations(folder, codebook=book, corpus=corpus)
    key = ["session", "unit", "coder", "code"]
    want = pd.concat(given_codes)[[*key, "cell"]].sort_values(key, ignore_index=True)
    got = notes.to_frame()[[*key, "category"]].sort_values(key, ignore_index=True)
    assert len(notes.coders) == 10
    assert got.astype(str).to_numpy().tolist() == want.astype(str).to_numpy().tolist()


def _nominal(column: str, table: pd.DataFrame, role: str) -> dict[str, object]:
    choices = sorted(set(table[column]) - {"n/a", ""})
    return {"id": column, "definition": "as published", "roles": [role],
            "scale": {"kind": "nominal", "categories": choices}}  # fmt: skip


def _as_turns(session: str, turns: list[tuple[str, str]]) -> Transcript:
    roles = {"therapist": "therapist", "client": "client"}
    return Transcript.from_turns(session, turns, roles=roles)
