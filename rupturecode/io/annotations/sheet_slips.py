"""Find what happened to a coding sheet: rows, columns, words, owner, codebook."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rupturecode.errors import nearest
from rupturecode.io.annotations.cells import whole
from rupturecode.io.annotations.sheet_layout import (
    HEAD_ROWS,
    NOTE,
    RESERVED,
    REVIEWED,
    SHOWN,
    fingerprint,
    read_key,
)
from rupturecode.io.annotations.sheet_windows import is_as_shown, what_changed

if TYPE_CHECKING:
    from rupturecode.codebook import Code
    from rupturecode.io.annotations.sheet_layout import Key
    from rupturecode.io.annotations.sheet_state import Sheet


def examine(sheet: Sheet) -> None:
    """Take keys and columns of a sheet, and note every slip that can be found."""
    if sheet.top not in (0, HEAD_ROWS - 1):
        message = "rows were inserted or deleted above the first row to code; take them back"
        sheet.problem(message, "inserted-row", sheet.top)
    _read_keys(sheet)
    _read_columns(sheet)
    _check_merged(sheet)
    for row, key in sheet.keys.items():
        _check_shown(sheet, row, key)
    _check_owner(sheet)
    _check_order(sheet)
    _check_complete(sheet)
    _check_codebook(sheet)


def _read_keys(sheet: Sheet) -> None:
    """Take every row's key, and from them what kind of rows these are."""
    page = sheet.page
    seen: dict[Key, int] = {}
    for row in page.filled(sheet.top + 1):
        key = read_key(page.text(row, sheet.key_column))
        if key is None:
            message = "this row was inserted, or its hidden key was deleted"
            sheet.problem(message, "inserted-row", row)
        elif key in seen:
            message = f"this row is a copy of row {page.lines[seen[key]]}"
            sheet.problem(message, "copied-row", row)
        else:
            seen[key] = row
            sheet.keys[row] = key
    kinds = Counter(key.kind for key in sheet.keys.values() if key.kind in SHOWN)
    sheet.kind = kinds.most_common(1)[0][0] if kinds else sheet.kind


def _read_columns(sheet: Sheet) -> None:
    page, top = sheet.page, sheet.top
    known = {c.id: c for c in sheet.codebook if not c.heading}
    strange = False
    for column in range(len(page.rows[top])):
        name = page.text(top, column)
        if column == sheet.key_column:
            continue
        if not name:
            _check_stray(sheet, column)
        elif name in sheet.columns:
            sheet.problem(f"column {name!r} stands here twice", "duplicate", top, column)
        else:
            sheet.columns[name] = column
            if name in known:
                sheet.codes.append((column, known[name]))
                _check_label(sheet, column, known[name])
            elif name not in RESERVED:
                strange = True
                near = nearest(name, known)
                message = f"unknown code {name!r} of codebook {sheet.codebook.id}.{near}"
                sheet.problem(message, "unknown-code", top, column)
    wanted = [*SHOWN[sheet.kind], NOTE, REVIEWED]
    if not strange and sheet.keys:
        wanted += sheet.heading.codes
    for name in wanted:
        if name not in sheet.columns:
            message = (
                f"column {name!r} is missing from the sheet: it, or its name in the hidden row "
                f"{page.lines[top]}, was deleted. Undo that, or copy it from an earlier copy"
            )
            sheet.problem(message, "column-missing", top)


def _check_stray(sheet: Sheet, column: int) -> None:
    """Content in a column without a name is nobody's code, but must not vanish unseen."""
    for row in range(sheet.top + 1, len(sheet.page.rows)):
        if sheet.page.text(row, column):
            sheet.problem("this column has no name, so its content is lost", "stray", row, column)
            return


def _check_label(sheet: Sheet, column: int, code: Code) -> None:
    """Find a hidden name that was moved away from the label which the coder saw."""
    if sheet.top != HEAD_ROWS - 1 or sheet.heading.fingerprint != sheet.codebook.fingerprint:
        return
    label = sheet.page.text(sheet.top - 1, column)
    others = {fingerprint(c.label or c.id) for c in sheet.codebook if c.id != code.id}
    seen = fingerprint(label)
    if label and seen != fingerprint(code.label or code.id) and seen in others:
        message = f"the coder saw {label!r} above this column, but its hidden name is {code.id!r}"
        sheet.problem(message, "moved-cells", sheet.top, column)


def _check_merged(sheet: Sheet) -> None:
    for row, column, last_row, last_column in sheet.page.merged:
        if last_row > sheet.top:
            size = f"{last_row - row + 1} rows x {last_column - column + 1} columns"
            message = f"cells are merged here ({size}); unmerge them and write each code anew"
            sheet.problem(message, "merged-cells", row, column)


