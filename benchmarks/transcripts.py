"""Speed of reading text, captions and Word files: finished turns, beside named peers.

Run ``python benchmarks/transcripts.py --megabytes 1 10 100``; how each is measured is told in
``reading.py``. Peers: webvtt-py, srt, pysubs2, python-docx. MB are those of the file, of the text
for Word files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reading import OURS, compare_all, ours, turns
from word_files import as_changes, as_docx, as_table, as_word

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
    ".word.docx": as_word,
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
        ".word.docx": python_docx_comments,
    },
    "by hand": {".changes.docx": python_docx_by_hand, ".word.docx": python_docx_by_hand},
}


if __name__ == "__main__":
    compare_all(__file__, __doc__, WRITERS, READERS)
