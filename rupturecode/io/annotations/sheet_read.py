"""Read a coding sheet back, and find whatever happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import nearest
from rupturecode.io.annotations.cells import YES
from rupturecode.io.annotations.gather import Unit
from rupturecode.io.annotations.sheet_layout import (
    ANSWERS,
    HEAD_ROWS,
    NOTE,
    REVIEWED,
    SESSION_COLUMNS,
    TURN_COLUMNS,
    fingerprint,
    read_heading,
    read_key,
    shown_text,
)
from rupturecode.io.annotations.sheet_links import SheetLinks

if TYPE_CHECKING:
    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.gather import Gathered
    from rupturecode.io.annotations.pages import Page
    from rupturecode.io.annotations.sheet_layout import Heading, Key
    from rupturecode.transcript import Corpus

_LOOKED = 8
_OTHERS = (NOTE, REVIEWED, ANSWERS, "suggested")


def heading_of(page: Page) -> tuple[int, int, Heading] | None:
    """Return row, column and content of the keys' heading; None when this is no coding sheet."""
    for row in range(min(_LOOKED, len(page.rows))):
        for column in range(len(page.rows[row]) - 1, -1, -1):
            found = read_heading(page.text(row, column))
            if found is not None:
                return row, column, found
    return None


def is_damaged(page: Page) -> bool:
    """Whether rows carry the keys of a coding sheet whose hidden heading row is gone."""
    return any(
        read_key(page.text(row, column)) is not None
        for row in range(min(_LOOKED, len(page.rows)))
        for column in range(len(page.rows[row]) - 1, -1, -1)
    )


@dataclass(slots=True)
class _Sheet:
    """One sheet under examination."""

    page: Page
    codebook: Codebook
    corpus: Corpus | None
    out: Gathered
    top: int
    """The row of the columns' names."""
    key_column: int
    heading: Heading
    columns: dict[str, int] = field(default_factory=dict)
    codes: list[tuple[int, Code]] = field(default_factory=list)
    keys: dict[int, Key] = field(default_factory=dict)
    """Key of every row that has a good one."""
    words: dict[str, dict[int, str]] = field(default_factory=dict)
    """Per session the hash of every turn as the transcript reads now."""

    def problem(self, message: str, kind: str, row: int, column: int | None = None) -> None:
        self.out.problems.append(self.page.problem(message, kind, row, column))

    def warn(self, message: str, kind: str, row: int, column: int | None = None) -> None:
        self.out.warnings.append(self.page.problem(message, kind, row, column))


def read_sheet(page: Page, codebook: Codebook, corpus: Corpus | None, out: Gathered) -> None:
    """Read one coding sheet into ``out``, with every slip that can be found."""
    found = heading_of(page)
    if found is None:
        return
    sheet = _Sheet(page, codebook, corpus, out, found[0], found[1], found[2])
    if sheet.top not in (0, HEAD_ROWS - 1):
        message = "rows were inserted or deleted above the first turn; take them back"
        sheet.problem(message, "inserted-row", sheet.top)
    _read_columns(sheet)
    _check_merged(sheet)
    _read_keys(sheet)
    _check_order(sheet)
    _check_complete(sheet)
    _check_codebook(sheet)
    _read_codes(sheet)


def _read_columns(sheet: _Sheet) -> None:
    page, top = sheet.page, sheet.top
    known = {c.id: c for c in sheet.codebook if not c.heading}
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
            elif name not in (*TURN_COLUMNS, *SESSION_COLUMNS, *_OTHERS):
                near = nearest(name, known)
                message = f"unknown code {name!r} of codebook {sheet.codebook.id}.{near}"
                sheet.problem(message, "unknown-code", top, column)
    needed = SESSION_COLUMNS if "session" in sheet.columns else TURN_COLUMNS
    for name in (*needed, NOTE, REVIEWED):
        if name not in sheet.columns:
            sheet.problem(f"column {name!r} is missing from the sheet", "column-missing", top)


