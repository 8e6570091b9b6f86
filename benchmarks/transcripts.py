"""Speed of reading text, captions and Word files: finished turns, beside named peers.

Run ``python benchmarks/transcripts.py --megabytes 1 10 100``; how each is measured is told in
``reading.py``. Peers: webvtt-py, srt, pysubs2, python-docx. MB are those of the file, of the text
for Word files.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from reading import OURS, compare_all, ours, turns

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["WRITERS", "turns"]
CLOCK = "{:02d}:{:02d}:{:02d}{}{:03d}"


def stamp(ms: int, point: str) -> str:
    """Write a time as captions do."""
    seconds, rest = divmod(ms, 1000)
    return CLOCK.format(seconds // 3600, seconds // 60 % 60, seconds % 60, point, rest)


def as_text(talk: list[tuple[str, str]]) -> bytes:
    return "\n\n".join(f"{who}: {text}" for who, text in talk).encode()


def as_webvtt(talk: list[tuple[str, str]]) -> bytes:
    cues = [
        f"{stamp(i * 4000, '.')} --> {stamp(i * 4000 + 3500, '.')}\n<v {who}>{text}"
        for i, (who, text) in enumerate(talk)
    ]
    return ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode()


def as_srt(talk: list[tuple[str, str]]) -> bytes:
    cues = [
        f"{i + 1}\n{stamp(i * 4000, ',')} --> {stamp(i * 4000 + 3500, ',')}\n{who}: {text}"
        for i, (who, text) in enumerate(talk)
    ]
    return ("\n\n".join(cues) + "\n").encode()


def run(text: str, looks: str = "") -> str:
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f'<w:p><w:pPr><w:spacing w:after="120"/></w:pPr>{"".join(runs)}</w:p>'


def as_edited_text(talk: list[tuple[str, str]]) -> bytes:
    """Typographic apostrophes, so not ASCII, and a comment in every tenth turn."""
    edited = [
        f"{who}: {text.replace(' I ', ' I’m ')}" + (" [*withdrawal*]" if i % 10 == 0 else "")
        for i, (who, text) in enumerate(talk)
    ]
    return "\n\n".join(edited).encode()


def as_cut_srt(talk: list[tuple[str, str]]) -> bytes:
    """Captions of at most eight words, the speaker named in the first of a turn only."""
    cues, n = [], 0
    for who, text in talk:
        words = text.split(" ")
        for i in range(0, len(words), 8):
            n += 1
            times = f"{stamp(n * 2000, ',')} --> {stamp(n * 2000 + 1900, ',')}"
            said = " ".join(words[i : i + 8])
            cues.append(f"{n}\n{times}\n" + (said if i else f"{who}: {said}"))
    return ("\n\n".join(cues) + "\n").encode()


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


def package(body: str, remarks: str = "") -> bytes:
    """Make a Word file with that body and, unless there are none, those comments."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
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
        "word/document.xml": f'{head}<w:document xmlns:w="{word}"><w:body>{body}</w:body>'
        "</w:document>",
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


#: By the ending of the file's name; those of Word files say what is in them.
WRITERS = {
    ".txt": as_text,
    ".edited.txt": as_edited_text,
    ".vtt": as_webvtt,
    ".srt": as_srt,
    ".cut.srt": as_cut_srt,
    ".docx": as_docx,
    ".table.docx": as_table,
    ".changes.docx": as_changes,
}


def bare_regex(path: Path) -> int:
    return len(re.findall(r"^(\w+): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def webvtt_py(path: Path) -> int:
    import webvtt

    return len([(c.voice, c.text, c.start_in_seconds) for c in webvtt.read(str(path))])


def srt_py(path: Path) -> int:
    import srt

    return len(list(srt.parse(path.read_text(encoding="utf-8"))))


def pysubs2(path: Path) -> int:
    import pysubs2

    return len([(c.start, c.end, c.plaintext) for c in pysubs2.load(str(path))])


def python_docx(path: Path) -> int:
    import docx

    return len([p.text for p in docx.Document(str(path)).paragraphs])


def python_docx_table(path: Path) -> int:
    """Read a table as its users do, cell by cell of each row."""
    import docx

    [table] = docx.Document(str(path)).tables
    return len([[cell.text for cell in row.cells] for row in table.rows]) - 1


def python_docx_comments(path: Path) -> int:
    """Read paragraphs, which come without what was inserted, and comments without their place."""
    import docx

    document = docx.Document(str(path))
    said = [c.text for c in document.comments]
    return len([p.text for p in document.paragraphs]) if said else 0


def python_docx_by_hand(path: Path) -> int:
    """Take text from python-docx's XML, as its users do to get at what was inserted."""
    import docx
    from docx.oxml.ns import qn

    document = docx.Document(str(path))
    said = [c.text for c in document.comments]
    words = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body]
    return len(words) if said else 0


#: By name, what reads each kind of file.
READERS = {
    OURS: dict.fromkeys(WRITERS, ours),
    "bare regex": {".txt": bare_regex, ".edited.txt": bare_regex},
    "webvtt-py": {".vtt": webvtt_py},
    "srt": {".srt": srt_py, ".cut.srt": srt_py},
    "pysubs2": {".vtt": pysubs2, ".srt": pysubs2, ".cut.srt": pysubs2},
    "python-docx": {
        ".docx": python_docx,
        ".table.docx": python_docx_table,
        ".changes.docx": python_docx_comments,
    },
    "by hand": {".changes.docx": python_docx_by_hand},
}


if __name__ == "__main__":
    compare_all(__file__, __doc__, WRITERS, READERS)
