"""Which column of a table is what: as the user maps it, or by well-known headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.io.parsers.heading_words import HEADINGS
from rupturecode.transcript.roles import suggest_roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Headings that name the speaker where no other does.
_ROLES = frozenset(["role", "speaker_role", "rolle", "rol", "rôle", "ruolo", "therapist_client"])
KINDS = tuple(HEADINGS)
#: The same without what parts words, since ``startTime`` and ``Start Time`` are spelled too.
_RUN_TOGETHER = {
    kind: frozenset(h.replace("_", "") for h in headings) for kind, headings in HEADINGS.items()
}
#: Headings shown in an error, and rows looked at for what to advise.
_SHOWN, _LOOK, _FEW = 30, 200, 4
#: Rows among which the headings stand.
_TOP = 30


def mapping(
    header: Sequence[str],
    columns: Mapping[str, str] | None,
    *,
    source: str,
    rows: Sequence[Sequence[str]] = (),
) -> dict[str, int]:
    """Which column holds what: as mapped by the user, the rest by well-known headings.

    Parameters
    ----------
    header
        The table's headings.
    columns
        From what is needed (``text``, ``speaker``, ``start``, ``end``, ``session``,
        ``turn``, ``notes``) to the heading. When given, nothing else is taken.
    source
        The file, for errors.
    rows
        The table's rows, which tell what to advise where no heading is known.

    Raises
    ------
    UnknownNameError
        When a key of ``columns`` or a heading does not exist.
    UsageError
        When no column can be the text.

    Examples
    --------
    >>> mapping(["Speaker", "Time", "Text"], None, source="s1.csv")
    {'text': 2, 'speaker': 0, 'start': 1}
    """
    if columns is not None:
        return _mapped(header, columns, source)
    keys = [heading_key(h) for h in header]
    found: dict[str, int] = {}
    for kind, headings in _RUN_TOGETHER.items():
        hits = [
            i
            for i, key in enumerate(keys)
            if key.replace("_", "") in headings and i not in found.values()
        ]
        exact = [i for i in hits if keys[i] == kind]
        if len(hits) == 1 or len(exact) == 1:
            found[kind] = (exact or hits)[0]
        elif hits and kind in ("text", "speaker"):
            names = " and ".join(repr(header[i]) for i in hits)
            raise UsageError(
                f"{source}: columns {names} could both be the {kind}; "
                f"say which, such as columns={{{kind!r}: {header[hits[0]]!r}, ...}}."
            )
    if "text" not in found:
        raise UsageError(_advice(header, rows, found, source))
    roles = [i for i, k in enumerate(keys) if k in _ROLES]
    if "speaker" not in found and len(roles) == 1:
        found["speaker"] = roles[0]
    return found


def _advice(
    header: Sequence[str], rows: Sequence[Sequence[str]], found: Mapping[str, int], source: str
) -> str:
    """Say which columns there are, and what to write so that they are read."""
    text, speaker = _likely(header, rows, found)
    pairs = {"speaker": speaker, "text": text, **{k: header[i] for k, i in found.items()}}
    pairs = {kind: heading for kind, heading in pairs.items() if heading}
    turn = any(
        cell and any(cell == row[i].strip() for row in rows[:_LOOK] if i < len(row))
        for i, cell in enumerate(header)
    )
    if turn and not found:
        shown = ", ".join(map(repr, header[:_FEW]))
        return (
            f"{source}: the first row looks like a turn ({shown}) and not like headings: put a row "
            "such as Speaker, Text above it"
        )
    known = ", ".join(map(repr, header[:_SHOWN])) + (" ..." if len(header) > _SHOWN else "")
    toml = ", ".join(f'{kind} = "{heading}"' for kind, heading in pairs.items())
    return (
        f"{source}: no column is headed as the text of turns. Columns: {known}. Say which is "
        f"which: columns={pairs!r}; in study.toml, under [transcripts]: columns = {{ {toml} }}"
    )


def _likely(
    header: Sequence[str], rows: Sequence[Sequence[str]], found: Mapping[str, int]
) -> tuple[str, str]:
    """Return the headings to suggest for text and speaker: long cells, and few short ones."""
    free = [i for i in range(len(header)) if i not in found.values() and header[i]]
    cells = {i: [row[i].strip() for row in rows[:_LOOK] if i < len(row)] for i in free}
    lengths = {i: sum(map(len, cells[i])) / max(1, len(cells[i])) for i in free}
    text = max(free, key=lambda i: (lengths[i], i), default=None)
    few = {i: len(set(cells[i]) - {""}) for i in free if i != text}
    names = [i for i, n in few.items() if not rows or (0 < n < 10 and not _numbers(cells[i]))]
    speaker = min(names, key=lambda i: (few[i], i), default=None)
    return header[text] if text is not None else "", header[speaker] if speaker is not None else ""


def _numbers(cells: Sequence[str]) -> bool:
    """Whether cells hold numbers or times, which nobody is called."""
    return all(not cell or cell[0].isdigit() for cell in cells)


def looks_like_turns(header: Sequence[str]) -> bool:
    """Whether headings name a text and who speaks it, or when."""
    keys = {heading_key(h) for h in header}
    spelled = {key.replace("_", "") for key in keys}
    has = {kind for kind, headings in _RUN_TOGETHER.items() if spelled & headings}
    return "text" in has and bool(has & {"speaker", "start"} or keys & _ROLES)


def header_row(
    rows: Sequence[Sequence[str]], columns: Mapping[str, str] | None = None
) -> int | None:
    """Return which of the first rows holds the headings; titles may stand above them.

    Examples
    --------
    >>> header_row([["Session 4", ""], ["Speaker", "Text"], ["T", "So?"]])
    1
    """
    for i, row in enumerate(rows[:_TOP]):
        cells = [cell.strip() for cell in row]
        if columns is not None:
            fits = {*columns.values()} <= {*cells}
        else:
            fits = looks_like_turns(cells) or bool(columns_by_speaker(cells, rows[i + 1 :]))
        if fits:
            return i
    return None


def columns_by_speaker(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that hold the words of a speaker each; empty where there are none.

    Their headings are usual labels, as in Therapist | Client, and each row has words in one.

    Examples
    --------
    >>> columns_by_speaker(["Line", "Therapist", "Client"], [["1", "So?", ""], ["2", "", "Hm."]])
    [1, 2]
    >>> columns_by_speaker(["Therapist", "Client"], [["Dr. R", "A 12"]])
    []
    """
    if any(heading_key(heading) in HEADINGS["text"] for heading in header):
        return []
    found = [i for i, heading in enumerate(header) if suggest_roles([heading.strip()])]
    filled = [sum(bool(row[i].strip()) for i in found if i < len(row)) for row in rows]
    return found if len(found) > 1 and filled.count(1) > 1 and max(filled) == 1 else []


