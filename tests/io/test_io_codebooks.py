"""Codebook files: what is written is read back, and what cannot be held is told."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rupturecode.io.formats_table  # noqa: F401 - fills the table of formats
from rupturecode.codebook import Codebook, bundled, load_codebook
from rupturecode.errors import InvalidDataError, ParseError, UsageError
from rupturecode.io import load_codebook as load_any
from rupturecode.io import write_codebook
from rupturecode.io._formats import known_formats
from rupturecode.tables import ROLES, UNIT_KINDS

WHOLE = ("yaml", "csv", "xlsx")
FORMATS = {name: fmt.load() for name, fmt in known_formats("codebook").items()}

ids = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda s: s not in ("true", "false", "null")
)
letters = st.characters(
    exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t", exclude_characters="\x85"
)
tricky = st.sampled_from(
    [
        "no",
        "~",
        "null",
        "1.0",
        "true",
        "json:x",
        "a\nb",
        "=1+1",
        "- x",
        "x: y # z",
        "a; b",
        "#",
        '"',
    ]
)
texts = st.one_of(tricky, st.text(letters, min_size=1, max_size=30)).map(str.strip).filter(bool)
some = st.lists(texts, max_size=3)
numbers = st.one_of(st.integers(-5, 9), st.sampled_from([0.5, 2.25]))
scales = st.one_of(
    st.sampled_from(["presence", "count", {"kind": "ordinal", "low": 1, "high": 5}]),
    st.fixed_dictionaries(
        {"kind": st.just("ordinal"), "anchors": st.dictionaries(numbers, texts, min_size=1)},
        optional={"absent": numbers},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("nominal"), "categories": st.lists(texts, min_size=2, max_size=3)},
        optional={"absent": texts},
    ),
)


@st.composite
def books(draw):
    names = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    codes = []
    for i, name in enumerate(names):
        example = st.fixed_dictionaries({"text": texts}, optional={"why": texts})
        keys = {
            "label": texts,
            "definition": texts,
            "include": some,
            "exclude": some,
            "examples": st.lists(st.one_of(texts, example), max_size=2),
            "near_misses": st.lists(st.one_of(texts, example), max_size=2),
            "roles": st.lists(st.sampled_from(ROLES), unique=True, max_size=2),
            "level": st.lists(st.sampled_from(UNIT_KINDS), unique=True, min_size=1, max_size=2),
            "scale": st.one_of(scales, st.just("shared")),
            "heading": st.booleans(),
            "color": st.sampled_from(["#00aaFF", "#123456"]),
            "section": texts,
            "note": texts,
            "cues": some,
            "replaces": st.lists(ids, max_size=2),
            "confused_with": st.lists(st.sampled_from(names), max_size=2, unique=True),
        }
        code = draw(st.fixed_dictionaries({}, optional=keys)) | {"id": name}
        if i and draw(st.booleans()):
            code["parent"] = names[draw(st.integers(0, i - 1))]
        codes.append(code)
    content = {"id": "t", "version": draw(texts), "title": draw(texts), "codes": codes,
               "scales": {"shared": {"kind": "ordinal", "anchors": {1: draw(texts), 2: "b"}}}}  # fmt: skip
    about = {"authors": some, "citation": texts, "description": texts, "language": st.just("de")}
    content |= draw(st.fixed_dictionaries({}, optional=about))
    if len(names) > 1:
        content["constraints"] = [{"kind": "excludes", "code": names[0], "others": names[1:]}]
    turn = {
        "role": "client",
        "text": draw(texts),
        "codes": [names[0], {"code": names[-1], "why": "w"}],
    }
    content["vignettes"] = [{"id": "v", "title": draw(texts), "turns": [turn]}]
    content["case_data"] = [{"id": "age", "about": ["client"], "values": draw(some)}]
    return Codebook.from_dict(content)


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=50, deadline=None)
@given(book=books())
def test_what_is_written_is_read_back(name, book):
    module = FORMATS[name]
    assert module.read(module.write(book), source="t") == book


@settings(max_examples=50, deadline=None)
@given(book=books())
def test_qdc_gives_back_what_it_can_hold_and_names_the_rest(book):
    module = FORMATS["qdc"]
    held = module.held(book)
    assert module.read(module.write(book), source="t.qdc") == held
    assert bool(module.losses(book)) == (held != book)


@pytest.mark.parametrize("book", bundled())
@pytest.mark.parametrize("name", WHOLE)
def test_bundled_books_survive(name, book):
    module, loaded = FORMATS[name], load_codebook(book)
    assert module.read(module.write(loaded), source="t") == loaded


@pytest.mark.parametrize("book", bundled())
def test_bundled_books_as_qdc(book):
    module, loaded = FORMATS["qdc"], load_codebook(book)
    assert module.read(module.write(loaded), source="t") == module.held(loaded)
    lost = module.losses(loaded)
    assert "vignettes of the codebook" in lost
    assert any(words.startswith("roles of") for words in lost)
    assert not any(words.startswith(("definition", "include", "label", "id")) for words in lost)
    assert module.write(loaded) == module.write(loaded)


def test_by_suffix(tmp_path):
    book = load_codebook("cis")
    for name in WHOLE:
        path = tmp_path / f"cis.{name}"
        assert write_codebook(book, path) == ()
        assert load_any(path) == book
        assert load_any(str(path)).path == str(path)
    lost = write_codebook(book, tmp_path / "cis.qdc")
    assert "constraints of the codebook" in lost
    assert load_any("cis") == book
    assert write_codebook(book, tmp_path / "odd", format="yaml") == ()
    with pytest.raises(UsageError, match="the suffix tells no codebook format"):
        write_codebook(book, tmp_path / "cis.doc")


PLAIN = (
    "id;label;definition;roles;examples\nhedge;Hedge;Says, and unsays.;client, therapist;C: Well.\n"
)


def test_a_plain_table_of_codes_is_a_codebook():
    book = FORMATS["csv"].read(PLAIN.encode("cp1252"), source="my codes.csv")
    assert book.id == "my_codes"
    assert book["hedge"].roles == ("client", "therapist")
    assert book["hedge"].examples[0].text == "C: Well."


def test_problems_in_a_table_have_their_place():
    with pytest.raises(InvalidDataError) as caught:
        FORMATS["csv"].read(
            b"id,colour,roles,scale,part,record\n"
            b'a,,"client\npatient",,,\n'
            b"B,,,json:{,,\n"
            b"c,,,,song,\n"
            b"x,,,,constraints,nonsense\n",
            source="b.csv",
        )
    places = {(p.line, p.column) for p in caught.value.problems}
    assert {(1, 2), (4, 4), (5, 5), (6, 6)} <= places
    assert "unknown column 'colour'. Did you mean 'color'?" in str(caught.value)
    with pytest.raises(
        InvalidDataError, match=r"b\.csv:2:2: codes\[1\]\.roles\[1\]: unknown 'patient'"
    ):
        FORMATS["csv"].read(b"id,roles\na,patient\n", source="b.csv")
    with pytest.raises(InvalidDataError, match="the file is empty"):
        FORMATS["csv"].read(b"", source="b.csv")


def workbook(**sheets):
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
    return out.getvalue()


def test_workbooks_typed_by_hand():
    read = FORMATS["xlsx"].read
    book = read(
        workbook(Tabelle1=[["id", "label", "key"], ["a", 5, "w"], ["b", True, "v"]]),
        source="m.xlsx",
    )
    assert [c.label for c in book] == ["5", "true"]
    about = [["key", "value"], ["id", "mine"], ["version", 2], ["title", "Mine"]]
    book = read(workbook(codebook=about, codes=[["id"], ["a"]]), source="m.xlsx")
    assert book.ref == "mine@2"
    with pytest.raises(InvalidDataError, match=r"m\.xlsx, cell codes!B3: .*unknown 'patient'"):
        read(workbook(codes=[["id", "roles"], ["a", "client"], ["b", "patient"]]), source="m.xlsx")
    with pytest.raises(InvalidDataError, match=r"no sheet is named 'codes'\. Sheets: x, y"):
        read(workbook(x=[["id"]], y=[["id"]]), source="m.xlsx")
    with pytest.raises(ParseError):
        read(b"PK\x03\x04 not a workbook", source="m.xlsx")


def test_a_formula_stays_text():
    from python_calamine import CalamineWorkbook

    book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
                               "codes": [{"id": "a", "definition": "=HYPERLINK(1)"}]})  # fmt: skip
    data = FORMATS["xlsx"].write(book)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("codes").to_python()
    assert rows[1][rows[0].index("definition")] == "=HYPERLINK(1)"


def test_a_text_too_long_for_a_cell_is_refused():
    book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
                               "codes": [{"id": "a", "definition": "x" * 40_000}]})  # fmt: skip
    with pytest.raises(UsageError, match="codes!D2 has 40,000"):
        FORMATS["xlsx"].write(book)


def test_qdc_of_another_program(shared_data):
    path = shared_data / "formats" / "taguette" / "codebook.qdc"
    book = load_any(path)
    assert len(book) == 5
    assert book["therapist_question"].label == "therapist.question"


QDC = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other 1"><Codes>{}</Codes></CodeBook>'


def test_qdc_tree_headings_and_names():
    inner = (
        '<Code guid="1" name="Client talk" isCodable="false" color="#00FF00">'
        "<Description>All of it.</Description>"
        '<Code guid="2" name="2nd kind" isCodable="true"/></Code>'
    )
    book = FORMATS["qdc"].read(QDC.format(inner).encode(), source="mi.qdc")
    assert book["client_talk"].heading
    assert book["client_talk"].definition == "All of it."
    assert book["code_2nd_kind"].parent == "client_talk"
    assert book["code_2nd_kind"].color == "#00FF00"
    assert book.id == "mi"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<Project/>", "expected <CodeBook>, found <Project>"),
        (b"<CodeBook>", "malformed XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><CodeBook/>', "document type or entities"),
    ],
)
def test_qdc_refuses_what_is_none(data, says):
    with pytest.raises(ParseError, match=says):
        FORMATS["qdc"].read(data, source="b.qdc")


def test_qdc_names_that_become_one_id_are_reported():
    inner = '<Code name="a b"/><Code name="a-b"/>'
    with pytest.raises(InvalidDataError, match="code 'a_b' is defined 2 times"):
        FORMATS["qdc"].read(QDC.format(inner).encode(), source="b.qdc")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_knows_its_own(name):
    data = FORMATS[name].write(load_codebook("cis"))
    for other, module in FORMATS.items():
        assert module.sniff(data[:4096], f"cis.{name}") == (other == name), other
