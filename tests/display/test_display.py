"""How objects show themselves: readable, escaped, folded, without colors and without words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import ClassVar

import pandas as pd
import pytest

import rupturecode as rc
from rupturecode.display import cell, fold, hidden, table, without_words
from rupturecode.result import Result
from rupturecode.study import example_study, open_study

SAID = "The blue suitcase stands under the stairs"
BOOK = rc.Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny <book>",
        "codes": [
            {"id": "withdrawal", "definition": "moves away"},
            {"id": "denial", "parent": "withdrawal", "definition": "says no & more"},
            {"id": "repair", "definition": "turns back"},
        ],
    }
)


def corpus_of(n: int = 6) -> rc.Corpus:
    rows = [("T" if i % 2 else "C", f"{SAID} {i} <b>") for i in range(n)]
    roles = {"T": "therapist", "C": "client"}
    return rc.Corpus.from_transcripts([rc.Transcript.from_turns("s1", rows, roles=roles)])


def notes_on(corpus: rc.Corpus) -> rc.Annotations:
    given = pd.DataFrame(
        {
            "session": "s1",
            "turn": [1, 1, 3, 3, 4],
            "coder": ["AK", "BM", "AK", "AK", "BM"],
            "code": ["withdrawal", "withdrawal", "denial", "repair", "repair"],
            "status": ["given", "given", "uncertain", "given", "given"],
            "note": [f"because: {SAID}", "", "", "", ""],
        }
    )
    reading = pd.DataFrame(
        [("s1", "turn", 1, 6, "AK"), ("s1", "turn", 1, 4, "BM")],
        columns=["session", "kind", "first_unit", "last_unit", "coder"],
    )
    return rc.Annotations.from_frame(given, codebook=BOOK, corpus=corpus, coverage=reading)


@pytest.fixture(scope="module")
def study():
    return open_study(example_study())


class Check(HTMLParser):
    """Balanced tags, tables with captions and scopes, no color of our own."""

    VOID: ClassVar = {"br", "hr", "img"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables = self.captions = 0
        self.scopes: list[str | None] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "th":
            self.scopes.append(given.get("scope"))
        for part in (given.get("style") or "").split(";"):
            name, _, value = part.partition(":")
            assert name.strip() not in ("background", "background-color")
            assert name.strip() != "color" or value.strip() == "inherit"
            assert not re.search("#[0-9a-f]{3}|rgb|black|white$", value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def sound(html: str) -> Check:
    parser = Check()
    parser.feed(html)
    assert parser.open == []
    assert parser.tables == parser.captions
    assert set(parser.scopes) <= {"row", "col"}
    return parser


def shown_of_the_example(study):
    notes, corpus = study.annotations, study.corpus
    layer = notes.consensus("majority")
    rule = rc.EpisodeRule.from_dict(study.settings.episodes, study.codebook)
    episodes = rc.sequences.episodes(layer, corpus, rule)
    return {
        "study": study,
        "corpus": corpus,
        "transcript": corpus["A1"],
        "excerpt": corpus["A1"].show(23, 30, notes=notes, reasons=True),
        "annotations": notes,
        "consensus": layer,
        "codebook": study.codebook,
        "code": study.codebook["withdrawal"],
        "agreement": rc.reliability.agreement(notes, codes=["withdrawal", "apology"]),
        "disagreements": rc.reliability.disagreements(notes, corpus),
        "episodes": episodes,
        "repair_time": rc.sequences.repair_time(episodes),
        "transitions": rc.sequences.transitions(layer, corpus, given=["withdrawal"]),
        "report": corpus.report(),
        "description": corpus.description(),
        "check": study.check(),
    }


def test_every_object_of_the_example_shows_sound_html(study):
    for name, thing in shown_of_the_example(study).items():
        page = sound(thing._repr_html_())
        assert page.tables or name in ("codebook", "code"), name
        assert repr(thing).strip()


def test_only_a_transcript_shows_words(study):
    """No sentence of six words or more of any turn stands in another object's display."""
    turns = study.corpus.turns["text"]
    sentences = [t for t in turns if len(t.split()) >= 6]
    assert len(sentences) > 200
    for name, thing in shown_of_the_example(study).items():
        if name in ("transcript", "excerpt"):
            continue
        page = repr(thing) + thing._repr_html_()
        assert not [s for s in sentences if s in page], name


def test_words_of_a_result_are_named_and_kept_back():
    corpus = corpus_of()
    found = rc.reliability.disagreements(notes_on(corpus), corpus)
    for page in (repr(found), found._repr_html_()):
        assert SAID not in page
        assert "Words are not shown (before, text, after): to_frame() has them." in page
    assert found.to_frame()["text"].str.contains(SAID).all()


