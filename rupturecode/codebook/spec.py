"""Small pieces that say what a value in a codebook file must look like.

Each piece reads a node (noting problems with their place) and describes itself as JSON
Schema, so the loader and the schema for editors cannot drift apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rupturecode.codebook.tree import shown
from rupturecode.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rupturecode.codebook.tree import Log, Node

Json = dict[str, object]
INVALID = object()
"""What a piece returns when it has noted a problem."""

_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_NULLS = ("", "~", "null", "Null", "NULL")


class Spec(Protocol):
    """What a value must look like."""

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the value, or INVALID after noting what is wrong."""

    def schema(self) -> Json:
        """Return the same as JSON Schema."""


def _refuse(node: Node, path: str, log: Log, wanted: str) -> object:
    got = "nothing" if node.plain and node.value in _NULLS else node.words
    log.add(node, f"{path}: expected {wanted}, found {got}", "type")
    return INVALID


@dataclass(frozen=True)
class Text:
    """A text of at least one visible character, or one of a few words."""

    pattern: str = ""
    hint: str = "text"
    choices: tuple[str, ...] = ()

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the text without space around it."""
        if not isinstance(node.value, str) or (node.plain and node.value in _NULLS):
            return _refuse(node, path, log, self.hint)
        text = node.value.strip()
        if self.choices and text not in self.choices:
            known = ", ".join(self.choices)
            hint = nearest(text, self.choices)
            log.add(node, f"{path}: unknown {node.words}.{hint} Known: {known}", "choice")
            return INVALID
        if not text or (self.pattern and not re.fullmatch(self.pattern, text)):
            return _refuse(node, path, log, self.hint)
        return text

    def schema(self) -> Json:
        """Return a choice, a pattern, or anything an editor reads as a plain value."""
        if self.choices:
            return {"enum": list(self.choices)}
        if self.pattern:
            return {"type": "string", "pattern": rf"^\s*(?:{self.pattern})\s*$"}
        return {"type": ["string", "number", "boolean"], "pattern": r"\S"}


@dataclass(frozen=True)
class Number:
    """A number, not a text that looks like one."""

    low: float | None = None
    whole: bool = False
    or_text: bool = False
    """Read what is not a number as text instead of refusing it."""

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the number."""
        text = node.value
        if not (isinstance(text, str) and node.plain and re.fullmatch(_NUMBER, text)):
            if self.or_text:
                return Text().read(node, path, log)
            return _refuse(node, path, log, "a number (without quotes)")
        value = float(text)
        if self.whole and not value.is_integer():
            return _refuse(node, path, log, "a whole number")
        if self.low is not None and value < self.low:
            log.add(node, f"{path}: {text} is below {self.low:g}", "range")
            return INVALID
        return int(value) if self.whole else value

    def schema(self) -> Json:
        """Return a number with its lower bound."""
        if self.or_text:
            return {"anyOf": [{"type": "number"}, Text().schema()]}
        low: Json = {} if self.low is None else {"minimum": self.low}
        return {"type": "integer" if self.whole else "number", **low}


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the truth value."""
        if node.plain and node.value in ("true", "false"):
            return node.value == "true"
        return _refuse(node, path, log, "true or false")

    def schema(self) -> Json:
        """Return a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Many:
    """A list; one plain value stands for a list of it where ``lone`` allows."""

    item: Spec
    least: int = 0
    lone: bool = False

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the items that are right, as a tuple."""
        if not isinstance(node.value, list):
            if not self.lone or isinstance(node.value, dict):
                return _refuse(node, path, log, "a list")
            item = self.item.read(node, path, log)
            return INVALID if item is INVALID else (item,)
        if len(node.value) < self.least:
            return _refuse(node, path, log, f"at least {self.least} in the list")
        items = [
            self.item.read(child, f"{path}[{i}]", log)
            for i, child in enumerate(node.value, start=1)
        ]
        return tuple(i for i in items if i is not INVALID)

    def schema(self) -> Json:
        """Return an array, or one item."""
        item = self.item.schema()
        array: Json = {"type": "array", "items": item, "minItems": self.least}
        return {"anyOf": [array, item]} if self.lone else array


@dataclass(frozen=True)
class Table:
    """A mapping from numbers or names to values, as pairs in the file's order."""

    value: Spec
    numbers: bool = False

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return (key, value) pairs."""
        if not isinstance(node.value, dict):
            return _refuse(node, path, log, "a mapping")
        pairs: list[tuple[object, object]] = []
        for key, child in node.value.items():
            if not re.fullmatch(self._pattern, key):
                wanted = "a number" if self.numbers else "a name of small letters, digits and _"
                log.add(
                    node.keys.get(key, child), f"{path}: key {shown(key)} is not {wanted}", "key"
                )
                continue
            value = self.value.read(child, f"{path}.{key}", log)
            if value is not INVALID:
                pairs.append((float(key) if self.numbers else key, value))
        return tuple(pairs)

    @property
    def _pattern(self) -> str:
        return _NUMBER if self.numbers else r"[a-z][a-z0-9_]*"

    def schema(self) -> Json:
        """Return an object whose keys follow the pattern."""
        return {
            "type": "object",
            "patternProperties": {f"^(?:{self._pattern})$": self.value.schema()},
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Key:
    """One key of a record."""

    spec: Spec
    about: str = ""
    field: str = ""
    """Name of the argument it becomes, where the file uses another word."""


@dataclass(frozen=True)
class Record:
    """A mapping with known keys, made into an object by ``make``."""

    make: Callable[..., object]
    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()
    short: str = ""
    """The key that a plain value alone stands for."""

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return the object, or INVALID when a needed key is missing or wrong."""
        values = self.values(node, path, log)
        if values is None or any(name not in values for name in self.required):
            return INVALID
        return self.make(**{self.keys[k].field or k: v for k, v in values.items()})

    def values(self, node: Node, path: str, log: Log) -> dict[str, object] | None:
        """Return the keys that are right, before the object is made; None for no mapping."""
        if self.short and isinstance(node.value, str):
            value = self.keys[self.short].spec.read(node, path, log)
            return None if value is INVALID else {self.short: value}
        if not isinstance(node.value, dict):
            _refuse(node, path or "codebook", log, "a mapping")
            return None
        found: dict[str, object] = {}
        for name, child in node.value.items():
            if log.full:
                break
            where = f"{path}.{name}" if path else name
            if name not in self.keys:
                hint = nearest(name, self.keys) or f" Known: {', '.join(self.keys)}"
                words = f"{path or 'codebook'}: unknown key {shown(name)}.{hint}"
                log.add(node.keys.get(name, child), words, "key")
                continue
            value = self.keys[name].spec.read(child, where, log)
            if value is not INVALID:
                found[name] = value
        for name in (n for n in self.required if n not in node.value):
            log.add(node, f"{path or 'codebook'}: key {name!r} is missing", "missing")
        return found

    def schema(self) -> Json:
        """Return an object with these keys and no others."""
        properties = {
            name: {**key.spec.schema(), **({"description": key.about} if key.about else {})}
            for name, key in self.keys.items()
        }
        record: Json = {
            "type": "object",
            "properties": properties,
            "required": list(self.required),
            "additionalProperties": False,
        }
        if self.short:
            return {"anyOf": [self.keys[self.short].spec.schema(), record]}
        return record


@dataclass(frozen=True)
class Either:
    """A plain value read one way, anything else read another."""

    plain: Spec
    full: Spec

    def read(self, node: Node, path: str, log: Log) -> object:
        """Return what the fitting piece reads."""
        piece = self.plain if isinstance(node.value, str) else self.full
        return piece.read(node, path, log)

    def schema(self) -> Json:
        """Return either one."""
        return {"anyOf": [self.plain.schema(), self.full.schema()]}
