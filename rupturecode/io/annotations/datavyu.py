"""Datavyu spreadsheets (``.opf``): columns of cells with times and values.

Written spreadsheets have a column per code, a cell per coding, and the coder in a field.

References
----------
Datavyu Foundation, format of project files, version 5, and of databases, version 4.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.datavyu_cells import VALUE, parse
from rupturecode.io.exchange.extras import EXTRAS, extras
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import by_session, needs_corpus, plain_name
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.tiers import PLAIN, timed
from rupturecode.io.exchange.zipout import to_zip
from rupturecode.io.parsers.zipsafe import is_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.tiers import Timed
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
_SPECIAL = re.compile(r"[\\()\n,|-]")
_RETURN = re.compile("\r\n?")
_PROJECT = "!project\ndbFile: null\nname: {}\nversion: 5\nviewerSettings: []\n"
_ALWAYS = (VALUE, "coder", "speaker", "note")
_IF_SAID = ("unit", *EXTRAS)


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a spreadsheet of Datavyu."""
    return is_zip(head) and name.casefold().endswith(".opf")


#: Read the cells of a Datavyu spreadsheet; times are laid on the turns' times.
read = reader(parse)
OPTIONS = {
    "coder": (
        "Whose the cells are, where neither a field ``coder`` nor the column's name "
        "(``code@coder``) says it."
    ),
    "codes": (
        'Names (``"field = value"``, ``"column = value"``, value or column) to codes, None to'
        " leave out."
    ),
    "sessions": "File name to session; unless given, the name says the session.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a spreadsheet per session: a column per code, a cell with fields per coding.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "datavyu")
    book = notes.codebook
    files, untimed = {}, 0
    for talk, rows in by_session(notes, corpus, words=False):
        cells = timed(rows, talk)
        untimed += len(rows) - len(cells)
        lines = ["#4"]
        for code in book:
            if not code.heading:
                lines += _column(code.id, [c for c in cells if c.row["code"] == code.id], book)
        name = plain_name(talk.session, "session")
        project = (
            f"!project\ndbFile: null\nname: {json.dumps(name)}\nversion: 5\nviewerSettings: []\n"
        )
        db = "\n".join([*lines, ""]).encode("utf-8", "replace")
        files[f"{name}.opf"] = to_zip({"project": project.encode(), "db": db})
    lost = list(losses(notes, holds=("note", *EXTRAS), chars=False))
    if untimed:
        lost.append(f"{untimed} annotations on turns without times")
    return Written(files, tuple(lost))


def _column(code: str, cells: list[Timed], book: Codebook) -> Iterable[str]:
    """Return the line of a column, and one per cell."""
    filled = [_filled(one, book) for one in cells]
    fields = [*_ALWAYS, *(f for f in _IF_SAID if any(row[f] for row in filled))]
    yield f"{code} (MATRIX,true,)-{','.join(f'{field}|NOMINAL' for field in fields)}"
    order = sorted(range(len(cells)), key=lambda i: (cells[i].start_ms, cells[i].end_ms))
    for i in order:
        values = ",".join(_escaped(filled[i][field]) for field in fields)
        yield f"{_clock(cells[i].start_ms)},{_clock(cells[i].end_ms)},({values})"


def _filled(one: Timed, book: Codebook) -> dict[str, str]:
    row: Mapping[str, Any] = one.row
    return {
        VALUE: cell(row, book) or PLAIN,
        "coder": str(row["coder"]),
        "speaker": one.speaker,
        "note": row["note"] if isinstance(row["note"], str) else "",
        "unit": "session" if one.whole else "",
        **dict.fromkeys(EXTRAS, ""),
        **extras(row),
    }


def _escaped(value: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _RETURN.sub("\n", value))


def _clock(moment: int) -> str:
    seconds, thousandths = divmod(moment, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{thousandths:03}"
