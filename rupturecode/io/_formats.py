"""The table of file formats: one frozen record each, its module imported only when needed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from rupturecode.errors import MissingExtraError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

Kind = Literal["transcript", "annotations", "codebook"]


@dataclass(frozen=True, slots=True)
class Format:
    """How one file format is recognised and where its reader lives.

    A format module has any of ``sniff(head: bytes, name: str) -> bool``,
    ``read(data: bytes, *, source: str, ...)`` and ``write(...)``, with named options only.
    """

    name: str
    kind: Kind
    suffixes: tuple[str, ...]
    module: str
    extra: str | None = None
    description: str = ""

    def load(self) -> ModuleType:
        """Import the module that implements this format.

        Raises
        ------
        MissingExtraError
            With the line to type, when an optional package is not installed.
        """
        try:
            return import_module(self.module)
        except ModuleNotFoundError as err:
            if self.extra is None or err.name == self.module:
                raise
            raise MissingExtraError(f"Reading {self.name}", str(err.name), self.extra) from err


_FORMATS: dict[tuple[Kind, str], Format] = {}


def register_format(fmt: Format) -> Format:
    """Add a format; a name can be taken only once per kind.

    Raises
    ------
    UsageError
        When another module has taken the name.
    """
    key = (fmt.kind, fmt.name)
    if key in _FORMATS:
        raise UsageError(
            f"{fmt.kind} format {fmt.name!r} is already registered by {_FORMATS[key].module}."
        )
    _FORMATS[key] = fmt
    return fmt


def known_formats(kind: Kind) -> Mapping[str, Format]:
    """All formats of one kind, by name."""
    return {name: f for (k, name), f in _FORMATS.items() if k == kind}


def all_formats() -> tuple[Format, ...]:
    """All formats of all kinds, in the order they were registered."""
    return tuple(_FORMATS.values())


def format_named(kind: Kind, name: str) -> Format:
    """Return one format.

    Raises
    ------
    UnknownNameError
        When no format of that kind has the name.
    """
    if (kind, name) not in _FORMATS:
        raise UnknownNameError(f"{kind} format", name, known_formats(kind))
    return _FORMATS[kind, name]
