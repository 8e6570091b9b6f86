"""Highlighting, underlining, comments and tracked changes in RTF and OpenDocument files."""

from __future__ import annotations

import io
import zipfile

import pytest

from rupturecode.io.transcripts import odt, rtf
from rupturecode.transcript import finish

URN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{short}="{URN}:{name}:1.0"'
    for short, name in [
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
    ]
)
STYLES = """<office:styles>
<style:style style:name="Coded" style:family="text">
 <style:text-properties fo:background-color="#ffe599"/></style:style>
<style:style style:name="Heading" style:family="paragraph">
 <style:text-properties style:text-underline-style="solid"/></style:style>
<style:style style:name="Internet_20_link" style:family="text">
 <style:text-properties style:text-underline-style="solid"/></style:style>
</office:styles>"""
AUTOMATIC = """<office:automatic-styles>
<style:style style:name="T1" style:family="text">
 <style:text-properties fo:background-color="#ffff00"/></style:style>
<style:style style:name="T2" style:family="text" style:parent-style-name="Coded">
 <style:text-properties style:text-underline-style="wave"/></style:style>
<style:style style:name="T3" style:family="text" style:parent-style-name="Coded">
 <style:text-properties fo:background-color="transparent"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading">
 <style:text-properties fo:background-color="#00ffff"/></style:style>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Heading">
 <style:paragraph-properties fo:background-color="#00ffff"/></style:style>
</office:automatic-styles>"""
COLORS = rb"{\colortbl;\red255\green255\blue0;\red255\green229\blue153;\red255\green255\blue255;}"
INSERTED = "tracked changes: insertions were read as text, deletions left out"


def from_rtf(body: bytes, convention: str = "plain"):
    draft = rtf.read(rb"{\rtf1\ansi" + COLORS + body + b"}", source="s1.rtf")
    return finish(draft, session="s1", convention=convention)


def from_odt(body: str, convention: str = "plain", *, packed: bool = True):
    inner = f"<office:body><office:text>{body}</office:text></office:body>"
    if packed:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", f"application/{odt.odt.MIME.decode().split('/')[1]}")
            archive.writestr(
                "content.xml",
                f"<office:document-content {SPACES}>{AUTOMATIC}{inner}</office:document-content>",
            )
            archive.writestr(
                "styles.xml",
                f"<office:document-styles {SPACES}>{STYLES}</office:document-styles>",
            )
        data = out.getvalue()
    else:
        whole = f"<office:document {SPACES}>{STYLES}{AUTOMATIC}{inner}</office:document>"
        data = whole.encode()
    return finish(odt.read(data, source="s1.odt"), session="s1", convention=convention)


def drawn(done):
    """Turn, kind and text of each mark, and the words under it."""
    texts = done.turns["text"].tolist()
    return [
        (m.turn, m.kind, m.text, texts[m.turn - 1][m.start_char : m.end_char])
        for m in done.marks.itertuples()
    ]


def warnings(done):
    return "\n".join(map(str, done.info["warnings"]))


def p(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def span(words: str, style: str) -> str:
    return f'<text:span text:style-name="{style}">{words}</text:span>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (rb"It was {\highlight1 your}{\b\highlight1  fault} now.", ("yellow", "your fault")),
        (rb"It was \highlight1\b your fault\highlight0\b0  now.", ("yellow", "your fault")),
        (rb"It was {\chcbpat2 your fault} now.", ("#FFE599", "your fault")),
        (rb"It was {\cb2\highlight1 your fault\plain  now.}", ("yellow", "your fault")),
        (rb"It was {\highlight1 your {\highlight0 own }fault}.", ("yellow", "your")),
        (rb"It was {\highlight1 \u252?ber} now.", ("yellow", "\u00fcber")),
        (rb"It was {\highlight1 \'fcber} now.", ("yellow", "\u00fcber")),
    ],
)
def test_highlighting_in_rtf(body, found):
    done = from_rtf(rb"T: How was it?\par C: " + body + rb"\par T: I see.\par")
    assert drawn(done)[0] == (2, "highlight", *found)
    assert "highlighted in color, kept as marks and not shown in the text: " in warnings(done)


def test_white_and_unknown_colors_and_what_is_taken_back_are_no_highlighting_in_rtf():
    body = rb"T: {\highlight3 White} {\highlight9 none} \highlight1\highlight0  no.\par C: So.\par"
    assert drawn(from_rtf(body)) == []


@pytest.mark.parametrize("word", [rb"\ul", rb"\uld", rb"\uldb", rb"\ulwave", rb"\ul1"])
def test_underlining_in_rtf_is_as_the_convention_says(word):
    body = rb"T: How {" + word + rb" was it}?\par C: {\ul\ulnone So}{\ulc2 .}\par"
    assert drawn(from_rtf(body)) == [(1, "emphasis", "was it", "was it")]
    assert drawn(from_rtf(body, "pit")) == [(1, "overlap", "was it", "was it")]
    assert "1 underlined stretches became marks" in warnings(from_rtf(body))


