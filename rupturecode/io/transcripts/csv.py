"""Delimited tables with a row per turn: CSV, TSV and semicolon files."""

from __future__ import annotations

import csv as stdlib_csv
import io
import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.headings import (
    columns_by_speaker,
    header_row,
    looks_like_turns,
    mapping,
    one_text_column,
)
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.tabular import drafts, one, titled
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.io.parsers.encoding import Decoded
    from rupturecode.transcript.model import Transcript

NAME = "csv"
_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1_000_000
_SUFFIXES = (".csv", ".tsv", ".tab")
_ROWS_LOOKED_AT = 20
#: The headings of Whisper's tables, whose times are whole milliseconds, and with speakers.
_WHISPER = (["end", "start", "text"], ["end", "speaker", "start", "text"])
_SHORTEST_MS, _DIGITS = 100, 13
#: A cell that begins with a label, in a file of one column.
_QUOTED_LABEL = re.compile(r"(?m)^\"[^\W\d_][^\":,;\n]{0,30}:")
#: The line by which Excel is told what separates cells.
_SEPARATOR = re.compile(r"\"?sep=(?P<sign>[,;\t|])\"?(?:\n|$)", re.IGNORECASE)
#: The line under the header of a table in Markdown.
_RULE = re.compile(r"\s*:?-+:?\s*|")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first line is a header of two or more columns that could be turns.

    Under a table's suffix any rows of equally many cells will do, for reading says which
    columns there are, and so will a single column of labelled turns in quotes.
    """
    if b"\x00" in head[:400] and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    text = preview(head)
    lines = [line for line in text.split("\n")[:_ROWS_LOOKED_AT] if line.strip()]
    first = lines[0] if lines else ""
    if len(first) > 5000 or first.lstrip()[:1] in ("{", "[", "<"):
        return False
    table = name.lower().endswith(_SUFFIXES)
    if _heads(lines if table or _SEPARATOR.fullmatch(first) else lines[:1]):
        return True
    delimiter = _delimiter(first)
    return table and (_one_column(text) or (delimiter is not None and _even(head, delimiter)))


def _heads(lines: Sequence[str]) -> str | None:
    """Return what separates the cells of the first line that names columns of turns."""
    for line in lines:
        delimiter = _delimiter(line)
        if delimiter is not None and looks_like_turns(_cells(line, delimiter)):
            return delimiter
    return None


def _one_column(text: str) -> bool:
    """Whether this is a column of labelled turns, those with a comma in quotes."""
    rows = text.split("\n")[:_ROWS_LOOKED_AT]
    single = sum(len(_cells(row, ",")) == 1 for row in rows)
    return bool(_QUOTED_LABEL.search(text)) and 2 * single > len(rows)


def _even(head: bytes, delimiter: str) -> bool:
    """Whether the first rows have as many cells as the header, which starts no turn itself."""
    lines = preview(head).split("\n")[:_ROWS_LOOKED_AT]
    try:
        rows = [row for row in stdlib_csv.reader(lines, delimiter=delimiter) if row]
    except stdlib_csv.Error:
        return False
    return (
        len(rows) > 1
        and ":" not in rows[0][0]
        and {len(row) for row in rows[:-1]} == {len(rows[0])}
    )


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    unit: str = "",
    repeats: str = "refuse",
) -> Draft | list[Draft]:
    r"""Read a table with one row per turn.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        When the user knows it.
    columns
        From ``text``, ``speaker``, ``start``, ``end``, ``session``, ``turn``, ``notes`` to
        the table's headings; by well-known headings unless given.
    delimiter
        Comma, semicolon, tab or bar; as the header shows unless given.
    unit
        ``"s"`` or ``"ms"``, for times that are bare numbers.
    repeats
        What to do with rows that repeat a turn number: ``"refuse"`` or ``"collapse"``.

    Raises
    ------
    ParseError
        When the file is not a table.
    InvalidDataError
        Listing every cell that cannot be read.
    UsageError
        When the columns must be named.

    Examples
    --------
    >>> read(b"speaker,text\nT,How was it?\nC,Fine.\n", source="s1.csv").speakers
    ['T', 'C']
    """
    decoded = decode(data, source=source, encoding=encoding)
    said = _SEPARATOR.match(decoded.text)
    body = decoded.text[said.end() :] if said else decoded.text
    if columns is None and _one_column(body):
        return _labelled(decoded, source)
    lines = [line for line in body.split("\n", _ROWS_LOOKED_AT) if line.strip()]
    first = lines[0] if lines else ""
    delimiter = delimiter or (said["sign"] if said else _heads(lines) or _delimiter(first))
    if delimiter is None:
        raise ParseError(
            "expected a header of columns separated by comma, semicolon, tab or bar",
            source,
            1,
            first,
        )
    if len(delimiter) != 1:
        raise UsageError(f"delimiter={delimiter!r}: give one character.")
    above, header, rows = _rows(body, delimiter, source, columns)
    if columns is None and (spoken := columns_by_speaker(header, rows)):
        header, rows = one_text_column(header, rows, spoken)
    where = mapping(header, columns, source=source, rows=rows)
    whispers = not unit and delimiter == "\t" and _is_whispers(header, rows)
    found = drafts(
        rows,
        where,
        source=source,
        format=NAME,
        headings=header,
        first_row=len(above) + 2 + bool(said),
        unit="ms" if whispers else unit,
        repeats=repeats,
    )
    for draft in found:
        titled(draft, above)
        if whispers:
            draft.cues = True
            draft.warn("times are milliseconds, as Whisper writes them; unit= says otherwise")
        draft.know({**decoded.info, "columns": {k: header[i] for k, i in where.items()}})
    return one(found, source)


def _rows(
    text: str, delimiter: str, source: str, columns: Mapping[str, str] | None = None
) -> tuple[list[list[str]], list[str], list[list[str]]]:
    """Return the rows above the headings, the headings, and the rows below."""
    stdlib_csv.field_size_limit(_LONGEST_CELL)
    reader = stdlib_csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        every = list(reader)
    except stdlib_csv.Error as err:
        every = _unquoted(text) if delimiter == "\t" else []
        if not every:
            lines = text.split("\n")
            number = min(reader.line_num, len(lines))
            shown = lines[number - 1][:200] if number else ""
            raise ParseError(f"not a readable table: {err}", source, number, shown) from err
    spoken = (i for i, row in enumerate(every) if any(map(str.strip, row)))
    top = header_row(every, columns)
    top = next(spoken, 0) if top is None else top
    header, rows = [h.strip() for h in every[top]], every[top + 1 :]
    if delimiter == "|" and rows and all(_RULE.fullmatch(cell) for cell in rows[0]):
        rows[0] = []
    return every[:top], header, rows


def _unquoted(text: str) -> list[list[str]]:
    """Return the cells of a table by tabs in which quotation marks are mere marks, if it is one."""
    rows = [line.split("\t") for line in text.split("\n") if line.strip()]
    return rows if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1 else []


def _is_whispers(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is Whisper's table, or one like it with speakers, timed in milliseconds.

    Its times are whole numbers, and large: pieces of speech last more than a tenth of a second.
    """
    if sorted(header) not in _WHISPER:
        return False
    end = header.index("end")
    ends = [row[end].strip() for row in rows if len(row) > end]
    whole = bool(ends) and all(text.isdecimal() and len(text) < _DIGITS for text in ends)
    return whole and int(ends[-1]) > _SHORTEST_MS * len(ends)


