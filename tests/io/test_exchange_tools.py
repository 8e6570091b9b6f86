"""What each tool's own files say, on small invented samples."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from exchange_world import BOOK, CORPUS, content, notes_of

from rupturecode.annotation import Annotations
from rupturecode.errors import InvalidDataError, ParseError, UsageError
from rupturecode.io import read_annotations, write_annotations
from rupturecode.io.annotations import (
    boris,
    datavyu,
    doccano,
    gseq,
    labelstudio,
    qdpx,
    taguette,
)
from rupturecode.io.annotations.pages import from_workbook
from rupturecode.io.detect import detect
from rupturecode.transcript import Corpus, Transcript

DATA = Path(__file__).parents[1] / "data" / "codings"
WHOLE = {"codebook": BOOK, "corpus": CORPUS, "coverage": "whole sessions"}


def read(path, **options):
    return read_annotations(path, **{**WHOLE, **options})


def rows(notes, *columns):
    frame = notes.to_frame()[["session", "kind", "unit", "coder", "code", *columns]]
    made = [tuple("" if pd.isna(x) else x for x in r) for r in frame.itertuples(index=False)]
    return sorted(made, key=str)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("boris/good.boris", "boris"),
        ("maxqda/good.csv", "maxqda"),
        ("labelstudio/good_dialogue.json", "labelstudio"),
        ("doccano/AK.jsonl", "doccano"),
        ("doccano/older.jsonl", "doccano"),
        ("refi/good.qde", "qdpx"),
        ("chat/good.cha", "chat"),
        ("elan/good.eaf", "elan"),
        ("inception/s01.xmi", "inception"),
        ("textgrid/good.TextGrid", "textgrid"),
    ],
)
def test_files_are_recognised_by_content(name, format_):
    data = (DATA / name).read_bytes()
    assert detect(data, name, kind="annotations").name == format_
    assert detect(data, "renamed", kind="annotations").name == format_


def test_refi_guids_paths_notes_and_inclusive_ends():
    codes = {"Therapist > Other": "denial"}
    notes = read(DATA / "refi/good.qde", codes=codes)
    said = rows(notes, "start_char", "end_char", "note")
    assert said == [
        ("s01", "span", "", "AK", "denial", 6, 31, "on the selection"),
        ("s01", "span", "", "AK", "withdrawal", 6, 31, "on the coding"),
    ]
    assert notes.problems == ()


def test_refi_codes_of_one_name_under_two_parents_are_not_mixed_up():
    with pytest.raises(InvalidDataError, match=r"'Therapist > Other' is not in the codebook"):
        read(DATA / "refi/good.qde")
    with pytest.raises(InvalidDataError, match=r"codebook small has none\. Did you mean 'denial'"):
        read(DATA / "refi/good.qde", codes={"Therapist > Other": "denail"})


def test_refi_texts_lie_in_the_archive_under_any_case():
    qde = (DATA / "refi/good.qde").read_text(encoding="utf-8")
    start, end = qde.index("<PlainTextContent>T"), qde.index("</PlainTextContent>\n   <Plain")
    text = qde[start + len("<PlainTextContent>") : end]
    bare = qde[:start] + qde[end + len("</PlainTextContent>") :]
    bare = bare.replace('name="s01.docx"', 'name="s01.docx" plainTextPath="internal://AB.txt"')
    crlf = "\ufeff" + text.replace("\n", "\r\n")
    shifted = bare.replace('"39"', '"41"').replace('"64"', '"67"')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("Trial.qde", shifted)
        z.writestr("Sources/ab.TXT", crlf.encode())
    project = qdpx.parse(out.getvalue(), source="x.qdpx")
    assert project.document("3" * 8 + "-3333-3333-3333-" + "3" * 12).text == crlf


@pytest.mark.parametrize("plain", [True, False])
def test_refi_output_is_valid(shared_data, plain):
    etree = pytest.importorskip("lxml.etree")
    [schema] = (shared_data / "formats/refi").glob("*Project.xsd")
    xsd = etree.XMLSchema(etree.parse(schema))
    more = [
        {"session": "s01", "unit": 2, "coder": "AK", "code": "quality", "value": 2, "note": "why\x01"},
        {"session": "s02", "kind": "session", "unit": 1, "coder": "BL", "code": "manner", "category": "harsh"},
        {"session": "s01", "kind": "span", "first_turn": 1, "last_turn": 4, "start_char": 3, "coder": "BL", "code": "denial"},
        {"session": "s01", "unit": 4, "coder": "AK", "code": "denial", "round": 2, "evidence": "spoken", "confidence": 0.5},
    ]  # fmt: skip
    made = notes_of(
        [{"session": "s01", "unit": 2, "coder": "AK", "code": "denial"}, *more[plain * 4 :]]
    )
    written = qdpx.write(made, corpus=CORPUS)
    [data] = written.files.values()
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        xsd.assertValid(etree.fromstring(z.read("project.qde")))
    assert ("control characters or carriage returns in 1 notes" in written.losses) == (not plain)


def test_elan_tiers_of_others_with_texts_values_and_vocabularies():
    notes = read(DATA / "elan/good.eaf", sessions={"good.eaf": "s01"})
    assert rows(notes, "first_turn", "last_turn", "value") == [
        ("s01", "span", "", "BL", "quality", 3, 5, 4.0),
        ("s01", "turn", 2, "AK", "withdrawal", 2, 2, 1.0),
        ("s01", "turn", 2, "BL", "denial", 2, 2, 1.0),
    ]


def test_elan_files_open_in_another_reader(tmp_path):
    pympi = pytest.importorskip("pympi")
    made = notes_of([{"session": "s01", "turn": 2, "coder": "A_K", "code": "denial", "note": "so"}])
    write_annotations(made, tmp_path, format="elan", corpus=CORPUS)
    eaf = pympi.Elan.Eaf(str(tmp_path / "s01.eaf"))
    assert eaf.get_annotation_data_for_tier("denial@C_A_K") == [(2500, 6000, "x")]
    assert eaf.get_ref_annotation_data_for_tier("denial@C_A_K#note")[0][2] == "so"
    assert eaf.get_parameters_for_tier("denial@C_A_K")["ANNOTATOR"] == "A_K"
    assert content(read(tmp_path)) == content(made)


def test_a_session_by_file_name_that_is_none_is_a_problem_that_says_what_would_do():
    with pytest.raises(InvalidDataError, match=r"sessions=\{'good.eaf': '<session>'\}"):
        read(DATA / "elan/good.eaf")
    with pytest.raises(InvalidDataError, match=r"no session 's001'\. Did you mean 's01'"):
        read(DATA / "elan/good.eaf", sessions={"good.eaf": "s001"})


def test_textgrid_doubt_and_speaker():
    notes = read(DATA / "textgrid/good.TextGrid", sessions={"good.TextGrid": "s01"})
    assert rows(notes, "status") == [("s01", "turn", 2, "AK", "withdrawal", "uncertain")]


def test_chat_tiers_name_coders_and_postcodes_do_not():
    with pytest.raises(InvalidDataError, match="nothing says who coded this; say coder="):
        read(DATA / "chat/good.cha", sessions={"good.cha": "s01"})
    notes = read(DATA / "chat/good.cha", sessions={"good.cha": "s01"}, coder="CC")
    assert rows(notes, "value", "category") == [
        ("s01", "turn", 2, "AK", "denial", 1.0, ""),
        ("s01", "turn", 2, "AK", "quality", 2.0, ""),
        ("s01", "turn", 2, "CC", "pauses", 3.0, ""),
        ("s01", "turn", 2, "CC", "withdrawal", 1.0, ""),
        ("s01", "turn", 4, "BL", "manner", "", "soft spoken"),
    ]


def test_boris_states_are_paired_in_order_of_time():
    data = (DATA / "boris/good.boris").read_bytes()
    project = boris.parse(data, source="good.boris")
    assert [(c.names[-1], c.start_ms, c.end_ms, c.note) for c in project.codings] == [
        ("withdrawal", 2500, 6000, "turned away"),
        ("pauses", 6200, 6200, ""),
        ("withdrawal", 8000, 8000, ""),
    ]
    assert project.warnings == ["1 state events have a start without a stop"]
    notes = read(DATA / "boris/good.boris")
    assert rows(notes, "first_turn", "value") == [
        ("s01", "span", "", "AK", "pauses", 3, 3.0),
        ("s01", "span", "", "AK", "withdrawal", 4, 1.0),
        ("s01", "turn", 2, "AK", "withdrawal", 2, 1.0),
    ]


def test_boris_times_hold_the_offset_and_pictures_have_none():
    project = {
        "behaviors_conf": {"0": {"code": "denial", "type": "State event with coding map"}},
        "observations": {
            "s01": {
                "type": "IMAGES",
                "time offset": 60.0,
                "independent_variables": {"observer": "AK"},
                "events": [
                    [62.5, "C", "denial", "None", ""],
                    [66.0, "C", "denial", "None", ""],
                    [float("nan"), "C", "denial", "", "", 1, "a.jpg"],
                ],
            }
        },
    }
    found = boris.parse(json.dumps(project).encode(), source="x.boris")
    [coding] = found.codings
    assert (coding.start_ms, coding.end_ms, coding.names) == (2500, 6000, ("denial",))
    assert found.warnings == ["1 events on pictures have no time and were not read"]


def test_boris_projects_name_all_they_use():
    """What BORIS checks when it opens a project: behaviors, modifiers, subjects, variables, pairs."""
    many = [
        {"session": "s01", "unit": 2, "coder": "AK", "code": "quality", "value": 2, "note": "why"},
        {"session": "s01", "unit": 2, "coder": "AK", "code": "denial", "status": "uncertain", "value": 1},
        {"session": "s01", "kind": "session", "unit": 1, "coder": "AK", "code": "manner", "category": "harsh"},
        {"session": "s01", "kind": "span", "first_turn": 1, "last_turn": 4, "coder": "AK", "code": "denial"},
        {"session": "s01", "kind": "span", "first_turn": 2, "last_turn": 5, "coder": "AK", "code": "denial"},
    ]  # fmt: skip
    [data] = boris.write(notes_of(many), corpus=CORPUS).files.values()
    project = json.loads(data.decode("ascii"))
    behaviors = {b["code"]: b for b in project["behaviors_conf"].values()}
    subjects = {s["name"] for s in project["subjects_conf"].values()}
    variables = {v["label"] for v in project["independent_variables"].values()}
    assert list(project["observations"]) == ["s01@AK", "s01@AK~2"]
    for observation in project["observations"].values():
        assert set(observation["independent_variables"]) <= variables
        open_now = set()
        for _, subject, code, modifier, _ in observation["events"]:
            sets = behaviors[code]["modifiers"]
            assert (modifier in sets["0"]["values"]) if sets else modifier == ""
            assert subject in subjects | {""}
            open_now ^= {(subject, code, modifier)}
        assert not open_now
    assert behaviors["quality"]["modifiers"]["0"]["values"] == ["1", "2", "3", "4", "5"]
    assert behaviors["denial"]["category"] in project["behavioral_categories"]


def test_datavyu_cells_fields_escapes_and_line_ends():
    db = (
        "#4\n"
        "withdrawal@AK (MATRIX,true,)-code01|NOMINAL\n"
        "00:00:02:500,00:00:06:000,(x)\n"
        "client (MATRIX,true,)-quality|NOMINAL,manner|NOMINAL,coder|NOMINAL\n"
        "00:00:06:400,00:00:09:000,(4,soft spoken,BL)\n"
        "00:00:09:000,00:00:09:300,(,harsh,BL)\n"
        "free (TEXT,true,)\n"
        "00:00:01:000,00:00:01:000,a\\, b\\\nc\n"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("folder/db", db)
        z.writestr("__MACOSX/db", "junk")
    project = datavyu.parse(out.getvalue(), source="s01.opf")
    assert project.info == {"columns": ["withdrawal@AK", "client", "free"], "cells": 4}
    assert project.codings[-1].names == ("free = a, b\nc", "a, b\nc")
    from rupturecode.io.exchange.landing import land

    none = {"a, b\nc": None}
    draft = land(project, codebook=BOOK, corpus=CORPUS, codes=none)
    said = draft.rows[["unit", "coder", "code", "value", "category"]].astype(object)
    assert said.where(said.notna(), None).to_numpy().tolist() == [
        [2, "AK", "withdrawal", 1.0, None],
        [4, "BL", "quality", 4.0, None],
        [4, "BL", "manner", None, "soft spoken"],
        [5, "BL", "manner", None, "harsh"],
    ]
    assert draft.problems == []


def test_datavyu_old_files_have_predicates_and_queries():
    db = (
        "#2\n0:heard-where|NOMINAL,often|INTEGER\npauses (INTEGER)\n"
        "00:00:02:500,00:00:06:000,3\n###QueryVar### (PREDICATE)\n"
        "00:00:00:000,00:00:00:000,heard(a,b)\nclient (MATRIX)-manner|NOMINAL,comment|NOMINAL,coder|NOMINAL\n"
        "00:00:06:400,00:00:09:000,(harsh,so \\(it\\) seems,AK)\n"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("db", db)
    project = datavyu.parse(out.getvalue(), source="s01.opf")
    assert project.info == {"columns": ["pauses", "client"], "cells": 2}
    said = [(c.names[0], c.coder, c.note) for c in project.codings]
    assert said == [("pauses = 3", None, ""), ("manner = harsh", "AK", "so (it) seems")]


def test_datavyu_columns_have_names_that_it_allows():
    note = "a, (b) - c|d \\ e\nnext — 😀"
    rows_ = [
        {"session": "s01", "turn": 3, "coder": "A_K", "code": "quality", "value": 5, "note": note}
    ]
    [data] = [
        d for n, d in datavyu.write(notes_of(rows_), corpus=CORPUS).files.items() if "s01" in n
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        lines = z.read("db").decode().split("\n")
        assert z.read("project").startswith(b"!project\n")
    columns = [line.partition(" (")[0] for line in lines if "(MATRIX,true,)-" in line]
    assert columns == [c.id for c in BOOK]
    assert "00:00:06:000,00:00:06:400,(5,A_K,T,a\\, \\(b\\) \\- c\\|d \\\\ e\\" in lines


def test_labelstudio_paragraphs_ratings_relations_and_who_finished():
    notes = read(DATA / "labelstudio/good_dialogue.json", coverage=None)
    assert rows(notes, "first_turn", "last_turn", "start_char", "end_char", "note") == [
        ("s01", "session", 1, "ak@lab.example", "quality", 1, 5, "", "", ""),
        ("s01", "span", "", "ak@lab.example", "denial", 1, 1, 14, 17, ""),
        ("s01", "span", "", "ak@lab.example", "withdrawal", 2, 4, 19, 3, "at last"),
    ]
    assert notes.links["relation"].tolist() == ["answers"]
    assert notes.coders == ("5", "ak@lab.example")  # who found nothing examined it all the same
    words = " ".join(p.message for p in notes.problems)
    assert "1 skipped annotations" in words
    assert "1 predictions" in words


def test_labelstudio_min_export_is_refused_with_advice():
    with pytest.raises(ParseError, match="export as JSON, not JSON-MIN"):
        labelstudio.parse(b'[{"text": "Hm.", "label": "x", "annotator": 1}]', source="min.json")


def test_doccano_generations():
    notes = read(DATA / "doccano/AK.jsonl")
    assert rows(notes, "value", "start_char", "end_char") == [
        ("s01", "session", 1, "AK", "quality", 2.0, "", ""),
        ("s01", "span", "", "AK", "denial", 1.0, 0, 18),
    ]
    notes = read(DATA / "doccano/older.jsonl", codes={"5": "denial"})
    assert rows(notes)[1] == ("s01", "turn", 3, "2", "denial")
    assert len(doccano.parse((DATA / "doccano/older.jsonl").read_bytes(), source="x").codings) == 2


def test_maxqda_segments_are_found_by_words_and_told_apart_by_paragraph():
    notes = read(DATA / "maxqda/good.csv")
    assert rows(notes, "start_char", "end_char", "note") == [
        ("s01", "turn", 2, "AK", "withdrawal", "", "", "looks down"),
        ("s01", "turn", 3, "AK", "denial", "", "", ""),
        ("s01", "turn", 5, "BL", "denial", "", "", "weight 50"),
        ("s02", "span", "", "BL", "denial", 8, 23, ""),
    ]
    assert any("1 weights are no value of their code" in p.message for p in notes.problems)


def test_maxqda_weights_are_values_of_codes_with_such_a_scale(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text(
        "Dokumentname;Code;Anfang;Gewicht;Segment;Autor;Kommentar\n"
        "s01;Client > Quality;2;4;not so good;AK;so\n"
        "s01;quality;4;40;So.;AK;so\n"
        "s01;pauses;2;7;not so good;AK;\n"
        "s01;Picture;2;0;;AK;\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError, match="quality"):  # 40 is no value, so it has none
        read(file)
    file.write_text(file.read_text(encoding="utf-8").replace(";40;", ";5;"), encoding="utf-8")
    notes = read(file)
    assert rows(notes, "value", "note") == [
        ("s01", "span", "", "AK", "pauses", 7.0, ""),
        ("s01", "span", "", "AK", "quality", 4.0, "so"),
        ("s01", "span", "", "AK", "quality", 5.0, "so"),
    ]
    assert any("1 segments without words were not read" in p.message for p in notes.problems)


def test_maxqda_workbooks_have_its_columns_and_cut_what_excel_cannot_hold(tmp_path):
    talk = Transcript.from_turns("s1", [("T", "a " * 20_000), ("C", "=Hm.")])
    corpus = Corpus.from_transcripts([talk])
    given = [
        {"session": "s1", "turn": t, "coder": "AK", "code": "quality", "value": t} for t in (1, 2)
    ]
    made = Annotations.from_frame(
        pd.DataFrame(given), codebook=BOOK, corpus=corpus, coverage="whole sessions"
    )
    lost = write_annotations(made, tmp_path / "m.xlsx", format="maxqda", corpus=corpus)
    assert "the end of 1 texts of more than 32,000 characters" in lost
    [page] = from_workbook((tmp_path / "m.xlsx").read_bytes(), source="m.xlsx")
    assert page.rows[0][1:9] == ["Document name", "Code", "Beginning", "End", "Weight score",
                                 "Segment", "Created by", "Comment"]  # fmt: skip
    assert page.rows[2][2:8] == ["quality", 2, 2, 2, "=Hm.", "AK"]
    back = read(tmp_path / "m.xlsx", corpus=corpus, format="maxqda")
    assert content(back) == content(made)


def test_a_quote_that_could_stand_twice_is_not_guessed(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text("Document name,Code,Segment,Created by\ns01,denial,Hm.,AK\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"'Hm\.' stands there 3 times, and nothing says"):
        read(file)


def test_inception_layers_features_and_utf16():
    notes = read(DATA / "inception/s01.xmi", coder="AK")
    assert rows(notes, "start_char", "end_char", "note") == [
        ("s01", "span", "", "AK", "denial", 14, 17, "after the sign"),
        ("s01", "turn", 2, "AK", "withdrawal", "", "", ""),
    ]


def test_inception_archives_leave_out_nobody_and_the_curated_layer():
    xmi = (DATA / "inception/s01.xmi").read_bytes()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("BL.xmi", xmi)
        z.writestr("TypeSystem.xml", "<a/>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("annotation/s01.txt/BL.zip", inner.getvalue())
        z.writestr("annotation/s01.txt/INITIAL_CAS.xmi", xmi)
        z.writestr("curation/s01.txt/CURATION_USER.xmi", xmi)
    from rupturecode.io.annotations import inception

    project = inception.parse(out.getvalue(), source="x.zip")
    assert {c.coder for c in project.codings} == {"BL"}
    assert project.examined == [("s01.txt/BL/1", "BL")]
    assert "1 curated documents" in project.warnings[0]


def database(path, script, tables):
    with sqlite3.connect(path) as db:
        db.executescript(script)
        for table, records in tables.items():
            marks = ", ".join("?" * len(records[0]))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", records)  # noqa: S608
    db.close()
    return path


def taguette_file(path):
    html = "<p>T: How was it? 😀 Was it fine?</p><p>C: Née — not so good.\nReally, not.</p><p>T: Hm.</p><p>C: So. Hm.</p><p>T: Hm.</p>"
    text = "T: How was it? 😀 Was it fine?C: Née — not so good.\nReally, not.T: Hm.C: So. Hm.T: Hm."
    start = len(text[: text.index("Née")].encode())
    end = len(text[: text.index("T: Hm.C")].encode())
    return database(
        path,
        """CREATE TABLE documents (id INTEGER, name TEXT, contents TEXT, project_id INTEGER);
        CREATE TABLE tags (id INTEGER, path TEXT, project_id INTEGER);
        CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER,
          end_offset INTEGER, snippet TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        CREATE TABLE commands (id INTEGER, user_login TEXT, payload TEXT);""",
        {
            "documents": [(1, "s01", html, 1)],
            "tags": [(1, "client.withdrawal", 1)],
            "highlights": [(1, 1, start, end, "<p>Née — not so good.\nReally, not.</p>"), (2, 1, 0, 2, "T:")],
            "highlight_tags": [(1, 1)],
            "commands": [
                (10, "bl", json.dumps({"type": "highlight_add", "highlight_id": 1})),
                (9, "ak", json.dumps({"type": "highlight_add", "highlight_id": 1})),
                (11, "ak", "not json"),
            ],
        },
    )  # fmt: skip


def test_taguette_bytes_and_the_coder_from_the_log(tmp_path):
    file = taguette_file(tmp_path / "t.sqlite3")
    notes = read(file)
    assert rows(notes) == [("s01", "turn", 2, "ak", "withdrawal")]
    words = " ".join(p.message for p in notes.problems)
    assert "1 highlights without a tag" in words
    assert "1 highlights were changed by another person" in words


def test_qualcoder_owners_categories_and_paths(tmp_path):
    folder = tmp_path / "p.qda"
    folder.mkdir()
    text = "\n".join(
        f"{s}: {t}" for s, t in CORPUS["s01"].turns[["speaker", "text"]].itertuples(index=False)
    )
    start = text.index("Hm.")
    database(
        folder / "data.qda",
        """CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT);
        CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER);
        CREATE TABLE code_cat (catid INTEGER, name TEXT, supercatid INTEGER);
        CREATE TABLE code_text (ctid INTEGER, cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER,
          pos1 INTEGER, owner TEXT, memo TEXT);""",
        {
            "source": [(1, "s01.txt", text, None)],
            "code_name": [(1, "denial", "", 2), (2, "other", "", 2), (3, "other", "", None)],
            "code_cat": [(2, "client", 2)],
            "code_text": [(1, 1, 1, "Hm.", start, start + 3, "AK", "m"), (2, 2, 1, "Hm.", start, start + 3, "AK", "")],
        },
    )  # fmt: skip
    notes = read(folder, codes={"client > other": "withdrawal"})
    assert rows(notes, "note") == [
        ("s01", "turn", 3, "AK", "denial", "m"),
        ("s01", "turn", 3, "AK", "withdrawal", ""),
    ]


def test_taguette_projects_are_a_coder_each_and_keep_them_when_imported(tmp_path):
    """Taguette's import makes whoever imports the user of every command."""
    given = [
        {"session": "s01", "turn": t, "coder": c, "code": "denial"}
        for t, c in ((2, "AK"), (3, "B L"))
    ]
    write_annotations(notes_of(given), tmp_path / "p.sqlite3", format="taguette", corpus=CORPUS)
    with sqlite3.connect(tmp_path / "p.sqlite3") as db:
        logged = db.execute("SELECT project_id, user_login FROM commands ORDER BY id").fetchall()
        assert logged == [(1, "AK"), (2, "B L")]
        paths = {path for (path,) in db.execute("SELECT path FROM tags WHERE project_id = 2")}
        assert paths == {"withdrawal", "withdrawal.denial", "quality", "pauses", "manner"}
        [(html, start, end, snippet)] = db.execute(
            "SELECT contents, start_offset, end_offset, snippet FROM highlights "
            "JOIN documents ON document_id = documents.id WHERE project_id = 1"
        ).fetchall()
        words = taguette.words_of(html).encode()
        assert html.startswith("<p>T: How was it? 😀 Was it fine?</p><p>C: ")
        assert words[start:end].decode() == taguette.words_of(snippet)
        db.execute("UPDATE commands SET user_login = 'admin'")
    db.close()
    assert content(read(tmp_path / "p.sqlite3")) == content(notes_of(given))


