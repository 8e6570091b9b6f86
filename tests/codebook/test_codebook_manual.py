"""The coder's manual and the quick sheet, as people get them."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from rupturecode.codebook import Codebook, bundled, load_codebook
from rupturecode.codebook.manual import (
    manual_html,
    outline,
    quick_sheet_html,
    write_manual,
    write_quick_sheet,
)
from rupturecode.errors import MissingExtraError, UsageError

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Checks that tags balance; collects ids, links and text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.words, self.fetched = [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        self.fetched += [v for k, v in given.items() if k == "src" or (k == "href" and tag != "a")]

    def handle_endtag(self, tag):
        # an end tag that html5 lets us leave out is never left out here
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("name", bundled())
def test_manual_holds_everything(name):
    book = load_codebook(name)
    page = Page(manual_html(book))
    assert len(page.ids) == len(set(page.ids))
    assert set(book.by_id) <= set(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    text = " ".join(" ".join(page.words).split())
    for vignette in book.vignettes:
        assert vignette.title in text
    for code in book:
        assert code.label in text
        assert all(" ".join(e.text.split()) in text for e in code.examples)
    assert book.fingerprint in text
    assert book.citation[:60] in text
    assert ("unverified" in text) == any(c.status == "unverified" for c in book)
    assert not page.fetched


@pytest.mark.parametrize("name", bundled())
def test_quick_sheet_names_every_code(name):
    book = load_codebook(name)
    text = " ".join(Page(quick_sheet_html(book)).words)
    assert all(code.label in text for code in book)
    assert all(code.key in text for code in book if code.key)


def test_hostile_text_is_escaped():
    evil = '<script>alert("x")</script>'
    book = Codebook.from_dict({"id": "t", "version": "1", "title": evil, "citation": evil,
        "codes": [{"id": "a", "label": evil, "definition": evil, "include": evil,
                   "exclude": evil, "note": evil, "examples": [{"text": evil, "why": evil}],
                   "confused_with": [{"code": "b_c", "boundary": evil}]},
                  {"id": "b_c", "definition": "Not a_b, b_c: " + evil}]})  # fmt: skip
    for html in (manual_html(book), quick_sheet_html(book)):
        assert "<script" not in html
        Page(html)


def test_ids_in_texts_become_names_with_links():
    html = manual_html(load_codebook("ccr"))
    assert 'without a threat: <a href="#clear_limits">Clear limits</a>.' in html


def test_a_pointer_shows_what_the_other_side_says():
    book = load_codebook("ccr")
    assert book["clear_limits"].confused_with[0].boundary == "See antagonizes."
    assert outline.boundary(book, "clear_limits", "antagonizes").startswith("Ask what the client")
    assert all(not outline.POINTER.match(p.boundary) for p in outline.pairs(book))


def test_rules_in_words():
    said = outline.rules(load_codebook("mco"))
    assert said[0].startswith(
        "“Opportunity taken” never stands with “Opportunity partly taken” or “Opportunity missed”"
    )
    assert "must point at “Cultural opportunity” (“responds to”)" in said[2]


@pytest.mark.parametrize("name", ["ccr", "3rs-2015"])
def test_docx_holds_every_code(tmp_path, name):
    docx = pytest.importorskip("docx")
    book = load_codebook(name)
    write_manual(book, tmp_path / "manual.docx")
    document = docx.Document(tmp_path / "manual.docx")
    text = "\n".join(p.text for p in document.paragraphs)
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    for code in book:
        assert any(h.startswith(code.label) for h in headings), code.id
    for vignette in book.vignettes:
        assert vignette.title in headings
    assert book.citation in text
    assert "TOC \\o" in document.element.xml
    assert len(document.tables) == (3 if book.case_data else 2)


def test_docx_quick_sheet(tmp_path):
    docx = pytest.importorskip("docx")
    book = load_codebook("mco")
    write_quick_sheet(book, tmp_path / "quick.docx")
    document = docx.Document(tmp_path / "quick.docx")
    text = "\n".join(p.text for p in document.paragraphs)
    assert all(code.label in text for code in book if not code.heading)
    section = document.sections[0]
    assert section.page_width > section.page_height


def test_other_suffixes_and_missing_extra_are_told(tmp_path, monkeypatch):
    book = load_codebook("cis")
    with pytest.raises(UsageError, match=r"written as \.html or \.docx"):
        write_manual(book, tmp_path / "manual.pdf")
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rupturecode\[docx\]'"):
        write_quick_sheet(book, tmp_path / "quick.docx")


def test_type_grows_with_the_room():
    few, many = outline.type_size([40] * 20, columns=3), outline.type_size([40] * 400, columns=3)
    assert few > many


@pytest.mark.parametrize("name", ["ccr", "3rs-2015"])  # the longest, and the longest with words
def test_quick_sheet_prints_on_one_page(tmp_path, name):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no browser to print with")
    sheet, printed = tmp_path / "quick.html", tmp_path / "quick.pdf"
    write_quick_sheet(load_codebook(name), sheet)
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={printed}", sheet.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = re.findall(rb"/Type\s*/Page\b", printed.read_bytes())
    assert len(pages) == 1