def _labelled(decoded: Decoded, source: str) -> Draft:
    """Read a single column of labelled turns, each in its cell."""
    above, header, rows = _rows(decoded.text, ",", source)
    lines = [",".join(row) for row in (*above, header, *rows)]
    draft = Draft(NAME, source)
    fill(draft, lines, each_line=True)
    draft.know(decoded.info)
    return draft


def _delimiter(first: str) -> str | None:
    counts = {d: first.count(d) for d in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda d: counts[d])
    return best if counts[best] else None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(stdlib_csv.reader([line], delimiter=delimiter), [])
    except stdlib_csv.Error:
        return []


def write(transcript: Transcript) -> bytes:
    """Write a transcript as CSV: speaker, role, text as in the file, times in milliseconds.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> print(write(Transcript.from_turns("s1", [("T", "Hello.")])).decode())
    turn,speaker,text,start,end
    1,T,Hello.,,
    <BLANKLINE>
    """
    from rupturecode.io.parsers.clock import clock

    out = io.StringIO(newline="")
    writer = stdlib_csv.writer(out, lineterminator="\n")
    writer.writerow(["turn", "speaker", "text", "start", "end"])
    turns = transcript.turns
    times = [
        [
            "" if t is None else clock(int(t))
            for t in turns[c].astype(object).where(turns[c].notna(), None)
        ]
        for c in ("start_ms", "end_ms")
    ]
    writer.writerows(zip(turns["turn"], turns["speaker"], turns["raw"], *times, strict=True))
    return out.getvalue().encode()