def test_taguette_names_of_documents_have_fifty_characters():
    long = "s" * 51
    talk = Transcript.from_turns(long, [("T", "Hm.")])
    corpus = Corpus.from_transcripts([talk])
    frame = pd.DataFrame([{"session": long, "turn": 1, "coder": "AK", "code": "denial"}])
    made = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    with pytest.raises(UsageError, match="more than 50 characters"):
        taguette.write(made, corpus=corpus)


def test_qualcoder_projects_nest_codes_and_hold_a_coding_once(tmp_path):
    given = [
        {"session": "s01", "turn": 2, "coder": "AK", "code": "quality", "value": 2, "round": n}
        for n in (1, 2)
    ]
    lost = write_annotations(notes_of(given), tmp_path / "p.qda", format="qualcoder", corpus=CORPUS)
    assert "1 annotations that give a code again where its coder gave it before" in lost
    with sqlite3.connect(tmp_path / "p.qda" / "data.qda") as db:
        above = dict(
            db.execute(
                "SELECT c.name, p.name FROM code_name c LEFT JOIN code_name p ON p.cid = c.supercid"
            )
        )
        [(words, same)] = db.execute(
            "SELECT seltext, seltext = substr(fulltext, pos0 + 1, pos1 - pos0) FROM code_text "
            "JOIN source ON source.id = fid"
        )
    db.close()
    assert (above["denial"], above["quality = 2"], above["quality"]) == (
        "withdrawal",
        "quality",
        None,
    )
    assert (words.split()[0], same) == ("Née", 1)
    assert rows(read(tmp_path / "p.qda"), "value") == [("s01", "turn", 2, "AK", "quality", 2.0)]