def one_text_column(
    header: Sequence[str], rows: Sequence[Sequence[str]], found: Sequence[int]
) -> tuple[list[str], list[list[str]]]:
    """Return a table with a column of speakers and one of texts for columns by speaker.

    Examples
    --------
    >>> one_text_column(["T", "C"], [["So?", ""], ["", "Hm."]], [0, 1])
    (['speaker', 'text'], [['T', 'So?'], ['C', 'Hm.']])
    """
    others = [i for i in range(len(header)) if i not in found]
    told: list[list[str]] = []
    for row in rows:
        who = next((i for i in found if i < len(row) and row[i].strip()), None)
        said = ["", ""] if who is None else [header[who].strip(), row[who]]
        told.append([*(row[i] if i < len(row) else "" for i in others), *said])
    return [*(header[i] for i in others), "speaker", "text"], told


def heading_key(heading: str) -> str:
    """Return a heading as :data:`HEADINGS` has it."""
    return re.sub(r"[^\w#]+", "_", heading.strip().casefold()).strip("_")


def _mapped(header: Sequence[str], columns: Mapping[str, str], source: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, heading in columns.items():
        if kind not in KINDS:
            raise UnknownNameError("key of columns=", kind, KINDS)
        if heading not in header:
            raise UnknownNameError(f"column of {source}", str(heading), header)
        found[kind] = list(header).index(heading)
    if "text" not in found:
        raise UsageError("columns= must say which column is the text of the turns.")
    return found
