"""The names of codes in other tools: ours going out, theirs coming in.

Tools that know only names of codes still carry values: a code on a scale goes out as
``quality = 2``, one in doubt as ``withdrawal = x?``, a unit that could not be coded as
``withdrawal = cannot code``: name, equals sign and what one would type into a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rupturecode.errors import Problem, nearest
from rupturecode.io.annotations.cells import WHY_NOT, Entry, Unreadable, entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook

_SIGN = " = "
_UNDER = " > "
_WHY_NOT = {status: word for word, status in reversed(WHY_NOT.items())}


def cell(row: Mapping[str, Any], book: Codebook) -> str:
    """Return an annotation's value as one would type it; empty for a plain code given.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> given = {"code": "withdrawal", "value": 1.0, "category": None, "status": "given"}
    >>> cell(given, book), cell({**given, "status": "uncertain"}, book)
    ('', 'x?')
    """
    status = str(row["status"])
    if status in _WHY_NOT:
        return _WHY_NOT[status]
    doubt = "?" if status == "uncertain" else ""
    kind = book[str(row["code"])].scale.kind
    if kind == "nominal":
        return f"{row['category']}{doubt}"
    value = float(row["value"])
    if kind != "presence":
        return f"{value:.15g}{doubt}"
    if value == 0:
        return f"0{doubt}"
    return f"x{doubt}" if doubt else ""


def name(row: Mapping[str, Any], book: Codebook) -> str:
    """Return the name under which a tool that has no values holds an annotation."""
    said = cell(row, book)
    return f"{row['code']}{_SIGN}{said}" if said else str(row["code"])


@dataclass(slots=True)
class Names:
    """Finds the codes that a tool's names mean.

    ``mapping`` is what the user says: name to code (or code and value, ``"quality = 2"``), or
    to None for a name to leave out.
    """

    book: Codebook
    source: str
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    _known: dict[str, list[str]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for code in self.book:
            for word in {_key(code.id), _key(code.label)} - {""}:
                self._known.setdefault(word, []).append(code.id)
        for theirs, ours in self.mapping.items():
            if ours is not None and not any(c in self.book for c, _ in _parts(ours)):
                near = nearest(ours, [c.id for c in self.book])
                message = f"codes={{{theirs!r}: {ours!r}}}: codebook {self.book.id} has none.{near}"
                self.problems.append(Problem(message, self.source, kind="unknown-code"))

    def read(self, names: tuple[str, ...], said: str, line: int | None) -> tuple[str, Entry] | None:
        """Return code and value; None (with a problem, once per name) when there is none."""
        faults = []
        for code, typed in self._meant(names):
            text = said or typed
            try:
                value = entry(text, self.book[code]) if text else None
            except Unreadable as err:
                faults.append(f"code {code!r}: {err}")
                continue
            return code, value or Entry(None, None, "given")
        if faults:
            self.problems.append(Problem(faults[0], self.source, line, kind="bad-value"))
        return None

    def weighs(self, names: tuple[str, ...], weight: str) -> bool:
        """Whether a weight is a value of the code: its scale has numbers, and this among them."""
        meant = self._meant(names, quietly=True)
        scales = [self.book[code].scale for code, typed in meant if not typed]
        try:
            value = float(weight)
        except ValueError:
            return False
        return bool(scales) and all(
            s.kind in ("ordinal", "count") and not s.fault(value) for s in scales
        )

    def _meant(self, names: tuple[str, ...], *, quietly: bool = False) -> list[tuple[str, str]]:
        """Codes that the names can mean, each with the value that stands in the name."""
        for theirs in names:
            if theirs in self.mapping:
                ours = self.mapping[theirs]
                if ours is None:
                    self.left_out[theirs] = self.left_out.get(theirs, 0) + (not quietly)
                    return []
                return [(c, said) for c, said in _parts(ours) if c in self.book]
        meant = []
        for bare, said in (part for theirs in names for part in _parts(theirs)):
            found = [bare] if bare in self.book else self._known.get(_key(bare), [])
            if len(found) > 1:
                if not quietly:
                    self._tell(names, f"could be {' or '.join(map(repr, found))}")
                return []
            meant += [(code, said) for code in found]
        if not meant and not quietly:
            self._tell(names, "is not in the codebook")
        return meant

    def _tell(self, names: tuple[str, ...], what: str) -> None:
        shown = next((n for n in names if n), "")
        if shown in self._told:
            return
        self._told.add(shown)
        ids = [c.id for c in self.book]
        bare = dict.fromkeys(n.split(_SIGN)[0].rpartition(_UNDER)[2] for n in names)
        near = next(filter(None, (nearest(n, ids) for n in bare)), "")
        message = (
            f"code {shown!r} {what} ({self.book.id}).{near} Say codes={{{shown!r}: '<code>'}}, "
            "or None to leave it out"
        )
        self.problems.append(Problem(message, self.source, kind="unknown-code"))


def _parts(theirs: str) -> list[tuple[str, str]]:
    """Take a name as it is, and as name and value."""
    bare, sign, said = theirs.partition(_SIGN)
    return [(theirs, ""), *([(bare, said.strip())] if sign else [])]


def _key(text: str) -> str:
    """One spelling for names that differ in case, spaces and hyphens only."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