def _check_stray(sheet: _Sheet, column: int) -> None:
    """Content in a column without a name is nobody's code, but must not vanish unseen."""
    for row in range(sheet.top + 1, len(sheet.page.rows)):
        if sheet.page.text(row, column):
            sheet.problem("this column has no name, so its content is lost", "stray", row, column)
            return


def _check_merged(sheet: _Sheet) -> None:
    for row, column, last_row, last_column in sheet.page.merged:
        if last_row > sheet.top:
            size = f"{last_row - row + 1} rows x {last_column - column + 1} columns"
            message = f"cells are merged here ({size}); unmerge them and write each code anew"
            sheet.problem(message, "merged-cells", row, column)


def _read_keys(sheet: _Sheet) -> None:
    """Take every row's key, and check that the row still shows what it showed."""
    page = sheet.page
    seen: dict[Key, int] = {}
    for row in range(sheet.top + 1, len(page.rows)):
        if page.is_blank(row):
            continue
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
            _check_shown(sheet, row, key)
    _check_owner(sheet)


def _check_shown(sheet: _Sheet, row: int, key: Key) -> None:
    """Check number, speaker and words against the key, and the key against the transcript."""
    page, columns = sheet.page, sheet.columns
    names = SESSION_COLUMNS if key.kind == "session" else TURN_COLUMNS
    if any(n not in columns for n in names):
        return
    cells = [page.text(row, columns[n]) for n in names]
    shown = cells if key.kind == "session" else cells[1:]
    if key.kind != "session" and cells[0] != str(key.unit):
        message = f"this row belongs to turn {key.unit} but says {cells[0]!r}; cells were moved"
        sheet.problem(message, "moved-cells", row, columns[names[0]])
    elif fingerprint(*shown) != key.hash:
        message = f"the words of {key.kind} {key.unit} were changed; restore them"
        sheet.problem(message, "edited-text", row, columns[names[-1]])
    elif key.kind == "turn" and _has_changed(sheet, key):
        message = (
            f"the transcript of session {key.session} says something else at turn {key.unit} than "
            "when this sheet was made"
        )
        sheet.problem(message, "transcript-changed", row, columns[names[-1]])


def _has_changed(sheet: _Sheet, key: Key) -> bool:
    """Whether the transcript reads otherwise now; an unknown session is told elsewhere."""
    if sheet.corpus is None or key.session not in sheet.corpus:
        return False
    if key.session not in sheet.words:
        turns = sheet.corpus[key.session].turns[["turn", "speaker", "text"]].fillna("")
        sheet.words[key.session] = {
            int(turn): fingerprint(speaker, shown_text(text))
            for turn, speaker, text in turns.itertuples(index=False, name=None)
        }
    return sheet.words[key.session].get(key.unit) != key.hash


def _check_owner(sheet: _Sheet) -> None:
    """One sheet is one coder's, and of one session."""
    owners = dict.fromkeys(k.coder for k in sheet.keys.values())
    sessions = dict.fromkeys(k.session for k in sheet.keys.values() if k.kind == "turn")
    for row, key in sheet.keys.items():
        if key.coder != next(iter(owners)):
            message = f"this row is from the sheet of {key.coder}, not {next(iter(owners))}"
            sheet.problem(message, "two-coders", row)
        elif key.kind == "turn" and key.session != next(iter(sessions)):
            message = f"this row is of session {key.session}, not {next(iter(sessions))}"
            sheet.problem(message, "other-session", row)


def _check_order(sheet: _Sheet) -> None:
    """Rows in another order lose nothing, since each has its key; say so once."""
    before = 0
    for row, key in sheet.keys.items():
        if key.kind == "turn" and key.unit < before:
            message = f"rows were moved or sorted: turn {key.unit} stands below turn {before}"
            sheet.warn(message, "moved-rows", row)
            return
        before = key.unit


