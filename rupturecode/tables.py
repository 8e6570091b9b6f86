"""The tidy tables: their names, columns and types, in one place.

Every table that leaves the library has gone through :func:`conform`, so a misspelt or
missing column cannot pass. Nothing depends on a frame's index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from rupturecode.errors import InvalidDataError, Problem, UnknownNameError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

STR, INT, FLOAT = "str", "Int64", "float64"


@dataclass(frozen=True, slots=True)
class Table:
    """What one kind of table looks like."""

    name: str
    columns: Mapping[str, str]
    """Column name to dtype: ``str``, ``Int64`` (missing allowed) or ``float64``."""
    required: tuple[str, ...]
    """Columns that a frame must bring and that may not be missing in any row."""
    key: tuple[str, ...] = ()
    """Columns that together name one row."""
    open: bool = field(default=False)
    """Whether the study may add columns of its own, kept after the standard ones."""


SESSIONS = Table(
    "sessions",
    {
        "session": STR,
        "case": STR,
        "position": INT,
        "date": STR,
        "kind": STR,
        "source": STR,
        "format": STR,
        "n_turns": INT,
        "start_ms": INT,
        "end_ms": INT,
    },
    required=("session",),
    key=("session",),
    open=True,
)
TURNS = Table(
    "turns",
    {
        "session": STR,
        "turn": INT,
        "speaker": STR,
        "role": STR,
        "text": STR,
        "start_ms": INT,
        "end_ms": INT,
        "raw": STR,
        "flags": STR,
    },
    required=("session", "turn"),
    key=("session", "turn"),
)
MARKS = Table(
    "marks",
    {
        "session": STR,
        "turn": INT,
        "kind": STR,
        "text": STR,
        "start_char": INT,
        "end_char": INT,
    },
    required=("session", "kind"),
)
UNITS = Table(
    "units",
    {
        "session": STR,
        "kind": STR,
        "unit": INT,
        "first_turn": INT,
        "last_turn": INT,
        "start_ms": INT,
        "end_ms": INT,
    },
    required=("session", "kind", "unit"),
    key=("session", "kind", "unit"),
    open=True,
)
ANNOTATIONS = Table(
    "annotations",
    {
        "session": STR,
        "kind": STR,
        "unit": INT,
        "first_turn": INT,
        "last_turn": INT,
        "start_char": INT,
        "end_char": INT,
        "coder": STR,
        "round": INT,
        "code": STR,
        "value": FLOAT,
        "category": STR,
        "status": STR,
        "evidence": STR,
        "note": STR,
        "codebook": STR,
        "origin": STR,
    },
    required=("session", "kind", "coder", "code", "status"),
    open=True,
)
COVERAGE = Table(
    "coverage",
    {
        "session": STR,
        "kind": STR,
        "first_unit": INT,
        "last_unit": INT,
        "coder": STR,
        "codebook": STR,
    },
    required=("session", "kind", "first_unit", "last_unit", "coder"),
    open=True,
)
LINKS = Table(
    "links",
    {"session": STR, "coder": STR, "from": STR, "to": STR, "relation": STR},
    required=("coder", "from", "to", "relation"),
)
TABLES: Mapping[str, Table] = {
    t.name: t for t in (SESSIONS, TURNS, MARKS, UNITS, ANNOTATIONS, COVERAGE, LINKS)
}

ROLES = ("client", "therapist", "partner", "supervisor", "observer", "other", "unknown")
UNIT_KINDS = ("turn", "span", "sentence", "exchange", "window", "session", "episode")
MARK_KINDS = (
    "event",
    "nonverbal",
    "gloss",
    "pause",
    "inaudible",
    "unclear",
    "overlap",
    "emphasis",
    "highlight",
    "comment",
)
STATUSES = ("given", "not_applicable", "cannot_code", "skipped", "uncertain")
EVIDENCE = ("spoken", "transcribed_nonverbal", "memo", "inferred")
CONTACT_KINDS = ("session", "call", "supervision", "memo", "other")


def empty(table: Table) -> pd.DataFrame:
    """Return a frame of no rows with the table's columns and types.

    Examples
    --------
    >>> list(empty(MARKS).columns)
    ['session', 'turn', 'kind', 'text', 'start_char', 'end_char']
    """
    import pandas as pd

    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in table.columns.items()})


def conform(frame: pd.DataFrame, table: Table, *, source: str = "") -> pd.DataFrame:
    """Return a copy of a frame with the table's columns, order and types.

    Standard columns that the frame lacks are added as missing.

    Parameters
    ----------
    frame
        One row per thing the table is about.
    table
        What it must look like.
    source
        Named in error messages, usually a file name.

    Raises
    ------
    InvalidDataError
        Listing every unknown column, missing required value, value of the wrong type and
        repeated key.
    UsageError
        When pandas' option ``future.infer_string`` has been switched off.

    Examples
    --------
    >>> import pandas as pd
    >>> conform(pd.DataFrame({"session": ["s1"], "turn": [1]}), TURNS)["role"].isna().all()
    np.True_
    """
    _refuse_old_strings()
    problems = _wrong_columns(frame, table, source)
    columns: dict[str, pd.Series] = {}
    for name, dtype in table.columns.items():
        columns[name] = _cast(frame, name, dtype, problems, source)
        if name in table.required and columns[name].isna().any():
            rows = _rows(columns[name].isna())
            problems.append(Problem(f"column {name!r} is empty in {rows}", source))
    if table.key and not problems:
        problems += _repeated_keys(columns, table, source)
    if problems:
        raise InvalidDataError(table.name, problems)
    import pandas as pd

    extra = {c: frame[c].reset_index(drop=True) for c in frame.columns if c not in table.columns}
    return pd.DataFrame({**columns, **extra})


def _refuse_old_strings() -> None:
    """Under this option pandas turns a missing text into the word "None"."""
    import pandas as pd

    if pd.Series(["a"]).dtype == object:  # asking for the option itself would warn
        raise UsageError(
            "pandas' option future.infer_string is off, under which missing text cannot be told "
            "from the word 'None'; say pandas.set_option('future.infer_string', True)."
        )


def _wrong_columns(frame: pd.DataFrame, table: Table, source: str) -> list[Problem]:
    problems = [
        Problem(f"column {c!r} is missing", source)
        for c in table.required
        if c not in frame.columns
    ]
    if not table.open:
        problems += [
            Problem(f"unknown column {c!r}.{nearest(str(c), table.columns)}", source)
            for c in frame.columns
            if c not in table.columns
        ]
    return problems


def _cast(
    frame: pd.DataFrame, name: str, dtype: str, problems: list[Problem], source: str
) -> pd.Series:
    import pandas as pd

    if name not in frame.columns:
        return pd.Series([None] * len(frame), dtype=dtype)
    column = frame[name].reset_index(drop=True)
    if str(column.dtype) == dtype:
        return column
    if dtype == STR:
        return column.map(str, na_action="ignore").astype(STR)
    numbers = pd.to_numeric(column, errors="coerce").astype("float64")
    bad = numbers.isna() & column.notna()
    if dtype == INT:
        bad |= numbers.notna() & (numbers % 1 != 0)
    if bad.any():
        found = f"{column[bad].iloc[0]!r} in {_rows(bad)}"
        problems.append(Problem(f"column {name!r} needs {_WORDS[dtype]}, not {found}", source))
        numbers = numbers.mask(bad)
    return numbers.astype(dtype)


_WORDS = {STR: "text", INT: "whole numbers", FLOAT: "numbers"}


def _repeated_keys(columns: Mapping[str, pd.Series], table: Table, source: str) -> list[Problem]:
    import pandas as pd

    keys = pd.DataFrame({k: columns[k] for k in table.key})
    twice = keys[keys.duplicated()].drop_duplicates()
    return [
        Problem("row given twice: " + ", ".join(f"{k} {v}" for k, v in row.items()), source)
        for row in twice.head(20).to_dict("records")
    ]


def _rows(mask: Iterable[bool]) -> str:
    """Name the first rows of a mask, counted from 1."""
    where = [i for i, bad in enumerate(mask, start=1) if bad]
    shown = ", ".join(map(str, where[:5]))
    return f"row{'s' if len(where) > 1 else ''} {shown}" + (" ..." if len(where) > 5 else "")


def table(name: str) -> Table:
    """Return the description of a table by its name.

    Raises
    ------
    UnknownNameError
        When there is no such table.

    Examples
    --------
    >>> table("units").key
    ('session', 'kind', 'unit')
    """
    if name not in TABLES:
        raise UnknownNameError("table", name, TABLES)
    return TABLES[name]


@overload
def listed(names: Iterable[str]) -> list[str]: ...
@overload
def listed(names: None) -> None: ...
def listed(names: Iterable[str] | None) -> list[str] | None:
    """Return one name or several as a list: a name alone is never taken for its letters.

    Examples
    --------
    >>> listed("withdrawal"), listed(("withdrawal", "repair")), listed(None)
    (['withdrawal'], ['withdrawal', 'repair'], None)
    """
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(names)
