"""How a coding sheet is laid out: shared by the one who writes it and the one who reads it.

Every row carries a key in its last, hidden column: session, kind, unit, a short hash of the
words shown, and the coder. The column's heading says how many rows there were, under which
codebook, in which round. With these, whatever happens to a sheet is found when it comes back.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from rupturecode.codebook import Code, Codebook, Constraint

MARK = "rupturecode sheet"
REVIEWED, NOTE = "reviewed", "note"
#: Rows above the first turn in a workbook: groups, labels, and the hidden names of columns.
HEAD_ROWS = 3
#: The turns that a code answers, for codes that need a link (a repair, its rupture).
ANSWERS = "answers"
TURN_COLUMNS = ("turn", "speaker", "text")
SESSION_COLUMNS = ("session",)
#: A cell holds at most 32,767 characters; what is longer is cut for showing only.
MAX_TEXT = 32_000
CUT = " [...]"
_BAR = "|"
_UNKEPT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Key(NamedTuple):
    """What a row's hidden key says."""

    session: str
    kind: str
    unit: int
    hash: str
    coder: str

    def __str__(self) -> str:
        return _BAR.join(map(str, self))


class Heading(NamedTuple):
    """What the heading of the keys says."""

    n_rows: int
    round: int
    codebook: str
    fingerprint: str

    def __str__(self) -> str:
        return _BAR.join([MARK, *map(str, self)])


def fingerprint(*shown: str) -> str:
    r"""Return a short hash of words, blind to white space, which programs rewrite.

    Examples
    --------
    >>> fingerprint("T", "How  was it?") == fingerprint("T", " How was\nit?")
    True
    """
    words = "\n".join("".join(text.split()) for text in shown)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def shown_text(text: str) -> str:
    """Return what a cell can hold of a text, without characters that no workbook keeps."""
    kept = _UNKEPT.sub(" ", text)
    return kept if len(kept) <= MAX_TEXT else kept[: MAX_TEXT - len(CUT)] + CUT


def read_key(text: str) -> Key | None:
    """Read a key back; None when the text is not one."""
    parts = text.split(_BAR)
    if len(parts) != 5 or parts[0] == MARK or not parts[2].isdigit():
        return None
    return Key(parts[0], parts[1], int(parts[2]), parts[3], parts[4])


def read_heading(text: str) -> Heading | None:
    """Read the keys' heading back; None when the text is not one."""
    parts = text.split(_BAR)
    if len(parts) != 5 or parts[0] != MARK or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return Heading(int(parts[1]), int(parts[2]), parts[3], parts[4])


def check_names(*names: str) -> None:
    """Refuse names that a key cannot hold.

    Raises
    ------
    UsageError
        Naming them.
    """
    bad = [n for n in names if _BAR in n or n != n.strip() or not n]
    if bad:
        raise UsageError(
            f"Names on coding sheets may not be empty, begin or end with a space or contain "
            f"{_BAR!r}: {', '.join(map(repr, bad))}."
        )


def on_turns(code: Code) -> bool:
    """Whether a code is given to turns (or stretches of them) rather than to whole sessions."""
    return set(code.level) != {"session"}


def on_sessions(code: Code) -> bool:
    """Whether a code is given to whole sessions."""
    return "session" in code.level


def linked_codes(codebook: Codebook) -> dict[str, list[Constraint]]:
    """Return the codes that need a link, each with its rules."""
    found: dict[str, list[Constraint]] = {}
    for rule in codebook.constraints:
        if rule.kind == "needs_link":
            for code in (rule.code, *(c.id for c in codebook.descendants(rule.code))):
                found.setdefault(code, []).append(rule)
    return found


def chosen(codebook: Codebook, codes: list[str] | None, most: int) -> list[Code]:
    """Return the codes of a sheet, in the order asked for.

    Raises
    ------
    UsageError
        When there are too many to code with.
    UnknownNameError
        When a code does not exist.
    """
    entries = [codebook[c] for c in codes] if codes else list(codebook)
    headings = [c.id for c in entries if c.heading]
    if codes and headings:
        raise UsageError(f"Headings cannot be given: {', '.join(headings)}; name the codes below.")
    entries = [c for c in entries if not c.heading]
    n = sum(on_turns(c) for c in entries)
    if n > most:
        raise UsageError(
            f"A sheet with {n} columns of codes cannot be coded in; choose up to {most} with "
            f"codes=[...] (codebook {codebook.id} has {len(codebook)} entries)."
        )
    return entries
