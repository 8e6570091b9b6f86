r"""The cells of a Datavyu spreadsheet: the member ``db`` of its archive.

``db`` has a line per column (``rupture (MATRIX,true,)-code|NOMINAL,...``) and below it a line
per cell: ``HH:MM:SS:mmm,HH:MM:SS:mmm,(a,b)``; a backslash escapes, and at the end of a line it
makes the line's end part of the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.exchange.extras import Extras, extra
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import named, names_of
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.zipsafe import open_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELL = re.compile(
    r"(\d{1,4}):(\d\d):(\d\d):(\d{3}),(\d{1,4}):(\d\d):(\d\d):(\d{3}),(.*)", re.DOTALL
)
_COLUMN = re.compile(r"(?P<name>[^\n(]+?)\s*\((?P<type>[A-Z]+)(?P<more>[^\n]*)")
_FIELD = re.compile(r"(?:\\.|[^\\,])*", re.DOTALL)
_VERSION = re.compile(r"#\d+")
#: In files of version 2, a line with the fields of a predicate; it is no column.
_PREDICATE = re.compile(r"\d+:[^|]*\|")
#: A column in which MacSHAPA kept its queries.
_QUERIES = "###QueryVar###"
_WHO = ("coder", "observer")
_NOTES = ("note", "notes", "comment", "comments")
#: The name of the field in which we write a code's value; it is no name of a code.
VALUE = "value"


def parse(data: bytes, *, source: str) -> Project:
    """Read all cells; each value of a cell is a coding of its own.

    Fields called coder, speaker, note (or comment), round, evidence and confidence belong to
    the others of their cell; a field ``unit`` that says ``session`` makes it a rating of the
    whole session.

    Raises
    ------
    ParseError
        When the file is damaged or holds no spreadsheet.
    """
    archive = open_zip(data, source=source)
    inside = [n for n in archive.names if n.rpartition("/")[2] == "db" and "__MACOSX" not in n]
    if len(inside) != 1:
        raise ParseError(f"expected one 'db' in the archive, found {len(inside)}", source)
    text = decode(archive.read(inside[0]), source=f"{source}/{inside[0]}").text
    project = Project("datavyu", source, [Document(source, source)])
    columns: list[_Column] = []
    cells = 0
    for line, entry in _entries(text):
        cell = _CELL.fullmatch(entry)
        if cell is None:
            column = _COLUMN.match(entry)
            if column is None:
                raise ParseError("neither a column nor a cell", source, line, entry[:120])
            columns.append(_Column(_plain(column["name"]), _fields(column["more"])))
            continue
        if not columns:
            raise ParseError("a cell before any column", source, line, entry[:120])
        if columns[-1].name == _QUERIES:
            continue
        cells += 1
        values = [_plain(v) for v in _split(_inside(cell[9].strip()))]
        ends = (_ms(*cell.group(1, 2, 3, 4)), _ms(*cell.group(5, 6, 7, 8)))
        project.codings += columns[-1].codings(values, ends, source, line)
    project.info = {"columns": [c.name for c in columns if c.name != _QUERIES], "cells": cells}
    return project


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines, joined where a backslash ends one, without the version and predicates."""
    waiting, first = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        first = first if waiting else number
        whole = f"{waiting}\n{line}" if waiting else line
        slashes = len(whole) - len(whole.rstrip("\\"))
        if slashes % 2:
            waiting = whole
            continue
        waiting = ""
        passing = _VERSION.fullmatch(whole.strip()) or _PREDICATE.match(whole)
        if whole.strip() and not passing:
            yield first, whole.strip()
    if waiting:
        yield first, waiting.strip()


def _fields(more: str) -> list[str]:
    """Return the names of a matrix column's fields: ``)-code|nominal,value|nominal``."""
    _, _, listed = more.partition(")-")
    return [_plain(f.partition("|")[0]) for f in _split(listed) if f.strip()]


def _inside(text: str) -> str:
    """Take the brackets off; simple columns have none."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _split(text: str) -> list[str]:
    """Split at commas that no backslash escapes."""
    parts, at = [], 0
    while at <= len(text):
        match = _FIELD.match(text, at)
        end = match.end() if match else at
        parts.append(text[at:end])
        at = end + 1
    return parts


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL).strip()


def _ms(hours: str, minutes: str, seconds: str, thousandths: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    fields: list[str]

    def codings(
        self, values: list[str], ends: tuple[int, int], source: str, line: int
    ) -> Iterator[Coding]:
        """Yield a coding for every value of a cell that is not about the others."""
        column = named(self.name)
        about = _About(coder=column.coder)
        said: list[tuple[str, str]] = []
        for i, value in enumerate(values):
            name = self.fields[i] if i < len(self.fields) else ""
            if value and not about.takes(name.casefold(), value):
                said.append((name, value))
        for i, (name, value) in enumerate(said or [("", "")]):
            own = (f"{name} = {value}",) if name and name.casefold() != VALUE else ()
            yield Coding(
                source,
                (*own, *names_of(column.layer, value)),
                about.coder or None,
                start_ms=None if about.whole else ends[0],
                end_ms=None if about.whole else max(ends),
                speaker=about.speaker,
                note=about.note,
                **about.extras,
                id=f"{self.name}.{line}.{i}",
                line=line,
            )


@dataclass(slots=True)
class _About:
    """What the fields of a cell say of its codings."""

    coder: str = ""
    speaker: str = ""
    note: str = ""
    whole: bool = False
    extras: Extras = field(default_factory=Extras)

    def takes(self, name: str, value: str) -> bool:
        """Take a field that says something of the others; False for one that is a coding."""
        if name in _WHO:
            self.coder = value
        elif name == "speaker":
            self.speaker = value
        elif name in _NOTES:
            self.note = " | ".join(filter(None, (self.note, value)))
        elif name == "unit" and value == "session":
            self.whole = True
        elif said := extra(name, value):
            self.extras |= said
        else:
            return False
        return True
