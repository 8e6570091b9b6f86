"""How a coding sheet is laid out: shared by the one who writes it and the one who reads it.

Every row carries a key in its last, hidden column: session, kind, unit, a short hash of the
words shown, and the coder. The column's heading says how many rows there were, under which
codebook, in which round, and which codes had a column. With these, whatever happens to a sheet
is found when it comes back.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.codebook.rules import sides
from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from rupturecode.codebook import Code, Codebook, Constraint

MARK = "rupturecode sheet"
#: First cell of the hidden sheet with the choices of the drop-downs.
LISTS_MARK = "rupturecode lists"
REVIEWED, NOTE = "reviewed", "note"
#: Rows above the first turn in a workbook: groups, labels, and the hidden names of columns.
HEAD_ROWS = 3
#: The turns that a code answers, for codes that need a link (a repair, its rupture).
ANSWERS = "answers"
#: What the coder reads in every kind of row, by column.
SHOWN = {
    "turn": ("turn", "speaker", "text"),
    "window": ("session", "window", "turns", "begins"),
    "session": ("session",),
}
#: Columns about all codes of a row, offered when asked for.
EVIDENCE_KIND, CONFIDENCE = "evidence", "confidence"
ASIDES = (EVIDENCE_KIND, CONFIDENCE)
#: Names of columns that no code may have.
RESERVED = {c for names in SHOWN.values() for c in names} | {
    *(NOTE, REVIEWED, ANSWERS, "suggested", *ASIDES)
}
#: A cell holds at most 32,767 characters; what is longer is cut for showing only.
MAX_TEXT = 32_000
CUT = " [...]"
_WITHIN = {"turn", "span", "sentence", "exchange"}
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
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return _BAR.join([MARK, *map(str, self[:-1]), " ".join(self.codes)])


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
    if len(parts) != 6 or parts[0] != MARK or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    codes = tuple(parts[5].split())
    return Heading(int(parts[1]), int(parts[2]), parts[3], parts[4], codes)


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
    """Whether a code is given to turns (or parts or stretches of them)."""
    levels = set(code.level)
    return bool(levels & _WITHIN) or not levels & {"window", "session"}


def on_windows(code: Code) -> bool:
    """Whether a code is given to windows, such as every five minutes."""
    return "window" in code.level


def on_sessions(code: Code) -> bool:
    """Whether a code is given to whole sessions."""
    return "session" in code.level


def linked_codes(codebook: Codebook) -> dict[str, list[Constraint]]:
    """Return the codes that need a link, each with its rules."""
    found: dict[str, list[Constraint]] = {}
    for rule in codebook.constraints:
        if rule.kind == "needs_link":
            for code in sides(codebook, rule)[0]:
                found.setdefault(code, []).append(rule)
    return found


def chosen(codebook: Codebook, codes: list[str] | None, most: int, *, windows: bool) -> list[Code]:
    """Return the codes of a coder's sheets, in the order asked for.

    Raises
    ------
    UsageError
        When there are too many to code with, or some are for windows and there are none.
    UnknownNameError
        When a code does not exist.
    """
    entries = [codebook[c] for c in codes] if codes else list(codebook)
    headings = [c.id for c in entries if c.heading]
    if codes and headings:
        raise UsageError(f"Headings cannot be given: {', '.join(headings)}; name the codes below.")
    entries = [c for c in entries if not c.heading]
    kinds = {"turns": on_turns, "windows": on_windows, "sessions": on_sessions}
    for kind, fits in kinds.items():
        n = sum(map(fits, entries))
        if n > most:
            raise UsageError(
                f"A sheet of {kind} with {n} columns of codes cannot be coded in; choose up to "
                f"{most} with codes=[...] (codebook {codebook.id} has {len(codebook)} entries)."
            )
    taken = {c.id for c in entries} & RESERVED
    if taken:
        raise UsageError(
            f"Codes named {', '.join(sorted(taken))} cannot stand on a sheet, which has columns of "
            "its own by that name; rename them in the codebook."
        )
    homeless = [c.id for c in entries if set(c.level) == {"window"}]
    if homeless and not windows:
        raise UsageError(
            f"{', '.join(homeless)}: given to windows, and nobody says how long a window is. In "
            "study.toml write [windows] and below it minutes = 5 or turns = 20; in Python pass "
            'windows=corpus.units("window", minutes=5).'
        )
    return entries
