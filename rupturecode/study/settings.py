"""study.toml: what a study folder says about itself, checked key by key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rupturecode.errors import InvalidDataError, Problem, nearest
from rupturecode.tables import ROLES, UNIT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE = "study.toml"
_TEXTS = "a list of texts"
_SWITCH = "true or false"
_PAIRS = 'a table of texts, such as { text = "Utterance" }'
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
        "speakers": _TEXTS,
        "encoding": "text",
        "columns": _PAIRS,
        "backchannels": "text",
        "comments": _TEXTS,
        "delimiter": "text",
        "lenient": _SWITCH,
        "pause_ms": "a whole number",
        "repeats": "text",
        "sheet": "text",
        "tiers": _TEXTS,
        "unit": "text",
    },
    "sessions": {"table": "text", "pattern": "text"},
    "codings": {"folder": "text", "coverage": "text", "links": "text"},
    "windows": {"minutes": "a number", "turns": "a whole number", "straddle": "text"},
    "sheets": {"evidence": _SWITCH, "confidence": _SWITCH},
    "agreement": {
        "units": _TEXTS,
        "coefficients": _TEXTS,
        "confidence": "a number",
        "replicates": "a whole number",
        "resample": "text",
        "width": "a number",
        "groups": "text",
        "coded": "text",
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
    roles: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    """Speaker to role; where a value is a mapping, the key is a session, and it goes first."""
    transcripts: Mapping[str, Any] = field(default_factory=dict)
    sessions: Mapping[str, Any] = field(default_factory=dict)
    codings: Mapping[str, Any] = field(default_factory=dict)
    windows: Mapping[str, Any] = field(default_factory=dict)
    """How long a window is: minutes or turns. Empty: there are no windows."""
    sheets: Mapping[str, Any] = field(default_factory=dict)
    agreement: Mapping[str, Any] = field(default_factory=dict)
    episodes: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What is wrong in study.toml."""


def read_settings(folder: Path) -> Settings:
    """Read the study.toml of a study folder; its mistakes are in ``problems``.

    A key with a mistake keeps its default, so that the rest of a study can be checked too.

    Raises
    ------
    InvalidDataError
        When there is no study.toml, or it is not TOML; the line is named.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "study.toml").write_text('titel = "Pilot"', encoding="utf-8")
    ...     print(read_settings(Path(folder)).problems[0])
    study.toml:1: unknown key 'titel'. Did you mean 'title'?
    """
    path = folder / FILE
    if not path.is_file():
        name = folder.resolve().name
        hint = "A new folder with one is made by: rupturecode init NAME"
        raise InvalidDataError("study", [Problem(f"no {FILE} in this folder. {hint}", name)])
    try:
        text = path.read_bytes().decode("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError as err:
        raise InvalidDataError("study", [_not_utf8(err)]) from err
    except tomllib.TOMLDecodeError as err:
        raise InvalidDataError("study", [_not_toml(err)]) from err
    sound, problems = _check(values, text)
    for key in ("coders", "codes"):
        sound[key] = tuple(sound.get(key, ()))
    return Settings(**sound, problems=tuple(problems))


def _not_utf8(err: UnicodeDecodeError) -> Problem:
    line = err.object[: err.start].count(b"\n") + 1
    return Problem("not UTF-8 text; save the file as UTF-8", FILE, line, kind="bad-encoding")


def _not_toml(err: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(err))
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    message = re.sub(r"\s*\(at .*\)", "", str(err))
    return Problem(f"not valid TOML: {message}", FILE, line, column, kind="bad-toml")


def _check(values: Mapping[str, object], text: str) -> tuple[dict[str, Any], list[Problem]]:
    """Part a study.toml into what can be used and what is wrong with the rest."""
    sound: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        if key not in OPEN_SECTIONS and key not in KEYS:
            found = _check_value("", key, value, text)
            problems += found
            if not found:
                sound[key] = value
        elif not isinstance(value, dict):
            problems.append(at_key(f"[{key}] must be a section", key, text))
        else:
            faults = {k: _check_in(key, k, v, text) for k, v in value.items()}
            problems += [p for found in faults.values() for p in found]
            sound[key] = {k: v for k, v in value.items() if not faults[k]}
    return sound, problems


def _check_in(section: str, key: str, value: object, text: str) -> list[Problem]:
    if section == "roles":
        return _check_role(key, value, text)
    return [] if section in OPEN_SECTIONS else _check_value(section, key, value, text)


def _check_role(speaker: str, role: object, text: str, section: str = "roles") -> list[Problem]:
    if isinstance(role, dict) and section == "roles":
        own = f"roles.{speaker}"
        return [p for name, r in role.items() for p in _check_role(name, r, text, own)]
    if role in ROLES:
        return []
    known = ", ".join(ROLES)
    message = f"role {role!r} of speaker {speaker!r} is not one of {known}."
    message += nearest(str(role), ROLES)
    return [at_key(message, speaker, text, section=section, kind="unknown-role")]


def _check_value(section: str, key: str, value: object, text: str) -> list[Problem]:
    known = KEYS[section]
    if key not in known:
        names = [*known, *(KEYS if not section else ()), *(OPEN_SECTIONS if not section else ())]
        where = f" in [{section}]" if section else ""
        hint = nearest(key, names)
        message = f"unknown key {key!r}{where}.{hint}"
        return [at_key(message, key, text, section=section, kind="unknown-key")]
    if not _FITS[known[key]](value):
        return [at_key(f"{key!r} must be {known[key]}", key, text, section=section)]
    if (key, section) == ("unit", "") and value not in UNIT_KINDS:
        hint = nearest(str(value), UNIT_KINDS)
        return [at_key(f"unit {value!r} is not one of {', '.join(UNIT_KINDS)}.{hint}", key, text)]
    return []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)


def _are_pairs(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(x, str) for x in value.values())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_FITS: Mapping[str, Callable[[object], bool]] = {
    "text": _is_text,
    "a whole number": _is_whole,
    "a number": _is_number,
    _SWITCH: _is_switch,
    _TEXTS: _are_texts,
    _PAIRS: _are_pairs,
}


def at_key(
    message: str, key: str, text: str, *, section: str = "", kind: str = "bad-setting"
) -> Problem:
    """Point at the line where a key stands, in its section if given; tomllib forgets it."""
    header = re.search(rf"^[ \t]*\[[ \t]*{re.escape(section)}[ \t]*\]", text, re.MULTILINE)
    start = header.end() if section and header else 0
    name = re.escape(key)
    pattern = re.compile(
        rf"""^[ \t]*\[?[ \t]*(?:\w+\.)?["']?{name}["']?[ \t]*[\]=.]""", re.MULTILINE
    )
    found = pattern.search(text, start) or pattern.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else None
    return Problem(message, FILE, line, kind=kind)
