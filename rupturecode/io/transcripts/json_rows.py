"""JSON and JSON Lines with an object per turn."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem, UsageError
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.headings import heading_key, looks_like_turns, mapping
from rupturecode.io.parsers.jsonsafe import parse_json
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.surrogates import whole
from rupturecode.io.parsers.tabular import drafts, one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    _Object = dict[str, object]

    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.model import Transcript

NAME = "json"
#: Keys that name a speaker who is an object.
_NAMES = ("name", "label", "display_name", "displayName", "id")
_DEEPEST = 4
#: Keys that a warning names.
_MOST_NAMED = 10
_OBJECT = re.compile(r"\{(?=\s*\")")


def sniff(head: bytes, name: str) -> bool:
    """Whether the first object has keys that could be a turn's."""
    del name
    text = preview(head[:20_000]).lstrip()
    if text[:1] not in ("{", "["):
        return False
    decode = json.JSONDecoder().raw_decode
    for brace in _OBJECT.finditer(text[:2000]):
        try:
            first, _ = decode(text, brace.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(first, dict) and looks_like_turns(list(first)):
            return True
    return False


def read(
    data: bytes,
    *,
    source: str,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    unit: str = "",
    repeats: str = "refuse",
) -> Draft | list[Draft]:
    """Read a list of objects, one per turn, or a file with one object per line.

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
        the objects' keys; by well-known keys unless given.
    unit
        ``"s"`` or ``"ms"``, for times that are bare numbers.
    repeats
        What to do with objects that repeat a turn number: ``"refuse"`` or ``"collapse"``.

    Raises
    ------
    ParseError
        When the JSON is broken or holds no list of objects.
    InvalidDataError
        Listing every value that cannot be read.

    Examples
    --------
    >>> read(b'[{"speaker": "T", "text": "So."}]', source="s1.json").raws
    ['So.']
    """
    objects = _objects(data, source, encoding)
    header = list(dict.fromkeys(key for o in objects for key in o))
    rows = [[_text(o.get(key)) for key in header] for o in objects]
    where = mapping(header, columns, source=source, rows=rows)
    _refuse_nested(objects, rows, header, where, source)
    found = drafts(
        rows,
        where,
        source=source,
        format=NAME,
        headings=header,
        unit=unit,
        repeats=repeats,
        first_row=1,
    )
    unread = [] if columns else _unread(header, rows, where)
    for draft in found:
        draft.info["columns"] = {k: header[i] for k, i in where.items()}
        if unread:
            more = f" and {len(unread) - _MOST_NAMED} more" if len(unread) > _MOST_NAMED else ""
            named = ", ".join(map(repr, unread[:_MOST_NAMED]))
            draft.warn(f"keys that were not read: {named}{more}; columns={{...}} says what is what")
    return one(found, source)


def _unread(
    header: Sequence[str], rows: Sequence[Sequence[str]], where: Mapping[str, int]
) -> list[str]:
    """Return the keys that hold something and are none of a turn's, but for the speaker's role."""
    taken = {*where.values()}
    return [
        key
        for i, key in enumerate(header)
        if i not in taken and heading_key(key) != "role" and any(row[i] for row in rows)
    ]


def _objects(data: bytes, source: str, encoding: str | None) -> list[dict[str, object]]:
    text = decode(data, source=source, encoding=encoding).text
    lines = [line for line in text.split("\n") if line.strip()]
    if (
        len(lines) > 1
        and all(line.lstrip().startswith("{") for line in lines[:2])
        and _whole(lines[0])
    ):
        found: object = [
            _line(line, n, source)
            for n, line in enumerate(text.split("\n"), start=1)
            if line.strip()
        ]
    else:
        found = parse_json(data, source=source, encoding=encoding)
    if isinstance(found, dict):
        found = _turns_inside(found, source)
    if not isinstance(found, list) or not _is_objects(found):
        raise ParseError(
            "expected a list of objects, one per turn", source, 1, text[:80].split("\n")[0]
        )
    return found


def _turns_inside(outer: dict[str, object], source: str) -> object:
    """Return the list of turns somewhere inside an object: the one whose keys name turns."""
    lists = dict(_lists(outer))
    fits = {name: v for name, v in lists.items() if looks_like_turns([k for o in v for k in o])}
    found = fits or lists
    if len(found) > 1:
        names = ", ".join(map(repr, found))
        raise UsageError(
            f"{source} holds several lists of objects ({names}); keep the one with the turns."
        )
    return next(iter(found.values())) if found else [outer]


def _lists(outer: Mapping[str, object], path: str = "") -> Iterator[tuple[str, list[_Object]]]:
    """Yield the lists of objects that lie in an object, or in the objects inside it."""
    for key, value in outer.items():
        if _is_objects(value):
            yield path + key, value  # type: ignore[misc]
        elif isinstance(value, dict) and path.count(".") < _DEEPEST:
            yield from _lists(value, f"{path}{key}.")


def _refuse_nested(
    objects: Sequence[_Object],
    rows: Sequence[list[str]],
    header: Sequence[str],
    where: Mapping[str, int],
    source: str,
) -> None:
    """Take the name out of a speaker that is an object; what else is no single value is refused."""
    problems: list[Problem] = []
    for number, (turn, row) in enumerate(zip(objects, rows, strict=True), start=1):
        for kind, i in where.items():
            value = turn.get(header[i])
            if not isinstance(value, dict | list):
                continue
            own = value if kind == "speaker" and isinstance(value, dict) else {}
            names = [own[key] for key in _NAMES if isinstance(own.get(key), str | int)]
            if names:
                row[i] = _text(names[0])
                continue
            what = "an object" if isinstance(value, dict) else "a list"
            message = f"{header[i]!r} is {what}, where one value was expected: the {kind} of a turn"
            problems.append(Problem(message, source, number, kind="nested-value"))
    if problems:
        raise InvalidDataError(source, problems)


def _is_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _line(line: str, number: int, source: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as err:
        column = getattr(err, "pos", 0)
        raise ParseError(
            "malformed JSON on this line", source, number, line[:200], min(column, 200)
        ) from err


def _text(value: object) -> str:
    if value is None:
        return ""
    return whole(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def write(transcript: Transcript) -> bytes:
    """Write a list of objects: turn, speaker, role, text, start_ms, end_ms.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> b'"text": "Hello."' in write(Transcript.from_turns("s1", [("T", "Hello.")]))
    True
    """
    import pandas as pd

    turns = transcript.turns
    rows = [
        {
            "turn": int(row.turn),
            "speaker": row.speaker,
            "role": row.role,
            "text": row.raw,
            "start_ms": None if pd.isna(row.start_ms) else int(row.start_ms),
            "end_ms": None if pd.isna(row.end_ms) else int(row.end_ms),
        }
        for row in turns.itertuples()
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