def test_highlighting_in_rtf_on_labels_and_in_cells():
    done = from_rtf(rb"{\highlight1 T:} How?\par C: So.\par")
    assert drawn(done) == [(1, "highlight", "yellow", "")]
    row = rb"\trowd\cellx1\cellx2\pard\intbl %b\cell %b\cell\row"
    rows = [
        (b"Speaker", b"Text"),
        (b"T", rb"How?"),
        (b"C", rb"\par So \highlight1 it\highlight0  is."),
    ]
    done = from_rtf(b"".join(row % cells for cells in rows))
    assert drawn(done) == [(2, "highlight", "yellow", "it")]


def test_tracked_changes_in_rtf():
    done = from_rtf(
        rb"T: How was {\deleted the}{\revised\revauth1 your} week?\par C: Fine.\par "
        rb"T: Oh \deleted no\deleted0 yes.\par"
    )
    assert done.turns["text"].tolist() == ["How was your week?", "Fine.", "Oh yes."]
    assert ["tracked-change" in f for f in done.turns["flags"]] == [True, False, True]
    assert INSERTED in warnings(done)


def test_comments_in_rtf_stand_where_their_stretch_begins():
    note = rb"{\*\atnid AK}{\*\atnauthor AK}\chatn{\*\annotation{\*\atnref 7}\pard withdraws}"
    done = from_rtf(
        rb"T: How?\par C: So {\*\atrfstart 7}it was{\*\atrfend 7}" + note + rb" then.\par"
    )
    assert done.turns["text"].tolist() == ["How?", "So it was then."]
    assert [(m.kind, m.text, m.start_char) for m in done.marks.itertuples()] == [
        ("comment", "withdraws", 3)
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_highlighting_and_underlining_in_odt(packed):
    body = (
        p(f"T: How {span('was', 'T1')}{span(' it', 'T1')}?")
        + p(f"C: {span('So', 'T2')} and {span('not', 'T3')} {span('but', 'Coded')}.", "P2")
        + p("T: All of it.", "P1")
        + p(f"C: {span('a link', 'Internet_20_link')}.")
    )
    done = from_odt(body, packed=packed)
    assert drawn(done) == [
        (1, "highlight", "yellow", "was it"),
        (2, "highlight", "#FFE599", "So"),
        (2, "emphasis", "So", "So"),
        (2, "highlight", "#FFE599", "but"),
        (3, "highlight", "cyan", "All of it."),
    ]
    assert (2, "overlap", "So", "So") in drawn(from_odt(body, "pit", packed=packed))
    assert "yellow 1" in warnings(done)
    assert "1 underlined stretches became marks" in warnings(done)


def test_highlighting_and_comments_in_a_later_paragraph_of_a_cell_of_odt():
    said = "<office:annotation><text:p>withdraws</text:p></office:annotation>"
    rows = [
        ("Speaker", p("Text")),
        ("T", p("How?")),
        ("C", p("So.") + p(f"I {said}{span('left', 'T1')}.")),
    ]
    cells = "".join(
        f"<table:table-row><table:table-cell>{p(who)}</table:table-cell>"
        f"<table:table-cell>{text}</table:table-cell></table:table-row>"
        for who, text in rows
    )
    done = from_odt(f"<table:table>{cells}</table:table>")
    assert done.turns["text"].tolist() == ["How?", "So. I left."]
    marks = [(m.kind, m.text, m.start_char, m.end_char) for m in done.marks.itertuples()]
    assert marks == [("comment", "withdraws", 6, 6), ("highlight", "yellow", 6, 10)]


def test_tracked_changes_in_odt():
    kinds = {"c1": "insertion", "c2": "deletion", "c3": "format-change"}
    regions = "".join(
        f'<text:changed-region text:id="{number}"><text:{kind}>{p("gone")}</text:{kind}>'
        "</text:changed-region>"
        for number, kind in kinds.items()
    )
    body = (
        f"<text:tracked-changes>{regions}</text:tracked-changes>"
        + p('T: How <text:change-start text:change-id="c1"/>was')
        + p("C: Fine.")
        + p('T: it?<text:change-end text:change-id="c1"/>')
        + p('C: So<text:change text:change-id="c2"/>.')
        + p('T: <text:change-start text:change-id="c3"/>Oh.<text:change-end text:change-id="c3"/>')
    )
    done = from_odt(body)
    assert done.turns["text"].tolist() == ["How was", "Fine.", "it?", "So.", "Oh."]
    flagged = ["tracked-change" in f for f in done.turns["flags"]]
    assert flagged == [True, True, True, True, False]
    assert INSERTED in warnings(done)


def test_styles_that_refer_to_each_other_in_a_ring_end():
    ring = AUTOMATIC.replace('"Coded"', '"T3"').replace('fo:background-color="transparent"', "")
    whole = (
        f"<office:document {SPACES}>{ring}<office:body><office:text>"
        f"{p('T: How ' + span('so', 'T3') + '?')}{p('C: Oh.')}"
        "</office:text></office:body></office:document>"
    )
    done = finish(odt.read(whole.encode(), source="s1.fodt"), session="s1")
    assert drawn(done) == []
