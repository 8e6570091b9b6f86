"""The columns of a typed table, by whatever name a lab knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import nearest

if TYPE_CHECKING:
    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.pages import Page

_ALIASES = {
    "session": "session session_id transcript transcript_id document doc conversation interview",
    "kind": "kind unit_kind level",
    "unit": "unit turn turn_id turn_no turn_number utterance utterance_id line segment window",
    "first_turn": "first_turn from_turn start_turn turn_start",
    "last_turn": "last_turn to_turn end_turn turn_end",
    "start_char": "start_char char_start",
    "end_char": "end_char char_end",
    "coder": "coder coder_id rater rater_id annotator annotator_id judge observer",
    "round": "round pass",
    "code": "code code_id label tag category_code",
    "value": "value rating score intensity",
    "category": "category choice",
    "status": "status",
    "evidence": "evidence",
    "confidence": "confidence certainty",
    "note": "note notes comment comments memo remark reason",
    "codebook": "codebook",
    "origin": "origin",
    "id": "id annotation_id",
    "reviewed": "reviewed reviewed_to_here",
    "speaker": "speaker name who",
    "role": "role",
    "text": "text words said quote",
    "first_unit": "first_unit",
    "last_unit": "last_unit",
    "codes": "codes",
    "from": "from",
    "to": "to",
    "relation": "relation",
}
_BY_NAME = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
#: Columns that only a table with a row per code can have; without "code" one is missing.
_LONG_ONLY = ("value", "category", "status", "evidence")
#: A window's number stands in a column of that name.
_KINDS = ("turn", "window", "sentence", "exchange", "episode")


def key_of(heading: str) -> str:
    """Return a heading as one word in small letters."""
    return "_".join(heading.strip().casefold().replace("-", " ").split())


def first_row(page: Page) -> int | None:
    """Return the row of the headings: the first that is not empty."""
    return next((r for r in range(len(page.rows)) if not page.is_blank(r)), None)


def columns_of(page: Page, top: int) -> dict[str, int]:
    """Return the columns that are known, by our name for them; the first of two wins."""
    found: dict[str, int] = {}
    for column in range(len(page.rows[top])):
        name = _BY_NAME.get(key_of(page.text(top, column)))
        if name is not None:
            found.setdefault(name, column)
    return found


def kind_of(page: Page, top: int, columns: dict[str, int]) -> str:
    """Return the kind of unit that the table's numbers count, by their heading."""
    heading = key_of(page.text(top, columns["unit"])).split("_")[0] if "unit" in columns else ""
    return heading if heading in _KINDS else "turn"


def is_long(names: set[str]) -> bool:
    """Whether these columns make a table with a row per code given."""
    where = names & {"unit", "first_turn", "session"}
    return bool(where) and bool(names & {"code", *_LONG_ONLY})


def is_coverage(names: set[str]) -> bool:
    """Whether these columns say who examined what."""
    return {"session", "first_unit", "last_unit", "coder"} <= names


def is_links(names: set[str]) -> bool:
    """Whether these columns link annotations."""
    return {"from", "to", "relation"} <= names


def is_wide(names: set[str]) -> bool:
    """Whether these columns can stand beside columns of codes."""
    return "unit" in names and not names & {"code", *_LONG_ONLY}


def code_columns(
    page: Page, top: int, codebook: Codebook
) -> tuple[list[tuple[int, Code]], list[int]]:
    """Return the columns that are codes (by id or label), and those that are nothing known."""
    by_name = {key_of(c.label): c for c in codebook if c.label and not c.heading}
    by_name |= {key_of(c.id): c for c in codebook if not c.heading}
    codes, unknown = [], []
    for column in range(len(page.rows[top])):
        name = page.text(top, column)
        if not name:
            continue
        if key_of(name) in by_name:
            codes.append((column, by_name[key_of(name)]))
        elif key_of(name) not in _BY_NAME:
            unknown.append(column)
    return codes, unknown


def unknown_code(name: str, codebook: Codebook) -> str:
    """Word that a column is no code."""
    near = nearest(name, [c.id for c in codebook])
    return f"unknown code {name!r} of codebook {codebook.id}.{near}"