def test_databases_of_others_are_refused(tmp_path):
    file = database(tmp_path / "x.sqlite3", "CREATE TABLE a (b INTEGER);", {"a": [(1,)]})
    with pytest.raises(ParseError, match="has no table 'documents'"):
        taguette.parse(file.read_bytes(), source="x")
    view = database(
        tmp_path / "v.sqlite3",
        "CREATE TABLE a (b INTEGER); CREATE VIEW documents AS SELECT b AS id FROM a;",
        {"a": [(1,)]},
    )
    with pytest.raises(ParseError, match="has no table 'documents'"):
        taguette.parse(view.read_bytes(), source="v")
    with pytest.raises(ParseError, match="cannot be read"):
        taguette.parse(file.read_bytes()[:50] + b"\x00" * 4000, source="cut")


def test_what_the_call_must_say(tmp_path):
    with pytest.raises(InvalidDataError, match="pass corpus="):
        read_annotations(DATA / "elan/good.eaf", codebook=BOOK, units=CORPUS.units("turn"))
    made = notes_of([{"session": "s01", "turn": 2, "coder": "AK", "code": "denial"}])
    with pytest.raises(UsageError, match="pass corpus="):
        write_annotations(made, tmp_path / "x.qdpx")
    with pytest.raises(UsageError, match="'coding-workbook' is read, not written"):
        write_annotations(made, tmp_path / "x", format="coding-workbook", corpus=CORPUS)
    with pytest.raises(UsageError, match="the suffix tells no format"):
        write_annotations(made, tmp_path / "x.xyz", corpus=CORPUS)
    with pytest.raises(UsageError, match=r"could be 'inception' or 'convokit'"):
        write_annotations(made, tmp_path / "x.zip", corpus=CORPUS)
    assert write_annotations(made, tmp_path / "plain") == ()
    assert content(read_annotations(tmp_path / "plain", codebook=BOOK, corpus=CORPUS)) == content(
        made
    )


