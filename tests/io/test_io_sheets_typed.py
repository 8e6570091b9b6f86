"""Tables that people type, long tables with companions, and folders of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import InvalidDataError, UsageError
from rupturecode.io import formats, read_annotations, write_annotations
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from pathlib import Path

BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "label": "Moves away", "definition": "x", "roles": ["client"]},
            {"id": "repair", "definition": "x", "roles": ["therapist"]},
            {"id": "tension", "definition": "x", "scale": {"kind": "ordinal", "anchors": {1: "a", 5: "b"}}},
            {"id": "sighs", "definition": "x", "scale": {"kind": "count"}},
            {"id": "tone", "definition": "x", "scale": {"kind": "nominal", "categories": ["warm", "cold"]}},
        ],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    roles = {"T": "therapist", "C": "client"}
    lines = [("T" if t % 2 == 0 else "C", f"line {t}") for t in range(6)]
    return Corpus.from_transcripts(
        [Transcript.from_turns(s, lines, roles=roles) for s in ("s01", "s02")]
    )


def read(path: Path, corpus: Corpus, **options) -> Annotations:
    return read_annotations(path, codebook=BOOK, corpus=corpus, **options)


def refused(path: Path, corpus: Corpus, **options) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDataError) as caught:
        read(path, corpus, **options)
    return sorted((p.kind, p.place) for p in caught.value.problems)


def file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


WIDE = "session,turn,withdrawal,repair,tension\ns01,2,x,,4\ns01,3,,x,\ns01,4,,,\n"


def test_the_simplest_table_that_works(tmp_path: Path, corpus: Corpus) -> None:
    notes = read(file(tmp_path, "AK.csv", WIDE), corpus)
    assert notes.coders == ("AK",)
    assert notes.ratings("withdrawal", eligible=False).loc["s01", "AK"].tolist()[1:4] == [1, 0, 0]
    assert notes.ratings("withdrawal", eligible=False).loc["s01", "AK"].isna().sum() == 3
    assert notes.ratings("tension").loc[("s01", 2), "AK"] == 4


@pytest.mark.parametrize(
    "text",
    [
        WIDE.replace(",", ";"),
        WIDE.replace(",", "\t"),
        WIDE.replace("\n", "\r\n"),
        "\ufeff" + WIDE,
        WIDE.replace("withdrawal", "Moves away").replace("session,turn", "Session, Turn "),
        WIDE.replace("x", "1"),
        WIDE.replace("session,turn", "transcript_id,utterance_id"),
    ],
    ids=["semicolon", "tab", "crlf", "bom", "labels", "ones", "aliases"],
)
def test_the_same_table_as_other_programs_save_it(
    tmp_path: Path, corpus: Corpus, text: str
) -> None:
    plain = read(file(tmp_path, "AK.csv", WIDE), corpus)
    other = read(file(tmp_path, "AK.csv", text), corpus)
    pd.testing.assert_frame_equal(plain.to_frame(), other.to_frame())


def test_the_same_table_as_a_workbook(tmp_path: Path, corpus: Corpus) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["turn", "withdrawal", "repair", "tension"],
        [2, "x", None, 4],
        [3, None, 1, None],
        [4],
    ]:
        book.active.append(row)
    book.active.title = "s01"
    book.save(tmp_path / "AK.xlsx")
    plain = read(file(tmp_path, "AK.csv", WIDE), corpus).to_frame()
    other = read(tmp_path / "AK.xlsx", corpus).to_frame()
    places = ["origin", "id"]
    pd.testing.assert_frame_equal(plain.drop(columns=places), other.drop(columns=places))


def test_who_codes_and_which_session_from_the_name(tmp_path: Path, corpus: Corpus) -> None:
    notes = read(file(tmp_path, "s02_AK.csv", "turn,withdrawal\n2,x\n4,\n"), corpus)
    assert notes.to_frame()[["session", "coder"]].values.tolist() == [["s02", "AK"]]


def test_only_turns_with_codes_leave_open_what_was_examined(tmp_path: Path, corpus: Corpus) -> None:
    path = file(tmp_path, "AK.csv", "session,turn,withdrawal\ns01,2,x\ns01,4,x\n")
    assert refused(path, corpus) == [("no-coverage", "AK.csv:2")]
    whole = read(path, corpus, coverage="whole sessions").ratings("withdrawal")
    np.testing.assert_array_equal(whole.loc["s01", "AK"], [1, 1, 0])
    rows = read(path, corpus, coverage="rows").ratings("withdrawal")
    np.testing.assert_array_equal(rows.loc["s01", "AK"], [1, 1, np.nan])
    every = "".join(f"s01,{t},,x,\n" if t % 2 else f"s01,{t},x,,\n" for t in range(1, 7))
    full = read(
        file(tmp_path, "AK.csv", "session,turn,withdrawal,repair,tension\n" + every), corpus
    )
    assert not full.ratings("withdrawal").loc["s01"].isna().any().any()


LONG = "session,turn,coder,code,value,note,evidence\n"


def test_long_tables(tmp_path: Path, corpus: Corpus) -> None:
    text = LONG + (
        's01,2,AK,withdrawal,,"looks away,\nthen quiet",transcribed_nonverbal\n'
        "s01,2,AK,tension,3?,,\n"
        "s01,2,AK,tone,cold,,\n"
        "s01,4,AK,withdrawal,n/a,,\n"
        "s01,5,AK,,,,\n"
    )
    notes = read(file(tmp_path, "all.csv", text), corpus)
    table = notes.to_frame()
    got = table[["unit", "code", "value", "category", "status"]].astype(object)
    assert got.where(got.notna(), None).values.tolist() == [
        [2, "withdrawal", 1, None, "given"],
        [2, "tension", 3, None, "uncertain"],
        [2, "tone", None, "cold", "given"],
        [4, "withdrawal", None, None, "not_applicable"],
    ]
    assert table["note"][0] == "looks away,\nthen quiet"
    assert notes.coverage["first_unit"].tolist() == [2, 4, 5]


def test_lines_are_named_as_editors_count_them(tmp_path: Path, corpus: Corpus) -> None:
    text = (
        LONG + 's01,2,AK,withdrawal,,"two\nlines",\n\ns01,4,AK,withdrawl,,,\ns01,9,AK,repair,,,\n'
    )
    assert refused(file(tmp_path, "a.csv", text), corpus, coverage="rows") == [
        ("unit-out-of-range", "a.csv:6"),
        ("unknown-code", "a.csv:5"),
    ]


def test_companions_in_the_folder(tmp_path: Path, corpus: Corpus) -> None:
    file(tmp_path, "a.csv", LONG + "s01,2,AK,withdrawal,,,\n")
    file(tmp_path, "coverage.csv", "session,first_unit,last_unit,coder\ns01,1,4,AK\ns02,1,6,AK\n")
    notes = read(tmp_path, corpus)
    np.testing.assert_array_equal(notes.ratings("withdrawal").loc["s01", "AK"], [1, 0, np.nan])
    assert notes.ratings("withdrawal").loc["s02", "AK"].tolist() == [0, 0, 0]


def test_every_problem_of_every_file_at_once(tmp_path: Path, corpus: Corpus) -> None:
    file(tmp_path, "AK.csv", WIDE.replace("withdrawal", "withdrawl"))
    file(
        tmp_path,
        "BL.csv",
        "session,turn,withdrawal\ns09,2,x\ns01,77,x\ns01,4,perhaps\ns01,1,x\ns01,6,\n",
    )
    file(tmp_path, "CM.csv", "")
    (tmp_path / "DN.csv").write_bytes(b"session,turn,withdrawal\ns01,2,\x81\x8d\x8f\n")
    file(tmp_path, "EO.csv", "a,b\n1,2\n")
    file(
        tmp_path,
        "FP.csv",
        LONG + "s01,2,FP,tension,9,,\ns01,2,FP,tension,2,,\ns01,x,FP,repair,,,\n",
    )
    (tmp_path / "GQ.xlsx").write_bytes(b"PK\x03\x04 broken")
    file(tmp_path, "HR.csv", "session,first_unit,last_unit,coder\ns01,1,99,BL\n")
    file(tmp_path, "notes.txt", "buy milk")
    found = refused(tmp_path, corpus, coverage="rows")
    assert ("unknown-code", "AK.csv:1:3") in found
    assert ("unknown-session", "BL.csv:2") in found
    assert ("unit-out-of-range", "BL.csv:3") in found
    assert ("bad-value", "BL.csv:4:3") in found
    assert ("role-may-not-carry", "BL.csv:5") in found
    assert ("empty-file", "CM.csv") in found
    assert ("bad-encoding", "DN.csv") in found
    assert ("unreadable", "EO.csv") in found
    assert ("bad-value", "FP.csv:2") in found
    assert ("contradiction", "FP.csv:3") in found
    assert ("bad-value", "FP.csv:4") in found
    assert ("unreadable", "GQ.xlsx") in found
    assert ("unit-out-of-range", "HR.csv:2") in found


def test_nothing_to_read(tmp_path: Path, corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="no codings"):
        read(tmp_path, corpus)
    with pytest.raises(UsageError, match="no file or folder"):
        read(tmp_path / "none", corpus)


def test_what_was_read_is_hashed_and_what_was_not_is_listed(tmp_path: Path, corpus: Corpus) -> None:
    import hashlib

    path = file(tmp_path, "AK.csv", WIDE)
    file(tmp_path, "plan.md", "our plan")
    info = read(tmp_path, corpus).info
    assert info["files"].to_dict("records") == [
        {
            "file": "AK.csv",
            "format": "wide-csv",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    ]
    assert info["skipped"] == ["plan.md"]


def test_formats_are_listed() -> None:
    table = formats()
    names = set(table.loc[table["kind"] == "annotations", "name"])
    assert {"coding-workbook", "wide-csv", "long-csv"} <= names


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["s01", "s02"]),
        st.integers(1, 6),
        st.sampled_from(["AK", "=BL", "Çm é"]),
        st.sampled_from(["tension", "sighs", "tone"]),
        st.integers(1, 5),
        st.sampled_from(["given", "uncertain", "cannot_code", "skipped", "not_applicable"]),
        TEXT,
    ),
    max_size=12,
    unique_by=lambda r: r[:4],
)


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_what_is_written_reads_back_the_same(corpus: Corpus, tmp_path_factory, rows) -> None:
    frame = pd.DataFrame(
        [
            {
                "session": s,
                "unit": t,
                "coder": c,
                "code": code,
                "status": status,
                "note": note or None,
                "value": value if code != "tone" and status in ("given", "uncertain") else None,
                "category": "warm" if code == "tone" and status in ("given", "uncertain") else None,
            }
            for s, t, c, code, value, status, note in rows
        ],
        columns=["session", "unit", "coder", "code", "status", "note", "value", "category"],
    )
    notes = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    folder = tmp_path_factory.mktemp("out")
    write_annotations(notes, folder)
    again = read(folder, corpus)
    pd.testing.assert_frame_equal(notes.to_frame(), again.to_frame())
    pd.testing.assert_frame_equal(notes.coverage, again.coverage)
