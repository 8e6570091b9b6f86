"""Adjudication: a list of disagreements to decide, and the decisions taken in."""

from __future__ import annotations

from importlib import import_module
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.annotation.consensus import layer, verdicts
from rupturecode.annotation.disagreement import DISPUTE, disputes
from rupturecode.annotation.rows import PLACE
from rupturecode.errors import InvalidDataError, Problem, UsageError

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.annotation.annotations import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

#: What the adjudicator fills in.
ANSWERS = ("decision", "reason", "codebook_unclear")
ABSENT = "absent"
_CANNOT = "cannot_code"
_PENDING = "not adjudicated yet"
#: What people write who decide whether a code is there.
_PLAIN = {"x": "1", "yes": "1", "y": "1", "true": "1", "no": ABSENT, "false": ABSENT}


def adjudication_list(
    notes: Annotations, corpus: Corpus, *, context: int = 2, masked: bool = True, seed: int = 0
) -> pd.DataFrame:
    """List the disagreements to decide, worst first, with the turns around each.

    Parameters
    ----------
    notes
        Coding by several coders.
    corpus
        Where the words are.
    context
        Turns shown before and after.
    masked
        Whether coders are called A, B, C, dealt anew for every session by ``seed``, so that
        the adjudicator does not know whose coding it is.
    seed
        For the masking.

    Returns
    -------
    DataFrame
        One row per unit and code, with columns ``case, session, kind, unit, code, label,
        said, before, text, after`` and, to be filled in, ``decision`` (a value or category,
        ``absent`` or ``cannot_code``), ``reason`` and ``codebook_unclear`` (any mark).
    """
    if notes.layer != "coding":
        raise UsageError("Adjudication starts from the coders' own coding, not from a consensus.")
    table = disputes(notes, masks=_masks(notes, seed) if masked else None)
    words = [_around(corpus, notes, place, context) for place in _units(table)]
    for i, column in enumerate(("before", "text", "after")):
        table[column] = pd.Series([w[i] for w in words], dtype="str")
    table.insert(0, "case", np.arange(1, len(table) + 1))
    for column in ANSWERS:
        table[column] = pd.Series([""] * len(table), dtype="str")
    return table.drop(columns=["spread", "n_rated"])


def _units(table: pd.DataFrame) -> list[tuple[str, str, int]]:
    return list(table[["session", "kind", "unit"]].itertuples(index=False, name=None))


def _masks(notes: Annotations, seed: int) -> dict[str, dict[str, str]]:
    """Call coders by letters, dealt anew in every session."""
    rng = np.random.default_rng(seed)
    letters = _letters(len(notes.coders))
    return {
        session: dict(zip(rng.permutation(notes.coders).tolist(), letters, strict=True))
        for session in notes.layout.sessions
    }


def _letters(n: int) -> list[str]:
    return [ascii_uppercase[i] if n <= 26 else f"X{i + 1}" for i in range(n)]


def _around(
    corpus: Corpus, notes: Annotations, place: tuple[str, str, int], context: int
) -> tuple[str, str, str]:
    """Words before, in and after a unit, one turn per line; none for a whole session."""
    session, kind, unit = place
    if kind == "session":
        return "", "", ""
    grid = notes.layout.grid(kind)
    at = grid.positions(np.array([notes.layout.sessions[session]]), np.array([unit]))[0]
    turns = corpus[session].turns
    number = turns["turn"].to_numpy(np.int64)
    first, last = grid.first_turn[at], min(grid.last_turn[at], number.max(initial=0))

    def told(low: int, high: int) -> str:
        rows = turns[(number >= low) & (number <= high)]
        lines = rows[["turn", "speaker", "text"]].itertuples(index=False, name=None)
        return "\n".join(f"{t} {who}: {text}" for t, who, text in lines)

    return told(first - context, first - 1), told(first, last), told(last + 1, last + context)


def decisions_in(path: str | PathLike[str]) -> pd.DataFrame:
    """Read an adjudicator's file; the rooms of files stand above, so they are asked by name."""
    table: pd.DataFrame = import_module("rupturecode.io.adjudication").read_adjudication(path)
    return table


def adjudicated(notes: Annotations, decisions: pd.DataFrame, *, min_coders: int = 1) -> Annotations:
    """Make the consensus layer: what all agree on, and the adjudicator's word on the rest.

    Disputes without a decision stand as ``cannot_code`` with a note, and are counted in
    ``problems``.
    """
    answers = _read(notes, decisions)
    base = verdicts(notes, "unanimous")
    disputed = disputes(notes)[DISPUTE].merge(answers, on=DISPUTE, how="left")
    open_ = int(disputed["status"].isna().sum())
    disputed["status"] = disputed["status"].fillna(_CANNOT)
    disputed["note"] = disputed["note"].where(disputed["stands"].notna(), _PENDING)
    disputed["stands"] = disputed["stands"].astype("boolean").fillna(True).astype(bool)
    rest = base.merge(disputed[DISPUTE], on=DISPUTE, how="left", indicator="_in")
    agreed = rest[rest["_in"] == "left_only"].drop(columns="_in")
    settled = disputed.merge(base[[*DISPUTE, "origin", "n_rated", "n_for"]], on=DISPUTE)
    decided = pd.concat([agreed, settled.assign(tie=False)], ignore_index=True)
    made = layer(notes, decided[base.columns], min_coders)
    if not open_:
        return made
    word = f"{open_} of {len(disputed)} disagreements are not adjudicated yet"
    return made.replace(problems=(*made.problems, Problem(word, kind="not-adjudicated")))


