"""What a Word document holds beside the talk: boxes, headings, prompts, comments, other parts."""

from __future__ import annotations

import io
import zipfile

import pytest

from rupturecode.errors import ParseError
from rupturecode.io.transcripts import docx
from rupturecode.transcript import Transcript, finish

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
ENDED = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
TALK = ["T: So?", "C: Hm.", "T: Well.", "C: No."]


def p(*runs: str) -> str:
    return f"<w:p>{''.join(x if x.startswith('<') else r(x) for x in runs)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def box(*lines: str) -> str:
    return f"<w:r><w:pict><w:txbxContent>{''.join(map(p, lines))}</w:txbxContent></w:pict></w:r>"


def styled(text: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{r(text)}</w:p>'


def talk(body: str, **parts: str) -> Transcript:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        parts = {"document": f"<w:body>{body}</w:body>", **parts}
        for name, inner in parts.items():
            xml = f'<w:{name} xmlns:w="{W}" xmlns:a="{A}">{inner}</w:{name}>'
            archive.writestr(f"word/{name}.xml", xml)
    return finish(docx.read(out.getvalue(), source="s1.docx"), session="s1")


def texts(done: Transcript) -> list[str]:
    return done.turns["text"].tolist()


def comments(done: Transcript) -> list[tuple[int, str]]:
    marks = done.marks[done.marks["kind"] == "comment"]
    return list(zip(marks["turn"], marks["text"], strict=True))


def warned(done: Transcript, words: str) -> bool:
    return any(words in str(warning) for warning in done.info.get("warnings", []))


REST = "".join(map(p, TALK[1:]))


def test_a_text_box_beside_the_talk_is_a_comment():
    done = talk(p("T: So?", box("AK: pulls back", "twice")) + REST)
    assert texts(done) == ["So?", "Hm.", "Well.", "No."]
    assert comments(done) == [(1, "AK: pulls back\ntwice")]
    assert warned(done, "text boxes became comments")


def test_talk_that_stands_in_text_boxes_is_read():
    done = talk("".join(p(box(line)) for line in TALK))
    assert texts(done) == ["So?", "Hm.", "Well.", "No."]
    assert warned(done, "text boxes were read after the paragraph they hang on")


def test_headings_between_turns_are_comments_whatever_their_style_is_called():
    styles = '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    body = (
        styled("Session 4", "Title") + p("T: So?") + styled("Rupture one", "berschrift2")
        + p("C: Hm.") + styled("Part: two", "Heading3") + p("T: Well.") + p("C: No.")
    )  # fmt: skip
    done = talk(body, styles=styles)
    assert texts(done) == ["So?", "Hm.", "Well.", "No."]
    assert comments(done) == [(1, "Rupture one"), (2, "Part: two")]
    assert warned(done, "2 headings between turns became comments")
    assert done.info["preamble"] == ["Session 4"]


def test_labels_that_are_headings_stay_labels():
    body = "".join(styled(f"Speaker {i % 2}", "Heading2") + p("Well.") for i in range(4))
    done = talk(body)
    assert done.turns["speaker"].tolist() == ["Speaker 0", "Speaker 1"] * 2
    assert comments(done) == []


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    body = f"<w:p>{ENDED}{r('T: So, what now? How was the w')}</w:p>" + p("eek?") + REST
    done = talk(body)
    assert texts(done)[0] == "So, what now? How was the week?"
    assert done.turns["flags"][0] == "tracked-change"
    label = talk(f"<w:p>{ENDED}{r('T')}</w:p>" + p(": So?") + REST)
    assert texts(label) == ["So?", "Hm.", "Well.", "No."]
    gone = f"<w:p>{ENDED}<w:del><w:r><w:delText>C: never</w:delText></w:r></w:del></w:p>"
    assert texts(talk(gone + p("T: So?") + REST)) == ["So?", "Hm.", "Well.", "No."]
    cell = f"<w:tbl><w:tr><w:tc><w:p>{ENDED}{r('T: So?')}</w:p></w:tc></w:tr></w:tbl>"
    assert texts(talk(cell + REST))[0] == "So?"


def test_readings_above_characters_and_prompts_of_forms_are_no_talk():
    ruby = (
        f"<w:r><w:ruby><w:rt>{r('kyou')}</w:rt><w:rubyBase>{r('today')}</w:rubyBase></w:ruby></w:r>"
    )
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here')}</w:sdtContent></w:sdt>"
    filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{r(' really')}</w:sdtContent></w:sdt>"
    done = talk(p("T: So ", ruby, prompt, filled, "?") + REST)
    assert texts(done)[0] == "So today really?"
    assert warned(done, "ruby")
    assert warned(done, "empty form fields")


def test_words_inside_a_drawing_are_no_talk():
    drawing = "<w:r><w:drawing><a:p><a:r><a:t>T: axis</a:t></a:r></a:p></w:drawing></w:r>"
    done = talk(p("T: So?", drawing) + REST)
    assert texts(done) == ["So?", "Hm.", "Well.", "No."]
    assert warned(done, "words inside drawings were not read")


@pytest.mark.parametrize("element", ["altChunk", "subDoc"])
def test_talk_that_lies_in_another_part_is_refused(element):
    with pytest.raises(ParseError, match="another document inside this file"):
        talk(p("T: So?") + REST + f"<w:{element}/>")


def test_comments_that_stand_nowhere_are_counted():
    remark = f'<w:comment w:id="1">{p("pulls back")}</w:comment>'
    done = talk(p("T: So?") + REST, comments=remark)
    assert warned(done, "1 comments stand at no words and were left out")


def test_comments_outside_a_table_of_turns_go_to_the_nearest_turn():
    said = "".join(f'<w:comment w:id="{n}">{p(f"remark {n}")}</w:comment>' for n in (1, 2, 3))
    cells = [("Speaker", "Text"), ("T", "So?"), ("C", "Hm.")]
    cell = "<w:tc>{}</w:tc>".format
    rows = ["".join(cell(p(text)) for text in row) for row in cells]
    rows[0] = rows[0].replace("<w:r>", '<w:commentRangeStart w:id="2"/><w:r>', 1)
    body = (
        p('<w:commentRangeStart w:id="1"/>', "Session 4")
        + f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
        + p('<w:commentRangeStart w:id="3"/>', "Good session.")
    )
    assert sorted(comments(talk(body, comments=said))) == [
        (1, "remark 1"),
        (1, "remark 2"),
        (2, "remark 3"),
    ]


def test_a_no_break_space_in_a_label_makes_no_second_speaker():
    done = talk(p("Ms. R: So?") + p("T: Hm.") + p("Ms.\u00a0R: Well.") + p("T: No."))
    assert done.turns["speaker"].tolist() == ["Ms. R", "T", "Ms. R", "T"]
    assert warned(done, "spaces in speakers' names")
