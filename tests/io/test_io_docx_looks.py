"""What is drawn in a Word document by its looks: highlighting, shading, underlining."""

from __future__ import annotations

import io
import zipfile

import pytest

from rupturecode.io.transcripts import docx
from rupturecode.transcript import Transcript, finish

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
YELLOW, GREEN = '<w:highlight w:val="yellow"/>', '<w:highlight w:val="green"/>'
SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="FFE599"/>'
LINE = '<w:u w:val="single"/>'


def r(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    lines = ["".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def talk(body: str, convention: str = "plain") -> Transcript:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    draft = docx.read(out.getvalue(), source="s1.docx")
    return finish(draft, session="s1", convention=convention)


def drawn(done: Transcript) -> list[tuple[int, str, str, str]]:
    """Turn, kind and text of each mark, and the words under it."""
    texts = done.turns["text"].tolist()
    return [
        (m.turn, m.kind, m.text, texts[m.turn - 1][m.start_char : m.end_char])
        for m in done.marks.itertuples()
    ]


def warnings(done: Transcript) -> str:
    return "\n".join(map(str, done.info["warnings"]))


CALM = p(r("T: How was it?"))


def test_highlighting_is_a_mark_over_the_words_and_does_not_show_in_the_text():
    done = talk(CALM + p(r("C: It was "), r("your", YELLOW), r(" fault", YELLOW), r(" again.")))
    assert done.turns["text"].tolist() == ["How was it?", "It was your fault again."]
    assert done.turns["raw"].tolist() == done.turns["text"].tolist()
    assert drawn(done) == [(2, "highlight", "yellow", "your fault")]
    assert "highlighted in color, kept as marks and not shown in the text: yellow 1" in warnings(
        done
    )


def test_neighbours_in_another_color_stay_apart_and_a_highlight_beats_shading():
    body = p(r("C: "), r("one ", YELLOW), r("two ", GREEN), r("three", GREEN + SHADED))
    assert drawn(talk(CALM + body)) == [
        (2, "highlight", "yellow", "one"),
        (2, "highlight", "green", "two three"),
    ]


@pytest.mark.parametrize(
    ("looks", "color"),
    [
        (SHADED, "#FFE599"),
        ('<w:shd w:val="clear" w:fill="auto"/>', None),
        ('<w:shd w:val="clear" w:fill="FFFFFF"/>', None),
        ('<w:shd w:val="nil" w:fill="FFE599"/>', None),
        ('<w:highlight w:val="none"/>', None),
        ('<w:highlight w:val="none"/>' + SHADED, "#FFE599"),
        ('<w:highlight w:val="darkBlue"/>', "darkBlue"),
        (f"<w:rPrChange><w:rPr>{YELLOW}</w:rPr></w:rPrChange>", None),
    ],
)
def test_colors(looks, color):
    found = drawn(talk(CALM + p(r("C: I "), r("know", looks))))
    assert found == ([(2, "highlight", color, "know")] if color else [])


def test_the_looks_of_a_paragraph_are_not_those_of_its_words():
    body = f"<w:p><w:pPr>{SHADED}<w:rPr>{YELLOW}{LINE}</w:rPr></w:pPr>{r('C: I know')}</w:p>"
    assert drawn(talk(CALM + body)) == []


def test_a_highlighted_label_is_kept_as_a_point_and_one_outside_all_turns_is_counted():
    body = p(r("Session 3", YELLOW)) + CALM + p(r("C:", GREEN), r(" Fine."))
    done = talk(body)
    assert drawn(done) == [(2, "highlight", "green", "")]
    assert "1 highlighted stretches are in no turn and were left out" in warnings(done)


def test_a_stretch_over_several_turns_is_a_mark_in_each():
    run = "<w:t>C: no.</w:t><w:br/><w:t>T: Go</w:t><w:br/><w:t>on.</w:t>"
    body = CALM + f"<w:p><w:r><w:rPr>{YELLOW}</w:rPr>{run}</w:r></w:p>" + p(r("C: so"))
    assert drawn(talk(body)) == [
        (2, "highlight", "yellow", "no."),
        (3, "highlight", "yellow", "Go on."),
    ]


def test_a_highlighted_comment_leaves_its_highlight_behind():
    remark = (
        r("Yes ", YELLOW) + r("[", YELLOW) + r("Withdrawal", f"<w:i/>{YELLOW}") + r("]", YELLOW)
    )
    done = talk(CALM + p(r("C: "), remark, r(" no.")))
    assert done.turns["text"].tolist()[1] == "Yes no."
    assert drawn(done) == [(2, "highlight", "yellow", "Yes"), (2, "comment", "Withdrawal", "")]
    alone = talk(
        CALM + p(r("C: Yes "), r("[", YELLOW), r("Withdrawal", f"<w:i/>{YELLOW}"), r("]", YELLOW))
    )
    assert (2, "highlight", "yellow", "") in drawn(alone)


def test_underlining_is_emphasis_or_what_the_convention_says():
    body = CALM + p(r("C:", LINE), r(" I "), r("never ", LINE), r("said so."))
    plain, pit = talk(body), talk(body, "pit")
    assert drawn(plain) == [(2, "emphasis", "never", "never")]
    assert drawn(pit) == [(2, "overlap", "never", "never")]
    assert "1 underlined stretches became marks" in warnings(plain)
    none = talk(CALM + p(r("C: I "), r("know", '<w:u w:val="none"/>'), r(" ", LINE)))
    assert drawn(none) == []
    assert "warnings" not in none.info


def test_the_plain_reading_of_brackets_holds_under_pit():
    body = CALM + p(r("C: Yes [click] (sighs) [*Rupture*]."))
    assert drawn(talk(body, "pit")) == drawn(talk(body))


def test_in_tables_the_words_are_marked_and_other_cells_stand_for_the_turn():
    head = (r("LINE NO"), r("SPEAKER"), r("TEXT"), r("NOTES"))
    body = table(
        head,
        (r("1"), r("T"), r(" So "), r("")),
        head,
        (r("2", GREEN), r("C"), r(" I ") + r("never ", YELLOW) + r("did", LINE), r("hm", SHADED)),
    )
    done = talk(p(r("Session 3", YELLOW)) + body)
    assert sorted(drawn(done)) == [
        (2, "comment", "hm", ""),
        (2, "emphasis", "did", "did"),
        (2, "highlight", "#FFE599", ""),
        (2, "highlight", "green", ""),
        (2, "highlight", "yellow", "never"),
    ]
    assert "1 highlighted stretches are in no turn" in warnings(done)
    assert done.info["lines"] == [3, 5]


def test_bold_names_and_italic_brackets_move_what_is_drawn():
    bold = p(r("Noor", "<w:b/>"), r(" I "), r("never", YELLOW))
    assert drawn(talk(p(r("Dana", "<w:b/>"), r(" So?")) + bold + bold))[0] == (
        2, "highlight", "yellow", "never",
    )  # fmt: skip
    slanted = p(r("C: a ["), r("Rupture", "<w:i/>"), r("] "), r("never", YELLOW))
    assert drawn(talk(CALM + slanted))[1] == (2, "highlight", "yellow", "never")


def test_many_stretches_in_one_turn_take_no_longer_each():
    import time

    start = time.process_time()
    done = talk(CALM + p(r("C: "), *[r("a ", YELLOW), r("[*b*] ")] * 20_000))
    assert len(done.marks) == 40_000
    assert time.process_time() - start < 12  # when each looked at all others: half a minute