def _read(notes: Annotations, decisions: pd.DataFrame) -> pd.DataFrame:
    """Turn an adjudicator's table into values, or say everything that is wrong with it."""
    missing = [c for c in (*DISPUTE, "decision") if c not in decisions]
    if missing:
        raise InvalidDataError("adjudication", [f"column {c!r} is missing" for c in missing])
    text = decisions["decision"].fillna("").astype(str).str.strip()
    asked = decisions[text != ""].assign(decision=text[text != ""])
    known = set(disputes(notes)[DISPUTE].itertuples(index=False, name=None))
    problems, rows = [], []
    for row in asked.to_dict("records"):
        case = (row["session"], row["kind"], int(row["unit"]), row["code"])
        word = f"{row['code']!r} on {row['kind']} {row['unit']} of session {row['session']}"
        if case not in known:
            message = f"{word} is not disputed; was the coding changed since the list was made?"
            problems.append(_problem(row, message, "not-disputed"))
            continue
        answer, fault = _answer(notes.codebook, str(row["code"]), row["decision"])
        if fault:
            message = f"decision {row['decision']!r} about {word}: {fault}"
            problems.append(_problem(row, message, "bad-value"))
        rows.append(dict(zip(DISPUTE, case, strict=True)) | answer | {"note": _reason(row)})
    table = pd.DataFrame(rows, columns=[*DISPUTE, "value", "category", "status", "stands", "note"])
    twice = table[table.duplicated(DISPUTE)]
    problems += [
        Problem(f"{r['code']!r} on {r['kind']} {r['unit']} of {r['session']} is decided twice")
        for r in twice.to_dict("records")
    ]
    if problems:
        raise InvalidDataError("adjudication", problems)
    return table.astype({"unit": np.int64})


def _problem(row: dict[str, object], message: str, kind: str) -> Problem:
    """Name the cell that a decision was read from, where it was read from a file."""
    file, line, cell = (row.get(name) for name in PLACE)
    return Problem(
        message,
        source=file if isinstance(file, str) else "",
        line=line if isinstance(line, int) else None,
        cell=cell if isinstance(cell, str) else "",
        kind=kind,
    )


def _reason(row: dict[str, object]) -> str | None:
    reason = row.get("reason")
    return str(reason) if isinstance(reason, str) and reason.strip() else None


def _answer(codebook: Codebook, code: str, text: str) -> tuple[dict[str, object], str]:
    """Return the decision as table columns, and what is wrong with it."""
    scale = codebook[code].scale
    if scale.kind == "presence":
        text = _PLAIN.get(text.casefold(), text)
    row: dict[str, object] = {"value": np.nan, "category": None, "status": "given", "stands": True}
    if text.casefold() == ABSENT:
        return row | {"stands": False}, ""
    if text.casefold() in (_CANNOT, _CANNOT.replace("_", " ")):
        return row | {"status": _CANNOT}, ""
    if scale.kind == "nominal":
        return row | {"category": text}, scale.fault(None, text)
    try:
        number = float(text)
    except ValueError:
        sure = "1" if scale.kind == "presence" else "a number"
        return row, f"write {sure}, {ABSENT!r} or 'cannot code'"
    return row | {"value": number, "stands": number != scale.absent}, scale.fault(number)


def codebook_gaps(decisions: pd.DataFrame) -> pd.DataFrame:
    """Show where the codebook failed the coders, from an adjudicator's table.

    Returns
    -------
    DataFrame
        One row per code: ``code, n_disputed, n_decided, n_unclear, share_unclear, reasons``,
        the code most often called unclear first. ``share_unclear`` is NaN where nothing has
        been decided.
    """
    marked = decisions["codebook_unclear"].fillna("").astype(str).str.strip() != ""
    done = decisions["decision"].fillna("").astype(str).str.strip() != ""
    table = decisions.assign(_unclear=marked, _done=done | marked)
    rows = []
    for code, group in table.groupby("code", sort=True):
        unclear = group[group["_unclear"]]
        reasons = [str(r) for r in unclear["reason"].dropna() if str(r).strip()]
        n_done = int(group["_done"].sum())
        rows.append(
            {
                "code": code,
                "n_disputed": len(group),
                "n_decided": n_done,
                "n_unclear": len(unclear),
                "share_unclear": len(unclear) / n_done if n_done else float("nan"),
                "reasons": " | ".join(dict.fromkeys(reasons)),
            }
        )
    columns = ["code", "n_disputed", "n_decided", "n_unclear", "share_unclear", "reasons"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["n_unclear", "code"], ascending=[False, True], ignore_index=True)
