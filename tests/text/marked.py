"""Reading sentences with marked spans, and counting which spans were found whole."""

from __future__ import annotations

import re
from pathlib import Path

from rupturecode.text.deidentification.find import find

_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]")
OWN = Path(__file__).parent / "data" / "deid_own.txt"
SECOND = Path(__file__).parent / "data" / "deid_second.txt"
THIRD = Path(__file__).parent / "data" / "deid_third.txt"


def read_marked(path: Path) -> list[tuple[str, list[tuple[int, int]]]]:
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x and x[0] != "#"]
    return [parse(line) for line in lines]


def parse(line: str) -> tuple[str, list[tuple[int, int]]]:
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[2])))
        text += mark[2]
        at = mark.end()
    return text + line[at:], spans


def strict_recall(sentences: list[tuple[str, list[tuple[int, int]]]], *, lower: bool = False):
    """Found and marked: a span counts when every letter and digit of it was found."""
    found = marked = 0
    for text, spans in sentences:
        shown = text.lower() if lower else text
        covered = {i for f in find(shown) for i in range(f.start, f.end)}
        marked += len(spans)
        found += sum(
            all(i in covered or not shown[i].isalnum() for i in range(*span)) for span in spans
        )
    return found, marked
