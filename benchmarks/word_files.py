"""Word files of invented talk for ``transcripts.py``: bare ones, and one as Word writes it."""

from __future__ import annotations

import io
import random
import zipfile

#: What Word says of the fonts of each run where a lab's template sets them.
LOOKS = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>{}'
    '<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-GB"/>'
)
SAID, BOLD = LOOKS.format(""), LOOKS.format("<w:b/><w:bCs/>")
#: What newer Word adds to runs, and to all letters that were pasted from elsewhere.
LIGATURES = '<w:kern w:val="2"/>{}<w14:ligatures w14:val="standardContextual"/>'
OUTLINE = (
    '<w14:textOutline w14:w="0" w14:cap="flat" w14:cmpd="sng" w14:algn="ctr"><w14:noFill/>'
    '<w14:prstDash w14:val="solid"/><w14:bevel/></w14:textOutline>'
)
FRONT = '<w:pStyle w:val="NoSpacing"/><w:spacing w:line="480" w:lineRule="auto"/>'
SPELLER = '<w:proofErr w:type="spell{}"/>'


def run(text: str, looks: str = "") -> str:
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f'<w:p><w:pPr><w:spacing w:after="120"/></w:pPr>{"".join(runs)}</w:p>'


def as_docx(talk: list[tuple[str, str]]) -> bytes:
    return package("".join(paragraph(run(f"{a}:", "<w:b/>"), run(f" {b}")) for a, b in talk))


def as_table(talk: list[tuple[str, str]]) -> bytes:
    """Write a table with a row per turn: line number, speaker, text, and a note in every tenth."""
    rows = [("LINE NO", "SPEAKER", "TEXT", "NOTES")]
    rows += [(str(i), *turn, "looks away" * (i % 10 == 0)) for i, turn in enumerate(talk, 1)]
    width = '<w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>'
    lines = ("".join(f"<w:tc>{width}{paragraph(run(c))}</w:tc>" for c in row) for row in rows)
    grid = "<w:tblPr/><w:tblGrid>" + "<w:gridCol/>" * 4 + "</w:tblGrid>"
    return package(f"<w:tbl>{grid}{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>")


def as_changes(talk: list[tuple[str, str]]) -> bytes:
    """Write paragraphs of which every fifth has a tracked change, and every twentieth a comment."""
    body, remarks = [], []
    who = 'w:author="AK" w:date="2024-05-01T10:00:00Z"'
    for i, (speaker, text) in enumerate(talk):
        runs = [run(f"{speaker}:", "<w:b/>"), run(f" {text}")]
        if i % 5 == 0:
            removed = run("quite").replace("w:t", "w:delText")
            runs[1:] = [
                run(f" {text[:20]}"),
                f'<w:ins w:id="{i}" {who}>{run("really")}</w:ins>',
                f'<w:del w:id="{i}" {who}>{removed}</w:del>',
                run(text[20:]),
            ]
        if i % 20 == 0:
            remarks.append(
                f'<w:comment w:id="{i}" {who}>{paragraph(run("withdraws?"))}</w:comment>'
            )
            runs.insert(1, f'<w:commentRangeStart w:id="{i}"/>')
            runs.append(
                f'<w:commentRangeEnd w:id="{i}"/><w:r><w:commentReference w:id="{i}"/></w:r>'
            )
        body.append(paragraph(*runs))
    return package("".join(body), "".join(remarks))


def as_word(talk: list[tuple[str, str]]) -> bytes:
    """Write as Word does: fonts and ids of sittings in each run, words cut by the speller.

    Every fifth paragraph has a tracked change, and every twentieth a comment.
    """
    writer = random.Random(1)
    sittings = [f"00{writer.getrandbits(24):06X}" for _ in range(40)]

    def written(text: str, looks: str = SAID, tag: str = "t") -> str:
        sitting = f' w:rsidR="{writer.choice(sittings)}"' if writer.random() < 0.3 else ""
        looks += LIGATURES.format(OUTLINE if writer.random() < 0.05 else "") if tag == "t" else ""
        space = ' xml:space="preserve"' if text != text.strip() else ""
        return f"<w:r{sitting}><w:rPr>{looks}</w:rPr><w:{tag}{space}>{text}</w:{tag}></w:r>"

    def cut(text: str) -> list[str]:
        """Cut where somebody went on writing, and around what the speller does not know."""
        words, parts = text.split(" "), []
        while words:
            n = 1 + writer.randrange(24)
            parts.append(written(" ".join(words[:n]) + " " * (len(words) > n)))
            if words[n:] and writer.random() < 0.2:
                unknown = written(words.pop(n))
                parts.append(SPELLER.format("Start") + unknown + SPELLER.format("End"))
                parts += [written(" ")] if words[n:] else []
            words = words[n:]
        return parts

    body, remarks = [], []
    for i, (speaker, text) in enumerate(talk):
        tab = f"<w:r><w:rPr>{SAID}</w:rPr><w:tab/></w:r>"
        runs = [written(f"{speaker}:", BOLD), tab, *cut(text)]
        who = f'w:id="{i}" w:author="A. K." w:date="2024-05-01T10:00:00Z"'
        if i % 5 == 0:
            new, old = written("really "), written("quite ", tag="delText")
            runs[2:2] = [f"<w:ins {who}>{new}</w:ins><w:del {who}>{old}</w:del>"]
        if i % 20 == 0:
            remarks.append(f'<w:comment {who} w:initials="A">{paragraph(run("why?"))}</w:comment>')
            sign = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference'
            runs.insert(2, f'<w:commentRangeStart w:id="{i}"/>')
            runs.append(f'<w:commentRangeEnd w:id="{i}"/>{sign} w:id="{i}"/></w:r>')
        if i % 100 == 0:
            runs.insert(0, f'<w:bookmarkStart w:id="{i}" w:name="_Hlk{i}"/>')
            runs.append(f'<w:bookmarkEnd w:id="{i}"/>')
        ids = f'w14:paraId="{writer.getrandbits(31):08X}" w14:textId="77777777"'
        sitting = f'w:rsidR="{writer.choice(sittings)}" w:rsidRDefault="{writer.choice(sittings)}"'
        front = f"<w:pPr>{FRONT}<w:rPr>{SAID}</w:rPr></w:pPr>"
        body.append(f"<w:p {ids} {sitting}>{front}{''.join(runs)}</w:p>")
    return package("".join(body), "".join(remarks))


def package(body: str, remarks: str = "") -> bytes:
    """Make a Word file with that body and, unless there are none, those comments."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    newer = "http://schemas.microsoft.com/office/word/2010/wordml"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

    def link(name: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{relation}/{name}" Target="{target}"/>'
        return f'<Relationships xmlns="{links}">{one}</Relationships>'

    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>'
        f'<Override PartName="/word/comments.xml" ContentType="{kind}.comments+xml"/></Types>',
        "_rels/.rels": link("officeDocument", "word/document.xml"),
        "word/document.xml": f'{head}<w:document xmlns:w="{word}" xmlns:w14="{newer}"><w:body>'
        f"{body}</w:body></w:document>",
    }
    if remarks:
        parts["word/_rels/document.xml.rels"] = link("comments", "comments.xml")
        comments = f'{head}<w:comments xmlns:w="{word}">{remarks}</w:comments>'
        parts["word/comments.xml"] = comments
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