def _check_complete(sheet: _Sheet) -> None:
    missing = sheet.heading.n_rows - len(sheet.keys)
    if missing <= 0:
        return
    units = {k.unit for k in sheet.keys.values() if k.kind == "turn"}
    gone = [u for u in range(1, sheet.heading.n_rows + 1) if u not in units] if units else []
    which = f" (turn {', '.join(map(str, gone[:10]))})" if gone else ""
    message = f"{missing} of {sheet.heading.n_rows} rows are gone{which}; restore them"
    sheet.problem(message, "deleted-row", _row_after(sheet, gone))


def _row_after(sheet: _Sheet, gone: list[int]) -> int:
    """Return the row that now stands where the first missing one did."""
    if not gone:
        return sheet.top
    below = [row for row, key in sheet.keys.items() if key.unit > gone[0]]
    return min(below, default=max(sheet.keys, default=sheet.top))


def _check_codebook(sheet: _Sheet) -> None:
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


def _read_codes(sheet: _Sheet) -> None:
    page, columns = sheet.page, sheet.columns
    last, given_at = 0, {}
    start = len(sheet.out.rows)
    for row, key in sheet.keys.items():
        where = Unit(
            key.session, key.kind, key.unit, key.coder, sheet.heading.round, sheet.heading.codebook
        )
        note = page.text(row, columns.get(NOTE))
        given = sheet.out.read(page, row, sheet.codes, where, note)
        if given:
            given_at[key.unit if key.kind == "turn" else row] = row
        elif note:
            sheet.out.remarks.append(
                {"session": key.session, "unit": key.unit, "coder": key.coder, "note": note}
            )
        reviewed = _is_reviewed(sheet, row)
        if key.kind != "turn" and (given or reviewed):
            _cover(sheet, key, key.unit)
        elif reviewed:
            last = max(last, key.unit)
    keys = [k for k in sheet.keys.values() if k.kind == "turn"]
    if ANSWERS in columns:
        links = SheetLinks(sheet.codebook, sheet.out.ids_by_unit(start))
        links.draw(page, columns[ANSWERS], sheet.keys, sheet.out)
    if keys:
        _cover_turns(sheet, keys[0], last, given_at)


def _is_reviewed(sheet: _Sheet, row: int) -> bool:
    column = sheet.columns.get(REVIEWED)
    text = sheet.page.text(row, column)
    if text and text.casefold() not in YES:
        message = f"{text!r} stands under 'reviewed to here'; write x, or nothing"
        sheet.problem(message, "bad-value", row, column)
    return bool(text)


def _cover_turns(sheet: _Sheet, key: Key, last: int, given_at: dict[int, int]) -> None:
    """Cover down to the mark, and complain about codes without one or below it."""
    column = sheet.columns.get(REVIEWED)
    beyond = {unit: row for unit, row in given_at.items() if unit > last}
    if beyond and not last:
        message = (
            f"codes are given, but no row says 'reviewed to here': write x there in the last turn "
            f"of session {key.session} that was read"
        )
        sheet.problem(message, "not-reviewed", max(beyond.values()), column)
    elif beyond:
        message = f"a code is given below the mark 'reviewed to here' (turn {last})"
        for row in beyond.values():
            sheet.problem(message, "beyond-reviewed", row, column)
    if last or beyond:
        _cover(sheet, key, max([last, *beyond]))


def _cover(sheet: _Sheet, key: Key, last: int) -> None:
    sheet.out.coverage.append(
        {
            "session": key.session,
            "kind": key.kind,
            "first_unit": 1,
            "last_unit": last,
            "coder": key.coder,
            "codebook": sheet.heading.codebook,
            "round": sheet.heading.round,
            "codes": " ".join(code.id for _, code in sheet.codes),
            **sheet.page.place(sheet.top, sheet.columns.get(REVIEWED)),
        }
    )