def test_gseq_sequences_need_a_code_for_every_turn(tmp_path):
    file = tmp_path / "x.sds"
    file.write_text(
        "% made up % Event (denial none);\n<s01> none denial none\n none denial /;\n", "utf-8"
    )
    notes = read(file, coder="AK", codes={"none": None})
    assert rows(notes) == [("s01", "turn", 2, "AK", "denial"), ("s01", "turn", 5, "AK", "denial")]
    file.write_text("Event;\n<s01> denial denial /", "utf-8")
    with pytest.raises(InvalidDataError, match="has 2 codes in a row, but session s01 has 5 turns"):
        read(file, coder="AK")
    file.write_text("Interval=10';\n<s01> denial,,denial*2 /", "utf-8")
    with pytest.raises(InvalidDataError, match="intervals have neither turns nor times"):
        read(file, coder="AK")


def test_gseq_units_have_sessions_and_comments_end_with_the_line():
    text = (
        b"! Codes:\n a / b ; Event !\nEvent  % data type, \xe9 in a comment\n($Wife = WCom WEmo) (HCom)\n"
        b"* Age (Young Adult);\n<Young 1>\nWCom HCom % twice; /\nWCom;\n%second%WEmo HCom (Young)/\n"
        b"<Old 1> HCom/"
    )
    project = gseq.parse(text, source="x.sds")
    assert [(d.name, d.n_turns) for d in project.documents] == [
        ("Young 1 1", 3), ("Young 1 2", 2), ("Old 1", 1)
    ]  # fmt: skip
    assert [c.names[0] for c in project.codings] == ["WCom", "HCom", "WCom", "WEmo", "HCom", "HCom"]
    assert [c.line for c in project.codings] == [7, 7, 8, 9, 9, 10]


