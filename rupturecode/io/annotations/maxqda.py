"""MAXQDA: the table of coded segments, as CSV, Excel or PDF.

The table has no places in the text but paragraph numbers, and often not even these: a
segment is found by its words. Written tables have MAXQDA's columns and a few more: place, round,
evidence, confidence. MAXQDA itself imports no such table; what it imports is a REFI-QDA
project, format ``qdpx``.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.extras import EXTRAS, extras
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.maxqda_segments import parse, sniff
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, silent
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.tiers import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
_HEADS = (
    "Document group", "Document name", "Code", "Beginning", "End", "Weight score", "Segment",
    "Created by", "Comment", "Position", "Round", "Evidence", "Confidence",
)  # fmt: skip
#: What a cell of Excel holds, less room for a sign that it was cut.
_LONGEST = 32_000
_HEAVIEST = 100


#: Read coded segments; their words say where they stand, paragraphs only which of equals.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the segments are, where the table has no column ``Created by``.",
    "codes": 'Paths (``"Parent > Code"``) or names to codes, None to leave out.',
    "sessions": "Names of documents to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write the table of coded segments as an Excel workbook, in MAXQDA's columns.

    Numbers on a scale become weights (up to 100), other values names of codes under their code
    (``manner > manner = harsh``); a rating of the whole session has no segment.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "maxqda")
    book = notes.codebook
    rows: list[list[str | int]] = []
    for talk, given in by_session(notes, corpus):
        page = Page.of(talk)
        rows += [_row(row, page, book) for row in given]
    cut = sum(isinstance(c, str) and len(c) > _LONGEST for row in rows for c in row)
    lost = [*losses(notes, holds=("note", *EXTRAS)), *silent(notes)]
    if cut:
        lost.append(f"the end of {cut} texts of more than {_LONGEST:,} characters")
    return Written({"coded-segments.xlsx": _workbook(rows)}, tuple(lost))


def _row(row: Mapping[str, Any], page: Page, book: Codebook) -> list[str | int]:
    """Return the cells of an annotation."""
    code, called = str(row["code"]), name(row, book)
    weight = _weight(row, book)
    above = [a.id for a in reversed(book.ancestors(code))]
    path = " > ".join([*above, *([code] if weight or called == code else [code, called])])
    note = row["note"] if isinstance(row["note"], str) else ""
    said = extras(row)
    more = [said.get(part, "") for part in EXTRAS]
    who = str(row["coder"])
    if row["kind"] == "session":
        return ["", page.session, f"{WHOLE}{path}", "", "", weight, "", who, note, "", *more]
    start, end = page.stretch(row)
    ends = (int(row["first_turn"]), int(row["last_turn"]))
    words = page.text[start:end]
    return ["", page.session, path, *ends, weight, words, who, note, f"{start}-{end}", *more]


def _weight(row: Mapping[str, Any], book: Codebook) -> int:
    """Return a value that can be a weight; none is 0, as in MAXQDA."""
    rated = row["status"] == "given" and book[str(row["code"])].scale.kind in ("ordinal", "count")
    value = float(row["value"]) if rated else 0.0
    return int(value) if value.is_integer() and 0 < value <= _HEAVIEST else 0


def _workbook(rows: list[list[str | int]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, settings)
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("Coded segments")
    sheet.write_row(0, 0, _HEADS, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        for column, content in enumerate(row):
            if isinstance(content, int):
                sheet.write_number(number, column, content)
            elif content:
                shown = f"{content[:_LONGEST]}…" if len(content) > _LONGEST else content
                sheet.write_string(number, column, shown)
    sheet.freeze_panes(1, 0)
    sheet.set_column(6, 6, 60)
    book.close()
    return out.getvalue()