def _check_shown(sheet: Sheet, row: int, key: Key) -> None:
    """Check what the row shows against its key, and the key against the study."""
    if key.kind != sheet.kind:
        message = f"this row is about a {key.kind}, on a sheet of {sheet.kind}s; it was pasted here"
        sheet.problem(message, "other-session", row)
        return
    names = SHOWN[key.kind]
    if any(n not in sheet.columns for n in names):
        return
    cells = [sheet.page.text(row, sheet.columns[n]) for n in names]
    last = sheet.columns[names[-1]]
    number = names.index(key.kind)
    if key.kind != "session" and whole(cells[number]) != str(key.unit):
        message = (
            f"this row belongs to {key.kind} {key.unit} but says {cells[number]!r}; cells were "
            "moved"
        )
        sheet.problem(message, "moved-cells", row, sheet.columns[names[number]])
    elif not _as_written(key, cells):
        message = f"the words of {key.kind} {key.unit} were changed; restore them"
        sheet.problem(message, "edited-text", row, last)
    elif (fault := _outdated(sheet, key, cells)) is not None:
        sheet.problem(*fault, row, last)


def _as_written(key: Key, cells: list[str]) -> bool:
    if key.kind == "window":
        return cells[0] == key.session and is_as_shown((cells[2], cells[3]), key.hash)
    return fingerprint(*(cells if key.kind == "session" else cells[1:])) == key.hash


def _outdated(sheet: Sheet, key: Key, cells: list[str]) -> tuple[str, str] | None:
    """Say how the study reads otherwise now; an unknown session is told elsewhere."""
    if key.kind == "session" or sheet.corpus is None or key.session not in sheet.corpus:
        return None
    turns = sheet.turns_of(sheet.corpus, key.session)
    if key.kind == "window":
        windows = sheet.windows.get(key.session, [])
        return what_changed(key.unit, (cells[2], cells[3]), key.hash, turns, windows)
    if sheet.words_of(turns, key.session).get(key.unit) == key.hash:
        return None
    return (
        f"the transcript of session {key.session} says something else at turn {key.unit} than "
        "when this sheet was made"
    ), "transcript-changed"


def _check_owner(sheet: Sheet) -> None:
    """One sheet is one coder's, and a sheet of turns of one session."""
    owners = dict.fromkeys(k.coder for k in sheet.keys.values())
    sessions = dict.fromkeys(k.session for k in sheet.keys.values() if k.kind == "turn")
    for row, key in sheet.keys.items():
        if key.coder != next(iter(owners)):
            message = f"this row is from the sheet of {key.coder}, not {next(iter(owners))}"
            sheet.problem(message, "two-coders", row)
        elif key.kind == "turn" and key.session != next(iter(sessions)):
            message = f"this row is of session {key.session}, not {next(iter(sessions))}"
            sheet.problem(message, "other-session", row)


def _check_order(sheet: Sheet) -> None:
    """Rows in another order lose nothing, since each has its key; say so once."""
    before: dict[str, int] = {}
    for row, key in sheet.keys.items():
        last = before.get(key.session, 0)
        if key.kind == sheet.kind and key.unit < last:
            message = (
                f"rows were moved or sorted: {key.kind} {key.unit} stands below {key.kind} {last}"
            )
            sheet.warn(message, "moved-rows", row)
            return
        before[key.session] = key.unit


def _check_complete(sheet: Sheet) -> None:
    missing = sheet.heading.n_rows - len(sheet.keys)
    if missing <= 0:
        return
    units = {k.unit for k in sheet.keys.values() if k.kind == "turn"}
    gone = [u for u in range(1, sheet.heading.n_rows + 1) if u not in units] if units else []
    which = f" (turn {', '.join(map(str, gone[:10]))})" if gone else ""
    message = f"{missing} of {sheet.heading.n_rows} rows are gone{which}; restore them"
    sheet.problem(message, "deleted-row", _row_after(sheet, gone))


def _row_after(sheet: Sheet, gone: list[int]) -> int:
    """Return the row that now stands where the first missing one did."""
    if not gone:
        return sheet.top
    below = [row for row, key in sheet.keys.items() if key.unit > gone[0]]
    return min(below, default=max(sheet.keys, default=sheet.top))


def _check_codebook(sheet: Sheet) -> None:
    heading, book = sheet.heading, sheet.codebook
    if heading.codebook != book.ref:
        message = f"coded with {heading.codebook}, read with {book.ref}: these codings are stale"
    elif heading.fingerprint != book.fingerprint:
        message = (
            f"codebook {book.ref} was changed since this sheet was made, without a new version"
        )
    else:
        return
    sheet.warn(message, "stale-codebook", sheet.top, sheet.key_column)