def test_gseq_open_codes_last_until_the_next_of_their_set():
    text = (
        "Timed ($M = Passive = mp Active = ma) (x);\n<s01>\n,0:01 mp,1- ma,0:02.5- x,3- x,4-4.25 "
        "mp,6\n& x,1:00:00-1:00:01 ,1:00:02 /"
    )
    found = gseq.parse(text.encode(), source="x.sds").codings
    assert [(c.names, c.start_ms, c.end_ms) for c in found] == [
        (("mp", "Passive"), 1000, 2500),
        (("ma", "Active"), 2500, 6000),
        (("x",), 3000, 4000),
        (("x",), 4000, 4250),
        (("mp", "Passive"), 6000, 6000),
        (("x",), 3_600_000, 3_601_000),
    ]
    text = "State <minutes> (A B) (C);\n<s01>,0:30 A,0:30 B,1 A,1:30 & C=0.5 C=1 ,2:00/"
    found = gseq.parse(text.encode(), source="x.sds").codings
    assert [(c.names[0], c.start_ms, c.end_ms) for c in found] == [
        ("A", 30_000, 60_000), ("B", 60_000, 90_000), ("A", 90_000, 120_000),
        ("C", 0, 30_000), ("C", 30_000, 90_000),
    ]  # fmt: skip


