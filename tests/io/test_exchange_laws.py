"""What holds for every tool: what its file can hold comes back, what it cannot is told."""

from __future__ import annotations

import contextlib
import io
import random
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from exchange_world import BOOK, CORPUS, codings, content, corpus_of, notes_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rupturecode.annotation import Annotations
from rupturecode.errors import InvalidDataError, ParseError, UsageError
from rupturecode.io import read_annotations, write_annotations
from rupturecode.io._formats import known_formats
from rupturecode.transcript import Corpus, Transcript

ALL = ("turn", "span", "session")
NOTE = ("note",)
MORE = ("note", "round", "evidence", "confidence")
#: Per format: whether places inside turns are held, which other columns, and which kinds of unit.
HELD = {
    "qdpx": (True, MORE, ALL),
    "labelstudio": (True, MORE, ALL),
    "inception": (True, MORE, ALL),
    "doccano": (True, (), ALL),
    "elan": (False, MORE, ALL),
    "textgrid": (False, (), ALL),
    "chat": (False, (), ("turn",)),
    "convokit": (True, MORE, ALL),
    "boris": (False, ("note", "round"), ALL),
    "datavyu": (False, MORE, ALL),
    "qualcoder": (True, NOTE, ALL),
    "taguette": (True, ("round",), ALL),
    "maxqda": (True, MORE, ALL),
    "gseq": (False, ("round",), ALL),
}
LINKS = ("qdpx", "labelstudio", "elan", "convokit")
#: Formats that hold all sessions in files that no session names.
ONE_FILE = (
    "qdpx",
    "labelstudio",
    "doccano",
    "convokit",
    "boris",
    "qualcoder",
    "taguette",
    "maxqda",
    "gseq",
)
PHASES = (Phase.explicit, Phase.generate)  # a smaller example is not worth minutes of search
ROUND = settings(
    max_examples=6, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck)
)


def through(notes, name, coverage="whole sessions"):
    with tempfile.TemporaryDirectory() as folder:
        lost = write_annotations(notes, Path(folder) / "out", format=name, corpus=CORPUS)
        back = read_annotations(
            Path(folder) / "out", codebook=BOOK, corpus=CORPUS, coverage=coverage, format=name
        )
    return back, lost


@pytest.mark.parametrize("name", HELD)
def test_what_a_format_holds_comes_back(name):
    chars, parts, kinds = HELD[name]

    @ROUND
    @given(codings(chars=chars, parts=parts, kinds=kinds))
    def law(rows):
        made = notes_of(rows)
        back, lost = through(made, name)
        assert content(back, *parts) == content(made, *parts)
        assert back.problems == ()
        assert not any(x.startswith((*parts, "exact words")) for x in lost)

    law()


@pytest.mark.parametrize("name", [n for n, (chars, *_) in HELD.items() if chars])
def test_places_hold_among_characters_of_every_width_and_kind(name, tmp_path):
    draw = random.Random(1)
    signs = "ab<>&'\"\xa0\x85\u2028\u200fשלום 😀é漢\x01\x0b\ufeff;#x41&amp;%!\r\n"
    talks, rows = {}, []
    for session in ("s01", "s02", "s03"):
        said = ["".join(draw.choice(signs) for _ in range(30)) + "z" for _ in range(5)]
        talks[session] = [("TC"[i % 2], t, 10 * i, 10 * i + 10) for i, t in enumerate(said)]
    corpus = corpus_of(talks)
    for talk in corpus:
        for turn, text in zip(talk.turns["turn"], talk.turns["text"], strict=True):
            start = draw.randrange(len(text) - 2)
            end = draw.randrange(start + 1, len(text))
            stands = any(c.isprintable() and not c.isspace() for c in text[start:end])
            place = {"first_turn": turn, "last_turn": turn, "start_char": start, "end_char": end}
            row = {"session": talk.session, "kind": "span", "coder": "AK", "code": "denial"}
            rows += [{**row, **place}] * stands
    made = Annotations.from_frame(
        pd.DataFrame(rows), codebook=BOOK, corpus=corpus, coverage="whole sessions"
    )
    options = {"corpus": corpus, "format": name}
    write_annotations(made, tmp_path / "x", **options)
    back = read_annotations(tmp_path / "x", codebook=BOOK, coverage="whole sessions", **options)
    words = [
        {(r.session, r.first_turn): _words(corpus, r) for r in notes.to_frame().itertuples()}
        for notes in (made, back)
    ]
    assert words[0] == words[1]


def _words(corpus, row):
    """The words of a span, without the white space that a tool may leave off at its ends."""
    text = corpus[row.session].turns["text"].iloc[row.first_turn - 1]
    return "".join(text[row.start_char : row.end_char].split())