def test_originals_of_deidentification_are_kept_back():
    done = rc.text.deidentify("Call Mr. Quillfeather at 212-555-0147.")
    assert "555-0147" in " ".join(done.to_frame()["original"])
    assert "555-0147" not in repr(done) + done._repr_html_()


def test_annotations_show_counts_and_coverage_not_notes():
    notes = notes_on(corpus_of())
    html = notes._repr_html_()
    assert SAID not in html
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert ["withdrawal", "Withdrawal", "1", "1"] in cells
    assert ["denial", "Denial", "1", "0"] in cells
    assert ["s1", "turn", "6", "6", "4"] in cells  # six turns; AK read six, BM four


def test_an_excerpt_puts_codes_beside_turns():
    corpus = corpus_of()
    notes = notes_on(corpus)
    text = repr(corpus["s1"].show(1, 3, notes=notes))
    assert "* Withdrawal: AK, BM (of 2)" in text
    assert "* Denial: AK (uncertain) (of 2)" in text
    assert "because" not in text
    assert "because" in repr(corpus["s1"].show(1, 3, notes=notes, reasons=True))
    only = repr(corpus["s1"].show(notes=notes, codes=["withdrawal"]))
    assert "Denial" in only, "what stands below a code comes with it"
    assert "Repair" not in only
    assert "&lt;b&gt;" in corpus["s1"].show(1, 1)._repr_html_()
    with pytest.raises(rc.errors.UnknownNameError, match="withdrawal"):
        corpus["s1"].show(notes=notes, codes=["withdrawl"])


def test_an_excerpt_beyond_the_session_says_so():
    page = corpus_of()["s1"].show(90)
    assert "6 more turns" in repr(page)
    assert "No turns" in page._repr_html_()


def test_a_corpus_shows_counts_not_words_dates_or_paths(study):
    html = study.corpus._repr_html_()
    assert "2026-02-03" not in html
    assert "Latina" not in html
    assert "client_group" in html, "what else is known is named"
    assert "transcripts/A1.txt" not in html


def test_a_study_shows_no_place_on_this_machine(study):
    assert str(study.path.parent) not in repr(study) + study._repr_html_()


def test_a_codebook_is_a_tree_that_folds():
    html = BOOK._repr_html_()
    assert html.count("<details") == 3
    assert "Tiny &lt;book&gt;" in html
    assert html.index("moves away") < html.index("says no &amp; more") < html.index("turns back")
    assert "(1 below)" in html


def test_long_tables_fold_and_say_what_is_left():
    frame = pd.DataFrame({"row": range(1000), "note": "x"})
    html = table(frame, "Long")
    sound(html)
    assert html.index("<details") > html.index("<td")
    assert "188 more rows of 988" in html
    assert "<details" not in table(frame.head(12), "Short")


def test_an_empty_table_says_so():
    assert table(pd.DataFrame({"a": []}), "Ends <x>") == "<p>Ends &lt;x&gt;: no rows.</p>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.62546, "0.625"),
        (-0.5, "-0.500"),
        (0.00004, "4e-05"),
        (12345.6, "12,346"),
        (3.0, "3"),
        (True, "True"),
        (pd.NA, "–"),
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "inf"),
        ("x" * 200, "x" * 119 + "…"),
    ],
)
def test_cells(value, shown):
    assert cell(value) == shown


def test_columns_with_words_are_known_by_name_and_kind():
    frame = pd.DataFrame({"first": [1.0], "raw": ["a"], "code": ["b"]})
    assert hidden(frame) == ["raw"]
    assert without_words(frame).columns.tolist() == ["first", "code"]


def test_notes_of_coders_are_words_and_notes_of_statistics_are_not():
    given = notes_on(corpus_of()).to_frame()
    assert hidden(given) == ["note"]
    assert hidden(pd.DataFrame({"estimate": [0.5], "note": ["too few"]})) == []


def test_folds_escape():
    assert "<script>" not in fold("<script>", "")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Odd(Result):
    main: ClassVar[str] = "odd"
    odd: pd.DataFrame
    more: pd.DataFrame
    cautions: pd.DataFrame

    def headline(self) -> str:
        return "<i>Odd</i>"


def test_a_result_escapes_warns_and_keeps_its_settings():
    found = Odd(
        odd=pd.DataFrame({"code": ["<b>"], "estimate": [0.5]}),
        more=pd.DataFrame({"x": [1, 2]}),
        cautions=pd.DataFrame({"caution": ["Few <sessions>."]}),
        settings={"rule": "<x>"},
    )
    html = found._repr_html_()
    sound(html)
    for text in ("&lt;i&gt;Odd", "&lt;b&gt;", "Few &lt;sessions&gt;.", "rule: &lt;x&gt;"):
        assert text in html
    assert "More (2 rows)" in html
    assert html.index("Few") < html.index("0.500"), "cautions come before numbers"
