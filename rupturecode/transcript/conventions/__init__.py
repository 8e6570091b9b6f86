"""Transcription conventions: what brackets and signs inside a turn mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import UnknownNameError
from rupturecode.transcript.conventions import chat, jefferson, mergenthaler, pit, plain
from rupturecode.transcript.conventions.found import Found

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["CONVENTIONS", "Found", "convention_named"]

#: By name; each module has ``find(raw)`` and ``SIGNS``, without which it need not be called,
#: and may have ``UNDERLINED``, the kind of mark that underlining is; else it is emphasis.
CONVENTIONS: dict[str, ModuleType] = {
    "plain": plain,
    "chat": chat,
    "jefferson": jefferson,
    "mergenthaler-stinson": mergenthaler,
    "pit": pit,
}


def convention_named(name: str) -> ModuleType:
    """Return one convention.

    Raises
    ------
    UnknownNameError
        When there is no convention of that name.
    """
    if name not in CONVENTIONS:
        raise UnknownNameError("transcription convention", name, CONVENTIONS)
    return CONVENTIONS[name]