@ROUND
@given(codings(chars=False, parts=(), kinds=("turn", "session")))
def test_sequences_without_times_hold_what_stands_on_turns(rows):
    untimed = Corpus.from_transcripts(
        Transcript.from_turns(t.session, t.turns[["speaker", "text"]]) for t in CORPUS
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.sds"
        made = notes_of(rows)
        lost = write_annotations(made, file, corpus=untimed)
        assert file.read_text("utf-8").count("\nMultievent\n") == 1
        back = read_annotations(file, codebook=BOOK, corpus=untimed)
    assert content(back) == content(made)
    assert lost == ("version of the codebook (small@1)",)


@pytest.mark.parametrize("name", HELD)
def test_equal_annotations_give_equal_bytes(name):
    rows = [{"session": "s01", "turn": 2, "coder": "AK", "code": "denial", "note": "why"}]
    format_ = known_formats("annotations")[name].load()
    one, two = (format_.write(notes_of(rows), corpus=CORPUS).files for _ in range(2))
    assert one == two


@pytest.mark.parametrize("name", HELD)
def test_what_is_dropped_is_told(name):
    chars, parts, kinds = HELD[name]
    rows = [
        {"session": "s01", "turn": 2, "coder": "AK", "code": "denial", "round": 2, "note": "n",
         "evidence": "spoken", "confidence": 0.5},
        {"session": "s01", "kind": "span", "first_turn": 1, "last_turn": 2, "start_char": 4,
         "round": 2, "end_char": 3, "coder": "AK", "code": "denial"},
    ]  # fmt: skip
    made = notes_of(rows)
    lost = " | ".join(made_losses(made, name))
    assert "small@1" in lost
    told = ("note of 1", "round of 2", "evidence of 1", "confidence of 1")
    for part, words in zip(MORE, told, strict=True):
        assert (words in lost) == (part not in parts)
    assert ("exact words of 1" in lost) == (not chars and "span" in kinds)
    assert ("1 annotations that" in lost) == ("span" not in kinds)


def made_losses(notes, name):
    return known_formats("annotations")[name].load().write(notes, corpus=CORPUS).losses


@pytest.mark.parametrize("name", HELD)
def test_partial_coverage_is_told_and_asked_for(name, tmp_path):
    cover = pd.DataFrame(
        {"session": ["s01"], "kind": "turn", "first_unit": 1, "last_unit": 3, "coder": "AK"}
    )
    rows = [{"session": "s01", "turn": 2, "coder": "AK", "code": "denial"}]
    lost = write_annotations(notes_of(rows, cover), tmp_path / "x", format=name, corpus=CORPUS)
    assert any(x.startswith("coverage") for x in lost)


@pytest.mark.parametrize("name", ["qdpx", "doccano", "elan", "textgrid", "chat", "convokit"])
def test_coverage_that_nobody_stated_is_refused(name):
    rows = [{"session": "s01", "turn": 2, "coder": "AK", "code": "denial"}]
    with pytest.raises(InvalidDataError, match="nothing says which turns"):
        through(notes_of(rows), name, coverage=None)


@pytest.mark.parametrize("name", ["labelstudio", "inception", "boris", "gseq"])
def test_tools_that_say_who_finished_need_no_coverage(name):
    rows = [{"session": "s01", "turn": 2, "coder": "AK", "code": "denial"}]
    back, lost = through(notes_of(rows), name, coverage=None)
    assert not any(x.startswith("coverage") for x in lost)
    assert back.ratings("denial")["AK"].tolist()[:5] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize("name", HELD)
def test_unknown_codes_are_named_once_with_the_nearest_and_can_be_mapped(name, tmp_path):
    rows = [{"session": "s01", "turn": t, "coder": "AK", "code": "denial"} for t in (1, 2)]
    write_annotations(notes_of(rows), tmp_path / "x", format=name, corpus=CORPUS)
    from rupturecode.codebook import Codebook

    other = Codebook.from_dict(
        {"id": "o", "version": "1", "title": "O", "codes": [{"id": "denials", "definition": "d"}]}
    )
    options = {"corpus": CORPUS, "coverage": "whole sessions", "format": name}
    with pytest.raises(InvalidDataError) as caught:
        read_annotations(tmp_path / "x", codebook=other, **options)
    [problem] = caught.value.problems
    assert problem.kind == "unknown-code"
    assert "Did you mean 'denials'" in problem.message
    names = {"denial": "denials", "denial = x": "denials"}
    back = read_annotations(tmp_path / "x", codebook=other, codes=names, **options)
    assert list(back.to_frame()["code"]) == ["denials", "denials"]
    none = dict.fromkeys(names)
    back = read_annotations(tmp_path / "x", codebook=other, codes=none, **options)
    assert len(back) == 0
    assert any("left out as asked" in p.message for p in back.problems)


@pytest.mark.parametrize("name", HELD)
def test_turns_without_words_and_names_that_are_no_file_names(name, tmp_path):
    talk = pd.DataFrame(
        {"speaker": ["T", "C"], "text": ["Hm.", ""], "start_ms": [0, 5], "end_ms": [5, 9]}
    )
    corpus = Corpus.from_transcripts([Transcript.from_turns("s/1", talk)])
    frame = pd.DataFrame({"session": "s/1", "turn": [1, 2], "coder": "AK", "code": "denial"})
    made = Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage="whole sessions")
    options = {"corpus": corpus, "format": name}
    if name in ONE_FILE:
        lost = write_annotations(made, tmp_path / "x", **options)
        back = read_annotations(tmp_path / "x", codebook=BOOK, coverage="whole sessions", **options)
        kept = 3 - len(back)
        assert ("1 annotations on turns without words" in lost) == (kept == 2)
        assert kept in (1, 2)
        assert back.problems == ()
    else:
        with pytest.raises(UsageError, match="session 's/1' cannot name a file"):
            write_annotations(made, tmp_path / "x", **options)


