"""study.toml: what a study folder says about itself, checked key by key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, Problem, nearest
from rupturecode.tables import ROLES, UNIT_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "study.toml"
_TEXTS = "a list of texts"
#: Every key that study.toml may hold, by section, and what its value must be.
KEYS: Mapping[str, Mapping[str, str]] = {
    "": {
        "title": "text",
        "codebook": "text",
        "unit": "text",
        "coders": _TEXTS,
        "codes": _TEXTS,
        "consensus": "text",
        "seed": "a whole number",
    },
    "transcripts": {
        "folder": "text",
        "convention": "text",
        "format": "text",
        "merge": "text",
        "gap_ms": "a whole number",
    },
    "sessions": {"table": "text", "pattern": "text"},
    "codings": {"folder": "text", "coverage": "text"},
    "agreement": {
        "units": _TEXTS,
        "coefficients": _TEXTS,
        "confidence": "a number",
        "replicates": "a whole number",
        "resample": "text",
    },
}
#: Sections whose keys are the study's own (speakers) or belong to another room.
OPEN_SECTIONS = ("roles", "episodes")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What study.toml says, with defaults filled in."""

    title: str = "Untitled study"
    codebook: str = "ccr"
    unit: str = "turn"
    coders: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    """The codes this study uses; empty means all codes of the codebook."""
    consensus: str = "majority"
    seed: int = 0
    roles: Mapping[str, str] = field(default_factory=dict)
    transcripts: Mapping[str, object] = field(default_factory=dict)
    sessions: Mapping[str, object] = field(default_factory=dict)
    codings: Mapping[str, object] = field(default_factory=dict)
    agreement: Mapping[str, object] = field(default_factory=dict)
    episodes: Mapping[str, object] = field(default_factory=dict)


def read_settings(folder: Path) -> Settings:
    """Read and check the study.toml of a study folder.

    Raises
    ------
    InvalidDataError
        Listing every unknown key, wrong value and, for a file that is not TOML, the line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "study.toml").write_text('title = "Pilot"', encoding="utf-8")
    ...     read_settings(Path(folder)).title
    'Pilot'
    """
    path = folder / FILE
    if not path.is_file():
        hint = "Make one with: rupturecode init " + folder.name
        raise InvalidDataError("study", [Problem(f"no {FILE} in this folder. {hint}", folder.name)])
    try:
        text = path.read_bytes().decode("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError as err:
        raise InvalidDataError("study", [_not_utf8(err)]) from err
    except tomllib.TOMLDecodeError as err:
        raise InvalidDataError("study", [_not_toml(err)]) from err
    problems = _check(values, text)
    if problems:
        raise InvalidDataError("study", problems)
    for key in ("coders", "codes"):
        values[key] = tuple(values.get(key, ()))
    return Settings(**values)


def _not_utf8(err: UnicodeDecodeError) -> Problem:
    line = err.object[: err.start].count(b"\n") + 1
    return Problem("not UTF-8 text; save the file as UTF-8", FILE, line, kind="bad-encoding")


def _not_toml(err: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(err))
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    message = re.sub(r"\s*\(at .*\)", "", str(err))
    return Problem(f"not valid TOML: {message}", FILE, line, column, kind="bad-toml")


def _check(values: Mapping[str, object], text: str) -> list[Problem]:
    problems = []
    for key, value in values.items():
        if key in OPEN_SECTIONS:
            problems += _check_open(key, value, text)
        elif key in KEYS:
            problems += _check_section(key, value, text)
        else:
            problems += _check_value("", key, value, text)
    return problems


def _check_open(section: str, value: object, text: str) -> list[Problem]:
    if not isinstance(value, dict):
        return [_problem(f"[{section}] must be a section", section, text)]
    if section != "roles":
        return []
    return [
        _problem(
            f"role {role!r} of speaker {speaker!r} is not one of {', '.join(ROLES)}."
            f"{nearest(str(role), ROLES)}",
            speaker,
            text,
            kind="unknown-role",
        )
        for speaker, role in value.items()
        if role not in ROLES
    ]


def _check_section(section: str, value: object, text: str) -> list[Problem]:
    if not isinstance(value, dict):
        return [_problem(f"[{section}] must be a section", section, text)]
    return [p for key, v in value.items() for p in _check_value(section, key, v, text)]


def _check_value(section: str, key: str, value: object, text: str) -> list[Problem]:
    known = KEYS[section]
    if key not in known:
        names = [*known, *(KEYS if not section else ()), *(OPEN_SECTIONS if not section else ())]
        where = f" in [{section}]" if section else ""
        hint = nearest(key, names)
        return [_problem(f"unknown key {key!r}{where}.{hint}", key, text, kind="unknown-key")]
    if not _FITS[known[key]](value):
        return [_problem(f"{key!r} must be {known[key]}", key, text, kind="bad-setting")]
    if (key, section) == ("unit", "") and value not in UNIT_KINDS:
        kinds = ", ".join(UNIT_KINDS)
        return [_problem(f"unit {value!r} is not one of {kinds}", key, text, kind="bad-setting")]
    return []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS = {
    "text": lambda v: isinstance(v, str),
    "a whole number": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "a number": _is_number,
    _TEXTS: lambda v: isinstance(v, list) and all(isinstance(x, str) for x in v),
}


def _problem(message: str, key: str, text: str, *, kind: str = "bad-setting") -> Problem:
    """Point at the line where a key stands; tomllib itself forgets it."""
    name = re.escape(key)
    pattern = rf"""^[ \t]*\[?[ \t]*["']?{name}["']?[ \t]*[\]=.]"""
    found = re.search(pattern, text, re.MULTILINE)
    line = text.count("\n", 0, found.start()) + 1 if found else None
    return Problem(message, FILE, line, kind=kind)
