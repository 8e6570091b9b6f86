"""Reading in stretches and packing in blocks gives what reading and holding all at once gives."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rupturecode.errors import ParseError, RupturecodeError
from rupturecode.io import read_transcript
from rupturecode.io.parsers import captions, lines
from rupturecode.io.parsers.encoding import Decoded, decode, lines_of
from rupturecode.io.parsers.lines import texts
from rupturecode.io.read import Settings, read_drafts
from rupturecode.io.transcripts import text
from rupturecode.tables import MARKS, TURNS, conform
from rupturecode.transcript import columns, numbers
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = sorted(
    path
    for suffix in ("txt", "md", "vtt", "srt", "sbv", "cha", "json")
    for path in (Path(__file__).parents[1] / "data").rglob(f"*.{suffix}")
)
WAYS = (
    Settings(),
    Settings(merge="same-speaker", gap_ms=2000, roles="suggested"),
    Settings(backchannels="inside"),
    Settings(backchannels="own", convention="jefferson"),
)


@contextmanager
def bits() -> Iterator[None]:
    """Read and pack a few lines at a time."""
    with (
        mock.patch.object(lines, "STRETCH", 9),
        mock.patch.object(captions, "_AT_ONCE", 3),
        mock.patch.object(columns, "BLOCK_BYTES", 150),
        mock.patch.object(columns, "_AT_ONCE", 2),
        mock.patch.object(numbers, "_STRETCH", 3),
    ):
        yield


def outcome(data: bytes, name: str, way: Settings, **options: object) -> object:
    """Everything that comes of a file: tables and info of each session, or the error."""
    try:
        fmt = str(options.pop("format", "")) or None
        drafts = read_drafts(data, name, format=fmt, options=options, strict=False)
        talks = [way.finish(draft, "s1") for draft in drafts]
    except RupturecodeError as err:
        return type(err).__name__, str(err)
    return [(table(t.turns), table(t.marks), sorted(map(repr, t.info.items()))) for t in talks]


def table(frame: pd.DataFrame) -> tuple[object, ...]:
    return frame.dtypes.to_dict(), frame.to_csv(index=False)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_samples_read_in_bits_are_the_same(path: Path) -> None:
    data = path.read_bytes()
    for way in WAYS:
        whole = outcome(data, path.name, way)
        with bits():
            assert outcome(data, path.name, way) == whole


LABELS = ("T: ", "C:", "Ms. D: ", "T (nods): ", "[00:01:02] T: ", "12 C: ", "Note: ", "T1: ", "")
WORDS = (
    "So.",
    "well [laughs] (4) hm",
    "שלום.",
    "caf\u00e9 \u2019 \U0001f642",
    "[*Repair*] yes",
    "(T: mm-hm) no",
    "#00:00:01-2#",
    "a\u200bb\u00a0c \t",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "00:12",
    "",
    " ",
)
ENDS = ("\n", "\r\n", "\r", "\n\n", "\n \n")
labelled = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(WORDS), st.sampled_from(ENDS)), max_size=30
).map(lambda rows: "".join(map("".join, rows)))
STAMPS = (
    "00:00:01,000 --> 00:00:02,500",
    "00:00:03.000 --> 00:00:02.000",
    "1:02.5 -> 1:03",
    "00:01.000 --> 00:02.500 align:start",
    "0:00:01.000,0:00:02.500",
    "--> nothing",
)
BODIES = (
    "<v Ms. D>Fine.</v>",
    "<v T>a <v C>b",
    "Ana: Well.",
    "- So?\n- No.",
    "Ana: one\nBen: two",
    "7",
    "same line\nsame line",
    "&amp; <i>so</i> \x0b",
    "",
)
cues = st.lists(
    st.tuples(
        st.sampled_from(("1\n", "", "NOTE x\n", "\n")),
        st.sampled_from(STAMPS),
        st.sampled_from(("\n", "\r\n", "\r")),
        st.sampled_from(BODIES),
        st.sampled_from(ENDS),
    ),
    max_size=25,
).map(lambda rows: "".join(map("".join, rows)))


@settings(max_examples=120, deadline=None)
@given(labelled, st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le")), st.integers(0, 3))
def test_labelled_text_in_bits_is_the_same(talk: str, encoding: str, way: int) -> None:
    data = talk.encode(encoding)
    whole = outcome(data, "s1.txt", WAYS[way], format="text")
    with bits():
        assert outcome(data, "s1.txt", WAYS[way], format="text") == whole


@settings(max_examples=150, deadline=None)
@given(
    cues, st.sampled_from(("vtt", "srt", "sbv")), st.integers(0, 3), st.booleans(), st.booleans()
)
def test_captions_in_bits_are_the_same(
    found: str, suffix: str, way: int, named: bool, lenient: bool
) -> None:
    data = (("WEBVTT\n\n" if suffix == "vtt" else "") + found).encode()
    options = {"speakers": ["Ana"] if named else None, "lenient": lenient}
    whole = outcome(data, f"s1.{suffix}", WAYS[way], **options)
    with bits():
        assert outcome(data, f"s1.{suffix}", WAYS[way], **options) == whole


PIECES = (
    b"T: a",
    b"\r",
    b"\n",
    b"\r\n",
    b"\xc3\xa4",
    b"\xe4",
    b"\xff",
    b"\x92",
    b"\xf0\x9f\x99\x82",
)


def decoded(data: bytes, encoding: str | None) -> Decoded | str:
    """The text, or the error."""
    try:
        return decode(data, source="x", encoding=encoding)
    except RupturecodeError as err:
        return f"{type(err).__name__}: {err}"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join),
    st.sampled_from((None, "utf-8", "cp1252", "utf-16", "gb18030", "shift_jis", "utf-7")),
    st.sampled_from((b"", b"\xef\xbb\xbf", b"\xff\xfe")),
)
def test_lines_are_those_of_the_decoded_text(data: bytes, encoding: str | None, bom: bytes) -> None:
    whole = decoded(bom + data, encoding)
    with bits():
        assert decoded(bom + data, encoding) == whole
    if isinstance(whole, str):
        return
    with bits():
        found = lines_of(bom + data, source="x", encoding=encoding)
        assert list(found) == list(found) == whole.text.split("\n")
        assert found.manner.info == whole.info


#: Line breaks, and what holds their bytes without being one.
WIDE_PIECES = (
    *("T: a", "\r", "\n", "\r\n", "\n\n", "\u0a0d", "\u0d0a", "\u000a\u0a00", "\u0a00\u0d00"),
    *("\u0d00\u0a0a", "\U0001f642", "\U00010a0d", "\U000d000a", "\ud83d", "\udf42", "\u05e9"),
)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from(WIDE_PIECES), max_size=25).map("".join),
    st.sampled_from(("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")),
    st.sampled_from((True, False)),
    st.binary(max_size=3),
    st.sampled_from((None, "utf-16", "utf-32", "utf-16-le", "utf-32-be")),
)
def test_wide_files_are_cut_at_line_breaks_only(
    talk: str, encoding: str, marked: bool, tail: bytes, named: str | None
) -> None:
    """Read in bits as whole, with broken halves of characters and torn ends."""
    data = ("\ufeff" * marked + talk).encode(encoding, "surrogatepass") + tail
    whole = decoded(data, named)
    with bits():
        assert decoded(data, named) == whole
        if isinstance(whole, str):
            return
        found = lines_of(data, source="x", encoding=named)
        assert list(found) == list(found) == whole.text.split("\n")
        assert found.manner.info == whole.info


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("size", [16, 32])
def test_wide_files_are_not_read_whole(size: int, order: str) -> None:
    data = ("\ufeff" + "T: so\u0a0d\r\n" * 50).encode(f"utf-{size}-{order}")
    for encoding in (None, f"utf-{size}", f"utf-{size}-{order}"):
        with bits():
            found = lines_of(data, source="x", encoding=encoding)
            pieces = list(texts(found.data, found.manner.encoding, begins=found.manner.begins))
        assert pieces == ["T: so\u0a0d\r\n"] * 50
        assert found.manner.bom


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=6), max_size=40), st.integers(-3, 45))
def test_texts_are_a_list_of_what_was_added(values: list[str], i: int) -> None:
    with bits():
        column = Texts(values[:3])
        for value in values[3:]:
            column.append(value)
        assert column == values
        assert len(column) == len(values)
        assert column[i:] == values[i:]
        assert column.longest == max(map(len, values), default=0)
        assert column.array().tolist() == values
        numbered = column.mapped(lambda n, some: [f"{i}{t}" for i, t in enumerate(some, n)])
        assert list(numbered) == [f"{n}{t}" for n, t in enumerate(values)]
        assert list(column.drained()) == values
        assert len(column) == 0


def test_blocks_in_which_nothing_changes_are_shared() -> None:
    with bits():
        column = Texts(["a" * 80, "b" * 80, "c" * 80])
        changed = column.mapped(lambda n, some: ["x"] if n == 2 else some)
        assert changed == ["a" * 80, "b" * 80, "x"]
        same = [a is b for a, b in zip(column._blocks, changed._blocks, strict=True)]
    assert same[0]
    assert not same[-1]


def test_a_repeated_value_is_held_once() -> None:
    column = Texts.repeated("s1", 100_000)
    assert column.array().tolist() == ["s1"] * 100_000
    assert column.array()._pa_array.nbytes > 10 * column._blocks[0].get_total_buffer_size()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.none() | st.integers(-9, 9), max_size=20),
    st.lists(st.none() | st.integers(-9, 9), max_size=9),
    st.integers(-22, 22),
)
def test_numbers_are_a_list_of_what_was_added(
    values: list[int | None], later: list[int | None], i: int
) -> None:
    with bits():
        column: Numbers[int | None] = Numbers(values)
        assert column[i:] == values[i:]
        for value in later:
            column.append(value)
            assert column[-1] == value
        values = values + later
        assert column == values
        assert len(column) == len(values)
        assert column.n_known == sum(v is not None for v in values)
        assert column.array().tolist() == [pd.NA if v is None else v for v in values]
        if -len(values) <= i < len(values):
            assert column[i] == values[i]
        else:
            with pytest.raises(IndexError):
                column[i]
        assert list(column) == values


@pytest.mark.parametrize("path", SAMPLES[:12], ids=lambda p: p.name)
def test_finished_tables_are_as_the_tables_say(path: Path) -> None:
    try:
        talk = read_transcript(path)
    except RupturecodeError:
        return
    for frame, rules in ((talk.turns, TURNS), (talk.marks, MARKS)):
        assert frame.equals(conform(frame, rules))
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == rules.columns


def test_labels_of_the_first_lines_only_are_no_labels() -> None:
    names = [f"{a}{b}{c}" for a in "BFGHJKL" for b in "aeiouyw" for c in "rwgklzvn"]
    talk = [f"{name}: so" for name in names[:300]] + ["and then he went on"] * 2000
    with pytest.raises(ParseError, match="no speaker labels found"):
        text.read("\n".join(talk).encode(), source="s1.txt")


WORDS_OF_TURN = "well I think it was not that easy this week, and you said something that stayed "
TURN, PLAIN = f"T: {WORDS_OF_TURN} (sighs)", f"C: {WORDS_OF_TURN} with me, as it had before"
STAMP = "1\n00:00:01,000 --> 00:00:02,500\n"
CUT = "and then he was gone for quite a while"


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        ("s1.txt", [TURN, *[PLAIN] * 9]),
        ("s1.txt", [f"{TURN} [*he withdraws*]", *[PLAIN] * 9]),
        ("s1.srt", [STAMP + TURN, STAMP + PLAIN]),
        ("s1.srt", [STAMP + TURN, *[STAMP + CUT] * 4, STAMP + PLAIN, *[STAMP + CUT] * 4]),
    ],
    ids=["text", "comments", "captions", "captions cut short"],
)
def test_a_long_file_takes_less_than_three_times_its_size(
    tmp_path: Path, name: str, turns: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(("\n\n".join(turns) + "\n\n").encode() * (1_200_000 // len(str(turns))))
    read_transcript(path)  # what is made once for all files is not counted
    tracemalloc.start()
    try:
        talk = read_transcript(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(talk) > 2000
    assert peak < 3 * path.stat().st_size
