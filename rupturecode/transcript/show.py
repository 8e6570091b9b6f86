"""Turns to read on screen, with what coders gave beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from rupturecode.display import counted, heading
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.transcript.model import Transcript

_CELL = "text-align:left;vertical-align:top;padding:.25em .6em;white-space:normal"
_WIDTH = 80


@dataclass(frozen=True, eq=False, repr=False)
class Excerpt:
    """Some turns of a session; made by :meth:`Transcript.show`, to be looked at."""

    title: str
    turns: pd.DataFrame
    beside: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Turn to lines such as ``Withdrawal: AK, BM (of 3)``."""
    more: int = 0
    """Turns of the session that are not shown."""
    coded: bool = False

    def __repr__(self) -> str:
        lines = [self.title]
        for row in self.turns.itertuples():
            lines.append(f"{row.turn:>4}  {row.speaker or '-'}: {_short(row.text)}")
            lines += [f"        * {given}" for given in self.beside.get(int(row.turn), ())]
        tail = [f"      ... {counted(self.more, 'more turn')}"] if self.more > 0 else []
        return "\n".join([*lines, *tail])

    def _repr_html_(self) -> str:
        columns = ["Turn", "Speaker", "Words", *(["Codes"] if self.coded else [])]
        head = "".join(f'<th scope="col" style="{_CELL}">{c}</th>' for c in columns)
        rows = "".join(self._row(row) for row in self.turns.itertuples())
        more = (
            f"<p>{counted(self.more, 'more turn')}: <code>show(first, last)</code></p>"
            if self.more
            else ""
        )
        return (
            f'{heading(self.title)}<table style="border-collapse:collapse;color:inherit">'
            f'<caption style="text-align:left;caption-side:top;color:inherit">{self._caption()}'
            f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"
        )

    def _caption(self) -> str:
        n = len(self.turns)
        if not n:
            return "No turns"
        first, last = self.turns["turn"].iloc[0], self.turns["turn"].iloc[-1]
        return f"Turns {first} to {last}" + (", with the codes given to each" if self.coded else "")

    def _row(self, row: object) -> str:
        turn, speaker, role, text = (getattr(row, c) for c in ("turn", "speaker", "role", "text"))
        who = f"<strong>{escape(speaker or '-')}</strong>"
        if role not in ("", "unknown"):
            who += f"<br><small>{escape(role)}</small>"
        given = "<br>".join(escape(line) for line in self.beside.get(int(turn), ()))
        cells = [
            f'<th scope="row" style="{_CELL};font-weight:normal">{turn}</th>',
            f'<td style="{_CELL}">{who}</td>',
            f'<td dir="auto" style="{_CELL};max-width:38em">{escape(text)}</td>',
        ]
        if self.coded:
            cells.append(f'<td style="{_CELL};border-left:2px solid">{given}</td>')
        return f"<tr>{''.join(cells)}</tr>"


def excerpt(
    talk: Transcript,
    first: int,
    last: int | None,
    notes: Annotations | None,
    codes: Sequence[str] | None,
    *,
    reasons: bool,
) -> Excerpt:
    """Cut turns out of a transcript; see :meth:`Transcript.show`."""
    inside = talk.turns["turn"].ge(first)
    if last is not None:
        inside &= talk.turns["turn"].le(last)
    turns = talk.turns[inside]
    beside = {} if notes is None else _beside(talk.session, turns, notes, codes, reasons=reasons)
    return Excerpt(talk.heading(), turns, beside, len(talk) - len(turns), notes is not None)


def _beside(
    session: str,
    turns: pd.DataFrame,
    notes: Annotations,
    codes: Sequence[str] | None,
    *,
    reasons: bool,
) -> dict[int, list[str]]:
    """Word per turn which coders gave which code, and how many had read it."""
    frame = notes.to_frame()
    frame = frame[(frame["session"] == session) & frame["first_turn"].isin(turns["turn"])]
    frame = frame[frame["kind"].isin(("turn", "span")) & frame["code"].fillna("").ne("")]
    if codes is not None:
        wanted = {c for name in listed(codes) for c in _family(notes, name)}
        frame = frame[frame["code"].isin(wanted)]
    readers = _readers(session, notes)
    lines: dict[int, list[str]] = {}
    order = {code: i for i, code in enumerate(notes.codes)}
    ordered = frame.assign(_place=frame["code"].map(order)).sort_values(["first_turn", "_place"])
    for (turn, code), part in ordered.groupby(["first_turn", "code"], sort=False):
        who = ", ".join(_who(row) for row in part.sort_values("coder").itertuples())
        of = len(readers.get(int(turn), ()))
        tail = f" (of {of})" if of > 1 else ""
        said = lines.setdefault(int(turn), [])
        said.append(f"{notes.codebook[code].label}: {who}{tail}")
        if reasons:
            given = part[part["note"].fillna("").ne("")]
            said += [f"“{row.note}” ({row.coder})" for row in given.itertuples()]
    return lines


def _family(notes: Annotations, code: str) -> list[str]:
    return [notes.codebook[code].id, *(c.id for c in notes.codebook.descendants(code))]


def _who(row: object) -> str:
    """Name a coder, with the value or the doubt that went with the code."""
    value, status = getattr(row, "value", 1.0), str(getattr(row, "status", "given"))
    category = getattr(row, "category", "")
    extra = [str(category)] if isinstance(category, str) and category else []
    extra += [f"{value:g}"] if value == value and value != 1 else []  # noqa: PLR0124 - missing
    extra += [status.replace("_", " ")] if status != "given" else []
    name = str(getattr(row, "coder", ""))
    return f"{name} ({', '.join(extra)})" if extra else name


def _readers(session: str, notes: Annotations) -> dict[int, set[str]]:
    cover = notes.coverage
    cover = cover[(cover["session"] == session) & (cover["kind"] == "turn")]
    found: dict[int, set[str]] = {}
    for row in cover.itertuples():
        for turn in range(int(row.first_unit), int(row.last_unit) + 1):
            found.setdefault(turn, set()).add(str(row.coder))
    return found


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."
