"""Read a coding sheet back: codes, what was reviewed, and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.annotations.cells import (
    Unreadable,
    confidence_of,
    evidence_of,
    is_no,
    is_yes,
    text_of,
    words_of,
)
from rupturecode.io.annotations.gather import Aside, Unit
from rupturecode.io.annotations.sheet_layout import ANSWERS, ASIDES, NOTE, REVIEWED
from rupturecode.io.annotations.sheet_links import SheetLinks
from rupturecode.io.annotations.sheet_slips import examine
from rupturecode.io.annotations.sheet_state import Sheet, heading_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.gather import Gathered
    from rupturecode.io.annotations.pages import Page
    from rupturecode.io.annotations.sheet_layout import Key
    from rupturecode.io.annotations.sheet_windows import Window
    from rupturecode.transcript import Corpus


def read_sheet(
    page: Page,
    codebook: Codebook,
    corpus: Corpus | None,
    out: Gathered,
    windows: Mapping[str, list[Window]],
) -> None:
    """Read one coding sheet into ``out``, with every slip that can be found."""
    found = heading_of(page)
    if found is None:
        return
    sheet = Sheet(page, codebook, corpus, windows, out, *found)
    examine(sheet)
    _read_codes(sheet)


def _read_codes(sheet: Sheet) -> None:
    page, columns = sheet.page, sheet.columns
    last: dict[str, int] = {}
    given_at: dict[str, dict[int, int]] = {}
    start = len(sheet.out.rows)
    for row, key in sheet.keys.items():
        if key.kind != sheet.kind:
            continue
        heading = sheet.heading
        where = Unit(key.session, key.kind, key.unit, key.coder, heading.round, heading.codebook)
        aside = _aside(sheet, row)
        given = sheet.out.read(page, row, sheet.codes, where, aside)
        if given:
            given_at.setdefault(key.session, {})[key.unit] = row
        else:
            _alone(sheet, row, key, aside)
        reviewed = _is_reviewed(sheet, row)
        if key.kind == "session" and (given or reviewed):
            _cover(sheet, key, key.unit)
        elif reviewed:
            last[key.session] = max(last.get(key.session, 0), key.unit)
    if ANSWERS in columns:
        links = SheetLinks(sheet.codebook, sheet.out.ids_by_unit(start))
        links.draw(page, columns[ANSWERS], sheet.keys, sheet.out)
    if sheet.kind != "session":
        first = {key.session: key for key in reversed(sheet.keys.values())}
        for session in dict.fromkeys([*last, *given_at]):
            _cover_to(sheet, first[session], last.get(session, 0), given_at.get(session, {}))


def _aside(sheet: Sheet, row: int) -> Aside:
    """Read what a row says about all of its codes."""
    readers = {NOTE: words_of, "evidence": evidence_of, "confidence": confidence_of}
    said: dict[str, object] = {}
    for name, reader in readers.items():
        column = sheet.columns.get(name)
        try:
            said[name] = reader(sheet.page.cell(row, column))
        except Unreadable as err:
            sheet.problem(str(err), "bad-value", row, column)
    return Aside(**said)  # type: ignore[arg-type]


def _alone(sheet: Sheet, row: int, key: Key, aside: Aside) -> None:
    """Keep a note beside no code as a remark; evidence and confidence mean nothing there."""
    if aside.note:
        where = {"session": key.session, "unit": key.unit, "coder": key.coder}
        sheet.out.remarks.append({**where, "note": aside.note})
    for name in ASIDES:
        if getattr(aside, name) is not None:
            message = f"{name} is given in a row without a code; take it out, or give the code"
            sheet.problem(message, "bad-value", row, sheet.columns.get(name))


def _is_reviewed(sheet: Sheet, row: int) -> bool:
    column = sheet.columns.get(REVIEWED)
    cell = sheet.page.cell(row, column)
    if not text_of(cell) or is_no(cell):
        return False
    if not is_yes(cell):
        word = "rated" if sheet.kind == "session" else "reviewed to here"
        message = f"{text_of(cell)!r} stands under {word!r}; write x, or nothing"
        sheet.problem(message, "bad-value", row, column)
    return True


def _cover_to(sheet: Sheet, key: Key, last: int, given_at: Mapping[int, int]) -> None:
    """Cover down to the mark, and complain about codes without one or below it."""
    column = sheet.columns.get(REVIEWED)
    beyond = {unit: row for unit, row in given_at.items() if unit > last}
    if beyond and not last:
        message = (
            "codes are given, but no row says 'reviewed to here': write x there in the last "
            f"{key.kind} of session {key.session} that was read"
        )
        sheet.problem(message, "not-reviewed", max(beyond.values()), column)
    elif beyond:
        message = f"a code is given below the mark 'reviewed to here' ({key.kind} {last})"
        for row in beyond.values():
            sheet.problem(message, "beyond-reviewed", row, column)
    _cover(sheet, key, max([last, *beyond]))


def _cover(sheet: Sheet, key: Key, last: int) -> None:
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