def test_gseq_files_of_boris_begin_with_a_comment_that_nothing_closes(tmp_path):
    file = tmp_path / "s01.sds"
    file.write_text(
        "% SDIS file created by another program\nTimed <seconds>;\n\n<s01>\n"
        "C_denial,2.500-6.000 T_denial,6.000-6.001 /\n\n",
        "utf-8",
    )
    notes = read(file, coder="AK", codes={"C_denial": "denial", "T_denial": "denial"})
    assert rows(notes) == [("s01", "span", "", "AK", "denial"), ("s01", "turn", 2, "AK", "denial")]


def test_gseq_multievents_where_turns_have_no_times(tmp_path):
    talks = [Transcript.from_turns("s 1", [("T", "Hm."), ("C", "So."), ("T", "Well.")])]
    corpus = Corpus.from_transcripts(talks)
    given = [
        {"session": "s 1", "unit": 2, "coder": "AK", "code": "denial"},
        {"session": "s 1", "unit": 2, "coder": "AK", "code": "manner", "category": "soft spoken"},
        {"session": "s 1", "unit": 3, "coder": "AK", "code": "denial", "status": "uncertain", "value": 1},
        {"session": "s 1", "kind": "session", "unit": 1, "coder": "AK", "code": "quality", "value": 4},
        {"session": "s 1", "kind": "span", "first_turn": 1, "last_turn": 2, "coder": "BL", "code": "denial"},
    ]  # fmt: skip
    made = Annotations.from_frame(
        pd.DataFrame(given), codebook=BOOK, corpus=corpus, coverage="whole sessions"
    )
    lost = write_annotations(made, tmp_path / "m.sds", corpus=corpus)
    assert "1 annotations that are not on one turn" in lost
    text = (tmp_path / "m.sds").read_text("utf-8")
    assert (
        "\n<s 1@AK>\nnone.\ndenial manner_soft_spoken.\ndenial_x_doubt (session_quality_4)/\n"
        in text
    )
    back = read(tmp_path / "m.sds", corpus=corpus, coverage=None)
    assert content(back) == [row for row in content(made) if "BL" not in row]
    assert back.ratings("denial")["BL"].tolist() == [0, 0, 0]


def test_gseq_reads_what_sequences_write(tmp_path):
    from rupturecode.sequences import to_sds

    codes = ["denial", "withdrawal", "denial", "denial", "withdrawal"]
    (tmp_path / "x.sds").write_text(to_sds({"s01": codes}), "utf-8")
    notes = read(tmp_path / "x.sds", coder="AK")
    assert notes.to_frame()["code"].tolist() == codes
