"""The table of what is known about a corpus's sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem
from rupturecode.io.annotations.pages import from_csv
from rupturecode.io.parsers.zipsafe import is_zip
from rupturecode.io.read import load
from rupturecode.tables import SESSIONS
from rupturecode.transcript.sessions import composed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd


def read_metadata(
    sessions: str | PathLike[str] | pd.DataFrame | None,
) -> tuple[pd.DataFrame | None, Path | None]:
    """Read the table of sessions, and say which file it is, so that it is not a transcript.

    Raises
    ------
    ParseError
        When the file is no CSV table.
    InvalidDataError
        When its rows do not fit its headings.
    """
    import pandas as pd

    if sessions is None or isinstance(sessions, pd.DataFrame):
        return sessions, None
    return read_session_table(sessions), Path(sessions)


def read_session_table(path: str | PathLike[str]) -> pd.DataFrame:
    """Read what a study says about its sessions from a CSV file, every cell as text.

    The rows' labels are their lines in the file. Empty rows are left out.

    Raises
    ------
    UsageError
        When there is no such file.
    ParseError
        When it is not a table.
    InvalidDataError
        When a row has more cells than there are headings, or two headings are the same.
    """
    import pandas as pd

    source = str(path)
    data = load(Path(path))
    if is_zip(data[:4]):
        raise ParseError("is a workbook or an archive; save the sheet as CSV", source)
    page = from_csv(data, source=source)
    rows = [[str(cell).strip() for cell in row] for row in page.rows]
    filled = [i for i, row in enumerate(rows) if any(row)]
    if not filled:
        raise ParseError("holds no table; a column 'session' is needed", source)
    header = [_heading(cell) for cell in rows[filled[0]]]
    while not header[-1]:
        header.pop()
    body, lines = [rows[i] for i in filled[1:]], [page.lines[i] for i in filled[1:]]
    problems = _faults(header, page.lines[filled[0]], body, lines, Path(path).name)
    if problems:
        raise InvalidDataError(Path(path).name, problems)
    cells = [[cell or None for cell in (row + [""] * len(header))[: len(header)]] for row in body]
    table = pd.DataFrame(cells, columns=header, index=lines, dtype="str")
    if "session" in table:
        table["session"] = table["session"].map(composed, na_action="ignore")
    return table


def _heading(cell: str) -> str:
    """Return a heading; our own columns are known in capitals too."""
    return cell.casefold() if cell.casefold() in SESSIONS.columns else cell


def _faults(
    header: Sequence[str], top: int, body: Sequence[Sequence[str]], lines: Sequence[int], name: str
) -> list[Problem]:
    twice = sorted({h for h in header if h and header.count(h) > 1})
    problems = [Problem(f"column {h!r} is there twice", name, top, kind="no-column") for h in twice]
    if "" in header:
        place = header.index("") + 1
        problems.append(Problem(f"column {place} has no heading", name, top, kind="no-column"))
    for line, row in zip(lines, body, strict=True):
        if any(row[len(header) :]):
            message = (
                f"this row has more cells than the {len(header)} headings; put a cell that holds "
                "a comma between quotes"
            )
            problems.append(Problem(message, name, line, kind="bad-row"))
    return problems