@pytest.mark.parametrize("name", HELD)
def test_links_come_back_or_are_told(name):
    rows = [
        {"id": "a", "session": "s01", "turn": 1, "coder": "AK", "code": "denial"},
        {"id": "b", "session": "s01", "turn": 2, "coder": "AK", "code": "denial"},
    ]
    ties = pd.DataFrame(
        [{"session": "s01", "coder": "AK", "from": "b", "to": "a", "relation": "repairs"}]
    )
    back, lost = through(notes_of(rows, links=ties), name)
    assert any(x.startswith("1 link") for x in lost) == (name not in LINKS)
    if name not in LINKS:
        assert len(back.links) == 0
        return
    [tie] = back.links.to_dict("records")
    turn = back.to_frame().set_index("id")["unit"]
    assert (turn[tie["from"]], turn[tie["to"]], tie["relation"]) == (2, 1, "repairs")


@pytest.mark.parametrize("name", sorted(known_formats("annotations")))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_files_raise_only_our_errors(name, data):
    module = known_formats("annotations")[name].load()
    if not hasattr(module, "parse"):
        pytest.skip("tables have their own tests")
    whole = _sample(name)
    cut = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=8))
    at = data.draw(st.integers(0, cut)) if cut else 0
    broken = whole[:at] + noise + whole[at + len(noise) : cut]
    with contextlib.suppress(ParseError):
        module.parse(broken, source="broken")


_SAMPLES: dict[str, bytes] = {}


def _sample(name):
    if name not in _SAMPLES:
        folder = {"qdpx": "refi"}.get(name, name)
        found = sorted((Path(__file__).parents[1] / "data" / "codings" / folder).glob("*"))
        module = known_formats("annotations")[name].load()
        rows = [{"session": "s01", "turn": 2, "coder": "AK", "code": "denial", "note": "n"}]
        if hasattr(module, "write"):
            _SAMPLES[name] = next(iter(module.write(notes_of(rows), corpus=CORPUS).files.values()))
        elif found:
            _SAMPLES[name] = found[0].read_bytes()
        else:
            _SAMPLES[name] = _DATABASES[name]()
    return _SAMPLES[name]


def _database(script):
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "x")
        db.executescript(script)
        db.close()
        return (Path(folder) / "x").read_bytes()


def _spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("db", "#4\na@AK (MATRIX,true,)-b|NOMINAL\n00:00:00:000,00:00:01:000,(x)\n")
    return out.getvalue()


_DATABASES = {
    "gseq": lambda: b"% x % Event (a b);\n<s01> a b (c) a /;\n",
    "datavyu": _spreadsheet,
    "taguette": lambda: _database(
        "CREATE TABLE documents (id, name, contents, project_id);"
        "CREATE TABLE tags (id, path); CREATE TABLE highlight_tags (highlight_id, tag_id);"
        "CREATE TABLE highlights (id, document_id, start_offset, end_offset, snippet);"
        "INSERT INTO highlights VALUES (1, 1, 0, 'x', 'y');"
        "INSERT INTO highlight_tags VALUES (1, 1);"
    ),
    "qualcoder": lambda: _database(
        "CREATE TABLE source (id, name, fulltext); CREATE TABLE code_name (cid, name);"
        "CREATE TABLE code_text (ctid, cid, fid, seltext, pos0, pos1, owner, memo);"
        "INSERT INTO code_text VALUES (1, 1, 1, 'a', 0, 1.5, 'AK', NULL);"
    ),
}


def test_every_tool_is_read_and_written_and_says_so():
    from typer.testing import CliRunner

    import rupturecode as rc
    from rupturecode.cli.app import app

    known = rc.formats().query("kind == 'annotations'").set_index("name")
    assert set(HELD) == set(known.index) - {"coding-workbook", "wide-csv", "long-csv"}
    assert known.loc[list(HELD), ["reads", "writes"]].all(axis=None)
    shown = CliRunner().invoke(app, ["formats", "annotations"]).output
    lines = {line.split()[0]: line for line in shown.splitlines()[1:]}
    assert all(lines[name].count("True") == 2 for name in HELD)
