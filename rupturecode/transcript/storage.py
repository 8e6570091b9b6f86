"""A corpus as a folder of Parquet tables: sessions, turns, marks, and what is known of files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.errors import InvalidDataError, ParseError, Problem
from rupturecode.tables import MARKS, SESSIONS, TURNS, Table, conform
from rupturecode.transcript.model import Transcript

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.transcript.corpus import Corpus

_TABLES: dict[str, Table] = {"sessions": SESSIONS, "turns": TURNS, "marks": MARKS}
_FILES = "files.json"


def save(corpus: Corpus, folder: str | PathLike[str]) -> Path:
    """Write a corpus to a folder, which is made when it is not there."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        frame: pd.DataFrame = getattr(corpus, name)
        frame.to_parquet(path / f"{name}.parquet", index=False)
    known = {t.session: {"source": t.source, "format": t.format, "info": t.info} for t in corpus}
    text = json.dumps(known, ensure_ascii=False, indent=1, default=_plain)
    (path / _FILES).write_text(text + "\n", encoding="utf-8")
    return path


def load(folder: str | PathLike[str]) -> Corpus:
    """Read a corpus that :func:`save` wrote.

    Raises
    ------
    InvalidDataError
        Naming each table that is not there.
    ParseError
        When a file is damaged.
    """
    from rupturecode.transcript.corpus import Corpus

    path = Path(folder)
    absent = [f"{n}.parquet" for n in _TABLES if not (path / f"{n}.parquet").is_file()]
    if absent:
        raise InvalidDataError(str(path), [Problem(f"{n} is not there") for n in absent])
    frames = {name: _table(path / f"{name}.parquet", table) for name, table in _TABLES.items()}
    known = _known(path / _FILES)
    turns = dict(list(frames["turns"].groupby("session", sort=False)))
    marks = dict(list(frames["marks"].groupby("session", sort=False)))
    talks = {}
    for session in frames["sessions"]["session"]:
        if session not in turns and session not in known:
            continue  # a contact without a transcript
        about = known.get(session, {})
        info = about.get("info")
        talks[session] = Transcript(
            session=session,
            turns=_part(turns, session, frames["turns"]),
            marks=_part(marks, session, frames["marks"]),
            source=str(about.get("source", "")),
            format=str(about.get("format", "")),
            info=info if isinstance(info, dict) else {},
        )
    return Corpus(talks, frames["sessions"])


def _table(path: Path, table: Table) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as err:
        raise ParseError(f"is not a readable Parquet table: {err}", str(path)) from err
    return conform(frame, table, source=str(path))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, Sequence) else str(value)


def _known(path: Path) -> dict[str, dict[str, object]]:
    if not path.is_file():
        return {}
    try:
        known: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as err:
        raise ParseError(f"is not readable JSON: {err}", str(path)) from err
    return known


def _part(parts: dict[object, pd.DataFrame], session: str, whole: pd.DataFrame) -> pd.DataFrame:
    return parts.get(session, whole.iloc[:0]).reset_index(drop=True)
